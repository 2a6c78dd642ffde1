/* SPDX-License-Identifier: MIT
 *
 * `carpel features [NAME ...]`: what a fit of chances may look at, from the events and traits of the project.
 */
#include <string.h>

#include "app/commands.h"
#include "app/say.h"
#include "app/session.h"
#include "fit/candidates.h"
#include "report/suggest.h"

static int refuse(const project *p, const char *name)
{
    suggestion similar = suggest_begin(name);
    for (size_t i = 0; i < p->kind_count; i++)
        suggest_consider(&similar, p->kinds[i].name.text);
    for (size_t i = 0; i < p->trait_count; i++)
        suggest_consider(&similar, p->traits[i].name.text);
    for (size_t i = 0; i < p->trait_count; i++)
        if (strcmp(p->traits[i].name.text, name) == 0) {
            say_error("the trait \"%s\" is a list, of which there is no number", name);
            say_hint("Ask for its values one by one, as in: is_vip: user.%s has any of "
                     "(\"vip\")",
                     name);
            return EXIT_BAD_USAGE;
        }
    say_error("no kind of events and no trait is named \"%s\"", name);
    if (suggest_best(&similar))
        say_hint("Did you mean \"%s\"?", suggest_best(&similar));
    else
        say_hint("They stand below \"events:\" and \"traits:\" of carpel.yaml.");
    return EXIT_BAD_USAGE;
}

static int list(const command_line *line, const project *p)
{
    text out;
    const char *unknown;
    text_init(&out);
    text_append(&out, "features:\n");
    size_t count = fit_candidates_append(p, line->arguments, line->argument_count, "  ",
                                         &out, &unknown);
    int code = unknown ? refuse(p, unknown) : say_result(&out);
    if (code == EXIT_GOOD && count > FIT_MOST_FEATURES)
        say_note(
            "these are %zu, and a fit takes up to %d: those of an event say nearly the "
            "same, so a few of each will do",
            count, FIT_MOST_FEATURES);
    text_done(&out);
    return code;
}

int command_features(const command_line *line)
{
    project *p;
    int code = session_open_project(line, &p);
    if (code == EXIT_GOOD)
        code = list(line, p);
    project_free(p);
    return code;
}

/* SPDX-License-Identifier: MIT
 *
 * `carpel explain NAME PERSON`: the reasons as a tree to read, or as JSON.
 */
#include "app/commands.h"
#include "app/explanations.h"
#include "app/failures.h"
#include "app/names.h"
#include "app/say.h"
#include "app/session.h"
#include "app/stop.h"

static int print_explanation(const session *s, const command_line *line)
{
    carpel_error err;
    text out;
    const char *rule = line->arguments[0], *person = line->arguments[1];
    if (!names_check_subject(s->engine, rule, person))
        return EXIT_FAULT;
    explanation *x = engine_explain(s->engine, rule, person, s->as_of, &err);
    if (!x)
        return say_failure(&err);
    text_init(&out);
    page p = page_begin(s->engine, &out);
    explained told = {x, rule, x->is_of_account ? person : names_shown(s->engine, person),
                      s->as_of};
    if (line->json)
        explained_put_json(&p, &told);
    else
        explained_put_text(&p, &told);
    int code = say_result(&out);
    text_done(&out);
    explanation_free(x);
    return code;
}

static int check_rule(const session *s, const command_line *line)
{
    const char *rule = line->arguments[0], *subject = line->arguments[1];
    if (names_are_swapped(s->engine, rule, subject)) {
        say_error("\"%s\" is no rule, and \"%s\" is one", rule, subject);
        say_hint("The rule comes first: carpel explain %s %s", subject, rule);
        return EXIT_BAD_USAGE;
    }
    return names_check_rule(s->engine, rule) ? EXIT_GOOD : EXIT_BAD_USAGE;
}

int command_explain(const command_line *line)
{
    session s;
    stop_begin();
    int code = session_open_sources(&s, line);
    if (code == EXIT_GOOD)
        code = check_rule(&s, line);
    if (code == EXIT_GOOD) {
        engine_read_for(s.engine, line->arguments[0]);
        code = session_read(&s, line);
    }
    if (code == EXIT_GOOD)
        code = print_explanation(&s, line);
    if (code == EXIT_GOOD)
        session_note_instant(&s, line, s.as_of, "--as-of");
    if (code == EXIT_GOOD)
        failures_say_refused(s.engine);
    session_close(&s);
    return code;
}

/* SPDX-License-Identifier: MIT
 *
 * What there is besides decides what the user is told.
 */
#include "app/sized_rules.h"

#include <string.h>

#include "app/commands.h"
#include "app/say.h"
#include "app/session.h"

/* What there is besides, with one of each by name. */
typedef struct other_rules {
    size_t scores, of_accounts;
    const char *score, *of_account;
} other_rules;

static bool is_sized(const rule *r)
{
    return r->kind == RULE_SEGMENT || r->kind == RULE_GROUP;
}

/* True: there is a segment or group to tell of. */
static bool look(const engine *e, bool of_people_alone, other_rules *others)
{
    bool found = false;
    for (const graph *g = engine_graph(e); g; g = g->accounts)
        for (size_t i = 0; i < g->rule_count; i++) {
            const rule *r = &g->rules[i];
            bool is_left_out = of_people_alone && g != engine_graph(e);
            found |= is_sized(r) && !is_left_out;
            if (r->kind == RULE_SCORE && strcmp(r->path, SESSION_VALUE) != 0) {
                others->scores++;
                others->score = r->path;
            } else if (is_sized(r) && is_left_out) {
                others->of_accounts++;
                others->of_account = r->path;
            }
        }
    return found;
}

static void say_why(const char *does, const char *whom, const other_rules *o)
{
    if (o->scores + o->of_accounts == 0)
        say_error("%s segments and groups%s, and there are none", does, whom);
    else if (o->scores + o->of_accounts == 1)
        say_error("%s segments and groups%s, and \"%s\" is %s", does, whom,
                  o->scores > 0 ? o->score : o->of_account,
                  o->scores > 0 ? "a score" : "about accounts");
    else
        say_error("%s segments and groups%s, and these rules are %s", does, whom,
                  o->of_accounts == 0 ? "scores"
                  : o->scores == 0    ? "about accounts"
                                      : "scores, or about accounts");
}

int sized_rules_check(const engine *e, const char *does, bool of_people_alone)
{
    other_rules others = {0};
    if (look(e, of_people_alone, &others))
        return EXIT_GOOD;
    say_why(does, of_people_alone ? " of people" : "", &others);
    if (others.score)
        say_hint(
            "\"carpel run\" tells how scores are spread; a segment \"when %s >= ...\" "
            "has a size.",
            others.score);
    else if (others.of_accounts > 0)
        say_hint("\"carpel run\" and \"carpel history\" have the sizes of rules for each "
                 "account.");
    return EXIT_BAD_USAGE;
}

/* SPDX-License-Identifier: MIT
 *
 * Slips in the lines of scenarios: instants that are not there or are no instants, and
 * sentences that are nearly those of the language.
 */
#include "lang/mistaken.h"

/* `at` with the instant of a line; behind a value it begins `at or after T`. */
static bool expects_instant(const mistake *m)
{
    return expects(m, TOKEN_AT) && !expects(m, TOKEN_IN_LAST);
}

static bool is_name(const lex_token *token)
{
    return token->kind == TOKEN_NAME;
}

/* ---- instants --------------------------------------------------------------------- */

/* `expect ann in buyers`, and then the next line. */
static bool lacks_instant(const mistake *m)
{
    bool ends_here = is_end(m->found) || m->found->kind == TOKEN_EXPECT ||
                     (is_name(m->found) && m->found->is_first_in_line);
    if (!expects_instant(m) || !ends_here)
        return false;
    error(m, m->before->where, E0101, "this line does not say when");
    hint(m, "Write the instant behind it: at 2026-03-01T10:00");
    return true;
}

/* `ann did buy (amount = 3) at ...`, `ann did buy where (amount = 3) at ...`. */
static bool puts_properties_first(const mistake *m)
{
    bool is_where = m->found->kind == TOKEN_WHERE;
    if (!expects_instant(m) || back(m, 2)->kind != TOKEN_DID ||
        (m->found->kind != '(' && !is_where))
        return false;
    error(m, m->found->where, E0101, "the instant comes before this");
    hint(m, "Write: %s did %s at 2026-03-01T10:00 (...)", back(m, 3)->text,
         m->before->text);
    return true;
}

/* `ann did buy on 2026-03-01`, `expect ann in buyers now`. */
static bool says_instant_otherwise(const mistake *m)
{
    static const int instants[] = {TOKEN_ON,        TOKEN_DATE,     TOKEN_DATETIME,
                                   TOKEN_NOW,       TOKEN_TODAY,    TOKEN_AS_OF,
                                   TOKEN_YESTERDAY, TOKEN_TOMORROW, TOKEN_SINCE,
                                   TOKEN_AFTER,     TOKEN_BEFORE};
    if (!expects_instant(m) || !IS_IN(m->found, instants))
        return false;
    error(m, m->found->where, E0101, "an instant of a scenario begins with \"at\"");
    hint(m, "Write, for example, at 2026-03-01T10:00");
    return true;
}

/* ---- what is told ----------------------------------------------------------------- */

/* `(tags = ("a", "b"))`. */
static bool tells_list(const mistake *m)
{
    const lex_token *innermost = NULL;
    if (m->found->kind != ',' || open_brackets(m, &innermost) < 2)
        return false;
    error(m, m->found->where, E0101, "a property has one value here");
    hint(m, "A list inside an event cannot be told in a scenario.");
    return true;
}

/* ---- what is expected ------------------------------------------------------------- */

/* `expect ann has points > 3`, `ann has country "DE"`, `ann has country at ...`. */
static bool lacks_value(const mistake *m)
{
    bool is_setting = back(m, 2)->kind == TOKEN_HAS || back(m, 2)->kind == ',';
    if (!is_setting || !expects(m, '=') || is_end(m->found))
        return false;
    if (IS_IN(m->found, compare_tokens)) {
        error(m, m->found->where, E0101, "a scenario says which value it is");
        hint(m, "Write \"=\"; or expect a segment whose rule compares.");
    } else {
        error(m, m->found->where, E0101, "\"%s\" has no value here", m->before->text);
        hint(m, "Write: %s = ...", m->before->text);
    }
    return true;
}

/* ---- all of them ------------------------------------------------------------------ */

bool mistake_in_scenario(const mistake *m)
{
    if (token_at(m->p, m->p->begin)->kind != TOKEN_SCENARIO)
        return false;
    return lacks_instant(m) || puts_properties_first(m) || says_instant_otherwise(m) ||
           tells_list(m) || lacks_value(m);
}

/* SPDX-License-Identifier: MIT
 *
 * Slips in the lines of scenarios: instants that are not there or are no instants, and
 * sentences that are nearly those of the language.
 */
#include "lang/mistaken.h"

static bool is_name(const lex_token *token)
{
    return token->kind == TOKEN_NAME;
}

/* `scenario cart ann did ...`. */
static bool lacks_quotes_of_name(const mistake *m)
{
    if (m->before->kind != TOKEN_SCENARIO || !token_is_word(m->found))
        return false;
    diag_error(m->p->diags, m->found->where, E0101,
               "the name of a scenario stands in double quotes");
    diag_hint(m->p->diags, "Write: scenario \"%s\"", m->found->text);
    return true;
}

/* ---- instants --------------------------------------------------------------------- */

/* `expect ann in buyers`, and then the next line. */
static bool lacks_instant(const mistake *m)
{
    bool ends_here = is_end(m->found) || m->found->kind == TOKEN_EXPECT ||
                     (is_name(m->found) && m->found->is_first_in_line);
    if (!expects(m, TOKEN_AT) || !ends_here)
        return false;
    diag_error(m->p->diags, m->before->where, E0101, "this line does not say when");
    diag_hint(m->p->diags, "Write the instant behind it: at 2026-03-01T10:00");
    return true;
}

/* `ann did buy (amount = 3) at ...`, `ann did buy where (amount = 3) at ...`. */
static bool puts_properties_first(const mistake *m)
{
    bool is_where = m->found->kind == TOKEN_WHERE;
    if (!expects(m, TOKEN_AT) || back(m, 2)->kind != TOKEN_DID ||
        (m->found->kind != '(' && !is_where))
        return false;
    diag_error(m->p->diags, m->found->where, E0101, "the instant comes before this");
    diag_hint(m->p->diags, "Write: %s did %s at 2026-03-01T10:00 (...)", back(m, 3)->text,
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
    if (!expects(m, TOKEN_AT) || !is_one_of(m->found, instants, LENGTH(instants)))
        return false;
    diag_error(m->p->diags, m->found->where, E0101,
               "an instant of a scenario begins with \"at\"");
    diag_hint(m->p->diags, "Write, for example, at 2026-03-01T10:00");
    return true;
}

/* `at now`. */
static bool names_no_instant(const mistake *m)
{
    if (m->before->kind != TOKEN_AT || !expects(m, TOKEN_DATETIME) || is_end(m->found))
        return false;
    diag_error(m->p->diags, m->found->where, E0101,
               "an instant of a scenario is written out");
    diag_hint(m->p->diags, "Write, for example, at 2026-03-01T10:00");
    return true;
}

/* ---- what is told ----------------------------------------------------------------- */

/* `ann did not buy at ...`. */
static bool tells_what_was_not(const mistake *m)
{
    if (m->before->kind != TOKEN_DID || m->found->kind != TOKEN_NOT)
        return false;
    diag_error(m->p->diags, m->found->where, E0101,
               "a scenario tells only what happened");
    diag_hint(m->p->diags, "Leave the line out: what is not told did not happen.");
    return true;
}

/* `ann purchased at ...`, `ann purchase at ...`. */
static bool lacks_did(const mistake *m)
{
    if (!is_name(m->found) || !expects(m, TOKEN_HAS) || !expects(m, TOKEN_DID))
        return false;
    diag_error(m->p->diags, m->found->where, E0101,
               "what happens is told with \"did\", and traits with \"has\"");
    diag_hint(m->p->diags, "Write: %s %s %s ...", m->before->text,
              m->behind->kind == '=' ? "has" : "did", m->found->text);
    return true;
}

/* `ann.country = "DE"`. */
static bool tells_trait_with_point(const mistake *m)
{
    if (m->found->kind != '.' || !expects(m, TOKEN_HAS) || !is_name(m->before))
        return false;
    diag_error(m->p->diags, m->found->where, E0101, "a trait is told with \"has\"");
    diag_hint(m->p->diags, "Write: %s has %s = ...", m->before->text, m->behind->text);
    return true;
}

/* `"ann" did buy at ...`. */
static bool quotes_person(const mistake *m)
{
    bool is_told = m->behind->kind == TOKEN_DID || m->behind->kind == TOKEN_HAS;
    bool is_expected = m->before->kind == TOKEN_EXPECT;
    if (m->found->kind != TOKEN_STRING || (!is_told && !is_expected))
        return false;
    diag_error(m->p->diags, m->found->where, E0101, "people stand without quotes here");
    diag_hint(m->p->diags, "Write %s, or `%s` in backticks when it is no plain word.",
              m->found->text, m->found->text);
    return true;
}

/* `at 2026-03-01T10:00 amount = 3`. */
static bool lacks_property_brackets(const mistake *m)
{
    if (m->found->kind != '=' || !is_name(m->before) ||
        back(m, 2)->kind != TOKEN_DATETIME)
        return false;
    diag_error(m->p->diags, m->before->where, E0101, "properties stand in brackets");
    diag_hint(m->p->diags, "Write: (%s = ...)", m->before->text);
    return true;
}

/* `(tags = ("a", "b"))`. */
static bool tells_list(const mistake *m)
{
    const lex_token *innermost = NULL;
    if (m->found->kind != ',' || open_brackets(m, &innermost) < 2)
        return false;
    diag_error(m->p->diags, m->found->where, E0101, "a property has one value here");
    diag_hint(m->p->diags, "A list inside an event cannot be told in a scenario.");
    return true;
}

/* ---- what is expected ------------------------------------------------------------- */

/* `expect ann is in buyers`. */
static bool says_is(const mistake *m)
{
    if (m->found->kind != TOKEN_IS || back(m, 2)->kind != TOKEN_EXPECT)
        return false;
    diag_error(m->p->diags, m->found->where, E0101, "\"is\" is not needed here");
    diag_hint(m->p->diags, "Write: expect %s %sin ...", m->before->text,
              m->behind->kind == TOKEN_NOT ? "not " : "");
    return true;
}

/* `expect not ann in buyers`. */
static bool puts_not_first(const mistake *m)
{
    if (m->found->kind != TOKEN_NOT || m->before->kind != TOKEN_EXPECT)
        return false;
    diag_error(m->p->diags, m->found->where, E0101, "\"not\" stands before \"in\" here");
    diag_hint(m->p->diags, "Write: expect %s not in ...", m->behind->text);
    return true;
}

/* `expect ann not buyers`, `expect ann buyers`, `expect ann points = 3`. */
static bool lacks_in_or_has(const mistake *m)
{
    bool is_negated = m->before->kind == TOKEN_NOT;
    const lex_token *person = back(m, is_negated ? 2 : 1);
    if (!is_name(m->found) || back(m, is_negated ? 3 : 2)->kind != TOKEN_EXPECT)
        return false;
    bool is_value = m->behind->kind == '=';
    diag_error(m->p->diags, m->found->where, E0101, "\"%s\" is missing here",
               is_value ? "has" : "in");
    diag_hint(m->p->diags, "Write: expect %s %s%s %s", person->text,
              is_negated ? "not " : "", is_value ? "has" : "in", m->found->text);
    return true;
}

/* `expect ann did buy at ...`. */
static bool expects_deed(const mistake *m)
{
    if (m->found->kind != TOKEN_DID || back(m, 2)->kind != TOKEN_EXPECT)
        return false;
    diag_error(m->p->diags, m->found->where, E0101, "what happens is told, not expected");
    diag_hint(m->p->diags, "Expect what the rules make of it: expect %s in ...",
              m->before->text);
    return true;
}

/* `expect ann has points > 3`, `ann has country "DE"`, `ann has country at ...`. */
static bool lacks_value(const mistake *m)
{
    bool is_setting = back(m, 2)->kind == TOKEN_HAS || back(m, 2)->kind == ',';
    if (!is_setting || !expects(m, '=') || is_end(m->found))
        return false;
    if (is_one_of(m->found, compare_tokens, LENGTH(compare_tokens))) {
        diag_error(m->p->diags, m->found->where, E0101,
                   "a scenario says which value it is");
        diag_hint(m->p->diags, "Write \"=\"; or expect a segment whose rule compares.");
    } else {
        diag_error(m->p->diags, m->found->where, E0101, "\"%s\" has no value here",
                   m->before->text);
        diag_hint(m->p->diags, "Write: %s = ...", m->before->text);
    }
    return true;
}

/* ---- all of them ------------------------------------------------------------------ */

bool mistake_in_scenario(const mistake *m)
{
    static bool (*const recognisers[])(const mistake *m) = {
        lacks_quotes_of_name,
        lacks_instant,
        puts_properties_first,
        says_instant_otherwise,
        names_no_instant,
        tells_what_was_not,
        lacks_did,
        tells_trait_with_point,
        quotes_person,
        lacks_property_brackets,
        tells_list,
        says_is,
        puts_not_first,
        lacks_in_or_has,
        expects_deed,
        lacks_value,
    };
    if (token_at(m->p, m->p->begin)->kind != TOKEN_SCENARIO)
        return false;
    for (size_t i = 0; i < LENGTH(recognisers); i++)
        if (recognisers[i](m))
            return true;
    return false;
}

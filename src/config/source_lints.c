/* SPDX-License-Identifier: MIT
 *
 * What is valid below a source, and means something else in the tools that people come from.
 */
#include "config/source_lints.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

/* ---- comparisons ------------------------------------------------------------ */

/* Does a pattern begin like a comparison, "< 0", ">= 5", "!= x"? Texts that stand in such a
 * place by themselves, as in "<none>", have no blank or number behind the sign. */
static const char *compared_value(const char *pattern)
{
    size_t sign = strspn(pattern, "<>=!");
    const char *value = pattern + sign;
    bool is_pair = sign == 2 && (value[-1] == '=' || strncmp(pattern, "<>", 2) == 0);
    bool is_single = sign == 1 && pattern[0] != '!';
    bool is_number = *value == '-' || (*value >= '0' && *value <= '9');
    if ((!is_pair && !is_single) || (!is_pair && *value != ' ' && !is_number))
        return NULL;
    return value + strspn(value, " ");
}

/* What is written instead, or that there is nothing. */
static void hint_compared(const reader *r, const config_condition *condition,
                          const char *value)
{
    const char *pattern = condition->pattern.text, *field = condition->from.text;
    bool is_equal = pattern[0] == '=';
    bool is_negated = pattern[0] == '!' || strncmp(pattern, "<>", 2) == 0;
    if (is_equal)
        diag_propose(r->diags, condition->pattern.where, "\"%s\"", value);
    else if (strncmp(pattern, "<", 1) == 0 && strcmp(value, "0") == 0 && !is_negated)
        diag_propose(r->diags, condition->pattern.where, "\"-*\"");
    else if (is_negated)
        diag_hint(r->diags,
                  "Of a list of rules the first that fits counts: write one for "
                  "{%s: \"%s\"} first, and behind it one without \"when\".",
                  field, value);
    else
        diag_hint(r->diags,
                  "Bring the number as a property, and compare it in the rules, as in "
                  "where (%s %s).",
                  field, pattern);
}

/* `when: {total: "< 0"}` fits what holds these very signs, and that is not meant. */
static bool warn_of_comparison(const reader *r, const config_condition *condition)
{
    const char *value = compared_value(condition->pattern.text);
    if (value == NULL)
        return false;
    diag_warning(r->diags, condition->pattern.where, W0302,
                 "\"%s\" is a text here, with * for anything, and not a comparison",
                 condition->pattern.text);
    hint_compared(r, condition, value);
    return true;
}

/* ---- patterns of SQL and of regular expressions ----------------------------------- */

/* Is the percent sign at either end that of SQL? `10%` is a share, and `%20` a blank of an address. */
static bool is_like(const char *text, size_t size)
{
    bool is_escape =
        size > 2 && isxdigit((unsigned char)text[1]) && isxdigit((unsigned char)text[2]);
    bool is_begin = text[0] == '%' && !is_escape;
    bool is_end = text[size - 1] == '%' && !isdigit((unsigned char)text[size - 2]);
    return !strchr(text, '*') && (is_begin || is_end);
}

/* `^test`, `.*@example.com`, `@example.com$`; with more than that there is no pattern here. */
static bool is_regular(const char *text, size_t size)
{
    return (text[0] == '^' || text[size - 1] == '$' || strstr(text, ".*")) &&
           !strpbrk(text, "\\[(|+?{");
}

/* `@example.com`: the end of an address, which no address is by itself. */
static bool is_domain(const char *text)
{
    return text[0] == '@' && strchr(text, '.') && !strpbrk(text, "* ");
}

/* The text with `*` for any signs. A regular expression is looked for anywhere, unless its ends are
 * said. */
static void append_pattern(text *out, const char *from, size_t size, bool is_regular)
{
    bool is_bound = is_regular && from[0] == '^',
         ends = is_regular && from[size - 1] == '$';
    bool is_whole =
        !is_regular || strncmp(from, ".*", 2) == 0 || strcmp(from + size - 2, ".*") == 0;
    text_append(out, is_whole || is_bound ? "" : "*");
    for (size_t i = is_bound; i < size - ends; i++) {
        bool is_any = is_regular && strncmp(from + i, ".*", 2) == 0;
        bool is_percent = !is_regular && from[i] == '%' && (i == 0 || i + 1 == size);
        text_append_char(out, is_any || is_percent ? '*' : from[i]);
        i += is_any;
    }
    text_append(out, is_whole || ends ? "" : "*");
}

static void warn_of_pattern(const reader *r, const config_condition *condition)
{
    const char *pattern = condition->pattern.text;
    size_t size = strlen(pattern);
    bool is_sql = size > 1 && is_like(pattern, size);
    bool is_regex = size > 2 && !is_sql && is_regular(pattern, size);
    if (!is_sql && !is_regex && !is_domain(pattern))
        return;
    text meant;
    text_init(&meant);
    if (is_sql || is_regex)
        append_pattern(&meant, pattern, size, is_regex);
    else
        text_append_format(&meant, "*%s", pattern);
    diag_warning(r->diags, condition->pattern.where, W0302,
                 "\"%s\" is the whole text here, in which only * stands for anything",
                 pattern);
    diag_propose(r->diags, condition->pattern.where, "\"%s\"", meant.data);
    text_done(&meant);
}

void source_lint_condition(const reader *r, const config_condition *condition)
{
    if (condition->pattern.text && !warn_of_comparison(r, condition))
        warn_of_pattern(r, condition);
}

/* ---- the order of rules ----------------------------------------------------------- */

/* Is each condition of `first` one of `second`, so that what fits the second fits the first? */
static bool takes_all_of(const config_event_rule *first, const config_event_rule *second)
{
    for (size_t i = 0; i < first->condition_count; i++) {
        const config_condition *wanted = &first->conditions[i];
        size_t k = 0;
        while (k < second->condition_count && wanted->pattern.text &&
               (!second->conditions[k].pattern.text ||
                strcmp(second->conditions[k].from.text, wanted->from.text) != 0 ||
                strcmp(second->conditions[k].pattern.text, wanted->pattern.text) != 0))
            k++;
        if (k == second->condition_count)
            return false;
    }
    return true;
}

void source_lint_order(const reader *r, const config_source *s)
{
    for (size_t i = 1; i < s->event_rule_count; i++) {
        const config_event_rule *rule = &s->event_rules[i];
        size_t k = 0;
        while (k < i && !takes_all_of(&s->event_rules[k], rule))
            k++;
        if (k == i)
            continue;
        const config_text *before = &s->event_rules[k].name;
        diag_warning(r->diags, rule->name.where, W0305,
                     "no row is ever \"%s\": \"%s\" takes all of them before",
                     rule->name.text, before->text);
        diag_note_at(r->diags, before->where, "this rule comes first");
        diag_hint(r->diags, "The first rule that fits counts: put \"%s\" before \"%s\".",
                  rule->name.text, before->text);
    }
}

/* ---- ids ---------------------------------------------------------------------------- */

/* Where it says which of a person's rows counts, one row each is meant. */
void source_lint_id(const reader *r, const config_source *s)
{
    bool is_of_events = s->event_rule_count > 0 || s->event.from.text;
    const config_text *id = s->id_field_count == 1 ? &s->id_fields[0] : NULL;
    const config_text *person = s->person_field_count == 1 ? &s->person_fields[0] : NULL;
    if (!is_of_events || !id || !person || !id->text || !person->text ||
        strcmp(id->text, person->text) != 0 || yaml_get(s->node, "duplicates"))
        return;
    diag_warning(
        r->diags, id->where, W0306,
        "the id of a row is that of its person, so each person has one row of a kind");
    diag_hint(r->diags,
              "\"id\" tells rows apart: write the field that does, such as "
              "\"id: order_no\", or leave it out. If the first row of a person is "
              "meant, say so: \"duplicates: first\".");
}

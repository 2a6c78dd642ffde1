/* SPDX-License-Identifier: MIT
 *
 * What to write instead of what does not go together: hints of the type checker, made of
 * the rule's own words where these are short.
 */
#include "lang/checker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "lang/foreign.h"
#include "lang/lints.h"
#include "value/version.h"

enum { LONGEST_EXCERPT = 40 };

/* The expression as it was written, or `other` when that is long or spans lines. */
static const char *written(checker *c, const ast_expr *expr, const char *other)
{
    const char *words = words_of(c, expr);
    return strlen(words) <= LONGEST_EXCERPT && !strchr(words, '\n') ? words : other;
}

/* "18:00", "6pm" and "december" are numbers as parts of a time; or -1. */
static int number_of_part(time_part part, const char *content)
{
    int month = part == PART_MONTH_OF_YEAR ? foreign_month(content) : 0;
    if (month > 0)
        return month;
    char *end;
    long hour = strtol(content, &end, 10);
    if (part != PART_HOUR || end == content || hour < 0 || hour > 23)
        return -1;
    bool is_afternoon = hour < 12 && strcasecmp(end + (*end == ' '), "pm") == 0;
    return (int)hour + (is_afternoon ? 12 : 0);
}

static bool is_plain_number(const char *content)
{
    size_t size = strspn(content, "0123456789");
    size_t behind = content[size] == '.' ? strspn(content + size + 1, "0123456789") : 0;
    return size > 0 && content[size + (behind > 0 ? behind + 1 : 0)] == '\0';
}

/* `2026-03-01`, `2026-03-01 10:00`, `2026-03-01T10:00:00Z`, `31.12.2025` in quotes, as they
 * are written here. */
static bool instant_in_words(const char *content, char *out, size_t size)
{
    unsigned year, month, day;
    int taken = 0;
    char sign;
    if (sscanf(content, "%2u.%2u.%4u%n", &day, &month, &year, &taken) == 3 &&
        content[taken] == '\0' && year >= 1000)
        return snprintf(out, size, "%04u-%02u-%02u", year, month, day) > 0;
    if (strlen(content) >= size ||
        sscanf(content, "%4u-%2u-%2u%n%c", &year, &month, &day, &taken, &sign) < 3 ||
        taken != 10)
        return false;
    snprintf(out, size, "%s", content);
    if (out[10] == ' ')
        out[10] = 'T';
    return out[10] == '\0' ||
           (out[10] == 'T' && strspn(out + 11, "0123456789:.Z+-") == strlen(out + 11));
}

/* What "yes" and "no" say of what is true or false; or NULL. */
static const char *truth_named(const char *content)
{
    return is_word_of(content, "true yes y 1 on")    ? "true"
           : is_word_of(content, "false no n 0 off") ? "false"
                                                     : NULL;
}

/* A property of the event that is picked, which a text may have been meant for; or NULL. */
static const char *text_of_picked(const checker *c, const ast_expr *value)
{
    const ast_event *event =
        value->kind == EXPR_PICK ? pattern_event(value->selection->pattern) : NULL;
    size_t number =
        event ? schema_find_kind(c->book->schema, event->name.text) : SCHEMA_NONE;
    const event_kind *kind =
        number != SCHEMA_NONE ? &c->book->schema->kinds[number] : NULL;
    for (size_t i = 0; kind && i < kind->property_count; i++)
        if (kind->properties[i].type.kind == TYPE_STRING)
            return kind->properties[i].name;
    return NULL;
}

static void hint_for_text(checker *c, const ast_expr *value, const ast_expr *literal)
{
    type other = value->meaning->type;
    const char *content = literal->text.text;
    const char *truth = other.kind == TYPE_BOOL ? truth_named(content) : NULL;
    char words[32];
    int number = number_of_part(asked_part(value), content);
    if (number >= 0)
        propose(c, literal->where, "%d", number);
    else if (type_is_moment(other) && instant_in_words(content, words, sizeof words))
        propose(c, literal->where, "%s", words);
    else if (type_is_moment(other) && text_of_picked(c, value))
        hint(
            c,
            "It is when that happened; what it was stands behind a point, such as %s.%s.",
            words_of(c, value), text_of_picked(c, value));
    else if (type_is_moment(other))
        hint(c, "Dates are written without quotes: 2026-03-01.");
    else if (type_is_numeric(other))
        hint(c, "Numbers are written without quotes.");
    else if (truth)
        offer(c, literal->where, "Write %s, without quotes.", "%s", truth);
    else if (other.kind == TYPE_BOOL)
        hint(c, "Compare it with true or false.");
    else if (other.kind == TYPE_DURATION)
        hint(c, "Durations are written without quotes: 30 days.");
    if (number < 0 && type_is_numeric(other) && is_plain_number(content))
        fix(c, literal->where, "%s", content);
}

/* A time beside a duration: `last purchase > 30 days`. */
static void hint_for_moment(checker *c, const ast_expr *moment)
{
    hint(c, "Write \"time since %s\" to compare how long ago it was.",
         written(c, moment, "..."));
    fix(c, (span){moment->where.file, moment->where.begin, moment->where.begin},
        "time since ");
}

/* The unit of plain numbers in the data that a duration comes from, `duration(seconds)`; or
 * one that is likely. */
static const char *unit_of(checker *c, const ast_expr *value)
{
    const ast_expr *of = behind_let(value);
    const meaning *m = of->selection ? of->selection->meaning : of->meaning;
    const property *p = m ? property_of(c->book, m) : NULL;
    const char *unit = p ? type_unit(&p->details) : NULL;
    if (unit)
        return wording(c, "%ss", unit);
    return names_birthday(written(c, value, "")) ? "years" : "days";
}

static void hint_for_number(checker *c, const ast_expr *number, const ast_expr *other)
{
    type t = other->meaning->type;
    bool is_literal = number->kind == EXPR_NUMBER;
    span behind = {number->where.file, number->where.end, number->where.end};
    if (t.kind == TYPE_DURATION && is_literal) {
        const char *unit = unit_of(c, other);
        hint(c, "Give the number a unit, such as %s %s.", written(c, number, "30"), unit);
        fix(c, behind, " %s", unit);
    } else if (other->kind == EXPR_DURATION && number->kind != EXPR_AGGREGATE) {
        slice words =
            span_text(other->where); /* `user.age >= 18 years`: it has no unit */
        propose(c, other->where, "%.*s", (int)strcspn(words.data, " "), words.data);
    } else if (t.kind == TYPE_DURATION)
        hint(c, "A duration goes with \"time since ...\"; a window is written "
                "\"in last 30 days\", within the brackets.");
    else if (asked_part(other) == PART_WEEKDAY)
        hint(c, "Weekdays are written \"monday\" to \"sunday\".");
    else if (t.kind == TYPE_STRING && is_literal) {
        hint(c, "Texts stand in double quotes: \"%s\".", written(c, number, "..."));
        fix(c, number->where, "\"%s\"", words_of(c, number));
    } else if (t.kind == TYPE_STRING)
        hint(c, "If it holds numbers, declare it as a number in carpel.yaml.");
    else if (t.kind == TYPE_BOOL && is_literal && number->number.scale == 0 &&
             (number->number.value == 0 || number->number.value == 1))
        propose(c, number->where, number->number.value ? "true" : "false");
    else if (t.kind == TYPE_BOOL)
        hint(c, "Compare it with true or false.");
    else if (type_is_moment(t) && is_literal)
        hint(c, "A date is written like 2026-03-01.");
}

/* `true`, `false` or `now` where the data have a property of that name. */
static bool hint_data_word(checker *c, const ast_expr *expr)
{
    const char *word = expr->kind == EXPR_NOW && !expr->text.text ? "now"
                       : expr->kind != EXPR_BOOL                  ? NULL
                       : expr->boolean                            ? "true"
                                                                  : "false";
    if (!word || name_index_find(&c->book->names.words, word) == SIZE_MAX)
        return false;
    hint(c, "If the property of this name is meant, write `%s`.", word);
    return true;
}

/* `user.app >= "1.18.1"` of a text: what it has to be declared as. */
void hint_ordered_text(checker *c, const ast_expr *left, const ast_expr *right)
{
    const ast_expr *literal = behind_let(right);
    const ast_name *name =
        left->kind == EXPR_PATH ? left->names.items[left->names.count - 1] : NULL;
    const char *reason;
    if (name && literal->kind == EXPR_STRING && strchr(literal->text.text, '.') &&
        version_read(slice_of(literal->text.text), &reason))
        hint(c, "To compare versions, declare it in carpel.yaml: \"%s: version\".",
             name->text);
    else
        hint(c, "Numbers have to be declared as such in carpel.yaml.");
}

void hint_comparison(checker *c, const ast_expr *left, const ast_expr *right)
{
    type a = left->meaning->type, b = right->meaning->type;
    if (hint_data_word(c, left) || hint_data_word(c, right))
        return;
    if (a.kind == TYPE_VERSION && right->kind == EXPR_NUMBER)
        propose(c, right->where, "\"%s\"", right->text.text);
    else if (right->kind == EXPR_STRING)
        hint_for_text(c, left, right);
    else if (left->kind == EXPR_STRING)
        hint_for_text(c, right, left);
    else if (type_is_moment(a) && b.kind == TYPE_DURATION)
        hint_for_moment(c, left);
    else if (type_is_moment(b) && a.kind == TYPE_DURATION)
        hint_for_moment(c, right);
    else if (type_is_numeric(b))
        hint_for_number(c, right, left);
    else if (type_is_numeric(a))
        hint_for_number(c, left, right);
}

/* Are these the only words between two brackets? */
static bool is_in_brackets(const ast_expr *expr)
{
    slice whole = source_text(expr->where.file);
    return expr->where.begin > 0 && expr->where.end < whole.size &&
           whole.data[expr->where.begin - 1] == '(' && whole.data[expr->where.end] == ')';
}

/* `user.age between 18 and 25`, `user.age not between 18 and 25`. */
static void hint_number_range(checker *c, const ast_expr *asked, const ast_window *range)
{
    const char *left = written(c, asked->left, "x");
    const char *from = asked->is_negated ? "<" : ">=",
               *to = asked->is_negated ? ">" : "<=";
    const char *joint = asked->is_negated ? "or" : "and";
    const char *value = words_of(c, asked->left), *least = words_of(c, range->from),
               *most = words_of(c, range->to);
    hint(c, "Write: %s %s %s %s %s %s %s.", left, from, written(c, range->from, "a"),
         joint, left, to, written(c, range->to, "b"));
    bool has_brackets = is_in_brackets(asked);
    fix(c, asked->where, "%s%s %s %s %s %s %s %s%s", has_brackets ? "" : "(", value, from,
        least, joint, value, to, most, has_brackets ? "" : ")");
}

void hint_number_window(checker *c, const ast_expr *asked)
{
    const ast_window *window = asked->modifiers.windows.items[0];
    if (window->kind == WINDOW_BETWEEN && asked->modifiers.windows.count == 1)
        hint_number_range(c, asked, window);
    else
        hint(c, "Windows belong to events and times: put it into the brackets, as in "
                "count(purchase in last 30 days).");
}

/* `user.email starts with "info" or "sales"`: the test is said for each text. What must not
 * hold for either must not hold for both. */
static void hint_repeated_test(checker *c, const ast_expr *before, const ast_expr *value)
{
    span test = before->where;
    test.end = before->right->where.begin;
    const char *words = words_in(c, test), *first = words_of(c, before),
               *text = words_of(c, value);
    if (before->is_negated) {
        hint(c, "Write: and %s%s.", words, text);
        fix(c, span_join(before->where, value->where), "(%s and %s%s)", first, words,
            text);
    } else {
        offer(c, value->where, "Say the test again: or %s.", "%s%s", words, text);
    }
}

static bool is_written_value(const ast_expr *expr)
{
    return expr->kind == EXPR_STRING || expr->kind == EXPR_NUMBER ||
           expr->kind == EXPR_DATE;
}

/* `store = "web" and "app"` of an event: either of them, or an event of each? The whole rule tells. */
static bool is_one_or_each(const ast_expr *before, bool is_or)
{
    return !is_or && before->compare == COMPARE_EQ && before->left->meaning &&
           before->left->meaning->kind == MEANING_PROPERTY;
}

bool report_alternatives(checker *c, const ast_expr *joined, size_t *at)
{
    const ast_list *chain = &joined->list;
    const ast_expr *value = chain->items[*at],
                   *before = *at > 0 ? chain->items[*at - 1] : NULL;
    bool is_equal = before && asks_equality(before);
    if (!is_equal || !is_written_value(value) || !is_written_value(before->right))
        return false;
    text values;
    text_init(&values);
    text_append(&values, words_of(c, before->right));
    span all = before->where;
    for (; *at < chain->count && is_written_value(chain->items[*at]); ++*at) {
        span where = ((const ast_expr *)chain->items[*at])->where;
        text_append_format(&values, ", %s", words_in(c, where));
        all = span_join(all, where);
    }
    --*at;
    error(c, value->where, E0109,
          "one of several values is \"in\", and none of them \"not in\"");
    if (is_one_or_each(before, joined->kind == EXPR_OR))
        hint(c,
             "Write: %s in (%s) for any of them, and one \"did\" for each if all are "
             "meant.",
             words_of(c, before->left), values.data);
    else
        propose(c, all, "%s %s (%s)", words_of(c, before->left),
                before->compare == COMPARE_EQ ? "in" : "not in", values.data);
    text_done(&values);
    return true;
}

void hint_alternatives(checker *c, const ast_expr *before, const ast_expr *value)
{
    if (before && asks_text(before) && before->right->kind == EXPR_STRING &&
        value->kind == EXPR_STRING)
        hint_repeated_test(c, before, value);
    else if (type_is_numeric(value->meaning->type))
        hint(c, "Compare it, for example with \"> 0\".");
    else
        hint(c, "Compare it with something, or write \"is not missing\".");
}

/* The numbers of `12/31/2026` or `2026/12/31`, which are two divisions. */
static bool read_slashed(const ast_expr *expr, long long parts[3])
{
    const ast_expr *first = expr->left;
    if (expr->kind != EXPR_DIVIDE || first->kind != EXPR_DIVIDE ||
        expr->right->kind != EXPR_NUMBER || first->left->kind != EXPR_NUMBER ||
        first->right->kind != EXPR_NUMBER)
        return false;
    parts[0] = (long long)first->left->number.value;
    parts[1] = (long long)first->right->number.value;
    parts[2] = (long long)expr->right->number.value;
    return parts[0] >= 1900 || parts[2] >= 1900;
}

static void hint_slashed_date(checker *c, span where, const long long parts[3])
{
    static const char format[] = "%04lld-%02lld-%02lld";
    bool is_day_first = parts[0] > 12;
    long long year = parts[2], month = parts[is_day_first], day = parts[!is_day_first];
    if (parts[0] >= 1900)
        propose(c, where, format, parts[0], parts[1], parts[2]);
    else if (month <= 12 && day <= 31 && (day > 12 || day == month))
        propose(c, where, format, year, month, day);
    else
        offer_either(c, where, "A date is written with the year first: %s or %s.",
                     wording(c, format, year, month, day),
                     wording(c, format, year, day, month));
}

/* Does an instant from which it is counted stand behind it, as in `30 days after`? */
static bool is_counted_on(const ast_expr *length)
{
    static const char behind[] = " after ";
    size_t size = sizeof behind - 1;
    const slice all = source_text(length->where.file);
    return length->where.end + size <= all.size &&
           memcmp(all.data + length->where.end, behind, size) == 0;
}

/* Do the words stand right before it? */
static bool follows_words(const ast_expr *expr, const char *words)
{
    size_t size = strlen(words);
    const char *at = source_text(expr->where.file).data + expr->where.begin;
    return expr->where.begin > size && at[-1] == ' ' &&
           memcmp(at - size - 1, words, size) == 0;
}

static void hint_ago(checker *c, const ast_expr *length)
{
    const char *words = words_of(c, length);
    if (is_counted_on(length)) {
        hint(c, "Write the instant first, as in: after user.signed_up + %s.", words);
        return;
    }
    hint(c, "Write \"%s ago\" for a time that is past, or \"now + %s\" for one ahead.",
         words, words);
    if (!follows_words(length, "now and"))
        fix(c, length->where, "%s ago", words);
    fix(c, length->where, "now + %s", words);
}

/* `since 20261231`, `before 2026`, `after 2026`. */
static void fix_digits(checker *c, const ast_expr *number)
{
    long long n = (long long)number->number.value;
    bool is_end = follows_words(number, "after") || follows_words(number, "until");
    if (n >= 19000101 && n <= 29991231 && n / 100 % 100 <= 12 && n % 100 <= 31)
        fix(c, number->where, "%04lld-%02lld-%02lld", n / 10000, n / 100 % 100, n % 100);
    else if (n >= 1900 && n <= 2200)
        fix(c, number->where, "%lld-%s", n, is_end ? "12-31" : "01-01");
}

void hint_instant(checker *c, const ast_expr *expr)
{
    char words[32];
    long long parts[3];
    if (expr->kind == EXPR_DURATION)
        hint_ago(c, expr);
    else if (expr->kind == EXPR_STRING &&
             instant_in_words(expr->text.text, words, sizeof words))
        propose(c, expr->where, "%s", words);
    else if (expr->kind == EXPR_STRING)
        hint(c, "Dates are written without quotes: 2026-03-01.");
    else if (read_slashed(expr, parts))
        hint_slashed_date(c, expr->where, parts);
    else if (type_is_numeric(expr->meaning->type)) {
        hint(c, "A date is written like 2026-03-01, a time like 2026-03-01T10:00.");
        if (expr->kind == EXPR_NUMBER && expr->number.scale == 0)
            fix_digits(c, expr);
    }
}

void hint_split_unit(checker *c, const ast_duration *d)
{
    static const int64_t days[] = {
        [UNIT_MONTH] = 30, [UNIT_QUARTER] = 91, [UNIT_YEAR] = 365};
    int64_t tens = number_power_of_ten(d->count.scale);
    if (d->count.scale <= 4 && d->count.value < 1000000)
        hint(c, "Write days or weeks, such as %lld days.",
             (long long)(d->count.value * days[d->unit] / tens));
    else
        hint(c, "Write days or weeks.");
}

/* `sum(purchase)`: of which property? A number is the likeliest. */
void hint_property(checker *c, const ast_expr *aggregate, const char *example)
{
    const event_scope *scope = aggregate->selection->meaning->scope;
    const event_kind *kind = &scope->schema->kinds[scope->kinds[0]];
    const ast_pattern *pattern = aggregate->selection->pattern;
    const property *best = kind->property_count > 0 ? kind->properties : NULL;
    size_t numbers = 0;
    for (size_t i = 0; i < kind->property_count; i++) {
        const property *p = &kind->properties[i];
        numbers += type_is_numeric(p->type);
        if (type_is_numeric(p->type) && !type_is_numeric(best->type))
            best = p;
    }
    if (best)
        hint(c, "For example: %s(%s.%s)", aggregates[aggregate->aggregate].spelling,
             kind->name, best->name);
    if (numbers == 1 && scope->kind_count == 1 && !pattern->is_sequence) {
        const ast_event *event = pattern->step->events.items[0];
        uint32_t end = event->name.where.end;
        fix(c, (span){event->name.where.file, end, end}, ".%s", best->name);
    }
    if (!best)
        hint(c, "For example: %s", example);
}

/* `last purchase.hour`, `max(purchase.date)`: an event is a time where one is needed. */
void hint_selected_time(checker *c, const ast_name *name, const event_scope *scope)
{
    const char *events = scope_title(scope, c->book->memory);
    const char *ours = foreign_time(name->text);
    if (ours && strchr(ours, '.'))
        propose(c, name->where, "%s", ours);
    else if (ours && scope->kind_count == 1)
        hint(c, "The time of the newest is \"last %s\", of the oldest \"first %s\".",
             events, events);
}

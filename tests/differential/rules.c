/* SPDX-License-Identifier: MIT
 *
 * The typed grammar, from the top down: every function says a phrase of one type. `scope`
 * has a bit for each kind whose event is asked; 0 outside of a `where`.
 */
#include "differential/rules.h"

#include <assert.h>
#include <string.h>

#include "value/value.h"

enum {
    PURCHASE = 1,
    VIEW = 2,
    REFUND = 4,
    LOGIN = 8,
    SESSION = 16,
    ANYTHING = 15,
    ITEMS = 32,
    TAGS = 64
};

static const char *const kind_names[] = {"purchase", "view", "refund", "login",
                                         "session"};

static const struct {
    const char *name;
    type_kind type;
    unsigned kinds;
} properties[] = {
    {"amount", TYPE_DECIMAL, PURCHASE | REFUND},
    {"qty", TYPE_DECIMAL, PURCHASE | REFUND | ITEMS},
    {"price", TYPE_DECIMAL, VIEW | ITEMS},
    {"weight", TYPE_NUMBER, PURCHASE | VIEW},
    {"store", TYPE_STRING, PURCHASE | VIEW | REFUND},
    {"device", TYPE_STRING, LOGIN | VIEW},
    {"gift", TYPE_BOOL, PURCHASE | ITEMS},
    {"due", TYPE_DATE, PURCHASE},
    {"shipped", TYPE_TIME, PURCHASE | REFUND},
    {"took", TYPE_DURATION, PURCHASE | VIEW},
    {"friend", TYPE_PERSON, PURCHASE | REFUND},
    {"duration", TYPE_DURATION, SESSION},
    {"events", TYPE_DECIMAL, SESSION},
    {"sku", TYPE_STRING, ITEMS},
    {"value", TYPE_STRING, TAGS},
    {"built", TYPE_VERSION, PURCHASE | LOGIN},
    {"entry", TYPE_STRING, SESSION},
    {"exit", TYPE_STRING, SESSION},
};

void rules_schema(world *w)
{
    world_kind(w, "purchase",
               "amount decimal(2), qty int, store string, weight number, "
               "gift bool, due date, shipped time, took duration, "
               "friend person, built version, tags [string], "
               "items [sku string, price decimal(4), qty int, gift bool]");
    world_kind(w, "view",
               "price decimal(4), store string, device string, weight number, "
               "took duration");
    world_kind(w, "refund",
               "amount decimal(2), qty int, store string, shipped time, "
               "friend person, tags [string]");
    world_kind(w, "login", "device string, built version");
    world_trait(w, "country", "string");
    world_trait(w, "age", "int");
    world_trait(w, "spend", "decimal(2)");
    world_trait(w, "score", "number");
    world_trait(w, "member", "bool");
    world_trait(w, "birthday", "date");
    world_trait(w, "joined", "time");
    world_trait(w, "mate", "person");
    world_trait(w, "app", "version");
    world_trait(w, "company", "string");
    world_trait(w, "labels", "[string]");
    world_trait(w, "hobbies", "[topic string, points decimal(2)]");
    if (construct_is_said(SAY_FOR_EACH_ACCOUNT))
        schema_add_accounts(w->schema, schema_find_trait(w->schema, "company"),
                            w->memory);
    else
        w->schema->account_trait = SCHEMA_NONE;
}

/* ---- what was declared so far -------------------------------------------------------- */

typedef struct name_list {
    const char *items[3 * BOOK_MOST];
    unsigned kinds[3 * BOOK_MOST]; /* of events */
    size_t count;
} name_list;

/* What rules about people may lean on, or rules about accounts. */
typedef struct names {
    name_list lets[TYPE_VERSION + 1]; /* by type */
    name_list members;                /* "s", "g", "g.a" */
    name_list events;
} names;

typedef struct maker {
    random_source *random;
    arena *memory;
    const pools *pools;
    book *book;
    const char *files;
    bool of_accounts;
    names of_people, of_account;
    names *names; /* one of the two */
    name_list lists[TYPE_VERSION + 1];
    name_list file_lists;
    name_list occasions;
    unsigned asked_kinds;   /* the events that were said last: what they may be, */
    const char *asked_name; /* and their name, when they have a single one */
} maker;

static phrase *condition(maker *m, unsigned scope, int depth);
static phrase *number(maker *m, unsigned scope, int depth);
static const char *compare_word(maker *m, bool has_order);
static const char *trait(maker *m, const char *name);
static phrase *duration(maker *m, unsigned scope, int depth);
static phrase *moment(maker *m, unsigned scope, int depth);
static phrase *time_value(maker *m, unsigned scope, int depth);
static phrase *date_value(maker *m, unsigned scope, int depth);
static phrase *text_value(maker *m, unsigned scope, int depth);
static phrase *events(maker *m, int depth);
static phrase *step(maker *m, unsigned *kinds, int depth);

static const struct {
    const char *name;
    bool is_said;
} constructs[] = {
#define X(name, is_said, example) {#name, is_said},
#include "differential/constructs.def"
#undef X
};

const char *construct_name(construct c)
{
    return constructs[c].name;
}

bool construct_is_said(construct c)
{
    return constructs[c].is_said;
}

/* ---- choosing ------------------------------------------------------------------------ */

static size_t below(maker *m, size_t count)
{
    return random_below(m->random, count);
}

static bool chance(maker *m, unsigned percent)
{
    return random_chance(m->random, percent);
}

/* Say this, if it is said at all. */
static bool may_say(maker *m, construct c)
{
    m->book->said[c] += constructs[c].is_said;
    return constructs[c].is_said;
}

#define CHOOSE(m, ...)                                                                   \
    choose(m, (const construct[]){__VA_ARGS__},                                          \
           sizeof((const construct[]){__VA_ARGS__}) / sizeof(construct))

/* One of those that are said. The first always is. */
static construct choose(maker *m, const construct *options, size_t count)
{
    construct c = options[below(m, count)];
    while (!constructs[c].is_said)
        c = options[below(m, count)];
    m->book->said[c]++;
    return c;
}

#define PICK(m, list) ((list)[below(m, sizeof(list) / sizeof *(list))])

static phrase *leaf(maker *m, phrase_sort sort, unsigned scope, const char *words)
{
    return say(m->memory, sort, scope, words, 0);
}

static phrase *fixed(maker *m, const char *words)
{
    return leaf(m, SORT_FIXED, 0, words);
}

static phrase *nothing(maker *m)
{
    return fixed(m, "");
}

static const char *name_of(maker *m, const name_list *list)
{
    return list->items[below(m, list->count)];
}

static void remember(name_list *list, const char *name, unsigned kinds)
{
    list->items[list->count] = name;
    list->kinds[list->count++] = kinds;
}

/* A property of the type of one of the kinds, or NULL. */
static const char *property_of(maker *m, unsigned kinds, type_kind type)
{
    const char *found[sizeof properties / sizeof *properties];
    size_t count = 0;
    for (size_t i = 0; i < sizeof properties / sizeof *properties; i++) {
        bool is_numeric = type == TYPE_DECIMAL && properties[i].type == TYPE_NUMBER;
        if ((properties[i].kinds & kinds) && (properties[i].type == type || is_numeric))
            found[count++] = properties[i].name;
    }
    return count > 0 ? found[below(m, count)] : NULL;
}

/* ---- literals ------------------------------------------------------------------------ */

static const char *instant_literal(maker *m)
{
    text t;
    text_init(&t);
    value_append_time(m->pools->instants[below(m, m->pools->instant_count)], NULL, &t);
    char *copy = arena_copy_string(m->memory, t.data);
    text_done(&t);
    return copy;
}

static const char *date_literal(maker *m)
{
    text t;
    text_init(&t);
    value_append_date(m->pools->dates[below(m, m->pools->date_count)], &t);
    char *copy = arena_copy_string(m->memory, t.data);
    text_done(&t);
    return copy;
}

static const char *number_literal(maker *m)
{
    static const char *const numbers[] = {
        "0",    "1",     "2",   "3",     "5",      "10",  "2.5",  "12.50",
        "0.01", "99.99", "50%", "33.3%", "0.0001", "100", "1.00", "7"};
    static const char *const huge[] = {"999999999999999999", "92233720368547758.07",
                                       "0.000000000000000001", "123456789.012345678"};
    return chance(m, 4) ? PICK(m, huge) : PICK(m, numbers);
}

static const char *exact_duration(maker *m)
{
    static const char *const durations[] = {
        "1 day",      "2 days",   "7 days",   "30 days", "1 week",
        "12 hours",   "24 hours", "36 hours", "1 hour",  "1.5 hours",
        "90 minutes", "1 second", "3 days"};
    return PICK(m, durations);
}

static const char *any_duration(maker *m)
{
    static const char *const long_ones[] = {"1 month", "2 months", "1 quarter", "1 year",
                                            "3 months"};
    return chance(m, 35) ? PICK(m, long_ones) : exact_duration(m);
}

/* Of a window with both ends in: of no length it holds one instant. */
static const char *distance(maker *m)
{
    return chance(m, 95) ? any_duration(m) : chance(m, 50) ? "0 seconds" : "0 days";
}

static const char *text_literal(maker *m)
{
    static const char *const texts[] = {"\"\"",  "\"a\"",        "\"b\"",   "\"ab\"",
                                        "\"A\"", "\"\xC3\xA9\"", "\"a b\"", "\"zz\""};
    return PICK(m, texts);
}

static const char *unit(maker *m)
{
    static const char *const units[] = {"day", "week", "month", "quarter", "year"};
    return PICK(m, units);
}

static const char *person_literal(maker *m)
{
    return arena_format(m->memory, "\"%s\"",
                        m->pools->people[below(m, m->pools->people_count)]);
}

/* ---- windows ------------------------------------------------------------------------- */

/* An end of a window; inside of a `where` it may depend on the event that is judged. */
static phrase *window_end(maker *m, unsigned scope, int depth)
{
    bool is_of_event = scope && chance(m, 50) && may_say(m, SAY_WINDOW_OF_EVENT);
    return moment(m, is_of_event ? scope : 0, depth);
}

/* A length with days in it, which go by the calendar in `in day of now + 1 day`. */
static phrase *length_of_days(maker *m, unsigned scope, int depth)
{
    static const char *const plain[] = {
        "1 day",    "2 weeks",           "36 hours", "(1 day + 3 hours)", "(2 * 1 day)",
        "(-1 day)", "(1 week - 3 days)", "1.5 days", "(3 days / 2)"};
    if (depth > 0 && chance(m, 25))
        return say(m->memory, SORT_FIXED, 0, "(~ * 1 day)", 1, number(m, scope, 0));
    if (depth > 0 && chance(m, 20))
        return say(m->memory, SORT_FIXED, 0, "(if ~ then 1 day else 2 weeks)", 1,
                   condition(m, scope, depth - 1));
    if (chance(m, 20))
        return duration(m, scope, depth - 1);
    return fixed(m, PICK(m, plain));
}

/* The instant of which a unit is looked at. */
static phrase *moment_of_unit(maker *m, unsigned scope, int depth)
{
    unsigned inside =
        scope && chance(m, 50) && may_say(m, SAY_WINDOW_OF_EVENT) ? scope : 0;
    if (chance(m, 50) || !may_say(m, SAY_UNIT_OF_MOVED))
        return moment(m, inside, depth);
    const char *words = chance(m, 60) ? "(~ + ~)" : "(~ - ~)";
    return say(m->memory, SORT_FIXED, 0, words, 2, time_value(m, inside, depth - 1),
               length_of_days(m, inside, depth));
}

static phrase *near_unit(maker *m, unsigned scope, const char *words, int depth)
{
    return say(m->memory, SORT_FIXED, 0, arena_format(m->memory, words, unit(m)), 1,
               moment_of_unit(m, scope, depth));
}

static phrase *anchored(maker *m, unsigned scope, const char *words, int depth)
{
    return say(m->memory, SORT_FIXED, 0, words, 1, window_end(m, scope, depth));
}

/* The instant of an `as of`. */
static phrase *other_instant(maker *m, unsigned scope, int depth)
{
    bool is_of_event = scope && chance(m, 50) && may_say(m, SAY_AS_OF_EVENT);
    return moment(m, is_of_event ? scope : 0, depth);
}

static phrase *window_near_any(maker *m, const char *word, unsigned kinds, int depth)
{
    bool has_store = (kinds & (PURCHASE | VIEW | REFUND)) != 0;
    bool has_same = has_store && chance(m, 50) && may_say(m, SAY_WITHIN_ANY_SAME);
    const char *words = arena_format(m->memory, "within %s %s any ~%s~", distance(m),
                                     word, kind_names[below(m, has_same ? 3 : 4)]);
    phrase *same = has_same ? leaf(m, SORT_OPTIONAL, 0, " with same store") : nothing(m);
    if (!has_same && depth > 0 && chance(m, 40)) {
        unsigned any;
        return say(m->memory, SORT_FIXED, 0,
                   arena_format(m->memory, "within %s %s any ~", distance(m), word), 1,
                   step(m, &any, depth - 1));
    }
    return say(m->memory, SORT_FIXED, 0, words, 2, nothing(m), same);
}

static phrase *newest(maker *m, const char *name)
{
    if (!name)
        return fixed(m, "today");
    return fixed(m, arena_format(m->memory, "in last %zu %s", below(m, 4) + 1, name));
}

/* `scope`: what a `where` around it judges. `kinds`: the events it is on (0: a time
 * value), and their name, if they have one. */
static phrase *one_window(maker *m, unsigned scope, unsigned kinds, const char *name,
                          int depth)
{
    bool on_events = kinds != 0;
    static const char *const near[] = {"of", "after", "before"};
    arena *a = m->memory;
    construct c =
        on_events
            ? CHOOSE(m, SAY_IN_LAST, SAY_IN_LAST, SAY_IN_PREVIOUS, SAY_LAST_FULL,
                     SAY_LAST_FULL_HOURS, SAY_LAST_EVENTS, SAY_IN_THIS, SAY_UNIT_OF,
                     SAY_UNIT_AFTER, SAY_UNIT_BEFORE, SAY_TODAY, SAY_YESTERDAY,
                     SAY_BETWEEN, SAY_SINCE, SAY_BEFORE, SAY_AFTER, SAY_UNTIL,
                     SAY_AT_OR_AFTER, SAY_ON, SAY_DURING, SAY_WITHIN_OF, SAY_WITHIN_AFTER,
                     SAY_WITHIN_BEFORE, SAY_WITHIN_ANY)
            : CHOOSE(m, SAY_IN_LAST, SAY_IN_NEXT, SAY_NEXT_FULL, SAY_IN_PREVIOUS,
                     SAY_LAST_FULL, SAY_IN_THIS, SAY_UNIT_OF, SAY_UNIT_AFTER,
                     SAY_UNIT_BEFORE, SAY_TODAY, SAY_YESTERDAY, SAY_TOMORROW, SAY_BETWEEN,
                     SAY_SINCE, SAY_BEFORE, SAY_AFTER, SAY_ON, SAY_DURING, SAY_WITHIN_OF,
                     SAY_WITHIN_AFTER, SAY_WITHIN_BEFORE, SAY_LAST_FULL_HOURS);
    switch (c) {
    case SAY_IN_LAST: return fixed(m, arena_format(a, "in last %s", any_duration(m)));
    case SAY_IN_PREVIOUS:
        return fixed(m, arena_format(a, "in previous %s", any_duration(m)));
    case SAY_IN_NEXT: return fixed(m, arena_format(a, "in next %s", any_duration(m)));
    case SAY_LAST_FULL:
        return fixed(m,
                     arena_format(a, "in last %zu full %ss", below(m, 3) + 1, unit(m)));
    case SAY_NEXT_FULL:
        return fixed(m,
                     arena_format(a, "in next %zu full %ss", below(m, 3) + 1, unit(m)));
    case SAY_LAST_FULL_HOURS: return fixed(m, "in last 2 full hours");
    case SAY_LAST_EVENTS: return newest(m, name);
    case SAY_IN_THIS: return fixed(m, arena_format(a, "in this %s", unit(m)));
    case SAY_UNIT_OF: return near_unit(m, scope, "in %s of ~", depth);
    case SAY_UNIT_AFTER: return near_unit(m, scope, "in %s after ~", depth);
    case SAY_UNIT_BEFORE: return near_unit(m, scope, "in %s before ~", depth);
    case SAY_TODAY: return fixed(m, "today");
    case SAY_YESTERDAY: return fixed(m, "yesterday");
    case SAY_TOMORROW: return fixed(m, "tomorrow");
    case SAY_BETWEEN:
        return say(a, SORT_FIXED, 0, "between ~ and ~", 2, window_end(m, scope, depth),
                   window_end(m, scope, depth));
    case SAY_SINCE: return anchored(m, scope, "since ~", depth);
    case SAY_BEFORE: return anchored(m, scope, "before ~", depth);
    case SAY_AFTER: return anchored(m, scope, "after ~", depth);
    case SAY_UNTIL:
        return anchored(m, scope, chance(m, 70) ? "until ~" : "at or before ~", depth);
    case SAY_AT_OR_AFTER: return anchored(m, scope, "at or after ~", depth);
    case SAY_ON: return fixed(m, arena_format(a, "on %s", date_literal(m)));
    case SAY_DURING:
        if (m->occasions.count == 0)
            return fixed(m, "today");
        return fixed(m, arena_format(a, "during %s", name_of(m, &m->occasions)));
    case SAY_WITHIN_OF:
        return anchored(m, scope, arena_format(a, "within %s of ~", distance(m)), depth);
    case SAY_WITHIN_AFTER:
        return anchored(m, scope, arena_format(a, "within %s after ~", distance(m)),
                        depth);
    case SAY_WITHIN_BEFORE:
        return anchored(m, scope, arena_format(a, "within %s before ~", distance(m)),
                        depth);
    default: return window_near_any(m, PICK(m, near), kinds, depth);
    }
}

static phrase *optional_window(maker *m, unsigned scope, unsigned kinds, const char *name,
                               int depth)
{
    return say(m->memory, SORT_OPTIONAL, 0, " ~", 1,
               one_window(m, scope, kinds, name, depth));
}

/* None, one or two windows on the events that were said last. */
static phrase *windows(maker *m, unsigned scope, int depth)
{
    unsigned kinds = m->asked_kinds;
    const char *name = m->asked_name;
    if (chance(m, 30))
        return nothing(m);
    phrase *first = optional_window(m, scope, kinds, name, depth);
    bool has_second = chance(m, 15) && may_say(m, SAY_TWO_WINDOWS);
    return say(m->memory, SORT_FIXED, 0, "~~", 2, first,
               has_second ? optional_window(m, scope, kinds, name, depth) : nothing(m));
}

/* ---- which events -------------------------------------------------------------------- */

static phrase *where(maker *m, unsigned kinds, int depth)
{
    if (depth <= 0 || !chance(m, 45) || !may_say(m, SAY_WHERE))
        return nothing(m);
    int rest = chance(m, 30) ? depth : depth - 1; /* also for aggregates inside it */
    return say(m->memory, SORT_OPTIONAL, 0, " where (~)", 1, condition(m, kinds, rest));
}

/* A kind or a declared event without its `where`; *kinds is what it may be. */
static phrase *kind(maker *m, unsigned *kinds)
{
    if (chance(m, 8) && may_say(m, SAY_ANYTHING)) {
        *kinds = ANYTHING;
        return fixed(m, "anything");
    }
    if (m->names->events.count > 0 && chance(m, 20) && may_say(m, SAY_DECLARED_EVENT)) {
        size_t i = below(m, m->names->events.count);
        *kinds = m->names->events.kinds[i];
        return fixed(m, m->names->events.items[i]);
    }
    size_t i = chance(m, 10) && may_say(m, SAY_SESSION) ? 4
               : chance(m, 45)                          ? 0
                                                        : below(m, 4);
    *kinds = 1u << i;
    return fixed(m, kind_names[i]);
}

static phrase *single_event(maker *m, unsigned *kinds, int depth)
{
    phrase *name = kind(m, kinds);
    return say(m->memory, SORT_FIXED, 0, "~~", 2, name, where(m, *kinds, depth));
}

static phrase *alternatives(maker *m, unsigned *kinds, int depth)
{
    unsigned a, b;
    phrase *first = single_event(m, &a, depth - 1),
           *second = single_event(m, &b, depth - 1);
    *kinds = a | b;
    return say(m->memory, SORT_FIXED, 0, "(~ or ~)", 2, first, second);
}

/* One event, or alternatives; without SESSION beside kinds of the data. */
static phrase *step(maker *m, unsigned *kinds, int depth)
{
    if (depth <= 0 || !chance(m, 25) || !may_say(m, SAY_ALTERNATIVES))
        return single_event(m, kinds, depth);
    phrase *any = alternatives(m, kinds, depth);
    bool has_where = chance(m, 50) && may_say(m, SAY_ALTERNATIVES_WHERE);
    return say(m->memory, SORT_FIXED, 0, "~~", 2, any,
               has_where ? where(m, *kinds, depth) : nothing(m));
}

/* From a lower bound to an upper one, both from the step before. */
static const char *two_bounds(maker *m)
{
    static const char *const lower[] = {"more than", "at least"};
    static const char *const upper[] = {"fewer than", "at most"};
    const char *from = chance(m, 30) ? "0 seconds" : any_duration(m);
    const char *words[] = {
        arena_format(m->memory, " %s %s later", PICK(m, lower), from),
        arena_format(m->memory, " %s %s later", PICK(m, upper), any_duration(m))};
    bool is_swapped = chance(m, 30);
    return arena_format(m->memory, "%s%s", words[is_swapped], words[!is_swapped]);
}

static phrase *spacing(maker *m, bool is_negated)
{
    static const char *const later[] = {"more than", "at least", "at most", "fewer than",
                                        "exactly"};
    if (chance(m, 55) && may_say(m, SAY_SEQUENCE_WITHIN))
        return leaf(m, SORT_OPTIONAL, 0,
                    arena_format(m->memory, " within %s", any_duration(m)));
    if (!is_negated && chance(m, 40) && may_say(m, SAY_SEQUENCE_LATER))
        return leaf(m, SORT_OPTIONAL, 0,
                    arena_format(m->memory, " %s %s later", PICK(m, later),
                                 chance(m, 20) ? "0 seconds" : any_duration(m)));
    if (!is_negated && chance(m, 20) && may_say(m, SAY_SEQUENCE_BETWEEN))
        return leaf(m, SORT_OPTIONAL, 0, two_bounds(m));
    return nothing(m);
}

/* `all_kinds`: of which all steps are. */
static phrase *link(maker *m, unsigned *last_kinds, unsigned *all_kinds, int depth)
{
    const char *words = " then ~~";
    unsigned kinds;
    bool is_negated = chance(m, 35) && may_say(m, SAY_SEQUENCE_NO);
    if (is_negated)
        words = " then no ~~";
    else if (chance(m, 15) && may_say(m, SAY_SEQUENCE_DIRECTLY))
        words = " then directly ~~";
    phrase *what = step(m, &kinds, depth - 1);
    if (!is_negated)
        *last_kinds = kinds;
    *all_kinds |= kinds;
    return say(m->memory, SORT_FIXED, 0, words, 2, what, spacing(m, is_negated));
}

static phrase *bounds(maker *m, unsigned kinds)
{
    phrase *within = nothing(m), *same = nothing(m);
    if (chance(m, 25) && may_say(m, SAY_SEQUENCE_ALL_WITHIN))
        within = leaf(m, SORT_OPTIONAL, 0,
                      arena_format(m->memory, " all within %s", any_duration(m)));
    if ((kinds & (LOGIN | SESSION)) == 0 && chance(m, 50) &&
        may_say(m, SAY_SEQUENCE_SAME))
        same = leaf(m, SORT_OPTIONAL, 0, " with same store");
    return say(m->memory, SORT_FIXED, 0, "~~", 2, within, same);
}

static phrase *in_any_order(maker *m, unsigned *kinds, int depth)
{
    unsigned a, b, c;
    phrase *first = step(m, &a, depth - 1), *second = step(m, &b, depth - 1);
    phrase *third = nothing(m);
    *kinds = a | b;
    if (chance(m, 40)) {
        third = say(m->memory, SORT_OPTIONAL, 0, " and ~", 1, step(m, &c, depth - 1));
        *kinds |= c;
    }
    return say(m->memory, SORT_FIXED, 0, "(~ and ~~)~", 4, first, second, third,
               bounds(m, *kinds));
}

/* What may lie between steps in their order. */
static phrase *strictness(maker *m, int depth)
{
    unsigned kinds;
    if (chance(m, 15) && may_say(m, SAY_SEQUENCE_ONLY))
        return say(m->memory, SORT_OPTIONAL, 0, " with only ~", 1,
                   step(m, &kinds, depth - 1));
    if (chance(m, 15) && may_say(m, SAY_SEQUENCE_NO_REPEATS))
        return leaf(m, SORT_OPTIONAL, 0, " without repeats");
    if (chance(m, 15) && may_say(m, SAY_SEQUENCE_STRICTLY_LATER))
        return leaf(m, SORT_OPTIONAL, 0, " strictly later");
    return nothing(m);
}

static phrase *event_sequence(maker *m, unsigned *kinds, int depth)
{
    unsigned all;
    if (chance(m, 20) && may_say(m, SAY_ANY_ORDER))
        return in_any_order(m, kinds, depth);
    phrase *first = step(m, kinds, depth - 1);
    all = *kinds;
    phrase *second = link(m, kinds, &all, depth), *third = nothing(m);
    if (chance(m, 40)) {
        third = link(m, kinds, &all, depth);
        third->sort = SORT_OPTIONAL;
    }
    phrase *ends = bounds(m, all);
    return say(m->memory, SORT_FIXED, 0, "(~~~)~~", 5, first, second, third, ends,
               strictness(m, depth));
}

static phrase *events(maker *m, int depth)
{
    unsigned kinds;
    phrase *what;
    if (chance(m, 30) && may_say(m, SAY_SEQUENCE)) {
        what = event_sequence(m, &kinds, depth);
        m->asked_name = NULL;
    } else {
        what = step(m, &kinds, depth);
        const char *name = what->parts[0]->words;
        bool is_single = what->parts[0]->part_count == 0 && strcmp(name, "anything") != 0;
        m->asked_name = is_single ? name : NULL;
    }
    m->asked_kinds = kinds;
    return what;
}

/* ---- lists inside events ------------------------------------------------------------- */

/* May lists be asked about here? */
static bool has_lists(unsigned scope)
{
    return (scope & (PURCHASE | REFUND)) != 0 && constructs[SAY_ITEMS].is_said;
}

static phrase *where_of_items(maker *m, unsigned scope, unsigned list, int depth)
{
    if (depth <= 0 || !chance(m, 55))
        return nothing(m);
    return say(m->memory, SORT_OPTIONAL, scope, " where (~)", 1,
               condition(m, (scope & ANYTHING) | list, depth - 1));
}

/* The items have no event around them, so only what they have themselves is asked. */
static phrase *where_of_hobbies(maker *m, int depth)
{
    static const char *const joins[] = {"and", "or"};
    if (depth <= 0 || !chance(m, 55))
        return nothing(m);
    const char *topic =
        arena_format(m->memory, "topic %s %s", compare_word(m, false), text_literal(m));
    const char *points =
        arena_format(m->memory, "points %s %s", compare_word(m, true), number_literal(m));
    const char *forms[] = {
        topic,
        points,
        "topic is missing",
        "nth >= 2",
        "points * nth < 3",
        arena_format(m->memory, "%s %s %s", topic, PICK(m, joins), points)};
    return leaf(m, SORT_OPTIONAL, 0,
                arena_format(m->memory, " where (%s)", PICK(m, forms)));
}

/* A list that a person has is asked for as much outside of a `where` as inside of one. */
static phrase *list_trait_number(maker *m, unsigned scope, int depth)
{
    static const char *const words[] = {"count(%s~)", "sum(%s.points~)",
                                        "max(%s.points~)", "distinct(%s.topic~)",
                                        "avg(%s.points~)"};
    static const char *const of_labels[] = {"count(%s)", "distinct(%s)"};
    may_say(m, SAY_LIST_TRAITS);
    if (chance(m, 40))
        return leaf(m, SORT_NUMBER, scope,
                    arena_format(m->memory, PICK(m, of_labels), trait(m, "labels")));
    return say(m->memory, SORT_NUMBER, scope,
               arena_format(m->memory, PICK(m, words), trait(m, "hobbies")), 1,
               where_of_hobbies(m, depth));
}

static phrase *list_trait_condition(maker *m, unsigned scope, int depth)
{
    static const char *const tests[] = {"%s in %s", "%s not in %s"};
    static const char *const contents[] = {"%s contains %s", "%s not contains %s"};
    static const char *const dids[] = {"did %s~", "did not %s~",
                                       "did %s~ at least twice"};
    const char *labels = trait(m, "labels");
    static const char *const has[] = {"any of", "all of", "none of"};
    may_say(m, SAY_LIST_TRAITS);
    if (chance(m, 25))
        return leaf(m, SORT_CONDITION, scope,
                    arena_format(m->memory, "%s has %s (%s, %s)", labels, PICK(m, has),
                                 text_literal(m), text_literal(m)));
    if (chance(m, 40))
        return say(m->memory, SORT_CONDITION, scope,
                   arena_format(m->memory, PICK(m, dids), trait(m, "hobbies")), 1,
                   where_of_hobbies(m, depth));
    return leaf(
        m, SORT_CONDITION, scope,
        chance(m, 60)
            ? arena_format(m->memory, PICK(m, tests), text_literal(m), labels)
            : arena_format(m->memory, PICK(m, contents), labels, text_literal(m)));
}

/* A number about the items of the event that a `where` asks. */
static phrase *items_number(maker *m, unsigned scope, int depth)
{
    static const char *const of_items[] = {
        "count(items~)",       "sum(items.price~)",    "avg(items.price~)",
        "max(items.qty~)",     "min(items.price~)",    "distinct(items.sku~)",
        "(last items.price~)", "(first items.qty~)",   "sum(items.(price * qty)~)",
        "count(items.gift~)",  "median(items.price~)", "most_common(items.qty~)",
        "max(items.nth~)"};
    static const char *const of_tags[] = {"count(tags~)", "distinct(tags~)"};
    may_say(m, SAY_ITEMS);
    if ((scope & PURCHASE) && chance(m, 75))
        return say(m->memory, SORT_NUMBER, scope, PICK(m, of_items), 1,
                   where_of_items(m, scope, ITEMS, depth));
    return say(m->memory, SORT_NUMBER, scope, PICK(m, of_tags), 1,
               where_of_items(m, scope, TAGS, depth));
}

static phrase *items_condition(maker *m, unsigned scope, int depth)
{
    static const char *const dids[] = {"did items~", "did not items~",
                                       "did items~ at least twice"};
    static const char *const tests[] = {"~ in tags", "~ not in tags"};
    static const char *const contents[] = {"tags contains ~", "tags not contains ~"};
    may_say(m, SAY_ITEMS);
    if ((scope & PURCHASE) && chance(m, 50))
        return say(m->memory, SORT_CONDITION, scope, PICK(m, dids), 1,
                   where_of_items(m, scope, ITEMS, depth));
    if ((scope & PURCHASE) && chance(m, 20))
        return leaf(m, SORT_CONDITION, scope, "share(items where (gift)) >= 50%");
    return say(m->memory, SORT_CONDITION, scope,
               chance(m, 50) ? PICK(m, tests) : PICK(m, contents), 1,
               text_value(m, scope, depth - 1));
}

/* Events with the value of each: `purchase.amount where (...)`. NULL: no kind has such. */
static phrase *event_values_of(maker *m, type_kind type, unsigned *asked, int depth)
{
    unsigned kinds;
    arena *a = m->memory;
    phrase *name = chance(m, 40) && depth > 0 && may_say(m, SAY_ALTERNATIVES)
                       ? alternatives(m, &kinds, depth)
                       : kind(m, &kinds);
    const char *property = property_of(m, kinds, type);
    *asked = kinds;
    if (type == TYPE_TIME && chance(m, 30))
        property = "time";
    if (type == TYPE_DURATION && chance(m, 30) && may_say(m, SAY_GAP))
        property = "gap";
    if (!property)
        return NULL;
    phrase *which = where(m, kinds, depth);
    bool is_kind = name->part_count == 0;
    if (is_kind && depth > 0 && chance(m, 15) && may_say(m, SAY_EVENT_VALUE)) {
        phrase *v = type == TYPE_DURATION  ? duration(m, kinds, depth - 1)
                    : type == TYPE_TIME    ? time_value(m, kinds, depth - 1)
                    : type == TYPE_DATE    ? date_value(m, kinds, depth - 1)
                    : type == TYPE_DECIMAL ? number(m, kinds, depth - 1)
                                           : leaf(m, SORT_FIXED, 0, property);
        return say(a, SORT_FIXED, 0, "~.(~)~", 3, name, v, which);
    }
    return say(a, SORT_FIXED, 0, arena_format(a, "~.%s~", property), 2, name, which);
}

static phrase *event_values(maker *m, type_kind type, int depth)
{
    unsigned kinds;
    phrase *p = event_values_of(m, type, &kinds, depth);
    while (!p)
        p = event_values_of(m, type, &kinds, depth);
    const char *name = p->parts[0]->words;
    bool is_single = p->parts[0]->part_count == 0 && strcmp(name, "anything") != 0;
    m->asked_kinds = kinds;
    m->asked_name = is_single ? name : NULL;
    return p;
}

/* last purchase.amount, first (purchase.amount in last 30 days) */
static phrase *picked(maker *m, phrase_sort sort, unsigned scope, type_kind type,
                      int depth)
{
    bool is_first = chance(m, 40);
    may_say(m, is_first ? SAY_FIRST : SAY_LAST);
    phrase *values = type == TYPE_TIME && chance(m, 60) ? events(m, depth)
                                                        : event_values(m, type, depth);
    return say(m->memory, sort, scope, is_first ? "(first (~~))" : "(last (~~))", 2,
               values, windows(m, scope, depth - 1));
}

static phrase *aggregate(maker *m, phrase_sort sort, unsigned scope, const char *name,
                         phrase *what, int depth)
{
    return say(m->memory, sort, scope, arena_format(m->memory, "%s(~~)", name), 2, what,
               windows(m, scope, depth));
}

/* ---- values of any type -------------------------------------------------------------- */

/* user.age, account.age */
static const char *trait(maker *m, const char *name)
{
    return arena_format(m->memory, "%s.%s", m->of_accounts ? "account" : "user", name);
}

static const char *trait_of(maker *m, type_kind type)
{
    static const char *const numeric[] = {"age", "spend", "score"};
    switch (type) {
    case TYPE_STRING: return trait(m, "country");
    case TYPE_BOOL: return trait(m, "member");
    case TYPE_DATE: return trait(m, "birthday");
    case TYPE_TIME: return trait(m, "joined");
    case TYPE_PERSON: return trait(m, "mate");
    case TYPE_VERSION: return trait(m, "app");
    default: return trait(m, PICK(m, numeric));
    }
}

/* A value of a person or of the event that is asked, a let; or NULL. */
static phrase *named_value(maker *m, phrase_sort sort, unsigned scope, type_kind type,
                           int depth)
{
    const char *property = scope ? property_of(m, scope, type) : NULL;
    const name_list *lets = &m->names->lets[type];
    if (property && chance(m, 70) && may_say(m, SAY_NUMBER_PROPERTY))
        return leaf(m, sort, scope, property);
    const char *own = trait_of(m, type);
    if (lets->count > 0 && chance(m, scope ? 60 : 35)) {
        if (chance(m, scope ? 70 : 35) && may_say(m, SAY_AS_OF))
            return say(m->memory, sort, scope,
                       arena_format(m->memory, "(%s as of ~)", name_of(m, lets)), 1,
                       other_instant(m, scope, depth));
        may_say(m, SAY_LET);
        return leaf(m, sort, scope, name_of(m, lets));
    }
    if (scope && chance(m, 20) && may_say(m, SAY_TRAIT_AT_EVENT))
        return leaf(m, sort, scope, arena_format(m->memory, "(%s as of time)", own));
    if (chance(m, 15) && may_say(m, SAY_AS_OF))
        return say(m->memory, sort, scope, arena_format(m->memory, "(%s as of ~)", own),
                   1, other_instant(m, scope, depth));
    may_say(m, SAY_NUMBER_TRAIT);
    return leaf(m, sort, scope, own);
}

/* if ... then a else b, or one of them. */
static phrase *perhaps_choice(maker *m, phrase *p, phrase *other, int depth)
{
    if (depth <= 0 || !chance(m, 6) || !may_say(m, SAY_NUMBER_IF))
        return p;
    return say(m->memory, p->sort, p->scope, "(if ~ then ~ else ~)", 3,
               condition(m, p->scope, depth - 1), p, other);
}

/* ---- numbers ------------------------------------------------------------------------- */

static phrase *time_part_number(maker *m, unsigned scope, int depth)
{
    static const char *const parts[] = {"hour", "day_of_month", "month_of_year", "year"};
    (void)depth;
    if (scope && chance(m, 60))
        return leaf(m, SORT_NUMBER, scope,
                    arena_format(m->memory, "time.%s", PICK(m, parts)));
    if (chance(m, 30) && may_say(m, SAY_PART_OF_NOW))
        return leaf(m, SORT_NUMBER, scope,
                    arena_format(m->memory, "now.%s", PICK(m, parts)));
    if (chance(m, 50))
        return leaf(m, SORT_NUMBER, scope,
                    arena_format(m->memory, "(last purchase.%s.%s)",
                                 chance(m, 50) ? "time" : "shipped", PICK(m, parts)));
    return leaf(m, SORT_NUMBER, scope,
                arena_format(m->memory, "%s.%s", trait(m, "joined"), PICK(m, parts)));
}

static phrase *binary(maker *m, unsigned scope, const char *words, int depth)
{
    return say(m->memory, SORT_NUMBER, scope, words, 2, number(m, scope, depth - 1),
               number(m, scope, depth - 1));
}

static type_kind some_type(maker *m)
{
    static const type_kind types[] = {TYPE_DECIMAL, TYPE_STRING, TYPE_BOOL,
                                      TYPE_DATE,    TYPE_TIME,   TYPE_DURATION,
                                      TYPE_PERSON,  TYPE_VERSION};
    return PICK(m, types);
}

static phrase *with_where(maker *m, int depth)
{
    unsigned kinds;
    phrase *name = kind(m, &kinds);
    return say(m->memory, SORT_FIXED, 0, "~ where (~)", 2, name,
               condition(m, kinds, depth - 1));
}

static const char *times_words(maker *m)
{
    static const char *const words[] = {"at least", "at most", "exactly", "more than",
                                        "fewer than"};
    static const char *const counts[] = {"1 time",  "2 times", "3 times",
                                         "0 times", "once",    "twice"};
    return arena_format(m->memory, " %s %s", PICK(m, words), PICK(m, counts));
}

static phrase *units_with(maker *m, unsigned scope, const char *how, int depth)
{
    phrase *times = nothing(m), *what = events(m, depth - 1),
           *when = windows(m, scope, depth - 1);
    if (chance(m, 50) && may_say(m, SAY_UNITS_WITH_TIMES))
        times = leaf(m, SORT_OPTIONAL, 0, times_words(m));
    return say(m->memory, SORT_NUMBER, scope,
               arena_format(m->memory, "%ss_%s(~~~)", unit(m), how), 3, what, times,
               when);
}

static phrase *among(maker *m)
{
    static const char *const classes[] = {"country", "member", "age", "app"};
    phrase *universe = nothing(m), *class = nothing(m);
    if (m->names->members.count > 0 && chance(m, 50) && may_say(m, SAY_RANK_AMONG))
        universe =
            leaf(m, SORT_OPTIONAL, 0,
                 arena_format(m->memory, " among %s", name_of(m, &m->names->members)));
    if (chance(m, 30) && may_say(m, SAY_WITHIN_EACH))
        class =
            leaf(m, SORT_OPTIONAL, 0,
                 arena_format(m->memory, " within each %s", trait(m, PICK(m, classes))));
    return say(m->memory, SORT_FIXED, 0, "~~", 2, universe, class);
}

static phrase *ranking(maker *m, unsigned scope, const char *words, int depth)
{
    phrase *x = chance(m, 75)   ? number(m, 0, depth - 1)
                : chance(m, 50) ? duration(m, 0, depth - 1)
                                : time_value(m, 0, depth - 1);
    return say(m->memory, SORT_NUMBER, scope, words, 2, x, among(m));
}

static phrase *simple_number(maker *m, unsigned scope, int depth)
{
    if (scope && chance(m, 15) && may_say(m, SAY_NTH))
        return leaf(m, SORT_NUMBER, scope, "nth");
    if (chance(m, 45) && may_say(m, SAY_NUMBER_LITERAL))
        return leaf(m, SORT_NUMBER, scope, number_literal(m));
    return named_value(m, SORT_NUMBER, scope, TYPE_DECIMAL, depth);
}

/* How many people of the account are so. The condition is about a person again. */
static phrase *user_count(maker *m, unsigned scope, int depth)
{
    static const char *const words[] = {"count(user~)", "distinct(user.country~)",
                                        "sum(user.age~)", "max(user.spend~)"};
    phrase *which = nothing(m);
    if (chance(m, 70)) {
        m->of_accounts = false;
        m->names = &m->of_people;
        which =
            say(m->memory, SORT_OPTIONAL, 0, " where (~)", 1, condition(m, 0, depth - 1));
        m->of_accounts = true;
        m->names = &m->of_account;
    }
    return say(m->memory, SORT_NUMBER, scope, PICK(m, words), 1, which);
}

/* sum(purchase.amount in last 90 days) with half-life 30 days */
static phrase *fading(maker *m, phrase_sort sort, unsigned scope, type_kind type,
                      int depth)
{
    static const char *const forms[] = {"(sum(~~) with half-life %s)",
                                        "(count(~~) with half-life %s)"};
    bool is_count = type == TYPE_DECIMAL && chance(m, 40);
    phrase *what = is_count && chance(m, 60)
                       ? events(m, depth - 1)
                       : event_values(m, is_count ? some_type(m) : type, depth - 1);
    return say(m->memory, sort, scope,
               arena_format(m->memory, forms[is_count], exact_duration(m)), 2, what,
               windows(m, scope, depth - 1));
}

/* avg(sum(purchase.amount) per day in last 90 days) */
static phrase *per_unit(maker *m, unsigned scope, int depth)
{
    static const char *const outer[] = {"avg",    "sum",    "min",  "max",
                                        "median", "stddev", "range"};
    static const char *const each[] = {"sum", "distinct", "avg", "min", "max", "median"};
    bool has_empty = chance(m, 50) && may_say(m, SAY_PER_UNIT_OR_0);
    const char *of_unit = has_empty ? each[below(m, 2)] : PICK(m, each);
    phrase *what;
    if (chance(m, 40)) {
        of_unit = "count";
        what = events(m, depth - 1);
    } else {
        what = event_values(m, TYPE_DECIMAL, depth - 1);
    }
    may_say(m, SAY_PER_UNIT);
    return say(m->memory, SORT_NUMBER, scope,
               arena_format(m->memory, "%s(%s(~) per %s%s~)",
                            has_empty ? outer[below(m, 4)] : PICK(m, outer), of_unit,
                            unit(m), has_empty ? " else 0" : ""),
               2, what, windows(m, scope, depth - 1));
}

/* pure.tail(list(purchase.amount in last 30 days), x): values of all types. */
static phrase *of_list(maker *m, unsigned scope, int depth)
{
    static const type_kind types[] = {TYPE_DECIMAL, TYPE_NUMBER, TYPE_TIME,
                                      TYPE_STRING,  TYPE_DATE,   TYPE_DURATION,
                                      TYPE_BOOL,    TYPE_PERSON, TYPE_VERSION};
    if (chance(m, 40) && may_say(m, SAY_STEPS)) {
        phrase *amounts = aggregate(m, SORT_FIXED, scope, "list",
                                    event_values(m, TYPE_DECIMAL, depth - 1), depth - 1);
        return say(m->memory, SORT_NUMBER, scope, "pure.walk(~, ~)", 2, amounts,
                   number(m, scope, depth - 1));
    }
    phrase *list = aggregate(m, SORT_FIXED, scope, "list",
                             event_values(m, PICK(m, types), depth - 1), depth - 1);
    return say(m->memory, SORT_NUMBER, scope, "pure.tail(~, ~)", 2, list,
               number(m, scope, depth - 1));
}

static phrase *aggregate_number(maker *m, unsigned scope, int depth)
{
    arena *a = m->memory;
    if (m->of_accounts && !scope && chance(m, 35) && may_say(m, SAY_USERS))
        return user_count(m, scope, depth);
    construct c =
        CHOOSE(m, SAY_COUNT, SAY_COUNT, SAY_COUNT_VALUES, SAY_SUM, SAY_SUM, SAY_HALF_LIFE,
               SAY_AVG, SAY_MIN, SAY_MAX, SAY_RANGE, SAY_DISTINCT, SAY_SHARE,
               SAY_PER_UNIT, SAY_UNITS_WITH, SAY_STREAK, SAY_MEDIAN, SAY_QUANTILE,
               SAY_STDDEV, SAY_MOST_COMMON, SAY_FIRST);
    static const char *const shares[] = {"50%", "90%", "0", "1", "25%", "33%"};
    switch (c) {
    case SAY_COUNT:
        return aggregate(m, SORT_NUMBER, scope, "count", events(m, depth - 1), depth - 1);
    case SAY_HALF_LIFE: return fading(m, SORT_NUMBER, scope, TYPE_DECIMAL, depth);
    case SAY_PER_UNIT: return per_unit(m, scope, depth);
    case SAY_COUNT_VALUES:
        return aggregate(m, SORT_NUMBER, scope, "count",
                         event_values(m, some_type(m), depth - 1), depth - 1);
    case SAY_DISTINCT:
        return aggregate(m, SORT_NUMBER, scope, "distinct",
                         event_values(m, some_type(m), depth - 1), depth - 1);
    case SAY_SHARE:
        return aggregate(m, SORT_NUMBER, scope, "share", with_where(m, depth), depth - 1);
    case SAY_UNITS_WITH: return units_with(m, scope, "with", depth);
    case SAY_STREAK: return units_with(m, scope, "in_a_row", depth);
    case SAY_FIRST: return picked(m, SORT_NUMBER, scope, TYPE_DECIMAL, depth);
    case SAY_QUANTILE: {
        phrase *what = event_values(m, TYPE_DECIMAL, depth - 1);
        return say(a, SORT_NUMBER, scope,
                   arena_format(a, "quantile(~~, %s)", PICK(m, shares)), 2, what,
                   windows(m, scope, depth - 1));
    }
    default: {
        const char *name = c == SAY_SUM      ? "sum"
                           : c == SAY_AVG    ? "avg"
                           : c == SAY_MIN    ? "min"
                           : c == SAY_MAX    ? "max"
                           : c == SAY_RANGE  ? "range"
                           : c == SAY_MEDIAN ? "median"
                           : c == SAY_STDDEV ? "stddev"
                                             : "most_common";
        return aggregate(m, SORT_NUMBER, scope, name,
                         event_values(m, TYPE_DECIMAL, depth - 1), depth - 1);
    }
    }
}

static phrase *any_number(maker *m, unsigned scope, int depth)
{
    arena *a = m->memory;
    if (chance(m, 3) && constructs[SAY_LIST_TRAITS].is_said)
        return list_trait_number(m, scope, depth);
    if (has_lists(scope) && chance(m, 20))
        return items_number(m, scope, depth);
    if (depth <= 0 || chance(m, 25))
        return simple_number(m, scope, depth);
    if (chance(m, scope ? 20 : 55)) {
        if (scope)
            may_say(m, SAY_VALUE_INSIDE_WHERE);
        return aggregate_number(m, scope, depth);
    }
    construct c = CHOOSE(m, SAY_ADD, SAY_SUBTRACT, SAY_MULTIPLY, SAY_DIVIDE, SAY_NEGATE,
                         SAY_DIVIDE_DURATIONS, SAY_SMALLER, SAY_LARGER, SAY_TIME_PART,
                         SAY_NTILE, SAY_PERCENTILE, SAY_RANK, SAY_SCRIPT);
    switch (c) {
    case SAY_ADD: return binary(m, scope, "(~ + ~)", depth);
    case SAY_SUBTRACT: return binary(m, scope, "(~ - ~)", depth);
    case SAY_MULTIPLY: return binary(m, scope, "(~ * ~)", depth);
    case SAY_DIVIDE: return binary(m, scope, "(~ / ~)", depth);
    case SAY_NEGATE:
        return say(a, SORT_NUMBER, scope, "(- ~)", 1, number(m, scope, depth - 1));
    case SAY_DIVIDE_DURATIONS:
        return say(a, SORT_NUMBER, scope, "(~ / ~)", 2, duration(m, scope, depth - 1),
                   duration(m, scope, depth - 1));
    case SAY_SMALLER: return binary(m, scope, "smaller(~, ~)", depth);
    case SAY_LARGER: return binary(m, scope, "larger(~, ~)", depth);
    case SAY_TIME_PART: return time_part_number(m, scope, depth);
    case SAY_NTILE:
        return ranking(m, scope, arena_format(a, "ntile(%zu, ~~)", below(m, 5) + 1),
                       depth);
    case SAY_PERCENTILE: return ranking(m, scope, "percentile(~~)", depth);
    case SAY_RANK: return ranking(m, scope, "rank(~~)", depth);
    default:
        if (!m->files)
            return simple_number(m, scope, depth);
        if (chance(m, 40) && may_say(m, SAY_LIST))
            return of_list(m, scope, depth);
        return chance(m, 50) ? binary(m, scope, "pure.mean(~, ~)", depth)
                             : say(a, SORT_NUMBER, scope, "pure.size(~)", 1,
                                   text_value(m, scope, depth - 1));
    }
}

static phrase *number(maker *m, unsigned scope, int depth)
{
    phrase *p = any_number(m, scope, depth);
    return perhaps_choice(m, p, simple_number(m, scope, depth - 1), depth);
}

/* ---- durations ----------------------------------------------------------------------- */

static phrase *duration_aggregate(maker *m, unsigned scope, int depth)
{
    static const char *const names[] = {"sum", "avg", "min", "max"};
    static const type_kind ranged[] = {TYPE_DURATION, TYPE_TIME, TYPE_DATE};
    if (chance(m, 25) && may_say(m, SAY_RANGE))
        return aggregate(m, SORT_DURATION, scope, "range",
                         event_values(m, PICK(m, ranged), depth - 1), depth - 1);
    const char *name = PICK(m, names);
    if (chance(m, 15) && may_say(m, SAY_HALF_LIFE))
        return fading(m, SORT_DURATION, scope, TYPE_DURATION, depth);
    if (chance(m, 30) && may_say(m, SAY_MEDIAN))
        name = "median";
    else if (chance(m, 20) && may_say(m, SAY_STDDEV_OF_DURATIONS))
        name = "stddev";
    return aggregate(m, SORT_DURATION, scope, name,
                     event_values(m, TYPE_DURATION, depth - 1), depth - 1);
}

static phrase *duration(maker *m, unsigned scope, int depth)
{
    arena *a = m->memory;
    const char *property = scope ? property_of(m, scope, TYPE_DURATION) : NULL;
    if (scope && chance(m, 30) && may_say(m, SAY_GAP))
        return leaf(m, SORT_DURATION, scope, "gap");
    if (property && chance(m, 40))
        return leaf(m, SORT_DURATION, scope, property);
    if (depth <= 0 || chance(m, 25))
        return leaf(m, SORT_DURATION, scope,
                    chance(m, 6) ? "0.000001 seconds" : exact_duration(m));
    switch (CHOOSE(m, SAY_TIME_SINCE, SAY_TIME_SINCE, SAY_TIME_UNTIL,
                   SAY_DURATION_ARITHMETIC, SAY_DATE_DIFFERENCE, SAY_TIME_DIFFERENCE,
                   SAY_SUM, SAY_LAST)) {
    case SAY_TIME_SINCE:
        return say(a, SORT_DURATION, scope, "(time since ~)", 1,
                   moment(m, scope, depth - 1));
    case SAY_TIME_UNTIL:
        return say(a, SORT_DURATION, scope, "(time until ~)", 1,
                   moment(m, scope, depth - 1));
    case SAY_DURATION_ARITHMETIC: {
        static const char *const sums[] = {"(~ + ~)", "(~ - ~)", "smaller(~, ~)",
                                           "larger(~, ~)"};
        phrase *x = duration(m, scope, depth - 1);
        if (chance(m, 50))
            return say(a, SORT_DURATION, scope, PICK(m, sums), 2, x,
                       duration(m, scope, depth - 1));
        return say(a, SORT_DURATION, scope, chance(m, 50) ? "(~ * ~)" : "(~ / ~)", 2, x,
                   number(m, scope, depth - 1));
    }
    case SAY_DATE_DIFFERENCE:
        return say(a, SORT_DURATION, scope, "(~ - ~)", 2, date_value(m, scope, depth - 1),
                   date_value(m, scope, depth - 1));
    case SAY_TIME_DIFFERENCE:
        return say(a, SORT_DURATION, scope, "(~ - ~)", 2, time_value(m, scope, depth - 1),
                   time_value(m, scope, depth - 1));
    case SAY_SUM: return duration_aggregate(m, scope, depth);
    default: return picked(m, SORT_DURATION, scope, TYPE_DURATION, depth);
    }
}

/* ---- times and dates ----------------------------------------------------------------- */

static phrase *time_value(maker *m, unsigned scope, int depth)
{
    arena *a = m->memory;
    if (scope && chance(m, 40))
        return leaf(m, SORT_TIME, scope, "time");
    if (depth <= 0 || chance(m, 30)) {
        if (chance(m, 20))
            return leaf(m, SORT_TIME, scope, "now");
        if (chance(m, 35) && may_say(m, SAY_AGO))
            return leaf(m, SORT_TIME, scope,
                        arena_format(a, "(%s ago)", any_duration(m)));
        if (chance(m, 50))
            return leaf(m, SORT_TIME, scope, instant_literal(m));
        return named_value(m, SORT_TIME, scope, TYPE_TIME, 0);
    }
    phrase *p = NULL;
    switch (CHOOSE(m, SAY_LAST, SAY_LAST, SAY_MOVED_TIME, SAY_MIN, SAY_NUMBER_TRAIT,
                   SAY_LARGER, SAY_LAST_CHANGE)) {
    case SAY_LAST: p = picked(m, SORT_TIME, scope, TYPE_TIME, depth); break;
    case SAY_MOVED_TIME:
        p = say(a, SORT_TIME, scope,
                arena_format(a, "(~ %s %s)", chance(m, 50) ? "+" : "-", any_duration(m)),
                1, time_value(m, scope, depth - 1));
        break;
    case SAY_MIN:
        p = aggregate(m, SORT_TIME, scope, chance(m, 50) ? "min" : "max",
                      event_values(m, TYPE_TIME, depth - 1), depth - 1);
        break;
    case SAY_LARGER:
        p = say(a, SORT_TIME, scope, chance(m, 50) ? "larger(~, ~)" : "smaller(~, ~)", 2,
                time_value(m, scope, depth - 1), time_value(m, scope, depth - 1));
        break;
    case SAY_LAST_CHANGE: {
        static const char *const traits[] = {"country", "age",      "spend",
                                             "member",  "birthday", "app"};
        p = leaf(m, SORT_TIME, scope,
                 arena_format(a, "(last change of %s)", trait(m, PICK(m, traits))));
        break;
    }
    default: p = named_value(m, SORT_TIME, scope, TYPE_TIME, depth - 1); break;
    }
    return perhaps_choice(m, p, leaf(m, SORT_TIME, scope, "now"), depth);
}

static phrase *date_value(maker *m, unsigned scope, int depth)
{
    static const char *const moves[] = {"1 day", "2 weeks", "1 month", "1 year",
                                        "1 quarter"};
    arena *a = m->memory;
    if (depth <= 0 || chance(m, 35))
        return chance(m, 45) ? leaf(m, SORT_DATE, scope, date_literal(m))
                             : named_value(m, SORT_DATE, scope, TYPE_DATE, 0);
    switch (CHOOSE(m, SAY_LAST, SAY_MOVED_DATE, SAY_LOCAL_DATE, SAY_NUMBER_TRAIT,
                   SAY_NEXT_ANNIVERSARY, SAY_NEXT_OCCASION)) {
    case SAY_LAST: return picked(m, SORT_DATE, scope, TYPE_DATE, depth);
    case SAY_MOVED_DATE:
        return say(
            a, SORT_DATE, scope,
            arena_format(a, "(~ %s %s)", chance(m, 50) ? "+" : "-", PICK(m, moves)), 1,
            date_value(m, scope, depth - 1));
    case SAY_LOCAL_DATE:
        return leaf(m, SORT_DATE, scope,
                    scope && chance(m, 60) ? "time.date"
                    : chance(m, 30) && may_say(m, SAY_PART_OF_NOW)
                        ? "now.date"
                        : trait(m, "joined.date"));
    case SAY_NEXT_ANNIVERSARY:
        return say(a, SORT_DATE, scope, "(next anniversary of ~)", 1,
                   moment(m, scope, depth - 1));
    case SAY_NEXT_OCCASION:
        if (m->occasions.count > 0)
            return leaf(m, SORT_DATE, scope,
                        arena_format(a, "(next %s)", name_of(m, &m->occasions)));
        return leaf(m, SORT_DATE, scope, date_literal(m));
    default: return named_value(m, SORT_DATE, scope, TYPE_DATE, depth - 1);
    }
}

static phrase *moment(maker *m, unsigned scope, int depth)
{
    return chance(m, 65) ? time_value(m, scope, depth) : date_value(m, scope, depth);
}

/* ---- texts, people, bools ------------------------------------------------------------ */

static phrase *text_value(maker *m, unsigned scope, int depth)
{
    if (chance(m, 15))
        return leaf(m, SORT_TEXT, scope, text_literal(m));
    if (scope && chance(m, 15) && may_say(m, SAY_EVENT_NAME))
        return leaf(m, SORT_TEXT, scope, "event");
    if (chance(m, 15) && may_say(m, SAY_WEEKDAY))
        return leaf(m, SORT_TEXT, scope,
                    scope && chance(m, 60) ? "time.weekday"
                    : chance(m, 30) && may_say(m, SAY_PART_OF_NOW)
                        ? "now.weekday"
                        : trait(m, "joined.weekday"));
    if (depth > 0 && chance(m, 10) && may_say(m, SAY_MOST_COMMON))
        return aggregate(m, SORT_TEXT, scope, "most_common",
                         event_values(m, TYPE_STRING, depth - 1), depth - 1);
    if (depth > 0 && chance(m, 25))
        return picked(m, SORT_TEXT, scope, TYPE_STRING, depth);
    phrase *p = named_value(m, SORT_TEXT, scope, TYPE_STRING, depth);
    return perhaps_choice(m, p, leaf(m, SORT_TEXT, scope, text_literal(m)), depth);
}

static const char *version_literal(maker *m)
{
    static const char *const versions[] = {"\"1.2\"",     "\"1.10\"", "\"1.2-beta.3\"",
                                           "\"1.2.1+b\"", "\"v1.9\"", "\"2.0.0\""};
    return PICK(m, versions);
}

/* A value that is a version; never a written one. */
static phrase *version_value(maker *m, unsigned scope, int depth)
{
    static const char *const aggregates[] = {"min", "max", "most_common"};
    if (depth > 0 && chance(m, 15))
        return aggregate(m, SORT_FIXED, scope, PICK(m, aggregates),
                         event_values(m, TYPE_VERSION, depth - 1), depth - 1);
    if (depth > 0 && chance(m, 10))
        return say(m->memory, SORT_FIXED, scope,
                   chance(m, 50) ? "smaller(~, ~)" : "larger(~, ~)", 2,
                   version_value(m, scope, depth - 1),
                   version_value(m, scope, depth - 1));
    return depth > 0 && chance(m, 25)
               ? picked(m, SORT_FIXED, scope, TYPE_VERSION, depth)
               : named_value(m, SORT_FIXED, scope, TYPE_VERSION, 0);
}

static phrase *value_of_type(maker *m, unsigned scope, type_kind type, int depth)
{
    switch (type) {
    case TYPE_DECIMAL:
    case TYPE_NUMBER: return number(m, scope, depth);
    case TYPE_DURATION: return duration(m, scope, depth);
    case TYPE_TIME: return time_value(m, scope, depth);
    case TYPE_DATE: return date_value(m, scope, depth);
    case TYPE_STRING: return text_value(m, scope, depth);
    case TYPE_VERSION: return version_value(m, scope, depth);
    default:
        if (depth > 0 && chance(m, 30))
            return picked(m, SORT_FIXED, scope, type, depth);
        return named_value(m, SORT_FIXED, scope, type, depth);
    }
}

/* ---- conditions ---------------------------------------------------------------------- */

static const char *compare_word(maker *m, bool has_order)
{
    static const char *const words[] = {"=", "!=", "<", ">", "<=", ">="};
    return words[below(m, has_order ? 6 : 2)];
}

static phrase *comparison(maker *m, unsigned scope, phrase *a, phrase *b, bool has_order)
{
    return say(m->memory, SORT_CONDITION, scope,
               arena_format(m->memory, "~ %s ~", compare_word(m, has_order)), 2, a, b);
}

static phrase *compare_months(maker *m, unsigned scope, int depth)
{
    static const char *const months[] = {"1 month", "2 months", "1 quarter", "1 year"};
    const char *word = compare_word(m, true), *length = PICK(m, months);
    const char *since = chance(m, 70) ? "time since" : "time until";
    const char *words = chance(m, 80)
                            ? arena_format(m->memory, "%s ~ %s %s", since, word, length)
                            : arena_format(m->memory, "%s %s %s ~", length, word, since);
    return say(m->memory, SORT_CONDITION, scope, words, 1, moment(m, scope, depth - 1));
}

static phrase *compare_texts(maker *m, unsigned scope, int depth)
{
    static const char *const weekdays[] = {"\"monday\"", "\"sunday\"", "\"friday\""};
    static const char *const kinds[] = {"\"purchase\"", "\"view\"", "\"login\""};
    phrase *a = text_value(m, scope, depth - 1);
    bool is_weekday = strstr(a->words, "weekday") != NULL;
    bool is_kind = strcmp(a->words, "event") == 0;
    phrase *b = is_weekday      ? leaf(m, SORT_TEXT, scope, PICK(m, weekdays))
                : is_kind       ? leaf(m, SORT_TEXT, scope, PICK(m, kinds))
                : chance(m, 60) ? leaf(m, SORT_TEXT, scope, text_literal(m))
                                : text_value(m, scope, depth - 1);
    return comparison(m, scope, a, b, false);
}

static phrase *compare_versions(maker *m, unsigned scope, int depth)
{
    phrase *a = version_value(m, scope, depth - 1);
    phrase *b =
        chance(m, 60) ? fixed(m, version_literal(m)) : version_value(m, scope, depth - 1);
    if (chance(m, 20))
        return say(m->memory, SORT_CONDITION, scope,
                   chance(m, 30) ? "~ not in (~, ~)" : "~ in (~, ~)", 3, a, b,
                   fixed(m, version_literal(m)));
    return chance(m, 80) ? comparison(m, scope, a, b, true)
                         : comparison(m, scope, b, a, true);
}

static phrase *text_test(maker *m, unsigned scope, construct c, int depth)
{
    static const char *const patterns[] = {"\"^a\"", "\"b$\"", "\"^$\"", "\"a|b\"",
                                           "\"(?i)a\""};
    const char *no = chance(m, 25) ? "not " : "";
    phrase *a = text_value(m, scope, depth - 1);
    const char *word = c == SAY_CONTAINS      ? "contains"
                       : c == SAY_STARTS_WITH ? "starts with"
                                              : "ends with";
    if (c == SAY_MATCHES)
        return say(m->memory, SORT_CONDITION, scope,
                   arena_format(m->memory, "~ %smatches %s", no, PICK(m, patterns)), 1,
                   a);
    return say(m->memory, SORT_CONDITION, scope,
               arena_format(m->memory, "~ %s%s ~", no, word), 2, a,
               chance(m, 70) ? leaf(m, SORT_TEXT, scope, text_literal(m))
                             : text_value(m, scope, depth - 1));
}

static phrase *in_values(maker *m, unsigned scope, int depth)
{
    static const type_kind types[] = {TYPE_DECIMAL, TYPE_STRING, TYPE_DATE, TYPE_PERSON};
    type_kind type = PICK(m, types);
    const char *no = chance(m, 25) ? "not " : "";
    phrase *x = value_of_type(m, scope, type, depth - 1);
    if (m->lists[type].count > 0 && chance(m, 40) && may_say(m, SAY_IN_LIST))
        return say(m->memory, SORT_CONDITION, scope,
                   arena_format(m->memory, "~ %sin %s", no, name_of(m, &m->lists[type])),
                   1, x);
    phrase *a = type == TYPE_PERSON ? fixed(m, person_literal(m))
                                    : value_of_type(m, scope, type, depth - 2);
    phrase *b = type == TYPE_DECIMAL  ? leaf(m, SORT_NUMBER, scope, number_literal(m))
                : type == TYPE_DATE   ? leaf(m, SORT_DATE, scope, date_literal(m))
                : type == TYPE_STRING ? leaf(m, SORT_TEXT, scope, text_literal(m))
                                      : fixed(m, person_literal(m));
    return say(m->memory, SORT_CONDITION, scope,
               arena_format(m->memory, "~ %sin (~, ~)", no), 3, x, a, b);
}

static phrase *membership(maker *m, unsigned scope, int depth)
{
    const char *no = chance(m, 30) ? "not " : "";
    if (m->file_lists.count > 0 && chance(m, 15) && may_say(m, SAY_FILE_LIST)) {
        if (chance(m, 50))
            return leaf(
                m, SORT_CONDITION, scope,
                arena_format(m->memory, "%sin %s", no, name_of(m, &m->file_lists)));
        return say(m->memory, SORT_CONDITION, scope,
                   arena_format(m->memory, "~ %sin %s", no, name_of(m, &m->file_lists)),
                   1, text_value(m, scope, depth - 1));
    }
    if (m->lists[TYPE_PERSON].count > 0 && chance(m, 15) &&
        may_say(m, SAY_PERSON_IN_LIST))
        return leaf(
            m, SORT_CONDITION, scope,
            arena_format(m->memory, "%sin %s", no, name_of(m, &m->lists[TYPE_PERSON])));
    if (m->names->members.count == 0)
        return leaf(m, SORT_CONDITION, scope, "true");
    const char *name = name_of(m, &m->names->members);
    if (chance(m, 15) && may_say(m, SAY_PERSON_IN_SEGMENT))
        return say(m->memory, SORT_CONDITION, scope,
                   arena_format(m->memory, "~ %sin %s", no, name), 1,
                   value_of_type(m, scope, TYPE_PERSON, depth - 1));
    if (chance(m, scope ? 70 : 35) && may_say(m, SAY_MEMBER_AS_OF))
        return say(m->memory, SORT_CONDITION, scope,
                   arena_format(m->memory, "%sin %s as of ~", no, name), 1,
                   other_instant(m, scope, depth - 1));
    return leaf(m, SORT_CONDITION, scope, arena_format(m->memory, "%sin %s", no, name));
}

static phrase *moment_in_window(maker *m, unsigned scope, phrase *x, int depth)
{
    phrase *first = one_window(m, scope, 0, NULL, depth - 1);
    const char *words = chance(m, 25) ? "~ not ~~" : "~ ~~";
    bool is_time_of_event = scope && strcmp(x->words, "time") == 0 && chance(m, 30) &&
                            may_say(m, SAY_TIME_SINCE_WINDOW);
    if (is_time_of_event) { /* the words of a length, alone where a condition stands */
        first = anchored(m, scope, chance(m, 50) ? "since ~" : "until ~", depth - 1);
        words = "~ ~~";
    }
    phrase *second = chance(m, 30) && may_say(m, SAY_TIMES_IN_TWO_WINDOWS)
                         ? optional_window(m, scope, 0, NULL, depth - 1)
                         : nothing(m);
    return say(m->memory, SORT_CONDITION, scope, words, 3, x, first, second);
}

static phrase *in_top(maker *m, unsigned scope, int depth)
{
    static const char *const amounts[] = {"20%",   "50%",     "1",    "3",     "half",
                                          "third", "quarter", "100%", "33.3%", "fifth"};
    const char *words =
        arena_format(m->memory, "~ %sin %s %s~", chance(m, 25) ? "not " : "",
                     chance(m, 60) ? "top" : "bottom", PICK(m, amounts));
    phrase *x = chance(m, 75) ? number(m, 0, depth - 1) : time_value(m, 0, depth - 1);
    return say(m->memory, SORT_CONDITION, scope, words, 2, x, among(m));
}

/* "at least 2 of ", "none of " */
static const char *some_words(maker *m)
{
    static const char *const words[] = {"at least", "at most", "exactly", "more than",
                                        "fewer than"};
    return chance(m, 15)
               ? "none of "
               : arena_format(m->memory, "%s %zu of ", PICK(m, words), below(m, 4));
}

static phrase *in_periods(maker *m)
{
    return leaf(m, SORT_OPTIONAL, 0,
                arena_format(m->memory, " in %slast %zu %s%ss", some_words(m),
                             below(m, 4) + 1, chance(m, 40) ? "full " : "",
                             chance(m, 10) ? "hour" : unit(m)));
}

/* Of events of the data; windows that count events go with none of it. */
static phrase *in_a_row(maker *m, unsigned scope, int depth)
{
    unsigned kinds, others;
    phrase *what = step(m, &kinds, depth - 1), *among = nothing(m);
    if (chance(m, 60))
        among =
            say(m->memory, SORT_OPTIONAL, 0, " among ~", 1, step(m, &others, depth - 1));
    m->asked_kinds = kinds;
    m->asked_name = NULL;
    phrase *when = windows(m, scope, depth - 1);
    return say(m->memory, SORT_CONDITION, scope,
               arena_format(m->memory, "did ~%s in a row~~", times_words(m)), 3, what,
               among, when);
}

/* did at least 2 of (purchase, view, login) all within 3 days */
static phrase *did_some(maker *m, unsigned scope, int depth)
{
    unsigned a, b, c, all;
    const char *how_many = some_words(m);
    phrase *first = step(m, &a, depth - 1), *second = step(m, &b, depth - 1);
    phrase *third = say(m->memory, SORT_OPTIONAL, 0, ", ~", 1, step(m, &c, depth - 1));
    all = a | b | c;
    m->asked_kinds = all;
    m->asked_name = NULL;
    phrase *when = windows(m, scope, depth - 1), *together = nothing(m);
    if (chance(m, 60) && may_say(m, SAY_DID_SOME_WITHIN))
        together = bounds(m, all);
    may_say(m, SAY_DID_SOME);
    return say(m->memory, SORT_CONDITION, scope,
               arena_format(m->memory, "did %s(~, ~~)~~", how_many), 5, first, second,
               third, together, when);
}

static phrase *did(maker *m, unsigned scope, int depth)
{
    if (chance(m, 12))
        return did_some(m, scope, depth);
    if (chance(m, 15) && may_say(m, SAY_IN_A_ROW))
        return in_a_row(m, scope, depth);
    phrase *what = events(m, depth - 1);
    what->sort = SORT_EVENTS;
    phrase *when = windows(m, scope, depth - 1);
    if (chance(m, 25) && may_say(m, SAY_DID_NOT))
        return say(m->memory, SORT_CONDITION, scope, "did not ~~", 2, what, when);
    phrase *times = nothing(m);
    if (chance(m, 50) && may_say(m, SAY_DID_TIMES))
        times = leaf(m, SORT_OPTIONAL, 0, times_words(m));
    if (chance(m, 15) && may_say(m, SAY_DID_IN_PERIODS))
        return say(m->memory, SORT_CONDITION, scope, "did ~~~~", 4, what, times,
                   in_periods(m), when);
    may_say(m, SAY_DID);
    return say(m->memory, SORT_CONDITION, scope, "did ~~~", 3, what, times, when);
}

static phrase *several(maker *m, unsigned scope, const char *words, int depth)
{
    return say(m->memory, SORT_CONDITION, scope, words, 2, condition(m, scope, depth - 1),
               condition(m, scope, depth - 1));
}

static phrase *some_of(maker *m, unsigned scope, int depth)
{
    phrase *third =
        say(m->memory, SORT_OPTIONAL, 0, ", ~", 1, condition(m, scope, depth - 1));
    return say(m->memory, SORT_CONDITION, scope,
               arena_format(m->memory, "%s(~, ~~)", some_words(m)), 3,
               condition(m, scope, depth - 1), condition(m, scope, depth - 1), third);
}

/* A condition that nothing but traits can change. */
static phrase *trait_condition(maker *m, int depth)
{
    arena *a = m->memory;
    const char *age = trait(m, "age"), *country = trait(m, "country");
    switch (below(m, depth > 0 ? 9 : 6)) {
    case 0:
        return fixed(m, arena_format(a, "%s %s %s", age, compare_word(m, true),
                                     number_literal(m)));
    case 1:
        return fixed(m, arena_format(a, "%s %s %s", country, compare_word(m, false),
                                     text_literal(m)));
    case 2: return fixed(m, trait(m, "member"));
    case 3: return fixed(m, arena_format(a, "%s is missing", country));
    case 4:
        return fixed(m, arena_format(a, "%s in (%s, %s)", country, text_literal(m),
                                     text_literal(m)));
    case 5:
        return fixed(
            m, arena_format(a, "%s before %s", trait(m, "birthday"), date_literal(m)));
    case 6: return fixed(m, arena_format(a, "%s < %s + 1", age, trait(m, "spend")));
    case 7:
        return say(a, SORT_FIXED, 0, "(~ or ~)", 2, trait_condition(m, depth - 1),
                   trait_condition(m, depth - 1));
    default: return say(a, SORT_FIXED, 0, "not (~)", 1, trait_condition(m, depth - 1));
    }
}

static phrase *lasting(maker *m, unsigned scope)
{
    static const char *const words[] = {"at least", "more than", "fewer than", "at most"};
    return say(m->memory, SORT_CONDITION, scope,
               arena_format(m->memory, "(~) for %s %s", PICK(m, words), any_duration(m)),
               1, trait_condition(m, 2));
}

static phrase *condition_of(maker *m, unsigned scope, construct c, int depth)
{
    arena *a = m->memory;
    switch (c) {
    case SAY_AND: return several(m, scope, "(~ and ~)", depth);
    case SAY_OR: return several(m, scope, "(~ or ~)", depth);
    case SAY_NOT:
        return say(a, SORT_CONDITION, scope, "not (~)", 1,
                   condition(m, scope, depth - 1));
    case SAY_LASTING: return lasting(m, scope);
    case SAY_SOME_OF: return some_of(m, scope, depth);
    case SAY_COMPARE_NUMBERS:
        return comparison(m, scope, number(m, scope, depth - 1),
                          number(m, scope, depth - 1), true);
    case SAY_COMPARE_DURATIONS:
        return comparison(m, scope, duration(m, scope, depth - 1),
                          duration(m, scope, depth - 1), true);
    case SAY_COMPARE_MONTHS: return compare_months(m, scope, depth);
    case SAY_COMPARE_TIMES:
        return comparison(m, scope, time_value(m, scope, depth - 1),
                          time_value(m, scope, depth - 1), true);
    case SAY_COMPARE_DATES:
        return comparison(m, scope, date_value(m, scope, depth - 1),
                          date_value(m, scope, depth - 1), true);
    case SAY_COMPARE_TIME_WITH_DATE:
        return comparison(m, scope, time_value(m, scope, depth - 1),
                          date_value(m, scope, depth - 1), true);
    case SAY_COMPARE_TEXTS: return compare_texts(m, scope, depth);
    case SAY_COMPARE_VERSIONS: return compare_versions(m, scope, depth);
    case SAY_COMPARE_BOOLS:
        return comparison(m, scope, value_of_type(m, scope, TYPE_BOOL, depth - 1),
                          chance(m, 50) ? fixed(m, chance(m, 50) ? "true" : "false")
                                        : value_of_type(m, scope, TYPE_BOOL, depth - 1),
                          false);
    case SAY_BOOL_VALUE: {
        phrase *p = value_of_type(m, scope, TYPE_BOOL, depth - 1);
        p->sort = SORT_CONDITION;
        return p;
    }
    case SAY_MATCHES:
    case SAY_CONTAINS:
    case SAY_STARTS_WITH:
    case SAY_ENDS_WITH: return text_test(m, scope, c, depth);
    case SAY_IS_MISSING:
        return say(a, SORT_CONDITION, scope,
                   chance(m, 50) ? "~ is missing" : "~ is not missing", 1,
                   value_of_type(m, scope, some_type(m), depth - 1));
    case SAY_IN_VALUES: return in_values(m, scope, depth);
    case SAY_MEMBER: return membership(m, scope, depth);
    case SAY_TIME_IN_WINDOW:
        return moment_in_window(m, scope, time_value(m, scope, depth - 1), depth);
    case SAY_DATE_IN_WINDOW:
        return moment_in_window(m, scope, date_value(m, scope, depth - 1), depth);
    case SAY_TOP: return in_top(m, scope, depth);
    default: return did(m, scope, depth);
    }
}

/* Events with a month between them, where months are not as long for all of these. */
static phrase *month_apart(maker *m)
{
    static const char *const forms[] = {
        "did (%s then %s within 1 month)",
        "did (%s then %s then %s) all within 1 month",
        "did (%s then %s within 1 month then %s) all within 1 month",
        "did (%s then no %s then %s within 1 month)",
        "did (%s then directly %s within 1 month)",
        "did (%s then %s at least 1 month later)",
        "did (%s then %s more than 1 month later) all within 2 months",
        "did (%s then %s more than 27 days later fewer than 1 month later)",
        "did (%s then %s within 1 month) with same store",
        "did (%s and %s) all within 1 month",
        "did (%s and %s and %s) all within 1 month",
        "did at least 2 of (%s, %s where (qty >= 2), login) all within 1 month",
        "did %s within 1 month after any %s",
        "did %s within 1 month before any %s",
        "did %s within 1 month of any %s with same store",
        "count((%s then %s within 1 month)) > 1",
        "count(%s within 1 month after any %s) > 2"};
    static const char *const kinds[] = {"purchase", "view", "(purchase or view)"};
    const char *words = PICK(m, forms), *first = PICK(m, kinds), *second = PICK(m, kinds);
    if (strstr(words, "qty"))
        second = "purchase";
    if (strstr(words, "any %s"))
        second = kinds[below(m, 2)];
    return leaf(m, SORT_CONDITION, 0,
                arena_format(m->memory, words, first, second, PICK(m, kinds)));
}

static phrase *condition(maker *m, unsigned scope, int depth)
{
    construct c;
    if (m->pools->is_at_month_ends && scope == 0 && chance(m, 85))
        return month_apart(m);
    if (chance(m, 4) && constructs[SAY_LIST_TRAITS].is_said)
        return list_trait_condition(m, scope, depth);
    if (has_lists(scope) && chance(m, 15))
        return items_condition(m, scope, depth);
    if (depth <= 0)
        c = CHOOSE(m, SAY_COMPARE_NUMBERS, SAY_COMPARE_TEXTS, SAY_BOOL_VALUE,
                   SAY_IS_MISSING, SAY_COMPARE_TIMES);
    else if (scope)
        c = CHOOSE(m, SAY_COMPARE_NUMBERS, SAY_COMPARE_NUMBERS, SAY_COMPARE_NUMBERS,
                   SAY_AND, SAY_OR, SAY_NOT, SAY_SOME_OF, SAY_LASTING,
                   SAY_COMPARE_DURATIONS, SAY_COMPARE_MONTHS, SAY_COMPARE_TIMES,
                   SAY_COMPARE_DATES, SAY_COMPARE_TIME_WITH_DATE, SAY_COMPARE_TEXTS,
                   SAY_COMPARE_TEXTS, SAY_COMPARE_BOOLS, SAY_COMPARE_VERSIONS,
                   SAY_BOOL_VALUE, SAY_MATCHES, SAY_CONTAINS, SAY_STARTS_WITH,
                   SAY_ENDS_WITH, SAY_IS_MISSING, SAY_IN_VALUES, SAY_IN_VALUES,
                   SAY_MEMBER, SAY_TIME_IN_WINDOW, SAY_DATE_IN_WINDOW);
    else
        c = CHOOSE(m, SAY_DID, SAY_DID, SAY_DID, SAY_DID, SAY_COMPARE_NUMBERS,
                   SAY_COMPARE_NUMBERS, SAY_COMPARE_NUMBERS, SAY_COMPARE_NUMBERS, SAY_AND,
                   SAY_OR, SAY_NOT, SAY_SOME_OF, SAY_LASTING, SAY_COMPARE_DURATIONS,
                   SAY_COMPARE_DURATIONS, SAY_COMPARE_MONTHS, SAY_COMPARE_TIMES,
                   SAY_COMPARE_DATES, SAY_COMPARE_TIME_WITH_DATE, SAY_COMPARE_TEXTS,
                   SAY_COMPARE_BOOLS, SAY_COMPARE_VERSIONS, SAY_BOOL_VALUE, SAY_MATCHES,
                   SAY_CONTAINS, SAY_STARTS_WITH, SAY_ENDS_WITH, SAY_IS_MISSING,
                   SAY_IN_VALUES, SAY_MEMBER, SAY_MEMBER, SAY_TIME_IN_WINDOW,
                   SAY_DATE_IN_WINDOW, SAY_TOP);
    return condition_of(m, scope, c, depth);
}

/* ---- declarations -------------------------------------------------------------------- */

static declaration *declare(maker *m, const char *name, bool is_rule, phrase *words)
{
    assert(m->book->count < BOOK_MOST);
    declaration *d = &m->book->declarations[m->book->count++];
    *d = (declaration){.name = name, .words = words, .is_rule = is_rule};
    return d;
}

static const char *new_name(maker *m, const char *prefix)
{
    return arena_format(m->memory, "%s_%zu", prefix, m->book->count);
}

static void declare_let(maker *m, type_kind type)
{
    const char *name = new_name(m, "let");
    phrase *v = type == TYPE_BOOL ? condition(m, 0, 2) : value_of_type(m, 0, type, 2);
    declare(
        m, name, false,
        say(m->memory, SORT_FIXED, 0, arena_format(m->memory, "let %s = ~", name), 1, v));
    remember(&m->names->lets[type], name, 0);
}

static void declare_list(maker *m, type_kind type)
{
    const char *name = new_name(m, "list");
    text t;
    text_init(&t);
    for (size_t i = below(m, 3) + 1; i > 0; i--)
        text_append_format(&t, "%s%s",
                           type == TYPE_DECIMAL  ? number_literal(m)
                           : type == TYPE_DATE   ? date_literal(m)
                           : type == TYPE_PERSON ? person_literal(m)
                                                 : text_literal(m),
                           i > 1 ? ", " : "");
    declare(m, name, false,
            fixed(m, arena_format(m->memory, "list %s = %s", name, t.data)));
    text_done(&t);
    remember(&m->lists[type], name, 0);
}

static void declare_event(maker *m)
{
    const char *name = new_name(m, "event");
    unsigned kinds = 0;
    phrase *what = chance(m, 40) && may_say(m, SAY_DECLARED_SEQUENCE)
                       ? event_sequence(m, &kinds, 1)
                       : step(m, &kinds, 2);
    may_say(m, SAY_DECLARED_EVENT);
    declare(m, name, false,
            say(m->memory, SORT_FIXED, 0, arena_format(m->memory, "event %s = ~", name),
                1, what));
    remember(&m->names->events, name, kinds);
}

static void declare_occasion(maker *m)
{
    static const char *const days[] = {"february 29",
                                       "december 24",
                                       "november 20 to december 31",
                                       "december 20 to january 5",
                                       "fourth friday of november",
                                       "last sunday of march",
                                       "fifth monday of may",
                                       "march 1",
                                       "dates 2026-03-01, 2024-02-29"};
    if (!may_say(m, SAY_OCCASION))
        return;
    const char *name = new_name(m, "occasion");
    declare(m, name, false,
            fixed(m, arena_format(m->memory, "occasion %s on %s", name, PICK(m, days))));
    remember(&m->occasions, name, 0);
}

static const char *among_words(maker *m)
{
    if (m->names->members.count == 0 || !chance(m, 25) || !may_say(m, SAY_SEGMENT_AMONG))
        return "";
    return arena_format(m->memory, " among %s", name_of(m, &m->names->members));
}

/* " for each account", where rules are about accounts. */
static phrase *subject(maker *m)
{
    return fixed(m, m->of_accounts ? " for each account" : "");
}

static void declare_segment(maker *m, const char *prefix)
{
    static const char *const units[] = {"week", "month", "month", "quarter", "year"};
    const char *name = new_name(m, prefix);
    const char *judged = "", *universe = among_words(m);
    phrase *stay = nothing(m);
    may_say(m, SAY_SEGMENT);
    if (chance(m, 5) && may_say(m, SAY_JUDGED)) {
        judged = arena_format(m->memory, " judged every %s", PICK(m, units));
        if (chance(m, 60) && may_say(m, SAY_STAY))
            stay =
                say(m->memory, SORT_OPTIONAL, 0, " stay while ~", 1, condition(m, 0, 2));
    }
    phrase *when = condition(m, 0, 3);
    declare(m, name, true,
            say(m->memory, SORT_FIXED, 0,
                arena_format(m->memory, "segment %s~~~ when ~~", name), 5, subject(m),
                leaf(m, SORT_OPTIONAL, 0, universe), leaf(m, SORT_OPTIONAL, 0, judged),
                when, stay));
    remember(&m->names->members, name, 0);
}

static void declare_groups(maker *m)
{
    const char *name = new_name(m, "groups");
    const char *universe = among_words(m);
    may_say(m, SAY_GROUPS);
    phrase *last =
        chance(m, 60) ? leaf(m, SORT_OPTIONAL, 0, " rest otherwise") : nothing(m);
    declare(m, name, true,
            say(m->memory, SORT_FIXED, 0,
                arena_format(m->memory, "groups %s~~ one when ~ two when ~~", name), 5,
                subject(m), leaf(m, SORT_OPTIONAL, 0, universe), condition(m, 0, 2),
                condition(m, 0, 2), last));
    remember(&m->names->members, name, 0);
    remember(&m->names->members, arena_format(m->memory, "%s.one", name), 0);
    remember(&m->names->members, arena_format(m->memory, "%s.two", name), 0);
}

static phrase *point(maker *m)
{
    const char *sign = chance(m, 70) ? "plus" : "minus";
    if (chance(m, 50))
        return say(
            m->memory, SORT_OPTIONAL, 0,
            arena_format(m->memory, " %s %s when ~", sign, chance(m, 50) ? "10" : "2.5"),
            1, condition(m, 0, 2));
    return say(m->memory, SORT_OPTIONAL, 0,
               arena_format(m->memory, " %s 3 each ~~%s", sign,
                            chance(m, 60) ? " at most 7" : ""),
               2, events(m, 1), windows(m, 0, 1));
}

static void declare_points(maker *m)
{
    const char *name = new_name(m, "points");
    may_say(m, SAY_POINTS);
    declare(m, name, true,
            say(m->memory, SORT_FIXED, 0,
                arena_format(m->memory, "score %s~ plus 1 when true~~", name), 3,
                subject(m), point(m), point(m)));
    remember(&m->names->lets[TYPE_DECIMAL], name, 0);
}

static void declare_score(maker *m)
{
    static const type_kind types[] = {TYPE_DECIMAL,  TYPE_DECIMAL, TYPE_DECIMAL,
                                      TYPE_DURATION, TYPE_TIME,    TYPE_DATE};
    type_kind type = PICK(m, types);
    const char *name = new_name(m, "score");
    may_say(m, SAY_SCORE);
    declare(m, name, true,
            say(m->memory, SORT_FIXED, 0, arena_format(m->memory, "score %s~ = ~", name),
                2, subject(m), value_of_type(m, 0, type, 3)));
    remember(&m->names->lets[type], name, 0);
}

static void declare_split(maker *m)
{
    if (!may_say(m, SAY_SPLIT))
        return;
    const char *name = new_name(m, "split");
    const char *universe = among_words(m);
    declare(m, name, true,
            fixed(m, arena_format(m->memory, "split %s%s%s one 25%% two 50%%", name,
                                  universe, chance(m, 50) ? " by \"2026-11\"" : "")));
    remember(&m->names->members, name, 0);
    remember(&m->names->members, arena_format(m->memory, "%s.one", name), 0);
    remember(&m->names->members, arena_format(m->memory, "%s.two", name), 0);
}

static void declare_helpers(maker *m)
{
    static const type_kind types[] = {TYPE_DECIMAL,  TYPE_DECIMAL, TYPE_BOOL,
                                      TYPE_STRING,   TYPE_DATE,    TYPE_TIME,
                                      TYPE_DURATION, TYPE_VERSION};
    static const type_kind lists[] = {TYPE_DECIMAL, TYPE_STRING, TYPE_DATE, TYPE_PERSON};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        declare_list(m, lists[i]);
    for (size_t i = 0; i < 2; i++)
        declare_occasion(m);
    for (size_t i = 0; i < 3; i++)
        declare_event(m);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        declare_let(m, types[i]);
    declare_split(m);
}

static void declare_rule(maker *m)
{
    size_t which = below(m, 100);
    if (which < 66)
        declare_segment(m, "segment");
    else if (which < 76)
        declare_groups(m);
    else if (which < 94)
        declare_score(m);
    else
        declare_points(m);
}

static void declare_files(maker *m)
{
    declare(m, "use", false,
            fixed(m, arena_format(m->memory, "use \"%s/pure.lua\"", m->files)));
    const char *name = new_name(m, "list");
    declare(m, name, false,
            fixed(m, arena_format(m->memory, "list %s from \"%s/people.csv\"", name,
                                  m->files)));
    remember(&m->file_lists, name, 0);
}

void rules_make(book *b, const pools *p, size_t rule_count, const char *files,
                random_source *random, arena *memory)
{
    maker *m = arena_alloc(memory, sizeof *m);
    *m = (maker){
        .random = random, .memory = memory, .pools = p, .book = b, .files = files};
    m->names = &m->of_people;
    b->count = 0;
    if (files)
        declare_files(m);
    declare_helpers(m);
    for (size_t i = 0; i < rule_count; i++) {
        m->of_accounts = i % 6 == 5 && may_say(m, SAY_FOR_EACH_ACCOUNT);
        m->names = m->of_accounts ? &m->of_account : &m->of_people;
        declare_rule(m);
    }
}

void book_append(const book *b, text *out)
{
    for (size_t i = 0; i < b->count; i++) {
        if (b->declarations[i].is_dropped)
            continue;
        phrase_append(b->declarations[i].words, out);
        text_append_char(out, '\n');
    }
}

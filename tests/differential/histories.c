/* SPDX-License-Identifier: MIT
 *
 * Worlds from small pools of awkward values.
 */
#include "differential/histories.h"

#include <string.h>

#include "base/memory.h"
#include "value/value.h"

#define QUARTER (INT64_C(15) * 60 * MICROSECONDS_PER_SECOND)
enum { MOST_INSTANTS = 512, RULE_INSTANTS = 8, MOST_EVENTS = 10 };
enum { LONG_LEAST_EVENTS = 50, LONG_MOST_EVENTS = 300, LONG_MOST_PEOPLE = 3 };

/* The lengths that rules write down. */
static const calendar_span lengths[] = {
    {1, UNIT_DAY},     {2, UNIT_DAY},    {3, UNIT_DAY},   {7, UNIT_DAY},
    {30, UNIT_DAY},    {12, UNIT_HOUR},  {36, UNIT_HOUR}, {1, UNIT_HOUR},
    {90, UNIT_MINUTE}, {1, UNIT_SECOND}, {1, UNIT_MONTH}, {2, UNIT_MONTH},
    {3, UNIT_MONTH},   {1, UNIT_YEAR},   {6, UNIT_DAY},   {60, UNIT_DAY},
    {2, UNIT_YEAR},
};

static const char *const zones[] = {
    "Europe/Berlin",       "America/New_York", "Pacific/Auckland",  "UTC",
    "Australia/Lord_Howe", "Asia/Kolkata",     "America/Sao_Paulo", "Pacific/Apia"};

/* Local clocks at which something is odd somewhere. */
static const char *const clocks[] = {
    "2026-03-29T02:30", "2026-03-29T00:00",           "2026-10-25T02:30",
    "2024-02-29T12:00", "2025-02-28T23:59:59.999999", "2026-03-01T00:00",
    "2026-01-01T00:00", "2026-04-05T02:30",           "2026-09-27T03:00",
    "2026-11-01T01:30", "2026-03-31T10:00",           "2026-05-31T23:30",
    "2024-03-31T12:00", "2026-06-17T15:45:12.345678", "2011-12-31T00:30",
};

typedef struct maker {
    random_source *random;
    world *world;
    int64_t now;
    int64_t instants[MOST_INSTANTS];
    size_t instant_count;
    const pools *pools;
} maker;

#define PICK(r, list) ((list)[random_below(r, sizeof(list) / sizeof *(list))])

/* ---- instants ------------------------------------------------------------------------ */

static void add_instant(maker *m, int64_t instant)
{
    if (m->instant_count < MOST_INSTANTS)
        m->instants[m->instant_count++] = instant;
}

/* Not too far away: years of weekly judgements take their time. */
static void add_instant_near_now(maker *m, const char *clock)
{
    int64_t instant = world_time(m->world, clock);
    int64_t away = instant < m->now ? m->now - instant : instant - m->now;
    if (away < 1000 * MICROSECONDS_PER_DAY)
        add_instant(m, instant);
}

static void add_unit_starts(maker *m, int64_t instant)
{
    static const calendar_unit units[] = {UNIT_DAY, UNIT_WEEK, UNIT_MONTH, UNIT_QUARTER,
                                          UNIT_YEAR};
    const zone *z = m->world->zone;
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        int64_t day =
            date_unit_start(zone_date(z, instant), units[u], m->world->week_start);
        for (int step = -2; step <= 1; step++)
            add_instant(m, zone_day_start(z, date_unit_add(day, units[u], step)));
    }
}

/* Some quarters of an hour on a morning. */
static void add_morning(maker *m, int64_t date, size_t count)
{
    const zone *z = m->world->zone;
    for (size_t i = 0; i < count; i++) {
        int64_t quarters = 8 * 4 + (int64_t)random_below(m->random, 12);
        add_instant(m, zone_instant(z, date * MICROSECONDS_PER_DAY + quarters * QUARTER));
    }
}

/* The last mornings of a month that is longer than the next one, and the last of that one: a month
 * behind each of the former. */
static void add_month_end(maker *m)
{
    int64_t today = zone_date(m->world->zone, m->now);
    int64_t next = date_unit_start(today + 1, UNIT_MONTH, MONDAY), first, before;
    do {
        next = date_add_months(next, -(int64_t)random_below(m->random, 3));
        first = date_add_months(next, -1);
        before = date_add_months(first, -1);
        next = first;
    } while (first - before <= date_add_months(first, 1) - first);
    for (int64_t day = 1; day <= 4; day++)
        add_morning(m, first - day, 2);
    add_morning(m, date_add_months(first, 1) - 1, 6);
}

/* The quarters of an hour around a change of clocks, and the same a month later. */
static bool add_clock_change(maker *m)
{
    enum { QUARTERS = 16 };
    const zone *z = m->world->zone;
    int64_t today = zone_date(z, m->now), day = today - 32, start;
    do {
        day--;
        start = zone_day_start(z, day);
        if (day < today - 400)
            return false;
    } while (zone_day_start(z, day + 1) - start <= MICROSECONDS_PER_DAY);
    for (int64_t i = 0; i < QUARTERS; i++) {
        int64_t instant = start + i * QUARTER;
        add_instant(m, instant);
        add_instant(m, time_add(z, instant, (calendar_span){1, UNIT_MONTH}, 1));
    }
    return true;
}

/* Where an instant and a month does not go on as the instant does: at the ends of months, and
 * when clocks go back. */
static void gather_month_ends(maker *m)
{
    if (random_chance(m->random, 75) || !add_clock_change(m))
        add_month_end(m);
}

static void gather_instants(maker *m)
{
    const zone *z = m->world->zone;
    if (m->pools->is_at_month_ends) {
        gather_month_ends(m);
        return;
    }
    add_instant(m, m->now);
    add_instant(m, m->now);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        add_instant(m, time_add(z, m->now, lengths[i], -1));
        add_instant(m, time_add(z, m->now, lengths[i], -1));
        add_instant(m, time_add(z, m->now, lengths[i], 1));
    }
    add_unit_starts(m, m->now);
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++)
        add_instant_near_now(m, clocks[i]);
    add_instant_near_now(m, "2024-02-28T12:00");
    add_instant_near_now(m, "2024-02-29T00:00");
}

/* At an edge, or a microsecond beside it. */
static int64_t some_instant(maker *m)
{
    int64_t instant = m->instants[random_below(m->random, m->instant_count)];
    if (random_chance(m->random, 10))
        instant =
            m->now - (int64_t)(random_next(m->random) % (400 * MICROSECONDS_PER_DAY));
    if (random_chance(m->random, 35))
        instant += (int64_t)random_below(m->random, 3) - 1;
    return instant;
}

/* Like another event's time, or a length away from it. */
static int64_t instant_near(maker *m, int64_t other)
{
    calendar_span by = PICK(m->random, lengths);
    int sign = (int)random_below(m->random, 3) - 1;
    int64_t instant = time_add(m->world->zone, other, by, sign);
    if (random_chance(m->random, 35))
        instant += (int64_t)random_below(m->random, 3) - 1;
    return instant;
}

/* ---- values -------------------------------------------------------------------------- */

static int64_t some_decimal(random_source *r, unsigned scale)
{
    static const int64_t hundredths[] = {0,    100, 250, 500, 1000, 1250, 9999,
                                         -500, 1,   200, 300, 100,  500};
    static const int64_t huge[] = {INT64_MAX, -INT64_MAX, INT64_MAX - 1,
                                   1000000000000000000};
    if (random_chance(r, 3))
        return PICK(r, huge);
    int64_t n = PICK(r, hundredths);
    return scale == 0 ? n / 100 : scale == 4 ? n * 100 : n;
}

static double some_number(random_source *r)
{
    static const double numbers[] = {0, 0.1, 0.2,   0.3,    1.5,  -2.25, 12.5, 1,
                                     2, 3,   1e300, 5e-324, -0.0, 0.5,   100};
    return PICK(r, numbers);
}

static int64_t some_duration(random_source *r)
{
    static const int64_t seconds[] = {0,     1,      60,     3600, 5400,
                                      86400, 129600, 604800, -60,  172800};
    int64_t length = PICK(r, seconds) * MICROSECONDS_PER_SECOND;
    return random_chance(r, 20) ? length + 1 : length;
}

static const char *some_text(random_source *r)
{
    static const char *const texts[] = {"", "a", "b", "ab", "A", "\xC3\xA9", "a b", "a"};
    return PICK(r, texts);
}

static const char *some_version(random_source *r)
{
    static const char *const versions[] = {"1.2",    "1.2.0", "v1.2.1",     "1.10",
                                           "1.9.9",  "2",     "1.2-beta.2", "1.2-beta.10",
                                           "1.2-rc", "1.2+7", "0.9",        "1.10.0"};
    return PICK(r, versions);
}

static const char *some_company(random_source *r)
{
    static const char *const companies[] = {"acme", "byte", "cosy", ""};
    return PICK(r, companies);
}

static world_value some_value(maker *m, type t)
{
    random_source *r = m->random;
    world_value v = {random_chance(r, 15), 0, 0, NULL};
    if (v.is_missing)
        return v;
    switch (t.kind) {
    case TYPE_BOOL: v.integer = random_chance(r, 50); break;
    case TYPE_DECIMAL: v.integer = some_decimal(r, t.scale); break;
    case TYPE_NUMBER: v.number = some_number(r); break;
    case TYPE_TIME: v.integer = some_instant(m); break;
    case TYPE_DATE:
        v.integer = m->pools->dates[random_below(r, m->pools->date_count)];
        break;
    case TYPE_DURATION: v.integer = some_duration(r); break;
    case TYPE_PERSON:
        v.text = m->pools->people[random_below(r, m->pools->people_count)];
        break;
    case TYPE_VERSION: v.text = some_version(r); break;
    default: v.text = some_text(r);
    }
    return v;
}

/* ---- events -------------------------------------------------------------------------- */

/* A value as rules and tests write it. */
static void append_value(type t, const world_value *v, text *out)
{
    switch (t.kind) {
    case TYPE_BOOL: text_append(out, v->integer ? "true" : "false"); break;
    case TYPE_DECIMAL: value_append_decimal(v->integer, t.scale, out); break;
    case TYPE_NUMBER: text_append_format(out, "%.17g", v->number); break;
    case TYPE_TIME: value_append_time(v->integer, NULL, out); break;
    case TYPE_DATE: value_append_date(v->integer, out); break;
    case TYPE_DURATION: text_append_format(out, "%lld us", (long long)v->integer); break;
    default: text_append_format(out, "\"%s\"", v->text);
    }
}

/* The items of a list, written as world_did takes them. */
static const char *some_items(maker *m, const event_kind *list)
{
    text t;
    text_init(&t);
    for (size_t i = random_below(m->random, 4); i > 0; i--) {
        text_append(&t, list->is_plain ? "" : "(");
        for (size_t p = 0, said = 0; p < list->property_count; p++) {
            world_value v = some_value(m, list->properties[p].type);
            if (v.is_missing && !list->is_plain)
                continue;
            if (!list->is_plain)
                text_append_format(&t, "%s%s=", said++ > 0 ? ", " : "",
                                   list->properties[p].name);
            if (v.is_missing)
                text_append(&t, "missing");
            else
                append_value(list->properties[p].type, &v, &t);
        }
        text_append_format(&t, "%s%s", list->is_plain ? "" : ")", i > 1 ? ", " : "");
    }
    char *copy = arena_copy_string(m->world->memory, t.data);
    text_done(&t);
    return copy;
}

static size_t some_lists(maker *m, size_t kind, world_list *lists)
{
    const schema *s = m->world->schema;
    size_t count = 0;
    for (size_t k = s->kind_count; k < schema_total(s); k++)
        if (s->kinds[k].derivation == KIND_LIST && s->kinds[k].parent == kind &&
            random_chance(m->random, 75))
            lists[count++] = (world_list){k, some_items(m, &s->kinds[k])};
    return count;
}

static void add_event(maker *m, size_t person, int64_t time)
{
    world_list lists[8];
    world_value values[32];
    size_t kinds = m->world->schema->kind_count;
    size_t kind = random_below(m->random, m->pools->is_at_month_ends ? 2 : kinds);
    const event_kind *k = &m->world->schema->kinds[kind];
    for (size_t i = 0; i < k->property_count; i++)
        values[i] = some_value(m, k->properties[i].type);
    world_add(m->world, (world_event){.person = person,
                                      .kind = kind,
                                      .time = time,
                                      .values = values,
                                      .lists = lists,
                                      .list_count = some_lists(m, kind, lists)});
}

static size_t some_event_count(random_source *r, bool is_long)
{
    if (random_chance(r, 20))
        return 0;
    return is_long ? LONG_LEAST_EVENTS +
                         random_below(r, LONG_MOST_EVENTS - LONG_LEAST_EVENTS + 1)
                   : random_below(r, MOST_EVENTS + 1);
}

static void add_events(maker *m, size_t person, bool is_long)
{
    bool is_spread = !m->pools->is_at_month_ends;
    size_t count = some_event_count(m->random, is_long);
    for (size_t i = 0; i < count; i++) {
        const world_event *last = m->world->event_count > 0
                                      ? &m->world->events[m->world->event_count - 1]
                                      : NULL;
        bool is_own = last && last->person == person && !last->is_trait;
        if (is_own && random_chance(m->random, 8)) /* the same again */
            world_add(m->world, *last);
        else
            add_event(m, person,
                      is_own && is_spread && random_chance(m->random, 40)
                          ? instant_near(m, last->time)
                          : some_instant(m));
    }
}

static void add_traits(maker *m, size_t person)
{
    const schema *s = m->world->schema;
    for (size_t t = 0; t < s->trait_count; t++) {
        size_t count = random_chance(m->random, 35) ? 0 : 1 + random_below(m->random, 3);
        for (size_t i = 0; i < count; i++) {
            world_value v = some_value(m, s->traits[t].type);
            if (strcmp(s->traits[t].name, "company") == 0 && !v.is_missing)
                v.text = some_company(m->random);
            int64_t time =
                i == 0 && random_chance(m->random, 60) ? TIME_MIN : some_instant(m);
            if (!v.is_missing)
                world_add(m->world, (world_event){.person = person,
                                                  .kind = t,
                                                  .is_trait = true,
                                                  .time = time,
                                                  .values = &v});
        }
    }
}

/* Traits that are lists. */
static void add_list_traits(maker *m, size_t person)
{
    const schema *s = m->world->schema;
    for (size_t k = s->kind_count; k < schema_total(s); k++) {
        bool is_set =
            s->kinds[k].derivation == KIND_SETTINGS && random_chance(m->random, 70);
        for (size_t i = is_set ? 1 + random_below(m->random, 3) : 0; i > 0; i--) {
            world_list lists[8];
            size_t count = some_lists(m, k, lists);
            world_event setting = {
                .person = person,
                .kind = k,
                .lists = lists,
                .list_count = count,
                .time = random_chance(m->random, 30) ? TIME_MIN : some_instant(m)};
            if (count > 0) /* else nothing is set */
                world_add(m->world, setting);
        }
    }
}

static void shuffle(maker *m)
{
    world *w = m->world;
    for (size_t i = w->event_count; i > 1; i--) {
        size_t j = random_below(m->random, i);
        world_event kept = w->events[i - 1];
        w->events[i - 1] = w->events[j];
        w->events[j] = kept;
    }
    for (size_t i = 0; i < w->event_count; i++)
        w->events[i].arrival = (uint32_t)i;
}

/* One history in ten is long, for the few of its people who have any events. */
static void fill(maker *m)
{
    /* at the ends of months too many choices fit for the reference to try them all */
    bool is_long = random_chance(m->random, 10) && !m->pools->is_at_month_ends;
    size_t busy = is_long ? random_below(m->random, m->world->person_count) : 0;
    m->world->event_count = 0;
    m->world->is_known_by_rows = random_chance(m->random, 60);
    for (size_t p = 0; p < m->world->person_count; p++) {
        if (random_chance(m->random, 12))
            continue; /* known by name only */
        if (!is_long || (p >= busy && p < busy + LONG_MOST_PEOPLE))
            add_events(m, p, is_long);
        add_traits(m, p);
        add_list_traits(m, p);
    }
    shuffle(m);
}

/* ---- settings ------------------------------------------------------------------------ */

static const char *const ids[] = {"ann", "bob", "cid", "dea", "eve",   "fay",
                                  "gus", "hal", "ida", "jon", "nobody"};
enum { ID_COUNT = sizeof ids / sizeof *ids };

static void fill_pools(maker *m, pools *p, arena *memory)
{
    static const char *const dates[] = {"2024-02-29", "2024-02-28", "2026-03-01",
                                        "2026-12-31", "2026-01-01", "2000-02-29",
                                        "1990-07-15"};
    int64_t *instants = arena_alloc_array(memory, RULE_INSTANTS, sizeof *instants);
    int64_t *days = arena_alloc_array(memory, RULE_INSTANTS, sizeof *days);
    for (size_t i = 0; i < RULE_INSTANTS; i++) {
        const char *reason;
        instants[i] = m->instants[random_below(m->random, m->instant_count)];
        if (i % 2 == 0)
            days[i] = zone_date(m->world->zone, m->now) +
                      (int64_t)random_below(m->random, 60) - 50;
        else
            value_read_date(slice_of(PICK(m->random, dates)), NULL, &days[i], &reason);
        add_instant(m, zone_day_start(m->world->zone, days[i]));
        add_instant(m, zone_day_start(m->world->zone, days[i] + 1));
    }
    *p = (pools){.is_at_month_ends = p->is_at_month_ends,
                 .people = ids,
                 .people_count = ID_COUNT,
                 .instants = instants,
                 .instant_count = RULE_INSTANTS,
                 .dates = days,
                 .date_count = RULE_INSTANTS};
}

setting setting_make(random_source *random, arena *memory)
{
    setting s = {.world = world_new(PICK(random, zones))};
    maker *m = arena_alloc(memory, sizeof *m);
    *m = (maker){.random = random, .world = s.world, .pools = &s.pools};
    rules_schema(s.world);
    if (random_chance(random, 35))
        s.world->week_start = random_chance(random, 50) ? SUNDAY : SATURDAY;
    if (construct_is_said(SAY_SESSION))
        schema_add_sessions(s.world->schema,
                            (random_chance(random, 50) ? 30 : 24 * 60) * 60 *
                                MICROSECONDS_PER_SECOND,
                            s.world->memory);
    m->now = s.now =
        world_time(s.world, PICK(random, clocks)) + (int64_t)random_below(random, 3) - 1;
    s.pools.is_at_month_ends = random_chance(random, 15);
    gather_instants(m);
    fill_pools(m, &s.pools, memory);
    size_t people = 3 + random_below(random, ID_COUNT - 3);
    for (size_t i = 0; i < people; i++)
        world_person(s.world, ids[i]);
    fill(m);
    return s;
}

void setting_refill(setting *s, random_source *random)
{
    maker *m = memory_alloc_zero(sizeof *m);
    *m = (maker){.random = random, .world = s->world, .now = s->now, .pools = &s->pools};
    gather_instants(m);
    for (size_t i = 0; i < s->pools.date_count; i++) {
        add_instant(m, zone_day_start(s->world->zone, s->pools.dates[i]));
        add_instant(m, zone_day_start(s->world->zone, s->pools.dates[i] + 1));
        add_instant(m, s->pools.instants[i]);
    }
    fill(m);
    memory_free(m);
}

/* ---- to read ------------------------------------------------------------------------- */

static void append_event(const world *w, const world_event *e, text *out)
{
    const event_kind *k = &w->schema->kinds[e->kind];
    text_append_format(out, "  %s did %s at ", w->people[e->person], k->name);
    if (e->time == TIME_MIN)
        text_append(out, "no time");
    else
        value_append_time(e->time, w->zone, out);
    text_append(out, " (");
    for (size_t i = 0, said = 0; i < k->property_count; i++) {
        if (e->values[i].is_missing)
            continue;
        text_append_format(out, "%s%s = ", said++ > 0 ? ", " : "", k->properties[i].name);
        append_value(k->properties[i].type, &e->values[i], out);
    }
    for (size_t l = 0; l < e->list_count; l++)
        text_append_format(out, "; %s = [%s]", w->schema->kinds[e->lists[l].kind].name,
                           e->lists[l].written);
    text_append(out, ")\n");
}

static void append_trait(const world *w, const world_event *e, text *out)
{
    const property *p = &w->schema->traits[e->kind];
    text_append_format(out, "  %s has %s = ", w->people[e->person], p->name);
    append_value(p->type, &e->values[0], out);
    if (e->time != TIME_MIN) {
        text_append(out, " at ");
        value_append_time(e->time, w->zone, out);
    }
    text_append(out, "\n");
}

void world_append(const world *w, text *out)
{
    for (size_t i = 0; i < w->event_count; i++) {
        if (w->events[i].is_trait)
            append_trait(w, &w->events[i], out);
        else
            append_event(w, &w->events[i], out);
    }
}

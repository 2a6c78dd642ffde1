/* SPDX-License-Identifier: MIT
 *
 * What the data look like by themselves: ids and texts that may be one, words for nothing,
 * rows twice, times that cannot be meant. Only the first rows are looked at, and a few lines
 * are said.
 */
#include <ctype.h>
#include <string.h>

#include "base/bitmap.h"
#include "engine/parts.h"
#include "value/value.h"

enum {
    MOST_LOOKED_AT = 100000, /* people, rows of a table */
    MOST_DIFFERENT = 10000,  /* texts of a column; more are no categories */
    MOST_SAID = 5
};

typedef struct looker {
    const engine *engine;
    const engine_listener *listener;
    int64_t now;
    size_t said;
} looker;

CARPEL_PRINTF(2, 3) static void say(looker *l, const char *format, ...)
{
    if (l->said++ >= MOST_SAID)
        return;
    text line;
    va_list arguments;
    text_init(&line);
    va_start(arguments, format);
    text_append_format_list(&line, format, arguments);
    va_end(arguments);
    l->listener->log(l->listener->context, line.data);
    text_done(&line);
}

/* ---- texts that may be one ------------------------------------------------------------ */

enum { LONGEST_TEXT = 100 };

static slice trim(slice s)
{
    while (s.size > 0 && isspace((unsigned char)s.data[0]))
        s.data++, s.size--;
    while (s.size > 0 && isspace((unsigned char)s.data[s.size - 1]))
        s.size--;
    return s;
}

/* Without blanks at the ends, zeros before other digits, and capitals. */
static slice plain_form(slice s, char space[static LONGEST_TEXT])
{
    s = trim(s);
    bool is_number = s.size > 1 && s.size == strspn(s.data, "0123456789");
    while (is_number && s.size > 1 && s.data[0] == '0')
        s.data++, s.size--;
    for (size_t i = 0; i < s.size; i++)
        space[i] = (char)tolower((unsigned char)s.data[i]);
    return (slice){space, s.size};
}

/* Is `form`, made of `s`, another text of the dictionary? */
static bool find_other(const dictionary *d, slice s, slice form, slice *other)
{
    uint32_t code = slice_equals(form, s) ? DICTIONARY_NONE
                                          : dictionary_find(d, form.data, form.size);
    if (code != DICTIONARY_NONE)
        *other = dictionary_text(d, code);
    return code != DICTIONARY_NONE;
}

/* Another id that only blanks, zeros or capitals set apart from this. */
static bool find_twin(const dictionary *d, slice s, slice *twin)
{
    char space[LONGEST_TEXT];
    return s.size > 0 && s.size <= LONGEST_TEXT &&
           (find_other(d, s, trim(s), twin) ||
            find_other(d, s, plain_form(s, space), twin));
}

static void look_at_ids(looker *l)
{
    const dictionary *ids = l->engine->store->persons;
    size_t count = dictionary_count(ids), found = 0;
    slice first = {0}, first_twin = {0};
    for (size_t i = 0; i < count && i < MOST_LOOKED_AT; i++) {
        slice id = dictionary_text(ids, (uint32_t)i), twin;
        if (find_twin(ids, id, &twin) && found++ == 0)
            first = id, first_twin = twin;
    }
    if (found > 0)
        say(l,
            "\"%.*s\" and \"%.*s\" are two people%s: ids are compared letter by letter, "
            "with their blanks and zeros",
            (int)first.size, first.data, (int)first_twin.size, first_twin.data,
            found > 1 ? ", and so are more" : "");
}

static bool is_word_for_nothing(slice s)
{
    static const char *const words[] = {"NULL", "null", "N/A",    "n/a",      "#N/A",
                                        "NaN",  "nan",  "(null)", "undefined"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_equals(s, slice_of(words[i])))
            return true;
    return false;
}

/* A column of categories: of a property, or of a trait ("user"). */
static void look_at_texts(looker *l, const column *c, const char *owner, const char *name)
{
    size_t count = c->dictionary ? dictionary_count(c->dictionary) : 0;
    if (c->type.kind != TYPE_STRING || count > MOST_DIFFERENT)
        return;
    for (size_t i = 0; i < count; i++) {
        slice s = dictionary_text(c->dictionary, (uint32_t)i), twin;
        if (is_word_for_nothing(s))
            say(l,
                "%s.%s has the text \"%.*s\": an empty field is missing, this is a text "
                "like any other",
                owner, name, (int)s.size, s.data);
        else if (find_other(c->dictionary, s, trim(s), &twin))
            say(l, "%s.%s has \"%.*s\" and \"%.*s\", which differ", owner, name,
                (int)s.size, s.data, (int)twin.size, twin.data);
        else
            continue;
        return;
    }
}

/* ---- rows twice ------------------------------------------------------------------------- */

static bool is_same_value(const column *c, size_t a, size_t b)
{
    return column_has(c, a) == column_has(c, b) && column_get(c, a) == column_get(c, b);
}

static bool is_same_row(const event_table *t, size_t a, size_t b)
{
    if (event_table_time(t, a) != event_table_time(t, b))
        return false;
    for (size_t i = 0; i < t->column_count; i++)
        if (!is_same_value(&t->columns[i], a, b))
            return false;
    return true;
}

/* Rows of one person that stand as they are among those shortly before, too. */
static size_t count_repeated(const event_table *t, size_t person_count)
{
    enum { FAR = 8 };
    size_t repeated = 0;
    for (size_t p = 0; p < person_count && t->offsets[p] < MOST_LOOKED_AT; p++)
        for (size_t row = t->offsets[p] + 1; row < t->offsets[p + 1]; row++) {
            size_t other = row;
            while (other > t->offsets[p] && row - other < FAR &&
                   event_table_time(t, other - 1) == event_table_time(t, row) &&
                   !is_same_row(t, other - 1, row))
                other--;
            repeated += other > t->offsets[p] && row - other < FAR &&
                        is_same_row(t, other - 1, row);
        }
    return repeated;
}

/* An export that was loaded twice; events without properties may well repeat. */
static void look_at_repeats(looker *l, const event_kind *kind, const event_table *t)
{
    enum { FEWEST = 3 };
    size_t looked_at = t->row_count < MOST_LOOKED_AT ? t->row_count : MOST_LOOKED_AT;
    if (t->column_count == 0 || t->row_count < FEWEST)
        return;
    size_t repeated = count_repeated(t, l->engine->store->person_count);
    if (repeated * 5 >= looked_at * 2)
        say(l,
            "%zu of %zu rows of \"%s\" repeat another one in everything: was an export "
            "loaded twice?",
            repeated, looked_at, kind->name);
}

/* A trait without times has one value; of several the one that was read last counts. */
static void look_at_values(looker *l, const property *trait, const event_table *t)
{
    size_t people = l->engine->store->person_count, several = 0;
    for (size_t p = 0; t->row_count > 0 && p < people && p < MOST_LOOKED_AT; p++) {
        size_t end = t->offsets[p + 1];
        for (size_t row = t->offsets[p] + 1; row < end; row++)
            if (event_table_time(t, row) == TIME_MIN &&
                event_table_time(t, row - 1) == TIME_MIN &&
                !is_same_value(t->columns, row - 1, row)) {
                several++;
                break;
            }
    }
    if (several > 0)
        say(l,
            "%zu %s several values of user.%s without a time: the one that was read last "
            "counts",
            several, several == 1 ? "person has" : "people have", trait->name);
}

/* ---- times ------------------------------------------------------------------------------ */

/* A few events years after all that is judged: a year was misspelt. */
static void look_at_future(looker *l, const event_kind *kind, const event_table *t)
{
    const int64_t two_years = 730 * MICROSECONDS_PER_DAY;
    size_t later = 0, latest = 0;
    for (size_t i = 0; i < t->row_count && i < MOST_LOOKED_AT; i++)
        if (event_table_time(t, i) > l->now &&
            event_table_time(t, i) - l->now > two_years) {
            later++;
            latest = event_table_time(t, i) > event_table_time(t, latest) ? i : latest;
        }
    if (later == 0 || (later > 3 && later * 100 > t->row_count))
        return;
    text date;
    text_init(&date);
    value_append_date(zone_date(l->engine->zone, event_table_time(t, latest)), &date);
    say(l,
        "%zu \"%s\" %s years ahead, as late as %s: such an event counts only once its "
        "time has come",
        later, kind->name, later == 1 ? "lies" : "lie", date.data);
    text_done(&date);
}

static bool has_day_and_month(const config_source *source)
{
    const char *format = source->time.format.text;
    return format != NULL && strstr(format, "%d") != NULL && strstr(format, "%m") != NULL;
}

/* No day above 12 in months enough: the numbers of days and months changed places. */
static void look_at_days(looker *l)
{
    enum { FEWEST_ROWS = 5, FEWEST_MONTHS = 3 };
    const project *p = l->engine->project;
    const store *data = l->engine->store;
    const char *format = NULL;
    size_t rows = 0, months = 0;
    unsigned seen = 0;
    for (size_t i = 0; i < p->source_count && !format; i++)
        if (has_day_and_month(&p->sources[i]))
            format = p->sources[i].time.format.text;
    for (size_t k = 0; format && k < data->schema->kind_count; k++)
        for (size_t i = 0; i < data->kinds[k].row_count && i < MOST_LOOKED_AT; i++) {
            int64_t year;
            unsigned month, day;
            date_to_civil(
                zone_date(l->engine->zone, event_table_time(&data->kinds[k], i)), &year,
                &month, &day);
            if (day > 12)
                return;
            months += (seen >> month & 1) == 0;
            seen |= 1u << month;
            rows++;
        }
    if (rows >= FEWEST_ROWS && months >= FEWEST_MONTHS)
        say(l,
            "no event is of a day above 12: did the day and the month change places in "
            "\"%s\"?",
            format);
}

/* ---- all of them ------------------------------------------------------------------------- */

void engine_note_looks(const engine *e, int64_t now, const engine_listener *listener)
{
    looker l = {.engine = e, .listener = listener, .now = now};
    const store *data = e->store;
    if (e->project->source_count == 0)
        say(&l, "carpel.yaml names no sources, so there is nobody to judge");
    look_at_ids(&l);
    for (size_t k = 0; k < e->schema->kind_count; k++) {
        const event_kind *kind = &e->schema->kinds[k];
        const event_table *t = &data->kinds[k];
        for (size_t i = 0; i < t->column_count; i++)
            look_at_texts(&l, &t->columns[i], kind->name, kind->properties[i].name);
        look_at_repeats(&l, kind, t);
        look_at_future(&l, kind, t);
    }
    for (size_t i = 0; i < e->schema->trait_count; i++) {
        const event_table *t = &data->traits[i];
        look_at_texts(&l, t->columns, "user", e->schema->traits[i].name);
        look_at_values(&l, &e->schema->traits[i], t);
    }
    look_at_days(&l);
}

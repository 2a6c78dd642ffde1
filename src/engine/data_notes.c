/* SPDX-License-Identifier: MIT
 *
 * What the data look like by themselves: ids and texts that may be one, words for nothing,
 * rows twice, times that cannot be meant. Only the first rows and texts of each table are looked at, and a
 * few lines are said; where it can be told, each ends with what to write into carpel.yaml. As the loaded data are
 * looked at, and not the files, every run says so again.
 */
#include <ctype.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "base/unicode.h"
#include "base/utf8.h"
#include "engine/parts.h"
#include "engine/text_looks.h"
#include "value/value.h"

enum {
    MOST_LOOKED_AT = 100000, /* people, rows of a table */
    MOST_DIFFERENT = 10000,  /* texts of a column; more are no categories */
    MOST_SAID = 5
};

typedef enum data_note {
#define X(id, code, name) NOTE_##id,
#include "engine/data_notes.def"
#undef X
    NOTE_COUNT
} data_note;

static const char *const codes[NOTE_COUNT] = {
#define X(id, code, name) code,
#include "engine/data_notes.def"
#undef X
};

typedef struct looker {
    const engine *engine;
    const engine_listener *listener;
    int64_t now;
    size_t said;
} looker;

/* Does the project say that it knows: "D05", or "D05 order.city"? */
static bool is_accepted(const looker *l, data_note note, const char *subject)
{
    const project *p = l->engine->project;
    for (size_t i = 0; i < p->accepted_count; i++) {
        const char *said = p->accepted[i].text;
        size_t size = strlen(codes[note]);
        if (strncmp(said, codes[note], size) == 0 &&
            (said[size] == '\0' || strcmp(said + size + 1, subject) == 0))
            return true;
    }
    return false;
}

/* Say it, with its code; `subject` is the field, event or source that it is about. */
CARPEL_PRINTF(4, 5)
static void say(looker *l, data_note note, const char *subject, const char *format, ...)
{
    if (is_accepted(l, note, subject) || l->said++ >= MOST_SAID)
        return;
    text line;
    va_list arguments;
    text_init(&line);
    va_start(arguments, format);
    text_append_format_list(&line, format, arguments);
    va_end(arguments);
    text_append_format(&line, " (%s)", codes[note]);
    l->listener->log(l->listener->context, line.data);
    text_done(&line);
}

/* "order.city", "user.city", in the engine's memory. */
static const char *field_name(const looker *l, const char *owner, const char *name)
{
    return arena_format(l->engine->memory, "%s.%s", owner, name);
}

/* A field as `fields` of carpel.yaml names it: a trait by its own name. */
static const char *yaml_name(const char *owner, const char *name, const char *field)
{
    return strcmp(owner, "user") == 0 ? name : field;
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

static bool is_digits(slice s)
{
    for (size_t i = 0; i < s.size; i++)
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
    return s.size > 0;
}

/* Zeros before other digits, which some tables lose. */
static slice without_zeros(slice s, text *space)
{
    (void)space;
    bool is_number = is_digits(s);
    while (is_number && s.size > 1 && s.data[0] == '0')
        s.data++, s.size--;
    return s;
}

/* ".0" behind digits, which others add. */
static slice without_fraction(slice s, text *space)
{
    (void)space;
    bool has_fraction = s.size > 2 && memcmp(s.data + s.size - 2, ".0", 2) == 0 &&
                        is_digits((slice){s.data, s.size - 2});
    s.size -= has_fraction ? 2 : 0;
    return s;
}

static slice without_blanks(slice s, text *space)
{
    (void)space;
    return trim(s);
}

static slice in_form(slice s, unicode_form form, text *space)
{
    text_clear(space);
    return unicode_append(space, s, form) ? (slice){space->data, space->size} : s;
}

static slice composed(slice s, text *space)
{
    return utf8_is_ascii(s.data, s.size) ? s : in_form(s, UNICODE_COMPOSED, space);
}

static slice folded(slice s, text *space)
{
    if (!utf8_is_ascii(s.data, s.size))
        return in_form(s, UNICODE_FOLDED, space);
    text_clear(space);
    text_append_bytes(space, s.data, s.size);
    for (size_t i = 0; i < s.size; i++)
        space->data[i] = (char)tolower((unsigned char)space->data[i]);
    return (slice){space->data, s.size};
}

/* What makes one text of two, as bits. */
enum { TRIM = 1, COMPOSE = 2, FOLD = 4, WHOLE = 8, ZEROS = 16 };

/* "trim: true, case: fold", in the engine's memory. */
static const char *steps_text(const looker *l, unsigned steps)
{
    static const char *const texts[] = {"trim: true", "unicode: nfc", "case: fold",
                                        "whole: true", "replace: {\"^0+\": \"\"}"};
    const char *line = "";
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (steps >> i & 1)
            line = arena_format(l->engine->memory, "%s%s%s", line, *line ? ", " : "",
                                texts[i]);
    return line;
}

/* How a text may be written otherwise, and what makes one of both. */
typedef struct other_form {
    slice (*make)(slice s, text *space);
    unsigned steps;
    bool is_of_ids; /* texts that differ so are mostly meant to */
} other_form;

static slice folded_number(slice s, text *space)
{
    return without_zeros(trim(folded(s, space)), space);
}

static const other_form forms[] = {
    {without_blanks, TRIM, false}, {composed, COMPOSE, false},
    {folded, FOLD, true},          {without_fraction, WHOLE, true},
    {without_zeros, ZEROS, true},  {folded_number, TRIM | FOLD | ZEROS, true},
};

/* Those of the steps of folded_number that change this text. */
static unsigned steps_of_number(slice s)
{
    text space;
    text_init(&space);
    slice low = folded(s, &space), bare = trim(low);
    unsigned steps = (slice_equals(low, s) ? 0 : FOLD) |
                     (bare.size < low.size ? TRIM : 0) |
                     (without_zeros(bare, NULL).size < bare.size ? ZEROS : 0);
    text_done(&space);
    return steps;
}

/* The steps that make the other text of this one. */
static unsigned steps_to(const other_form *form, slice s)
{
    return form->make == folded_number ? steps_of_number(s) : form->steps;
}

static const other_form *find_in_form(const dictionary *d, slice s, bool is_id,
                                      slice *twin, text *space)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (s.size == 0 || s.size > LONGEST_TEXT || (forms[i].is_of_ids && !is_id))
            continue;
        slice form = forms[i].make(s, space);
        uint32_t code = slice_equals(form, s) ? DICTIONARY_NONE
                                              : dictionary_find(d, form.data, form.size);
        if (code == DICTIONARY_NONE)
            continue;
        *twin = dictionary_text(d, code);
        return &forms[i];
    }
    return NULL;
}

/* Another text of the dictionary that one of the forms makes of this, and that form, or NULL. */
static const other_form *find_twin(const dictionary *d, slice s, bool is_id, slice *twin)
{
    text space;
    text_init(&space);
    const other_form *form = find_in_form(d, s, is_id, twin, &space);
    text_done(&space);
    return form;
}

/* Those of whom there are no rows any more are in the store, too. */
static bool is_there(const store *data, size_t person)
{
    return data->known_since[person] != INT64_MAX;
}

/* Is the id one of somebody else's, who is there? */
static bool is_another(const store *data, size_t person, slice id)
{
    uint32_t other = store_find_person(data, id);
    return other != person && is_there(data, other);
}

static void look_at_ids(looker *l)
{
    const store *data = l->engine->store;
    const dictionary *ids = data->persons;
    size_t found = 0;
    slice first = {0}, first_twin = {0};
    unsigned steps = 0;
    for (size_t i = 0; i < data->person_count && i < MOST_LOOKED_AT; i++) {
        slice id = dictionary_text(ids, (uint32_t)i), twin;
        const other_form *form =
            is_there(data, i) ? find_twin(ids, id, true, &twin) : NULL;
        if (!form || !is_another(data, i, twin))
            continue;
        steps |= steps_to(form, id);
        if (found++ == 0)
            first = id, first_twin = twin;
    }
    if (found > 0)
        say(l, NOTE_IDS, "",
            "\"%.*s\" and \"%.*s\" are two people%s: ids are compared letter by letter, "
            "with their blanks and zeros; clean: {person: {%s}} makes one of %s",
            (int)first.size, first.data, (int)first_twin.size, first_twin.data,
            found > 1
                ? arena_format(l->engine->memory, ", and so are %zu more", found - 1)
                : "",
            steps_text(l, steps), found > 1 ? "each two" : "them");
}

static bool is_word_for_nothing(slice s)
{
    static const char *const words[] = {"NULL",   "null",      "N/A", "n/a",
                                        "#N/A",   "\\N",       "NaN", "nan",
                                        "(null)", "undefined", "None"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_equals(s, slice_of(words[i])))
            return true;
    return false;
}

/* A field of texts. A dictionary may have texts of rows that are not there any more. */
typedef struct text_field {
    const dictionary *texts;
    const uint64_t *seen; /* bits of the codes that rows have */
    const char *name, *yaml;
    uint32_t told;     /* the bits of the notes */
    slice first, twin; /* the first two that differ little */
    unsigned steps;    /* that make one text of each such two */
    slice quoted;      /* the first text in quotes */
    unsigned looks;    /* the bits of quoted_look that such texts have */
} text_field;

/* Was nothing of this kind told of the field yet? */
static bool is_first(text_field *f, data_note note)
{
    bool is_first = (f->told >> note & 1) == 0;
    f->told |= 1u << note;
    return is_first;
}

static void note_quoted(text_field *f, slice s, quoted_look look)
{
    f->quoted = f->looks == 0 ? s : f->quoted;
    f->looks |= 1u << look;
}

static void note_twin(text_field *f, slice s, slice twin, unsigned steps)
{
    if (f->steps == 0)
        f->first = s, f->twin = twin;
    f->steps |= steps;
}

/* Tell that it is a word for nothing, or empty, of each once; what else is odd about it is noted. */
static void look_at_text(looker *l, text_field *f, slice s)
{
    slice twin;
    quoted_look quotes = text_quoted_look(s);
    const other_form *form = find_twin(f->texts, s, false, &twin);
    if (form && !bitmap_get(f->seen, dictionary_find(f->texts, twin.data, twin.size)))
        form = NULL;
    if (is_word_for_nothing(s) && is_first(f, NOTE_NULLS))
        say(l, NOTE_NULLS, f->name,
            "%s has the text \"%.*s\": an empty field is missing, this is a text like "
            "any "
            "other; clean: {fields: {%s: {missing: ['%.*s']}}} makes it missing",
            f->name, (int)s.size, s.data, f->yaml, (int)s.size, s.data);
    else if (s.size == 0 && is_first(f, NOTE_EMPTY))
        say(l, NOTE_EMPTY, f->name,
            "%s has empty texts, which are not missing: they stood in quotes; clean: "
            "{fields: {%s: {missing: [\"\"]}}} makes them missing",
            f->name, f->yaml);
    else if (quotes != QUOTED_NOT)
        note_quoted(f, s, quotes);
    else if (form)
        note_twin(f, s, twin, steps_to(form, s));
}

static void say_quoted(looker *l, const text_field *f)
{
    const char *advice = "";
    if (f->looks == 1u << QUOTED_ONE)
        advice = arena_format(
            l->engine->memory,
            "; clean: {fields: {%s: {replace: {'^\"|\"$': \"\"}}}} takes them away",
            f->yaml);
    else if ((f->looks & 1u << QUOTED_OTHERS) == 0)
        advice = arena_format(l->engine->memory,
                              "; with the type [string], clean: {fields: {%s: {split: "
                              "\",\", replace: {'^\"|\"$': \"\"}}}} makes lists of them",
                              f->yaml);
    say(l, NOTE_QUOTES, f->name,
        "%s has the text %.*s with its quotes, which were doubled in the file%s", f->name,
        (int)f->quoted.size, f->quoted.data, advice);
}

static void say_twins(looker *l, const text_field *f)
{
    say(l, NOTE_TEXTS, f->name,
        "%s has \"%.*s\" and \"%.*s\", which differ; clean: {fields: {%s: {%s}}} makes "
        "one of them",
        f->name, (int)f->first.size, f->first.data, (int)f->twin.size, f->twin.data,
        f->yaml, steps_text(l, f->steps));
}

/* Which texts rows have, as bits of their codes. */
static uint64_t *find_seen(const event_table *t, const column *c, size_t text_count)
{
    size_t rows = t->row_count < MOST_LOOKED_AT ? t->row_count : MOST_LOOKED_AT;
    uint64_t *seen = memory_alloc_zero_array(bitmap_words(text_count), sizeof *seen);
    for (size_t row = 0; row < rows; row++)
        if (column_has(c, row))
            bitmap_set(seen, (size_t)column_get(c, row));
    return seen;
}

/* A column of categories: of a property, or of a trait ("user"). */
static void look_at_texts(looker *l, const event_table *t, const column *c,
                          const char *owner, const char *name)
{
    size_t count = c->dictionary ? dictionary_count(c->dictionary) : 0;
    const char *field = field_name(l, owner, name);
    if (c->type.kind != TYPE_STRING || count > MOST_DIFFERENT)
        return;
    uint64_t *seen = find_seen(t, c, count);
    text_field f = {.texts = c->dictionary,
                    .seen = seen,
                    .name = field,
                    .yaml = yaml_name(owner, name, field)};
    for (size_t i = 0; i < count; i++)
        if (bitmap_get(seen, i))
            look_at_text(l, &f, dictionary_text(c->dictionary, (uint32_t)i));
    if (f.looks)
        say_quoted(l, &f);
    if (f.steps)
        say_twins(l, &f);
    memory_free(seen);
}

/* ---- points between thousands ------------------------------------------------------------- */

/* A reason why "1.070,10" of the field was refused; false: there was none such. */
static bool find_grouped(const looker *l, const char *yaml, quarantine_reason *out)
{
    enum { MOST_REASONS = 20 };
    quarantine_reason reasons[MOST_REASONS];
    const char *field = arena_format(l->engine->memory, " write %s: {from: ", yaml);
    size_t count =
        quarantine_reasons(l->engine->quarantine, QUARANTINE_ALL, reasons, MOST_REASONS);
    for (size_t i = 0; i < count; i++) {
        const char *step = strstr(reasons[i].reason, field);
        if (!step || !strstr(step, "thousands: \".\", decimal: \",\""))
            continue;
        *out = reasons[i];
        return true;
    }
    return false;
}

static void append_number(const column *c, size_t row, text *out)
{
    if (c->type.kind == TYPE_NUMBER)
        text_append_number(out, column_number(c, row));
    else
        value_append_decimal(column_get(c, row), c->type.scale, out);
}

/* The surest that one of the values that were read has a decimal point; that value is put into `out`. */
static point_look find_point(const event_table *t, const column *c, text *out)
{
    size_t rows = t->row_count < MOST_LOOKED_AT ? t->row_count : MOST_LOOKED_AT;
    point_look surest = POINT_NONE;
    text number;
    text_init(&number);
    for (size_t row = 0; row < rows && surest < POINT_DECIMAL; row++) {
        text_clear(&number);
        if (!column_has(c, row))
            continue;
        append_number(c, row, &number);
        point_look look = text_point_look((slice){number.data, number.size});
        if (look <= surest)
            continue;
        surest = look;
        text_clear(out);
        text_append(out, number.data);
    }
    text_done(&number);
    return surest;
}

/* A refused "1.070,10" shows that points stand between thousands; do they in all others? */
static void look_at_points(looker *l, const event_table *t, const column *c,
                           const char *name, const char *yaml)
{
    quarantine_reason refused;
    bool is_number = c->type.kind == TYPE_DECIMAL || c->type.kind == TYPE_NUMBER;
    if (!is_number || !find_grouped(l, yaml, &refused))
        return;
    text value;
    text_init(&value);
    point_look look = find_point(t, c, &value);
    const char *step = strstr(refused.reason, " write ") + 1;
    const char *place = arena_format(l->engine->memory, "%s:%llu", refused.first_file,
                                     (unsigned long long)refused.first_line);
    if (look <= POINT_GROUP)
        say(l, NOTE_THOUSANDS, name, "points stand between thousands in %s: %s (%s)",
            name, step, place);
    else
        say(l, NOTE_THOUSANDS, name,
            "%s has points between thousands (%s) and numbers that were read with "
            "decimal "
            "points, such as %s: %s%s",
            name, place, value.data,
            look == POINT_DECIMAL
                ? "the column has both ways, and one of them has to be mended in the data"
                : "where those have three digits behind the point in the data, ",
            look == POINT_DECIMAL
                ? ""
                : arena_format(l->engine->memory,
                               "%s; else the column has both ways, and one of them has "
                               "to be mended there",
                               step));
    text_done(&value);
}

/* ---- columns that say nothing -------------------------------------------------------------- */

/* Of so many rows nobody would expect it. */
enum { FEWEST_MISSING = 10, FEWEST_EQUAL = 100 };

static void look_at_column(looker *l, const event_table *t, const column *c,
                           const char *name)
{
    size_t rows = t->row_count < MOST_LOOKED_AT ? t->row_count : MOST_LOOKED_AT, row = 0;
    bool has_value = false, is_constant = true;
    for (; row < rows && (is_constant || !has_value); row++) {
        bool is_present = column_has(c, row);
        is_constant = is_constant && is_present && column_get(c, row) == column_get(c, 0);
        has_value = has_value || is_present;
    }
    if (rows >= FEWEST_MISSING && !has_value)
        say(l, NOTE_MISSING, name,
            "%s is missing in all %zu rows: does the source have it under another name?",
            name, rows);
    else if (rows >= FEWEST_EQUAL && is_constant)
        say(l, NOTE_CONSTANT, name, "%s is the same in all %zu rows", name, rows);
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

/* Does a source without ids of its rows bring the kind? */
static bool lacks_ids(const looker *l, const event_kind *kind)
{
    const engine *e = l->engine;
    size_t number = (size_t)(kind - e->schema->kinds);
    for (size_t i = 0; i < e->project->source_count; i++)
        if (e->sources[i].mapping && mapping_brings_kind(e->sources[i].mapping, number) &&
            e->project->sources[i].id_field_count == 0)
            return true;
    return false;
}

/* An export that was loaded twice; events without properties may well repeat. */
static void look_at_repeats(looker *l, const event_kind *kind, const event_table *t)
{
    enum { FEWEST = 3 };
    size_t looked_at = t->row_count < MOST_LOOKED_AT ? t->row_count : MOST_LOOKED_AT;
    if (t->column_count == 0 || t->row_count < FEWEST || !lacks_ids(l, kind))
        return;
    size_t repeated = count_repeated(t, l->engine->store->person_count);
    if (repeated * 20 >= looked_at)
        say(l, NOTE_REPEATS, kind->name,
            "%zu of %zu rows of \"%s\" repeat another one in everything: was an export "
            "loaded twice? With `id:` of the source, such as the number of an order, "
            "rows are taken once",
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
        say(l, NOTE_VALUES, trait->name,
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
    say(l, NOTE_FUTURE, kind->name,
        "%zu \"%s\" %s years ahead, as late as %s: such an event counts only once its "
        "time has come",
        later, kind->name, later == 1 ? "lies" : "lie", date.data);
    text_done(&date);
}

/* Seconds that were read as milliseconds: some events in January 1970, and others later. */
static void look_at_1970(looker *l, const event_kind *kind, const event_table *t)
{
    const int64_t end = 31 * MICROSECONDS_PER_DAY;
    size_t early = 0,
           rows = t->row_count < MOST_LOOKED_AT ? t->row_count : MOST_LOOKED_AT;
    for (size_t i = 0; i < rows; i++)
        early += event_table_time(t, i) >= 0 && event_table_time(t, i) < end;
    if (early > 0 && l->engine->store->last_time >= end)
        say(l, NOTE_BEGINNING, kind->name,
            "%zu of %zu \"%s\" %s in January 1970: numbers of seconds in a column of "
            "milliseconds; format: [unix, unix_ms] reads both",
            early, rows, kind->name, early == 1 ? "lies" : "lie");
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
        say(l, NOTE_SWAPPED, "",
            "no event is of a day above 12: did the day and the month change places in "
            "\"%s\"?",
            format);
}

/* ---- sources -------------------------------------------------------------------------------- */

/* Mark those who have rows in the table. */
static void mark_people(const event_table *t, size_t people, uint8_t *marks, uint8_t mark)
{
    for (size_t p = 0; t->row_count > 0 && p < people; p++)
        marks[p] |= t->offsets[p + 1] > t->offsets[p] ? mark : 0;
}

/* Which of the sources may have brought the rows of a table: 1, the source; 2, others. */
static uint8_t brought_by(const looker *l, size_t source, size_t kind, size_t trait)
{
    uint8_t by = 0;
    for (size_t i = 0; i < l->engine->project->source_count; i++) {
        const mapping *m = l->engine->sources[i].mapping;
        bool brings = m && (trait == SCHEMA_NONE ? mapping_brings_kind(m, kind)
                                                 : mapping_brings_trait(m, trait));
        by |= brings ? (i == source ? 1 : 2) : 0;
    }
    return by;
}

/* A source that shares nobody with the others: its ids are written in another way. */
static bool look_at_source(looker *l, size_t source, size_t people, uint8_t *marks)
{
    const engine *e = l->engine;
    const store *data = e->store;
    size_t own = 0, shared = 0, others = 0;
    memset(marks, 0, people);
    for (size_t k = 0; k < e->schema->kind_count; k++)
        mark_people(&data->kinds[k], people, marks,
                    brought_by(l, source, k, SCHEMA_NONE));
    for (size_t t = 0; t < e->schema->trait_count; t++)
        mark_people(&data->traits[t], people, marks, brought_by(l, source, 0, t));
    for (size_t p = 0; p < people; p++) {
        own += marks[p] & 1;
        others += marks[p] >> 1;
        shared += marks[p] == 3;
    }
    bool is_odd = own > 0 && others > 0 && shared == 0;
    if (is_odd)
        say(l, NOTE_STRANGERS, e->sources[source].name,
            "none of the people of the source \"%s\" (%zu looked at) is known from "
            "another one: "
            "are their ids the same?",
            e->sources[source].name, own);
    return is_odd;
}

/* Those who were read first, and of two sources one is enough. */
static void look_at_sources(looker *l)
{
    enum { MOST_PEOPLE = 200000 };
    const engine *e = l->engine;
    size_t people = e->store->person_count;
    people = people < MOST_PEOPLE ? people : MOST_PEOPLE;
    uint8_t *marks = memory_alloc_zero(people + 1);
    for (size_t i = 0; e->project->source_count > 1 && i < e->project->source_count; i++)
        if (look_at_source(l, i, people, marks))
            break;
    memory_free(marks);
}

/* A kind that a field of the rows could name, and never does. */
static void look_at_kinds(looker *l)
{
    const engine *e = l->engine;
    for (size_t k = 0; k < e->schema->kind_count; k++) {
        const event_kind *kind = &e->schema->kinds[k];
        bool is_named = false;
        for (size_t i = 0; i < e->project->source_count; i++)
            is_named = is_named || e->project->sources[i].event_column.text != NULL;
        if (is_named && kind->derivation == KIND_FROM_DATA &&
            e->store->kinds[k].row_count == 0 && e->store->event_count >= FEWEST_EQUAL)
            say(l, NOTE_UNSEEN, kind->name,
                "no row is a \"%s\": is it called otherwise in the data?", kind->name);
    }
}

/* ---- all of them ------------------------------------------------------------------------- */

static void look_at_kind(looker *l, const event_kind *kind, const event_table *t)
{
    for (size_t i = 0; i < t->column_count; i++) {
        const char *name = kind->properties[i].name;
        look_at_texts(l, t, &t->columns[i], kind->name, name);
        const char *field = field_name(l, kind->name, name);
        look_at_points(l, t, &t->columns[i], field, field);
        look_at_column(l, t, &t->columns[i], field);
    }
    look_at_repeats(l, kind, t);
    look_at_future(l, kind, t);
    look_at_1970(l, kind, t);
}

void engine_note_looks(const engine *e, int64_t now, const engine_listener *listener)
{
    looker l = {.engine = e, .listener = listener, .now = now};
    const store *data = e->store;
    if (e->project->source_count == 0)
        say(&l, NOTE_NO_SOURCES, "",
            "carpel.yaml names no sources, so there is nobody to judge");
    look_at_ids(&l);
    for (size_t k = 0; k < e->schema->kind_count; k++)
        look_at_kind(&l, &e->schema->kinds[k], &data->kinds[k]);
    for (size_t i = 0; i < e->schema->trait_count; i++) {
        const event_table *t = &data->traits[i];
        const char *name = e->schema->traits[i].name;
        look_at_texts(&l, t, t->columns, "user", name);
        look_at_points(&l, t, t->columns, field_name(&l, "user", name), name);
        look_at_column(&l, t, t->columns, field_name(&l, "user", name));
        look_at_values(&l, &e->schema->traits[i], t);
    }
    look_at_days(&l);
    look_at_sources(&l);
    look_at_kinds(&l);
}

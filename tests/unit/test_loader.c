/* SPDX-License-Identifier: MIT
 *
 * From sources to a store: mappings and what is refused in them, batches in every shape
 * that Arrow allows, rows set aside or left out, the order of histories, and plugins that
 * break the contract. Streams are built here by hand; a row is written "ann|1000|1250".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "ingest/loader.h"

#define TEXT(t)                                                                          \
    {                                                                                    \
        (t),                                                                             \
        {                                                                                \
            NULL, 0, 0                                                                   \
        }                                                                                \
    }
#define FIELD(n, t)                                                                      \
    {                                                                                    \
        .name = TEXT(n), .type = TEXT(t)                                                 \
    }
#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* ---- the project ------------------------------------------------------------------ */

static config_field purchase_fields[] = {
    FIELD("amount", "decimal(2)"),  FIELD("item", "string"),
    FIELD("share", "number(0..1)"), FIELD("gift", "bool"),
    FIELD("due", "date"),
};
static config_field visit_fields[] = {
    FIELD("item", "string"),
    FIELD("stay", "duration(minutes)"),
};
static config_field user_fields[] = {
    FIELD("country", "string"),
    FIELD("birthday", "date"),
};
static config_kind kinds[] = {
    {TEXT("purchase"), purchase_fields, LENGTH(purchase_fields)},
    {TEXT("visit"), visit_fields, LENGTH(visit_fields)},
};
static const project shop = {
    .kinds = kinds, .kind_count = 2, .traits = user_fields, .trait_count = 2};

/* Everything a test needs; made by set_up, ended by tear_down. */
typedef struct fixture {
    arena *memory;
    diags *diags;
    schema *schema;
    zone *zone;
    quarantine *quarantine;
    loader *loader;
} fixture;

static int set_up(void **state)
{
    fixture *f = memory_alloc_zero(sizeof *f);
    carpel_error err;
    f->memory = arena_new();
    f->diags = diags_new();
    f->schema = schema_new(&shop, f->memory, f->diags);
    f->quarantine = quarantine_new(NULL, false);
    f->loader = loader_new(f->schema, f->quarantine);
    *state = f;
    return zone_open("Europe/Berlin", &f->zone, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    loader_free(f->loader);
    quarantine_free(f->quarantine);
    zone_free(f->zone);
    diags_free(f->diags);
    arena_free(f->memory);
    memory_free(f);
    return 0;
}

static config_event_rule purchase_rule[] = {{.name = TEXT("purchase")}};
static config_event_rule visit_rule[] = {{.name = TEXT("visit")}};

/* person, time, and one kind for all rows. */
static const config_source visits = {.name = TEXT("log"),
                                     .plugin = TEXT("csv"),
                                     .person = {.from = TEXT("id")},
                                     .time = {.from = TEXT("at")},
                                     .event_rules = visit_rule,
                                     .event_rule_count = 1};

static mapping *map(fixture *f, const config_source *source, bool brings_own_names)
{
    mapping *m =
        mapping_new(f->schema, source, f->zone, brings_own_names, f->memory, f->diags);
    if (m == NULL)
        fail_msg("%s", diags_get(f->diags, 0)->message);
    return m;
}

/* "person:9=id time:6=at visit.item:5=item?": name, type, from, ? when optional. */
static void assert_columns(const mapping *m, const char *expected)
{
    text shown;
    text_init(&shown);
    for (size_t i = 0; i < mapping_column_count(m); i++) {
        const carpel_column *c = &mapping_columns(m)[i];
        text_append_format(&shown, "%s%s:%d=%s%s", i == 0 ? "" : " ", c->name,
                           (int)c->type, c->from, c->is_optional ? "?" : "");
    }
    assert_string_equal(shown.data, expected);
    text_done(&shown);
}

/* ---- streams by hand -------------------------------------------------------------- */

/* How the batches are laid out in memory; the values are the same. */
enum {
    CODED = 1,  /* texts stand in dictionaries */
    SLICED = 2, /* arrays begin in the middle of their buffers */
    PLACED = 4  /* `file` and `line` are there */
};
enum { CHILD_OFFSET = 11, STRUCT_OFFSET = 2, MOST_COLUMNS = 16, MOST_ROWS = 20000 };

typedef void change_batch(struct ArrowSchema *schema, struct ArrowArray *array);

/* A stream of batches, each a run of rows ended by NULL. */
typedef struct hand {
    const mapping *mapping;
    int layout;
    const char *const *rows; /* what is left */
    size_t row_count, batch_rows;
    uint64_t line;
    change_batch *change;       /* what is done to the batch before it is handed over */
    int schema_code, next_code; /* errno values to fail with */
} hand;

static char *cell_of(const char *row, size_t column, char *out, size_t size)
{
    for (; column > 0; column--)
        row = strchr(row, '|') + 1;
    size_t length = strcspn(row, "|");
    assert_true(length < size);
    memcpy(out, row, length);
    out[length] = '\0';
    return strcmp(out, "~") == 0 ? NULL : out;
}

static void release_schema(struct ArrowSchema *s)
{
    for (int64_t i = 0; i < s->n_children; i++)
        if (s->children[i] != NULL) {
            release_schema(s->children[i]);
            free(s->children[i]);
        }
    free(s->children);
    if (s->dictionary != NULL)
        release_schema(s->dictionary);
    free(s->dictionary);
    s->release = NULL;
}

static void release_array(struct ArrowArray *a)
{
    void **owned =
        a->private_data; /* the buffers as they were allocated, and their list */
    for (size_t i = 0; i < 3; i++)
        free(owned[i]);
    free(owned);
    free((void *)a->buffers);
    for (int64_t i = 0; i < a->n_children; i++)
        if (a->children[i] != NULL) {
            release_array(a->children[i]);
            free(a->children[i]);
        }
    free(a->children);
    if (a->dictionary != NULL)
        release_array(a->dictionary);
    free(a->dictionary);
    a->release = NULL;
}

static const char *format_of(carpel_type type)
{
    static const char *const formats[] = {"",  "b",       "l",   "l",   "g",
                                          "u", "tsu:UTC", "tdD", "tDu", "u"};
    return formats[type];
}

static void make_schema(struct ArrowSchema *s, const char *format, const char *name)
{
    *s = (struct ArrowSchema){.format = format, .name = name, .release = release_schema};
}

static struct ArrowSchema *add_child_schema(struct ArrowSchema *s, const char *format,
                                            const char *name, bool is_coded)
{
    struct ArrowSchema *child = calloc(1, sizeof *child);
    make_schema(child, is_coded ? "i" : format, name);
    if (is_coded) {
        child->dictionary = calloc(1, sizeof *child->dictionary);
        make_schema(child->dictionary, format, "");
    }
    s->children = realloc(s->children, (size_t)(s->n_children + 1) * sizeof *s->children);
    s->children[s->n_children++] = child;
    return child;
}

static void make_array(struct ArrowArray *a, int64_t length, int64_t offset,
                       int64_t buffers)
{
    *a = (struct ArrowArray){.length = length,
                             .offset = offset,
                             .n_buffers = buffers,
                             .release = release_array};
    a->buffers = calloc(3, sizeof *a->buffers);
    a->private_data = calloc(3, sizeof(void *));
}

static void *give_buffer(struct ArrowArray *a, size_t index, size_t bytes)
{
    void *buffer = calloc(1, bytes + 1);
    ((void **)a->private_data)[index] = buffer;
    a->buffers[index] = buffer;
    return buffer;
}

/* Texts of the cells of one column from row `begin`; NULL is missing. */
static void make_texts(struct ArrowArray *a, char (*cells)[128], const bool *missing,
                       size_t count, size_t offset)
{
    make_array(a, (int64_t)count, (int64_t)offset, 3);
    uint8_t *present = give_buffer(a, 0, (offset + count) / 8 + 1);
    int32_t *offsets = give_buffer(a, 1, (offset + count + 1) * sizeof *offsets);
    char *bytes = give_buffer(a, 2, (offset + count + 1) * 128);
    int32_t at = 5; /* texts need not begin at the first byte */
    for (size_t i = 0; i <= offset; i++)
        offsets[i] = at;
    for (size_t i = 0; i < count; i++) {
        size_t size = missing[i] ? 0 : strlen(cells[i]);
        memcpy(bytes + at, cells[i], size);
        at += (int32_t)size;
        offsets[offset + i + 1] = at;
        if (missing[i])
            a->null_count++;
        else
            present[(offset + i) / 8] |= (uint8_t)(1u << ((offset + i) % 8));
    }
}

/* The same with a dictionary of distinct texts. */
static void make_coded(struct ArrowArray *a, char (*cells)[128], const bool *missing,
                       size_t count, size_t offset)
{
    char(*texts)[128] = calloc(count + 1, sizeof *texts);
    bool *none = calloc(count + 1, sizeof *none);
    size_t text_count = 0;
    make_array(a, (int64_t)count, (int64_t)offset, 2);
    uint8_t *present = give_buffer(a, 0, (offset + count) / 8 + 1);
    int32_t *codes = give_buffer(a, 1, (offset + count) * sizeof *codes);
    for (size_t i = 0; i < count; i++) {
        size_t code = 0;
        if (missing[i]) {
            a->null_count++;
            codes[offset + i] = -7; /* what stands in a missing cell does not matter */
            continue;
        }
        while (code < text_count && strcmp(texts[code], cells[i]) != 0)
            code++;
        if (code == text_count)
            memcpy(texts[text_count++], cells[i], sizeof *texts);
        codes[offset + i] = (int32_t)code;
        present[(offset + i) / 8] |= (uint8_t)(1u << ((offset + i) % 8));
    }
    a->dictionary = calloc(1, sizeof *a->dictionary);
    make_texts(a->dictionary, texts, none, text_count, offset == 0 ? 0 : 3);
    free(texts);
    free(none);
}

static void put_value(struct ArrowArray *a, carpel_type type, size_t at, const char *cell)
{
    void *values = (void *)a->buffers[1];
    if (type == CARPEL_BOOL && *cell == 't')
        ((uint8_t *)values)[at / 8] |= (uint8_t)(1u << (at % 8));
    else if (type == CARPEL_DATE)
        ((int32_t *)values)[at] = (int32_t)strtol(cell, NULL, 10);
    else if (type == CARPEL_NUMBER)
        ((double *)values)[at] = strtod(cell, NULL);
    else if (type != CARPEL_BOOL)
        ((int64_t *)values)[at] = strtoll(cell, NULL, 10);
}

static void make_values(struct ArrowArray *a, carpel_type type, char (*cells)[128],
                        const bool *missing, size_t count, size_t offset)
{
    make_array(a, (int64_t)count, (int64_t)offset, 2);
    uint8_t *present = give_buffer(a, 0, (offset + count) / 8 + 1);
    memset(give_buffer(a, 1, (offset + count) * 8), 0x5A, (offset + count) * 8);
    if (type == CARPEL_BOOL)
        memset((void *)a->buffers[1], 0, (offset + count) * 8);
    for (size_t i = 0; i < count; i++) {
        if (missing[i]) {
            a->null_count++;
            continue;
        }
        put_value(a, type, offset + i, cells[i]);
        present[(offset + i) / 8] |= (uint8_t)(1u << ((offset + i) % 8));
    }
    if (a->null_count == 0 && offset == 0)
        a->buffers[0] = NULL; /* as Arrow allows */
}

static struct ArrowArray *add_child(struct ArrowArray *a)
{
    a->children = realloc(a->children, (size_t)(a->n_children + 1) * sizeof *a->children);
    return a->children[a->n_children++] = calloc(1, sizeof(struct ArrowArray));
}

/* One column of the rows; in a sliced struct, STRUCT_OFFSET rows of junk before them. */
static void make_column(hand *h, struct ArrowArray *a, size_t column, carpel_type type,
                        size_t count)
{
    static char cells[MOST_ROWS][128];
    static bool missing[MOST_ROWS];
    bool is_sliced = (h->layout & SLICED) != 0;
    size_t before = is_sliced ? STRUCT_OFFSET : 0;
    assert_true(before + count <= MOST_ROWS);
    for (size_t i = 0; i < before + count; i++) {
        missing[i] = i < before || cell_of(h->rows[i - before], column, cells[i],
                                           sizeof cells[i]) == NULL;
    }
    struct ArrowArray *child = add_child(a);
    size_t offset = is_sliced ? CHILD_OFFSET : 0;
    bool is_text = type == CARPEL_STRING || type == CARPEL_PERSON;
    if (is_text && (h->layout & CODED) != 0)
        make_coded(child, cells, missing, before + count, offset);
    else if (is_text)
        make_texts(child, cells, missing, before + count, offset);
    else
        make_values(child, type, cells, missing, before + count, offset);
}

static void add_places(hand *h, struct ArrowArray *a, size_t count)
{
    static char cells[MOST_ROWS][128];
    static bool missing[MOST_ROWS];
    size_t before = (h->layout & SLICED) != 0 ? STRUCT_OFFSET : 0;
    for (size_t i = 0; i < before + count; i++)
        strcpy(cells[i], "data.csv");
    make_texts(add_child(a), cells, missing, before + count, 0);
    for (size_t i = 0; i < before + count; i++)
        snprintf(cells[i], sizeof cells[i], "%d", (int)(h->line + i - before));
    make_values(add_child(a), CARPEL_INT, cells, missing, before + count, 0);
    h->line += count;
}

static int hand_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    hand *h = stream->private_data;
    if (h->schema_code != 0)
        return h->schema_code;
    make_schema(out, "+s", "");
    for (size_t i = 0; i < mapping_column_count(h->mapping); i++) {
        const carpel_column *c = &mapping_columns(h->mapping)[i];
        bool is_text = c->type == CARPEL_STRING || c->type == CARPEL_PERSON;
        add_child_schema(out, format_of(c->type), c->name,
                         is_text && (h->layout & CODED) != 0);
    }
    if ((h->layout & PLACED) != 0) {
        add_child_schema(out, "u", "file", false);
        add_child_schema(out, "l", "line", false);
    }
    struct ArrowArray none = {0};
    if (h->change != NULL)
        h->change(out, &none);
    return 0;
}

static int hand_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    hand *h = stream->private_data;
    if (h->next_code != 0)
        return h->next_code;
    size_t count = h->row_count < h->batch_rows ? h->row_count : h->batch_rows;
    *out = (struct ArrowArray){0};
    if (count == 0)
        return 0;
    bool is_sliced = (h->layout & SLICED) != 0;
    make_array(out, (int64_t)count, is_sliced ? STRUCT_OFFSET : 0, 1);
    for (size_t i = 0; i < mapping_column_count(h->mapping); i++)
        make_column(h, out, i, mapping_columns(h->mapping)[i].type, count);
    if ((h->layout & PLACED) != 0)
        add_places(h, out, count);
    if (h->change != NULL) {
        struct ArrowSchema none = {0};
        h->change(&none, out);
    }
    h->rows += count;
    h->row_count -= count;
    return 0;
}

static const char *hand_error(struct ArrowArrayStream *stream)
{
    hand *h = stream->private_data;
    return h->next_code == EINVAL ? "data.csv:3: the quote is never closed" : NULL;
}

static bool load_hand(fixture *f, hand *h, carpel_error *err)
{
    struct ArrowArrayStream stream = {.get_schema = hand_schema,
                                      .get_next = hand_next,
                                      .get_last_error = hand_error,
                                      .private_data = h};
    h->batch_rows = h->batch_rows == 0 ? SIZE_MAX : h->batch_rows;
    h->line = 100;
    return loader_add(f->loader, h->mapping, &stream, err);
}

static void load(fixture *f, const mapping *m, int layout, const char *const *rows,
                 size_t count)
{
    carpel_error err = {0};
    hand h = {.mapping = m, .layout = layout, .rows = rows, .row_count = count};
    if (!load_hand(f, &h, &err))
        fail_msg("%s", err.message);
}

/* ---- stores as texts -------------------------------------------------------------- */

static void show_value(const column *c, size_t row, text *out)
{
    if (c->present != NULL && !bitmap_get(c->present, row)) {
        text_append(out, "~");
        return;
    }
    switch (c->type.kind) {
    case TYPE_BOOL: text_append(out, column_get(c, row) ? "t" : "f"); break;
    case TYPE_NUMBER: text_append_format(out, "%g", column_number(c, row)); break;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON: {
        slice s = dictionary_text(c->dictionary, column_code(c, row));
        text_append_bytes(out, s.data, s.size);
        break;
    }
    default: text_append_format(out, "%lld", (long long)column_get(c, row));
    }
}

/* "ann 1000 #0 1250|shoes": person, time, arrival, values. */
static void show_table(const store *s, const char *name, const event_table *t, text *out)
{
    if (t->row_count > 0)
        text_append_format(out, "%s:\n", name);
    assert_int_equal(t->offsets[0], 0);
    assert_int_equal(t->offsets[s->person_count], t->row_count);
    for (size_t p = 0; p < s->person_count; p++) {
        for (uint64_t row = t->offsets[p]; row < t->offsets[p + 1]; row++) {
            text_append_format(out, "%s ", dictionary_text(s->persons, (uint32_t)p).data);
            if (event_table_time(t, row) == TIME_MIN)
                text_append(out, "ever");
            else
                text_append_format(out, "%lld", (long long)event_table_time(t, row));
            text_append_format(out, " #%u ", (unsigned)packed_get(&t->arrival, row));
            for (size_t i = 0; i < t->column_count; i++) {
                text_append(out, i == 0 ? "" : "|");
                show_value(&t->columns[i], row, out);
            }
            text_append(out, "\n");
        }
    }
}

static void assert_store(fixture *f, const char *expected)
{
    text shown;
    text_init(&shown);
    store *s = loader_finish(f->loader);
    text_append(&shown, "people:");
    for (size_t p = 0; p < s->person_count; p++)
        text_append_format(&shown, " %s", dictionary_text(s->persons, (uint32_t)p).data);
    text_append(&shown, "\n");
    for (size_t k = 0; k < f->schema->kind_count; k++)
        show_table(s, f->schema->kinds[k].name, &s->kinds[k], &shown);
    for (size_t i = 0; i < f->schema->trait_count; i++)
        show_table(s, f->schema->traits[i].name, &s->traits[i], &shown);
    assert_string_equal(shown.data, expected);
    store_free(s);
    text_done(&shown);
}

/* What the quarantine says most: "2 x the person is missing (data.csv:100)". */
static void assert_refused(fixture *f, uint64_t count, const char *expected)
{
    quarantine_reason reasons[8];
    text shown;
    text_init(&shown);
    size_t given =
        quarantine_reasons(f->quarantine, QUARANTINE_ALL, reasons, LENGTH(reasons));
    for (size_t i = 0; i < given; i++)
        text_append_format(&shown, "%d x %s (%s:%d)\n", (int)reasons[i].count,
                           reasons[i].reason, reasons[i].first_file,
                           (int)reasons[i].first_line);
    assert_string_equal(shown.data, expected);
    assert_int_equal(quarantine_count(f->quarantine), count);
    text_done(&shown);
}

/* ---- rows to histories ------------------------------------------------------------ */

static const char *const purchase_rows[] = {
    /* person, time, amount, item, share, gift, due */
    "ann|3000|1250|shoes|0.5|t|20000",
    "bob|1000|~|hat|~|f|~",
    "ann|1000|99|~|0|~|-1",
    "ann|1000|1|~|1|t|0",
    "cy|5|7||0.25|f|1",
    "ann|1000|2|bücher|~|~|~",
    "bob|0|-5|hat|1|t|3",
};
static const char purchase_store[] = "people: ann bob cy\n"
                                     "purchase:\n"
                                     "ann 1000 #2 99|~|0|~|-1\n"
                                     "ann 1000 #3 1|~|1|t|0\n"
                                     "ann 1000 #5 2|bücher|~|~|~\n"
                                     "ann 3000 #0 1250|shoes|0.5|t|20000\n"
                                     "bob 0 #6 -5|hat|1|t|3\n"
                                     "bob 1000 #1 ~|hat|~|f|~\n"
                                     "cy 5 #4 7||0.25|f|1\n";

static void test_every_layout_gives_the_same_store(void **state)
{
    static const size_t batch_rows[] = {SIZE_MAX, 1, 2, 3};
    fixture *f = *state;
    config_source source = visits;
    source.event_rules = purchase_rule;
    const mapping *m = map(f, &source, false);
    assert_columns(m,
                   "person:9=id time:6=at purchase.amount:3=amount? "
                   "purchase.item:5=item? purchase.share:4=share? purchase.gift:1=gift? "
                   "purchase.due:7=due?");
    for (int layout = 0; layout < 8; layout++) {
        for (size_t i = 0; i < LENGTH(batch_rows); i++) {
            carpel_error err;
            hand h = {.mapping = m,
                      .layout = layout,
                      .rows = purchase_rows,
                      .row_count = LENGTH(purchase_rows),
                      .batch_rows = batch_rows[i]};
            assert_true(load_hand(f, &h, &err));
            assert_store(f, purchase_store);
        }
    }
    assert_refused(f, 0, "");
    assert_int_equal(loader_row_count(f->loader), 8 * LENGTH(batch_rows) * 7);
}

static void test_rows_in_order_keep_their_place(void **state)
{
    static const char *const rows[] = {"ann|1|hat|60", "ann|1|~|~", "bob|0|~|0"};
    fixture *f = *state;
    load(f, map(f, &visits, false), 0, rows, 3);
    store *s = loader_finish(f->loader);
    const event_table *t = &s->kinds[1];
    assert_int_equal(s->event_count, 3);
    assert_int_equal(s->first_time, 0);
    assert_int_equal(s->last_time, 1);
    assert_int_equal(t->columns[0].present[0], 1); /* behind the last row bits are zero */
    assert_int_equal(t->columns[1].present[0], 5);
    assert_int_equal(column_get(&t->columns[1], 1), 0);
    assert_null(s->kinds[0].columns[0].present);
    assert_int_equal(s->kinds[0].row_count, 0);
    store_free(s);
}

/* Stopped while it reads, and while it makes the store; what it held is gone. */
static void test_stopped(void **state)
{
    static const char *const rows[] = {"bob|0|~|0", "ann|1|hat|60"};
    fixture *f = *state;
    carpel_error err;
    cancel stop;
    hand h = {.mapping = map(f, &visits, false), .rows = rows, .row_count = 2};
    cancel_init(&stop);
    loader_set_cancel(f->loader, &stop);
    load(f, h.mapping, 0, rows, 2);
    cancel_ask(&stop);
    assert_false(load_hand(f, &h, &err));
    assert_int_equal(err.code, CARPEL_E_CANCELLED);
    assert_null(loader_finish(f->loader));
    cancel_init(&stop);
    store *s = loader_finish(f->loader);
    assert_int_equal(s->person_count, 0);
    store_free(s);
}

static void test_a_store_of_nothing(void **state)
{
    fixture *f = *state;
    load(f, map(f, &visits, false), 0, NULL, 0);
    store *s = loader_finish(f->loader);
    assert_int_equal(s->person_count, 0);
    assert_int_equal(s->event_count, 0);
    assert_int_equal(s->first_time, 0);
    store_free(s);
}

/* Arrival runs on over the sources, so equal times keep the order of the project. */
static void test_order_of_sources(void **state)
{
    static const char *const first[] = {"ann|7|a|~", "bob|7|b|~"};
    static const char *const second[] = {"ann|7|c|~", "ann|6|d|~"};
    fixture *f = *state;
    const mapping *m = map(f, &visits, false);
    load(f, m, CODED, first, 2);
    load(f, m, 0, second, 2);
    assert_store(f, "people: ann bob\n"
                    "visit:\nann 6 #3 d|~\nann 7 #0 a|~\nann 7 #2 c|~\nbob 7 #1 b|~\n");
}

typedef struct plain_row {
    int person, time, arrival;
} plain_row;

static int compare_plain_rows(const void *left, const void *right)
{
    const plain_row *a = left, *b = right;
    if (a->person != b->person)
        return a->person < b->person ? -1 : 1;
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    return a->arrival < b->arrival ? -1 : 1;
}

/* Many rows, few times: the order is that of a plain sort. */
static void test_order_of_many_rows(void **state)
{
    enum { ROWS = 15000, PEOPLE = 211 };
    static char texts[ROWS][48];
    static const char *rows[ROWS];
    static plain_row plain[ROWS];
    fixture *f = *state;
    unsigned seed = 5;
    for (int i = 0; i < ROWS; i++) {
        seed = seed * 1103515245u + 12345u;
        int person = i < PEOPLE ? i : (int)(seed >> 8) % PEOPLE;
        int time = (int)(seed >> 16) % 100;
        snprintf(texts[i], sizeof texts[i], "p%d|%d|i%d|%d", person, time, i, i);
        rows[i] = texts[i];
        plain[i] = (plain_row){person, time, i};
    }
    carpel_error err;
    hand h = {.mapping = map(f, &visits, false),
              .rows = rows,
              .row_count = ROWS,
              .batch_rows = 4000};
    assert_true(load_hand(f, &h, &err));
    qsort(plain, ROWS, sizeof *plain, compare_plain_rows);
    store *s = loader_finish(f->loader);
    const event_table *t = &s->kinds[1];
    for (size_t i = 0; i < ROWS; i++) {
        assert_int_equal(packed_get(&t->arrival, i), plain[i].arrival);
        assert_int_equal(event_table_time(t, i), plain[i].time);
        assert_int_equal(column_get(&t->columns[1], i), plain[i].arrival);
        assert_true(i >= t->offsets[plain[i].person] &&
                    i < t->offsets[plain[i].person + 1]);
    }
    store_free(s);
}

/* ---- kinds of rows ---------------------------------------------------------------- */

static void test_kind_by_column(void **state)
{
    static const char *const rows[] = {
        /* person, time, event, amount, item, share, gift, due, stay */
        "ann|1|buy|5|hat|~|~|~|~",    "ann|2|visit|~|hat|~|~|~|60",
        "bob|3|purchase|6|~|~|~|~|~", "bob|4|vist|~|~|~|~|~|~",
        "bob|5|~|~|~|~|~|~|~",        "bob|6|vist|~|~|~|~|~|~",
    };
    static config_event_name names[] = {{TEXT("buy"), TEXT("purchase")}};
    fixture *f = *state;
    config_source source = visits;
    source.event_rule_count = 0;
    source.event.from = (config_text)TEXT("action");
    source.event_names = names;
    source.event_name_count = 1;
    const mapping *m = map(f, &source, false);
    assert_columns(m,
                   "person:9=id time:6=at event:5=action purchase.amount:3=amount? "
                   "purchase.item:5=item? purchase.share:4=share? purchase.gift:1=gift? "
                   "purchase.due:7=due? visit.stay:8=stay?");
    assert_string_equal(mapping_columns(m)[8].format, "minute");
    for (int layout = 0; layout < 4; layout++) {
        load(f, m, layout, rows, LENGTH(rows));
        assert_store(f, "people: ann bob\n"
                        "purchase:\nann 1 #0 5|hat|~|~|~\nbob 3 #2 6|~|~|~|~\n"
                        "visit:\nann 2 #1 hat|60\n");
    }
    assert_refused(f, 12,
                   "8 x no event kind is named \"vist\" (log:4)\n"
                   "4 x the event is missing (log:5)\n");
}

static void test_kind_by_conditions_and_skipped_rows(void **state)
{
    static config_condition cancelled[] = {{TEXT("invoice"), TEXT("C*")}};
    static config_condition bought[] = {{TEXT("invoice"), TEXT("5*")},
                                        {TEXT("item"), TEXT("*e*")}};
    static config_condition nobody[] = {{TEXT("id"), TEXT("")}};
    static config_condition tests[] = {{TEXT("item"), TEXT("test*")},
                                       {TEXT("invoice"), TEXT("*9")}};
    static config_event_rule rules[] = {{TEXT("visit"), cancelled, 1},
                                        {TEXT("purchase"), bought, 2}};
    static config_event_rule skips[] = {{TEXT(NULL), nobody, 1}, {TEXT(NULL), tests, 2}};
    static config_mapping properties[] = {
        {.name = TEXT("amount"), .from = TEXT("price")}};
    static const char *const rows[] = {
        /* person, time, skip: id, item, invoice, amount, share, gift, due, stay */
        "ann|1|ann|shoe|501|12|~|~|~|~",   "ann|2|ann|shoe|C501|12|~|~|~|~",
        "~|3|~|shoe|502|12|~|~|~|~",       "bob|4|bob|test e|509|12|~|~|~|~",
        "bob|5|bob|test e|508|13|~|~|~|~", "bob|6|bob|hat|503|12|~|~|~|~",
        "bob|7|bob|shoe|~|12|~|~|~|~",     "||||C|12|~|~|~|~",
    };
    fixture *f = *state;
    config_source source = visits;
    source.event_rules = rules;
    source.event_rule_count = 2;
    source.skip_rules = skips;
    source.skip_rule_count = 2;
    source.properties = properties;
    source.property_count = 1;
    const mapping *m = map(f, &source, false);
    assert_columns(m, "person:9=id time:6=at ?id:5=id ?item:5=item ?invoice:5=invoice "
                      "purchase.amount:3=price purchase.share:4=share? "
                      "purchase.gift:1=gift? purchase.due:7=due? visit.stay:8=stay?");
    load(f, m, PLACED, rows, LENGTH(rows));
    assert_int_equal(loader_skipped_count(f->loader), 3);
    assert_int_equal(loader_row_count(f->loader), 3);
    assert_refused(f, 2, "2 x no event rule fits this row (data.csv:105)\n");
    assert_store(f, "people: ann bob\n"
                    "purchase:\nann 1 #0 12|shoe|~|~|~\nbob 5 #4 13|test e|~|~|~\n"
                    "visit:\nann 2 #1 shoe|~\n");
}

/* ---- traits ----------------------------------------------------------------------- */

static void test_traits_without_time_hold_since_ever(void **state)
{
    static const char *const rows[] = {"ann|DE|100", "bob|~|~", "ann|FR|~", "bob|IT|-5"};
    fixture *f = *state;
    config_source source = {
        .name = TEXT("people"), .plugin = TEXT("csv"), .person = {.from = TEXT("id")}};
    const mapping *m = map(f, &source, false);
    assert_columns(m, "person:9=id user.country:5=country? user.birthday:7=birthday?");
    load(f, m, 0, rows, LENGTH(rows));
    assert_int_equal(loader_row_count(f->loader), 4);
    assert_store(f, "people: ann bob\n"
                    "country:\nann ever #0 DE\nann ever #2 FR\nbob ever #3 IT\n"
                    "birthday:\nann ever #0 100\nbob ever #3 -5\n");
}

static void test_events_bring_listed_traits_at_their_time(void **state)
{
    static config_mapping traits[] = {{.name = TEXT("country"), .from = TEXT("item")}};
    static const char *const rows[] = {"ann|9|DE|~", "ann|5|~|~", "ann|5|FR|~",
                                       "bob|1|~|~"};
    fixture *f = *state;
    config_source source = visits;
    source.traits = traits;
    source.trait_count = 1;
    const mapping *m = map(f, &source, false);
    assert_columns(m, "person:9=id time:6=at visit.item:5=item visit.stay:8=stay?");
    load(f, m, CODED | SLICED, rows, LENGTH(rows));
    assert_store(f, "people: ann bob\n"
                    "visit:\nann 5 #1 ~|~\nann 5 #2 FR|~\nann 9 #0 DE|~\nbob 1 #3 ~|~\n"
                    "country:\nann 5 #2 FR\nann 9 #0 DE\n");
}

/* Known from the first row that names them: also one that brings nothing. */
static void test_people_are_known_from_their_first_row(void **state)
{
    static config_mapping traits[] = {{.name = TEXT("country"), .from = TEXT("item")}};
    static const char *const log[] = {"ann|9|DE|~", "bob|7|~|~", "ann|5|~|~"};
    static const char *const people[] = {"bob|~|~", "cy|FR|~"};
    fixture *f = *state;
    config_source visited = visits, named = {.name = TEXT("people"),
                                             .plugin = TEXT("csv"),
                                             .person = {.from = TEXT("id")}};
    visited.traits = traits;
    visited.trait_count = 1;
    load(f, map(f, &visited, false), 0, log, LENGTH(log));
    store *s = loader_finish(f->loader);
    assert_int_equal(s->known_since[0], 5);
    assert_int_equal(s->known_since[1], 7);
    assert_int_equal(s->last_known, 7);
    store_free(s);
    load(f, map(f, &visited, false), 0, log, LENGTH(log));
    load(f, map(f, &named, false), 0, people, LENGTH(people));
    s = loader_finish(f->loader);
    assert_int_equal(s->known_since[1], TIME_MIN);
    assert_int_equal(s->known_since[2], TIME_MIN);
    assert_int_equal(s->last_known, 5);
    store_free(s);
}

static void test_own_names(void **state)
{
    static const char *const rows[] = {
        /* person, time, event, then as in the columns below */
        "ann|~|~|~|~|~|~|~|~|~|DE|5",
        "ann|7|visit|~|~|~|~|~|hat|60|~|~",
        "ann|8|~|~|~|~|~|~|~|~|FR|~",
        "ann|~|visit|~|~|~|~|~|hat|60|~|~",
    };
    fixture *f = *state;
    config_source source = {.name = TEXT("shop"), .plugin = TEXT("synthetic")};
    const mapping *m = map(f, &source, true);
    assert_columns(m, "person:9=person time:6=time event:5=event "
                      "purchase.amount:3=purchase.amount? purchase.item:5=purchase.item? "
                      "purchase.share:4=purchase.share? purchase.gift:1=purchase.gift? "
                      "purchase.due:7=purchase.due? visit.item:5=visit.item? "
                      "visit.stay:8=visit.stay? user.country:5=user.country? "
                      "user.birthday:7=user.birthday?");
    load(f, m, CODED, rows, LENGTH(rows));
    assert_refused(f, 1, "1 x the time is missing (shop:4)\n");
    assert_store(f, "people: ann\nvisit:\nann 7 #1 hat|60\n"
                    "country:\nann ever #0 DE\nann 8 #2 FR\nbirthday:\nann ever #0 5\n");
}

/* ---- rows that do not fit --------------------------------------------------------- */

static void test_bad_rows(void **state)
{
    static const struct {
        const char *row, *reason; /* NULL: a good row */
    } cases[] = {
        {"ann|1|5|hat|1|t|3", NULL},
        {"~|1|5|hat|1|t|3", "the person is missing"},
        {"|1|5|hat|1|t|3", "the person is missing"},
        {"ann|~|5|hat|1|t|3", "the time is missing"},
        {"~|~|5|hat|1|t|3", "the person is missing"},
        {"ann|-62135596800000000|5|hat|1|t|3", NULL},
        {"ann|-62135596800000001|5|hat|1|t|3", "the time is outside the years 1 to 9999"},
        {"ann|253402300800000000|5|hat|1|t|3", "the time is outside the years 1 to 9999"},
        {"ann|1|5|hat|1.5|t|3", "\"share\" is outside its range number(0..1)"},
        {"ann|1|5|hat|-0.1|t|3", "\"share\" is outside its range number(0..1)"},
        {"ann|1|5|hat|1|t|2932896", NULL},
        {"ann|1|5|hat|1|t|2932897", "\"due\" is outside the years 1 to 9999"},
        {"ann|1|5|b\xC3|1|t|3", "the field \"item\" is not UTF-8"},
        {"b\xFF|1|5|hat|1|t|3", "the field \"id\" is not UTF-8"},
        {"bj\xC3\xB6rn|1|5|hat|1|t|3", NULL},
        {"ann|1|~|~|~|~|~", NULL},
    };
    fixture *f = *state;
    config_source source = visits;
    source.event_rules = purchase_rule;
    const mapping *m = map(f, &source, false);
    for (int layout = 0; layout < 8; layout++) {
        for (size_t i = 0; i < LENGTH(cases); i++) {
            carpel_error err = {0};
            quarantine *strict = quarantine_new(NULL, true);
            loader *l = loader_new(f->schema, strict);
            fixture own = *f;
            own.loader = l;
            hand h = {
                .mapping = m, .layout = layout, .rows = &cases[i].row, .row_count = 1};
            bool ok = load_hand(&own, &h, &err);
            if (ok != (cases[i].reason == NULL))
                fail_msg("%s: %s", cases[i].row, err.message);
            assert_int_equal(loader_row_count(l), ok ? 1 : 0);
            const char *place = (layout & PLACED) != 0 ? "data.csv:100: " : "log:1: ";
            if (!ok) {
                assert_int_equal(err.code, CARPEL_E_INPUT);
                assert_memory_equal(err.message, place, strlen(place));
                assert_string_equal(err.message + strlen(place), cases[i].reason);
            }
            loader_free(l);
            quarantine_free(strict);
        }
    }
}

static void test_bad_rows_leave_the_others(void **state)
{
    static const char *const rows[] = {"ann|1|hat|~", "~|2|hat|~", "bob|3|b\xC3|~",
                                       "cy|4|hat|~", "dan|~|~|~"};
    fixture *f = *state;
    carpel_error err;
    hand h = {.mapping = map(f, &visits, false),
              .layout = PLACED,
              .rows = rows,
              .row_count = LENGTH(rows),
              .batch_rows = 2};
    assert_true(load_hand(f, &h, &err));
    assert_refused(f, 3,
                   "1 x the field \"item\" is not UTF-8 (data.csv:102)\n"
                   "1 x the person is missing (data.csv:101)\n"
                   "1 x the time is missing (data.csv:104)\n");
    assert_store(f, "people: ann cy\nvisit:\nann 1 #0 hat|~\ncy 4 #3 hat|~\n");
}

/* A long text is quoted as far as it goes, and cut between two characters. */
static void test_long_names_are_cut(void **state)
{
    fixture *f = *state;
    char row[256] = "ann|1|x";
    for (int i = 0; i < 60; i++)
        strcat(row, "\xC3\xB6");
    strcat(row, "|~|~|~|~|~|~");
    const char *rows[] = {row};
    config_source source = visits;
    source.event_rule_count = 0;
    source.event.from = (config_text)TEXT("action");
    load(f, map(f, &source, false), 0, rows, 1);
    quarantine_reason reason;
    assert_int_equal(quarantine_reasons(f->quarantine, QUARANTINE_ALL, &reason, 1), 1);
    size_t before = strlen("no event kind is named \"");
    assert_int_equal(strlen(reason.reason), before + 79 + 1);
    assert_string_equal(reason.reason + before + 77, "\xC3\xB6\"");
}

/* ---- plugins that break the contract ---------------------------------------------- */

static void name_column(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)a;
    if (s->n_children > 0)
        s->children[2]->name = "other";
}

static void format_column(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)a;
    if (s->n_children > 0)
        s->children[1]->format = "tsm:UTC";
}

static void format_texts(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)a;
    if (s->n_children > 0)
        s->children[0]->format = "U";
}

static void format_struct(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)a;
    if (s->format != NULL)
        s->format = "+l";
}

static void add_column(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)a;
    if (s->n_children > 0)
        add_child_schema(s, "u", "surplus", false);
}

static void drop_column(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)a;
    if (s->n_children > 0) {
        s->n_children--;
        release_schema(s->children[s->n_children]);
        free(s->children[s->n_children]);
    }
}

static void shorten_column(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0)
        a->children[1]->length--;
}

static void move_offset(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0)
        a->children[1]->offset = -1;
}

static void negative_length(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    a->length = -1;
}

static void drop_buffer(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0)
        a->children[1]->buffers[1] = NULL;
}

static void count_buffers(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0)
        a->children[1]->n_buffers = 1;
}

static void drop_bits(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0) {
        a->children[1]->null_count = 1;
        a->children[1]->buffers[0] = NULL;
    }
}

static void reverse_offsets(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0)
        ((int32_t *)a->children[0]->buffers[1])[1] = 1 << 20;
}

static void negative_offsets(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0)
        ((int32_t *)a->children[0]->buffers[1])[0] = -1;
}

static void drop_bytes(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0)
        a->children[0]->buffers[2] = NULL;
}

static void raise_code(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0)
        ((int32_t *)a->children[0]->buffers[1])[1] = 2;
}

static void lower_code(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0)
        ((int32_t *)a->children[0]->buffers[1])[1] = -1;
}

static void drop_dictionary(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0) {
        release_array(a->children[0]->dictionary);
        free(a->children[0]->dictionary);
        a->children[0]->dictionary = NULL;
    }
}

static void add_dictionary(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)a;
    if (s->n_children > 0) {
        s->children[1]->dictionary = calloc(1, sizeof *s->children[1]->dictionary);
        make_schema(s->children[1]->dictionary, "u", "");
    }
}

static void miss_rows(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0) {
        a->null_count = 2;
        give_buffer(a, 0, 1);
    }
}

static void drop_child(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0)
        a->n_children--;
    if (a->children != NULL) {
        release_array(a->children[a->n_children]);
        free(a->children[a->n_children]);
    }
}

static void infinite_number(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0)
        ((double *)a->children[4]->buffers[1])[1] = (double)INFINITY;
}

static void no_number(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0)
        ((double *)a->children[4]->buffers[1])[0] = (double)NAN;
}

static void far_batch_offset(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    a->offset = INT64_MAX;
}

static void drop_batch_buffers(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0) {
        free((void *)a->buffers);
        a->buffers = NULL;
    }
}

static void far_offset(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0)
        a->children[1]->offset = INT64_MAX;
}

/* Where no memory is: half of what a process can have lies between. */
static void long_offset(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0)
        a->children[1]->offset = INT64_C(1) << 40;
}

static void long_text(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0)
        ((int32_t *)a->children[0]->buffers[1])[2] = INT32_MAX;
}

static void shift_buffer(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0)
        a->children[1]->buffers[1] = (const char *)a->children[1]->buffers[1] + 1;
}

static void release_child(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0)
        a->children[0]->release = NULL;
}

static void null_child(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a->n_children > 0) {
        release_array(a->children[0]);
        free(a->children[0]);
        a->children[0] = NULL;
    }
}

static void release_child_schema(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)a;
    if (s->n_children > 0)
        s->children[0]->release = NULL;
}

/* The first of two times is missing, and so many are said to be. */
static void count_missing(struct ArrowArray *a, int64_t said)
{
    if (a->n_children == 0)
        return;
    free(((void **)a->children[1]->private_data)[0]);
    *(uint8_t *)give_buffer(a->children[1], 0, 1) = 2;
    a->children[1]->null_count = said;
}

static void miscount_missing(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    count_missing(a, 2);
}

static void deny_missing(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    count_missing(a, 0);
}

static void too_many_missing(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    count_missing(a, 99);
}

static void negative_missing(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    count_missing(a, -2);
}

static void far_too_long(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    a->length = INT64_C(1) << 32;
}

static void test_broken_contracts(void **state)
{
    static const struct {
        change_batch *change;
        int layout;
        const char *said;
    } cases[] = {
        {name_column, 0, "column 3 is \"other\" instead of \"purchase.amount\""},
        {format_column, 0,
         "column \"time\" has the format \"tsm:UTC\" instead of \"tsu:UTC\""},
        {format_texts, 0, "column \"person\" has the format \"U\" instead of \"u\""},
        {format_texts, CODED,
         "column \"person\" has codes of the format \"U\" instead of \"i\""},
        {add_dictionary, 0,
         "column \"time\" has a dictionary, which only texts may have"},
        {format_struct, 0, "its batches are not structs"},
        {add_column, 0, "nobody asked for its column \"surplus\""},
        {add_column, PLACED, "it brings 10 columns where 7 are wanted, and a place"},
        {release_child_schema, 0, "column \"person\" is released already"},
        {drop_column, 0, "it brings 6 columns where 7 are wanted"},
        {drop_child, 0, "a batch has 6 columns where its schema has 7"},
        {negative_length, 0, "a batch has -1 rows from offset 0"},
        {far_batch_offset, 0, "a batch has 2 rows from offset 9223372036854775807"},
        {drop_batch_buffers, 0, "a batch has 0 buffers instead of 1"},
        {miss_rows, 0, "a row is missing as a whole"},
        {shorten_column, 0, "column \"time\" has 1 rows where the batch needs 2"},
        {shorten_column, SLICED, "column \"time\" has 3 rows where the batch needs 4"},
        {move_offset, 0, "column \"time\" has 2 rows from the offset -1"},
        {far_offset, 0, "column \"time\" has 2 rows from the offset 9223372036854775807"},
        {long_offset, 0, "column \"time\" has a buffer 1 that is too short"},
        {long_text, 0, "column \"person\" has a buffer 2 that is too short"},
        {shift_buffer, 0, "column \"time\" has a buffer 1 that is not aligned"},
        {release_child, 0, "column \"person\" is released already"},
        {null_child, 0, "column \"person\" is not there"},
        {miscount_missing, 0,
         "column \"time\" says that 2 values are missing where its bits say 1"},
        {deny_missing, 0,
         "column \"time\" says that 0 values are missing where its bits say 1"},
        {too_many_missing, 0, "column \"time\" says that 99 of 2 values are missing"},
        {negative_missing, 0, "column \"time\" says that -2 of 2 values are missing"},
        {drop_buffer, 0, "column \"time\" lacks its buffer 1"},
        {count_buffers, 0, "column \"time\" has 1 buffers instead of 2"},
        {drop_bits, 0, "column \"time\" has missing values, but no bits that say which"},
        {reverse_offsets, 0, "column \"person\" has text offsets that go backwards"},
        {negative_offsets, 0, "column \"person\" has text offsets that go backwards"},
        {drop_bytes, 0, "column \"person\" lacks its buffer 2"},
        {raise_code, CODED,
         "column \"person\" has the code 2 for a dictionary of 2 texts"},
        {lower_code, CODED,
         "column \"person\" has the code -1 for a dictionary of 2 texts"},
        {drop_dictionary, CODED, "column \"person\" lacks its dictionary"},
        {infinite_number, 0, "column \"purchase.share\" has a number that is not finite"},
        {no_number, 0, "column \"purchase.share\" has a number that is not finite"},
    };
    static const char *const rows[] = {"ann|1|5|hat|1|t|3", "bob|2|6|hat|1|f|4"};
    fixture *f = *state;
    config_source source = visits;
    source.event_rules = purchase_rule;
    const mapping *m = map(f, &source, false);
    for (size_t i = 0; i < LENGTH(cases); i++) {
        carpel_error err = {0};
        hand h = {.mapping = m,
                  .layout = cases[i].layout,
                  .rows = rows,
                  .row_count = 2,
                  .change = cases[i].change};
        if (load_hand(f, &h, &err))
            fail_msg("nothing is said instead of \"%s\"", cases[i].said);
        if (err.code != CARPEL_E_PLUGIN || strstr(err.message, cases[i].said) == NULL ||
            strstr(err.message, "plugin \"csv\" broke the contract: ") == NULL)
            fail_msg("\"%s\" instead of \"%s\"", err.message, cases[i].said);
        assert_int_equal(loader_row_count(f->loader), 0);
    }
}

static void test_too_many_rows(void **state)
{
    static const char *const rows[] = {"ann|1|hat|5"};
    fixture *f = *state;
    carpel_error err = {0};
    hand h = {.mapping = map(f, &visits, false),
              .rows = rows,
              .row_count = 1,
              .change = far_too_long};
    assert_false(load_hand(f, &h, &err));
    assert_int_equal(err.code, CARPEL_E_LIMIT);
    assert_string_equal(err.message, "the sources have more than 4294967294 rows");
}

static void test_failing_streams(void **state)
{
    static const struct {
        int schema_code, next_code;
        carpel_error_code code;
        const char *message;
    } cases[] = {
        {0, EINVAL, CARPEL_E_INPUT, "data.csv:3: the quote is never closed"},
        {0, ECANCELED, CARPEL_E_CANCELLED,
         "the source \"log\" cannot be read: Operation canceled"},
        {0, EIO, CARPEL_E_SYSTEM,
         "the source \"log\" cannot be read: Input/output error"},
        {EIO, 0, CARPEL_E_SYSTEM,
         "the source \"log\" cannot be read: Input/output error"},
    };
    fixture *f = *state;
    const mapping *m = map(f, &visits, false);
    for (size_t i = 0; i < LENGTH(cases); i++) {
        carpel_error err = {0};
        hand h = {.mapping = m,
                  .schema_code = cases[i].schema_code,
                  .next_code = cases[i].next_code};
        assert_false(load_hand(f, &h, &err));
        assert_int_equal(err.code, cases[i].code);
        assert_string_equal(err.message, cases[i].message);
    }
}

/* ---- mappings that cannot be ------------------------------------------------------ */

static void spoil_person(config_source *s)
{
    s->person.from.text = NULL;
}

static void spoil_time(config_source *s)
{
    s->time.from.text = NULL;
}

static void spoil_kind(config_source *s)
{
    static config_event_rule rule[] = {{.name = TEXT("visitt")}};
    s->event_rules = rule;
}

static void spoil_event_name(config_source *s)
{
    static config_event_name names[] = {{TEXT("buy"), TEXT("purchases")}};
    s->event_rule_count = 0;
    s->event.from = (config_text)TEXT("action");
    s->event_names = names;
    s->event_name_count = 1;
}

static void spoil_format(config_source *s)
{
    s->time.format = (config_text)TEXT("%Y-%m");
}

static void spoil_zone(config_source *s)
{
    s->time.zone = (config_text)TEXT("Europe/Berln");
}

static void spoil_property(config_source *s)
{
    static config_mapping properties[] = {{.name = TEXT("sty"), .from = TEXT("x")}};
    s->properties = properties;
    s->property_count = 1;
}

/* `amount` is a property, but of a kind that this source never brings. */
static void spoil_foreign_property(config_source *s)
{
    static config_mapping properties[] = {{.name = TEXT("amount"), .from = TEXT("x")}};
    s->properties = properties;
    s->property_count = 1;
}

static void spoil_property_format(config_source *s)
{
    static config_mapping properties[] = {
        {.name = TEXT("item"), .from = TEXT("x"), .format = TEXT("%Y")}};
    s->properties = properties;
    s->property_count = 1;
}

static void spoil_property_zone(config_source *s)
{
    static config_mapping properties[] = {
        {.name = TEXT("item"), .from = TEXT("x"), .zone = TEXT("UTC")}};
    s->properties = properties;
    s->property_count = 1;
}

static void spoil_trait(config_source *s)
{
    static config_mapping traits[] = {{.name = TEXT("contry"), .from = TEXT("x")}};
    s->traits = traits;
    s->trait_count = 1;
}

static void test_refused_mappings(void **state)
{
    static const struct {
        void (*spoil)(config_source *s);
        diag_code code;
        const char *message, *hint;
    } cases[] = {
        {spoil_person, E0304,
         "the source \"log\" does not say which field holds the person",
         "Add `person: customer_id`."},
        {spoil_time, E0304,
         "the source \"log\" does not say which field holds the time of its events",
         "Add `time: created_at`."},
        {spoil_kind, E0104, "no event kind is named \"visitt\"",
         "Did you mean \"visit\"?"},
        {spoil_event_name, E0104, "no event kind is named \"purchases\"",
         "Did you mean \"purchase\"?"},
        {spoil_format, E0305,
         "the format \"%Y-%m\" cannot be used: it names no day (%m and %d, or %j)",
         "A format is made like \"%Y-%m-%d %H:%M:%S\", or is one of iso, unix, unix_ms, "
         "unix_us."},
        {spoil_zone, E0305, "no time zone is named \"Europe/Berln\"",
         "Did you mean \"Europe/Berlin\"?"},
        {spoil_property, E0105, "no event kind of this source has a property \"sty\"",
         "Did you mean \"stay\"?"},
        {spoil_foreign_property, E0105,
         "no event kind of this source has a property \"amount\"", NULL},
        {spoil_property_format, E0305, "only times and dates have a format", NULL},
        {spoil_property_zone, E0305, "only times have a zone", NULL},
        {spoil_trait, E0115, "no trait is named \"contry\"",
         "The trait that is declared is \"country\": both have to be spelt alike."},
    };
    fixture *f = *state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        config_source source = visits;
        diags *found = diags_new();
        cases[i].spoil(&source);
        assert_null(mapping_new(f->schema, &source, f->zone, false, f->memory, found));
        assert_int_equal(diags_count(found), 1);
        const diag *d = diags_get(found, 0);
        assert_int_equal(d->code, cases[i].code);
        assert_string_equal(d->message, cases[i].message);
        if (cases[i].hint == NULL)
            assert_null(d->hint);
        else
            assert_string_equal(d->hint, cases[i].hint);
        diags_free(found);
    }
}

static void test_own_names_take_no_mapping(void **state)
{
    fixture *f = *state;
    assert_null(mapping_new(f->schema, &visits, f->zone, true, f->memory, f->diags));
    assert_int_equal(diags_count(f->diags), 3);
    assert_string_equal(diags_get(f->diags, 0)->message,
                        "a source of the plugin \"csv\" has no key \"person\"");
}

/* One field wanted twice is one column when type, format and zone agree, else two. */
static void test_shared_columns(void **state)
{
    static config_mapping traits[] = {
        {.name = TEXT("birthday"), .from = TEXT("born"), .format = TEXT("%d.%m.%Y")}};
    static config_mapping properties[] = {
        {.name = TEXT("purchase.item"), .from = TEXT("sku")},
        {.name = TEXT("due"), .from = TEXT("born")},
        {.name = TEXT("amount"), .from = TEXT("born")},
    };
    fixture *f = *state;
    config_source source = visits;
    source.event_rule_count = 0;
    source.event.from = (config_text)TEXT("item"); /* visits have a property from it */
    source.time.zone = (config_text)TEXT("America/New_York");
    source.time.format = (config_text)TEXT("unix");
    source.properties = properties;
    source.property_count = 3;
    source.traits = traits;
    source.trait_count = 1;
    const mapping *m = map(f, &source, false);
    assert_columns(m, "person:9=id time:6=at event:5=item purchase.amount:3=born "
                      "purchase.item:5=sku purchase.share:4=share? purchase.gift:1=gift? "
                      "purchase.due:7=born visit.stay:8=stay? user.birthday:7=born");
    assert_string_equal(mapping_columns(m)[1].format, "unix");
    assert_string_equal(zone_name(mapping_column_zone(m, 1)), "America/New_York");
    assert_string_equal(zone_name(mapping_column_zone(m, 7)), "Europe/Berlin");
    assert_int_equal(mapping_columns(m)[3].scale, 2);
}

#define LOADER_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOADER_TEST(test_every_layout_gives_the_same_store),
        LOADER_TEST(test_rows_in_order_keep_their_place),
        LOADER_TEST(test_stopped),
        LOADER_TEST(test_a_store_of_nothing),
        LOADER_TEST(test_order_of_sources),
        LOADER_TEST(test_order_of_many_rows),
        LOADER_TEST(test_kind_by_column),
        LOADER_TEST(test_kind_by_conditions_and_skipped_rows),
        LOADER_TEST(test_traits_without_time_hold_since_ever),
        LOADER_TEST(test_events_bring_listed_traits_at_their_time),
        LOADER_TEST(test_people_are_known_from_their_first_row),
        LOADER_TEST(test_own_names),
        LOADER_TEST(test_bad_rows),
        LOADER_TEST(test_bad_rows_leave_the_others),
        LOADER_TEST(test_long_names_are_cut),
        LOADER_TEST(test_broken_contracts),
        LOADER_TEST(test_too_many_rows),
        LOADER_TEST(test_failing_streams),
        LOADER_TEST(test_refused_mappings),
        LOADER_TEST(test_own_names_take_no_mapping),
        LOADER_TEST(test_shared_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

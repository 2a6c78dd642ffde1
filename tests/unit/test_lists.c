/* SPDX-License-Identifier: MIT
 *
 * Lists from a source's batches to tables of items: which columns a source is asked for, that
 * items follow their rows when these are sorted, that bad items set their row aside, and that
 * what breaks the contract of <carpel/plugin.h> is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "config/project.h"
#include "plugin/rows.h"
#include "ingest/loader.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
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
#define DAY INT64_C(86400000000)

/* ---- the project ------------------------------------------------------------------------ */

static config_field item[] = {FIELD("sku", "string"), FIELD("price", "decimal(2)"),
                              FIELD("share", "number(0..1)"), FIELD("due", "date"),
                              FIELD("sent", "time")};
static config_field address[] = {FIELD("city", "string")};
static config_field purchase[] = {
    FIELD("amount", "int"),
    {.name = TEXT("address"), .fields = address, .field_count = 1},
    {.name = TEXT("items"), .fields = item, .field_count = LENGTH(item), .is_list = true},
    FIELD("tags", "list(string)"),
};
static config_field refund[] = {
    {.name = TEXT("items"), .fields = item, .field_count = LENGTH(item), .is_list = true},
    FIELD("tags", "list(int)"),
};
static config_kind kinds[] = {{TEXT("purchase"), purchase, LENGTH(purchase)},
                              {TEXT("refund"), refund, LENGTH(refund)}};
static config_field traits[] = {
    {.name = TEXT("home"), .fields = address, .field_count = 1}, FIELD("plan", "string")};
static const project shop = {
    .kinds = kinds, .kind_count = 2, .traits = traits, .trait_count = 2};

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
    return diags_count(f->diags) == 0 && zone_open("UTC", &f->zone, &err) ? 0 : -1;
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

/* ---- the columns of a source ------------------------------------------------------------ */

static void append_columns(const carpel_column *columns, size_t count, text *out)
{
    for (size_t i = 0; i < count; i++) {
        const carpel_column *c = &columns[i];
        text_append_format(out, "%s%s=%s%s", i == 0 ? "" : " ", c->name, c->from,
                           c->is_optional ? "?" : "");
        if (c->type != CARPEL_LIST)
            continue;
        text_append(out, c->is_plain ? "[" : "{");
        append_columns(c->items, c->item_count, out);
        text_append(out, c->is_plain ? "]" : "}");
    }
}

static config_event_rule purchases[] = {{.name = TEXT("purchase")}};
static config_mapping mapped[] = {
    {.name = TEXT("address"), .from = TEXT("ship.to")},
    {.name = TEXT("items"), .from = TEXT("cart.items")},
    {.name = TEXT("items.price"), .from = TEXT("unit_price")},
    {.name = TEXT("purchase.items.sent"), .from = TEXT("at"), .format = TEXT("unix_ms")},
};
static config_mapping homes[] = {{.name = TEXT("home"), .from = TEXT("addr")}};
#define ITEMS "sku=sku? price=price? share=share? due=due? sent=sent?"

static void test_wanted_columns(void **state)
{
    fixture *f = *state;
    const struct {
        config_source source;
        const char *columns;
    } cases[] = {
        {{.person = {.from = TEXT("id")},
          .time = {.from = TEXT("t")},
          .event_rules = purchases,
          .event_rule_count = 1},
         "person=id time=t purchase.amount=amount? purchase.address.city=address.city? "
         "purchase.items=items?{" ITEMS "} purchase.tags=tags?[value=?]"},
        {{.person = {.from = TEXT("id")},
          .time = {.from = TEXT("t")},
          .event_rules = purchases,
          .event_rule_count = 1,
          .properties = mapped,
          .property_count = LENGTH(mapped)},
         "person=id time=t purchase.amount=amount? purchase.address.city=ship.to.city "
         "purchase.items=cart.items{sku=sku? price=unit_price share=share? due=due? "
         "sent=at} "
         "purchase.tags=tags?[value=?]"},
        /* lists of one field and type are asked for once, others apart */
        {{.person = {.from = TEXT("id")},
          .time = {.from = TEXT("t")},
          .event = {.from = TEXT("e")}},
         "person=id time=t event=e purchase.amount=amount? "
         "purchase.address.city=address.city? purchase.items=items?{" ITEMS "} "
         "purchase.tags=tags?[value=?] refund.tags=tags?[value=?]"},
        {{.person = {.from = TEXT("id")}, .traits = homes, .trait_count = 1},
         "person=id user.home.city=addr.city"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        text shown;
        text_init(&shown);
        mapping *m =
            mapping_new(f->schema, &cases[i].source, f->zone, false, f->memory, f->diags);
        if (m == NULL)
            fail_msg("%s", diags_get(f->diags, 0)->message);
        append_columns(mapping_columns(m), mapping_column_count(m), &shown);
        assert_string_equal(shown.data, cases[i].columns);
        text_done(&shown);
    }
}

static void test_unknown_names(void **state)
{
    fixture *f = *state;
    static config_mapping wrong[] = {{.name = TEXT("items.prize"), .from = TEXT("x")},
                                     {.name = TEXT("tags.value"), .from = TEXT("x")},
                                     {.name = TEXT("addres"), .from = TEXT("x")}};
    static const char *const hints[] = {"items.price", NULL, "address"};
    for (size_t i = 0; i < LENGTH(wrong); i++) {
        config_source source = {.person = {.from = TEXT("id")},
                                .time = {.from = TEXT("t")},
                                .event_rules = purchases,
                                .event_rule_count = 1,
                                .properties = &wrong[i],
                                .property_count = 1};
        diags *found = diags_new();
        assert_null(mapping_new(f->schema, &source, f->zone, false, f->memory, found));
        assert_int_equal(diags_count(found), 1);
        assert_int_equal(diags_get(found, 0)->code, E0105);
        if (hints[i] != NULL)
            assert_non_null(strstr(diags_get(found, 0)->hint, hints[i]));
        diags_free(found);
    }
}

/* ---- a stream of rows ------------------------------------------------------------------- */

/* "sku price": with `share`, `due` or `sent` when they are not 0. */
typedef struct made_item {
    const char *sku, *price;
    double share;
    int64_t due, sent;
} made_item;

typedef struct made_row {
    const char *person;
    int64_t day;
    const char *event;
    int64_t amount;
    const made_item *items;
    size_t item_count;
    const char *tags; /* "a b": each letter is one; - is missing */
} made_row;

enum { ITEMS_COLUMN = 5, TAGS_COLUMN = 6 };

typedef void change_batch(struct ArrowSchema *schema, struct ArrowArray *array);

typedef struct made_stream {
    carpel_rows *rows;
    const made_row *next;
    size_t count, batch_rows;
    change_batch *change;
} made_stream;

static void set_text(carpel_rows *rows, size_t column, const char *value)
{
    if (value != NULL)
        rows_set_text(rows, column, value, strlen(value), true);
}

static void add_items(carpel_rows *rows, const made_row *row)
{
    for (size_t i = 0; i < row->item_count; i++) {
        const made_item *it = &row->items[i];
        rows_begin_item(rows, ITEMS_COLUMN);
        set_text(rows, 0, it->sku);
        set_text(rows, 1, it->price);
        if (it->share != 0)
            rows_set_number(rows, 2, it->share);
        if (it->due != 0)
            rows_set_int(rows, 3, it->due);
        if (it->sent != 0)
            rows_set_int(rows, 4, it->sent);
        rows_end_item(rows);
    }
    for (const char *tag = row->tags; tag != NULL && *tag != '\0'; tag++) {
        if (*tag == ' ')
            continue;
        rows_begin_item(rows, TAGS_COLUMN);
        if (*tag != '-')
            rows_set_text(rows, 0, tag, 1, true);
        rows_end_item(rows);
    }
}

static void add_row(carpel_rows *rows, const made_row *row)
{
    rows_begin_row(rows, 1);
    set_text(rows, 0, row->person);
    rows_set_int(rows, 1, row->day * DAY);
    set_text(rows, 2, row->event);
    rows_set_int(rows, 3, row->amount);
    add_items(rows, row);
    rows_end_row(rows);
}

static int stream_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    made_stream *s = stream->private_data;
    rows_schema(s->rows, out);
    if (s->change != NULL)
        s->change(out, NULL);
    return 0;
}

static int stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    made_stream *s = stream->private_data;
    *out = (struct ArrowArray){0};
    for (size_t i = 0; i < s->batch_rows && s->count > 0; i++, s->count--)
        add_row(s->rows, s->next++);
    if (rows_count(s->rows) > 0)
        rows_take(s->rows, out);
    if (out->release != NULL && s->change != NULL)
        s->change(NULL, out);
    return 0;
}

static const char *no_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return NULL;
}

static bool load(fixture *f, const made_row *rows, size_t count, size_t batch_rows,
                 change_batch *change, carpel_error *err)
{
    config_source source = {.plugin = TEXT("hand"),
                            .person = {.from = TEXT("id")},
                            .time = {.from = TEXT("t")},
                            .event = {.from = TEXT("e")}};
    mapping *m = mapping_new(f->schema, &source, f->zone, false, f->memory, f->diags);
    rows_context context = {.mapping = m, .utc = f->zone, .quarantine = f->quarantine};
    made_stream s = {rows_new(&context, mapping_columns(m), mapping_column_count(m)),
                     rows, count, batch_rows, change};
    struct ArrowArrayStream stream = {stream_schema, stream_next, no_error, NULL, &s};
    assert_string_equal(mapping_columns(m)[ITEMS_COLUMN].name, "purchase.items");
    bool ok = loader_add(f->loader, m, &stream, err);
    rows_end(&context);
    return ok;
}

/* ---- tables ----------------------------------------------------------------------------- */

static const made_item one[] = {{"A", "1.00", 0, 0, 0}};
static const made_item two[] = {{"B", "2.00", 0.5, 1, 1}, {NULL, "3.00", 0, 0, 0}};
static const made_item three[] = {
    {"A", NULL, 0, 0, 0}, {"C", "4.00", 0, 0, 0}, {"B", "5.00", 1, 0, 0}};

/* Neither by person nor by time; bad rows between them. */
static const made_row unsorted[] = {
    {"bob", 5, "purchase", 1, two, 2, "x"},   {"ann", 9, "purchase", 2, three, 3, ""},
    {"ann", 3, "refund", 0, one, 1, ""},      {"bob", 2, "purchase", 3, NULL, 0, "a b -"},
    {"ann", 1, "purchase", 4, one, 1, "c"},   {"", 1, "purchase", 5, three, 3, "bad"},
    {"ann", 4, "purchase", 6, NULL, 0, NULL},
};

/* "amount(sku/price ...)[tags]" of each row in the order of the store. */
static void append_store(const store *s, text *out)
{
    size_t items = schema_find_list(s->schema, 0, "items");
    size_t tags = schema_find_list(s->schema, 0, "tags");
    const event_table *t = &s->kinds[0], *i = &s->kinds[items], *g = &s->kinds[tags];
    const column *sku = &i->columns[0], *price = &i->columns[1], *tag = &g->columns[0];
    assert_null(i->time.data);
    for (size_t row = 0; row < t->row_count; row++) {
        text_append_format(out, "%lld(", (long long)column_get(&t->columns[0], row));
        for (uint64_t k = i->offsets[row]; k < i->offsets[row + 1]; k++) {
            bool has_sku = sku->present == NULL || bitmap_get(sku->present, k);
            slice name = dictionary_text(sku->dictionary, column_code(sku, k));
            text_append_format(out, "%.*s/%lld ", has_sku ? (int)name.size : 1,
                               has_sku ? name.data : "-",
                               (long long)column_get(price, k));
        }
        text_append(out, ")[");
        for (uint64_t k = g->offsets[row]; k < g->offsets[row + 1]; k++) {
            bool is_there = tag->present == NULL || bitmap_get(tag->present, k);
            slice name = dictionary_text(tag->dictionary, column_code(tag, k));
            text_append_format(out, "%.*s", 1, is_there ? name.data : "-");
        }
        text_append(out, "] ");
    }
}

static void test_items_follow_their_rows(void **state)
{
    fixture *f = *state;
    carpel_error err;
    for (size_t batch_rows = 1; batch_rows <= LENGTH(unsorted); batch_rows++) {
        text shown;
        text_init(&shown);
        assert_true(load(f, unsorted, LENGTH(unsorted), batch_rows, NULL, &err));
        store *s = loader_finish(f->loader);
        append_store(s, &shown);
        /* bob came first, so he is person 0 */
        assert_string_equal(shown.data, "3()[ab-] 1(B/200 -/300 )[x] 4(A/100 )[c] 6()[] "
                                        "2(A/0 C/400 B/500 )[] ");
        assert_int_equal(s->kinds[schema_find_list(f->schema, 1, "items")].row_count, 1);
        text_done(&shown);
        store_free(s);
    }
}

/* ---- rows that are set aside ------------------------------------------------------------ */

static void test_bad_items(void **state)
{
    static const made_item outside[] = {{"A", "1", 0.5, 0, 0}, {"B", "1", 1.5, 0, 0}};
    static const made_item late[] = {{"A", "1", 0, 0, 0},
                                     {"B", "1", 0, 0, -62135596800000001}};
    static const made_row rows[] = {
        {"ann", 1, "purchase", 1, one, 1, ""},
        {"ann", 1, "purchase", 2, outside, 2, ""},
        {"ann", 1, "purchase", 3, late, 2, ""},
        {"ann", 1, "refund", 4, outside, 2, ""},
    };
    fixture *f = *state;
    carpel_error err;
    assert_true(load(f, rows, LENGTH(rows), 10, NULL, &err));
    assert_int_equal(quarantine_count(f->quarantine), 3);
    store *s = loader_finish(f->loader);
    assert_int_equal(s->kinds[0].row_count, 1);
    assert_int_equal(s->kinds[schema_find_list(f->schema, 0, "items")].row_count, 1);
    store_free(s);
}

/* ---- what a plugin may not deliver ------------------------------------------------------ */

static struct ArrowArray *items_of(struct ArrowArray *a)
{
    return a->children[ITEMS_COLUMN];
}

static void backwards(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a != NULL)
        ((int32_t *)items_of(a)->buffers[1])[1] = 7;
}

static void negative(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a != NULL)
        ((int32_t *)items_of(a)->buffers[1])[0] = -1;
}

static void too_few_items(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a != NULL)
        items_of(a)->children[0]->length--;
}

static void short_field(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a != NULL)
        items_of(a)->children[0]->children[1]->length--;
}

static void short_tags(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a != NULL)
        a->children[TAGS_COLUMN]->children[0]->length = 0;
}

static void missing_item(struct ArrowSchema *s, struct ArrowArray *a)
{
    static const uint8_t bits[1] = {0};
    (void)s;
    if (a == NULL)
        return;
    items_of(a)->children[0]->null_count = -1; /* nobody counted */
    items_of(a)->children[0]->buffers[0] = bits;
}

static void not_finite(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a != NULL)
        ((double *)items_of(a)->children[0]->children[2]->buffers[1])[0] =
            __builtin_inf();
}

static void lacks_items(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)s;
    if (a != NULL)
        items_of(a)->n_children = 0;
}

static void no_list(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)a;
    if (s != NULL)
        s->children[ITEMS_COLUMN]->format = "u";
}

static void large_list(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)a;
    if (s != NULL)
        s->children[TAGS_COLUMN]->format = "+L";
}

static void plain_items(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)a;
    if (s != NULL)
        s->children[ITEMS_COLUMN]->children[0]->format = "l";
}

static void wrong_field(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)a;
    if (s != NULL)
        s->children[ITEMS_COLUMN]->children[0]->children[0]->format = "l";
}

static void no_item_schema(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)a;
    if (s != NULL)
        s->children[TAGS_COLUMN]->n_children = 0;
}

static void fewer_fields(struct ArrowSchema *s, struct ArrowArray *a)
{
    (void)a;
    if (s != NULL)
        s->children[ITEMS_COLUMN]->children[0]->n_children = 4;
}

static void test_broken_contracts(void **state)
{
    static const struct {
        change_batch *change;
        const char *message;
    } cases[] = {
        {backwards, "column \"purchase.items\" has list offsets that go backwards"},
        {negative, "has list offsets that go backwards"},
        {too_few_items, "has fewer items than its lists need"},
        {short_field, "rows where the batch needs"},
        {short_tags, "column \"purchase.tags\" has 0 rows where the batch needs"},
        {missing_item, "has an item that is missing as a whole"},
        {not_finite, "has a number that is not finite"},
        {lacks_items, "does not bring its items"},
        {no_list, "has the format \"u\" instead of \"+l\""},
        {large_list, "has the format \"+L\" instead of \"+l\""},
        {plain_items, "has items that are not structs"},
        {wrong_field, "has the format \"l\" instead of \"u\""},
        {no_item_schema, "does not say what its items are"},
        {fewer_fields, "has items of 4 columns where 5 are wanted"},
    };
    static const made_row rows[] = {{"ann", 1, "purchase", 1, two, 2, "ab"},
                                    {"ann", 2, "purchase", 1, three, 3, "c"}};
    fixture *f = *state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        carpel_error err = {0};
        if (load(f, rows, 2, 2, cases[i].change, &err))
            fail_msg("\"%s\" is taken", cases[i].message);
        assert_int_equal(err.code, CARPEL_E_PLUGIN);
        if (strstr(err.message, cases[i].message) == NULL)
            fail_msg("%s", err.message);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_wanted_columns),          TEST(test_unknown_names),
        TEST(test_items_follow_their_rows), TEST(test_bad_items),
        TEST(test_broken_contracts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

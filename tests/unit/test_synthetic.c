/* SPDX-License-Identifier: MIT
 *
 * The source `synthetic`: the same seed gives the same people, and they behave like those
 * of a shop.
 */
#include "plugin_support.h"

#define COLUMN(column_name, column_type)                                                 \
    {                                                                                    \
        .name = column_name, .from = column_name, .type = column_type                    \
    }
#define MONEY(column_name)                                                               \
    {                                                                                    \
        .name = column_name, .from = column_name, .type = CARPEL_DECIMAL, .scale = 2     \
    }

/* Everything that the source makes. */
static const carpel_column columns[] = {COLUMN("person", CARPEL_PERSON),
                                        COLUMN("event", CARPEL_STRING),
                                        COLUMN("time", CARPEL_TIME),
                                        COLUMN("page_view.url", CARPEL_STRING),
                                        COLUMN("page_view.section", CARPEL_STRING),
                                        COLUMN("page_view.device", CARPEL_STRING),
                                        COLUMN("add_to_cart.sku", CARPEL_STRING),
                                        COLUMN("add_to_cart.category", CARPEL_STRING),
                                        MONEY("add_to_cart.price"),
                                        MONEY("checkout.value"),
                                        COLUMN("purchase.order_id", CARPEL_STRING),
                                        COLUMN("purchase.sku", CARPEL_STRING),
                                        COLUMN("purchase.category", CARPEL_STRING),
                                        MONEY("purchase.amount"),
                                        COLUMN("purchase.quantity", CARPEL_INT),
                                        MONEY("purchase.discount"),
                                        COLUMN("purchase.store", CARPEL_STRING),
                                        MONEY("refund.amount"),
                                        COLUMN("email_sent.campaign", CARPEL_STRING),
                                        COLUMN("email_open.campaign", CARPEL_STRING),
                                        COLUMN("email_click.campaign", CARPEL_STRING),
                                        COLUMN("app_open.device", CARPEL_STRING),
                                        COLUMN("user.country", CARPEL_STRING),
                                        COLUMN("user.birthday", CARPEL_DATE),
                                        COLUMN("user.plan", CARPEL_STRING),
                                        COLUMN("user.subscribed", CARPEL_BOOL),
                                        COLUMN("user.signed_up", CARPEL_TIME),
                                        COLUMN("user.nps", CARPEL_INT)};
enum { COLUMN_COUNT = sizeof columns / sizeof *columns, PERSON = 0, EVENT = 1, TIME = 2 };

static char *run(const char *yaml)
{
    return support_run("synthetic", yaml, columns, COLUMN_COUNT);
}

static size_t column_of(const char *name)
{
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (strcmp(columns[i].name, name) == 0)
            return i;
    fail_msg("no column %s", name);
    return 0;
}

/* Cut "1: a|b|c" at its signs; the line changes. */
static void split(char *line, char *cells[COLUMN_COUNT])
{
    char *at = strstr(line, ": ") + 2;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        cells[i] = at;
        at += strcspn(at, "|");
        if (*at != '\0')
            *at++ = '\0';
    }
}

static void test_same_seed(void **state)
{
    static const struct {
        const char *a, *b;
        bool is_same;
    } cases[] = {
        {"people: 50\n", "people: 50\nseed: 1\nend: 2026-01-01\ndays: 365\n", true},
        {"people: 50\nseed: 7\n", "people: 50\nseed: 7\n", true},
        {"people: 50\nseed: 7\n", "people: 50\nseed: 8\n", false},
        {"people: 50\n", "people: 50\ndays: 364\n", false},
        {"people: 50\n", "people: 50\nend: 2026-01-02\n", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *a = run(cases[i].a), *b = run(cases[i].b);
        assert_true((strcmp(a, b) == 0) == cases[i].is_same);
        memory_free(a);
        memory_free(b);
    }
}

/* The rows of the first people stay the same when there are more. */
static void test_more_people(void **state)
{
    char *few = run("people: 50\n"), *many = run("people: 80\n");
    (void)state;
    assert_true(strlen(many) > strlen(few));
    assert_memory_equal(few, many, strlen(few));
    memory_free(few);
    memory_free(many);
}

/* All cells of some people as one sum: it is the same on every machine, and figures that
 * others have counted (in documents, in expected results) stand on it. */
static void test_never_changes(void **state)
{
    char *actual = run("people: 30\ndays: 100\nseed: 5\n");
    (void)state;
    assert_int_equal(crc32(0, (const unsigned char *)actual, (unsigned)strlen(actual)),
                     0x01e6c0ea);
    memory_free(actual);
}

typedef struct figures {
    size_t people, people_without_events, buyers, repeat_buyers, heavy_buyers;
    size_t events[10], trait_rows, discounts, purchases, plan_changes, nps_answers;
} figures;

static const char *const events[10] = {
    "signup", "page_view",  "add_to_cart", "checkout",    "purchase",
    "refund", "email_sent", "email_open",  "email_click", "app_open"};

/* One person's rows so far. */
typedef struct person {
    char id[32];
    size_t event_count, purchase_count;
} person;

static void end_person(figures *f, const person *p)
{
    if (p->id[0] == '\0')
        return;
    f->people++;
    f->people_without_events += p->event_count == 0;
    f->buyers += p->purchase_count > 0;
    f->repeat_buyers += p->purchase_count > 1;
    f->heavy_buyers += p->purchase_count > 20;
}

static bool is_set(char *const cells[COLUMN_COUNT], const char *name)
{
    return strcmp(cells[column_of(name)], "-") != 0;
}

/* Cells of an event's own properties only, and the required ones. */
static void check_event(char *const cells[COLUMN_COUNT])
{
    size_t prefix = strlen(cells[EVENT]);
    for (size_t i = TIME + 1; i < COLUMN_COUNT; i++) {
        bool is_own = strncmp(columns[i].name, cells[EVENT], prefix) == 0 &&
                      columns[i].name[prefix] == '.';
        bool may_be_missing = strcmp(columns[i].name, "purchase.discount") == 0;
        if (is_own && !may_be_missing)
            assert_string_not_equal(cells[i], "-");
        if (!is_own)
            assert_string_equal(cells[i], "-");
    }
}

static void count_row(figures *f, person *p, char *const cells[COLUMN_COUNT])
{
    if (strcmp(cells[PERSON], p->id) != 0) {
        end_person(f, p);
        *p = (person){0};
        snprintf(p->id, sizeof p->id, "%s", cells[PERSON]);
    }
    if (strcmp(cells[EVENT], "-") == 0) {
        f->trait_rows++;
        f->plan_changes += is_set(cells, "user.plan") && !is_set(cells, "user.signed_up");
        f->nps_answers += is_set(cells, "user.nps");
        return;
    }
    check_event(cells);
    p->event_count++;
    size_t i = 0;
    while (i < 10 && strcmp(events[i], cells[EVENT]) != 0)
        i++;
    assert_in_range(i, 0, 9);
    f->events[i]++;
    if (strcmp(cells[EVENT], "purchase") == 0) {
        p->purchase_count++;
        f->discounts += is_set(cells, "purchase.discount");
    }
}

static void test_shape(void **state)
{
    const int64_t begin = 1735689600000000, end = 1767225600000000; /* the year 2025 */
    figures f = {0};
    person p = {0};
    char *all = run("people: 1000\n"), *rest = all, *line;
    (void)state;
    while ((line = strsep(&rest, "\n")) != NULL && *line != '\0') {
        char *cells[COLUMN_COUNT];
        split(line, cells);
        count_row(&f, &p, cells);
        int64_t time = strtoll(cells[TIME], NULL, 10);
        assert_true(time < end);
        if (strcmp(cells[EVENT], "-") != 0)
            assert_true(time >= begin);
    }
    end_person(&f, &p);
    memory_free(all);

    assert_int_equal(f.people, 1000);
    assert_in_range(f.people_without_events, 30, 200);
    assert_in_range(f.buyers, 300, 800);
    assert_in_range(f.repeat_buyers, 200, f.buyers - 50);
    assert_in_range(f.heavy_buyers, 10, 150); /* a few */
    for (size_t i = 0; i < 10; i++)
        assert_true(f.events[i] > 50);
    assert_true(f.events[1] > 3 * f.events[2]); /* views, carts, checkouts: a funnel */
    assert_true(f.events[2] > f.events[3]);
    assert_true(f.events[6] > f.events[7] && f.events[7] > f.events[8]);
    assert_in_range(f.discounts * 100 / f.events[4], 10, 40);
    assert_true(f.trait_rows > 1000);
    assert_true(f.plan_changes > 20);
    assert_true(f.nps_answers > 20);
}

/* What a project with these columns gets that has purchases only. */
static char *run_purchases(const carpel_column *wanted, size_t count)
{
    static const char *const events[] = {"purchase", NULL};
    static const char yaml[] = "people: 60\n";
    carpel_error err;
    catalog *c = support_catalog();
    const carpel_plugin *plugin;
    assert_true(catalog_find(c, CARPEL_SOURCE, "synthetic", &plugin, &err));
    assert_true(plugin->source->brings_own_names);
    arena *memory = arena_new();
    source *file = source_new("carpel.yaml", yaml, strlen(yaml));
    plugin_host *host = host_new(NULL, NULL, NULL);
    const carpel_request request = {.struct_size = sizeof(carpel_request),
                                    .name = "people",
                                    .options =
                                        support_read_options(plugin, yaml, memory, file),
                                    .columns = wanted,
                                    .column_count = count,
                                    .project_directory = support_directory,
                                    .events = events};
    struct ArrowArrayStream stream;
    text out;
    text_init(&out);
    assert_true(plugin->source->open(host_interface(host), &request, &stream, &err));
    support_append_stream(&stream, wanted, count, &out);
    stream.release(&stream);
    host_free(host);
    source_free(file);
    arena_free(memory);
    catalog_free(c);
    return out.data;
}

/* Only the kinds that the project has, and rows without one only where traits are. */
static void test_wanted_events(void **state)
{
    static const carpel_column with_trait[] = {COLUMN("person", CARPEL_PERSON),
                                               COLUMN("user.plan", CARPEL_STRING),
                                               COLUMN("event", CARPEL_STRING)};
    (void)state;
    char *out = run_purchases(columns, 2);
    assert_non_null(strstr(out, "|purchase\n"));
    assert_null(strstr(out, "|-\n"));
    assert_null(strstr(out, "|page_view\n"));
    memory_free(out);
    out = run_purchases(with_trait, 3);
    assert_non_null(strstr(out, "|-|purchase\n"));
    assert_non_null(strstr(out, "|free|-\n"));
    assert_null(strstr(out, "|page_view\n"));
    memory_free(out);
}

static void test_refusals(void **state)
{
    static const carpel_column unknown[] = {COLUMN("person", CARPEL_PERSON),
                                            COLUMN("purchase.amout", CARPEL_NUMBER)};
    static const char *const bad_ends[] = {"2026-02-30", "2026-1-1", "soon",
                                           "2026-01-01T00"};
    (void)state;
    char *actual = support_run("synthetic", "people: 1\n", unknown, 2);
    if (!slice_fits(slice_of(actual),
                    slice_of("error: source plugin \"synthetic\" has no column "
                             "\"purchase.amout\"; did you mean \"purchase.amount\"? its "
                             "columns are person, event, time, *")))
        fail_msg("is %s", actual);
    memory_free(actual);
    for (size_t i = 0; i < sizeof bad_ends / sizeof *bad_ends; i++) {
        char yaml[60];
        snprintf(yaml, sizeof yaml, "end: \"%s\"\n", bad_ends[i]);
        actual = run(yaml);
        assert_true(
            slice_fits(slice_of(actual), slice_of("error: end \"*\" is not a date *")));
        memory_free(actual);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_seed),     cmocka_unit_test(test_more_people),
        cmocka_unit_test(test_never_changes), cmocka_unit_test(test_shape),
        cmocka_unit_test(test_wanted_events), cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, support_begin, support_end);
}

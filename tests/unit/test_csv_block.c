/* SPDX-License-Identifier: MIT
 *
 * Rows that are split together are those that are split one by one: random files of quotes,
 * line ends of all kinds, empty lines and ragged rows, through windows of every size.
 */
#include "plugin_support.h"

#include "csv/reader.h"
#include "unit_random.h"

enum { FILES = 3000, MOST_BYTES = 400, MOST_CELLS = 64 };

static void append_cell(text *out, const char *data, size_t size, bool is_quoted)
{
    text_append_format(out, is_quoted ? "[q%zu:" : "[%zu:", size);
    text_append_bytes(out, data, size);
    text_append_char(out, ']');
}

static void append_row(text *out, const csv_reader *r, csv_result result)
{
    text_append_format(out, "%llu ", (unsigned long long)r->line);
    if (result == CSV_BAD_ROW)
        text_append(out, r->reason);
    for (size_t i = 0; result == CSV_ROW && i < r->field_count; i++)
        append_cell(out, r->fields[i].data, r->fields[i].size, r->fields[i].is_quoted);
    text_append_char(out, '\n');
}

/* All rows as text; as many as can be read together when `width` > 0. */
static char *read_all(const char *path, csv_format format, size_t width, size_t step,
                      size_t *together)
{
    csv_reader r;
    carpel_error err;
    csv_result result;
    carpel_cell cells[MOST_CELLS];
    csv_block b = {
        .cells = cells, .width = width, .capacity = width > 0 ? MOST_CELLS / width : 0};
    text out;
    text_init(&out);
    assert_true(csv_reader_open(&r, path, &format, &err));
    r.in.step = step;
    do {
        csv_read_block(&r, &b);
        for (size_t i = 0; i < b.row_count; i++) {
            text_append_format(&out, "%llu ", (unsigned long long)(b.first_line + i));
            for (size_t j = 0; j < width; j++) {
                carpel_cell c = cells[i * width + j];
                append_cell(&out, r.in.data + c.begin, c.size & ~CARPEL_CELL_QUOTED,
                            (c.size & CARPEL_CELL_QUOTED) != 0);
            }
            text_append_char(&out, '\n');
        }
        *together += b.row_count;
        result = csv_read(&r, &err);
        assert_int_not_equal(result, CSV_FAILED);
        if (result != CSV_END)
            append_row(&out, &r, result);
    } while (result != CSV_END);
    csv_reader_close(&r);
    return out.data;
}

static size_t fill_randomly(random_numbers *random, char *out)
{
    static const char *const parts[] = {
        "a",      "b",       ",",           ",",      ",",    "\n",
        "\n",     "\"",      "\"\"",        "\r",     "\r\n", "\"x,y\"",
        "\"\n\"", "a,b,c\n", "1,\"2\",3\n", ",,\r\n", "\xff"};
    size_t size = 0, wanted = random_below(random, MOST_BYTES);
    while (size < wanted) {
        const char *part = parts[random_below(random, sizeof parts / sizeof *parts)];
        memcpy(out + size, part, strlen(part));
        size += strlen(part);
    }
    return size;
}

static void test_blocks_and_rows_agree(void **state)
{
    random_numbers random;
    char bytes[MOST_BYTES + 16];
    size_t together = 0, none = 0;
    (void)state;
    uint64_t seed = random_begin(&random, "test_csv_block");
    for (size_t i = 0; i < FILES; i++) {
        size_t size = fill_randomly(&random, bytes);
        csv_format format = {',', random_below(&random, 4) == 0 ? CSV_NO_QUOTE : '"',
                             NULL};
        size_t width = 1 + random_below(&random, 4),
               step = 1 + random_below(&random, 100);
        support_write("random.csv", bytes, size);
        const char *path = support_path("random.csv");
        char *expected = read_all(path, format, 0, MOST_BYTES, &none);
        char *found = read_all(path, format, width, step, &together);
        if (strcmp(expected, found) != 0)
            fail_msg("seed %llu, file %zu, width %zu, step %zu:\n%s\n---\n%s",
                     (unsigned long long)seed, i, width, step, expected, found);
        memory_free(expected);
        memory_free(found);
    }
    assert_int_equal(none, 0);
    assert_true(together > FILES); /* the quick way was gone */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_blocks_and_rows_agree)};
    return cmocka_run_group_tests(tests, support_begin, support_end);
}

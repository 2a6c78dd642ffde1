/* SPDX-License-Identifier: MIT
 *
 * The source `csv`, as built and loaded: many shapes of delimited text, plain and packed, in
 * several encodings.
 */
#include "plugin_support.h"

#include <iconv.h>

#ifdef CARPEL_HAVE_ZSTD
#include <zstd.h>
#endif

#include "base/utf8.h"

#define COLUMN(column_name, column_type)                                                 \
    {                                                                                    \
        .name = column_name, .from = column_name, .type = column_type                    \
    }

static const carpel_column person_amount[] = {
    COLUMN("person", CARPEL_PERSON),
    {.name = "amount", .from = "amount", .type = CARPEL_DECIMAL, .scale = 2}};
static const carpel_column two_texts[] = {COLUMN("a", CARPEL_STRING),
                                          COLUMN("b", CARPEL_STRING)};
static const carpel_column numbered[] = {
    {.name = "a", .from = "1", .type = CARPEL_STRING},
    {.name = "b", .from = "3", .type = CARPEL_STRING}};

typedef struct csv_case {
    const char *title, *options, *content;
    const carpel_column *columns;
    const char *expected;
} csv_case;

static const csv_case cases[] = {
    {"LF, last line without one", "", "person,amount\nann,12.50\nbob,3", person_amount,
     "2: ann|1250\n3: bob|300\n"},
    {"CRLF", "", "person,amount\r\nann,12.50\r\nbob,3\r\n", person_amount,
     "2: ann|1250\n3: bob|300\n"},
    {"CRLF, last line with CR only", "", "person,amount\r\nann,12.50\r", person_amount,
     "2: ann|1250\n"},
    {"CR", "", "person,amount\rann,12.50\rbob,3\r", person_amount,
     "2: ann|1250\n3: bob|300\n"},
    {"LF, CR and CRLF in one file", "", "a,b\r1,2\n3,4\r\n5,6\r\r7,8\n\r9,0", two_texts,
     "2: 1|2\n3: 3|4\n4: 5|6\n6: 7|8\n8: 9|0\n"},
    {"a CR within quotes is of the field", "", "a,b\r\"x\ry\",\"z\r\nz\"\r1,2\r",
     two_texts, "2: x\ry|z\r\nz\n5: 1|2\n"},
    {"a quote that never closes, with CR", "", "a,b\r\"1,2\r3,4\r", two_texts,
     "3: 3|4\n! in,2,a quote opens here and never closes\n"},
    {"blanks and CR", "delimiter: blanks", "a b\r1 2\r\r 3  4 \r", two_texts,
     "2: 1|2\n4: 3|4\n"},
    {"byte order mark", "", "\xef\xbb\xbfperson,amount\nann,1\n", person_amount,
     "2: ann|100\n"},
    {"other order, more columns", "", "x,amount,y,person\n1,2,3,ann\n", person_amount,
     "2: ann|200\n"},
    {"only a header", "", "a,b\n", two_texts, ""},
    {"only a header without line end", "", "a,b", two_texts, ""},
    {"nothing at all", "", "", two_texts, "log: \"in\" is empty\n"},
    {"empty lines are passed over", "", "\n\r\na,b\n\n1,2\n\r\n3,4\n\n", two_texts,
     "5: 1|2\n7: 3|4\n"},
    {"missing and empty", "", "a,b\n,\n\"\",\"\"\n", two_texts, "2: -|-\n3: |\n"},
    {"an empty person is missing", "", "person,amount\n\"\",\n", person_amount,
     "2: -|-\n"},
    {"a number stays text as written", "", "person,amount\n17850.0,1.500\n",
     person_amount, "2: 17850.0|150\n"},
    {"quoted delimiters and line ends", "", "a,b\n\"1,2\",\"x\ny\r\nz\"\n3,4\n",
     two_texts, "2: 1,2|x\ny\r\nz\n5: 3|4\n"},
    {"doubled quotes", "", "a,b\n\"\"\"\",\"say \"\"hi\"\"\"\n\"a\"\"\"\"b\",x\n",
     two_texts, "2: \"|say \"hi\"\n3: a\"\"b|x\n"},
    {"quoted last field at the end", "", "a,b\n1,\"2\"", two_texts, "2: 1|2\n"},
    {"quoted header", "", "\"a\",\"b\"\r\n1,2\r\n", two_texts, "2: 1|2\n"},
    {"a quote inside a field is a character", "", "a,b\n5\" pipe,x\"y\"\n", two_texts,
     "2: 5\" pipe|x\"y\"\n"},
    {"blanks belong to the field", "", "a,b\n 1 , 2 \n", two_texts, "2:  1 | 2 \n"},
    {"too few and too many fields", "", "a,b\n1\n1,2,3\n1,2\n", two_texts,
     "4: 1|2\n! in,2,1 field where the header has 2\n"
     "! in,3,3 fields where the header has 2\n"},
    {"a value that does not fit", "", "person,amount\nann,1.005\nbob,2\n", person_amount,
     "3: bob|200\n! in,2,\"column \"\"amount\"\": cannot read \"\"1.005\"\" as "
     "decimal(2): "
     "*\n"},
    {"a number with an exponent", "", "person,amount\nann,1.25e1\nbob,5E-2\n",
     person_amount, "2: ann|1250\n3: bob|5\n"},
    {"not UTF-8", "", "a,b\n1,caf\xe9\n2,ok\n", two_texts,
     "3: 2|ok\n! in,2,\"column \"\"b\"\": cannot read \"\"caf?\"\" as string: it is not "
     "UTF-8\"\n"},
    {"latin-1", "encoding: latin-1", "a,b\n1,caf\xe9\n2,\"\xfc\"\"\"\n", two_texts,
     "2: 1|caf\xc3\xa9\n3: 2|\xc3\xbc\"\n"},
    {"semicolons", "delimiter: \";\"", "a;b\n1,5;\"x;y\"\n", two_texts, "2: 1,5|x;y\n"},
    {"tabs", "delimiter: tab", "a\tb\n1\t\n\t2\n", two_texts, "2: 1|-\n3: -|2\n"},
    {"another quote", "quote: \"'\"", "a,b\n'1,2','it''s'\n\"x\",y\n", two_texts,
     "2: 1,2|it's\n3: \"x\"|y\n"},
    {"no quote", "quote: \"\"", "a,b\n\"1,2\"\n", two_texts, "2: \"1|2\"\n"},
    {"blanks", "delimiter: blanks", "  a   b\r\n 1\t 2 \r\n\r\n   \n\"x y\"  3\n4 5",
     two_texts, "2: 1|2\n5: x y|3\n6: 4|5\n"},
    {"blanks, wrong width", "delimiter: blanks", "a b\n1\n1 2 3\n1 2\n", two_texts,
     "4: 1|2\n! in,2,1 field where the header has 2\n"
     "! in,3,3 fields where the header has 2\n"},
    {"without a header, by number", "header: false", "1,2,3\n4,5,6\n7,8\n", numbered,
     "1: 1|3\n2: 4|6\n! in,3,2 fields where the first row has 3\n"},
    {"without a header, with names", "header: false\ncolumns: [b, x, a]", "1,2,3\n4,5\n",
     two_texts, "1: 3|1\n! in,2,2 fields where the list of columns has 3\n"},
    {"a quote that never closes", "", "a,b\n1,\"x\n2,y\n3,z\n", two_texts,
     "3: 2|y\n4: 3|z\n! in,2,a quote opens here and never closes\n"},
    {"a lost quote before other quotes", "", "a,b\n1,\"x\n2,\"y\"\n3,\"z\"\n", two_texts,
     "3: 2|y\n4: 3|z\n! in,2,there is text behind a closing quote\n"},
    {"text behind a closing quote", "", "a,b\n\"1\"x,2\n3,4\n", two_texts,
     "3: 3|4\n! in,2,there is text behind a closing quote\n"},
    {"a lost quote behind a good one of several lines", "", "a,b\n\"1\n2\",\"x\n3,4\n",
     two_texts,
     "4: 3|4\n! in,2,a quote opens here and never closes (it opens 1 line further "
     "down)\n"},
    {"the last line is a lost quote", "", "a,b\n1,2\n3,\"", two_texts,
     "2: 1|2\n! in,3,a quote opens here and never closes\n"},
    {"a column that is not there", "", "persn,amount\nann,1\n", person_amount,
     "error: \"in\" has no column \"person\"; did you mean \"persn\"? its columns are "
     "persn, amount\n"},
    {"another delimiter", "", "person;amount\nann;1\n", person_amount,
     "error: \"in\" has no column \"person\"; its columns are person;amount; set "
     "delimiter: "
     "\";\"\n"},
    {"a column twice", "", "a,b,a\n1,2,3\n", two_texts,
     "error: \"in\" has two columns \"a\"\n"},
    {"no such number", "header: false", "1,2\n", numbered,
     "error: \"in\" has no column \"3\"; *its columns are 1, 2\n"},
    {"names beside a header", "columns: [a, b]", "a,b\n", two_texts,
     "error: \"columns\" names the columns of files without a header; *\n"},
    {"a long delimiter", "delimiter: \"::\"", "a,b\n", two_texts,
     "error: delimiter \"::\" is not one ASCII character, *\n"},
    {"delimiter and quote alike", "delimiter: \"'\"\nquote: \"'\"", "a,b\n", two_texts,
     "error: delimiter and quote are both *\n"},
    {"windows-1252", "encoding: windows-1252", "a,b\n\x80 5,\x93q\x94\n\xfc,\x81\n",
     two_texts,
     "2: \xe2\x82\xac 5|\xe2\x80\x9cq\xe2\x80\x9d\n! in,3,\"column \"\"b\"\": cannot "
     "read "
     "\"\"?\"\" as string: it is not UTF-8\"\n"},
    {"latin-1 beside a mark of UTF-8", "encoding: latin-1",
     "\xef\xbb\xbf"
     "a,b\n1,caf\xc3\xa9\n",
     two_texts, "2: 1|caf\xc3\xa9\n"},
};

static void expect(const char *title, const char *actual, const char *expected)
{
    if (!slice_fits(slice_of(actual), slice_of(expected)))
        fail_msg("%s\n--- expected\n%s--- is\n%s", title, expected, actual);
}

static void run_case(const csv_case *c, const char *title)
{
    char yaml[300];
    snprintf(yaml, sizeof yaml, "files: in\n%s\n", c->options);
    char *actual = support_run("csv", yaml, c->columns, 2);
    expect(title, actual, c->expected);
    memory_free(actual);
}

static void test_plain(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        support_write("in", cases[i].content, strlen(cases[i].content));
        run_case(&cases[i], cases[i].title);
    }
}

/* The same through gzip, in two members cut in the middle. */
static void test_gzip(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t size = strlen(cases[i].content), half = size / 2;
        unlink(support_path("in"));
        support_append_gzip("in", cases[i].content, half);
        support_append_gzip("in", cases[i].content + half, size - half);
        run_case(&cases[i], cases[i].title);
    }
}

#ifdef CARPEL_HAVE_ZSTD

/* The same through zstd, in two frames cut in the middle. */
static void test_zstd(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *content = cases[i].content;
        size_t size = strlen(content), half = size / 2;
        char packed[4096];
        assert_true(2 * ZSTD_compressBound(size) <= sizeof packed);
        size_t first = ZSTD_compress(packed, sizeof packed, content, half, 3);
        size_t second = ZSTD_compress(packed + first, sizeof packed - first,
                                      content + half, size - half, 3);
        support_write("in", packed, first + second);
        run_case(&cases[i], cases[i].title);
    }
}

static void test_broken_zstd(void **state)
{
    static const char content[] = "a,b\n1,2\n3,4\n";
    char packed[256];
    (void)state;
    size_t size = ZSTD_compress(packed, sizeof packed, content, strlen(content), 3);
    support_write("in", packed, size - 1);
    char *actual = support_run("csv", "files: in\n", two_texts, 2);
    expect("cut off", actual, "error: \"*/in\" ends in the middle of its zstd data\n");
    memory_free(actual);
    packed[5] ^= 0x55;
    support_write("in", packed, size);
    actual = support_run("csv", "files: in\n", two_texts, 2);
    expect("damaged", actual, "error: the zstd data of \"*/in\" is damaged: *\n");
    memory_free(actual);
}

#endif

/* Write `content`, which is UTF-8, in another encoding, with these bytes before it. */
static void write_encoded(const char *encoding, const char *mark, size_t mark_size,
                          const char *content)
{
    char out[8192], *to = out + mark_size, *from = (char *)(uintptr_t)content;
    size_t left = strlen(content), room = sizeof out - mark_size;
    iconv_t opened = iconv_open(encoding, "UTF-8");
    memcpy(out, mark, mark_size);
    assert_true(iconv(opened, &from, &left, &to, &room) == 0);
    iconv_close(opened);
    support_write("in", out, (size_t)(to - out));
}

/* The same in UTF-16 and UTF-32, which the mark at the beginning names. */
static void test_marked_encodings(void **state)
{
    static const struct {
        const char *name, *mark;
        size_t mark_size;
    } encodings[] = {{"UTF-16LE", "\xff\xfe", 2},
                     {"UTF-16BE", "\xfe\xff", 2},
                     {"UTF-32LE", "\xff\xfe\0\0", 4}};
    (void)state;
    for (size_t e = 0; e < sizeof encodings / sizeof *encodings; e++) {
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            if (!utf8_is_valid(cases[i].content, strlen(cases[i].content)) ||
                cases[i].content[0] == '\xef')
                continue;
            write_encoded(encodings[e].name, encodings[e].mark, encodings[e].mark_size,
                          cases[i].content);
            run_case(&cases[i], cases[i].title);
        }
    }
}

/* Without a mark the project says so. What is cut in a letter, or is no text, is told. */
static void test_unmarked_encodings(void **state)
{
    (void)state;
    write_encoded("UTF-16BE", "", 0, "a,b\n\xc3\xa4,\xf0\x9f\x98\x80\n");
    char *actual = support_run("csv", "files: in\nencoding: utf-16be\n", two_texts, 2);
    expect("utf-16be", actual, "2: \xc3\xa4|\xf0\x9f\x98\x80\n");
    memory_free(actual);
    support_write("in",
                  "\xff\xfe"
                  "a\0,\0b\0\n\0x",
                  11);
    actual = support_run("csv", "files: in\n", two_texts, 2);
    expect("cut", actual, "error: \"*/in\" ends in the middle of a letter (UTF-16LE)\n");
    memory_free(actual);
    support_write("in",
                  "\xff\xfe\x00\xdc"
                  "a\0",
                  6);
    actual = support_run("csv", "files: in\n", two_texts, 2);
    expect("no letter", actual, "error: \"*/in\" is not UTF-16LE as it says\n");
    memory_free(actual);
}

static void test_broken_gzip(void **state)
{
    static const char content[] = "a,b\n1,2\n3,4\n";
    char *actual;
    carpel_error err;
    text packed;
    (void)state;
    text_init(&packed);
    unlink(support_path("in"));
    support_append_gzip("in", content, strlen(content));
    assert_true(file_read(support_path("in"), 1000, &packed, &err));

    support_write("in", packed.data, packed.size - 10);
    actual = support_run("csv", "files: in\n", two_texts, 2);
    expect("cut off", actual, "error: \"*/in\" ends in the middle of its gzip data\n");
    memory_free(actual);

    packed.data[packed.size - 6] ^= 1; /* in the check sum */
    support_write("in", packed.data, packed.size);
    actual = support_run("csv", "files: in\n", two_texts, 2);
    expect("wrong sum", actual, "error: the gzip data of \"*/in\" is damaged: *\n");
    memory_free(actual);

    packed.data[packed.size - 6] ^= 1;
    text_append_bytes(&packed, "\0\0\0\0", 4);
    support_write("in", packed.data, packed.size);
    actual = support_run("csv", "files: in\n", two_texts, 2);
    expect("zeros behind", actual, "2: 1|2\n3: 3|4\n");
    memory_free(actual);

    text_append(&packed, "junk");
    support_write("in", packed.data, packed.size);
    actual = support_run("csv", "files: in\n", two_texts, 2);
    expect("junk behind", actual, "error: the gzip data of \"*/in\" is damaged: *\n");
    memory_free(actual);
    text_done(&packed);
}

static void test_files(void **state)
{
    (void)state;
    support_write("f1.csv", "a,b\n1,2\n", 8);
    support_write("f2.csv", "b,x,a\n3,-,4\n5,-\n", 15);
    char *actual = support_run("csv", "files: f*.csv\n", two_texts, 2);
    expect("two files, own headers", actual,
           "2: 1|2\n2: 4|3\n! f2.csv,3,2 fields where the header has 3\n");
    memory_free(actual);
    support_write("f2.csv", "b,x\n3,-\n", 8);
    actual = support_run("csv", "files: [f1.csv, f2.csv]\n", two_texts, 2);
    expect("the second lacks a column", actual,
           "error: \"f2.csv\" has no column \"a\"; its columns are b, x\n");
    memory_free(actual);
    unlink(support_path("f1.csv"));
    unlink(support_path("f2.csv"));
}

static void test_optional_column(void **state)
{
    static const carpel_column columns[] = {
        COLUMN("a", CARPEL_STRING),
        {.name = "z", .from = "z", .type = CARPEL_DATE, .is_optional = true}};
    (void)state;
    support_write("in", "a,b\n1,2\n", 8);
    char *actual = support_run("csv", "files: in\n", columns, 2);
    expect("not there and not named by the user", actual, "2: 1|-\n");
    memory_free(actual);
}

static void test_same_field_twice(void **state)
{
    static const carpel_column columns[] = {
        {.name = "text", .from = "a", .type = CARPEL_STRING},
        {.name = "number", .from = "a", .type = CARPEL_INT}};
    (void)state;
    support_write("in", "a\n\"12\"\n", 7);
    char *actual = support_run("csv", "files: in\n", columns, 2);
    expect("one field for two columns", actual, "2: 12|12\n");
    memory_free(actual);
}

/* Of the fields x, y and z of a row: what the first that is not empty has, or the last that is there
 * ("" is a text, and - is missing). */
static const char *first_of(const char *const *cells, const char *wanted)
{
    const char *found = "";
    for (; *wanted != '\0' && (found[0] == '\0' || strcmp(found, "\"\"") == 0); wanted++)
        if (*wanted != '?')
            found = cells[*wanted - 'x'];
    return found[0] == '\0' ? "-" : strcmp(found, "\"\"") == 0 ? "" : found;
}

/* All rows of three fields that are missing, empty or there, read many at once and one by one. */
static void test_several_fields(void **state)
{
    static const char *const of_first[] = {"y", "?", "z", NULL}, *const of_second[] = {
                                                                     "z", NULL};
    static const carpel_column columns[] = {
        {.name = "x", .from = "x", .type = CARPEL_STRING, .others = of_first},
        {.name = "?", .from = "?", .type = CARPEL_STRING, .others = of_second},
        COLUMN("y", CARPEL_STRING)};
    static const char *const forms[] = {"", "\"\"", "text"};
    text content, expected;
    (void)state;
    text_init(&content);
    text_init(&expected);
    text_append(&content, "x,y,z\n");
    for (size_t i = 0; i < 27 * 10; i++) {
        const char *const cells[] = {forms[i % 3], forms[i / 3 % 3], forms[i / 9 % 3]};
        text_append_format(&content, "%s,%s,%s\n", cells[0], cells[1], cells[2]);
        text_append_format(&expected, "%zu: %s|%s|%s\n", i + 2, first_of(cells, "xy?z"),
                           first_of(cells, "?z"), first_of(cells, "y"));
    }
    support_write("in", content.data, content.size);
    static const char *const yaml[] = {"files: in\n", "files: in\nencoding: latin-1\n"};
    for (size_t i = 0; i < sizeof yaml / sizeof *yaml; i++) {
        char *actual = support_run("csv", yaml[i], columns, 3);
        assert_string_equal(actual, expected.data);
        memory_free(actual);
    }
    text_done(&content);
    text_done(&expected);
}

/* Fields of every length, so that each begins and ends at every place of what the reader looks
 * at together. */
static void test_lengths(void **state)
{
    enum { LENGTHS = 200 };
    const struct {
        const char *options, *header, *row;
    } forms[] = {
        {"", "a,b\n", "%.*s,%.*s\n"},     {"", "a,b\r\n", "%.*s,%.*s\r\n"},
        {"", "a,b\r", "%.*s,%.*s\r"},     {"", "a,b\n", "\"%.*s\",%.*s\n"},
        {"", "a,b\n", "%.*s,\"%.*s\"\n"}, {"delimiter: blanks", "a b\n", "%.*s  %.*s \n"},
    };
    char letters[LENGTHS + 1];
    (void)state;
    memset(letters, 'x', sizeof letters);
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        text content, expected;
        text_init(&content);
        text_init(&expected);
        text_append(&content, forms[f].header);
        for (int i = 0; i < LENGTHS; i++) {
            int first = 1 + i, second = LENGTHS - i;
            text_append_format(&content, forms[f].row, first, letters, second, letters);
            text_append_format(&expected, "%d: %.*s|%.*s\n", i + 2, first, letters,
                               second, letters);
        }
        char yaml[64];
        snprintf(yaml, sizeof yaml, "files: in\n%s\n", forms[f].options);
        support_write("in", content.data, content.size);
        char *actual = support_run("csv", yaml, two_texts, 2);
        assert_string_equal(actual, expected.data);
        memory_free(actual);
        text_done(&content);
        text_done(&expected);
    }
}

/* A file of rows has no lists: one that is mapped is an error, another stays empty. */
static void test_lists(void **state)
{
    static const carpel_column plain[] = {
        {.name = "value", .from = "", .type = CARPEL_STRING}};
    carpel_column columns[] = {{.name = "a", .from = "a", .type = CARPEL_STRING},
                               {.name = "purchase.b",
                                .from = "b",
                                .type = CARPEL_LIST,
                                .is_optional = true,
                                .items = plain,
                                .item_count = 1,
                                .is_plain = true}};
    (void)state;
    support_write("in", "a,b\n1,2\n", 8);
    char *actual = support_run("csv", "files: in\n", columns, 2);
    assert_string_equal(actual, "2: 1|()\n");
    memory_free(actual);
    columns[1].is_optional = false;
    actual = support_run("csv", "files: in\n", columns, 2);
    assert_string_equal(actual,
                        "error: \"purchase.b\" is a list, which a CSV file cannot "
                        "hold; leave it out of the source, or read it from JSON "
                        "lines\n");
    memory_free(actual);
}

/* Rows and fields far longer than one read, and more rows than one batch. */
static void test_large(void **state)
{
    enum { LONG_FIELD = 3 * 1024 * 1024, ROWS = 40000 };
    text content, expected;
    (void)state;
    text_init(&content);
    text_init(&expected);
    text_append(&content, "a,b\n1,\"");
    text_append_repeat(&content, "x\"\"\n", LONG_FIELD / 4);
    text_append(&content, "\"\n");
    text_append(&expected, "2: 1|");
    text_append_repeat(&expected, "x\"\n", LONG_FIELD / 4);
    text_append(&expected, "\n");
    for (size_t i = 0; i < ROWS; i++) {
        text_append_format(&content, "%zu,\"r%zu\"\n", i, i);
        text_append_format(&expected, "%zu: %zu|r%zu\n", LONG_FIELD / 4 + 3 + i, i, i);
    }
    support_write("in", content.data, content.size);
    char *actual = support_run("csv", "files: in\n", two_texts, 2);
    assert_true(strcmp(actual, expected.data) == 0);
    memory_free(actual);
    text_done(&content);
    text_done(&expected);
}

static void test_row_limit(void **state)
{
    enum { TOO_LONG = 17 * 1024 * 1024 };
    text content;
    (void)state;
    text_init(&content);
    text_append(&content, "a,b\n1,");
    text_append_repeat(&content, "0123456789abcdef", TOO_LONG / 16);
    text_append(&content, "\n3,4\n5,\"");
    text_append_repeat(&content, "0123456789abcdef", TOO_LONG / 16);
    text_append(&content, "\n7,8\n");
    support_write("in", content.data, content.size);
    char *actual = support_run("csv", "files: in\n", two_texts, 2);
    expect("rows beyond the limit", actual,
           "3: 3|4\n5: 7|8\n! in,2,the row is longer than 16 MiB\n"
           "! in,4,the row is longer than 16 MiB\n");
    memory_free(actual);
    text_done(&content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_broken_gzip),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_optional_column),
        cmocka_unit_test(test_same_field_twice),
        cmocka_unit_test(test_several_fields),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_large),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_row_limit),
        cmocka_unit_test(test_marked_encodings),
        cmocka_unit_test(test_unmarked_encodings),
#ifdef CARPEL_HAVE_ZSTD
        cmocka_unit_test(test_zstd),
        cmocka_unit_test(test_broken_zstd),
#endif
    };
    return cmocka_run_group_tests(tests, support_begin, support_end);
}

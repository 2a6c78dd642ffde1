/* SPDX-License-Identifier: MIT
 *
 * The source `jsonl`, as built and loaded: paths, types, strictness, plain and gzip.
 */
#include "plugin_support.h"

static const carpel_column columns[] = {
    {.name = "person", .from = "user.id", .type = CARPEL_PERSON},
    {.name = "amount", .from = "order.total", .type = CARPEL_DECIMAL, .scale = 2},
    {.name = "text", .from = "t", .type = CARPEL_STRING, .is_optional = true}};
static const carpel_column typed[] = {
    {.name = "time", .from = "ts", .type = CARPEL_TIME, .format = "unix_ms"},
    {.name = "flag", .from = "flag", .type = CARPEL_BOOL},
    {.name = "n", .from = "n", .type = CARPEL_NUMBER}};
static const carpel_column dotted[] = {
    {.name = "a", .from = "a\\.b.c", .type = CARPEL_STRING},
    {.name = "b", .from = "a\\\\b", .type = CARPEL_STRING},
    {.name = "c", .from = "a.b", .type = CARPEL_STRING, .is_optional = true}};

static const carpel_column item_columns[] = {
    {.name = "sku", .from = "sku", .type = CARPEL_STRING},
    {.name = "price", .from = "unit.price", .type = CARPEL_DECIMAL, .scale = 2}};
static const carpel_column tag_columns[] = {
    {.name = "value", .from = "", .type = CARPEL_STRING}};
static const carpel_column lists[] = {{.name = "items",
                                       .from = "cart.items",
                                       .type = CARPEL_LIST,
                                       .items = item_columns,
                                       .item_count = 2},
                                      {.name = "tags",
                                       .from = "tags",
                                       .type = CARPEL_LIST,
                                       .is_optional = true,
                                       .items = tag_columns,
                                       .item_count = 1,
                                       .is_plain = true},
                                      {.name = "skus",
                                       .from = "cart.items",
                                       .type = CARPEL_LIST,
                                       .items = item_columns,
                                       .item_count = 1}};

#define GOOD "{\"user\":{\"id\":\"ann\"},\"order\":{\"total\":12.50},\"t\":\"x\"}\n"
#define USER "{\"user\":{\"id\":\"ann\"},\"order\":{\"total\":1},"
#define DEEP_63                                                                          \
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["                    \
    "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"

typedef struct jsonl_case {
    const char *title, *content;
    const carpel_column *columns;
    const char *expected;
} jsonl_case;

static const jsonl_case cases[] = {
    {"one line", GOOD, columns, "1: ann|1250|x\n"},
    {"no line end, CRLF, empty lines", "\r\n" GOOD "  \n\n{\"user\":{\"id\":\"bob\"}}",
     columns, "2: ann|1250|x\n5: bob|-|-\n"},
    {"nothing", "", columns, ""},
    {"byte order mark", "\xef\xbb\xbf" GOOD, columns, "1: ann|1250|x\n"},
    {"other values are passed over",
     "{\"z\":[1,{\"y\":[]},{}],\"user\":{\"k\":null,\"id\":7},\"order\":{\"total\":\"3."
     "1\"},"
     "\"w\":true}\n",
     columns, "1: 7|310|-\n"},
    {"blanks everywhere",
     " { \"user\" : { \"id\" : \"a\" } ,\t\"order\":{ \"total\" : 1 } } \n", columns,
     "1: a|100|-\n"},
    {"null is missing",
     "{\"user\":{\"id\":null},\"order\":{\"total\":null},\"t\":null}\n", columns,
     "1: -|-|-\n"},
    {"empty texts", "{\"user\":{\"id\":\"\"},\"order\":{\"total\":\"\"},\"t\":\"\"}\n",
     columns, "1: -|-|\n"},
    {"numbers keep their digits", USER "\"t\":17850.0}\n", columns,
     "1: ann|100|17850.0\n"},
    {"an exponent", "{\"user\":{\"id\":1},\"order\":{\"total\":1.2E+1}}\n", columns,
     "1: 1|1200|-\n"},
    {"true as text", USER "\"t\":true}\n", columns, "1: ann|100|true\n"},
    {"escapes",
     USER "\"t\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\ude00\"}\n", columns,
     "1: ann|100|\"\\/\b\f\n\r\t\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\n"},
    {"an escaped key", "{\"\\u0075ser\":{\"id\":\"ann\"},\"order\":{\"total\":1}}\n",
     columns, "1: ann|100|-\n"},
    {"UTF-8", USER "\"t\":\"\xf0\x9f\x98\x80\xc3\xa9\"}\n", columns,
     "1: ann|100|\xf0\x9f\x98\x80\xc3\xa9\n"},
    {"times, truths, numbers",
     "{\"ts\":1541105830796,\"flag\":true,\"n\":-1.5e-1}\n"
     "{\"ts\":\"1541105830796\",\"flag\":\"no\",\"n\":\"2\"}\n"
     "{\"ts\":1541105830796.0,\"flag\":0,\"n\":0}\n",
     typed,
     "1: 1541105830796000|true|-0.15\n2: 1541105830796000|false|2\n"
     "3: 1541105830796000|false|0\n"},
    {"dots and backslashes in keys", "{\"a.b\":{\"c\":\"1\"},\"a\\\\b\":\"2\"}\n", dotted,
     "1: 1|2|-\n"},
    {"one bad line", GOOD "{\"user\":{\"id\":\"bob\"},}\n" GOOD, columns,
     "1: ann|1250|x\n3: ann|1250|x\n! in,2,at character 22: a string is expected\n"},
    {"a value of another type", "{\"user\":{\"id\":\"a\"},\"order\":{\"total\":true}}\n",
     columns,
     "! in,1,\"column \"\"order.total\"\": cannot read \"\"true\"\" as decimal(2): it is "
     "a "
     "bool\"\n"},
    {"an object for a value", "{\"user\":{\"id\":\"a\"},\"order\":{\"total\":{}}}\n",
     columns,
     "! in,1,\"at character 37: \"\"total\"\" is an object, where a single value is "
     "expected\"\n"},
    {"a list for a value", USER "\"t\":[1]}\n", columns,
     "! in,1,\"at character 46: \"\"t\"\" is a list, where a single value is "
     "expected\"\n"},
    {"a value for an object", "{\"user\":\"ann\",\"order\":{\"total\":1}}\n", columns,
     "log: no line has \"user.id\"\nlog: *! in,1,\"at character 9: \"\"user\"\" is a "
     "single value, where an object is "
     "expected\"\n"},
    {"nested to the limit", USER "\"z\":" DEEP_63 "}\n", columns, "1: ann|100|-\n"},
    {"nested too deeply", USER "\"z\":[" DEEP_63 "]}\n", columns,
     "! in,1,at character 109: objects and lists are nested too deeply\n"},
    {"misspelt", "{\"usr.id\":1,\"order\":{\"total\":1}}\n", columns,
     "log: no line has \"user.id\"; did you mean \"usr.id\"?\n1: -|100|-\n"},
};

#define LISTS_63                                                                         \
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["                    \
    "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"

static const jsonl_case list_cases[] = {
    {"objects and values",
     "{\"cart\":{\"items\":[{\"sku\":\"A\",\"unit\":{\"price\":1.5},\"z\":[{}]}, "
     "{\"unit\":{\"price\":\"2\"}},{}]},\"tags\":[\"x\",null,7,true,\"\\u0041\"]}\n",
     lists, "1: (A/150 -/200 -/-)|(x - 7 true A)|(A - -)\n"},
    {"empty, null, not there",
     "{\"cart\":{\"items\":[]},\"tags\":null}\n{\"cart\":{}}\n{}\n", lists,
     "1: ()|()|()\n2: ()|()|()\n3: ()|()|()\n"},
    {"a bad row leaves nothing",
     "{\"tags\":[\"a\"]}\n"
     "{\"tags\":[\"b\"],\"cart\":{\"items\":[{\"sku\":\"A\"},{\"unit\":{\"price\":\"x\"}}"
     "]}}\n"
     "{\"tags\":[\"c\"],\"cart\":{\"items\":[{\"sku\":\"C\"}]}}\n",
     lists,
     "1: ()|(a)|()\n3: (C/-)|(c)|(C)\n"
     "! in,2,\"column \"\"cart.items.unit.price\"\": cannot read \"\"x\"\" as "
     "decimal(2): *\n"},
    {"a list that is never there", "{\"tags\":[]}\n", lists,
     "log: no line has \"cart.items\"\nlog: no line has \"cart.items\"\n1: ()|()|()\n"},
};

/* A value of `cart.items` or `tags`, and the reason against it. */
static const struct {
    const char *key, *value, *reason;
} list_refusals[] = {
    {"items", "5", "\"items\" is a single value, where a list is expected"},
    {"items", "{}", "\"items\" is an object, where a list is expected"},
    {"items", "\"a\"", "\"items\" is a single value, where a list is expected"},
    {"items", "[5]", "an item is a single value, where an object is expected"},
    {"items", "[null]", "an item is null, where an object is expected"},
    {"items", "[[]]", "an item is a list, where an object is expected"},
    {"items", "[{\"sku\":[1]}]", "\"sku\" is a list, where a single value is expected"},
    {"items", "[{\"unit\":1}]",
     "\"unit\" is a single value, where an object is expected"},
    {"items", "[{\"sku\":1,\"sku\":2}]", "the same key again in one object"},
    {"items", "[{},]", "an item is a single value, where an object is expected"},
    {"items", "[{} {}]", "a \",\" or \"]\" is expected"},
    {"items", "[{}", "a \",\" or \"]\" is expected"},
    {"items", "[{\"sku\":}]", "a digit is expected"},
    {"tags", "5", "\"tags\" is a single value, where a list is expected"},
    {"tags", "[{}]", "an item is an object, where a single value is expected"},
    {"tags", "[[1]]", "an item is a list, where a single value is expected"},
    {"tags", "[1,]", "a digit is expected"},
    {"tags", "[nul]", "a value is expected"},
    {"items", "[{\"z\":" LISTS_63 "}]", "objects and lists are nested too deeply"},
};

/* What stands in the place of a whole line or of a value, and is refused. */
typedef struct refusal {
    const char *line, *reason;
} refusal;

static const refusal refusals[] = {
    {"1", "at character 1: a \"{\" is expected: each line holds one object"},
    {"{", "at character 2: a string is expected"},
    {"{\"t\"}", "at character 5: a \":\" is expected"},
    {"{\"t\":}", "at character 6: a digit is expected"},
    {"{\"z\":}", "at character 6: a value is expected"},
    {"{\"t\":1", "at character 7: a \",\" or \"}\" is expected"},
    {"{\"t\":1}}", "at character 8: there is text behind the object"},
    {"{\"t\":1} {\"t\":2}", "at character 9: there is text behind the object"},
    {"{t:1}", "at character 2: a string is expected"},
    {"{'t':1}", "at character 2: a string is expected"},
    {"{\"t\":1,\"t\":2}", "at character 11: the same key again in one object"},
    {"{\"t\":01}", "at character 6: a number with a zero in front"},
    {"{\"t\":+1}", "at character 6: a digit is expected"},
    {"{\"t\":.5}", "at character 6: a digit is expected"},
    {"{\"t\":1.}", "at character 8: a digit is expected"},
    {"{\"t\":1e}", "at character 8: a digit is expected"},
    {"{\"t\":-}", "at character 7: a digit is expected"},
    {"{\"t\":NaN}", "at character 6: NaN is no JSON; write null"},
    {"{\"t\":nan}", "at character 6: NaN is no JSON; write null"},
    {"{\"t\":-Infinity}", "at character 7: Infinity is no JSON; write null"},
    {"{\"t\":Na}", "at character 6: a digit is expected"},
    {"{\"z\":Infinity}", "at character 6: Infinity is no JSON; write null"},
    {"{\"t\":tru}", "at character 6: a value is expected"},
    {"{\"t\":truex}", "at character 10: a \",\" or \"}\" is expected"},
    {"{\"t\":nul}", "at character 6: a value is expected"},
    {"{\"z\":[1,]}", "at character 9: a value is expected"},
    {"{\"z\":[1 2]}", "at character 9: a \",\" or \"]\" is expected"},
    {"{\"z\":[1", "at character 8: a \",\" or \"]\" is expected"},
    {"{\"t\":\"x", "at character 8: a string that does not end"},
    {"{\"t\":\"x\\", "at character 9: no such escape in a string"},
    {"{\"t\":\"\\x\"}", "at character 8: no such escape in a string"},
    {"{\"t\":\"\\u12G4\"}", "at character 11: \\u wants four hexadecimal digits"},
    {"{\"t\":\"\\ud83d\"}", "at character 13: half of a surrogate pair"},
    {"{\"t\":\"\\ude00\"}", "at character 13: half of a surrogate pair"},
    {"{\"t\":\"\\ud83d\\u0041\"}", "at character 19: half of a surrogate pair"},
    {"{\"t\":\"a\tb\"}", "at character 8: a control character in a string; *"},
    {"{\"t\":\"\xff\"}", "at character 7: bytes that are not UTF-8"},
    {"{\"t\":\"\xc0\xaf\"}", "at character 7: bytes that are not UTF-8"},
    {"{\"t\":\"\xed\xa0\x80\"}", "at character 7: bytes that are not UTF-8"},
    {"{\"t\":\"\xf4\x90\x80\x80\"}", "at character 7: bytes that are not UTF-8"},
    {"{\"z\":\"\xc3\"}", "at character 7: bytes that are not UTF-8"},
    {"{\"t\":\"\xc3\xa9\",}", "at character 10: a string is expected"},
};

static void expect(const char *title, const char *actual, const char *expected)
{
    if (!slice_fits(slice_of(actual), slice_of(expected)))
        fail_msg("%s\n--- expected\n%s--- is\n%s", title, expected, actual);
}

static void run_case(const jsonl_case *c)
{
    char *actual = support_run("jsonl", "files: in\n", c->columns, 3);
    expect(c->title, actual, c->expected);
    memory_free(actual);
}

static void test_plain(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        support_write("in", cases[i].content, strlen(cases[i].content));
        run_case(&cases[i]);
    }
}

/* Strings of every length around that of a step, with one odd character at every place. */
static void test_long_strings(void **state)
{
    static const char *const control = "a control character in a string; it has to be "
                                       "escaped",
                             *const malformed = "bytes that are not UTF-8";
    static const struct {
        const char *written, *meant, *reason; /* a reason: it is refused */
    } odd[] = {{"x", "x", NULL},
               {"\\\"", "\"", NULL},
               {"\\u00e9", "\xc3\xa9", NULL},
               {"\xc3\xa9", "\xc3\xa9", NULL},
               {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", NULL},
               {"\x1f", "", control},
               {"\xc3", "", malformed},
               {"\x80", "", malformed}};
    enum { MOST = 40 };
    (void)state;
    text lines, good, bad;
    text_init(&lines);
    text_init(&good);
    text_init(&bad);
    for (size_t i = 0; i < sizeof odd / sizeof *odd * MOST; i++) {
        size_t kind = i / MOST, before = i % MOST;
        text_append(&lines, USER "\"t\":\"");
        text_append_repeat(&lines, "a", before);
        text_append(&lines, odd[kind].written);
        text_append_repeat(&lines, "b", MOST - before);
        text_append(&lines, "\"}\n");
        if (odd[kind].reason) {
            text_append_format(&bad, "! in,%zu,at character %zu: %s\n", i + 1,
                               sizeof USER "\"t\":\"" + before, odd[kind].reason);
            continue;
        }
        text_append_format(&good, "%zu: ann|100|", i + 1);
        text_append_repeat(&good, "a", before);
        text_append(&good, odd[kind].meant);
        text_append_repeat(&good, "b", MOST - before);
        text_append_char(&good, '\n');
    }
    text_append(&good, bad.data);
    support_write("in", lines.data, lines.size);
    char *actual = support_run("jsonl", "files: in\n", columns, 3);
    assert_string_equal(actual, good.data);
    memory_free(actual);
    text_done(&lines);
    text_done(&good);
    text_done(&bad);
}

static void test_gzip(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unlink(support_path("in"));
        support_append_gzip("in", cases[i].content, strlen(cases[i].content));
        run_case(&cases[i]);
    }
}

/* The quotes that the list of bad rows puts around a reason are taken off. */
static void append_reason(const char *listed, text *out)
{
    size_t size = strcspn(listed, "\n");
    bool is_quoted = listed[0] == '"';
    for (size_t i = is_quoted; i + is_quoted < size; i++) {
        text_append_char(out, listed[i]);
        i += is_quoted && listed[i] == '"';
    }
}

static void test_refusals(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        text reason;
        text_init(&reason);
        support_write("in", refusals[i].line, strlen(refusals[i].line));
        char *actual = support_run("jsonl", "files: in\n", columns, 3);
        const char *listed = strstr(actual, "! in,1,");
        if (listed == NULL)
            fail_msg("%s is taken:\n%s", refusals[i].line, actual);
        else
            append_reason(listed + strlen("! in,1,"), &reason);
        expect(refusals[i].line, reason.data, refusals[i].reason);
        text_done(&reason);
        memory_free(actual);
    }
}

/* A list of objects is one document: not its rows are refused, but the file. */
static void test_file_of_a_list(void **state)
{
    (void)state;
    static const char *const contents[] = {"[" GOOD "]\n", " [\n" GOOD "]\n", "[]"};
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        support_write("in", contents[i], strlen(contents[i]));
        char *actual = support_run("jsonl", "files: in\n", columns, 3);
        if (strstr(actual, "\"in\" begins with \"[\"") == NULL)
            fail_msg("%s is taken:\n%s", contents[i], actual);
        memory_free(actual);
    }
    support_write("in", GOOD "[" GOOD, strlen(GOOD "[" GOOD));
    char *actual = support_run("jsonl", "files: in\n", columns, 3);
    if (strstr(actual, "! in,2,") == NULL)
        fail_msg("a list behind an object is no refused row:\n%s", actual);
    memory_free(actual);
}

static void test_lists(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof list_cases / sizeof *list_cases; i++) {
        support_write("in", list_cases[i].content, strlen(list_cases[i].content));
        run_case(&list_cases[i]);
    }
}

static void test_list_refusals(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof list_refusals / sizeof *list_refusals; i++) {
        char line[400];
        bool is_tag = strcmp(list_refusals[i].key, "tags") == 0;
        text reason;
        text_init(&reason);
        snprintf(line, sizeof line,
                 is_tag ? "{\"tags\":%s}" : "{\"cart\":{\"items\":%s}}",
                 list_refusals[i].value);
        support_write("in", line, strlen(line));
        char *actual = support_run("jsonl", "files: in\n", lists, 3);
        const char *listed = strstr(actual, "! in,1,");
        if (listed == NULL)
            fail_msg("%s is taken:\n%s", line, actual);
        else
            append_reason(listed + strlen("! in,1,"), &reason);
        if (strstr(reason.data, list_refusals[i].reason) == NULL)
            fail_msg("%s\nis refused: %s", line, reason.data);
        text_done(&reason);
        memory_free(actual);
    }
}

static void test_large(void **state)
{
    enum { LONG_TEXT = 3 * 1024 * 1024, TOO_LONG = 17 * 1024 * 1024, ROWS = 40000 };
    text content, expected;
    (void)state;
    text_init(&content);
    text_init(&expected);
    text_append(&content, USER "\"t\":\"");
    text_append_repeat(&content, "x\\n\\\"", LONG_TEXT / 5);
    text_append(&content, "\"}\n" USER "\"t\":\"");
    text_append_repeat(&content, "0123456789abcdef", TOO_LONG / 16);
    text_append(&content, "\"}\n");
    text_append(&expected, "1: ann|100|");
    text_append_repeat(&expected, "x\n\"", LONG_TEXT / 5);
    text_append(&expected, "\n");
    for (int i = 0; i < ROWS; i++) {
        text_append_format(&content, USER "\"t\":%d}\n", i);
        text_append_format(&expected, "%d: ann|100|%d\n", i + 3, i);
    }
    text_append(&expected, "! in,2,the line is longer than 16 MiB\n");
    support_write("in", content.data, content.size);
    char *actual = support_run("jsonl", "files: in\n", columns, 3);
    assert_true(strcmp(actual, expected.data) == 0);
    memory_free(actual);
    text_done(&content);
    text_done(&expected);
}

static void test_files(void **state)
{
    (void)state;
    support_write("f1.jsonl", GOOD, strlen(GOOD));
    support_write("f2.jsonl", "{}\n1\n", 5);
    char *actual = support_run("jsonl", "files: f*.jsonl\n", columns, 3);
    expect("two files", actual, "1: ann|1250|x\n1: -|-|-\n! f2.jsonl,2,*\n");
    memory_free(actual);
}

/* Of the members of an object those count whose keys end as the path says; one with a key of its own has that. */
static void test_ends_of_keys(void **state)
{
    static const carpel_column chosen[] = {
        {.name = "tier", .from = "traits[key=tier].value.*_value", .type = CARPEL_STRING},
        {.name = "micros",
         .from = "traits[key=tier].value.set_timestamp_micros",
         .type = CARPEL_INT}};
    static const char content[] =
        "{\"traits\":[{\"key\":\"tier\",\"value\":{\"string_value\":\"gold\","
        "\"set_timestamp_micros\":\"17\"}}]}\n"
        "{\"traits\":[{\"key\":\"tier\",\"value\":{\"string_value\":null,\"int_value\":7}"
        "}]}\n"
        "{\"traits\":[{\"key\":\"tier\",\"value\":{\"value\":\"no\"}}]}\n";
    (void)state;
    support_write("in", content, strlen(content));
    char *actual = support_run("jsonl", "files: in\n", chosen, 2);
    expect("ends of keys", actual, "1: gold|17\n2: 7|-\n3: -|-\n");
    memory_free(actual);
}

/* Items of a list are chosen by the text of a field, and a key * is any key. */
static void test_chosen_items(void **state)
{
    static const carpel_column chosen[] = {
        {.name = "page", .from = "params[key=page].value.*", .type = CARPEL_STRING},
        {.name = "n", .from = "params[key=n].value.*", .type = CARPEL_INT},
        {.name = "odd", .from = "[x]", .type = CARPEL_STRING, .is_optional = true}};
    static const struct {
        const char *content, *expected;
    } lines[] = {
        {"{\"params\":[{\"key\":\"page\",\"value\":{\"s\":\"/"
         "a\"}},{\"value\":{\"i\":\"7\",\"s\":null},"
         "\"key\":\"n\"}]}\n",
         "*1: /a|7|-\n"},
        {"{\"params\":[],\"[x]\":\"o\"}\n", "*1: -|-|o\n"},
        {"{\"params\":[1,null,[],{},{\"key\":2},{\"key\":\"q\",\"value\":{\"s\":{}}}]}\n",
         "*1: -|-|-\n"},
        {"{\"params\":[{\"key\":\"page\",\"value\":{\"s\":[]}}]}\n", "*! in,1,*a list*"},
        {"{\"params\":[{\"key\":\"page\",}]}\n", "*! in,1,*"},
        {"{\"params\":{\"key\":\"page\"}}\n", "*! in,1,*an object*a list*"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        support_write("in", lines[i].content, strlen(lines[i].content));
        char *actual = support_run("jsonl", "files: in\n", chosen, 3);
        if (!slice_fits(slice_of(actual), slice_of(lines[i].expected)))
            fail_msg("%s\n--- expected\n%s--- is\n%s", lines[i].content,
                     lines[i].expected, actual);
        memory_free(actual);
    }
}

/* With `each` an item stands in the place of its list, and makes a row. */
static void test_each(void **state)
{
    static const carpel_column each[] = {
        {.name = "who", .from = "who", .type = CARPEL_STRING},
        {.name = "sku", .from = "cart.items.sku", .type = CARPEL_STRING}};
    static const char content[] =
        "{\"who\":\"ann\",\"cart\":{\"items\":[{\"sku\":\"a\"},{\"sku\":\"b\",\"z\":[1]}]"
        "}}\n"
        "{\"who\":\"ben\",\"cart\":{\"items\":[]}}\n{\"who\":\"cem\"}\n"
        "{\"cart\":{\"items\":[{\"sku\":\"c\"},7]},\"who\":\"dora\"}\n{\"who\":\n";
    (void)state;
    support_write("in", content, strlen(content));
    char *actual = support_run("jsonl", "files: in\neach: cart.items\n", each, 2);
    static const char expected[] = "1: ann|a\n1: ann|b\n4: dora|c\n! in,4,*! in,5,*";
    if (!slice_fits(slice_of(actual), slice_of(expected)))
        fail_msg("--- expected\n%s--- is\n%s", expected, actual);
    memory_free(actual);
}

/* What `each` finds no items in: each line is refused as a whole, with its first fault. */
static void test_each_refusals(void **state)
{
    static const carpel_column each[] = {
        {.name = "who", .from = "who", .type = CARPEL_STRING},
        {.name = "sku", .from = "items.sku", .type = CARPEL_STRING}};
    static const refusal lines[] = {
        {"{\"items\":[],\"items\":[{\"sku\":\"a\"}]}", "at character 20: the same key"},
        {"{\"items\":[{\"sku\":\"a\"}],\"items\":[]}", "at character 31: the same key"},
        {"{\"items\":[{\"sku\":\"a\"},{]}", "at character 24: a string is expected"},
        {"{\"items\":[{\"sku\":\"a\"}}",
         "at character 22: a \"\",\"\" or \"\"]\"\" is expected"},
        {"{\"items\":[{\"sku\":\"a\"}],}", "at character 24: a string is expected"},
        {"{\"items\":[{\"sku\":\"a\"}]}]", "at character 24: there is text behind"},
        {"{\"items\":[[{\"sku\":\"a\"}]]}", "a list of something else than objects"},
        {"{\"items\":{\"sku\":[1}}", "is a list, where a single value is expected"},
        {"{\"items\":[" LISTS_63 "]}", "objects and lists are nested too deeply"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        support_write("in", lines[i].line, strlen(lines[i].line));
        char *actual = support_run("jsonl", "files: in\neach: items\n", each, 2);
        const char *refused = strstr(actual, "! in,1,");
        if (strchr(actual, '|') || !refused || strstr(refused + 1, "! ") ||
            !strstr(refused, lines[i].reason))
            fail_msg("%s\n--- expected\n%s\n--- is\n%s", lines[i].line, lines[i].reason,
                     actual);
        memory_free(actual);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_refusals),  cmocka_unit_test(test_chosen_items),
        cmocka_unit_test(test_each),           cmocka_unit_test(test_ends_of_keys),
        cmocka_unit_test(test_plain),          cmocka_unit_test(test_long_strings),
        cmocka_unit_test(test_gzip),           cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_file_of_a_list), cmocka_unit_test(test_large),
        cmocka_unit_test(test_files),          cmocka_unit_test(test_lists),
        cmocka_unit_test(test_list_refusals),
    };
    return cmocka_run_group_tests(tests, support_begin, support_end);
}

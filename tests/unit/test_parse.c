/* SPDX-License-Identifier: MIT
 *
 * parse: what the tree holds, and what each mistake is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/arena.h"
#include "lang/keywords.h"
#include "lang/parse.h"
#include "support/dump.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A text, parsed. */
typedef struct parsed {
    source *source;
    arena *memory;
    diags *diags;
    ast_file *file;
    text dump;
} parsed;

static parsed parse_bytes(const char *data, size_t size)
{
    parsed p = {.source = source_new("t.seg", data, size),
                .memory = arena_new(),
                .diags = diags_new()};
    p.file = parse_segments(p.source, p.memory, p.diags);
    text_init(&p.dump);
    ast_dump(p.file, &p.dump);
    return p;
}

static parsed parse(const char *rule)
{
    return parse_bytes(rule, strlen(rule));
}

static void done(parsed *p)
{
    text_done(&p->dump);
    diags_free(p->diags);
    arena_free(p->memory);
    source_free(p->source);
}

static void assert_no_messages(const parsed *p)
{
    text out;
    text_init(&out);
    diags_append(p->diags, &out, false);
    if (out.size > 0)
        fail_msg("%s", out.data);
    text_done(&out);
}

/* ---- trees ------------------------------------------------------------------------ */

static const struct {
    const char *rule, *dump;
} trees[] = {
    {"use \"a.lua\"", "use\n  name \"a.lua\"\n"},
    {"let a \"T\" = 1.50 - 2%",
     "let\n  name \"a\"\n  title \"T\"\n  value: subtract\n    left: number\n"
     "      value 150 / 10^2\n    right: number\n      value 2 / 10^2 percent\n"},
    {"segment vip \"V\" note \"n\" \"m\" owner \"o\" tags t, u purpose p for each "
     "account "
     "among g.m judged every month when a stay while b",
     "segment\n  name \"vip\"\n  title \"V\"\n  note \"n\"\n  note \"m\"\n  owner \"o\"\n"
     "  tag \"t\"\n  tag \"u\"\n  purpose \"p\"\n  for each \"account\"\n  among \"g\"\n"
     "  member \"m\"\n  judged every month\n  value: path\n    name \"a\"\n  stay: path\n"
     "    name \"b\"\n"},
    {"segment s when did p where (x) in last 5 days at least 3 times",
     "segment\n  name \"s\"\n  value: did\n    step\n      event\n        kind \"p\"\n"
     "        where: path\n          name \"x\"\n    times at least 3\n    window in "
     "last\n"
     "      duration 5 / 10^0 day\n      unit second\n"},
    {"segment s when did not (a or anything) where (x)",
     "segment\n  name \"s\"\n  value: not did\n    step\n      event\n        kind "
     "\"a\"\n"
     "      event anything\n      where all: path\n        name \"x\"\n"},
    {"event e = (a then b) with only c without repeats strictly later",
     "event\n  name \"e\"\n  sequence\n    then\n      event\n        kind \"a\"\n"
     "    then\n      event\n        kind \"b\"\n    with only\n      event\n"
     "        kind \"c\"\n    without repeats\n    strictly later\n"},
    {"segment s when did p in a row among (a or b) at least 3 times",
     "segment\n  name \"s\"\n  value: did\n    step\n      event\n        kind \"p\"\n"
     "    times at least 3\n    in a row\n    among\n      event\n        kind \"a\"\n"
     "      event\n        kind \"b\"\n"},
    {"event e = (a then directly b within 1 hour then no c more than 2 days later) "
     "with same p all within 1 week",
     "event\n  name \"e\"\n  sequence\n    then\n      event\n        kind \"a\"\n"
     "    then directly\n      event\n        kind \"b\"\n      within 1 / 10^0 hour\n"
     "    then no\n      event\n        kind \"c\"\n      more than 2 / 10^0 day\n"
     "    same \"p\"\n    all within 1 / 10^0 week\n"},
    {"let a = sum(p.(x * y) where (z), 90%)",
     "let\n  name \"a\"\n  value: aggregate\n    text \"sum\"\n    right: number\n"
     "      value 90 / 10^2 percent\n    step\n      event\n        kind \"p\"\n"
     "        where: path\n          name \"z\"\n    value: multiply\n      left: path\n"
     "        name \"x\"\n      right: path\n        name \"y\"\n"},
    {"let a = last (b or c).d.e",
     "let\n  name \"a\"\n  value: pick\n    last\n    step\n      event\n        kind "
     "\"b\"\n"
     "      event\n        kind \"c\"\n    property \"d\"\n    field \"e\"\n"},
    {"let a = max(b.c.d.e.f)",
     "let\n  name \"a\"\n  value: aggregate\n    text \"max\"\n    step\n      event\n"
     "        kind \"b\"\n    property \"c\"\n    field \"d\"\n    rest \"e\"\n"
     "    rest \"f\"\n"},
    {"segment s when \"x\" in tags",
     "segment\n  name \"s\"\n  value: in-named\n    left: string\n      text \"x\"\n"
     "    ref \"tags\"\n"},
    {"segment s when x not in c.marks",
     "segment\n  name \"s\"\n  value: not in-named\n    left: path\n      name \"x\"\n"
     "    ref \"c\"\n    member \"marks\"\n"},
    {"segment s when a not in top third among g.m",
     "segment\n  name \"s\"\n  value: not in-ranks\n    top\n    divisor 3\n    left: "
     "path\n"
     "      name \"a\"\n    among \"g\"\n    member \"m\"\n"},
    {"segment s when not in g.m as of 3 days ago",
     "segment\n  name \"s\"\n  value: not member\n    right: ago\n"
     "      duration 3 / 10^0 day\n    ref \"g\"\n    member \"m\"\n"},
    {"segment s when did a within 2 days before any b with same c",
     "segment\n  name \"s\"\n  value: did\n    step\n      event\n        kind \"a\"\n"
     "    window within before\n      duration 2 / 10^0 day\n      unit second\n      "
     "any\n"
     "        event\n          kind \"b\"\n      same \"c\"\n"},
    {"groups g\n a \"A\" when x\n b otherwise",
     "groups\n  name \"g\"\n  group \"a\"\n    title \"A\"\n    when: path\n      name "
     "\"x\"\n"
     "  group \"b\"\n"},
    {"score s plus 1 when x minus 2 each e today at most 9",
     "score\n  name \"s\"\n  plus 1 / 10^0\n    when: path\n      name \"x\"\n"
     "  minus 2 / 10^0\n    step\n      event\n        kind \"e\"\n    window today\n"
     "      unit second\n    at most 9 / 10^0\n"},
    {"occasion o on last friday of may", "occasion\n  name \"o\"\n"
                                         "  weekday 4 of month 5, number -1\n"},
    {"split s among a by \"k\" x 10%",
     "split\n  name \"s\"\n  among \"a\"\n  by \"k\"\n  arm \"x\"\n"
     "  share 10 / 10^2 percent\n"},
    {"scenario \"s\" ann has a.b = 1, missing = 2",
     "scenario\n  name \"s\"\n  line has\n    person \"ann\"\n    set \"a.b\"\n"
     "    to: number\n      value 1 / 10^0\n    set \"missing\"\n    to: number\n"
     "      value 2 / 10^0\n"},
    {"scenario \"s\" expect ann not in g.m at 1970-01-02T00:00",
     "scenario\n  name \"s\"\n  line expect in not\n    person \"ann\"\n    ref \"g\"\n"
     "    member \"m\"\n    at: time\n      clock 86400000000\n"},
    {"scenario \"s\" expect ann not in g.m at 1970-01-02",
     "scenario\n  name \"s\"\n  line expect in not\n    person \"ann\"\n    ref \"g\"\n"
     "    member \"m\"\n    at: time\n      clock 86400000000\n"},
};

static void trees_hold_what_was_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(trees); i++) {
        parsed p = parse(trees[i].rule);
        if (trees[i].dump == NULL) {
            assert_true(diags_has_errors(p.diags));
        } else {
            assert_no_messages(&p);
            assert_string_equal(p.dump.data, trees[i].dump);
        }
        done(&p);
    }
}

/* Pairs of spellings for one tree. */
static const char *const same_trees[][2] = {
    {"segment s when did a at least once", "segment s when did a at least 1 time"},
    {"segment s when did a exactly 2 times", "segment s when did a exactly twice"},
    {"segment s when did a at least twice today",
     "segment s when did a today at least twice"},
    {"segment s when a and b and c", "segment s\nwhen (a) and\n# x\n((b)) and c"},
    {"let a = b - c - d", "let a = (b - c) - d"},
    {"let a = -b * c", "let a = (-b) * c"},
    {"let a = last p", "let a = last(p)"},
    {"let a = x.last.in.segment", "let a = x . last\n.in . `segment`"},
    {"segment s when did a in last 3 days",
     "segment s when did a in\u00A0last\u20033\tdays"},
    {"segment s when a starts with \"b\"",
     "segment s when a starts # why\n\n with \"b\""},
    {"segment s when did a since 2 days ago", "segment s when did a since 2 day ago"},
    {"let a = 60%", "let a = 60 %"},
    {"let a = `b`", "\xEF\xBB\xBFlet a = b"},
    {"let a = b", "let a = b\r\n"},
    {"segment s when a in top quarter", "segment s when a in top fourth"},
    {"segment s when did a at least 1 time since b",
     "segment s when did a at least once since b"},
    {"let `x` = user.time", "let x = user.`time`"},
};

static void spellings_of_one_tree(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(same_trees); i++) {
        parsed a = parse(same_trees[i][0]), b = parse(same_trees[i][1]);
        assert_no_messages(&a);
        assert_no_messages(&b);
        assert_string_equal(a.dump.data, b.dump.data);
        done(&a);
        done(&b);
    }
}

/* Pairs that look alike and are not. */
static const char *const other_trees[][2] = {
    {"segment s when did (a or b) where (c)", "segment s when did (a or b where (c))"},
    {"segment s when (a and b) and c", "segment s when a and b and c"},
    {"let a = b - (c - d)", "let a = b - c - d"},
    {"segment s when did a in last 1 full month",
     "segment s when did a in last full month"},
    {"segment s when did a in last 1 month", "segment s when did a in last full month"},
    {"let a = 1.5", "let a = 1.50"},
    {"let a = 2026-01-01T00:00", "let a = 2026-01-01T00:00Z"},
    {"let a = time - since", NULL},
    {"segment s when a in b", "segment s when a not in b"},
    {"let a = count(b)", "let a = `count`(b)"},
};

static void trees_that_differ(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(other_trees); i++) {
        parsed a = parse(other_trees[i][0]);
        if (other_trees[i][1] == NULL) {
            assert_true(diags_has_errors(a.diags));
        } else {
            parsed b = parse(other_trees[i][1]);
            assert_no_messages(&a);
            assert_no_messages(&b);
            assert_string_not_equal(a.dump.data, b.dump.data);
            done(&b);
        }
        done(&a);
    }
}

/* ---- words and names -------------------------------------------------------------- */

/* All of these parse. */
static const char *const free_words[] = {
    /* declaration words are names away from the left margin */
    "let a = list + event\n + segment.score + use",
    /* aggregates and rankings are names unless a bracket follows */
    "let a = count + sum + rank + share - ntile",
    /* halves of two-word keywords are free */
    "let a = time + least + most + change + all + same + top + of_x + as + for + starts",
    /* sentence words are names where a name is due */
    "segment s when did note where (today = of and minutes > half and missing is "
    "missing)",
    "segment s when did friday within 3 days of may and user.now < other.anything",
    /* after a dot everything is a name */
    "let a = x.and.or.not.in.count(y) + z.did",
    "let a = sum(x.where) + last x.last",
    /* letters of any script, a leading dollar, digits inside */
    "let \u00FCber_2 = $revenue + \u6CE8\u6587 + \u0434\u0430 + _x + a\u0301",
    /* backticks */
    "let `Order Completed` = `event_params.page_title` + `in` + `a``b` + `#`",
    "segment s when did `did` where (`where` = \"where\")",
    /* texts */
    "let a = \"# no comment\" + \"say \"\"hi\"\"\" + \"\" + \"`\" + \"\\d\"",
};

static void words_that_are_free(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(free_words); i++) {
        parsed p = parse(free_words[i]);
        assert_no_messages(&p);
        assert_int_equal(p.file->decls.count, 1);
        done(&p);
    }
}

static void texts_lose_their_quotes(void **state)
{
    (void)state;
    parsed p = parse("let a = \"say \"\"hi\"\" \\n\"");
    const ast_decl *decl = p.file->decls.items[0];
    assert_string_equal(decl->value->text.text, "say \"hi\" \\n");
    done(&p);
    p = parse("let `a``b c` = d");
    decl = p.file->decls.items[0];
    assert_string_equal(decl->name.text, "a`b c");
    assert_true(decl->name.is_quoted);
    done(&p);
}

/* `list` begins a declaration at the left margin, and a call where a bracket follows. */
static void a_list_is_declared_or_called(void **state)
{
    (void)state;
    parsed p = parse("let list_of = f.x(\nlist(purchase.amount))\nlist l = 1, 2");
    assert_int_equal(p.file->decls.count, 2);
    const ast_decl *call = p.file->decls.items[0], *list = p.file->decls.items[1];
    const ast_expr *argument = call->value->list.items[0];
    assert_int_equal(argument->kind, EXPR_AGGREGATE);
    assert_int_equal(argument->aggregate, AGGREGATE_LIST);
    assert_int_equal(list->kind, DECL_LIST);
    done(&p);
}

/* The words of the language and the tables of the passes do not drift apart. */
static void keywords_know_every_aggregate(void **state)
{
    (void)state;
    for (size_t i = 0; i < AGGREGATE_COUNT_OF; i++) {
        const keyword *word = keyword_find_call(aggregates[i].spelling);
        assert_non_null(word);
        assert_int_equal(word->use, KEYWORD_CALL);
        assert_int_equal(word->value, i);
    }
    size_t reserved = 0;
    for (size_t i = 0; i < keyword_count; i++) {
        reserved += keywords[i].use == KEYWORD_RESERVED;
        assert_true(strlen(keywords[i].meaning) > 0);
        bool is_call = keywords[i].use == KEYWORD_CALL; /* "list" is a head, too */
        assert_ptr_equal(is_call ? keyword_find_call(keywords[i].spelling)
                                 : keyword_find(keywords[i].spelling),
                         &keywords[i]);
    }
    assert_int_equal(reserved, 37 - 8);
}

/* ---- numbers, dates, times -------------------------------------------------------- */

static const struct {
    const char *literal;
    int64_t time;
    bool has_zone;
} times[] = {
    {"1970-01-01T00:00", 0, false},
    {"1970-01-01T00:00Z", 0, true},
    {"1970-01-01T00:00:01", 1000000, false},
    {"1970-01-01T00:00:01.5Z", 1500000, true},
    {"1970-01-01T00:00:00.000001", 1, false},
    {"1970-01-01T02:00+02:00", 0, true},
    {"1970-01-01T00:00-00:30", 1800000000, true},
    {"1969-12-31T23:59:59.999999Z", -1, true},
    {"2026-03-01T10:00", 1772359200000000, false},
};

static void times_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(times); i++) {
        text rule;
        text_init(&rule);
        text_append_format(&rule, "let a = %s", times[i].literal);
        parsed p = parse(rule.data);
        assert_no_messages(&p);
        const ast_expr *value = ((const ast_decl *)p.file->decls.items[0])->value;
        assert_int_equal(value->kind, EXPR_TIME);
        assert_true(value->time == times[i].time);
        assert_int_equal(value->time_has_zone, times[i].has_zone);
        assert_string_equal(value->text.text, times[i].literal);
        done(&p);
        text_done(&rule);
    }
}

static void numbers_are_exact(void **state)
{
    (void)state;
    static const struct {
        const char *rule;
        int64_t value;
        unsigned scale;
    } cases[] = {
        {"let a = 0", 0, 0},
        {"let a = 999999999999999999", INT64_C(999999999999999999), 0},
        {"let a = 0.000000000000000001", 1, 18},
        {"let a = 000000000000000000000000012", 12, 0},
        {"let a = 1234567890.12345678", INT64_C(123456789012345678), 8},
        {"let a = 0.5%", 5, 3},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        parsed p = parse(cases[i].rule);
        assert_no_messages(&p);
        const ast_number *number =
            &((const ast_decl *)p.file->decls.items[0])->value->number;
        assert_true(number->value == cases[i].value);
        assert_int_equal(number->scale, cases[i].scale);
        done(&p);
    }
}

/* ---- places ----------------------------------------------------------------------- */

static void assert_span(const parsed *p, span where, const char *expected)
{
    slice whole = source_text(p->source);
    assert_ptr_equal(where.file, p->source);
    assert_int_equal(where.end - where.begin, strlen(expected));
    assert_memory_equal(whole.data + where.begin, expected, strlen(expected));
}

static void nodes_know_their_places(void **state)
{
    (void)state;
    parsed p =
        parse("# c\nsegment s \"t\"\n  when a.b > 3 and did p where (x) in last 3 days"
              " # d\n");
    const ast_decl *decl = p.file->decls.items[0];
    assert_span(&p, decl->where,
                "segment s \"t\"\n  when a.b > 3 and did p where (x) in last "
                "3 days");
    assert_span(&p, decl->name.where, "s");
    assert_span(&p, decl->title.where, "\"t\"");
    const ast_expr *did = decl->value->list.items[1];
    assert_span(&p, decl->value->where, "a.b > 3 and did p where (x) in last 3 days");
    assert_span(&p, did->where, "did p where (x) in last 3 days");
    assert_span(&p, did->selection->place, "p where (x)");
    const ast_window *window = did->modifiers.windows.items[0];
    assert_span(&p, window->place, "in last 3 days");
    assert_span(&p, window->duration.where, "3 days");
    assert_int_equal(p.file->comments.count, 2);
    const ast_comment *first = p.file->comments.items[0],
                      *second = p.file->comments.items[1];
    assert_string_equal(first->text, "# c");
    assert_true(first->is_alone);
    assert_string_equal(second->text, "# d");
    assert_false(second->is_alone);
    assert_false(second->is_after_blank_line);
    done(&p);
}

/* ---- mistakes --------------------------------------------------------------------- */

static const struct {
    const char *rule;
    diag_code code;
    unsigned line, column, width;
    const char *message;
    const char *hint; /* or NULL */
} mistakes[] = {
    {"segment x when a == 1", E0102, 1, 18, 2, "\"==\" is not a sign of the language",
     "Write = for \"is equal to\"."},
    {"segment x when a <> 1", E0102, 1, 18, 2, "\"<>\" is not a sign of the language",
     "Write != for \"is not equal to\"."},
    {"segment x when a > 3,5", E0103, 1, 20, 3, "\"3,5\" is no number",
     "Write 3.5 with a point."},
    {"segment x when a > 1,000 and b", E0103, 1, 20, 5, "\"1,000\" is no number",
     "Write 1000 without a comma. A fraction is written with a point."},
    {"segment x when a = \u201Cx\u201D", E0102, 1, 20, 7,
     "text stands in straight double quotes", "Write \"x\"."},
    {"segment x when a = 'x'", E0102, 1, 20, 3, "text stands in straight double quotes",
     "Write \"x\"."},
    {"segment x when a = \u201Ex\u201C and b", E0102, 1, 20, 7,
     "text stands in straight double quotes", "Write \"x\"."},
    {"segment x when did a where b = 1", E0124, 1, 22, 5,
     "the condition of \"where\" stands in brackets", "Write: where (b = 1)."},
    {"segment x when did a where b in last 3 days", E0124, 1, 22, 5,
     "the condition of \"where\" stands in brackets", "Write: where (b)."},
    {"segment x when not a and b", E0124, 1, 16, 3,
     "\"not\" needs brackets that show how far it reaches",
     "Write: not (a). If it denies more, put all of that inside."},
    {"segment x when not did a", E0124, 1, 16, 7, "\"not\" stands behind \"did\"",
     "Write \"did not\"."},
    {"segment x when not user.x in s", E0124, 1, 16, 3,
     "\"not\" needs brackets that show how far it reaches",
     "Write: not (user.x in s). If it denies more, put all of that inside."},
    {"segment x when a not = 3", E0101, 1, 18, 5, "\"not\" cannot stand here",
     "Write != for \"is not equal to\". Behind \"not\" may stand in, matches, contains, "
     "starts with, ends with, or a window."},
    {"segment x when a not \"DE\"", E0101, 1, 18, 8, "\"not\" cannot stand here",
     "Write != for \"is not equal to\". Behind \"not\" may stand in, matches, contains, "
     "starts with, ends with, or a window."},
    {"segment x when a is \"DE\"", E0101, 1, 18, 7,
     "\"is\" only asks whether a value is missing", "Write = to compare."},
    {"segment x when a is not \"DE\"", E0101, 1, 18, 11,
     "\"is not\" only asks whether a value is missing", "Write != to compare."},
    {"segment x when a and b or c", E0124, 1, 24, 2,
     "\"and\" and \"or\" stand side by side without brackets",
     "Put brackets around what belongs together: (a and b) or c, or a and (b or c)."},
    {"segment x when a or b and c", E0124, 1, 23, 3,
     "\"and\" and \"or\" stand side by side without brackets",
     "Put brackets around what belongs together: (a or b) and c, or a or (b and c)."},
    {"segment x when a between 1 or 2", E0101, 1, 28, 2, "\"or\" cannot stand here",
     "Here may stand a unit of time such as days, \"and\" or a sign such as +."},
    {"segment x when did a in last month", E0101, 1, 22, 13,
     "\"in last month\" can mean two things",
     "Write \"in last 1 month\" for the time up to now, or \"in last full month\" for "
     "the whole month before this one."},
    {"segment x when did a in previous week", E0101, 1, 22, 16,
     "the week before this one is said with \"full\"", "Write: in last full week."},
    {"segment x when did a in the last 30 days", E0101, 1, 22, 19,
     "the time up to now is said with \"in last\"", "Write: in last 30 days."},
    {"segment x when the a", E0101, 1, 16, 5, "\"the\" is no word of the language",
     "Leave it out."},
    {"segment x when did a last 30 days", E0101, 1, 22, 12,
     "the time up to now is said with \"in last\"", "Write: in last 30 days."},
    {"segment x when sum(a.b last 30 days) > 1", E0101, 1, 24, 12,
     "the time up to now is said with \"in last\"", "Write: in last 30 days."},
    {"segment x when did a in last 30 days where (b)", E0101, 1, 38, 5,
     "\"where\" stands directly behind the event, before the window",
     "Write: a where (b) in last 30 days."},
    {"segment x when did a at least twice where (b)", E0101, 1, 37, 5,
     "\"where\" stands directly behind the event, before the number of times",
     "Write: a where (b) at least twice."},
    {"segment x when did a today where (b)", E0101, 1, 28, 5,
     "\"where\" stands directly behind the event, before the window",
     "Write: a where (b) today."},
    {"segment x when did a 3 times", E0101, 1, 22, 7,
     "\"3 times\" does not say whether more is fine too",
     "Write \"at least 3 times\" or \"exactly 3 times\"."},
    {"segment x when did a twice", E0101, 1, 22, 5,
     "\"twice\" does not say whether more is fine too",
     "Write \"at least twice\" or \"exactly twice\"."},
    {"segment x when did not a at least 3 times", E0101, 1, 26, 8,
     "\"did not\" takes no number of times",
     "Write \"did\" with the opposite: fewer than 3 times."},
    {"segment x when a = \"open", E0103, 1, 20, 1,
     "the text that begins here has no end on this line",
     "Close it with a double quote."},
    {"segment x when a = `open", E0103, 1, 20, 1,
     "the name that begins here has no end on this line", "Close it with a backtick."},
    {"segment x when a && b", E0102, 1, 18, 2, "\"&&\" is not a sign of the language",
     "Write the word and."},
    {"segment x when a || b", E0102, 1, 18, 2, "\"||\" is not a sign of the language",
     "Write the word or."},
    {"segment x when !a", E0102, 1, 16, 1, "\"!\" is not a sign of the language",
     "Write did not ..., not in ..., != or not ( ... )."},
    {"segment x when a and !(b)", E0102, 1, 22, 1, "\"!\" is not a sign of the language",
     "Write did not ..., not in ..., != or not ( ... )."},
    {"segment x when a = 1234567890123456789", E0103, 1, 20, 19,
     "the number has more than 18 digits", NULL},
    {"segment x when a > 50 percent", E0103, 1, 23, 7,
     "\"percent\" is no word of the language", "Write 50%."},
    {"segment x when a after 2026-02-30", E0103, 1, 24, 10, "there is no day 2026-02-30",
     "That month has 28 days."},
    {"segment x when", E0101, 1, 11, 4, "behind \"when\" the condition is missing",
     "Write, for example: when did purchase in last 30 days."},
    {"segment x", E0101, 1, 10, 0, "\"x\" is not finished",
     "Here may stand \"when\" with a condition, a text in double quotes or \"among\" "
     "with a segment."},
    {"segment", E0101, 1, 8, 0, "the declaration is not finished",
     "Here may stand a name."},
    {"segment x when count(purchase in last 3 days", E0101, 1, 21, 1,
     "this bracket is not closed", "Close it with )."},
    {"segment x when count(purchase in last 3 days >= 3", E0101, 1, 21, 1,
     "this bracket is not closed", "Close it before \">=\"."},
    {"segment x when count(a)) > 3", E0101, 1, 24, 1,
     "no bracket is open that this one closes", "Take it away, or open one before it."},
    {"segment x when did (purchase)", E0101, 1, 29, 1,
     "brackets hold several events: (a or b), or (a then b)", "Leave the brackets out."},
    {"segment x when count purchase > 3", E0101, 1, 16, 5, "\"count\" needs brackets",
     "Write: count(purchase)."},
    {"segment x when a in \"x\"", E0101, 1, 21, 3,
     "the values behind \"in\" stand in brackets", "Write: in (\"x\")."},
    {"segment x when a in [\"x\", \"y\"]", E0102, 1, 21, 1,
     "\"[\" is not a sign of the language", "Brackets are round: write ( instead."},
    {"segment x { when a }", E0102, 1, 11, 1, "\"{\" is not a sign of the language",
     "Leave it out; where brackets are needed, they are round."},
    {"segment x when 1 < a < 5", E0101, 1, 16, 9, "two comparisons stand in a row",
     "Write: a > 1 and a < 5."},
    {"segment x = did a", E0101, 1, 11, 1,
     "a condition begins with \"when\", not with =", "Write \"when\" instead."},
    {"segment x did a", E0101, 1, 11, 3, "\"when\" is missing before the condition",
     "Write \"when\" before it."},
    {"segment x wen did a", E0101, 1, 11, 3, "\"wen\" cannot stand here",
     "Did you mean \"when\"?"},
    {"segment x When did a", E0101, 1, 11, 4, "\"When\" cannot stand here",
     "Did you mean \"when\"?"},
    {"segment \"VIP\" when did a", E0101, 1, 9, 5,
     "the name is missing behind \"segment\"",
     "A name has no quotes and no blanks, such as vip; the title in quotes comes behind "
     "it."},
    {"segment big spenders when did a", E0101, 1, 9, 12, "a name has no blanks",
     "Write big_spenders, or put it in backticks."},
    {"segment today when did a", E0123, 1, 9, 5,
     "\"today\" is a word of the language and cannot be a name here",
     "Choose another name, or put it in backticks everywhere: `today`."},
    {"segment count when did a", E0123, 1, 9, 5,
     "\"count\" is a word of the language and cannot be declared",
     "Choose another name, or put it in backticks everywhere: `count`."},
    {"let x when 3", E0101, 1, 7, 4, "here stands =, not \"when\"", "Write = instead."},
    {"let x 3", E0101, 1, 7, 1, "\"3\" cannot stand here",
     "Here may stand = or a text in double quotes."},
    {"let true = 3", E0123, 1, 5, 4,
     "\"true\" is a word of the language and cannot be a name here",
     "Choose another name, or put it in backticks everywhere: `true`."},
    {"let x = .5", E0103, 1, 9, 2, "a number begins with a digit", "Write: 0.5."},
    {"let x = 5. + 1", E0103, 1, 9, 2, "a point in a number has digits behind it",
     "Write: 5."},
    {"let x = a +", E0101, 1, 11, 1, "behind \"+\" a value is missing",
     "Write, for example: + 1."},
    {"let x = a * * b", E0101, 1, 13, 1, "\"*\" cannot stand here",
     "Here may stand a value."},
    {"let x = if a then b", E0101, 1, 20, 0, "\"x\" is not finished",
     "Here may stand \"else\", a comparison such as >=, a window such as \"in last 30 "
     "days\", \"and\" or \"or\"."},
    {"let x = 3 dys", E0101, 1, 11, 3, "\"dys\" cannot stand here",
     "Did you mean \"days\"?"},
    {"let x = 90 days ago ago", E0101, 1, 21, 3, "\"ago\" cannot stand here",
     "Here may stand a comparison such as >=, a window such as \"in last 30 days\", "
     "\"and\", \"or\" or a sign such as +."},
    {"let x = count()", E0101, 1, 15, 1, "\")\" cannot stand here",
     "Here may stand an event."},
    {"let x = sum(purchase.)", E0101, 1, 21, 1, "behind \".\" a name is missing",
     "Write, for example: .amount."},
    {"let x = a.5", E0101, 1, 11, 1, "\"5\" cannot stand here", "Here may stand a name."},
    {"let x = a b", E0101, 1, 11, 1, "\"b\" cannot stand here",
     "Here may stand a comparison such as >=, a window such as \"in last 30 days\", "
     "\"and\", \"or\" or a sign such as +."},
    {"let x = 3 4", E0101, 1, 11, 1, "\"4\" cannot stand here",
     "Here may stand a unit of time such as days, a comparison such as >=, a window such "
     "as \"in last 30 days\", \"and\" or \"or\"."},
    {"let x = \"a\" \"b\"", E0101, 1, 13, 3, "a text cannot stand here",
     "Here may stand a comparison such as >=, a window such as \"in last 30 days\", "
     "\"and\", \"or\" or a sign such as +."},
    {"let x = did", E0101, 1, 9, 3, "behind \"did\" an event is missing",
     "Write, for example: did purchase."},
    {"segment x when did a within 3 days", E0101, 1, 22, 13,
     "\"within 3 days\" does not say of what",
     "Up to now: in last 3 days. Near something: within 3 days after first login."},
    {"segment x when did a within 3 dayz of b", E0101, 1, 31, 4,
     "\"dayz\" cannot stand here", "Did you mean \"day\"?"},
    {"segment x when did a im last 3 days", E0101, 1, 22, 2,
     "\"im\" is no word of the language", "Write \"in\"."},
    {"segment x when did a ni last 3 days", E0101, 1, 22, 7,
     "\"ni last\" cannot stand here", "Did you mean \"in last\"?"},
    {"segment x when did a att least 3 times", E0101, 1, 22, 9,
     "\"att least\" cannot stand here", "Did you mean \"at least\"?"},
    {"segment x when did a in last 3 days adn did b", E0101, 1, 37, 3,
     "\"adn\" cannot stand here", "Did you mean \"and\"?"},
    {"segment x when did (a then b) all within", E0101, 1, 41, 0, "\"x\" is not finished",
     "Here may stand a number."},
    {"segment x when did a and or b", E0101, 1, 22, 3,
     "behind \"and\" a condition is missing",
     "Write, for example: and did purchase in last 30 days."},
    {"segment x when a in top among b", E0101, 1, 25, 5,
     "\"among\" stands before \"when\"", NULL},
    {"segment x when a in top 20 percent among b", E0103, 1, 28, 7,
     "\"percent\" is no word of the language", "Write 20%."},
    {"groups g first when a", E0123, 1, 10, 5,
     "\"first\" is a word of the language and cannot be a name here",
     "Choose another name, or put it in backticks everywhere: `first`."},
    {"groups g a did b", E0101, 1, 12, 3, "\"when\" is missing before the condition",
     "Write \"when\" before it."},
    {"groups g a when b otherwise", E0101, 1, 19, 9, "\"otherwise\" cannot stand here",
     "Here may stand a name, a comparison such as >=, a window such as \"in last 30 "
     "days\", \"and\" or \"or\"."},
    {"groups g", E0101, 1, 9, 0, "\"g\" is not finished",
     "Here may stand a name, a text in double quotes or \"among\" with a segment."},
    {"score s plus when a", E0101, 1, 14, 4, "\"when\" cannot stand here",
     "Here may stand a number."},
    {"score s plus 20 did a", E0101, 1, 17, 3, "\"when\" is missing before the condition",
     "Write \"when\" before it."},
    {"score s = ", E0101, 1, 9, 1, "behind \"=\" a value is missing",
     "Write, for example: = 100."},
    {"list l = ", E0101, 1, 8, 1, "behind \"=\" a value is missing",
     "Write, for example: = 100."},
    {"list l \"a\", \"b\"", E0101, 1, 8, 3, "= is missing before the values",
     "Write: = \"a\"."},
    {"event e = a b", E0101, 1, 13, 1, "\"b\" cannot stand here",
     "Here may stand \"where\" with a condition in brackets or the next declaration, at "
     "the left margin."},
    {"event e purchase where (x)", E0101, 1, 7, 10, "a name has no blanks",
     "Write e_purchase, or put it in backticks."},
    {"occasion o on february 30", E0128, 1, 24, 2, "february has no day 30", NULL},
    {"occasion o on fourth friday november", E0101, 1, 29, 8,
     "\"november\" cannot stand here", "Here may stand \"of\"."},
    {"occasion o 2026-01-01", E0101, 1, 12, 10, "\"2026-01-01\" cannot stand here",
     "Here may stand a text in double quotes or \"on\" with days."},
    {"split s a 50 b 50", E0101, 1, 9, 9, "shares have a percent sign",
     "Write: a 50% b 50%."},
    {"split s", E0101, 1, 8, 0, "\"s\" is not finished",
     "Here may stand a name, a text in double quotes or \"among\" with a segment."},
    {"scenario \"x\" ann did y", E0101, 1, 22, 1, "this line does not say when",
     "Write the instant behind it: at 2026-03-01T10:00"},
    {"scenario \"x\" ann y at 2026-01-01", E0101, 1, 14, 5,
     "what happens is told with \"did\", and traits with \"has\"",
     "Write: ann did y ..."},
    {"scenario x ann did y at 2026-01-01T10:00", E0101, 1, 10, 1,
     "the name of a scenario stands in double quotes", "Write: \"x\"."},
    {"use scores.lua", E0101, 1, 5, 10, "the name of a file stands in double quotes",
     "Write: use \"scores.lua\"."},
    {"use", E0101, 1, 4, 0, "the declaration is not finished",
     "Here may stand a text in double quotes."},
    {"let x = 2026-03-01 10:00", E0103, 1, 9, 13, "a day and its time are one word",
     "Write T between them: 2026-03-01T10:00."},
    {"let x = 2026-03-01T10:00+2", E0103, 1, 9, 18, "there is no time 10:00+2",
     "A time is written like 2026-03-01T10:00, 2026-03-01T10:00:30.5, 2026-03-01T10:00Z "
     "or 2026-03-01T10:00+02:00."},
    {"let x = a; let y = b", E0102, 1, 10, 1, "\";\" is not a sign of the language",
     "Leave it out: a declaration ends where the next one begins."},
    {"let x = a : b", E0102, 1, 11, 1, "\":\" is not a sign of the language",
     "Leave it out. A time is written like 2026-03-01T10:00."},
    {"let x = 50\u20AC", E0102, 1, 11, 3, "\"\u20AC\" is not a sign of the language",
     "Leave it out: amounts are plain numbers."},
    {"let x = a @ b", E0102, 1, 11, 1, "\"@\" is not a sign of the language",
     "Text stands in double quotes; a name with such a sign stands in backticks."},
    {"// comment", E0102, 1, 1, 2, "a comment begins with #",
     "Write # instead of the two slashes."},
    {"hello world", E0101, 1, 1, 5,
     "a declaration begins with its own word at the left margin",
     "Begin with segment, let, groups, score, event, list, use, occasion, split or "
     "scenario."},
    {"segment x when in last 3 days", E0101, 1, 16, 7,
     "a window stands behind what was done, or behind a time",
     "Write, for example: did purchase in last 30 days."},
    {"segment x when did purchase in last full 3 days", E0101, 1, 42, 1,
     "\"3\" cannot stand here", "Here may stand a unit of time such as days."},
    {"segment x when did a in week of", E0101, 1, 32, 0, "\"x\" is not finished",
     "Here may stand a value."},
    {"segment x when a >= \"x\" then b", E0101, 1, 25, 4, "\"then\" cannot stand here",
     "Here may stand \"and\", \"or\", a sign such as +, \"stay while\" with a condition "
     "or the next declaration, at the left margin."},
    {"segment x when a starts \"x\"", E0101, 1, 18, 6,
     "\"starts\" cannot stand here alone", "Did you mean \"starts with\"?"},
    {"segment x when did a at least 3", E0101, 1, 22, 10,
     "\"at least 3\" lacks the word \"times\"", "Write \"at least 3 times\"."},
    {"segment x when did a at least 3 in last 5 days", E0101, 1, 22, 10,
     "\"at least 3\" lacks the word \"times\"", "Write \"at least 3 times\"."},
    {"segment x when at least 3 a", E0101, 1, 27, 1, "\"a\" cannot stand here",
     "Here may stand \"of\"."},
    {"segment x note \"a\" when b owner \"c\"", E0101, 1, 27, 5,
     "\"owner\" stands before \"when\"", "Write: owner \"c\" when ..."},
    {"segment x when a owner \"c\"", E0101, 1, 18, 5, "\"owner\" stands before \"when\"",
     "Write: owner \"c\" when ..."},
    {"segment x owner crm when a", E0101, 1, 17, 3, "an owner stands in double quotes",
     "Write: \"crm\"."},
    {"segment x owner \"a\" owner \"b\" when c", E0101, 1, 27, 3,
     "\"owner\" stands twice", NULL},
    {"segment x when did a since", E0101, 1, 22, 5, "behind \"since\" a time is missing",
     "Write, for example: since 2026-03-01."},
    {"segment x when last 5 purchase", E0101, 1, 21, 1, "\"5\" cannot stand here",
     "Here may stand an event."},
    {"segment x when a in (1, 2", E0101, 1, 21, 1, "this bracket is not closed",
     "Close it with )."},
    {"segment x when a in ()", E0101, 1, 22, 1, "\")\" cannot stand here",
     "Here may stand a value."},
    {"segment x when user.plan as of", E0101, 1, 31, 0, "\"x\" is not finished",
     "Here may stand a value."},
    {"segment x when if a then b else", E0101, 1, 28, 4,
     "behind \"else\" a value is missing", "Write, for example: else 0."},
    {"segment x among when a", E0101, 1, 11, 5, "behind \"among\" a segment is missing",
     "Write, for example: among buyers."},
    {"segment x for each when a", E0101, 1, 20, 4, "\"when\" cannot stand here",
     "Here may stand a name."},
    {"segment x when user.a not like \"x\"", E0101, 1, 27, 4,
     "\"like\" is no word of the language",
     "Write \"contains\", \"starts with\" or \"ends with\", and no % in the text."},
    {"segment x when a and", E0101, 1, 18, 3, "behind \"and\" a condition is missing",
     "Write, for example: and did purchase in last 30 days."},
    {"segment x when did purchase where (a = 1", E0101, 1, 35, 1,
     "this bracket is not closed", "Close it with )."},
    {"segment x when (a or b", E0101, 1, 16, 1, "this bracket is not closed",
     "Close it with )."},
    {"segment x when a > 5 then", E0101, 1, 22, 4, "\"then\" cannot stand here",
     "Here may stand a unit of time such as days, \"and\", \"or\", a sign such as + or "
     "\"stay while\" with a condition."},
    {"segment x when did purchase exactly 3", E0101, 1, 29, 9,
     "\"exactly 3\" lacks the word \"times\"", "Write \"exactly 3 times\"."},
    {"segment x when a in bottom month", E0101, 1, 28, 5,
     "\"month\" is no part of the people",
     "Write a share such as 20%, half, third or quarter, or how many people."},
    {"segment x when did a between 2026-01-01", E0101, 1, 40, 0, "\"x\" is not finished",
     "Here may stand \"and\" or a sign such as +."},
    {"groups g a when b c d", E0101, 1, 21, 1, "\"when\" is missing before the condition",
     "Write \"when\" before it."},
    {"list l = [1, 2]", E0102, 1, 10, 1, "\"[\" is not a sign of the language",
     "Brackets are round: write ( instead."},
    {"let s = x ]", E0102, 1, 11, 1, "\"]\" is not a sign of the language",
     "Brackets are round: write ) instead."},
    {"segment x when a > b > c", E0101, 1, 18, 5, "two comparisons stand in a row",
     "Compare twice: x > 1 and x < 5. With both ends included: x >= 1 and x <= 5."},
    {"let x = a = b = c", E0101, 1, 11, 5, "two comparisons stand in a row",
     "Compare twice: x > 1 and x < 5. With both ends included: x >= 1 and x <= 5."},
    {"segment x when did purchase more 3 times", E0101, 1, 29, 4,
     "\"more\" cannot stand here alone", "Did you mean \"more than\"?"},
    {"segment x when did purchase at 3 times", E0101, 1, 29, 10,
     "\"at\" cannot stand here alone", "Write: at least 3 times."},
    {"let a = 1\n\nsegment b when did c\n  where d = 1\n", E0124, 4, 3, 5,
     "the condition of \"where\" stands in brackets", "Write: where (d = 1)."},
    {"segment a when b\n\n  segment c when d\n", E0101, 3, 3, 7,
     "\"segment\" begins a declaration only at the left margin",
     "Take away the blanks before it."},
    {"let ok = 1\nsegmnt b when c\n", E0101, 2, 1, 6,
     "no declaration begins with \"segmnt\"", "Did you mean \"segment\"?"},
    {"groups g\n  a when x\n  scor when y when z\n", E0101, 3, 15, 4,
     "\"when\" cannot stand here",
     "Here may stand a name, a comparison such as >=, a window such as \"in last 30 "
     "days\", \"and\" or \"or\"."},
    {"let a = 2026-3-1", E0103, 1, 9, 8, "a date is written like 2026-03-01",
     "Write: 2026-03-01."},
    {"let a = 2026-31-1", E0103, 1, 9, 9, "a date is written like 2026-03-01",
     "Write four digits for the year and two each for month and day; to subtract, put "
     "blanks around the sign."},
    {"let a = 31.12.2026", E0103, 1, 9, 10, "a date is written like 2026-03-01",
     "Write 2026-12-31."},
    {"let a = 2026-01-01T25:00", E0103, 1, 9, 16, "there is no time 25:00",
     "A time is written like 2026-03-01T10:00, 2026-03-01T10:00:30.5, 2026-03-01T10:00Z "
     "or 2026-03-01T10:00+02:00."},
    {"let a = 2026-01-01T10:00:00.1234567", E0103, 1, 9, 27,
     "there is no time 10:00:00.1234567",
     "A time is written like 2026-03-01T10:00, 2026-03-01T10:00:30.5, 2026-03-01T10:00Z "
     "or 2026-03-01T10:00+02:00."},
    {"let a = 2026-02-29T10:00", E0103, 1, 9, 16, "there is no day 2026-02-29",
     "That month has 28 days."},
    {"let a = 2023-02-29", E0103, 1, 9, 10, "there is no day 2023-02-29",
     "That month has 28 days."},
    {"let a = 99.99999999999999999%", E0103, 1, 9, 21,
     "the number has more than 16 digits", NULL},
    {"let a = ``", E0103, 1, 9, 2, "there is no name between the backticks", NULL},
    {"let a = b \u2265 3", E0102, 1, 11, 3, "\"\u2265\" is not a sign of the language",
     "Write >= for \"is at least\"."},
    {"let a = b \u2013 c", E0102, 1, 11, 3, "\"\u2013\" is not a sign of the language",
     "Write the plain sign - instead."},
    {"let a = \"x\001\"", E0102, 1, 11, 1,
     "a control character (U+0001) stands in the text", NULL},
    {"segment `` when a", E0103, 1, 9, 2, "there is no name between the backticks", NULL},
    {"event count = purchase", E0123, 1, 7, 5,
     "\"count\" is a word of the language and cannot be declared",
     "Choose another name, or put it in backticks everywhere: `count`."},
    {"list `x` = ", E0101, 1, 10, 1, "behind \"=\" a value is missing",
     "Write, for example: = 100."},
    {"split s first 50% b 50%", E0123, 1, 9, 5,
     "\"first\" is a word of the language and cannot be a name here",
     "Choose another name, or put it in backticks everywhere: `first`."},
    {"let a = b c\n", E0101, 1, 11, 1, "\"c\" cannot stand here",
     "Here may stand a comparison such as >=, a window such as \"in last 30 days\", "
     "\"and\", \"or\" or a sign such as +."},
    {"score s plus 1 whn a", E0101, 1, 16, 3, "\"whn\" cannot stand here",
     "Did you mean \"when\"?"},
    {"segment a when did b witin 3 days of c", E0101, 1, 22, 5,
     "\"witin\" cannot stand here", "Did you mean \"within\"?"},
    {"segment a when did b within 3 days off c", E0101, 1, 36, 3,
     "\"off\" cannot stand here", "Did you mean \"of\"?"},
    {"segment a when (b or c", E0101, 1, 16, 1, "this bracket is not closed",
     "Close it with )."},
    {"segment a when b in (1, 2", E0101, 1, 21, 1, "this bracket is not closed",
     "Close it with )."},
    {"segment x when did a where (b) and (c) or d", E0124, 1, 40, 2,
     "\"and\" and \"or\" stand side by side without brackets",
     "Put brackets around what belongs together: (a and b) or c, or a and (b or c)."},
};

/* A text as it stands in a C file. */
static void append_literal(text *out, const char *string)
{
    text_append_char(out, '"');
    for (; *string != '\0'; string++) {
        if (*string == '\n')
            text_append(out, "\\n");
        else if (*string == '"' || *string == '\\')
            text_append_format(out, "\\%c", *string);
        else
            text_append_char(out, *string);
    }
    text_append_char(out, '"');
}

/* The row of the table that would fit what the parser says now. */
static void append_row(text *out, const parsed *p, const char *rule)
{
    for (size_t i = 0; i < diags_count(p->diags); i++) {
        const diag *d = diags_get(p->diags, i);
        place begin = source_place(p->source, d->where.begin);
        text_append(out, "    {");
        append_literal(out, rule);
        text_append_format(out, ", %s, %u, %u, %u, ", diag_code_text(d->code), begin.line,
                           begin.column, d->where.end - d->where.begin);
        append_literal(out, d->message);
        text_append(out, ", ");
        if (d->hint != NULL)
            append_literal(out, d->hint);
        else
            text_append(out, "NULL");
        text_append(out, "},\n");
    }
}

static bool is_as_expected(const parsed *p, size_t at)
{
    if (diags_count(p->diags) != 1)
        return false;
    const diag *d = diags_get(p->diags, 0);
    place begin = source_place(p->source, d->where.begin);
    bool is_hint = (mistakes[at].hint == NULL) == (d->hint == NULL) &&
                   (d->hint == NULL || strcmp(d->hint, mistakes[at].hint) == 0);
    return is_hint && d->code == mistakes[at].code && begin.line == mistakes[at].line &&
           begin.column == mistakes[at].column &&
           d->where.end - d->where.begin == mistakes[at].width &&
           strcmp(d->message, mistakes[at].message) == 0;
}

static void each_mistake_has_one_message(void **state)
{
    (void)state;
    text rows;
    text_init(&rows);
    bool is_good = true;
    for (size_t i = 0; i < COUNT(mistakes); i++) {
        parsed p = parse(mistakes[i].rule);
        if (!is_as_expected(&p, i)) {
            print_error("not as expected: %s\n", mistakes[i].rule);
            append_row(&rows, &p, mistakes[i].rule);
            is_good = false;
        }
        done(&p);
    }
    if (rows.size > 0) {
        print_error("these rows would fit (each rule needs exactly one):\n");
        fputs(rows.data, stderr); /* print_error takes no such length */
    }
    text_done(&rows);
    assert_true(is_good);
}

/* A mistake ends with its declaration; each one is found. */
static void reading_goes_on(void **state)
{
    (void)state;
    parsed p = parse("let a =\n"
                     "let b = 1\n"
                     "segment c when did (x\n"
                     "segmnt d when did x\n"
                     "segment e when a and b or c\n"
                     "  groups f\n    g when h\n"
                     "segment i when j\n"
                     "scor k = 3\n"
                     "let l == 4 +\n");
    static const struct {
        diag_code code;
        unsigned line;
    } expected[] = {{E0101, 1}, {E0101, 3},  {E0101, 4}, {E0124, 5},
                    {E0101, 9}, {E0102, 10}, {E0101, 10}};
    size_t count = COUNT(expected);
    assert_int_equal(diags_count(p.diags), count);
    for (size_t i = 0; i < count; i++) {
        const diag *d = diags_get(p.diags, i);
        assert_int_equal(d->code, expected[i].code);
        assert_int_equal(source_place(p.source, d->where.begin).line, expected[i].line);
    }
    static const char *const read[] = {"b", "d", "i", "k"};
    assert_int_equal(p.file->decls.count, COUNT(read));
    for (size_t i = 0; i < COUNT(read); i++)
        assert_string_equal(((const ast_decl *)p.file->decls.items[i])->name.text,
                            read[i]);
    static const char *const broken[] = {"a", "c", "e", "l"};
    assert_int_equal(p.file->broken.count, COUNT(broken));
    for (size_t i = 0; i < COUNT(broken); i++)
        assert_string_equal(((const ast_name *)p.file->broken.items[i])->text, broken[i]);
    done(&p);
}

/* ---- limits and odd bytes --------------------------------------------------------- */

static void repeat(text *out, const char *begin, const char *part, size_t times_in_all,
                   const char *end)
{
    text_clear(out);
    text_append(out, begin);
    text_append_repeat(out, part, times_in_all);
    text_append(out, end);
}

static void depth_is_limited(void **state)
{
    (void)state;
    text rule;
    text_init(&rule);
    static const struct {
        const char *begin, *part, *end;
        size_t most; /* this many are fine */
    } cases[] = {
        {"let a = ", "(", "1", 0},
        {"let a = ", "- ", "1", PARSE_MAX_HEIGHT - 1},
        {"let a = 1", " + 1", "", PARSE_MAX_HEIGHT - 1},
        {"let a = ", "if b then c else ", "d", PARSE_MAX_HEIGHT - 1},
        {"let a = ", "time since ", "d", PARSE_MAX_HEIGHT - 1},
        {"let a = ", "b as of ", "d", PARSE_MAX_HEIGHT - 1},
    };
    for (size_t i = 1; i < COUNT(cases); i++) {
        repeat(&rule, cases[i].begin, cases[i].part, cases[i].most, cases[i].end);
        parsed p = parse(rule.data);
        assert_no_messages(&p);
        done(&p);
    }
    for (size_t i = 0; i < COUNT(cases); i++) {
        static const size_t many[] = {PARSE_MAX_HEIGHT + 1, 300000};
        for (size_t k = 0; k < COUNT(many); k++) {
            repeat(&rule, cases[i].begin, cases[i].part, many[k], cases[i].end);
            parsed p = parse(rule.data);
            assert_int_equal(diags_count(p.diags), 1);
            assert_int_equal(diags_get(p.diags, 0)->code, E0120);
            assert_int_equal(p.file->broken.count, 1);
            done(&p);
        }
    }
    text_done(&rule);
}

static void long_chains_are_flat(void **state)
{
    (void)state;
    text rule;
    text_init(&rule);
    repeat(&rule, "segment a when b", " and b", 5000, "");
    parsed p = parse(rule.data);
    assert_no_messages(&p);
    const ast_decl *decl = p.file->decls.items[0];
    assert_int_equal(decl->value->list.count, 5001);
    done(&p);
    text_done(&rule);
}

static void brackets_up_to_the_limit(void **state)
{
    (void)state;
    text rule;
    text_init(&rule);
    for (size_t depth = PARSE_MAX_DEPTH; depth <= PARSE_MAX_DEPTH + 1; depth++) {
        repeat(&rule, "let a = ", "(", depth, "1");
        text_append_repeat(&rule, ")", depth);
        parsed p = parse(rule.data);
        assert_int_equal(diags_count(p.diags), depth > PARSE_MAX_DEPTH);
        done(&p);
    }
    text_done(&rule);
}

static void odd_bytes_do_no_harm(void **state)
{
    (void)state;
    static const struct {
        const char *data;
        size_t size, messages;
    } cases[] = {
        {"", 0, 0},
        {"\n\n  \r\n", 6, 0},
        {"\xEF\xBB\xBF", 3, 0},
        {"let a = \0", 9, 1},
        {"let a = \"\0\"", 11, 1},
        {"let a = \"\xFF\"", 11, 1},
        {"let a = \xFF\xFE\xFD", 11, 1},
        {"\xFF\xFEl\0e\0t\0", 8, 1},
        {"let a = `\xC3`", 11, 1},
        {"# \0", 3, 1},
        {"# \xE4\nlet a = b", 13, 1},
        {"let a = b\xE2\x80\x8D"
         "c",
         13, 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        parsed p = parse_bytes(cases[i].data, cases[i].size);
        assert_int_equal(diags_count(p.diags), cases[i].messages);
        done(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_hold_what_was_written),
        cmocka_unit_test(spellings_of_one_tree),
        cmocka_unit_test(trees_that_differ),
        cmocka_unit_test(words_that_are_free),
        cmocka_unit_test(texts_lose_their_quotes),
        cmocka_unit_test(keywords_know_every_aggregate),
        cmocka_unit_test(a_list_is_declared_or_called),
        cmocka_unit_test(times_are_read),
        cmocka_unit_test(numbers_are_exact),
        cmocka_unit_test(nodes_know_their_places),
        cmocka_unit_test(each_mistake_has_one_message),
        cmocka_unit_test(reading_goes_on),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(long_chains_are_flat),
        cmocka_unit_test(brackets_up_to_the_limit),
        cmocka_unit_test(odd_bytes_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

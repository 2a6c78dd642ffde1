/* SPDX-License-Identifier: MIT
 *
 * format: the layout of each construct, and that formatting loses nothing and settles
 * after one go, over tables, files, and random soup.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ftw.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "lang/format.h"
#include "lang/parse.h"
#include "support/dump.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define SOUP_ROUNDS  20000u
#define SOUP_SEED    20260301u

/* A text, parsed. */
typedef struct parsed {
    source *source;
    arena *memory;
    diags *diags;
    ast_file *file;
    text dump, formatted;
} parsed;

static parsed parse(const char *name, const char *data, size_t size)
{
    parsed p = {.source = source_new(name, data, size),
                .memory = arena_new(),
                .diags = diags_new()};
    p.file = parse_segments(p.source, p.memory, p.diags);
    text_init(&p.dump);
    text_init(&p.formatted);
    ast_dump(p.file, &p.dump);
    format_file(p.file, &p.formatted);
    return p;
}

static void done(parsed *p)
{
    text_done(&p->dump);
    text_done(&p->formatted);
    diags_free(p->diags);
    arena_free(p->memory);
    source_free(p->source);
}

static void fail_with(const char *what, const parsed *before, const parsed *after)
{
    text report;
    text_init(&report);
    diags_append(after->diags, &report, false);
    fail_msg("%s\n-- source:\n%s\n-- formatted:\n%s\n-- formatted again:\n%s\n-- "
             "messages:\n%s",
             what, source_text(before->source).data, source_text(after->source).data,
             after->formatted.data, report.data);
    text_done(&report);
}

static size_t comment_bytes(const ast_file *file)
{
    size_t bytes = 0;
    for (size_t i = 0; i < file->comments.count; i++)
        bytes += strlen(((const ast_comment *)file->comments.items[i])->text);
    return bytes;
}

/* What has no mistake keeps its meaning and its comments, and is settled. */
static bool check_round_trip(const char *name, const char *data, size_t size)
{
    parsed before = parse(name, data, size);
    bool is_good = !diags_has_errors(before.diags);
    if (is_good) {
        parsed after = parse("formatted", before.formatted.data, before.formatted.size);
        if (diags_has_errors(after.diags))
            fail_with("the formatted text does not parse", &before, &after);
        if (strcmp(before.dump.data, after.dump.data) != 0)
            fail_with("the formatted text means something else", &before, &after);
        if (strcmp(before.formatted.data, after.formatted.data) != 0)
            fail_with("formatting is not settled", &before, &after);
        if (comment_bytes(before.file) != comment_bytes(after.file))
            fail_with("a comment is lost", &before, &after);
        done(&after);
    }
    done(&before);
    return is_good;
}

/* ---- the canonical layout ------------------------------------------------------ */

static const struct {
    const char *source, *formatted;
} layouts[] = {
    {"", ""},
    {"use    \"a.lua\"", "use \"a.lua\"\n"},
    {"segment a when did b", "segment a when did b\n"},
    {"segment a\nwhen\ndid b", "segment a when did b\n"},
    /* brackets that say nothing go, those that do stay */
    {"let a = ((1) + (2 * 3)) - ((4 - 5))", "let a = 1 + 2 * 3 - (4 - 5)\n"},
    {"let a = -(1 + 2) / (3 / 4) * (5 * 6)", "let a = -(1 + 2) / (3 / 4) * (5 * 6)\n"},
    {"segment a when ((did b) and (c or (d)))", "segment a when did b and (c or d)\n"},
    {"segment a when at   least 2 of ((did b),(c and d), (not in e))",
     "segment a when at least 2 of (did b, c and d, not in e)\n"},
    {"segment a when exactly 0 of (b) or more than 1 of (b, c)",
     "segment a when none of (b) or more than 1 of (b, c)\n"},
    {"segment a when did b since 2026-01-01 in at  least 3 of last 4 full weeks at least "
     "2 times",
     "segment a when did b at least twice in at least 3 of last 4 full weeks since "
     "2026-01-01\n"},
    /* whose window one is */
    {"segment a when did b since first c in last 3 days",
     "segment a when did b since first(c) in last 3 days\n"},
    {"segment a when did b since first (c where (d)) in last 3 days before (last e)",
     "segment a when did b since first(c where (d)) in last 3 days before last e\n"},
    {"segment a when did b within 1 day after (now - time since last c) until now",
     "segment a when did b within 1 day after (now - time since last c) until now\n"},
    {"segment a when user.b between 1 day ago and last c at   or before now",
     "segment a when user.b between 1 day ago and last(c) until now\n"},
    {"segment a when first b not since 3 days ago before now",
     "segment a when first b not since 3 days ago before now\n"},
    {"segment a when user.b at or after now tomorrow in next full month in next 1 full "
     "days",
     "segment a when user.b at or after now tomorrow in next full month in next 1 full "
     "day\n"},
    {"segment a when did b where (((time since c) and time until d + 1 day in last 2 "
     "days))",
     "segment a when did b where (time since c and time until d + 1 day in last 2 "
     "days)\n"},
    {"segment a when did b where (`time` since c and time since c > 1 day)",
     "segment a when did b where (`time` since c and time since c > 1 day)\n"},
    {"segment a when ((user.b) = 1) for   at least 7 days or c for at most 1 months",
     "segment a when user.b = 1 for at least 7 days or c for at most 1 month\n"},
    {"segment a when (b and c) for more than 2 weeks",
     "segment a when (b and c) for more than 2 weeks\n"},
    {"segment a when not (b) for at least 1 day and not (c for at least 1 day)",
     "segment a when not (b) for at least 1 day and not (c for at least 1 day)\n"},
    {"segment a when (b for at least 1 day) for at least 1 day",
     "segment a when (b for at least 1 day) for at least 1 day\n"},
    {"segment a when (if b then c else d) for at least 1 day",
     "segment a when (if b then c else d) for at least 1 day\n"},
    {"segment a when if b then c else d for at least 1 day",
     "segment a when if b then c else d for at least 1 day\n"},
    {"segment a when did at  least 2 of (b where ((c=1)),(d or e)) in last 1 year",
     "segment a when did at least 2 of (b where (c = 1), (d or e)) in last 1 year\n"},
    {"segment a when did exactly 0 of (b, c) with same d all within 3 days",
     "segment a when did none of (b, c) all within 3 days with same d\n"},
    {"let a = avg( sum(b.c where (d = 1)) per day  else 0 in last 90 days)",
     "let a = avg(sum(b.c where (d = 1)) per day else 0 in last 90 days)\n"},
    {"let a = quantile(count((b or c)) per month, 90%)",
     "let a = quantile(count((b or c)) per month, 90%)\n"},
    {"segment a when did b in exactly 0 of last 1 months",
     "segment a when did b in none of last 1 month\n"},
    {"segment a when (at least 1 of (b, c)) = true",
     "segment a when (at least 1 of (b, c)) = true\n"},
    {"segment a when a and (b and c)", "segment a when a and (b and c)\n"},
    {"segment a when not (((b)))", "segment a when not (b)\n"},
    {"let a = (if b then (c) else (if d then e else f))",
     "let a = if b then c else if d then e else f\n"},
    {"let a = (if b then 1 else 2) + 3", "let a = (if b then 1 else 2) + 3\n"},
    {"segment a when (b = c) = d", "segment a when (b = c) = d\n"},
    {"segment a when (time since b) > 3 days", "segment a when time since b > 3 days\n"},
    {"let a = sum(b.c in last 1 day) with   half-life 1 days",
     "let a = sum(b.c in last 1 day) with half-life 1 day\n"},
    {"segment a when count(b) with half-life 2 week + 1 > 3",
     "segment a when count(b) with half-life 2 weeks + 1 > 3\n"},
    {"let a = half-life - with", "let a = half - life - with\n"},
    {"let a = now . `weekday`", "let a = now.weekday\n"},
    {"let a = last(purchase)", "let a = last purchase\n"},
    {"let a = last(b in last 1 day)", "let a = last(b in last 1 day)\n"},
    {"let a = sum(b.((c * d)))", "let a = sum(b.(c * d))\n"},
    /* the number of times stands first; 1 and 2 are words; units agree with numbers */
    {"segment a when did b in last 1 days at least 1 times",
     "segment a when did b at least once in last 1 day\n"},
    {"segment a when did b exactly 2 times", "segment a when did b exactly twice\n"},
    {"segment a when did b more than 1.0 hour after c", NULL},
    {"segment a when did b at most 3 time within 2 hour of c",
     "segment a when did b at most 3 times within 2 hours of c\n"},
    {"segment a when did b in last 1 full week",
     "segment a when did b in last 1 full week\n"},
    {"segment a when did b in last full week",
     "segment a when did b in last full week\n"},
    {"segment a when b in top fourth and c in bottom quarter",
     "segment a when b in top quarter and c in bottom quarter\n"},
    {"let a = 007 + 1.50 + 60 % + 2.5%", "let a = 7 + 1.50 + 60% + 2.5%\n"},
    /* names keep backticks only where they need them */
    {"let `z` = `b c` + `time` + `über` + x.`let` + `a``b`",
     "let z = `b c` + `time` + über + x.`let` + `a``b`\n"},
    {"segment a when did b during time at least twice since c",
     "segment a when did b at least twice during `time` since c\n"},
    /* a chain that does not fit on a line has an operand a line */
    {"segment a_rather_long_name when count(purchase in last 30 days) >= 3 and "
     "sum(purchase.amount) > 5000",
     "segment a_rather_long_name\n"
     "  when count(purchase in last 30 days) >= 3 and sum(purchase.amount) > 5000\n"},
    {"segment a_rather_long_name when count(purchase in last 30 days) >= 3 and "
     "sum(purchase.amount in last 1 year) > 5000",
     "segment a_rather_long_name\n"
     "  when count(purchase in last 30 days) >= 3\n"
     "   and sum(purchase.amount in last 1 year) > 5000\n"},
    {"segment a_rather_long_name \"With a title\" when count(purchase in last 30 days) "
     ">= 3 or "
     "(sum(purchase.amount) > 5000 and average_of_something_long > 100 and "
     "another_thing)",
     "segment a_rather_long_name \"With a title\"\n"
     "  when count(purchase in last 30 days) >= 3\n"
     "    or (sum(purchase.amount) > 5000\n"
     "        and average_of_something_long > 100\n"
     "        and another_thing)\n"},
    {"let net = sum(purchase.amount where (status != \"cancelled\") in last 2 years) - "
     "sum(refund.amount in last 2 years)",
     "let net = sum(purchase.amount where (status != \"cancelled\") in last 2 years)\n"
     "        - sum(refund.amount in last 2 years)\n"},
    {"list l = \"aaaaaaaaaaaaaaaaaaaa\", \"bbbbbbbbbbbbbbbbbbbb\", "
     "\"cccccccccccccccccccc\", "
     "\"dddddddddddddddd\", \"e\"",
     "list l = \"aaaaaaaaaaaaaaaaaaaa\", \"bbbbbbbbbbbbbbbbbbbb\", "
     "\"cccccccccccccccccccc\",\n"
     "         \"dddddddddddddddd\", \"e\"\n"},
    /* attributes and `when` stand in a column, in a fixed order */
    {"segment vip \"VIP\" tags b, a owner \"crm\" note \"one\" \"two\" when a and b",
     "segment vip \"VIP\"\n"
     "  note  \"one\"\n"
     "        \"two\"\n"
     "  owner \"crm\"\n"
     "  tags  b, a\n"
     "  when  a and b\n"},
    {"segment a tags t for each account among b judged every month when c stay while d",
     "segment a\n  tags t\n  for each account\n  among b\n  judged every month\n  when "
     "c\n"
     "  stay while d\n"},
    {"segment a for each account among b when c",
     "segment a for each account among b when c\n"},
    {"groups g \"G\" among b a when x long_name \"L\" when y z otherwise",
     "groups g \"G\" among b\n"
     "  a             when x\n"
     "  long_name \"L\" when y\n"
     "  z             otherwise\n"},
    {"score s plus 1 when a minus 2.5 each b in last 1 day at most 40",
     "score s\n  plus 1 when a\n  minus 2.5 each b in last 1 day at most 40\n"},
    {"score s owner \"x\" = 1", "score s\n  owner \"x\"\n  = 1\n"},
    {"split s by \"k\" a 50% bcd 50%", "split s by \"k\"\n  a   50%\n  bcd 50%\n"},
    /* neighbours of one line are in line; a blank line or a longer one parts them */
    {"let a = 1\nlet bcd \"T\" = 2\n\nlet ef = 3\n",
     "let a       = 1\nlet bcd \"T\" = 2\n\nlet ef = 3\n"},
    {"occasion a on may 1\noccasion bc on last friday of may",
     "occasion a  on may 1\noccasion bc on last friday of may\n"},
    /* blank lines stay, at most one */
    {"\n\nlet a = 1\n\n\n\nsegment b when c\nsegment d when e\n\n",
     "let a = 1\n\nsegment b when c\nsegment d when e\n"},
    /* comments keep their places */
    {"# a\n\n\n# b  \nlet a = 1 # c\n# d\n\nlet b = 2\n\n# e",
     "# a\n\n# b\nlet a = 1  # c\n# d\n\nlet b = 2\n\n# e\n"},
    {"segment a # one\n # two\n when b # three\n # four\n and c # five\n # six\n",
     "segment a  # one\n  # two\n  when b  # three\n   # four\n   and c  # five\n# "
     "six\n"},
    {"segment a when did # why\n b", "segment a when did b  # why\n"},
    {"segment a\n when did\n # why\n b", "segment a when did b\n# why\n"},
    {"groups g\n a when b # x\n # y\n c otherwise # z",
     "groups g\n  a when b  # x\n  # y\n  c otherwise  # z\n"},
    {"segment a when did (a # x\n or b) or (c # y\n and d)",
     "segment a\n  when did (a  # x\n            or b)\n    or (c  # y\n        and "
     "d)\n"},
    {"let a = (1 # x\n + 2) + 3", "let a = 1  # x\n      + 2\n      + 3\n"},
};

static void layout_of_each_construct(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(layouts); i++) {
        parsed p = parse("table", layouts[i].source, strlen(layouts[i].source));
        if (layouts[i].formatted == NULL) {
            assert_true(diags_has_errors(p.diags));
        } else {
            assert_string_equal(p.formatted.data, layouts[i].formatted);
            assert_true(
                check_round_trip("table", layouts[i].source, strlen(layouts[i].source)));
        }
        done(&p);
    }
}

static void one_expression_on_one_line(void **state)
{
    (void)state;
    static const char *const sources[] = {
        "count(purchase where (a = 1 and b = 2) in last 30 days) >= 3 and "
        "(not (c) or did (a then no b within 1 day) in last 1 week "
        "all_the_way_to_the_right)",
        "sum(purchase.amount where (category = \"a rather long text\") in last 90 days) "
        "+ "
        "sum(purchase.amount where (category = \"another long text\") in last 90 days)",
        "if a then \"b\" else last purchase.amount",
    };
    for (size_t i = 0; i < COUNT(sources); i++) {
        text whole, out;
        text_init(&whole);
        text_init(&out);
        text_append_format(&whole, "let x = %s", sources[i]);
        parsed p = parse("table", whole.data, whole.size);
        if (i == 0) {
            assert_true(diags_has_errors(p.diags));
        } else {
            const ast_decl *decl = p.file->decls.items[0];
            format_expr(decl->value, &out);
            assert_string_equal(out.data, sources[i]);
        }
        done(&p);
        text_done(&whole);
        text_done(&out);
    }
}

/* ---- files ---------------------------------------------------------------------- */

static size_t files_seen, files_good;

static void check_file(const char *path)
{
    carpel_error err;
    text body;
    text_init(&body);
    source *s = source_open(path, NULL, &err);
    assert_non_null(s);
    slice whole = source_text(s);
    files_good += check_round_trip(path, whole.data, whole.size);
    files_seen++;
    source_free(s);
    text_done(&body);
}

static int visit(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    (void)where;
    size_t length = strlen(path);
    if (kind == FTW_F && length > 4 && strcmp(path + length - 4, ".seg") == 0)
        check_file(path);
    return 0;
}

static const char *source_directory(void)
{
    const char *directory = getenv("SOURCE_DIRECTORY");
    return directory != NULL ? directory : getenv("srcdir");
}

static void check_folder(const char *folder)
{
    char path[4096];
    const char *root = source_directory();
    files_seen = files_good = 0;
    if (root == NULL) {
        skip();
        return;
    }
    snprintf(path, sizeof path, "%s/%s", root, folder);
    nftw(path, visit, 16, FTW_PHYS);
}

static void rules_that_are_shipped(void **state)
{
    (void)state;
    check_folder("rules");
    assert_int_equal(files_good, files_seen);
}

static void seeds_of_the_fuzzer(void **state)
{
    (void)state;
    check_folder("tests/fuzz/seeds/segment");
    assert_true(files_seen == 0 || files_good >= 25);
}

static void shared_corpus(void **state)
{
    (void)state;
    const char *folder = getenv("CARPEL_SHARED");
    if (folder == NULL) {
        print_message("CARPEL_SHARED is not set: cases/corpus.seg is skipped\n");
        skip();
        return;
    }
    char path[4096];
    snprintf(path, sizeof path, "%s/cases/corpus.seg", folder);
    files_seen = files_good = 0;
    check_file(path);
    assert_int_equal(files_good, 1);
}

/* ---- soup ----------------------------------------------------------------------- */

/* Good rules, blank by blank, to cut and stir. */
static const char *const broth[] = {
    "segment a \"T\" note \"n\" owner \"o\" tags t , u purpose p for each account among "
    "b "
    "judged every month when did c stay while d",
    "segment a when ( b and c ) or not ( d ) or e in last 3 days",
    "segment a when did b where ( c = 1 ) at least 3 times in last 30 days since d",
    "segment a when did ( b or c where ( d ) ) where ( e ) exactly once within 1 day of "
    "f",
    "segment a when did ( b then c within 1 hour then no d more than 1 day later ) all "
    "within "
    "2 days with same e in last 7 full days",
    "segment a when did not b today and c not in ( 1 , 2 ) and d is not missing",
    "segment a when user.b has any of ( 1 , 2 ) or user . b has all of ( c ) or ( d + 1 "
    ") "
    "has none of ( e )",
    "segment a when did user . b . c where ( d ) at least twice or did not user.b",
    "segment a when b in top 20% among c or d in bottom half or in e . f as of now",
    "segment a when did b within 3 days after any ( c or d ) with same e during time",
    "segment a when did all at least twice between 2026-01-01 and now + 1 day",
    "segment a when did b where ( time since c until d ) until last e in last 2 days",
    "segment a when b not at or after c in next 3 full weeks tomorrow or c at or before "
    "d",
    "let a = if b then c + 1 * 2 else - d / ( 3 - 4 ) - 5",
    "let a = sum ( b . c where ( d ) in last 5 e ) + quantile ( f . ( g * h ) , 90% )",
    "let a = last b . c where ( d ) + first ( ( e or f ) . g today ) - count ( ( h then "
    "i ) )",
    "let a = ntile ( 3 , b among c ) + rank ( d ) + e . f ( g , h ) + last change of i . "
    "j",
    "let a = time since last b - time until next c + next anniversary of d . e as of 2 "
    "days ago",
    "groups a \"T\" among b c when d e \"U\" when f g otherwise",
    "score a plus 1 when b minus 2 each c in last 1 day at most 4",
    "score a for each b = c",
    "list a = \"b\" , 1 , 2026-01-01 list c from \"d\"",
    "event a = ( b then directly c ) event d = e where ( f matches \"g\" )",
    "occasion a on may 1 to june 2 occasion b on second friday of may occasion c on "
    "dates "
    "2026-01-01 , 2026-02-01",
    "split a among b by \"c\" d 50% e 50%",
    "scenario \"a\" b has c = 1 , d = 2 at 2026-01-01T10:00 b did e at 2026-01-01T10:00Z "
    "( f = 1 ) expect b not in g at 2026-01-01T10:00 expect b has h = 1 at "
    "2026-01-01T10:00 expect b enters g . h at 2026-01-01 expect b leaves g at "
    "2026-01-01 expect b has h = 1 within 2 , i = 3 at 2026-01-01",
};

typedef struct word_list {
    slice items[512];
    size_t count;
} word_list;

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

static void split_words(const char *rule, word_list *out)
{
    for (out->count = 0; *rule != '\0';) {
        size_t length = strcspn(rule, " ");
        out->items[out->count++] = (slice){rule, length};
        rule += length + strspn(rule + length, " ");
    }
}

static slice any_word(uint64_t *seed)
{
    word_list words;
    split_words(broth[next_random(seed) % COUNT(broth)], &words);
    return words.items[next_random(seed) % words.count];
}

/* Take a rule and change up to three of its words. */
static void stir(uint64_t *seed, word_list *words)
{
    split_words(broth[next_random(seed) % COUNT(broth)], words);
    for (uint32_t changes = next_random(seed) % 4; changes > 0; changes--) {
        size_t at = next_random(seed) % words->count;
        size_t behind = (words->count - at - 1) * sizeof words->items[0];
        switch (next_random(seed) % 4) {
        case 0: words->items[at] = any_word(seed); break;
        case 1:
            if (words->count > 1) {
                memmove(&words->items[at], &words->items[at + 1], behind);
                words->count--;
            }
            break;
        case 2:
            memmove(&words->items[at + 1], &words->items[at],
                    behind + sizeof words->items[0]);
            words->items[at] = any_word(seed);
            words->count++;
            break;
        default: {
            size_t other = next_random(seed) % words->count;
            slice kept = words->items[at];
            words->items[at] = words->items[other];
            words->items[other] = kept;
        }
        }
    }
}

static void make_soup(uint64_t *seed, word_list *words)
{
    words->count = 0;
    for (size_t i = 2 + next_random(seed) % 20; i > 0; i--)
        words->items[words->count++] = any_word(seed);
}

/* Between words a blank, or a line end with a comment or without. Heads go to the margin.
 * Every other time names are long, so that lines break. */
static void serve(uint64_t *seed, const word_list *words, text *out)
{
    bool is_long = next_random(seed) % 2 == 0;
    static const char *const heads[] = {"segment",  "let",   "groups",
                                        "score",    "list",  "event",
                                        "occasion", "split", "scenario"};
    for (size_t i = 0; i < words->count; i++) {
        static const char *const gaps[] = {
            " ", " ", " ", " ", " ", "\n  ", " # c\n ", "\n # d\n  ", "\n\n # e\n\n\n ",
            "\t"};
        const char *gap = gaps[next_random(seed) % COUNT(gaps)];
        for (size_t k = 0; k < COUNT(heads); k++) {
            if (slice_is(words->items[i], heads[k]))
                gap = next_random(seed) % 3 == 0 ? "\n\n" : "\n";
        }
        text_append(out, gap);
        text_append_bytes(out, words->items[i].data, words->items[i].size);
        char first = words->items[i].data[0];
        if (is_long && words->items[i].size == 1 && first >= 'a' && first <= 'z')
            text_append(out, "_name_that_takes_much_room");
    }
}

static void random_soup(void **state)
{
    (void)state;
    const char *wish = getenv("CARPEL_SOUP_SEED");
    uint64_t seed = wish != NULL ? strtoull(wish, NULL, 10) : SOUP_SEED;
    size_t good = 0;
    print_message("soup: seed %llu (CARPEL_SOUP_SEED)\n", (unsigned long long)seed);
    text rule;
    text_init(&rule);
    for (uint32_t round = 0; round < SOUP_ROUNDS; round++) {
        word_list words;
        if (round % 4 == 0)
            make_soup(&seed, &words);
        else
            stir(&seed, &words);
        text_clear(&rule);
        serve(&seed, &words, &rule);
        good += check_round_trip("soup", rule.data, rule.size);
    }
    text_done(&rule);
    print_message("soup: %zu of %u parsed\n", good, SOUP_ROUNDS);
    assert_true(good > SOUP_ROUNDS / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layout_of_each_construct),
        cmocka_unit_test(one_expression_on_one_line),
        cmocka_unit_test(rules_that_are_shipped),
        cmocka_unit_test(seeds_of_the_fuzzer),
        cmocka_unit_test(shared_corpus),
        cmocka_unit_test(random_soup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

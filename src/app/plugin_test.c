/* SPDX-License-Identifier: MIT
 *
 * `carpel plugins test FILE`: a line for each check, as a report for people or as TAP.
 */
#include <stdio.h>
#include <string.h>

#include "app/plugin_kit.h"
#include "app/say.h"
#include "base/clock.h"
#include "kit/kit.h"
#include "report/terminal.h"

enum { DEFAULT_SECONDS = 30, MOST_SECONDS = 3600 };

typedef struct tally {
    size_t count, failed, skipped;
} tally;

/* The lines of what a check says, each behind `before`. */
static void append_lines(const char *said, const char *before, text *out)
{
    while (*said != '\0') {
        size_t size = strcspn(said, "\n");
        text_append(out, before);
        terminal_append_safe(out, (slice){said, size});
        text_append_char(out, '\n');
        said += size + (said[size] == '\n');
    }
}

static const char *words(const kit_result *r)
{
    return r->said.size > 0 ? r->said.data : "";
}

static void append_for_people(const kit_result *r, text *out)
{
    static const char *const outcomes[] = {"ok  ", "skip", "FAIL"};
    text_append_format(out, "  %s  %s", outcomes[r->outcome], r->title);
    if (r->outcome == KIT_SKIPPED)
        text_append_format(out, ": %s", words(r));
    text_append_char(out, '\n');
    if (r->outcome == KIT_BROKEN)
        append_lines(words(r), "        ", out);
}

static void append_tap(const kit_result *r, size_t number, text *out)
{
    text_append_format(out, "%sok %zu - %s", r->outcome == KIT_BROKEN ? "not " : "",
                       number, r->title);
    if (r->outcome == KIT_SKIPPED)
        text_append_format(out, " # SKIP %s", words(r));
    text_append_char(out, '\n');
    if (r->outcome == KIT_BROKEN)
        append_lines(words(r), "# ", out);
}

static int milliseconds_of(const command_line *line)
{
    size_t seconds = line->seconds > 0 ? line->seconds : DEFAULT_SECONDS;
    return (int)(seconds > MOST_SECONDS ? MOST_SECONDS : seconds) * 1000;
}

/* Each line is seen as soon as it is known. */
static bool print(text *out)
{
    bool ok = say_result(out) == EXIT_GOOD;
    text_clear(out);
    return ok;
}

/* False: nobody reads it any more. */
static bool run_checks(const kit_subject *s, const command_line *line, tally *all)
{
    text out;
    bool ok = true, is_over = false;
    size_t count = kit_check_count(s);
    text_init(&out);
    for (size_t i = 0; ok && !is_over && i < count; i++) {
        kit_result r;
        kit_run(s, i, milliseconds_of(line), &r);
        all->count++;
        all->failed += r.outcome == KIT_BROKEN;
        all->skipped += r.outcome == KIT_SKIPPED;
        if (line->tap)
            append_tap(&r, all->count, &out);
        else
            append_for_people(&r, &out);
        is_over = r.is_final;
        text_done(&r.said);
        ok = print(&out);
    }
    if (is_over && !line->tap)
        text_append(&out, "\nThe other checks need this one.\n");
    if (line->tap)
        text_append_format(&out, "1..%zu\n", all->count);
    ok = ok && (out.size == 0 || print(&out));
    text_done(&out);
    return ok;
}

static void say_head(const kit_subject *s, text *out)
{
    const carpel_plugin *p = s->plugin;
    text_append_format(out, "%s %s %s\n\n",
                       p->kind == CARPEL_SOURCE ? "source" : "output", p->name,
                       p->version);
}

static void say_tally(const kit_subject *s, const tally *all, text *out)
{
    text_append_format(out,
                       "\n%zu checks: %zu passed, %zu failed, %zu skipped (--seed %llu "
                       "draws the same options again)\n",
                       all->count, all->count - all->failed - all->skipped, all->failed,
                       all->skipped, (unsigned long long)s->seed);
}

static int test_subject(kit_subject *s, const command_line *line)
{
    text out;
    tally all = {0};
    s->seed = line->seed > 0 ? line->seed
                             : (uint64_t)(clock_monotonic_seconds() * 1e6) % 1000000;
    text_init(&out);
    if (!line->tap)
        say_head(s, &out);
    bool ok = (out.size == 0 || print(&out)) && run_checks(s, line, &all);
    if (line->tap)
        text_append_format(&out, "# --seed %llu draws the same options again\n",
                           (unsigned long long)s->seed);
    else
        say_tally(s, &all, &out);
    ok = ok && print(&out);
    text_done(&out);
    return !ok ? EXIT_IO : all.failed > 0 ? EXIT_FAULT : EXIT_GOOD;
}

int plugin_kit_test(const command_line *line)
{
    kit_subject s;
    carpel_error err;
    diags *d = diags_new();
    int code = EXIT_UNAVAILABLE;
    if (!kit_subject_load(&s, line->arguments[1], &err))
        say_error("%s", err.message);
    else if (!kit_subject_read(&s, line->options, d, &err))
        code = say_failure(&err);
    else if (diags_has_errors(d))
        code = EXIT_FAULT;
    else
        code = test_subject(&s, line);
    diags_print(d, stderr, terminal_has_colour(stderr));
    diags_free(d);
    kit_subject_close(&s);
    return code;
}

/* SPDX-License-Identifier: MIT
 *
 * `carpel history [SELECTION ...]`: sizes, who entered and who left at a row of instants; how they are
 * printed stands in histories.h.
 */
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "app/histories.h"
#include "app/say.h"
#include "app/sized_rules.h"
#include "app/stop.h"
#include "base/clock.h"
#include "value/value.h"

/* ---- which instants --------------------------------------------------------------- */

enum { STANDARD_STEPS = 12 };

/* "1 week", "week", "2 weeks". */
static bool read_every(const char *written, calendar_span *out)
{
    char *end;
    out->count = strtoll(written, &end, 10);
    if (end == written)
        out->count = 1;
    while (*end == ' ')
        end++;
    return out->count > 0 && out->count <= 10000 &&
           calendar_unit_parse(end, strlen(end), &out->unit) && out->unit >= UNIT_HOUR;
}

static bool is_digits(const char *s)
{
    return s[0] != '\0' && s[strspn(s, "0123456789")] == '\0';
}

/* `--every 1 week` without quotes leaves the unit among the arguments: it is taken from there. The
 * arguments are the line's own by then. */
static void take_unit(command_line *line, text *every)
{
    calendar_unit unit;
    for (size_t i = 0; i < line->argument_count; i++) {
        const char *word = line->arguments[i];
        if (!calendar_unit_parse(word, strlen(word), &unit))
            continue;
        text_append_format(every, " %s", word);
        line->argument_count--;
        memmove(&line->arguments[i], &line->arguments[i + 1],
                (line->argument_count - i) * sizeof *line->arguments);
        return;
    }
}

static bool take_every(command_line *line, calendar_span *out)
{
    *out = (calendar_span){1, UNIT_WEEK};
    if (!line->every)
        return true;
    text joined;
    text_init(&joined);
    text_append(&joined, line->every);
    if (is_digits(line->every))
        take_unit(line, &joined);
    bool is_read = read_every(joined.data, out);
    if (!is_read) {
        say_error("cannot read \"%s\" as the time between two instants", joined.data);
        say_hint("Write it with its unit: --every \"1 week\"; hour, day, week, month, "
                 "quarter and year are units.");
    }
    text_done(&joined);
    return is_read;
}

static bool read_instant(const session *s, const char *written, int64_t *out)
{
    carpel_error err;
    if (engine_read_time(s->engine, written, out, &err))
        return true;
    say_error("%s", err.message);
    return false;
}

/* False: the user was told. */
static bool choose_steps(const session *s, const command_line *line, history_steps *steps)
{
    calendar_unit ground = steps->every.unit < UNIT_DAY ? UNIT_HOUR : UNIT_DAY;
    steps->count = STANDARD_STEPS;
    steps->last =
        calendar_unit_start(engine_zone(s->engine), clock_now(), ground, 0, MONDAY);
    if (line->to && !read_instant(s, line->to, &steps->last))
        return false;
    steps->has_first = line->from != NULL;
    if (line->from && !read_instant(s, line->from, &steps->first))
        return false;
    if (!steps->has_first || steps->first <= steps->last)
        return true;
    say_error("--from is later than --to");
    return false;
}

/* ---- the command -------------------------------------------------------------------------- */

static int print(histories *p)
{
    text out;
    text_init(&out);
    if (p->line->json)
        histories_append_json(p, &out);
    else if (p->line->csv)
        histories_append_csv(p, &out);
    else
        histories_append_text(p, &out);
    int code = say_result(&out);
    if (code == EXIT_GOOD && p->line->svg)
        code = histories_write_chart(p);
    text_done(&out);
    return code;
}

static int judge(session *s, histories *p)
{
    carpel_error err;
    arena *memory = arena_new();
    int64_t *instants;
    int code = EXIT_GOOD;
    size_t count = engine_history_instants(s->engine, &p->steps, memory, &instants);
    history *h = NULL;
    if (count == 0) {
        say_error("these are more than %d instants", MOST_INSTANTS);
        code = EXIT_BAD_USAGE;
    } else if (count > 1 && instants[0] <= TIME_MIN) {
        say_error("the first of these instants would be before the year 1");
        say_hint("--from says at which to begin.");
        code = EXIT_BAD_USAGE;
    } else {
        h = session_history(s, p->line, instants, count, &err);
        code = h ? EXIT_GOOD : say_failure(&err);
    }
    p->h = h;
    if (h)
        code = print(p);
    history_free(h);
    arena_free(memory);
    return code;
}

static int check_forms(const command_line *line)
{
    if (!line->json || !line->csv)
        return EXIT_GOOD;
    say_error("the options \"--json\" and \"--csv\" exclude each other");
    return EXIT_BAD_USAGE;
}

int command_history(const command_line *given)
{
    command_line line = *given;
    session s;
    histories p = {.session = &s, .line = &line};
    stop_begin();
    int code = check_forms(&line);
    if (code == EXIT_GOOD && !take_every(&line, &p.steps.every))
        code = EXIT_BAD_USAGE;
    if (code != EXIT_GOOD)
        return code;
    code = session_open_sources(&s, &line);
    if (code == EXIT_GOOD)
        code = session_select_arguments(&s, &line);
    if (code == EXIT_GOOD)
        code = sized_rules_check(s.engine, "a history tells the sizes of", false);
    if (code == EXIT_GOOD && !choose_steps(&s, &line, &p.steps))
        code = EXIT_BAD_USAGE;
    if (code == EXIT_GOOD)
        code = session_read(&s, &line);
    if (code == EXIT_GOOD)
        code = judge(&s, &p);
    session_close(&s);
    return code;
}

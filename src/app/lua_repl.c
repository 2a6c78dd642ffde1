/* SPDX-License-Identifier: MIT
 *
 * Reads lines, and hands over what is finished. `value "count(purchase)"` makes the expression a score
 * beside the rules of the project, which is judged for the person that was named.
 */
#include "app/lua_repl.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/lua_hints.h"
#include "app/lua_person.h"
#include "app/names.h"
#include "app/one_expression.h"
#include "app/say.h"
#include "app/session.h"
#include "app/stop.h"
#include "base/directory.h"
#include "base/memory.h"
#include "engine/selection.h"
#include "exec/score.h"
#include "report/terminal.h"
#include "script/console.h"

/* What one line may have, and the lines of a statement that is not finished. */
enum { MOST_LINE_BYTES = 1000000, MOST_OPEN_LINES = 1000, MOST_OPEN_BYTES = 65536 };

/* The score that an expression becomes, by a name that messages can tell. */
#define SCORE "the expression"

typedef struct repl {
    const command_line *line;
    session session;
    bool has_data;    /* the people of the session were read */
    char *person;     /* NULL: nobody was named */
    text kept;        /* a text that the last function gave */
    const char *told; /* the reason of a failure that was told with more; or NULL */
    text chunk;       /* lines that are not finished */
    path_list said;   /* notes about the data */
    int chunk_lines;
    int output; /* EXIT_GOOD, or why nothing more can be shown */
    bool is_terminal, has_failed, is_over;
} repl;

/* ---- what lines can call ---------------------------------------------------- */

/* What is wrong was told; the reason is for a line that catches it. */
static bool fail_told(repl *r, const char *words, text *reason)
{
    text_append(reason, words);
    r->told = words;
    return false;
}

static bool read_people(repl *r, text *reason)
{
    if (!r->has_data && session_read(&r->session, r->line) != EXIT_GOOD)
        return fail_told(r, "the data cannot be read", reason);
    return r->has_data = true;
}

/* person "p17" */
static bool name_person(void *data, const char *id, script_value *result, text *reason)
{
    repl *r = data;
    if (!read_people(r, reason))
        return false;
    if (!names_check_person(r->session.engine, id))
        return fail_told(r, "nobody has this id", reason);
    memory_free(r->person);
    r->person = memory_copy_string(id);
    *result = (script_value){.kind = SCRIPT_TEXT, .text = slice_of(r->person)};
    return true;
}

static bool is_whole(type t)
{
    return t.kind == TYPE_DATE || (t.kind == TYPE_DECIMAL && t.scale == 0);
}

/* As an argument of a function arrives that declares nothing of it. */
static script_value value_of(repl *r, const run_score *s, size_t person)
{
    const double microseconds = 1e6;
    if (is_whole(s->type))
        return (script_value){.kind = SCRIPT_INTEGER, .integer = score_whole(s, person)};
    switch (s->type.kind) {
    case TYPE_BOOL:
        return (script_value){.kind = SCRIPT_BOOL,
                              .boolean = score_number(s, person) != 0};
    case TYPE_TIME:
        return (script_value){.kind = SCRIPT_NUMBER,
                              .number = score_number(s, person) / microseconds};
    case TYPE_STRING:
    case TYPE_PERSON:
    case TYPE_VERSION:
        text_clear(&r->kept);
        text_append_bytes(&r->kept, score_text(s, person).data,
                          score_text(s, person).size);
        return (script_value){.kind = SCRIPT_TEXT, .text = {r->kept.data, r->kept.size}};
    default:
        return (script_value){.kind = SCRIPT_NUMBER, .number = score_number(s, person)};
    }
}

/* False: it could not be worked out, and *reason says why. */
static bool take_value(repl *r, const session *s, script_value *result, text *reason)
{
    const run_result *judged = s->result;
    uint32_t person = dictionary_find(judged->people.ids, r->person, strlen(r->person));
    *result = (script_value){.kind = SCRIPT_MISSING};
    for (size_t i = 0; person != DICTIONARY_NONE && i < judged->score_count; i++)
        if (strcmp(judged->scores[i].name, SCORE) == 0 &&
            score_has(&judged->scores[i], person))
            *result = value_of(r, &judged->scores[i], person);
    bool has_failed = result->kind == SCRIPT_MISSING && judged->trouble_count > 0;
    if (has_failed)
        text_append(reason, judged->troubles[0].message);
    return !has_failed;
}

/* Judge the one score for all: the data are read each time. What is wrong with it was told. The
 * expression has lines of its own, from 2 on, so that messages show it as it was typed. */
static int judge(repl *r, session *s, const char *expression)
{
    command_line quiet = *r->line; /* how many warnings the rules have is known */
    quiet.quiet = true;
    static const char *const names[] = {SCORE};
    selection_mistake mistake;
    engine_choice choice = {.selected = names, .selected_count = 1};
    text rules;
    text_init(&rules);
    text_append_format(&rules, "score `" SCORE "` =\n%s\n", expression);
    int code = session_open_with(s, &quiet, "value", rules.data);
    s->said = &r->said;
    if (code == EXIT_GOOD && !engine_select(s->engine, &choice, &mistake))
        code = EXIT_FAULT;
    if (code == EXIT_GOOD)
        engine_print_scripts(s->engine, (script_printer){lua_say_line, NULL});
    if (code == EXIT_GOOD)
        code = session_judge(s, r->line);
    text_done(&rules);
    return code;
}

/* value "time since last purchase / 1 day" */
static bool give_value(void *data, const char *expression, script_value *result,
                       text *reason)
{
    repl *r = data;
    session s;
    if (!r->person) {
        text_append(reason, "nobody is named: person \"ID\" comes before value");
        return false;
    }
    if (!check_one_expression(expression))
        return fail_told(r, "value takes one expression", reason);
    bool ok = judge(r, &s, expression) == EXIT_GOOD;
    if (ok)
        ok = take_value(r, &s, result, reason);
    else
        fail_told(r, "the expression has no value", reason);
    session_close(&s);
    return ok;
}

/* ---- lines ------------------------------------------------------------------ */

static void show(repl *r, const text *out)
{
    text shown;
    text_init(&shown);
    terminal_append_safe_lines(&shown, (slice){out->data, out->size});
    r->output = say_result(&shown);
    text_done(&shown);
}

/* What was typed is not run. */
static void drop(repl *r)
{
    r->has_failed = true;
    text_clear(&r->chunk);
    r->chunk_lines = 0;
}

static void refuse(repl *r, const char *reason)
{
    fflush(stdout);
    say_error("%s", reason);
    drop(r);
}

/* Once: what was told with more than the reason is not told again. */
static void refuse_failed(repl *r, const char *reason)
{
    slice chunk = {r->chunk.data, r->chunk.size};
    fflush(stdout);
    if (!r->told || !slice_ends_with(slice_of(reason), slice_of(r->told))) {
        say_error("%s", reason);
        lua_hint_line(engine_scripts(r->session.engine), chunk, reason);
    }
    drop(r);
}

/* More is not waited for, since all of it is parsed anew with each line. */
static bool is_too_long(const repl *r)
{
    return r->chunk_lines >= MOST_OPEN_LINES || r->chunk.size > MOST_OPEN_BYTES;
}

/* From a pipe the lines behind it would be run without it. */
static void refuse_open(repl *r)
{
    char reason[120];
    snprintf(reason, sizeof reason,
             "a statement that is not finished has more than %d lines or %d bytes",
             MOST_OPEN_LINES, MOST_OPEN_BYTES);
    refuse(r, reason);
    say_hint(r->is_terminal ? "Put it into a file, and use that in the rules."
                            : "Put it into a file, and use that in the rules. The rest "
                              "of the input is not read.");
    r->is_over = !r->is_terminal;
}

/* `is_last`: nothing more comes to finish it. */
static void run_lines(repl *r, script_console *c, bool is_last)
{
    text out;
    text_init(&out);
    slice chunk = {r->chunk.data, r->chunk.size};
    r->told = NULL;
    console_outcome outcome = script_console_run(c, chunk, &out);
    if (outcome == CONSOLE_GOOD && out.size > 0)
        show(r, &out);
    else if (outcome == CONSOLE_OPEN && is_last)
        refuse(r, "the input ends in the middle of a statement");
    else if (outcome == CONSOLE_OPEN && is_too_long(r))
        refuse_open(r);
    else if (outcome == CONSOLE_FAILED)
        refuse_failed(r, out.data);
    if (outcome != CONSOLE_OPEN) {
        text_clear(&r->chunk);
        r->chunk_lines = 0;
    }
    text_done(&out);
}

typedef enum line_kind { LINE_NONE, LINE_GOOD, LINE_LONG, LINE_ZERO } line_kind;

/* A line with its end. Of one that is not to be run no more is kept than of others. */
static line_kind read_line(repl *r)
{
    line_kind kind = LINE_NONE;
    size_t limit = r->chunk.size + MOST_LINE_BYTES;
    for (int byte = 0; byte != '\n' && (byte = getc(stdin)) != EOF;) {
        if (kind == LINE_NONE)
            kind = LINE_GOOD;
        if (byte == '\0')
            kind = LINE_ZERO;
        else if (r->chunk.size < limit)
            text_append_char(&r->chunk, (char)byte);
        else if (kind == LINE_GOOD && byte != '\n')
            kind = LINE_LONG;
    }
    r->chunk_lines += kind != LINE_NONE;
    return kind;
}

static void take_line(repl *r, script_console *c, line_kind kind)
{
    char reason[60];
    snprintf(reason, sizeof reason, "the line has more than %d bytes", MOST_LINE_BYTES);
    if (kind == LINE_ZERO)
        refuse(r, "the line holds a zero byte, and is not run");
    else if (kind == LINE_LONG)
        refuse(r, reason);
    else
        run_lines(r, c, false);
}

static void prompt(const repl *r)
{
    if (!r->is_terminal)
        return;
    fputs(r->chunk.size > 0 ? ">> " : "> ", stdout);
    fflush(stdout);
}

static void read_all(repl *r, script_console *c)
{
    line_kind kind = LINE_GOOD;
    while (kind != LINE_NONE && r->output == EXIT_GOOD && !r->is_over) {
        prompt(r);
        kind = read_line(r);
        if (kind != LINE_NONE)
            take_line(r, c, kind);
    }
    if (r->chunk.size > 0)
        run_lines(r, c, true);
    if (r->is_terminal)
        fputs("\n", stdout);
}

int lua_repl(const command_line *line)
{
    repl r = {
        .line = line, .output = EXIT_GOOD, .is_terminal = isatty(STDIN_FILENO) != 0};
    text_init(&r.kept);
    text_init(&r.chunk);
    stop_begin();
    int code = session_open_sources(&r.session, line);
    r.session.said = &r.said;
    if (code == EXIT_GOOD) {
        engine_print_scripts(r.session.engine, (script_printer){lua_say_line, NULL});
        script_console *c = script_console_new(engine_scripts(r.session.engine));
        script_console_offer(c, "person", name_person, &r);
        script_console_offer(c, "value", give_value, &r);
        read_all(&r, c);
        script_console_free(c);
        code = r.has_failed && !r.is_terminal ? EXIT_FAULT : EXIT_GOOD;
        code = r.output != EXIT_GOOD ? r.output : code;
    }
    session_close(&r.session);
    memory_free(r.person);
    text_done(&r.kept);
    text_done(&r.chunk);
    path_list_done(&r.said);
    return code;
}

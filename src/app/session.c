/* SPDX-License-Identifier: MIT
 *
 * The steps that several commands share, with their messages and exit codes.
 */
#include "app/session.h"

#include <stdio.h>
#include <string.h>

#include "app/failures.h"
#include "app/one_expression.h"
#include "app/say.h"
#include "app/stop.h"
#include "base/clock.h"
#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "engine/audit.h"
#include "engine/comparison.h"
#include "engine/history.h"
#include "engine/identities.h"
#include "engine/instant_changes.h"
#include "engine/selection.h"
#include "report/terminal.h"
#include "store/store_folder.h"

/* ---- listening to the engine ------------------------------------------------ */

static void on_stage(void *context, const char *title, const char *unit, uint64_t total)
{
    session *s = context;
    progress_stage(s->progress, title, unit, total);
}

static void on_progress(void *context, uint64_t done)
{
    session *s = context;
    progress_update(s->progress, done);
}

static void on_log(void *context, const char *message)
{
    session *s = context;
    memory_grow((void **)&s->notes, s->note_count, &s->note_capacity, sizeof *s->notes);
    s->notes[s->note_count++] = memory_copy_string(message);
}

/* Also with --quiet: a command that stands still says why, while it does. */
static void on_wait(void *context, const char *message)
{
    session *s = context;
    progress_hide(s->progress);
    say_note("%s", message);
}

/* Also with --quiet: what failed is told. */
static void on_warning(void *context, const char *message)
{
    session *s = context;
    progress_hide(s->progress);
    say_warning("%s", message);
}

static engine_listener listen(session *s, const command_line *line)
{
    s->progress = progress_new(stderr, !line->quiet);
    return (engine_listener){s, on_stage, on_progress, on_log, on_wait, on_warning};
}

static bool was_said(const session *s, const char *note)
{
    for (size_t i = 0; s->said && i < s->said->count; i++)
        if (strcmp(s->said->items[i], note) == 0)
            return true;
    return false;
}

static void say_once(session *s, const char *note)
{
    if (was_said(s, note))
        return;
    say_note("%s", note);
    if (s->said)
        path_list_add(s->said, note);
}

static void end_listening(session *s, const command_line *line)
{
    progress_free(s->progress);
    s->progress = NULL;
    for (; s->notes_printed < s->note_count; s->notes_printed++)
        if (!line->quiet && !cancel_is_asked(stop_cancel()))
            say_once(s, s->notes[s->notes_printed]);
}

/* ---- steps -------------------------------------------------------------------- */

const char *session_directory(const command_line *line)
{
    return line->project != NULL ? line->project : ".";
}

bool session_has_project(const command_line *line)
{
    char *path = path_join(session_directory(line), "carpel.yaml");
    bool is_there = file_exists(path);
    memory_free(path);
    return is_there;
}

void session_print_diags(const diags *d, const command_line *line)
{
    if (diags_count(d) > 0 && (diags_has_errors(d) || !line->quiet))
        diags_print(d, stderr, terminal_has_colour(stderr));
}

int session_open_project(const command_line *line, project **out)
{
    diags *found = diags_new();
    int code = EXIT_GOOD;
    *out = project_open(session_directory(line), found);
    if (!*out || diags_has_errors(found)) {
        session_print_diags(found, line);
        code = *out ? EXIT_FAULT : EXIT_NO_INPUT;
        project_free(*out);
        *out = NULL;
    }
    diags_free(found);
    return code;
}

/* What was told of the rules of this name, which stand in no file. */
static size_t warnings_of(const diags *d, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < diags_count(d); i++) {
        const diag *said = diags_get(d, i);
        count += said->severity == DIAG_WARNING && said->where.file &&
                 strcmp(source_name(said->where.file), name) == 0;
    }
    return count;
}

/* What is good is not to be read each time: a line says that `check` knows more. Of rules that were `added` it
 * knows nothing. */
static void count_warnings(const diags *d, const char *added, const command_line *line)
{
    size_t count = diags_warning_count(d) - warnings_of(d, added);
    if (count > 0 && !line->quiet)
        say_hint("\"carpel check\" shows %zu warning%s about the rules.", count,
                 count == 1 ? "" : "s");
}

/* What --value says, as a rule. */
static void append_value(const command_line *line, text *rules)
{
    if (line->value)
        text_append_format(rules, "score %s = %s\n", SESSION_VALUE, line->value);
}

/* `rules` (empty: none) stand in no file. */
static int open_adding(session *s, const command_line *line,
                       engine *(*open_engine)(const char *directory, diags *diags),
                       const char *name, const char *rules)
{
    *s = (session){.diags = diags_new(), .begin_seconds = clock_monotonic_seconds()};
    s->engine = open_engine(session_directory(line), s->diags);
    if (s->engine != NULL)
        engine_set_cancel(s->engine, stop_cancel());
    if (s->engine != NULL)
        engine_set_clock(s->engine, clock_now());
    if (s->engine != NULL && rules[0] != '\0')
        engine_add_rules(s->engine, name, rules, s->diags);
    bool is_good = s->engine != NULL && engine_compile(s->engine, s->diags);
    s->compile_seconds = clock_monotonic_seconds() - s->begin_seconds;
    if (cancel_is_asked(stop_cancel()))
        return EXIT_CANCELLED;
    if (s->engine != NULL && !is_good)
        engine_mend(s->engine, s->diags);
    if (!is_good)
        session_print_diags(s->diags, line);
    else
        count_warnings(s->diags, name, line);
    if (s->engine == NULL)
        return EXIT_NO_INPUT;
    return is_good ? EXIT_GOOD : EXIT_FAULT;
}

static int open_with(session *s, const command_line *line,
                     engine *(*open_engine)(const char *directory, diags *diags))
{
    text rules;
    if (line->value && !check_one_expression(line->value)) {
        *s = (session){.diags = diags_new()};
        return EXIT_FAULT;
    }
    text_init(&rules);
    append_value(line, &rules);
    int code = open_adding(s, line, open_engine, "--value", rules.data);
    text_done(&rules);
    return code;
}

int session_open_with(session *s, const command_line *line, const char *name,
                      const char *rules)
{
    return open_adding(s, line, engine_open_sources, name, rules);
}

int session_open(session *s, const command_line *line)
{
    return open_with(s, line, engine_open);
}

int session_open_sources(session *s, const command_line *line)
{
    return open_with(s, line, engine_open_sources);
}

int session_open_rules(session *s, const command_line *line)
{
    return open_with(s, line, engine_open_rules);
}

bool line_selects(const command_line *line)
{
    return line->select.count + line->exclude.count > 0;
}

static int refuse_selection(const selection_mistake *mistake)
{
    say_error("%s", mistake->message);
    if (mistake->hint[0] != '\0')
        say_hint("%s", mistake->hint);
    return EXIT_BAD_USAGE;
}

static int select_rules(const session *s, const engine_choice *choice)
{
    selection_mistake mistake;
    return engine_select(s->engine, choice, &mistake) ? EXIT_GOOD
                                                      : refuse_selection(&mistake);
}

int session_select(const session *s, const command_line *line)
{
    return select_rules(s, &(engine_choice){line->select.items, line->select.count,
                                            line->exclude.items, line->exclude.count,
                                            SESSION_VALUE});
}

/* The arguments of the line and what --select has, in a list that is to be freed. */
static engine_choice choice_of(const command_line *line, const char ***terms)
{
    size_t count = 0;
    *terms =
        memory_alloc_array(line->argument_count + line->select.count + 1, sizeof **terms);
    for (size_t i = 0; i < line->argument_count; i++)
        (*terms)[count++] = line->arguments[i];
    for (size_t i = 0; i < line->select.count; i++)
        (*terms)[count++] = line->select.items[i];
    return (engine_choice){*terms, count, line->exclude.items, line->exclude.count,
                           SESSION_VALUE};
}

int session_select_arguments(const session *s, const command_line *line)
{
    const char **terms;
    engine_choice choice = choice_of(line, &terms);
    int code = select_rules(s, &choice);
    memory_free(terms);
    return code;
}

int session_choose(const session *s, const command_line *line, const bool **chosen)
{
    const char **terms;
    selection_mistake mistake;
    engine_choice choice = choice_of(line, &terms);
    int code = EXIT_GOOD;
    if (choice.selected_count + choice.excluded_count > 0) {
        *chosen = engine_selection(s->engine, &choice, &mistake);
        code = *chosen ? EXIT_GOOD : refuse_selection(&mistake);
    }
    memory_free(terms);
    return code;
}

int session_select_rule(const session *s, const char *path)
{
    const char *name = memory_copy_text(path, strcspn(path, "."));
    int code = select_rules(s, &(engine_choice){&name, 1, NULL, 0, NULL});
    memory_free((void *)name);
    return code;
}

int session_check_keeps(const session *s)
{
    if (engine_store_path(s->engine))
        return EXIT_GOOD;
    say_error("the project keeps no store");
    say_hint("carpel.yaml says \"store: none\": without that line the store is "
             "\".carpel/store\".");
    return EXIT_FAULT;
}

int session_check_store(const session *s)
{
    const char *path = engine_store_path(s->engine);
    char *manifest = path ? path_join(path, "manifest") : NULL;
    carpel_error err;
    bool is_there = false, is_known = !path || path_look(manifest, &is_there, &err);
    memory_free(manifest);
    if (!is_known)
        return say_failure(&err);
    if (is_there) /* whoever reads it says what is wrong with it */
        return EXIT_GOOD;
    if (!path)
        return session_check_keeps(s);
    store_folder *f = store_folder_new(path);
    bool may_be = store_folder_check_place(f, &err);
    store_folder_free(f);
    if (!may_be) /* something else lies there */
        return say_failure(&err);
    say_error("there is no store in \"%s\" yet", path);
    say_hint("\"carpel load\" makes one.");
    return EXIT_NO_INPUT;
}

static bool choose_instant(session *s, const command_line *line, carpel_error *err)
{
    s->as_of = clock_now();
    return line->as_of == NULL ||
           engine_read_time(s->engine, line->as_of, &s->as_of, err);
}

int session_recover(session *s, const command_line *line)
{
    carpel_error err;
    engine_listener listener = listen(s, line);
    bool is_good = engine_recover(s->engine, &listener, &err);
    end_listening(s, line);
    return is_good ? EXIT_GOOD : say_failure(&err);
}

static int fail_load(const session *s, const carpel_error *err)
{
    int code = say_failure(err);
    if (err->code == CARPEL_E_LIMIT) /* such as too many refused rows: why are they? */
        failures_say_refused(s->engine);
    return code;
}

/* From here on a signal may come too late for the store to be as it was. */
static void on_commit(void)
{
    stop_promise("the store is as it was, or has all that is new");
}

int session_load(session *s, const command_line *line)
{
    carpel_error err;
    engine_listener listener = listen(s, line);
    engine_load_options options = {.is_strict = line->strict,
                                   .only_keeps = true,
                                   .commits = on_commit,
                                   .listener = listener,
                                   .threads = line->threads};
    double begin = clock_monotonic_seconds();
    bool is_read = engine_load(s->engine, &options, &err);
    s->read_seconds = clock_monotonic_seconds() - begin;
    end_listening(s, line);
    return is_read ? EXIT_GOOD : fail_load(s, &err);
}

/* Whoever asked for no store is told that there is one now. */
static void tell_made(const session *s, const command_line *line)
{
    if (engine_made_store_unasked(s->engine) && !line->quiet &&
        !cancel_is_asked(stop_cancel()))
        say_note("the rows are kept in \"%s\", so that the next command reads only what "
                 "is new (\"store: none\" in carpel.yaml keeps nothing)",
                 engine_store_path(s->engine));
}

int session_judge(session *s, const command_line *line)
{
    carpel_error err;
    if (line->no_load && engine_store_path(s->engine)) {
        int code = session_check_store(s);
        if (code != EXIT_GOOD)
            return code;
    }
    if (!choose_instant(s, line, &err)) {
        say_failure(&err);
        return EXIT_BAD_USAGE;
    }
    engine_listener listener = listen(s, line);
    engine_load_options options = {.is_strict = line->strict,
                                   .reads_as_is = line->no_load,
                                   .listener = listener,
                                   .threads = line->threads};
    engine_set_profiled(s->engine, line->profile);
    double begin = clock_monotonic_seconds();
    bool is_read = engine_load(s->engine, &options, &err);
    double end = clock_monotonic_seconds();
    memory_have_ready();
    if (is_read)
        s->result = engine_run(s->engine, s->as_of, line->threads, &listener, &err);
    s->read_seconds = end - begin;
    s->judge_seconds = clock_monotonic_seconds() - end;
    end_listening(s, line);
    tell_made(s, line);
    return s->result != NULL ? EXIT_GOOD : fail_load(s, &err);
}

int session_read(session *s, const command_line *line)
{
    carpel_error err;
    if (!choose_instant(s, line, &err)) {
        say_failure(&err);
        return EXIT_BAD_USAGE;
    }
    engine_load_options options = {.is_strict = line->strict,
                                   .notes_origins = true,
                                   .reads_as_is = line->no_load,
                                   .listener = listen(s, line),
                                   .threads = line->threads};
    bool is_read = engine_load(s->engine, &options, &err);
    is_read = is_read && engine_people_at(s->engine, s->as_of, &err);
    end_listening(s, line);
    tell_made(s, line);
    return is_read ? EXIT_GOOD : fail_load(s, &err);
}

void session_note_instant(session *s, const command_line *line, int64_t instant,
                          const char *option)
{
    engine_listener listener = listen(s, line);
    engine_note_instant(s->engine, instant, option, &listener);
    end_listening(s, line);
}

history *session_history(session *s, const command_line *line, const int64_t *instants,
                         size_t count, carpel_error *err)
{
    session_note_instant(s, line, instants[count - 1], "--to");
    engine_listener listener = listen(s, line);
    history *h =
        engine_history(s->engine, instants, count, line->threads, &listener, err);
    end_listening(s, line);
    return h;
}

instant_changes *session_changes(session *s, const command_line *line, int64_t since,
                                 int64_t to, carpel_error *err)
{
    session_note_instant(s, line, to, "--to");
    engine_listener listener = listen(s, line);
    instant_changes *c =
        engine_changes(s->engine, since, to, line->threads, &listener, err);
    end_listening(s, line);
    return c;
}

enum { WEEKS_BEFORE = 12, EXAMPLES = 5 };

int session_compare(session *s, const command_line *line, comparison *c)
{
    carpel_error err;
    comparison_options options = {.as_of = s->as_of,
                                  .threads = line->threads,
                                  .weeks = line->csv ? 0 : WEEKS_BEFORE,
                                  .examples =
                                      line->csv || line->all ? SIZE_MAX : EXAMPLES};
    return comparison_judge(c, &options, &err) ? EXIT_GOOD : say_failure(&err);
}

audit *session_audit(session *s, const command_line *line, carpel_error *err)
{
    size_t people = s->result->people.count;
    audit_options options = {.floor = line->floor ? line->floor : (people + 99) / 100,
                             .value = line->value ? SESSION_VALUE : NULL,
                             .threads = line->threads};
    return engine_audit(s->engine, s->result, &options, err);
}

int session_write(session *s, const command_line *line)
{
    carpel_error err;
    engine_listener listener = listen(s, line);
    double begin = clock_monotonic_seconds();
    engine_set_forced(s->engine, line->force);
    aside *rest = engine_begin_rest(s->engine);
    bool is_good = engine_write(s->engine, s->result, &listener, &err);
    s->write_seconds = clock_monotonic_seconds() - begin;
    aside_end(rest);
    end_listening(s, line);
    return is_good ? EXIT_GOOD : say_failure(&err);
}

void session_close(session *s)
{
    run_result_free(s->result);
    engine_close(s->engine);
    diags_free(s->diags);
    for (size_t i = 0; i < s->note_count; i++)
        memory_free(s->notes[i]);
    memory_free(s->notes);
}

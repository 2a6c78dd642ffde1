/* SPDX-License-Identifier: MIT
 *
 * What becomes of the rules when all hints are followed: the fixes of the messages are applied
 * to copies of the texts, these are compiled, and so on. Where a declaration is right in the
 * end and its mistakes could be mended in one way only, its last message shows it whole.
 */
#include <string.h>

#include "base/memory.h"
#include "engine/mending.h"
#include "graph/lower.h"
#include "lang/parse.h"
#include "lang/passes.h"

enum {
    MOST_ROUNDS = 4,
    MOST_BYTES = 1 << 20, /* of all rules */
    LONGEST_SHOWN = 2000
};

/* ---- one more compilation --------------------------------------------------- */

void attempt_begin(attempt *a, const engine *real, const text *texts)
{
    engine *e = &a->engine;
    *e = *real;
    e->graph = NULL;
    e->scenario_count = 0;
    e->memory = arena_new();
    script_limits limits = {(size_t)e->project->script_memory_bytes,
                            e->project->script_call_microseconds};
    e->scripts = script_set_new(limits);
    e->rule_sources = arena_alloc_array(e->memory, real->rule_source_count + 1,
                                        sizeof *e->rule_sources);
    e->book =
        rulebook_new(e->schema, e->scripts, e->project->directory, e->zone, e->memory);
    a->found = diags_new();
    for (size_t i = 0; i < real->rule_source_count; i++) {
        e->rule_sources[i] =
            source_new(source_name(real->rule_sources[i]), texts[i].data, texts[i].size);
        rulebook_add(e->book, parse_rules(e->rule_sources[i], &e->book->names, e->memory,
                                          a->found));
    }
}

void attempt_compile(attempt *a)
{
    engine *e = &a->engine;
    lowered_list conditions = {0};
    read_files(e->book, a->found);
    resolve_names(e->book, a->found);
    check_types(e->book, a->found);
    if (!diags_has_errors(a->found))
        lint_rules(e->book, a->found);
    if (!diags_has_errors(a->found))
        e->graph = graph_lower(e->book, &conditions, a->found);
    lowered_done(&conditions);
    if (e->graph != NULL) {
        engine_list_scenarios(e);
        engine_read_told(e, a->found);
    }
}

void attempt_end(attempt *a)
{
    engine *e = &a->engine;
    graph_free(e->graph);
    rulebook_done(e->book);
    script_set_free(e->scripts);
    for (size_t i = 0; i < e->rule_source_count; i++)
        source_free(e->rule_sources[i]);
    arena_free(e->memory);
    diags_free(a->found);
}

/* ---- fixes -------------------------------------------------------------------- */

static uint32_t fix_end(const diag *message)
{
    uint32_t end = 0;
    for (size_t i = 0; i < message->edit_count; i++)
        if (message->edits[i].fix == 0 && message->edits[i].where.end > end)
            end = message->edits[i].where.end;
    return end;
}

static uint32_t fix_begin(const diag *message)
{
    uint32_t begin = UINT32_MAX;
    for (size_t i = 0; i < message->edit_count; i++)
        if (message->edits[i].fix == 0 && message->edits[i].where.begin < begin)
            begin = message->edits[i].where.begin;
    return begin;
}

static void apply_one(const diag *message, text *rules)
{
    text mended;
    text_init(&mended);
    diag_apply(message, 0, (slice){rules->data, rules->size}, &mended);
    text_done(rules);
    *rules = mended;
}

/* Errors are; and birthdays in the year of birth, which nobody means. */
static bool is_mended(const diag *message)
{
    return message->severity == DIAG_ERROR || message->code == W0222;
}

/* The first fix of each error in the file, from the last one on, so that the places of those
 * before it stay; of two that touch each other the last. */
static bool apply_fixes(const diags *found, const source *file, text *rules)
{
    bool is_changed = false;
    uint32_t limit = UINT32_MAX;
    for (size_t i = diags_count(found); i-- > 0;) {
        const diag *message = diags_get(found, i);
        if (!is_mended(message) || message->where.file != file ||
            message->fix_count == 0 || fix_end(message) > limit)
            continue;
        limit = fix_begin(message);
        apply_one(message, rules);
        is_changed = true;
    }
    return is_changed;
}

/* ---- declarations ---------------------------------------------------------------- */

/* Does a declaration begin with this line, at its left margin? */
static bool begins_declaration(const char *line)
{
    return strchr(" \t\r\n#", *line) == NULL;
}

static slice next_line(slice rest)
{
    const char *end = memchr(rest.data, '\n', rest.size);
    size_t size = end != NULL ? (size_t)(end - rest.data) + 1 : rest.size;
    return (slice){rest.data + size, rest.size - size};
}

/* The declarations of a text and what stands behind each, up to the next. */
static size_t split_declarations(slice whole, slice *out, size_t most)
{
    size_t count = 0;
    for (slice rest = whole; rest.size > 0; rest = next_line(rest)) {
        if (!begins_declaration(rest.data))
            continue;
        if (count > 0 && count <= most)
            out[count - 1].size = (size_t)(rest.data - out[count - 1].data);
        if (count < most)
            out[count] = rest;
        count++;
    }
    return count;
}

/* Without comments and empty lines behind it. */
slice trimmed(slice declaration)
{
    size_t size = 0;
    for (slice rest = declaration; rest.size > 0;) {
        slice behind = next_line(rest);
        size_t blanks = strspn(rest.data, " \t\r");
        if (strchr("#\n", rest.data[blanks]) == NULL)
            size = (size_t)(behind.data - declaration.data);
        rest = behind;
    }
    while (size > 0 && strchr(" \t\r\n", declaration.data[size - 1]) != NULL)
        size--;
    return (slice){declaration.data, size};
}

static bool is_within(slice inner, slice whole, uint32_t at)
{
    size_t begin = (size_t)(inner.data - whole.data);
    return at >= begin && at < begin + inner.size;
}

/* How many errors lie in part of a file; *last is the last of them. */
size_t count_errors(const diags *found, const source *file, slice part, size_t *last)
{
    size_t count = 0;
    for (size_t i = 0; i < diags_count(found); i++) {
        const diag *message = diags_get(found, i);
        if (is_mended(message) && message->where.file == file &&
            is_within(part, source_text(file), message->where.begin)) {
            *last = i;
            count++;
        }
    }
    return count;
}

/* ---- all rounds -------------------------------------------------------------------- */

typedef struct work {
    const engine *engine;
    text *texts;      /* of each file, as its hints leave it */
    bool **is_mended; /* of each file, for each of its declarations */
    choice **choices; /* the same: could a mistake in it be mended in several ways? */
    choice now;       /* those that are met are choices of this kind */
} work;

slice *declarations_of(slice whole, size_t *count)
{
    *count = split_declarations(whole, NULL, 0);
    slice *parts = memory_alloc_zero((*count + 1) * sizeof *parts);
    split_declarations(whole, parts, *count);
    return parts;
}

/* Which way was meant, nobody knows, although the first is tried. */
static void mark_choices(const work *w, size_t file, const diags *found,
                         const source *texts)
{
    size_t count, real_count;
    slice whole = source_text(texts);
    slice *parts = declarations_of(whole, &count);
    real_count = split_declarations(source_text(w->engine->rule_sources[file]), NULL, 0);
    for (size_t i = 0; i < diags_count(found); i++) {
        const diag *message = diags_get(found, i);
        if (!is_mended(message) || message->where.file != texts || message->fix_count < 2)
            continue;
        for (size_t k = 0; k < count && k < real_count; k++)
            if (w->choices[file][k] == CHOICE_NONE &&
                is_within(parts[k], whole, message->where.begin))
                w->choices[file][k] = w->now;
    }
    memory_free(parts);
}

static bool apply_all(work *w, const diags *found, source *const *files)
{
    bool is_changed = false;
    for (size_t i = 0; i < w->engine->rule_source_count; i++)
        mark_choices(w, i, found, files[i]);
    for (size_t i = 0; i < w->engine->rule_source_count; i++)
        is_changed = apply_fixes(found, files[i], &w->texts[i]) || is_changed;
    return is_changed;
}

/* What is right now is shown as a whole, unless its hint says the condition. */
static bool is_worth_showing(const diag *said, slice mended)
{
    const char *when = strstr(mended.data, "when ");
    size_t begin = when != NULL ? (size_t)(when - mended.data) + strlen("when ") : 0;
    slice condition = {mended.data + begin,
                       mended.size > begin ? mended.size - begin : 0};
    return mended.size <= LONGEST_SHOWN &&
           (said->hint == NULL || !slice_contains(slice_of(said->hint), condition));
}

/* Does it say to write what the declaration, when it is right, does not have? */
static bool is_contrary(const diag *said, slice mended)
{
    if (said->fix_count != 1 || said->edit_count != 1 || said->hint == NULL)
        return false;
    slice words = slice_of(said->edits[0].replacement);
    return slice_starts_with(slice_of(said->hint), slice_of("Write ")) &&
           slice_contains(slice_of(said->hint), words) && !slice_contains(mended, words);
}

/* `'Mal%'` behind LIKE: first in other quotes, then without the sign. Only the end is told. */
static void show_whole(diags *real, const source *file, slice part, size_t last,
                       slice mended)
{
    for (size_t i = 0; i < diags_count(real); i++) {
        const diag *said = diags_get(real, i);
        if (said->where.file == file &&
            is_within(part, source_text(file), said->where.begin) &&
            is_contrary(said, mended))
            diags_drop_hint(real, i);
    }
    diags_set_mended(real, last, mended);
}

static void show_mended(const work *w, const diags *found, source *const *files,
                        diags *real)
{
    for (size_t i = 0; i < w->engine->rule_source_count; i++) {
        size_t count, real_count, last;
        slice *parts = declarations_of(source_text(files[i]), &count);
        const source *file = w->engine->rule_sources[i];
        slice *real_parts = declarations_of(source_text(file), &real_count);
        for (size_t k = 0; k < real_count; k++)
            w->is_mended[i][k] = count == real_count
                                     ? count_errors(found, files[i], parts[k], &last) == 0
                                     : !diags_has_errors(found);
        for (size_t k = 0; k < count && count == real_count; k++) {
            slice shown = trimmed(parts[k]);
            if (!slice_equals(shown, trimmed(real_parts[k])) && w->is_mended[i][k] &&
                w->choices[i][k] == CHOICE_NONE &&
                count_errors(real, file, real_parts[k], &last) > 0 &&
                is_worth_showing(diags_get(real, last), shown))
                show_whole(real, file, real_parts[k], last, shown);
        }
        memory_free(parts);
        memory_free(real_parts);
    }
}

static void work_begin(work *w, const engine *e)
{
    size_t count = e->rule_source_count;
    *w = (work){.engine = e, .now = CHOICE_AT_ONCE};
    w->texts = memory_alloc_zero((count + 1) * sizeof *w->texts);
    w->is_mended = memory_alloc_zero((count + 1) * sizeof *w->is_mended);
    w->choices = memory_alloc_zero((count + 1) * sizeof *w->choices);
    for (size_t i = 0; i < count; i++) {
        slice whole = source_text(e->rule_sources[i]);
        text_init(&w->texts[i]);
        text_append_bytes(&w->texts[i], whole.data, whole.size);
        size_t declarations = split_declarations(whole, NULL, 0);
        w->is_mended[i] = memory_alloc_zero((declarations + 1) * sizeof **w->is_mended);
        w->choices[i] = memory_alloc_zero((declarations + 1) * sizeof **w->choices);
    }
}

static void work_end(work *w)
{
    for (size_t i = 0; i < w->engine->rule_source_count; i++) {
        text_done(&w->texts[i]);
        memory_free(w->is_mended[i]);
        memory_free(w->choices[i]);
    }
    memory_free(w->is_mended);
    memory_free(w->choices);
    memory_free(w->texts);
}

static bool is_worth_it(const engine *e, const diags *found)
{
    size_t size = 0;
    for (size_t i = 0; i < e->rule_source_count; i++)
        size += source_text(e->rule_sources[i]).size;
    return diags_error_count(found) <= DIAGS_MOST_KEPT && size <= MOST_BYTES;
}

/* Compile the texts as they are now. False when nothing is left to be mended. */
static bool try_again(work *w, bool is_last, diags *real)
{
    attempt a;
    attempt_begin(&a, w->engine, w->texts);
    attempt_compile(&a);
    bool goes_on = !is_last && apply_all(w, a.found, a.engine.rule_sources);
    if (!goes_on)
        show_mended(w, a.found, a.engine.rule_sources, real);
    attempt_end(&a);
    return goes_on;
}

void engine_mend(const engine *e, diags *found)
{
    work w;
    if (!diags_has_errors(found))
        return;
    if (!is_worth_it(e, found)) {
        diags_leave_unread(found);
        return;
    }
    work_begin(&w, e);
    bool is_changed = apply_all(&w, found, e->rule_sources);
    w.now = CHOICE_LATER;
    if (is_changed)
        for (int round = 1; try_again(&w, round == MOST_ROUNDS, found); round++)
            ;
    engine_reread(e, w.texts, w.is_mended, w.choices, found);
    work_end(&w);
}

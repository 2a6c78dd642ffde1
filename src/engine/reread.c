/* SPDX-License-Identifier: MIT
 *
 * What a declaration may mean whose hints lead nowhere: it is read as people say it elsewhere,
 * and of what comes out those rules are shown that compile here.
 */
#include <string.h>

#include "base/memory.h"
#include "engine/mending.h"
#include "graph/print.h"
#include "lang/foreign.h"
#include "lang/sayings.h"

enum {
    MOST_PLACES = 100, /* as many messages are shown */
    MOST_SHOWN = 3,
    MOST_COMPILED_BYTES =
        1 << 20,   /* of rules that are tried, and of those that are doubted */
    MOST_DOUBT = 8 /* the cost of a reading that can throw doubt on hints */
};

/* A declaration that is to be read anew. */
typedef struct lost {
    size_t file, declaration;
    slice part; /* of the text, without what stands behind it */
    readings found;
    const char *shown[MOST_SHOWN];
    size_t shown_count;
    unsigned cost; /* of those that are shown */
    bool is_done;
    bool is_mended; /* what its hints lead to compiles */
    choice choice;  /* has a hint several ways, of which one was followed? */
} lost;

typedef struct rereading {
    const engine *engine;
    const text *mended;     /* of each file: what its hints lead to */
    bool *const *is_mended; /* of each file, for each declaration */
    choice *const *choices; /* the same */
    size_t warnings;        /* of that: a reading that has more is no better */
    size_t compiled;        /* bytes of rules, since the bound was last set */
    bool is_cut;            /* the bound was reached */
    arena *memory;
    lost places[MOST_PLACES];
    size_t count;
} rereading;

static void add_place(rereading *r, size_t file, size_t declaration, slice part)
{
    lost *place = &r->places[r->count++];
    *place = (lost){.file = file,
                    .declaration = declaration,
                    .part = trimmed(part),
                    .is_mended = r->is_mended[file][declaration],
                    .choice = r->choices[file][declaration]};
    sayings_read(place->part, r->engine->book, r->memory, &place->found);
    place->is_done = place->found.count == 0;
}

static void list_places(rereading *r, const diags *found)
{
    for (size_t i = 0; i < r->engine->rule_source_count; i++) {
        const source *file = r->engine->rule_sources[i];
        size_t count, last;
        slice *parts = declarations_of(source_text(file), &count);
        for (size_t k = 0; k < count && r->count < MOST_PLACES; k++)
            if (count_errors(found, file, parts[k], &last) > 0)
                add_place(r, i, k, parts[k]);
        memory_free(parts);
    }
}

static size_t rule_bytes(const engine *e)
{
    size_t bytes = 0;
    for (size_t i = 0; i < e->rule_source_count; i++)
        bytes += source_text(e->rule_sources[i]).size;
    return bytes;
}

static text *texts_new(const engine *e)
{
    text *texts = memory_alloc_zero((e->rule_source_count + 1) * sizeof *texts);
    for (size_t i = 0; i < e->rule_source_count; i++)
        text_init(&texts[i]);
    return texts;
}

static void texts_free(const engine *e, text *texts)
{
    for (size_t i = 0; i < e->rule_source_count; i++)
        text_done(&texts[i]);
    memory_free(texts);
}

/* ---- trying ---------------------------------------------------------------------------- */

static void compile(rereading *r, attempt *a, const text *texts)
{
    r->compiled += rule_bytes(r->engine) + 1;
    attempt_begin(a, r->engine, texts);
    attempt_compile(a);
}

/* May the rules be compiled once more? */
static bool has_time(rereading *r)
{
    r->is_cut |= r->compiled > MOST_COMPILED_BYTES;
    return r->compiled <= MOST_COMPILED_BYTES;
}

/* Is one more reading of it to be tried: is it as likely as what is shown? */
static bool goes_on(const lost *place, size_t round)
{
    return !place->is_mended && !place->is_done && round < place->found.count &&
           place->shown_count < MOST_SHOWN &&
           (place->shown_count == 0 || place->found.costs[round] == place->cost);
}

/* The texts of all files, each lost declaration as its reading of this round. */
static bool write_texts(const rereading *r, size_t round, text *texts)
{
    bool is_any = false;
    for (size_t i = 0; i < r->engine->rule_source_count; i++) {
        slice whole = source_text(r->engine->rule_sources[i]);
        const char *done = whole.data;
        text_clear(&texts[i]);
        for (size_t k = 0; k < r->count; k++) {
            const lost *place = &r->places[k];
            if (place->file != i || !goes_on(place, round))
                continue;
            text_append_bytes(&texts[i], done, (size_t)(place->part.data - done));
            text_append(&texts[i], place->found.rules[round]);
            done = place->part.data + place->part.size;
            is_any = true;
        }
        text_append_bytes(&texts[i], done, (size_t)(whole.data + whole.size - done));
    }
    return is_any;
}

/* Does a part of it hold for everyone or nobody, as where a value is compared with itself? */
static bool decides_nothing(const diags *found, const source *file, slice part)
{
    for (size_t i = 0; i < diags_count(found); i++) {
        const diag *said = diags_get(found, i);
        const char *at = source_text(file).data + said->where.begin;
        if (said->code == W0202 && said->where.file == file && at >= part.data &&
            at < part.data + part.size)
            return true;
    }
    return false;
}

static bool compiles(const attempt *a, const lost *place)
{
    const source *file = a->engine.rule_sources[place->file];
    size_t count, last;
    slice *parts = declarations_of(source_text(file), &count);
    bool is_good = place->declaration < count &&
                   count_errors(a->found, file, parts[place->declaration], &last) == 0 &&
                   !decides_nothing(a->found, file, parts[place->declaration]);
    memory_free(parts);
    return is_good;
}

static void try_round(rereading *r, size_t round, const text *texts)
{
    attempt a;
    compile(r, &a, texts);
    for (size_t k = 0; k < r->count; k++) {
        lost *place = &r->places[k];
        if (place->is_mended) {
            continue;
        } else if (!goes_on(place, round)) {
            place->is_done = true;
        } else if (compiles(&a, place)) {
            place->shown[place->shown_count++] = place->found.rules[round];
            place->cost = place->found.costs[round];
        }
    }
    attempt_end(&a);
}

static void try_all(rereading *r)
{
    text *texts = texts_new(r->engine);
    r->compiled = 0;
    for (size_t round = 0;
         round < MOST_READINGS && write_texts(r, round, texts) && has_time(r); round++)
        try_round(r, round, texts);
    texts_free(r->engine, texts);
}

/* ---- what hints left ------------------------------------------------------------------------ */

/* The declaration as its hints leave it, in the mended text of its file. */
static slice mended_part(const rereading *r, const lost *place)
{
    const text *whole = &r->mended[place->file];
    size_t count, real_count;
    slice *parts = declarations_of((slice){whole->data, whole->size}, &count);
    slice part = place->declaration < count ? trimmed(parts[place->declaration])
                                            : (slice){NULL, 0};
    memory_free(parts);
    parts =
        declarations_of(source_text(r->engine->rule_sources[place->file]), &real_count);
    memory_free(parts);
    return count == real_count ? part : (slice){NULL, 0};
}

/* What cannot be read as it was written may be read with the hints that it has. */
static bool read_what_hints_left(rereading *r)
{
    bool is_any = false;
    for (size_t k = 0; k < r->count; k++) {
        lost *place = &r->places[k];
        bool is_left =
            !place->is_mended && place->choice == CHOICE_NONE && place->shown_count == 0;
        slice part = is_left ? mended_part(r, place) : (slice){NULL, 0};
        readings found = {0};
        if (part.data != NULL && !slice_equals(part, place->part))
            sayings_read(part, r->engine->book, r->memory, &found);
        place->is_done = found.count == 0;
        is_any |= found.count > 0;
        memcpy(place->found.rules, found.rules, sizeof found.rules);
        memcpy(place->found.costs, found.costs, sizeof found.costs);
        place->found.count = found.count;
    }
    return is_any;
}

/* ---- doubting ---------------------------------------------------------------------------- */

/* What the rules of all files become, or "" when they do not compile, or with more warnings than
 * before; how many there are. */
static size_t append_graph(rereading *r, const text *texts, text *graph)
{
    attempt a;
    compile(r, &a, texts);
    size_t warnings = diags_warning_count(a.found);
    bool is_odd = warnings > r->warnings;
    if (a.engine.graph != NULL && !diags_has_errors(a.found) && !is_odd)
        graph_print_text(a.engine.graph, graph);
    attempt_end(&a);
    return warnings;
}

/* All as the hints leave it, but this declaration as one of its readings. */
static void append_graph_of(rereading *r, const lost *place, slice part, const char *rule,
                            text *graph)
{
    text *texts = texts_new(r->engine);
    for (size_t i = 0; i < r->engine->rule_source_count; i++) {
        const text *whole = &r->mended[i];
        size_t before =
            i == place->file ? (size_t)(part.data - whole->data) : whole->size;
        text_append_bytes(&texts[i], whole->data, before);
        if (i != place->file)
            continue;
        text_append(&texts[i], rule);
        text_append(&texts[i], part.data + part.size);
    }
    append_graph(r, texts, graph);
    texts_free(r->engine, texts);
}

/* Show one reading beside what the hints lead to. False: it means the same, and so the hints are
 * right; unless they would tell only later that there are several ways. */
static bool doubt_by(rereading *r, lost *place, slice part, size_t reading,
                     const char *graph)
{
    const char *rule = place->found.rules[reading];
    text other;
    text_init(&other);
    append_graph_of(r, place, part, rule, &other);
    bool is_same = strcmp(other.data, graph) == 0, is_good = other.size > 0;
    text_done(&other);
    if (is_good && place->shown_count == 0)
        place->shown[place->shown_count++] =
            arena_copy_text(r->memory, part.data, part.size);
    if (is_good && !is_same)
        place->shown[place->shown_count++] = rule;
    if (is_good)
        place->cost = place->found.costs[reading];
    return !is_same || place->choice == CHOICE_LATER;
}

/* Do the likeliest readings mean something else than what the hints lead to? Then all are
 * shown, and nobody is led astray. */
static void doubt(rereading *r, lost *place, const char *graph)
{
    const readings *found = &place->found;
    slice part = mended_part(r, place);
    for (size_t i = 0;
         part.data != NULL && i < found->count && place->shown_count < MOST_SHOWN; i++) {
        if (found->costs[i] > MOST_DOUBT ||
            (place->shown_count > 0 && found->costs[i] > place->cost))
            break;
        if (!has_time(r) || !doubt_by(r, place, part, i, graph)) {
            place->shown_count = 0;
            break;
        }
    }
}

static void doubt_all(rereading *r)
{
    bool is_any = false;
    text graph;
    for (size_t k = 0; k < r->count; k++)
        is_any |= r->places[k].is_mended;
    if (!is_any)
        return;
    r->compiled = 0;
    text_init(&graph);
    r->warnings = SIZE_MAX;
    r->warnings = append_graph(r, r->mended, &graph);
    for (size_t k = 0; k < r->count && graph.size > 0; k++)
        if (r->places[k].is_mended)
            doubt(r, &r->places[k], graph.data);
    text_done(&graph);
}

/* ---- telling ----------------------------------------------------------------------------- */

/* Does the message say what to write, or at least more than what may stand there? */
static bool is_helpful(const diag *said)
{
    return said->fix_count > 0 ||
           (said->hint != NULL && strncmp(said->hint, "Here may stand", 14) != 0);
}

/* Does the message stand on one of the words that nobody knows? */
static bool is_about_unknown(const diag *said, const readings *of)
{
    slice at = span_text(said->where);
    for (size_t i = 0; i < of->unknown_count; i++)
        if (slice_contains(at, slice_of(of->unknown[i])))
            return true;
    return false;
}

static void tell_unknown(const rereading *r, const readings *of, size_t message,
                         diags *found)
{
    const char *words = of->unknown[0];
    for (size_t i = 1; i < of->unknown_count; i++)
        words = arena_format(r->memory, "%s\", \"%s", words, of->unknown[i]);
    const phrase *line = NULL;
    for (size_t i = 0; i < of->unknown_count && !line; i++)
        line = phrase_find(of->unknown[i], NULL);
    const char *shown =
        line ? arena_format(r->memory, "For example, here it is written: %s", line->ours)
             : "How other tools say it, and how it is said here, shows "
               "docs/phrasebook.md.";
    const diag *said = diags_get(found, message);
    bool is_elsewhere = said->code == E0101 && !is_about_unknown(said, of);
    if (!is_helpful(said) || is_elsewhere)
        diags_set_hint(found, message,
                       "\"%s\" %s no word of the language or of the data. %s", words,
                       of->unknown_count > 1 ? "are" : "is", shown);
}

/* The first message about the declaration tells; the others say no more what to write. */
static void tell(const rereading *r, const lost *place, diags *found)
{
    const source *file = r->engine->rule_sources[place->file];
    uint32_t begin = (uint32_t)(place->part.data - source_text(file).data);
    span where = {file, begin, begin + (uint32_t)place->part.size};
    bool is_told = false;
    for (size_t i = 0; i < diags_count(found); i++) {
        const diag *said = diags_get(found, i);
        if (said->severity != DIAG_ERROR || said->where.file != file ||
            said->where.begin < where.begin || said->where.begin > where.end)
            continue;
        if (place->shown_count == 0)
            tell_unknown(r, &place->found, i, found);
        else if (is_told)
            diags_clear_advice(found, i);
        else
            diags_set_readings(found, i, where, place->shown, place->shown_count);
        is_told = true;
    }
}

void engine_reread(const engine *e, const text *mended, bool *const *is_mended,
                   choice *const *choices, diags *found)
{
    rereading r = {.engine = e,
                   .mended = mended,
                   .is_mended = is_mended,
                   .choices = choices,
                   .memory = arena_new()};
    list_places(&r, found);
    if (r.count > 0)
        try_all(&r);
    doubt_all(&r);
    if (read_what_hints_left(&r))
        try_all(&r);
    for (size_t k = 0; k < r.count; k++) {
        const lost *place = &r.places[k];
        if (place->shown_count > 0 ||
            (!place->is_mended && place->found.unknown_count > 0))
            tell(&r, place, found);
    }
    if (r.is_cut)
        diags_leave_unread(found);
    arena_free(r.memory);
}

/* SPDX-License-Identifier: MIT
 *
 * What fits say in the words of the rules, compiled beside the project's own rules, and its mistakes
 * told where they stand in the project file.
 */
#include "fit/words.h"

#include <string.h>

#include "base/memory.h"
#include "engine/parts.h"
#include "fit/chance_rules.h"
#include "fit/label.h"
#include "fit/rules.h"
#include "lang/checker.h"

/* The rules of all fits, and where whose begin. */
typedef struct fit_compilation {
    const project *project;
    const config_fit *only; /* NULL: all */
    text rules;
    fit_words words;
    size_t *begins;
    int64_t *aheads; /* how far each label looks; 0: there is none, or a wrong one */
    bool *declares;  /* whose words go on with rules of their own: nothing more is told */
} fit_compilation;

static void refuse_label(const config_fit *f, const char *reason, diags *out)
{
    diag_error(out, f->label.where, E0305,
               "\"label\" of the fit \"%s\" cannot be used: %s", f->name.text, reason);
}

static void append_chances(fit_compilation *c, const config_fit *f, const char *prefix,
                           int64_t *ahead, diags *out)
{
    const char *reason;
    text label;
    text_init(&label);
    if (fit_label_read(f->label.text, &label, ahead, &reason)) {
        fit_chance_rules_append(f, prefix, label.data, &c->words, &c->rules);
    } else {
        *ahead = 0;
        refuse_label(f, reason, out);
    }
    text_done(&label);
}

/* Of what lacks a part the reader of the project file told. */
static bool is_whole(const config_fit *f)
{
    if (!f->name.text || !f->model.text)
        return false;
    if (fit_rows_have_dates(f->rows))
        return f->label.text != NULL;
    return f->events.text && (f->rows != FIT_VALUES || f->amount.text) &&
           (f->rows != FIT_PERIODS || f->period);
}

static void append_fit(fit_compilation *c, size_t number, diags *out)
{
    const config_fit *f = &c->project->fits[number];
    text prefix;
    text_init(&prefix);
    text_append_format(&prefix, FIT_PREFIX "%s", f->name.text);
    if (fit_rows_have_dates(f->rows))
        append_chances(c, f, prefix.data, &c->aheads[number], out);
    else
        fit_rules_append(f, prefix.data, &c->words, &c->rules);
    text_done(&prefix);
}

static void append_fits(fit_compilation *c, diags *out)
{
    for (size_t i = 0; i < c->project->fit_count; i++) {
        const config_fit *f = &c->project->fits[i];
        c->begins[i] = c->rules.size;
        if (is_whole(f) && (!c->only || c->only == f))
            append_fit(c, i, out);
    }
}

/* The number of the fit whose rules hold this byte. */
static size_t fit_at(const fit_compilation *c, size_t at)
{
    size_t i = c->project->fit_count - 1;
    while (i > 0 && c->begins[i] > at)
        i--;
    return i;
}

/* NULL: it did not compile. */
static const ast_decl *find_part(const engine *e, const config_fit *f, const char *part)
{
    text name;
    text_init(&name);
    text_append_format(&name, FIT_PREFIX "%s_%s", f->name.text, part);
    const ast_decl *decl = rulebook_find(e->book, name.data);
    text_done(&name);
    return decl;
}

static bool is_same_place(span a, span b)
{
    return a.file == b.file && a.begin == b.begin && a.end == b.end;
}

/* A condition as a whole is none: segments have the names of the keys, and nobody wrote their `when`. */
static bool tell_no_condition(const engine *e, const config_fit *f, const diag *found,
                              span place, diags *out)
{
    static const char *const keys[] = {"label", "among", "treatment"};
    for (size_t i = 0; found->code == E0109 && i < sizeof keys / sizeof *keys; i++) {
        const ast_decl *segment = find_part(e, f, keys[i]);
        if (!segment || !segment->value ||
            !is_same_place(segment->value->where, found->where))
            continue;
        diag_error(out, place, E0109,
                   "\"%s\" of the fit \"%s\" needs a condition, and this is %s", keys[i],
                   f->name.text, type_words(segment->value->meaning->type));
        return true;
    }
    return false;
}

/* A declaration that begins here: does it stand in words that somebody wrote? They are one expression, and
 * no rules. */
static void refuse_declared(fit_compilation *c, span begin, const ast_name *name,
                            diags *out)
{
    span words = fit_words_place(&c->words, begin.begin, begin.begin);
    size_t number = fit_at(c, begin.begin);
    if (!words.file || c->declares[number])
        return;
    span place = name->text
                     ? fit_words_place(&c->words, name->where.begin, name->where.end)
                     : words;
    c->declares[number] = true;
    diag_error(out, place, E0305,
               "the words of the fit \"%s\" go on with a declaration%s%s%s",
               c->project->fits[number].name.text, name->text ? " of \"" : "",
               name->text ? name->text : "", name->text ? "\"" : "");
    diag_hint(out, "Write one expression; declarations stand in the files of rules.");
}

static void refuse_declarations(fit_compilation *c, const engine *e, const char *name,
                                diags *out)
{
    for (size_t i = 0; i < e->book->files.count; i++) {
        const ast_file *file = e->book->files.items[i];
        if (strcmp(source_name(file->source), name) != 0)
            continue;
        for (size_t k = 0; k < file->decls.count; k++) {
            const ast_decl *decl = file->decls.items[k];
            refuse_declared(c, decl->where, &decl->name, out);
        }
        for (size_t k = 0; k < file->broken.count; k++) {
            const ast_name *broken = file->broken.items[k];
            refuse_declared(c, broken->where, broken, out);
        }
    }
}

static void tell(const fit_compilation *c, const engine *e, const diag *found, diags *out)
{
    size_t number = fit_at(c, found->where.begin);
    const config_fit *f = &c->project->fits[number];
    if (c->declares[number])
        return;
    span place = fit_words_place(&c->words, found->where.begin, found->where.end);
    if (!tell_no_condition(e, f, found, place, out))
        diag_error(out, place.file ? place : f->name.where, found->code, "%s%s%s%s",
                   place.file ? "" : "the fit \"", place.file ? "" : f->name.text,
                   place.file ? "" : "\": ", found->message);
    if (found->hint)
        diag_hint(out, "%s", found->hint);
}

static void tell_all(const fit_compilation *c, const engine *e, const diags *found,
                     const char *name, diags *out)
{
    for (size_t i = 0; i < diags_count(found); i++) {
        const diag *d = diags_get(found, i);
        if (d->severity == DIAG_ERROR && d->where.file &&
            strcmp(source_name(d->where.file), name) == 0)
            tell(c, e, d, out);
    }
}

/* What a number can be made of. */
static bool is_usable(type_kind kind)
{
    return kind == TYPE_BOOL || kind == TYPE_DECIMAL || kind == TYPE_NUMBER ||
           kind == TYPE_DURATION;
}

static void check_feature(const engine *e, const config_fit *f,
                          const config_feature *feature, diags *out)
{
    const char *name = feature->name.text;
    const ast_decl *decl = find_part(e, f, name);
    type_kind kind = decl && decl->value ? decl->value->meaning->type.kind : TYPE_ERROR;
    bool is_moment = kind == TYPE_TIME || kind == TYPE_DATE;
    if (kind == TYPE_ERROR || is_usable(kind))
        return;
    diag_error(
        out, feature->value.where, E0108,
        "the feature \"%s\" of \"%s\" is %s, not a number, a duration or a condition",
        name, f->name.text, type_words(decl->value->meaning->type));
    if (is_moment)
        diag_hint(out, "Take a distance, as in: %s: time since last purchase", name);
    else
        diag_hint(out, "Ask for its values one by one, as in: %s: user.country = \"DE\"",
                  name);
}

static void check_features(const fit_compilation *c, const engine *e, diags *out)
{
    for (size_t i = 0; i < c->project->fit_count; i++) {
        const config_fit *f = &c->project->fits[i];
        bool is_asked = (!c->only || c->only == f) && !c->declares[i];
        for (size_t k = 0; k < f->feature_count && is_asked; k++)
            check_feature(e, f, &f->features[k], out);
    }
}

static void check_dates(const fit_compilation *c, const engine *e, diags *out)
{
    for (size_t i = 0; i < c->project->fit_count; i++) {
        const config_fit *f = &c->project->fits[i];
        if ((!c->only || c->only == f) && !c->declares[i])
            fit_dates_check(e, f, c->aheads[i], out);
    }
}

/* Trees of labels tell more than their words. */
static void check_labels(const fit_compilation *c, const engine *e, diags *out)
{
    for (size_t i = 0; i < c->project->fit_count; i++) {
        const config_fit *f = &c->project->fits[i];
        const char *reason;
        const ast_decl *decl = c->aheads[i] > 0 ? find_part(e, f, "label") : NULL;
        if (decl && !fit_label_check(decl->value, c->aheads[i], &reason))
            refuse_label(f, reason, out);
    }
}

static void compile(fit_compilation *c, diags *out)
{
    static const char name[] = "fits of carpel.yaml";
    diags *found = diags_new();
    engine *e = engine_open_rules(c->project->directory, found);
    if (e) {
        engine_add_rules(e, name, c->rules.data, found);
        engine_compile(e, found);
        refuse_declarations(c, e, name, out);
        tell_all(c, e, found, name, out);
        check_features(c, e, out);
        check_dates(c, e, out);
    }
    if (e && !diags_has_errors(found))
        check_labels(c, e, out);
    engine_close(e);
    diags_free(found);
}

static bool check(const project *p, const config_fit *only, diags *diags)
{
    size_t count = p->fit_count, before = diags_error_count(diags);
    fit_compilation c = {.project = p, .only = only};
    if (count == 0)
        return true;
    text_init(&c.rules);
    c.begins = memory_alloc_zero_array(count, sizeof *c.begins);
    c.aheads = memory_alloc_zero_array(count, sizeof *c.aheads);
    c.declares = memory_alloc_zero_array(count, sizeof *c.declares);
    append_fits(&c, diags);
    compile(&c, diags);
    memory_free(c.aheads);
    memory_free(c.declares);
    memory_free(c.begins);
    fit_words_done(&c.words);
    text_done(&c.rules);
    return diags_error_count(diags) == before;
}

bool engine_check_fits(const engine *e, diags *diags)
{
    return check(e->project, NULL, diags);
}

bool engine_check_fit(const project *p, const config_fit *only, diags *diags)
{
    return check(p, only, diags);
}

/* SPDX-License-Identifier: MIT
 *
 * What fits say in the words of the rules, compiled beside the project's own rules as `carpel fit`
 * does it, and its mistakes told where they stand in the project file.
 */
#include "fit/words.h"

#include <string.h>

#include "base/memory.h"
#include "engine/parts.h"
#include "fit/chance_rules.h"
#include "fit/label.h"
#include "fit/rules.h"

#define PREFIX "fit_of_"

/* The rules of all fits, and where whose begin. */
typedef struct fit_compilation {
    const project *project;
    text rules;
    fit_words words;
    size_t *begins;
    int64_t *aheads; /* how far each label looks; 0: there is none, or a wrong one */
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
    text_append_format(&prefix, PREFIX "%s", f->name.text);
    if (fit_rows_have_dates(f->rows))
        append_chances(c, f, prefix.data, &c->aheads[number], out);
    else
        fit_rules_append(f, prefix.data, &c->words, &c->rules);
    text_done(&prefix);
}

static void append_fits(fit_compilation *c, diags *out)
{
    for (size_t i = 0; i < c->project->fit_count; i++) {
        c->begins[i] = c->rules.size;
        if (is_whole(&c->project->fits[i]))
            append_fit(c, i, out);
    }
}

/* The fit whose rules hold this byte. */
static const config_fit *fit_at(const fit_compilation *c, size_t at)
{
    size_t i = c->project->fit_count - 1;
    while (i > 0 && c->begins[i] > at)
        i--;
    return &c->project->fits[i];
}

static void tell(const fit_compilation *c, const diag *found, diags *out)
{
    const config_fit *f = fit_at(c, found->where.begin);
    span place = fit_words_place(&c->words, found->where.begin, found->where.end);
    diag_error(out, place.file ? place : f->name.where, found->code, "%s%s%s%s",
               place.file ? "" : "the fit \"", place.file ? "" : f->name.text,
               place.file ? "" : "\": ", found->message);
    if (found->hint)
        diag_hint(out, "%s", found->hint);
}

static void tell_all(const fit_compilation *c, const diags *found, const char *name,
                     diags *out)
{
    for (size_t i = 0; i < diags_count(found); i++) {
        const diag *d = diags_get(found, i);
        if (d->severity == DIAG_ERROR && d->where.file &&
            strcmp(source_name(d->where.file), name) == 0)
            tell(c, d, out);
    }
}

static const ast_decl *find_decl(const engine *e, const char *name)
{
    for (size_t i = 0; i < e->book->decls.count; i++) {
        const ast_decl *decl = e->book->decls.items[i];
        if (decl->name.text && strcmp(decl->name.text, name) == 0)
            return decl;
    }
    return NULL;
}

/* Trees of labels tell more than their words. */
static void check_labels(const fit_compilation *c, const engine *e, diags *out)
{
    for (size_t i = 0; i < c->project->fit_count; i++) {
        const config_fit *f = &c->project->fits[i];
        const char *reason;
        text name;
        text_init(&name);
        text_append_format(&name, PREFIX "%s_label", f->name.text);
        const ast_decl *decl = c->aheads[i] > 0 ? find_decl(e, name.data) : NULL;
        if (decl && !fit_label_check(decl->value, c->aheads[i], &reason))
            refuse_label(f, reason, out);
        text_done(&name);
    }
}

static void compile(const fit_compilation *c, diags *out)
{
    static const char name[] = "fits of carpel.yaml";
    diags *found = diags_new();
    engine *e = engine_open_rules(c->project->directory, found);
    if (e) {
        engine_add_rules(e, name, c->rules.data, found);
        engine_compile(e, found);
        tell_all(c, found, name, out);
    }
    if (e && !diags_has_errors(found))
        check_labels(c, e, out);
    engine_close(e);
    diags_free(found);
}

bool engine_check_fits(const engine *e, diags *diags)
{
    size_t count = e->project->fit_count, before = diags_error_count(diags);
    fit_compilation c = {.project = e->project};
    if (count == 0)
        return true;
    text_init(&c.rules);
    c.begins = memory_alloc_zero_array(count, sizeof *c.begins);
    c.aheads = memory_alloc_zero_array(count, sizeof *c.aheads);
    append_fits(&c, diags);
    compile(&c, diags);
    memory_free(c.aheads);
    memory_free(c.begins);
    fit_words_done(&c.words);
    text_done(&c.rules);
    return diags_error_count(diags) == before;
}

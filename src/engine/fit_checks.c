/* SPDX-License-Identifier: MIT
 *
 * What the other folders do not know of `fits:`: which names are words of the language, and what stands
 * where a file is to be written.
 */
#include "config/fits.h"
#include "engine/parts.h"
#include "lang/keywords.h"

/* `months.alive(...)` can be said, but no score can be called `months`, as that of a chance is. */
static bool is_refused(const config_fit *f)
{
    const keyword *word = keyword_find(f->name.text);
    return keyword_is_taken(f->name.text) &&
           (fit_rows_have_dates(f->rows) || !word || word->use == KEYWORD_RESERVED);
}

void fits_check(const engine *e, diags *diags)
{
    for (size_t i = 0; i < e->project->fit_count; i++) {
        const config_text *name = &e->project->fits[i].name;
        if (!is_refused(&e->project->fits[i]))
            continue;
        diag_error(diags, name->where, E0305,
                   "\"%s\" is a word of the language and no name of a fit", name->text);
        diag_hint(diags,
                  "Rules call its functions by it: choose another, such as "
                  "\"%s_fit\".",
                  name->text);
    }
}

const char *engine_script_conflict(const engine *e, const char *path)
{
    struct places *taken = places_new(e);
    const char *conflict = places_script_conflict(taken, path);
    places_free(taken);
    return conflict;
}

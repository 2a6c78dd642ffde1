/* SPDX-License-Identifier: MIT
 *
 * Paths are seen from the project's folder.
 */
#include "lang/passes.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "lang/list_file.h"
#include "report/suggest.h"

/* ---- lists -------------------------------------------------------------------------- */

static void read_list(rulebook *book, ast_decl *decl, const char *path, diags *diags)
{
    carpel_error err;
    if (list_file_read(path, &decl->file_list, &err)) {
        ast_list_add(book->memory, &book->lists, decl->file_list);
    } else {
        diag_error(diags, decl->from.where, E0125, "%s", err.message);
        diag_hint(diags, "Lists are seen from the project's folder.");
    }
}

/* ---- all of them -------------------------------------------------------------------- */

/* `use lib.rate` is carpel's own, whatever files the project has. */
static void read_library(rulebook *book, const ast_decl *decl, diags *diags)
{
    if (script_library_has(decl->name.text)) {
        script_set_load_library(book->scripts, decl->name.text, decl->name.where, E0119,
                                diags);
        return;
    }
    suggestion similar = suggest_begin(decl->library.text);
    text all;
    text_init(&all);
    for (size_t i = 0; script_library_name(i); i++) {
        suggest_consider(&similar, script_library_name(i));
        text_append_format(&all, "%s%s", i > 0 ? ", " : "", script_library_name(i));
    }
    diag_error(diags, decl->library.where, E0119, "carpel has no script named \"lib.%s\"",
               decl->library.text);
    if (suggest_best(&similar))
        diag_propose(diags, decl->library.where, "%s", suggest_best(&similar));
    else
        diag_hint(diags,
                  "There are %s. A file of the project is used by its path: use "
                  "\"scores/churn.lua\".",
                  all.data);
    text_done(&all);
}

void read_files(rulebook *book, diags *diags)
{
    for (size_t i = 0; i < book->decls.count; i++) {
        ast_decl *decl = book->decls.items[i];
        const ast_name *file = decl->kind == DECL_USE ? &decl->name : &decl->from;
        if (decl->library.text)
            read_library(book, decl, diags);
        if (!file->text || decl->library.text)
            continue;
        char *path = path_join(book->directory, file->text);
        bool is_ours = decl->kind == DECL_USE && !file_exists(path) &&
                       script_library_has(file->text);
        if (is_ours)
            script_set_load_library(book->scripts, file->text, file->where, E0119, diags);
        else if (decl->kind == DECL_USE)
            script_set_load(book->scripts, path, file->where, E0119, diags);
        else
            read_list(book, decl, path, diags);
        memory_free(path);
    }
}

/* SPDX-License-Identifier: MIT
 *
 * Paths are seen from the project's folder.
 */
#include "lang/passes.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "lang/list_file.h"
#include "report/suggest.h"
#include "script/meant.h"

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
    suggestion similar = suggest_begin(decl->module.text);
    text all;
    text_init(&all);
    for (size_t i = 0; script_library_name(i); i++) {
        suggest_consider(&similar, script_library_name(i));
        text_append_format(&all, "%s%s", i > 0 ? ", " : "", script_library_name(i));
    }
    diag_error(diags, decl->module.where, E0119, "carpel has no script named \"lib.%s\"",
               decl->module.text);
    if (suggest_best(&similar))
        diag_propose(diags, decl->module.where, "%s", suggest_best(&similar));
    else
        diag_hint(diags,
                  "There are %s. A file of the project is used by its path: use "
                  "\"scores/churn.lua\".",
                  all.data);
    text_done(&all);
}

/* A script of the project; what is not there may be another's name. */
static void read_script(rulebook *book, const ast_name *file, const char *path,
                        diags *diags)
{
    if (script_set_load(book->scripts, path, file->where, E0119, diags) ||
        path_is_taken(path))
        return;
    char *meant = script_meant_path(book->directory, file->text);
    const char *library = meant ? script_meant_library(slice_of(meant)) : NULL;
    if (library && script_library_has(meant))
        diag_propose(diags, file->where, "lib.%s", library);
    else if (meant)
        diag_propose(diags, file->where, "\"%s\"", meant);
    else
        diag_hint(diags,
                  "Scripts are seen from the project's folder. Those that come with "
                  "carpel are used by name: use lib.rate.");
    memory_free(meant);
}

/* What a script requires does not depend on which of the files was used before. */
static void add_folders(rulebook *book)
{
    each (const ast_decl, decl, &book->decls) {
        if (decl->kind != DECL_USE || !decl->name.text || decl->module.text)
            continue;
        char *path = path_join(book->directory, decl->name.text);
        if (file_exists(path))
            script_set_add_folder_of(book->scripts, path);
        memory_free(path);
    }
}

void read_files(rulebook *book, diags *diags)
{
    add_folders(book);
    each (ast_decl, decl, &book->decls) {
        const ast_name *file = decl->kind == DECL_USE ? &decl->name : &decl->from;
        if (decl->module.text)
            read_library(book, decl, diags);
        if (!file->text || decl->module.text)
            continue;
        char *path = path_join(book->directory, file->text);
        bool is_ours = decl->kind == DECL_USE && !file_exists(path) &&
                       script_library_has(file->text);
        if (is_ours)
            script_set_load_library(book->scripts, file->text, file->where, E0119, diags);
        else if (decl->kind == DECL_USE)
            read_script(book, file, path, diags);
        else
            read_list(book, decl, path, diags);
        memory_free(path);
    }
}

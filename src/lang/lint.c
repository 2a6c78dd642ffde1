/* SPDX-License-Identifier: MIT
 *
 * Warnings that the tree alone shows.
 */
#include "lang/lint.h"

static void lint_unused(const ast_decl *decl, diags *diags)
{
    bool is_local = decl->kind == DECL_LET || decl->kind == DECL_LIST || decl->kind == DECL_EVENT;
    if (!is_local || decl->is_used)
        return;
    diag_warning(diags, decl->name.where, W0201, "nothing uses the %s \"%s\"",
                 decl_kind_word(decl), decl->name.text);
}

void lint_rules(const rulebook *book, diags *diags)
{
    for (size_t i = 0; i < book->decls.count; i++)
        lint_unused(book->decls.items[i], diags);
}

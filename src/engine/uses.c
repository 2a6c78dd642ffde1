/* SPDX-License-Identifier: MIT */
#include "engine/uses.h"

#include <string.h>

#include "base/memory.h"
#include "engine/deliveries.h"
#include "engine/parts.h"
#include "engine/purposes.h"
#include "engine/selection.h"

/* ---- rules -------------------------------------------------------------- */

/* `order` has each declaration behind those that it uses. */
static void mark_users(const rulebook *book, bool *marked)
{
    for (size_t i = 0; i < book->order.count; i++) {
        const ast_decl *decl = book->order.items[i];
        for (size_t k = 0; k < decl->uses.count; k++)
            marked[decl->number] |=
                marked[((const ast_use *)decl->uses.items[k])->decl->number];
    }
}

name_list uses_by_rules(const engine *e, const ast_decl *decl, arena *memory)
{
    const rulebook *book = e->book;
    name_list out = {arena_alloc_array(memory, book->decls.count + 1, sizeof *out.items),
                     0};
    bool *marked = memory_alloc_zero_array(book->decls.count + 1, sizeof *marked);
    marked[decl->number] = true;
    mark_users(book, marked);
    for (size_t i = 0; i < book->decls.count; i++) {
        const ast_decl *user = book->decls.items[i];
        if (marked[i] && user != decl && decl_has_results(user))
            out.items[out.count++] = user->name.text;
    }
    memory_free(marked);
    return out;
}

/* ---- outputs ------------------------------------------------------------ */

/* Is `path` the name, or one of a set of that name? */
static bool is_part_of(const char *path, const char *name)
{
    size_t size = strlen(name);
    return strncmp(path, name, size) == 0 && (path[size] == '\0' || path[size] == '.');
}

/* Whoever writes a set writes its groups, and whoever writes a group writes some of the set. */
static bool has_to_do_with(const char *written, const char *path)
{
    return is_part_of(written, path) || is_part_of(path, written);
}

static bool names_it(const config_text *names, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++)
        if (names[i].text && has_to_do_with(names[i].text, path))
            return true;
    return false;
}

static bool has_column(const config_output *o, const char *path)
{
    for (size_t i = 0; o->is_exact && i < o->column_count; i++)
        if (o->columns[i].from.text && has_to_do_with(o->columns[i].from.text, path))
            return true;
    return false;
}

static bool takes(const config_output *o, const ast_decl *decl, const char *path)
{
    if (has_column(o, path))
        return true;
    if (decl->kind == DECL_SCORE)
        return names_it(o->scores, o->score_count, path);
    if (o->segment_count > 0)
        return names_it(o->segments, o->segment_count, path);
    if (o->is_exact)
        return delivers_memberships(o);
    return !delivers_values(o) && (!o->is_wide || o->score_count + o->column_count == 0);
}

name_list uses_by_outputs(const engine *e, const ast_decl *decl, const char *path,
                          arena *memory)
{
    const project *p = e->project;
    name_list out = {arena_alloc_array(memory, p->output_count + 1, sizeof *out.items),
                     0};
    for (size_t i = 0; i < p->output_count; i++)
        if (takes(&p->outputs[i], decl, path) &&
            !purposes_differ(e, &p->outputs[i], decl->name.text))
            out.items[out.count++] = p->outputs[i].name.text;
    return out;
}

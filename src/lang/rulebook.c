/* SPDX-License-Identifier: MIT
 *
 * The files of a project and the one namespace of what they declare.
 */
#include "lang/rulebook.h"

#include <string.h>

#include "base/dictionary.h"
#include "report/suggest.h"

rulebook *rulebook_new(const schema *s, script_set *scripts, const char *directory,
                       const zone *zone, arena *memory)
{
    rulebook *book = arena_alloc(memory, sizeof *book);
    book->schema = s;
    book->scripts = scripts;
    book->directory = directory;
    book->zone = zone;
    book->memory = memory;
    data_names_init(&book->names, s, memory);
    return book;
}

static void add_decl(rulebook *book, ast_decl *decl)
{
    decl->number = book->decls.count;
    ast_list_add(book->memory, &book->decls, decl);
}

static void add_broken(rulebook *book, const ast_file *file)
{
    for (size_t i = 0; i < file->broken.count; i++)
        name_index_add(&book->broken, book->memory,
                       ((const ast_name *)file->broken.items[i])->text, i);
}

void rulebook_add(rulebook *book, ast_file *file)
{
    ast_list_add(book->memory, &book->files, file);
    for (size_t i = 0; i < file->decls.count; i++)
        add_decl(book, file->decls.items[i]);
    add_broken(book, file);
}

static bool is_named(const ast_decl *decl)
{
    return decl->kind != DECL_USE && decl->kind != DECL_SCENARIO && decl->name.text;
}

static void append_slip(const rulebook *book, const char *name, text *out)
{
    suggestion similar = suggest_begin(name);
    each (const ast_decl, decl, &book->decls) {
        if (is_named(decl) && strcmp(decl->name.text, name) == 0)
            return;
        if (is_named(decl))
            suggest_consider(&similar, decl->name.text);
    }
    if (suggest_best(&similar))
        text_append_format(out, "no rule is named \"%s\"; did you mean \"%s\"?\n", name,
                           suggest_best(&similar));
}

void rulebook_append_slips(const rulebook *book, const ast_file *file, text *out)
{
    each (const ast_decl, decl, &file->decls)
        if (is_named(decl))
            append_slip(book, decl->name.text, out);
}

/* Of another file, since names that a file declares twice are a mistake of it. */
static bool takes_place_of(const ast_decl *a, const ast_decl *b)
{
    return a->where.file != b->where.file && is_named(a) && is_named(b) &&
           strcmp(a->name.text, b->name.text) == 0;
}

void rulebook_replace(rulebook *book, ast_file *file)
{
    size_t before = book->decls.count;
    ast_list_add(book->memory, &book->files, file);
    each (ast_decl, decl, &file->decls) {
        size_t place = 0;
        while (place < before && !takes_place_of(decl, book->decls.items[place]))
            place++;
        if (place == before) {
            add_decl(book, decl);
            continue;
        }
        decl->number = place;
        book->decls.items[place] = decl;
    }
    add_broken(book, file);
}

bool rulebook_is_broken(const rulebook *book, const char *name)
{
    return name_index_find(&book->broken, name) != SIZE_MAX;
}

ast_decl *rulebook_declare(rulebook *book, ast_decl *decl)
{
    ast_decl *other = rulebook_find(book, decl->name.text);
    if (!other)
        name_index_add(&book->declared, book->memory, decl->name.text, decl->number);
    return other;
}

ast_decl *rulebook_find(const rulebook *book, const char *name)
{
    size_t number = name_index_find(&book->declared, name);
    return number != SIZE_MAX ? book->decls.items[number] : NULL;
}

void rulebook_done(rulebook *book)
{
    for (size_t i = 0; book && i < book->lists.count; i++)
        dictionary_free(book->lists.items[i]);
}

const char *decl_kind_phrase(const ast_decl *decl)
{
    static const char *const phrases[] = {[DECL_EVENT] = "an event",
                                          [DECL_OCCASION] = "an occasion",
                                          [DECL_USE] = "a script",
                                          [DECL_LET] = "a value",
                                          [DECL_LIST] = "a list",
                                          [DECL_SEGMENT] = "a segment",
                                          [DECL_GROUPS] = "a set of groups",
                                          [DECL_SCORE] = "a score",
                                          [DECL_SPLIT] = "a split",
                                          [DECL_SCENARIO] = "a scenario"};
    return phrases[decl->kind];
}

const char *decl_kind_word(const ast_decl *decl)
{
    return strchr(decl_kind_phrase(decl), ' ') + 1;
}

static void add_values(const ast_list *settings, arena *memory, ast_list *out)
{
    each (ast_setting, setting, settings) {
        if (!setting->is_list)
            ast_list_add(memory, out, setting);
        each (const ast_item, item, &setting->items)
            add_values(&item->settings, memory, out);
    }
}

ast_list line_told_values(const ast_line *line, arena *memory)
{
    ast_list values = {0};
    if (line_is_fact(line))
        add_values(&line->settings, memory, &values);
    return values;
}

bool line_is_fact(const ast_line *line)
{
    return line->kind == LINE_DID || line->kind == LINE_HAS;
}

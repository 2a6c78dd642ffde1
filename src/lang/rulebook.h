/* SPDX-License-Identifier: MIT
 *
 * rulebook -- all segment files of a project, with the names they declare.
 *
 *     rulebook *book = rulebook_new(schema, scripts, zone, memory);
 *     rulebook_add(book, parse_segments(source, memory, diags));
 *     read_files(book, diags);          // scripts and lists that the rules name
 *     resolve_names(book, diags);       // names -> declarations, kinds, traits
 *     check_types(book, diags);         // every expression typed
 */
#ifndef LANG_RULEBOOK_H
#define LANG_RULEBOOK_H

#include "lang/ast.h"
#include "lang/data_names.h"
#include "report/diags.h"
#include "script/script.h"
#include "value/calendar.h"
#include "schema/schema.h"

typedef struct rulebook {
    const schema *schema;
    script_set *scripts;   /* `use` loads into it */
    const char *directory; /* scripts are seen from here */
    const zone *zone;
    arena *memory;
    ast_list files;            /* ast_file */
    ast_list decls;            /* ast_decl of all files, in order */
    name_index broken;         /* declared, but the rest could not be read */
    ast_list order;            /* ast_decl: used before user; filled by resolve_names */
    ast_list lists;            /* dictionary: the files of lists, which the book owns */
    const bool *wanted_traits; /* by trait: its values are a result, too; NULL: of none */
    const bool *
        selected; /* by number of a declaration: what it says is a result; NULL: of all */
    name_index declared; /* the numbers of declarations by their names */
    data_names names;    /* of the data, for hints */
} rulebook;

/* All arguments outlive the book, which lives in `memory`. */
rulebook *rulebook_new(const schema *s, script_set *scripts, const char *directory,
                       const zone *zone, arena *memory);
void rulebook_add(rulebook *book, ast_file *file);

/* The same, but what it declares takes the place of what has its name; before names are resolved. */
void rulebook_replace(rulebook *book, ast_file *file);

/* Of each name that the file declares, that the book has not, and that is much like one that it has,
 * append a line: no rule is named "vpi"; did you mean "vip"? Before the file is in the book. */
void rulebook_append_slips(const rulebook *book, const ast_file *file, text *out);

/* Give back what is not in the arena. Accepts NULL. */
void rulebook_done(rulebook *book);

/* Enter the name of a declaration; the one that has it already, or NULL. */
ast_decl *rulebook_declare(rulebook *book, ast_decl *decl);

/* The declaration of a name (not a `use` or a scenario), or NULL. */
ast_decl *rulebook_find(const rulebook *book, const char *name);

/* Was the name declared by something that could not be read? Whoever uses it is not to
 * blame. */
bool rulebook_is_broken(const rulebook *book, const char *name);

/* A word for what a declaration is: "segment", "set of groups", "value" ... */
const char *decl_kind_word(const ast_decl *decl);
const char *decl_kind_phrase(const ast_decl *decl); /* "a segment", "an event" ... */

/* Does a line of a scenario tell something? The others expect something. */
bool line_is_fact(const ast_line *line);

/* The values that such a line tells, those in its lists too: ast_setting. */
ast_list line_told_values(const ast_line *line, arena *memory);

#endif

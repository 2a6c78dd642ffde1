/* SPDX-License-Identifier: MIT
 *
 * build -- the nodes of the tree, as the actions of grammar/segment.y make them.
 *
 * A parser reads one declaration, the tokens [begin, end). segment_parse() leaves either
 * the declaration or where reading stopped and what could have stood there. Most nodes
 * are their parts and no more: the grammar names these, and build_node() keeps them.
 * Expressions are made from the inside out, so their heights are known at once.
 */
#ifndef LANG_BUILD_H
#define LANG_BUILD_H

#include "lang/ast_ask.h"
#include "lang/data_names.h"
#include "lang/lexer.h"
#include "lang/parse.h"
#include "report/diags.h"

/* More than any token of the grammar. */
#define PARSER_TOKEN_LIMIT 512

/* A finished expression that is not yet under another one. */
typedef struct height_entry {
    uint32_t begin;
    unsigned height;
} height_entry;

typedef struct parser {
    const source *source;
    arena *memory;
    diags *diags;
    const data_names *names; /* of the data; or NULL */
    const lex_token *tokens; /* of the whole file */
    size_t begin, next, end;
    lex_token end_token; /* what is read at `end` */
    size_t depth;        /* open brackets */
    bool is_too_deep;
    bool has_many_parts; /* what is too deep is a name */
    height_entry *heights;
    size_t height_count, height_capacity;

    ast_decl *decl; /* the result */
    bool is_stuck;  /* or: at token next - 1 something else should stand, */
    bool expected[PARSER_TOKEN_LIMIT]; /* namely one of these */
} parser;

/* The parser that bison makes of grammar/segment.y: 0 when the declaration was read. */
int segment_parse(parser *p);

/* A node with these parts, in the parser's memory. */
void *build_node(parser *p, const void *parts, size_t size);

/* ---- names, literals, lists --------------------------------------------------- */

ast_name build_no_name(span where);
ast_name build_name(const lex_token *token);

/* The name of a declaration, a group or an arm, which may be no word of the language. */
ast_name build_declared_name(parser *p, const lex_token *token);
/* The path of a file that comes with carpel: lib.rate is "lib/rate.lua". */
ast_name build_library(parser *p, const lex_token *folder, const lex_token *name);

ast_list build_list(parser *p, void *first);
ast_list build_list_add(parser *p, ast_list list, void *item);
ast_list build_pair(parser *p, void *first, void *second);
void build_list_join(parser *p, ast_list *list, const ast_list *more);
ast_list build_names(parser *p, ast_name first);
ast_list build_names_add(parser *p, ast_list list, ast_name name);
/* The next part of a name with points. */
ast_list build_part_add(parser *p, ast_list names, ast_name part);
ast_ref build_ref(span where, const lex_token *name, const lex_token *member);

/* A number that counts something: without digits behind the point, 0 or more. */
int64_t build_count(parser *p, const lex_token *number);

/* ---- expressions -------------------------------------------------------------- */

/* An expression over those within its span that are not yet under another. */
ast_expr *build_expr(parser *p, ast_expr parts);
ast_expr *build_literal(parser *p, ast_expr_kind kind, const lex_token *token);

/* The first instant of a local day. */
ast_expr *build_first_instant(parser *p, const lex_token *day);

/* One more behind `a and b`, without nesting. */
ast_expr *build_chain_add(parser *p, ast_expr *chain, span where, ast_expr *next);

static inline aggregate_kind aggregate_of(const lex_token *name)
{
    return (aggregate_kind)name->keyword->value;
}

bool build_zero(parser *p, const lex_token *number); /* the 0 of `per day else 0` */
ast_amount build_amount(parser *p, const lex_token *token);

/* The condition of a `where`, in which `time since T` is a window. */
ast_expr *build_where(parser *p, ast_expr *condition);

/* ---- behaviour ---------------------------------------------------------------- */

ast_event *build_event(ast_event *kind, span at, ast_expr *where);
ast_pattern *build_single(parser *p, span at, ast_list events, ast_expr *where);
ast_pattern *build_sequence(ast_pattern *bounds, span at, ast_list links);
/* `names`: the property's, and those behind it. */
ast_selection *build_selection(parser *p, span at, ast_pattern *pattern, ast_list names);
ast_selection *build_event_value(parser *p, span at, ast_event *event, ast_list names);
ast_window *build_within(ast_window *anchor, ast_window_kind kind, span at,
                         ast_duration duration);

/* ---- declarations ------------------------------------------------------------- */

/* An attribute that stands once. */
void build_attribute(parser *p, ast_name *attribute, const char *word,
                     const lex_token *token);

/* Attributes come first: a declaration with nothing else, to be filled. */
ast_decl *build_decl(ast_decl *draft, ast_decl_kind kind, span where, ast_name name,
                     ast_name title);
void build_scope(ast_decl *decl, ast_name subject, ast_ref among, int judged_unit,
                 span judged_place);
ast_month_day build_month_day(parser *p, const lex_token *month, const lex_token *day);
ast_setting *build_setting(parser *p, ast_list names, ast_expr *value);
/* What a call gives: it is named by its own words. */
ast_setting *build_given(parser *p, ast_expr *call, ast_expr *value);

/* The items of a list that a scenario tells: records, or plain values. */
ast_setting *build_told_list(parser *p, ast_list names, ast_list items);
ast_setting *build_told_values(parser *p, ast_list names, ast_list values);

#endif

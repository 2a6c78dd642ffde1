/* SPDX-License-Identifier: MIT
 *
 * build -- the nodes of the tree, as the actions of grammar/segment.y make them.
 *
 * A parser reads one declaration, the tokens [begin, end). segment_parse() leaves either
 * the declaration or where reading stopped and what could have stood there. Nodes are
 * made from the inside out, so their heights are known at once: see build_expr().
 */
#ifndef LANG_BUILD_H
#define LANG_BUILD_H

#include "lang/ast.h"
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

/* ---- names, literals, lists --------------------------------------------------- */

ast_name build_no_name(span where);
ast_name build_name(const lex_token *token);

/* The name of a declaration, a group or an arm, which may be no word of the language. */
ast_name build_declared_name(parser *p, const lex_token *token);
ast_list build_list(parser *p, void *first);
ast_list build_list_add(parser *p, ast_list list, void *item);
ast_list build_names(parser *p, ast_name first);
ast_list build_names_add(parser *p, ast_list list, ast_name name);
/* The next part of a name with points. */
ast_list build_part_add(parser *p, ast_list names, ast_name part);
ast_list build_durations_add(parser *p, ast_list list, ast_duration duration);
ast_duration build_duration(const lex_token *number, calendar_unit unit, span where);
ast_ref build_ref(span where, const lex_token *name, const lex_token *member);

/* A number that counts something: without digits behind the point, 0 or more. */
int64_t build_count(parser *p, const lex_token *number);

/* ---- expressions -------------------------------------------------------------- */

ast_expr *build_expr(parser *p, ast_expr_kind kind, span where);
ast_expr *build_literal(parser *p, ast_expr_kind kind, const lex_token *token);

/* The first instant of a local day. */
ast_expr *build_first_instant(parser *p, const lex_token *day);
ast_expr *build_unary(parser *p, ast_expr_kind kind, span where, ast_expr *left);
ast_expr *build_binary(parser *p, ast_expr_kind kind, span where, ast_expr *left,
                       ast_expr *right);
ast_expr *build_test(parser *p, ast_expr_kind kind, span where, ast_expr *left,
                     bool is_negated);
ast_expr *build_compare(parser *p, span where, ast_expr *left, ast_compare compare,
                        ast_expr *right);
ast_expr *build_if(parser *p, span where, ast_expr *condition, ast_expr *yes,
                   ast_expr *no);

/* a and b; then one more behind it, without nesting. */
ast_expr *build_chain(parser *p, ast_expr_kind kind, span where, ast_expr *a,
                      ast_expr *b);
ast_expr *build_chain_add(parser *p, ast_expr *chain, span where, ast_expr *next);

ast_expr *build_some_of(parser *p, span where, const ast_times *times,
                        ast_list conditions);
ast_expr *build_lasting(parser *p, span where, ast_expr *state, ast_quantity quantity,
                        ast_duration duration);
ast_expr *build_path(parser *p, ast_expr_kind kind, span where, ast_list names);
ast_expr *build_as_of(parser *p, span where, span path, ast_list names, ast_expr *right);
ast_expr *build_call(parser *p, span where, ast_list names, ast_list arguments);
ast_expr *build_did(parser *p, span where, bool is_negated, ast_selection *selection,
                    ast_modifiers modifiers);
ast_expr *build_aggregate(parser *p, span where, const lex_token *name,
                          ast_selection *selection, ast_modifiers modifiers,
                          ast_expr *right);
ast_expr *build_per_unit(parser *p, span where, const lex_token *name, ast_expr *each,
                         calendar_unit unit, ast_modifiers modifiers, ast_expr *right);
bool build_zero(parser *p, const lex_token *number); /* the 0 of `per day else 0` */
void build_half_life(parser *p, ast_expr *aggregate, ast_duration half_life);
ast_expr *build_pick(parser *p, span where, bool is_last, ast_selection *selection,
                     ast_list windows);
ast_expr *build_rank(parser *p, ast_expr_kind kind, span where, ast_expr *left,
                     ast_ref among, ast_expr *within_each);
ast_amount build_amount(parser *p, const lex_token *token);

/* ---- behaviour ---------------------------------------------------------------- */

ast_event *build_kind(parser *p, span at, ast_name name, bool is_anything);
ast_event *build_event(ast_event *kind, span at, ast_expr *where);
ast_step *build_step(parser *p, span at, ast_list events, ast_expr *where);
ast_pattern *build_bounds(parser *p);
ast_pattern *build_single(parser *p, span at, ast_step *step);
ast_pattern *build_sequence(ast_pattern *bounds, span at, ast_list links);
ast_link *build_link(parser *p, span at, ast_step *step, ast_list spacings);
ast_spacing *build_spacing(parser *p, bool is_within, ast_quantity quantity,
                           ast_duration duration);
/* `names`: the property's, and those behind it. */
ast_selection *build_selection(parser *p, span at, ast_pattern *pattern, ast_list names);
ast_selection *build_event_value(parser *p, span at, ast_event *event, ast_list names);
ast_window *build_window(parser *p, ast_window_kind kind, span at);
ast_window *build_duration_window(parser *p, ast_window_kind kind, span at,
                                  ast_duration duration);
ast_window *build_unit_window(parser *p, ast_window_kind kind, span at,
                              calendar_unit unit, ast_expr *from);
/* The condition of a `where`, in which `time since T` is a window. */
ast_expr *build_where(parser *p, ast_expr *condition);

ast_window *build_instant_window(parser *p, ast_window_kind kind, span at, ast_expr *from,
                                 ast_expr *to);
ast_window *build_anchor(parser *p, span at, ast_expr *from, ast_step *step,
                         ast_name same);
ast_window *build_within(ast_window *anchor, ast_window_kind kind, span at,
                         ast_duration duration);
ast_periods *build_periods(parser *p, span at, const ast_times *times, int64_t count,
                           calendar_unit unit, bool is_full);
span *build_place(parser *p, span at);
ast_row *build_row(parser *p, span at, ast_step *among);
ast_times *build_times(parser *p, ast_quantity quantity, int64_t count, span at);

/* ---- declarations ------------------------------------------------------------- */

/* A declaration to be filled: note, owner, tags and purpose come first. */
ast_decl *build_attributes(parser *p);
ast_decl *build_note(parser *p, ast_decl *draft, ast_list texts);
ast_decl *build_owner(parser *p, ast_decl *draft, const lex_token *owner);
ast_decl *build_tags(parser *p, ast_decl *draft, ast_list tags);
ast_decl *build_purpose(parser *p, ast_decl *draft, const lex_token *purpose);
ast_decl *build_decl(ast_decl *draft, ast_decl_kind kind, span where, ast_name name,
                     ast_name title);
void build_scope(ast_decl *decl, ast_name subject, ast_ref among, int judged_unit,
                 span judged_place);
ast_group *build_group(parser *p, span at, ast_name name, ast_name title, ast_expr *when);
ast_point *build_point(parser *p, span at, bool is_minus, const lex_token *amount);
void build_cap(ast_point *point, const lex_token *cap);
ast_occasion build_occasion(ast_occasion_kind kind);
ast_month_day build_month_day(parser *p, const lex_token *month, const lex_token *day);
ast_arm *build_arm(parser *p, span at, ast_name name, const lex_token *share);
ast_setting *build_setting(parser *p, ast_list names, ast_expr *value);

/* The items of a list that a scenario tells: records, or plain values. */
ast_setting *build_told_list(parser *p, ast_list names, ast_list items);
ast_setting *build_told_values(parser *p, ast_list names, ast_list values);
ast_item *build_item(parser *p, ast_list settings);
ast_line *build_line(parser *p, ast_line_kind kind, span where, const lex_token *person,
                     ast_expr *at);

#endif

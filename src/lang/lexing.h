/* SPDX-License-Identifier: MIT
 *
 * lexing -- what the files of the lexer share. lexer.h is its public face.
 *
 *   lexer.c          pieces to tokens, words to keywords; texts and names
 *   lexer_numbers.c  numbers, dates and times
 *   lexer_foreign.c  what other languages write
 *   lexer_formats.c  the same in brackets, and files that are no rules
 *
 * Each function takes the piece from `begin` to `end` of the text.
 */
#ifndef LANG_LEXING_H
#define LANG_LEXING_H

#include "lang/lexer.h"
#include "lang/raw.h"
#include "lang/telling.h"

/* One file while it is read. */
typedef struct reader {
    const source *source;
    slice text;
    arena *memory;
    diags *diags;
    token_list *out;
    ast_list *comments;
    bool is_repaired;          /* the next token follows something that was reported */
    bool has_told_of_encoding; /* once a file is enough */
    bool has_told_of_semicolon;
    size_t foreign_brackets; /* opened and reported: what closes them is known */
    size_t reported_end;     /* a run of signs up to here was reported */
    size_t skipped_end;      /* pieces before it belong to something that was reported */
    size_t depth;            /* round brackets that are open */
} reader;

/* ---- lexer.c ---------------------------------------------------------------------- */

span span_of(const reader *r, size_t begin, size_t end);
bool is_blank_byte(char c);
lex_token *add_token(reader *r, int kind, size_t begin, size_t end);

/* What was just reported is no part of a token: its neighbours know. */
void mark_repaired(reader *r);

/* Say once a file that it is not UTF-8. */
void tell_of_encoding(reader *r, size_t at);

/* ---- lexer_numbers.c -------------------------------------------------------------- */

/* Does it have the form, where 9 stands for a digit? */
bool has_form(const char *written, const char *form);
void add_number(reader *r, raw_kind raw, size_t begin, size_t end);
void add_date(reader *r, size_t begin, size_t end);
void add_dotted_date(reader *r, size_t begin, size_t end);
void add_time(reader *r, size_t begin, size_t end);

/* ---- lexer_foreign.c -------------------------------------------------------------- */

void add_foreign_text(reader *r, size_t begin, size_t end);
void add_foreign_sign(reader *r, size_t begin, size_t end);
void report_foreign_comment(reader *r, size_t begin, size_t end);

/* ---- lexer_formats.c -------------------------------------------------------------- */

/* A file that is no text of rules is reported, and not read on. */
bool is_foreign_file(reader *r);

/* Each reports what begins at a sign, if it is that: `user["country"]`, a document in another
 * format, a list that a function is expected of. */
bool report_index(reader *r, size_t begin);
bool report_foreign_format(reader *r, size_t begin);
bool report_expected_list(reader *r, size_t begin);

/* Are these the brackets of a list of values, as in `user.country in {"DE", "AT"}`? */
bool is_behind_in(const reader *r);

/* Where the brackets close that are open at `at`, or the text ends. */
size_t nested_end(const reader *r, size_t at);

#endif

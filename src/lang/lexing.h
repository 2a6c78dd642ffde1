/* SPDX-License-Identifier: MIT
 *
 * lexing -- what the files of the lexer share. lexer.h is its public face.
 *
 *   lexer.c          pieces to tokens, words to keywords; texts and names
 *   lexer_numbers.c  numbers, dates and times
 *   lexer_foreign.c  what other languages write
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

/* A file that is no text of rules is reported, and not read on. */
bool is_foreign_file(reader *r);
void add_foreign_text(reader *r, size_t begin, size_t end);
void add_foreign_sign(reader *r, size_t begin, size_t end);
void report_foreign_comment(reader *r, size_t begin, size_t end);

#endif

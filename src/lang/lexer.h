/* SPDX-License-Identifier: MIT
 *
 * lexer -- a source as a row of tokens.
 *
 * grammar/segment.l cuts the text into raw pieces. Here they become what the grammar
 * knows, which depends on what stands beside them: a declaration word is a keyword only
 * at the left margin, a word after a dot is always a name, two words may be one token.
 * Mistakes that have one clear remedy (`==`, curly quotes, `[`) are reported and read as
 * what they should have been, so that the rest of the rule is still looked at.
 *
 *     token_list tokens = {0};
 *     lexer_read(source, memory, diags, &tokens, &file->comments);
 *     ...
 *     token_list_done(&tokens);
 */
#ifndef LANG_LEXER_H
#define LANG_LEXER_H

#include "lang/ast.h"
#include "lang/keywords.h"
#include "report/diags.h"

typedef struct lex_token {
    int kind; /* of grammar/segment.y; 0 at the end */
    span where;
    const char *text; /* the name, the text, the keyword, or the literal as written */
    const keyword *keyword; /* NULL for what is no keyword here */
    ast_number number;      /* NUMBER, PERCENT */
    int64_t time;           /* DATE, DATETIME: as in ast_expr */
    bool time_has_zone;
    bool is_quoted;        /* a name in backticks */
    bool is_at_margin;     /* at the very begin of a line */
    bool is_first_in_line; /* with nothing but blanks before it */
    bool is_repaired;      /* it, or what stood right before it, has been reported */
    bool is_unclosed;      /* it has swallowed the rest of its line */
} lex_token;

typedef struct token_list {
    lex_token *items;
    size_t count, capacity;
} token_list;

/* Append the tokens of the source, with an end token behind the last; texts live in
 * `memory`. `comments` receives every ast_comment. */
void lexer_read(const source *file, arena *memory, diags *d, token_list *out,
                ast_list *comments);

/* Does the token look like a word, be it a name or a keyword; is it a name without backticks; does it
 * begin a declaration? */
bool token_is_word(const lex_token *token);
bool is_plain_name(const lex_token *token);
bool is_head(const lex_token *token);

/* Are there two line ends before this place, and only blanks between? */
bool lexer_is_after_blank_line(slice text, size_t at);

/* How many bytes at the begin of `text` are a name; 0 when none. */
size_t lexer_name_length(const char *text, size_t size);

/* May rules write the name as it is, and not in backticks? */
bool lexer_is_plain_name(const char *name);

/* The name as rules write it. */
void lexer_append_name(const char *name, text *out);

void token_list_done(token_list *list);

#endif

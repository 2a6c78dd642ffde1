/* SPDX-License-Identifier: MIT
 *
 * How the recognisers of mistakes look around: words in a row, the value before a place,
 * what a sentence is about.
 */
#include "lang/mistaken.h"

#include <ctype.h>

/* How many bytes of `words` the token takes, as far as they spell it; or 0. */
static size_t spelled_size(const lex_token *token, slice words)
{
    size_t size = 0;
    if (token->is_quoted || token->kind == TOKEN_STRING)
        return 0;
    for (const char *met = token->text; *met; met++, size++)
        if (size == words.size || (tolower((unsigned char)*met) != words.data[size] &&
                                   !(*met == ' ' && words.data[size] == '_')))
            return 0;
    return size;
}

size_t words_at(const mistake *m, size_t at, slice words)
{
    for (size_t count = 0;; count++) {
        size_t size = spelled_size(token_at(m->p, at + count), words);
        if (size == 0 || size == words.size)
            return size > 0 ? count + 1 : 0;
        if (!strchr(" _", words.data[size]))
            return 0;
        words.data += size + 1;
        words.size -= size + 1;
    }
}

size_t operand_begin(const mistake *m, size_t at)
{
    static const int joints[] = {JOINTS,      COMPARISONS, TOKEN_IF,
                                 TOKEN_WHERE, TOKEN_AMONG, ','};
    size_t closed = 0;
    for (; at > m->p->begin; at--) {
        const lex_token *token = &m->p->tokens[at - 1];
        if (token->kind == ')')
            closed++;
        else if (token->kind == '(' && closed-- == 0)
            return at;
        else if (closed == 0 && IS_IN(token, joints))
            return at;
    }
    return at;
}

size_t operand_end_index(const mistake *m, size_t at)
{
    static const int joints[] = {JOINTS,     COMPARISONS, TOKEN_OTHERWISE,
                                 TOKEN_PLUS, TOKEN_MINUS, ','};
    size_t open = 0;
    for (; at < m->p->end; at++) {
        const lex_token *token = &m->p->tokens[at];
        if (token->kind == '(')
            open++;
        else if (token->kind == ')' && open-- == 0)
            return at;
        else if (open == 0 && IS_IN(token, joints))
            return at;
    }
    return at;
}

bool is_closed_later(const mistake *m)
{
    size_t depth = 0;
    for (size_t at = m->at; at < m->p->end; at++) {
        int kind = m->p->tokens[at].kind;
        if (kind == '(')
            depth++;
        if (kind == ')' && depth-- == 0)
            return true;
    }
    return false;
}

/* SPDX-License-Identifier: MIT
 *
 * The driver: a file's tokens are cut at the declaration words of the left margin, and
 * each declaration is parsed by itself. So a mistake ends with its declaration, and an
 * unfinished rule never swallows the one below it.
 */
#include "lang/parse.h"

#include <string.h>

#include "base/memory.h"
#include "lang/build.h"
#include "lang/lexer.h"
#include "lang/mistake.h"
#include "lang/telling.h"

#include "grammar/segment_parser.h"

/* Remember the name of a declaration that could not be read. `let count(x) as n` ends with it. */
static void add_broken(const parser *p, ast_file *file)
{
    size_t begin = p->begin; /* `n = 3` and `var n = 3` have no head */
    bool is_bare = begin + 1 < p->end && p->tokens[begin + 1].kind == '=';
    if (begin + 1 >= p->end || (!is_head(&p->tokens[begin]) && !is_bare &&
                                p->tokens[begin + 1].kind != TOKEN_NAME))
        return;
    bool is_last = p->end > begin + 3 && p->tokens[p->end - 1].kind == TOKEN_NAME &&
                   (p->tokens[begin + 2].kind == '(' ||
                    strcmp(p->tokens[p->end - 2].text, "as") == 0);
    const lex_token *name = &p->tokens[is_last ? p->end - 1 : begin + !is_bare];
    if (token_is_word(name) || name->is_quoted) {
        ast_name *copy = arena_alloc(p->memory, sizeof *copy);
        *copy = build_name(name);
        ast_list_add(p->memory, &file->broken, copy);
    }
}

static void report_depth(const parser *p)
{
    const lex_token *token = &p->tokens[p->next <= p->end ? p->next - 1 : p->end - 1];
    if (p->depth > PARSE_MAX_DEPTH)
        error(p, token->where, E0120, "more than %d brackets are open here",
              PARSE_MAX_DEPTH);
    else if (p->has_many_parts)
        error(p, token->where, E0120, "the name that ends here has more than %d parts",
              PARSE_MAX_PARTS);
    else
        error(p, token->where, E0120,
              "the expression that ends here has more than %d levels", PARSE_MAX_HEIGHT);
    if (!p->has_many_parts)
        hint(p, "Give a part of it a name with let.");
}

/* Read the declaration of tokens [begin, end). */
static void parse_one(parser *p, size_t begin, size_t end, ast_file *file)
{
    p->begin = p->next = begin;
    p->end = end;
    p->end_token = (lex_token){.where = p->tokens[end - 1].where, .text = ""};
    p->end_token.where.begin = p->end_token.where.end;
    p->depth = p->height_count = 0;
    p->is_too_deep = p->has_many_parts = p->is_stuck = false;
    p->decl = NULL;
    if (segment_parse(p) != 0 || p->is_too_deep)
        p->decl = NULL;
    if (p->decl)
        ast_list_add(p->memory, &file->decls, p->decl);
    else if (p->is_too_deep)
        report_depth(p);
}

/* A word that should begin a declaration, from here on does. */
static void become_head(const parser *p, lex_token *tokens, size_t at)
{
    const keyword *head = mistake_report_head(p, at);
    tokens[at].kind = head->token;
    tokens[at].keyword = head;
}

static place place_of(const parser *p, size_t token)
{
    return source_place(p->source, p->tokens[token].where.begin);
}

/* The line of a scenario that begins behind `at`, as far in as its first one; or `end`. */
static size_t next_line(const parser *p, size_t begin, size_t at, size_t end)
{
    uint32_t column = place_of(p, begin + 2).column;
    for (size_t i = at + 1; i < end; i++) {
        place here = place_of(p, i);
        if (here.column == column && here.line != place_of(p, i - 1).line)
            return i;
    }
    return end;
}

/* A line of a scenario that is wrong hides no other: each is read behind the scenario's own
 * two words, which take the places of tokens that are through. */
static void report_other_lines(parser *p, lex_token *tokens, size_t begin, size_t at,
                               size_t end)
{
    ast_file none = {0};
    if (tokens[begin].kind != TOKEN_SCENARIO || at < begin + 2)
        return;
    const lex_token head = tokens[begin], title = tokens[begin + 1];
    while ((at = next_line(p, begin, at, end)) < end) {
        tokens[at - 2] = head;
        tokens[at - 1] = title;
        begin = at - 2;
        parse_one(p, begin, end, &none);
        if (p->decl || p->is_too_deep || p->next - 1 < at)
            return; /* what is wrong stands before the line */
        at = p->next - 1;
        mistake_report(p, at);
    }
}

/* The same, with messages. A declaration word that is misspelt or stands behind blanks is
 * put right, so what it begins is a declaration of its own. */
static void parse_declaration(parser *p, lex_token *tokens, size_t begin, size_t end,
                              ast_file *file)
{
    bool is_lost = true;
    while (is_lost) {
        size_t lost;
        parse_one(p, begin, end, file);
        if (p->decl)
            return;
        size_t at = p->next - 1;
        if (p->is_stuck && !p->is_too_deep && mistake_find_head(p, at, &lost)) {
            become_head(p, tokens, lost);
            if (lost > begin)
                parse_declaration(p, tokens, begin, lost, file);
        } else {
            if (!p->is_too_deep)
                mistake_report(p, at);
            add_broken(p, file);
            is_lost = mistake_find_next_head(p, at, &lost);
            if (is_lost)
                become_head(p, tokens, lost);
            else if (!p->is_too_deep)
                report_other_lines(p, tokens, begin, at, end);
        }
        begin = lost;
    }
}

ast_file *parse_rules(const source *origin, const data_names *names, arena *memory,
                      diags *d)
{
    ast_file *file = arena_alloc(memory, sizeof *file);
    file->source = origin;
    token_list tokens = {0};
    lexer_read(origin, memory, d, &tokens, &file->comments);
    parser p = {.source = origin,
                .memory = memory,
                .diags = d,
                .names = names,
                .tokens = tokens.items};
    size_t last = tokens.count - 1; /* the end */
    for (size_t begin = 0, end; begin < last; begin = end) {
        end = begin + 1;
        while (end < last && !is_head(&tokens.items[end]))
            end++;
        parse_declaration(&p, tokens.items, begin, end, file);
    }
    memory_free(p.heights);
    token_list_done(&tokens);
    return file;
}

bool parse_is_good(slice declaration)
{
    ast_file file = {0};
    token_list tokens = {0};
    arena *memory = arena_new();
    diags *found = diags_new();
    source *origin = source_new("", declaration.data, declaration.size);
    lexer_read(origin, memory, found, &tokens, &file.comments);
    parser p = {
        .source = origin, .memory = memory, .diags = found, .tokens = tokens.items};
    if (tokens.count > 1)
        parse_one(&p, 0, tokens.count - 1, &file);
    bool is_good = file.decls.count == 1 && diags_count(found) == 0;
    memory_free(p.heights);
    token_list_done(&tokens);
    source_free(origin);
    diags_free(found);
    arena_free(memory);
    return is_good;
}

ast_file *parse_segments(const source *origin, arena *memory, diags *d)
{
    return parse_rules(origin, NULL, memory, d);
}

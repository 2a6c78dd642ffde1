/* SPDX-License-Identifier: MIT
 *
 * Words that are no words of the language: those of other languages and tools, misspelt
 * ones, and those with a letter of another alphabet.
 */
#include "lang/mistaken.h"

#include <strings.h>

#include "lang/foreign.h"
#include "report/lookalike.h"
#include "report/suggest.h"

/* ---- foreign words -------------------------------------------------------------- */

static int first_token(const char *ours)
{
    static const struct {
        const char *ours;
        int token;
    } others[] = {{"=", '='},
                  {"!=", TOKEN_NE},
                  {">", '>'},
                  {"<", '<'},
                  {"did not", TOKEN_DID},
                  {"and not in", TOKEN_AND},
                  {"else if", TOKEN_ELSE}};
    const keyword *known = keyword_find(ours);
    for (size_t i = 0; i < LENGTH(others) && !known; i++) {
        if (strcmp(others[i].ours, ours) == 0)
            return others[i].token;
    }
    return known ? known->token : 0;
}

/* What `word` says, if that could stand here. */
static const char *meant_here(const mistake *m, const char *word)
{
    const foreign_word *known = foreign_find(word, NULL);
    for (; known; known = foreign_find(word, known)) {
        int token = first_token(known->ours);
        if (token != 0 && expects(m, token))
            return known->ours;
    }
    return NULL;
}

/* `like "%@gmail.com"`, with the signs that stand for any text at its ends alone. */
static void fix_like(const mistake *m, span where)
{
    const lex_token *form = m->behind;
    bool has_form = form->kind == TOKEN_STRING && form->where.begin < form->where.end;
    bool is_either = strcasecmp(m->found->text, "ilike") == 0;
    span whole = has_form ? span_join(where, form->where) : where;
    const char *pattern =
        has_form && is_either ? pattern_of_like(m->p->memory, form->text) : NULL;
    const char *test = has_form ? test_of_like(m->p->memory, form->text) : NULL;
    if (pattern) {
        offer(m, whole, "Write %s: (?i) is for letters of either case.", "matches \"%s\"",
              pattern);
        return;
    }
    hint(m, "Write \"contains\", \"starts with\" or \"ends with\", and no "
            "%% in the text.");
    if (test && *test == '=' && m->before->kind == TOKEN_NOT)
        fix(m, span_join(m->before->where, whole), "!%s", test);
    else if (test)
        fix(m, whole, "%s", test);
}

static void hint_foreign(const mistake *m, span where, const char *word, const char *ours)
{
    if (strcasecmp(word, "like") == 0 || strcasecmp(word, "ilike") == 0)
        fix_like(m, where);
    else if (strcmp(ours, "missing") == 0)
        hint(m, "Write \"is missing\", or \"is not missing\".");
    else
        offer(m, where, "Write \"%s\".", "%s", ours);
}

/* The word in trouble, or that and the next one, and where they stand; NULL: they are none. */
static const char *word_in_trouble(const mistake *m, bool is_phrase, span *where)
{
    bool are_words = is_phrase ? token_is_word(m->found) && token_is_word(m->behind)
                               : is_plain_name(m->found);
    *where = is_phrase ? span_join(m->found->where, m->behind->where) : m->found->where;
    return !are_words ? NULL
           : is_phrase
               ? arena_format(m->p->memory, "%s %s", m->found->text, m->behind->text)
               : m->found->text;
}

/* `did purchase und did login`, `at minimum 3 times`. */
static bool uses_foreign_word(const mistake *m, bool is_phrase)
{
    span where;
    const char *word = word_in_trouble(m, is_phrase, &where);
    const char *ours = word ? meant_here(m, word) : NULL;
    if (!ours)
        return false;
    error(m, where, E0101,
          is_phrase ? "\"%s\" cannot stand here" : "\"%s\" is no word of the language",
          word);
    hint_foreign(m, where, word, ours);
    return true;
}

/* `did nicht purchase`: the word was taken for a name, and the next one is in the way. */
static bool took_foreign_word_for_name(const mistake *m)
{
    static const char *const meanings[] = {"not", "did", "no"};
    bool is_in_way = m->found->kind == TOKEN_NAME || m->found->kind == TOKEN_DID;
    if (!is_plain_name(m->before) || back(m, 2)->kind == '.' || !is_in_way)
        return false;
    const foreign_word *known = foreign_find(m->before->text, NULL);
    for (size_t i = 0; known && i < LENGTH(meanings); i++) {
        if (strcmp(known->ours, meanings[i]) != 0)
            continue;
        error(m, m->before->where, E0101, "\"%s\" is no word of the language",
              m->before->text);
        hint_foreign(m, m->before->where, m->before->text, known->ours);
        return true;
    }
    return false;
}

/* ---- misspelt words --------------------------------------------------------------- */

/* `ddi purchase`. */
static bool misspells_did(const mistake *m)
{
    if (!is_plain_name(m->before) || back(m, 2)->kind == '.' ||
        m->found->kind != TOKEN_NAME || is_head(back(m, 2)))
        return false;
    suggestion s = suggest_begin(m->before->text);
    suggest_consider(&s, "did");
    suggest_consider(&s, "last");
    suggest_consider(&s, "first");
    if (!suggest_best(&s))
        return false;
    error(m, m->before->where, E0101, "\"%s\" is no word of the language",
          m->before->text);
    hint_similar(m->diags, m->before->where, m->before->text, suggest_best(&s));
    return true;
}

static void consider_words(const mistake *m, suggestion *s, bool is_phrase)
{
    for (size_t i = 0; i < keyword_count; i++) {
        const keyword *word = &keywords[i];
        bool fits = word->use != KEYWORD_CALL || m->behind->kind == '(';
        if (word->use != KEYWORD_HEAD && fits && expects(m, word->token) &&
            (word->use == KEYWORD_PHRASE) == is_phrase)
            suggest_consider(s, word->spelling);
    }
}

/* `at lest 3 times`. */
static bool misspells_word(const mistake *m, bool is_phrase)
{
    span where;
    const char *word = word_in_trouble(m, is_phrase, &where);
    bool is_known = expects(m, m->found->kind) ||
                    (m->behind->keyword && m->behind->keyword->use == KEYWORD_PHRASE);
    if (!word || (is_phrase && is_known))
        return false;
    suggestion s = suggest_begin(word);
    consider_words(m, &s, is_phrase);
    if (!suggest_best(&s))
        return false;
    error(m, where, E0101, "\"%s\" cannot stand here", word);
    hint_similar(m->diags, where, word, suggest_best(&s));
    return true;
}

bool mistake_in_words(const mistake *m)
{
    return uses_foreign_word(m, true) || uses_foreign_word(m, false) ||
           took_foreign_word_for_name(m) || misspells_word(m, true) ||
           misspells_word(m, false) || misspells_did(m);
}

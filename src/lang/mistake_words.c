/* SPDX-License-Identifier: MIT
 *
 * Words that are no words of the language: those of other languages and tools, misspelt
 * ones, and those with a letter of another alphabet.
 */
#include "lang/mistaken.h"

#include <stdio.h>
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

/* `user.email is empty`: missing, or a text without letters? */
static void hint_empty(const mistake *m)
{
    bool is_denied = m->before->kind == TOKEN_NOT;
    const lex_token *is = is_denied ? back(m, 2) : m->before;
    if (is_denied)
        hint(m, "Write \"is not missing\" if any value will do, or != \"\" if "
                "the text must have something in it.");
    else
        hint(m, "Write \"is missing\" for no value at all, or = \"\" for a "
                "text with nothing in it.");
    fix(m, m->found->where, "missing");
    if (is->kind == TOKEN_IS)
        fix(m, span_join(is->where, m->found->where), "%s \"\"", is_denied ? "!=" : "=");
}

static void fix_word(const mistake *m, span where, const char *ours)
{
    offer(m, where, "Write \"%s\".", "%s", ours);
}

/* `like "%@gmail.com"`, with the signs that stand for any text at its ends alone. */
static void fix_like(const mistake *m, span where)
{
    const lex_token *form = m->behind;
    const char *pattern = strcasecmp(m->found->text, "ilike") == 0 &&
                                  form->kind == TOKEN_STRING &&
                                  form->where.begin < form->where.end
                              ? pattern_of_like(m->p->memory, form->text)
                              : NULL;
    if (pattern) {
        offer(m, span_join(where, form->where),
              "Write %s: (?i) is for letters of either case.", "matches \"%s\"", pattern);
        return;
    }
    hint(m, "Write \"contains\", \"starts with\" or \"ends with\", and no "
            "%% in the text.");
    if (form->kind != TOKEN_STRING || form->where.begin < where.end)
        return;
    const char *begin = form->text, *end = begin + strlen(begin);
    bool is_open_before = *begin == '%' || *begin == '*';
    bool is_open_behind = end > begin && (end[-1] == '%' || end[-1] == '*');
    begin += is_open_before;
    end -= is_open_behind && end > begin;
    if (strcspn(begin, "%*_?[") < (size_t)(end - begin))
        return;
    const char *test = is_open_before && is_open_behind ? "contains"
                       : is_open_before                 ? "ends with"
                       : is_open_behind                 ? "starts with"
                                                        : "=";
    bool is_denied = m->before->kind == TOKEN_NOT && test[0] == '=';
    where = is_denied ? m->before->where : where;
    fix(m, span_join(where, form->where), "%s%s \"%.*s\"", is_denied ? "!" : "", test,
        (int)(end - begin), begin);
}

static void report_foreign(const mistake *m, span where, const char *word,
                           const char *ours)
{
    error(m, where, E0101, "\"%s\" is no word of the language", word);
    if (strcasecmp(word, "like") == 0 || strcasecmp(word, "ilike") == 0)
        fix_like(m, where);
    else if (strcasecmp(word, "empty") == 0 || strcasecmp(word, "blank") == 0)
        hint_empty(m);
    else if (strcmp(ours, "missing") == 0)
        hint(m, "Write \"is missing\", or \"is not missing\".");
    else
        fix_word(m, where, ours);
}

/* `did purchase und did login`. */
static bool uses_foreign_word(const mistake *m)
{
    if (!is_plain_name(m->found))
        return false;
    const char *ours = meant_here(m, m->found->text);
    if (!ours)
        return false;
    report_foreign(m, m->found->where, m->found->text, ours);
    return true;
}

/* `less than 3 times`. */
static bool uses_foreign_phrase(const mistake *m)
{
    char both[2 * MOST_EXCERPT];
    if (!token_is_word(m->found) || !token_is_word(m->behind))
        return false;
    snprintf(both, sizeof both, "%s %s", m->found->text, m->behind->text);
    const char *ours = meant_here(m, both);
    if (!ours)
        return false;
    span where = span_join(m->found->where, m->behind->where);
    error(m, where, E0101, "\"%s\" cannot stand here", both);
    fix_word(m, where, ours);
    return true;
}

/* `20 Prozent`. */
static bool spells_percent_sign(const mistake *m)
{
    const foreign_word *known =
        is_plain_name(m->found) ? foreign_find(m->found->text, NULL) : NULL;
    if (!known || strcmp(known->ours, "%") != 0 || m->before->kind != TOKEN_NUMBER)
        return false;
    error(m, m->found->where, E0103, "\"%s\" is no word of the language", m->found->text);
    offer(m, span_join(m->before->where, m->found->where), "Write %s.", "%s%%",
          m->before->text);
    return true;
}

/* `30 Tage`, `90d`. */
static bool uses_foreign_unit(const mistake *m)
{
    if (!is_plain_name(m->found) || m->before->kind != TOKEN_NUMBER ||
        !expects(m, TOKEN_UNIT))
        return false;
    const char *ours = foreign_unit(m->found->text);
    if (!ours)
        return false;
    error(m, m->found->where, E0101, "\"%s\" is no unit of time", m->found->text);
    offer(m, span_join(m->before->where, m->found->where), "Write %s.", "%s %s",
          m->before->text, ours);
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
        report_foreign(m, m->before->where, m->before->text, known->ours);
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

static bool misspells_word(const mistake *m)
{
    if (!is_plain_name(m->found))
        return false;
    suggestion s = suggest_begin(m->found->text);
    consider_words(m, &s, false);
    if (!suggest_best(&s))
        return false;
    error(m, m->found->where, E0101, "\"%s\" cannot stand here", m->found->text);
    hint_similar(m->diags, m->found->where, m->found->text, suggest_best(&s));
    return true;
}

/* `at lest 3 times`. */
static bool misspells_phrase(const mistake *m)
{
    char both[2 * MOST_EXCERPT];
    bool is_phrase_behind =
        m->behind->keyword && m->behind->keyword->use == KEYWORD_PHRASE;
    if (!token_is_word(m->found) || !token_is_word(m->behind) || is_phrase_behind ||
        expects(m, m->found->kind))
        return false;
    snprintf(both, sizeof both, "%s %s", m->found->text, m->behind->text);
    suggestion s = suggest_begin(both);
    consider_words(m, &s, true);
    if (!suggest_best(&s))
        return false;
    error(m, span_join(m->found->where, m->behind->where), E0101,
          "\"%s\" cannot stand here", both);
    hint_similar(m->diags, span_join(m->found->where, m->behind->where), both,
                 suggest_best(&s));
    return true;
}

bool mistake_in_words(const mistake *m)
{
    return spells_percent_sign(m) || uses_foreign_unit(m) || uses_foreign_phrase(m) ||
           uses_foreign_word(m) || took_foreign_word_for_name(m) || misspells_phrase(m) ||
           misspells_word(m) || misspells_did(m);
}

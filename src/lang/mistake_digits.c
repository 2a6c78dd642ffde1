/* SPDX-License-Identifier: MIT
 *
 * How numbers are written: in words, and with commas and points.
 */
#include "lang/mistaken.h"

/* ---- numbers in words --------------------------------------------------------------- */

/* What number one word says; false: it is none. */
static bool read_number_word(const mistake *m, size_t at, unsigned *number)
{
    static const struct {
        const char *word;
        unsigned number;
    } words[] = {
#define X(word, number) {word, number},
#include "lang/number_words.def"
#undef X
    };
    for (size_t i = 0; i < LENGTH(words); i++) {
        *number = words[i].number;
        if (words_at(m, at, words[i].word) > 0)
            return true;
    }
    return false;
}

/* `thirty-one`, `two hundred`, `a dozen`: *number, and how many tokens it takes; or 0. */
static size_t number_in_words(const mistake *m, size_t at, unsigned *number)
{
    unsigned next;
    if (!read_number_word(m, at, number))
        return 0;
    size_t count = 1 + (token_at(m->p, at + 1)->kind == '-');
    if (!read_number_word(m, at + count, &next))
        return 1;
    bool is_multiple = *number < 10 && (next == 12 || next >= 100);
    if (!is_multiple && (*number < 20 || *number >= 100 || next >= 10))
        return 1;
    *number = is_multiple ? *number * next : *number + next;
    return count + 1;
}

/* `at least three times`, `in last thirty-one days`, `did purchase seven times`. */
static bool spells_number(const mistake *m)
{
    unsigned number;
    size_t count = number_in_words(m, m->at, &number);
    bool lacks_quantity =
        words_at(m, m->at + count, "times") > 0 && expects(m, TOKEN_AT_LEAST);
    if (count == 0 || !is_plain_name(m->found) ||
        (!lacks_quantity && !expects(m, TOKEN_NUMBER)))
        return false;
    const lex_token *last = token_at(m->p, m->at + count - 1);
    span where = span_join(m->found->where, last->where);
    error(m, where, E0101, "numbers are written in digits");
    if (lacks_quantity) {
        hint(m, "Write \"at least %u times\" or \"exactly %u times\".", number, number);
        fix(m, where, "at least %u", number);
        fix(m, where, "exactly %u", number);
        return true;
    }
    offer(m, where, "Write %s.", "%u", number);
    return true;
}

/* ---- how numbers are written -------------------------------------------------------- */

/* `1,000,000`: digits in groups, which read like two numbers. */
static bool groups_with_commas(const mistake *m)
{
    text whole;
    const lex_token *last = m->before;
    if (m->found->kind != ',' || m->before->kind != TOKEN_NUMBER ||
        strchr(m->before->text, '.'))
        return false;
    text_init(&whole);
    text_append(&whole, m->before->text);
    for (size_t at = m->at; token_at(m->p, at)->kind == ','; at += 2) {
        const lex_token *digits = token_at(m->p, at + 1);
        if (token_at(m->p, at)->where.begin != last->where.end ||
            digits->kind != TOKEN_NUMBER || strcspn(digits->text, ".") != 3 ||
            digits->where.begin != token_at(m->p, at)->where.end)
            break;
        text_append(&whole, digits->text);
        last = digits;
    }
    if (last != m->before) {
        char said[MOST_EXCERPT + 1] = "...";
        excerpt(m, m->before->where.begin, last->where.end, said, sizeof said);
        error(m, span_join(m->before->where, last->where), E0103, "\"%s\" is no number",
              said);
        offer(m, span_join(m->before->where, last->where),
              "Write %s without a comma. A fraction is written with a point.", "%s",
              whole.data);
    }
    text_done(&whole);
    return last != m->before;
}

/* `1.000,50`. */
static bool groups_digits(const mistake *m)
{
    const char *point =
        m->before->kind == TOKEN_NUMBER ? strchr(m->before->text, '.') : NULL;
    if (m->found->kind != ',' || !point || m->behind->kind != TOKEN_NUMBER ||
        m->behind->where.begin != m->found->where.end)
        return false;
    error(m, span_join(m->before->where, m->behind->where), E0103,
          "\"%s,%s\" is no number", m->before->text, m->behind->text);
    offer(m, span_join(m->before->where, m->behind->where),
          "Write %s: digits are not grouped, and a fraction begins with a point.",
          "%.*s%s.%s", (int)(point - m->before->text), m->before->text, point + 1,
          m->behind->text);
    return true;
}

static bool uses_decimal_comma(const mistake *m)
{
    if (m->found->kind != ',' || m->before->kind != TOKEN_NUMBER ||
        m->before->where.end != m->found->where.begin ||
        (m->behind->kind != TOKEN_NUMBER && m->behind->kind != TOKEN_PERCENT) ||
        m->behind->where.begin != m->found->where.end)
        return false;
    error(m, span_join(m->before->where, m->behind->where), E0103,
          "\"%s,%s\" is no number", m->before->text, m->behind->text);
    hint(m, "Write %s.%s with a point.", m->before->text, m->behind->text);
    fix(m, m->found->where, ".");
    return true;
}

bool mistake_in_digits(const mistake *m)
{
    return spells_number(m) || groups_digits(m) || groups_with_commas(m) ||
           uses_decimal_comma(m);
}

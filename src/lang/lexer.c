/* SPDX-License-Identifier: MIT
 *
 * Raw pieces to tokens, in two rounds: first each piece by itself (numbers and dates are
 * read, quotes taken off, foreign signs reported and replaced), then the words by what
 * stands beside them.
 */
#include "lang/lexer.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/utf8.h"
#include "lang/raw.h"
#include "store/calendar.h"

#include "grammar/segment_parser.h"

#define MAX_DIGITS       18u
#define MAX_SOURCE_BYTES (64u << 20)

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

/* A sign that other languages have, and what to read instead. */
typedef struct foreign_sign {
    const char *sign;
    int token; /* 0: nothing */
    const char *ours, *hint;
} foreign_sign;

#define PLAIN(sign, token, ours)                                                         \
    {                                                                                    \
        sign, token, ours, "Write the plain sign " ours " instead."                      \
    }

static const foreign_sign foreign_signs[] = {
    {"==", '=', "=", "Write = for \"is equal to\"."},
    {"<>", TOKEN_NE, "!=", "Write != for \"is not equal to\"."},
    {"=<", TOKEN_LE, "<=", "Write <= for \"is at most\"."},
    {"=>", TOKEN_GE, ">=", "Write >= for \"is at least\"."},
    {"\u2264", TOKEN_LE, "<=", "Write <= for \"is at most\"."},
    {"\u2265", TOKEN_GE, ">=", "Write >= for \"is at least\"."},
    {"\u2260", TOKEN_NE, "!=", "Write != for \"is not equal to\"."},
    {"&&", TOKEN_AND, "and", "Write the word and."},
    {"&", TOKEN_AND, "and", "Write the word and."},
    {"||", TOKEN_OR, "or", "Write the word or."},
    {"|", TOKEN_OR, "or", "Write the word or."},
    {"!", TOKEN_NOT, "not ", "Write did not ..., not in ..., != or not ( ... )."},
    {"[", '(', "(", "Brackets are round: write ( instead."},
    {"]", ')', ")", "Brackets are round: write ) instead."},
    {"{", '(', "", "Leave it out; where brackets are needed, they are round."},
    {"}", ')', "", "Leave it out; where brackets are needed, they are round."},
    {"\u00D7", '*', "*", "Write * to multiply."},
    {"\u00F7", '/', "/", "Write / to divide."},
    {"\u2192", TOKEN_THEN, "then", "Write the word then."},
    PLAIN("\u2212", '-', "-"),
    PLAIN("\u2010", '-', "-"),
    PLAIN("\u2011", '-', "-"),
    PLAIN("\u2013", '-', "-"),
    PLAIN("\u2014", '-', "-"),
    PLAIN("\uFF08", '(', "("),
    PLAIN("\uFF09", ')', ")"),
    PLAIN("\uFF1C", '<', "<"),
    PLAIN("\uFF1E", '>', ">"),
    PLAIN("\uFF1D", '=', "="),
    PLAIN("\uFF0C", ',', ","),
    PLAIN("\u3001", ',', ","),
    PLAIN("\uFF0E", '.', "."),
    PLAIN("\uFF0B", '+', "+"),
    PLAIN("\uFF0D", '-', "-"),
    PLAIN("\uFF0A", '*', "*"),
    PLAIN("\uFF0F", '/', "/"),
    {";", 0, "", "Leave it out: a declaration ends where the next one begins."},
    {"$", 0, "", "Leave it out: amounts are plain numbers."},
    {"\u20AC", 0, "", "Leave it out: amounts are plain numbers."},
    {"\u00A3", 0, "", "Leave it out: amounts are plain numbers."},
};

/* Between brackets it parts values. */
static const foreign_sign inner_semicolon = {";", ',', ",",
                                             "Values stand between commas."};

static const char some_hint[] =
    "Text stands in double quotes; a name with such a sign stands in backticks.";

static span span_of(const reader *r, size_t begin, size_t end)
{
    return (span){r->source, (uint32_t)begin, (uint32_t)end};
}

/* ---- where things stand --------------------------------------------------------- */

static bool is_line_begin(const reader *r, size_t at)
{
    return at == 0 || r->text.data[at - 1] == '\n' ||
           (at == 3 && utf8_mark_size(r->text.data, r->text.size) == 3);
}

static bool is_blank_byte(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

/* Is there nothing but blanks between the begin of the line and `at`? */
static bool is_first_in_line(const reader *r, size_t at)
{
    while (!is_line_begin(r, at) && is_blank_byte(r->text.data[at - 1]))
        at--;
    return is_line_begin(r, at);
}

static bool is_after_blank_line(const reader *r, size_t at)
{
    unsigned line_ends = 0;
    while (at > 0 &&
           (is_blank_byte(r->text.data[at - 1]) || r->text.data[at - 1] == '\n')) {
        at--;
        if (r->text.data[at] == '\n')
            line_ends++;
    }
    return line_ends > 1;
}

/* ---- tokens ----------------------------------------------------------------------- */

static lex_token *add_token(reader *r, int kind, size_t begin, size_t end)
{
    token_list *list = r->out;
    memory_grow((void **)&list->items, list->count, &list->capacity, sizeof *list->items);
    lex_token *token = &list->items[list->count++];
    *token = (lex_token){.kind = kind, .where = span_of(r, begin, end)};
    token->text = arena_copy_text(r->memory, r->text.data + begin, end - begin);
    token->is_at_margin = is_line_begin(r, begin);
    token->is_first_in_line = is_first_in_line(r, begin);
    token->is_repaired = r->is_repaired;
    r->is_repaired = false;
    return token;
}

/* What was just reported is no part of a token: its neighbours know. */
static void mark_repaired(reader *r)
{
    r->is_repaired = true;
    if (r->out->count > 0)
        r->out->items[r->out->count - 1].is_repaired = true;
}

/* ---- texts and names in quotes ---------------------------------------------------- */

static void tell_of_encoding(reader *r, size_t at)
{
    if (r->has_told_of_encoding)
        return;
    r->has_told_of_encoding = true;
    diag_error(r->diags, span_of(r, at, at + 1), E0102, "this is not UTF-8 text");
    diag_hint(r->diags, "Save the file in the encoding UTF-8.");
}

static void add_comment(reader *r, size_t begin, size_t end)
{
    while (end > begin && is_blank_byte(r->text.data[end - 1]))
        end--;
    const char *words = r->text.data + begin;
    if (memchr(words, '\0', end - begin) != NULL || !utf8_is_valid(words, end - begin))
        tell_of_encoding(r, begin);
    ast_comment *comment = arena_alloc(r->memory, sizeof *comment);
    comment->text = arena_copy_text(r->memory, r->text.data + begin, end - begin);
    comment->where = span_of(r, begin, end);
    comment->is_alone = is_first_in_line(r, begin);
    comment->is_after_blank_line = is_after_blank_line(r, begin);
    ast_list_add(r->memory, r->comments, comment);
}

/* Report bytes that no text can hold. */
static bool check_text(reader *r, size_t begin, size_t end)
{
    size_t length;
    for (size_t at = begin; at < end; at += length) {
        const char *here = r->text.data + at;
        uint32_t met = utf8_decode(here, end - at, &length);
        if (met == 0 || (met == 0xFFFD && length == 1)) {
            tell_of_encoding(r, at);
            return false;
        }
        if ((met < 0x20 && met != '\t') || met == 0x7F) {
            diag_error(r->diags, span_of(r, at, at + 1), E0102,
                       "a control character (U+%04X) stands in the text", (unsigned)met);
            return false;
        }
    }
    return true;
}

/* The text between quotes, where a quote inside stands twice. */
static const char *unquote(reader *r, size_t begin, size_t end, char quote)
{
    char *out = arena_alloc(r->memory, end - begin + 1);
    size_t size = 0;
    for (size_t at = begin; at < end; at++) {
        out[size++] = r->text.data[at];
        if (r->text.data[at] == quote && at + 1 < end && r->text.data[at + 1] == quote)
            at++;
    }
    out[size] = '\0';
    return out;
}

static void add_text(reader *r, size_t begin, size_t end)
{
    lex_token *token = add_token(r, TOKEN_STRING, begin, end);
    token->is_repaired |= !check_text(r, begin, end);
    token->text = unquote(r, begin + 1, end - 1, '"');
}

/* What looks like a blank, or like nothing at all. Joiners (U+200C, U+200D) belong to some
 * scripts. */
static bool is_unseen(uint32_t c)
{
    return (utf8_is_blank(c) && c != ' ') || (c >= 0x80 && c <= 0x9F) || c == 0xAD ||
           c == 0x200B || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F);
}

/* Names stand in results and on screens: two that look alike are one. */
static bool check_name(reader *r, size_t begin, size_t end)
{
    size_t length;
    if (begin < end && (r->text.data[begin] == ' ' || r->text.data[end - 1] == ' ')) {
        diag_error(r->diags, span_of(r, begin, end), E0103,
                   "the name begins or ends with a blank");
        return false;
    }
    for (size_t at = begin; at < end; at += length) {
        uint32_t met = utf8_decode(r->text.data + at, end - at, &length);
        if (!is_unseen(met))
            continue;
        diag_error(r->diags, span_of(r, at, at + length), E0102,
                   "an invisible character (U+%04X) stands in the name", (unsigned)met);
        diag_hint(r->diags, "Delete it, or write a plain blank.");
        return false;
    }
    return true;
}

static void add_quoted_name(reader *r, size_t begin, size_t end)
{
    lex_token *token = add_token(r, TOKEN_NAME, begin, end);
    token->is_quoted = true;
    token->is_repaired |=
        !check_text(r, begin, end) || !check_name(r, begin + 1, end - 1);
    token->text = unquote(r, begin + 1, end - 1, '`');
    if (token->text[0] == '\0') {
        diag_error(r->diags, token->where, E0103,
                   "there is no name between the backticks");
        token->is_repaired = true;
    }
}

/* A quote that is not closed on its line. */
static void add_open(reader *r, size_t begin, size_t end, int kind, const char *what,
                     const char *quote)
{
    while (end > begin + 1 && is_blank_byte(r->text.data[end - 1]))
        end--;
    lex_token *token = add_token(r, kind, begin, end);
    token->text = arena_copy_text(r->memory, r->text.data + begin + 1, end - begin - 1);
    token->is_quoted = kind == TOKEN_NAME;
    token->is_repaired = token->is_unclosed = true;
    diag_error(r->diags, span_of(r, begin, begin + 1), E0103,
               "the %s that begins here has no end on this line", what);
    diag_hint(r->diags, "Close it with %s.", quote);
    if (lexer_name_length(token->text, strlen(token->text)) == strlen(token->text))
        diag_fix(r->diags, span_of(r, end, end), "%c", r->text.data[begin]);
}

/* `didn't`, at the quote: the words that are written instead, or NULL. */
static const char *contraction(const reader *r, size_t begin, size_t quote)
{
    static const char *const words[][2] = {{"didn", "did not"},  {"hasn", "did not"},
                                           {"haven", "did not"}, {"doesn", "not"},
                                           {"isn", "!="},        {"don", "did not"}};
    const lex_token *word = r->out->count > 0 ? &r->out->items[r->out->count - 1] : NULL;
    bool is_t = begin + quote < r->text.size && r->text.data[begin + quote] == 't';
    if (word == NULL || !is_t || word->where.end != begin)
        return NULL;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i][0], word->text) == 0)
            return words[i][1];
    }
    return NULL;
}

/* Is it an event or a property that is named here, by the word before? */
static bool is_name_due(const reader *r)
{
    static const char *const before[] = {"did", "not", "then",     "first",   "last",
                                         "no",  ".",   "directly", "segment", "each"};
    size_t count = r->out->count;
    for (size_t i = 0; count > 0 && i < sizeof before / sizeof *before; i++) {
        if (strcmp(r->out->items[count - 1].text, before[i]) == 0)
            return true;
    }
    return false;
}

static void report_foreign_text(reader *r, const lex_token *token, bool is_name)
{
    size_t size = strlen(token->text);
    bool is_plain =
        lexer_name_length(token->text, size) == size && keyword_find(token->text) == NULL;
    if (!is_name) {
        diag_error(r->diags, token->where, E0102,
                   "text stands in straight double quotes");
        diag_hint(r->diags, "Write \"%s\".", token->text);
        diag_fix(r->diags, token->where, "\"%s\"", token->text);
        return;
    }
    diag_error(r->diags, token->where, E0102,
               "a name stands in backticks, or without quotes");
    diag_hint(r->diags, is_plain ? "Write %s." : "Write `%s`.", token->text);
    diag_fix(r->diags, token->where, is_plain ? "%s" : "`%s`", token->text);
}

static void report_contraction(reader *r, size_t quote_end, const char *words)
{
    lex_token *word = &r->out->items[r->out->count - 1];
    diag_error(r->diags, word->where, E0102, "words are not shortened here");
    diag_hint(r->diags, "Write \"%s\".", words);
    diag_fix(r->diags, span_of(r, word->where.begin, quote_end + 1), "%s", words);
    word->is_repaired = true;
}

static void add_foreign_text(reader *r, size_t begin, size_t end)
{
    size_t first, last = 0, length;
    utf8_decode(r->text.data + begin, end - begin, &first);
    for (size_t at = begin + first; at < end; at += length) {
        uint32_t met = utf8_decode(r->text.data + at, end - at, &length);
        bool is_quote = met == '"' || met == '\'' || met == 0xAB || met == 0xBB ||
                        (met >= 0x2018 && met <= 0x201F);
        last = is_quote && at + length == end ? length : 0;
    }
    const char *shortened = contraction(r, begin, first);
    bool is_name = is_name_due(r);
    if (shortened != NULL)
        report_contraction(r, begin + first, shortened);
    lex_token *token = add_token(r, is_name ? TOKEN_NAME : TOKEN_STRING, begin, end);
    token->text = arena_copy_text(r->memory, r->text.data + begin + first,
                                  end - begin - first - last);
    token->is_repaired = true;
    token->is_quoted = is_name;
    token->is_unclosed = shortened != NULL;
    if (shortened == NULL)
        report_foreign_text(r, token, is_name);
}

/* ---- numbers and dates ------------------------------------------------------------ */

static bool read_number(const char *digit, bool is_percent, ast_number *out)
{
    unsigned digits = 0;
    bool is_behind_point = false;
    *out = (ast_number){.is_percent = is_percent};
    for (; *digit == '.' || (*digit >= '0' && *digit <= '9'); digit++) {
        if (*digit == '.') {
            is_behind_point = true;
            continue;
        }
        if (digits > 0 || *digit != '0')
            digits++;
        if (is_behind_point)
            out->scale++;
        if (digits > MAX_DIGITS || out->scale > MAX_DIGITS)
            return false;
        out->value = out->value * 10 + (*digit - '0');
    }
    if (is_percent)
        out->scale += 2;
    return out->scale <= DECIMAL_MAX_SCALE;
}

static void add_number(reader *r, raw_kind raw, size_t begin, size_t end)
{
    bool is_percent = raw == RAW_PERCENT;
    lex_token *token =
        add_token(r, is_percent ? TOKEN_PERCENT : TOKEN_NUMBER, begin, end);
    if (read_number(token->text, is_percent, &token->number))
        return;
    token->number = (ast_number){.value = 1, .is_percent = is_percent};
    diag_error(r->diags, token->where, E0103, "the number has more than %u digits",
               is_percent ? MAX_DIGITS - 2 : MAX_DIGITS);
}

/* `count` digits as a number. */
static unsigned read_digits(const char *written, size_t count)
{
    unsigned value = 0;
    for (size_t i = 0; i < count; i++)
        value = value * 10 + (unsigned)(written[i] - '0');
    return value;
}

/* Does it have the form, where 9 stands for a digit? */
static bool has_form(const char *written, const char *form)
{
    for (; *form != '\0'; form++, written++) {
        bool fits = *form == '9' ? *written >= '0' && *written <= '9' : *written == *form;
        if (!fits)
            return false;
    }
    return true;
}

static bool read_date(const char *written, int64_t *days)
{
    unsigned year = read_digits(written, 4);
    unsigned month = read_digits(written + 5, 2), day = read_digits(written + 8, 2);
    if (year < 1 || !date_is_valid(year, month, day))
        return false;
    *days = date_from_civil(year, month, day);
    return true;
}

static unsigned days_of_month(unsigned year, unsigned month)
{
    unsigned days = 31;
    while (!date_is_valid(year, month, days))
        days--;
    return days;
}

static void report_date(reader *r, const lex_token *token)
{
    if (has_form(token->text, "9999-99-99")) {
        unsigned year = read_digits(token->text, 4),
                 month = read_digits(token->text + 5, 2);
        diag_error(r->diags, token->where, E0103, "there is no day %.10s", token->text);
        if (year >= 1 && month >= 1 && month <= 12)
            diag_hint(r->diags, "That month has %u days.", days_of_month(year, month));
        else
            diag_hint(r->diags, "The year comes first, then the month, then the day.");
        return;
    }
    diag_error(r->diags, token->where, E0103, "a date is written like 2026-03-01");
    diag_hint(r->diags,
              "Write four digits for the year and two each for month and day; to "
              "subtract, put blanks around the sign.");
}

static void add_date(reader *r, size_t begin, size_t end)
{
    lex_token *token = add_token(r, TOKEN_DATE, begin, end);
    if (!has_form(token->text, "9999-99-99") || end - begin != 10 ||
        !read_date(token->text, &token->time))
        report_date(r, token);
}

static void add_dotted_date(reader *r, size_t begin, size_t end)
{
    lex_token *token = add_token(r, TOKEN_DATE, begin, end);
    diag_error(r->diags, token->where, E0103, "a date is written like 2026-03-01");
    const char *first = strchr(token->text, '.');
    const char *second = first != NULL ? strchr(first + 1, '.') : NULL;
    unsigned day = read_digits(token->text, (size_t)(first - token->text));
    unsigned month =
        second != NULL ? read_digits(first + 1, (size_t)(second - first - 1)) : 0;
    bool has_year = second != NULL && strlen(second + 1) == 4;
    bool is_day_first = day >= 1 && day <= 31 && month >= 1 && month <= 12;
    bool is_month_first = month >= 1 && month <= 31 && day >= 1 && day <= 12;
    if (has_year && is_day_first && is_month_first && day != month)
        diag_hint(r->diags,
                  "Write %s-%02u-%02u if the day came first, %s-%02u-%02u if the "
                  "month did.",
                  second + 1, month, day, second + 1, day, month);
    else if (has_year && is_day_first)
        diag_hint(r->diags, "Write %s-%02u-%02u.", second + 1, month, day);
    else if (has_year && is_month_first)
        diag_hint(r->diags, "Write %s-%02u-%02u.", second + 1, day, month);
    else
        diag_hint(r->diags, "Write the year first, then the month, then the day.");
    if (has_year && is_day_first)
        diag_fix(r->diags, token->where, "%s-%02u-%02u", second + 1, month, day);
    if (has_year && is_month_first && day != month)
        diag_fix(r->diags, token->where, "%s-%02u-%02u", second + 1, day, month);
}

/* "+02:00" or "Z" as microseconds to take away. */
static bool read_offset(const char *written, int64_t *offset)
{
    if (strcmp(written, "Z") == 0) {
        *offset = 0;
        return true;
    }
    if (strlen(written) != 6 || !has_form(written + 1, "99:99"))
        return false;
    unsigned hours = read_digits(written + 1, 2), minutes = read_digits(written + 4, 2);
    if (hours > 23 || minutes > 59)
        return false;
    int64_t seconds = (int64_t)hours * 3600 + (int64_t)minutes * 60;
    *offset = (written[0] == '-' ? -seconds : seconds) * MICROSECONDS_PER_SECOND;
    return true;
}

/* "T10:00", "T10:00:30.25", and a zone behind it or not. */
static bool read_clock(const char *written, int64_t *time, bool *has_zone)
{
    if (!has_form(written, "T99:99"))
        return false;
    unsigned hours = read_digits(written + 1, 2), minutes = read_digits(written + 4, 2),
             seconds = 0;
    int64_t fraction = 0, offset = 0, unit = MICROSECONDS_PER_SECOND;
    written += 6;
    if (has_form(written, ":99")) {
        seconds = read_digits(written + 1, 2);
        written += 3;
        if (*written == '.') {
            for (written++; *written >= '0' && *written <= '9'; written++) {
                unit /= 10;
                fraction += unit * (*written - '0');
                if (unit == 0)
                    return false;
            }
        }
    }
    *has_zone = *written != '\0';
    if (*has_zone && !read_offset(written, &offset))
        return false;
    *time = ((int64_t)hours * 3600 + (int64_t)minutes * 60 + seconds) *
                MICROSECONDS_PER_SECOND +
            fraction - offset;
    return hours < 24 && minutes < 60 && seconds < 60;
}

static void add_time(reader *r, size_t begin, size_t end)
{
    lex_token *token = add_token(r, TOKEN_DATETIME, begin, end);
    int64_t days, clock;
    if (!has_form(token->text, "9999-99-99T") || !read_date(token->text, &days)) {
        report_date(r, token);
        return;
    }
    if (read_clock(token->text + 10, &clock, &token->time_has_zone)) {
        token->time = days * MICROSECONDS_PER_DAY + clock;
        if (token->time >= TIME_MIN && token->time <= TIME_MAX)
            return;
        token->time = 0;
    }
    diag_error(r->diags, token->where, E0103, "there is no time %s", token->text + 11);
    diag_hint(r->diags, "A time is written like 2026-03-01T10:00, 2026-03-01T10:00:30.5, "
                        "2026-03-01T10:00Z or 2026-03-01T10:00+02:00.");
}

/* ---- signs ------------------------------------------------------------------------ */

static void add_sign(reader *r, size_t begin, size_t end)
{
    const char *sign = r->text.data + begin;
    int kind = sign[0];
    if (end - begin == 2)
        kind = sign[0] == '<' ? TOKEN_LE : sign[0] == '>' ? TOKEN_GE : TOKEN_NE;
    r->depth += kind == '(';
    r->depth -= kind == ')' && r->depth > 0;
    add_token(r, kind, begin, end);
}

/* `%20`. */
static void fix_percent(reader *r, size_t begin, size_t end, size_t last)
{
    diag_hint(r->diags, "Write %.*s%%.", (int)(last - end), r->text.data + end);
    diag_fix(r->diags, span_of(r, begin, last), "%.*s%%", (int)(last - end),
             r->text.data + end);
}

static void hint_character(reader *r, size_t begin, size_t end)
{
    size_t digits = end;
    while (digits < r->text.size && r->text.data[digits] >= '0' &&
           r->text.data[digits] <= '9')
        digits++;
    if (r->text.data[begin] == '%' && digits > end)
        fix_percent(r, begin, end, digits);
    else
        diag_hint(r->diags, "%s", some_hint);
}

/* `2026-03-01 10:00`: a blank where the T of a time stands. */
static bool report_split_time(reader *r, size_t begin, size_t end)
{
    size_t count = r->out->count, minutes = 0;
    while (end + minutes < r->text.size && minutes < 2 &&
           r->text.data[end + minutes] >= '0' && r->text.data[end + minutes] <= '9')
        minutes++;
    if (r->text.data[begin] != ':' || count < 2 || minutes != 2 ||
        r->out->items[count - 1].kind != TOKEN_NUMBER ||
        r->out->items[count - 2].kind != TOKEN_DATE)
        return false;
    const lex_token *date = &r->out->items[count - 2], *hour = date + 1;
    diag_error(r->diags, span_join(date->where, hour->where), E0103,
               "a day and its time are one word");
    diag_hint(r->diags, "Write T between them: %sT%s:%.2s.", date->text, hour->text,
              r->text.data + end);
    diag_fix(r->diags, span_of(r, date->where.begin, end + 2), "%sT%s:%.2s", date->text,
             hour->text, r->text.data + end);
    return true;
}

typedef enum bad_kind { BAD_BYTES, BAD_INVISIBLE, BAD_SIGN, ASCII_SIGN } bad_kind;

static bad_kind kind_of_character(uint32_t met, size_t length)
{
    if (met == 0 || (met == 0xFFFD && length == 1))
        return BAD_BYTES;
    if (met < 0x20 || met == 0x7F || (met >= 0x2000 && met <= 0x206F))
        return BAD_INVISIBLE;
    return met >= 0x80 && !utf8_is_letter(met) ? BAD_SIGN : ASCII_SIGN;
}

/* Where the run of such characters ends; blanks and lines are no part of it. */
static size_t run_end(const reader *r, size_t at, bad_kind kind)
{
    size_t length;
    for (; at < r->text.size; at += length) {
        size_t left = r->text.size - at;
        uint32_t met = utf8_decode(r->text.data + at, left, &length);
        if (is_blank_byte(r->text.data[at]) || met == '\n' || utf8_is_blank(met) ||
            kind_of_character(met, length) != kind)
            break;
    }
    return at;
}

static void report_character(reader *r, size_t begin, size_t end)
{
    size_t length;
    uint32_t met = utf8_decode(r->text.data + begin, end - begin, &length);
    bad_kind kind = kind_of_character(met, length);
    size_t last = kind == ASCII_SIGN ? end : run_end(r, end, kind);
    const char *more = last > end ? ", and more follow it" : "";
    r->reported_end = last;
    if (kind == BAD_BYTES) {
        tell_of_encoding(r, begin);
    } else if (kind == BAD_INVISIBLE) {
        diag_error(r->diags, span_of(r, begin, end), E0102,
                   "an invisible character (U+%04X) stands here%s", (unsigned)met, more);
        diag_hint(r->diags, "Delete it.");
        diag_fix(r->diags, span_of(r, begin, last), "%s", "");
    } else {
        diag_error(r->diags, span_of(r, begin, end), E0102,
                   "\"%.*s\" is not a sign of the language%s", (int)(end - begin),
                   r->text.data + begin, more);
        hint_character(r, begin, end);
    }
}

/* The message for an opening bracket counts for the closing one too. */
static bool is_known_bracket(reader *r, slice sign)
{
    if (slice_is(sign, "[") || slice_is(sign, "{"))
        r->foreign_brackets++;
    if ((!slice_is(sign, "]") && !slice_is(sign, "}")) || r->foreign_brackets == 0)
        return false;
    r->foreign_brackets--;
    return true;
}

/* Is it the same sign as the one right before it, which was reported? */
static bool is_repeated(const reader *r, size_t begin, size_t end)
{
    size_t size = end - begin;
    return begin > 0 && r->reported_end == begin && begin >= size &&
           memcmp(r->text.data + begin - size, r->text.data + begin, size) == 0;
}

static void report_sign(reader *r, const foreign_sign *known, size_t begin, size_t end)
{
    bool is_known = known == &inner_semicolon && r->has_told_of_semicolon;
    r->has_told_of_semicolon |= known == &inner_semicolon;
    if (!is_known && !is_repeated(r, begin, end)) {
        diag_error(r->diags, span_of(r, begin, end), E0102,
                   "\"%s\" is not a sign of the language", known->sign);
        diag_hint(r->diags, "%s", known->hint);
        diag_fix(r->diags, span_of(r, begin, end), "%s", known->ours);
    }
    r->reported_end = end;
}

/* ---- times of day ----------------------------------------------------------------- */

/* `did purchase between 9:00 and 17:00`, at the first colon: the window begins at token
 * `at`. What is no whole hour is not put right. */
static void fix_clock(reader *r, size_t at)
{
    const lex_token *word = &r->out->items[at];
    unsigned from = 0, to = 0, minutes = 0, more = 0;
    int size = 0;
    const char *written = r->text.data + word->where.begin;
    bool is_range = strcmp(word->text, "between") == 0;
    bool is_after = strcmp(word->text, "after") == 0;
    if (at < 2 || strcmp(r->out->items[at - 2].text, "did") != 0)
        return;
    if (is_range)
        sscanf(written, "between %2u:%2u and %2u:%2u%n", &from, &minutes, &to, &more,
               &size);
    else
        sscanf(written, is_after ? "after %2u:%2u%n" : "before %2u:%2u%n", &from,
               &minutes, &size);
    span where = span_of(r, word->where.begin, word->where.begin + (size_t)size);
    if (size == 0)
        return;
    r->skipped_end = where.end;
    if (minutes == 0 && more == 0 && is_range)
        diag_fix(r->diags, where, "where (time.hour >= %u and time.hour < %u)", from, to);
    else if (minutes == 0 && more == 0)
        diag_fix(r->diags, where, "where (time.hour %s %u)", is_after ? ">=" : "<", from);
}

/* `9:00`, with the colon here. */
static bool report_clock(reader *r, size_t begin, size_t end)
{
    size_t count = r->out->count;
    lex_token *hour = count > 0 ? &r->out->items[count - 1] : NULL;
    if (r->text.data[begin] != ':' || hour == NULL || hour->kind != TOKEN_NUMBER ||
        hour->where.end != begin || !has_form(r->text.data + end, "99"))
        return false;
    diag_error(r->diags, span_of(r, hour->where.begin, end + 2), E0103,
               "a time of day is a part of a time, and no window");
    diag_hint(r->diags, "Ask for the hour: where (time.hour >= 9 and time.hour < 17).");
    r->skipped_end = end + 2;
    hour->kind = TOKEN_DATETIME; /* or its kind would be wrong, too */
    if (count > 1)
        fix_clock(r, count - 2);
    return true;
}

/* ---- what is no rules at all ------------------------------------------------------ */

static bool begins_with(slice rest, const char *words)
{
    return rest.size >= strlen(words) && memcmp(rest.data, words, strlen(words)) == 0;
}

/* What the text is that begins here, when it is something else than rules; or NULL. */
static const char *foreign_format(slice rest)
{
    if (begins_with(rest, "{\\rtf"))
        return "a document of a word processor (RTF)";
    if (begins_with(rest, "PK\x03\x04"))
        return "a packed document, such as one of a word processor";
    if (begins_with(rest, "<!") || begins_with(rest, "<?") || begins_with(rest, "<html"))
        return "HTML or XML";
    if (rest.size == 0 || (rest.data[0] != '{' && rest.data[0] != '['))
        return NULL;
    size_t at = 1;
    while (at < rest.size && (is_blank_byte(rest.data[at]) || rest.data[at] == '\n'))
        at++;
    bool is_json = at < rest.size && strchr("\"{[", rest.data[at]) != NULL;
    return is_json && (rest.data[0] == '{' || rest.data[at] == '{') ? "JSON" : NULL;
}

/* Where the brackets close that are open at `at`, or the text ends. */
static size_t nested_end(const reader *r, size_t at)
{
    size_t depth = 0;
    for (; at < r->text.size; at++) {
        char c = r->text.data[at];
        depth += c == '{' || c == '[';
        if ((c == '}' || c == ']') && --depth == 0)
            return at + 1;
    }
    return at;
}

/* One message for all of it. */
static bool report_foreign_format(reader *r, size_t begin)
{
    slice rest = {r->text.data + begin, r->text.size - begin};
    const char *format = foreign_format(rest);
    if (format == NULL)
        return false;
    bool is_nested = rest.data[0] == '{' || rest.data[0] == '[';
    diag_error(r->diags, span_of(r, begin, begin + 1), E0102, "this is %s, not a rule",
               format);
    diag_hint(r->diags,
              "Rules are plain text, for example: segment buyers when did purchase");
    r->skipped_end = is_nested ? nested_end(r, begin) : r->text.size;
    return true;
}

/* A file that is no text of rules is not read on. */
static bool is_foreign_file(reader *r)
{
    size_t at = utf8_mark_size(r->text.data, r->text.size);
    while (at < r->text.size &&
           (is_blank_byte(r->text.data[at]) || r->text.data[at] == '\n'))
        at++;
    if (!report_foreign_format(r, at))
        return false;
    add_token(r, 0, at, at);
    return true;
}

/* What these stand for shows in what is around them: the parser, which takes none of them,
 * leads to the recognisers of mistakes. */
static bool is_left_to_parser(slice sign)
{
    return sign.size == 1 && strchr(":?~", sign.data[0]) != NULL;
}

static void add_foreign_sign(reader *r, size_t begin, size_t end)
{
    slice sign = {r->text.data + begin, end - begin};
    if (begin < r->reported_end)
        return;
    if (is_known_bracket(r, sign)) {
        add_token(r, ')', begin, end)->is_repaired = true;
        return;
    }
    if (report_split_time(r, begin, end) || report_clock(r, begin, end) ||
        report_foreign_format(r, begin)) {
        mark_repaired(r);
        return;
    }
    if (is_left_to_parser(sign)) {
        add_token(r, sign.data[0], begin, end);
        return;
    }
    for (size_t i = 0; i < sizeof foreign_signs / sizeof foreign_signs[0]; i++) {
        const foreign_sign *known = &foreign_signs[i];
        if (!slice_is(sign, known->sign))
            continue;
        if (known->sign[0] == ';' && r->depth > 0)
            known = &inner_semicolon;
        report_sign(r, known, begin, end);
        if (known->token != 0)
            add_token(r, known->token, begin, end)->is_repaired = true;
        else
            mark_repaired(r);
        return;
    }
    report_character(r, begin, end);
    mark_repaired(r);
}

/* `// words`, `-- words`, or words between `/` and `*`, which other languages have. */
static void report_foreign_comment(reader *r, size_t begin, size_t end)
{
    const char *words = r->text.data + begin + 2;
    size_t size = end - begin - 2;
    bool is_block = words[-1] == '*';
    diag_error(r->diags, span_of(r, begin, begin + 2), E0102, "a comment begins with #");
    if (!is_block) {
        diag_hint(r->diags, "Write # instead of the two %s.",
                  words[-1] == '/' ? "slashes" : "hyphens");
        diag_fix(r->diags, span_of(r, begin, begin + 2), "#");
        return;
    }
    diag_hint(r->diags, "Write # before each line of it.");
    bool is_last = end == r->text.size || r->text.data[end] == '\n';
    if (is_last && memchr(words, '\n', size) == NULL)
        diag_fix(r->diags, span_of(r, begin, end), "#%.*s", (int)(size - 2), words);
}

/* ---- first round: pieces ---------------------------------------------------------- */

static void add_piece(reader *r, raw_kind kind, size_t begin, size_t end)
{
    if (begin < r->skipped_end && kind != RAW_END)
        return;
    switch (kind) {
    case RAW_END: add_token(r, 0, begin, begin); break;
    case RAW_WORD: add_token(r, TOKEN_NAME, begin, end); break;
    case RAW_BACKTICKS: add_quoted_name(r, begin, end); break;
    case RAW_TEXT: add_text(r, begin, end); break;
    case RAW_OPEN_BACKTICK:
        add_open(r, begin, end, TOKEN_NAME, "name", "a backtick");
        break;
    case RAW_OPEN_TEXT:
        add_open(r, begin, end, TOKEN_STRING, "text", "a double quote");
        break;
    case RAW_FOREIGN_TEXT: add_foreign_text(r, begin, end); break;
    case RAW_NUMBER:
    case RAW_PERCENT: add_number(r, kind, begin, end); break;
    case RAW_DATE: add_date(r, begin, end); break;
    case RAW_TIME: add_time(r, begin, end); break;
    case RAW_DOTTED_DATE: add_dotted_date(r, begin, end); break;
    case RAW_SIGN: add_sign(r, begin, end); break;
    case RAW_FOREIGN_SIGN: add_foreign_sign(r, begin, end); break;
    case RAW_COMMENT: add_comment(r, begin, end); break;
    case RAW_FOREIGN_COMMENT: report_foreign_comment(r, begin, end); break;
    }
}

/* ---- second round: words ---------------------------------------------------------- */

static bool is_plain_word(const lex_token *token)
{
    return token->kind == TOKEN_NAME && !token->is_quoted;
}

static void become(lex_token *token, const keyword *meaning)
{
    token->kind = meaning->token;
    token->keyword = meaning;
    token->text = meaning->spelling;
}

/* What the word is, between the token before it and the one behind it. True: it and the
 * next one are a phrase. */
static bool settle_word(lex_token *word, const lex_token *before, const lex_token *behind)
{
    const keyword *known = keyword_find(word->text);
    if (known != NULL && known->use == KEYWORD_HEAD && word->is_at_margin) {
        become(word, known);
        return false;
    }
    if (before != NULL && before->kind == '.')
        return false;
    bool is_times = known != NULL && known->token == TOKEN_TIMES;
    if (is_times && before != NULL && before->kind == TOKEN_NUMBER) {
        become(word, known);
        return false;
    }
    const keyword *phrase =
        is_plain_word(behind) ? keyword_phrase(word->text, behind->text) : NULL;
    if (phrase != NULL) {
        become(word, phrase);
        word->where.end = behind->where.end;
        word->is_repaired |= behind->is_repaired;
        return true;
    }
    if (known == NULL || known->use == KEYWORD_HEAD || is_times)
        return false;
    if (known->use != KEYWORD_CALL || behind->kind == '(')
        become(word, known);
    return false;
}

static bool are_adjacent(const lex_token *a, const lex_token *b)
{
    return a->where.end == b->where.begin;
}

/* `half-life` behind `with`, whose hyphen is no minus there: how many tokens it has, all
 * of them a phrase with the word; else 0. */
static size_t settle_hyphen(lex_token *word, const token_list *list, size_t at)
{
    const lex_token *next = &list->items[at];
    if (list->count - at < 3 || !is_plain_word(&next[0]) || next[1].kind != '-' ||
        !is_plain_word(&next[2]) || !are_adjacent(&next[0], &next[1]) ||
        !are_adjacent(&next[1], &next[2]))
        return 0;
    text joined;
    text_init(&joined);
    text_append_format(&joined, "%s-%s", next[0].text, next[2].text);
    const keyword *phrase = keyword_phrase(word->text, joined.data);
    text_done(&joined);
    if (phrase == NULL)
        return 0;
    become(word, phrase);
    word->where.end = next[2].where.end;
    return 3;
}

static void settle_words(token_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        lex_token token = list->items[i];
        const lex_token *before = kept > 0 ? &list->items[kept - 1] : NULL;
        size_t hyphenated =
            is_plain_word(&token) ? settle_hyphen(&token, list, i + 1) : 0;
        if (hyphenated > 0)
            i += hyphenated;
        else if (is_plain_word(&token) &&
                 settle_word(&token, before, &list->items[i + 1]))
            i++;
        list->items[kept++] = token;
    }
    list->count = kept;
}

bool token_is_word(const lex_token *token)
{
    return token->keyword != NULL || is_plain_word(token);
}

size_t lexer_name_length(const char *text, size_t size)
{
    size_t at = size > 0 && text[0] == '$' ? 1 : 0, begin = at, length;
    for (; at < size; at += length) {
        uint32_t met = utf8_decode(text + at, size - at, &length);
        bool is_digit = met >= '0' && met <= '9' && at > begin;
        if (met != '_' && !is_digit && !utf8_is_letter(met))
            break;
    }
    return at > begin ? at : 0;
}

void lexer_read(const source *file, arena *memory, diags *d, token_list *out,
                ast_list *comments)
{
    reader r = {.source = file,
                .text = source_text(file),
                .memory = memory,
                .diags = d,
                .out = out,
                .comments = comments};
    if (r.text.size > MAX_SOURCE_BYTES) {
        diag_error(d, span_of(&r, 0, 0), E0101, "the file is larger than 64 MiB");
        add_token(&r, 0, 0, 0);
        return;
    }
    if (is_foreign_file(&r))
        return;
    raw_scanner *scanner = raw_scanner_new(r.text.data, r.text.size);
    size_t begin, end;
    raw_kind kind;
    do {
        kind = raw_scanner_next(scanner, &begin, &end);
        add_piece(&r, kind, begin, end);
    } while (kind != RAW_END);
    raw_scanner_free(scanner);
    settle_words(out);
}

void token_list_done(token_list *list)
{
    memory_free(list->items);
    *list = (token_list){0};
}

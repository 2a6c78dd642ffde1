/* SPDX-License-Identifier: MIT
 *
 * What is written in brackets elsewhere: members by an index, lists, JSON; and files that are no
 * rules at all.
 */
#include "lang/lexing.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"

#include "grammar/segment_parser.h"

/* ---- user["country"] ---------------------------------------------------------------- */

/* The name in `["country"]` or `[country]`, at the bracket; *end is behind the closing one. */
static slice indexed_name(const char *text, size_t left, size_t *end)
{
    size_t marks = left > 3 && (text[1] == '"' || text[1] == '\'') ? 1 : 0;
    const char *name = text + 1 + marks;
    size_t size = left > 3 ? strcspn(name, "\"'\n]") : 0;
    size_t close = 1 + 2 * marks + size;
    bool is_closed = size > 0 && left > close && text[close] == ']' &&
                     (marks == 0 || name[size] == text[1]);
    bool is_name = marks > 0 || lexer_name_length(name, size) == size;
    *end = close + 1;
    return is_closed && is_name ? (slice){name, size} : (slice){0};
}

/* `user["country"]`, at the bracket right behind a name: it is read as `user.country`. */
bool report_index(reader *r, size_t begin)
{
    const lex_token *owner = r->out->count > 0 ? &r->out->items[r->out->count - 1] : NULL;
    const char *text = r->text.data + begin;
    size_t end;
    if (text[0] != '[' || !owner || owner->where.end != begin || !token_is_word(owner))
        return false;
    slice found = indexed_name(text, r->text.size - begin, &end);
    if (found.size == 0)
        return false;
    bool is_plain = lexer_name_length(found.data, found.size) == found.size;
    span where = span_of(r, begin, begin + end);
    const char *name = arena_copy_text(r->memory, found.data, found.size);
    error(r, where, E0102, "what belongs to something stands behind a point");
    hint(r, is_plain ? "Write: %s.%s." : "Write: %s.`%s`.", owner->text, name);
    fix(r, where, is_plain ? ".%s" : ".`%s`", name);
    add_token(r, '.', begin, begin + 1);
    lex_token *token = add_token(r, TOKEN_NAME, begin + 1, begin + end);
    token->text = name;
    token->is_quoted = !is_plain;
    r->skipped_end = where.end;
    return true;
}

/* ---- what is no rules at all ------------------------------------------------------ */

size_t nested_end(const reader *r, size_t at)
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

/* What a text is that is no rules, and what to do. */
typedef struct foreign_format {
    const char *name, *hint;
} foreign_format;

static const char save_as_text[] = "Save it as plain text in UTF-8.";

/* Does a JSON object, or a list of them, begin here? */
static bool begins_json(slice rest)
{
    if (rest.size == 0 || (rest.data[0] != '{' && rest.data[0] != '['))
        return false;
    size_t at = 1;
    while (at < rest.size && (is_blank_byte(rest.data[at]) || rest.data[at] == '\n'))
        at++;
    bool goes_on = at < rest.size && strchr("\"{[", rest.data[at]);
    return goes_on && (rest.data[0] == '{' || rest.data[at] == '{');
}

/* What the text is that begins here, when it is something else than rules; a NULL name: it
 * is not. */
static foreign_format find_format(slice rest)
{
    static const struct {
        const char *begin;
        foreign_format format;
    } formats[] = {
        {"{\\rtf",
         {"a document of a word processor (RTF), not plain text", save_as_text}},
        {"PK\x03\x04", {"a packed document, not plain text", save_as_text}},
        {"<!", {"HTML or XML, not plain text", save_as_text}},
        {"<?", {"HTML or XML, not plain text", save_as_text}},
        {"<html", {"HTML or XML, not plain text", save_as_text}},
        {"{{",
         {"a variable of a template, not a name",
          "Names stand without braces, such as user.country; one with blanks stands in "
          "backticks: user.`Home Airport`."}},
    };
    static const foreign_format json = {
        "JSON, not a rule",
        "A rule is a sentence: segment regulars when did purchase at least 3 times."};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (slice_starts_with(rest, slice_of(formats[i].begin)))
            return formats[i].format;
    return begins_json(rest) ? json : (foreign_format){0};
}

bool is_behind_in(const reader *r)
{
    const lex_token *last = r->out->count > 0 ? &r->out->items[r->out->count - 1] : NULL;
    return last && (strcasecmp(last->text, "in") == 0 || last->kind == '=');
}

/* One message for all of it. */
bool report_foreign_format(reader *r, size_t begin)
{
    if (is_behind_in(r))
        return false;
    slice rest = {r->text.data + begin, r->text.size - begin};
    foreign_format format = find_format(rest);
    if (!format.name)
        return false;
    bool is_nested = rest.data[0] == '{' || rest.data[0] == '[';
    error(r, span_of(r, begin, begin + 1), E0102, "this is %s", format.name);
    hint(r, "%s", format.hint);
    r->skipped_end = is_nested ? nested_end(r, begin) : r->text.size;
    return true;
}

/* The first token of the line that the text is in, when it is `expect m.sum(...` up to where a value
 * is due; else NULL. */
static const lex_token *find_expected_call(const reader *r)
{
    size_t count = r->out->count, at = count;
    const lex_token *items = r->out->items;
    while (at > 0 && !items[at - 1].is_first_in_line)
        at--;
    if (at == 0 || count - at < 4)
        return NULL;
    const lex_token *first = &items[at - 1];
    bool is_due = items[count - 1].kind == '(' || items[count - 1].kind == ',';
    bool is_call = first[2].kind == '.' && first[4].kind == '(';
    return is_due && is_call && strcmp(first->text, "expect") == 0 ? first : NULL;
}

/* `expect m.sum([1, 2, 3]) = 6` */
bool report_expected_list(reader *r, size_t begin)
{
    const lex_token *first = r->text.data[begin] == '[' ? find_expected_call(r) : NULL;
    if (!first)
        return false;
    size_t end = nested_end(r, begin);
    bool is_closed = r->text.data[end - 1] == ']';
    error(r, span_of(r, begin, is_closed ? end : begin + 1), E0102,
          "a list is made of what somebody did");
    hint(r,
         "What a function makes of a list is expected of a score of somebody: score "
         "total = %s.%s(list(purchase.amount)), and expect ann has total = 3 at TIME. "
         "One call is tried with: carpel lua FILE %s \"[1, 2, 3]\"",
         first[1].text, first[3].text, first[3].text);
    r->skipped_end = end;
    return true;
}

bool is_foreign_file(reader *r)
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

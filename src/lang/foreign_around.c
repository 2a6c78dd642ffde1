/* SPDX-License-Identifier: MIT
 *
 * Functions of SQL of which the text around the call says what is meant: a divisor, a
 * test.
 */
#include <ctype.h>
#include <string.h>

#include "lang/foreign_parts.h"

/* Is the call what something is divided by? */
static bool is_divisor(const ast_expr *call)
{
    slice whole = source_text(call->where.file);
    size_t at = call->where.begin;
    while (at > 0 && isspace((unsigned char)whole.data[at - 1]))
        at--;
    return at > 0 && whole.data[at - 1] == '/';
}

/* How many bytes behind the call compare it with a number, as in ` < 7`; 0: none. */
static size_t size_of_test(const ast_expr *call)
{
    slice whole = source_text(call->where.file);
    const char *begin = whole.data + call->where.end, *end = whole.data + whole.size;
    const char *at = begin, *from;
    while (at < end && isspace((unsigned char)*at))
        at++;
    for (from = at; at < end && strchr("<>=!", *at);)
        at++;
    if (at == from)
        return 0;
    while (at < end && isspace((unsigned char)*at))
        at++;
    for (from = at; at < end && strchr("0123456789.%", *at);)
        at++;
    return at == from ? 0 : (size_t)(at - begin);
}

/* `nullif(user.nps, 0) < 7`: 0 is told apart by a condition. */
static void hint_without_zero(diags *diags, const ast_expr *call, const char *words)
{
    span where = call->where;
    size_t test = size_of_test(call);
    where.begin = where.end;
    where.end += (uint32_t)test;
    if (test > 0)
        diag_propose(diags, span_join(call->where, where), "(%s != 0 and %s%s)", words,
                     words, diag_words(diags, where));
    else
        diag_hint(diags, "Leave 0 out with a condition: %s != 0 and ...", words);
}

/* `nullif(user.plan, "")`: an empty field is missing already, and what is divided by 0, too. */
bool hint_nullif(diags *diags, const ast_expr *call)
{
    if (!is_function_of(name_of_call(call), "nullif") || call->list.count != 2)
        return false;
    const ast_expr *value = call->list.items[0], *none = call->list.items[1];
    bool is_empty = none->kind == EXPR_STRING && none->text.text[0] == '\0';
    if (!is_empty && !(is_whole_number(none) && none->number.value == 0))
        return false;
    const char *words = diag_words(diags, value->where);
    if (!is_empty && !is_divisor(call)) {
        hint_without_zero(diags, call, words);
        return true;
    }
    diag_hint(diags, "Leave it out, %s: write %s.",
              is_empty ? "an empty field is missing anyway"
                       : "a division by 0 is missing anyway",
              words);
    diag_fix(diags, call->where, "%s", words);
    return true;
}

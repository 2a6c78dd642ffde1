/* SPDX-License-Identifier: MIT
 *
 * Words of a label, one after another (what stands in quotes is none), and its tree.
 */
#include "fit/label.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lang/meaning.h"
#include "lang/walk.h"
#include "value/calendar.h"

/* What looks elsewhere than at the time after T, or at the clock. */
static const char *const refused[] = {"ago",   "before", "between",  "first", "full",
                                      "last",  "now",    "previous", "since", "this",
                                      "today", "until",  "yesterday"};

static bool is_word_of(const char *at, size_t size, const char *word)
{
    return strlen(word) == size && memcmp(at, word, size) == 0;
}

static size_t word_size(const char *at)
{
    size_t size = 0;
    while (isalnum((unsigned char)at[size]) || at[size] == '_')
        size++;
    return size;
}

static size_t quoted_size(const char *at)
{
    const char *end = strchr(at + 1, at[0]);
    return end ? (size_t)(end - at) + 1 : strlen(at);
}

static const int64_t seconds[] = {[UNIT_SECOND] = 1,
                                  [UNIT_MINUTE] = 60,
                                  [UNIT_HOUR] = 3600,
                                  [UNIT_DAY] = 86400,
                                  [UNIT_WEEK] = 7 * 86400};

/* "30 days", "week": 0 when it is no length that is always the same. */
static int64_t read_length(const char *at)
{
    char *end;
    calendar_unit unit;
    long long count = strtoll(at, &end, 10);
    if (end == at)
        count = 1;
    end += strspn(end, " ");
    if (count <= 0 || count > 100000 ||
        !calendar_unit_parse(end, word_size(end), &unit) || unit > UNIT_WEEK)
        return 0;
    return count * seconds[unit] * 1000000;
}

/* Behind "in next": all such windows are of one length. */
static const char *take_window(const char *behind, int64_t *microseconds)
{
    int64_t length = read_length(behind + strspn(behind, " "));
    if (length == 0)
        return "behind \"in next\" stands a number of seconds, minutes, hours, days or "
               "weeks";
    if (*microseconds != 0 && *microseconds != length)
        return "all its windows have to be of one length";
    *microseconds = length;
    return NULL;
}

static const char looks_elsewhere[] = "it may look at the time after its date alone, in "
                                      "windows such as \"in next 30 days\"; "
                                      "what was before belongs below \"among\"";

static const char *refuse_word(const char *at, size_t size)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (is_word_of(at, size, refused[i]))
            return looks_elsewhere;
    return NULL;
}

bool fit_label_read(const char *label, text *out, int64_t *microseconds,
                    const char **reason)
{
    bool is_behind_in = false;
    *microseconds = 0;
    *reason = NULL;
    for (const char *at = label; *at && !*reason;) {
        bool is_quoted = *at == '"' || *at == '`', is_blank = *at == ' ';
        size_t size = is_quoted ? quoted_size(at) : word_size(at);
        size = size > 0 ? size : 1;
        bool is_window = is_behind_in && is_word_of(at, size, "next");
        if (is_window)
            *reason = take_window(at + size, microseconds);
        else if (!is_quoted)
            *reason = refuse_word(at, size);
        if (is_window)
            text_append(out, "last");
        else
            text_append_bytes(out, at, size);
        is_behind_in = is_blank ? is_behind_in : is_word_of(at, size, "in");
        at += size;
    }
    if (!*reason && *microseconds == 0)
        *reason = "it has no window such as \"in next 30 days\"";
    return !*reason;
}

/* ---- the tree ------------------------------------------------------------------- */

typedef struct checking {
    ast_visitor visitor;
    int64_t microseconds;
    const char **reason;
} checking;

/* Stops the walk. */
static bool refuse(const checking *c, const char *reason)
{
    *c->reason = reason;
    return true;
}

/* Of the items of an event's list, or of a person's: they have the time of what holds them. */
static bool is_of_items(const ast_expr *expr)
{
    const ast_pattern *p = expr->selection->pattern;
    bool is_one = p && !p->is_sequence && p->step && p->step->events.count > 0;
    const ast_event *first = is_one ? p->step->events.items[0] : NULL;
    return first && (first->list || first->is_setting);
}

static bool has_window(const ast_expr *expr)
{
    return is_of_items(expr) ||
           (expr->modifiers.windows.count == 1 && expr->modifiers.periods.count == 0);
}

static bool check_window(const ast_visitor *v, const ast_window *window)
{
    const checking *c = (const checking *)v;
    const ast_duration *d = &window->duration;
    bool is_same = window->kind == WINDOW_IN_LAST && d->unit <= UNIT_WEEK &&
                   (double)d->count.value * pow(10, -(double)d->count.scale) *
                           (double)seconds[d->unit] * 1e6 ==
                       (double)c->microseconds;
    return !is_same && refuse(c, looks_elsewhere);
}

/* What a name stands for, if that is a declaration. */
static const ast_decl *decl_of(const ast_expr *expr)
{
    if (expr->kind == EXPR_MEMBER || expr->kind == EXPR_IN_NAMED)
        return expr->ref.decl;
    const meaning *m = expr->meaning;
    return expr->kind == EXPR_PATH && m && m->kind == MEANING_DECL ? m->decl : NULL;
}

static bool check_expr(const ast_visitor *v, const ast_expr *expr)
{
    const checking *c = (const checking *)v;
    const ast_decl *decl = decl_of(expr);
    switch (expr->kind) {
    case EXPR_DID:
    case EXPR_DID_SOME:
    case EXPR_AGGREGATE:
    case EXPR_PICK:
        if (!has_window(expr))
            return refuse(c,
                          "each \"did\" and each number in it needs its window: \"did a "
                          "in next 30 days or did b in next 30 days\"");
        break;
    case EXPR_NOW:
    case EXPR_AGO:
    case EXPR_AS_OF:
    case EXPR_LASTING:
    case EXPR_PER_UNIT:
    case EXPR_LAST_CHANGE:
    case EXPR_NEXT_OCCASION:
    case EXPR_NEXT_ANNIVERSARY:
    case EXPR_TIME_SINCE:
    case EXPR_TIME_UNTIL: return refuse(c, looks_elsewhere);
    default: break;
    }
    return visit_expr(v, expr) || (decl && visit_decl(v, decl));
}

bool fit_label_check(const ast_expr *label, int64_t microseconds, const char **reason)
{
    checking c = {{.expr = check_expr, .window = check_window}, microseconds, reason};
    *reason = NULL;
    return !check_expr(&c.visitor, label);
}

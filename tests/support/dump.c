/* SPDX-License-Identifier: MIT
 *
 * The tree as indented lines, one node a line, without places and comments. Two files
 * mean the same, as far as the parser can tell, when their dumps are equal; so every
 * member of the tree that comes from the text is printed.
 */
#include "support/dump.h"

#include <inttypes.h>

typedef struct dumper {
    text *out;
    size_t depth;
} dumper;

CARPEL_PRINTF(2, 3) static void line(dumper *d, const char *format, ...)
{
    va_list arguments;
    text_append_repeat(d->out, "  ", d->depth);
    va_start(arguments, format);
    text_append_format_list(d->out, format, arguments);
    va_end(arguments);
    text_append_char(d->out, '\n');
}

/* ---- small parts ------------------------------------------------------------------ */

/* A quoted name or text; a line end inside it does not break the line. */
static void dump_name(dumper *d, const char *role, const ast_name *name)
{
    if (name->text == NULL)
        return;
    text_append_repeat(d->out, "  ", d->depth);
    text_append_format(d->out, "%s \"", role);
    for (const char *c = name->text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            text_append_char(d->out, '\\');
        if (*c == '\n')
            text_append(d->out, "\\n");
        else
            text_append_char(d->out, *c);
    }
    text_append(d->out, "\"\n");
}

static void dump_names(dumper *d, const char *role, const ast_list *names)
{
    for (size_t i = 0; i < names->count; i++)
        dump_name(d, role, names->items[i]);
}

static void dump_ref(dumper *d, const char *role, const ast_ref *ref)
{
    dump_name(d, role, &ref->name);
    dump_name(d, "member", &ref->member);
}

static void dump_number(dumper *d, const char *role, const ast_number *number)
{
    line(d, "%s %" PRId64 " / 10^%u%s", role, number->value, number->scale,
         number->is_percent ? " percent" : "");
}

static void dump_duration(dumper *d, const char *role, const ast_duration *duration)
{
    line(d, "%s %" PRId64 " / 10^%u %s", role, duration->count.value,
         duration->count.scale, calendar_unit_name(duration->unit));
}

static const char *const quantity_names[] = {"at least", "at most", "exactly",
                                             "more than", "fewer than"};

/* ---- expressions and what they hold, which hold expressions in turn --------------- */

static void dump_expr(dumper *d, const char *role, const ast_expr *expr);

static void dump_exprs(dumper *d, const char *role, const ast_list *exprs)
{
    for (size_t i = 0; i < exprs->count; i++)
        dump_expr(d, role, exprs->items[i]);
}

static void dump_step(dumper *d, const char *role, const ast_step *step)
{
    line(d, "%s", role);
    d->depth++;
    for (size_t i = 0; i < step->events.count; i++) {
        const ast_event *event = step->events.items[i];
        line(d, "event%s", event->is_anything ? " anything" : "");
        d->depth++;
        dump_name(d, "kind", &event->name);
        dump_expr(d, "where", event->where);
        d->depth--;
    }
    dump_expr(d, "where all", step->where);
    d->depth--;
}

static void dump_link(dumper *d, const ast_link *link)
{
    dump_step(d,
              link->is_negated  ? "then no"
              : link->is_direct ? "then directly"
                                : "then",
              link->step);
    d->depth++;
    for (size_t i = 0; i < link->spacings.count; i++) {
        const ast_spacing *spacing = link->spacings.items[i];
        dump_duration(d,
                      spacing->is_within ? "within" : quantity_names[spacing->quantity],
                      &spacing->duration);
    }
    d->depth--;
}

static void dump_pattern(dumper *d, const ast_pattern *pattern)
{
    if (!pattern->is_sequence) {
        dump_step(d, "step", pattern->step);
        return;
    }
    line(d, pattern->is_any_order ? "any order" : "sequence");
    d->depth++;
    for (size_t i = 0; i < pattern->links.count; i++)
        dump_link(d, pattern->links.items[i]);
    dump_names(d, "same", &pattern->same);
    for (size_t i = 0; i < pattern->all_within.count; i++)
        dump_duration(d, "all within", pattern->all_within.items[i]);
    for (size_t i = 0; i < pattern->only.count; i++)
        dump_step(d, "with only", pattern->only.items[i]);
    if (pattern->without_repeats.count > 0)
        line(d, "without repeats");
    if (pattern->strictly_later.count > 0)
        line(d, "strictly later");
    d->depth--;
}

static void dump_selection(dumper *d, const ast_selection *selection)
{
    dump_pattern(d, selection->pattern);
    const ast_list *names = &selection->names;
    const ast_list rest = names->count > 2
                              ? (ast_list){names->items + 2, names->count - 2, 0}
                              : (ast_list){0};
    if (names->count > 0)
        dump_name(d, "property", names->items[0]);
    if (names->count > 1)
        dump_name(d, "field", names->items[1]);
    dump_names(d, "rest", &rest);
    dump_expr(d, "value", selection->value);
    if (selection->half_life != NULL)
        dump_duration(d, "half-life", selection->half_life);
}

static void dump_window(dumper *d, const ast_window *window)
{
    static const char *const names[] = {
        [WINDOW_IN_LAST] = "in last",
        [WINDOW_LAST_FULL] = "in last full",
        [WINDOW_LAST_EVENTS] = "in last events",
        [WINDOW_IN_PREVIOUS] = "in previous",
        [WINDOW_IN_NEXT] = "in next",
        [WINDOW_NEXT_FULL] = "in next full",
        [WINDOW_IN_THIS] = "in this",
        [WINDOW_UNIT_OF] = "in unit of",
        [WINDOW_UNIT_AFTER] = "in unit after",
        [WINDOW_UNIT_BEFORE] = "in unit before",
        [WINDOW_TODAY] = "today",
        [WINDOW_YESTERDAY] = "yesterday",
        [WINDOW_TOMORROW] = "tomorrow",
        [WINDOW_BETWEEN] = "between",
        [WINDOW_SINCE] = "since",
        [WINDOW_BEFORE] = "before",
        [WINDOW_AFTER] = "after",
        [WINDOW_UNTIL] = "until",
        [WINDOW_AT_OR_AFTER] = "at or after",
        [WINDOW_ON] = "on",
        [WINDOW_DURING] = "during",
        [WINDOW_WITHIN_OF] = "within of",
        [WINDOW_WITHIN_AFTER] = "within after",
        [WINDOW_WITHIN_BEFORE] = "within before",
    };
    line(d, "window %s%s", names[window->kind], window->is_bare ? " bare" : "");
    d->depth++;
    switch (window->kind) {
    case WINDOW_IN_LAST:
    case WINDOW_IN_PREVIOUS:
    case WINDOW_IN_NEXT:
    case WINDOW_WITHIN_OF:
    case WINDOW_WITHIN_AFTER:
    case WINDOW_WITHIN_BEFORE: dump_duration(d, "duration", &window->duration); break;
    case WINDOW_LAST_FULL:
    case WINDOW_NEXT_FULL:
    case WINDOW_LAST_EVENTS: line(d, "count %" PRId64, window->count); break;
    default: break;
    }
    line(d, "unit %s", calendar_unit_name(window->unit));
    dump_name(d, "name", &window->name);
    dump_expr(d, "from", window->from);
    dump_expr(d, "to", window->to);
    if (window->step != NULL)
        dump_step(d, "any", window->step);
    dump_name(d, "same", &window->same);
    d->depth--;
}

static void dump_windows(dumper *d, const ast_list *windows)
{
    for (size_t i = 0; i < windows->count; i++)
        dump_window(d, windows->items[i]);
}

static void dump_modifiers(dumper *d, const ast_modifiers *modifiers)
{
    for (size_t i = 0; i < modifiers->times.count; i++) {
        const ast_times *times = modifiers->times.items[i];
        line(d, "times %s %" PRId64, quantity_names[times->quantity], times->count);
    }
    for (size_t i = 0; i < modifiers->periods.count; i++) {
        const ast_periods *periods = modifiers->periods.items[i];
        line(d, "periods %s %" PRId64 " of %" PRId64 "%s %s",
             quantity_names[periods->times->quantity], periods->times->count,
             periods->count, periods->is_full ? " full" : "",
             calendar_unit_name(periods->unit));
    }
    for (size_t i = 0; i < modifiers->rows.count; i++) {
        const ast_row *row = modifiers->rows.items[i];
        line(d, "in a row");
        if (row->among)
            dump_step(d, "among", row->among);
    }
    dump_windows(d, &modifiers->windows);
}

static void dump_amount(dumper *d, const ast_amount *amount)
{
    line(d, "%s%s", amount->is_top ? "top" : "bottom", amount->is_count ? " people" : "");
    if (amount->divisor != 0)
        line(d, "divisor %u", amount->divisor);
    else
        dump_number(d, "amount", &amount->number);
}

static const char *const expr_names[] = {"number",
                                         "string",
                                         "date",
                                         "time",
                                         "bool",
                                         "duration",
                                         "missing",
                                         "now",
                                         "ago",
                                         "path",
                                         "call",
                                         "as-of",
                                         "negate",
                                         "add",
                                         "subtract",
                                         "multiply",
                                         "divide",
                                         "compare",
                                         "matches",
                                         "contains",
                                         "starts-with",
                                         "ends-with",
                                         "is-missing",
                                         "in-values",
                                         "has",
                                         "in-named",
                                         "in-ranks",
                                         "in-window",
                                         "member",
                                         "and",
                                         "or",
                                         "not",
                                         "if",
                                         "some-of",
                                         "lasting",
                                         "did",
                                         "did-some",
                                         "aggregate",
                                         "per-unit",
                                         "pick",
                                         "last-change",
                                         "next-occasion",
                                         "next-anniversary",
                                         "time-since",
                                         "time-until",
                                         "ntile",
                                         "percentile",
                                         "rank"};

/* What only some kinds have, beyond other expressions. */
static void dump_details(dumper *d, const ast_expr *expr)
{
    static const char *const compares[] = {"=", "!=", "<", ">", "<=", ">="};
    switch (expr->kind) {
    case EXPR_NUMBER:
    case EXPR_NTILE: dump_number(d, "value", &expr->number); break;
    case EXPR_STRING:
    case EXPR_NOW: dump_name(d, "text", &expr->text); break;
    case EXPR_PER_UNIT:
        line(d, "per %s%s", calendar_unit_name(expr->unit),
             expr->counts_empty ? " else 0" : "");
        line(d, "text \"%s\"", aggregates[expr->aggregate].spelling);
        break;
    case EXPR_AGGREGATE:
        line(d, "text \"%s\"", aggregates[expr->aggregate].spelling);
        break;
    case EXPR_DATE: line(d, "day %" PRId64, expr->time); break;
    case EXPR_TIME:
        line(d, "%s %" PRId64, expr->time_has_zone ? "instant" : "clock", expr->time);
        break;
    case EXPR_BOOL: line(d, "%s", expr->boolean ? "true" : "false"); break;
    case EXPR_LASTING:
        line(d, "for %s", quantity_names[expr->quantity]);
        dump_duration(d, "duration", &expr->duration);
        break;
    case EXPR_DURATION:
    case EXPR_AGO: dump_duration(d, "duration", &expr->duration); break;
    case EXPR_COMPARE: line(d, "%s", compares[expr->compare]); break;
    case EXPR_PICK: line(d, "%s", expr->is_last ? "last" : "first"); break;
    case EXPR_HAS:
        line(d, "%s",
             expr->has == HAS_ANY   ? "any"
             : expr->has == HAS_ALL ? "all"
                                    : "none");
        break;
    case EXPR_DID_SOME:
    case EXPR_SOME_OF:
        line(d, "%s %" PRId64 " of", quantity_names[expr->times->quantity],
             expr->times->count);
        break;
    case EXPR_IN_RANKS: dump_amount(d, &expr->amount); break;
    default: break;
    }
}

static void dump_expr(dumper *d, const char *role, const ast_expr *expr)
{
    if (expr == NULL)
        return;
    line(d, "%s: %s%s", role, expr->is_negated ? "not " : "", expr_names[expr->kind]);
    d->depth++;
    dump_details(d, expr);
    dump_names(d, "name", &expr->names);
    dump_expr(d, "if", expr->condition);
    dump_expr(d, "left", expr->left);
    dump_expr(d, "right", expr->right);
    dump_exprs(d, "item", &expr->list);
    if (expr->selection != NULL)
        dump_selection(d, expr->selection);
    dump_modifiers(d, &expr->modifiers);
    dump_ref(d, "ref", &expr->ref);
    dump_ref(d, "among", &expr->among);
    dump_expr(d, "within each", expr->within_each);
    d->depth--;
}

/* ---- declarations ----------------------------------------------------------------- */

static void dump_group(dumper *d, const ast_group *group)
{
    dump_name(d, "group", &group->name);
    d->depth++;
    dump_name(d, "title", &group->title);
    dump_expr(d, "when", group->when);
    d->depth--;
}

static void dump_point(dumper *d, const ast_point *point)
{
    dump_number(d, point->is_minus ? "minus" : "plus", &point->amount);
    d->depth++;
    dump_expr(d, "when", point->when);
    if (point->pattern != NULL)
        dump_pattern(d, point->pattern);
    dump_windows(d, &point->windows);
    if (point->has_cap)
        dump_number(d, "at most", &point->cap);
    d->depth--;
}

static void dump_occasion(dumper *d, const ast_occasion *occasion)
{
    switch (occasion->kind) {
    case OCCASION_DAY:
        line(d, "day %u-%u", occasion->first.month, occasion->first.day);
        break;
    case OCCASION_SPAN:
        line(d, "days %u-%u to %u-%u", occasion->first.month, occasion->first.day,
             occasion->last.month, occasion->last.day);
        break;
    case OCCASION_WEEKDAY:
        line(d, "weekday %d of month %u, number %d", (int)occasion->weekday,
             occasion->month, occasion->ordinal);
        break;
    case OCCASION_DATES: dump_exprs(d, "date", &occasion->dates); break;
    }
}

static void dump_settings(dumper *d, const ast_list *settings)
{
    for (size_t i = 0; i < settings->count; i++) {
        const ast_setting *setting = settings->items[i];
        dump_name(d, setting->is_list ? "list" : "set", &setting->name);
        d->depth++;
        for (size_t k = 0; k < setting->items.count; k++) {
            line(d, "item");
            dump_settings(d, &((const ast_item *)setting->items.items[k])->settings);
        }
        d->depth--;
        dump_expr(d, "to", setting->value);
        dump_expr(d, "within", setting->tolerance);
    }
}

static void dump_line(dumper *d, const ast_line *story)
{
    static const char *const names[] = {"did", "has", "expect in", "expect has",
                                        "expect call"};
    line(d, "line %s%s%s", names[story->kind], story->is_crossing ? " crossing" : "",
         story->is_negated ? " not" : "");
    d->depth++;
    dump_name(d, "person", &story->person);
    dump_name(d, "event", &story->event);
    dump_ref(d, "ref", &story->ref);
    dump_settings(d, &story->settings);
    dump_expr(d, "at", story->at);
    d->depth--;
}

static void dump_head(dumper *d, const ast_decl *decl)
{
    dump_name(d, "name", &decl->name);
    dump_name(d, "title", &decl->title);
    dump_names(d, "note", &decl->notes);
    dump_name(d, "owner", &decl->owner);
    dump_names(d, "tag", &decl->tags);
    dump_name(d, "purpose", &decl->purpose);
    dump_name(d, "for each", &decl->subject);
    dump_ref(d, "among", &decl->among);
    if (decl->is_judged)
        line(d, "judged every %s", calendar_unit_name(decl->judged_unit));
}

static void dump_decl(dumper *d, const ast_decl *decl)
{
    static const char *const names[] = {"use",     "let",     "list",  "event",
                                        "segment", "groups",  "score", "occasion",
                                        "split",   "scenario"};
    line(d, "%s", names[decl->kind]);
    d->depth++;
    dump_head(d, decl);
    dump_expr(d, "value", decl->value);
    dump_expr(d, "stay", decl->stay);
    dump_exprs(d, "value", &decl->values);
    dump_name(d, "from", &decl->from);
    if (decl->pattern != NULL)
        dump_pattern(d, decl->pattern);
    for (size_t i = 0; i < decl->groups.count; i++)
        dump_group(d, decl->groups.items[i]);
    for (size_t i = 0; i < decl->points.count; i++)
        dump_point(d, decl->points.items[i]);
    if (decl->kind == DECL_OCCASION)
        dump_occasion(d, &decl->occasion);
    dump_name(d, "by", &decl->by);
    for (size_t i = 0; i < decl->arms.count; i++) {
        const ast_arm *arm = decl->arms.items[i];
        dump_name(d, "arm", &arm->name);
        dump_number(d, "share", &arm->share);
    }
    for (size_t i = 0; i < decl->lines.count; i++)
        dump_line(d, decl->lines.items[i]);
    d->depth--;
}

void ast_dump(const ast_file *file, text *out)
{
    dumper d = {.out = out};
    for (size_t i = 0; i < file->decls.count; i++)
        dump_decl(&d, file->decls.items[i]);
}

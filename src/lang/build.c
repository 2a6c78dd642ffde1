/* SPDX-License-Identifier: MIT
 *
 * The nodes of the tree. Only what cannot be said in the grammar is checked here: whole
 * numbers where things are counted, days that a month has, names that are words of the
 * language, attributes that stand twice, and the height of the tree.
 */
#include "lang/build.h"

#include <string.h>

#include "base/memory.h"
#include "grammar/segment_parser.h"

/* ---- names, literals, lists --------------------------------------------------- */

ast_name build_no_name(span where)
{
    return (ast_name){.where = where};
}

ast_name build_name(const lex_token *token)
{
    return (ast_name){
        .text = token->text, .where = token->where, .is_quoted = token->is_quoted};
}

/* `in top` is read as a ranking, `in this` as a window: not as members of such a set. */
static bool joins_with_in(const parser *p, const lex_token *token)
{
    int head = p->tokens[p->begin].kind;
    bool has_members = head == TOKEN_SEGMENT || head == TOKEN_LIST ||
                       head == TOKEN_GROUPS || head == TOKEN_SPLIT;
    return has_members && token == &p->tokens[p->begin + 1] &&
           keyword_phrase("in", token->text) != NULL;
}

/* `user.x` and `account.x` are traits, whatever is declared. */
static bool is_word_of_language(const parser *p, const char *name, const lex_token *token)
{
    const keyword *word = keyword_find(name);
    return (word != NULL && word->use != KEYWORD_FREE) || strcmp(name, "user") == 0 ||
           strcmp(name, "account") == 0 || joins_with_in(p, token);
}

ast_name build_declared_name(parser *p, const lex_token *token)
{
    if (!token->is_quoted && is_word_of_language(p, token->text, token)) {
        diag_error(p->diags, token->where, E0123,
                   "\"%s\" is a word of the language and cannot be declared",
                   token->text);
        diag_hint(p->diags,
                  "Choose another name, or put it in backticks everywhere: `%s`.",
                  token->text);
    }
    return build_name(token);
}

ast_list build_list(parser *p, void *first)
{
    return build_list_add(p, (ast_list){0}, first);
}

ast_list build_list_add(parser *p, ast_list list, void *item)
{
    ast_list_add(p->memory, &list, item);
    return list;
}

ast_list build_names(parser *p, ast_name first)
{
    return build_names_add(p, (ast_list){0}, first);
}

ast_list build_names_add(parser *p, ast_list list, ast_name name)
{
    ast_name *copy = arena_alloc(p->memory, sizeof *copy);
    *copy = name;
    return build_list_add(p, list, copy);
}

ast_list build_part_add(parser *p, ast_list names, ast_name part)
{
    if (names.count < PARSE_MAX_PARTS)
        return build_names_add(p, names, part);
    p->is_too_deep = p->has_many_parts = true;
    return names;
}

ast_list build_durations_add(parser *p, ast_list list, ast_duration duration)
{
    ast_duration *copy = arena_alloc(p->memory, sizeof *copy);
    *copy = duration;
    return build_list_add(p, list, copy);
}

ast_duration build_duration(const lex_token *number, calendar_unit unit, span where)
{
    return (ast_duration){.count = number->number, .unit = unit, .where = where};
}

ast_ref build_ref(span where, const lex_token *name, const lex_token *member)
{
    ast_ref ref = {
        .name = build_no_name(where), .member = build_no_name(where), .where = where};
    if (name != NULL)
        ref.name = build_name(name);
    if (member != NULL)
        ref.member = build_name(member);
    return ref;
}

int64_t build_count(parser *p, const lex_token *number)
{
    if (number->number.scale > 0) {
        diag_error(p->diags, number->where, E0103,
                   "a whole number is needed here, not %s", number->text);
        return 1;
    }
    return number->number.value;
}

/* ---- expressions -------------------------------------------------------------- */

/* Take back the expressions that begin at or behind `begin`: how tall the tallest is. */
static unsigned pop_heights(parser *p, uint32_t begin)
{
    unsigned height = 0;
    while (p->height_count > 0 && p->heights[p->height_count - 1].begin >= begin) {
        p->height_count--;
        if (p->heights[p->height_count].height > height)
            height = p->heights[p->height_count].height;
    }
    return height;
}

static void push_height(parser *p, uint32_t begin, unsigned height)
{
    memory_grow((void **)&p->heights, p->height_count, &p->height_capacity,
                sizeof *p->heights);
    p->heights[p->height_count++] = (height_entry){begin, height};
    if (height > PARSE_MAX_HEIGHT)
        p->is_too_deep = true;
}

static ast_expr *new_expr(parser *p, ast_expr_kind kind, span where)
{
    ast_expr *expr = arena_alloc(p->memory, sizeof *expr);
    expr->kind = kind;
    expr->where = where;
    return expr;
}

/* The expressions under a new one are those within its span that are not yet taken. */
ast_expr *build_expr(parser *p, ast_expr_kind kind, span where)
{
    push_height(p, where.begin, pop_heights(p, where.begin) + 1);
    return new_expr(p, kind, where);
}

ast_expr *build_literal(parser *p, ast_expr_kind kind, const lex_token *token)
{
    ast_expr *expr = build_expr(p, kind, token->where);
    expr->number = token->number;
    expr->time = token->time;
    expr->time_has_zone = token->time_has_zone;
    expr->text = build_name(token);
    if (kind == EXPR_BOOL)
        expr->boolean = token->kind == TOKEN_TRUE;
    return expr;
}

ast_expr *build_first_instant(parser *p, const lex_token *day)
{
    ast_expr *expr = build_literal(p, EXPR_TIME, day);
    expr->time = day->time * MICROSECONDS_PER_DAY;
    return expr;
}

ast_expr *build_unary(parser *p, ast_expr_kind kind, span where, ast_expr *left)
{
    ast_expr *expr = build_expr(p, kind, where);
    expr->left = left;
    return expr;
}

ast_expr *build_binary(parser *p, ast_expr_kind kind, span where, ast_expr *left,
                       ast_expr *right)
{
    ast_expr *expr = build_unary(p, kind, where, left);
    expr->right = right;
    return expr;
}

ast_expr *build_test(parser *p, ast_expr_kind kind, span where, ast_expr *left,
                     bool is_negated)
{
    ast_expr *expr = build_unary(p, kind, where, left);
    expr->is_negated = is_negated;
    return expr;
}

ast_expr *build_compare(parser *p, span where, ast_expr *left, ast_compare compare,
                        ast_expr *right)
{
    ast_expr *expr = build_binary(p, EXPR_COMPARE, where, left, right);
    expr->compare = compare;
    return expr;
}

ast_expr *build_if(parser *p, span where, ast_expr *condition, ast_expr *yes,
                   ast_expr *no)
{
    ast_expr *expr = build_binary(p, EXPR_IF, where, yes, no);
    expr->condition = condition;
    return expr;
}

ast_expr *build_chain(parser *p, ast_expr_kind kind, span where, ast_expr *a, ast_expr *b)
{
    ast_expr *chain = build_expr(p, kind, where);
    ast_list_add(p->memory, &chain->list, a);
    ast_list_add(p->memory, &chain->list, b);
    return chain;
}

ast_expr *build_chain_add(parser *p, ast_expr *chain, span where, ast_expr *next)
{
    unsigned below = pop_heights(p, next->where.begin) + 1;
    unsigned height = pop_heights(p, chain->where.begin);
    push_height(p, chain->where.begin, height > below ? height : below);
    ast_list_add(p->memory, &chain->list, next);
    chain->where = where;
    return chain;
}

ast_expr *build_some_of(parser *p, span where, const ast_times *times,
                        ast_list conditions)
{
    ast_expr *expr = build_expr(p, EXPR_SOME_OF, where);
    expr->times = times;
    expr->list = conditions;
    return expr;
}

ast_expr *build_lasting(parser *p, span where, ast_expr *state, ast_quantity quantity,
                        ast_duration duration)
{
    ast_expr *expr = build_unary(p, EXPR_LASTING, where, state);
    expr->quantity = quantity;
    expr->duration = duration;
    return expr;
}

ast_expr *build_path(parser *p, ast_expr_kind kind, span where, ast_list names)
{
    ast_expr *expr = build_expr(p, kind, where);
    expr->names = names;
    return expr;
}

ast_expr *build_as_of(parser *p, span where, span path, ast_list names, ast_expr *right)
{
    ast_expr *left = new_expr(p, EXPR_PATH, path);
    left->names = names;
    return build_binary(p, EXPR_AS_OF, where, left, right);
}

ast_expr *build_call(parser *p, span where, ast_list names, ast_list arguments)
{
    ast_expr *expr = build_path(p, EXPR_CALL, where, names);
    expr->list = arguments;
    return expr;
}

ast_expr *build_did(parser *p, span where, bool is_negated, ast_selection *selection,
                    ast_modifiers modifiers)
{
    ast_expr *expr = build_test(p, EXPR_DID, where, NULL, is_negated);
    expr->selection = selection;
    expr->modifiers = modifiers;
    return expr;
}

ast_expr *build_aggregate(parser *p, span where, const lex_token *name,
                          ast_selection *selection, ast_modifiers modifiers,
                          ast_expr *right)
{
    ast_expr *expr = build_binary(p, EXPR_AGGREGATE, where, NULL, right);
    expr->aggregate = (aggregate_kind)name->keyword->value;
    expr->selection = selection;
    expr->modifiers = modifiers;
    return expr;
}

ast_expr *build_per_unit(parser *p, span where, const lex_token *name, ast_expr *each,
                         calendar_unit unit, ast_modifiers modifiers, ast_expr *right)
{
    ast_expr *expr = build_binary(p, EXPR_PER_UNIT, where, each, right);
    expr->text = build_name(name);
    expr->aggregate = (aggregate_kind)name->keyword->value;
    expr->unit = unit;
    expr->modifiers = modifiers;
    return expr;
}

bool build_zero(parser *p, const lex_token *number)
{
    if (number->number.value != 0) {
        diag_error(p->diags, number->where, E0117,
                   "what has no events adds up to 0, not to %s", number->text);
        diag_hint(p->diags, "Write \"else 0\".");
    }
    return true;
}

void build_half_life(parser *p, ast_expr *aggregate, ast_duration half_life)
{
    aggregate->selection->half_life = arena_alloc(p->memory, sizeof half_life);
    *aggregate->selection->half_life = half_life;
}

ast_expr *build_pick(parser *p, span where, bool is_last, ast_selection *selection,
                     ast_list windows)
{
    ast_expr *expr = build_expr(p, EXPR_PICK, where);
    expr->is_last = is_last;
    expr->selection = selection;
    expr->modifiers.windows = windows;
    return expr;
}

ast_expr *build_rank(parser *p, ast_expr_kind kind, span where, ast_expr *left,
                     ast_ref among, ast_expr *within_each)
{
    ast_expr *expr = build_unary(p, kind, where, left);
    expr->among = among;
    expr->within_each = within_each;
    return expr;
}

/* `in top 0.1`, right behind the message that it is no whole number. */
static void report_share(parser *p, const lex_token *token)
{
    bool is_tenths = token->number.scale == 1, is_hundredths = token->number.scale == 2;
    if ((is_tenths && token->number.value < 10) ||
        (is_hundredths && token->number.value < 100))
        diag_propose(p->diags, token->where, "%lld%%",
                     (long long)token->number.value * (is_tenths ? 10 : 1));
}

ast_amount build_amount(parser *p, const lex_token *token)
{
    ast_amount amount = {.number = token->number, .place = token->where};
    if (token->kind == TOKEN_NUMBER) {
        amount.is_count = true;
        amount.number.value = build_count(p, token);
        report_share(p, token);
        amount.number.scale = 0;
    } else if (token->kind == TOKEN_UNIT) {
        amount.divisor = 4;
        if (strcmp(token->text, "quarter") != 0) {
            diag_error(p->diags, token->where, E0101, "\"%s\" is no part of the people",
                       token->text);
            diag_hint(p->diags,
                      "Write a share such as 20%%, half, third or quarter, or how "
                      "many people.");
        }
    } else if (token->kind != TOKEN_PERCENT) {
        amount.divisor = (unsigned)token->keyword->value;
    }
    return amount;
}

/* ---- behaviour ---------------------------------------------------------------- */

ast_event *build_kind(parser *p, span at, ast_name name, bool is_anything)
{
    ast_event *event = arena_alloc(p->memory, sizeof *event);
    event->name = name;
    event->is_anything = is_anything;
    event->place = at;
    return event;
}

ast_event *build_event(ast_event *kind, span at, ast_expr *where)
{
    kind->where = where;
    kind->place = at;
    return kind;
}

ast_step *build_step(parser *p, span at, ast_list events, ast_expr *where)
{
    ast_step *step = arena_alloc(p->memory, sizeof *step);
    step->events = events;
    step->where = where;
    step->place = at;
    return step;
}

ast_pattern *build_bounds(parser *p)
{
    return arena_alloc(p->memory, sizeof(ast_pattern));
}

ast_pattern *build_single(parser *p, span at, ast_step *step)
{
    ast_pattern *pattern = build_bounds(p);
    pattern->step = step;
    pattern->place = at;
    return pattern;
}

ast_pattern *build_sequence(ast_pattern *bounds, span at, ast_list links)
{
    bounds->is_sequence = true;
    bounds->links = links;
    bounds->place = at;
    return bounds;
}

ast_link *build_link(parser *p, span at, ast_step *step, ast_list spacings)
{
    ast_link *link = arena_alloc(p->memory, sizeof *link);
    link->step = step;
    link->spacings = spacings;
    link->place = at;
    return link;
}

ast_spacing *build_spacing(parser *p, bool is_within, ast_quantity quantity,
                           ast_duration duration)
{
    ast_spacing *spacing = arena_alloc(p->memory, sizeof *spacing);
    spacing->is_within = is_within;
    spacing->quantity = quantity;
    spacing->duration = duration;
    return spacing;
}

ast_selection *build_selection(parser *p, span at, ast_pattern *pattern, ast_list names)
{
    ast_selection *selection = arena_alloc(p->memory, sizeof *selection);
    const ast_name *property = names.count > 0 ? names.items[0] : NULL;
    const ast_name *field = names.count > 1 ? names.items[1] : NULL;
    span end = {at.file, at.end, at.end};
    selection->pattern = pattern;
    selection->property = property != NULL ? *property : build_no_name(end);
    selection->field = field != NULL ? *field : build_no_name(end);
    for (size_t i = 2; i < names.count; i++)
        ast_list_add(p->memory, &selection->rest, names.items[i]);
    selection->place = at;
    return selection;
}

ast_selection *build_event_value(parser *p, span at, ast_event *event, ast_list names)
{
    ast_step *step = build_step(p, event->place, build_list(p, event), NULL);
    ast_pattern *pattern = build_single(p, event->place, step);
    return build_selection(p, at, pattern, names);
}

ast_window *build_window(parser *p, ast_window_kind kind, span at)
{
    ast_window *window = arena_alloc(p->memory, sizeof *window);
    window->kind = kind;
    window->place = at;
    window->name = window->same = build_no_name(at);
    return window;
}

ast_window *build_duration_window(parser *p, ast_window_kind kind, span at,
                                  ast_duration duration)
{
    ast_window *window = build_window(p, kind, at);
    window->duration = duration;
    return window;
}

ast_window *build_unit_window(parser *p, ast_window_kind kind, span at,
                              calendar_unit unit, ast_expr *from)
{
    ast_window *window = build_window(p, kind, at);
    window->unit = unit;
    window->from = from;
    return window;
}

ast_window *build_instant_window(parser *p, ast_window_kind kind, span at, ast_expr *from,
                                 ast_expr *to)
{
    ast_window *window = build_window(p, kind, at);
    window->from = from;
    window->to = to;
    return window;
}

ast_window *build_anchor(parser *p, span at, ast_expr *from, ast_step *step,
                         ast_name same)
{
    ast_window *window = build_window(p, WINDOW_WITHIN_OF, at);
    window->from = from;
    window->step = step;
    window->same = same;
    return window;
}

ast_window *build_within(ast_window *anchor, ast_window_kind kind, span at,
                         ast_duration duration)
{
    anchor->kind = kind;
    anchor->place = at;
    anchor->duration = duration;
    return anchor;
}

span *build_place(parser *p, span at)
{
    span *place = arena_alloc(p->memory, sizeof *place);
    *place = at;
    return place;
}

ast_row *build_row(parser *p, span at, ast_step *among)
{
    ast_row *row = arena_alloc(p->memory, sizeof *row);
    *row = (ast_row){among, at};
    return row;
}

ast_times *build_times(parser *p, ast_quantity quantity, int64_t count, span at)
{
    ast_times *times = arena_alloc(p->memory, sizeof *times);
    times->quantity = quantity;
    times->count = count;
    times->place = at;
    return times;
}

ast_periods *build_periods(parser *p, span at, const ast_times *times, int64_t count,
                           calendar_unit unit, bool is_full)
{
    ast_periods *periods = arena_alloc(p->memory, sizeof *periods);
    *periods = (ast_periods){times, count, unit, is_full, at};
    return periods;
}

/* ---- declarations ------------------------------------------------------------- */

static void check_single(parser *p, const ast_name *before, const lex_token *again,
                         const char *attribute)
{
    if (before->text == NULL)
        return;
    diag_error(p->diags, again->where, E0101, "\"%s\" stands twice", attribute);
    diag_note_at(p->diags, before->where, "here it stood before");
}

ast_decl *build_attributes(parser *p)
{
    return arena_alloc(p->memory, sizeof(ast_decl));
}

ast_decl *build_note(parser *p, ast_decl *draft, ast_list texts)
{
    for (size_t i = 0; i < texts.count; i++)
        ast_list_add(p->memory, &draft->notes, texts.items[i]);
    return draft;
}

ast_decl *build_owner(parser *p, ast_decl *draft, const lex_token *owner)
{
    check_single(p, &draft->owner, owner, "owner");
    draft->owner = build_name(owner);
    return draft;
}

ast_decl *build_tags(parser *p, ast_decl *draft, ast_list tags)
{
    for (size_t i = 0; i < tags.count; i++)
        ast_list_add(p->memory, &draft->tags, tags.items[i]);
    return draft;
}

ast_decl *build_purpose(parser *p, ast_decl *draft, const lex_token *purpose)
{
    check_single(p, &draft->purpose, purpose, "purpose");
    draft->purpose = build_name(purpose);
    return draft;
}

ast_decl *build_decl(ast_decl *draft, ast_decl_kind kind, span where, ast_name name,
                     ast_name title)
{
    draft->kind = kind;
    draft->where = where;
    draft->name = name;
    draft->title = title;
    return draft;
}

void build_scope(ast_decl *decl, ast_name subject, ast_ref among, int judged_unit,
                 span judged_place)
{
    decl->judged_place = judged_place;
    decl->subject = subject;
    decl->among = among;
    decl->is_judged = judged_unit >= 0;
    if (decl->is_judged)
        decl->judged_unit = (calendar_unit)judged_unit;
}

ast_group *build_group(parser *p, span at, ast_name name, ast_name title, ast_expr *when)
{
    ast_group *group = arena_alloc(p->memory, sizeof *group);
    group->name = name;
    group->title = title;
    group->when = when;
    group->place = at;
    return group;
}

ast_point *build_point(parser *p, span at, bool is_minus, const lex_token *amount)
{
    ast_point *point = arena_alloc(p->memory, sizeof *point);
    point->is_minus = is_minus;
    point->amount = amount->number;
    point->place = at;
    return point;
}

void build_cap(ast_point *point, const lex_token *cap)
{
    point->has_cap = cap != NULL;
    if (point->has_cap)
        point->cap = cap->number;
}

ast_occasion build_occasion(ast_occasion_kind kind)
{
    return (ast_occasion){.kind = kind};
}

ast_month_day build_month_day(parser *p, const lex_token *month, const lex_token *day)
{
    static const int64_t lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    ast_month_day result = {.month = (unsigned)month->keyword->value, .day = 1};
    if (day->number.scale > 0 || day->number.value < 1 ||
        day->number.value > lengths[result.month - 1])
        diag_error(p->diags, day->where, E0128, "%s has no day %s", month->text,
                   day->text);
    else
        result.day = (unsigned)day->number.value;
    return result;
}

ast_arm *build_arm(parser *p, span at, ast_name name, const lex_token *share)
{
    ast_arm *arm = arena_alloc(p->memory, sizeof *arm);
    arm->name = name;
    arm->share = share->number;
    arm->place = at;
    return arm;
}

ast_setting *build_setting(parser *p, ast_list names, ast_expr *value)
{
    ast_setting *setting = arena_alloc(p->memory, sizeof *setting);
    const ast_name *first = names.items[0], *last = names.items[names.count - 1];
    setting->names = names;
    setting->name.where = span_join(first->where, last->where);
    setting->name.text = first->text;
    for (size_t i = 1; i < names.count; i++)
        setting->name.text = arena_format(p->memory, "%s.%s", setting->name.text,
                                          ((const ast_name *)names.items[i])->text);
    setting->value = value;
    return setting;
}

ast_setting *build_told_list(parser *p, ast_list names, ast_list items)
{
    ast_setting *setting = build_setting(p, names, NULL);
    setting->is_list = true;
    setting->items = items;
    return setting;
}

ast_item *build_item(parser *p, ast_list settings)
{
    ast_item *item = arena_alloc(p->memory, sizeof *item);
    item->settings = settings;
    return item;
}

ast_setting *build_told_values(parser *p, ast_list names, ast_list values)
{
    ast_list items = {0};
    for (size_t i = 0; i < values.count; i++) {
        ast_setting *value = arena_alloc(p->memory, sizeof *value);
        value->value = values.items[i];
        value->name = (ast_name){.text = "", .where = value->value->where};
        ast_list_add(p->memory, &items, build_item(p, build_list(p, value)));
    }
    return build_told_list(p, names, items);
}

ast_line *build_line(parser *p, ast_line_kind kind, span where, const lex_token *person,
                     ast_expr *at)
{
    ast_line *line = arena_alloc(p->memory, sizeof *line);
    line->kind = kind;
    line->person = build_name(person);
    line->at = at;
    line->place = where;
    return line;
}

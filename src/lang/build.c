/* SPDX-License-Identifier: MIT
 *
 * The nodes of the tree. Only what cannot be said in the grammar is checked here: whole
 * numbers where things are counted, days that a month has, names that are words of the
 * language, attributes that stand twice, and the height of the tree.
 */
#include "lang/build.h"
#include "lang/telling.h"

#include <string.h>

#include "base/memory.h"
#include "grammar/segment_parser.h"

void *build_node(parser *p, const void *parts, size_t size)
{
    void *node = arena_alloc(p->memory, size);
    memcpy(node, parts, size);
    return node;
}

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
           keyword_phrase("in", token->text);
}

ast_name build_declared_name(parser *p, const lex_token *token)
{
    if (!token->is_quoted && (keyword_is_taken(token->text) || joins_with_in(p, token))) {
        error(p, token->where, E0123,
              "\"%s\" is a word of the language and cannot be declared", token->text);
        hint(p, "Choose another name, or put it in backticks everywhere: `%s`.",
             token->text);
    }
    return build_name(token);
}

ast_name build_library(parser *p, const lex_token *folder, const lex_token *name)
{
    return (ast_name){.text = arena_format(p->memory, "lib/%s.lua", name->text),
                      .where = span_join(folder->where, name->where)};
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

ast_list build_pair(parser *p, void *first, void *second)
{
    return build_list_add(p, build_list(p, first), second);
}

void build_list_join(parser *p, ast_list *list, const ast_list *more)
{
    for (size_t i = 0; i < more->count; i++)
        ast_list_add(p->memory, list, more->items[i]);
}

ast_list build_names_add(parser *p, ast_list list, ast_name name)
{
    return build_list_add(p, list, build_node(p, &name, sizeof name));
}

ast_list build_names(parser *p, ast_name first)
{
    return build_names_add(p, (ast_list){0}, first);
}

ast_list build_part_add(parser *p, ast_list names, ast_name part)
{
    if (names.count < PARSE_MAX_PARTS)
        return build_names_add(p, names, part);
    p->is_too_deep = p->has_many_parts = true;
    return names;
}

ast_ref build_ref(span where, const lex_token *name, const lex_token *member)
{
    return (ast_ref){.name = name ? build_name(name) : build_no_name(where),
                     .member = member ? build_name(member) : build_no_name(where),
                     .where = where};
}

int64_t build_count(parser *p, const lex_token *number)
{
    if (number->number.scale > 0) {
        error(p, number->where, E0103, "a whole number is needed here, not %s",
              number->text);
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

/* The expressions under a new one are those within its span that are not yet taken. */
ast_expr *build_expr(parser *p, ast_expr parts)
{
    push_height(p, parts.where.begin, pop_heights(p, parts.where.begin) + 1);
    return build_node(p, &parts, sizeof parts);
}

ast_expr *build_literal(parser *p, ast_expr_kind kind, const lex_token *token)
{
    return build_expr(p, (ast_expr){.kind = kind,
                                    .where = token->where,
                                    .number = token->number,
                                    .time = token->time,
                                    .time_has_zone = token->time_has_zone,
                                    .text = build_name(token),
                                    .boolean = token->kind == TOKEN_TRUE});
}

ast_expr *build_first_instant(parser *p, const lex_token *day)
{
    ast_expr *expr = build_literal(p, EXPR_TIME, day);
    expr->time = day->time * MICROSECONDS_PER_DAY;
    return expr;
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

bool build_zero(parser *p, const lex_token *number)
{
    if (number->number.value != 0) {
        error(p, number->where, E0117, "what has no events adds up to 0, not to %s",
              number->text);
        hint(p, "Write \"else 0\".");
    }
    return true;
}

/* `in top 0.1`, right behind the message that it is no whole number. */
static void report_share(parser *p, const lex_token *token)
{
    bool is_tenths = token->number.scale == 1, is_hundredths = token->number.scale == 2;
    if ((is_tenths && token->number.value < 10) ||
        (is_hundredths && token->number.value < 100))
        propose(p, token->where, "%lld%%",
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
            error(p, token->where, E0101, "\"%s\" is no part of the people", token->text);
            hint(p, "Write a share such as 20%%, half, third or quarter, or how "
                    "many people.");
        }
    } else if (token->kind != TOKEN_PERCENT) {
        amount.divisor = (unsigned)token->keyword->value;
    }
    return amount;
}

/* ---- behaviour ---------------------------------------------------------------- */

ast_event *build_event(ast_event *kind, span at, ast_expr *where)
{
    kind->where = where;
    kind->place = at;
    return kind;
}

ast_pattern *build_single(parser *p, span at, ast_list events, ast_expr *where)
{
    ast_step step = {.events = events, .where = where, .place = at};
    ast_pattern pattern = {.step = build_node(p, &step, sizeof step), .place = at};
    return build_node(p, &pattern, sizeof pattern);
}

ast_pattern *build_sequence(ast_pattern *bounds, span at, ast_list links)
{
    bounds->links = links;
    bounds->place = at;
    return bounds;
}

ast_selection *build_selection(parser *p, span at, ast_pattern *pattern, ast_list names)
{
    ast_selection selection = {.pattern = pattern, .names = names, .place = at};
    return build_node(p, &selection, sizeof selection);
}

ast_selection *build_event_value(parser *p, span at, ast_event *event, ast_list names)
{
    ast_pattern *single = build_single(p, event->place, build_list(p, event), NULL);
    return build_selection(p, at, single, names);
}

ast_window *build_within(ast_window *anchor, ast_window_kind kind, span at,
                         ast_duration duration)
{
    anchor->kind = kind;
    anchor->place = at;
    anchor->duration = duration;
    return anchor;
}

/* ---- declarations ------------------------------------------------------------- */

void build_attribute(parser *p, ast_name *attribute, const char *word,
                     const lex_token *token)
{
    if (attribute->text) {
        error(p, token->where, E0101, "\"%s\" stands twice", word);
        note(p, attribute->where, "here it stood before");
    }
    *attribute = build_name(token);
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

ast_month_day build_month_day(parser *p, const lex_token *month, const lex_token *day)
{
    static const int64_t lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    ast_month_day result = {.month = (unsigned)month->keyword->value, .day = 1};
    if (day->number.scale > 0 || day->number.value < 1 ||
        day->number.value > lengths[result.month - 1])
        error(p, day->where, E0128, "%s has no day %s", month->text, day->text);
    else
        result.day = (unsigned)day->number.value;
    return result;
}

ast_setting *build_setting(parser *p, ast_list names, ast_expr *value)
{
    const ast_name *first = names.items[0], *last = names.items[names.count - 1];
    ast_name whole = {.text = first->text, .where = span_join(first->where, last->where)};
    for (size_t i = 1; i < names.count; i++)
        whole.text = arena_format(p->memory, "%s.%s", whole.text,
                                  ((const ast_name *)names.items[i])->text);
    ast_setting setting = {.name = whole, .names = names, .value = value};
    return build_node(p, &setting, sizeof setting);
}

ast_setting *build_given(parser *p, ast_expr *call, ast_expr *value)
{
    slice words = span_text(call->where);
    ast_setting setting = {
        .name = {.text = arena_copy_text(p->memory, words.data, words.size),
                 .where = call->where},
        .call = call,
        .value = value};
    return build_node(p, &setting, sizeof setting);
}

ast_setting *build_told_list(parser *p, ast_list names, ast_list items)
{
    ast_setting *setting = build_setting(p, names, NULL);
    setting->is_list = true;
    setting->items = items;
    return setting;
}

ast_setting *build_told_values(parser *p, ast_list names, ast_list values)
{
    ast_list items = {0};
    for (size_t i = 0; i < values.count; i++) {
        ast_expr *value = values.items[i];
        ast_setting plain = {.name = {.text = "", .where = value->where}, .value = value};
        ast_item item = {build_list(p, build_node(p, &plain, sizeof plain))};
        ast_list_add(p->memory, &items, build_node(p, &item, sizeof item));
    }
    return build_told_list(p, names, items);
}

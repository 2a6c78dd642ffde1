/* SPDX-License-Identifier: MIT
 *
 * Calls: of built-in functions, and of scripts, whose values have the type that their use
 * asks for.
 */
#include "lang/checker.h"

/* Is it for the use to tell what type this has? Until then it counts as a number. */
bool is_untold(const ast_expr *expr)
{
    switch (expr->kind) {
    case EXPR_CALL:
        return expr->meaning->kind == MEANING_SCRIPT && !expr->meaning->is_declared;
    case EXPR_AS_OF: return is_untold(expr->left);
    case EXPR_IF: return is_untold(expr->left) && is_untold(expr->right);
    default: return false;
    }
}

/* The use of `expr` asks for such a value: a number, a text or a truth value. */
void ask_for(ast_expr *expr, type wanted)
{
    if (!is_untold(expr))
        return;
    if (wanted.kind == TYPE_PERSON)
        wanted.kind = TYPE_STRING;
    if (wanted.kind != TYPE_STRING && wanted.kind != TYPE_BOOL)
        wanted = NUMBER;
    expr->meaning->type = wanted;
    if (expr->kind != EXPR_CALL)
        ask_for(expr->left, wanted);
    if (expr->kind == EXPR_IF)
        ask_for(expr->right, wanted);
}

/* Two values that meet tell each other's type; false when neither tells. */
bool ask_each_other(ast_expr *left, ast_expr *right)
{
    if (is_untold(left) && is_untold(right))
        return false;
    ask_for(left, expr_type(right));
    ask_for(right, expr_type(left));
    return true;
}

type report_untold(checker *c, const ast_expr *expr)
{
    error(c, expr->where, E0108,
          "comparing two functions of scripts does not tell what they give");
    hint(c, "For numbers, write one of them with \"+ 0\"; otherwise let one "
            "function compare, and return true or false.");
    return BOOLEAN;
}

/* Whether there is a value is asked of any type. */
void take_any(ast_expr *expr)
{
    if (!is_untold(expr))
        return;
    expr->meaning->takes_any = true;
    if (expr->kind != EXPR_CALL)
        take_any(expr->left);
    if (expr->kind == EXPR_IF)
        take_any(expr->right);
}

static type check_builtin(checker *c, ast_expr *expr)
{
    static const struct {
        const char *name;
        size_t count;
        const char *example;
    } builtins[] = {
#define X(name, spelling, count, doc, example) {spelling, count, example},
#include "lang/builtins.def"
#undef X
    };
    size_t which = expr->meaning->function;
    if (expr->list.count != builtins[which].count) {
        error(c, expr->where, E0117, "\"%s\" takes %zu values, not %zu",
              builtins[which].name, builtins[which].count, expr->list.count);
        hint(c, "For example: %s", builtins[which].example);
        return NO_TYPE;
    }
    type a = expr_type(expr->list.items[0]), b = expr_type(expr->list.items[1]);
    type joined = type_join(a, b);
    if (is_error(a, b))
        return NO_TYPE;
    if (joined.kind == TYPE_ERROR || !type_is_ordered(joined) ||
        expr_is_calendar(expr->list.items[0]) || expr_is_calendar(expr->list.items[1]))
        return refuse(c, expr->where, E0117, "%s and %s cannot be put in order",
                      type_words(a), type_words(b));
    return joined;
}

static const char *function_name(const checker *c, const ast_expr *call)
{
    return script_set_function_name(c->book->scripts, call->meaning->function);
}

/* "churn.risk(silent: duration(days), orders: int): number(0..1)" */
static void hint_signature(checker *c, const ast_expr *call)
{
    size_t function = call->meaning->function;
    text words;
    text_init(&words);
    text_append(&words, function_name(c, call));
    script_signature_append(script_set_signature(c->book->scripts, function), &words);
    hint(c, "It is declared as %s.", words.data);
    text_done(&words);
}

/* Does a function that takes such a parameter take such a value? */
static bool is_taken(const script_parameter *p, type given)
{
    bool is_exact = p->type.kind == TYPE_DECIMAL;
    return type_takes(p->type, given) && (!is_exact || given.scale <= p->type.scale);
}

/* What stands there for the type that is due, when that is known. */
static void hint_argument(checker *c, const ast_expr *call, const script_parameter *p,
                          const ast_expr *argument)
{
    type given = expr_type(argument);
    if (given.kind == TYPE_DURATION && type_is_numeric(p->type))
        propose(c, argument->where, "%s / 1 day", words_of(c, argument));
    else if (p->type.kind == TYPE_DURATION && argument->kind == EXPR_DIVIDE &&
             expr_type(argument->left).kind == TYPE_DURATION)
        propose(c, argument->where, "%s", words_of(c, argument->left));
    else if (given.kind == TYPE_TIME && p->type.kind == TYPE_DURATION)
        propose(c, argument->where, "time since %s", words_of(c, argument));
    else
        hint_signature(c, call);
}

/* "list of number", where the type of one is known. */
static void append_given(const ast_expr *argument, text *out)
{
    bool is_list = expr_is_list(argument);
    type given = is_list ? argument->meaning->item : expr_type(argument);
    if (is_list)
        text_append_format(out, "a list of %s", type_kind_name(given.kind));
    else
        text_append(out, type_words(given));
}

/* A list where one value is due, the other way round, or a list of something else. */
static void report_list(checker *c, const ast_expr *call, const script_parameter *p,
                        const ast_expr *argument)
{
    text given;
    text_init(&given);
    append_given(argument, &given);
    error(c, argument->where, E0117, "\"%s\" of \"%s\" takes %s, and this is %s", p->name,
          function_name(c, call), p->spelling, given.data);
    if (p->is_list && argument->kind == EXPR_PICK)
        hint(c,
             "All values, and not one, are %s(...), with a window behind "
             "them if you like.",
             aggregates[AGGREGATE_LIST].spelling);
    else
        hint_signature(c, call);
    text_done(&given);
}

/* False: it is no list, and none is due. */
static bool check_list_argument(checker *c, const ast_expr *call,
                                const script_parameter *p, const ast_expr *argument)
{
    type given = expr_type(argument);
    bool is_list = expr_is_list(argument);
    if (!p->is_list && !is_list)
        return false;
    if (given.kind != TYPE_ERROR &&
        (!p->is_list || !is_list || !is_taken(p, argument->meaning->item)))
        report_list(c, call, p, argument);
    return true;
}

/* It takes the type of the parameter. */
static void check_missing(checker *c, const ast_expr *call, const script_parameter *p,
                          ast_expr *argument)
{
    if (p->is_list) {
        error(c, argument->where, E0117,
              "\"%s\" of \"%s\" takes a list, and a list is never missing", p->name,
              function_name(c, call));
        hint(c, "Of somebody without such events the list is empty: expect of "
                "a score of somebody, expect ann has SCORE = VALUE at TIME");
        return;
    }
    argument->meaning->type = p->type;
}

static void check_argument(checker *c, const ast_expr *call, const script_parameter *p,
                           ast_expr *argument)
{
    if (argument->kind == EXPR_MISSING) {
        check_missing(c, call, p, argument);
        return;
    }
    if (check_list_argument(c, call, p, argument))
        return;
    ask_for(argument, p->type);
    type given = expr_type(argument);
    if (given.kind == TYPE_ERROR || is_taken(p, given))
        return;
    bool is_fraction = p->type.kind == TYPE_DECIMAL && type_is_numeric(given);
    error(c, argument->where, E0117, "\"%s\" of \"%s\" takes %s, and this is %s", p->name,
          function_name(c, call), is_fraction ? "a whole number" : p->spelling,
          is_fraction ? "a number with a fraction" : type_words(given));
    hint_argument(c, call, p, argument);
}

/* Of a function that its file declares. */
static type check_declared_call(checker *c, ast_expr *expr)
{
    const script_signature *s =
        script_set_signature(c->book->scripts, expr->meaning->function);
    size_t least = script_signature_least(s), count = expr->list.count;
    if (count < least || count > s->parameter_count) {
        const char *name = function_name(c, expr);
        if (least == s->parameter_count)
            error(c, expr->where, E0117, "\"%s\" takes %zu value%s, not %zu", name, least,
                  least == 1 ? "" : "s", count);
        else
            error(c, expr->where, E0117, "\"%s\" takes %zu to %zu values, not %zu", name,
                  least, s->parameter_count, count);
        hint_signature(c, expr);
        return s->result.type;
    }
    for (size_t i = 0; i < count; i++)
        check_argument(c, expr, &s->parameters[i], expr->list.items[i]);
    return s->result.type;
}

static type check_script_call(checker *c, ast_expr *expr)
{
    if (expr->list.count > SCRIPT_MOST_PARAMETERS)
        error(c, expr->where, E0117, "a script takes at most %d values",
              SCRIPT_MOST_PARAMETERS);
    each (ast_expr, argument, &expr->list) {
        if (argument->kind == EXPR_MISSING)
            argument->meaning->type = NUMBER; /* until a declaration says more */
        if (expr_is_calendar(argument))
            return refuse(
                c, argument->where, E0117,
                "months, quarters and years have no fixed length to hand to a script");
    }
    return expr->meaning->is_declared ? check_declared_call(c, expr) : NUMBER;
}

type check_call(checker *c, ast_expr *expr)
{
    if (expr->meaning->kind == MEANING_NONE)
        return NO_TYPE; /* reported; its arguments were not resolved */
    each (ast_expr, argument, &expr->list) {
        if (expr->meaning->kind == MEANING_SCRIPT && expr_is_list(argument))
            check_list_of_values(c, argument);
        else
            check_expr(c, argument);
    }
    switch (expr->meaning->kind) {
    case MEANING_BUILTIN: return check_builtin(c, expr);
    case MEANING_SCRIPT: return check_script_call(c, expr);
    default: return NO_TYPE;
    }
}

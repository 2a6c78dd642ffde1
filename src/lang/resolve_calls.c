/* SPDX-License-Identifier: MIT
 *
 * Calls: of built-in functions, of scripts, and of what is no function here.
 */
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "lang/foreign.h"
#include "lang/foreign_calls.h"
#include "lang/resolver.h"
#include "report/lookalike.h"
#include "report/suggest.h"
#include "script/meant.h"

static const char *const aggregate_words[] = {
#define X(name, spelling, ...) spelling,
#define PICK(spelling, ...)    spelling,
#include "lang/aggregates.def"
#undef X
};

static const char *const builtin_words[] = {
#define X(name, spelling, count, doc, example) spelling,
#include "lang/builtins.def"
#undef X
};

/* The place of a word among others, or SIZE_MAX. */
static size_t find_word(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return SIZE_MAX;
}

static const char *similar_function(const char *name)
{
    if (foreign_function(name))
        return foreign_function(name);
    suggestion s = suggest_begin(name);
    for (size_t i = 0; i < sizeof aggregate_words / sizeof *aggregate_words; i++)
        suggest_consider(&s, aggregate_words[i]);
    for (size_t i = 0; i < sizeof builtin_words / sizeof *builtin_words; i++)
        suggest_consider(&s, builtin_words[i]);
    return suggest_best(&s);
}

/* A file that could not be loaded was reported; that its functions are missing follows. */
static bool lacks_a_script(const diags *d)
{
    for (size_t i = 0; i < diags_count(d); i++) {
        diag_code code = diags_get(d, i)->code;
        if (code == E0307 || code == E0311 || code == E0119)
            return true;
    }
    return false;
}

/* What looking for a file costs, in names that are compared. */
enum { NAMES_OF_FILES = 2000 };

/* The script was not loaded: it comes with carpel, is a file of the project, or has another name. */
static void report_unknown_script(resolver *r, const ast_expr *expr)
{
    const char *module = name_at(&expr->names, 0)->text;
    const char *function = name_at(&expr->names, 1)->text;
    const char *library = script_meant_library(slice_of(module));
    const char *similar = script_set_similar(r->book->scripts, module, function);
    char *file = library || !may_compare(r, NAMES_OF_FILES)
                     ? NULL
                     : script_meant_file(r->book->directory, module);
    error(r, expr->where, E0116, "no script is named \"%s\"", module);
    if (library)
        hint(r, "Load it first: use lib.%s", library);
    else if (file)
        hint(r, "Load it first: use \"%s\"", file);
    else if (similar)
        offer(r, names_span(&expr->names), "Did you mean \"%s\"?", "%s", similar);
    else
        hint(r, "The project has no file of this name. One that it has is loaded "
                "first: use \"scores/churn.lua\". \"carpel help lib\" lists those "
                "that come with carpel.");
    memory_free(file);
}

/* `lib.rate.low(...)`: where it is from is said by "use" alone. */
static bool report_call_of_library(resolver *r, const ast_expr *call)
{
    const ast_list *names = &call->names;
    if (names->count != 3 || strcmp(name_at(names, 0)->text, "lib") != 0)
        return false;
    const char *script = name_at(names, 1)->text;
    const char *library = script_meant_library(slice_of(script));
    if (!library || strcmp(library, script) != 0)
        return false;
    error(r, names_span(names), E0116, "a call has no \"lib.\"");
    propose(r, names_span(names), "%s.%s", script, name_at(names, 2)->text);
    return true;
}

/* `purchase.amount`, also with a window behind it: a value of each event. */
static bool is_value_of_events(const resolver *r, const ast_expr *argument)
{
    if (argument->kind == EXPR_IN_WINDOW && !argument->is_negated)
        argument = argument->left;
    if (!expr_is_pair(argument))
        return false;
    const char *event = name_at(&argument->names, 0)->text;
    const char *name = name_at(&argument->names, 1)->text;
    return !rulebook_find(r->book, event) &&
           schema_find_event(r->book->schema, event) != SCHEMA_NONE &&
           (strcmp(name, "time") == 0 || kind_property(r, event, name));
}

/* `churn.total(purchase.amount)`, where the function takes a list. */
static bool report_bare_lists(resolver *r, const ast_expr *call,
                              const script_signature *s)
{
    bool is_found = false;
    for (size_t i = 0; s && i < call->list.count && i < s->parameter_count; i++) {
        const ast_expr *argument = call->list.items[i];
        if (!s->parameters[i].is_list || !is_value_of_events(r, argument))
            continue;
        is_found = true;
        error(r, argument->where, E0110,
              "\"%s\" of \"%s.%s\" takes a list of the values of all events",
              s->parameters[i].name, name_at(&call->names, 0)->text,
              name_at(&call->names, 1)->text);
        propose(r, argument->where, "list(%s)", words_of(r, argument));
    }
    return is_found;
}

static void resolve_script_call(resolver *r, ast_expr *expr)
{
    const char *module = name_at(&expr->names, 0)->text;
    const char *function = name_at(&expr->names, 1)->text;
    script_set *scripts = r->book->scripts;
    expr->meaning->function = script_set_find(scripts, module, function);
    if (expr->meaning->function != SIZE_MAX) {
        const script_signature *s =
            script_set_signature(scripts, expr->meaning->function);
        bool has_bare_lists = report_bare_lists(r, expr, s);
        expr->meaning->kind = has_bare_lists ? MEANING_NONE : MEANING_SCRIPT;
        expr->meaning->is_declared = s != NULL;
        return;
    }
    if (!script_set_has_module(scripts, module)) {
        if (!lacks_a_script(r->diags))
            report_unknown_script(r, expr);
        return;
    }
    error(r, expr->where, E0116, "the script \"%s\" has no function named \"%s\"", module,
          function);
    const char *similar = script_set_similar(scripts, module, function);
    if (similar)
        hint_similar(r->diags, name_at(&expr->names, 1)->where, function, similar);
}

/* `purchase.count()`, `purchase.sum(amount)`: the aggregate stands around its events. */
static bool report_method(resolver *r, const ast_expr *call)
{
    const char *event = name_at(&call->names, 0)->text;
    const char *word = name_at(&call->names, 1)->text;
    size_t count = sizeof aggregate_words / sizeof *aggregate_words;
    if (find_word(word, aggregate_words, count) == SIZE_MAX ||
        schema_find_event(r->book->schema, event) == SCHEMA_NONE || call->list.count > 1)
        return false;
    error(r, call->where, E0116, "\"%s\" stands before its events", word);
    if (call->list.count == 0)
        propose(r, call->where, "%s(%s)", word, in_rule(r, event));
    else
        propose(r, call->where, "%s(%s.%s)", word, in_rule(r, event),
                words_in(r, expr_at(&call->list, 0)->where));
    return true;
}

static void report_unknown_function(resolver *r, const ast_expr *call, const char *name)
{
    span where = names_span(&call->names);
    const char *similar = similar_function(name);
    const char *event = strcmp(name, "exists") == 0 && call->list.count == 1
                            ? named_event(r, expr_at(&call->list, 0))
                            : NULL;
    bool is_foreign =
        is_foreign_call(name) && (!foreign_function(name) || call->list.count > 2);
    error(r, is_foreign || event ? call->where : where, E0116,
          "no function is named \"%s\"", name);
    if (event)
        propose(r, call->where, "did %s", in_rule(r, event));
    else if (is_foreign)
        hint_foreign_call(r->diags, call);
    else if (similar)
        hint_similar(r->diags, where, name, similar);
    else
        hint(r,
             "The functions there are: carpel help functions. Those of a Lua file are "
             "written with its name: script.%s(...).",
             name);
}

void resolve_call(resolver *r, ast_expr *expr)
{
    const char *name = name_at(&expr->names, 0)->text;
    bool is_of_owner = expr->names.count == 2;
    bool is_excel = is_of_owner && strcasecmp(name, "percentile") == 0 &&
                    !script_set_has_module(r->book->scripts, name);
    size_t count = sizeof builtin_words / sizeof *builtin_words;
    size_t builtin =
        expr->names.count == 1 ? find_word(name, builtin_words, count) : SIZE_MAX;
    if ((is_of_owner && report_method(r, expr)) || report_call_of_library(r, expr))
        return;
    if (is_of_owner && !is_excel) { /* percentile.inc(...) */
        resolve_script_call(r, expr);
    } else if (builtin != SIZE_MAX) {
        expr->meaning->kind = MEANING_BUILTIN;
        expr->meaning->function = builtin;
    } else {
        report_unknown_function(r, expr, name);
    }
}

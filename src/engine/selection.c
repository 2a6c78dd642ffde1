/* SPDX-License-Identifier: MIT
 *
 * Terms are looked up one after the other, each in a set of its own that the lists then join.
 */
#include "engine/selection.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "engine/data_read.h"
#include "engine/parts.h"
#include "report/suggest.h"

/* What is looked for in one of the lists. */
typedef struct choosing {
    const rulebook *book;
    const schema *schema;
    bool *chosen; /* by number: taken by the terms so far */
    bool *found;  /* the same of one term */
    selection_mistake *mistake;
} choosing;

/* A term without the signs around it. */
typedef struct term {
    bool takes_parts, takes_users;
    const char *kind; /* "tag", "owner"; NULL: a name */
    char what[256];
} term;

static const ast_decl *decl_at(const rulebook *book, size_t number)
{
    return book->decls.items[number];
}

bool decl_has_results(const ast_decl *decl)
{
    return decl->kind == DECL_SEGMENT || decl->kind == DECL_GROUPS ||
           decl->kind == DECL_SPLIT || decl->kind == DECL_SCORE;
}

/* ---- mistakes ----------------------------------------------------------- */

CARPEL_PRINTF(2, 3)
static bool refuse(choosing *c, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(c->mistake->message, sizeof c->mistake->message, format, arguments);
    va_end(arguments);
    c->mistake->hint[0] = '\0';
    return false;
}

static void hint_similar(choosing *c, const suggestion *s, const char *prefix,
                         const char *suffix)
{
    if (suggest_best(s))
        snprintf(c->mistake->hint, sizeof c->mistake->hint, "Did you mean \"%s%s%s\"?",
                 prefix, suggest_best(s), suffix);
    else
        snprintf(c->mistake->hint, sizeof c->mistake->hint,
                 "\"carpel list\" shows the rules with their tags and owners.");
}

static bool has_tag(const ast_decl *decl, const char *tag)
{
    for (size_t i = 0; i < decl->tags.count; i++)
        if (strcmp(((const ast_name *)decl->tags.items[i])->text, tag) == 0)
            return true;
    return false;
}

/* The name is no rule's, but what a label says. */
static void hint_label(choosing *c, const char *name)
{
    for (size_t i = 0; i < c->book->decls.count; i++) {
        const ast_decl *decl = decl_at(c->book, i);
        const char *kind = has_tag(decl, name)                                   ? "tag"
                           : decl->owner.text && !strcmp(decl->owner.text, name) ? "owner"
                                                                                 : NULL;
        if (kind)
            snprintf(c->mistake->hint, sizeof c->mistake->hint, "Did you mean \"%s:%s\"?",
                     kind, name);
    }
}

/* The name is "lifecycle.new": one of the groups of a set, which is selected as a whole. */
static void hint_set_of_groups(choosing *c, const char *name)
{
    const char *dot = strchr(name, '.');
    if (!dot)
        return;
    for (size_t i = 0; i < c->book->decls.count; i++) {
        const ast_decl *decl = decl_at(c->book, i);
        if (decl->kind == DECL_GROUPS &&
            slice_is((slice){name, (size_t)(dot - name)}, decl->name.text))
            snprintf(c->mistake->hint, sizeof c->mistake->hint,
                     "A set of groups is selected as a whole: \"%s\".", decl->name.text);
    }
}

/* The name is one of the data. */
static void hint_data(choosing *c, const char *name)
{
    data_field field;
    if (data_field_find(c->schema, name, &field))
        snprintf(c->mistake->hint, sizeof c->mistake->hint,
                 "\"%s+\" stands for the rules that depend on it.", name);
}

static bool refuse_name(choosing *c, const char *name)
{
    suggestion s = suggest_begin(name);
    for (size_t i = 0; i < c->book->decls.count; i++)
        if (decl_has_results(decl_at(c->book, i)))
            suggest_consider(&s, decl_at(c->book, i)->name.text);
    refuse(c, "no segment, set of groups or score is named \"%s\"", name);
    hint_similar(c, &s, "", "");
    hint_label(c, name);
    hint_set_of_groups(c, name);
    hint_data(c, name);
    return false;
}

/* Other rules may depend on it. */
static bool is_depended_on(const ast_decl *decl)
{
    return decl->kind != DECL_USE && decl->kind != DECL_SCENARIO;
}

/* In front of a "+" may stand more than rules. */
static bool refuse_depended_on(choosing *c, const term *t)
{
    bool is_trait = strncmp(t->what, "user.", 5) == 0;
    suggestion s = suggest_begin(is_trait ? t->what + 5 : t->what);
    for (size_t i = 0; !is_trait && i < c->book->decls.count; i++)
        if (is_depended_on(decl_at(c->book, i)))
            suggest_consider(&s, decl_at(c->book, i)->name.text);
    for (size_t k = 0; !is_trait && k < c->schema->kind_count; k++)
        suggest_consider(&s, c->schema->kinds[k].name);
    for (size_t i = 0; is_trait && i < c->schema->trait_count; i++)
        suggest_consider(&s, c->schema->traits[i].name);
    refuse(c, "no rule, value, list, event, property or trait is named \"%s\"", t->what);
    hint_similar(c, &s, is_trait ? "user." : "", "+");
    return false;
}

static bool refuse_label(choosing *c, const term *t)
{
    suggestion s = suggest_begin(t->what);
    bool is_tag = strcmp(t->kind, "tag") == 0;
    for (size_t i = 0; i < c->book->decls.count; i++) {
        const ast_decl *decl = decl_at(c->book, i);
        for (size_t k = 0; is_tag && k < decl->tags.count; k++)
            suggest_consider(&s, ((const ast_name *)decl->tags.items[k])->text);
        if (!is_tag && decl->owner.text)
            suggest_consider(&s, decl->owner.text);
    }
    refuse(c, "no rule has the %s \"%s\"", t->kind, t->what);
    hint_similar(c, &s, is_tag ? "tag:" : "owner:", "");
    return false;
}

/* What is found is no rule: a value, an event, a list. */
static bool refuse_others(choosing *c, const term *t)
{
    const ast_decl *decl = rulebook_find(c->book, t->what);
    if (!decl || t->takes_parts || t->takes_users)
        return refuse(c, "no rule hangs together with \"%s\"", t->what);
    refuse(c, "\"%s\" is %s, which has no members of its own", t->what,
           decl_kind_phrase(decl));
    snprintf(c->mistake->hint, sizeof c->mistake->hint,
             "\"%s+\" stands for the rules that depend on it.", t->what);
    return false;
}

/* ---- one term ----------------------------------------------------------- */

static bool read_term(choosing *c, slice written, term *out)
{
    *out = (term){0};
    slice s = written;
    if (s.size > 0 && s.data[0] == '+') {
        out->takes_parts = true;
        s = (slice){s.data + 1, s.size - 1};
    }
    if (s.size > 0 && s.data[s.size - 1] == '+') {
        out->takes_users = true;
        s.size--;
    }
    static const char *const kinds[] = {"tag", "owner"};
    for (size_t i = 0; i < 2; i++) {
        size_t length = strlen(kinds[i]);
        if (s.size > length && memcmp(s.data, kinds[i], length) == 0 &&
            s.data[length] == ':') {
            out->kind = kinds[i];
            s = (slice){s.data + length + 1, s.size - length - 1};
        }
    }
    if (s.size == 0)
        return refuse(c, "a selection names nothing between its commas");
    if (s.size >= sizeof out->what)
        return refuse(c, "a selection has a name of more than %zu letters",
                      sizeof out->what - 1);
    memcpy(out->what, s.data, s.size);
    return true;
}

static bool has_label(const ast_decl *decl, const term *t)
{
    slice wanted = slice_of(t->what);
    if (strcmp(t->kind, "owner") == 0)
        return decl->owner.text && slice_fits(slice_of(decl->owner.text), wanted);
    for (size_t i = 0; i < decl->tags.count; i++)
        if (slice_fits(slice_of(((const ast_name *)decl->tags.items[i])->text), wanted))
            return true;
    return false;
}

static bool fits(const ast_decl *decl, const term *t)
{
    if (t->kind)
        return decl_has_results(decl) && has_label(decl, t);
    if (!is_depended_on(decl))
        return false;
    if (strchr(t->what, '*'))
        return decl_has_results(decl) &&
               slice_fits(slice_of(decl->name.text), slice_of(t->what));
    return strcmp(decl->name.text, t->what) == 0;
}

/* `order` has each declaration behind those that it uses. */
static void add_users(const choosing *c, bool *marked)
{
    for (size_t i = 0; i < c->book->order.count; i++) {
        const ast_decl *decl = c->book->order.items[i];
        for (size_t k = 0; k < decl->uses.count; k++)
            marked[decl->number] |=
                marked[((const ast_use *)decl->uses.items[k])->decl->number];
    }
}

static void add_parts(const choosing *c, bool *marked)
{
    for (size_t i = c->book->order.count; i-- > 0;) {
        const ast_decl *decl = c->book->order.items[i];
        for (size_t k = 0; marked[decl->number] && k < decl->uses.count; k++)
            marked[((const ast_use *)decl->uses.items[k])->decl->number] = true;
    }
}

/* Both closures begin at what the term names. */
static void add_related(choosing *c, const term *t)
{
    size_t count = c->book->decls.count;
    bool *parts = memory_alloc_array(count + 1, sizeof *parts);
    memcpy(parts, c->found, count * sizeof *parts);
    if (t->takes_users)
        add_users(c, c->found);
    if (t->takes_parts)
        add_parts(c, parts);
    for (size_t i = 0; i < count; i++)
        c->found[i] |= parts[i];
    memory_free(parts);
}

/* Those that fit by themselves; how many they are. */
static size_t find_named(choosing *c, const term *t)
{
    size_t named = 0;
    for (size_t i = 0; i < c->book->decls.count; i++) {
        c->found[i] = fits(decl_at(c->book, i), t);
        named += c->found[i];
    }
    return named;
}

/* "purchase+", of the data: what names it, and what depends on that. False: there is no such name. */
static bool find_readers(choosing *c, const term *t)
{
    data_field field;
    if (t->kind || !t->takes_users || !data_field_find(c->schema, t->what, &field))
        return false;
    for (size_t i = 0; i < c->book->decls.count; i++)
        c->found[i] = decl_reads(decl_at(c->book, i), &field);
    add_users(c, c->found);
    return true;
}

static bool refuse_term(choosing *c, const term *t)
{
    return t->kind          ? refuse_label(c, t)
           : t->takes_users ? refuse_depended_on(c, t)
                            : refuse_name(c, t->what);
}

static bool take_term(choosing *c, const term *t)
{
    size_t count = c->book->decls.count, rules = 0;
    if (find_named(c, t) > 0)
        add_related(c, t);
    else if (!find_readers(c, t))
        return refuse_term(c, t);
    for (size_t i = 0; i < count; i++) {
        bool is_rule = c->found[i] && decl_has_results(decl_at(c->book, i));
        rules += is_rule;
        c->chosen[i] |= is_rule;
    }
    return rules > 0 || refuse_others(c, t);
}

/* ---- lists -------------------------------------------------------------- */

static bool take_list(choosing *c, const char *list)
{
    const char *begin = list;
    for (;;) {
        size_t size = strcspn(begin, ",");
        term t;
        if (!read_term(c, (slice){begin, size}, &t) || !take_term(c, &t))
            return false;
        if (begin[size] == '\0')
            return true;
        begin += size + 1;
    }
}

static bool take_lists(choosing *c, const char *const *lists, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!take_list(c, lists[i]))
            return false;
    return true;
}

/* The rules of `choice`, by number. */
static bool choose(choosing *c, const engine_choice *choice, bool *out)
{
    size_t count = c->book->decls.count, left = 0;
    bool ok = take_lists(c, choice->selected, choice->selected_count);
    for (size_t i = 0; i < count; i++)
        out[i] = choice->selected_count > 0 ? c->chosen[i]
                                            : decl_has_results(decl_at(c->book, i));
    memset(c->chosen, 0, count * sizeof *c->chosen);
    ok = ok && take_lists(c, choice->excluded, choice->excluded_count);
    for (size_t i = 0; i < count; i++) {
        out[i] = out[i] && !c->chosen[i];
        left += out[i];
    }
    return ok && (left > 0 || refuse(c, "the selection leaves no rule"));
}

const bool *engine_selection(engine *e, const engine_choice *choice,
                             selection_mistake *mistake)
{
    size_t count = e->book->decls.count;
    choosing c = {.book = e->book,
                  .schema = e->schema,
                  .chosen = memory_alloc_zero_array(count + 1, sizeof(bool)),
                  .found = memory_alloc_zero_array(count + 1, sizeof(bool)),
                  .mistake = mistake};
    bool *selected = arena_alloc_array(e->memory, count + 1, sizeof *selected);
    bool ok = choose(&c, choice, selected);
    memory_free(c.chosen);
    memory_free(c.found);
    const ast_decl *always =
        choice->always ? rulebook_find(e->book, choice->always) : NULL;
    if (always)
        selected[always->number] = true;
    return ok ? selected : NULL;
}

bool engine_select(engine *e, const engine_choice *choice, selection_mistake *mistake)
{
    if (choice->selected_count + choice->excluded_count == 0)
        return true;
    const bool *selected = engine_selection(e, choice, mistake);
    if (!selected)
        return false;
    e->book->selected = selected;
    choosing c = {.mistake = mistake};
    return engine_build_again(e) || refuse(&c, "the selected rules cannot be built");
}

/* ---- questions ---------------------------------------------------------- */

bool engine_is_selected(const engine *e, const ast_decl *decl)
{
    return decl_has_results(decl) &&
           (!e->book->selected || e->book->selected[decl->number]);
}

bool engine_scenario_is_selected(const engine *e, size_t index)
{
    const ast_decl *scenario = e->scenarios[index];
    bool is_selected = !e->book->selected;
    for (size_t i = 0; i < scenario->uses.count; i++)
        is_selected |=
            engine_is_selected(e, ((const ast_use *)scenario->uses.items[i])->decl);
    return is_selected;
}

size_t engine_decl_count(const engine *e)
{
    return e->book->decls.count;
}

const ast_decl *engine_decl(const engine *e, size_t number)
{
    return e->book->decls.items[number];
}

const ast_decl *engine_find_decl(const engine *e, slice name)
{
    for (size_t i = 0; i < engine_decl_count(e); i++)
        if (slice_is(name, engine_decl(e, i)->name.text))
            return engine_decl(e, i);
    return NULL;
}

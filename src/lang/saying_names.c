/* SPDX-License-Identifier: MIT
 *
 * What names of the data and of rules can be at a word. Each class gives all it can be, with the text that is
 * written here.
 */
#include <ctype.h>
#include <string.h>

#include "lang/data_names.h"
#include "lang/foreign.h"
#include "lang/keywords.h"
#include "lang/lexer.h"
#include "lang/saying.h"

/* A name as rules write it. */
static const char *spelled(const saying_context *c, const char *name)
{
    size_t size = strlen(name), length = 0;
    while (length < size && (length == 0 || name[length] == '.')) {
        size_t begin = length + (length > 0);
        size_t part = lexer_name_length(name + begin, size - begin);
        if (part == 0)
            break;
        length = begin + part;
    }
    bool is_plain = length == size && !keyword_find(name);
    return is_plain ? name : arena_format(c->memory, "`%s`", name);
}

/* ---- names of several words --------------------------------------------------------- */

static bool is_separator(char letter)
{
    return letter == '_' || letter == ' ' || letter == '-';
}

/* Does the word spell the begin of *name, which moves behind it? Separators and letter case do
 * not count. */
static bool takes_word(const char *written, const char **name)
{
    for (; *written; written++) {
        if (is_separator(*written))
            continue;
        while (is_separator(**name))
            ++*name;
        if (tolower((unsigned char)*written) != tolower((unsigned char)**name))
            return false;
        ++*name;
    }
    return true;
}

/* `categories` is category, and `stores` is store. */
static const char *singular(const saying_context *c, const char *plural)
{
    size_t size = strlen(plural);
    bool is_ies = size > 3 && strcmp(plural + size - 3, "ies") == 0;
    return is_ies ? arena_format(c->memory, "%.*sy", (int)(size - 3), plural)
                  : arena_copy_text(c->memory, plural, size - 1);
}

/* How many words from `at` on spell the name; 0: they do not. Its plural is as good. */
static size_t spell(const saying_context *c, size_t at, const char *name)
{
    size_t taken = 0;
    while (*name && is_nameable(word_at(c, at + taken))) {
        const char *written = word_at(c, at + taken)->text, *rest = name;
        size_t size = strlen(written);
        if (takes_word(written, &rest)) {
            name = rest;
            taken++;
        } else if (size > 1 && written[size - 1] == 's') {
            return takes_word(singular(c, written), &name) && !*name ? taken + 1 : 0;
        } else {
            return 0;
        }
    }
    return *name ? 0 : taken;
}

/* The words [at, at + count) as one, but for those within that say nothing. */
static const char *joined(const saying_context *c, size_t at, size_t count)
{
    const char *all = "";
    for (size_t i = 0; i < count; i++) {
        if (!is_nameable(word_at(c, at + i)))
            return NULL;
        if (word_at(c, at + i)->is_noise && i > 0)
            continue;
        all = arena_format(c->memory, "%s%s", all, word_at(c, at + i)->text);
    }
    return all;
}

/* ---- names of the data ------------------------------------------------------------- */

static bool is_known(const meanings *out, size_t end, const char *text)
{
    for (size_t i = 0; i < out->count; i++)
        if (out->items[i].end == end && strcmp(out->items[i].text, text) == 0)
            return true;
    return false;
}

/* Is it the name of something that rules declare? */
static bool is_declared(const saying_context *c, size_t at)
{
    return rulebook_find(c->book, word_at(c, at)->written) != NULL;
}

/* `avg(revenue)` of a value that rules declare: it is meant, and not what is like it. */
static bool is_own_value(const saying_context *c, size_t at)
{
    return at > 0 && at < c->words->count && is_declared(c, at) &&
           strcmp(word_at(c, at - 1)->text, "(") == 0;
}

/* Words for the same thing, such as `opened email` for email_open. */
static void add_same_events(const saying_context *c, size_t at, meanings *out)
{
    for (size_t count = 1; count <= 5; count++) {
        if (word_at(c, at + count - 1)->kind == WORD_TEXT)
            return;
        const char *all = joined(c, at, count);
        const char *same = all ? schema_same_kind(c->book->schema, all) : NULL;
        if (same && !is_known(out, at + count, spelled(c, same)))
            meaning_add(out, at + count, NEARLY, spelled(c, same));
    }
}

/* Misspelt, and nothing else. */
static void add_similar_event(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    const char *similar =
        strlen(w->text) >= 5 ? schema_similar_kind(c->book->schema, w->text) : NULL;
    if (out->count == 0 && similar && w->kind == WORD_NAME && !keyword_has_word(w->text))
        meaning_add(out, at + 1, 2 * NEARLY, spelled(c, similar));
}

void saying_read_event(const saying_context *c, size_t at, meanings *out)
{
    const schema *s = c->book->schema;
    for (size_t k = 0; k < schema_total(s); k++) {
        const event_kind *kind = &s->kinds[k];
        size_t taken =
            kind->derivation == KIND_FROM_DATA || kind->derivation == KIND_SESSIONS
                ? spell(c, at, kind->name)
                : 0;
        if (taken > 0)
            meaning_add(out, at + taken, 0, spelled(c, kind->name));
    }
    if (strcmp(word_at(c, at)->text, "anything") == 0)
        meaning_add(out, at + 1, 0, "anything");
    if (is_declared(c, at))
        return;
    add_same_events(c, at, out);
    add_similar_event(c, at, out);
}

static void add_property(const saying_context *c, size_t end, const char *name,
                         unsigned cost, meanings *out)
{
    if (!is_known(out, end, spelled(c, name)))
        meaning_add(out, end, cost, spelled(c, name));
}

/* Names of properties that mean the same, as far as anybody can tell. */
static const char *const same_names[] = {
    "url pagelocation pageurl pagepath currenturl page path link address pagename",
    "amount value price total revenue ordervalue basketvalue ordertotal cost",
    "category productcategory categoryname producttype department",
    "sku product productid item itemid article productname productsku",
    "platform device os operatingsystem devicetype",
    "store channel shop source branch location"};

/* The properties that mean what the words mean. */
static void add_same_properties(const saying_context *c, size_t at, size_t count,
                                meanings *out)
{
    const char *all = joined(c, at, count);
    const schema *s = c->book->schema;
    for (size_t i = 0; all && i < sizeof same_names / sizeof *same_names; i++)
        for (size_t k = 0; is_word_of(all, same_names[i]) && k < s->kind_count; k++)
            for (size_t p = 0; p < s->kinds[k].property_count; p++)
                if (is_word_of(s->kinds[k].properties[p].name, same_names[i]))
                    add_property(c, at + count, s->kinds[k].properties[p].name, NEARLY,
                                 out);
}

void saying_read_property(const saying_context *c, size_t at, meanings *out)
{
    const schema *s = c->book->schema;
    for (size_t k = 0; k < s->kind_count; k++)
        for (size_t i = 0; i < s->kinds[k].property_count; i++) {
            const char *name = s->kinds[k].properties[i].name;
            size_t taken = spell(c, at, name);
            if (taken > 0)
                add_property(c, at + taken, name, 0, out);
        }
    for (size_t count = 1; count <= 2 && out->count == 0; count++)
        if (word_at(c, at)->kind == WORD_NAME && !is_own_value(c, at))
            add_same_properties(c, at, count, out);
}

void saying_read_trait(const saying_context *c, size_t at, meanings *out)
{
    const schema *s = c->book->schema;
    for (size_t i = 0; i < s->trait_count; i++) {
        const char *name = s->traits[i].name;
        size_t taken = spell(c, at, name);
        if (taken > 0)
            meaning_say(c, out, at + taken, 0, "user.%s", spelled(c, name));
    }
}

/* A trait that is a list. */
void saying_read_list_trait(const saying_context *c, size_t at, meanings *out)
{
    const schema *s = c->book->schema;
    for (size_t k = 0; k < schema_total(s); k++) {
        const char *point = strchr(s->kinds[k].name, '.');
        size_t taken = point && s->kinds[k].derivation == KIND_SETTINGS
                           ? spell(c, at, point + 1)
                           : 0;
        if (taken > 0)
            meaning_say(c, out, at + taken, 0, "user.%s", spelled(c, point + 1));
    }
}

/* When people joined: a trait, or the first event of that kind. */
void saying_read_joining(const saying_context *c, size_t at, meanings *out)
{
    const char *trait = schema_joining_trait(c->book->schema);
    for (size_t count = 1; count <= 2 && trait; count++) {
        const char *all = joined(c, at, count);
        if (all && is_word_for_joining(all))
            meaning_say(c, out, at + count, 0, "user.%s", spelled(c, trait));
    }
}

/* The event of joining itself. */
void saying_read_signup(const saying_context *c, size_t at, meanings *out)
{
    meanings found = {0};
    saying_read_event(c, at, &found);
    for (size_t i = 0; i < found.count; i++) {
        const char *all = joined(c, at, found.items[i].end - at);
        if (all && is_word_for_joining(all))
            meaning_add(out, found.items[i].end, 0, found.items[i].text);
    }
}

/* ---- money ---------------------------------------------------------------------------- */

/* The property that a word for money means: the amount of purchases. */
static const char *amount_of(const event_kind *kind)
{
    static const char *const names[] = {"amount", "total",       "price",      "revenue",
                                        "value",  "order_value", "grand_total"};
    const char *only = NULL;
    size_t count = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (kind_find_property(kind, names[i]) != SCHEMA_NONE)
            return names[i];
    for (size_t i = 0; i < kind->property_count; i++)
        if (kind->properties[i].type.kind == TYPE_DECIMAL && ++count == 1)
            only = kind->properties[i].name;
    return count == 1 ? only : NULL;
}

/* Takes no word. Behind what the rules give a name it is not meant. */
void saying_read_money(const saying_context *c, size_t at, meanings *out)
{
    const schema *s = c->book->schema;
    size_t kind = schema_find_kind(s, "purchase");
    const char *same = kind == SCHEMA_NONE ? schema_same_kind(s, "purchase") : NULL;
    if (same)
        kind = schema_find_kind(s, same);
    const char *amount = kind != SCHEMA_NONE ? amount_of(&s->kinds[kind]) : NULL;
    if (amount && !is_own_value(c, at - 1))
        meaning_say(c, out, at, NEARLY, "%s.%s", spelled(c, s->kinds[kind].name),
                    spelled(c, amount));
}

/* ---- names of rules ------------------------------------------------------------------- */

static void read_declared(const saying_context *c, size_t at, ast_decl_kind first,
                          ast_decl_kind second, meanings *out)
{
    const word *w = word_at(c, at);
    const ast_decl *decl = is_nameable(w) ? rulebook_find(c->book, w->written) : NULL;
    if (decl && (decl->kind == first || decl->kind == second))
        meaning_add(out, at + 1, 0, spelled(c, w->written));
}

/* A group, without the name of its set before it. */
static void add_groups(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    for (size_t i = 0; is_nameable(w) && i < c->book->decls.count; i++) {
        const ast_decl *decl = c->book->decls.items[i];
        for (size_t k = 0; decl->kind == DECL_GROUPS && k < decl->groups.count; k++) {
            const ast_group *group = decl->groups.items[k];
            if (strcmp(group->name.text, w->written) == 0)
                meaning_say(c, out, at + 1, 1, "%s.%s", spelled(c, decl->name.text),
                            spelled(c, w->written));
        }
    }
}

void saying_read_segment(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    read_declared(c, at, DECL_SEGMENT, DECL_SEGMENT, out);
    if (out->count == 0 && is_nameable(w) && rulebook_is_broken(c->book, w->written))
        meaning_add(out, at + 1, 0, spelled(c, w->written));
    if (out->count == 0)
        add_groups(c, at, out);
}

void saying_read_groups(const saying_context *c, size_t at, meanings *out)
{
    read_declared(c, at, DECL_GROUPS, DECL_GROUPS, out);
}

void saying_read_named_list(const saying_context *c, size_t at, meanings *out)
{
    read_declared(c, at, DECL_LIST, DECL_LIST, out);
}

void saying_read_named_value(const saying_context *c, size_t at, meanings *out)
{
    read_declared(c, at, DECL_LET, DECL_SCORE, out);
}

/* A value that is one aggregate alone: what it is, with room for a window. */
void saying_read_named_total(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    const ast_decl *decl = is_nameable(w) ? rulebook_find(c->book, w->written) : NULL;
    if (!decl || decl->kind != DECL_LET || decl->value->kind != EXPR_AGGREGATE)
        return;
    slice call = span_text(decl->value->where);
    meaning_add(
        out, at + 1, 0,
        arena_format(c->memory, "%.*s%c)", (int)call.size - 1, call.data, GAP_WINDOW));
}

/* ---- all -------------------------------------------------------------------------------- */

const saying_class saying_classes[] = {
#define X(name, reader, is_data) {#name, saying_read_##reader, is_data},
#include "lang/saying_classes.def"
#undef X
};

const size_t saying_class_count = sizeof saying_classes / sizeof *saying_classes;

size_t saying_kinds(const saying_context *c, const char **kinds, size_t most)
{
    size_t count = 0;
    for (size_t at = 0; at < c->words->count && count < most; at++) {
        meanings found = {0};
        saying_read_event(c, at, &found);
        for (size_t i = 0; i < found.count && count < most; i++) {
            size_t k = 0;
            while (k < count && strcmp(kinds[k], found.items[i].text) != 0)
                k++;
            if (k == count)
                kinds[count++] = found.items[i].text;
        }
    }
    return count;
}

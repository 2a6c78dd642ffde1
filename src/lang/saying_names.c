/* SPDX-License-Identifier: MIT
 *
 * What the classes of sayings.def can be at a word: names of the data and of rules, values,
 * lengths of time. Each gives all it can be, with the text that is written here.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/weekday.h"
#include "lang/data_names.h"
#include "lang/foreign.h"
#include "lang/keywords.h"
#include "lang/lexer.h"
#include "lang/mistaken.h"
#include "lang/parse.h"
#include "lang/saying.h"

enum { NEARLY = 2 }; /* the cost of a name that is not written as the data have it */

static void add(meanings *out, size_t end, unsigned cost, const char *text)
{
    if (out->count < MOST_MEANINGS)
        out->items[out->count++] = (meaning_of_words){end, text, cost};
}

static const word *word_at(const saying_context *c, size_t at)
{
    return &c->words->items[at < c->words->count ? at : c->words->count];
}

static bool is_nameable(const word *w)
{
    return w->kind == WORD_NAME || w->kind == WORD_QUOTED || w->kind == WORD_TEXT;
}

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

static const char *without_signs(const saying_context *c, const char *name)
{
    char *bare = arena_copy_string(c->memory, name), *to = bare;
    for (const char *from = name; *from; from++)
        if (!is_separator(*from))
            *to++ = (char)tolower((unsigned char)*from);
    *to = '\0';
    return bare;
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
            add(out, at + count, NEARLY, spelled(c, same));
    }
}

/* Misspelt, and nothing else. */
static void add_similar_event(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    const char *similar =
        strlen(w->text) >= 5 ? schema_similar_kind(c->book->schema, w->text) : NULL;
    if (out->count == 0 && similar && w->kind == WORD_NAME && !keyword_has_word(w->text))
        add(out, at + 1, 2 * NEARLY, spelled(c, similar));
}

static void read_event(const saying_context *c, size_t at, meanings *out)
{
    const schema *s = c->book->schema;
    for (size_t k = 0; k < schema_total(s); k++) {
        const event_kind *kind = &s->kinds[k];
        size_t taken =
            kind->derivation == KIND_FROM_DATA || kind->derivation == KIND_SESSIONS
                ? spell(c, at, kind->name)
                : 0;
        if (taken > 0)
            add(out, at + taken, 0, spelled(c, kind->name));
    }
    if (strcmp(word_at(c, at)->text, "anything") == 0)
        add(out, at + 1, 0, "anything");
    if (is_declared(c, at))
        return;
    add_same_events(c, at, out);
    add_similar_event(c, at, out);
}

static void add_property(const saying_context *c, size_t end, const char *name,
                         unsigned cost, meanings *out)
{
    if (!is_known(out, end, spelled(c, name)))
        add(out, end, cost, spelled(c, name));
}

/* Names of properties that mean the same, as far as anybody can tell. */
static const char *const same_names[] = {
    " url pagelocation pageurl pagepath currenturl page path link address pagename ",
    " amount value price total revenue ordervalue basketvalue ordertotal cost ",
    " category productcategory categoryname producttype department ",
    " sku product productid item itemid article productname productsku ",
    " platform device os operatingsystem devicetype ",
    " store channel shop source branch location "};

/* Is the name, with or without its separators, one of the list? */
static bool is_same(const saying_context *c, const char *list, const char *name)
{
    return strstr(list, arena_format(c->memory, " %s ", without_signs(c, name)));
}

/* The properties that mean what the words mean. */
static void add_same_properties(const saying_context *c, size_t at, size_t count,
                                meanings *out)
{
    const char *all = joined(c, at, count);
    const schema *s = c->book->schema;
    for (size_t i = 0; all && i < sizeof same_names / sizeof *same_names; i++)
        for (size_t k = 0; is_same(c, same_names[i], all) && k < s->kind_count; k++)
            for (size_t p = 0; p < s->kinds[k].property_count; p++)
                if (is_same(c, same_names[i], s->kinds[k].properties[p].name))
                    add_property(c, at + count, s->kinds[k].properties[p].name, NEARLY,
                                 out);
}

static void read_property(const saying_context *c, size_t at, meanings *out)
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

static void read_trait(const saying_context *c, size_t at, meanings *out)
{
    const schema *s = c->book->schema;
    for (size_t i = 0; i < s->trait_count; i++) {
        const char *name = s->traits[i].name;
        size_t taken = spell(c, at, name);
        if (taken > 0)
            add(out, at + taken, 0, arena_format(c->memory, "user.%s", spelled(c, name)));
    }
}

/* A trait that is a list. */
static void read_list_trait(const saying_context *c, size_t at, meanings *out)
{
    const schema *s = c->book->schema;
    for (size_t k = 0; k < schema_total(s); k++) {
        const char *point = strchr(s->kinds[k].name, '.');
        size_t taken = point && s->kinds[k].derivation == KIND_SETTINGS
                           ? spell(c, at, point + 1)
                           : 0;
        if (taken > 0)
            add(out, at + taken, 0,
                arena_format(c->memory, "user.%s", spelled(c, point + 1)));
    }
}

/* When people joined: a trait, or the first event of that kind. */
static void read_joining(const saying_context *c, size_t at, meanings *out)
{
    const char *trait = schema_joining_trait(c->book->schema);
    for (size_t count = 1; count <= 2 && trait; count++) {
        const char *all = joined(c, at, count);
        if (all && is_word_for_joining(all))
            add(out, at + count, 0,
                arena_format(c->memory, "user.%s", spelled(c, trait)));
    }
}

/* The event of joining itself. */
static void read_signup(const saying_context *c, size_t at, meanings *out)
{
    meanings found = {0};
    read_event(c, at, &found);
    for (size_t i = 0; i < found.count; i++) {
        const char *all = joined(c, at, found.items[i].end - at);
        if (all && is_word_for_joining(all))
            add(out, found.items[i].end, 0, found.items[i].text);
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
static void read_money(const saying_context *c, size_t at, meanings *out)
{
    const schema *s = c->book->schema;
    size_t kind = schema_find_kind(s, "purchase");
    const char *same = kind == SCHEMA_NONE ? schema_same_kind(s, "purchase") : NULL;
    if (same)
        kind = schema_find_kind(s, same);
    const char *amount = kind != SCHEMA_NONE ? amount_of(&s->kinds[kind]) : NULL;
    if (amount && !is_own_value(c, at - 1))
        add(out, at, NEARLY,
            arena_format(c->memory, "%s.%s", spelled(c, s->kinds[kind].name),
                         spelled(c, amount)));
}

/* ---- names of rules ------------------------------------------------------------------- */

static void read_declared(const saying_context *c, size_t at, ast_decl_kind first,
                          ast_decl_kind second, meanings *out)
{
    const word *w = word_at(c, at);
    const ast_decl *decl = is_nameable(w) ? rulebook_find(c->book, w->written) : NULL;
    if (decl && (decl->kind == first || decl->kind == second))
        add(out, at + 1, 0, spelled(c, w->written));
}

static void read_segment(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    read_declared(c, at, DECL_SEGMENT, DECL_SEGMENT, out);
    if (out->count == 0 && is_nameable(w) && rulebook_is_broken(c->book, w->written))
        add(out, at + 1, 0, spelled(c, w->written));
}

static void read_groups(const saying_context *c, size_t at, meanings *out)
{
    read_declared(c, at, DECL_GROUPS, DECL_GROUPS, out);
}

static void read_named_list(const saying_context *c, size_t at, meanings *out)
{
    read_declared(c, at, DECL_LIST, DECL_LIST, out);
}

static void read_named_value(const saying_context *c, size_t at, meanings *out)
{
    read_declared(c, at, DECL_LET, DECL_SCORE, out);
}

/* ---- values --------------------------------------------------------------------------- */

/* `three` is 3, or NULL. */
static const char *number_of(const word *w)
{
    static const char *const names[] = {"zero", "one",    "two",   "three", "four",
                                        "five", "six",    "seven", "eight", "nine",
                                        "ten",  "eleven", "twelve"};
    static const char *const digits[] = {"0", "1", "2", "3",  "4",  "5", "6",
                                         "7", "8", "9", "10", "11", "12"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (w->kind == WORD_NAME && strcmp(w->text, names[i]) == 0)
            return digits[i];
    return w->kind == WORD_NUMBER ? w->written : NULL;
}

static void read_number(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at), *behind = word_at(c, at + 1);
    const char *number = number_of(w);
    bool is_thousands = behind->kind == WORD_NAME && strcmp(behind->text, "k") == 0;
    if (number && is_thousands)
        add(out, at + 2, 0, arena_format(c->memory, "%s000", number));
    else if (number)
        add(out, at + 1, 0, number);
}

/* An hour of the day: `9am`, `9 pm`, `17:00`, `17h`. */
static void read_hour(const saying_context *c, size_t at, meanings *out)
{
    const char *number = number_of(word_at(c, at));
    const char *behind = word_at(c, at + 1)->text;
    char *end;
    unsigned long hour = number ? strtoul(number, &end, 10) : 24;
    bool is_afternoon = strcmp(behind, "pm") == 0;
    if (hour > 23 || *end != '\0')
        return;
    if ((is_afternoon || strcmp(behind, "am") == 0) && hour >= 1 && hour <= 12)
        add(out, at + 2, 0,
            arena_format(c->memory, "%lu", hour % 12 + (is_afternoon ? 12 : 0)));
    else if (strcmp(behind, ":") == 0 && strcmp(word_at(c, at + 2)->text, "00") == 0)
        add(out, at + 3, 0, arena_format(c->memory, "%lu", hour));
    else if (strcmp(behind, "h") == 0)
        add(out, at + 2, 0, arena_format(c->memory, "%lu", hour));
}

static void read_percent(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at), *behind = word_at(c, at + 1);
    if (w->kind == WORD_PERCENT)
        add(out, at + 1, 0, w->written);
    else if (w->kind == WORD_NUMBER &&
             (strcmp(behind->text, "percent") == 0 || strcmp(behind->text, "pct") == 0 ||
              strcmp(behind->text, "%") == 0))
        add(out, at + 2, 0, arena_format(c->memory, "%s%%", w->written));
}

static void read_text(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    if (w->kind == WORD_TEXT && !strchr(w->written, '"'))
        add(out, at + 1, 0, arena_format(c->memory, "\"%s\"", w->written));
}

/* The code of a country or a currency, such as AT or IN. */
static bool is_code(const word *w)
{
    size_t size = strspn(w->written, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    return (size == 2 || size == 3) && w->written[size] == '\0';
}

/* A word that nothing else says. */
static bool is_bare(const word *w)
{
    bool is_said = w->is_noise || w->is_said || keyword_has_word(w->text) ||
                   foreign_find(w->text, NULL) || w->text[0] == '_';
    return w->kind == WORD_NAME && (!is_said || is_code(w));
}

/* `gmail.com`: how many words are one, without blanks between. */
static size_t bare_words(const saying_context *c, size_t at)
{
    size_t end = at;
    while (is_bare(word_at(c, end)) || (end > at && word_at(c, end)->kind == WORD_NAME)) {
        const word *point = word_at(c, end + 1), *next = word_at(c, end + 2);
        const char *behind = word_at(c, end)->source.data + word_at(c, end)->source.size;
        end++;
        if (strcmp(point->text, ".") != 0 || point->source.data != behind ||
            next->kind != WORD_NAME || next->source.data != behind + 1)
            break;
        end++;
    }
    return end - at;
}

/* A text without quotes. */
static void read_bare_text(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    size_t count = bare_words(c, at);
    if (count == 0)
        return;
    add(out, at + 1, 2 * NEARLY, arena_format(c->memory, "\"%s\"", w->written));
    const slice last = word_at(c, at + count - 1)->source;
    meanings events = {0};
    read_event(c, at, &events);
    if (count > 1 && events.count == 0)
        add(out, at + count, 2 * NEARLY,
            arena_format(c->memory, "\"%.*s\"",
                         (int)(last.data + last.size - w->source.data), w->source.data));
}

/* '30 days' in quotes. */
static void read_text_duration(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    const char *digits = w->written;
    size_t size = strspn(digits, "0123456789"), blanks = strspn(digits + size, " ");
    calendar_unit unit;
    const char *name = digits + size + blanks;
    if (w->kind == WORD_TEXT && size > 0 &&
        calendar_unit_parse(name, strlen(name), &unit))
        add(out, at + 1, 0,
            arena_format(c->memory, "%.*s %ss", (int)size, digits,
                         calendar_unit_name(unit)));
}

static bool has_date_form(const char *text)
{
    return strlen(text) >= 10 && isdigit((unsigned char)text[0]) && text[4] == '-' &&
           text[7] == '-' && isdigit((unsigned char)text[9]);
}

static void read_date(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    if (w->kind == WORD_DATE ||
        (w->kind == WORD_TEXT && strlen(w->written) == 10 && has_date_form(w->written)))
        add(out, at + 1, 0, w->written);
}

static void read_year(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    if (w->kind == WORD_NUMBER && strlen(w->text) == 4 &&
        (strncmp(w->text, "19", 2) == 0 || strncmp(w->text, "20", 2) == 0))
        add(out, at + 1, 0, w->written);
}

/* The name of a declaration. */
static void read_name(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    if (w->kind == WORD_QUOTED || w->kind == WORD_NAME)
        add(out, at + 1, 0,
            w->kind == WORD_QUOTED ? arena_format(c->memory, "`%s`", w->written)
                                   : w->written);
}

/* What '%pro%' asks for, about the subject. */
static void read_like(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    size_t size = strlen(w->written);
    if (w->kind != WORD_TEXT || size == 0 || strpbrk(w->written, "\"\\_"))
        return;
    bool is_open = w->written[0] == '%', goes_on = w->written[size - 1] == '%';
    const char *inner =
        arena_copy_text(c->memory, w->written + is_open, size - is_open - goes_on);
    if (size > 1u && !strchr(inner, '%'))
        add(out, at + 1, 0,
            arena_format(c->memory, "%s \"%s\"",
                         is_open == goes_on ? "contains"
                         : goes_on          ? "starts with"
                                            : "ends with",
                         inner));
}

/* The same where letter case does not count. */
static void read_ilike(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    const char *pattern =
        w->kind == WORD_TEXT ? pattern_of_like(c->memory, w->written) : NULL;
    if (pattern)
        add(out, at + 1, 0, arena_format(c->memory, "matches \"%s\"", pattern));
}

/* A text that is found in letters of either case. */
static void read_any_case(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    if (w->kind == WORD_TEXT && !strpbrk(w->written, "\"\\.^$*+?()[]{}|"))
        add(out, at + 1, 0, arena_format(c->memory, "\"(?i)%s\"", w->written));
}

/* What Excel's ">=100" asks for, about the subject. */
static void read_criterion(const saying_context *c, size_t at, meanings *out)
{
    static const char *const signs[] = {">=", "<=", "<>", ">", "<", "="};
    const word *w = word_at(c, at);
    if (w->kind == WORD_NUMBER)
        add(out, at + 1, 0, arena_format(c->memory, "= %s", w->written));
    if (w->kind != WORD_TEXT || strpbrk(w->written, "\"\\*?"))
        return;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t size = strlen(signs[i]);
        if (strncmp(w->written, signs[i], size) != 0)
            continue;
        const char *value = w->written + size;
        char *end;
        (void)strtod(value, &end);
        bool is_number = end != value && *end == '\0';
        add(out, at + 1, 0,
            arena_format(c->memory, is_number ? "%s %s" : "%s \"%s\"",
                         strcmp(signs[i], "<>") == 0 ? "!=" : signs[i], value));
        return;
    }
    add(out, at + 1, 0, arena_format(c->memory, "= \"%s\"", w->written));
}

/* ---- times ------------------------------------------------------------------------------ */

/* A unit of time, by whatever name, or NULL. */
static const char *unit_of(const saying_context *c, size_t at)
{
    const word *w = word_at(c, at);
    calendar_unit unit;
    const char *name = w->kind == WORD_NAME || w->kind == WORD_TEXT ? w->text : "";
    const char *ours = foreign_unit(name);
    if (ours && !calendar_unit_parse(name, strlen(name), &unit))
        name = ours;
    return calendar_unit_parse(name, strlen(name), &unit) ? calendar_unit_name(unit)
                                                          : NULL;
}

static void read_unit(const saying_context *c, size_t at, meanings *out)
{
    const char *unit = unit_of(c, at);
    if (unit)
        add(out, at + 1, 0, unit);
}

static void read_duration(const saying_context *c, size_t at, meanings *out)
{
    const char *number = number_of(word_at(c, at));
    size_t next = at + 1;
    if (number && strcmp(word_at(c, next)->text, "-") == 0)
        next++;
    const char *unit = unit_of(c, number ? next : at);
    bool is_short = unit && strlen(word_at(c, number ? next : at)->text) < 3;
    if (number && unit)
        add(out, next + 1, 0,
            arena_format(c->memory, "%s %s%s", number, unit,
                         strcmp(number, "1") == 0 ? "" : "s"));
    else if (unit && !is_short)
        add(out, at + 1, 0, arena_format(c->memory, "1 %s", unit));
}

static void read_month(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    for (size_t i = 0; i < keyword_count && w->kind == WORD_NAME; i++)
        if (keywords[i].token == TOKEN_MONTHNAME && strlen(w->text) >= 3 &&
            strncmp(keywords[i].spelling, w->text, strlen(w->text)) == 0)
            add(out, at + 1, 0, arena_format(c->memory, "%02d", keywords[i].value));
}

static void read_weekday(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    for (size_t i = 0; i < keyword_count && is_nameable(w); i++) {
        size_t size = strlen(keywords[i].spelling);
        if (keywords[i].token == TOKEN_WEEKDAY &&
            strncmp(keywords[i].spelling, w->text, size) == 0 &&
            (!w->text[size] || strcmp(w->text + size, "s") == 0))
            add(out, at + 1, 0, arena_format(c->memory, "\"%s\"", keywords[i].spelling));
    }
}

/* ---- what is right already --------------------------------------------------------------- */

/* May a condition end before this word? */
static bool is_behind_condition(const word *w)
{
    static const char *const words[] = {"and", "or", "but", ")", ",", "."};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (w->kind != WORD_TEXT && strcmp(w->text, words[i]) == 0)
            return true;
    return w->kind == WORD_END;
}

/* A condition as the language has it stays as it is. */
static void read_condition(const saying_context *c, size_t at, meanings *out)
{
    const char *begin = word_at(c, at)->source.data;
    int depth = 0;
    for (size_t end = at; end < c->words->count && depth >= 0; end++) {
        const word *w = word_at(c, end), *next = word_at(c, end + 1);
        bool is_sign = w->kind == WORD_SIGN;
        depth += is_sign && *w->text == '(';
        depth -= is_sign && *w->text == ')';
        if (depth != 0 || !is_behind_condition(next))
            continue;
        const char *written = arena_copy_text(
            c->memory, begin, (size_t)(w->source.data + w->source.size - begin));
        const char *rule = arena_format(c->memory, "segment x when %s", written);
        if (parse_is_good(slice_of(rule)))
            add(out, end + 1, 0, written);
    }
}

/* ---- all -------------------------------------------------------------------------------- */

const saying_class saying_classes[] = {
    {"AS_IT_IS", read_condition, false},
    {"EVENT", read_event, true},
    {"PROPERTY", read_property, true},
    {"TRAIT", read_trait, true},
    {"LISTTRAIT", read_list_trait, true},
    {"JOINING", read_joining, false},
    {"SIGNUP", read_signup, false},
    {"MONEY", read_money, false},
    {"SEGMENT", read_segment, true},
    {"GROUPS", read_groups, false},
    {"NAMEDLIST", read_named_list, true},
    {"NAMEDVALUE", read_named_value, true},
    {"NUMBER", read_number, true},
    {"HOUR", read_hour, false},
    {"PERCENT", read_percent, false},
    {"TEXT", read_text, false},
    {"BARETEXT", read_bare_text, false},
    {"DATE", read_date, false},
    {"YEAR", read_year, false},
    {"NAME", read_name, false},
    {"LIKE", read_like, false},
    {"ILIKE", read_ilike, false},
    {"ANYCASE", read_any_case, false},
    {"CRITERION", read_criterion, false},
    {"UNIT", read_unit, true},
    {"DURATION", read_duration, false},
    {"MONTH", read_month, true},
    {"WEEKDAY", read_weekday, true},
    {"TEXTDURATION", read_text_duration, false},
};

const size_t saying_class_count = sizeof saying_classes / sizeof *saying_classes;

size_t saying_kinds(const saying_context *c, const char **kinds, size_t most)
{
    size_t count = 0;
    for (size_t at = 0; at < c->words->count && count < most; at++) {
        meanings found = {0};
        read_event(c, at, &found);
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

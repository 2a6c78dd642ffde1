/* SPDX-License-Identifier: MIT */
#include "engine/people_listed.h"

#include <string.h>

#include "base/bitmap.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/unicode.h"
#include "base/utf8.h"
#include "engine/identities.h"
#include "engine/parts.h"
#include "lang/list_file.h"
#include "report/suggest.h"
#include "value/normal.h"
#include "value/value.h"

/* Those that outputs of the project name, for phones without the code of one. */
typedef struct phone_countries {
    const char **items;
    size_t count;
} phone_countries;

/* A file, with all forms of what it holds. */
typedef struct list_members {
    const char *path;
    const phone_countries *phones;
    dictionary *forms;
    bool has_hashes;
    struct list_members *before;
} list_members;

/* What was worked out for one of the project's lists. */
typedef struct known_list {
    const config_suppress *config;
    people_list list;
    struct known_list *before;
} known_list;

struct people_lists {
    engine *engine;
    phone_countries phones;
    list_members *last;
    known_list *last_known;
    run_result *later; /* by all that is known; NULL: it was not asked for */
    arena *memory;
};

/* ---- forms ---------------------------------------------------------------------- */

static const normal_form forms[] = {NORMAL_NONE,  NORMAL_TRIM,  NORMAL_NAME,
                                    NORMAL_EMAIL, NORMAL_PHONE, NORMAL_PHONE_DIGITS};

enum {
    KNOWN_FORM_COUNT = sizeof forms / sizeof *forms,
    FORM_COUNT, /* and the one in which letters and blanks make no difference */
    HASH_DIGITS = 64
};

/* Letters as they are compared, so that Straße is STRASSE, and no blanks. */
static bool append_plain(slice in, text *out)
{
    text folded;
    text_init(&folded);
    size_t before = out->size, length;
    if (unicode_append(&folded, in, UNICODE_FOLDED))
        for (size_t at = 0; at < folded.size; at += length)
            if (!utf8_is_blank(utf8_decode(folded.data + at, folded.size - at, &length)))
                text_append_bytes(out, folded.data + at, length);
    text_done(&folded);
    return out->size > before;
}

/* How phones may be written in lists, and be hashed. */
static const normal_form phone_forms[] = {NORMAL_PHONE, NORMAL_PHONE_DIGITS};
enum { PHONE_FORMS = sizeof phone_forms / sizeof *phone_forms };

/* With the phones of each of the countries, which stand behind the forms that all texts may have. */
static size_t count_forms(const list_members *m)
{
    return FORM_COUNT + PHONE_FORMS * m->phones->count;
}

static bool append_form(const list_members *m, size_t form, slice in, text *out)
{
    if (form < KNOWN_FORM_COUNT)
        return normal_append(forms[form], in, out);
    if (form < FORM_COUNT)
        return append_plain(in, out);
    form -= FORM_COUNT;
    return normal_append_of_country(phone_forms[form % PHONE_FORMS], in,
                                    m->phones->items[form / PHONE_FORMS], out);
}

static bool is_hash(slice s)
{
    for (size_t i = 0; i < s.size; i++)
        if (!strchr("0123456789abcdefABCDEF", s.data[i]))
            return false;
    return s.size == HASH_DIGITS;
}

static void add_forms(list_members *m, slice member)
{
    text form;
    text_init(&form);
    for (size_t i = 0; member.size > 0 && i < count_forms(m); i++) {
        text_clear(&form);
        if (append_form(m, i, member, &form))
            dictionary_add(m->forms, form.data, form.size);
    }
    m->has_hashes |= is_hash(member); /* in small digits as a NAME */
    text_done(&form);
}

/* What stands before a semicolon or tab, with which other columns may begin; empty: nothing does. */
static slice first_field(slice member)
{
    for (size_t i = 0; i < member.size; i++)
        if (member.data[i] == ';' || member.data[i] == '\t')
            return (slice){member.data, i};
    return (slice){member.data, 0};
}

static bool has_form(const list_members *m, slice form, text *scratch)
{
    if (dictionary_find(m->forms, form.data, form.size) != DICTIONARY_NONE)
        return true;
    if (!m->has_hashes)
        return false;
    text_clear(scratch);
    normal_append_sha256(form, scratch);
    return dictionary_find(m->forms, scratch->data, scratch->size) != DICTIONARY_NONE;
}

/* Is a value in the file by one of the first forms? */
static bool has_member(const list_members *m, size_t form_count, slice value)
{
    text form, scratch;
    bool is_found = false;
    text_init(&form);
    text_init(&scratch);
    for (size_t i = 0; !is_found && i < form_count; i++) {
        text_clear(&form);
        is_found = append_form(m, i, value, &form) &&
                   has_form(m, (slice){form.data, form.size}, &scratch);
    }
    text_done(&scratch);
    text_done(&form);
    return is_found;
}

/* ---- files ---------------------------------------------------------------------- */

static const list_members *find_members(const people_lists *lists, const char *path)
{
    const list_members *m = lists->last;
    while (m && strcmp(m->path, path) != 0)
        m = m->before;
    return m;
}

static bool read_members(people_lists *lists, const char *path, const list_members **out,
                         carpel_error *err)
{
    dictionary *all;
    *out = find_members(lists, path);
    if (*out)
        return true;
    if (!list_file_read(path, &all, err))
        return false;
    list_members *m = arena_alloc(lists->memory, sizeof *m);
    *m = (list_members){.path = path,
                        .phones = &lists->phones,
                        .forms = dictionary_new(),
                        .before = lists->last};
    for (size_t i = 0; i < dictionary_count(all); i++) {
        slice member = dictionary_text(all, (uint32_t)i);
        add_forms(m, member);
        add_forms(m, first_field(member));
    }
    dictionary_free(all);
    *out = lists->last = m;
    return true;
}

/* ---- segments --------------------------------------------------------------------- */

/* An instant behind all that is known. */
static int64_t end_of_data(const store *s)
{
    int64_t end = s->last_time, first, last;
    for (size_t i = 0; i < s->schema->trait_count; i++)
        if (event_table_span(&s->traits[i], &first, &last) && last > end)
            end = last;
    return end < TIME_MAX ? end + 1 : end;
}

static const uint64_t *members_of(const run_result *r, const char *path)
{
    for (size_t i = 0; i < r->segment_count; i++)
        if (strcmp(r->segments[i].path, path) == 0)
            return r->segments[i].members;
    for (size_t i = 0; i < r->group_member_count; i++)
        if (strcmp(r->group_members[i].path, path) == 0)
            return r->group_members[i].members;
    return NULL;
}

/* A look back leaves out those, too, who came into the segment since. */
static bool judge_later(people_lists *lists, const store *all_links,
                        const run_result *result, carpel_error *err)
{
    engine *e = lists->engine;
    int64_t end = end_of_data(e->store);
    run_options options = {.as_of = end,
                           .is_strict = e->is_strict,
                           .stops_at_script_error = e->project->stops_at_script_error,
                           .cancel = e->cancel};
    if (lists->later || (end <= result->as_of && all_links == e->store))
        return true;
    lists->later = run_plan(e->plan, all_links, &options, err);
    return lists->later != NULL;
}

static bool open_segment(people_lists *lists, const char *path, const run_result *result,
                         people_list *out, carpel_error *err)
{
    if (!judge_later(lists, out->all_links, result, err))
        return false;
    out->in = members_of(result, path);
    if (lists->later)
        out->in_later = members_of(lists->later, path);
    return true;
}

/* ---- people of a file --------------------------------------------------------------- */

/* By code: is the text in the file, by one of the first forms? */
static uint64_t *find_texts(const people_lists *lists, const list_members *m,
                            size_t form_count, const dictionary *texts)
{
    size_t count = dictionary_count(texts);
    uint64_t *found =
        arena_alloc_array(lists->memory, bitmap_words(count) + 2, sizeof *found);
    for (uint32_t code = 0; code < count; code++)
        if (has_member(m, form_count, dictionary_text(texts, code)))
            bitmap_set(found, code);
    return found;
}

/* Whoever has one of the ids. A number there is mostly of a customer, and of no phone. */
static void find_ids(const people_lists *lists, const list_members *m, const store *s,
                     uint64_t *people)
{
    const uint64_t *found = find_texts(lists, m, FORM_COUNT, s->persons);
    EACH_SET_BIT(found, dictionary_count(s->persons), code)
    {
        uint32_t person = store_person_at(s, (uint32_t)code);
        if (person < s->person_count)
            bitmap_set(people, person);
    }
}

/* Whoever ever had one of the values. */
static void find_values(const people_lists *lists, const list_members *m, const store *s,
                        const event_table *trait, uint64_t *people)
{
    const column *c = &trait->columns[0];
    if (!trait->offsets || trait->row_count == 0)
        return;
    const uint64_t *found = find_texts(lists, m, count_forms(m), c->dictionary);
    for (size_t person = 0; person < s->person_count; person++)
        for (uint64_t r = trait->offsets[person]; r < trait->offsets[person + 1]; r++)
            if (column_has(c, (size_t)r) && bitmap_get(found, column_code(c, (size_t)r)))
                bitmap_set(people, person);
}

static const uint64_t *people_of(const people_lists *lists, const list_members *m,
                                 const config_suppress *config, const store *s)
{
    uint64_t *people = arena_alloc_array(lists->memory, bitmap_words(s->person_count) + 2,
                                         sizeof *people);
    if (config->of.text)
        find_values(lists, m, s,
                    &s->traits[schema_find_trait(s->schema, config->of.text)], people);
    else
        find_ids(lists, m, s, people);
    return people;
}

static bool open_file(people_lists *lists, const config_suppress *config,
                      people_list *out, carpel_error *err)
{
    const list_members *m;
    const store *now = lists->engine->store;
    if (!read_members(lists, config->path.text, &m, err))
        return false;
    out->in = people_of(lists, m, config, now);
    if (out->all_links != now)
        out->in_later = people_of(lists, m, config, out->all_links);
    return true;
}

/* ---- all lists ------------------------------------------------------------------------ */

/* Each country that an output names. */
static void find_countries(people_lists *lists)
{
    const project *p = lists->engine->project;
    phone_countries *all = &lists->phones;
    all->items =
        arena_alloc_array(lists->memory, p->output_count + 1, sizeof *all->items);
    for (size_t i = 0; i < p->output_count; i++) {
        const char *country = p->outputs[i].phone_country;
        bool is_new = country != NULL;
        for (size_t k = 0; is_new && k < all->count; k++)
            is_new = strcmp(all->items[k], country) != 0;
        if (is_new)
            all->items[all->count++] = country;
    }
}

people_lists *people_lists_new(engine *e, arena *memory)
{
    people_lists *lists = arena_alloc(memory, sizeof *lists);
    lists->engine = e;
    lists->memory = memory;
    find_countries(lists);
    return lists;
}

void people_lists_free(people_lists *lists)
{
    if (!lists)
        return;
    for (list_members *m = lists->last; m; m = m->before)
        dictionary_free(m->forms);
    run_result_free(lists->later);
}

static const people_list *find_known(const people_lists *lists,
                                     const config_suppress *config)
{
    const known_list *k = lists->last_known;
    while (k && k->config != config)
        k = k->before;
    return k ? &k->list : NULL;
}

const people_list *people_lists_open(people_lists *lists, const config_suppress *config,
                                     const run_result *result, carpel_error *err)
{
    const people_list *known = find_known(lists, config);
    if (known)
        return known;
    known_list *k = arena_alloc(lists->memory, sizeof *k);
    k->config = config;
    k->list = (people_list){.engine = lists->engine,
                            .all_links = engine_store_of_all_links(lists->engine, err)};
    if (!k->list.all_links)
        return NULL;
    if (config->segment.text
            ? !open_segment(lists, config->segment.text, result, &k->list, err)
            : !open_file(lists, config, &k->list, err))
        return NULL;
    k->before = lists->last_known;
    lists->last_known = k;
    return &k->list;
}

bool people_are_listed(const people_list *list, uint32_t person)
{
    uint32_t later = engine_person_of_all_links(list->engine, list->all_links, person);
    return bitmap_get(list->in, person) ||
           (list->in_later && bitmap_get(list->in_later, later));
}

/* ---- the check -------------------------------------------------------------------- */

static void check_file(const engine *e, const config_suppress *s, diags *diags)
{
    size_t trait = s->of.text ? schema_find_trait(e->schema, s->of.text) : SCHEMA_NONE;
    if (!file_exists(s->path.text)) {
        diag_error(diags, s->name.where, E0307, "there is no file \"%s\"", s->path.text);
        diag_hint(diags, "Make it, empty if nobody is on the list yet; it is seen from "
                         "the project's folder.");
    }
    if (s->of.text && schema_find_list_trait(e->schema, s->of.text) != SCHEMA_NONE) {
        diag_error(diags, s->of.where, E0305,
                   "the trait \"%s\" is a list, and people are looked for by one text",
                   s->of.text);
        diag_hint(diags, "Declare a trait that is a string, and bring each text by a row "
                         "of its own: all values that it ever had count.");
    } else if (s->of.text && trait == SCHEMA_NONE) {
        diag_error(diags, s->of.where, E0106, "no trait is named \"%s\"", s->of.text);
        const char *similar = schema_similar_trait(e->schema, s->of.text);
        if (similar)
            diag_hint(diags, "Did you mean \"%s\"?", similar);
    } else if (s->of.text && !type_is_text(e->schema->traits[trait].type)) {
        diag_error(diags, s->of.where, E0305,
                   "a list holds texts, and the trait \"%s\" is a %s", s->of.text,
                   type_kind_name(e->schema->traits[trait].type.kind));
        diag_hint(diags, "Declare the trait as a string.");
    }
}

static bool is_segment(const graph *g, const char *path)
{
    for (size_t i = 0; i < g->rule_count; i++)
        if ((g->rules[i].kind == RULE_SEGMENT || g->rules[i].kind == RULE_GROUP) &&
            strcmp(g->rules[i].path, path) == 0)
            return true;
    return false;
}

static void check_segment(const engine *e, const config_suppress *s, diags *diags)
{
    const char *name = s->segment.text;
    if (is_segment(e->graph, name))
        return;
    if (e->graph->accounts && is_segment(e->graph->accounts, name)) {
        diag_error(diags, s->segment.where, E0305,
                   "\"%s\" is about accounts, and people are left out", name);
        diag_hint(diags, "Name a segment of people.");
        return;
    }
    suggestion similar = suggest_begin(name);
    for (size_t i = 0; i < e->graph->rule_count; i++)
        if (e->graph->rules[i].path)
            suggest_consider(&similar, e->graph->rules[i].path);
    diag_error(diags, s->segment.where, E0106, "no segment is named \"%s\"", name);
    if (suggest_best(&similar))
        diag_hint(diags, "Did you mean \"%s\"?", suggest_best(&similar));
}

static void check_lists(const engine *e, const config_suppress *all, size_t count,
                        diags *diags)
{
    for (size_t i = 0; i < count; i++) {
        if (all[i].segment.text)
            check_segment(e, &all[i], diags);
        else
            check_file(e, &all[i], diags);
    }
}

void people_lists_check(const engine *e, diags *diags)
{
    const project *p = e->project;
    check_lists(e, p->suppress, p->suppress_count, diags);
    for (size_t i = 0; i < p->output_count; i++)
        check_lists(e, p->outputs[i].suppress, p->outputs[i].suppress_count, diags);
}

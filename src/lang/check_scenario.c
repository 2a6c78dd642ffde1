/* SPDX-License-Identifier: MIT
 *
 * Scenarios: told values are constants of the property's type, expectations are
 * conditions, and every name is that of somebody of whom something is told.
 */

#include "lang/checker.h"
#include "lang/walk.h"
#include "report/lookalike.h"
#include "report/suggest.h"

/* ---- constants ---------------------------------------------------------- */

/* Reports what is none. What was reported already counts as one. */
static bool check_constant(checker *c, const ast_expr *value)
{
    if (value->meaning->type.kind == TYPE_ERROR || !expr_find(value, expr_varies))
        return true;
    error(c, value->where, E0129,
          "a scenario is told in constants, and this depends on the person or the "
          "instant");
    return false;
}

/* ---- told values -------------------------------------------------------- */

static void report_other_type(checker *c, const ast_setting *setting, const property *p)
{
    type given = setting->value->meaning->type;
    text spelling;
    text_init(&spelling);
    type_append(p->type, &spelling);
    if (p->type.kind == TYPE_DECIMAL && given.kind == TYPE_NUMBER) {
        error(c, setting->value->where, E0108,
              "\"%s\" is exact (%s), and this number is not", setting->name.text,
              spelling.data);
        hint(c, "Write the number out.");
    } else {
        error(c, setting->value->where, E0108, "\"%s\" is %s, and this is %s",
              setting->name.text, type_words(p->type), type_words(given));
        if (p->type.kind == TYPE_TIME && setting->value->kind == EXPR_DATE)
            hint(c, "Write the time too: %sT00:00.", setting->value->text.text);
        else if (p->type.kind == TYPE_STRING && setting->value->kind == EXPR_NUMBER)
            hint(c, "Texts stand in double quotes: \"%s\".", setting->value->text.text);
    }
    text_done(&spelling);
}

static void check_told(checker *c, const ast_setting *setting)
{
    const property *p = setting->told_as;
    if (setting->is_missing)
        return;
    c->level = LEVEL_ANY;
    type t = check_expr(c, setting->value);
    if (!p || t.kind == TYPE_ERROR || !check_constant(c, setting->value))
        return;
    if (!type_takes(p->type, t))
        report_other_type(c, setting, p);
    else if (p->type.kind == TYPE_VERSION && setting->value->kind == EXPR_STRING)
        check_written_version(c, setting->value);
    else if (expr_is_calendar(setting->value))
        error(c, setting->value->where, E0108,
              "months, quarters and years have no fixed length to tell");
}

/* ---- who is who --------------------------------------------------------- */

/* Who is told of in a scenario, and which accounts people belong to there. */
typedef struct cast {
    name_index people, accounts;
    bool has_calculated; /* an account's name is worked out, and so may be any */
    size_t compared;     /* names, with those of whom nothing is told */
} cast;

static void add_accounts(checker *c, cast *all, const ast_line *line)
{
    for (size_t k = 0; line->kind == LINE_HAS && k < line->settings.count; k++) {
        const ast_setting *setting = line->settings.items[k];
        if (!setting->told_as || setting->is_missing ||
            setting->property != c->book->schema->account_trait)
            continue;
        if (setting->value->kind == EXPR_STRING)
            name_index_add(&all->accounts, c->book->memory, setting->value->text.text, k);
        else
            all->has_calculated = true;
    }
}

static cast cast_of(checker *c, const ast_decl *scenario)
{
    cast all = {0};
    for (size_t i = 0; i < scenario->lines.count; i++) {
        const ast_line *line = scenario->lines.items[i];
        if (!line_is_fact(line))
            continue;
        name_index_add(&all.people, c->book->memory, line->person.text, i);
        add_accounts(c, &all, line);
    }
    return all;
}

static void report_no_account(checker *c, const ast_name *name)
{
    const schema *s = c->book->schema;
    error(c, name->where, E0129, "nobody in this scenario belongs to an account \"%s\"",
          name->text);
    if (s->account_trait != SCHEMA_NONE)
        hint(c, "Say who does: ann has %s = \"%s\"", s->traits[s->account_trait].name,
             name->text);
}

/* A person of whom nothing is told is one without a history, or a slip of the pen. */
static void warn_of_slip(checker *c, const ast_decl *scenario, cast *all,
                         const ast_name *name)
{
    enum { MOST_COMPARED = 1000000 };
    suggestion s = suggest_begin(name->text);
    all->compared += scenario->lines.count;
    for (size_t i = 0; all->compared <= MOST_COMPARED && i < scenario->lines.count; i++) {
        const ast_line *line = scenario->lines.items[i];
        if (line_is_fact(line))
            suggest_consider(&s, line->person.text);
    }
    if (!suggest_best(&s))
        return;
    warn(c, name->where, W0212, "nothing is told of \"%s\"", name->text);
    hint_similar(c->diags, name->where, name->text, suggest_best(&s));
}

static void check_subject_name(checker *c, const ast_decl *scenario, cast *all,
                               ast_line *line)
{
    const char *name = line->person.text;
    bool is_person = name_index_find(&all->people, name) != SIZE_MAX;
    bool has_account =
        all->has_calculated || name_index_find(&all->accounts, name) != SIZE_MAX;
    line->is_of_account =
        c->level == LEVEL_ACCOUNT || (c->level == LEVEL_ANY && has_account && !is_person);
    if (line->is_of_account && !has_account) {
        report_no_account(c, &line->person);
    } else if (!line->is_of_account && has_account && !is_person) {
        error(c, line->person.where, E0129,
              "\"%s\" is an account, and this is expected of people", name);
        hint(c, "A rule about accounts says \"for each account\".");
    } else if (!line->is_of_account && !is_person) {
        warn_of_slip(c, scenario, all, &line->person);
    }
}

/* ---- instants ----------------------------------------------------------- */

/* The wall clock may jump over a time in spring; then it stands for the jump. */
static void warn_of_gap(checker *c, const ast_expr *at)
{
    const zone *z = c->book->zone;
    if (!at || at->time_has_zone)
        return;
    int64_t jump = zone_instant(z, at->time);
    if (zone_local(z, jump) == at->time || jump <= TIME_MIN || jump >= TIME_MAX)
        return;
    int64_t minutes =
        (zone_local(z, jump - 1) - (jump - 1)) / MICROSECONDS_PER_SECOND / 60;
    int64_t size = minutes < 0 ? -minutes : minutes;
    warn(c, at->where, W0212, "the clocks of the project's zone jump over this time");
    hint(c, "Take another one, or write the offset too: %s%c%02d:%02d.", at->text.text,
         minutes < 0 ? '-' : '+', (int)(size / 60), (int)(size % 60));
}

/* ---- expectations ------------------------------------------------------- */

/* `= 0.5 within 0.01`: what can be compared, and the distance of two of them. */
static bool check_tolerance(checker *c, const ast_setting *setting)
{
    type value = check_expr(c, setting->value), t = check_expr(c, setting->tolerance);
    bool is_known = value.kind != TYPE_ERROR && t.kind != TYPE_ERROR;
    bool are_numbers = type_is_numeric(value) && type_is_numeric(t);
    bool is_span =
        t.kind == TYPE_DURATION && (type_is_moment(value) || value.kind == TYPE_DURATION);
    if (is_known && !are_numbers && !is_span)
        error(
            c, setting->tolerance->where, E0129,
            "\"within\" takes a number beside a number, and a duration beside a time, a "
            "date or a duration");
    return is_known && (are_numbers || is_span) && check_constant(c, setting->tolerance);
}

static void check_expect_has(checker *c, ast_line *line)
{
    each (ast_setting, setting, &line->settings) {
        if (setting->holds && (!setting->tolerance || check_tolerance(c, setting)))
            check_expr(c, setting->holds);
        if (setting->holds && !setting->is_missing)
            check_constant(c, setting->value);
    }
}

/* The arguments are constants, as all that a scenario tells. */
static void check_expect_call(checker *c, ast_line *line)
{
    const ast_setting *setting = line->settings.items[0];
    bool is_constant = true;
    check_expect_has(c, line);
    for (size_t i = 0; setting->holds && i < setting->call->list.count; i++)
        is_constant = is_constant && check_constant(c, setting->call->list.items[i]);
    if (!is_constant)
        hint(c, "Write a value. What it is for somebody is said with a score: "
                "expect ann has SCORE = VALUE at TIME");
}

static void check_line(checker *c, const ast_decl *scenario, cast *all, ast_line *line)
{
    warn_of_gap(c, line->at);
    ast_list told = line_told_values(line, c->book->memory);
    for (size_t i = 0; i < told.count; i++)
        check_told(c, told.items[i]);
    if (line_is_fact(line))
        return;
    c->level = LEVEL_ANY;
    if (line->kind == LINE_EXPECT_CALL) {
        check_expect_call(c, line);
        return;
    }
    if (line->kind == LINE_EXPECT_IN)
        check_expr(c, line->holds);
    else
        check_expect_has(c, line);
    check_subject_name(c, scenario, all, line);
}

void check_scenario(checker *c, const ast_decl *decl)
{
    bool has_expectation = false;
    cast all = cast_of(c, decl);
    each (ast_line, line, &decl->lines) {
        check_line(c, decl, &all, line);
        has_expectation = has_expectation || !line_is_fact(line);
    }
    c->level = LEVEL_ANY;
    if (has_expectation)
        return;
    warn(c, decl->name.where, W0212, "this scenario expects nothing");
    hint(c, "Add a line such as: expect ann in vip at 2026-03-01T10:00");
}

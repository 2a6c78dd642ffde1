/* SPDX-License-Identifier: MIT
 *
 * Reads `fits:`. Which keys a fit has depends on its model.
 */
#include "config/fits.h"

#include <string.h>

#include "report/suggest.h"
#include "value/calendar.h"
#include "value/value.h"

enum {
    OF_TIMES = 1 << FIT_TIMES,
    OF_PERIODS = 1 << FIT_PERIODS,
    OF_VALUES = 1 << FIT_VALUES,
    OF_ALL = OF_TIMES | OF_PERIODS | OF_VALUES
};

static const struct {
    const char *name;
    fit_rows rows;
} models[] = {
#define FIT_MODEL(name, rows, ...) {#name, rows},
#include "config/fit_models.def"
};

/* What each key is, which models have it, and which of these need it. */
static const shape_key fit_keys[] = {
    {"model", SHAPE_TEXT, true, "the name of a model", "model: bg_nbd"},
    {"events", SHAPE_TEXT, false, "events in the words of the rules",
     "events: purchase where (amount > 0)"},
    {"amount", SHAPE_TEXT, false, "a property of the events", "amount: amount"},
    {"count", SHAPE_TEXT, false, "days or events", "count: days"},
    {"orders", SHAPE_TEXT, false, "all or repeats", "orders: repeats"},
    {"period", SHAPE_TEXT, false, "day, month or year", "period: month"},
    {"from", SHAPE_TEXT, false, "a time", "from: 2026-01-01"},
    {"to", SHAPE_TEXT, false, "a time", "to: 2026-07-01"},
    {"test_to", SHAPE_TEXT, false, "a time after \"to\"", "test_to: 2026-10-01"},
    {"file", SHAPE_TEXT, false, "a path that ends in .lua", "file: fits/buying.lua"},
    END_OF_KEYS,
};

static const struct {
    const char *key;
    unsigned of, needed_by;
} key_models[] = {
    {"events", OF_ALL, OF_ALL},         {"amount", OF_VALUES, OF_VALUES},
    {"count", OF_TIMES | OF_VALUES, 0}, {"orders", OF_VALUES, 0},
    {"period", OF_PERIODS, OF_PERIODS}, {"test_to", OF_TIMES | OF_PERIODS, 0},
};

static const char *const counts[] = {"days", "events", NULL};
static const char *const orders[] = {"all", "repeats", NULL};
static const char *const periods[] = {"day", "month", "year", NULL};

/* ---- words ---------------------------------------------------------------- */

/* One of a few words; the first when it was not given. */
static const char *read_word(const reader *r, const yaml_node *node, const char *key,
                             const char *const *words)
{
    suggestion s = suggest_begin(node ? node->text : "");
    const char *all = words[0];
    for (size_t i = 0; node && words[i]; i++) {
        if (strcmp(node->text, words[i]) == 0)
            return words[i];
        suggest_consider(&s, words[i]);
        all = i == 0 ? words[i] : arena_format(r->memory, "%s, %s", all, words[i]);
    }
    if (!node)
        return words[0];
    diag_error(r->diags, shape_place(node), E0305,
               "\"%s\" is none of the words of \"%s\"", node->text, key);
    if (suggest_best(&s))
        diag_hint(r->diags, "Did you mean \"%s\"?", suggest_best(&s));
    else
        diag_hint(r->diags, "Write one of: %s.", all);
    return words[0];
}

/* False: it is told. */
static bool read_model(const reader *r, const yaml_node *node, config_fit *out)
{
    suggestion s = suggest_begin(node->text);
    const char *all = "";
    for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
        out->model = (config_text){models[i].name, node->where};
        out->rows = (int)models[i].rows;
        if (strcmp(node->text, models[i].name) == 0)
            return true;
        suggest_consider(&s, models[i].name);
        all = arena_format(r->memory, "%s%s%s", all, i > 0 ? ", " : "", models[i].name);
    }
    diag_error(r->diags, shape_place(node), E0305, "no model is named \"%s\"",
               node->text);
    if (suggest_best(&s))
        diag_hint(r->diags, "Did you mean \"%s\"?", suggest_best(&s));
    else
        diag_hint(r->diags, "The models are %s.", all);
    return false;
}

/* ---- keys ----------------------------------------------------------------- */

/* Report what the model does not have, and what it lacks. */
static void check_keys(const reader *r, const yaml_node *node, const config_fit *f)
{
    unsigned model = 1U << f->rows;
    for (size_t i = 0; i < sizeof key_models / sizeof *key_models; i++) {
        const yaml_node *value = yaml_get(node, key_models[i].key);
        if (value && !(key_models[i].of & model)) {
            diag_error(r->diags, value->key_where, E0302, "the model %s has no \"%s\"",
                       f->model.text, key_models[i].key);
            diag_hint(r->diags, "Leave \"%s:\" out.", key_models[i].key);
        } else if (!value && (key_models[i].needed_by & model)) {
            diag_error(r->diags, f->name.where, E0304, "the fit \"%s\" needs \"%s\"",
                       f->name.text, key_models[i].key);
            for (const shape_key *k = fit_keys; k->name; k++)
                if (strcmp(k->name, key_models[i].key) == 0)
                    diag_hint(r->diags, "For example: %s", k->example);
        }
    }
}

/* Rules call the functions of a file by its name, so it is one of the language's without backticks. */
static bool is_plain_name(const char *name)
{
    size_t letters = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
                                  "0123456789");
    return name[0] && !(name[0] >= '0' && name[0] <= '9') && name[letters] == '\0';
}

static bool check_name(const reader *r, const config_text *name)
{
    if (is_plain_name(name->text))
        return true;
    diag_error(r->diags, name->where, E0305,
               "\"%s\" is no name of a fit: rules call its functions by it", name->text);
    diag_hint(r->diags, "Take letters, digits and _, as in \"buying\".");
    return false;
}

static void read_file(const reader *r, const yaml_node *node, config_fit *out)
{
    out->file = reader_text(node);
    if (!out->file.text) {
        out->file.text = arena_format(r->memory, "fits/%s.lua", out->name.text);
        return;
    }
    size_t size = strlen(out->file.text);
    if (size > 4 && strcmp(out->file.text + size - 4, ".lua") == 0)
        return;
    diag_error(r->diags, out->file.where, E0305, "\"%s\" does not end in .lua",
               out->file.text);
    diag_hint(r->diags, "Rules take scripts of that ending: \"file: fits/%s.lua\".",
              out->name.text);
}

/* Is it a time at all? Which one it is depends on the project's zone. */
static config_text read_instant(const reader *r, const yaml_node *node)
{
    config_text given = reader_text(node);
    const zone *utc;
    carpel_error err;
    int64_t instant;
    const char *reason;
    if (!given.text || !zone_open_in("UTC", r->memory, &utc, &err) ||
        value_read_time(slice_of(given.text), NULL, utc, &instant, &reason))
        return given;
    diag_error(r->diags, given.where, E0305, "cannot read \"%s\" as a time: %s",
               given.text, reason);
    diag_hint(r->diags, "Write 2026-03-01, 2026-03-01T10:00, or 2026-03-01T10:00:00Z.");
    return (config_text){0};
}

static void read_fit(const reader *r, const yaml_node *node, config_fit *out)
{
    const char *owner = arena_format(r->memory, "the fit \"%s\"", node->key);
    out->name = reader_key(node);
    if (!check_name(r, &out->name) || node->is_broken)
        return;
    if (node->kind != YAML_MAPPING) {
        shape_refuse(
            node, owner, "a mapping",
            arena_format(r->memory, "%s: {model: bg_nbd, events: purchase}", node->key),
            r->diags);
        return;
    }
    shape_check(node, fit_keys, owner, SHAPE_CLOSED, r->diags);
    const yaml_node *model = shape_get(node, fit_keys, "model");
    if (!model || !read_model(r, model, out))
        return;
    check_keys(r, node, out);
    out->events = reader_text(shape_get(node, fit_keys, "events"));
    out->amount = reader_text(shape_get(node, fit_keys, "amount"));
    out->count = read_word(r, shape_get(node, fit_keys, "count"), "count", counts);
    out->orders = read_word(r, shape_get(node, fit_keys, "orders"), "orders", orders);
    out->period = read_word(r, shape_get(node, fit_keys, "period"), "period", periods);
    out->from = read_instant(r, shape_get(node, fit_keys, "from"));
    out->to = read_instant(r, shape_get(node, fit_keys, "to"));
    out->test_to = read_instant(r, shape_get(node, fit_keys, "test_to"));
    read_file(r, shape_get(node, fit_keys, "file"), out);
}

void fits_read(const reader *r, const yaml_node *node)
{
    project *p = r->project;
    if (!node)
        return;
    p->fits = reader_array(r, node->count, sizeof *p->fits);
    for (size_t i = 0; i < node->count; i++)
        read_fit(r, node->items[i], &p->fits[p->fit_count++]);
}

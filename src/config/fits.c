/* SPDX-License-Identifier: MIT
 *
 * Reads `fits:`. Which keys a fit has depends on its model.
 */
#include "config/fits.h"

#include <string.h>

#include "base/path.h"
#include "report/suggest.h"
#include "value/calendar.h"
#include "value/value.h"

enum {
    OF_TIMES = 1 << FIT_TIMES,
    OF_PERIODS = 1 << FIT_PERIODS,
    OF_VALUES = 1 << FIT_VALUES,
    OF_CHANCES = 1 << FIT_CHANCES,
    OF_UPLIFTS = 1 << FIT_UPLIFTS,
    OF_DATES = OF_CHANCES | OF_UPLIFTS,
    OF_EVENTS = OF_TIMES | OF_PERIODS | OF_VALUES
};

static const struct {
    const char *name;
    fit_rows rows;
} models[] = {
#define FIT_MODEL(name, rows, ...) {#name, rows},
#include "config/fit_models.def"
    {FIT_PROPENSITY, FIT_CHANCES},
    {FIT_TREES, FIT_CHANCES},
    {FIT_UPLIFT, FIT_UPLIFTS},
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
    {"label", SHAPE_TEXT, false, "a condition on the time after",
     "label: did purchase in next 30 days"},
    {"among", SHAPE_TEXT, false, "a condition", "among: did purchase"},
    {"treatment", SHAPE_TEXT, false, "a condition: who was treated",
     "treatment: in spring_test.letter"},
    {"method", SHAPE_TEXT, false, "two_models or transformed_outcome",
     "method: two_models"},
    {"held_back", SHAPE_TEXT, false, "a share between 0 and 1", "held_back: 0.3"},
    {"features", SHAPE_MAPPING, false, "a mapping of names to values",
     "features: {silent: time since last purchase, orders: count(purchase)}"},
    {"train", SHAPE_TEXT | SHAPE_LIST, false, "a time or a list of times",
     "train: [2026-01-01, 2026-02-01]"},
    {"test", SHAPE_TEXT | SHAPE_LIST, false, "a time or a list of times",
     "test: [2026-04-01]"},
    {"against", SHAPE_TEXT, false, "the name of a feature", "against: silent"},
    {"penalty", SHAPE_TEXT, false, "a number above 0", "penalty: 1"},
    {"trusted", SHAPE_TEXT | SHAPE_LIST, false,
     "the name of a feature, or a list of them", "trusted: [plan]"},
    {"file", SHAPE_TEXT, false, "a path that ends in .lua", "file: fits/buying.lua"},
    END_OF_KEYS,
};

static const struct {
    const char *key;
    unsigned of, needed_by;
} key_models[] = {
    {"events", OF_EVENTS, OF_EVENTS},
    {"amount", OF_VALUES, OF_VALUES},
    {"count", OF_TIMES | OF_VALUES, 0},
    {"orders", OF_VALUES, 0},
    {"period", OF_PERIODS, OF_PERIODS},
    {"from", OF_EVENTS, 0},
    {"to", OF_EVENTS, 0},
    {"test_to", OF_TIMES | OF_PERIODS, 0},
    {"label", OF_DATES, OF_DATES},
    {"among", OF_DATES, 0},
    {"features", OF_DATES, OF_DATES},
    {"train", OF_DATES, OF_DATES},
    {"test", OF_DATES, OF_CHANCES},
    {"against", OF_CHANCES, 0},
    {"penalty", OF_DATES, 0},
    {"trusted", OF_DATES, 0},
    {"treatment", OF_UPLIFTS, OF_UPLIFTS},
    {"method", OF_UPLIFTS, 0},
    {"held_back", OF_UPLIFTS, 0},
};

static const char *const counts[] = {"days", "events", NULL};
static const char *const orders[] = {"all", "repeats", NULL};
static const char *const methods[] = {FIT_METHOD_TWO_MODELS, FIT_METHOD_TRANSFORMED,
                                      NULL};
static const char *const periods[] = {"day", "month", "year", NULL};

bool fit_rows_have_dates(int rows)
{
    return (OF_DATES >> rows & 1) != 0;
}

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

/* Those of functions' arguments are no longer (script/signature.h). */
enum { LONGEST_NAME = 63 };

/* Rules call the functions of a file by its name, so it is one of the language's without backticks. */
static bool is_plain_name(const char *name)
{
    size_t letters = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
                                  "0123456789");
    return name[0] && !(name[0] >= '0' && name[0] <= '9') && name[letters] == '\0' &&
           letters <= LONGEST_NAME;
}

static bool check_name(const reader *r, const config_text *name)
{
    if (is_plain_name(name->text))
        return true;
    diag_error(r->diags, name->where, E0305,
               "\"%s\" is no name of a fit: rules call its functions by it", name->text);
    diag_hint(r->diags, "Take letters, digits and _, at most %d, as in \"buying\".",
              LONGEST_NAME);
    return false;
}

static void read_file(const reader *r, const yaml_node *node, config_fit *out)
{
    out->file = reader_text(node);
    if (!out->file.text) {
        out->file.text = arena_format(r->memory, "fits/%s.lua", out->name.text);
        return;
    }
    const char *wanted = arena_format(r->memory, "%s.lua", out->name.text);
    if (strcmp(path_base(out->file.text), wanted) == 0)
        return;
    diag_error(r->diags, out->file.where, E0305,
               "the file of the fit \"%s\" is called %s, in whichever folder",
               out->name.text, wanted);
    diag_hint(r->diags,
              "Rules call functions by the name of their file: \"file: fits/%s\".",
              wanted);
}

/* Is it a time at all? Which one it is depends on the project's zone. */
static bool check_instant(const reader *r, const config_text *given)
{
    const zone *utc;
    carpel_error err;
    int64_t instant;
    const char *reason;
    if (!zone_open_in("UTC", r->memory, &utc, &err) ||
        value_read_time(slice_of(given->text), NULL, utc, &instant, &reason))
        return true;
    diag_error(r->diags, given->where, E0305, "cannot read \"%s\" as a time: %s",
               given->text, reason);
    diag_hint(r->diags, "Write 2026-03-01, 2026-03-01T10:00, or 2026-03-01T10:00:00Z.");
    return false;
}

static config_text read_instant(const reader *r, const yaml_node *node)
{
    config_text given = reader_text(node);
    return !given.text || check_instant(r, &given) ? given : (config_text){0};
}

/* ---- chances -------------------------------------------------------------- */

static config_text *read_instants(const reader *r, const yaml_node *fit, const char *key,
                                  size_t *count)
{
    config_text *all = reader_texts(r, shape_get(fit, fit_keys, key), "a date of the fit",
                                    "a time", "train: [2026-01-01, 2026-02-01]", count);
    for (size_t i = 0; i < *count; i++)
        check_instant(r, &all[i]);
    return all;
}

/* Names of other functions of the file, and of other rules of the fit. */
static const char *const taken_names[] = {"chance", "among", "label"};
static const char *const taken_by_uplift[] = {"chance", "among", "label", "treatment",
                                              "uplift"};

static bool is_feature_name(const char *name, int rows)
{
    bool is_uplift = rows == FIT_UPLIFTS;
    const char *const *taken = is_uplift ? taken_by_uplift : taken_names;
    size_t count = is_uplift ? sizeof taken_by_uplift / sizeof *taken_by_uplift
                             : sizeof taken_names / sizeof *taken_names;
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, taken[i]) == 0)
            return false;
    return is_plain_name(name);
}

/* False: it is told. */
static bool read_feature(const reader *r, const yaml_node *node, int rows,
                         config_feature *out)
{
    out->name = reader_key(node);
    out->value = reader_text(node);
    if (node->is_broken)
        return false;
    if (!is_feature_name(out->name.text, rows)) {
        diag_error(r->diags, out->name.where, E0305, "\"%s\" is no name of a feature",
                   out->name.text);
        diag_hint(r->diags,
                  "Take letters, digits and _, at most %d, and another word than chance, "
                  "%s.",
                  LONGEST_NAME,
                  rows == FIT_UPLIFTS ? "among, label, treatment and uplift"
                                      : "among and label");
        return false;
    }
    if (node->kind == YAML_SCALAR)
        return true;
    shape_refuse(node, "a feature", "a value in the words of the rules",
                 "orders: count(purchase)", r->diags);
    return false;
}

static void read_features(const reader *r, const yaml_node *node, config_fit *out)
{
    if (!node)
        return;
    out->features = reader_array(r, node->count, sizeof *out->features);
    for (size_t i = 0; i < node->count; i++)
        if (read_feature(r, node->items[i], out->rows,
                         &out->features[out->feature_count]))
            out->feature_count++;
    if (node->count >= 1 && node->count <= FIT_MOST_FEATURES)
        return;
    diag_error(r->diags, shape_place(node), E0305, "a fit has 1 to %d features, not %zu",
               FIT_MOST_FEATURES, node->count);
    diag_hint(r->diags, "%s",
              node->count > 0 ? "Leave out what says nearly the same."
                              : "\"carpel features\" proposes some, as in: "
                                "features: {orders: count(purchase)}");
}

/* "against" and "trusted" name features. */
static void check_feature(const reader *r, const config_fit *f, const config_text *name)
{
    suggestion s = suggest_begin(name->text ? name->text : "");
    for (size_t i = 0; name->text && i < f->feature_count; i++) {
        if (strcmp(f->features[i].name.text, name->text) == 0)
            return;
        suggest_consider(&s, f->features[i].name.text);
    }
    if (!name->text)
        return;
    diag_error(r->diags, name->where, E0305, "no feature is named \"%s\"", name->text);
    if (suggest_best(&s))
        diag_hint(r->diags, "Did you mean \"%s\"?", suggest_best(&s));
    else
        diag_hint(r->diags, "Name one of those below \"features\".");
}

static void read_penalty(const reader *r, const yaml_node *node, config_fit *out)
{
    const char *reason;
    config_text given = reader_text(node);
    out->penalty = 1;
    if (!given.text || (value_read_number(slice_of(given.text), &out->penalty, &reason) &&
                        out->penalty > 0))
        return;
    diag_error(r->diags, given.where, E0305,
               "\"penalty\" is a number above 0, not \"%s\"", given.text);
    diag_hint(r->diags, "For example: penalty: 1");
}

/* Who is learned from, and who is tested with: other dates, or other people. */
static void read_held_back(const reader *r, const yaml_node *node, config_fit *out)
{
    static const double usual = 0.3;
    const char *reason;
    config_text given = reader_text(shape_get(node, fit_keys, "held_back"));
    out->held_back = out->test_count > 0 ? 0 : usual;
    if (!given.text)
        return;
    if (out->test_count > 0) {
        diag_error(r->diags, given.where, E0305,
                   "the fit \"%s\" has both \"test\" and \"held_back\"", out->name.text);
        diag_hint(r->diags, "It is tested with later dates, or with people that are held "
                            "back: leave one of them out.");
    } else if (!value_read_number(slice_of(given.text), &out->held_back, &reason) ||
               !(out->held_back > 0 && out->held_back < 1)) {
        diag_error(r->diags, given.where, E0305,
                   "\"held_back\" is a share between 0 and 1, not \"%s\"", given.text);
        diag_hint(r->diags, "For example: held_back: 0.3");
    }
}

static void read_uplift(const reader *r, const yaml_node *node, config_fit *out)
{
    out->treatment = reader_text(shape_get(node, fit_keys, "treatment"));
    out->method = read_word(r, shape_get(node, fit_keys, "method"), "method", methods);
    read_held_back(r, node, out);
}

static void read_chances(const reader *r, const yaml_node *node, config_fit *out)
{
    out->label = reader_text(shape_get(node, fit_keys, "label"));
    out->among = reader_text(shape_get(node, fit_keys, "among"));
    read_features(r, shape_get(node, fit_keys, "features"), out);
    out->train = read_instants(r, node, "train", &out->train_count);
    out->test = read_instants(r, node, "test", &out->test_count);
    out->against = reader_text(shape_get(node, fit_keys, "against"));
    out->trusted =
        reader_texts(r, shape_get(node, fit_keys, "trusted"), "an item of \"trusted\"",
                     "the name of a feature", "trusted: [plan]", &out->trusted_count);
    check_feature(r, out, &out->against);
    for (size_t i = 0; i < out->trusted_count; i++)
        check_feature(r, out, &out->trusted[i]);
    read_penalty(r, shape_get(node, fit_keys, "penalty"), out);
    if (out->rows == FIT_UPLIFTS)
        read_uplift(r, node, out);
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
    if (fit_rows_have_dates(out->rows))
        read_chances(r, node, out);
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

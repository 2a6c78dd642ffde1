/* SPDX-License-Identifier: MIT
 *
 * The options of a plugin: what the host refuses never reaches it, and whatever the table allows it
 * takes, or refuses with a message.
 */
#include "kit/checks.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "config/option_words.h"
#include "config/options.h"
#include "kit/reader.h"
#include "kit/writer.h"

enum { DRAWS = 50, MOST_TEXTS = 3 };

/* So many seconds options that make it wait may do so. */
#define PATIENCE 0.5

/* ---- running with options -------------------------------------------------------------------- */

static bool read_with(kit_trial *t, const void *options, carpel_error *err)
{
    text rows;
    text_init(&rows);
    bool ok = kit_read_all(t, &(kit_how){.options = options}, &rows, err);
    text_done(&rows);
    return ok;
}

static bool write_with(kit_trial *t, const void *options, carpel_error *err)
{
    kit_writer w;
    carpel_error late;
    kit_feed feed = {.row_count = 10, .batch_rows = 4};
    bool ok = kit_writer_begin(&w, t, &kit_memberships, options, 0, err) &&
              kit_writer_write(&w, &feed, err) && kit_writer_prepare(&w, err);
    kit_writer_abort(&w);
    bool is_well = kit_writer_close(&w, &late);
    if (!is_well)
        *err = late;
    return ok && is_well;
}

/* It may work or refuse the options, but nothing else. */
static void run_with(kit_trial *t, const void *options, const char *what)
{
    carpel_error err;
    bool ok = t->subject->plugin->kind == CARPEL_SOURCE ? read_with(t, options, &err)
                                                        : write_with(t, options, &err);
    if (ok)
        return;
    if (err.code == CARPEL_E_PLUGIN)
        kit_fail(t, "%s: %s", what, err.message);
    else
        kit_check_message(t, what, &err);
}

static void *copy_options(const kit_subject *s)
{
    void *copy = memory_alloc_zero(s->plugin->options_size + 1);
    memcpy(copy, s->options, s->plugin->options_size);
    return copy;
}

/* ---- left out ---------------------------------------------------------------------------------- */

/* What has to be given the host asks for, so the plugin never goes without. */
void check_options_missing(kit_trial *t)
{
    const kit_subject *s = t->subject;
    for (const carpel_option *o = s->plugin->options; o->name; o++) {
        char what[120];
        if (o->required)
            continue;
        void *options = copy_options(s);
        memcpy((char *)options + o->offset, (const char *)s->defaults + o->offset,
               option_size(o->type));
        snprintf(what, sizeof what, "without \"%.80s\"", o->name);
        run_with(t, options, what);
        memory_free(options);
    }
}

/* ---- of a wrong type ------------------------------------------------------------------------------ */

/* A mapping in a list in a list is the value of nothing. */
void check_options_mistyped(kit_trial *t)
{
    const carpel_plugin *p = t->subject->plugin;
    const options_context context = {.owner = p->name, .project_directory = "."};
    for (const carpel_option *o = p->options; o->name; o++) {
        arena *memory = arena_new();
        diags *d = diags_new();
        text yaml;
        text_init(&yaml);
        text_append_format(&yaml, "%s: [[{a: b}]]\n", o->name);
        source *file = source_new("options", yaml.data, yaml.size);
        const yaml_node *root = yaml_parse(file, NULL, memory, d);
        if (options_read(root, p->options, p->options_size, &context,
                         arena_alloc(memory, p->options_size + 1), memory, d))
            kit_fail(t, "a list of mappings is taken for the option \"%s\"", o->name);
        text_done(&yaml);
        diags_free(d);
        source_free(file);
        arena_free(memory);
    }
}

/* ---- drawn at random --------------------------------------------------------------------------------- */

static const char *draw_text(uint64_t *state)
{
    static char many[5001];
    static const char *const texts[] = {"",     "a",  "%s%n%d",    "\xC3\xA9",
                                        "'\"`", "-1", "two words", "a/b",
                                        "\x01", ";",  many};
    memset(many, 'x', sizeof many - 1);
    return texts[kit_draw(state, sizeof texts / sizeof *texts)];
}

static int64_t draw_whole(const carpel_option *o, uint64_t *state)
{
    static const int64_t plain[] = {0, 1, -1, 2, 1000, INT64_MAX, INT64_MIN};
    if (o->minimum >= o->maximum)
        return plain[kit_draw(state, 7)];
    double least = fmax(o->minimum, -9e18), width = fmin(o->maximum, 9e18) - least;
    uint64_t steps = width < 1e15 ? (uint64_t)width : UINT64_C(1000000000000000);
    uint64_t drawn = kit_draw(state, 4) == 0 ? steps : kit_draw(state, steps + 1);
    return (int64_t)least + (int64_t)drawn;
}

static double draw_number(const carpel_option *o, uint64_t *state)
{
    static const double plain[] = {0, -1, 0.5, 1e300, 1e-300};
    if (o->minimum >= o->maximum)
        return plain[kit_draw(state, 5)];
    double least = fmax(o->minimum, -1e300), most = fmin(o->maximum, 1e300);
    return least + (most - least) * (double)kit_draw(state, 5) / 4;
}

static const char *draw_choice(const carpel_option *o, uint64_t *state)
{
    size_t count = 0;
    while (o->choices[count])
        count++;
    return o->choices[kit_draw(state, count)];
}

/* Put a value in place. Paths stay as they were given; `texts` has room for a list. */
static void draw_option(const carpel_option *o, uint64_t *state, char *options,
                        const char **texts)
{
    char *at = options + o->offset;
    carpel_texts list = {texts, kit_draw(state, MOST_TEXTS + 1)};
    switch (o->type) {
    case CARPEL_OPTION_TEXT: *(const char **)(void *)at = draw_text(state); break;
    case CARPEL_OPTION_BOOLEAN: *(bool *)at = kit_draw(state, 2) == 1; break;
    case CARPEL_OPTION_INTEGER: *(int64_t *)(void *)at = draw_whole(o, state); break;
    case CARPEL_OPTION_NUMBER: *(double *)(void *)at = draw_number(o, state); break;
    case CARPEL_OPTION_CHOICE: *(const char **)(void *)at = draw_choice(o, state); break;
    case CARPEL_OPTION_TEXTS:
        for (size_t i = 0; i < list.count; i++)
            texts[i] = draw_text(state);
        *(carpel_texts *)(void *)at = list;
        break;
    case CARPEL_OPTION_PAIRS:
        list.count = 2 * kit_draw(state, MOST_TEXTS / 2 + 1);
        for (size_t i = 0; i < list.count; i++)
            texts[i] = draw_text(state);
        *(carpel_texts *)(void *)at = list;
        break;
    case CARPEL_OPTION_PATH:
    case CARPEL_OPTION_PATHS:
    case CARPEL_OPTION_OUTPUT_PATH: break;
    }
}

/* Some options have another value; `number` tells which draw it is. */
static void run_draw(kit_trial *t, int number, uint64_t *state)
{
    char what[60];
    const char *texts[MOST_TEXTS][MOST_TEXTS];
    const carpel_option *table = t->subject->plugin->options;
    char *options = copy_options(t->subject);
    size_t count = 0;
    while (table[count].name)
        count++;
    for (size_t i = 0; i < MOST_TEXTS; i++)
        draw_option(&table[kit_draw(state, count)], state, options, texts[i]);
    snprintf(what, sizeof what, "draw %d", number);
    run_with(t, options, what);
    memory_free(options);
}

void check_options_drawn(kit_trial *t)
{
    uint64_t state = t->subject->seed;
    if (!t->subject->plugin->options[0].name) {
        kit_skip(t, "it has no options");
        return;
    }
    t->patience = PATIENCE;
    for (int i = 1; i <= DRAWS && !kit_has_failed(t); i++)
        run_draw(t, i, &state);
}

/* SPDX-License-Identifier: MIT
 *
 * Settings of cleaning, and the steps one after the other.
 */
#include "value/cleaning_parts.h"

const clean_step_info clean_steps[CLEAN_STEP_COUNT] = {
#define X(id, key, fields, form, choices, function, example, help)                       \
    {key, fields, form, choices, example, help},
#include "value/cleaning.def"
#undef X
};

static clean_function *const functions[CLEAN_STEP_COUNT] = {
#define X(id, key, fields, form, choices, function, example, help) function,
#include "value/cleaning.def"
#undef X
};

cleaning cleaning_merged(const cleaning *outer, const cleaning *inner)
{
    cleaning merged = {0};
    for (int step = 0; step < CLEAN_STEP_COUNT; step++) {
        if (outer)
            merged.settings[step] = outer->settings[step];
        if (inner && inner->settings[step].is_given)
            merged.settings[step] = inner->settings[step];
    }
    return merged;
}

static bool is_done(const cleaning *c, int step, unsigned fields)
{
    return c->settings[step].text_count > 0 && (clean_steps[step].fields & fields) != 0;
}

bool cleaning_concerns(const cleaning *c, unsigned fields)
{
    for (int step = 0; step < CLEAN_STEP_COUNT; step++)
        if (is_done(c, step, fields))
            return true;
    return false;
}

/* A text as a double-quoted one of YAML, unless it is a plain word. */
static void append_word(const char *word, text *out)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/";
    if (*word && word[strspn(word, plain)] == '\0') {
        text_append(out, word);
        return;
    }
    text_append_char(out, '"');
    for (const char *c = word; *c; c++) {
        if (*c == '"' || *c == '\\')
            text_append_char(out, '\\');
        text_append_char(out, *c);
    }
    text_append_char(out, '"');
}

static void append_setting(const clean_setting *s, clean_form form, text *out)
{
    bool is_list = form == CLEAN_WORDS && s->text_count > 1;
    if (is_list || form == CLEAN_PATTERNS)
        text_append_char(out, is_list ? '[' : '{');
    for (size_t i = 0; i < s->text_count; i++) {
        if (i > 0)
            text_append(out, form == CLEAN_PATTERNS && i % 2 == 1 ? ": " : ", ");
        append_word(s->texts[i], out);
    }
    if (is_list || form == CLEAN_PATTERNS)
        text_append_char(out, is_list ? ']' : '}');
}

void cleaning_append(const cleaning *c, unsigned fields, text *out)
{
    size_t before = out->size;
    for (int step = 0; step < CLEAN_STEP_COUNT; step++) {
        if (!is_done(c, step, fields))
            continue;
        text_append_format(out, "%s%s: ", out->size > before ? ", " : "",
                           clean_steps[step].key);
        append_setting(&c->settings[step], clean_steps[step].form, out);
    }
}

void clean_work_init(clean_work *w)
{
    *w = (clean_work){0};
    text_init(&w->buffers[0]);
    text_init(&w->buffers[1]);
}

void clean_work_done(clean_work *w)
{
    text_done(&w->buffers[0]);
    text_done(&w->buffers[1]);
    pattern_scratch_free(w->scratch);
    w->scratch = NULL;
}

clean_outcome cleaning_apply(const cleaning *c, unsigned fields, unsigned scale, slice s,
                             clean_work *w)
{
    clean_outcome done = {.text = s};
    size_t free_buffer = 0;
    for (int step = 0; step < CLEAN_STEP_COUNT; step++) {
        if (!functions[step] || !is_done(c, step, fields))
            continue;
        clean_job job = {&c->settings[step], c, scale, w, NULL};
        text *out = &w->buffers[free_buffer];
        text_clear(out);
        clean_result result = functions[step](&job, done.text, out);
        done.refusal = job.refusal;
        done.is_missing = result == CLEAN_NOTHING;
        if (result == CLEAN_SAME)
            continue;
        done.changed_by |= 1u << step;
        if (result != CLEAN_CHANGED)
            return done;
        done.text = (slice){out->data, out->size};
        free_buffer = 1 - free_buffer;
    }
    done.is_missing = done.changed_by != 0 && done.text.size == 0;
    return done;
}

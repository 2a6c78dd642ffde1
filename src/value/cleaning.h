/* SPDX-License-Identifier: MIT
 *
 * cleaning -- what is done to the texts of a field before they are read as its type: blanks,
 * letters, words for nothing, the signs in numbers.
 *
 * A cleaning is a set of settings, one a step of cleaning.def. It is made once and then only
 * read, by any thread; what a thread needs while it works is in a clean_work.
 *
 *     cleaning c = cleaning_merged(&of_all, &of_the_field, memory);
 *     clean_work w;
 *     clean_work_init(&w);
 *     clean_outcome out = cleaning_apply(&c, CLEAN_OF_EXACT | CLEAN_OF_NUMBERS, 2, s, &w);
 *     ... out.text lives until the next call ...
 *     clean_work_done(&w);
 */
#ifndef VALUE_CLEANING_H
#define VALUE_CLEANING_H

#include "base/arena.h"
#include "base/pattern.h"
#include "base/text.h"

/* To which fields a step can be done; each field is some of these. */
enum {
    CLEAN_OF_TEXTS = 1,   /* string, version, person */
    CLEAN_OF_NUMBERS = 2, /* int, decimal, number */
    CLEAN_OF_EXACT = 4,   /* int, decimal */
    CLEAN_OF_BOOLS = 8,
    CLEAN_OF_TIMES = 16, /* time, date, duration */
    CLEAN_OF_LISTS = 32, /* lists of values */
    CLEAN_OF_ALL = 63
};

/* How the value of a step is written in the project file. */
typedef enum clean_form {
    CLEAN_FLAG,    /* true or false */
    CLEAN_CHOICE,  /* one of some words */
    CLEAN_SIGN,    /* a text */
    CLEAN_WORDS,   /* a text or a list of texts */
    CLEAN_PATTERNS /* a mapping from expressions to texts */
} clean_form;

typedef enum clean_step {
#define X(id, key, fields, form, choices, function, example, help) CLEAN_##id,
#include "value/cleaning.def"
#undef X
    CLEAN_STEP_COUNT
} clean_step;

/* A row of the list, for those who read and print settings. */
typedef struct clean_step_info {
    const char *key;
    unsigned fields;
    clean_form form;
    const char *choices; /* "fold|lower|none": the last one turns it off; or NULL */
    const char *example, *help;
} clean_step_info;
extern const clean_step_info clean_steps[CLEAN_STEP_COUNT];

/* `texts` are the words; of CLEAN_PATTERNS each second one is what takes the place of the expression
 * before it, which `patterns` has. Without texts a step that is given is turned off. */
typedef struct clean_setting {
    bool is_given;
    const char **texts;
    size_t text_count;
    pattern **patterns; /* owned by who made the setting */
} clean_setting;

typedef struct cleaning {
    clean_setting settings[CLEAN_STEP_COUNT];
} cleaning;

/* Each step as `inner` says, else as `outer` does (NULL: says nothing). */
cleaning cleaning_merged(const cleaning *outer, const cleaning *inner);

static inline bool cleaning_does(const cleaning *c, clean_step step)
{
    return c->settings[step].text_count > 0;
}

/* Is anything done to such fields? */
bool cleaning_concerns(const cleaning *c, unsigned fields);

/* "trim: true, case: fold": what is done to such fields, in the order in which it is done. Equal texts
 * mean equal cleanings. */
void cleaning_append(const cleaning *c, unsigned fields, text *out);

/* The setting of a choice, or of a sign; only where the step is done. */
static inline const char *cleaning_word(const cleaning *c, clean_step step)
{
    return c->settings[step].texts[0];
}

/* How many digits the point moves for a unit: 2 for "cents". */
int cleaning_unit_digits(const char *unit);

/* What one thread works with. */
typedef struct clean_work {
    text buffers[2];
    pattern_scratch *scratch; /* made when it is needed */
} clean_work;

void clean_work_init(clean_work *w);
void clean_work_done(clean_work *w);

typedef struct clean_outcome {
    bool is_missing;
    const char *refusal; /* why the text cannot be cleaned; or NULL */
    uint32_t changed_by; /* the bits of the steps that made another text of it */
    slice text;          /* `s` itself when nothing changed, else in the work's memory */
} clean_outcome;

/* Do the steps that concern such fields. A text that they leave empty is missing. `scale`: the digits
 * behind the point that an exact number keeps. */
clean_outcome cleaning_apply(const cleaning *c, unsigned fields, unsigned scale, slice s,
                             clean_work *w);

#endif

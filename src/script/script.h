/* SPDX-License-Identifier: MIT
 *
 * script -- Lua functions that rules call.
 *
 * A set holds the files of a project: each is a text chunk that returns a table of
 * functions, or defines global functions; the module's name is the file's without its
 * ending, so `use "scores/churn.lua"` gives churn.risk(...). A set is immutable after
 * loading and shared; every worker makes a state of its own from it.
 *
 * Scripts see an allow list (docs/scripting.md): no files, no network, no clock, no
 * random numbers, no metatables, no bytecode. A state has a limit of memory and each
 * call a limit of time; a call that raises, or passes a limit, has no value.
 */
#ifndef SCRIPT_SCRIPT_H
#define SCRIPT_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cancel.h"
#include "base/text.h"
#include "report/diags.h"
#include "script/signature.h"

typedef struct script_limits {
    size_t memory_bytes;
    int64_t call_microseconds;
} script_limits;

typedef struct script_set script_set;
typedef struct script_state script_state;

script_set *script_set_new(script_limits limits);
void script_set_free(script_set *s);

/* Load a file into the set, running its chunk once under the limits to learn its
 * functions (in that run, ten times a call's time). `where` is the place that asked for
 * it; mistakes are reported there, and syntax errors with the Lua file's own line in the
 * message. Loading a file twice is fine; two files with one module name are an error. What the
 * file requires is looked for in the folders of all files that were loaded or added. */
bool script_set_load(script_set *s, const char *path, span where, diag_code code,
                     diags *diags);

/* A file will be loaded from here: its folder is one for what is required, whatever file is
 * loaded first. */
void script_set_add_folder_of(script_set *s, const char *path);

/* What files require is looked for in all folders of another set, too. */
void script_set_add_folders(script_set *s, const script_set *other);

/* The same of a file that comes with carpel ("lib/rate.lua"), which there has to be. */
bool script_set_load_library(script_set *s, const char *path, span where, diag_code code,
                             diags *diags);
bool script_library_has(const char *path);
/* "rate" and the others by number; NULL behind the last. */
const char *script_library_name(size_t number);

bool script_set_has_module(const script_set *s, const char *module);

/* The number of a function, or SIZE_MAX. */
size_t script_set_find(const script_set *s, const char *module, const char *function);
/* The full name ("churn.risk") that was probably meant, or NULL. */
const char *script_set_similar(const script_set *s, const char *module,
                               const char *function);
size_t script_set_function_count(const script_set *s);
/* How long a call may take. */
int64_t script_call_microseconds(const script_set *s);
/* "churn.risk" */
const char *script_set_function_name(const script_set *s, size_t function);
const char *script_set_function_path(const script_set *s, size_t function);
/* What its file declares of it with carpel.define, or NULL. */
const script_signature *script_set_signature(const script_set *s, size_t function);
/* What the files say that it is made of: its own, then those that it requires. */
size_t script_set_function_file_count(const script_set *s, size_t function);
slice script_set_function_file(const script_set *s, size_t function, size_t file);

/* An argument or a result. */
typedef enum script_kind {
    SCRIPT_MISSING,
    SCRIPT_BOOL,
    SCRIPT_INTEGER,
    SCRIPT_NUMBER,
    SCRIPT_TEXT,
    SCRIPT_LIST /* arguments alone: a table of values that are there, from 1 on */
} script_kind;
typedef struct script_value script_value;
struct script_value {
    script_kind kind;
    bool boolean;
    int64_t integer;
    double number;
    slice text; /* a result's text lives until the next call of the state */
    const script_value *items;
    size_t item_count;
};

/* A list may have so many values; a call with more fails. */
enum { SCRIPT_MOST_LIST = 100000 };

/* A function that is declared by a batch is called for so many rows at once. */
enum { SCRIPT_MOST_BATCH = 512 };

/* A state for one worker. The set outlives it, and `c` (may be NULL), which ends a call
 * at once: it fails then. */
script_state *script_state_new(const script_set *s, const cancel *c);
void script_state_free(script_state *s);

/* Call a function. Missing is nil on both sides. False when it raised, passed a limit or
 * returned what is no value (a table, a function, NaN, an infinity, a text that is not
 * UTF-8): then *message (alive until the next call) says what happened, with the function
 * and its line. After a call that passed a limit the state is made anew, so that one call
 * cannot harm the next. */
bool script_call(script_state *s, size_t function, const script_value *arguments,
                 size_t argument_count, script_value *result, const char **message);

/* A part of a column, which is a list. */
typedef struct script_part {
    size_t first, count;
} script_part;

/* An argument of calls in a row: a value for each row, or one for all. Nothing of it changes
 * while they go on. */
typedef struct script_column script_column;
struct script_column {
    script_kind kind;             /* of what is present */
    bool is_uniform, is_required; /* required: without it a row's result is missing */
    const void *values;           /* bits, int64, double, or codes of texts */
    const uint64_t *present;      /* NULL: all are */
    int64_t divisor;              /* NUMBER: of int64; 0: the values are double */
    slice (*text_of)(const script_column *c, uint32_t code);
    const void *texts, *origin; /* for text_of */
    const script_column
        *items; /* LIST: what lists are parts of; never uniform, all there */
    script_part (*part_of)(const script_column *c, size_t at);
};

typedef struct script_rows {
    size_t function;
    const script_column *columns;
    size_t column_count, row_count;
    const uint64_t *wanted; /* NULL: each row */
    bool wants_number;      /* a result that is a number comes as SCRIPT_NUMBER */
    void *data;
    /* The result of a row, in the order of rows; its text lives until this returns. False: it is not what
     * was asked for, and no result of other rows. */
    bool (*give)(void *data, size_t row, const script_value *result);
    /* The result of a row is that of a row before, which has the same arguments and was given. NULL: the
     * function is called for each row. */
    void (*repeat)(void *data, size_t row, size_t before);
    /* A call failed: *message as that of script_call(). False: no more calls. */
    bool (*fail)(void *data, size_t row, const char *message);
} script_rows;

/* Call a function for row after row, with all guarantees of script_call(), at less than half
 * of its price. Ends early, and without a word, when the work is stopped.
 *
 * A function with a batch is called for many rows, whose results are given when it is over. Where such a
 * call fails, each of its rows is called alone, so who fails is the same however rows are
 * cut. The first row and the last are called alone, too, and must have the same result. */
void script_call_rows(script_state *s, const script_rows *r);

/* Of the last call, which failed: did it change what outlives it, so that answers would
 * depend on the order of calls, or depend (then uneven, too) on the rows of its batch; and how
 * much processor time did it take, with making the state anew when the call before had to
 * throw it away? */
bool script_was_impure(const script_state *s);
bool script_was_uneven(const script_state *s);
int64_t script_wasted_microseconds(const script_state *s);

#endif

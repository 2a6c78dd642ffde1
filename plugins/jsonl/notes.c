/* SPDX-License-Identifier: MIT
 *
 * Which columns were found in lines, and which keys beside them nobody wants: a column that no
 * line had was probably misspelt.
 */
#include <stdio.h>
#include <string.h>

#include "common/memory.h"
#include "common/names.h"
#include "jsonl/source.h"

enum { LONGEST_KEPT_KEY = 80 };

void jsonl_notes_keep_key(jsonl_notes *n, const char *key, size_t size)
{
    if (n->other_key_count == JSONL_KEPT_KEYS || size > LONGEST_KEPT_KEY)
        return;
    for (size_t i = 0; i < n->other_key_count; i++)
        if (strlen(n->other_keys[i]) == size && memcmp(n->other_keys[i], key, size) == 0)
            return;
    n->other_keys[n->other_key_count++] = common_copy(key, size);
}

static void note_found(const path_node *node, bool *was_found)
{
    for (size_t i = 0; i < node->child_count; i++)
        note_found(node->children[i], was_found);
    for (size_t i = 0; i < node->choice_count; i++)
        note_found(node->choices[i].items, was_found);
    for (size_t i = 0; i < node->column_count; i++)
        was_found[node->columns[i].column] |= node->was_found;
    for (size_t i = 0; i < node->list_count; i++)
        was_found[node->lists[i].column] = node->was_found;
}

void jsonl_notes_end(jsonl_notes *n, const path_node *paths, size_t column_count)
{
    n->is_over = true;
    free(n->was_found);
    n->was_found = common_alloc(column_count, sizeof *n->was_found);
    note_found(paths, n->was_found);
}

void jsonl_notes_done(jsonl_notes *n)
{
    for (size_t i = 0; i < n->other_key_count; i++)
        free(n->other_keys[i]);
    free(n->was_found);
    *n = (jsonl_notes){0};
}

/* ---- warnings ---------------------------------------------------------------------------- */

/* The notes of all lines, as those of one stream. */
typedef struct warning {
    const carpel_host *host;
    const carpel_request *request;
    jsonl_notes all;
} warning;

static void join_notes(warning *w, const jsonl_notes *n)
{
    for (size_t i = 0; i < w->request->column_count; i++)
        w->all.was_found[i] |= n->was_found[i];
    if (w->all.row_count < JSONL_ROWS_WITH_KEPT_KEYS)
        for (size_t i = 0; i < n->other_key_count; i++)
            jsonl_notes_keep_key(&w->all, n->other_keys[i], strlen(n->other_keys[i]));
    w->all.row_count += n->row_count;
}

static void warn_of_column(const warning *w, size_t column)
{
    const carpel_column *wanted = &w->request->columns[column];
    if (w->all.was_found[column] || wanted->is_optional)
        return;
    const char *nearest = names_nearest(
        wanted->from, (const char *const *)w->all.other_keys, w->all.other_key_count);
    char message[400];
    if (nearest != NULL)
        snprintf(message, sizeof message, "no line has \"%.150s\"; did you mean \"%s\"?",
                 wanted->from, nearest);
    else
        snprintf(message, sizeof message, "no line has \"%.150s\"", wanted->from);
    w->host->log(w->host, CARPEL_LOG_WARNING, message);
}

static void warn_of_columns(const warning *w, const path_node *node)
{
    for (size_t i = 0; i < node->child_count; i++)
        warn_of_columns(w, node->children[i]);
    for (size_t i = 0; i < node->choice_count; i++)
        warn_of_columns(w, node->choices[i].items);
    for (size_t i = 0; i < node->column_count; i++)
        if (node->columns[i].rank == 0)
            warn_of_column(w, node->columns[i].column);
    for (size_t i = 0; i < node->list_count; i++)
        warn_of_column(w, node->lists[i].column);
}

void jsonl_warn_of_missing(const carpel_host *host, const carpel_request *request,
                           const path_node *paths, const jsonl_notes *const *notes,
                           size_t count)
{
    warning w = {.host = host, .request = request};
    bool are_over = true;
    w.all.was_found = common_alloc(request->column_count, sizeof *w.all.was_found);
    for (size_t i = 0; are_over && i < count; i++) {
        are_over = notes[i]->is_over;
        if (are_over)
            join_notes(&w, notes[i]);
    }
    if (are_over && w.all.row_count > 0)
        warn_of_columns(&w, paths);
    jsonl_notes_done(&w.all);
}

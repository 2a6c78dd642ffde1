/* SPDX-License-Identifier: MIT
 *
 * Rows are written to the list as they come, under a name of its own beside the path;
 * finishing renames it. Only the counts of the different reasons are kept in memory, and
 * of those only the first REASON_LIMIT: reasons may quote the data.
 */
#include "store/quarantine.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/dictionary.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/writer.h"

enum { REASON_LIMIT = 1000 };
#define OTHER_REASONS "other reasons"

struct quarantine {
    char *path, *unfinished_path; /* NULL: only count */
    writer *list;                 /* NULL until the first row */
    bool is_strict;
    uint64_t count;
    dictionary *texts; /* the reasons; a code is an index in `reasons` */
    quarantine_reason *reasons;
    size_t reason_count, reason_capacity;
};

static void count_reason(quarantine *q, const char *file, uint64_t line,
                         const char *reason)
{
    size_t size = strlen(reason);
    uint32_t code = dictionary_find(q->texts, reason, size);
    if (code == DICTIONARY_NONE) {
        bool is_full = q->reason_count >= REASON_LIMIT;
        code = is_full ? dictionary_add(q->texts, OTHER_REASONS, strlen(OTHER_REASONS))
                       : dictionary_add(q->texts, reason, size);
    }
    if (code == q->reason_count) {
        memory_grow((void **)&q->reasons, q->reason_count, &q->reason_capacity,
                    sizeof *q->reasons);
        q->reasons[q->reason_count++] = (quarantine_reason){
            .first_file = memory_copy_string(file), .first_line = line};
    }
    q->reasons[code].count++;
}

/* A field of a CSV file, in quotes when it needs them. */
static void append_field(const char *field, text *out)
{
    if (strpbrk(field, ",\"\r\n") == NULL) {
        text_append(out, field);
        return;
    }
    text_append_char(out, '"');
    for (const char *c = field; *c != '\0'; c++) {
        if (*c == '"')
            text_append_char(out, '"');
        text_append_char(out, *c);
    }
    text_append_char(out, '"');
}

static bool put(quarantine *q, slice row, carpel_error *err)
{
    return writer_put(q->list, row.data, row.size, err);
}

static bool open_list(quarantine *q, carpel_error *err)
{
    char *directory = path_directory(q->path);
    bool ok = directory_make(directory, err);
    memory_free(directory);
    if (!ok)
        return false;
    q->list = writer_open(q->unfinished_path, err);
    return q->list != NULL && put(q, slice_of("file,line,reason\n"), err);
}

static bool write_row(quarantine *q, const char *file, uint64_t line, const char *reason,
                      carpel_error *err)
{
    if (q->path == NULL)
        return true;
    if (q->list == NULL && !open_list(q, err))
        return false;
    text row;
    text_init(&row);
    append_field(file, &row);
    text_append_format(&row, ",%llu,", (unsigned long long)line);
    append_field(reason, &row);
    text_append_char(&row, '\n');
    bool ok = put(q, (slice){row.data, row.size}, err);
    text_done(&row);
    return ok;
}

/* More frequent first, then by text. */
static int compare_reasons(const void *left, const void *right)
{
    const quarantine_reason *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return strcmp(a->reason, b->reason);
}

quarantine *quarantine_new(const char *path, bool is_strict)
{
    quarantine *q = memory_alloc_zero(sizeof *q);
    q->is_strict = is_strict;
    q->texts = dictionary_new();
    if (path != NULL) {
        text unfinished;
        text_init(&unfinished);
        text_append_format(&unfinished, "%s.%ld.part", path, (long)getpid());
        q->path = memory_copy_string(path);
        q->unfinished_path = unfinished.data; /* now ours */
    }
    return q;
}

bool quarantine_add(quarantine *q, const char *file, uint64_t line, const char *reason,
                    carpel_error *err)
{
    q->count++;
    count_reason(q, file, line, reason);
    if (!write_row(q, file, line, reason, err))
        return false;
    return !q->is_strict || carpel_fail(err, CARPEL_E_INPUT, "%s:%llu: %s", file,
                                        (unsigned long long)line, reason);
}

uint64_t quarantine_count(const quarantine *q)
{
    return q->count;
}

size_t quarantine_reasons(const quarantine *q, quarantine_reason *out, size_t limit)
{
    size_t count = q->reason_count;
    quarantine_reason *sorted = memory_alloc_array(count, sizeof *sorted);
    for (size_t i = 0; i < count; i++) {
        sorted[i] = q->reasons[i];
        sorted[i].reason = dictionary_text(q->texts, (uint32_t)i).data;
    }
    if (count > 0)
        qsort(sorted, count, sizeof *sorted, compare_reasons);
    size_t given = count < limit ? count : limit;
    if (given > 0)
        memcpy(out, sorted, given * sizeof *out);
    memory_free(sorted);
    return given;
}

bool quarantine_finish(quarantine *q, carpel_error *err)
{
    writer *list = q->list;
    q->list = NULL;
    if (q->path == NULL)
        return true;
    bool ok =
        list != NULL ? writer_finish(list, q->path, err) : file_remove(q->path, err);
    return ok && writer_remove_abandoned(q->path, err);
}

const char *quarantine_path(const quarantine *q)
{
    return q->path;
}

void quarantine_free(quarantine *q)
{
    if (q == NULL)
        return;
    writer_drop(q->list);
    for (size_t i = 0; i < q->reason_count; i++)
        memory_free((void *)q->reasons[i].first_file);
    memory_free(q->reasons);
    memory_free(q->path);
    memory_free(q->unfinished_path);
    dictionary_free(q->texts);
    memory_free(q);
}

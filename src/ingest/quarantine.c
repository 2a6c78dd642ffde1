/* SPDX-License-Identifier: MIT
 *
 * Rows are written to the list as they come, under a name of its own beside the path;
 * finishing renames it. Only the counts of the different reasons are kept in memory, and
 * of those only the first REASON_LIMIT a source, each cut to REASON_BYTES: reasons may
 * quote the data.
 */
#include "ingest/quarantine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/dictionary.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/own_folder.h"
#include "base/path.h"
#include "base/text.h"
#include "base/writer.h"
#include "ingest/quoted_reason.h"

enum { REASON_LIMIT = 1000, REASON_BYTES = 1000 };
#define OTHER_REASONS "other reasons"

/* The reasons of one source. */
typedef struct reason_counts {
    uint64_t count;
    dictionary *kinds; /* a code is an index in `reasons` */
    quarantine_reason *reasons;
    size_t reason_count, reason_capacity;
} reason_counts;

struct quarantine {
    char *path, *unfinished_path; /* NULL: only count */
    char *hindrance;              /* why there is no list, or NULL */
    writer *list;                 /* NULL until the first row */
    bool is_strict;
    uint64_t count, unlisted;
    uint64_t rows_left, bytes_left; /* of the list */
    reason_counts *sources;         /* at least one */
    size_t source_count, source_capacity;
    bool has_begun;             /* a source was begun */
    text *kept;                 /* NULL: nothing is kept */
    value_is_hidden *is_hidden; /* or NULL */
    void *hidden_context;
    value_is_hidden *is_left_out; /* or NULL */
    void *left_out_context;
    text row, kind, excerpt, shown;
};

static void add_source(quarantine *q)
{
    memory_grow((void **)&q->sources, q->source_count, &q->source_capacity,
                sizeof *q->sources);
    q->sources[q->source_count++] = (reason_counts){.kinds = dictionary_new()};
}

static void drop_source(reason_counts *s)
{
    for (size_t i = 0; i < s->reason_count; i++) {
        memory_free((void *)s->reasons[i].reason);
        memory_free((void *)s->reasons[i].first_file);
    }
    memory_free(s->reasons);
    dictionary_free(s->kinds);
}

/* ---- reasons ------------------------------------------------------------ */

/* At most REASON_BYTES of the reason, cut between two characters. */
static const char *excerpt(quarantine *q, const char *reason)
{
    size_t size = strnlen(reason, REASON_BYTES + 1);
    if (size <= REASON_BYTES)
        return reason;
    size = REASON_BYTES;
    while (size > 0 && ((unsigned char)reason[size] & 0xC0) == 0x80)
        size--;
    text_clear(&q->excerpt);
    text_append_bytes(&q->excerpt, reason, size);
    text_append(&q->excerpt, "...");
    return q->excerpt.data;
}

/* The entry of a reason among those of the source, made when it is new. */
static quarantine_reason *find_reason(quarantine *q, reason_counts *s, const char *file,
                                      uint64_t line, const char *reason)
{
    text_clear(&q->kind);
    quoted_reason_append_kind(reason, &q->kind);
    uint32_t code = dictionary_find(s->kinds, q->kind.data, q->kind.size);
    if (code == DICTIONARY_NONE) {
        bool is_full = s->reason_count >= REASON_LIMIT;
        reason = is_full ? OTHER_REASONS : reason;
        code = is_full ? dictionary_add(s->kinds, OTHER_REASONS, strlen(OTHER_REASONS))
                       : dictionary_add(s->kinds, q->kind.data, q->kind.size);
    }
    if (code == s->reason_count) {
        memory_grow((void **)&s->reasons, s->reason_count, &s->reason_capacity,
                    sizeof *s->reasons);
        s->reasons[s->reason_count++] =
            (quarantine_reason){.reason = memory_copy_string(reason),
                                .first_file = memory_copy_string(file),
                                .first_line = line};
    }
    return &s->reasons[code];
}

/* ---- the list ------------------------------------------------------------ */

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

/* May this user only read there, or is there no room? */
static bool cannot_be_listed(int reason)
{
    static const int reasons[] = {EACCES, EROFS, EPERM, ENOSPC, EDQUOT, EFBIG};
    bool is_one = false;
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        is_one |= reason == reasons[i];
    return is_one;
}

/* The list is a by-product: without it the project is read all the same, and rows are only counted.
 * False when *err says something else. */
static bool do_without_list(quarantine *q, const carpel_error *err)
{
    if (!cannot_be_listed(errno))
        return false;
    writer_drop(q->list);
    q->list = NULL;
    q->hindrance = memory_copy_string(err->message);
    memory_free(q->path);
    q->path = NULL;
    return true;
}

static bool put(quarantine *q, slice row, carpel_error *err)
{
    return writer_put(q->list, row.data, row.size, err) || do_without_list(q, err);
}

static bool begin_list(quarantine *q, carpel_error *err)
{
    char *directory = path_directory(q->path);
    bool ok = own_folder_make(directory, err);
    memory_free(directory);
    if (ok)
        q->list = writer_open(q->unfinished_path, err);
    return q->list != NULL || do_without_list(q, err);
}

static bool open_list(quarantine *q, carpel_error *err)
{
    return begin_list(q, err) &&
           (q->list == NULL || put(q, slice_of("file,line,reason\n"), err));
}

/* Write the row unless the list is full; *is_listed says whether it is in the list. */
static bool write_row(quarantine *q, const char *file, uint64_t line, const char *reason,
                      bool *is_listed, carpel_error *err)
{
    if (q->path != NULL && q->list == NULL && !open_list(q, err))
        return false;
    *is_listed = q->path == NULL;
    if (q->path == NULL)
        return true;
    text_clear(&q->row);
    append_field(file, &q->row);
    text_append_format(&q->row, ",%llu,", (unsigned long long)line);
    append_field(reason, &q->row);
    text_append_char(&q->row, '\n');
    if (q->rows_left == 0 || q->row.size > q->bytes_left) {
        q->rows_left = 0; /* nor any later row, so that the list has no holes */
        return true;
    }
    q->rows_left--;
    q->bytes_left -= q->row.size;
    *is_listed = true;
    return put(q, (slice){q->row.data, q->row.size}, err);
}

/* More frequent first, then by text. */
static int compare_reasons(const void *left, const void *right)
{
    const quarantine_reason *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return strcmp(a->reason, b->reason);
}

/* The reasons of one source, or of all, in any order. */
static size_t gather(const quarantine *q, size_t source, quarantine_reason *out)
{
    size_t count = 0;
    for (size_t i = 0; i < q->source_count; i++) {
        const reason_counts *s = &q->sources[i];
        if (source != QUARANTINE_ALL && source != i)
            continue;
        if (out != NULL && s->reason_count > 0)
            memcpy(out + count, s->reasons, s->reason_count * sizeof *out);
        count += s->reason_count;
    }
    return count;
}

quarantine *quarantine_new(const char *path, bool is_strict)
{
    quarantine *q = memory_alloc_zero(sizeof *q);
    q->is_strict = is_strict;
    q->rows_left = q->bytes_left = UINT64_MAX;
    add_source(q);
    text_init(&q->row);
    text_init(&q->kind);
    text_init(&q->excerpt);
    text_init(&q->shown);
    if (path != NULL) {
        text unfinished;
        text_init(&unfinished);
        text_append_format(&unfinished, "%s.%ld.part", path, (long)getpid());
        q->path = memory_copy_string(path);
        q->unfinished_path = unfinished.data; /* now ours */
    }
    return q;
}

void quarantine_limit_list(quarantine *q, uint64_t rows, uint64_t bytes)
{
    q->rows_left = rows;
    q->bytes_left = bytes;
}

void quarantine_begin_source(quarantine *q)
{
    if (q->has_begun)
        add_source(q);
    q->has_begun = true;
}

/* A row that was refused, or `count` of them that are not in the list: four texts, each ended
 * by NUL. */
static void keep_row(quarantine *q, const char *file, uint64_t line, const char *reason,
                     uint64_t count)
{
    text_append_bytes(q->kept, file, strlen(file) + 1);
    text_append_format(q->kept, "%llu", (unsigned long long)line);
    text_append_char(q->kept, '\0');
    text_append_bytes(q->kept, reason, strlen(reason) + 1);
    text_append_format(q->kept, "%llu", (unsigned long long)count);
    text_append_char(q->kept, '\0');
}

static void keep_unlisted(quarantine *q)
{
    const reason_counts *s = &q->sources[q->source_count - 1];
    for (size_t i = 0; i < s->reason_count; i++) {
        const quarantine_reason *r = &s->reasons[i];
        if (r->unlisted > 0)
            keep_row(q, r->first_file, r->first_line, r->reason, r->unlisted);
    }
}

void quarantine_keep(quarantine *q, text *kept)
{
    if (q->kept != NULL)
        keep_unlisted(q);
    q->kept = kept;
}

/* Count `count` rows of a reason that has them in the list, or none. */
static quarantine_reason *count_rows(quarantine *q, const char *file, uint64_t line,
                                     const char *reason, uint64_t count)
{
    reason_counts *source = &q->sources[q->source_count - 1];
    quarantine_reason *entry = find_reason(q, source, file, line, reason);
    q->count += count;
    source->count += count;
    entry->count += count;
    return entry;
}

static bool fail_strict(const char *file, uint64_t line, const char *reason,
                        carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_INPUT, "%s:%llu: %s", file, (unsigned long long)line,
                       reason);
}

void quarantine_hide(quarantine *q, value_is_hidden *is_hidden, void *context)
{
    q->is_hidden = is_hidden;
    q->hidden_context = context;
}

void quarantine_leave_out(quarantine *q, value_is_hidden *is_left_out, void *context)
{
    q->is_left_out = is_left_out;
    q->left_out_context = context;
}

/* The reason as it may be told. */
static const char *show_reason(quarantine *q, const char *reason)
{
    if (!q->is_hidden)
        return reason;
    text_clear(&q->shown);
    quoted_reason_append_hidden(reason, q->is_hidden, q->hidden_context, &q->shown);
    return q->shown.data;
}

bool quarantine_add(quarantine *q, const char *file, uint64_t line, const char *reason,
                    carpel_error *err)
{
    bool is_listed;
    reason = excerpt(q, show_reason(q, reason));
    quarantine_reason *entry = count_rows(q, file, line, reason, 1);
    if (!write_row(q, file, line, reason, &is_listed, err))
        return false;
    q->unlisted += !is_listed;
    entry->unlisted += !is_listed;
    if (q->kept != NULL && is_listed)
        keep_row(q, file, line, reason, 1);
    return !q->is_strict || fail_strict(file, line, reason, err);
}

bool quarantine_add_of(quarantine *q, slice person, const char *file, uint64_t line,
                       const char *reason, carpel_error *err)
{
    bool is_left_out = q && q->is_left_out && person.size > 0 &&
                       q->is_left_out(q->left_out_context, person);
    return is_left_out || quarantine_add(q, file, line, reason, err);
}

/* The next text of what was kept; NULL at its end. */
static const char *next_kept(slice *kept)
{
    const char *end = memchr(kept->data, '\0', kept->size);
    const char *text = kept->data;
    if (end == NULL)
        return NULL;
    kept->size -= (size_t)(end + 1 - text);
    kept->data = end + 1;
    return text;
}

void quarantine_hide_kept(text *kept, value_is_hidden *is_hidden, void *context)
{
    text out;
    text_init(&out);
    slice left = {kept->data, kept->size};
    for (size_t i = 0; left.size > 0; i++) {
        const char *word = next_kept(&left);
        if (!word)
            break;
        if (i % 4 == 2)
            quoted_reason_append_hidden(word, is_hidden, context, &out);
        else
            text_append_bytes(&out, word, strlen(word) + 1);
    }
    text_clear(kept);
    text_append_bytes(kept, out.data, out.size);
    text_done(&out);
}

static bool repeat_row(quarantine *q, const char *file, uint64_t line, const char *reason,
                       uint64_t count, carpel_error *err)
{
    if (count == 1)
        return quarantine_add(q, file, line, reason, err);
    q->unlisted += count;
    count_rows(q, file, line, reason, count)->unlisted += count;
    return !q->is_strict || fail_strict(file, line, reason, err);
}

bool quarantine_repeat(quarantine *q, slice kept, carpel_error *err)
{
    while (kept.size > 0) {
        const char *file = next_kept(&kept), *line = next_kept(&kept),
                   *reason = next_kept(&kept), *count = next_kept(&kept);
        if (count == NULL)
            return carpel_fail(err, CARPEL_E_INPUT,
                               "the store is damaged: refused rows end within a row");
        if (!repeat_row(q, file, strtoull(line, NULL, 10), reason,
                        strtoull(count, NULL, 10), err))
            return false;
    }
    return true;
}

uint64_t quarantine_count(const quarantine *q)
{
    return q->count;
}

uint64_t quarantine_unlisted(const quarantine *q)
{
    return q->unlisted;
}

uint64_t quarantine_source_count(const quarantine *q, size_t source)
{
    return source < q->source_count ? q->sources[source].count : 0;
}

size_t quarantine_reasons(const quarantine *q, size_t source, quarantine_reason *out,
                          size_t limit)
{
    size_t count = gather(q, source, NULL);
    quarantine_reason *sorted = memory_alloc_array(count, sizeof *sorted);
    gather(q, source, sorted);
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
    bool is_done =
        list != NULL ? writer_finish(list, q->path, err) : file_remove(q->path, err);
    return (is_done && writer_remove_abandoned(q->path, err)) || do_without_list(q, err);
}

const char *quarantine_hindrance(const quarantine *q)
{
    return q->hindrance;
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
    for (size_t i = 0; i < q->source_count; i++)
        drop_source(&q->sources[i]);
    memory_free(q->sources);
    memory_free(q->path);
    memory_free(q->hindrance);
    memory_free(q->unfinished_path);
    text_done(&q->row);
    text_done(&q->kind);
    text_done(&q->excerpt);
    text_done(&q->shown);
    memory_free(q);
}

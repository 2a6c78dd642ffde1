/* SPDX-License-Identifier: MIT
 *
 * Collects messages: each is put in its place at once, and a set of those seen
 * keeps a pass that comes by twice from saying the same twice. Printing: render.c.
 */
#include "report/diags.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/dictionary.h"
#include "base/memory.h"

/* A message with what it is sorted by. */
typedef struct entry {
    diag message;
    size_t file_rank;
} entry;

struct diags {
    entry **entries; /* sorted by file_rank, begin, arrival */
    size_t count, capacity;
    const source **files; /* in the order in which they were met; NULL is one too */
    size_t file_count, file_capacity;
    dictionary *seen;
    arena *words;                      /* of diag_words() */
    diag *newest;                      /* NULL: none, or the newest was there already */
    size_t error_count, warning_count; /* those that were not kept among them */
    size_t unkept[DIAG_CODE_COUNT];
    bool are_unread;
};

static const struct {
    const char *text, *name, *summary;
} code_table[DIAG_CODE_COUNT] = {
#define X(code, name, summary) {#code, name, summary},
#include "report/codes.def"
#undef X
};

/* Names may be as long as their file: more than this is not shown of a message. */
enum { LONGEST_MESSAGE = 4000 };

static void shorten(text *t)
{
    if (t->size <= LONGEST_MESSAGE)
        return;
    t->size = LONGEST_MESSAGE;
    while (t->size > 0 && ((unsigned char)t->data[t->size] & 0xC0) == 0x80)
        t->size--;
    text_append(t, "...");
}

static char *format_whole(const char *format, va_list arguments)
{
    text t;
    text_init(&t);
    text_append_format_list(&t, format, arguments);
    return t.data;
}

static char *format_list(const char *format, va_list arguments)
{
    text t;
    text_init(&t);
    text_append_format_list(&t, format, arguments);
    shorten(&t);
    return t.data;
}

static size_t rank_of(diags *d, const source *file)
{
    for (size_t i = 0; i < d->file_count; i++) {
        if (d->files[i] == file)
            return i;
    }
    memory_grow((void **)&d->files, d->file_count, &d->file_capacity, sizeof *d->files);
    d->files[d->file_count] = file;
    return d->file_count++;
}

/* Was this message reported at this place before? From now on it was. */
static bool was_seen(diags *d, const diag *message)
{
    text key;
    text_init(&key);
    text_append_format(&key, "%p %u %u %d %d ", (const void *)message->where.file,
                       message->where.begin, message->where.end, (int)message->severity,
                       (int)message->code);
    text_append(&key, message->message);
    size_t before = dictionary_count(d->seen);
    dictionary_add(d->seen, key.data, key.size);
    text_done(&key);
    return dictionary_count(d->seen) == before;
}

static bool is_after(const entry *a, const entry *b)
{
    if (a->file_rank != b->file_rank)
        return a->file_rank > b->file_rank;
    return a->message.where.begin > b->message.where.begin;
}

/* Put the entry behind those that are not after it. */
static void insert(diags *d, entry *e)
{
    memory_grow((void **)&d->entries, d->count, &d->capacity, sizeof(entry *));
    size_t at = d->count++;
    for (; at > 0 && is_after(d->entries[at - 1], e); at--)
        d->entries[at] = d->entries[at - 1];
    d->entries[at] = e;
}

/* Count it, and say whether there is room for it. */
static bool is_kept(diags *d, const diag *said)
{
    size_t *count = said->severity == DIAG_ERROR ? &d->error_count : &d->warning_count;
    if (++*count <= DIAGS_MOST_KEPT)
        return true;
    d->unkept[said->code]++;
    return false;
}

static bool has_room(const diags *d, diag_severity severity)
{
    return (severity == DIAG_ERROR ? d->error_count : d->warning_count) < DIAGS_MOST_KEPT;
}

static void report(diags *d, diag_severity severity, span where, diag_code code,
                   char *message)
{
    assert(code < DIAG_CODE_COUNT);
    diag said = {.severity = severity, .code = code, .where = where, .message = message};
    bool is_known = has_room(d, severity) && was_seen(d, &said);
    if (is_known || !is_kept(d, &said)) {
        memory_free(message);
        d->newest = NULL;
        return;
    }
    entry *e = memory_alloc_zero(sizeof *e);
    e->message = said;
    e->file_rank = rank_of(d, where.file);
    insert(d, e);
    d->newest = &e->message;
}

static void entry_free(entry *e)
{
    for (size_t i = 0; i < e->message.note_count; i++)
        memory_free(e->message.notes[i].message);
    memory_free(e->message.notes);
    for (size_t i = 0; i < e->message.edit_count; i++)
        memory_free(e->message.edits[i].replacement);
    memory_free(e->message.edits);
    memory_free(e->message.message);
    memory_free(e->message.hint);
    memory_free(e->message.mended);
    memory_free(e);
}

diags *diags_new(void)
{
    diags *d = memory_alloc_zero(sizeof *d);
    d->seen = dictionary_new();
    d->words = arena_new();
    return d;
}

void diags_free(diags *d)
{
    if (d == NULL)
        return;
    for (size_t i = 0; i < d->count; i++)
        entry_free(d->entries[i]);
    memory_free(d->entries);
    memory_free(d->files);
    dictionary_free(d->seen);
    arena_free(d->words);
    memory_free(d);
}

void diag_error(diags *d, span where, diag_code code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(d, DIAG_ERROR, where, code, format_list(format, arguments));
    va_end(arguments);
}

void diag_warning(diags *d, span where, diag_code code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(d, DIAG_WARNING, where, code, format_list(format, arguments));
    va_end(arguments);
}

void diag_hint(diags *d, const char *format, ...)
{
    if (d->newest == NULL)
        return;
    va_list arguments;
    va_start(arguments, format);
    memory_free(d->newest->hint);
    d->newest->hint = format_list(format, arguments);
    va_end(arguments);
}

void diag_note_at(diags *d, span where, const char *format, ...)
{
    diag *to = d->newest;
    if (to == NULL)
        return;
    va_list arguments;
    va_start(arguments, format);
    memory_grow((void **)&to->notes, to->note_count, &to->note_capacity,
                sizeof *to->notes);
    to->notes[to->note_count++] = (diag_note){where, format_list(format, arguments)};
    va_end(arguments);
}

/* What is taken out between two blanks goes with one of them. */
static span with_blank(span where)
{
    slice whole = source_text(where.file);
    bool is_between = where.begin > 0 && where.end > where.begin &&
                      whole.data[where.begin - 1] == ' ' &&
                      (where.end == whole.size || strchr(" \n", whole.data[where.end]));
    where.begin -= is_between;
    return where;
}

/* Takes the replacement. */
static void add_edit(diag *to, bool begins_fix, span where, char *replacement)
{
    if (*replacement == '\0')
        where = with_blank(where);
    to->fix_count += begins_fix;
    assert(to->fix_count > 0);
    memory_grow((void **)&to->edits, to->edit_count, &to->edit_capacity,
                sizeof *to->edits);
    to->edits[to->edit_count++] = (diag_edit){to->fix_count - 1, where, replacement};
}

void diag_fix(diags *d, span where, const char *format, ...)
{
    if (d->newest == NULL)
        return;
    va_list arguments;
    va_start(arguments, format);
    add_edit(d->newest, true, where, format_whole(format, arguments));
    va_end(arguments);
}

void diag_fix_also(diags *d, span where, const char *format, ...)
{
    if (d->newest == NULL)
        return;
    va_list arguments;
    va_start(arguments, format);
    add_edit(d->newest, false, where, format_whole(format, arguments));
    va_end(arguments);
}

/* Takes the replacement, which stands in the sentence at %s. */
static void offer(diags *d, span where, const char *sentence, char *replacement)
{
    const char *gap = strstr(sentence, "%s");
    assert(gap);
    diag_hint(d, "%.*s%s%s", (int)(gap - sentence), sentence, replacement, gap + 2);
    add_edit(d->newest, true, where, replacement);
}

void diag_propose(diags *d, span where, const char *format, ...)
{
    if (d->newest == NULL)
        return;
    va_list arguments;
    va_start(arguments, format);
    offer(d, where, "Write: %s.", format_whole(format, arguments));
    va_end(arguments);
}

void diag_offer(diags *d, span where, const char *sentence, const char *format, ...)
{
    if (d->newest == NULL)
        return;
    va_list arguments;
    va_start(arguments, format);
    offer(d, where, sentence, format_whole(format, arguments));
    va_end(arguments);
}

void diag_offer_either(diags *d, span where, const char *sentence, const char *first,
                       const char *second)
{
    diag_hint(d, sentence, first, second);
    diag_fix(d, where, "%s", first);
    diag_fix(d, where, "%s", second);
}

const char *diag_words(diags *d, span where)
{
    slice words = span_text(where);
    return arena_copy_text(d->words, words.data, words.size);
}

/* The edit of the fix that comes next behind `last` (NULL: the first), or NULL. */
static const diag_edit *next_edit(const diag *message, size_t fix, const diag_edit *last)
{
    const diag_edit *next = NULL;
    for (const diag_edit *edit = message->edits;
         edit < message->edits + message->edit_count; edit++) {
        bool is_behind = last == NULL || edit->where.begin > last->where.begin ||
                         (edit->where.begin == last->where.begin && edit > last);
        if (edit->fix == fix && is_behind &&
            (next == NULL || edit->where.begin < next->where.begin))
            next = edit;
    }
    return next;
}

void diag_apply(const diag *message, size_t fix, slice whole, text *out)
{
    uint32_t done = 0;
    const diag_edit *edit = next_edit(message, fix, NULL);
    for (; edit != NULL; edit = next_edit(message, fix, edit)) {
        text_append_bytes(out, whole.data + done, edit->where.begin - done);
        text_append(out, edit->replacement);
        done = edit->where.end;
    }
    text_append_bytes(out, whole.data + done, whole.size - done);
}

void diags_set_mended(diags *d, size_t index, slice declaration)
{
    diag *said = &d->entries[index]->message;
    memory_free(said->mended);
    said->mended = memory_copy_text(declaration.data, declaration.size);
}

static void forget_edits(diag *of)
{
    for (size_t i = 0; i < of->edit_count; i++)
        memory_free(of->edits[i].replacement);
    of->edit_count = of->fix_count = 0;
}

void diags_clear_advice(diags *d, size_t index)
{
    diag *said = &d->entries[index]->message;
    memory_free(said->hint);
    memory_free(said->mended);
    said->hint = said->mended = NULL;
    forget_edits(said);
}

void diags_drop_hint(diags *d, size_t index)
{
    memory_free(d->entries[index]->message.hint);
    d->entries[index]->message.hint = NULL;
}

void diags_set_hint(diags *d, size_t index, const char *format, ...)
{
    diags_clear_advice(d, index);
    va_list arguments;
    va_start(arguments, format);
    d->entries[index]->message.hint = format_list(format, arguments);
    va_end(arguments);
}

/* Hints have no lines: a break and the blanks behind it are one blank. */
static void append_on_one_line(const char *words, text *out)
{
    for (size_t size; *words; words += size) {
        size = strcspn(words, "\n");
        text_append_bytes(out, words, size);
        if (words[size] == '\n') {
            size += strspn(words + size, "\n ");
            text_append(out, words[size] ? " " : "");
        }
    }
}

static char *list_readings(const char *const *rules, size_t count)
{
    text hint;
    text_init(&hint);
    text_append(&hint, count > 1 ? "It could mean: " : "Did you mean: ");
    for (size_t i = 0; i < count; i++) {
        text_append(&hint, i > 0 ? ", or: " : "");
        append_on_one_line(rules[i], &hint);
    }
    text_append_char(&hint, count > 1 ? '.' : '?');
    shorten(&hint);
    return hint.data;
}

void diags_set_readings(diags *d, size_t index, span where, const char *const *rules,
                        size_t count)
{
    diags_clear_advice(d, index);
    diag *said = &d->entries[index]->message;
    bool is_shown = count == 1 && strchr(rules[0], '\n') != NULL;
    said->hint =
        is_shown ? memory_copy_string("Did you mean this?") : list_readings(rules, count);
    said->mended = is_shown ? memory_copy_string(rules[0]) : NULL;
    for (size_t i = 0; i < count; i++)
        add_edit(said, true, where, memory_copy_text(rules[i], strlen(rules[i])));
}

void diags_leave_unread(diags *d)
{
    d->are_unread = true;
}

bool diags_are_unread(const diags *d)
{
    return d->are_unread;
}

bool diags_has_errors(const diags *d)
{
    return d->error_count > 0;
}

size_t diags_error_count(const diags *d)
{
    return d->error_count;
}

size_t diags_warning_count(const diags *d)
{
    return d->warning_count;
}

size_t diags_unkept(const diags *d, diag_code code)
{
    return d->unkept[code];
}

size_t diags_count(const diags *d)
{
    return d->count;
}

const diag *diags_get(const diags *d, size_t index)
{
    assert(index < d->count);
    return &d->entries[index]->message;
}

const char *diag_code_text(diag_code code)
{
    return code_table[code].text;
}

const char *diag_code_name(diag_code code)
{
    return code_table[code].name;
}

const char *diag_code_summary(diag_code code)
{
    return code_table[code].summary;
}

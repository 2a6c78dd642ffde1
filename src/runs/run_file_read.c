/* SPDX-License-Identifier: MIT
 *
 * The file of a run, back: nothing in it is believed.
 */
#include "runs/run_file.h"

#include <string.h>
#include <zlib.h>

#include "base/memory.h"
#include "runs/packing.h"
#include "runs/run_file_parts.h"

/* What zlib can pack into one byte. */
enum { MOST_RATIO = 1100 };

/* ---- the head --------------------------------------------------- */

static bool fail(const char *name, const char *what, carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_INPUT, "the remembered run \"%s\" is damaged: %s",
                       name, what);
}

static digest unpack_digest(unpacking *from)
{
    digest d;
    d.high = unpack_number(from);
    d.low = unpack_number(from);
    return d;
}

static slice unpack_kept(unpacking *from, arena *memory)
{
    slice s = unpack_text(from);
    return (slice){arena_copy_text(memory, s.data, s.size), s.size};
}

/* Where the parts of the file lie. */
typedef struct layout {
    uint64_t version, head_bytes, body_bytes;
    uint64_t unpacked_bytes; /* of what of the body is packed */
    const char *head, *body;
} layout;

static bool is_sum(const char *data, size_t size, const char *sum)
{
    unpacking from = {sum, sum + DIGEST_BYTES, false};
    return digest_equals(digest_of_bytes(data, size), unpack_digest(&from));
}

static bool read_layout(slice file, const char *name, layout *out, carpel_error *err)
{
    unpacking from = {file.data + MAGIC_BYTES, file.data + file.size, false};
    if (file.size < PREFIX_BYTES + DIGEST_BYTES ||
        memcmp(file.data, RUN_FILE_MAGIC, MAGIC_BYTES) != 0)
        return fail(name, "it does not begin as one", err);
    out->version = unpack_number(&from);
    out->head_bytes = unpack_number(&from);
    out->body_bytes = unpack_number(&from);
    out->unpacked_bytes = unpack_number(&from);
    out->head = from.at;
    if (out->head_bytes > file.size - PREFIX_BYTES - DIGEST_BYTES)
        return fail(name, "it ends too early", err);
    size_t head_end = PREFIX_BYTES + (size_t)out->head_bytes;
    if (!is_sum(file.data, head_end, file.data + head_end))
        return fail(name, "its head is not what was written", err);
    if (out->version == 0 || out->version > RUN_FILE_VERSION)
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "the remembered run \"%s\" has version %llu of the format, and "
            "this carpel knows versions up to %d",
            name, (unsigned long long)out->version, RUN_FILE_VERSION);
    out->body = file.data + head_end + DIGEST_BYTES;
    return true;
}

/* Does it hold `size` numbers below `count`, in order? CRoaring believes what a file says of a
 * container, so it is gone through once. */
static bool is_sound(const roaring_bitmap_t *members, uint64_t size, size_t count)
{
    uint64_t met = 0, least = 0;
    roaring_uint32_iterator_t at;
    for (roaring_init_iterator(members, &at); at.has_value && met <= size;
         roaring_advance_uint32_iterator(&at)) {
        if (at.current_value < least || at.current_value >= count)
            return false;
        least = (uint64_t)at.current_value + 1;
        met++;
    }
    return met == size && roaring_bitmap_get_cardinality(members) == size;
}

/* A set of numbers below `limit`; false: it is none. */
static bool unpack_places(unpacking *from, uint64_t limit, roaring_bitmap_t **out)
{
    slice bytes = unpack_text(from);
    *out = roaring_bitmap_portable_deserialize_safe(bytes.data, bytes.size);
    return *out && roaring_bitmap_portable_size_in_bytes(*out) == bytes.size &&
           is_sound(*out, roaring_bitmap_get_cardinality(*out), (size_t)limit);
}

static bool unpack_output(unpacking *from, uint64_t version, const remembered_run *r,
                          remembered_output *o)
{
    o->name = unpack_kept(from, r->memory);
    o->baseline = unpack_number(from);
    o->is_latest = unpack_number(from) != 0;
    return version < VERSION_OF_TAKEN || unpack_number(from) == 0 ||
           (unpack_places(from, UINT32_MAX, &o->rules) &&
            unpack_places(from, r->people.count, &o->withheld));
}

static bool unpack_rule(unpacking *from, remembered_rule *rule, arena *memory)
{
    uint64_t kind = unpack_number(from);
    rule->kind = (remembered_kind)kind;
    rule->path = unpack_kept(from, memory);
    rule->set = unpack_kept(from, memory);
    rule->name = unpack_kept(from, memory);
    rule->is_of_accounts = unpack_number(from) != 0;
    rule->meaning = unpack_digest(from);
    rule->size = unpack_number(from);
    uint64_t type_kind = unpack_number(from);
    rule->type = (type){(enum type_kind)type_kind, (unsigned)unpack_number(from)};
    return kind <= REMEMBERED_SCORE && type_kind <= TYPE_VERSION && !from->is_short;
}

static bool unpack_lists(unpacking *from, uint64_t version, remembered_run *r)
{
    enum { OUTPUT_BYTES = 24, RULE_BYTES = 80 };
    r->output_count = unpack_count(from, OUTPUT_BYTES);
    r->outputs = arena_alloc_array(r->memory, r->output_count + 1, sizeof *r->outputs);
    for (size_t i = 0; i < r->output_count; i++)
        if (!unpack_output(from, version, r, &r->outputs[i]))
            return false;
    r->rule_count = unpack_count(from, RULE_BYTES);
    r->rules = arena_alloc_array(r->memory, r->rule_count + 1, sizeof *r->rules);
    for (size_t i = 0; i < r->rule_count; i++)
        if (!unpack_rule(from, &r->rules[i], r->memory))
            return false;
    return !from->is_short && from->at == from->end;
}

static bool unpack_head(const layout *l, remembered_run *r)
{
    unpacking from = {l->head, l->head + l->head_bytes, false};
    r->number = unpack_number(&from);
    r->as_of = (int64_t)unpack_number(&from);
    r->made_at = (int64_t)unpack_number(&from);
    r->version = unpack_kept(&from, r->memory);
    r->rule_version = unpack_number(&from);
    r->content = unpack_digest(&from);
    r->event_count = unpack_number(&from);
    r->first_time = (int64_t)unpack_number(&from);
    r->last_time = (int64_t)unpack_number(&from);
    r->people.count = (size_t)unpack_number(&from);
    r->accounts.count = (size_t)unpack_number(&from);
    return unpack_lists(&from, l->version, r);
}

static remembered_run *read_head(slice file, const char *name, layout *l,
                                 carpel_error *err)
{
    if (!read_layout(file, name, l, err))
        return NULL;
    remembered_run *r = remembered_run_new();
    if (unpack_head(l, r))
        return r;
    fail(name, "its head makes no sense", err);
    remembered_run_free(r);
    return NULL;
}

size_t run_file_head_bytes(slice beginning)
{
    unpacking from = {beginning.data + MAGIC_BYTES + 8, beginning.data + beginning.size,
                      false};
    uint64_t size = beginning.size < PREFIX_BYTES ? 0 : unpack_number(&from);
    return size > SIZE_MAX / 2 ? SIZE_MAX / 2
                               : (size_t)size + PREFIX_BYTES + DIGEST_BYTES;
}

remembered_run *run_file_read_head(slice file, const char *name, carpel_error *err)
{
    layout l;
    return read_head(file, name, &l, err);
}

/* ---- the body --------------------------------------------------- */

/* Ids that are made of what each shares with the one before. */
typedef struct shared_ids {
    slice before;
    uint64_t room; /* bytes that they may take in all */
    arena *memory;
} shared_ids;

/* False: it makes no sense. */
static bool unpack_shared(unpacking *from, shared_ids *all, slice *out)
{
    uint64_t shared = unpack_small(from);
    slice rest = unpack_bytes(from, unpack_small(from));
    if (shared > all->before.size || shared + rest.size > all->room)
        return false;
    size_t size = (size_t)shared + rest.size;
    char *id = arena_alloc(all->memory, size + 1);
    memcpy(id, all->before.data, (size_t)shared);
    memcpy(id + shared, rest.data, rest.size);
    all->room -= size;
    *out = all->before = (slice){id, size};
    return true;
}

static bool unpack_ids(unpacking *from, uint64_t version, remembered_ids *ids,
                       arena *memory)
{
    const size_t bytes = (size_t)(from->end - from->at), least = version == 1 ? 8 : 2;
    shared_ids all = {{"", 0}, (uint64_t)bytes * MOST_RATIO, memory};
    if (ids->count > bytes / least)
        return false;
    slice *items = arena_alloc_array(memory, ids->count + 1, sizeof *items);
    for (size_t i = 0; i < ids->count; i++) {
        if (version == 1)
            items[i] = unpack_text(from);
        else if (!unpack_shared(from, &all, &items[i]))
            return false;
        if (i > 0 && slice_compare(items[i - 1], items[i]) >= 0)
            return false;
    }
    ids->items = items;
    return !from->is_short;
}

static bool unpack_merged(unpacking *from, uint64_t version, remembered_run *r)
{
    if (version < VERSION_OF_MERGED)
        return true;
    r->merged.count = (size_t)unpack_small(from);
    if (!unpack_ids(from, version, &r->merged, r->memory))
        return false;
    uint32_t *into = arena_alloc_array(r->memory, r->merged.count + 1, sizeof *into);
    for (size_t i = 0; i < r->merged.count; i++) {
        uint64_t place = unpack_small(from);
        if (place >= r->people.count)
            return false;
        into[i] = (uint32_t)place;
    }
    r->merged_into = into;
    return !from->is_short;
}

static bool unpack_members(unpacking *from, remembered_rule *rule, size_t count)
{
    slice bytes = unpack_text(from);
    rule->members = roaring_bitmap_portable_deserialize_safe(bytes.data, bytes.size);
    return rule->members &&
           roaring_bitmap_portable_size_in_bytes(rule->members) == bytes.size &&
           is_sound(rule->members, rule->size, count);
}

static bool unpack_values(unpacking *from, remembered_rule *rule, arena *memory)
{
    if (rule->size > (uint64_t)(from->end - from->at) / 8)
        return false;
    uint64_t *values = arena_alloc_array(memory, rule->size + 1, sizeof *values);
    slice *texts = run_file_has_texts(rule)
                       ? arena_alloc_array(memory, rule->size + 1, sizeof *texts)
                       : NULL;
    for (size_t i = 0; i < rule->size; i++) {
        if (texts)
            texts[i] = unpack_text(from);
        else
            values[i] = unpack_number(from);
    }
    rule->texts = texts;
    rule->values = values;
    return !from->is_short;
}

static bool unpack_results(unpacking *from, remembered_run *r)
{
    for (size_t i = 0; i < r->rule_count; i++) {
        remembered_rule *rule = &r->rules[i];
        if (!unpack_members(from, rule, remembered_ids_of(r, rule)->count))
            return false;
        if (rule->kind == REMEMBERED_SCORE && !unpack_values(from, rule, r->memory))
            return false;
    }
    return !from->is_short && from->at == from->end;
}

/* What zlib packed, in the memory of the run. False: it is not that. */
static bool unzip(slice packed, uint64_t size, remembered_run *r, unpacking *out)
{
    if (size / MOST_RATIO > packed.size) /* more than zlib can pack */
        return false;
    char *bytes = arena_alloc(r->memory, (size_t)size + 1);
    uLongf length = (uLongf)size;
    *out = (unpacking){bytes, bytes + size, false};
    return uncompress((Bytef *)bytes, &length, (const Bytef *)packed.data,
                      (uLong)packed.size) == Z_OK &&
           length == size;
}

/* In version 1 all of the body is packed, and after that the ids alone. */
static bool unpack_body(const layout *l, remembered_run *r)
{
    slice body = {l->body, (size_t)l->body_bytes};
    unpacking ids, results = {0};
    if (l->version > 1) {
        const char *kept = arena_copy_text(r->memory, body.data, body.size);
        results = (unpacking){kept, kept + body.size, false};
        body = unpack_text(&results);
    }
    return !results.is_short && unzip(body, l->unpacked_bytes, r, &ids) &&
           unpack_ids(&ids, l->version, &r->people, r->memory) &&
           unpack_ids(&ids, l->version, &r->accounts, r->memory) &&
           unpack_merged(&ids, l->version, r) && (l->version == 1 || ids.at == ids.end) &&
           unpack_results(l->version == 1 ? &ids : &results, r);
}

static bool check_body(slice file, const char *name, const layout *l, carpel_error *err)
{
    uint64_t room = file.size - (uint64_t)(l->body - file.data);
    if (room < DIGEST_BYTES || l->body_bytes != room - DIGEST_BYTES)
        return fail(name, "it has another size than it was written with", err);
    return is_sum(l->body, (size_t)l->body_bytes, l->body + l->body_bytes) ||
           fail(name, "its body is not what was written", err);
}

/* The head holds the digest of all that the body says. */
bool run_file_is_of(slice file, const remembered_run *r)
{
    carpel_error unused;
    layout l;
    text head;
    text_init(&head);
    bool is_of = read_layout(file, "", &l, &unused);
    run_file_pack_head(&head, r, is_of ? l.version : RUN_FILE_VERSION);
    is_of = is_of && (l.version >= VERSION_OF_TAKEN || !run_file_notes_taken(r)) &&
            l.head_bytes == head.size && memcmp(l.head, head.data, head.size) == 0 &&
            check_body(file, "", &l, &unused);
    text_done(&head);
    return is_of;
}

static bool read_body(slice file, const char *name, const layout *l, remembered_run *r,
                      carpel_error *err)
{
    if (!check_body(file, name, l, err))
        return false;
    return unpack_body(l, r) || fail(name, "its body makes no sense", err);
}

remembered_run *run_file_read(slice file, const char *name, carpel_error *err)
{
    layout l;
    remembered_run *r = read_head(file, name, &l, err);
    if (!r || read_body(file, name, &l, r, err))
        return r;
    remembered_run_free(r);
    return NULL;
}

/* SPDX-License-Identifier: MIT
 *
 * Writing and reading go through the fields in the same order, part by part.
 */
#include "runs/run_file.h"

#include <string.h>
#include <zlib.h>

#include "base/memory.h"
#include "runs/packing.h"

static const char magic[8] = {'c', 'a', 'r', 'p', 'e', 'l', 'r', 'n'};

/* Bytes before the fields: magic, version, and the sizes of head, body, and of what is packed. */
enum { PREFIX_BYTES = 40, DIGEST_BYTES = 16, MOST_RATIO = 1100 };

/* Of the format: the first that has the other ids of people, and what outputs took. */
enum { VERSION_OF_MERGED = 3, VERSION_OF_TAKEN = 4 };

static bool has_texts(const remembered_rule *rule)
{
    return rule->kind == REMEMBERED_SCORE && type_is_text(rule->type);
}

/* ---- writing: the head --------------------------------------------------- */

static void pack_digest(text *out, digest d)
{
    pack_number(out, d.high);
    pack_number(out, d.low);
}

static void pack_members(text *out, const roaring_bitmap_t *members)
{
    size_t size = roaring_bitmap_portable_size_in_bytes(members);
    char *bytes = memory_alloc(size + 1);
    roaring_bitmap_portable_serialize(members, bytes);
    pack_text(out, (slice){bytes, size});
    memory_free(bytes);
}

/* What the output took, where that was noted. */
static void pack_taken(text *out, const remembered_output *o)
{
    pack_number(out, o->rules != NULL);
    if (o->rules) {
        pack_members(out, o->rules);
        pack_members(out, o->withheld);
    }
}

static void pack_output(text *out, const remembered_output *o, uint64_t version)
{
    pack_text(out, o->name);
    pack_number(out, o->baseline);
    pack_number(out, o->is_latest);
    if (version >= VERSION_OF_TAKEN)
        pack_taken(out, o);
}

static void pack_rule(text *out, const remembered_rule *rule)
{
    pack_number(out, (uint64_t)rule->kind);
    pack_text(out, rule->path);
    pack_text(out, rule->set);
    pack_text(out, rule->name);
    pack_number(out, rule->is_of_accounts);
    pack_digest(out, rule->meaning);
    pack_number(out, rule->size);
    pack_number(out, (uint64_t)rule->type.kind);
    pack_number(out, rule->type.scale);
}

static void pack_rules(text *out, const remembered_run *r)
{
    pack_number(out, r->rule_count);
    for (size_t i = 0; i < r->rule_count; i++)
        pack_rule(out, &r->rules[i]);
}

static void pack_head(text *out, const remembered_run *r, uint64_t version)
{
    pack_number(out, r->number);
    pack_number(out, (uint64_t)r->as_of);
    pack_number(out, (uint64_t)r->made_at);
    pack_text(out, r->version);
    pack_number(out, r->rule_version);
    pack_digest(out, r->content);
    pack_number(out, r->event_count);
    pack_number(out, (uint64_t)r->first_time);
    pack_number(out, (uint64_t)r->last_time);
    pack_number(out, r->people.count);
    pack_number(out, r->accounts.count);
    pack_number(out, r->output_count);
    for (size_t i = 0; i < r->output_count; i++)
        pack_output(out, &r->outputs[i], version);
    pack_rules(out, r);
}

/* ---- writing: the body --------------------------------------------------- */

static void digest_ids(digest_input *in, const remembered_ids *ids)
{
    for (size_t i = 0; i < ids->count; i++) {
        digest_put_text(in, ids->items[i]);
        digest_settle(in);
    }
}

static size_t count_shared(slice a, slice b)
{
    size_t most = a.size < b.size ? a.size : b.size, count = 0;
    while (count < most && a.data[count] == b.data[count])
        count++;
    return count;
}

/* Sorted ids are much alike: of each what it does not share with the one before. */
static void pack_ids_shared(text *out, const remembered_ids *ids)
{
    slice before = {"", 0};
    for (size_t i = 0; i < ids->count; i++) {
        slice id = ids->items[i];
        size_t shared = count_shared(before, id), rest = id.size - shared;
        char *room = text_room(out, 2 * MOST_SMALL + rest), *at = room;
        at = put_small(at, shared);
        at = put_small(at, rest);
        memcpy(at, id.data + shared, rest);
        text_add_filled(out, (size_t)(at - room) + rest);
        before = id;
    }
}

static void pack_values(text *out, const remembered_rule *rule)
{
    for (size_t i = 0; i < rule->size; i++) {
        if (has_texts(rule))
            pack_text(out, rule->texts[i]);
        else
            pack_number(out, rule->values[i]);
    }
}

static void pack_results(text *out, const remembered_run *r)
{
    for (size_t i = 0; i < r->rule_count; i++) {
        pack_members(out, r->rules[i].members);
        if (r->rules[i].kind == REMEMBERED_SCORE)
            pack_values(out, &r->rules[i]);
    }
}

static void pack_merged(text *out, const remembered_run *r)
{
    pack_small(out, r->merged.count);
    pack_ids_shared(out, &r->merged);
    for (size_t i = 0; i < r->merged.count; i++)
        pack_small(out, r->merged_into[i]);
}

/* Of what the run says, however its file is written. */
void run_file_digest(remembered_run *r)
{
    digest_input all;
    digest_begin(&all);
    pack_number(&all.bytes, (uint64_t)r->as_of);
    pack_number(&all.bytes, r->rule_version);
    pack_rules(&all.bytes, r);
    digest_ids(&all, &r->people);
    digest_ids(&all, &r->accounts);
    if (r->merged.count > 0)
        pack_merged(&all.bytes, r);
    pack_results(&all.bytes, r);
    for (size_t i = 0; i < r->output_count; i++)
        if (r->outputs[i].rules) {
            pack_text(&all.bytes, r->outputs[i].name);
            pack_taken(&all.bytes, &r->outputs[i]);
        }
    r->content = digest_end(&all);
}

/* zlib's level 1 is quick, and ids are much alike. Members are dense already. */
static packed_ids pack_ids(const remembered_run *r, bool has_merged)
{
    text ids;
    text_init(&ids);
    pack_ids_shared(&ids, &r->people);
    pack_ids_shared(&ids, &r->accounts);
    if (has_merged)
        pack_merged(&ids, r);
    uLongf size = compressBound((uLong)ids.size);
    packed_ids out = {memory_alloc(size + 1), 0, ids.size, has_merged};
    compress2((Bytef *)out.bytes, &size, (const Bytef *)ids.data, (uLong)ids.size, 1);
    out.size = size;
    text_done(&ids);
    return out;
}

/* *ids_bytes: that the ids take unpacked. */
static void pack_body(text *out, const remembered_run *r, bool has_merged,
                      uint64_t *ids_bytes)
{
    bool is_packed = r->packed.bytes && r->packed.has_merged == has_merged;
    packed_ids ids = is_packed ? r->packed : pack_ids(r, has_merged);
    *ids_bytes = ids.unpacked_size;
    pack_text(out, (slice){ids.bytes, ids.size});
    pack_results(out, r);
    if (!is_packed)
        memory_free(ids.bytes);
}

static bool notes_taken(const remembered_run *r)
{
    bool is_noted = false;
    for (size_t i = 0; i < r->output_count; i++)
        is_noted |= r->outputs[i].rules != NULL;
    return is_noted;
}

/* Runs that have nothing of what a version brought are written as they were before. */
static uint64_t version_of(const remembered_run *r)
{
    enum { VERSION_WITHOUT_MERGED = 2 };
    return notes_taken(r)        ? VERSION_OF_TAKEN
           : r->merged.count > 0 ? VERSION_OF_MERGED
                                 : VERSION_WITHOUT_MERGED;
}

void run_file_pack_ids(remembered_run *r)
{
    remembered_run_drop_packed(r);
    r->packed = pack_ids(r, version_of(r) >= VERSION_OF_MERGED);
}

void run_file_write(const remembered_run *r, text *out)
{
    text head, body;
    uint64_t ids_bytes;
    text_init(&head);
    text_init(&body);
    const uint64_t version = version_of(r);
    pack_head(&head, r, version);
    pack_body(&body, r, version >= VERSION_OF_MERGED, &ids_bytes);
    size_t begin = out->size;
    text_append_bytes(out, magic, sizeof magic);
    pack_number(out, version);
    pack_number(out, head.size);
    pack_number(out, body.size);
    pack_number(out, ids_bytes);
    text_append_bytes(out, head.data, head.size);
    pack_digest(out, digest_of_bytes(out->data + begin, out->size - begin));
    text_append_bytes(out, body.data, body.size);
    pack_digest(out, digest_of_bytes(body.data, body.size));
    text_done(&body);
    text_done(&head);
}

/* ---- reading: the head --------------------------------------------------- */

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
    unpacking from = {file.data + sizeof magic, file.data + file.size, false};
    if (file.size < PREFIX_BYTES + DIGEST_BYTES ||
        memcmp(file.data, magic, sizeof magic) != 0)
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
    unpacking from = {beginning.data + sizeof magic + 8, beginning.data + beginning.size,
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

/* ---- reading: the body --------------------------------------------------- */

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
    slice *texts =
        has_texts(rule) ? arena_alloc_array(memory, rule->size + 1, sizeof *texts) : NULL;
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
    pack_head(&head, r, is_of ? l.version : RUN_FILE_VERSION);
    is_of = is_of && (l.version >= VERSION_OF_TAKEN || !notes_taken(r)) &&
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

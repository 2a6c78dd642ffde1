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

/* Bytes before the fields: magic, version, and the sizes of head, body, and body unpacked. */
enum { PREFIX_BYTES = 40, DIGEST_BYTES = 16, MOST_RATIO = 1100 };

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

static void pack_output(text *out, const remembered_output *o)
{
    pack_text(out, o->name);
    pack_number(out, o->baseline);
    pack_number(out, o->is_latest);
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

static void pack_head(text *out, const remembered_run *r)
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
        pack_output(out, &r->outputs[i]);
    pack_rules(out, r);
}

/* ---- writing: the body --------------------------------------------------- */

static void pack_ids(text *out, const remembered_ids *ids)
{
    for (size_t i = 0; i < ids->count; i++)
        pack_text(out, ids->items[i]);
}

static void pack_members(text *out, const roaring_bitmap_t *members)
{
    size_t size = roaring_bitmap_portable_size_in_bytes(members);
    char *bytes = memory_alloc(size + 1);
    roaring_bitmap_portable_serialize(members, bytes);
    pack_text(out, (slice){bytes, size});
    memory_free(bytes);
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

static void pack_body(text *out, const remembered_run *r)
{
    pack_ids(out, &r->people);
    pack_ids(out, &r->accounts);
    for (size_t i = 0; i < r->rule_count; i++) {
        pack_members(out, r->rules[i].members);
        if (r->rules[i].kind == REMEMBERED_SCORE)
            pack_values(out, &r->rules[i]);
    }
}

void run_file_digest(remembered_run *r)
{
    text all;
    text_init(&all);
    pack_number(&all, (uint64_t)r->as_of);
    pack_number(&all, r->rule_version);
    pack_rules(&all, r);
    pack_body(&all, r);
    r->content = digest_of_bytes(all.data, all.size);
    text_done(&all);
}

/* zlib's level 1 is quick, and ids that follow one another are much alike. */
static void append_packed(text *out, const text *body)
{
    uLongf size = compressBound((uLong)body->size);
    char *packed = memory_alloc(size + 1);
    compress2((Bytef *)packed, &size, (const Bytef *)body->data, (uLong)body->size, 1);
    text_append_bytes(out, packed, size);
    memory_free(packed);
}

void run_file_write(const remembered_run *r, text *out)
{
    text head, body, packed;
    text_init(&head);
    text_init(&body);
    text_init(&packed);
    pack_head(&head, r);
    pack_body(&body, r);
    append_packed(&packed, &body);
    size_t begin = out->size;
    text_append_bytes(out, magic, sizeof magic);
    pack_number(out, RUN_FILE_VERSION);
    pack_number(out, head.size);
    pack_number(out, packed.size);
    pack_number(out, body.size);
    text_append_bytes(out, head.data, head.size);
    pack_digest(out, digest_of_bytes(out->data + begin, out->size - begin));
    text_append_bytes(out, packed.data, packed.size);
    pack_digest(out, digest_of_bytes(packed.data, packed.size));
    text_done(&packed);
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
    uint64_t head_bytes, packed_bytes, body_bytes;
    const char *head, *packed;
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
    uint64_t version = unpack_number(&from);
    out->head_bytes = unpack_number(&from);
    out->packed_bytes = unpack_number(&from);
    out->body_bytes = unpack_number(&from);
    out->head = from.at;
    if (out->head_bytes > file.size - PREFIX_BYTES - DIGEST_BYTES)
        return fail(name, "it ends too early", err);
    size_t head_end = PREFIX_BYTES + (size_t)out->head_bytes;
    if (!is_sum(file.data, head_end, file.data + head_end))
        return fail(name, "its head is not what was written", err);
    if (version != RUN_FILE_VERSION)
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "the remembered run \"%s\" has version %llu of the format, and "
            "this carpel knows version %d",
            name, (unsigned long long)version, RUN_FILE_VERSION);
    out->packed = file.data + head_end + DIGEST_BYTES;
    return true;
}

static void unpack_output(unpacking *from, remembered_output *o, arena *memory)
{
    o->name = unpack_kept(from, memory);
    o->baseline = unpack_number(from);
    o->is_latest = unpack_number(from) != 0;
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

static bool unpack_lists(unpacking *from, remembered_run *r)
{
    enum { OUTPUT_BYTES = 24, RULE_BYTES = 80 };
    r->output_count = unpack_count(from, OUTPUT_BYTES);
    r->outputs = arena_alloc_array(r->memory, r->output_count + 1, sizeof *r->outputs);
    for (size_t i = 0; i < r->output_count; i++)
        unpack_output(from, &r->outputs[i], r->memory);
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
    return unpack_lists(&from, r);
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

static bool unpack_ids(unpacking *from, remembered_ids *ids, arena *memory)
{
    if (ids->count > (size_t)(from->end - from->at) / 8)
        return false;
    slice *items = arena_alloc_array(memory, ids->count + 1, sizeof *items);
    for (size_t i = 0; i < ids->count; i++) {
        items[i] = unpack_text(from);
        if (i > 0 && slice_compare(items[i - 1], items[i]) >= 0)
            return false;
    }
    ids->items = items;
    return !from->is_short;
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

static bool unpack_body(slice body, remembered_run *r)
{
    unpacking from = {body.data, body.data + body.size, false};
    if (!unpack_ids(&from, &r->people, r->memory) ||
        !unpack_ids(&from, &r->accounts, r->memory))
        return false;
    for (size_t i = 0; i < r->rule_count; i++) {
        remembered_rule *rule = &r->rules[i];
        if (!unpack_members(&from, rule, remembered_ids_of(r, rule)->count))
            return false;
        if (rule->kind == REMEMBERED_SCORE && !unpack_values(&from, rule, r->memory))
            return false;
    }
    return !from.is_short && from.at == from.end;
}

static bool read_body(slice file, const char *name, const layout *l, remembered_run *r,
                      carpel_error *err)
{
    uint64_t room = file.size - (uint64_t)(l->packed - file.data);
    if (room < DIGEST_BYTES || l->packed_bytes != room - DIGEST_BYTES)
        return fail(name, "it has another size than it was written with", err);
    if (!is_sum(l->packed, (size_t)l->packed_bytes, l->packed + l->packed_bytes))
        return fail(name, "its body is not what was written", err);
    if (l->body_bytes / MOST_RATIO > l->packed_bytes) /* more than zlib can pack */
        return fail(name, "its body makes no sense", err);
    char *body = arena_alloc(r->memory, (size_t)l->body_bytes + 1);
    uLongf size = (uLongf)l->body_bytes;
    bool is_unpacked = uncompress((Bytef *)body, &size, (const Bytef *)l->packed,
                                  (uLong)l->packed_bytes) == Z_OK &&
                       size == l->body_bytes;
    return (is_unpacked && unpack_body((slice){body, size}, r)) ||
           fail(name, "its body makes no sense", err);
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

/* SPDX-License-Identifier: MIT
 *
 * A run as the bytes of a file; run_file_read.c goes through the fields in the same order, part by part.
 */
#include "runs/run_file.h"

#include <string.h>
#include <zlib.h>

#include "base/memory.h"
#include "runs/packing.h"
#include "runs/run_file_parts.h"

/* ---- the head --------------------------------------------------- */

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

void run_file_pack_head(text *out, const remembered_run *r, uint64_t version)
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

/* ---- the body --------------------------------------------------- */

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
        if (run_file_has_texts(rule))
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

bool run_file_notes_taken(const remembered_run *r)
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
    return run_file_notes_taken(r) ? VERSION_OF_TAKEN
           : r->merged.count > 0   ? VERSION_OF_MERGED
                                   : VERSION_WITHOUT_MERGED;
}

void run_file_pack_ids(remembered_run *r)
{
    remembered_run_drop_packed(r);
    r->packed = pack_ids(r, r->merged.count > 0);
}

void run_file_write(const remembered_run *r, text *out)
{
    text head, body;
    uint64_t ids_bytes;
    text_init(&head);
    text_init(&body);
    const uint64_t version = version_of(r);
    run_file_pack_head(&head, r, version);
    pack_body(&body, r, version >= VERSION_OF_MERGED, &ids_bytes);
    size_t begin = out->size;
    text_append(out, RUN_FILE_MAGIC);
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

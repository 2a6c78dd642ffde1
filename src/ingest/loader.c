/* SPDX-License-Identifier: MIT
 *
 * The way of a source's stream into the loader's tables, batch by batch (batch.h). loader_finish.c makes the store
 * out of them.
 */
#include "ingest/loader_parts.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/memory.h"
#include "ingest/portion.h"

#define ARRIVAL_LIMIT (UINT32_MAX - 1)

static slice origin_of(const batch *b, size_t row)
{
    if (b->files.row_count == 0 || vector_is_missing(&b->files, row))
        return slice_of(b->mapping->source);
    return vector_text(&b->files, row);
}

/* What tells apart the ids of each kind of the source; KIND_NONE stands first. */
static uint64_t *make_seeds(const mapping *m)
{
    uint64_t *seeds = memory_alloc_array(m->schema->kind_count + 1, sizeof *seeds);
    uint64_t source = XXH3_64bits(m->source, strlen(m->source));
    seeds[0] = source;
    for (size_t k = 0; k < m->schema->kind_count; k++) {
        const char *name = m->schema->kinds[k].name;
        seeds[k + 1] = XXH3_64bits_withSeed(name, strlen(name), source);
    }
    return seeds;
}

/* The id of a row out of all its columns; false: they are all missing. */
static bool id_of(const batch *b, size_t row, uint64_t seed, id_hash *out)
{
    const mapping *m = b->mapping;
    bool is_there = false;
    for (size_t i = 0; i < m->id_count; i++) {
        const vector *v = &b->columns[m->ids[i]];
        bool is_missing = vector_is_missing(v, row);
        if (i > 0)
            seed = out->low ^ (out->high << 1 | out->high >> 63);
        *out = taken_ids_hash(seed + is_missing,
                              is_missing ? (slice){"", 0} : vector_text(v, row));
        is_there = is_there || !is_missing;
    }
    return is_there;
}

/* Is the row, which has this id, to be left out? */
static bool is_repeated(loader *l, const batch *b, size_t row, id_hash id)
{
    uint64_t number = l->id_count++;
    bool takes_last = b->mapping->duplicates == DUPLICATES_LAST;
    if (l->is_looking)
        last_rows_note(l->last, id, number);
    if (l->is_looking || (takes_last && !last_rows_is_last(l->last, id, number)))
        return !l->is_looking;
    id_answer answer = taken_ids_take(l->ids, id, origin_of(b, row));
    if (answer == ID_IS_NEW)
        return false;
    l->has_row_behind |= takes_last || answer == ID_IS_BEHIND;
    return true;
}

/* Leave out the good rows whose ids were taken before, or come again where the last counts. */
static void leave_repeated(loader *l, batch *b)
{
    const mapping *m = b->mapping;
    id_hash id;
    if (m->id_count == 0)
        return;
    uint64_t *seeds = make_seeds(m);
    for (size_t row = 0; row < b->row_count; row++) {
        if (!batch_row_is_good(b, row) || !id_of(b, row, seeds[b->kinds[row] + 1], &id) ||
            !is_repeated(l, b, row, id))
            continue;
        b->kinds[row] = KIND_REPEATED;
        l->repeated_count++;
    }
    memory_free(seeds);
}

/* Hand rows with the id of another to the quarantine, where they are no mere repetition. */
static bool refuse_repeated(loader *l, batch *b, uint64_t first_row,
                            uint64_t lines_before, carpel_error *err)
{
    const mapping *m = b->mapping;
    if (m->duplicates != DUPLICATES_REFUSE)
        return true;
    for (size_t row = 0; row < b->row_count; row++)
        if (b->kinds[row] == KIND_REPEATED &&
            !quarantine_add_of(l->quarantine, batch_person_of(b, row),
                               batch_file_of(b, row),
                               lines_before + batch_line_of(b, row, first_row),
                               "its id is that of a row before", err))
            return false;
    return true;
}

/* Hand the bad rows to the quarantine, in their order, and count the others. */
static bool settle_rows(loader *l, batch *b, uint64_t first_row, carpel_error *err)
{
    for (size_t row = 0; row < b->row_count; row++) {
        if (b->kinds[row] == KIND_SKIPPED)
            l->skipped_count++;
        else if (b->reasons[row] == NULL)
            l->row_count += b->kinds[row] != KIND_REPEATED;
        else if (!quarantine_add_of(
                     l->quarantine, batch_person_of(b, row), batch_file_of(b, row),
                     batch_line_of(b, row, first_row), b->reasons[row], err))
            return false;
    }
    return true;
}

/* Are two rows of one file? Those of another batch tell by their names. */
static bool is_same_file(const batch *b, size_t row, size_t other)
{
    if (b->files.row_count == 0)
        return true;
    if (b->files.codes && !vector_is_missing(&b->files, row) &&
        !vector_is_missing(&b->files, other))
        return b->files.codes[row] == b->files.codes[other];
    return slice_equals(origin_of(b, row), origin_of(b, other));
}

/* Note where the rows stand: those whose lines follow one another at once. */
static void note_origins(const loader *l, const batch *b, uint64_t first_row,
                         uint64_t lines_before)
{
    for (size_t row = 0, begin = 0; l->origins && row < b->row_count; row++) {
        uint64_t line = batch_line_of(b, row, first_row);
        if (row + 1 < b->row_count && batch_line_of(b, row + 1, first_row) == line + 1 &&
            is_same_file(b, row + 1, row))
            continue;
        origins_note_run(l->origins, origin_of(b, begin),
                         lines_before + batch_line_of(b, begin, first_row),
                         row + 1 - begin);
        begin = row + 1;
    }
}

/* Before anything is taken, and again behind what was finished. */
void loader_need_tables(loader *l)
{
    const schema *s = l->schema;
    if (l->persons)
        return;
    l->persons = dictionary_new();
    for (size_t i = 0; i < l->kind_count; i++) {
        const event_kind *kind = &s->kinds[i];
        if (kind_is_stored(kind))
            raw_table_init(&l->kinds[i], kind->properties, kind->property_count);
        else if (kind->derivation == KIND_LIST)
            raw_table_init_items(&l->kinds[i], kind->properties, kind->property_count);
    }
    for (size_t i = 0; i < s->trait_count; i++)
        raw_table_init(&l->traits[i], &s->traits[i], 1);
}

batch_target loader_target(loader *l, uint64_t row_count)
{
    loader_need_tables(l);
    batch_target target = {l->persons, &l->known, l->kinds,
                           l->traits,  &l->links, l->arrival};
    l->arrival += row_count;
    return target;
}

/* Is there room for all rows of a batch, and for the items of its lists? */
static bool has_room(loader *l, const batch *b, carpel_error *err)
{
    if (b->row_count > ARRIVAL_LIMIT - l->arrival)
        return carpel_fail(err, CARPEL_E_LIMIT, "the sources have more than %lu rows",
                           (unsigned long)ARRIVAL_LIMIT);
    l->item_count += batch_item_count(b);
    return l->item_count <= ARRIVAL_LIMIT ||
           carpel_fail(err, CARPEL_E_LIMIT, "the lists have more than %lu items",
                       (unsigned long)ARRIVAL_LIMIT);
}

/* `first_row` is the number of the batch's first row in the source. */
static bool take_batch(loader *l, batch *b, const struct ArrowArray *array,
                       uint64_t first_row, carpel_error *err)
{
    bool is_sane = vector_extent_is_sane(array); /* else batch_open refuses it */
    if (is_sane && (uint64_t)array->length > ARRIVAL_LIMIT - l->arrival)
        return carpel_fail(err, CARPEL_E_LIMIT, "the sources have more than %lu rows",
                           (unsigned long)ARRIVAL_LIMIT);
    if (!batch_open(b, array, err))
        return false;
    batch_judge(b);
    if (!has_room(l, b, err)) /* lists may have been made of texts */
        return false;
    leave_repeated(l, b);
    listed_changes_tell(b, first_row, 0, l->told_change, l->told_context);
    if (l->is_looking)
        return true;
    note_origins(l, b, first_row, 0);
    cleaned_totals_add(&l->cleaned, b, first_row, 0);
    if (!settle_rows(l, b, first_row, err) || !refuse_repeated(l, b, first_row, 0, err))
        return false;
    batch_target target = loader_target(l, b->row_count);
    batch_append(b, &target);
    return true;
}

/* About how much memory the rows take. */
static size_t count_bytes(const loader *l)
{
    if (!l->persons)
        return 0;
    size_t bytes = dictionary_bytes(l->persons) + l->known.count * sizeof(int64_t) +
                   link_set_bytes(&l->links);
    for (size_t i = 0; i < l->kind_count; i++)
        bytes += raw_table_bytes(&l->kinds[i]);
    for (size_t i = 0; i < l->schema->trait_count; i++)
        bytes += raw_table_bytes(&l->traits[i]);
    return bytes;
}

/* A batch was taken: is it time to make room? */
static bool spill_when_full(loader *l, carpel_error *err)
{
    return !l->spill || count_bytes(l) <= l->limit_bytes ||
           l->spill(l->spill_context, err);
}

static bool take_stream(loader *l, batch *b, struct ArrowArrayStream *stream,
                        carpel_error *err)
{
    int code = stream->get_schema(stream, &b->schema);
    if (code != 0) {
        b->schema.release = NULL;
        return batch_fail_stream(b->mapping, stream, code, err);
    }
    if (!batch_check_schema(b, err))
        return false;
    for (uint64_t first_row = 1;; first_row += b->row_count) {
        struct ArrowArray array = {0};
        if (cancel_is_asked(l->cancel))
            return cancel_fail(err);
        code = stream->get_next(stream, &array);
        if (code != 0)
            return batch_fail_stream(b->mapping, stream, code, err);
        if (array.release == NULL)
            return true;
        bool ok = take_batch(l, b, &array, first_row, err) && spill_when_full(l, err);
        array.release(&array);
        if (!ok)
            return false;
    }
}

/* Release what the loader still has. */
void loader_end_tables(loader *l)
{
    for (size_t i = 0; i < l->kind_count; i++)
        raw_table_done(&l->kinds[i]);
    for (size_t i = 0; i < l->schema->trait_count; i++)
        raw_table_done(&l->traits[i]);
    dictionary_free(l->persons);
    known_done(&l->known);
    link_set_done(&l->links);
    l->persons = NULL;
}

loader *loader_new(const schema *s, quarantine *q)
{
    loader *l = memory_alloc_zero(sizeof *l);
    l->schema = s;
    l->quarantine = q;
    l->kind_count = schema_total(s);
    l->ids = taken_ids_new();
    l->kinds = memory_alloc_zero_array(l->kind_count, sizeof *l->kinds);
    l->traits = memory_alloc_zero_array(s->trait_count, sizeof *l->traits);
    return l;
}

void loader_free(loader *l)
{
    if (l == NULL)
        return;
    loader_end_tables(l);
    taken_ids_free(l->ids);
    last_rows_free(l->last);
    cleaned_totals_done(&l->cleaned);
    memory_free(l->kinds);
    memory_free(l->traits);
    memory_free(l);
}

void loader_set_threads(loader *l, size_t count)
{
    l->thread_count = count;
}

void loader_set_cancel(loader *l, const cancel *c)
{
    l->cancel = c;
}

void loader_set_origins(loader *l, origins *o)
{
    l->origins = o;
}

void loader_set_spill(loader *l, size_t limit_bytes, loader_spill *spill, void *context)
{
    l->limit_bytes = limit_bytes;
    l->spill = spill;
    l->spill_context = context;
}

bool loader_add(loader *l, const mapping *m, struct ArrowArrayStream *stream,
                carpel_error *err)
{
    batch b;
    batch_init(&b, m);
    bool ok = take_stream(l, &b, stream, err);
    batch_done(&b);
    return ok;
}

/* Count the rows of a judged batch; the bad ones are with the quarantine. */
static void count_rows(loader *l, const batch *b)
{
    for (size_t row = 0; row < b->row_count; row++) {
        l->skipped_count += b->kinds[row] == KIND_SKIPPED;
        l->row_count += batch_row_is_good(b, row);
    }
}

/* Take a batch that was judged ahead. */
static bool add_judged(loader *l, batch *b, uint64_t first_row, uint64_t lines_before,
                       carpel_error *err)
{
    if (!has_room(l, b, err))
        return false;
    leave_repeated(l, b);
    listed_changes_tell(b, first_row, lines_before, l->told_change, l->told_context);
    if (l->is_looking)
        return true;
    if (!refuse_repeated(l, b, first_row, lines_before, err))
        return false;
    count_rows(l, b);
    note_origins(l, b, first_row, lines_before);
    cleaned_totals_add(&l->cleaned, b, first_row, lines_before);
    batch_target target = loader_target(l, b->row_count);
    batch_append(b, &target);
    return spill_when_full(l, err);
}

bool loader_add_portion(loader *l, portion *p, uint64_t lines_before, carpel_error *err)
{
    if (!l->is_looking &&
        !refused_rows_hand_over(&p->refused, l->quarantine, lines_before, err))
        return false;
    if (p->has_failed) {
        *err = p->error;
        return false;
    }
    uint64_t first_row = p->first_row;
    for (size_t i = 0; i < p->count; i++) {
        batch *b = &p->batches[i];
        if (!add_judged(l, b, first_row, lines_before, err))
            return false;
        first_row += b->row_count;
    }
    return true;
}

uint64_t loader_row_count(const loader *l)
{
    return l->row_count;
}

uint64_t loader_skipped_count(const loader *l)
{
    return l->skipped_count;
}

uint64_t loader_repeated_count(const loader *l)
{
    return l->repeated_count;
}

taken_ids *loader_ids(loader *l)
{
    return l->ids;
}

void loader_append_cleaned(const loader *l, const mapping *m, text *out)
{
    cleaned_totals_append(&l->cleaned, m, out);
}

void loader_tell_changes(loader *l, told_change *told, void *context)
{
    l->told_change = told;
    l->told_context = context;
}

void loader_begin_looking(loader *l)
{
    last_rows_free(l->last);
    l->last = last_rows_new();
    l->is_looking = true;
    l->id_count = 0;
}

void loader_end_looking(loader *l)
{
    l->is_looking = false;
    l->id_count = 0;
}

bool loader_has_row_behind(const loader *l)
{
    return l->has_row_behind;
}

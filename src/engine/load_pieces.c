/* SPDX-License-Identifier: MIT
 *
 * A source that can be read in pieces: threads read and judge them ahead (base/ahead.h), and the calling thread
 * takes one after the other into the loader.
 *
 *     pieces   0 1 2 | 3 4 5 6 | 7 8 ...
 *              taken   ahead: read, being read, or free for a thread to read
 */
#include "base/ahead.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "engine/kept_messages.h"
#include "engine/parts.h"
#include "ingest/portion.h"
#include "plugin/guarded.h"

/* A piece that is ahead. */
typedef struct slot {
    bool is_read;
    plugin_host *host;
    struct ArrowArrayStream stream;
    portion portion;
    carpel_piece_place place;
    uint64_t read_bytes; /* so far */
    kept_messages messages;
} slot;

typedef struct reading {
    engine *engine;
    const engine_source *source;
    const carpel_request *request;
    const host_listener *listener; /* of the source */
    carpel_pieces pieces;
    source_extent *extent; /* or NULL */
    size_t file_count;     /* that have begun */

    loader *loader;
    ahead threads;
    size_t slot_count; /* pieces that may be ahead */
    slot *slots;       /* of piece i: slots[i % slot_count] */
    size_t next_read;  /* the piece that is read next */
    size_t next_take;  /* and the one that the loader takes next */

    uint64_t place; /* of the file, where the piece before ended */
    uint64_t lines; /* of the file before the next piece */
    uint64_t done_bytes;
} reading;

static void keep_message(void *context, carpel_log_level level, const char *message)
{
    slot *s = context;
    kept_messages_add(&s->messages, level, message);
}

static void keep_progress(void *context, uint64_t done_bytes, uint64_t total_bytes)
{
    slot *s = context;
    (void)total_bytes;
    s->read_bytes = done_bytes;
}

/* Forget what was read of a piece. */
static void clear_slot(slot *s)
{
    portion_done(&s->portion);
    if (s->stream.release)
        s->stream.release(&s->stream);
    host_free(s->host);
    kept_messages_done(&s->messages);
    *s = (slot){0};
}

static slot *slot_of(const reading *r, size_t piece)
{
    return &r->slots[piece % r->slot_count];
}

/* Read and judge the next rows of an open piece, and learn where they were. */
static void read_rows(const reading *r, size_t piece)
{
    slot *s = slot_of(r, piece);
    portion *p = &s->portion;
    if (s->stream.release)
        portion_read(p, &s->stream, r->engine->cancel);
    guarded_place(s->host, r->source->connector.plugin, r->pieces.state, piece,
                  &s->place);
    if (!host_is_well(s->host, &p->error))
        p->has_failed = true;
}

/* Read and judge a piece whose rows begin at `begin`, or the first of many rows; in any thread. */
static void read_piece(const reading *r, size_t piece, uint64_t begin)
{
    slot *s = slot_of(r, piece);
    const engine_source *source = r->source;
    const carpel_plugin *plugin = source->connector.plugin;
    const host_listener hears = {.context = s,
                                 .log = keep_message,
                                 .progress = keep_progress,
                                 .cancel = r->engine->cancel,
                                 .plugin = plugin->name,
                                 .title = r->listener->title};
    portion *p = &s->portion;
    portion_init(p, source->mapping);
    s->host = host_new(source->mapping, NULL, &hears);
    host_collect_refused(s->host, &p->refused);
    p->has_failed = !guarded_open_piece(s->host, plugin, r->pieces.state, piece, begin,
                                        &s->stream, &p->error);
    read_rows(r, piece);
}

static bool claim_piece(void *context, size_t *piece)
{
    reading *r = context;
    if (r->next_read == r->pieces.count || r->next_read == r->next_take + r->slot_count)
        return false;
    *piece = r->next_read++;
    return true;
}

static void read_ahead(void *context, size_t piece)
{
    read_piece(context, piece, CARPEL_PIECE_GUESS);
}

static void note_read(void *context, size_t piece)
{
    slot_of(context, piece)->is_read = true;
}

/* Did the piece begin where the one before it ended? One that failed has to be read again to
 * know. */
static bool is_in_place(const reading *r, const slot *s)
{
    return s->place.is_first || (!s->portion.has_failed && s->place.begin == r->place);
}

/* Hand what was read of a piece to the loader, and what comes behind it, which nobody read
 * ahead: a pipe may have no end. */
static bool take_rows(const reading *r, size_t piece, carpel_error *err)
{
    slot *s = slot_of(r, piece);
    for (;;) {
        kept_messages_tell(&s->messages, r->listener);
        if (!loader_add_portion(r->loader, &s->portion, r->lines, err))
            return false;
        if (s->portion.is_over)
            return true;
        r->listener->progress(r->listener->context, r->done_bytes + s->read_bytes,
                              r->pieces.total_bytes);
        read_rows(r, piece);
    }
}

/* The first piece of the next file. */
static void begin_file(reading *r)
{
    const source_extent *x = r->extent;
    r->lines = x && r->file_count < x->files.count ? x->lines[r->file_count] : 0;
    r->file_count++;
}

/* Note how far the file has been read. */
static void note_end(const reading *r, const carpel_piece_place *place)
{
    const source_extent *x = r->extent;
    if (!x || r->file_count == 0 || r->file_count > x->files.count)
        return;
    file_end *end = &x->ends[r->file_count - 1];
    end->is_settled = place->is_settled && (place->is_first || end->is_settled);
    end->place = place->end;
    end->lines = r->lines;
    end->unpacked = (file_content){place->unpacked_bytes, place->unpacked_head_hash,
                                   place->unpacked_tail_hash};
}

/* ---- what is told of places ---------------------------------------------------------- */

static bool fail_place(const slot *s, carpel_error *err)
{
    return host_is_well(s->host, err);
}

/* Where its rows begin: at the begin of the next file, or where the piece before ended. */
static bool check_begin(const reading *r, size_t piece, slot *s, carpel_error *err)
{
    const carpel_piece_place *p = &s->place;
    instance_failure *failure = host_failure(s->host);
    const source_extent *x = r->extent;
    if (s->portion.has_failed)
        return true; /* which is told when its rows are taken */
    if (piece == 0 && !p->is_first)
        instance_break(failure, "piece 0 says that it is not the first of its file");
    else if (!p->is_first && p->begin != r->place)
        instance_break(failure,
                       "piece %zu says that its rows begin at byte %llu, where the one "
                       "before ended at %llu",
                       piece, (unsigned long long)p->begin, (unsigned long long)r->place);
    else if (p->is_first && x && x->ends && r->file_count >= x->files.count)
        instance_break(failure,
                       "piece %zu says that it is the first of one file more than "
                       "the %zu that there are",
                       piece, x->files.count);
    else
        return true;
    return fail_place(s, err);
}

/* The size of the file at hand, as it is now; UINT64_MAX: nobody knows, or it is packed. */
static uint64_t size_of_file(const reading *r, const carpel_piece_place *p)
{
    const source_extent *x = r->extent;
    bool is_packed = p->unpacked_bytes > 0 || p->unpacked_head_hash != 0;
    file_facts facts;
    if (!x || !x->ends || r->file_count == 0 || r->file_count > x->files.count ||
        is_packed || !file_look(x->files.items[r->file_count - 1], &facts) ||
        !facts.is_regular)
        return UINT64_MAX;
    return facts.bytes;
}

/* Where they end: not before they begin, nor behind the file. A piece that got lost does not know. */
static bool check_end(const reading *r, size_t piece, slot *s, carpel_error *err)
{
    const carpel_piece_place *p = &s->place;
    instance_failure *failure = host_failure(s->host);
    unsigned long long begin = p->begin, end = p->end;
    if (p->end == CARPEL_PIECE_GUESS)
        return true;
    if (end < begin)
        instance_break(failure,
                       "piece %zu says that its rows end at byte %llu, before they begin "
                       "at %llu",
                       piece, end, begin);
    else if (end > size_of_file(r, p))
        instance_break(failure,
                       "piece %zu says that its rows end at byte %llu, behind the end of "
                       "its file",
                       piece, end);
    else
        return true;
    return fail_place(s, err);
}

/* ---- taking --------------------------------------------------------------------------- */

/* Hand a piece to the loader. */
static bool take_piece(reading *r, size_t piece, carpel_error *err)
{
    slot *s = slot_of(r, piece);
    if (!is_in_place(r, s)) {
        clear_slot(s);
        read_piece(r, piece, r->place);
    }
    if (!check_begin(r, piece, s, err))
        return false;
    if (s->place.is_first)
        begin_file(r);
    bool ok = take_rows(r, piece, err) && check_end(r, piece, s, err);
    r->place = s->place.end;
    r->lines += s->place.line_count;
    note_end(r, &s->place);
    r->done_bytes += s->place.byte_count;
    r->listener->progress(r->listener->context, r->done_bytes, r->pieces.total_bytes);
    return ok;
}

static bool take_next(void *context, carpel_error *err)
{
    reading *r = context;
    bool ok = take_piece(r, r->next_take, err);
    clear_slot(slot_of(r, r->next_take));
    ahead_lock(&r->threads);
    r->next_take++;
    ahead_unlock(&r->threads);
    return ok;
}

static bool is_next_read(const void *context)
{
    const reading *r = context;
    return slot_of(r, r->next_take)->is_read;
}

static bool is_over(const void *context)
{
    const reading *r = context;
    return r->next_take == r->pieces.count;
}

static const ahead_kind reading_pieces = {is_over,   claim_piece,  read_ahead,
                                          note_read, is_next_read, take_next};

/* What is read of the files; UINT64_MAX: nobody knows. */
static uint64_t bytes_to_read(const source_extent *x)
{
    uint64_t bytes = 0;
    if (!x || !x->ends)
        return UINT64_MAX;
    for (size_t i = 0; i < x->files.count; i++) {
        file_facts facts;
        uint64_t begin = x->begins ? x->begins[i] : 0;
        if (!file_look(x->files.items[i], &facts) || !facts.is_regular)
            return UINT64_MAX;
        bytes += facts.bytes > begin ? facts.bytes - begin : 0;
    }
    return bytes;
}

/* Of little each thread gets several pieces: the first is taken while the next ones are read. */
static size_t bytes_of_pieces(const source_extent *x, size_t thread_count)
{
    enum { PIECES_A_THREAD = 8, FEWEST_BYTES = 256 * 1024 };
    uint64_t wanted = bytes_to_read(x) / (thread_count * PIECES_A_THREAD);
    return wanted > PIECE_BYTES    ? PIECE_BYTES
           : wanted < FEWEST_BYTES ? FEWEST_BYTES
                                   : (size_t)wanted;
}

bool engine_load_pieces(engine *e, const engine_source *source, plugin_host *host,
                        const carpel_request *request, source_extent *extent,
                        const engine_load_options *options, loader *l, carpel_error *err)
{
    const carpel_plugin *plugin = source->connector.plugin;
    size_t thread_count =
        options->threads > 0 ? options->threads : parallel_processor_count();
    size_t piece_bytes = options->piece_bytes > 0 ? options->piece_bytes
                                                  : bytes_of_pieces(extent, thread_count);
    reading r = {.engine = e,
                 .source = source,
                 .request = request,
                 .extent = extent,
                 .loader = l,
                 .listener = host_heard_by(host)};
    if (!guarded_open_reading(host, plugin, request, piece_bytes, &r.pieces, err))
        return false;
    r.slot_count = 2 * thread_count + 2;
    r.slots = memory_alloc_zero_array(r.slot_count, sizeof *r.slots);
    ahead_init(&r.threads, &reading_pieces, &r);
    if (thread_count > r.pieces.count)
        thread_count = r.pieces.count;
    bool ok = ahead_run(&r.threads, thread_count, err);
    ahead_done(&r.threads);
    for (size_t i = 0; i < r.slot_count; i++)
        if (r.slots[i].host)
            clear_slot(&r.slots[i]);
    memory_free(r.slots);
    guarded_close_reading(host, plugin, r.pieces.state);
    return ok;
}

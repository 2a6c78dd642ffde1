/* SPDX-License-Identifier: MIT
 *
 * Gzip and zstd. Of gzip, zeros behind the last member are padding.
 */
#include "common/unpack.h"

#include <string.h>
#include <zlib.h>

#ifdef CARPEL_HAVE_ZSTD
#include <zstd.h>
#endif

#include "common/memory.h"

enum { PACKED_SIZE = 256 * 1024 }; /* packed bytes that are read at once */

struct unpacker {
    packing kind;
    packed_source source;
    unsigned char *packed; /* bytes that wait: [at, end) */
    size_t at, end;
    bool is_open; /* within a member or frame */
    z_stream gzip;
#ifdef CARPEL_HAVE_ZSTD
    ZSTD_DStream *zstd;
#endif
};

packing packing_of(const char *bytes, size_t size)
{
    if (size >= 2 && memcmp(bytes, "\x1f\x8b", 2) == 0)
        return PACKING_GZIP;
    if (size >= 4 && memcmp(bytes, "\x28\xb5\x2f\xfd", 4) == 0)
        return PACKING_ZSTD;
    return PACKING_NONE;
}

static bool refill(unpacker *u, carpel_error *err)
{
    u->at = 0;
    return u->source.read(u->source.context, u->packed, PACKED_SIZE, &u->end, err);
}

static bool fail_damaged(const unpacker *u, const char *how, const char *why,
                         carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_INPUT, "the %s data of \"%s\" is damaged: %s", how,
                       u->source.path, why);
}

/* ---- gzip ----------------------------------------------------------------------- */

/* Between two members: begin the next one, or find the end of the file. */
static bool begin_member(unpacker *u, bool *is_over, carpel_error *err)
{
    for (;;) {
        if (u->at == u->end && !refill(u, err))
            return false;
        *is_over = u->at == u->end;
        if (*is_over || u->packed[u->at] != 0)
            break;
        u->at++; /* padding */
    }
    if (*is_over)
        return true;
    u->is_open = true;
    if (inflateReset(&u->gzip) != Z_OK)
        return carpel_fail(err, CARPEL_E_SYSTEM, "cannot unpack \"%s\"", u->source.path);
    return true;
}

/* Unpack of the packed bytes what fits. */
static bool inflate_some(unpacker *u, char *out, size_t size, size_t *got,
                         carpel_error *err)
{
    z_stream *z = &u->gzip;
    z->next_in = u->packed + u->at;
    z->avail_in = (uInt)(u->end - u->at);
    z->next_out = (unsigned char *)out;
    z->avail_out = (uInt)size;
    int result = inflate(z, Z_NO_FLUSH);
    u->at = u->end - z->avail_in;
    *got = size - z->avail_out;
    if (result == Z_STREAM_END)
        u->is_open = false;
    else if (result == Z_MEM_ERROR)
        return carpel_fail(err, CARPEL_E_SYSTEM, "no memory to unpack \"%s\"",
                           u->source.path);
    else if (result != Z_OK && result != Z_BUF_ERROR)
        return fail_damaged(u, "gzip", z->msg ? z->msg : "not gzip", err);
    return true;
}

static bool read_gzip(unpacker *u, char *out, size_t size, size_t *got, carpel_error *err)
{
    for (*got = 0; *got == 0;) {
        bool is_over = false;
        if (!u->is_open && !begin_member(u, &is_over, err))
            return false;
        if (is_over)
            return true;
        if (u->at == u->end && !refill(u, err))
            return false;
        if (u->at == u->end)
            return carpel_fail(err, CARPEL_E_INPUT,
                               "\"%s\" ends in the middle of its gzip data",
                               u->source.path);
        if (!inflate_some(u, out, size, got, err))
            return false;
    }
    return true;
}

/* ---- zstd ----------------------------------------------------------------------- */

#ifdef CARPEL_HAVE_ZSTD

/* A window of more than this is refused: the data say how much memory they take. */
enum { MOST_WINDOW_BITS = 27 };

static bool open_zstd(unpacker *u, carpel_error *err)
{
    u->zstd = ZSTD_createDStream();
    if (u->zstd && !ZSTD_isError(ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax,
                                                        MOST_WINDOW_BITS)))
        return true;
    return carpel_fail(err, CARPEL_E_SYSTEM, "cannot unpack \"%s\"", u->source.path);
}

static bool read_zstd(unpacker *u, char *out, size_t size, size_t *got, carpel_error *err)
{
    for (*got = 0; *got == 0;) {
        if (u->at == u->end && !refill(u, err))
            return false;
        if (u->at == u->end && u->is_open)
            return carpel_fail(err, CARPEL_E_INPUT,
                               "\"%s\" ends in the middle of its zstd data",
                               u->source.path);
        if (u->at == u->end)
            return true;
        ZSTD_inBuffer in = {u->packed, u->end, u->at};
        ZSTD_outBuffer unpacked = {out, size, 0};
        size_t result = ZSTD_decompressStream(u->zstd, &unpacked, &in);
        if (ZSTD_isError(result))
            return fail_damaged(u, "zstd", ZSTD_getErrorName(result), err);
        u->is_open = result != 0;
        u->at = in.pos;
        *got = unpacked.pos;
    }
    return true;
}

static void close_zstd(unpacker *u)
{
    ZSTD_freeDStream(u->zstd);
}

#else

static bool open_zstd(unpacker *u, carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_INPUT,
                       "\"%s\" is packed with zstd, which this carpel was built without; "
                       "unpack it first, or pack it with gzip",
                       u->source.path);
}

static bool read_zstd(unpacker *u, char *out, size_t size, size_t *got, carpel_error *err)
{
    (void)out, (void)size, (void)got;
    return open_zstd(u, err);
}

static void close_zstd(unpacker *u)
{
    (void)u;
}

#endif

/* ---- both ----------------------------------------------------------------------- */

static bool open_gzip(unpacker *u, carpel_error *err)
{
    if (inflateInit2(&u->gzip, 16 + MAX_WBITS) == Z_OK)
        return true;
    return carpel_fail(err, CARPEL_E_SYSTEM, "cannot unpack \"%s\"", u->source.path);
}

unpacker *unpacker_open(packing kind, const packed_source *source, const char *bytes,
                        size_t size, carpel_error *err)
{
    unpacker *u = common_alloc(1, sizeof *u);
    u->kind = kind;
    u->source = *source;
    u->packed = common_resize(NULL, size > PACKED_SIZE ? size : PACKED_SIZE);
    memcpy(u->packed, bytes, size);
    u->end = size;
    u->is_open = true;
    if (kind == PACKING_GZIP ? open_gzip(u, err) : open_zstd(u, err))
        return u;
    unpacker_close(u);
    return NULL;
}

void unpacker_close(unpacker *u)
{
    if (!u)
        return;
    if (u->kind == PACKING_GZIP)
        inflateEnd(&u->gzip);
    else
        close_zstd(u);
    free(u->packed);
    free(u);
}

bool unpacker_read(unpacker *u, char *out, size_t size, size_t *got, carpel_error *err)
{
    return u->kind == PACKING_GZIP ? read_gzip(u, out, size, got, err)
                                   : read_zstd(u, out, size, got, err);
}

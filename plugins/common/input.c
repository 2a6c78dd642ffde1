/* SPDX-License-Identifier: MIT
 *
 * Files through one window of bytes, which are unpacked (unpack.h) and then decoded (decode.h)
 * where that is needed.
 */
#include "common/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/memory.h"

enum {
    STEP_SIZE = 512 * 1024,   /* how much is read at once */
    ENCODED_SIZE = 32 * 1024, /* the same of bytes that are decoded */
    SHORT_STEP = 4096,        /* behind the limit */
    WIDE_READ = 64            /* readable bytes behind the window */
};

static bool fail_system(carpel_error *err, const char *what, const char *path)
{
    char buffer[128];
    return carpel_fail(err, CARPEL_E_SYSTEM, "cannot %s \"%s\": %s", what, path,
                       strerror_r(errno, buffer, sizeof buffer));
}

/* Read up to `size` bytes of the file as it is; *got is 0 at its end. */
static bool read_file(input *in, void *out, size_t size, size_t *got, carpel_error *err)
{
    ssize_t count;
    do {
        count = read(in->file, out, size);
    } while (count < 0 && errno == EINTR);
    if (count < 0)
        return fail_system(err, "read", in->path);
    *got = (size_t)count;
    in->read_bytes += *got;
    return true;
}

/* The same for whoever unpacks them. */
static bool read_packed(void *context, void *out, size_t size, size_t *got,
                        carpel_error *err)
{
    return read_file(context, out, size, got, err);
}

/* The bytes as they are without their packing. */
static bool read_bytes(input *in, char *out, size_t size, size_t *got, carpel_error *err)
{
    if (!in->unpacker)
        return read_file(in, out, size, got, err);
    if (!unpacker_read(in->unpacker, out, size, got, err))
        return false;
    content_add(in->content, out, *got);
    return true;
}

/* The bytes as UTF-8. */
static bool read_decoded(input *in, char *out, size_t size, size_t *got,
                         carpel_error *err)
{
    for (*got = 0; *got == 0;) {
        if (decoder_is_hungry(in->decoder)) {
            char bytes[ENCODED_SIZE];
            size_t count;
            if (!read_bytes(in, bytes, sizeof bytes, &count, err))
                return false;
            if (count == 0)
                return decoder_check_end(in->decoder, err);
            decoder_give(in->decoder, bytes, count);
        }
        if (!decoder_take(in->decoder, out, size, got, err))
            return false;
    }
    return true;
}

/* Move what is left to the front and make room for a step. */
static void make_room(input *in)
{
    size_t left = in->end - in->begin;
    if (in->begin > 0 && left > 0)
        memmove(in->data, in->data + in->begin, left);
    in->begin = 0;
    in->end = left;
    size_t needed = left + in->step + WIDE_READ;
    if (needed <= in->capacity)
        return;
    in->capacity = needed + left;
    in->data = common_resize(in->data, in->capacity);
}

/* Read until the window has four bytes or the file is over. */
static bool read_first_bytes(input *in, carpel_error *err)
{
    while (in->end - in->begin < 4 && !in->is_at_end)
        if (!input_more(in, err))
            return false;
    return true;
}

/* What was read so far is taken away by what unpacks or decodes it: begin again. */
static bool read_first_anew(input *in, carpel_error *err)
{
    in->is_at_end = false;
    in->end = in->begin;
    return read_first_bytes(in, err);
}

/* Unpack from now on, when the file is packed. */
static bool begin_unpacking(input *in, carpel_error *err)
{
    const packed_source source = {in->path, in, read_packed};
    size_t size = in->end - in->begin;
    packing kind = packing_of(in->data + in->begin, size);
    if (kind == PACKING_NONE)
        return true;
    in->unpacker = unpacker_open(kind, &source, in->data + in->begin, size, err);
    in->content = common_alloc(1, sizeof *in->content);
    return in->unpacker && read_first_anew(in, err);
}

/* Decode from now on: as the mark at the beginning says, or else the caller. */
static bool begin_decoding(input *in, const char *encoding, carpel_error *err)
{
    size_t mark_size;
    const char *marked =
        encoding_of_mark(in->data + in->begin, in->end - in->begin, &mark_size);
    in->begin += mark_size;
    in->encoding = marked ? marked : encoding;
    if (!in->encoding || strcmp(in->encoding, "UTF-8") == 0)
        return true;
    in->decoder = decoder_open(in->encoding, in->path, err);
    if (!in->decoder)
        return false;
    decoder_give(in->decoder, in->data + in->begin, in->end - in->begin);
    return read_first_anew(in, err);
}

static const char *name_of(const char *path)
{
    return strcmp(path, INPUT_STANDARD) == 0 ? "standard input" : path;
}

/* Data come from files and pipes. A device may have no end, and a terminal would wait for
 * somebody to type; only the empty device is taken. */
static bool check_kind(const struct stat *st, const char *path, carpel_error *err)
{
    struct stat empty;
    const char *kind = NULL;
    if (S_ISDIR(st->st_mode))
        kind = "a folder";
    else if (S_ISSOCK(st->st_mode))
        kind = "a socket";
    else if (S_ISBLK(st->st_mode))
        kind = "a device";
    else if (S_ISCHR(st->st_mode) &&
             !(stat("/dev/null", &empty) == 0 && empty.st_rdev == st->st_rdev))
        kind = "a terminal or another device";
    return kind == NULL || carpel_fail(err, CARPEL_E_INPUT,
                                       "\"%s\" is %s; data come from a file or a pipe",
                                       name_of(path), kind);
}

/* What a path leads to is looked at before it is opened, which can wait or do harm. */
static bool open_file(input *in, const char *path, carpel_error *err)
{
    struct stat st;
    bool is_standard = strcmp(path, INPUT_STANDARD) == 0;
    if (is_standard ? fstat(STDIN_FILENO, &st) != 0 : stat(path, &st) != 0)
        return fail_system(err, "open", name_of(path));
    if (!check_kind(&st, path, err))
        return false;
    in->file = is_standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                           : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (in->file < 0)
        return fail_system(err, "open", name_of(path));
    if (fstat(in->file, &st) != 0)
        return fail_system(err, "open", name_of(path));
    if (S_ISREG(st.st_mode))
        in->total_bytes = (uint64_t)st.st_size;
    in->device = (uint64_t)st.st_dev;
    in->inode = (uint64_t)st.st_ino;
    return true;
}

bool input_open(input *in, const char *path, const char *encoding, carpel_error *err)
{
    *in = (input){.path = path, .file = -1, .step = STEP_SIZE};
    bool ok = open_file(in, path, err) && read_first_bytes(in, err) &&
              begin_unpacking(in, err) && begin_decoding(in, encoding, err);
    if (!ok)
        input_close(in);
    return ok;
}

void input_close(input *in)
{
    decoder_close(in->decoder);
    unpacker_close(in->unpacker);
    free(in->content);
    free(in->data);
    if (in->file >= 0)
        close(in->file);
    *in = (input){.file = -1};
}

bool input_is_plain(const input *in)
{
    return !in->unpacker && !in->decoder;
}

bool input_open_at(input *in, const char *path, uint64_t place, carpel_error *err)
{
    *in = (input){.path = path, .file = -1, .step = STEP_SIZE, .first_place = place};
    bool ok = open_file(in, path, err);
    if (ok && lseek(in->file, (off_t)place, SEEK_SET) < 0)
        ok = fail_system(err, "read", path);
    ok = ok && input_more(in, err);
    if (!ok)
        input_close(in);
    return ok;
}

uint64_t input_place(const input *in)
{
    return in->first_place + in->read_bytes - (in->end - in->begin);
}

uint64_t input_first_place(const input *in)
{
    return input_is_plain(in) ? input_place(in) : in->first_place;
}

/* How much to read now: up to the limit in long steps, and behind it in short ones, which grow
 * with the row that is not over. */
static size_t step_of(const input *in)
{
    uint64_t place = in->first_place + in->read_bytes;
    if (in->limit == 0)
        return in->step;
    uint64_t left = place < in->limit ? in->limit - place + SHORT_STEP
                                      : SHORT_STEP + (in->end - in->begin);
    return left < in->step ? (size_t)left : in->step;
}

bool input_more(input *in, carpel_error *err)
{
    size_t got;
    if (in->is_at_end)
        return true;
    make_room(in);
    char *out = in->data + in->end;
    size_t room = in->capacity - WIDE_READ - in->end;
    if (room > step_of(in))
        room = step_of(in);
    if (!(in->decoder ? read_decoded(in, out, room, &got, err)
                      : read_bytes(in, out, room, &got, err)))
        return false;
    in->end += got;
    in->is_at_end = got == 0;
    in->last_byte = got > 0 ? out[got - 1] : in->last_byte;
    memset(in->data + in->end, 0, WIDE_READ);
    return true;
}

bool input_unpack(const carpel_host *host, const char *path,
                  bool (*take)(void *context, const char *bytes, size_t size),
                  void *context, bool *is_packed, carpel_error *err)
{
    input in = {.path = path, .file = -1, .step = STEP_SIZE};
    bool ok = open_file(&in, path, err) && read_first_bytes(&in, err) &&
              begin_unpacking(&in, err);
    *is_packed = ok && in.unpacker;
    while (ok && *is_packed && take(context, in.data + in.begin, in.end - in.begin) &&
           !in.is_at_end) {
        in.begin = in.end;
        ok = input_more(&in, err);
        if (ok && host->is_cancelled(host))
            ok = carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
    }
    input_close(&in);
    return ok;
}

uint64_t input_file_size(const char *path)
{
    struct stat st;
    bool is_file =
        strcmp(path, INPUT_STANDARD) != 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode);
    return is_file ? (uint64_t)st.st_size : 0;
}

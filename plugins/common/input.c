/* SPDX-License-Identifier: MIT
 *
 * Plain and gzip files through one window of bytes. Several gzip members one after the
 * other are one file, as gzip itself has it; zeros behind the last one are padding.
 */
#include "common/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "common/memory.h"

enum {
    STEP_SIZE = 512 * 1024,   /* how much is read at once */
    PACKED_SIZE = 256 * 1024, /* the same of compressed bytes */
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

static bool refill_packed(input *in, carpel_error *err)
{
    size_t got;
    if (!read_file(in, in->packed, PACKED_SIZE, &got, err))
        return false;
    in->gzip->next_in = in->packed;
    in->gzip->avail_in = (uInt)got;
    return true;
}

/* Between two members: begin the next one, or find the end of the file. */
static bool begin_member(input *in, bool *is_over, carpel_error *err)
{
    z_stream *z = in->gzip;
    for (;;) {
        if (z->avail_in == 0 && !refill_packed(in, err))
            return false;
        *is_over = z->avail_in == 0;
        if (*is_over || *z->next_in != 0)
            break;
        z->next_in++; /* padding */
        z->avail_in--;
    }
    if (*is_over)
        return true;
    in->is_member_open = true;
    if (inflateReset(z) != Z_OK)
        return carpel_fail(err, CARPEL_E_SYSTEM, "cannot unpack \"%s\"", in->path);
    return true;
}

static bool fail_packed(const input *in, int result, carpel_error *err)
{
    if (result == Z_MEM_ERROR)
        return carpel_fail(err, CARPEL_E_SYSTEM, "no memory to unpack \"%s\"", in->path);
    return carpel_fail(err, CARPEL_E_INPUT, "the gzip data of \"%s\" is damaged: %s",
                       in->path, in->gzip->msg != NULL ? in->gzip->msg : "not gzip");
}

/* Unpack into out[0..size); *got is 0 only at the end of the file. */
static bool unpack(input *in, char *out, size_t size, size_t *got, carpel_error *err)
{
    z_stream *z = in->gzip;
    z->next_out = (unsigned char *)out;
    z->avail_out = (uInt)size;
    while (z->avail_out == size) {
        bool is_over = false;
        if (!in->is_member_open && !begin_member(in, &is_over, err))
            return false;
        if (is_over)
            break;
        if (z->avail_in == 0 && !refill_packed(in, err))
            return false;
        if (z->avail_in == 0)
            return carpel_fail(err, CARPEL_E_INPUT,
                               "\"%s\" ends in the middle of its gzip data", in->path);
        int result = inflate(z, Z_NO_FLUSH);
        if (result == Z_STREAM_END)
            in->is_member_open = false;
        else if (result != Z_OK && result != Z_BUF_ERROR)
            return fail_packed(in, result, err);
    }
    *got = size - z->avail_out;
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

/* Switch to unpacking; the bytes that were read move to the packed buffer. */
static bool begin_gzip(input *in, carpel_error *err)
{
    size_t size = in->end - in->begin;
    in->gzip = common_alloc(1, sizeof *in->gzip);
    in->packed = common_resize(NULL, size > PACKED_SIZE ? size : PACKED_SIZE);
    memcpy(in->packed, in->data + in->begin, size);
    in->gzip->next_in = in->packed;
    in->gzip->avail_in = (uInt)size;
    if (inflateInit2(in->gzip, 16 + MAX_WBITS) != Z_OK)
        return carpel_fail(err, CARPEL_E_SYSTEM, "cannot unpack \"%s\"", in->path);
    in->is_member_open = true;
    in->is_at_end = false;
    in->end = in->begin;
    return input_more(in, err);
}

static bool window_begins_with(const input *in, const char *bytes, size_t size)
{
    return in->end - in->begin >= size && memcmp(in->data + in->begin, bytes, size) == 0;
}

/* Read until the window has four bytes or the file is over. */
static bool read_first_bytes(input *in, carpel_error *err)
{
    while (in->end - in->begin < 4 && !in->is_at_end)
        if (!input_more(in, err))
            return false;
    return true;
}

static bool look_at_first_bytes(input *in, carpel_error *err)
{
    if (!read_first_bytes(in, err))
        return false;
    if (window_begins_with(in, "\x1f\x8b", 2) &&
        !(begin_gzip(in, err) && read_first_bytes(in, err)))
        return false;
    if (window_begins_with(in, "\xff\xfe", 2) || window_begins_with(in, "\xfe\xff", 2))
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"%s\" is UTF-16; save it as UTF-8 first", in->path);
    if (window_begins_with(in, "\x28\xb5\x2f\xfd", 4))
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"%s\" is packed with zstd, which is not read; unpack it "
                           "first, or pack it with gzip",
                           in->path);
    if (window_begins_with(in, "\xef\xbb\xbf", 3))
        in->begin += 3;
    return true;
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

bool input_open(input *in, const char *path, carpel_error *err)
{
    *in = (input){.path = path, .file = -1, .step = STEP_SIZE};
    bool ok = open_file(in, path, err) && look_at_first_bytes(in, err);
    if (!ok)
        input_close(in);
    return ok;
}

void input_close(input *in)
{
    if (in->gzip != NULL)
        inflateEnd(in->gzip);
    free(in->gzip);
    free(in->packed);
    free(in->data);
    if (in->file >= 0)
        close(in->file);
    *in = (input){.file = -1};
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
    if (!(in->gzip != NULL ? unpack(in, out, room, &got, err)
                           : read_file(in, out, room, &got, err)))
        return false;
    in->end += got;
    in->is_at_end = got == 0;
    in->last_byte = got > 0 ? out[got - 1] : in->last_byte;
    memset(in->data + in->end, 0, WIDE_READ);
    return true;
}

uint64_t input_file_size(const char *path)
{
    struct stat st;
    bool is_file =
        strcmp(path, INPUT_STANDARD) != 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode);
    return is_file ? (uint64_t)st.st_size : 0;
}

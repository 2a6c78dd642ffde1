/* SPDX-License-Identifier: MIT
 *
 * Reads the code of Lua 5.4 as lua_dump() writes it:
 *
 *     header, number of variables, function
 *     function: source, two lines, three bytes, code, constants, variables, functions
 *               inside, then what tells lines and names (empty when it is stripped):
 *               a byte a line step, whole lines, local variables, names of variables
 *
 * Counts are numbers of 7 bits a byte, the last with its highest bit set.
 */
#include "script/code.h"

#include <string.h>

#include "base/text.h"

enum {
    HEADER_BYTES = 31,
    VERSION_AT = 4, /* in the header */
    VERSION = 0x54,
    SET_OUTSIDE = 10, /* OP_SETUPVAL: the same in all of 5.4 */
    OPCODE_BITS = 0x7F,
    INSTRUCTION_BYTES = 4,
    MOST_DEPTH = 200, /* functions in functions; Lua's own limit */
    INTEGER_TAG = 0x03,
    FLOAT_TAG = 0x13,
    SHORT_TEXT_TAG = 0x04,
    LONG_TEXT_TAG = 0x14,
    WHOLE_LINE = 0x80 /* in the place of a step: the line stands in the list behind */
};

typedef struct reader {
    slice left;
    bool is_broken; /* it cannot be read */
    bool writes;
    bool *can_run; /* by line; NULL: it is not asked for */
    size_t most_line;
} reader;

static void skip(reader *r, size_t size)
{
    if (size > r->left.size) {
        r->is_broken = true;
        size = r->left.size;
    }
    r->left.data += size;
    r->left.size -= size;
}

static unsigned char read_byte(reader *r)
{
    unsigned char byte = r->left.size > 0 ? (unsigned char)r->left.data[0] : 0x80;
    skip(r, 1);
    return byte;
}

static size_t read_size(reader *r)
{
    size_t size = 0;
    for (unsigned char byte = 0; (byte & 0x80) == 0 && !r->is_broken;) {
        byte = read_byte(r);
        size = size << 7 | (byte & 0x7F);
    }
    return r->is_broken ? 0 : size;
}

static void skip_text(reader *r)
{
    size_t size = read_size(r);
    if (size > 0)
        skip(r, size - 1);
}

static void read_code(reader *r)
{
    for (size_t count = read_size(r); count > 0 && !r->is_broken; count--) {
        uint32_t instruction = 0;
        if (r->left.size >= INSTRUCTION_BYTES)
            memcpy(&instruction, r->left.data, INSTRUCTION_BYTES);
        r->writes = r->writes || (instruction & OPCODE_BITS) == SET_OUTSIDE;
        skip(r, INSTRUCTION_BYTES);
    }
}

static void skip_constants(reader *r)
{
    for (size_t count = read_size(r); count > 0 && !r->is_broken; count--) {
        unsigned char tag = read_byte(r);
        if (tag == INTEGER_TAG || tag == FLOAT_TAG)
            skip(r, 8);
        else if (tag == SHORT_TEXT_TAG || tag == LONG_TEXT_TAG)
            skip_text(r);
    }
}

static void note_line(reader *r, size_t line)
{
    if (r->can_run && line > 0 && line <= r->most_line)
        r->can_run[line] = true;
}

/* A step for each instruction, then the whole lines. The last instruction returns where the text
 * of the function does not, and the first of one with `...` only makes room for them. */
static void read_lines(reader *r, size_t line, bool takes_more)
{
    size_t count = read_size(r);
    slice steps = r->left;
    skip(r, count);
    size_t wholes = read_size(r);
    for (size_t i = 0; i < count && !r->is_broken; i++) {
        unsigned char step = (unsigned char)steps.data[i];
        if (step == WHOLE_LINE && wholes == 0) {
            r->is_broken = true;
        } else if (step == WHOLE_LINE) {
            read_size(r); /* of which instruction */
            line = read_size(r);
            wholes--;
        } else {
            line += (size_t)(step < 0x80 ? step : step - 0x100);
        }
        if (i + 1 < count && (i > 0 || !takes_more))
            note_line(r, line);
    }
    r->is_broken = r->is_broken || wholes > 0;
}

static void skip_names(reader *r)
{
    for (size_t count = read_size(r); count > 0 && !r->is_broken; count--) {
        skip_text(r);
        read_size(r); /* from which instruction on, and up to which */
        read_size(r);
    }
    for (size_t count = read_size(r); count > 0 && !r->is_broken; count--)
        skip_text(r);
}

static void read_function(reader *r, int depth)
{
    skip_text(r);
    size_t first_line = read_size(r);
    read_size(r); /* the last */
    read_byte(r); /* how many parameters */
    bool takes_more = read_byte(r) != 0;
    read_byte(r); /* size of the stack */
    read_code(r);
    skip_constants(r);
    skip(r, 3 * read_size(r)); /* variables of functions around it */
    r->is_broken = r->is_broken || depth > MOST_DEPTH;
    for (size_t count = read_size(r); count > 0 && !r->is_broken; count--)
        read_function(r, depth + 1);
    read_lines(r, first_line, takes_more);
    skip_names(r);
}

static int append(lua_State *L, const void *data, size_t size, void *out)
{
    (void)L;
    text_append_bytes(out, data, size);
    return 0;
}

/* False when the code on top of the stack cannot be read. */
static bool read_dump(lua_State *L, reader *r)
{
    text code;
    text_init(&code);
    int failed = lua_dump(L, append, &code, r->can_run == NULL);
    r->left = (slice){code.data, code.size};
    r->is_broken = failed || code.size < HEADER_BYTES || code.data[VERSION_AT] != VERSION;
    if (!r->is_broken) {
        skip(r, HEADER_BYTES + 1);
        read_function(r, 0);
    }
    bool is_read = !r->is_broken && r->left.size == 0;
    text_done(&code);
    return is_read;
}

bool script_code_writes(lua_State *L)
{
    reader r = {.can_run = NULL};
    return !read_dump(L, &r) || r.writes;
}

bool script_code_lines(lua_State *L, bool *can_run, size_t most)
{
    reader r = {.can_run = can_run, .most_line = most};
    return read_dump(L, &r);
}

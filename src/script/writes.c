/* SPDX-License-Identifier: MIT
 *
 * Reads the code of Lua 5.4 as lua_dump() writes it:
 *
 *     header, number of variables, function
 *     function: source, two lines, three bytes, code, constants, variables, functions
 *               inside, names (none, since they are stripped)
 *
 * Counts are numbers of 7 bits a byte, the last with its highest bit set.
 */
#include "script/writes.h"

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
    LONG_TEXT_TAG = 0x14
};

typedef struct reader {
    slice left;
    bool writes; /* found one, or what cannot be read */
} reader;

static void skip(reader *r, size_t size)
{
    if (size > r->left.size) {
        r->writes = true;
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
    for (unsigned char byte = 0; (byte & 0x80) == 0 && !r->writes;) {
        byte = read_byte(r);
        size = size << 7 | (byte & 0x7F);
    }
    return r->writes ? 0 : size;
}

static void skip_text(reader *r)
{
    size_t size = read_size(r);
    if (size > 0)
        skip(r, size - 1);
}

static void read_code(reader *r)
{
    for (size_t count = read_size(r); count > 0 && !r->writes; count--) {
        uint32_t instruction = 0;
        if (r->left.size >= INSTRUCTION_BYTES)
            memcpy(&instruction, r->left.data, INSTRUCTION_BYTES);
        r->writes = (instruction & OPCODE_BITS) == SET_OUTSIDE;
        skip(r, INSTRUCTION_BYTES);
    }
}

static void skip_constants(reader *r)
{
    for (size_t count = read_size(r); count > 0 && !r->writes; count--) {
        unsigned char tag = read_byte(r);
        if (tag == INTEGER_TAG || tag == FLOAT_TAG)
            skip(r, 8);
        else if (tag == SHORT_TEXT_TAG || tag == LONG_TEXT_TAG)
            skip_text(r);
    }
}

static void read_function(reader *r, int depth)
{
    skip_text(r);
    read_size(r); /* its first and last line */
    read_size(r);
    skip(r, 3); /* parameters, whether there are more, size of the stack */
    read_code(r);
    skip_constants(r);
    skip(r, 3 * read_size(r)); /* variables of functions around it */
    r->writes = r->writes || depth > MOST_DEPTH;
    for (size_t count = read_size(r); count > 0 && !r->writes; count--)
        read_function(r, depth + 1);
    for (int names = 0; names < 4; names++)
        r->writes = r->writes || read_size(r) != 0;
}

static int append(lua_State *L, const void *data, size_t size, void *out)
{
    (void)L;
    text_append_bytes(out, data, size);
    return 0;
}

bool script_writes_outside(lua_State *L)
{
    text code;
    text_init(&code);
    int failed = lua_dump(L, append, &code, 1);
    reader r = {{code.data, code.size}, failed != 0 || code.size < HEADER_BYTES};
    r.writes = r.writes || code.data[VERSION_AT] != VERSION;
    skip(&r, HEADER_BYTES + 1);
    if (!r.writes)
        read_function(&r, 0);
    r.writes = r.writes || r.left.size != 0;
    text_done(&code);
    return r.writes;
}

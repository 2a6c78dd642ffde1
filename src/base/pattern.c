/* SPDX-License-Identifier: MIT
 *
 * Regular expressions through PCRE2's 8-bit library. The default limits of PCRE2 let a
 * short hostile pattern run for a third of a second on one text; these are set so that a
 * match ends within a few milliseconds.
 */
#include "base/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/memory.h"

enum { MATCH_LIMIT = 100000, DEPTH_LIMIT = 1000, HEAP_LIMIT_KIB = 4096 };

struct pattern {
    pcre2_code *code;
};

struct pattern_scratch {
    pcre2_match_context *context;
    pcre2_match_data *data;
};

static void *allocate(PCRE2_SIZE size, void *data)
{
    (void)data;
    return memory_alloc(size);
}

static void release(void *block, void *data)
{
    (void)data;
    memory_free(block);
}

/* PCRE2 copies what it needs of it, so it is released as soon as it was used. */
static pcre2_general_context *use_our_memory(void)
{
    return pcre2_general_context_create(allocate, release, NULL);
}

pattern *pattern_new(slice expression, char *reason, size_t reason_size, size_t *offset)
{
    int code = 0;
    PCRE2_SIZE where = 0;
    pcre2_general_context *memory = use_our_memory();
    pcre2_compile_context *context = pcre2_compile_context_create(memory);
    pcre2_code *compiled =
        pcre2_compile((PCRE2_SPTR)expression.data, expression.size,
                      PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C, &code, &where, context);
    pcre2_compile_context_free(context);
    pcre2_general_context_free(memory);
    if (!compiled) {
        pcre2_get_error_message(code, (PCRE2_UCHAR *)reason, reason_size);
        *offset = where;
        return NULL;
    }
    /* Where there is no just-in-time compiler, matching is slower and nothing else. */
    (void)pcre2_jit_compile(compiled, PCRE2_JIT_COMPLETE);
    pattern *p = memory_alloc(sizeof *p);
    p->code = compiled;
    return p;
}

void pattern_free(pattern *p)
{
    if (!p)
        return;
    pcre2_code_free(p->code);
    memory_free(p);
}

pattern_scratch *pattern_scratch_new(void)
{
    pattern_scratch *s = memory_alloc(sizeof *s);
    pcre2_general_context *memory = use_our_memory();
    s->context = pcre2_match_context_create(memory);
    s->data = pcre2_match_data_create(1, memory);
    pcre2_general_context_free(memory);
    pcre2_set_match_limit(s->context, MATCH_LIMIT);
    pcre2_set_depth_limit(s->context, DEPTH_LIMIT);
    pcre2_set_heap_limit(s->context, HEAP_LIMIT_KIB);
    return s;
}

void pattern_scratch_free(pattern_scratch *s)
{
    if (!s)
        return;
    pcre2_match_data_free(s->data);
    pcre2_match_context_free(s->context);
    memory_free(s);
}

/* What a code of PCRE2 means. */
static pattern_result result_of(int found)
{
    if (found >= 0)
        return PATTERN_YES;
    switch (found) {
    case PCRE2_ERROR_MATCHLIMIT:
    case PCRE2_ERROR_DEPTHLIMIT:
    case PCRE2_ERROR_HEAPLIMIT:
    case PCRE2_ERROR_JIT_STACKLIMIT:
    case PCRE2_ERROR_NOMEMORY: return PATTERN_LIMIT;
    default: return PATTERN_NO;
    }
}

pattern_result pattern_match(const pattern *p, slice subject, pattern_scratch *scratch)
{
    return result_of(pcre2_match(p->code, (PCRE2_SPTR)subject.data, subject.size, 0, 0,
                                 scratch->data, scratch->context));
}

enum {
    MOST_GROWTH =
        1 << 20, /* bytes that a replacement may make of a text, beside twice its own */
    SUBSTITUTE_OPTIONS = PCRE2_SUBSTITUTE_GLOBAL | PCRE2_SUBSTITUTE_UNSET_EMPTY |
                         PCRE2_SUBSTITUTE_OVERFLOW_LENGTH
};

pattern_result pattern_replace(const pattern *p, slice subject, slice replacement,
                               pattern_scratch *scratch, text *out)
{
    pattern_result found = pattern_match(p, subject, scratch);
    if (found != PATTERN_YES)
        return found;
    size_t room = subject.size * 2 + replacement.size + 64, size = room;
    const size_t limit = room + MOST_GROWTH;
    for (int tries = 0; tries < 2; tries++) {
        char *made = memory_alloc(room);
        int count = pcre2_substitute(p->code, (PCRE2_SPTR)subject.data, subject.size, 0,
                                     SUBSTITUTE_OPTIONS, NULL, scratch->context,
                                     (PCRE2_SPTR)replacement.data, replacement.size,
                                     (PCRE2_UCHAR *)made, &size);
        if (count >= 0)
            text_append_bytes(out, made, size);
        memory_free(made);
        if (count != PCRE2_ERROR_NOMEMORY)
            return result_of(count);
        if (size > limit)
            break;
        room = size; /* what it told to be enough */
    }
    return PATTERN_LIMIT;
}

bool pattern_accepts(const pattern *p, slice replacement, const char **reason)
{
    uint32_t groups = 0;
    (void)pcre2_pattern_info(p->code, PCRE2_INFO_CAPTURECOUNT, &groups);
    for (size_t i = 0; i < replacement.size; i++) {
        if (replacement.data[i] != '$')
            continue;
        uint32_t group = 0;
        bool is_digit = false;
        while (i + 1 < replacement.size && replacement.data[i + 1] >= '0' &&
               replacement.data[i + 1] <= '9' && group <= groups) {
            group = group * 10 + (uint32_t)(replacement.data[++i] - '0');
            is_digit = true;
        }
        bool is_sign =
            !is_digit && i + 1 < replacement.size && replacement.data[i + 1] == '$';
        if (is_sign || (is_digit && group <= groups)) {
            i += is_sign ? 1 : 0;
            continue;
        }
        *reason = is_digit ? "the expression has no such group"
                           : "behind $ stands the number of a group; $$ is a dollar sign";
        return false;
    }
    return true;
}

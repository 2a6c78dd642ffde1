/* SPDX-License-Identifier: MIT
 *
 * One row whose id is MEGABYTES long, from a process that may have more memory than the one that it gives it
 * to.
 */
#include <carpel/plugin.h>

#include <stdlib.h>
#include <sys/resource.h>

enum { MOST_CHILDREN = 4 };
#define BYTES ((size_t)(MEGABYTES)*1024 * 1024)

typedef struct swollen {
    const carpel_request *request;
    bool is_told;
} swollen;

/* ---- Arrow ---------------------------------------------------------------------------- */

static void release_schema(struct ArrowSchema *s)
{
    for (int64_t i = 0; i < s->n_children; i++)
        s->children[i]->release(s->children[i]);
    s->release = NULL;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    static struct ArrowSchema children[MOST_CHILDREN];
    static struct ArrowSchema *pointers[MOST_CHILDREN];
    const carpel_request *r = ((swollen *)stream->private_data)->request;
    for (size_t i = 0; i < r->column_count; i++) {
        children[i] =
            (struct ArrowSchema){.format = carpel_type_format(r->columns[i].type),
                                 .name = r->columns[i].name,
                                 .flags = ARROW_FLAG_NULLABLE,
                                 .release = release_schema};
        pointers[i] = &children[i];
    }
    *out = (struct ArrowSchema){.format = "+s",
                                .name = "",
                                .n_children = (int64_t)r->column_count,
                                .children = pointers,
                                .release = release_schema};
    return 0;
}

static void release_array(struct ArrowArray *a)
{
    for (int64_t i = 0; i < a->n_children; i++)
        a->children[i]->release(a->children[i]);
    for (int64_t i = 0; i < a->n_buffers; i++)
        free((void *)a->buffers[i]);
    free(a->buffers);
    a->release = NULL;
}

static struct ArrowArray array_of(const carpel_column *c)
{
    bool is_text = c->type == CARPEL_PERSON;
    struct ArrowArray a = {.length = 1, .n_buffers = is_text ? 3 : 2};
    a.buffers = calloc(3, sizeof *a.buffers);
    a.release = release_array;
    if (!is_text) {
        a.buffers[1] = calloc(8, 8);
        return a;
    }
    int32_t *offsets = calloc(16, sizeof *offsets);
    offsets[1] = (int32_t)BYTES;
    a.buffers[1] = offsets;
    a.buffers[2] = calloc(BYTES + 1, 1);
    return a.buffers[2] ? a : (exit(3), a);
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    static struct ArrowArray children[MOST_CHILDREN];
    static struct ArrowArray *pointers[MOST_CHILDREN];
    swollen *s = stream->private_data;
    *out = (struct ArrowArray){0};
    if (s->is_told)
        return 0;
    s->is_told = true;
    for (size_t i = 0; i < s->request->column_count; i++) {
        children[i] = array_of(&s->request->columns[i]);
        pointers[i] = &children[i];
    }
    *out = (struct ArrowArray){.length = 1,
                               .n_buffers = 1,
                               .buffers = calloc(3, sizeof *out->buffers),
                               .n_children = (int64_t)s->request->column_count,
                               .children = pointers,
                               .release = release_array};
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return NULL;
}

static void release(struct ArrowArrayStream *stream)
{
    free(stream->private_data);
    stream->release = NULL;
}

/* ---- the source ------------------------------------------------------------------------ */

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    struct rlimit limit;
    swollen *s = calloc(1, sizeof *s);
    (void)host;
    if (!s || request->column_count > MOST_CHILDREN || getrlimit(RLIMIT_AS, &limit) != 0)
        return carpel_fail(err, CARPEL_E_SYSTEM, "it cannot begin");
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_AS, &limit);
    s->request = request;
    *out = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release, s};
    return true;
}

static const carpel_source source = {.struct_size = sizeof source, .open = open_source};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "swollen",
    .version = "1.0",
    .summary = "A row that is large.",
    .options_size = 0,
    .options = (const carpel_option[]){{0}},
    .source = &source,
};

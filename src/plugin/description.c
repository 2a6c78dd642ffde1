/* SPDX-License-Identifier: MIT
 *
 * Questions about a description, in an order in which each makes the next one safe.
 */
#include "plugin/description.h"

#include <string.h>

#include "base/mapped.h"
#include "config/option_words.h"
#include "config/options.h"
#include "plugin/structs.h"

enum {
    MAX_OPTIONS = 256,               /* a table without an end is noticed here */
    MOST_OPTIONS_BYTES = 1024 * 1024 /* of the struct that they fill */
};

bool description_is_of_version(uint32_t abi_major)
{
    return abi_major == CARPEL_ABI_MAJOR;
}

static bool check_version(const char *path, const carpel_plugin *p, carpel_error *err)
{
    return description_is_of_version(p->abi_major) ||
           carpel_fail(err, CARPEL_E_PLUGIN,
                       "\"%s\" is built for plugin interface %u.%u; this carpel has "
                       "%u.%u: build it anew with this carpel's <carpel/plugin.h>",
                       path, p->abi_major, p->abi_minor, CARPEL_ABI_MAJOR,
                       CARPEL_ABI_MINOR);
}

static bool check_size(const char *path, const carpel_plugin *p, size_t size,
                       carpel_error *err)
{
    return p->struct_size <= size ||
           carpel_fail(
               err, CARPEL_E_PLUGIN,
               "the description in \"%s\" says that it has %zu bytes, and has %zu", path,
               p->struct_size, size);
}

/* ---- structs ---------------------------------------------------------------------- */

/* Is there memory where a member of a description points to, or is it NULL? */
static bool check_pointer(const char *path, const char *what, const void *at, size_t size,
                          carpel_error *err)
{
    return at == NULL || memory_is_mapped(at, size) ||
           carpel_fail(err, CARPEL_E_PLUGIN,
                       "the %s in \"%s\" is said to be where no memory is", what, path);
}

/* Take a struct that `from`, which may be NULL, points to; `last` is its last member in the interface that
 * it came with. */
#define TAKE(path, from, type, minor, last, out, err)                                    \
    (check_pointer(path, #type, from, sizeof(size_t), err) &&                            \
     (!(from) || struct_take(&(foreign_struct){path, #type, from, (from)->struct_size,   \
                                               STRUCT_TO(type, last), minor},            \
                             out, sizeof(type), err)))

static bool take_source(const char *path, description *d, carpel_error *err)
{
    carpel_source *s = &d->source;
    if (!TAKE(path, d->plugin.source, carpel_source, 0, discover, s, err) ||
        !TAKE(path, s->reading, carpel_reading, 0, unpack, &d->reading, err) ||
        !TAKE(path, s->resuming, carpel_resuming, 0, access_options, &d->resuming, err) ||
        !TAKE(path, d->resuming.partitions, carpel_partitioning, 2, close,
              &d->partitioning, err))
        return false;
    d->resuming.partitions = d->resuming.partitions ? &d->partitioning : NULL;
    s->reading = s->reading ? &d->reading : NULL;
    s->resuming = s->resuming ? &d->resuming : NULL;
    d->plugin.source = d->plugin.source ? s : NULL;
    d->plugin.output = NULL;
    return true;
}

static bool take_output(const char *path, description *d, carpel_error *err)
{
    if (!TAKE(path, d->plugin.output, carpel_output, 0, check, &d->output, err))
        return false;
    d->plugin.output = d->plugin.output ? &d->output : NULL;
    d->plugin.source = NULL;
    return true;
}

static bool take_structs(const char *path, description *d, carpel_error *err)
{
    return d->plugin.kind == CARPEL_SOURCE ? take_source(path, d, err)
                                           : take_output(path, d, err);
}

/* ---- members ---------------------------------------------------------------------- */

static bool check_pointers(const char *path, const carpel_plugin *p, carpel_error *err)
{
    return check_pointer(path, "name", p->name, 1, err) &&
           check_pointer(path, "version", p->version, 1, err) &&
           check_pointer(path, "summary", p->summary, 1, err) &&
           check_pointer(path, "manual", p->manual, 1, err) &&
           check_pointer(path, "table of options", p->options, sizeof *p->options, err);
}

static bool check_identity(const char *path, const carpel_plugin *p,
                           carpel_plugin_kind kind, slice name, carpel_error *err)
{
    if (p->kind != CARPEL_SOURCE && p->kind != CARPEL_OUTPUT)
        return carpel_fail(
            err, CARPEL_E_PLUGIN,
            "\"%s\" is a plugin of the unknown kind %u; known are 1 (source) "
            "and 2 (output)",
            path, p->kind);
    if (p->kind != (uint32_t)kind)
        return carpel_fail(err, CARPEL_E_PLUGIN,
                           "\"%s\" holds %s plugin, unlike the file's name", path,
                           p->kind == CARPEL_SOURCE ? "a source" : "an output");
    if (p->name == NULL || !slice_is(name, p->name))
        return carpel_fail(err, CARPEL_E_PLUGIN,
                           "\"%s\" holds a plugin named \"%s\", unlike the file's name",
                           path, p->name == NULL ? "" : p->name);
    return true;
}

static bool fail_missing(const char *path, const char *what, carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_PLUGIN, "the description in \"%s\" lacks its %s",
                       path, what);
}

static const char *lacking_of_partitioning(const carpel_partitioning *p)
{
    if (!p)
        return NULL;
    return !p->open             ? "partitions.open"
           : !p->open_partition ? "partitions.open_partition"
           : !p->join           ? "partitions.join"
           : !p->close          ? "partitions.close"
                                : NULL;
}

/* The first function of a source that has to be there and is not; NULL: all are. */
static const char *lacking_of_source(const carpel_source *s)
{
    const carpel_reading *r = s ? s->reading : NULL;
    const carpel_resuming *resuming = s ? s->resuming : NULL;
    if (!s || !s->open)
        return "open";
    if (r && !r->open)
        return "reading.open";
    if (r && !r->open_piece)
        return "reading.open_piece";
    if (r && !r->place)
        return "reading.place";
    if (r && !r->close)
        return "reading.close";
    if (resuming && !resuming->cursor)
        return "resuming.cursor";
    return resuming ? lacking_of_partitioning(resuming->partitions) : NULL;
}

static const char *lacking_of_output(const carpel_output *o)
{
    return !o || !o->begin ? "begin" : !o->write ? "write" : !o->close ? "close" : NULL;
}

static bool check_members(const char *path, const carpel_plugin *p, carpel_error *err)
{
    const char *function = p->kind == CARPEL_SOURCE ? lacking_of_source(p->source)
                                                    : lacking_of_output(p->output);
    if (!p->version)
        return fail_missing(path, "version", err);
    if (!p->summary)
        return fail_missing(path, "summary", err);
    if (function)
        return carpel_fail(err, CARPEL_E_PLUGIN,
                           "the description in \"%s\" lacks its function %s", path,
                           function);
    return p->options || fail_missing(path, "table of options", err);
}

/* What no one member shows: two of which a source has one, and nothing that has a meaning in a later
 * interface only. */
static bool check_rest(const char *path, const carpel_plugin *p, carpel_error *err)
{
    if (p->source && p->source->reading && p->source->resuming)
        return carpel_fail(err, CARPEL_E_PLUGIN,
                           "the description in \"%s\" has both reading and resuming, of "
                           "which a source has one",
                           path);
    if (p->reserved != 0)
        return carpel_fail(
            err, CARPEL_E_PLUGIN,
            "the description in \"%s\" has a reserved member that is not 0", path);
    return true;
}

/* ---- options ---------------------------------------------------------------------- */

static bool is_option_name(const char *name)
{
    return name[0] != '\0' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

bool description_reserves(carpel_plugin_kind kind, const char *name)
{
    static const struct {
        bool is_of_sources, is_of_outputs;
        const char *name;
    } reserved[] = {
#define X(is_of_sources, is_of_outputs, name) {is_of_sources, is_of_outputs, name},
#include "plugin/reserved_names.def"
#undef X
    };
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        bool is_of_kind =
            kind == CARPEL_SOURCE ? reserved[i].is_of_sources : reserved[i].is_of_outputs;
        if (is_of_kind && strcmp(reserved[i].name, name) == 0)
            return true;
    }
    return false;
}

/* Can the default be read as what it is for? Whether paths exist is not asked here. */
static bool is_good_default(const carpel_option *o, size_t options_size)
{
    const options_context context = {.owner = "", .project_directory = "."};
    carpel_option table[2] = {*o, {0}};
    bool is_path = o->type == CARPEL_OPTION_PATH || o->type == CARPEL_OPTION_PATHS;
    if (o->default_text == NULL || is_path)
        return true;
    table[0].required = false;
    arena *memory = arena_new();
    diags *faults = diags_new();
    bool ok = options_read(NULL, table, options_size, &context,
                           arena_alloc(memory, options_size + 1), memory, faults);
    diags_free(faults);
    arena_free(memory);
    return ok;
}

/* What is wrong with an option, or NULL. Each question makes the next one safe. */
static const char *option_fault(const carpel_option *o, size_t options_size,
                                carpel_plugin_kind kind)
{
    size_t size = option_size(o->type);
    if (!is_option_name(o->name))
        return "another name than letters, digits and _ can make";
    if (description_reserves(kind, o->name))
        return "a name that is reserved for carpel";
    if (size == 0)
        return "an unknown type";
    if (o->offset > options_size || size > options_size - o->offset)
        return "a place outside of the options struct";
    if (o->offset % (size < sizeof(void *) ? size : sizeof(void *)) != 0)
        return "a place where nothing of its type can be";
    if (o->type == CARPEL_OPTION_CHOICE && (o->choices == NULL || o->choices[0] == NULL))
        return "no choices";
    if (!is_good_default(o, options_size))
        return "a default that it does not take itself";
    if (!struct_is_zero(o->reserved, sizeof o->reserved))
        return "members that interface 1.0 does not know";
    return o->help == NULL ? "no help text" : NULL;
}

static bool is_repeated(const carpel_option *table, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(table[i].name, table[index].name) == 0)
            return true;
    return false;
}

static bool check_options(const char *path, const carpel_plugin *p, carpel_error *err)
{
    if (p->options_size > MOST_OPTIONS_BYTES)
        return carpel_fail(err, CARPEL_E_PLUGIN,
                           "the options of \"%s\" have %zu bytes; the limit is %d", path,
                           p->options_size, MOST_OPTIONS_BYTES);
    size_t count = 0;
    for (; p->options[count].name != NULL; count++) {
        const carpel_option *o = &p->options[count];
        if (count == MAX_OPTIONS)
            return carpel_fail(err, CARPEL_E_PLUGIN,
                               "the table of options in \"%s\" has no end", path);
        const char *fault =
            is_repeated(p->options, count)
                ? "the name of another one"
                : option_fault(o, p->options_size, (carpel_plugin_kind)p->kind);
        if (fault != NULL)
            return carpel_fail(err, CARPEL_E_PLUGIN, "option \"%s\" of \"%s\" has %s",
                               o->name, path, fault);
    }
    return true;
}

bool description_take(const char *path, const carpel_plugin *exported, size_t size,
                      carpel_plugin_kind kind, slice name, description *out,
                      carpel_error *err)
{
    const foreign_struct whole = {path,
                                  "carpel_plugin",
                                  exported,
                                  exported->struct_size,
                                  STRUCT_TO(carpel_plugin, output),
                                  0};
    *out = (description){0};
    return check_version(path, exported, err) && check_size(path, exported, size, err) &&
           struct_take(&whole, &out->plugin, sizeof out->plugin, err) &&
           check_pointers(path, &out->plugin, err) &&
           check_identity(path, &out->plugin, kind, name, err) &&
           take_structs(path, out, err) && check_members(path, &out->plugin, err) &&
           check_rest(path, &out->plugin, err) && check_options(path, &out->plugin, err);
}

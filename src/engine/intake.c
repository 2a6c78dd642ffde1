/* SPDX-License-Identifier: MIT
 *
 * What became of the rows of each source: its counts, its notes, and the list of rows that are refused.
 */
#include "base/path.h"
#include "base/memory.h"
#include "engine/parts.h"

/* The files of a source as the project file has them; NULL when it names none. */
static const char *files_of(const config_source *config, arena *memory)
{
    const yaml_node *files = yaml_get(config->node, "files");
    if (files != NULL && files->kind == YAML_SEQUENCE && files->count > 1)
        return arena_format(memory, "%s and %zu more", files->items[0]->text,
                            files->count - 1);
    if (files != NULL && files->kind == YAML_SEQUENCE && files->count == 1)
        files = files->items[0];
    return files != NULL && files->kind == YAML_SCALAR ? files->text : NULL;
}

/* A source of which nothing is left is not silent. */
static void note_empty(const engine *e, size_t source, const engine_listener *listener)
{
    const engine_intake *i = &e->intakes[source];
    if (i->taken + i->refused > 0 || listener->log == NULL)
        return;
    const char *files = files_of(&e->project->sources[source], e->memory);
    const char *where = files != NULL ? arena_format(e->memory, " (%s)", files) : "";
    const char *message =
        i->skipped == 0
            ? arena_format(e->memory, "the source \"%s\"%s has no rows", i->source, where)
            : arena_format(e->memory,
                           "every row of the source \"%s\"%s is skipped, as the project "
                           "says",
                           i->source, where);
    listener->log(listener->context, message);
}

/* Rows that came twice were counted twice before anybody wrote `id:`. */
static void note_repeated(const engine *e, size_t source, const engine_listener *listener)
{
    const engine_intake *i = &e->intakes[source];
    config_duplicates duplicates = e->project->sources[source].duplicates;
    if (i->repeated == 0 || listener->log == NULL)
        return;
    const char *message = arena_format(
        e->memory, "%llu %s of the source \"%s\" %s the id of a row %s, and %s %s",
        (unsigned long long)i->repeated, i->repeated == 1 ? "row" : "rows", i->source,
        i->repeated == 1 ? "has" : "have",
        duplicates == DUPLICATES_LAST ? "behind" : "before",
        i->repeated == 1 ? "is" : "are",
        duplicates == DUPLICATES_REFUSE ? "refused" : "left out");
    listener->log(listener->context, message);
}

void engine_add_intake(engine *e, engine_intake intake, const engine_listener *listener)
{
    e->intakes[e->intake_count++] = intake;
    note_empty(e, e->intake_count - 1, listener);
    note_repeated(e, e->intake_count - 1, listener);
}

bool engine_finish_intake(engine *e, const engine_listener *listener, carpel_error *err)
{
    if (!quarantine_finish(e->quarantine, err))
        return false;
    const char *hindrance = quarantine_hindrance(e->quarantine);
    if (hindrance != NULL && listener->log != NULL)
        listener->log(listener->context,
                      arena_format(e->memory, "rows that are refused are not listed: %s",
                                   hindrance));
    return engine_check_intake(e, err);
}

static quarantine *open_quarantine(const engine *e, const engine_load_options *options)
{
    const config_limits *limits = &e->project->limits;
    char *folder = path_join(e->project->directory, ".carpel");
    char *path = path_join(folder, "refused.csv");
    quarantine *q = quarantine_new(
        options->refused_path != NULL ? options->refused_path : path, options->is_strict);
    quarantine_limit_list(q, (uint64_t)limits->list_rows, (uint64_t)limits->list_bytes);
    memory_free(path);
    memory_free(folder);
    return q;
}

void engine_begin_intake(engine *e, const engine_load_options *options)
{
    quarantine_free(e->quarantine);
    e->quarantine = open_quarantine(e, options);
    e->intake_count = 0;
}

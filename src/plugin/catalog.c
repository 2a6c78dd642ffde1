/* SPDX-License-Identifier: MIT
 *
 * Finding and loading plugins. A file is judged once, and the judgement is kept: a good
 * plugin stays loaded, a refused one keeps its reason. Before the linker sees a file it is
 * known to be whole and from somebody who may put it there.
 */
#include "plugin/catalog.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "base/child.h"
#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/text.h"
#include "base/trust.h"
#include "plugin/call.h"
#include "plugin/description.h"
#include "plugin/elf_file.h"
#include "report/suggest.h"

enum {
    LOADING_MILLISECONDS = 3000 /* that a foreign file may take */
};

/* A file that was looked at. */
typedef struct candidate {
    carpel_plugin_kind kind;
    char *name;
    catalog_entry entry;
    description *description; /* that entry.plugin leads to, unless it was refused */
    void *handle;             /* of dlopen */
} candidate;

struct catalog {
    path_list directories;
    candidate *candidates;
    size_t count, capacity;
    catalog_entry *listed;
};

static const char *kind_name(carpel_plugin_kind kind)
{
    return kind == CARPEL_SOURCE ? "source" : "output";
}

/* ---- names -------------------------------------------------------------- */

static bool is_plugin_name(slice name)
{
    for (size_t i = 0; i < name.size; i++) {
        char c = name.data[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_letter && !(c >= '0' && c <= '9') && c != '_' && c != '-')
            return false;
    }
    return name.size > 0;
}

/* Does the file's name say that it is a plugin? `name` is a part of it. */
static bool parse_file_name(const char *file, carpel_plugin_kind *kind, slice *name)
{
    slice s = slice_of(file), suffix = slice_of(".so");
    if (!slice_ends_with(s, suffix))
        return false;
    s.size -= suffix.size;
    for (int k = CARPEL_SOURCE; k <= CARPEL_OUTPUT; k++) {
        slice prefix = slice_of(k == CARPEL_SOURCE ? "source_" : "output_");
        if (!slice_starts_with(s, prefix))
            continue;
        *kind = (carpel_plugin_kind)k;
        *name = (slice){s.data + prefix.size, s.size - prefix.size};
        return is_plugin_name(*name);
    }
    return false;
}

/* ---- loading ------------------------------------------------------------ */

/* Loading runs what the file has of constructors. */
static void *open_file(const char *path, const char *name)
{
    plugin_call call;
    plugin_call_begin(&call, name, "its loading", NULL);
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    plugin_call_end(&call);
    return handle;
}

/* Load the file, which is whole, and check its description. Each check makes the next one
 * safe. */
static bool load(candidate *c, size_t description_size, carpel_error *err)
{
    const char *path = c->entry.path;
    c->handle = open_file(path, c->name);
    if (c->handle == NULL) {
        const char *reason = dlerror();
        return carpel_fail(err, CARPEL_E_PLUGIN, "cannot load \"%s\": %s", path,
                           reason == NULL ? "the linker refuses it" : reason);
    }
    const carpel_plugin *p = dlsym(c->handle, CARPEL_PLUGIN_SYMBOL);
    if (p == NULL)
        return carpel_fail(err, CARPEL_E_PLUGIN,
                           "\"%s\" is no carpel plugin: it exports no \"%s\"", path,
                           CARPEL_PLUGIN_SYMBOL);
    c->description = memory_alloc(sizeof *c->description);
    if (!description_take(path, p, description_size, c->kind, slice_of(c->name),
                          c->description, err))
        return false;
    c->entry.plugin = &c->description->plugin;
    return true;
}

/* ---- foreign files ------------------------------------------------------ */

/* A file to load in a child process. */
typedef struct trial {
    candidate candidate;
    size_t description_size;
} trial;

/* Says why it is refused, or nothing. What unloading runs is tried as well. */
static void try_load(void *context, text *out)
{
    trial *t = context;
    carpel_error err;
    if (!load(&t->candidate, t->description_size, &err))
        text_append(out, err.message);
    else
        dlclose(t->candidate.handle);
    memory_free(t->candidate.description);
}

static bool fail_trial(const char *path, child_end end, carpel_error *err)
{
    char what[80] = "no process can be made to try it";
    if (end.kind == CHILD_CRASHED)
        snprintf(what, sizeof what, "loading it crashes (%s)", strsignal(end.number));
    else if (end.kind == CHILD_LEFT)
        snprintf(what, sizeof what, "loading it ends the process (exit code %d)",
                 end.number);
    else if (end.kind == CHILD_HUNG)
        snprintf(what, sizeof what, "loading it takes longer than %d seconds",
                 LOADING_MILLISECONDS / 1000);
    return carpel_fail(err, CARPEL_E_PLUGIN, "cannot load \"%s\": %s", path, what);
}

/* Does the file load in a process of its own? */
static bool survives_loading(const candidate *c, size_t description_size,
                             carpel_error *err)
{
    trial t = {*c, description_size};
    text said;
    text_init(&said);
    child_end end = child_run(try_load, &t, LOADING_MILLISECONDS, &said);
    bool ok = end.kind == CHILD_SAID && said.size == 0;
    if (end.kind != CHILD_SAID)
        fail_trial(c->entry.path, end, err);
    else if (!ok)
        carpel_fail(err, CARPEL_E_PLUGIN, "%s", said.data);
    text_done(&said);
    return ok;
}

/* ---- candidates --------------------------------------------------------- */

static const candidate *find_known(const catalog *c, carpel_plugin_kind kind, slice name)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->candidates[i].kind == kind && slice_is(name, c->candidates[i].name) &&
            !c->candidates[i].entry.is_misnamed)
            return &c->candidates[i];
    return NULL;
}

static candidate *add_candidate(catalog *c, carpel_plugin_kind kind, slice name,
                                const char *path)
{
    memory_grow((void **)&c->candidates, c->count, &c->capacity, sizeof *c->candidates);
    candidate *added = &c->candidates[c->count++];
    *added = (candidate){.kind = kind, .name = memory_copy_text(name.data, name.size)};
    added->entry.path = memory_copy_string(path);
    added->entry.name = added->name;
    return added;
}

/* `is_foreign`: nobody asked for this file, so it is tried in a child process first. */
static bool load_trusted(candidate *c, const trusted_file *f, bool is_foreign,
                         carpel_error *err)
{
    elf_findings found;
    if (!elf_file_check(f->fd, f->path, &found, err) ||
        (is_foreign && !survives_loading(c, found.description_size, err)) ||
        !trust_holds(f, err) || !load(c, found.description_size, err) ||
        !trust_holds(f, err))
        return false;
    c->entry.constructors = found.constructors;
    return true;
}

static void judge(candidate *c, bool is_foreign)
{
    carpel_error err;
    trusted_file f;
    bool is_good = trust_open(&f, c->entry.path, &err);
    if (is_good) {
        carpel_error unused;
        is_good = load_trusted(c, &f, is_foreign, &err);
        is_good &= trust_close(&f, is_good ? &err : &unused);
    }
    if (is_good)
        return;
    c->entry.plugin = NULL;
    c->entry.refusal = memory_copy_string(err.message);
}

/* The candidate of this name, from the first folder that has one; NULL: none has. */
static const candidate *find_candidate(catalog *c, carpel_plugin_kind kind, slice name,
                                       bool is_foreign)
{
    const candidate *found = find_known(c, kind, name);
    text file;
    text_init(&file);
    text_append_format(&file, "%s_%.*s.so", kind_name(kind), (int)name.size, name.data);
    for (size_t i = 0; found == NULL && i < c->directories.count; i++) {
        char *path = path_join(c->directories.items[i], file.data);
        if (file_exists(path) || directory_exists(path)) { /* a folder is refused */
            candidate *added = add_candidate(c, kind, name, path);
            judge(added, is_foreign);
            found = added;
        }
        memory_free(path);
    }
    text_done(&file);
    return found;
}

/* Call `visit` for each file of the folders whose name is that of a plugin. */
static void visit_files(catalog *c, void *context,
                        void (*visit)(catalog *c, carpel_plugin_kind kind, slice name,
                                      void *context))
{
    for (size_t i = 0; i < c->directories.count; i++) {
        path_list files = {0};
        (void)directory_list(c->directories.items[i], &files); /* it need not be there */
        for (size_t f = 0; f < files.count; f++) {
            carpel_plugin_kind kind;
            slice name;
            if (parse_file_name(files.items[f], &kind, &name))
                visit(c, kind, name, context);
        }
        path_list_done(&files);
    }
}

/* ---- misnamed files ----------------------------------------------------- */

/* The name that a file would give to a plugin: of "libmine.so" it is "mine". */
static slice stem_of(const char *file)
{
    slice s = slice_of(file), library = slice_of("lib");
    s.size -= strlen(".so");
    if (slice_starts_with(s, library) && s.size > library.size)
        s = (slice){s.data + library.size, s.size - library.size};
    return s;
}

static bool is_misnamed(const char *file)
{
    carpel_plugin_kind kind;
    slice name;
    return slice_ends_with(slice_of(file), slice_of(".so")) &&
           !parse_file_name(file, &kind, &name);
}

/* A shared object among plugins whose name says nothing is not passed over silently. */
static void add_misnamed(catalog *c, const char *directory, const char *file)
{
    char *path = path_join(directory, file);
    bool is_known = false;
    for (size_t i = 0; i < c->count; i++)
        is_known = is_known || strcmp(c->candidates[i].entry.path, path) == 0;
    if (!is_known) {
        slice stem = stem_of(file);
        candidate *added = add_candidate(c, CARPEL_OUTPUT, stem, path);
        text refusal;
        text_init(&refusal);
        text_append_format(&refusal,
                           "\"%s\" is not named like a plugin: call it "
                           "\"source_%.*s.so\" or \"output_%.*s.so\"",
                           path, (int)stem.size, stem.data, (int)stem.size, stem.data);
        added->entry.is_misnamed = true;
        added->entry.refusal = memory_copy_text(refusal.data, refusal.size);
        text_done(&refusal);
    }
    memory_free(path);
}

static void find_misnamed(catalog *c)
{
    for (size_t i = 0; i < c->directories.count; i++) {
        path_list files = {0};
        (void)directory_list(c->directories.items[i], &files);
        for (size_t f = 0; f < files.count; f++)
            if (is_misnamed(files.items[f]))
                add_misnamed(c, c->directories.items[i], files.items[f]);
        path_list_done(&files);
    }
}

/* The misnamed file that was probably meant to be the plugin of this name. */
static const candidate *find_misnamed_as(catalog *c, const char *name)
{
    find_misnamed(c);
    for (size_t i = 0; i < c->count; i++)
        if (c->candidates[i].entry.is_misnamed &&
            slice_contains(slice_of(c->candidates[i].name), slice_of(name)))
            return &c->candidates[i];
    return NULL;
}

/* ---- names that nothing has --------------------------------------------- */

/* A search for the name that was meant. */
typedef struct name_search {
    carpel_plugin_kind kind;
    suggestion best;
    path_list names; /* owns the candidates' texts */
} name_search;

static void collect_name(catalog *c, carpel_plugin_kind kind, slice name, void *context)
{
    name_search *search = context;
    (void)c;
    if (kind != search->kind)
        return;
    char *copy = memory_copy_text(name.data, name.size);
    path_list_add(&search->names, copy);
    memory_free(copy);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void catalog_names(catalog *c, carpel_plugin_kind kind, text *out)
{
    name_search search = {.kind = kind};
    visit_files(c, &search, collect_name);
    if (search.names.count > 0)
        qsort(search.names.items, search.names.count, sizeof *search.names.items,
              compare_names);
    for (size_t i = 0; i < search.names.count; i++)
        if (i == 0 || strcmp(search.names.items[i], search.names.items[i - 1]) != 0)
            text_append_format(out, "%s%s", out->size > 0 ? ", " : "",
                               search.names.items[i]);
    path_list_done(&search.names);
}

/* The name that was probably meant, or NULL; it lives as long as the names of the search. */
static const char *find_similar(catalog *c, name_search *search)
{
    visit_files(c, search, collect_name);
    if (search->names.count > 0)
        qsort(search->names.items, search->names.count, sizeof *search->names.items,
              compare_names);
    for (size_t i = 0; i < search->names.count; i++)
        suggest_consider(&search->best, search->names.items[i]);
    return suggest_best(&search->best);
}

bool catalog_has_similar(catalog *c, carpel_plugin_kind kind, const char *name)
{
    name_search search = {.kind = kind, .best = suggest_begin(name)};
    bool is_found = find_similar(c, &search) != NULL;
    path_list_done(&search.names);
    return is_found;
}

static bool fail_unknown(catalog *c, carpel_plugin_kind kind, const char *name,
                         carpel_error *err)
{
    name_search search = {.kind = kind, .best = suggest_begin(name)};
    const char *meant = find_similar(c, &search);
    text folders;
    text_init(&folders);
    for (size_t i = 0; i < c->directories.count; i++)
        text_append_format(&folders, "%s%s", i == 0 ? "" : ", ", c->directories.items[i]);
    const candidate *misnamed = is_plugin_name(slice_of(name)) && meant == NULL
                                    ? find_misnamed_as(c, name)
                                    : NULL;
    if (misnamed != NULL)
        carpel_fail(err, CARPEL_E_INPUT, "no %s plugin is named \"%s\"; %s",
                    kind_name(kind), name, misnamed->entry.refusal);
    else if (meant != NULL)
        carpel_fail(err, CARPEL_E_INPUT,
                    "no %s plugin is named \"%s\"; did you mean \"%s\"?", kind_name(kind),
                    name, meant);
    else
        carpel_fail(err, CARPEL_E_INPUT, "no %s plugin is named \"%s\" (searched: %s)",
                    kind_name(kind), name,
                    c->directories.count > 0 ? folders.data : "nothing");
    text_done(&folders);
    path_list_done(&search.names);
    return false;
}

static void judge_file(catalog *c, carpel_plugin_kind kind, slice name, void *context)
{
    (void)context;
    find_candidate(c, kind, name, true);
}

static int compare_candidates(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->entry.is_misnamed != y->entry.is_misnamed)
        return x->entry.is_misnamed ? 1 : -1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* ---- folders ------------------------------------------------------------ */

catalog *catalog_new(const char *const *directories, size_t count)
{
    catalog *c = memory_alloc_zero(sizeof *c);
    for (size_t i = 0; i < count; i++)
        path_list_add(&c->directories, directories[i]);
    return c;
}

void catalog_free(catalog *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < c->count; i++) {
        candidate *one = &c->candidates[i];
        memory_free(one->name);
        memory_free((char *)one->entry.path);
        memory_free((char *)one->entry.refusal);
        memory_free(one->description);
        if (one->handle != NULL)
            dlclose(one->handle);
    }
    memory_free(c->candidates);
    memory_free(c->listed);
    path_list_done(&c->directories);
    memory_free(c);
}

bool catalog_find(catalog *c, carpel_plugin_kind kind, const char *name,
                  const carpel_plugin **out, carpel_error *err)
{
    slice wanted = slice_of(name);
    const candidate *found =
        is_plugin_name(wanted) ? find_candidate(c, kind, wanted, false) : NULL;
    if (found == NULL)
        return fail_unknown(c, kind, name, err);
    if (found->entry.plugin == NULL)
        return carpel_fail(err, CARPEL_E_PLUGIN, "%s", found->entry.refusal);
    *out = found->entry.plugin;
    return true;
}

bool catalog_find_file(catalog *c, const char *file, const carpel_plugin **out,
                       carpel_error *err)
{
    carpel_plugin_kind kind;
    slice name;
    if (!parse_file_name(file, &kind, &name))
        return carpel_fail(err, CARPEL_E_PLUGIN,
                           "\"%s\" is not named like a plugin: it is source_NAME.so or "
                           "output_NAME.so",
                           file);
    const candidate *found = find_candidate(c, kind, name, true);
    if (!found)
        return carpel_fail(err, CARPEL_E_INPUT, "there is no file \"%s\"", file);
    if (!found->entry.plugin)
        return carpel_fail(err, CARPEL_E_PLUGIN, "%s", found->entry.refusal);
    *out = found->entry.plugin;
    return true;
}

size_t catalog_folders(const catalog *c, const char *const **out)
{
    *out = (const char *const *)c->directories.items;
    return c->directories.count;
}

size_t catalog_list(catalog *c, const catalog_entry **out)
{
    visit_files(c, NULL, judge_file);
    find_misnamed(c);
    if (c->count > 0)
        qsort(c->candidates, c->count, sizeof *c->candidates, compare_candidates);
    c->listed = memory_resize_array(c->listed, c->count + 1, sizeof *c->listed);
    for (size_t i = 0; i < c->count; i++)
        c->listed[i] = c->candidates[i].entry;
    *out = c->listed;
    return c->count;
}

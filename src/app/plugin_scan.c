/* SPDX-License-Identifier: MIT
 *
 * `carpel plugins --scan DIR`: what foreign files say of themselves. They are read as files and not
 * loaded, so nothing of theirs runs.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "app/plugin_kit.h"
#include "app/say.h"
#include "base/directory.h"
#include "base/memory.h"
#include "base/path.h"
#include "plugin/description.h"
#include "plugin/elf_file.h"
#include "report/table.h"
#include "report/terminal.h"

#include <carpel/plugin.h>

typedef struct scan {
    table *found;
    text notes, refused;
    size_t count;
} scan;

static const char *kind_name(uint32_t kind)
{
    return kind == CARPEL_SOURCE ? "source" : kind == CARPEL_OUTPUT ? "output" : "?";
}

static void add_cell(table *t, const char *words)
{
    text safe;
    text_init(&safe);
    terminal_append_safe(&safe, slice_of(words));
    table_cell(t, safe.size > 0 ? safe.data : "");
    text_done(&safe);
}

static void note_fit(scan *s, const char *file, const elf_description *d)
{
    char wanted[120];
    snprintf(wanted, sizeof wanted, "%s_%s.so", kind_name(d->kind), d->name);
    if (!description_is_of_version(d->abi_major))
        text_append_format(
            &s->notes, "%s: this carpel has interface %u.%u: it has to be built anew\n",
            file, CARPEL_ABI_MAJOR, CARPEL_ABI_MINOR);
    else if (d->kind != CARPEL_SOURCE && d->kind != CARPEL_OUTPUT)
        text_append_format(&s->notes,
                           "%s: its kind %u is neither a source nor an output\n", file,
                           d->kind);
    else if (strcmp(file, wanted) != 0)
        text_append_format(&s->notes, "%s: its file would have to be called %s\n", file,
                           wanted);
    if (description_is_of_version(d->abi_major) && d->abi_minor > CARPEL_ABI_MINOR)
        text_append_format(&s->notes,
                           "%s: is built for a newer interface than %u.%u; it is taken "
                           "when it uses nothing of what is new there\n",
                           file, CARPEL_ABI_MAJOR, CARPEL_ABI_MINOR);
    if (d->found.constructors > 0)
        text_append_format(&s->notes,
                           "%s: runs %zu function%s of its own when it is loaded\n", file,
                           d->found.constructors, d->found.constructors == 1 ? "" : "s");
}

static void add_found(scan *s, const char *file, const elf_description *d)
{
    char interface[30];
    snprintf(interface, sizeof interface, "%u.%u", d->abi_major, d->abi_minor);
    add_cell(s->found, file);
    table_cell(s->found, kind_name(d->kind));
    add_cell(s->found, d->name);
    add_cell(s->found, d->version);
    table_cell(s->found, interface);
    add_cell(s->found, d->summary);
    s->count++;
    note_fit(s, file, d);
}

static void scan_file(scan *s, const char *directory, const char *file)
{
    elf_description d;
    carpel_error err;
    if (!slice_ends_with(slice_of(file), slice_of(".so")))
        return;
    char *path = path_join(directory, file);
    if (elf_file_describe(path, &d, &err)) {
        add_found(s, file, &d);
    } else {
        text_append(&s->refused, "  ");
        text_append(&s->refused, err.message);
        text_append_char(&s->refused, '\n');
    }
    memory_free(path);
}

/* A line after the other, as what stands in them is foreign. */
static void append_safe(const text *lines, text *out)
{
    const char *at = lines->size > 0 ? lines->data : "";
    while (*at != '\0') {
        size_t size = strcspn(at, "\n");
        terminal_append_safe(out, (slice){at, size});
        text_append_char(out, '\n');
        at += size + 1;
    }
}

static void append_scan(const scan *s, text *out)
{
    size_t width = terminal_is_interactive(stdout) ? terminal_width(stdout) : SIZE_MAX;
    if (s->count > 0)
        table_append(s->found, out, width, terminal_has_utf8());
    else if (s->refused.size == 0)
        text_append(out, "there are no plugins\n");
    if (s->notes.size > 0)
        text_append_char(out, '\n');
    append_safe(&s->notes, out);
    if (s->refused.size > 0)
        text_append(out, s->count > 0 ? "\nno plugins:\n" : "no plugins:\n");
    append_safe(&s->refused, out);
}

static int say_scan(const char *directory, const path_list *files)
{
    static const char *const columns[] = {"file",    "kind",      "name",
                                          "version", "interface", ""};
    scan s = {.found = table_new()};
    text out;
    text_init(&s.notes);
    text_init(&s.refused);
    text_init(&out);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        table_column(s.found, columns[i], TABLE_LEFT);
    for (size_t i = 0; i < files->count; i++)
        scan_file(&s, directory, files->items[i]);
    append_scan(&s, &out);
    int code = say_result(&out);
    table_free(s.found);
    text_done(&s.notes);
    text_done(&s.refused);
    text_done(&out);
    return code;
}

int plugin_kit_scan(const char *directory)
{
    path_list files = {0};
    int code = EXIT_NO_INPUT;
    if (directory_list(directory, &files))
        code = say_scan(directory, &files);
    else
        say_error("cannot open \"%s\": %s", directory, strerror(errno));
    path_list_done(&files);
    return code;
}

/* SPDX-License-Identifier: MIT
 *
 * `carpel plugins new NAME`: a folder with carpel's own template, under another name.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/plugin_kit.h"
#include "app/plugin_names.h"
#include "app/say.h"
#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"

enum { MOST_BYTES = 1024 * 1024 };

/* A file of the template, by kind, and what it is called in the folder; "" stands for the name of
 * the plugin with ".c". */
typedef struct template_file {
    const char *of_source, *of_output, *name;
} template_file;

static const template_file files[] = {
    {"source.c", "output.c", ""},
    {"kit/source.yaml", "kit/output.yaml", "options.yaml"},
    {"kit/Makefile", "kit/Makefile", "Makefile"},
    {"kit/README.md", "kit/README.md", "README.md"},
};
enum { FILES = sizeof files / sizeof *files };

/* The folder of the template: beside a command that was not installed, else the installed one. */
static char *find_template(void)
{
    char *command = path_resolve("/proc/self/exe");
    char *directory = command ? path_directory(command) : NULL;
    char *found = directory ? path_join(directory, "template") : NULL;
    if (!found || !directory_exists(found)) {
        memory_free(found);
        found = memory_copy_string(CARPEL_TEMPLATE_DIRECTORY);
    }
    memory_free(directory);
    memory_free(command);
    return found;
}

/* A name of C, as functions and types are named after it. */
static bool is_good_name(const char *name)
{
    return name[0] >= 'a' && name[0] <= 'z' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

static bool is_word_of_c(const char *name)
{
    static const char *const words[] = {
        "auto",    "break",  "case",     "char",   "const",    "continue", "default",
        "do",      "double", "else",     "enum",   "extern",   "float",    "for",
        "goto",    "if",     "inline",   "int",    "long",     "register", "restrict",
        "return",  "short",  "signed",   "sizeof", "static",   "struct",   "switch",
        "typedef", "union",  "unsigned", "void",   "volatile", "while",    "bool",
        "true",    "false",  "asm",      "typeof", "main",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], name) == 0)
            return true;
    return false;
}

/* Why a good name is not free, or NULL. */
static const char *taken_by(const char *name)
{
    if (is_word_of_c(name))
        return "It is a word of C, and functions are named after it.";
    if (strncmp(name, "carpel", strlen("carpel")) == 0)
        return "Names that begin with \"carpel\" are those of carpel's own functions.";
    if (strcmp(name, "new") == 0 || strcmp(name, "test") == 0)
        return "\"carpel plugins new\" and \"carpel plugins test\" have another meaning.";
    return plugin_is_there(name)
               ? "A plugin of this name is there already: \"carpel plugins\" lists all."
               : NULL;
}

/* The template is called "template" wherever it names itself, and @NAME@ and @KIND@ stand where it
 * cannot. */
static void append_filled(slice body, const char *kind, const char *name, text *out)
{
    const struct {
        slice word;
        const char *instead;
    } words[] = {{slice_of("template"), name},
                 {slice_of("@NAME@"), name},
                 {slice_of("@KIND@"), kind}};
    while (body.size > 0) {
        size_t size = 1;
        const char *instead = NULL;
        for (size_t i = 0; i < 3 && !instead; i++)
            if (slice_starts_with(body, words[i].word)) {
                size = words[i].word.size;
                instead = words[i].instead;
            }
        text_append_bytes(out, instead ? instead : body.data,
                          instead ? strlen(instead) : 1);
        body = (slice){body.data + size, body.size - size};
    }
}

static bool write_file(const char *template, const template_file *file, bool is_source,
                       const char *name, carpel_error *err)
{
    text body, filled, place;
    char *from = path_join(template, is_source ? file->of_source : file->of_output);
    text_init(&body);
    text_init(&filled);
    text_init(&place);
    text_append_format(&place, "%s/%s%s", name, file->name[0] ? file->name : name,
                       file->name[0] ? "" : ".c");
    bool ok = file_read(from, MOST_BYTES, &body, err);
    if (ok)
        append_filled((slice){body.data, body.size}, is_source ? "source" : "output",
                      name, &filled);
    ok = ok && file_write_whole(place.data, filled.data, filled.size, err);
    text_done(&body);
    text_done(&filled);
    text_done(&place);
    memory_free(from);
    return ok;
}

static int write_folder(const char *name, bool is_source)
{
    carpel_error err;
    char *template = find_template();
    bool ok = directory_make(name, &err);
    for (size_t i = 0; ok && i < FILES; i++)
        ok = write_file(template, &files[i], is_source, name, &err);
    memory_free(template);
    if (!ok)
        return say_failure(&err);
    text out;
    text_init(&out);
    text_append_format(&out,
                       "%s %s is begun. Build and try it:\n\n    make -C %s check\n\nIt "
                       "begins at the bottom of %s/%s.c; %s/README.md says how a project "
                       "finds it.\n",
                       is_source ? "source" : "output", name, name, name, name, name);
    int code = say_result(&out);
    text_done(&out);
    return code;
}

static int refuse(const char *hint)
{
    say_hint("%s", hint);
    return EXIT_BAD_USAGE;
}

int plugin_kit_new(const command_line *line)
{
    const char *name = line->arguments[1];
    const char *kind = line->kind ? line->kind : "source";
    bool is_source = strcmp(kind, "source") == 0;
    if (!is_source && strcmp(kind, "output") != 0) {
        say_error("\"%s\" is no kind of plugin", kind);
        return refuse(
            "Write --kind source, which brings rows, or --kind output, which takes "
            "results.");
    }
    if (!is_good_name(name)) {
        say_error("a plugin cannot be named \"%s\" here", name);
        return refuse(
            "A name is of small letters, digits and _, and begins with a letter, as "
            "functions are named after it.");
    }
    if (taken_by(name)) {
        say_error("a plugin cannot be named \"%s\"", name);
        return refuse(taken_by(name));
    }
    if (path_is_taken(name)) {
        say_error("\"%s\" is there already", name);
        return refuse("Choose another name, or another folder to be in.");
    }
    return write_folder(name, is_source);
}

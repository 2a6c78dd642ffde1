/* SPDX-License-Identifier: MIT
 *
 * Variables of the environment in the values of a YAML file: ${NAME} gives the value, $${ the
 * signs themselves, and what other tools write is warned of.
 */
#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "config/foreign_yaml.h"
#include "config/yaml_reader.h"

/* Where `part` of a value stands in the file, or the whole value when escapes hide it.
 * *from moves behind it, so that the next search finds the next one. */
static span span_of_part(const yaml_reader *r, span whole, uint32_t *from,
                         const char *part, size_t size)
{
    slice bytes = source_text(r->file);
    const char *found = memmem(bytes.data + *from, whole.end - *from, part, size);
    if (found == NULL)
        return whole;
    uint32_t begin = (uint32_t)(found - bytes.data);
    *from = begin + (uint32_t)size;
    return (span){r->file, begin, *from};
}

static size_t variable_name_size(const char *name)
{
    if (!isalpha((unsigned char)*name) && *name != '_')
        return 0;
    size_t size = 1;
    while (isalnum((unsigned char)name[size]) || name[size] == '_')
        size++;
    return size;
}

/* `${{ env.OUT }}` and `${OUT:-out}` are ${OUT}. */
static void hint_variable(const yaml_reader *r, const char *name)
{
    name += strspn(name, "{ ");
    if (strncmp(name, "env.", 4) == 0)
        name += 4;
    size_t size = variable_name_size(name);
    if (size > 0)
        diag_hint(r->diags, "Write ${%.*s}: the name alone, without a default.",
                  (int)size, name);
    else
        diag_hint(r->diags, "Write ${NAME}, or $${ for the signs themselves.");
}

/* Append the value of the variable that `dollar` ("${NAME}...") names, and return
 * what is behind it. */
static const char *append_variable(yaml_reader *r, yaml_node *node, const char *dollar,
                                   uint32_t *from, text *out)
{
    const char *name = dollar + 2;
    size_t size = variable_name_size(name);
    if (size == 0 || name[size] != '}') {
        span where = span_of_part(r, node->where, from, "${", 2);
        diag_error(r->diags, where, E0308,
                   "\"${\" needs the name of an environment variable and a \"}\"");
        hint_variable(r, name);
        node->is_broken = true;
        return name;
    }
    span where = span_of_part(r, node->where, from, dollar, size + 3);
    char *copy = arena_copy_text(r->memory, name, size);
    const char *value = r->environment(copy);
    if (value == NULL) {
        diag_error(r->diags, where, E0308, "the environment variable \"%s\" is not set",
                   copy);
        diag_hint(r->diags, "Set it before the run, for example: %s=... carpel run",
                  copy);
        node->is_broken = true;
    } else if (!utf8_is_valid(value, strlen(value))) {
        diag_error(r->diags, where, E0308,
                   "the environment variable \"%s\" is not text in UTF-8", copy);
        diag_hint(r->diags, "Set it to a text in UTF-8.");
        node->is_broken = true;
    } else {
        text_append(out, value);
    }
    return name + size + 1;
}

/* Warn of a variable that is written as other tools write it, and stays a text. */
static void warn_of_variable(const yaml_reader *r, const yaml_node *node)
{
    foreign_variable found;
    if (!foreign_variable_find(node->text, &found))
        return;
    uint32_t from = node->where.begin;
    span where =
        span_of_part(r, node->where, &from, node->text + found.begin, found.size);
    diag_warning(r->diags, where, W0303, "\"%.*s\" is a text here, not a variable",
                 (int)found.size, node->text + found.begin);
    diag_hint(r->diags, "A variable of the environment is written ${%.*s}.",
              (int)found.name_size, found.name);
    diag_fix(r->diags, where, "${%.*s}", (int)found.name_size, found.name);
}

void yaml_substitute(yaml_reader *r, yaml_node *node)
{
    const char *at = node->text;
    warn_of_variable(r, node);
    if (strstr(at, "${") == NULL)
        return;
    uint32_t from = node->where.begin;
    text out;
    text_init(&out);
    while (*at != '\0') {
        if (strncmp(at, "$${", 3) == 0) {
            text_append(&out, "${");
            span_of_part(r, node->where, &from, "$${", 3);
            at += 3;
        } else if (strncmp(at, "${", 2) == 0) {
            at = append_variable(r, node, at, &from, &out);
        } else {
            text_append_char(&out, *at++);
        }
    }
    node->text = arena_copy_text(r->memory, out.data, out.size);
    text_done(&out);
}

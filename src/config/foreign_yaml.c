/* SPDX-License-Identifier: MIT
 *
 * Keys of other tools come from foreign_keys.def; variables are those of templates (dbt, Helm, Jinja),
 * of Windows and of shells.
 */
#include "config/foreign_yaml.h"

#include <ctype.h>
#include <string.h>

/* ---- keys --------------------------------------------------------------------- */

static bool is_joint(char letter)
{
    return letter == '_' || letter == '-';
}

/* Is the word that begins at `listed`, up to a blank, the key that was written? */
static bool is_same_key(const char *listed, const char *written)
{
    for (;; listed++, written++) {
        while (is_joint(*listed))
            listed++;
        while (is_joint(*written))
            written++;
        if (*listed == '\0' || *listed == ' ')
            return *written == '\0';
        if (tolower((unsigned char)*written) != *listed)
            return false;
    }
}

static bool lists_key(const char *listed, const char *written)
{
    while (!is_same_key(listed, written)) {
        listed += strcspn(listed, " ");
        if (*listed++ == '\0')
            return false;
    }
    return true;
}

const char *foreign_key(const char *written,
                        bool (*is_key)(const void *keys, const char *name),
                        const void *keys)
{
    static const char *const rows[][2] = {
#define X(theirs, ours) {theirs, ours},
#include "config/foreign_keys.def"
#undef X
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (lists_key(rows[i][0], written) && is_key(keys, rows[i][1]))
            return rows[i][1];
    return NULL;
}

/* ---- variables ------------------------------------------------------------------- */

/* How long the name of a variable is that begins here; those of shells have capitals. */
static size_t name_size(const char *text)
{
    size_t size = 0;
    while (isupper((unsigned char)text[size]) || text[size] == '_' ||
           (size > 0 && isdigit((unsigned char)text[size])))
        size++;
    return size;
}

static bool is_of_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/*
 * `{{ env_var('OUT') }}`, `{{ .Values.out }}`: its name is the first in quotes, else the
 * last. What could be no name of ours is none.
 */
static bool read_template(const char *at, foreign_variable *out)
{
    const char *end = strncmp(at, "{{", 2) == 0 ? strstr(at + 2, "}}") : NULL;
    if (end == NULL)
        return false;
    const char *name = at + 2, *behind;
    while (name < end && *name != '\'' && *name != '"')
        name++;
    if (name < end) {
        for (behind = ++name; behind < end && is_of_name(*behind);)
            behind++;
        if (*behind != name[-1])
            return false;
    } else {
        for (behind = end; behind > at + 2 && !is_of_name(behind[-1]);)
            behind--;
        for (name = behind; name > at + 2 && is_of_name(name[-1]);)
            name--;
    }
    out->size = (size_t)(end - at) + 2;
    out->name = name;
    out->name_size = (size_t)(behind - name);
    return behind > name && !isdigit((unsigned char)*name);
}

static bool read_shell(const char *at, foreign_variable *out)
{
    size_t size = *at == '%' || *at == '$' ? name_size(at + 1) : 0;
    bool is_closed = *at == '%' && at[1 + size] == '%';
    if (size < 2 || (*at == '%' && !is_closed))
        return false;
    out->size = 1 + size + is_closed;
    out->name = at + 1;
    out->name_size = size;
    return true;
}

/* `$(OUT)` */
static bool read_bracketed(const char *at, foreign_variable *out)
{
    size_t size = strncmp(at, "$(", 2) == 0 ? name_size(at + 2) : 0;
    if (size == 0 || at[2 + size] != ')')
        return false;
    *out = (foreign_variable){
        .begin = out->begin, .size = size + 3, .name = at + 2, .name_size = size};
    return true;
}

/* ---- paths ----------------------------------------------------------------------- */

/* How long a part of a name is that other tools fill in: `{date}`, `<segment>`, `%Y`, `YYYY`. */
static size_t filled_size(const char *at)
{
    if (*at == '{' || *at == '<') {
        size_t size = 1;
        while (is_of_name(at[size]))
            size++;
        return size > 1 && at[size] == (*at == '{' ? '}' : '>') ? size + 1 : 0;
    }
    if (*at == '%' && at[1] != '\0' && strchr("YymdHMSFsjV", at[1]))
        return 2;
    return strncmp(at, "YYYY", 4) == 0 || strncmp(at, "yyyy", 4) == 0 ? 4 : 0;
}

size_t foreign_path_part(const char *path, size_t *begin)
{
    size_t size = 0;
    for (*begin = 0; path[*begin] != '\0' && size == 0; ++*begin)
        size = filled_size(path + *begin);
    *begin -= size > 0;
    return size;
}

/* ---- variables in texts ---------------------------------------------------------- */

bool foreign_variable_find(const char *text, foreign_variable *out)
{
    for (const char *at = text; *at != '\0'; at++) {
        out->begin = (size_t)(at - text);
        bool is_ours = strncmp(at, "${", 2) == 0; /* of which the reader knows more */
        if (!is_ours &&
            (read_template(at, out) || read_shell(at, out) || read_bracketed(at, out)))
            return true;
        at += is_ours;
    }
    return false;
}

/* ---- columns ----------------------------------------------------------------------- */

static const yaml_node *first_text(const yaml_node *mapping, const char *const *keys)
{
    for (; *keys; keys++) {
        const yaml_node *found = yaml_get(mapping, *keys);
        if (found && found->kind == YAML_SCALAR && !yaml_is_null(found) &&
            !found->is_broken)
            return found;
    }
    return NULL;
}

bool foreign_columns(const yaml_node *node, text *out)
{
    static const char *const names[] = {"name", "column", "field", "key", NULL};
    static const char *const types[] = {"data_type", "type",        "dtype",
                                        "datatype",  "column_type", NULL};
    size_t count = node->kind == YAML_SEQUENCE ? node->count : 0;
    for (size_t i = 0; i < count; i++) {
        const yaml_node *item = node->items[i];
        const yaml_node *name =
            item->kind == YAML_MAPPING ? first_text(item, names) : NULL;
        if (!name)
            return false;
        const yaml_node *type = first_text(item, types);
        text_append_format(out, "%s%s: %s", i > 0 ? ", " : "", name->text,
                           type ? type->text : "string");
    }
    return count > 0;
}

/* SPDX-License-Identifier: MIT
 *
 * The tree of keys.
 */
#include "common/paths.h"

#include <string.h>

#include "common/memory.h"

/* A key of a path, and which items of a list it chooses. */
typedef struct path_key {
    char *key, *field, *value; /* the last two NULL, or behind the key in its memory */
    size_t key_size, field_size, value_size;
} path_key;

/* Take over the next signs up to one of `ends`, which a backslash before them is not. */
static const char *take_signs(const char *path, const char *ends, char **out,
                              size_t *size)
{
    char *begin = *out;
    while (*path != '\0' && !strchr(ends, *path)) {
        if (*path == '\\' && path[1] != '\0' && strchr(".[]=\\", path[1]))
            path++;
        *(*out)++ = *path++;
    }
    *size = (size_t)(*out - begin);
    return path;
}

/* "[key=page]" behind a key; else what stands there is a part of the key. */
static const char *take_choice(const char *path, char *out, path_key *key)
{
    key->field = out;
    const char *at = take_signs(path + 1, "=].", &out, &key->field_size);
    if (*at != '=')
        return NULL;
    key->value = out;
    at = take_signs(at + 1, "]", &out, &key->value_size);
    return *at == ']' && (at[1] == '.' || at[1] == '\0') ? at + 1 : NULL;
}

/* Cut the next key off a path; returns what comes behind its dot, or NULL. The memory of the key is
 * as long as the path. */
static const char *take_key(const char *path, char *memory, path_key *key)
{
    char *out = memory;
    *key = (path_key){.key = memory};
    for (;;) {
        path = take_signs(path, ".[", &out, &key->key_size);
        key->key_size = (size_t)(out - memory);
        const char *behind = *path == '[' ? take_choice(path, out, key) : NULL;
        if (behind)
            path = behind;
        else
            key->field = key->value = NULL;
        if (behind || *path != '[')
            break;
        *out++ = *path++;
    }
    return *path == '.' ? path + 1 : NULL;
}

static path_node *new_node(const char *key, size_t size)
{
    path_node *node = common_alloc(1, sizeof *node);
    node->key = common_copy(key, size);
    node->key_size = size;
    return node;
}

static path_node *find_child(const path_node *node, const char *key, size_t size)
{
    for (size_t i = 0; i < node->child_count; i++) {
        path_node *child = node->children[i];
        if (child->key_size == size && memcmp(child->key, key, size) == 0)
            return child;
    }
    return NULL;
}

static path_node *add_child(path_node *node, const char *key, size_t size)
{
    path_node *child = find_child(node, key, size);
    if (child != NULL)
        return child;
    child = new_node(key, size);
    size_t count = node->child_count++;
    node->children = common_resize(node->children, (count + 1) * sizeof *node->children);
    node->children[count] = child;
    return child;
}

/* The items of a list that are chosen by this field. */
static path_node *add_choice(path_node *node, const path_key *key)
{
    for (size_t i = 0; i < node->choice_count; i++) {
        path_choice *choice = &node->choices[i];
        if (choice->field_size == key->field_size &&
            memcmp(choice->field, key->field, key->field_size) == 0)
            return choice->items;
    }
    size_t count = node->choice_count++;
    node->choices = common_resize(node->choices, (count + 1) * sizeof *node->choices);
    node->choices[count] = (path_choice){common_copy(key->field, key->field_size),
                                         key->field_size, new_node("", 0)};
    return node->choices[count].items;
}

/* "*", "*_value" */
static bool is_any_key(const path_key *key)
{
    return key->key_size > 0 && key->key[0] == '*' && !key->field &&
           (key->key_size == 1 || key->key[1] == '_');
}

static path_node *add_key(path_node *node, const path_key *key)
{
    bool is_any = is_any_key(key);
    node->has_any = node->has_any || is_any;
    node = add_child(node, key->key, key->key_size);
    node->is_any = is_any;
    return key->field ? add_child(add_choice(node, key), key->value, key->value_size)
                      : node;
}

/* The node at a path, which is made when it is not there. */
static path_node *add_path(path_node *root, const char *path)
{
    char *memory = common_resize(NULL, strlen(path) + 1);
    path_node *node = root;
    for (const char *rest = path; rest != NULL;) {
        path_key key;
        rest = take_key(rest, memory, &key);
        node = add_key(node, &key);
    }
    free(memory);
    return node;
}

static void end_column(path_node *node, path_end end)
{
    size_t count = node->column_count++;
    node->columns = common_resize(node->columns, (count + 1) * sizeof *node->columns);
    node->columns[count] = end;
}

static void end_list(path_node *node, const carpel_column *wanted, size_t column)
{
    size_t count = node->list_count++;
    path_node *item =
        wanted->is_plain ? new_node("", 0) : paths_new(wanted->items, wanted->item_count);
    if (wanted->is_plain)
        end_column(item, (path_end){0});
    node->lists = common_resize(node->lists, (count + 1) * sizeof *node->lists);
    node->lists[count] = (path_list){column, item};
}

path_node *paths_new(const carpel_column *columns, size_t column_count)
{
    path_node *root = new_node("", 0);
    for (size_t i = 0; i < column_count; i++) {
        const char *const *others = columns[i].others;
        path_node *node = add_path(root, columns[i].from);
        if (columns[i].type == CARPEL_LIST)
            end_list(node, &columns[i], i);
        else
            end_column(node, (path_end){i, others != NULL, 0});
        for (unsigned k = 0; others && others[k]; k++)
            end_column(add_path(root, others[k]), (path_end){i, true, k + 1});
    }
    return root;
}

path_node *paths_add(path_node *root, const char *path)
{
    return add_path(root, path);
}

void paths_free(path_node *node)
{
    for (size_t i = 0; i < node->child_count; i++)
        paths_free(node->children[i]);
    for (size_t i = 0; i < node->list_count; i++)
        paths_free(node->lists[i].item);
    for (size_t i = 0; i < node->choice_count; i++) {
        paths_free(node->choices[i].items);
        free(node->choices[i].field);
    }
    free(node->choices);
    free(node->children);
    free(node->lists);
    free(node->columns);
    free(node->key);
    free(node);
}

/* The child for keys that end like this one. */
static path_node *find_any(const path_node *node, const char *key, size_t size)
{
    for (size_t i = 0; i < node->child_count; i++) {
        path_node *child = node->children[i];
        size_t end = child->key_size - 1;
        if (child->is_any && end <= size &&
            memcmp(child->key + 1, key + size - end, end) == 0)
            return child;
    }
    return NULL;
}

/* Lines mostly have their keys in one order, so the search begins behind the last hit. */
path_node *paths_find(path_node *node, const char *key, size_t size)
{
    size_t at = node->next_child;
    for (size_t i = 0; i < node->child_count; i++, at++) {
        if (at >= node->child_count)
            at = 0;
        path_node *child = node->children[at];
        if (child->key_size == size && !child->is_any &&
            memcmp(child->key, key, size) == 0) {
            node->next_child = at + 1;
            return child;
        }
    }
    return node->has_any ? find_any(node, key, size) : NULL;
}

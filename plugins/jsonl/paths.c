/* SPDX-License-Identifier: MIT
 *
 * The tree of keys.
 */
#include "jsonl/paths.h"

#include <string.h>

#include "common/memory.h"

/* Cut the next key off a path; returns what comes behind its dot, or NULL. */
static const char *take_key(const char *path, char *key, size_t *size)
{
    *size = 0;
    while (*path != '\0' && *path != '.') {
        if (*path == '\\' && (path[1] == '.' || path[1] == '\\'))
            path++;
        key[(*size)++] = *path++;
    }
    return *path == '.' ? path + 1 : NULL;
}

static path_node *add_child(path_node *node, const char *key, size_t size)
{
    path_node *child = paths_find(node, key, size);
    if (child != NULL)
        return child;
    child = common_alloc(1, sizeof *child);
    child->key = common_copy(key, size);
    child->key_size = size;
    size_t count = node->child_count++;
    node->children = common_resize(node->children, (count + 1) * sizeof *node->children);
    node->children[count] = child;
    return child;
}

/* The node at a path, which is made when it is not there. */
static path_node *add_path(path_node *root, const char *path)
{
    char *key = common_resize(NULL, strlen(path) + 1);
    path_node *node = root;
    for (const char *rest = path; rest != NULL;) {
        size_t size;
        rest = take_key(rest, key, &size);
        node = add_child(node, key, size);
    }
    free(key);
    return node;
}

static void end_column(path_node *node, size_t column)
{
    size_t count = node->column_count++;
    node->columns = common_resize(node->columns, (count + 1) * sizeof *node->columns);
    node->columns[count] = column;
}

static path_node *new_root(void)
{
    path_node *root = common_alloc(1, sizeof *root);
    root->key = common_copy("", 0);
    return root;
}

static void end_list(path_node *node, const carpel_column *wanted, size_t column)
{
    size_t count = node->list_count++;
    path_node *item =
        wanted->is_plain ? new_root() : paths_new(wanted->items, wanted->item_count);
    if (wanted->is_plain)
        end_column(item, 0);
    node->lists = common_resize(node->lists, (count + 1) * sizeof *node->lists);
    node->lists[count] = (path_list){column, item};
}

path_node *paths_new(const carpel_column *columns, size_t column_count)
{
    path_node *root = new_root();
    for (size_t i = 0; i < column_count; i++) {
        path_node *node = add_path(root, columns[i].from);
        if (columns[i].type == CARPEL_LIST)
            end_list(node, &columns[i], i);
        else
            end_column(node, i);
    }
    return root;
}

void paths_free(path_node *node)
{
    for (size_t i = 0; i < node->child_count; i++)
        paths_free(node->children[i]);
    for (size_t i = 0; i < node->list_count; i++)
        paths_free(node->lists[i].item);
    free(node->children);
    free(node->lists);
    free(node->columns);
    free(node->key);
    free(node);
}

/* Lines mostly have their keys in one order, so the search begins behind the last hit. */
path_node *paths_find(path_node *node, const char *key, size_t size)
{
    size_t at = node->next_child;
    for (size_t i = 0; i < node->child_count; i++, at++) {
        if (at >= node->child_count)
            at = 0;
        path_node *child = node->children[at];
        if (child->key_size == size && memcmp(child->key, key, size) == 0) {
            node->next_child = at + 1;
            return child;
        }
    }
    return NULL;
}

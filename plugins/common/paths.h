/* SPDX-License-Identifier: MIT
 *
 * paths -- the wanted columns as a tree of keys, so that one walk over an object finds
 * them all. "user.address.city" is a path of three keys; a backslash in front of a dot or
 * a backslash takes away its meaning. "params[key=page].value" is the value of that item of the
 * list `params` whose `key` is "page". A key "*" is any key, and "*_value" one that ends so: of their values that which
 * is there.
 *
 *     amount            column 1
 *     user -- id        column 0
 *          `- city      columns 2, 3
 *
 * A column of lists has a tree of its own for what each item holds.
 */
#ifndef COMMON_PATHS_H
#define COMMON_PATHS_H

#include <carpel/plugin.h>

typedef struct path_node path_node;

/* A column of lists that ends at a node. */
typedef struct path_list {
    size_t column;
    path_node *item; /* of plain values: a node where column 0 ends */
} path_list;

/* Items of the list at a node that are chosen by the text of one of their fields. */
typedef struct path_choice {
    char *field;
    size_t field_size;
    path_node *items; /* its children have the texts as their keys */
} path_choice;

/* A column whose value may stand at several nodes: that of the lowest rank counts. */
typedef struct path_end {
    size_t column;
    bool has_others;
    unsigned rank;
} path_end;

struct path_node {
    char *key; /* the outermost node has the empty one */
    size_t key_size;
    path_end *columns; /* that end here */
    size_t column_count;
    path_list *lists; /* that end here, too */
    size_t list_count;
    path_choice *choices; /* of a list's items */
    size_t choice_count;
    bool is_any;  /* its key is "*" and how keys end that no other child has */
    bool has_any; /* a child is such a one */
    path_node **children;
    size_t child_count;
    size_t next_child; /* the one after the last that was found: a guess */
    uint64_t seen_in;  /* the object in which it was met last */
    bool was_found;    /* in any row */
};

/* The tree for these columns, with their other fields. Never NULL. */
path_node *paths_new(const carpel_column *columns, size_t column_count);
void paths_free(path_node *node);

/* The node at one more path. */
path_node *paths_add(path_node *root, const char *path);

/* The child with this key, or for such keys; else NULL. */
path_node *paths_find(path_node *node, const char *key, size_t size);

#endif

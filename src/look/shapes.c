/* SPDX-License-Identifier: MIT
 *
 * The table, and which of its shapes a file is of.
 */
#include "look/shapes.h"

#include <string.h>

static const shape_row rows[] = {
#define SHAPE(name, plugin, title)    {ROW_SHAPE, name, plugin, title},
#define KNOWN_BY(field)               {ROW_KNOWN_BY, field, NULL, NULL},
#define SOURCE(name)                  {ROW_SOURCE, name, NULL, NULL},
#define FORMAT(name)                  {ROW_FORMAT, name, NULL, NULL},
#define EACH(field)                   {ROW_EACH, field, NULL, NULL},
#define PERSON(field)                 {ROW_PERSON, field, NULL, NULL},
#define TIME(field, format)           {ROW_TIME, field, format, NULL},
#define EVENT_WHEN(kind, field, text) {ROW_EVENT_WHEN, kind, field, text},
#define EVENT(kind)                   {ROW_EVENT, kind, NULL, NULL},
#define EVENTS(field)                 {ROW_EVENTS, field, NULL, NULL},
#define ID(field)                     {ROW_ID, field, NULL, NULL},
#define SKIP(field, text)             {ROW_SKIP, field, text, NULL},
#define FIELD(property, type, field)  {ROW_FIELD, property, type, field},
#define CENTS(property, field)        {ROW_CENTS, property, NULL, field},
#define FIELDS(prefix)                {ROW_FIELDS, prefix, NULL, NULL},
#define TRAIT(trait, type, field)     {ROW_TRAIT, trait, type, field},
#define TRAITS(prefix)                {ROW_TRAITS, prefix, NULL, NULL},
#include "look/shapes.def"
    {ROW_END, NULL, NULL, NULL}};

static bool is_of(const look_file *f, const shape_row *shape)
{
    if (strcmp(shape->b, f->plugin) != 0)
        return false;
    for (const shape_row *row = shape + 1; row->kind == ROW_KNOWN_BY; row++)
        if (!look_file_column(f, row->a))
            return false;
    return true;
}

const shape_row *shape_at(size_t number)
{
    for (const shape_row *row = rows; row->kind != ROW_END; row++)
        if (row->kind == ROW_SHAPE && number-- == 0)
            return row;
    return NULL;
}

const shape_row *shape_of(const look_file *f)
{
    const shape_row *shape;
    for (size_t i = 0; (shape = shape_at(i)) != NULL; i++)
        if (is_of(f, shape))
            return shape;
    return NULL;
}

const char *shape_title(const shape_row *shape)
{
    return shape->c;
}

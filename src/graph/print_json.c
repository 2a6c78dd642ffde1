/* SPDX-License-Identifier: MIT
 *
 * The graph as JSON.
 */
#include "graph/printing.h"

#include "graph/looks_at.h"
#include "report/json.h"

static void print_json_text(json_writer *w, const char *key, const text *value)
{
    json_key(w, key);
    json_text(w, (slice){value->data, value->size});
}

/* Where in the rules the node comes from, the latest place first. */
static void print_json_origins(json_writer *w, const node *n)
{
    json_key(w, "origins");
    json_array_begin(w);
    for (const origin *o = n->origins; o; o = o->next) {
        place begin = source_place(o->where.file, o->where.begin);
        json_object_begin(w);
        json_key(w, "file");
        json_string(w, source_name(o->where.file));
        json_key(w, "line");
        json_int(w, begin.line);
        json_key(w, "column");
        json_int(w, begin.column);
        if (o->name) {
            json_key(w, "name");
            json_string(w, o->name);
        }
        json_object_end(w);
    }
    json_array_end(w);
}

static void print_json_node(json_writer *w, const graph *g, const node *n, text *scratch)
{
    json_object_begin(w);
    json_key(w, "id");
    json_int(w, n->id);
    json_key(w, "kind");
    json_string(w, node_kind_name(n->kind));
    text_clear(scratch);
    print_append_domain(g, n->domain, scratch);
    print_json_text(w, "domain", scratch);
    text_clear(scratch);
    print_append_type(n, scratch);
    print_json_text(w, "type", scratch);
    json_key(w, "operands");
    json_array_begin(w);
    for (size_t i = 0; i < n->operand_count; i++)
        json_int(w, n->operands[i]->id);
    json_array_end(w);
    text_clear(scratch);
    print_append_detail(g, n, scratch);
    print_json_text(w, "detail", scratch);
    print_json_origins(w, n);
    json_object_end(w);
}

/* ---- rules in JSON ------------------------------------------------------- */

static void print_json_ids(json_writer *w, const char *key, const node *const *nodes,
                           size_t count)
{
    json_key(w, key);
    json_array_begin(w);
    for (size_t i = 0; i < count; i++)
        json_int(w, nodes[i]->id);
    json_array_end(w);
}

static void print_json_looks_at(json_writer *w, const graph *g, const node *n,
                                text *scratch)
{
    looks_at l = looks_at_find(g, n);
    json_key(w, "tables");
    json_array_begin(w);
    for (size_t i = 0; i < l.table_count; i++) {
        text_clear(scratch);
        print_append_domain(g, l.tables[i]->id, scratch);
        json_text(w, (slice){scratch->data, scratch->size});
    }
    json_array_end(w);
    print_json_ids(w, "columns", l.columns, l.column_count);
    print_json_ids(w, "windows", l.windows, l.window_count);
    looks_at_done(&l);
}

void graph_print_json(const graph *g, text *out)
{
    json_writer w;
    text scratch;
    text_init(&scratch);
    json_begin(&w, out);
    json_object_begin(&w);
    json_key(&w, "nodes");
    json_array_begin(&w);
    for (size_t i = 0; i < g->node_count; i++)
        print_json_node(&w, g, g->nodes[i], &scratch);
    json_array_end(&w);
    json_key(&w, "rules");
    json_array_begin(&w);
    for (size_t i = 0; i < g->rule_count; i++) {
        json_object_begin(&w);
        json_key(&w, "name");
        json_string(&w, g->rules[i].path);
        json_key(&w, "node");
        json_int(&w, g->rules[i].node->id);
        print_json_looks_at(&w, g, g->rules[i].node, &scratch);
        json_object_end(&w);
    }
    json_array_end(&w);
    json_object_end(&w);
    json_end(&w);
    text_done(&scratch);
}

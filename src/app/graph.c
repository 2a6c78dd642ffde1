/* SPDX-License-Identifier: MIT
 *
 * `carpel graph`: the graph of all rules as text, for Graphviz, or as JSON.
 */
#include "app/commands.h"
#include "app/say.h"
#include "app/session.h"
#include "graph/print.h"

static void append_graph(const graph *g, const command_line *line, text *out)
{
    if (line->json)
        graph_print_json(g, out);
    else if (line->dot)
        graph_print_dot(g, out);
    else
        graph_print_text(g, out);
}

int command_graph(const command_line *line)
{
    if (line->json && line->dot) {
        say_error("the options \"--json\" and \"--dot\" exclude each other");
        return EXIT_BAD_USAGE;
    }
    session s;
    int code = session_open(&s, line);
    if (code == EXIT_GOOD)
        code = session_select(&s, line);
    if (code == EXIT_GOOD) {
        text out;
        text_init(&out);
        append_graph(engine_graph(s.engine), line, &out);
        code = say_result(&out);
        text_done(&out);
    }
    session_close(&s);
    return code;
}

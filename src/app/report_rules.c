/* SPDX-License-Identifier: MIT
 *
 * The rules on the page: their notes, owners and tags, the text of their files, and the definitions
 * that they rest on.
 */
#include <string.h>

#include "app/reports.h"
#include "base/memory.h"
#include "engine/selection.h"
#include "lang/keywords.h"
#include "lang/rulebook.h"
#include "report/html.h"

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_';
}

/* How many bytes from `at` on belong together, and the element around them; NULL: none. */
static size_t next_piece(slice s, size_t at, const char **element)
{
    size_t end = at + 1;
    char c = s.data[at];
    *element = NULL;
    if (c == '#') {
        *element = "u";
        while (end < s.size && s.data[end] != '\n')
            end++;
    } else if (c == '"') {
        *element = "i";
        while (end < s.size && s.data[end] != '"' && s.data[end] != '\n')
            end += s.data[end] == '\\' && end + 1 < s.size ? 2 : 1;
        end += end < s.size;
    } else if (is_word(c)) {
        char word[40] = {0};
        while (end < s.size && is_word(s.data[end]))
            end++;
        if (end - at < sizeof word)
            memcpy(word, s.data + at, end - at);
        bool is_number = c >= '0' && c <= '9';
        *element = is_number ? "i" : keyword_has_word(word) ? "b" : NULL;
    }
    return end - at;
}

static void put_rule_text(const report_page *p, slice s)
{
    report_put(p, "<pre>");
    for (size_t at = 0; at < s.size;) {
        const char *element;
        size_t size = next_piece(s, at, &element);
        if (element)
            text_append_format(p->out, "<%s>", element);
        html_append(p->out, (slice){s.data + at, size});
        if (element)
            text_append_format(p->out, "</%s>", element);
        at += size;
    }
    report_put(p, "</pre>\n");
}

static void put_labels(const report_page *p, const ast_decl *decl)
{
    if (decl->tags.count + decl->notes.count == 0 && !decl->owner.text)
        return;
    report_put(p, "<p>");
    for (size_t i = 0; i < decl->tags.count; i++) {
        report_put(p, "<span class=\"tag\">");
        report_put_text(p, ((const ast_name *)decl->tags.items[i])->text);
        report_put(p, "</span>");
    }
    if (decl->owner.text) {
        report_put(p, "<span class=\"soft\">owner: ");
        report_put_text(p, decl->owner.text);
        report_put(p, "</span> ");
    }
    for (size_t i = 0; i < decl->notes.count; i++) {
        report_put_text(p, ((const ast_name *)decl->notes.items[i])->text);
        report_put(p, " ");
    }
    report_put(p, "</p>\n");
}

/* All that a rule names, and what that names, but for what has a section of its own. A chain may be
 * as long as the files are: no recursion. */
static void mark_definitions(const engine *e, const ast_decl *decl, bool *marked)
{
    const ast_decl **waiting =
        memory_alloc_array(engine_decl_count(e) + 1, sizeof *waiting);
    size_t count = 0;
    waiting[count++] = decl;
    while (count > 0) {
        const ast_decl *next = waiting[--count];
        for (size_t i = 0; i < next->uses.count; i++) {
            const ast_decl *used = ((const ast_use *)next->uses.items[i])->decl;
            if (decl_has_results(used) || marked[used->number])
                continue;
            marked[used->number] = true;
            waiting[count++] = used;
        }
    }
    memory_free(waiting);
}

static void put_definitions(const report_page *p, const ast_decl *decl)
{
    const engine *e = p->session->engine;
    bool *marked = memory_alloc_zero_array(engine_decl_count(e) + 1, sizeof *marked);
    bool is_first = true;
    mark_definitions(e, decl, marked);
    for (size_t i = 0; i < engine_decl_count(e); i++) {
        if (!marked[engine_decl(e, i)->number])
            continue;
        if (is_first)
            report_put(p, "<p class=\"soft\">It rests on:</p>\n");
        is_first = false;
        put_rule_text(p, span_text(engine_decl(e, i)->where));
    }
    memory_free(marked);
}

void report_put_rules(const report_page *p)
{
    const engine *e = p->session->engine;
    report_put(p, "<h2>Rules</h2>\n");
    for (size_t i = 0; i < engine_decl_count(e); i++) {
        const ast_decl *decl = engine_decl(e, i);
        if (!engine_is_selected(e, decl) || strcmp(decl->name.text, SESSION_VALUE) == 0)
            continue;
        report_put(p, "<section id=\"");
        report_put_text(p, decl->name.text);
        report_put(p, "\"><h3>");
        report_put_text(p, decl->title.text ? decl->title.text : decl->name.text);
        report_put(p, "</h3>\n");
        put_labels(p, decl);
        put_rule_text(p, span_text(decl->where));
        put_definitions(p, decl);
        report_put(p, "</section>\n");
    }
}

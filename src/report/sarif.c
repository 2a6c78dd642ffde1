/* SPDX-License-Identifier: MIT
 *
 * The required parts of SARIF 2.1.0, and of the rest what reviewers show: rules with
 * their summaries, regions, related places, and the hint behind the message.
 */
#include "report/sarif.h"

#include <string.h>

#include "report/json.h"

static void write_named_text(json_writer *w, const char *key, const char *text)
{
    json_key(w, key);
    json_object_begin(w);
    json_key(w, "text");
    json_string(w, text);
    json_object_end(w);
}

static void write_rule(json_writer *w, diag_code code)
{
    json_object_begin(w);
    json_key(w, "id");
    json_string(w, diag_code_text(code));
    json_key(w, "name");
    json_string(w, diag_code_name(code));
    write_named_text(w, "shortDescription", diag_code_summary(code));
    json_object_end(w);
}

/* The rules that some message names, each once; index[code] is its place. */
static void write_rules(json_writer *w, const diags *d, size_t index[DIAG_CODE_COUNT])
{
    bool is_used[DIAG_CODE_COUNT] = {false};
    size_t count = 0;
    for (size_t i = 0; i < diags_count(d); i++)
        is_used[diags_get(d, i)->code] = true;
    json_key(w, "rules");
    json_array_begin(w);
    for (diag_code code = 0; code < DIAG_CODE_COUNT; code++) {
        if (!is_used[code])
            continue;
        index[code] = count++;
        write_rule(w, code);
    }
    json_array_end(w);
}

static void write_tool(json_writer *w, const diags *d, const char *version,
                       size_t index[DIAG_CODE_COUNT])
{
    json_key(w, "tool");
    json_object_begin(w);
    json_key(w, "driver");
    json_object_begin(w);
    json_key(w, "name");
    json_string(w, "carpel");
    json_key(w, "version");
    json_string(w, version);
    write_rules(w, d, index);
    json_object_end(w);
    json_object_end(w);
}

/* A path as a URI reference: what is not plain is written as %XX. */
static void write_uri(json_writer *w, const char *path)
{
    text uri;
    text_init(&uri);
    for (; *path != '\0'; path++) {
        unsigned char c = (unsigned char)*path;
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || strchr("/._-~", c) != NULL;
        if (is_plain)
            text_append_char(&uri, (char)c);
        else
            text_append_format(&uri, "%%%02X", c);
    }
    json_key(w, "uri");
    json_string(w, uri.data);
    text_done(&uri);
}

static void write_region(json_writer *w, const char *key, span where)
{
    place begin = source_place(where.file, where.begin);
    place end = source_place(where.file, where.end);
    json_key(w, key);
    json_object_begin(w);
    json_key(w, "startLine");
    json_int(w, begin.line);
    json_key(w, "startColumn");
    json_int(w, begin.column);
    json_key(w, "endLine");
    json_int(w, end.line);
    json_key(w, "endColumn");
    json_int(w, end.column);
    json_object_end(w);
}

static void write_artifact(json_writer *w, const source *file)
{
    json_key(w, "artifactLocation");
    json_object_begin(w);
    write_uri(w, source_name(file));
    json_object_end(w);
}

/* A location; with the words of a note when there are any. */
static void write_location(json_writer *w, span where, const char *message)
{
    json_object_begin(w);
    if (where.file != NULL) {
        json_key(w, "physicalLocation");
        json_object_begin(w);
        write_artifact(w, where.file);
        write_region(w, "region", where);
        json_object_end(w);
    }
    if (message != NULL)
        write_named_text(w, "message", message);
    json_object_end(w);
}

static void write_message(json_writer *w, const diag *d)
{
    text whole;
    text_init(&whole);
    text_append(&whole, d->message);
    if (d->hint != NULL)
        text_append_format(&whole, ". %s", d->hint);
    write_named_text(w, "message", whole.data);
    text_done(&whole);
}

static void write_replacement(json_writer *w, const diag_edit *edit)
{
    json_object_begin(w);
    write_region(w, "deletedRegion", edit->where);
    write_named_text(w, "insertedContent", edit->replacement);
    json_object_end(w);
}

/* All edits of a fix are in one file. */
static void write_fix(json_writer *w, const diag *d, size_t fix)
{
    const source *file = NULL;
    json_object_begin(w);
    json_key(w, "artifactChanges");
    json_array_begin(w);
    json_object_begin(w);
    for (size_t i = 0; i < d->edit_count; i++)
        file = d->edits[i].fix == fix ? d->edits[i].where.file : file;
    write_artifact(w, file);
    json_key(w, "replacements");
    json_array_begin(w);
    for (size_t i = 0; i < d->edit_count; i++) {
        if (d->edits[i].fix == fix)
            write_replacement(w, &d->edits[i]);
    }
    json_array_end(w);
    json_object_end(w);
    json_array_end(w);
    json_object_end(w);
}

static void write_fixes(json_writer *w, const diag *d)
{
    if (d->fix_count == 0)
        return;
    json_key(w, "fixes");
    json_array_begin(w);
    for (size_t fix = 0; fix < d->fix_count; fix++)
        write_fix(w, d, fix);
    json_array_end(w);
}

static void write_result(json_writer *w, const diag *d,
                         const size_t index[DIAG_CODE_COUNT])
{
    json_object_begin(w);
    json_key(w, "ruleId");
    json_string(w, diag_code_text(d->code));
    json_key(w, "ruleIndex");
    json_int(w, (int64_t)index[d->code]);
    json_key(w, "level");
    json_string(w, d->severity == DIAG_ERROR ? "error" : "warning");
    write_message(w, d);
    json_key(w, "locations");
    json_array_begin(w);
    if (d->where.file != NULL)
        write_location(w, d->where, NULL);
    json_array_end(w);
    if (d->note_count > 0) {
        json_key(w, "relatedLocations");
        json_array_begin(w);
        for (size_t i = 0; i < d->note_count; i++)
            write_location(w, d->notes[i].where, d->notes[i].message);
        json_array_end(w);
    }
    write_fixes(w, d);
    json_object_end(w);
}

void diags_append_sarif(const diags *d, const char *version, text *out)
{
    json_writer w;
    size_t index[DIAG_CODE_COUNT] = {0};
    json_begin(&w, out);
    json_object_begin(&w);
    json_key(&w, "$schema");
    json_string(&w, "https://json.schemastore.org/sarif-2.1.0.json");
    json_key(&w, "version");
    json_string(&w, "2.1.0");
    json_key(&w, "runs");
    json_array_begin(&w);
    json_object_begin(&w);
    write_tool(&w, d, version, index);
    json_key(&w, "columnKind");
    json_string(&w, "unicodeCodePoints");
    json_key(&w, "results");
    json_array_begin(&w);
    for (size_t i = 0; i < diags_count(d); i++)
        write_result(&w, diags_get(d, i), index);
    json_array_end(&w);
    json_object_end(&w);
    json_array_end(&w);
    json_object_end(&w);
    json_end(&w);
}

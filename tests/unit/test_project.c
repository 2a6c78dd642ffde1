/* SPDX-License-Identifier: MIT
 *
 * The project file: a whole good one, its defaults, and one row for each mistake with
 * its code, place and hint. Every file lives in a folder made for the test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "config/project.h"

static char directory[] = "/tmp/carpel-project-XXXXXX";

static const char *const folders[] = {"rules", "data", "scores", "connectors", "empty"};
static const char *const files[] = {"rules/b.seg", "rules/a.seg",    "rules/old.txt",
                                    "data/x.csv",  "scores/one.lua", "scores/two.lua"};

typedef struct reading {
    diags *diags;
    project *project;
} reading;

static char *in_directory(const char *name)
{
    return path_join(directory, name);
}

static reading read_bytes(const char *data, size_t size)
{
    carpel_error err;
    char *path = in_directory(PROJECT_FILE_NAME);
    assert_true(file_write_whole(path, data, size, &err));
    memory_free(path);
    reading r = {diags_new(), NULL};
    r.project = project_open(directory, r.diags);
    assert_non_null(r.project);
    return r;
}

static reading read_project(const char *yaml)
{
    return read_bytes(yaml, strlen(yaml));
}

static void done(reading *r)
{
    diags_free(r->diags);
    project_free(r->project);
}

static void print_messages(const reading *r, const char *yaml)
{
    text t;
    text_init(&t);
    diags_append(r->diags, &t, false);
    print_error("for:\n%s\nmessages:\n%s\n", yaml, t.data);
    text_done(&t);
}

static void assert_good(const reading *r, const char *yaml)
{
    if (diags_count(r->diags) > 0)
        print_messages(r, yaml);
    assert_int_equal(diags_count(r->diags), 0);
}

static void assert_path(config_text got, const char *expected)
{
    char *path = in_directory(expected);
    assert_string_equal(got.text, path);
    memory_free(path);
}

static const char whole[] =
    "name: Example shop\n"
    "time_zone: Europe/Berlin\n"
    "week_start: Sunday\n"
    "rules: [rules/b.seg, rules/*.seg]\n"
    "plugins: connectors\n"
    "scripts:\n"
    "  files: [scores/*.lua]\n"
    "  memory_megabytes: 4096\n"
    "  call_milliseconds: 1\n"
    "sessions:\n"
    "  gap: 30 minutes\n"
    "events:\n"
    "  purchase:\n"
    "    amount: decimal(2)\n"
    "    store: string\n"
    "  page_view: {}\n"
    "  Order Completed:\n"
    "traits:\n"
    "  country: string\n"
    "sources:\n"
    "  - name: purchases\n"
    "    plugin: csv\n"
    "    files: data/*.csv\n"
    "    person: 1\n"
    "    time: {from: date, format: \"%Y%m%d\", zone: America/New_York}\n"
    "    event: purchase\n"
    "    skip:\n"
    "      - {customer_id: \"\"}\n"
    "      - {a: \"x*\", b: y}\n"
    "    properties: {amount: dollar_value, bought_at: {from: ts, format: unix_ms}}\n"
    "    traits: {country: Country}\n"
    "  - plugin: jsonl\n"
    "    person: {from: user.id}\n"
    "    event: {from: action, names: {buy: purchase, view: page_view}}\n"
    "    skip: {a: b}\n"
    "    properties: {}\n"
    "    traits: [country]\n"
    "  - name: lines\n"
    "    plugin: csv\n"
    "    event:\n"
    "      - name: cancellation\n"
    "        when: {InvoiceNo: \"C*\", kind: x}\n"
    "      - name: purchase\n"
    "outputs:\n"
    "  - name: members\n"
    "    plugin: csv\n"
    "    path: out/members.csv\n"
    "    segments: [vip, lifecycle.active]\n"
    "  - plugin: jsonl\n"
    "    segments: vip\n";

static void check_head(const project *p)
{
    assert_string_equal(p->name.text, "Example shop");
    assert_string_equal(p->time_zone.text, "Europe/Berlin");
    assert_int_equal(p->week_start, SUNDAY);
    assert_int_equal(p->rule_count, 2);
    assert_path(p->rules[0], "rules/a.seg");
    assert_path(p->rules[1], "rules/b.seg");
    assert_int_equal(p->plugin_directory_count, 1);
    assert_path(p->plugin_directories[0], "connectors");
    assert_int_equal(p->script_count, 2);
    assert_path(p->scripts[0], "scores/one.lua");
    assert_int_equal(p->script_memory_bytes, INT64_C(4096) * 1024 * 1024);
    assert_int_equal(p->script_call_microseconds, 1000);
    assert_string_equal(p->session_gap.text, "30 minutes");
    assert_int_equal(source_place(p->file, p->session_gap.where.begin).line, 11);
}

static void check_schema(const project *p)
{
    assert_int_equal(p->kind_count, 3);
    assert_string_equal(p->kinds[0].name.text, "purchase");
    assert_int_equal(p->kinds[0].field_count, 2);
    assert_string_equal(p->kinds[0].fields[0].name.text, "amount");
    assert_string_equal(p->kinds[0].fields[0].type.text, "decimal(2)");
    assert_int_equal(p->kinds[1].field_count, 0);
    assert_string_equal(p->kinds[2].name.text, "Order Completed");
    assert_int_equal(p->kinds[2].field_count, 0);
    assert_int_equal(p->trait_count, 1);
    assert_string_equal(p->traits[0].name.text, "country");
}

static void check_first_source(const config_source *s)
{
    assert_string_equal(s->name.text, "purchases");
    assert_string_equal(s->plugin.text, "csv");
    assert_string_equal(s->person.from.text, "1");
    assert_string_equal(s->time.from.text, "date");
    assert_string_equal(s->time.format.text, "%Y%m%d");
    assert_string_equal(s->time.zone.text, "America/New_York");
    assert_int_equal(s->event_rule_count, 1);
    assert_string_equal(s->event_rules[0].name.text, "purchase");
    assert_int_equal(s->event_rules[0].condition_count, 0);
    assert_int_equal(s->skip_rule_count, 2);
    assert_string_equal(s->skip_rules[0].conditions[0].from.text, "customer_id");
    assert_string_equal(s->skip_rules[0].conditions[0].pattern.text, "");
    assert_int_equal(s->skip_rules[1].condition_count, 2);
    assert_true(s->has_properties);
    assert_int_equal(s->property_count, 2);
    assert_string_equal(s->properties[1].name.text, "bought_at");
    assert_string_equal(s->properties[1].from.text, "ts");
    assert_string_equal(s->properties[1].format.text, "unix_ms");
    assert_null(s->properties[1].zone.text);
    assert_int_equal(s->trait_count, 1);
    assert_string_equal(s->traits[0].from.text, "Country");
    assert_string_equal(yaml_get(s->node, "files")->text, "data/*.csv");
}

static void check_other_sources(const config_source *s)
{
    assert_string_equal(s[1].name.text, "jsonl");
    assert_string_equal(s[1].person.from.text, "user.id");
    assert_null(s[1].time.from.text);
    assert_string_equal(s[1].event.from.text, "action");
    assert_int_equal(s[1].event_name_count, 2);
    assert_string_equal(s[1].event_names[1].from.text, "view");
    assert_string_equal(s[1].event_names[1].kind.text, "page_view");
    assert_int_equal(s[1].event_rule_count, 0);
    assert_int_equal(s[1].skip_rule_count, 1);
    assert_true(s[1].has_properties);
    assert_int_equal(s[1].property_count, 0);
    assert_string_equal(s[1].traits[0].name.text, "country");
    assert_string_equal(s[1].traits[0].from.text, "country");
    assert_int_equal(s[2].event_rule_count, 2);
    assert_int_equal(s[2].event_rules[0].condition_count, 2);
    assert_string_equal(s[2].event_rules[0].conditions[0].pattern.text, "C*");
    assert_string_equal(s[2].event_rules[1].name.text, "purchase");
    assert_false(s[2].has_properties);
    assert_null(s[2].event.from.text);
}

static void test_whole_file(void **state)
{
    (void)state;
    reading r = read_project(whole);
    assert_good(&r, whole);
    const project *p = r.project;
    assert_string_equal(p->directory, directory);
    check_head(p);
    check_schema(p);
    assert_int_equal(p->source_count, 3);
    check_first_source(&p->sources[0]);
    check_other_sources(p->sources);
    assert_int_equal(p->output_count, 2);
    assert_string_equal(p->outputs[0].name.text, "members");
    assert_int_equal(p->outputs[0].segment_count, 2);
    assert_string_equal(p->outputs[0].segments[1].text, "lifecycle.active");
    assert_string_equal(p->outputs[1].name.text, "jsonl");
    assert_int_equal(p->outputs[1].segment_count, 1);
    done(&r);
}

static void test_defaults(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "", "# nothing yet\n", "events:\ntraits:\nsources:\noutputs:\n",
        "events: {}\nsources: []\noutputs: []\nscripts: []\nplugins: []\n"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        reading r = read_project(cases[i]);
        assert_good(&r, cases[i]);
        const project *p = r.project;
        assert_null(p->name.text);
        assert_string_equal(p->time_zone.text, "UTC");
        assert_int_equal(p->week_start, MONDAY);
        assert_int_equal(p->rule_count, 2);
        assert_int_equal(p->script_memory_bytes, 64 * 1024 * 1024);
        assert_int_equal(p->script_call_microseconds, 100000);
        assert_null(p->session_gap.text);
        assert_int_equal(p->kind_count + p->trait_count + p->source_count, 0);
        assert_int_equal(p->script_count + p->output_count, 0);
        done(&r);
    }
}

static void test_good_short_forms(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "scripts: scores/one.lua\n",
        "scripts: [scores/one.lua, scores/*.lua]\n",
        "scripts: {files: scores/one.lua}\n",
        "rules: []\n",
        "rules: rules/*\n",
        "name: ''\n",
        "name: 2026\n",
        "sources: [{plugin: synthetic, seed: 1}]\n",
        "sources: [{plugin: csv, name: a}, {plugin: csv, name: b}]\n",
        "sources: [{plugin: csv, skip: []}]\n",
        "sources: [{plugin: csv, properties: [amount, store], traits: [country]}]\n"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        reading r = read_project(cases[i]);
        assert_good(&r, cases[i]);
        done(&r);
    }
}

typedef struct mistake {
    const char *yaml;
    diag_code code;
    uint32_t line, column;
    const char *message, *hint; /* parts of them */
} mistake;

#define SOURCE "sources:\n  - plugin: csv\n"

static const mistake mistakes[] = {
    /* unknown keys */
    {"nmae: x\n", E0302, 1, 1, "the project file has no key \"nmae\"", "\"name\""},
    {"name: x\ntime_zon: x\n", E0302, 2, 1, "time_zon", "\"time_zone\""},
    {"qqqqqqqqqq: 1\n", E0302, 1, 1, "qqqq", "known here: name, time_zone"},
    {"source:\n  - plugin: csv\n", E0302, 1, 1, "\"source\"", "\"sources\""},
    {"<<: {name: x}\n", E0302, 1, 1, "\"<<\"", "known here"},
    {"scripts:\n  fils: scores/one.lua\n", E0302, 2, 3, "\"scripts\" has no",
     "\"files\""},
    {"scripts: {files: scores/one.lua, memory: 64}\n", E0302, 1, 34, "\"memory\"", ""},
    {"sessions: {gab: 30 minutes}\n", E0302, 1, 12, "\"gab\"", "\"gap\""},
    {SOURCE "    person: {form: id}\n", E0302, 3, 14, "\"form\"", "\"from\""},
    {SOURCE "    person: {from: id, format: x}\n", E0302, 3, 24, "\"format\"", "from"},
    {SOURCE "    time: {from: t, fromat: x}\n", E0302, 3, 21, "fromat", "\"format\""},
    {SOURCE "    event: {from: a, name: {b: c}}\n", E0302, 3, 22, "name", "\"names\""},
    {SOURCE "    event: [{name: a, wen: {b: c}}]\n", E0302, 3, 23, "wen", "\"when\""},
    {SOURCE "    properties: {a: {from: b, zon: c}}\n", E0302, 3, 31, "zon", "\"zone\""},
    /* values of another kind */
    {"name: [x]\n", E0303, 1, 7, "\"name\" needs a text", "name: Example shop"},
    {"name:\n", E0303, 1, 1, "this is nothing", "name: Example shop"},
    {"time_zone: {a: b}\n", E0303, 1, 12, "this is a mapping", "Europe/Berlin"},
    {"rules: {a: b}\n", E0303, 1, 8, "a path or a list", "rules: rules/*.seg"},
    {"rules: [[a]]\n", E0303, 1, 9, "an item of \"rules\"", "rules: "},
    {"plugins: {a: b}\n", E0303, 1, 10, "a folder", "plugins: connectors"},
    {"scripts: [{a: b}]\n", E0303, 1, 11, "an item of \"scripts\"", "scores/*.lua"},
    {"scripts: {files: scores/one.lua, memory_megabytes: lots}\n", E0303, 1, 52,
     "from 1 to 4096, not \"lots\"", "memory_megabytes: 64"},
    {"limits: 5%\n", E0303, 1, 9, "a mapping of limits", "limits: {refused: 5%"},
    {"limits: {refused: 5}\n", E0303, 1, 19, "a share such as 5%, not \"5\"",
     "such as 5% or"},
    {"limits: {refused: -1%}\n", E0303, 1, 19, "not \"-1%\"", "from 0 to 100"},
    {"limits: {refused: 0.00001%}\n", E0303, 1, 19, "a share", "at most four digits"},
    {"limits: {refused: 5.%}\n", E0303, 1, 19, "a share", "at most four digits"},
    {"limits: {refused: 5%%}\n", E0303, 1, 19, "a share", "such as 5%"},
    {"limits: {refused: 100.0001%}\n", E0305, 1, 19, "from 0% to 100%", "refused: 5%"},
    {"limits: {script_errors: 99999999999999999999%}\n", E0305, 1, 25, "from 0% to 100%",
     "script_errors: 5%"},
    {"limits: {people: many}\n", E0303, 1, 18, "a whole number", "people: 1000"},
    {"limits: {people: 0}\n", E0305, 1, 18, "from 1 to 2000000000", "people: 1000"},
    {"limits: {refused_list_rows: 0}\n", E0305, 1, 29, "from 1 to 1000000000",
     "refused_list_rows: 100000"},
    {"limits: {refused_list_megabytes: 16 MB}\n", E0303, 1, 34, "a whole number",
     "refused_list_megabytes: 16"},
    {"limits: {refuse: 5%}\n", E0302, 1, 10, "\"refuse\"", "\"refused\""},
    {"sources: [{plugin: csv, person: id, refused: lots}]\n", E0303, 1, 46, "a share",
     "such as 5%"},
    {"sessions: 30 minutes\n", E0303, 1, 11, "\"gap\"", "sessions: {gap: 30 minutes}"},
    {"events: [purchase]\n", E0303, 1, 9, "a mapping of event kinds", "events: {"},
    {"events:\n  purchase: string\n", E0303, 2, 13, "the event kind \"purchase\"",
     "purchase: {amount: decimal(2)}"},
    {"events:\n  purchase: [amount]\n", E0303, 2, 13, "a mapping of properties", ""},
    {"events:\n  purchase:\n    amount:\n", E0303, 3, 5, "the name of a type",
     "amount: "},
    {"events:\n  purchase:\n    address: {}\n", E0303, 3, 14, "the name of a type",
     "address: decimal(2)"},
    {"events:\n  purchase:\n    address: {city: [int, int]}\n", E0303, 3, 21,
     "\"city\" says it 2 times", "city: [{"},
    {"events:\n  purchase:\n    items: []\n", E0303, 3, 12, "says it 0 times",
     "items: [{"},
    {"events:\n  purchase:\n    items: [[int]]\n", E0303, 3, 13, "the name of a type",
     ""},
    {"traits: [country]\n", E0303, 1, 9, "a mapping of names", "traits: {country"},
    {"traits:\n  country: {code: }\n", E0303, 2, 13, "the name of a type", "code: "},
    {"sources: {plugin: csv}\n", E0303, 1, 10, "a list of sources", "sources: ["},
    {"sources:\n  - csv\n", E0303, 2, 5, "a source needs a mapping", "plugin: csv"},
    {"sources:\n  - \n", E0303, 2, 4, "this is nothing", "plugin: csv"},
    {"sources:\n  - plugin: [csv]\n", E0303, 2, 13, "the name of a plugin",
     "plugin: csv"},
    {SOURCE "    person: []\n", E0303, 3, 13, "at least one field", "person: ["},
    {SOURCE "    person: {from: []}\n", E0303, 3, 20, "at least one field", "person: ["},
    {SOURCE "    person: [[id]]\n", E0303, 3, 14, "the name of a field", "person: ["},
    {SOURCE "    id: []\n", E0303, 3, 9, "at least one field", "id: ["},
    {SOURCE "    clean: {decimal: \"5\"}\n", E0305, 3, 22, "no digit, letter",
     "decimal: "},
    {SOURCE "    clean: {decimal: ab}\n", E0305, 3, 22, "one character", "decimal: "},
    {SOURCE "    clean: {decimal: \"-\"}\n", E0305, 3, 22, "+ or -", "decimal: "},
    {SOURCE "    clean: {thousands: [\".\", e]}\n", E0305, 3, 13, "not \"e\"",
     "thousands: "},
    {SOURCE "    clean: {thousands: \".\", decimal: \".\"}\n", E0305, 3, 38, "are both",
     "\"decimal\""},
    {SOURCE "    time: [date]\n", E0303, 3, 11, "a mapping with \"from\"", "%Y%m%d"},
    {SOURCE "    event: []\n", E0303, 3, 12, "at least one rule", "event: purchase"},
    {SOURCE "    event: [purchase]\n", E0303, 3, 13, "a rule for the event",
     "cancellation"},
    {SOURCE "    event: {from: a, names: [b]}\n", E0303, 3, 29, "event kinds",
     "names: {"},
    {SOURCE "    event: {from: a, names: {b: []}}\n", E0303, 3, 33, "event kind", "b: "},
    {SOURCE "    event: [{name: a, when: C}]\n", E0303, 3, 29, "a mapping of fields",
     "C*"},
    {SOURCE "    event: [{name: a, when: {b: }}]\n", E0303, 3, 30, "nothing", "b: \"\""},
    {SOURCE "    skip: returned\n", E0303, 3, 11, "a condition", "skip: {"},
    {SOURCE "    skip: [returned]\n", E0303, 3, 12, "an item of \"skip\"", "customer_id"},
    {SOURCE "    skip: [{a: [b]}]\n", E0303, 3, 16, "the field \"a\"", "a: \"\""},
    {SOURCE "    properties: amount\n", E0303, 3, 17, "a mapping of properties",
     "amount"},
    {SOURCE "    properties: {a: [b]}\n", E0303, 3, 21, "the name of a field", "a: "},
    {SOURCE "    properties: {a: }\n", E0303, 3, 18, "this is nothing", "a: "},
    {SOURCE "    traits: [[country]]\n", E0303, 3, 14, "an item of \"traits\"",
     "country"},
    {"outputs: {plugin: csv}\n", E0303, 1, 10, "a list of outputs", "outputs: ["},
    {"outputs: [csv]\n", E0303, 1, 11, "an output needs a mapping", "plugin: csv"},
    {"outputs: [{plugin: csv, segments: {a: b}}]\n", E0303, 1, 35, "a segment", "vip"},
    {"outputs: [{plugin: csv, segments: [[a]]}]\n", E0303, 1, 36, "a segment", "vip"},
    {"- name: x\n", E0303, 1, 1, "the project file needs a mapping", "name: "},
    {"just words\n", E0303, 1, 1, "the project file needs a mapping", "name: "},
    /* missing keys */
    {"sources:\n  - files: data/x.csv\n", E0304, 2, 5, "has no \"plugin\"",
     "plugin: csv"},
    {"outputs:\n  - path: x\n", E0304, 2, 5, "has no \"plugin\"", "plugin: csv"},
    {"scripts: {memory_megabytes: 1}\n", E0304, 1, 10, "has no \"files\"", "files: "},
    {"sessions: {}\n", E0304, 1, 11, "has no \"gap\"", "gap: 30 minutes"},
    {SOURCE "    person: {}\n", E0304, 3, 13, "\"person\" has no \"from\"", "from: "},
    {SOURCE "    time: {format: x}\n", E0304, 3, 11, "\"time\" has no \"from\"",
     "from: "},
    {SOURCE "    event: {names: {a: b}}\n", E0304, 3, 12, "has no \"from\"", "from: "},
    {SOURCE "    event: [{when: {a: b}}]\n", E0304, 3, 13, "has no \"name\"", "name: "},
    {SOURCE "    traits: {a: {zone: UTC}}\n", E0304, 3, 17, "\"a\" has no \"from\"",
     "from: "},
    /* values that are not allowed */
    {"week_start: mondey\n", E0305, 1, 13, "\"mondey\" is no weekday", "\"monday\""},
    {"week_start: 1\n", E0305, 1, 13, "is no weekday", "\"monday\""},
    {"scripts: {files: scores/one.lua, memory_megabytes: 4097}\n", E0305, 1, 52,
     "from 1 to 4096, not \"4097\"", "memory_megabytes: 64"},
    {"scripts: {files: scores/one.lua, call_milliseconds: 0}\n", E0305, 1, 53,
     "from 1 to 60000", "call_milliseconds: 100"},
    {"scripts: {files: scores/one.lua, call_milliseconds: 99999999999999999999}\n", E0305,
     1, 53, "from 1 to 60000", "call_milliseconds: 100"},
    {SOURCE "  - plugin: csv\n", E0305, 3, 13, "two sources are named \"csv\"", "name"},
    {SOURCE "  - {name: csv, plugin: x}\n", E0305, 3, 12, "two sources", "name"},
    {"outputs: [{plugin: a}, {plugin: a}]\n", E0305, 1, 33, "two outputs", "name"},
    {"outputs: [{plugin: a, segments: [x, y, x]}]\n", E0305, 1, 40, "two segments", ""},
    {SOURCE "    traits: [a, a]\n", E0305, 3, 17, "two items", "name"},
    {SOURCE "    skip: {}\n", E0305, 3, 11, "at least one field", "C*"},
    {SOURCE "    event: [{name: a, when: {}}]\n", E0305, 3, 29, "at least one field", ""},
    {SOURCE "    person: ''\n", E0305, 3, 13, "cannot be empty", "Write the name"},
    {"sources:\n  - plugin: \"\"\n", E0305, 2, 13, "cannot be empty", "Write the name"},
    /* files */
    {"rules: rules/c.seg\n", E0307, 1, 8, "there is no file", "holds \""},
    {"rules: [rules/a.seg, nowhere/x.seg]\n", E0307, 1, 22, "no file",
     "nowhere\" is not"},
    {"rules: empty/*.seg\n", E0307, 1, 8, "no file fits", "seen from"},
    {"rules: rules\n", E0307, 1, 8, "is a folder", "/rules/*"},
    {"plugins: conectors\n", E0307, 1, 10, "there is no folder", "\"connectors\""},
    {"plugins: data/x.csv\n", E0307, 1, 10, "there is no folder", ""},
    {"scripts: scores/tow.lua\n", E0307, 1, 10, "there is no file", "\"two.lua\""},
    /* YAML itself */
    {"name: ${CARPEL_NO_SUCH_NAME}\n", E0308, 1, 7, "is not set", "carpel run"},
    {"rules: ${CARPEL_NO_SUCH_NAME}/*.seg\n", E0308, 1, 8, "is not set", "carpel run"},
    {"week_start: ${CARPEL_NO_SUCH_NAME}\n", E0308, 1, 13, "is not set", "carpel run"},
    {"events: *x\n", E0301, 1, 9, "aliases", "Write the value out"},
    {"sources: [*x]\n", E0301, 1, 11, "aliases", "Write the value out"},
    {SOURCE "    skip: [*x, {a: *y}]\n", E0301, 3, 12, "aliases", ""},
    {"name: x\nname: y\n", E0309, 2, 1, "stands twice", "Remove one"},
    {"name: 'x\n", E0301, 1, 7, "never closed", "Close"},
};

static bool is_as_expected(const reading *r, const mistake *m)
{
    bool has_two = strstr(m->yaml, "*y") != NULL;
    if (diags_count(r->diags) != (has_two ? 2u : 1u))
        return false;
    const diag *d = diags_get(r->diags, 0);
    place p = source_place(d->where.file, d->where.begin);
    return d->code == m->code && p.line == m->line && p.column == m->column &&
           strstr(d->message, m->message) != NULL && d->hint != NULL &&
           strstr(d->hint, m->hint) != NULL;
}

static void test_mistakes(void **state)
{
    (void)state;
    size_t failures = 0;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        reading r = read_project(mistakes[i].yaml);
        if (!is_as_expected(&r, &mistakes[i])) {
            print_messages(&r, mistakes[i].yaml);
            failures++;
        }
        done(&r);
    }
    assert_int_equal(failures, 0);
}

static void test_every_mistake_is_reported(void **state)
{
    (void)state;
    reading r = read_project("nmae: x\nweek_start: x\nrules: no/x.seg\n"
                             "sources:\n  - {plugin: [], person: {}}\noutputs: 7\n");
    assert_int_equal(diags_error_count(r.diags), 6);
    done(&r);
}

static void test_no_default_rules(void **state)
{
    (void)state;
    char *here = in_directory("empty"), *file = in_directory("empty/carpel.yaml");
    carpel_error err;
    assert_true(file_write_whole(file, "name: x\n", 8, &err));
    diags *d = diags_new();
    project *p = project_open(here, d);
    assert_int_equal(diags_count(d), 1);
    assert_int_equal(diags_get(d, 0)->code, E0307);
    diags_free(d);
    project_free(p);
    unlink(file);
    d = diags_new();
    assert_null(project_open(here, d));
    assert_int_equal(diags_get(d, 0)->code, E0307);
    assert_non_null(strstr(diags_get(d, 0)->hint, "carpel init"));
    diags_free(d);
    project_free(NULL);
    memory_free(here);
    memory_free(file);
}

static void test_limits(void **state)
{
    static const struct {
        const char *share;
        int64_t millionths;
    } cases[] = {
        {"5%", 50000},      {"0%", 0},       {"100%", 1000000}, {"0.25%", 2500},
        {"5 %", 50000},     {"007%", 70000}, {"0.0001%", 1},    {"99.9999%", 999999},
        {"\"1.5%\"", 15000}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char file[200];
        snprintf(file, sizeof file,
                 "limits: {script_errors: %s}\nsources: [{plugin: csv, refused: %s}]\n",
                 cases[i].share, cases[i].share);
        reading r = read_project(file);
        assert_good(&r, cases[i].share);
        assert_int_equal(r.project->limits.refused, LIMIT_NONE);
        assert_int_equal(r.project->limits.script_errors, cases[i].millionths);
        assert_int_equal(r.project->sources[0].refused_limit, cases[i].millionths);
        done(&r);
    }
    reading r = read_project("limits: {refused: 1%, people: 7, refused_list_rows: 3, "
                             "refused_list_megabytes: 2}\n");
    assert_good(&r, "limits");
    assert_int_equal(r.project->limits.refused, 10000);
    assert_int_equal(r.project->limits.script_errors, LIMIT_NONE);
    assert_int_equal(r.project->limits.people, 7);
    assert_int_equal(r.project->limits.list_rows, 3);
    assert_int_equal(r.project->limits.list_bytes, 2 * 1024 * 1024);
    done(&r);
}

static void test_variables(void **state)
{
    (void)state;
    setenv("CARPEL_TEST_RULES", "rules/a", 1);
    reading r = read_project("rules: ${CARPEL_TEST_RULES}.seg\n");
    assert_good(&r, "variables");
    assert_int_equal(r.project->rule_count, 1);
    assert_path(r.project->rules[0], "rules/a.seg");
    done(&r);
    unsetenv("CARPEL_TEST_RULES");
}

/* Does the list that ends with NULL have these names, with blanks between, in their order? */
static void assert_names(const char *const *keys, const char *names)
{
    text found;
    text_init(&found);
    for (size_t i = 0; keys[i]; i++)
        text_append_format(&found, "%s%s", i > 0 ? " " : "", keys[i]);
    assert_string_equal(found.data, names);
    text_done(&found);
}

/* The keys that the plugins do not get. */
static void test_keys_of_the_host(void **state)
{
    (void)state;
    assert_names(project_source_keys,
                 "name plugin mode command person id duplicates identities clean time "
                 "event format ignore skip properties traits refused retry isolation");
    assert_names(
        project_output_keys,
        "name plugin command segments scores columns format phone_country shape changes "
        "purpose suppress least_people most_changes retry isolation");
}

/* The whole file cut at each byte, and noise. */
static void test_garbage(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof whole; i += 3) {
        reading r = read_bytes(whole, i);
        done(&r);
    }
    uint32_t noise = 7;
    for (size_t round = 0; round < 300; round++) {
        char data[sizeof whole];
        memcpy(data, whole, sizeof whole);
        for (size_t i = 0; i < 6; i++) {
            noise = noise * 1664525u + 1013904223u;
            static const char signs[] = "\n :-{}[],'\"*\xC3\xFF";
            data[(noise >> 8) % (sizeof whole - 1)] = signs[(noise >> 24) % 15];
        }
        reading r = read_bytes(data, sizeof whole - 1);
        done(&r);
    }
}

static int set_up(void **state)
{
    (void)state;
    if (mkdtemp(directory) == NULL)
        return -1;
    carpel_error err;
    bool ok = true;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char *path = in_directory(folders[i]);
        ok = directory_make(path, &err) && ok;
        memory_free(path);
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *path = in_directory(files[i]);
        ok = file_write_whole(path, "", 0, &err) && ok;
        memory_free(path);
    }
    return ok ? 0 : -1;
}

static void remove_with(int (*call)(const char *), const char *name)
{
    char *path = in_directory(name);
    call(path);
    memory_free(path);
}

static int tear_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        remove_with(unlink, files[i]);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        remove_with(rmdir, folders[i]);
    remove_with(unlink, PROJECT_FILE_NAME);
    return rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_file),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_good_short_forms),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_every_mistake_is_reported),
        cmocka_unit_test(test_no_default_rules),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_variables),
        cmocka_unit_test(test_keys_of_the_host),
        cmocka_unit_test(test_garbage),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

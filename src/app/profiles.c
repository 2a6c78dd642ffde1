/* SPDX-License-Identifier: MIT
 *
 * See profiles.h. Accounts have a profile of their own, behind that of the people.
 */
#include "app/profiles.h"

#include <math.h>

#include "exec/profile.h"
#include "report/table.h"
#include "report/terminal.h"

enum { MOST_SHOWN = 20, MOST_RULES = 3 };

/* The profiles of a result, people's first; NULL behind them. */
static const run_profile *profile_of(const run_result *r, bool of_accounts)
{
    if (!of_accounts)
        return r->profile;
    return r->of_accounts != NULL ? r->of_accounts->profile : NULL;
}

static const char *phase_name(phase_kind kind)
{
    switch (kind) {
    case PHASE_BIND: return "bind";
    case PHASE_BETWEEN: return "before pass";
    case PHASE_PASS: return "pass";
    }
    return "";
}

static double share_of(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

/* ---- tables --------------------------------------------------------------------- */

static void append_table(table *t, text *out)
{
    size_t width = terminal_is_interactive(stdout) ? terminal_width(stdout) : 100;
    text_append_char(out, '\n');
    table_append(t, out, width, terminal_has_utf8());
    table_free(t);
}

static void add_seconds(table *t, double seconds)
{
    table_cell_format(t, "%.4f seconds", seconds);
}

static void add_phase(table *t, const char *name, double seconds)
{
    table_cell(t, name);
    add_seconds(t, seconds);
}

static void add_phases(table *t, const run_profile *p, const char *whose)
{
    for (size_t i = 0; i < p->phase_count; i++) {
        const profile_phase *phase = &p->phases[i];
        if (phase->kind == PHASE_BIND)
            table_cell_format(t, "  %s%s", whose, phase_name(phase->kind));
        else
            table_cell_format(t, "  %s%s %zu", whose, phase_name(phase->kind),
                              phase->pass);
        add_seconds(t, phase->seconds);
    }
}

static void append_phases(const session *s, text *out)
{
    table *t = table_new();
    table_column(t, "phase", TABLE_LEFT);
    table_column(t, "took", TABLE_RIGHT);
    add_phase(t, "compile the rules", s->compile_seconds);
    add_phase(t, "read the data", s->read_seconds);
    add_phase(t, "judge", s->judge_seconds);
    add_phases(t, s->result->profile, "");
    const run_profile *accounts = profile_of(s->result, true);
    if (accounts != NULL) {
        add_phase(t, "  accounts: regroup", accounts->regroup_seconds);
        add_phases(t, accounts, "accounts: ");
    }
    add_phase(t, "write the outputs", s->write_seconds);
    append_table(t, out);
}

static void append_data(const run_profile *p, text *out)
{
    char buffer[28];
    if (p->table_count == 0)
        return;
    table *t = table_new();
    table_column(t, "table", TABLE_LEFT);
    table_column(t, "rows", TABLE_RIGHT);
    table_column(t, "looked at", TABLE_RIGHT);
    table_column(t, "", TABLE_RIGHT);
    table_column(t, "bytes", TABLE_RIGHT);
    for (size_t i = 0; i < p->table_count; i++) {
        const profile_table *data = &p->tables[i];
        table_cell(t, data->name);
        table_cell(t, format_count(data->rows, buffer));
        table_cell(t, format_count(data->reached, buffer));
        table_cell_format(t, "%.0f%%",
                          100 * share_of((double)data->reached, (double)data->rows));
        table_cell(t, format_count(data->bytes, buffer));
    }
    append_table(t, out);
}

static void add_rules(table *t, const profile_value *v)
{
    text rules;
    text_init(&rules);
    for (size_t i = 0; i < v->rule_count && i < MOST_RULES; i++)
        text_append_format(&rules, "%s%s", i > 0 ? ", " : "", v->rules[i]);
    if (v->rule_count > MOST_RULES)
        text_append_format(&rules, " and %zu more", v->rule_count - MOST_RULES);
    table_cell(t, rules.data);
    text_done(&rules);
}

static void append_values(const run_profile *p, text *out)
{
    char buffer[28];
    if (p->value_count == 0)
        return;
    table *t = table_new();
    table_column(t, "share", TABLE_RIGHT);
    table_column(t, "took", TABLE_RIGHT);
    table_column(t, "values", TABLE_RIGHT);
    table_column(t, "what", TABLE_LEFT);
    table_column(t, "of the rules", TABLE_LEFT);
    for (size_t i = 0; i < p->value_count && i < MOST_SHOWN; i++) {
        const profile_value *v = &p->values[i];
        table_cell_format(t, "%.1f%%", 100 * share_of(v->seconds, p->value_seconds));
        add_seconds(t, v->seconds);
        table_cell(t, format_count(v->values, buffer));
        table_cell(t, v->what);
        add_rules(t, v);
    }
    append_table(t, out);
}

static void append_function(table *t, const run_profile *p, const char *name,
                            double seconds, uint64_t values)
{
    char buffer[28];
    table_cell_format(t, "%.1f%%", 100 * share_of(seconds, p->value_seconds));
    add_seconds(t, seconds);
    table_cell(t, format_count(values, buffer));
    table_cell(t, name);
}

/* Of what all values took; the last line is of all functions. */
static void append_functions(const run_profile *p, text *out)
{
    double seconds = 0;
    uint64_t values = 0;
    if (p->function_count == 0)
        return;
    table *t = table_new();
    table_column(t, "share", TABLE_RIGHT);
    table_column(t, "took", TABLE_RIGHT);
    table_column(t, "values", TABLE_RIGHT);
    table_column(t, "function in Lua", TABLE_LEFT);
    for (size_t i = 0; i < p->function_count; i++) {
        const profile_function *f = &p->functions[i];
        append_function(t, p, f->name, f->seconds, f->values);
        seconds += f->seconds;
        values += f->values;
    }
    append_function(t, p, "all of them", seconds, values);
    append_table(t, out);
}

void profiles_append(const session *s, text *out)
{
    append_phases(s, out);
    for (int of_accounts = 0; of_accounts < 2; of_accounts++) {
        const run_profile *p = profile_of(s->result, of_accounts);
        if (p == NULL)
            continue;
        append_data(p, out);
        append_values(p, out);
        append_functions(p, out);
    }
}

/* ---- JSON ----------------------------------------------------------------------- */

static void write_seconds(json_writer *w, double seconds)
{
    json_key(w, "seconds");
    json_number(w, round(seconds * 1e6) / 1e6);
}

static void write_phase(json_writer *w, const char *name, size_t pass, double seconds)
{
    json_object_begin(w);
    json_key(w, "phase");
    json_string(w, name);
    if (pass > 0) {
        json_key(w, "pass");
        json_int(w, (int64_t)pass);
    }
    write_seconds(w, seconds);
    json_object_end(w);
}

static void write_phases(json_writer *w, const run_profile *p)
{
    for (size_t i = 0; i < p->phase_count; i++)
        write_phase(w, phase_name(p->phases[i].kind), p->phases[i].pass,
                    p->phases[i].seconds);
}

static void write_table(json_writer *w, const profile_table *t)
{
    json_object_begin(w);
    json_key(w, "table");
    json_string(w, t->name);
    json_key(w, "rows");
    json_int(w, (int64_t)t->rows);
    json_key(w, "looked_at");
    json_int(w, (int64_t)t->reached);
    json_key(w, "bytes");
    json_int(w, (int64_t)t->bytes);
    json_object_end(w);
}

static void write_value(json_writer *w, const profile_value *v)
{
    json_object_begin(w);
    json_key(w, "what");
    json_string(w, v->what);
    write_seconds(w, v->seconds);
    json_key(w, "values");
    json_int(w, (int64_t)v->values);
    json_key(w, "rules");
    json_array_begin(w);
    for (size_t i = 0; i < v->rule_count; i++)
        json_string(w, v->rules[i]);
    json_array_end(w);
    json_object_end(w);
}

/* Where rules call some. */
static void write_functions(json_writer *w, const run_profile *p)
{
    if (p->function_count == 0)
        return;
    json_key(w, "functions");
    json_array_begin(w);
    for (size_t i = 0; i < p->function_count; i++) {
        json_object_begin(w);
        json_key(w, "function");
        json_string(w, p->functions[i].name);
        write_seconds(w, p->functions[i].seconds);
        json_key(w, "values");
        json_int(w, (int64_t)p->functions[i].values);
        json_object_end(w);
    }
    json_array_end(w);
}

/* Into an object that is open. */
static void write_work(json_writer *w, const run_profile *p)
{
    json_key(w, "tables");
    json_array_begin(w);
    for (size_t i = 0; i < p->table_count; i++)
        write_table(w, &p->tables[i]);
    json_array_end(w);
    json_key(w, "values");
    json_array_begin(w);
    for (size_t i = 0; i < p->value_count; i++)
        write_value(w, &p->values[i]);
    json_array_end(w);
    write_functions(w, p);
}

static void write_accounts(json_writer *w, const run_profile *p)
{
    json_key(w, "accounts");
    json_object_begin(w);
    json_key(w, "phases");
    json_array_begin(w);
    write_phase(w, "regroup", 0, p->regroup_seconds);
    write_phases(w, p);
    json_array_end(w);
    write_work(w, p);
    json_object_end(w);
}

void profiles_write(const session *s, json_writer *w)
{
    json_key(w, "profile");
    json_object_begin(w);
    json_key(w, "phases");
    json_array_begin(w);
    write_phase(w, "compile", 0, s->compile_seconds);
    write_phase(w, "read", 0, s->read_seconds);
    write_phases(w, s->result->profile);
    write_phase(w, "write", 0, s->write_seconds);
    json_array_end(w);
    write_work(w, s->result->profile);
    if (profile_of(s->result, true) != NULL)
        write_accounts(w, profile_of(s->result, true));
    json_object_end(w);
}

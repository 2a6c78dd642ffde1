/* SPDX-License-Identifier: MIT
 *
 * Statements for tables that are kept as a run says.
 */
#include "common/sql.h"

#include <string.h>

#include "common/memory.h"
#include "common/names.h"

const char *const sql_mode_names[] = {"replace", "upsert", "apply", "append", NULL};

void sql_add_name(buffer *s, const char *name)
{
    buffer_add(s, "\"");
    for (const char *c = name; *c != '\0'; c++)
        buffer_add_bytes(s, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1);
    buffer_add(s, "\"");
}

/* ---- options ---------------------------------------------------------------------- */

static bool find_column(const sql_table *t, const char *name, size_t *out)
{
    for (*out = 0; *out < t->column_count; ++*out)
        if (strcmp(t->columns[*out].name, name) == 0)
            return true;
    return false;
}

static const char **column_names(const sql_table *t)
{
    const char **names = common_alloc(t->column_count, sizeof *names);
    for (size_t i = 0; i < t->column_count; i++)
        names[i] = t->columns[i].name;
    return names;
}

static bool take_named_keys(sql_table *t, carpel_texts keys, carpel_error *err)
{
    for (size_t i = 0; i < keys.count; i++) {
        size_t at;
        if (!find_column(t, keys.items[i], &at)) {
            const char **names = column_names(t);
            names_fail_missing(err, "\"key\" names what the output has not: it",
                               keys.items[i], names, t->column_count);
            free(names);
            return false;
        }
        t->is_key[at] = true;
    }
    return true;
}

static bool take_usual_keys(sql_table *t, carpel_error *err)
{
    static const char *const usual[] = {"segment", "score", "person"};
    bool has_person = false;
    for (size_t i = 0; i < 3; i++) {
        size_t at;
        has_person = find_column(t, usual[i], &at);
        if (has_person)
            t->is_key[at] = true;
    }
    return has_person ||
           carpel_fail(
               err, CARPEL_E_INPUT,
               "no column is named \"person\", so say which columns tell the rows of "
               "the table \"%s\" apart, such as \"key: %s\"",
               t->name, t->columns[0].name);
}

/* The column that says what became of somebody, whatever it is called. */
static bool find_change(const sql_table *t, size_t *out)
{
    for (*out = 0; *out < t->column_count; ++*out)
        if (t->columns[*out].from && strcmp(t->columns[*out].from, "change") == 0)
            return true;
    return false;
}

/* Without that column, only rows of one sort can be carried out. */
static bool choose_apply(sql_table *t, const char *changes, carpel_error *err)
{
    if (!changes)
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"mode: apply\" needs rows of changes: write \"changes: "
                           "true\" for the output");
    if (find_change(t, &t->change) || strcmp(changes, "removals") == 0)
        return true;
    if (strcmp(changes, "additions") != 0)
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"mode: apply\" needs the column \"change\": add it to "
                           "\"columns\"");
    t->mode = SQL_UPSERT;
    return true;
}

static bool choose_mode(sql_table *t, const char *mode, const char *changes,
                        carpel_error *err)
{
    t->mode = changes ? SQL_APPLY : SQL_REPLACE;
    for (size_t i = 0; mode && sql_mode_names[i]; i++)
        if (strcmp(mode, sql_mode_names[i]) == 0)
            t->mode = (sql_mode)i;
    if (t->mode == SQL_APPLY)
        return choose_apply(t, changes, err);
    if (t->mode == SQL_REPLACE && changes)
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "rows of changes are not all rows, so they cannot replace a "
            "table: \"mode: apply\" carries them out, \"append\" keeps them "
            "as a list");
    return true;
}

bool sql_table_init(sql_table *t, const char *schema, const sql_options *options,
                    const carpel_delivery *delivery, carpel_error *err)
{
    *t = (sql_table){.schema = schema,
                     .name = options->table,
                     .columns = delivery->columns,
                     .column_count = delivery->column_count,
                     .is_key = common_alloc(delivery->column_count, sizeof(bool)),
                     .bytes = common_alloc(delivery->column_count, sizeof(char *))};
    if (!choose_mode(t, options->mode, delivery->changes, err))
        return false;
    if (t->mode == SQL_APPEND)
        return options->key.count == 0 ||
               carpel_fail(err, CARPEL_E_INPUT,
                           "\"mode: append\" compares whole rows, so it has no \"key\"");
    return options->key.count > 0 ? take_named_keys(t, options->key, err)
                                  : take_usual_keys(t, err);
}

void sql_table_done(sql_table *t)
{
    free(t->is_key);
    free(t->bytes);
    *t = (sql_table){0};
}

/* ---- statements ------------------------------------------------------------------- */

void sql_add_table(buffer *s, const sql_table *t)
{
    if (t->schema) {
        sql_add_name(s, t->schema);
        buffer_add(s, ".");
    }
    sql_add_name(s, t->name);
}

void sql_add_columns(buffer *s, const sql_table *t, bool are_keys)
{
    const char *between = "";
    for (size_t i = 0; i < t->column_count; i++) {
        if (are_keys && !t->is_key[i])
            continue;
        buffer_add(s, between);
        sql_add_name(s, t->columns[i].name);
        between = ", ";
    }
}

/* Of a text in a comparison, "de" is not "DE", whatever the column says. */
static void add_bytes(buffer *s, const sql_table *t, size_t column)
{
    buffer_add(s, t->bytes[column] ? t->bytes[column] : "");
}

/* FIRST.NAME of a column, of which `table` is one that the statement names so. */
static void add_member(buffer *s, const char *table, const sql_table *t, size_t column)
{
    buffer_add(s, table);
    buffer_add(s, ".");
    sql_add_name(s, t->columns[column].name);
}

void sql_add_create(buffer *s, const sql_table *t,
                    const char *(*type_of)(const carpel_column *column))
{
    buffer_add(s, "create table if not exists ");
    sql_add_table(s, t);
    for (size_t i = 0; i < t->column_count; i++) {
        buffer_add(s, i == 0 ? " (" : ", ");
        sql_add_name(s, t->columns[i].name);
        buffer_add(s, " ");
        buffer_add(s, type_of(&t->columns[i]));
        buffer_add(s, t->is_key[i] ? " not null" : "");
    }
    if (t->mode != SQL_APPEND) {
        buffer_add(s, ", primary key (");
        sql_add_columns(s, t, true);
        buffer_add(s, ")");
    }
    buffer_add(s, ")");
}

/* The rows t and r have the same key. */
static void add_same_key(buffer *s, const sql_table *t)
{
    const char *between = "";
    for (size_t i = 0; i < t->column_count; i++) {
        if (!t->is_key[i])
            continue;
        buffer_add(s, between);
        add_member(s, "t", t, i);
        buffer_add(s, " = ");
        add_member(s, "r", t, i);
        between = " and ";
    }
}

static bool removes_rows(const sql_table *t)
{
    return t->mode == SQL_REPLACE || t->mode == SQL_APPLY;
}

/* Of the table t, the rows that are to go. */
static void add_unwanted(buffer *s, const sql_table *t, const char *rows)
{
    sql_add_table(s, t);
    buffer_add(s, t->mode == SQL_REPLACE ? " as t where not exists (select 1 from "
                                         : " as t where exists (select 1 from ");
    buffer_add(s, rows);
    buffer_add(s, " as r where ");
    add_same_key(s, t);
    if (t->mode == SQL_APPLY && t->change < t->column_count) {
        buffer_add(s, " and ");
        add_member(s, "r", t, t->change);
        buffer_add(s, " = 'left'");
    }
    buffer_add(s, ")");
}

void sql_add_delete(buffer *s, const sql_table *t, const char *rows)
{
    if (!removes_rows(t))
        return;
    buffer_add(s, "delete from ");
    add_unwanted(s, t, rows);
}

/* Of the rows r, those that are to be there. */
static void add_wanted(buffer *s, const sql_table *t, const char *rows)
{
    bool are_all_left = t->mode == SQL_APPLY && t->change == t->column_count;
    buffer_add(s, rows);
    buffer_add(s, are_all_left ? " as r where false" : " as r where true");
    if (t->mode == SQL_APPLY && !are_all_left) {
        buffer_add(s, " and ");
        add_member(s, "r", t, t->change);
        buffer_add(s, " <> 'left'");
    }
}

/* "t"."a" is distinct from OTHER."a" or ..., of all but the key. False: there are no others. */
static bool add_differences(buffer *s, const sql_table *t, const char *other,
                            const char *before)
{
    const char *between = before;
    for (size_t i = 0; i < t->column_count; i++) {
        if (t->is_key[i])
            continue;
        buffer_add(s, between);
        add_member(s, "t", t, i);
        add_bytes(s, t, i);
        buffer_add(s, " is distinct from ");
        add_member(s, other, t, i);
        add_bytes(s, t, i);
        between = " or ";
    }
    return between != before;
}

/* Change what is another value now. */
static void add_conflict(buffer *s, const sql_table *t)
{
    const char *between = ") do update set ";
    buffer_add(s, " on conflict (");
    sql_add_columns(s, t, true);
    for (size_t i = 0; i < t->column_count; i++) {
        if (t->is_key[i])
            continue;
        buffer_add(s, between);
        sql_add_name(s, t->columns[i].name);
        buffer_add(s, " = ");
        add_member(s, "excluded", t, i);
        between = ", ";
    }
    if (!add_differences(s, t, "excluded", " where ")) /* all columns are of the key */
        buffer_add(s, ") do nothing");
}

static void add_select(buffer *s, const sql_table *t)
{
    for (size_t i = 0; i < t->column_count; i++) {
        buffer_add(s, i == 0 ? "select " : ", ");
        sql_add_name(s, t->columns[i].name);
        if (t->mode == SQL_APPEND) /* whole rows are compared */
            add_bytes(s, t, i);
    }
    buffer_add(s, " from ");
}

/* As a whole. */
static void add_new_rows(buffer *s, const sql_table *t, const char *rows)
{
    add_select(s, t);
    buffer_add(s, rows);
    buffer_add(s, " except ");
    add_select(s, t);
    sql_add_table(s, t);
}

void sql_add_insert(buffer *s, const sql_table *t, const char *rows)
{
    buffer_add(s, "insert into ");
    sql_add_table(s, t);
    buffer_add(s, " as t (");
    sql_add_columns(s, t, false);
    buffer_add(s, ") ");
    if (t->mode == SQL_APPEND) {
        add_new_rows(s, t, rows);
        return;
    }
    add_select(s, t);
    add_wanted(s, t, rows);
    add_conflict(s, t);
}

/* Rows that ought to be there and are not, as they are. */
static void add_lost(buffer *s, const sql_table *t, const char *rows)
{
    if (t->mode == SQL_APPEND) {
        buffer_add(s, "select 1 as found from (");
        add_new_rows(s, t, rows);
        buffer_add(s, ") as r");
        return;
    }
    buffer_add(s, "select 1 as found from ");
    add_wanted(s, t, rows);
    buffer_add(s, " and not exists (select 1 from ");
    sql_add_table(s, t);
    buffer_add(s, " as t where ");
    add_same_key(s, t);
    if (add_differences(s, t, "r", " and not ("))
        buffer_add(s, ")");
    buffer_add(s, ")");
}

void sql_add_find_unlike(buffer *s, const sql_table *t, const char *rows)
{
    add_lost(s, t, rows);
    if (removes_rows(t)) {
        buffer_add(s, " union all select 1 as found from ");
        add_unwanted(s, t, rows);
    }
    buffer_add(s, " limit 1");
}

void sql_warn_unlike(const sql_table *t, const carpel_host *host)
{
    char message[400];
    snprintf(message, sizeof message,
             "the table \"%.200s\" is not what the run makes it: a trigger or rule of it "
             "leaves out rows, keeps rows that are to go, or changes values",
             t->name);
    host->log(host, CARPEL_LOG_WARNING, message);
}

bool sql_check_missing(const sql_table *t, const carpel_delivery *delivery,
                       carpel_error *err)
{
    if (!delivery->changes || !delivery->is_sequel || t->mode == SQL_APPEND)
        return true;
    return carpel_fail(err, CARPEL_E_INPUT,
                       "the table \"%.150s\" is gone, and this run has only what changed "
                       "since the output's last run; bring the table back, or give the "
                       "output another \"name\", under which it begins with everybody",
                       t->name);
}

/* ---- tables that are there -------------------------------------------------------- */

bool sql_check_columns(const sql_table *t, const char *const *names, size_t count,
                       carpel_error *err)
{
    char where[300];
    snprintf(where, sizeof where, "the table \"%.280s\"", t->name);
    for (size_t i = 0; i < t->column_count; i++) {
        size_t at = 0;
        while (at < count && strcmp(names[at], t->columns[i].name) != 0)
            at++;
        if (at == count)
            return names_fail_missing(err, where, t->columns[i].name, names, count);
    }
    for (size_t i = 0; t->mode == SQL_REPLACE && i < count; i++) {
        size_t at;
        if (!find_column(t, names[i], &at))
            return carpel_fail(err, CARPEL_E_INPUT,
                               "%s has a column \"%s\", which the output does not write, "
                               "so its rows are "
                               "not the output's alone and are not replaced; name "
                               "another table, or write "
                               "\"mode: upsert\", which removes no row",
                               where, names[i]);
    }
    return true;
}

/* ---- what goes wrong with rows ----------------------------------------------------- */

bool sql_fail_inexact(const sql_table *t, const char *column, const char *what,
                      const char *advice, carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_INPUT,
                       "the column \"%.100s\" of the table \"%.100s\" is of the key and "
                       "%.100s, which takes different texts for one, so rows would be "
                       "lost; %s",
                       column, t->name, what, advice);
}

bool sql_fail_same_key(const sql_table *t, carpel_error *err)
{
    buffer keys = {0};
    sql_add_columns(&keys, t, true);
    carpel_fail(err, CARPEL_E_INPUT,
                "two rows for the table \"%s\" have the same key (%s); name the columns "
                "that tell them apart with \"key\"",
                t->name, keys.data);
    buffer_done(&keys);
    return false;
}

bool sql_fail_keyless(const sql_table *t, carpel_error *err)
{
    buffer keys = {0};
    sql_add_columns(&keys, t, true);
    carpel_fail(err, CARPEL_E_INPUT,
                "a row for the table \"%s\" has nothing in a column of its key (%s)",
                t->name, keys.data);
    buffer_done(&keys);
    return false;
}

bool sql_fail_unanswered(carpel_error *err)
{
    carpel_error reason = *err;
    return carpel_fail(err, reason.code,
                       "%.300s; the transaction may be there or not, and the next run "
                       "brings the table to its state",
                       reason.message);
}

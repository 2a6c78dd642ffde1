/* SPDX-License-Identifier: MIT
 *
 * The output `adbc`: a table of any database that has a driver of Arrow's database connectivity,
 * kept as the run says.
 *
 * write() begins a transaction and has the driver take the rows into a temporary table (bulk
 * ingest); prepare() makes the table what it is to be; commit() ends the transaction.
 */
#include <carpel/plugin.h>

#include <string.h>

#include "adbc/columns.h"
#include "adbc/forms.h"
#include "adbc/session.h"
#include "adbc/statements.h"
#include "common/memory.h"

typedef struct adbc_output_options {
    session_options session;
    const char *schema;
    sql_options table;
} adbc_output_options;

static const carpel_option options_table[] = {
    SESSION_OPTIONS(offsetof(adbc_output_options, session)),
    {.name = "schema",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(adbc_output_options, schema),
     .help = "The schema of the table; default: the one that the database takes."},
    SQL_OPTIONS(offsetof(adbc_output_options, table)),
    {0}};

typedef struct adbc_output {
    const carpel_host *host;
    const carpel_delivery *delivery;
    session session;
    sql_table table;
    const char *rows; /* the temporary table */
    bool is_there;    /* the table, before the run */
    bool may_have_triggers;
    out_batch batch;
    bool has_rows_table, has_failed;
    carpel_error error; /* of the first rows that could not be taken */
} adbc_output;

/* ---- rows -------------------------------------------------------------------------- */

/* Hand the rows to the driver: the first ones make the table aside. */
static bool send_rows(adbc_output *o, carpel_error *err)
{
    struct ArrowArrayStream rows;
    out_batch_take(&o->batch, &rows);
    bool is_first = !o->has_rows_table;
    o->has_rows_table = true;
    return session_ingest(&o->session, o->rows, is_first, &rows, err);
}

static void add_row(void *context, const delivered *row, size_t count)
{
    adbc_output *o = context;
    (void)count;
    if (o->has_failed)
        return;
    out_batch_add(&o->batch, row);
    if (out_batch_is_full(&o->batch))
        o->has_failed = !send_rows(o, &o->error);
}

static bool take_rows(adbc_output *o, struct ArrowArrayStream *rows, carpel_error *err)
{
    if (!delivery_read(o->host, o->delivery, rows, add_row, o, err))
        return false;
    if (o->has_failed) {
        *err = o->error;
        return false;
    }
    return (o->has_rows_table && o->batch.row_count == 0) || send_rows(o, err);
}

/* Does the statement yield a row? */
static bool yields_row(adbc_output *o, const char *statement, bool *out,
                       carpel_error *err)
{
    struct ArrowArrayStream rows;
    struct ArrowArray batch = {.length = 0};
    bool ok = session_query(&o->session, statement, &rows, err);
    *out = false;
    while (ok && !*out) {
        ok = session_next(&o->session, &rows, &batch, err);
        if (!ok || !batch.release)
            break;
        *out = batch.length > 0;
        batch.release(&batch);
    }
    if (rows.release)
        rows.release(&rows);
    return ok;
}

static bool check_key(adbc_output *o, carpel_error *err)
{
    buffer equal = {0}, keyless = {0};
    bool are_equal = false, is_keyless = false;
    if (o->table.mode == SQL_APPEND)
        return true;
    statement_find_equal(&equal, &o->table, o->rows);
    statement_find_keyless(&keyless, &o->table, o->rows);
    bool ok = yields_row(o, equal.data, &are_equal, err) &&
              yields_row(o, keyless.data, &is_keyless, err);
    buffer_done(&equal);
    buffer_done(&keyless);
    if (ok && is_keyless)
        return sql_fail_keyless(&o->table, err);
    return ok && (!are_equal || sql_fail_same_key(&o->table, err));
}

/* ---- the table --------------------------------------------------------------------- */

/* A column of a table that is there keeps values of the type as they are. */
static bool keeps(const carpel_column *column, const form *f)
{
    switch (column->type) {
    case CARPEL_BOOL: return f->kind == FORM_BOOL;
    case CARPEL_INT:
        return f->kind == FORM_INT || (f->kind == FORM_DECIMAL && f->scale >= 0);
    case CARPEL_DECIMAL: return f->kind == FORM_DECIMAL && f->scale >= (int)column->scale;
    case CARPEL_NUMBER: return f->kind == FORM_FLOAT && f->width == 8;
    case CARPEL_TIME: return f->kind == FORM_TIME && f->per_second >= 1000000;
    case CARPEL_DATE: return f->kind == FORM_DATE;
    case CARPEL_DURATION: return f->kind == FORM_SPAN || f->kind == FORM_MONTHS_DAYS;
    default: return f->kind == FORM_TEXT && !f->is_bytes && f->code_width == 0;
    }
}

static bool fail_column(const adbc_output *o, const carpel_column *column, const form *f,
                        const struct ArrowSchema *found, carpel_error *err)
{
    char word[FORM_WORD_SIZE], wanted[FIT_WORD_SIZE], usual[FIT_WORD_SIZE];
    form_stored(f, found, word);
    return carpel_fail(
        err, CARPEL_E_INPUT,
        "the column \"%.100s\" of the table \"%.100s\" is %s, which would not "
        "keep all values of the type %s as they are; make it %s",
        column->name, o->table.name, word, fit_word(column, wanted),
        fit_sql_word(column, usual));
}

static bool check_column(const adbc_output *o, const char *name,
                         const struct ArrowSchema *found, carpel_error *err)
{
    form f = form_of(found);
    for (size_t i = 0; i < o->table.column_count; i++)
        if (strcmp(o->table.columns[i].name, name) == 0 &&
            !keeps(&o->table.columns[i], &f))
            return fail_column(o, &o->table.columns[i], &f, found, err);
    return true;
}

static bool check_table(const adbc_output *o, const struct ArrowSchema *found,
                        carpel_error *err)
{
    size_t count = (size_t)found->n_children;
    const char **names = common_alloc(count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = found->children[i]->name ? found->children[i]->name : "";
    bool ok = sql_check_columns(&o->table, names, count, err);
    for (size_t i = 0; i < count && ok; i++)
        ok = check_column(o, names[i], found->children[i], err);
    free(names);
    return ok;
}

/* A table that cannot be asked for its columns is taken for one that is not there. */
static bool look_at_table(adbc_output *o, carpel_error *err)
{
    struct ArrowArrayStream rows;
    struct ArrowSchema schema = {0};
    struct ArrowArray none = {0};
    carpel_error why;
    buffer question = {0};
    buffer_add(&question, "select * from ");
    sql_add_table(&question, &o->table);
    buffer_add(&question, " where 1 = 0");
    o->is_there = session_query(&o->session, question.data, &rows, &why) &&
                  session_schema(&o->session, &rows, &schema, &why) &&
                  session_next(&o->session, &rows, &none, &why); /* its end */
    bool ok = o->is_there ? check_table(o, &schema, err)
                          : sql_check_missing(&o->table, o->delivery, err);
    if (!o->is_there && why.code == CARPEL_E_CANCELLED) {
        *err = why;
        ok = false;
    }
    if (none.release)
        none.release(&none);
    if (schema.release)
        schema.release(&schema);
    if (rows.release)
        rows.release(&rows);
    buffer_done(&question);
    return ok;
}

/* A column of the key tells all texts apart. */
static bool check_exact(adbc_output *o, carpel_error *err)
{
    bool ok = true;
    for (size_t i = 0; i < o->table.column_count && ok; i++) {
        const carpel_column *column = &o->table.columns[i];
        bool is_text = column->type == CARPEL_STRING || column->type == CARPEL_PERSON;
        bool is_inexact = false;
        buffer query = {0};
        if (!o->table.is_key[i] || !is_text)
            continue;
        statement_find_inexact(&query, &o->table, i);
        ok = yields_row(o, query.data, &is_inexact, err);
        if (ok && is_inexact)
            ok =
                sql_fail_inexact(&o->table, column->name, "has a collation",
                                 "make the table without it, or name another table", err);
        buffer_done(&query);
    }
    return ok;
}

/* No key of the table itself keeps its rows apart, so it may have some that the statements would take for one. */
static bool check_table_key(adbc_output *o, carpel_error *err)
{
    buffer name = {0}, equal = {0}, keys = {0};
    bool are_equal = false;
    if (!o->is_there || o->table.mode == SQL_APPEND)
        return true;
    if (!check_exact(o, err))
        return false;
    sql_add_table(&name, &o->table);
    sql_add_columns(&keys, &o->table, true);
    statement_find_equal(&equal, &o->table, name.data);
    bool ok = yields_row(o, equal.data, &are_equal, err);
    if (ok && are_equal)
        ok = carpel_fail(
            err, CARPEL_E_INPUT,
            "the table \"%.100s\" has rows with the same %.200s, which are to be "
            "told apart by that; remove them, or name other columns with \"key\"",
            o->table.name, keys.data);
    buffer_done(&name);
    buffer_done(&equal);
    buffer_done(&keys);
    return ok;
}

/* Which triggers there are, as databases tell it; one that answers none of these may have some. Outside of a transaction,
 * which ends with a question that fails. */
static bool look_for_triggers(adbc_output *o, carpel_error *err)
{
    static const char *const questions[] = {
        "select 1 from information_schema.triggers",
        "select 1 from sqlite_master where type = 'trigger'"};
    bool is_answered = false;
    o->may_have_triggers = true;
    for (size_t i = 0; !is_answered && i < 2; i++) {
        is_answered = yields_row(o, questions[i], &o->may_have_triggers, err);
        if (!is_answered && err->code == CARPEL_E_CANCELLED)
            return false;
    }
    o->may_have_triggers |= !is_answered;
    return true;
}

/* ---- the steps of an output -------------------------------------------------------- */

static void close_output(void *instance)
{
    adbc_output *o = instance;
    session_close(&o->session);
    sql_table_done(&o->table);
    out_batch_done(&o->batch);
    free(o);
}

static bool begin_rows(adbc_output *o, carpel_error *err)
{
    const adbc_output_options *options = o->delivery->options;
    out_batch_begin(&o->batch, o->delivery->columns, o->delivery->column_count);
    if (!sql_table_init(&o->table, options->schema, &options->table, o->delivery, err))
        return false;
    bool is_taken = strcmp(o->table.name, "carpel_rows") == 0;
    o->rows = is_taken ? "carpel_rows_aside" : "carpel_rows";
    return session_open(&o->session, &options->session, o->host,
                        o->delivery->project_directory, true, err) &&
           look_at_table(o, err);
}

static bool begin(const carpel_host *host, const carpel_delivery *delivery,
                  void **instance, carpel_error *err)
{
    adbc_output *o = common_alloc(1, sizeof *o);
    o->host = host;
    o->delivery = delivery;
    if (!begin_rows(o, err)) {
        close_output(o);
        return false;
    }
    *instance = o;
    return true;
}

static bool write_rows(void *instance, struct ArrowArrayStream *rows, carpel_error *err)
{
    adbc_output *o = instance;
    bool can_take_back;
    if (!look_for_triggers(o, err) || !session_begin(&o->session, &can_take_back, err))
        return false;
    if (!can_take_back)
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "the driver has no transactions, without which a table would be "
            "seen half written");
    return take_rows(o, rows, err) && check_key(o, err) && check_table_key(o, err);
}

typedef void statement(buffer *s, const sql_table *t, const char *rows);

static bool run_step(adbc_output *o, statement *write, carpel_error *err)
{
    buffer text = {0};
    write(&text, &o->table, o->rows);
    bool ok = text.size == 0 || session_run(&o->session, text.data, err);
    buffer_done(&text);
    return ok;
}

static bool look_back(adbc_output *o, carpel_error *err)
{
    bool is_unlike = false;
    buffer query = {0};
    sql_add_find_unlike(&query, &o->table, o->rows);
    bool ok = !o->is_there || !o->may_have_triggers ||
              yields_row(o, query.data, &is_unlike, err);
    buffer_done(&query);
    if (is_unlike)
        sql_warn_unlike(&o->table, o->host);
    return ok;
}

static bool prepare(void *instance, carpel_error *err)
{
    adbc_output *o = instance;
    return (o->is_there || run_step(o, statement_create, err)) &&
           run_step(o, statement_delete, err) && run_step(o, statement_update, err) &&
           run_step(o, statement_insert, err) && look_back(o, err);
}

static bool commit(void *instance, carpel_error *err)
{
    adbc_output *o = instance;
    return session_commit(&o->session, err) || sql_fail_unanswered(err);
}

/* What has not been committed goes with the connection. */
static void abort_output(void *instance)
{
    adbc_output *o = instance;
    session_rollback(&o->session);
}

/* Can the table be changed in the way of the mode? A view cannot, and not by everybody. The statements change
 * no row, and are taken back; where that cannot be, nothing is asked. */
static bool can_change(adbc_output *o, carpel_error *err)
{
    static statement *const writers[] = {statement_try_delete, statement_try_update,
                                         statement_try_insert};
    bool can_take_back, ok = session_begin(&o->session, &can_take_back, err);
    for (size_t i = 0; ok && can_take_back && i < sizeof writers / sizeof *writers; i++) {
        buffer text = {0};
        writers[i](&text, &o->table, o->rows);
        ok = text.size == 0 || session_run(&o->session, text.data, err);
        buffer_done(&text);
    }
    session_rollback(&o->session);
    return ok;
}

/* Has a table that is there the columns that it will be given, and can it be written? */
static bool fits_table(adbc_output *o, const carpel_inquiry *inquiry, carpel_error *err)
{
    const adbc_output_options *options = inquiry->options;
    carpel_delivery delivery;
    if (!delivery_foreseen(inquiry, &delivery))
        return true;
    o->delivery = &delivery;
    bool ok =
        sql_table_init(&o->table, options->schema, &options->table, &delivery, err) &&
        look_at_table(o, err) &&
        (!o->is_there || (can_change(o, err) && check_table_key(o, err)));
    sql_table_done(&o->table);
    if (!ok && o->session.reach != CARPEL_DENIED)
        o->session.reach = CARPEL_NO_DATA;
    return ok;
}

static carpel_reach check(const carpel_host *host, const carpel_inquiry *inquiry,
                          carpel_error *err)
{
    const adbc_output_options *options = inquiry->options;
    adbc_output o = {.host = host};
    bool ok = session_open(&o.session, &options->session, host,
                           inquiry->project_directory, true, err) &&
              fits_table(&o, inquiry, err);
    carpel_reach reach = ok ? CARPEL_REACHED : o.session.reach;
    session_close(&o.session);
    return reach;
}

static const carpel_output output = {.struct_size = sizeof(carpel_output),
                                     .begin = begin,
                                     .write = write_rows,
                                     .prepare = prepare,
                                     .commit = commit,
                                     .abort = abort_output,
                                     .close = close_output,
                                     .check = check};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_OUTPUT,
    .name = "adbc",
    .version = "1.0",
    .summary = "Results as a table of any database that has a driver of Arrow's ADBC.",
    .manual =
        "outputs:\n"
        "  - plugin: adbc\n"
        "    driver: drivers/libduckdb.so\n"
        "    options: {path: \"{project}/crm.duckdb\"}\n"
        "    table: members\n"
        "\n"
        "The table changes in one transaction, which the driver has to know. mode:\n"
        "  replace  afterwards the table has the rows of the run and no others\n"
        "  upsert   rows with a known key are changed, others added, none removed\n"
        "  apply    of changes: who left is removed, the others are changed or added\n"
        "  append   rows that are not there yet are added\n",
    .options_size = sizeof(adbc_output_options),
    .options = options_table,
    .output = &output,
};

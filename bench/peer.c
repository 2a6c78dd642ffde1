/* SPDX-License-Identifier: MIT
 *
 * DuckDB or ClickHouse as a library, held open with its data while statements of a script are
 * asked for again and again (requests.h):
 *
 *     peer duckdb|clickhouse LIBRARY DATABASE SCRIPT [NAME=VALUE ...]
 *
 * Statements of the script are parted by lines "-- @NAME"; $NAME in them stands for its VALUE.
 * Known words:
 *
 *     run NAME      the statements whose names begin so, one after the other
 *     show NAME     the same, and their rows, each behind the name of its statement
 *     threads N     as many as that from now on
 *
 * Both libraries are bound when the program starts, since neither is there when carpel is built.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "requests.h"

static void stop(const char *what, const char *why)
{
    fprintf(stderr, "peer: %s: %s\n", what, why);
    exit(1);
}

/* ---- texts that grow ---------------------------------------------------------------- */

typedef struct buffer {
    char *data;
    size_t size, capacity;
} buffer;

static void buffer_append(buffer *b, const char *data, size_t size)
{
    if (b->size + size + 1 > b->capacity) {
        b->capacity = 2 * (b->size + size + 1);
        b->data = realloc(b->data, b->capacity);
        if (b->data == NULL)
            stop("memory", "there is no more");
    }
    memcpy(b->data + b->size, data, size);
    b->size += size;
    b->data[b->size] = '\0';
}

/* ---- the two engines ---------------------------------------------------------------- */

/* What is asked of an engine. `query` returns the rows as lines of cells parted by tabs, in a
 * text that lives until the next query, or NULL, with the reason in *message. */
typedef struct peer {
    void *database, *connection;
    const char *threads; /* the statement that sets their number, for printf */
    const char *(*query)(struct peer *p, const char *sql, const char **message);
    void (*close)(struct peer *p);
    buffer rows, complaint;
} peer;

static void *library;

static void *symbol(const char *name)
{
    void *found = dlsym(library, name);
    if (found == NULL)
        stop(name, dlerror());
    return found;
}

/* BIND(f): a pointer of f's type to the library's function of that name. */
#define BIND(function) (*(void **)&(function) = symbol(#function))

static const char *complain(peer *p, const char *message, const char **out)
{
    p->complaint.size = 0;
    buffer_append(&p->complaint, message, strcspn(message, "\n"));
    *out = p->complaint.data;
    return NULL;
}

/* DuckDB's result: only its size matters here. */
typedef struct duckdb_result {
    uint64_t counts[3];
    void *columns;
    char *message;
    void *data;
} duckdb_result;

static int (*duckdb_open)(const char *path, void **database);
static int (*duckdb_connect)(void *database, void **connection);
static int (*duckdb_query)(void *connection, const char *sql, duckdb_result *out);
static const char *(*duckdb_result_error)(duckdb_result *result);
static char *(*duckdb_value_varchar)(duckdb_result *result, uint64_t column,
                                     uint64_t row);
static uint64_t (*duckdb_row_count)(duckdb_result *result);
static uint64_t (*duckdb_column_count)(duckdb_result *result);
static void (*duckdb_destroy_result)(duckdb_result *result);
static void (*duckdb_free)(void *value);
static void (*duckdb_disconnect)(void **connection);
static void (*duckdb_close)(void **database);

static void append_duckdb_row(peer *p, duckdb_result *result, uint64_t row)
{
    uint64_t columns = duckdb_column_count(result);
    for (uint64_t column = 0; column < columns; column++) {
        char *value = duckdb_value_varchar(result, column, row);
        const char *text = value != NULL ? value : "NULL";
        buffer_append(&p->rows, text, strlen(text));
        buffer_append(&p->rows, column + 1 < columns ? "\t" : "\n", 1);
        duckdb_free(value);
    }
}

static const char *query_duckdb(peer *p, const char *sql, const char **message)
{
    duckdb_result result;
    bool has_failed = duckdb_query(p->connection, sql, &result) != 0;
    if (has_failed)
        complain(p, duckdb_result_error(&result), message);
    p->rows.size = 0;
    buffer_append(&p->rows, "", 0);
    for (uint64_t row = 0; !has_failed && row < duckdb_row_count(&result); row++)
        append_duckdb_row(p, &result, row);
    duckdb_destroy_result(&result);
    return has_failed ? NULL : p->rows.data;
}

static void close_duckdb(peer *p)
{
    duckdb_disconnect(&p->connection);
    duckdb_close(&p->database);
}

static void open_duckdb(peer *p, const char *path)
{
    BIND(duckdb_open);
    BIND(duckdb_connect);
    BIND(duckdb_query);
    BIND(duckdb_result_error);
    BIND(duckdb_value_varchar);
    BIND(duckdb_row_count);
    BIND(duckdb_column_count);
    BIND(duckdb_destroy_result);
    BIND(duckdb_free);
    BIND(duckdb_disconnect);
    BIND(duckdb_close);
    if (duckdb_open(path, &p->database) != 0)
        stop(path, "DuckDB cannot open it");
    if (duckdb_connect(p->database, &p->connection) != 0)
        stop(path, "DuckDB does not connect");
    p->query = query_duckdb;
    p->close = close_duckdb;
    p->threads = "SET threads = %s";
}

static void **(*chdb_connect)(int count, char **arguments);
static void *(*chdb_query)(void *connection, const char *sql, const char *format);
static char *(*chdb_result_buffer)(void *result);
static size_t (*chdb_result_length)(void *result);
static const char *(*chdb_result_error)(void *result);
static void (*chdb_destroy_query_result)(void *result);
static void (*chdb_close_conn)(void **connection);

static const char *query_clickhouse(peer *p, const char *sql, const char **message)
{
    void *result = chdb_query(p->connection, sql, "TabSeparated");
    if (result == NULL)
        return complain(p, "there is no result", message);
    const char *error = chdb_result_error(result);
    if (error != NULL)
        complain(p, error, message);
    p->rows.size = 0;
    buffer_append(&p->rows, "", 0);
    if (error == NULL && chdb_result_buffer(result) != NULL)
        buffer_append(&p->rows, chdb_result_buffer(result), chdb_result_length(result));
    chdb_destroy_query_result(result);
    return error != NULL ? NULL : p->rows.data;
}

static void close_clickhouse(peer *p)
{
    chdb_close_conn(p->database);
}

static void open_clickhouse(peer *p, const char *path)
{
    BIND(chdb_connect);
    BIND(chdb_query);
    BIND(chdb_result_buffer);
    BIND(chdb_result_length);
    BIND(chdb_result_error);
    BIND(chdb_destroy_query_result);
    BIND(chdb_close_conn);
    buffer option = {0};
    buffer_append(&option, "--path=", strlen("--path="));
    buffer_append(&option, path, strlen(path));
    char name[] = "clickhouse";
    char *arguments[] = {name, option.data};
    p->database = chdb_connect(2, arguments);
    if (p->database == NULL)
        stop(path, "ClickHouse cannot open it");
    p->connection = *(void **)p->database;
    p->query = query_clickhouse;
    p->close = close_clickhouse;
    p->threads =
        "SET max_threads = %1$s, max_insert_threads = %1$s, max_parsing_threads = %1$s";
}

/* ---- the script --------------------------------------------------------------------- */

typedef struct statement {
    char *name, *sql;
} statement;

typedef struct script {
    statement *statements;
    size_t count;
} script;

static char *read_file(const char *path)
{
    buffer text = {0};
    char part[65536];
    size_t size;
    FILE *file = fopen(path, "r");
    if (file == NULL)
        stop(path, "it cannot be read");
    buffer_append(&text, "\n", 1);
    while ((size = fread(part, 1, sizeof part, file)) > 0)
        buffer_append(&text, part, size);
    fclose(file);
    return text.data;
}

/* The value of the longest variable whose name `text` begins with, behind its "$". */
static const char *find_value(const char *text, int count, char **variables, size_t *name)
{
    const char *found = NULL;
    *name = 0;
    for (int i = 0; i < count; i++) {
        size_t size = strcspn(variables[i], "=");
        if (size > *name && strncmp(text, variables[i], size) == 0) {
            found = variables[i] + size + 1;
            *name = size;
        }
    }
    return found;
}

static char *put_values(const char *text, int count, char **variables)
{
    buffer out = {0};
    for (const char *dollar; (dollar = strchr(text, '$')) != NULL;) {
        buffer_append(&out, text, (size_t)(dollar - text));
        size_t name;
        const char *value = find_value(dollar + 1, count, variables, &name);
        if (value == NULL)
            value = "$";
        buffer_append(&out, value, strlen(value));
        text = dollar + 1 + name;
    }
    buffer_append(&out, text, strlen(text));
    return out.data;
}

static script split(char *text)
{
    static const char mark[] = "\n-- @";
    script s = {0};
    for (char *next = strstr(text, mark); next != NULL;) {
        char *name = next + strlen(mark);
        char *sql = name + strcspn(name, "\n");
        next = strstr(sql, mark);
        if (*sql != '\0')
            *sql++ = '\0';
        if (next != NULL)
            *next = '\0';
        s.statements = realloc(s.statements, (s.count + 1) * sizeof *s.statements);
        if (s.statements == NULL)
            stop("memory", "there is no more");
        s.statements[s.count++] = (statement){name, sql};
    }
    return s;
}

/* ---- requests ----------------------------------------------------------------------- */

typedef struct session {
    peer engine;
    script script;
} session;

static void print_rows(const char *name, const char *rows)
{
    while (*rows != '\0') {
        size_t size = strcspn(rows, "\n");
        printf("%s\t%.*s\n", name, (int)size, rows);
        rows += size + (rows[size] == '\n');
    }
}

static bool run_statements(session *s, const char *name, bool is_shown,
                           const char **message)
{
    size_t found = 0;
    for (size_t i = 0; i < s->script.count; i++) {
        const statement *one = &s->script.statements[i];
        if (strncmp(one->name, name, strlen(name)) != 0)
            continue;
        const char *rows = s->engine.query(&s->engine, one->sql, message);
        if (rows == NULL)
            return false;
        if (is_shown)
            print_rows(one->name, rows);
        found++;
    }
    *message = "no statement has such a name";
    return found > 0;
}

static bool set_threads(peer *p, const char *count, const char **message)
{
    char sql[200];
    snprintf(sql, sizeof sql, p->threads, count);
    return p->query(p, sql, message) != NULL;
}

static bool handle(void *context, const char *word, const char *about,
                   const char **message)
{
    session *s = context;
    if (strcmp(word, "threads") == 0)
        return set_threads(&s->engine, about, message);
    if (strcmp(word, "run") == 0 || strcmp(word, "show") == 0)
        return run_statements(s, about, strcmp(word, "show") == 0, message);
    *message = "nobody knows this word";
    return false;
}

int main(int argc, char **argv)
{
    if (argc < 5)
        stop("usage", "peer duckdb|clickhouse LIBRARY DATABASE SCRIPT [NAME=VALUE ...]");
    library = dlopen(argv[2], RTLD_NOW | RTLD_GLOBAL);
    if (library == NULL)
        stop(argv[2], dlerror());
    session s = {.script = split(put_values(read_file(argv[4]), argc - 5, argv + 5))};
    if (strcmp(argv[1], "duckdb") == 0)
        open_duckdb(&s.engine, argv[3]);
    else
        open_clickhouse(&s.engine, argv[3]);
    requests_answer(handle, &s);
    s.engine.close(&s.engine);
    return 0;
}

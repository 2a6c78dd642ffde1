/* SPDX-License-Identifier: MIT
 *
 * adbc -- what carpel uses of Arrow's database connectivity (ADBC): a driver is a shared object
 * whose entry point fills a table of functions.
 *
 * The order and the types of members are the interface, as its specification fixes them
 * (revisions 1.0.0 and 1.1.0); what carpel does not call is only kept in its place.
 */
#ifndef ADBC_ADBC_H
#define ADBC_ADBC_H

#include <carpel/arrow.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ADBC_OK = 0,
    ADBC_NOT_IMPLEMENTED = 2,
    ADBC_NOT_FOUND = 3,
    ADBC_IO = 10,
    ADBC_CANCELLED = 11,
    ADBC_TIMEOUT = 12,
    ADBC_UNAUTHENTICATED = 13,
    ADBC_UNAUTHORIZED = 14,
};

enum { ADBC_REVISION_1_0 = 1000000, ADBC_REVISION_1_1 = 1001000 };

/* The vendor's number of an error whose last two members are there (1.1). */
#define ADBC_ERROR_IS_LONG INT32_MIN

struct adbc_driver;

typedef struct adbc_error adbc_error;
struct adbc_error {
    char *message;
    int32_t vendor_number;
    char sqlstate[5];
    void (*release)(adbc_error *);
    void *private_data;
    struct adbc_driver *private_driver;
};

/* A database, a connection, or a statement. */
typedef struct adbc_object {
    void *private_data;
    struct adbc_driver *private_driver;
} adbc_object;

typedef uint8_t adbc_call(adbc_object *, adbc_error *);
typedef uint8_t adbc_call_text(adbc_object *, const char *, adbc_error *);
typedef uint8_t adbc_call_option(adbc_object *, const char *name, const char *value,
                                 adbc_error *);
typedef void adbc_unused(void);

typedef struct adbc_driver adbc_driver;
struct adbc_driver {
    void *private_data, *private_manager;
    uint8_t (*release)(adbc_driver *, adbc_error *);

    adbc_call *database_init, *database_new;
    adbc_call_option *database_set_option;
    adbc_call *database_release;

    adbc_call *connection_commit;
    adbc_unused *connection_get_info;
    uint8_t (*connection_get_objects)(adbc_object *, int depth, const char *catalog,
                                      const char *schema, const char *table,
                                      const char *const *table_types, const char *column,
                                      struct ArrowArrayStream *out, adbc_error *);
    uint8_t (*connection_get_table_schema)(adbc_object *, const char *catalog,
                                           const char *schema, const char *table,
                                           struct ArrowSchema *out, adbc_error *);
    adbc_unused *connection_get_table_types;
    uint8_t (*connection_init)(adbc_object *, adbc_object *database, adbc_error *);
    adbc_call *connection_new;
    adbc_call_option *connection_set_option;
    adbc_unused *connection_read_partition;
    adbc_call *connection_release, *connection_rollback;

    adbc_unused *statement_bind;
    uint8_t (*statement_bind_stream)(adbc_object *, struct ArrowArrayStream *,
                                     adbc_error *);
    uint8_t (*statement_execute_query)(adbc_object *, struct ArrowArrayStream *out,
                                       int64_t *row_count, adbc_error *);
    adbc_unused *statement_execute_partitions, *statement_get_parameter_schema;
    uint8_t (*statement_new)(adbc_object *connection, adbc_object *, adbc_error *);
    adbc_call *statement_prepare, *statement_release;
    adbc_call_option *statement_set_option;
    adbc_call_text *statement_set_sql_query;
    adbc_unused *statement_set_substrait_plan;

    /* since 1.1 */
    adbc_unused *error_get_detail_count, *error_get_detail, *error_from_array_stream;
    adbc_unused *database_get_options[4], *database_set_options[3];
    adbc_call *connection_cancel;
    adbc_unused *connection_get_options[4], *connection_get_statistics,
        *connection_get_statistic_names, *connection_set_options[3];
    adbc_call *statement_cancel;
    adbc_unused *statement_execute_schema, *statement_get_options[4],
        *statement_set_options[3];
};

typedef uint8_t adbc_entry(int revision, void *driver, adbc_error *);

#endif

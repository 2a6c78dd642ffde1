/* SPDX-License-Identifier: MIT
 *
 * carpel/plugin.h -- everything a connector needs.
 *
 * A connector is a shared object that includes this header, links nothing of
 * carpel, and exports one constant description:
 *
 *     const carpel_plugin carpel_plugin_v1 = {
 *         CARPEL_PLUGIN_HEADER,
 *         .kind = CARPEL_SOURCE,
 *         .name = "csv",
 *         ...
 *     };
 *
 * The file is named after its kind and name: source_csv.so, output_jsonl.so.
 * Loading it runs its constructors (C has none but the compiler's own) and those of the
 * libraries that it needs, and nothing else. The host reads the description, checks the
 * YAML of the project against the options table, fills the options struct, and
 * only then calls open() or begin().
 *
 * Rows cross in the Arrow C data interface. A *source* answers open() with an
 * ArrowArrayStream; an *output* is handed one and consumes it:
 *
 *     source:  open(host, request) -> stream -> get_next ... get_next -> release
 *     output:  begin(host, delivery) -> write(stream) -> prepare -> commit -> close
 *
 * All outputs of a run appear together or not at all. An output that writes files gets
 * them from the host (`host->file_open`), which writes them aside, puts all of them in
 * place at the end, and removes them when anything fails.
 *
 * A source that has no Arrow data of its own builds its batches with the host's
 * row builder (`host->rows_...`), which reads texts as the wanted types and sets
 * bad rows aside with their place; plugins/template/ shows both kinds whole.
 *
 * The contract: the host believes nothing that a plugin answers. What is not as this
 * header says (a failure without a message, a row that is begun twice, an offset that goes
 * backwards, an exit()) ends the run with "plugin X broke the contract: ..." and leaves all
 * outputs as they were.
 *
 * Failures: a function that fails with CARPEL_E_LATER did nothing, and the same may go well
 * later: the server starts, a lock is taken, two transactions were in each other's way. The
 * host waits and tries again, as often as the project allows: open() and get_next() by opening
 * the source again, behind the last cursor where it has them; acknowledge() and commit() by
 * calling them again; the other functions of an output by abort(), close(), and a new begin()
 * of all outputs, with the same run. Any other failure is final. A source or output that tries
 * again by itself fails only when that did not help.
 *
 * Threads: the host calls one instance from one thread at a time, not always the same one.
 * The host's functions are called from within such a call only, by the thread that made it. Other
 * instances of the same plugin may be at work in other threads meanwhile: what a plugin keeps
 * outside of its instances does not change. A source that can be read in pieces says so
 * (carpel_reading); its pieces are instances of their own.
 *
 * Texts are UTF-8, end with a NUL unless they have a size, and are never NULL unless it is said.
 * Paths are the bytes that the system has for them. Whoever allocates memory frees it; what the
 * host hands over lives until the call returns unless it is said, and what is to stay is copied.
 *
 * The process belongs to the host: a plugin leaves the locale, the working directory, the
 * environment, the handling of signals, and the files 0, 1 and 2 as they are. No exception of C++
 * and no longjmp leaves its functions. Threads that an instance starts end with it: a plugin without
 * instances may be unloaded.
 *
 * Versions: this is interface 1.2. All that 1.0 says stays as it is: a plugin that was built with it
 * is taken by each later carpel, and works as it did. Later interfaces, 1.3, 1.4 ..., only
 * add. What came with one is marked "since 1.1", and
 *   - structs that begin with `struct_size` get members at their end. Whoever fills one writes
 *     sizeof into it; whoever reads one asks CARPEL_HAS before a member that is not of 1.0.
 *   - other structs stand in arrays, or are filled in memory of the other side: their size stays,
 *     and `reserved` members, which are zero, get names.
 *   - carpel_error, carpel_texts, carpel_cell and the structs of Arrow stay as they are.
 *   - enums get numbers. The host tells a plugin none that the plugin's header does not have, and a
 *     plugin answers with one that is not of 1.0 only when `host->abi_minor` says that the host
 *     knows it.
 * docs/plugins.md has the rules in full.
 */
#ifndef CARPEL_PLUGIN_H
#define CARPEL_PLUGIN_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <carpel/arrow.h>
#include <carpel/error.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARPEL_ABI_MAJOR 1u
#define CARPEL_ABI_MINOR 2u

/* The first members of every description; they protect all that follows. */
#define CARPEL_PLUGIN_HEADER                                                             \
    .abi_major = CARPEL_ABI_MAJOR, .abi_minor = CARPEL_ABI_MINOR,                        \
    .struct_size = sizeof(carpel_plugin)

/* Does the struct that `object` points to, which begins with struct_size, have the member? To be
 * asked before one that is not of 1.0 is read or called. */
#define CARPEL_HAS(object, member)                                                       \
    ((object)->struct_size >=                                                            \
     (size_t)((const char *)(&(object)->member + 1) - (const char *)(object)))

/* ---- options ------------------------------------------------------------ */

typedef enum carpel_option_type CARPEL_ENUM_BASE {
    CARPEL_OPTION_TEXT = 1,    /* const char *; never NULL unless not given */
    CARPEL_OPTION_BOOLEAN = 2, /* bool */
    CARPEL_OPTION_INTEGER = 3, /* int64_t */
    CARPEL_OPTION_NUMBER = 4,  /* double */
    CARPEL_OPTION_CHOICE = 5,  /* const char *; one of `choices` */
    CARPEL_OPTION_PATH = 6,  /* const char *; made absolute from the project's folder. Of
                                  an output it may be changed, as a file of a database is:
                                  the host refuses what the project is made of */
    CARPEL_OPTION_PATHS = 7, /* carpel_texts; one path or a list, globs expanded, each
                                  exists, sorted by name */
    CARPEL_OPTION_TEXTS = 8, /* carpel_texts; one text or a list */
    CARPEL_OPTION_OUTPUT_PATH = 9, /* const char *, for file_open: as PATH, but the host
                                  refuses a place that must not be written, and "-" is
                                  standard output */
    CARPEL_OPTION_PAIRS = 10 /* carpel_texts; a mapping of texts, each name with its value
                                  behind it */
} carpel_option_type;

/* A list of texts. */
typedef struct carpel_texts {
    const char *const *items; /* may be NULL when there are none */
    size_t count;
} carpel_texts;

/* One key that a plugin accepts in YAML. The host parses it, checks it, applies
 * the default, and stores the value at `offset` in the plugin's options struct.
 * A table of these ends with a NULL name. */
typedef struct carpel_option {
    const char *name;
    carpel_option_type type;
    size_t offset;
    const char *default_text;   /* the text that YAML would give; NULL: stays zero */
    bool required;              /* the user has to give it */
    bool secret;                /* never shown in a message */
    double minimum, maximum;    /* INTEGER and NUMBER; both 0: any value. One side is open
                                   with -HUGE_VAL or HUGE_VAL. */
    const char *const *choices; /* CHOICE: ends with NULL */
    const char *help;           /* one sentence; `carpel plugins NAME` prints it */
    const void *reserved[4];    /* NULL */
} carpel_option;

/* ---- values ------------------------------------------------------------- */

/* The types of properties and traits, with the Arrow format a column of it has.
 * Any column but `line` may hold nulls; a null is a missing value. */
typedef enum carpel_type CARPEL_ENUM_BASE {
    CARPEL_BOOL = 1,     /* "b" */
    CARPEL_INT = 2,      /* "l"  int64 */
    CARPEL_DECIMAL = 3,  /* "l"  int64, the value times 10^scale */
    CARPEL_NUMBER = 4,   /* "g"  double, finite */
    CARPEL_STRING = 5,   /* "u", or "i" (int32) with a dictionary of "u" */
    CARPEL_TIME = 6,     /* "tsu:UTC"  microseconds since 1970-01-01T00:00:00Z */
    CARPEL_DATE = 7,     /* "tdD"  int32, days since 1970-01-01 */
    CARPEL_DURATION = 8, /* "tDu"  int64, microseconds */
    CARPEL_PERSON = 9,   /* as CARPEL_STRING: the id of a person */
    CARPEL_LIST = 10     /* "+l"  a list in each row: of structs ("+s", none of them null)
                            with the columns `items` in their order; of plain values, an
                            array of the type of the only one of `items`. A null list has
                            no items. */
} carpel_type;

/* The Arrow format of a column of the type, of texts without a dictionary. */
static inline const char *carpel_type_format(carpel_type type)
{
    static const char *const formats[] = {"",        "b",   "l",   "l", "g", "u",
                                          "tsu:UTC", "tdD", "tDu", "u", "+l"};
    return type >= CARPEL_BOOL && type <= CARPEL_LIST ? formats[type] : "";
}

/* One column that the host asks a source for, or hands an output: of the latter only `name`,
 * `from`, `type`, `scale` and `is_verbatim` are told. */
typedef struct carpel_column carpel_column;
struct carpel_column {
    const char *name; /* what the host calls it: the column's name in the schema */

    /* Where the source finds it: a header, a dotted path, ... Of an output what the column holds, such
     * as "change", under whatever name. */
    const char *from;
    carpel_type type;
    uint32_t scale;     /* DECIMAL: digits after the point, 0 to 18 */
    const char *format; /* TIME, DATE: how texts are written; NULL: ISO 8601.
                           DURATION: the unit of plain numbers, "seconds"; NULL: none. */
    /* Other fields that may hold the value, ended by NULL: the first that is there counts, `from`
     * before all of these, and a file has to have one of them. NULL: there are no others. */
    const char *const *others;
    const carpel_column *items; /* LIST: what each item has. `from` is seen from the item;
                                   none of them is a LIST. */
    size_t item_count;
    bool is_plain; /* LIST: of values, not of records: there is one of `items`, with the
                         value itself, and its `from` is empty */
    bool is_optional; /* the user did not name it: a source that has no such field leaves
                         the column missing in all rows; else that is an error */

    /* Of an output, STRING: ids, names of rules, numbers, hashes, which are written as they are. Others
     * are what people wrote, and may be changed so that no program takes them for something else. */
    bool is_verbatim;
    const void *reserved[4]; /* NULL */
};

/* ---- the host ----------------------------------------------------------- */

typedef enum carpel_log_level CARPEL_ENUM_BASE {
    CARPEL_LOG_WARNING = 1,
    CARPEL_LOG_INFO = 2
} carpel_log_level;

/* A batch of rows under construction. Made by rows_new, owned by the caller,
 * released with rows_free. */
typedef struct carpel_rows carpel_rows;

/* A file that an output writes. Opened by file_open, owned by the host. */
typedef struct carpel_file carpel_file;

/* Where a text lies, for rows_add. */
typedef struct carpel_cell {
    uint32_t begin; /* in the data, in bytes */
    uint32_t size;  /* in bytes, below 2^31; and CARPEL_CELL_QUOTED, when it stood in
                       quotes */
} carpel_cell;
#define CARPEL_CELL_QUOTED UINT32_C(0x80000000)

/* Rows of texts that lie in one stretch of memory. Row i has the cells
 * [i * field_count, (i + 1) * field_count) and came from the line first_line + i. */
typedef struct carpel_text_rows {
    size_t struct_size;
    const char *data;
    size_t size; /* of the data; a few bytes behind the last text make it quicker */
    const carpel_cell *cells;
    size_t row_count, field_count;
    const size_t *fields; /* for each column its field; SIZE_MAX: none, it is missing */
    uint64_t first_line;
} carpel_text_rows;

/* What the host lends a plugin, as long as an instance lives. Each function takes the host first, or
 * what it made: rows, a file. */
typedef struct carpel_host carpel_host;
struct carpel_host {
    size_t struct_size;
    uint32_t abi_minor; /* of the interface that the host has, 1.`abi_minor` */
    uint32_t reserved;

    /* Tell the user something that does not stop the work; the host puts the source and
     * the plugin before it. The first 100 messages of an instance are shown. */
    void (*log)(const carpel_host *host, carpel_log_level level, const char *message);

    /* Say how far the work is, in bytes of input; total 0: unknown. Cheap. A source that
     * reads no bytes says nothing. */
    void (*progress)(const carpel_host *host, uint64_t done_bytes, uint64_t total_bytes);

    /* Does the user want to stop (^C, SIGTERM, or a program that embeds carpel)? Then give
     * back what is held and fail with CARPEL_E_CANCELLED. Cheap: ask before each batch, and
     * in any loop of more than some ten milliseconds. The command waits 0.7 seconds for
     * it; after that the process ends without another call. A call that blocks may return
     * EINTR when a signal came: then ask too. */
    bool (*is_cancelled)(const carpel_host *host);

    /* A builder of batches with these columns, in this order, and two more that
     * the host adds by itself: `file` and `line`, the place of each row. The functions
     * below are called in this order, and nothing is left out: all rows that a source
     * builds are taken, and handed over in batches of its stream. Never NULL; the columns are
     * copied.
     *     rows_begin_file (row_begin { row_set_... | item_begin { row_set_... } item_end }
     *     row_end)... rows_take ... rows_free */
    carpel_rows *(*rows_new)(const carpel_host *host, const carpel_column *columns,
                             size_t column_count);
    void (*rows_free)(carpel_rows *rows);

    /* Name the place of the rows that follow; `file` is copied. NULL: it has no name. */
    void (*rows_begin_file)(carpel_rows *rows, const char *file);

    /* Start a row that came from this line (from 1). Its cells are missing until set. The
     * row before is ended. */
    void (*row_begin)(carpel_rows *rows, uint64_t line);

    /* Set a cell of the row from a text (UTF-8, not NUL-ended), read as the column's
     * type. An empty text leaves a cell missing, except in a string column when
     * `quoted` says that the emptiness was written down. A text that does not fit
     * marks the row as bad; it is set aside by row_end. */
    void (*row_set_text)(carpel_rows *rows, size_t column, const char *text, size_t size,
                         bool quoted);

    /* Set a cell from a value. A whole number sets INT and NUMBER as it is, and DECIMAL as
     * that many wholes. For TIME, DATE and DURATION the column's `format` says what a
     * plain number is: with "unix" 1700000000 is seconds, with "%Y%m%d" 20260301 is a day,
     * with "minutes" 5 is five of them; without a format it is microseconds, and for a
     * DATE days. A double sets DECIMAL and INT by its shortest decimal digits, and TIME,
     * DATE and DURATION as a whole number does, or by its digits where there is a format. A
     * STRING gets the digits or "true" and "false". What cannot be kept exactly marks the
     * row as bad. */
    void (*row_set_int)(carpel_rows *rows, size_t column, int64_t value);
    void (*row_set_number)(carpel_rows *rows, size_t column, double value);
    void (*row_set_bool)(carpel_rows *rows, size_t column, bool value);

    /* Begin an item of the row's list in a column of type LIST. Until item_end,
     * row_set_... set the item's cells: their column numbers count the list's `items`. An
     * item is ended before the next one begins, and before the row ends.
     * A row without items has no list, which is not the same as an empty one: see
     * list_begin. A source that knows no lists leaves them alone, and fails in open() when
     * a LIST that is not optional is asked for. */
    void (*item_begin)(carpel_rows *rows, size_t column);
    void (*item_end)(carpel_rows *rows);

    /* Mark the row as bad, with a reason for the user. */
    void (*row_refuse)(carpel_rows *rows, const char *reason);

    /* End the row. A bad row is set aside with file, line, reason and counted. */
    void (*row_end)(carpel_rows *rows);

    /* How many good rows the builder holds. */
    size_t (*rows_count)(const carpel_rows *rows);

    /* Is it time to take the batch? Also when the host wants no more rows at all: then
     * is_cancelled answers true. */
    bool (*rows_is_full)(const carpel_rows *rows);

    /* The schema of the batches, and the rows so far as one batch; the builder is
     * then empty and ready for the next batch. The caller releases both. No row is open
     * when they are taken. */
    void (*rows_schema)(const carpel_rows *rows, struct ArrowSchema *out);
    void (*rows_take)(carpel_rows *rows, struct ArrowArray *out);

    /* Begin a file that will stand at `path` (the value of an OUTPUT_PATH option) when
     * all outputs are put in place; for outputs, from begin() and write(). Folders that
     * are missing are made. The host closes it; "-", pipes and devices are written when
     * all files are in place. The path is NULL where the project lets a program read
     * the file (`command`). */
    bool (*file_open)(const carpel_host *host, const char *path, carpel_file **out,
                      carpel_error *err);

    /* Append to the file. False once a write has failed: the host remembers the reason
     * and ends the run with it, so a plugin need not look. */
    bool (*file_write)(carpel_file *file, const void *data, size_t size);

    /* The row has a list in this column of type LIST, which is empty as long as no items
     * are begun. A list that a person has becomes empty then, where a row without one
     * leaves it as it was; a list inside an event is empty either way. */
    void (*list_begin)(carpel_rows *rows, size_t column);

    /* Add rows as row_begin, row_set_text for each column and row_end would add them one
     * after the other, but quicker. The texts are copied. A few hundred rows at a time
     * are a good measure. */
    void (*rows_add)(carpel_rows *rows, const carpel_text_rows *texts);

    /* Before a failure with CARPEL_E_LATER: it is not worth while to try again for so
     * many seconds, as a server may say. */
    void (*retry_after)(const carpel_host *host, double seconds);
};

/* ---- descriptions ------------------------------------------------------- */

/* What a source is asked for. Outlives the stream that open() returns, or the reading. */
typedef struct carpel_request {
    size_t struct_size;
    const char *name;    /* of the source in the project: "purchases" */
    const void *options; /* the plugin's options struct, filled by the host */
    const carpel_column *columns;
    size_t column_count;
    const char *project_directory;

    /* The kinds of events that the project has, ended by NULL, so that a source need not make rows
     * that nobody wants; NULL: not told. */
    const char *const *events;

    /* Of a source that goes on (carpel_reading): for each of the files of its option `files` the
     * place at which its rows begin, behind those that were read before; 0: all are read. NULL:
     * all files are read whole. */
    const uint64_t *begins;

    /* Of a source with carpel_resuming: where it was when the rows that are kept of it had been
     * read; NULL: all rows are wanted. */
    const char *cursor;
} carpel_request;

/* Who hears what a source tells of a file that it looks at. All texts are read at once, and
 * UTF-8. */
typedef struct carpel_view {
    size_t struct_size;
    void *context;

    /* An option that the file wants in the project, which is not the default, such as
     * "delimiter" and ";". Before the first row. */
    void (*option)(void *context, const char *name, const char *value);

    /* A field that rows may have, by the name that `from` takes. Of a source whose files name
     * them before the first row. */
    void (*field)(void *context, const char *from);

    /* Begin a row; false: no more are wanted. Then its fields, those that are missing may be left out,
     * and its end. A field of a list has "[]" behind the list's name, as in "items[].sku", and comes
     * once for each item. `is_text`: it stands in quotes, so that it is a text whatever it looks
     * like. */
    bool (*row_begin)(void *context, uint64_t line);
    void (*row_field)(void *context, const char *from, const char *text, size_t size,
                      bool is_text);
    void (*row_refuse)(void *context, const char *reason); /* it cannot be read */
    void (*row_end)(void *context);
} carpel_view;

/* What get_next of a source's stream returns for a failure, and the host maps back; the
 * message is that of get_last_error, which then has one. */
static inline int carpel_error_number(const carpel_error *err)
{
    switch (err->code) {
    case CARPEL_E_INPUT: return EINVAL;
    case CARPEL_E_SYSTEM: return EIO;
    case CARPEL_E_LIMIT: return E2BIG;
    case CARPEL_E_PLUGIN: return EPROTO;
    case CARPEL_E_CANCELLED: return ECANCELED;
    case CARPEL_E_LATER: return EAGAIN;
    }
    return EIO;
}

/* The way back from there. */
static inline carpel_error_code carpel_error_code_of(int number)
{
    switch (number) {
    case EINVAL: return CARPEL_E_INPUT;
    case E2BIG: return CARPEL_E_LIMIT;
    case EPROTO: return CARPEL_E_PLUGIN;
    case ECANCELED: return CARPEL_E_CANCELLED;
    case EAGAIN: return CARPEL_E_LATER;
    default: return CARPEL_E_SYSTEM;
    }
}

/* Where a piece begins that has to be found: behind the first line end at or after its own
 * begin. */
#define CARPEL_PIECE_GUESS UINT64_MAX

/* A file is known again by its size and by hashes of its first and its last so many bytes
 * (XXH3 with 64 bits), or of all of them when there are fewer. */
#define CARPEL_HASHED_BYTES 4096

/* Where the rows of a piece were, once its stream has ended. The host's, zeroed before it is
 * filled. */
typedef struct carpel_piece_place {
    /* Of its file: it begins where the file does, or what is read of it. */
    bool is_first;

    /* Whatever is appended to the file changes none of its rows: the last one ended with its line,
     * and no quote is open. */
    bool is_settled;

    /* Of its rows: where the first one begins, and the one behind them. */
    uint64_t begin, end;
    uint64_t line_count; /* lines in between, line ends in quotes too */
    uint64_t byte_count; /* for the progress */

    /* Of a packed file that was read to its end: what it is known by without its packing; all 0: it is
     * not packed. */
    uint64_t unpacked_bytes, unpacked_head_hash, unpacked_tail_hash;
    uint64_t reserved[4]; /* 0 */
} carpel_piece_place;

/* A source that is opened to be read in pieces side by side, each of which is a part of one
 * file. The struct is the host's, zeroed before it is filled; the state is the plugin's. */
typedef struct carpel_pieces {
    void *state;
    size_t count;
    uint64_t total_bytes; /* of all; 0: unknown */
    uint64_t reserved[4]; /* 0 */
} carpel_pieces;

/* Reading in pieces, for a source of lines. The rows of all pieces in their order are those that
 * open() gives, whoever reads which piece when. A piece holds the rows that begin in its part of
 * the file. Where its first one begins it cannot know when line ends may stand in quotes: it
 * guesses, and tells where it began and ended. When a piece did not begin where the one before
 * it ended, the host forgets what it read and opens it again with the right place.
 * Lines are counted from 1 in each piece, and no message names one.
 * A file that has grown since it was read is read from where reading ended then
 * (`begins` of the request), when the source goes on. */
typedef struct carpel_reading {
    size_t struct_size;

    /* Cut into pieces of about so many bytes. */
    bool (*open)(const carpel_host *host, const carpel_request *request,
                 size_t piece_bytes, carpel_pieces *out, carpel_error *err);

    /* Open a piece, in any thread, several at a time, as carpel_source.open opens a source. A piece
     * is open once at a time. `begin`: where its rows begin in the file, or
     * CARPEL_PIECE_GUESS. */
    bool (*open_piece)(const carpel_host *host, void *state, size_t piece, uint64_t begin,
                       struct ArrowArrayStream *out, carpel_error *err);

    /* Tell where the piece was, whose stream came to its end, before it is released. */
    void (*place)(void *state, size_t piece, carpel_piece_place *out);

    /* All streams are released. */
    void (*close)(void *state);

    /* The source heeds `begins`; each of the files has a piece that is first, also an empty one. */
    bool goes_on;

    /* Hand the bytes of a packed file to `take` as they are without the packing, from
     * the first on, until it answers false. *is_packed is false, and nothing is taken, when the file
     * is not packed in a way that the source knows. NULL: the source knows no packing. */
    bool (*unpack)(const carpel_host *host, const char *path,
                   bool (*take)(void *context, const char *bytes, size_t size),
                   void *context, bool *is_packed, carpel_error *err);
} carpel_reading;

/* Whether a connector reaches what it connects to, and if not, who is to look at it. */
typedef enum carpel_reach CARPEL_ENUM_BASE {
    CARPEL_REACHED = 0,
    /* Nobody answers: the address, the network, the server. */
    CARPEL_UNREACHABLE = 1,
    /* It answers, and does not let us in: user, password, rights. */
    CARPEL_DENIED = 2,
    /* It lets us in, and what the options name is not there or is other than they say: a database,
     * table, topic, column. */
    CARPEL_NO_DATA = 3
} carpel_reach;

/* What a check or a discovery is asked for. Lives until it answers. */
typedef struct carpel_inquiry {
    size_t struct_size;
    const char *name;    /* of the source or output in the project */
    const void *options; /* the plugin's options struct, filled by the host */
    const char *project_directory;

    /* Since 1.1, of a check: the columns that a source will be asked for, or an output be handed, as
     * in the request or the delivery; NULL: they are not told. */
    const carpel_column *columns;
    size_t column_count;

    /* Since 1.1, of a check of an output: as in the delivery. */
    const char *changes;
} carpel_inquiry;

/* Connect, look, and go: nothing is read that stays read, and nothing is written. Anything but
 * CARPEL_REACHED fills *err. What it logs as a warning is shown with the answer. It is done within
 * seconds, or asks is_cancelled. */
typedef carpel_reach carpel_check(const carpel_host *host, const carpel_inquiry *inquiry,
                                  carpel_error *err);

/* A host keeps cursors of so many bytes, with the NUL behind them, or of more. */
#define CARPEL_CURSOR_SIZE 4096

/* A source of partitions that is opened. The struct is the host's, zeroed before it is filled; the state is
 * the plugin's. */
typedef struct carpel_partitions {
    void *state;
    size_t count;
    uint64_t reserved[4]; /* 0 */
} carpel_partitions;

/* Since 1.2. Partitions of a source that goes on, such as those of a topic, which are read side by side. The
 * rows of all partitions in their order are those that carpel_source.open gives from the same cursor:
 * whoever reads which partition when, what comes out is the same. A partition has a *cursor of its own*,
 * which carpel_resuming.cursor tells of its stream, as any other, and which is not needed longer than the
 * state is. What the host keeps is made of all of them by `join`: the cursor of the source, which its open()
 * takes as well. */
typedef struct carpel_partitioning {
    size_t struct_size;

    /* Find out which partitions there are, and where each of them begins behind the cursor of the
     * request. There may be none. */
    bool (*open)(const carpel_host *host, const carpel_request *request,
                 carpel_partitions *out, carpel_error *err);

    /* Open a partition, in any thread, several at a time, as carpel_source.open opens a source. A
     * partition is open once at a time. `cursor`: behind which of its rows; NULL: where it begins. It is
     * opened again when its stream failed with CARPEL_E_LATER, and the others go on. */
    bool (*open_partition)(const carpel_host *host, void *state, size_t partition,
                           const char *cursor, struct ArrowArrayStream *out,
                           carpel_error *err);

    /* Write the cursor of the source, as carpel_resuming.cursor does, when each partition is where its own
     * of `cursors` says; NULL: where it begins. No stream is open. */
    bool (*join)(const carpel_host *host, void *state, const char *const *cursors,
                 char *out, size_t capacity, carpel_error *err);

    /* All streams are released. */
    void (*close)(const carpel_host *host, void *state);
} carpel_partitioning;

/* How a source goes on where it was: one that reads an offset, a growing number, or the
 * place in a queue, and not files. A *cursor* is a text of the source's own, UTF-8, that says up to
 * where the rows are that it gave. The host keeps it together with the rows, both or neither, and hands
 * it to the next open(), maybe years and many versions of the plugin later. What comes then is put
 * beside what there is. The host reads all again (without a cursor) when it keeps nothing, or when
 * the project says something else of the source. */
typedef struct carpel_resuming {
    size_t struct_size;

    /* Write where the stream is: behind the rows of all batches that get_next gave, and of none
     * else; into `capacity` bytes, which are CARPEL_CURSOR_SIZE or more. Called after any of
     * them, and after the end. An empty text: nowhere yet, the next open() has none. */
    bool (*cursor)(struct ArrowArrayStream *stream, char *out, size_t capacity,
                   carpel_error *err);

    /* The rows up to the cursor are kept, and will not be asked for again: a queue may forget
     * them. Called when no stream is open, after they are on the disk, and once more before the
     * next open(), since the process may have ended in between; so it may be told what it knows.
     * NULL: there is nothing to do. */
    bool (*acknowledge)(const carpel_host *host, const carpel_request *request,
                        const char *cursor, carpel_error *err);

    /* The option of type TEXT that asks for it: where the project does not give that one, all
     * rows are read each time. NULL: it always goes on. */
    const char *enabling_option;

    /* Options that say how rows are reached, and not which they are, such as an address or a
     * user, ended by NULL: a project may say something else there, and the source goes on.
     * Secrets are among them by themselves. NULL: there are no others. */
    const char *const *access_options;

    /* Since 1.2: how its partitions are read side by side; NULL: it is read as one stream. */
    const carpel_partitioning *partitions;
} carpel_resuming;

/* A connector that yields rows. */
typedef struct carpel_source {
    size_t struct_size;

    /* Open one instance and hand out its batches: a struct ("+s") with the columns
     * of the request in their order, and optionally `file` (string) and `line`
     * (int64) after them. On success *out is the host's, which releases it; all of its
     * functions are there. On failure *err has a code and a message. */
    bool (*open)(const carpel_host *host, const carpel_request *request,
                 struct ArrowArrayStream *out, carpel_error *err);

    /* The source knows the project's names by itself: the project maps no columns, it is
     * asked for `person`, `event`, `time`, and every KIND.PROPERTY and user.TRAIT of the
     * project, and each column's `from` equals its `name`. A row whose `event` is missing
     * only brings traits. */
    bool brings_own_names;

    /* How it is read in pieces; NULL: it is not. A source has this or `resuming`, not both. */
    const carpel_reading *reading;

    /* Tell what a file has, whatever the project says; NULL: it cannot. *is_mine is
     * false, and nothing is told, when the file is not of the source's kind. */
    bool (*look)(const carpel_host *host, const char *path, const carpel_view *view,
                 bool *is_mine, carpel_error *err);

    /* How it goes on where it was; NULL: it gives all rows each time. A source of
     * `files` needs none, as the host knows where it was in each. */
    const carpel_resuming *resuming;

    /* Whether it reaches what it connects to; NULL: there is nothing to connect to. */
    carpel_check *check;

    /* Tell what there is to read with these options, as `look` tells of a file: all fields by
     * name, then rows as long as they are wanted. The options say nothing of who, when and what: that is
     * found out from what is told. NULL: it cannot. */
    bool (*discover)(const carpel_host *host, const carpel_inquiry *inquiry,
                     const carpel_view *view, carpel_error *err);
} carpel_source;

/* What an output is asked for. Outlives the instance. */
typedef struct carpel_delivery {
    size_t struct_size;
    const char *name;             /* of the output in the project: "members" */
    const void *options;          /* the plugin's options struct, filled by the host */
    const carpel_column *columns; /* the columns of the stream, in its order */
    size_t column_count;
    const char *project_directory;

    /* Which run of the project it is, as "41-9f3ac6b0e2d7a541". The same run made again (the instant,
     * rules and results) has the same: what has taken it already need not take it again. NULL: runs
     * are not remembered. Texts of two projects may be equal. */
    const char *run;

    /* The rows are not all that there are but what has changed: "all" of it, "additions" or "removals";
     * NULL: they are all. */
    const char *changes;

    /* The changes are those since an earlier run that the output took; false: everybody is new. */
    bool is_sequel;
    uint8_t reserved[7]; /* 0 */
} carpel_delivery;

/* A connector that takes results: a stream of structs ("+s") with the columns of the
 * delivery, each in the format that its type has above; a string column is "u", without
 * a dictionary, and there are no lists. Columns are known by their names: what an output
 * does not know it writes as it is named, or refuses in begin(). Memberships are
 *   segment  STRING   "vip", or "lifecycle.active" for a member of groups
 *   person   STRING   the person's id
 *   as_of    TIME     the instant of the judgement
 * without nulls; rows come by segment in the order of the rules, persons sorted by id. A
 * segment without members has no rows.
 *
 * The calls for one run are
 *   begin  write  prepare  commit  close     when all outputs succeed
 *   begin  write  prepare  abort   close     when this or another one fails before
 *   begin  write  prepare  commit  abort  close     when another one fails at its commit
 * and after a failure of begin() none at all. Every output is prepared before the first
 * one is put in place. */
typedef struct carpel_output {
    size_t struct_size;

    /* Make ready to write; on success *instance is handed to the other functions. */
    bool (*begin)(const carpel_host *host, const carpel_delivery *delivery,
                  void **instance, carpel_error *err);

    /* Consume the stream; the host releases it. Nothing that was there before has changed
     * when this returns. */
    bool (*write)(void *instance, struct ArrowArrayStream *rows, carpel_error *err);

    /* Do everything that may still fail, so that commit() should not. The host's files
     * need nothing. May be NULL. */
    bool (*prepare)(void *instance, carpel_error *err);

    /* Make visible what was written. All files are in place by now; when this fails they
     * are taken back. May be NULL. */
    bool (*commit)(void *instance, carpel_error *err);

    /* Undo what was written, prepared and, if it can be, committed. What cannot be undone is told
     * by the host's `log`. May be NULL. */
    void (*abort)(void *instance);

    /* Release the instance. */
    void (*close)(void *instance);

    /* Whether it reaches what it connects to; NULL: there is nothing to connect to. */
    carpel_check *check;
} carpel_output;

typedef enum carpel_plugin_kind CARPEL_ENUM_BASE {
    CARPEL_SOURCE = 1,
    CARPEL_OUTPUT = 2
} carpel_plugin_kind;

/* What a shared object exports, as `const carpel_plugin carpel_plugin_v1`. */
typedef struct carpel_plugin {
    uint32_t abi_major, abi_minor; /* of the header that it is built with */
    size_t struct_size;
    uint32_t kind;       /* a carpel_plugin_kind */
    uint32_t reserved;   /* 0 */
    const char *name;    /* as the project file spells it; the file's name agrees */
    const char *version; /* the plugin's own, for people */
    const char *summary; /* one sentence */
    const char *manual;  /* a few paragraphs with an example; may be NULL */
    size_t options_size; /* of the plugin's options struct */
    const carpel_option *options; /* what it may be given; ends with a NULL name */
    const carpel_source *source;  /* for CARPEL_SOURCE, else NULL */
    const carpel_output *output;  /* for CARPEL_OUTPUT, else NULL */
} carpel_plugin;

/* The name of the exported description. */
#define CARPEL_PLUGIN_SYMBOL "carpel_plugin_v1"

/* Put before the description, so that it is seen although a build hides symbols. In C++ it is left
 * out: what is declared here says it already. */
#if defined(__GNUC__) && !defined(CARPEL_EXPORT)
#define CARPEL_EXPORT __attribute__((visibility("default")))
#elif !defined(CARPEL_EXPORT)
#define CARPEL_EXPORT
#endif

extern CARPEL_EXPORT const carpel_plugin carpel_plugin_v1;

#ifdef __cplusplus
}
#endif

#endif

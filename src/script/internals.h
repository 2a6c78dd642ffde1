/* SPDX-License-Identifier: MIT
 *
 * internals -- what the files of src/script share; script.h is the public face.
 *
 *   set.c      files, and which functions they offer
 *   define.c   what files declare of functions      signature.c  reading and showing that
 *   sandbox.c  the allow list                       builtins.c   carpel's own functions
 *   seal.c     what outlives a call cannot change
 *   guarded.c  running Lua under limits             guard.c      the limits
 *   state.c    the state of a worker                call.c       calls, row after row
 *   push.c     arguments on their way into Lua      steps.c      going through lists
 *   repeats.c  rows with the arguments of others     batch.c      columns of arguments
 *   left_out.c what scripts have not, and why
 *   print.c    what scripts print
 *   checked.c  calls of lines, held against declarations
 *   require.c  files that use other files, and running each once
 *   lookup.c   which file a name means
 *   lines.c    which lines were run                 code.c       what code shows unrun
 */
#ifndef SCRIPT_INTERNALS_H
#define SCRIPT_INTERNALS_H

#include <lua.h>

#include "base/directory.h"
#include "base/memory.h"
#include "script/guard.h"
#include "script/print.h"
#include "script/push.h"
#include "script/repeats.h"
#include "script/script.h"

enum {
    SCRIPT_LOAD_TIMES = 10,   /* running a file may take so many times a call's limit */
    SCRIPT_MOST_DEEP = 20,    /* files that require files that require ... */
    FIRST_FUNCTION_SLOT = 100 /* in Lua's registry; the first few are Lua's */
};

/* What Lua calls the lines of a console, where files are called by "@" and their path. */
#define SCRIPT_LINE_SOURCE "=input"

/* Ends of reasons of files that are no scripts, which get a hint that tells what one is. */
#define SCRIPT_NO_FUNCTIONS "it has no functions"
#define SCRIPT_NO_TABLE     "a table of functions is needed"

typedef struct module module;
typedef struct line_notes line_notes;

/* What a file gets by the name that it requires. */
typedef struct requirement {
    char *name;
    module *file;
} requirement;

struct module {
    char *name, *path;
    char *real_path; /* NULL: of carpel's own, and of what could not be loaded */
    char *body;
    size_t size;
    bool is_library, is_offered; /* offered: rules call its functions */
    bool writes; /* code of a part could change variables outside of functions */
    requirement *requirements;
    size_t requirement_count, requirement_capacity;
    module *
        *parts; /* all files that it is made of, each once: itself, then what it needs */
    size_t part_count, part_capacity;
    line_notes *notes; /* which lines were run; NULL: nobody asked yet */
};

/* A file whose text runs, and the one that requires it; NULL: none does. */
typedef struct running_file running_file;
struct running_file {
    module *file;
    const running_file *outer;
};

typedef struct function {
    size_t module;
    const char *name; /* inside full_name */
    char *full_name;
    script_signature *signature; /* NULL: the file declares nothing of it */
} function;

struct script_set {
    script_limits limits;
    stopwatch clock;
    bool watches_lines;
    script_printer printer;
    path_list folders; /* where files that are required are looked for */
    module **modules;
    size_t module_count, module_capacity;
    function *functions;
    size_t function_count, function_capacity;
};

struct script_state {
    const script_set *set;
    bool is_impure; /* the last call changed what outlives it */
    bool is_uneven; /* or gave a row another result than the row has alone */
    int64_t wasted; /* processor time of the last call, which failed */
    guard guard;
    lua_State *lua; /* NULL: thrown away after a limit was passed */
    script_set
        *learns; /* the set, while it takes in what files require; NULL: it is done */
    const running_file *running; /* NULL outside of the text of files */
    module *
        line_file; /* stands for the lines of a console, and knows what they require; NULL:
                          of others */
    script_set *line_set;   /* the set, for what lines require */
    bool is_muted;          /* what it prints was told when its files were loaded */
    size_t printed;         /* lines, of the call that goes on */
    text hint;              /* what to do about a requirement that was refused */
    size_t row;             /* which one is called, or failed */
    size_t batch_most;      /* rows of a batch; fewer since one took too long */
    size_t batch_count;     /* rows of the batch that is called, or failed */
    size_t batch_end;       /* the row behind them */
    size_t alone_end;       /* rows before this one are batches of their own */
    repeats *repeats;       /* rows whose result is known */
    bool looks_for_repeats; /* among the rows that are called now */
    list_view views[SCRIPT_MOST_PARAMETERS]; /* of the function of steps that is called */
    text reason;                             /* why the last guarded run failed */
    text message;
};

/* guarded.c: run a C function in the state, which is made if there is none, under the
 * limits. False: s->reason says why, and s->lua is NULL when a limit was passed. */
bool script_run_guarded(script_state *s, lua_CFunction body, void *data,
                        int64_t limit_microseconds);
/* A handler of messages: says behind one that begins with a place of the script from where
 * the function was called there, and why what is nil is left out (left_out.h). */
int script_add_callers(lua_State *L);
void script_set_reason(script_state *s, const char *reason, size_t size);
void script_set_reason_from_stack(script_state *s);
void script_drop_lua(script_state *s);

/* lines.c: Lua's hook of lines, and releasing what it noted (accepts NULL). */
void script_note_line(lua_State *L, lua_Debug *event);
void line_notes_free(line_notes *notes);

/* state.c: whose Lua this is. */
script_state *script_state_of(lua_State *L);

/* state.c: the guard of a state, with the limits of its set. */
void script_init_guard(script_state *s);

/* set.c: the file at a path, or one that comes with carpel, which is read when the set does not
 * have it. NULL: it cannot be read. */
module *script_set_file_module(script_set *s, const char *path, const char *real_path,
                               carpel_error *err);
module *script_set_library_module(script_set *s, const char *path);
/* An empty one, which requires what lines of a console require. */
module *script_set_line_module(script_set *s);

/* call.c: what is on top as a result; jumps out when it is none. Its text is that of the stack. */
script_value script_read_result(lua_State *L);
/* call.c: jump out when a variable outside of a module's functions is not what it was. */
void script_check_variables(lua_State *L, const script_set *s, size_t module);
/* The same of a list of variables on top (sandbox_seal), which it pops. */
void script_check_variable_list(lua_State *L);

/* state.c: make the Lua state and run every file in it; and where the variables outside of a
 * module's functions are listed. */
bool script_open_lua(script_state *s);
lua_Integer script_variables_slot(const script_set *s, size_t module);

#endif

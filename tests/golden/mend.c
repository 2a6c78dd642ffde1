/* SPDX-License-Identifier: MIT
 *
 * Puts mistakes right as an editor would, and compares what comes out with what was meant:
 *
 *     mend PROJECT --each FOLDER SAID NAME...
 *     mend PROJECT --rows
 *     mend PROJECT --list FILE
 *
 * FOLDER/NAME.seg is a file of rules with a mistake. What `carpel check` says of it goes to
 * SAID/NAME.expected, and what is wrong with that to SAID/NAME.fault: there has to be one
 * message, whose hint holds what the file's first line names ("# right: WORDS"), and which offers a
 * fix for each file of what was meant: FOLDER/NAME.meant.seg, NAME.meant-2.seg and so on,
 * or none where FOLDER/without-fix names it. Each fix is applied, and the first fix of what
 * is reported then, until the rules compile; the graph has to be that of the rules that
 * were meant. PROJECT is a folder with a carpel.yaml that reads `*.seg` and no such file.
 * Prints how many of the files say what the right suggestion is.
 *
 * With --rows it tries the example of each row of mistakes.def, and prints what is said and
 * what becomes of it; lines that begin with FAULT tell what is wrong. --list does so with the
 * mistakes of a file, with all that `carpel check` says about them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "engine/engine.h"
#include "graph/print.h"

/* Mended that often, it must be right. */
#define MOST_ROUNDS 6

static void read_file(const char *path, text *out)
{
    char buffer[4096];
    size_t size;
    FILE *f = fopen(path, "r");
    if (f == NULL) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    while ((size = fread(buffer, 1, sizeof buffer, f)) > 0)
        text_append_bytes(out, buffer, size);
    fclose(f);
}

/* Which rules are read anew as a whole: none, where a row is tried by itself; those without a fix, where the
 * fixes of one message are; or all, as `carpel check` does. */
static enum { REREAD_NONE, REREAD_WITHOUT_FIX, REREAD_ALL } reread = REREAD_ALL;

static char *file_in(const char *folder, const char *name, const char *ending)
{
    text path;
    text_init(&path);
    text_append_format(&path, "%s/%s%s", folder, name, ending);
    return text_take(&path);
}

static void write_file(const char *path, const text *body)
{
    FILE *f = fopen(path, "w");
    bool is_written = f != NULL && fwrite(body->data, 1, body->size, f) == body->size;
    if (f == NULL || fclose(f) != 0 || !is_written) {
        perror(path);
        exit(EXIT_FAILURE);
    }
}

/* A project with these rules alone, checked. */
static engine *open_named(const char *project, const char *name, const text *rules,
                          diags *d)
{
    char *path = file_in(project, name, ".seg");
    write_file(path, rules);
    engine *e = engine_open_rules(project, d);
    bool is_wrong = e != NULL && !engine_compile(e, d);
    bool has_fix = diags_count(d) > 0 && diags_get(d, 0)->fix_count > 0;
    if (is_wrong && (reread == REREAD_ALL || (reread == REREAD_WITHOUT_FIX && !has_fix)))
        engine_mend(e, d);
    unlink(path);
    memory_free(path);
    return e;
}

static engine *open_rules(const char *project, const text *rules, diags *d)
{
    return open_named(project, "rules", rules, d);
}

/* Apply a fix of the first message. False when there is none. */
static bool mend_once(const diags *d, size_t fix, text *rules)
{
    const diag *said = diags_count(d) > 0 ? diags_get(d, 0) : NULL;
    if (said == NULL || fix >= said->fix_count) {
        printf("FAULT: no fix is offered for: %s\n",
               said != NULL ? said->message : "no message");
        return false;
    }
    text mended;
    text_init(&mended);
    diag_apply(said, fix, (slice){rules->data, rules->size}, &mended);
    text_done(rules);
    *rules = mended;
    return true;
}

/* Mend until the rules compile; *graph is what they become. False: they never do. */
static bool mend(const char *project, size_t fix, text *rules, text *graph)
{
    for (int round = 0; round <= MOST_ROUNDS; round++) {
        diags *d = diags_new();
        engine *e = open_rules(project, rules, d);
        bool is_done = round > 0 && !diags_has_errors(d);
        if (is_done)
            graph_print_text(engine_graph(e), graph);
        bool goes_on =
            !is_done && round < MOST_ROUNDS && mend_once(d, round == 0 ? fix : 0, rules);
        engine_close(e);
        diags_free(d);
        if (!goes_on)
            return is_done;
    }
    return false;
}

/* The graph of the rules that were meant. False when they are no good. */
static bool compile_meant(const char *project, const text *rules, text *graph)
{
    diags *d = diags_new();
    engine *e = open_rules(project, rules, d);
    bool is_good = !diags_has_errors(d);
    if (is_good)
        graph_print_text(engine_graph(e), graph);
    else
        printf("FAULT: what was meant does not compile: %s\n", diags_get(d, 0)->message);
    engine_close(e);
    diags_free(d);
    return is_good;
}

/* What becomes of the rules with this fix against what was meant. */
static void check_fix(const char *project, text *mended, size_t fix, const text *right)
{
    text mended_graph, right_graph;
    text_init(&mended_graph);
    text_init(&right_graph);
    bool is_mended = mend(project, fix, mended, &mended_graph);
    bool is_right = compile_meant(project, right, &right_graph);
    if (!is_mended)
        printf("FAULT: fix %zu does not compile:\n%s\n", fix + 1, mended->data);
    else if (is_right && strcmp(mended_graph.data, right_graph.data) != 0)
        printf("FAULT: fix %zu is not what was meant:\n%s\n", fix + 1, mended->data);
    text_done(&mended_graph);
    text_done(&right_graph);
}

/* ---- the rows ------------------------------------------------------------------------ */

typedef struct row {
    const char *fixes, *example, *meant;
} row;

static const row rows[] = {
#define MISTAKE(code, pattern, expected, message, hint, fixes, example, meant)           \
    {fixes, example, meant},
#include "lang/mistakes.def"
#undef MISTAKE
};

/* The declarations of an example, which may be a condition alone. */
static void append_rules(const char *example, text *out)
{
    static const char *const heads[] = {
        "use ",    "segment ", "let ",  "groups ", "score ",  "event ",   "scenario ",
        "select ", "create ",  "with ", "split ",  "cohort ", "audience "};
    bool is_whole = strchr(example, '\n') != NULL;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        is_whole = is_whole || strncmp(example, heads[i], strlen(heads[i])) == 0;
    text_append_format(out, "%s%s\n", is_whole ? "" : "segment x when ", example);
}

/* A row has one message; a rule with several mistakes has more. */
static void print_messages(const char *project, const text *rules, bool is_row)
{
    diags *d = diags_new();
    engine *e = open_rules(project, rules, d);
    for (size_t i = 0; i < diags_count(d); i++) {
        const diag *said = diags_get(d, i);
        printf("    %s: %s\n", diag_code_text(said->code), said->message);
        if (said->hint != NULL)
            printf("    %s\n", said->hint);
    }
    if (is_row ? diags_count(d) != 1 : diags_count(d) == 0)
        printf("FAULT: %zu messages\n", diags_count(d));
    engine_close(e);
    diags_free(d);
}

/* Whoever follows what is offered comes to a message that offers nothing more. */
static void check_undecided(const char *project, text *rules)
{
    for (int round = 0; round < MOST_ROUNDS; round++) {
        diags *d = diags_new();
        engine_close(open_rules(project, rules, d));
        bool is_left = diags_count(d) > 0 && diags_get(d, 0)->fix_count == 0;
        bool goes_on = !is_left && diags_has_errors(d) && mend_once(d, 0, rules);
        if (round > 0 && is_left)
            printf("    %s\n", diags_get(d, 0)->hint ? diags_get(d, 0)->hint : "");
        if (!is_left && !goes_on)
            printf("FAULT: it leads to a rule, and nothing says what was meant\n");
        diags_free(d);
        if (!goes_on)
            break;
    }
}

static void try_example(const char *project, const row *tried, bool is_row)
{
    bool is_undecided = !is_row && !tried->meant;
    text rules, right;
    text_init(&rules);
    text_init(&right);
    append_rules(tried->example, &rules);
    printf("%s", rules.data);
    print_messages(project, &rules, is_row);
    if ((tried->meant == NULL) != (tried->fixes == NULL))
        printf("FAULT: a fix without what was meant, or the reverse\n");
    if (is_undecided) {
        check_undecided(project, &rules);
    } else if (tried->meant != NULL) {
        append_rules(tried->meant, &right);
        check_fix(project, &rules, 0, &right);
        printf("%s", rules.data);
    }
    printf("\n");
    text_done(&rules);
    text_done(&right);
}

static int try_rows(const char *project)
{
    reread = REREAD_NONE;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        try_example(project, &rows[i], true);
    return EXIT_SUCCESS;
}

/* ---- a list -------------------------------------------------------------------------- */

/* Add a line to what was written, or to what was meant. */
static void add_line(text *written, text *meant, const char *line)
{
    bool is_meant = strncmp(line, "= ", 2) == 0;
    text *out = is_meant ? meant : written;
    text_append_format(out, "%s%s", out->size > 0 ? "\n" : "", line + (is_meant ? 2 : 0));
}

static void try_mistake(const char *project, text *written, text *meant)
{
    row tried = {.example = written->data};
    if (meant->size > 0)
        tried.meant = tried.fixes = meant->data;
    if (written->size > 0)
        try_example(project, &tried, false);
    text_clear(written);
    text_clear(meant);
}

static int try_list(const char *project, const char *path)
{
    text list, written, meant;
    text_init(&list);
    text_init(&written);
    text_init(&meant);
    read_file(path, &list);
    for (char *line = list.data, *end; *line != '\0'; line = end + 1) {
        end = line + strcspn(line, "\n");
        *end = '\0';
        if (*line == '\0')
            try_mistake(project, &written, &meant);
        else if (*line != '#')
            add_line(&written, &meant, line);
    }
    try_mistake(project, &written, &meant);
    text_done(&meant);
    text_done(&written);
    text_done(&list);
    return EXIT_SUCCESS;
}

/* ---- files --------------------------------------------------------------------------- */

/* Is the name a line of the text? */
static bool has_line(const char *lines, const char *name)
{
    size_t size = strlen(name);
    for (const char *line = lines; *line != '\0'; line += *line == '\n')
        if (strncmp(line, name, size) == 0 && (line[size] == '\n' || line[size] == '\0'))
            return true;
        else
            line += strcspn(line, "\n");
    return false;
}

/* "# right: WORDS", the first line; NULL: it does not say so. */
static char *right_words(const text *rules)
{
    static const char begin[] = "# right: ";
    if (strncmp(rules->data, begin, strlen(begin)) != 0)
        return NULL;
    const char *words = rules->data + strlen(begin);
    return memory_copy_text(words, strcspn(words, "\n"));
}

static bool has_hint(const diags *d, const char *words)
{
    for (size_t i = 0; i < diags_count(d); i++) {
        const char *hint = diags_get(d, i)->hint;
        if (hint != NULL && strstr(hint, words) != NULL)
            return true;
    }
    return false;
}

/* What is said, into a file; and whether it is one message with the right hint. */
static void check_message(const char *project, const char *name, const text *rules,
                          const char *words, const char *said_path)
{
    text said;
    text_init(&said);
    reread = REREAD_ALL;
    diags *d = diags_new();
    engine *e = open_named(project, name, rules, d);
    diags_append(d, &said, false);
    write_file(said_path, &said);
    if (diags_count(d) != 1)
        printf("%zu messages instead of 1\n", diags_count(d));
    if (words != NULL && !has_hint(d, words))
        printf("the hint does not say: %s\n", words);
    engine_close(e);
    diags_free(d);
    text_done(&said);
}

static size_t count_fixes(const char *project, const text *rules)
{
    diags *d = diags_new();
    engine *e = open_rules(project, rules, d);
    size_t count = diags_count(d) > 0 ? diags_get(d, 0)->fix_count : 0;
    engine_close(e);
    diags_free(d);
    return count;
}

/* The file that says what is meant with a fix. */
static char *meant_file(const char *folder, const char *name, size_t fix)
{
    char ending[32] = ".meant.seg";
    if (fix > 0)
        snprintf(ending, sizeof ending, ".meant-%zu.seg", fix + 1);
    return file_in(folder, name, ending);
}

static size_t count_meant(const char *folder, const char *name)
{
    size_t count = 0;
    for (bool is_there = true; is_there; count += is_there) {
        char *path = meant_file(folder, name, count);
        is_there = access(path, F_OK) == 0;
        memory_free(path);
    }
    return count;
}

static void check_fixes(const char *project, const char *folder, const char *name,
                        const text *rules, size_t meant)
{
    reread = meant > 0 ? REREAD_WITHOUT_FIX : REREAD_NONE;
    size_t offered = count_fixes(project, rules);
    if (offered != meant)
        printf("FAULT: %zu fixes are offered, not %zu\n", offered, meant);
    for (size_t fix = 0; fix < meant; fix++) {
        char *path = meant_file(folder, name, fix);
        text mended, right;
        text_init(&mended);
        text_init(&right);
        text_append_bytes(&mended, rules->data, rules->size);
        read_file(path, &right);
        check_fix(project, &mended, fix, &right);
        text_done(&mended);
        text_done(&right);
        memory_free(path);
    }
}

/* The folders that a try reads and writes, and the names for which no fix is offered. */
typedef struct trial {
    const char *project, *folder, *said;
    text without_fix;
} trial;

/* Does the file say what the right suggestion is? */
static bool try_file(const trial *t, const char *name)
{
    char *path = file_in(t->folder, name, ".seg");
    char *said_path = file_in(t->said, name, ".expected");
    text rules;
    text_init(&rules);
    read_file(path, &rules);
    char *words = right_words(&rules);
    size_t meant = count_meant(t->folder, name);
    check_message(".", name, &rules, words, said_path);
    if (has_line(t->without_fix.data, name) != (meant == 0))
        printf("a file says what was meant, or without-fix names it: one of the two\n");
    check_fixes(".", t->folder, name, &rules, meant);
    bool is_right = words != NULL || meant > 0;
    memory_free(words);
    text_done(&rules);
    memory_free(said_path);
    memory_free(path);
    return is_right;
}

static int try_files(trial *t, char **names)
{
    size_t right = 0;
    int out = dup(STDOUT_FILENO);
    if (chdir(t->project) !=
        0) /* so that messages name files as they do for a user there */
        return EXIT_FAILURE;
    text_init(&t->without_fix);
    char *list = file_in(t->folder, "without-fix", "");
    read_file(list, &t->without_fix);
    memory_free(list);
    for (; *names != NULL; names++) {
        char *fault = file_in(t->said, *names, ".fault");
        if (freopen(fault, "w", stdout) == NULL)
            return EXIT_FAILURE;
        right += try_file(t, *names);
        memory_free(fault);
    }
    text_done(&t->without_fix);
    fflush(stdout);
    dprintf(out, "%zu\n", right);
    return close(out) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[2], "--rows") == 0)
        return try_rows(argv[1]);
    if (argc == 4 && strcmp(argv[2], "--list") == 0)
        return try_list(argv[1], argv[3]);
    if (argc > 4 && strcmp(argv[2], "--each") == 0)
        return try_files(&(trial){argv[1], argv[3], argv[4], {0}}, argv + 5);
    fprintf(stderr, "usage: mend PROJECT --each FOLDER SAID NAME...\n");
    return EXIT_FAILURE;
}

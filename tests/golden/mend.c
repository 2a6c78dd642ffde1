/* SPDX-License-Identifier: MIT
 *
 * Puts mistakes right as an editor would, and compares what comes out with what was meant:
 *
 *     mend PROJECT MISTAKE MEANT...
 *     mend PROJECT --rows
 *     mend PROJECT --list FILE
 *
 * MISTAKE is a file of rules. Its first message has to offer one fix a MEANT, in this
 * order. Each is applied, and the first fix of what is reported then, until the rules
 * compile; the graph has to be that of the rules that were meant. PROJECT is a folder with
 * a carpel.yaml that reads `*.seg` and no such file. Prints what is wrong, a line each.
 *
 * With --rows it tries the example of each row of mistakes.def, and prints what is said and
 * what becomes of it; lines that begin with FAULT tell what is wrong. --list does so with the
 * mistakes of a file, with all that `carpel check` says about them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* A project with these rules, checked. */
static engine *open_rules(const char *project, const text *rules, diags *d)
{
    text path;
    text_init(&path);
    text_append_format(&path, "%s/rules.seg", project);
    FILE *f = fopen(path.data, "w");
    bool is_written = f != NULL && fwrite(rules->data, 1, rules->size, f) == rules->size;
    if (f == NULL || fclose(f) != 0 || !is_written) {
        perror(path.data);
        exit(EXIT_FAILURE);
    }
    text_done(&path);
    engine *e = engine_open_rules(project, d);
    bool is_wrong = e != NULL && !engine_compile(e, d);
    bool has_fix = diags_count(d) > 0 && diags_get(d, 0)->fix_count > 0;
    if (is_wrong && (reread == REREAD_ALL || (reread == REREAD_WITHOUT_FIX && !has_fix)))
        engine_mend(e, d);
    return e;
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

static void check_fix_of_file(const char *project, const char *mistake, size_t fix,
                              const char *meant)
{
    text mended, right;
    text_init(&mended);
    text_init(&right);
    read_file(mistake, &mended);
    read_file(meant, &right);
    check_fix(project, &mended, fix, &right);
    text_done(&mended);
    text_done(&right);
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
    static const char *const heads[] = {"segment ", "let ",      "groups ", "score ",
                                        "event ",   "scenario ", "select ", "create ",
                                        "with ",    "split "};
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

static void try_example(const char *project, const row *tried, bool is_row)
{
    text rules, right;
    text_init(&rules);
    text_init(&right);
    append_rules(tried->example, &rules);
    printf("%s", rules.data);
    print_messages(project, &rules, is_row);
    if ((tried->meant == NULL) != (tried->fixes == NULL))
        printf("FAULT: a fix without what was meant, or the reverse\n");
    if (tried->meant != NULL) {
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

/* ---- one file ------------------------------------------------------------------------ */

static size_t count_fixes(const char *project, const char *mistake)
{
    text rules;
    text_init(&rules);
    read_file(mistake, &rules);
    diags *d = diags_new();
    engine *e = open_rules(project, &rules, d);
    size_t count = diags_count(d) > 0 ? diags_get(d, 0)->fix_count : 0;
    engine_close(e);
    diags_free(d);
    text_done(&rules);
    return count;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[2], "--rows") == 0)
        return try_rows(argv[1]);
    if (argc == 4 && strcmp(argv[2], "--list") == 0)
        return try_list(argv[1], argv[3]);
    if (argc < 3) {
        fprintf(stderr, "usage: mend PROJECT MISTAKE MEANT...\n");
        return EXIT_FAILURE;
    }
    reread = argc > 3 ? REREAD_WITHOUT_FIX : REREAD_NONE;
    size_t meant = (size_t)argc - 3, offered = count_fixes(argv[1], argv[2]);
    if (offered != meant)
        printf("FAULT: %zu fixes are offered, not %zu\n", offered, meant);
    for (size_t fix = 0; fix < meant; fix++)
        check_fix_of_file(argv[1], argv[2], fix, argv[3 + fix]);
    return EXIT_SUCCESS;
}

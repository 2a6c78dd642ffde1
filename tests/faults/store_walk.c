/* SPDX-License-Identifier: MIT
 *
 * A project whose people have several ids, with a store in which a load, a compaction, forgetting or a run fails at each call for files,
 * as on a disk that is full. After each failure:
 *
 *   - the process ended by itself;
 *   - when it was a sync of the store that failed, it ended at once, with 74 and one message;
 *   - the store is whole, and holds the rows of before or of after; of after, when a load says so;
 *   - the same again succeeds and leaves the rows of after, and no file that is not of them;
 *   - who is forgotten then is nowhere in what carpel keeps.
 */
#include "store_walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

#define AT_ONCE "a sync, as it seems"
#define PERSON  "annabel"

enum { EXIT_IO = 74 };

static const char project[] =
    "store: kept\n"
    "events: {buy: {amount: decimal(2), note: string}}\n"
    "sources:\n"
    "  - {name: buys, plugin: csv, files: '*.csv', person: id, time: at, event: buy,\n"
    "     identities: {id: user, mail: email}}\n"
    "outputs:\n"
    "  - {name: all, plugin: csv, path: out/all.txt}\n";

#define HEAD "id,mail,at,amount,note\n"
#define ANN  PERSON ",a@x,2026-01-01,1,a\n"
#define BOB  "bob,b@x,2026-01-02,2,b\n"
#define ODD  "cid,,never,2," PERSON "\n"

/* What is let fail. */
typedef struct act {
    const char *name;
    const char *arguments[6];
    const char *loaded[2]; /* what the files hold that were loaded, one after the other */
    const char *changed;   /* what the second one holds now, or NULL */
    const char *before, *after; /* who is in the store */
    bool
        is_of_store; /* all of its syncs are of the store, and it is nothing without one */
} act;

static const act acts[] = {
    {"load",
     {"load", "-q"},
     {HEAD ANN, NULL},
     HEAD BOB,
     PERSON "\n",
     PERSON "\nbob\n",
     .is_of_store = true},
    {"store compact",
     {"store", "compact", "-q"},
     {HEAD ANN, HEAD BOB ODD},
     NULL,
     PERSON "\nbob\n",
     PERSON "\nbob\n",
     .is_of_store = true},
    {"forget",
     {"forget", "-q", PERSON},
     {HEAD ANN, HEAD BOB ODD},
     NULL,
     PERSON "\nbob\n",
     "bob\n",
     .is_of_store = false},
    {"run",
     {"run", "-q", "--as-of", "2026-02-01"},
     {HEAD ANN, NULL},
     HEAD BOB ODD,
     PERSON "\n",
     PERSON "\nbob\n",
     .is_of_store = false},
};
enum { ACTS = sizeof acts / sizeof *acts };

static int perform(const act *a, unsigned long long nth)
{
    return run_carpel(a->arguments, nth, NULL);
}

static bool is_whole(void)
{
    static const char *const arguments[] = {"store", "verify", NULL};
    return run_carpel(arguments, 0, NULL) == 0;
}

/* The people that are in the store, one a line. */
static void people(text *out)
{
    static const char *const arguments[] = {"members", "buyers",     "--no-load", "-q",
                                            "--as-of", "2026-02-01", NULL};
    insist(run_carpel(arguments, 0, NULL) == 0, "the store cannot be read");
    get_file("../out", out);
}

static bool holds(const char *expected)
{
    text found;
    people(&found);
    bool is_same = strcmp(found.data, expected) == 0;
    text_done(&found);
    return is_same;
}

static size_t count_messages(void)
{
    text said;
    size_t count = 0;
    get_file("../said", &said);
    for (const char *at = said.data; (at = strstr(at, "carpel: ")) != NULL; at++)
        count++;
    text_done(&said);
    return count;
}

/* A store with the rows of before, which a run has read. */
static void begin(const act *a)
{
    static const char *const run[] = {"run", "-q", "--as-of", "2026-01-31", NULL};
    insist(system("rm -rf kept* .carpel out *.csv") == 0, "cannot begin anew");
    put_file("1.csv", a->loaded[0]);
    insist(run_carpel(run, 0, NULL) == 0, "the first run fails");
    if (a->loaded[1])
        put_file("2.csv", a->loaded[1]);
    insist(run_carpel(run, 0, NULL) == 0 && holds(a->before), "the second run fails");
    if (a->changed)
        put_file("2.csv", a->changed);
}

/* As is done when a sync fails: nothing else runs, not even what tells of the fault. */
static bool ended_at_once(const store_told *told)
{
    return strcmp(told->struck, AT_ONCE) == 0;
}

static bool is_person_left(void)
{
    return system("grep -r -q " PERSON " kept kept.forgotten .carpel") == 0;
}

static const char *judge_again(const act *a)
{
    if (perform(a, 0) != 0 || !is_whole() || !holds(a->after))
        return "the same again does not bring the rows of after";
    if (!has_only_named("kept"))
        return "something is left behind, even when it is done again";
    return strcmp(a->name, "forget") == 0 && is_person_left()
               ? "who is forgotten is still there"
               : NULL;
}

static const char *judge(const act *a, const store_told *told, int code)
{
    if (code >= 1000)
        return "it did not end by itself";
    if (a->is_of_store && strcmp(told->struck, "fsync") == 0)
        return "a failed sync does not end it at once";
    if (ended_at_once(told) && (code != EXIT_IO || count_messages() != 1))
        return "it does not end with 74 and one message";
    if (!is_whole())
        return "the store is damaged";
    if (!holds(a->before) && !holds(a->after))
        return "the store has neither the rows of before nor of after";
    if (code == 0 && a->is_of_store && !holds(a->after))
        return "it says that it is done, and it is not";
    return judge_again(a);
}

static bool walk_act(const act *a, store_told *told)
{
    unsigned long long points = 0, failures = 0, syncs = 0;
    for (bool has_struck = true; has_struck;) {
        begin(a);
        snprintf(told->struck, sizeof told->struck, "%s", AT_ONCE);
        int code = perform(a, ++points);
        const store_told now = *told;
        has_struck = now.struck[0] != '\0';
        syncs += ended_at_once(&now);
        const char *why = judge(a, &now, code);
        if (why && ++failures <= 20)
            printf("# %s: file call %llu (%s): %s (exit code %d)\n", a->name, points,
                   now.struck, why, code);
    }
    insist(syncs > 0, "it never synced");
    printf("# %s: %llu points, %llu of them syncs; %llu end badly\n", a->name, points - 1,
           syncs, failures);
    return failures == 0;
}

bool store_walk(const char *folder, int number, store_told *told)
{
    bool are_good = true;
    insist(chdir(folder) == 0 && mkdir("store", 0777) == 0 && chdir("store") == 0 &&
               mkdir("rules", 0777) == 0,
           "cannot make a folder");
    put_file("carpel.yaml", project);
    put_file("rules/a.seg", "segment buyers when did buy\n");
    for (size_t i = 0; i < ACTS; i++)
        are_good &= walk_act(&acts[i], told);
    printf("%s %d - faults: a store that is loaded, compacted, judged and forgotten of\n",
           are_good ? "ok" : "not ok", number);
    return are_good;
}

/* SPDX-License-Identifier: MIT
 *
 * A project with a store whose second load fails at each call for files. After each failure:
 *
 *   - the process ended by itself;
 *   - when it was a sync that failed, it ended at once, with 74 and one message;
 *   - the store is whole, and holds the rows of before or of after;
 *   - the next load succeeds and leaves the rows of after, and no file that is not of them.
 */
#include "store_walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

#define AT_ONCE "a sync, as it seems"

enum { EXIT_IO = 74 };

static const char project[] =
    "store: kept\n"
    "events: {buy: {amount: decimal(2), note: string}}\n"
    "sources:\n"
    "  - {name: buys, plugin: csv, files: buys.csv, person: id, time: at, event: buy}\n";
static const char before[] = "id,at,amount,note\nann,2026-01-01,1,a\n";
static const char after[] = "id,at,amount,note\nann,2026-01-01,1,a\nbob,2026-01-02,2,b\n";

static int load(unsigned long long nth)
{
    static const char *const arguments[] = {"load", "-q", NULL};
    return run_carpel(arguments, nth, NULL);
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

/* A store with the rows of before, and a source with those of after. */
static void begin(void)
{
    insist(system("rm -rf kept .carpel") == 0, "cannot begin anew");
    put_file("buys.csv", before);
    insist(load(0) == 0 && holds("ann\n"), "the first load fails");
    put_file("buys.csv", after);
}

/* As is done when a sync fails: nothing else runs, not even what tells of the fault. */
static bool ended_at_once(const store_told *told)
{
    return strcmp(told->struck, AT_ONCE) == 0;
}

static const char *judge(const store_told *told, int code)
{
    if (code >= 1000)
        return "it did not end by itself";
    if (strcmp(told->struck, "fsync") == 0)
        return "a failed sync does not end it at once";
    if (ended_at_once(told) && (code != EXIT_IO || count_messages() != 1))
        return "it does not end with 74 and one message";
    if (!is_whole())
        return "the store is damaged";
    if (!holds("ann\n") && !holds("ann\nbob\n"))
        return "the store has neither the rows of before nor of after";
    if (load(0) != 0 || !is_whole() || !holds("ann\nbob\n"))
        return "the next load does not bring the rows of after";
    return has_only_named("kept") ? NULL
                                  : "something is left behind, even after the next load";
}

bool store_walk(const char *folder, int number, store_told *told)
{
    unsigned long long points = 0, failures = 0, syncs = 0;
    insist(chdir(folder) == 0 && mkdir("store", 0777) == 0 && chdir("store") == 0 &&
               mkdir("rules", 0777) == 0,
           "cannot make a folder");
    put_file("carpel.yaml", project);
    put_file("rules/a.seg", "segment buyers when did buy\n");
    for (bool has_struck = true; has_struck;) {
        begin();
        snprintf(told->struck, sizeof told->struck, "%s", AT_ONCE);
        int code = load(++points);
        const store_told now = *told;
        has_struck = now.struck[0] != '\0';
        syncs += ended_at_once(&now);
        const char *why = judge(&now, code);
        if (why && ++failures <= 20)
            printf("# load: file call %llu (%s): %s (exit code %d)\n", points, now.struck,
                   why, code);
    }
    insist(syncs > 0, "no load ever synced");
    printf("%s %d - faults: a store at %llu points, %llu of them syncs; %llu end badly\n",
           failures == 0 ? "ok" : "not ok", number, points - 1, syncs, failures);
    return failures == 0;
}

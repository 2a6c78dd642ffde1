/* SPDX-License-Identifier: MIT
 *
 * How long judging alone takes: a project is opened and its data are read once, then
 * everyone is judged again and again.
 *
 *     evaluate PROJECT AS_OF THREADS ROUNDS    prints each round's milliseconds
 *     evaluate PROJECT AS_OF                   does what it is asked (requests.h):
 *
 *     run           judges everyone
 *     show          the same, and a line a segment: name, members, the sum of the
 *                   numbers in their ids
 *     facts         a line: events, people
 *     threads N     as many as that from now on
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/clock.h"
#include "base/dictionary.h"
#include "loaded.h"
#include "requests.h"

typedef struct session {
    loaded loaded;
    size_t threads;
    carpel_error err;
} session;

static int judge_rounds(session *s, int rounds)
{
    for (int i = 0; i < rounds; i++) {
        double begin = clock_monotonic_seconds();
        run_result *result =
            engine_run(s->loaded.engine, s->loaded.as_of, s->threads, NULL, &s->err);
        if (result == NULL)
            return complain(s->err.message);
        printf("%.3f\n", (clock_monotonic_seconds() - begin) * 1000);
        run_result_free(result);
    }
    return 0;
}

/* ---- requests ----------------------------------------------------------------------- */

/* The number that the digits of an id make: of "2025-03-01" 20250301. */
static uint64_t number_of(slice id)
{
    uint64_t number = 0;
    for (size_t i = 0; i < id.size; i++) {
        if (id.data[i] >= '0' && id.data[i] <= '9')
            number = number * 10 + (uint64_t)(id.data[i] - '0');
    }
    return number;
}

static void print_members(const run_segment *segment)
{
    const run_population *p = segment->population;
    uint64_t sum = 0;
    for (size_t i = 0; i < p->number_count; i++) {
        if (bitmap_get(segment->members, i))
            sum += number_of(dictionary_text(p->ids, (uint32_t)i));
    }
    printf("%s\t%zu\t%" PRIu64 "\n", segment->path, segment->size, sum);
}

static bool judge(session *s, bool is_shown, const char **message)
{
    run_result *result =
        engine_run(s->loaded.engine, s->loaded.as_of, s->threads, NULL, &s->err);
    if (result == NULL) {
        *message = s->err.message;
        return false;
    }
    for (size_t i = 0; is_shown && i < result->segment_count; i++)
        print_members(&result->segments[i]);
    run_result_free(result);
    return true;
}

static bool handle(void *context, const char *word, const char *about,
                   const char **message)
{
    session *s = context;
    if (strcmp(word, "run") == 0 || strcmp(word, "show") == 0)
        return judge(s, strcmp(word, "show") == 0, message);
    if (strcmp(word, "facts") == 0) {
        const store *data = engine_store(s->loaded.engine);
        printf("%" PRIu64 "\t%zu\n", data->event_count, data->person_count);
        return true;
    }
    *message = "nobody knows this word";
    if (strcmp(word, "threads") != 0)
        return false;
    s->threads = (size_t)atoi(about);
    return true;
}

/* ---- the two forms ------------------------------------------------------------------ */

int main(int argc, char **argv)
{
    if (argc != 3 && argc != 5)
        return complain("usage: evaluate PROJECT AS_OF [THREADS ROUNDS]");
    session s = {.threads = 1};
    int code = loaded_open(&s.loaded, argv[1], argv[2]) ? 0 : 1;
    if (code == 0 && argc == 5) {
        s.threads = (size_t)atoi(argv[3]);
        code = judge_rounds(&s, atoi(argv[4]));
    } else if (code == 0) {
        requests_answer(handle, &s);
    }
    loaded_close(&s.loaded);
    return code;
}

/* SPDX-License-Identifier: MIT
 *
 * The table of checks, and a child process for each. The first byte that a child says is what came out.
 */
#include "kit/kit.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "base/child.h"
#include "base/memory.h"
#include "base/scratch.h"
#include "kit/checks.h"

typedef struct check {
    unsigned kinds;
    void (*run)(kit_trial *t);
    const char *title;
} check;

static const check checks[] = {
#define X(kinds, function, title) {kinds, check_##function, title},
#include "kit/checks.def"
#undef X
};

/* What a child is given. */
typedef struct work {
    const check *check;
    kit_trial trial;
    const char *folder; /* to work in; NULL: where carpel was started */
} work;

static bool fits(const check *c, const kit_subject *s)
{
    unsigned kind = s->plugin->kind == CARPEL_SOURCE ? KIT_SOURCES : KIT_OUTPUTS;
    return (c->kinds & kind) != 0;
}

size_t kit_check_count(const kit_subject *s)
{
    size_t count = 0;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        count += fits(&checks[i], s);
    return count;
}

static const check *find_check(const kit_subject *s, size_t index)
{
    const check *c = checks;
    for (size_t i = 0;; c++)
        if (fits(c, s) && i++ == index)
            return c;
}

/* A crash is to end the child as such. */
static void run_check(void *context, text *out)
{
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    work *w = context;
    text said;
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        signal(crashes[i], SIG_DFL);
    text_init(&said);
    w->trial.said = &said;
    if (w->folder && !scratch_enter(w->folder))
        kit_fail(&w->trial, "its folder cannot be entered: %s", strerror(errno));
    else
        w->check->run(&w->trial);
    text_append_char(out, w->trial.is_skipped ? 's' : said.size > 0 ? 'f' : 'p');
    text_append_bytes(out, said.size > 0 ? said.data : "", said.size);
    text_done(&said);
}

static void tell_end(child_end end, const char *step, int limit_milliseconds, text *out)
{
    if (end.kind == CHILD_CRASHED)
        text_append_format(out, "it crashes in %s (%s)\n", step, strsignal(end.number));
    else if (end.kind == CHILD_LEFT)
        text_append_format(out, "it ends the process in %s\n", step);
    else if (end.kind == CHILD_HUNG)
        text_append_format(out, "it does not come back from %s within %d seconds\n", step,
                           limit_milliseconds / 1000);
    else
        text_append_format(out, "no process can be made to try it: %s\n",
                           strerror(end.number));
}

static void take_answer(const text *answer, kit_result *out)
{
    char kind = answer->data[0];
    out->outcome = kind == 'p' ? KIT_PASSED : kind == 's' ? KIT_SKIPPED : KIT_BROKEN;
    text_append_bytes(&out->said, answer->data + 1, answer->size - 1);
}

/* Let a child do it, which may end in any way. */
static void run_child(work *w, int limit_milliseconds, kit_result *out)
{
    text answer;
    text_init(&answer);
    child_end end = child_run(run_check, w, limit_milliseconds, &answer);
    if (end.kind == CHILD_SAID && answer.size > 0)
        take_answer(&answer, out);
    else
        tell_end(end, w->trial.step, limit_milliseconds, &out->said);
    text_done(&answer);
}

void kit_run(const kit_subject *s, size_t index, int limit_milliseconds, kit_result *out)
{
    const check *c = find_check(s, index);
    char *step = child_common_memory(KIT_STEP_SIZE);
    *out = (kit_result){.title = c->title, .outcome = KIT_BROKEN};
    text_init(&out->said);
    if (!step) {
        text_append(&out->said, "there is no memory to try it\n");
        return;
    }
    char *folder = c->kinds & KIT_APART ? scratch_make() : NULL;
    work w = {.check = c, .trial = {.subject = s, .step = step}, .folder = folder};
    if (c->kinds & KIT_APART && !folder)
        text_append_format(&out->said, "there is no folder to try it in: %s\n",
                           strerror(errno));
    else
        run_child(&w, limit_milliseconds, out);
    out->is_final = out->outcome == KIT_BROKEN && (c->kinds & KIT_FIRST) != 0;
    scratch_remove(folder);
    child_common_memory_free(step, KIT_STEP_SIZE);
}

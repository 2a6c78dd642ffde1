/* SPDX-License-Identifier: MIT
 *
 * A folder of a project with room for runs, made before a test and removed behind it:
 *
 *     cmocka_unit_test_setup_teardown(test, set_up, tear_down)
 */
#ifndef TESTS_RUN_PROJECT_H
#define TESTS_RUN_PROJECT_H

#include <stdio.h>
#include <stdlib.h>

#include "base/directory.h"
#include "base/memory.h"
#include "base/path.h"

static char project[64];

static int set_up(void **state)
{
    (void)state;
    carpel_error err;
    snprintf(project, sizeof project, "/tmp/carpel-runs-XXXXXX");
    char *runs = mkdtemp(project) ? path_join(project, ".carpel/runs") : NULL;
    bool ok = runs && directory_make(runs, &err);
    memory_free(runs);
    return ok ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    char command[100];
    snprintf(command, sizeof command, "rm -r '%s'", project);
    return system(command);
}

#endif

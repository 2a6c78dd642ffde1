/* SPDX-License-Identifier: MIT */
#include "support/own_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

char own_folder[] = "/tmp/carpel-test-XXXXXX";
char own_file[64];

int own_file_begin(void **state)
{
    (void)state;
    if (!mkdtemp(own_folder))
        return -1;
    snprintf(own_file, sizeof own_file, "%s/file", own_folder);
    return 0;
}

int own_file_end(void **state)
{
    (void)state;
    remove(own_file);
    return rmdir(own_folder);
}

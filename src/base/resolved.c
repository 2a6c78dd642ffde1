/* SPDX-License-Identifier: MIT
 *
 * Opening a path whose parts may not be links.
 */
#include "base/resolved.h"

#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "base/system.h"

/* A folder that is only passed through: where it can be said, it need not be readable. */
#ifdef O_PATH
enum { PASSED = O_PATH | O_DIRECTORY | O_CLOEXEC };
#else
enum { PASSED = O_RDONLY | O_DIRECTORY | O_CLOEXEC };
#endif

enum { READ = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK };

/* Go on from a folder, which is closed, to the part of the path that begins there. */
static int step(int folder, const char *part, size_t size, int flags)
{
    char *name = memory_copy_text(part, size);
    int next = system_openat(folder, name, flags | O_NOFOLLOW);
    int reason = errno;
    memory_free(name);
    if (system_close(folder) != 0 && next >= 0) {
        reason = errno;
        system_close(next);
        next = -1;
    }
    errno = reason;
    return next;
}

int resolved_open(const char *real_path)
{
    assert(real_path[0] == '/');
    const char *part = real_path + 1, *slash;
    int at = system_open("/", PASSED, 0);
    for (; at >= 0 && (slash = strchr(part, '/')); part = slash + 1)
        at = step(at, part, (size_t)(slash - part), PASSED);
    return at < 0 ? at : step(at, part, strlen(part), READ);
}

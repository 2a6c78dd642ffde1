/* SPDX-License-Identifier: MIT
 *
 * The command `carpel`: reads the command line and hands over to the sub-command.
 */
#include <signal.h>
#include <sys/prctl.h>

#include "app/commands.h"
#include "app/ending.h"
#include "app/stop.h"

typedef int command_function(const command_line *line);

static command_function *const functions[COMMAND_COUNT] = {
#define COMMAND(id, name, arguments, least, most, summary, description) command_##name,
#include "app/commands.def"
};

int main(int argc, char **argv)
{
    /* A closed pipe is a failed write with an exit code, not a death by signal. */
    signal(SIGPIPE, SIG_IGN);
    /* So is a file above the limit of `ulimit -f`. */
    signal(SIGXFSZ, SIG_IGN);
    /* The environment may hold secrets, and so may options: no crash leaves them on the disk. */
    prctl(PR_SET_DUMPABLE, 0);
    ending_watch();
    command_line line;
    int code = command_line_read(argc, argv, &line);
    return stop_end(code >= 0 ? code : functions[line.command](&line));
}

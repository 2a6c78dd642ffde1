/* SPDX-License-Identifier: MIT
 *
 * The chart is written in memory first.
 */
#include "app/chart_file.h"

#include "app/command_line.h"
#include "app/say.h"
#include "base/file.h"

int chart_file_write(const chart *c, const char *path)
{
    text svg;
    carpel_error err;
    text_init(&svg);
    chart_append_svg(c, &svg);
    int code =
        file_write_whole(path, svg.data, svg.size, &err) ? EXIT_GOOD : say_failure(&err);
    text_done(&svg);
    return code;
}

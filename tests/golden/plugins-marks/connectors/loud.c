/* SPDX-License-Identifier: MIT
 *
 * A source whose texts hold controls, and bytes that are no UTF-8.
 */
#include <carpel/plugin.h>
#include <stddef.h>

static bool open_nothing(const carpel_host *host, const carpel_request *request,
                         struct ArrowArrayStream *out, carpel_error *err)
{
    (void)host;
    (void)request;
    (void)out;
    return carpel_fail(err, CARPEL_E_PLUGIN, "there is nothing");
}

typedef struct loud_options {
    const char *tone;
} loud_options;

static const carpel_option options[] = {
    {.name = "tone",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(loud_options, tone),
     .default_text = "\033[5mhigh",
     .help = "How it\033[2J sounds."},
    {0},
};

static const carpel_source source = {.struct_size = sizeof(carpel_source),
                                     .open = open_nothing};

const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "loud",
    .version = "1\a",
    .summary = "Loud\033[31m and\xff bad.",
    .manual = "One line.\nAnother\033]0;title\a line.\n",
    .options_size = sizeof(loud_options),
    .options = options,
    .source = &source,
};

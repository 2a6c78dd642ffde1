# A plugin whose table has so many options.
cat >many.c <<END
#include "bad.h"
static const carpel_option table[] = {
$(lines "$n" '{.name = "option_%d", .type = CARPEL_OPTION_BOOLEAN, .help = "Nothing."},')
{0}};
CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER, .kind = CARPEL_SOURCE, .name = "many", .version = "1.0",
    .summary = "Many options.", .options_size = sizeof(bool), .options = table,
    .source = &bad_source};
END
${CC:-cc} -fPIC -shared -I"$root/include" -I"$root/tests/plugins" -o source_many.so many.c &&
    CARPEL_PLUGIN_PATH=. "$CARPEL" plugins

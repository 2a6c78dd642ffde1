cat >large.c <<END
#include "bad.h"
CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER, .kind = CARPEL_SOURCE, .name = "large", .version = "1.0",
    .summary = "Large options.", .options_size = $n, .options = bad_options,
    .source = &bad_source};
END
${CC:-cc} -fPIC -shared -I"$root/include" -I"$root/tests/plugins" -o source_large.so large.c &&
    CARPEL_PLUGIN_PATH=. "$CARPEL" plugins

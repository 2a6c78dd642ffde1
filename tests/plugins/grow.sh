# SPDX-License-Identifier: MIT
#
# grow FROM TO WORD MINOR: a header <carpel/plugin.h> as a later one will be, in the folder TO, made of those in
# FROM: each struct that may grow has two members WORD and more_WORD behind those of today.
grown='plugin source output reading resuming partitioning host request inquiry view delivery text_rows'
grow()
{
    mkdir -p "$2/carpel" && cp "$1"/carpel/*.h "$2/carpel/" || return 1
    for struct in $grown; do
        awk -v name="carpel_$struct" -v word="$3" '$0 ~ "struct " name " \\{" { is_in = 1 }
            is_in && /^}/ { print "    const void *(*" word ")(void *context), *more_" word "[3];"; is_in = 0 }
            { print }' "$2/carpel/plugin.h" >"$2/grown.h" && mv "$2/grown.h" "$2/carpel/plugin.h"
    done
    sed -i "s/^#define CARPEL_ABI_MINOR .*/#define CARPEL_ABI_MINOR ${4}u/" "$2/carpel/plugin.h"
    there=$(for struct in $grown; do grep "struct carpel_$struct {" "$1/carpel/plugin.h"; done | wc -l)
    [ "$there" -ge 11 ] && [ "$(grep -c "more_$3" "$2/carpel/plugin.h")" -eq "$there" ]
}

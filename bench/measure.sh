# SPDX-License-Identifier: MIT
#
# What the scripts here measure a command with; to be sourced.
#
#     . "$here/measure.sh"
#     measure COMMAND...         # prints "CLOCK PROCESSORS", in milliseconds; of the processors all that it started
#     ... | medians              # of each column of numbers the median

measure()
{
    python3 -c '
import resource, subprocess, sys, time
begin = time.monotonic()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
wall = time.monotonic() - begin
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("%.0f %.0f" % (wall * 1000, (used.ru_utime + used.ru_stime) * 1000))' "$@"
}

medians()
{
    awk '
        function median(column,   i, j, kept, values) {
            for (i = 1; i <= NR; i++) {
                kept = table[i, column]
                for (j = i - 1; j >= 1 && values[j] > kept; j--) values[j + 1] = values[j]
                values[j + 1] = kept
            }
            return NR % 2 ? values[(NR + 1) / 2] : (values[NR / 2] + values[NR / 2 + 1]) / 2
        }
        { for (i = 1; i <= NF; i++) table[NR, i] = $i; columns = NF }
        END { for (i = 1; i <= columns; i++) printf "%s%s", median(i), i < columns ? " " : "\n" }'
}

project
{
    echo 'segment s0 when did buy'
    awk -v n="$n" 'BEGIN {
        for (i = 1; i <= n; i++)
            printf "segment s%d judged every month when in s%d stay while count(buy) > %d\n", i, i - 1, i
    }'
} >rules/x.seg
check

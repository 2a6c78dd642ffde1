project
{
    printf 'segment x when did at least 2 of (buy'
    awk -v n="$n" 'BEGIN { for (i = 2; i <= n; i++) printf ", buy" }'
    echo ')'
} >rules/x.seg
check

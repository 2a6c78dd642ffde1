project
{
    printf 'segment x when did buy'
    awk -v n="$n" 'BEGIN { for (i = 1; i <= n; i++) printf " in last %d days", i }'
    echo
} >rules/x.seg
check

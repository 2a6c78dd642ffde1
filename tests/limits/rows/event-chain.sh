project
{
    echo 'event e1 = buy where (amount > 1)'
    awk -v n="$n" 'BEGIN { for (i = 2; i <= n; i++) print "event e" i " = e" i - 1 " where (amount > " i ")" }'
    echo "segment x when did e$n"
} >rules/x.seg
check

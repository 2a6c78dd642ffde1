project
{ printf 'segment rich when sum(buy.amount) > 1.'; repeat $((n - 1)) 1; echo; } >rules/all.seg
check

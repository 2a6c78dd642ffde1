project
{ echo 'let v0 = count(buy)'; lines $((n - 1)) 'let v%d = v%d + 1'; echo 'segment all when count(buy) >= 0'; } |
    tac >rules/all.seg
check

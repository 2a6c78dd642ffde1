project
printf 'segment x when did buy in at least 1 of last %d days\n' "$n" >rules/x.seg
check

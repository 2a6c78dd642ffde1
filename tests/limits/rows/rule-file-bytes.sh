project
printf '#' >>rules/all.seg
fill rules/all.seg "$n"
check

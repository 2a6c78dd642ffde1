project
echo "segment all when time since last buy < $n days" >rules/all.seg
check

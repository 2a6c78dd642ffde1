# So many mistakes; what is tried is whether all of them are shown.
project
lines "$n" 'segment s%d when nothing_like_it' >rules/all.seg
check >messages 2>&1
tail -n 3 messages
! grep -q 'more error' messages

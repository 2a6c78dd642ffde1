# The root of it in events of one person, each of which looks at all of them.
project
[ "$n" -gt 67108864 ] && events=8193 || events=500
{
    echo 'let past = count(buy where (now - time >= 0 days))'
    echo 'segment all when count(buy where ((past as of time) >= 2)) >= 1'
} >rules/all.seg
{ echo id,at,amount,note; lines "$events" 'ann,2026-01-02,5,good'; } >buy.csv
run

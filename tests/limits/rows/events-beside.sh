# One person whose events are all looked at anew from each of them.
project
{ echo id,at,amount,note; repeat "$n" 'ann,2026-01-02,5,good\n'; } >buy.csv
printf 'let recent = count(buy where (time > 3 days ago))\nsegment all when did buy where (recent as of time >= 3)\n' >rules/all.seg
run -j 1

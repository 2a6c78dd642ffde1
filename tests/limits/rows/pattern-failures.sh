# So many texts on which the pattern gives up, each for its person alone.
project
echo 'segment all when user.word matches "^(a+)+$"' >rules/all.seg
{ echo id,word; lines "$n" 'p%d,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa%d'; } >people.csv
run

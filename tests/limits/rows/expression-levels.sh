# The levels of a sum of k terms are k; the comparison is one more.
project
{ printf 'segment deep when 1'; repeat $((n - 2)) ' + 1'; echo ' > count(buy)'; } >rules/all.seg
check

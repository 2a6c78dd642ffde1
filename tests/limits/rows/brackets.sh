# The brackets of count(buy) are the innermost.
project
{ printf 'segment deep when '; repeat $((n - 1)) '('; printf 'count(buy) > 1'; repeat $((n - 1)) ')'; echo; } >rules/all.seg
check

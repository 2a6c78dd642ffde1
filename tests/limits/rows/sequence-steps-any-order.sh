project
{ printf 'segment patient when did (buy'; repeat $((n - 1)) ' and buy'; echo ')'; } >rules/all.seg
check

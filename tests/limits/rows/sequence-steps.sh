project
{ printf 'segment patient when did (buy'; repeat $((n - 1)) ' then buy'; echo ')'; } >rules/all.seg
check

printf 'segment all when count(buy) >= 0 #' >a.seg
fill a.seg "$n"
"$CARPEL" fmt - <a.seg >out.seg

# The areas of a fit of uplift by their definitions (docs/fit.md), as its file tells them. Reads lines of "SCORE
# TREATED LABEL", the highest scores first, twice.
function close_tie(    x, qini, uplift) {
    x = n / all
    qini = (yt - (nc ? yc * nt / nc : 0)) / treated
    uplift = ((nt ? yt / nt : 0) - (nc ? yc / nc : 0)) * x
    below_qini += (x - last_x) * (qini + last_qini) / 2
    below_uplift += (x - last_x) * (uplift + last_uplift) / 2
    last_x = x; last_qini = qini; last_uplift = uplift
}
FNR == NR { all++; treated += $2; next }
n && $1 != score { close_tie() }
{ n++; score = $1; if ($2) { nt++; yt += $3 } else { nc++; yc += $3 } }
END {
    close_tie()
    printf "-- qini: %.5f\n-- auuc: %.5f  # of random targeting %.5f\n",
        below_qini - last_qini / 2, below_uplift, last_uplift / 2
}

# Two waves of a test, of 3,000 people each. Who has ordered orders again with 0.3 and others with 0.1; a letter adds
# 0.3 for shops, nothing for homes, and takes 0.2 from those of the third kind who have ordered. Writes rows.csv,
# customers.csv, and facts.csv: customer, wave, letter, has ordered again.
function random() { seed = (seed * 16807) % 2147483647; return seed / 2147483647 }
BEGIN {
    seed = 4711
    print "customer,day,event,letter" >"rows.csv"
    print "customer,kind,rank" >"customers.csv"
    for (i = 1; i <= 6000; i++) {
        wave = i <= 3000 ? "2026-03" : "2026-05"
        kind = random() < 0.3 ? "shop" : random() < 0.6 ? "home" : "club"
        ordered = random() < 0.5
        letter = random() < share
        chance = ordered ? 0.3 : 0.1
        if (letter && kind == "shop") chance += 0.3
        if (letter && kind == "club" && ordered) chance -= 0.2
        again = random() < chance
        print i "," kind "," (letter ? biased : 0) + int(random() * 10) >"customers.csv"
        if (ordered) print i "," (wave == "2026-03" ? "2026-02" : "2026-04") "-10,order," >"rows.csv"
        print i "," wave "-01,draw," (letter ? "true" : "false") >"rows.csv"
        if (again) print i "," wave "-20,order," >"rows.csv"
        print i "," wave "," letter "," again >"facts.csv"
    }
    print "1,2026-06-30,order," >"rows.csv"
}

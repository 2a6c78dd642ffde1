return {
    of = function(points)
        return points > 100 and "dear" or "new"
    end
}

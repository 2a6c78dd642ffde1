function scale(x) return 5 * x end

function doubled(x) return 2 * x end

carpel.define {name = "total", help = "The sum.", args = {"amounts: list of number"}, result = "number",
  call = function(a) local s = 0 for i = 1, #a do s = s + a[i] end return s end}

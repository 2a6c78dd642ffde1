project "limits: {people: $n}"
check

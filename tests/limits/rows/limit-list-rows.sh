project "limits: {refused_list_rows: $n}"
check

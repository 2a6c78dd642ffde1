project "limits: {refused_list_megabytes: $n}"
check

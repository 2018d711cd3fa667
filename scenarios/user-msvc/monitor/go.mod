module monitor

go 1.19

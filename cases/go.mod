module gomem/cases

go 1.19

module example.com/atk-add

go 1.21

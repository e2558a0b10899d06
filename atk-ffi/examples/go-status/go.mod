module example.com/atk-status

go 1.21

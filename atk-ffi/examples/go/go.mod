module atk-example

go 1.21

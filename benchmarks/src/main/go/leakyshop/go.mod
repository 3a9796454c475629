module leakyshop

go 1.21

//go:build !larger

package main

const scratchBytes = 1000

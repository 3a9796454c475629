//go:build larger

package main

// One function's frame has grown, as after a change of the compiler's mind about inlining.
const scratchBytes = 5000

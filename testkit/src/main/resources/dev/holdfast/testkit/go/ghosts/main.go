// Ghosts makes goroutines that call known functions to known depths, return, and wait; then it stops itself.
package main

import (
	"os"
	"runtime/debug"
	"sync"
	"syscall"
	"time"
)

const each = 8

var sink byte

//go:noinline
func touch(b []byte) {
	for i := 0; i < len(b); i += 64 {
		b[i] = byte(i) + sink
	}
}

//go:noinline
func deepA(n int) byte {
	var frame [1024]byte
	touch(frame[:])
	return frame[n] + deepB(n+1)
}

//go:noinline
func deepB(n int) byte {
	var frame [2048]byte
	touch(frame[:])
	return frame[n] + deepC(n+1)
}

//go:noinline
func deepC(n int) byte {
	var frame [4096]byte
	touch(frame[:])
	return frame[n]
}

//go:noinline
func otherA(n int) byte {
	var frame [1536]byte
	r := otherB(n + 1)
	touch(frame[:])
	return frame[n] + r
}

//go:noinline
func otherB(n int) byte {
	var frame [3000]byte
	touch(frame[:])
	return frame[n]
}

type job interface {
	run(n int) byte
}

type large struct{}

func (large) run(n int) byte {
	var frame [2500]byte
	r := deepA(n)
	touch(frame[:])
	return frame[n] + r
}

type small struct{}

func (small) run(n int) byte {
	return byte(n)
}

//go:noinline
func recurse(n int) byte {
	var frame [200]byte
	if n > 0 {
		return frame[n] + recurse(n-1)
	}
	touch(frame[:])
	return 0
}

// Each of these waits in the frame that made the calls.

func callsDeep(n int, ready *sync.WaitGroup, wait chan byte) {
	wait <- deepA(n) + done(ready)
}

func callsOther(n int, ready *sync.WaitGroup, wait chan byte) {
	wait <- otherA(n) + done(ready)
}

func callsThroughInterface(j job, n int, ready *sync.WaitGroup, wait chan byte) {
	wait <- j.run(n) + done(ready)
}

func callsItself(n int, ready *sync.WaitGroup, wait chan byte) {
	wait <- recurse(30+n) + done(ready)
}

func callsNothing(n int, ready *sync.WaitGroup, wait chan byte) {
	wait <- done(ready)
}

func done(ready *sync.WaitGroup) byte {
	ready.Done()
	return 0
}

func main() {
	// A collection would shrink the stacks, and leave nothing in them.
	debug.SetGCPercent(-1)
	wait := make(chan byte)
	var ready sync.WaitGroup
	// Their stacks, with all that is in them, serve the ones that follow.
	ready.Add(each)
	for i := 0; i < each; i++ {
		go func(n int) {
			deepA(n)
			otherA(n)
			done(&ready)
		}(i)
	}
	ready.Wait()
	time.Sleep(20 * time.Millisecond)
	jobs := []job{large{}, small{}}
	ready.Add(5 * each)
	for i := 0; i < each; i++ {
		go callsNothing(i, &ready, wait)
		go callsDeep(i, &ready, wait)
		go callsOther(i, &ready, wait)
		go callsThroughInterface(jobs[i%2], i, &ready, wait)
		go callsItself(i, &ready, wait)
	}
	ready.Wait()
	// Until all of them wait.
	time.Sleep(100 * time.Millisecond)
	syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	for {
		time.Sleep(time.Hour)
	}
}

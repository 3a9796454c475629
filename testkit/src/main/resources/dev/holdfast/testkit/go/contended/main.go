// Contended makes goroutines wait for each other in known places, writes what the runtime says about it, and stops itself.
package main

import (
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"sync"
	"syscall"
	"time"
)

const pause = 3 * time.Millisecond

var sink [][]byte

// receive is small enough to be inlined into its callers.
func receive(c chan int) int {
	return <-c
}

func inlinedTwice(c chan int) int {
	return receive(c) + 1
}

//go:noinline
func blocked(times int) {
	for i := 0; i < times; i++ {
		c := make(chan int)
		go func() {
			time.Sleep(pause)
			c <- i
		}()
		inlinedTwice(c)
	}
}

//go:noinline
func blockedInSelect() {
	a, b := make(chan int), make(chan int)
	go func() {
		time.Sleep(pause)
		close(b)
	}()
	select {
	case <-a:
	case <-b:
	}
}

// deep blocks below more frames than the runtime records, two of them a level.
//
//go:noinline
func deep(levels int, c chan int) int {
	if levels == 0 {
		return receive(c)
	}
	return level(levels, c)
}

func level(levels int, c chan int) int {
	return deep(levels-1, c) + 1
}

type counter struct {
	mu sync.Mutex
	n  int
}

// add is inlined; unlocking is what the mutex profile blames.
func (c *counter) add() {
	c.mu.Lock()
	c.n++
	time.Sleep(pause)
	c.mu.Unlock()
}

//go:noinline
func contend(c *counter, wg *sync.WaitGroup) {
	defer wg.Done()
	for i := 0; i < 20; i++ {
		c.add()
	}
}

type pair[K comparable, V any] struct {
	mu     sync.RWMutex
	values map[K]V
}

// store has type arguments in its name.
//
//go:noinline
func (p *pair[K, V]) store(k K, v V) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.values[k] = v
	time.Sleep(pause)
}

func write(folder, profile string) {
	f, err := os.Create(filepath.Join(folder, profile+".pb.gz"))
	if err == nil {
		err = pprof.Lookup(profile).WriteTo(f, 0)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		panic(err)
	}
}

func main() {
	runtime.SetBlockProfileRate(1)
	runtime.SetMutexProfileFraction(2)
	blocked(5)
	blockedInSelect()
	c := make(chan int)
	go func() {
		time.Sleep(pause)
		c <- 1
	}()
	deep(200, c)

	var wg sync.WaitGroup
	shared := new(counter)
	pairs := &pair[string, int]{values: map[string]int{}}
	for i := 0; i < 4; i++ {
		wg.Add(2)
		go contend(shared, &wg)
		go func() {
			defer wg.Done()
			for k := 0; k < 10; k++ {
				pairs.store("key", k)
			}
		}()
	}
	wg.Wait()
	for i := 0; i < 64; i++ {
		sink = append(sink, make([]byte, 100<<10))
	}

	// Nothing waits any more, so nothing is counted after the profiles were written. The fraction stays: up to Go 1.19 the
	// writer scales by it.
	runtime.SetBlockProfileRate(0)
	time.Sleep(10 * pause)
	runtime.GC()
	runtime.GC()
	for _, profile := range []string{"block", "mutex", "heap"} {
		write(os.Args[1], profile)
	}
	syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	// It stops soon, but not at once.
	for {
		time.Sleep(time.Hour)
	}
}

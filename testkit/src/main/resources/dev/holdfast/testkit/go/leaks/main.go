// Leaks blocks goroutines that nothing can wake, and others that only look so, writes which are which, and stops itself.
//
//	leaks FOLDER [profile]
//
// It writes truth.json and goroutines.txt (the runtime's own text); with "profile" also goroutineleak.txt, the runtime's own
// leak profile, if it has one. Goroutines go by the function of theirs whose name begins with leak, ring or live. No channel
// or lock that is planted is held by anything but what its comment says.
package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const forever = 1000 * time.Hour

// truth says of a function how many goroutines it has and whether they are leaked.
type truth struct {
	function string
	count    int
	leaked   bool
	ring     string // what its goroutines wait for one another by, if they do
	bytes    int    // they keep at least so much alive
}

var truths []*truth

func expect(function string, count int) *truth {
	t := &truth{function: "main." + function, count: count, leaked: !strings.HasPrefix(function, "live")}
	truths = append(truths, t)
	return t
}

// node is what stacks hold, so that there is something to retain.
type node struct {
	next *node
	data [1000]byte
}

func list(n int) *node {
	var first *node
	for i := 0; i < n; i++ {
		first = &node{next: first}
	}
	return first
}

var sink int32

func use(n *node) {
	for ; n != nil; n = n.next {
		atomic.AddInt32(&sink, int32(n.data[0]))
	}
}

// lock is an object of its own: locks alone are so small that the runtime puts several things into one object.
type lock struct {
	mu sync.Mutex
	_  *node
}

func newMutex() *sync.Mutex { return &new(lock).mu }

// ---- Leaked.

//go:noinline
func leakSender(ch chan *node) {
	n := list(10)
	ch <- list(1)
	use(n)
}

//go:noinline
func leakReceiver(ch chan *node) {
	use(<-ch)
}

//go:noinline
func leakRange(ch chan int) {
	for i := range ch {
		atomic.AddInt32(&sink, int32(i))
	}
}

// leakBuffered waits until somebody takes one of the lists in the channel's buffer.
//
//go:noinline
func leakBuffered(ch chan *node) {
	for {
		ch <- list(10)
	}
}

//go:noinline
func leakSelect(a, b chan int) {
	select {
	case i := <-a:
		atomic.AddInt32(&sink, int32(i))
	case b <- 1:
	}
}

//go:noinline
func leakMutex(mu *sync.Mutex) {
	mu.Lock()
	mu.Unlock()
}

//go:noinline
func leakReader(mu *sync.RWMutex) {
	mu.RLock()
	mu.RUnlock()
}

//go:noinline
func leakWriter(mu *sync.RWMutex) {
	mu.Lock()
	mu.Unlock()
}

//go:noinline
func leakWaitGroup(wg *sync.WaitGroup) {
	wg.Wait()
}

//go:noinline
func leakCond(c *sync.Cond) {
	c.L.Lock()
	c.Wait()
	c.L.Unlock()
}

//go:noinline
func leakContext(ctx context.Context) {
	<-ctx.Done()
}

//go:noinline
func leakNilSend(ch chan int) {
	ch <- 1
}

//go:noinline
func leakNilReceive(ch chan int) {
	<-ch
}

//go:noinline
func leakNilSelect(a, b chan int) {
	select {
	case <-a:
	case <-b:
	}
}

//go:noinline
func leakEmptySelect() {
	select {}
}

// leakEnd waits for what only itself holds, and holds what leakChain waits for.
//
//go:noinline
func leakEnd(own, next chan int) {
	<-own
	next <- 1
}

//go:noinline
func leakChain(ch chan int) {
	<-ch
}

// leakMany are so many that wait in one semaphore's list and one condition's list.
//
//go:noinline
func leakMany(mu *sync.Mutex) {
	mu.Lock()
	mu.Unlock()
}

//go:noinline
func leakManyConds(c *sync.Cond) {
	c.L.Lock()
	c.Wait()
	c.L.Unlock()
}

func plantLeaks() {
	expect("leakSender", 10).bytes = 10 * 11 * 1000
	dead := make(chan *node)
	for i := 0; i < 10; i++ {
		go leakSender(dead)
	}
	expect("leakReceiver", 3)
	for i := 0; i < 3; i++ {
		go leakReceiver(make(chan *node))
	}
	expect("leakRange", 1)
	go leakRange(make(chan int, 4))
	expect("leakBuffered", 1).bytes = 16 * 10 * 1000
	go leakBuffered(make(chan *node, 16))
	expect("leakSelect", 1)
	go leakSelect(make(chan int), make(chan int))
	expect("leakMutex", 1)
	mu := newMutex()
	mu.Lock()
	go leakMutex(mu)
	expect("leakReader", 2)
	written := new(sync.RWMutex)
	written.Lock()
	go leakReader(written)
	go leakReader(written)
	expect("leakWriter", 1)
	read := new(sync.RWMutex)
	read.RLock()
	go leakWriter(read)
	expect("leakWaitGroup", 2)
	wg := new(sync.WaitGroup)
	wg.Add(1)
	go leakWaitGroup(wg)
	go leakWaitGroup(wg)
	expect("leakCond", 1)
	go leakCond(sync.NewCond(newMutex()))
	expect("leakContext", 1)
	ctx, cancel := context.WithCancel(context.Background())
	_ = cancel
	go leakContext(ctx)
	expect("leakNilSend", 1)
	go leakNilSend(nil)
	expect("leakNilReceive", 1)
	go leakNilReceive(nil)
	expect("leakNilSelect", 1)
	go leakNilSelect(nil, nil)
	expect("leakEmptySelect", 1)
	go leakEmptySelect()
	expect("leakEnd", 1)
	expect("leakChain", 1)
	next := make(chan int)
	go leakEnd(make(chan int), next)
	go leakChain(next)
	expect("leakMany", 100)
	many := newMutex()
	many.Lock()
	expect("leakManyConds", 50)
	cond := sync.NewCond(newMutex())
	for i := 0; i < 100; i++ {
		go leakMany(many)
		if i < 50 {
			go leakManyConds(cond)
		}
	}
}

// ---- Deadlocks.

//go:noinline
func ringMutexA(a, b *sync.Mutex, ready *int32) {
	a.Lock()
	meet(ready)
	b.Lock()
	b.Unlock()
	a.Unlock()
}

//go:noinline
func ringMutexB(a, b *sync.Mutex, ready *int32) {
	b.Lock()
	meet(ready)
	a.Lock()
	a.Unlock()
	b.Unlock()
}

func meet(ready *int32) {
	for atomic.AddInt32(ready, 1); atomic.LoadInt32(ready) < 2; {
		runtime.Gosched()
	}
}

//go:noinline
func ringChannelA(a, b chan int) {
	a <- <-b
}

//go:noinline
func ringChannelB(a, b chan int) {
	b <- <-a
}

// ringWorker cannot hand its result over before somebody takes it, and ringBoss takes none before all are done.
//
//go:noinline
func ringWorker(wg *sync.WaitGroup, results chan int) {
	results <- 1
	wg.Done()
}

//go:noinline
func ringBoss(wg *sync.WaitGroup, results chan int) {
	wg.Wait()
	<-results
}

func plantRings() {
	expect("ringMutexA", 1).ring = "mutexes"
	expect("ringMutexB", 1).ring = "mutexes"
	first, second, ready := newMutex(), newMutex(), new(int32)
	go ringMutexA(first, second, ready)
	go ringMutexB(first, second, ready)
	expect("ringChannelA", 1).ring = "channels"
	expect("ringChannelB", 1).ring = "channels"
	a, b := make(chan int), make(chan int)
	go ringChannelA(a, b)
	go ringChannelB(a, b)
	expect("ringWorker", 3).ring = "work"
	expect("ringBoss", 1).ring = "work"
	wg, results := new(sync.WaitGroup), make(chan int)
	wg.Add(3)
	for i := 0; i < 3; i++ {
		go ringWorker(wg, results)
	}
	go ringBoss(wg, results)
}

// ---- Alive.

var (
	global      = make(chan int)
	globalMap   = map[string][]*holder{}
	globalMutex sync.Mutex
	globalCond  = sync.NewCond(&sync.Mutex{})
	globalOnce  = newMutex()
	pool        sync.Pool
	stop        int32
)

type holder struct {
	name string
	ch   chan int
}

//go:noinline
func liveGlobal(ch chan int) { <-ch }

//go:noinline
func liveInMap(ch chan int) { <-ch }

//go:noinline
func liveGlobalMutex(mu *sync.Mutex) {
	mu.Lock()
	mu.Unlock()
}

//go:noinline
func liveHeapMutex(mu *sync.Mutex) {
	mu.Lock()
	mu.Unlock()
}

//go:noinline
func liveGlobalCond(c *sync.Cond) {
	c.L.Lock()
	c.Wait()
	c.L.Unlock()
}

// sleeper holds a channel that it will close.
//
//go:noinline
func sleeper(ch chan int, wg *sync.WaitGroup) {
	time.Sleep(forever)
	close(ch)
	wg.Done()
}

//go:noinline
func liveBySleeper(ch chan int) { <-ch }

//go:noinline
func liveGroupBySleeper(wg *sync.WaitGroup) { wg.Wait() }

// deferrer holds a channel in nothing but a deferred call.
//
//go:noinline
func deferrer(ch chan int) {
	for i := 0; i < 2; i++ {
		defer close(ch)
		ch = nil
	}
	time.Sleep(forever)
}

//go:noinline
func liveByDeferrer(ch chan int) { <-ch }

// liveLink can be woken by a sleeper, and then wakes another of its kind.
//
//go:noinline
func liveLink(own, next chan int) {
	<-own
	if next != nil {
		close(next)
	}
}

//go:noinline
func liveAfter() { <-time.After(forever) }

//go:noinline
func liveTicker() {
	for range time.NewTicker(forever).C {
		atomic.AddInt32(&sink, 1)
	}
}

//go:noinline
func liveTimer(dead chan int) {
	select {
	case <-dead:
	case <-time.NewTimer(forever).C:
	}
}

//go:noinline
func liveAfterFunc(ch chan int) { <-ch }

//go:noinline
func liveDeadline(ctx context.Context) { <-ctx.Done() }

//go:noinline
func liveSignal(ch chan os.Signal) { <-ch }

//go:noinline
func livePool(ch chan int) { <-ch }

// liveFinalizer keeps its object itself; that the object's finalizer never runs, no collector can tell.
//
//go:noinline
func liveFinalizer(h *holder) {
	<-h.ch
	runtime.KeepAlive(h)
}

// reader waits for a file, and then closes a channel.
//
//go:noinline
func reader(file *os.File, ch chan int) {
	var b [1]byte
	file.Read(b[:])
	close(ch)
}

//go:noinline
func liveByReader(ch chan int) { <-ch }

// spinner is interrupted anywhere.
//
//go:noinline
func spinner(ch chan int) {
	n := 0
	for atomic.LoadInt32(&stop) == 0 {
		n++
	}
	atomic.AddInt32(&sink, int32(n))
	close(ch)
}

//go:noinline
func liveBySpinner(ch chan int) { <-ch }

func plantLive() {
	expect("liveGlobal", 1)
	go liveGlobal(global)
	expect("liveInMap", 1)
	globalMap["x"] = append(globalMap["x"], &holder{ch: make(chan int)})
	go liveInMap(globalMap["x"][0].ch)
	expect("liveGlobalMutex", 1)
	globalMutex.Lock()
	go liveGlobalMutex(&globalMutex)
	expect("liveHeapMutex", 1)
	globalOnce.Lock()
	go liveHeapMutex(globalOnce)
	expect("liveGlobalCond", 1)
	go liveGlobalCond(globalCond)

	expect("liveBySleeper", 2)
	expect("liveGroupBySleeper", 1)
	ch, wg := make(chan int), new(sync.WaitGroup)
	wg.Add(1)
	go sleeper(ch, wg)
	go liveBySleeper(ch)
	go liveBySleeper(ch)
	go liveGroupBySleeper(wg)
	expect("liveByDeferrer", 1)
	deferred := make(chan int)
	go deferrer(deferred)
	go liveByDeferrer(deferred)
	expect("liveLink", 20)
	last := chan int(nil)
	for i := 0; i < 20; i++ {
		own := make(chan int)
		go liveLink(own, last)
		last = own
	}
	wake := new(sync.WaitGroup)
	wake.Add(1)
	go sleeper(last, wake)

	expect("liveAfter", 1)
	go liveAfter()
	expect("liveTicker", 1)
	go liveTicker()
	expect("liveTimer", 1)
	go liveTimer(make(chan int))
	expect("liveAfterFunc", 1)
	late := make(chan int)
	time.AfterFunc(forever, func() { close(late) })
	go liveAfterFunc(late)
	expect("liveDeadline", 1)
	ctx, cancel := context.WithTimeout(context.Background(), forever)
	_ = cancel
	go liveDeadline(ctx)
	expect("liveSignal", 1)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1)
	go liveSignal(signals)
	expect("liveFinalizer", 1)
	h := &holder{ch: make(chan int)}
	runtime.SetFinalizer(h, func(h *holder) { close(h.ch) })
	go liveFinalizer(h)
	expect("liveByReader", 1)
	r, w, err := os.Pipe()
	check(err)
	open = w
	read := make(chan int)
	go reader(r, read)
	go liveByReader(read)
	expect("liveBySpinner", 1)
	spun := make(chan int)
	go spinner(spun)
	go liveBySpinner(spun)
}

// open keeps the other end of the pipe.
var open *os.File

// plantPool comes last: a collection empties pools.
func plantPool() {
	expect("livePool", 1)
	h := &holder{ch: make(chan int)}
	go livePool(h.ch)
	pool.Put(h)
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// trace is the runtime's own text of all goroutines.
func trace() string {
	text := make([]byte, 1<<20)
	for {
		n := runtime.Stack(text, true)
		if n < len(text) {
			return string(text[:n])
		}
		text = make([]byte, 2*len(text))
	}
}

// settled tells whether all goroutines that are planted stand still at last.
func settled(text string) bool {
	for _, t := range truths {
		count := 0
		for _, one := range strings.Split(text, "\n\n") {
			if strings.Contains(one, "\n"+t.function+"(") {
				head := one[:strings.IndexByte(one, '\n')]
				if strings.Contains(head, "[run") {
					return false
				}
				count++
			}
		}
		if count != t.count {
			return false
		}
	}
	return true
}

func await() {
	for !settled(trace()) {
		time.Sleep(time.Millisecond)
	}
}

func encoded() string {
	rows := make([]string, 0, len(truths))
	for _, t := range truths {
		rows = append(rows, fmt.Sprintf(
			`{"function": %q, "count": %d, "leaked": %t, "ring": %q, "bytes": %d}`,
			t.function, t.count, t.leaked, t.ring, t.bytes))
	}
	return "{\"goroutines\": [\n" + strings.Join(rows, ",\n") + "\n]}\n"
}

func main() {
	folder := os.Args[1]
	plantLeaks()
	plantRings()
	plantLive()
	await()
	for i := 0; i < 3; i++ {
		// What ended functions left must be gone, and the finalizers of what they left have run.
		runtime.GC()
	}
	plantPool()
	await()
	if len(os.Args) > 2 && os.Args[2] == "profile" {
		if p := pprof.Lookup("goroutineleak"); p != nil {
			var text bytes.Buffer
			check(p.WriteTo(&text, 1))
			check(os.WriteFile(filepath.Join(folder, "goroutineleak.txt"), text.Bytes(), 0o644))
		}
	}
	check(os.WriteFile(filepath.Join(folder, "goroutines.txt"), []byte(trace()), 0o644))
	check(os.WriteFile(filepath.Join(folder, "truth.json"), []byte(encoded()), 0o644))
	fmt.Println("stopping")
	check(syscall.Kill(os.Getpid(), syscall.SIGSTOP))
	for {
		// Another thread may be the first to see the signal.
		time.Sleep(time.Second)
	}
}

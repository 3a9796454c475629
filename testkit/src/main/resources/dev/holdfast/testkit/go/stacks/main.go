// Stacks parks goroutines whose frames have known sizes, writes what the runtime says of its stack memory, and stops itself.
//
//	stacks FOLDER [collecting | newborn]
//
// It writes truth.json (functions, how often each stands on a stack, what its frame holds at least), goroutines.txt (the
// runtime's own text) and, last, figures.json. With "collecting" it stops while the collector marks, so that large free stacks
// are kept; with "newborn" it stops before goroutines that it started have run.
package main

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"runtime/pprof"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// The example of golang/go#66566.

//go:noinline
func oneThousand(ch chan struct{}) [1000]byte {
	var a [1000]byte
	ch <- struct{}{}
	<-ch
	return a
}

//go:noinline
func twoThousand(ch chan struct{}) [2000]byte {
	var a [2000]byte
	ch <- struct{}{}
	<-ch
	return a
}

//go:noinline
func threeThousand(ch chan struct{}) [3000]byte {
	var a [3000]byte
	ch <- struct{}{}
	<-ch
	return a
}

// expectation is what a function's frames hold at least, each of them.
type expectation struct {
	function string
	frames   int
	atLeast  int
	inlined  bool // into the frame that holds the bytes
}

var (
	mu           sync.Mutex
	expectations = map[string]*expectation{}
	ready        sync.WaitGroup
	never        = make(chan struct{})
	stop         int32
)

func expect(function string, frames, atLeast int, inlined bool) {
	mu.Lock()
	defer mu.Unlock()
	e := expectations[function]
	if e == nil {
		e = &expectation{function: function, atLeast: atLeast, inlined: inlined}
		expectations[function] = e
	}
	e.frames += frames
}

// holds notes that its caller's frame holds this array. Names differ from release to release, so the runtime is asked.
//
//go:noinline
func holds(array []byte) {
	note(array, 3, false)
}

//go:noinline
func note(array []byte, skip int, inlined bool) {
	var pc [1]uintptr
	runtime.Callers(skip, pc[:])
	frame, _ := runtime.CallersFrames(pc[:]).Next()
	array[0] = 1
	expect(frame.Function, 1, len(array), inlined)
}

// start counts what is about to park.
func start(f func()) {
	ready.Add(1)
	go f()
}

func park() {
	ready.Done()
	<-never
}

type block [1000]byte

// onValue's receiver lies with the caller's arguments, its copy in the frame.
//
//go:noinline
func (b block) onValue() {
	b[1] = b[0]
	holds(b[:])
	var a [1000]byte
	holdsToo(a[:])
	park()
}

//go:noinline
func holdsToo(a []byte) {
	a[0] = 1
}

//go:noinline
func (b *block) onPointer() {
	var a [2000]byte
	holds(a[:])
	a[1] = b[0]
	park()
}

type parker interface{ viaInterface() }

type small struct{ n int }

//go:noinline
func (s small) viaInterface() {
	var a [1000]byte
	holds(a[:])
	a[1] = byte(s.n)
	park()
}

// inlinedLocal is inlined; its array lies in the caller's frame.
func inlinedLocal() {
	var a [1000]byte
	note(a[:], 2, true)
	<-never
}

//go:noinline
func callsInlined() {
	var a [500]byte
	holdsToo(a[:])
	ready.Done()
	inlinedLocal()
	holdsToo(a[:])
}

//go:noinline
func deferring() {
	var a [1000]byte
	holds(a[:])
	defer func() {
		var b [2000]byte
		holds(b[:])
		park()
	}()
	a[2]++
}

//go:noinline
func deferringInALoop(n int) {
	var a [1000]byte
	holds(a[:])
	for i := 0; i < n; i++ {
		defer func(i int) {
			if i == n/2 {
				var b [1000]byte
				holds(b[:])
				park()
			}
		}(i)
	}
}

//go:noinline
func panicking() {
	var a [1000]byte
	holds(a[:])
	defer func() {
		var b [3000]byte
		holds(b[:])
		park()
		recover()
	}()
	panic(a[0])
}

//go:noinline
func generic[T any](v T) T {
	var a [2000]byte
	holds(a[:])
	park()
	return v
}

type pair[K comparable, V any] struct {
	k K
	v V
}

//go:noinline
func (p *pair[K, V]) method() V {
	var a [1000]byte
	holds(a[:])
	park()
	return p.v
}

//go:noinline
func withArguments(n int, s string, b [2000]byte, f float64) float64 {
	var a [1000]byte
	holds(a[:])
	a[1] = b[n] + s[0]
	park()
	return f + float64(a[1])
}

//go:noinline
func recurse(depth int) int {
	var a [100]byte
	holds(a[:])
	if depth == 0 {
		park()
		return int(a[0])
	}
	return recurse(depth-1) + int(a[0])
}

//go:noinline
func grow(kilobytes int) int {
	var a [1024]byte
	holdsToo(a[:])
	if kilobytes == 0 {
		return int(a[0])
	}
	return grow(kilobytes-1) + int(a[0])
}

// grownOnce has a large stack and uses little of it.
//
//go:noinline
func grownOnce() {
	var a [1000]byte
	holds(a[:])
	grow(200)
	park()
}

//go:noinline
func inSystemCall(fd int, b []byte) {
	var a [1000]byte
	holds(a[:])
	ready.Done()
	syscall.Read(fd, b)
}

//go:noinline
func lockedToThread() {
	var a [1000]byte
	runtime.LockOSThread()
	holds(a[:])
	park()
}

//go:noinline
func sixtyFourKiB() {
	var a [64 << 10]byte
	holds(a[:])
	park()
}

// oneMiB has several variables: a larger one would go to the heap.
//
//go:noinline
func oneMiB() {
	var a, b, c, d, e, f, g, h, i [120000]byte
	for _, x := range [][]byte{a[:], b[:], c[:], d[:], e[:], f[:], g[:], h[:], i[:]} {
		holdsToo(x)
	}
	expect("main.oneMiB", 1, 9*len(a), false)
	park()
}

//go:noinline
func finalized(*[64]byte) {
	var a [1000]byte
	holds(a[:])
	park()
}

//go:noinline
func spin() {
	var a [1000]byte
	holds(a[:])
	ready.Done()
	for atomic.LoadInt32(&stop) == 0 {
		a[3]++
	}
}

// quiet ends the one goroutine that runs.
func quiet() {
	atomic.StoreInt32(&stop, 1)
	time.Sleep(10 * time.Millisecond)
	mu.Lock()
	defer mu.Unlock()
	delete(expectations, "main.spin")
}

//go:noinline
func selecting() {
	var a [1000]byte
	holds(a[:])
	ready.Done()
	select {
	case <-never:
	case <-time.After(time.Hour):
	}
}

//go:noinline
func locking(m *sync.Mutex) {
	var a [1000]byte
	holds(a[:])
	ready.Done()
	m.Lock()
}

const newborns = 20

//go:noinline
func newborn(a, b int) {
	<-never
}

type node struct {
	next *node
	_    int
}

var chain *node

// collect is a goroutine of the program; one that begins in the runtime would be the runtime's.
func collect() { runtime.GC() }

// collectorMarks starts a collection and waits, without giving its processor to it, until that has halved large stacks and
// has left the others alone for a while: one that it halved after the figures are read would make them wrong. It answers
// whether the collection is still at work. Stacks that it does not need any more are kept until it ends.
func collectorMarks() bool {
	now := []metrics.Sample{{Name: "/memory/classes/heap/stacks:bytes"}, {Name: "/gc/cycles/total:gc-cycles"}}
	metrics.Read(now)
	stacks, cycles := now[0].Value.Uint64(), now[1].Value.Uint64()
	go collect()
	last, calm := stacks, 0
	for before := time.Now(); ; {
		metrics.Read(now)
		if now[1].Value.Uint64() != cycles {
			return false
		}
		if s := now[0].Value.Uint64(); s != last {
			last, calm = s, 0
		}
		// Milliseconds in which this thread ran: when it had to wait, the collector's may have waited, too.
		if t := time.Now(); t.Sub(before) >= time.Millisecond {
			before = t
			calm++
		}
		if last >= stacks+256<<10 && calm >= 30 {
			return true
		}
	}
}

// linkChain gives the collector work that it cannot share out: nodes in no order of memory.
func linkChain(n int) {
	nodes := make([]*node, n)
	for i := range nodes {
		nodes[i] = new(node)
	}
	for _, i := range rand.New(rand.NewSource(1)).Perm(n) {
		nodes[i].next = chain
		chain = nodes[i]
	}
}

func launchSeed() {
	var channels [4]chan struct{}
	for i := range channels {
		channels[i] = make(chan struct{})
	}
	go oneThousand(channels[0])
	go twoThousand(channels[1])
	go threeThousand(channels[2])
	go threeThousand(channels[3])
	for _, c := range channels {
		<-c
	}
	expect("main.oneThousand", 1, 1000, false)
	expect("main.twoThousand", 1, 2000, false)
	expect("main.threeThousand", 2, 3000, false)
}

func launchTwins() {
	var b block
	captured := 1
	start(func() {
		var a [1000]byte
		holds(a[:])
		a[1] = byte(captured)
		park()
	})
	start(b.onValue)
	start((&b).onPointer)
	ready.Add(3)
	go b.onValue()
	var p parker = &small{7}
	go p.viaInterface()
	go withArguments(1, "text", [2000]byte{}, 1.5)
	start(callsInlined)
	start(deferring)
	start(func() { deferringInALoop(5) })
	start(panicking)
	start(func() { generic(3) })
	start(func() { generic("text") })
	start(func() { generic(b) })
	start(func() { (&pair[string, [2]int]{}).method() })
	start(func() { recurse(500) })
	start(grownOnce)
	start(lockedToThread)
	start(sixtyFourKiB)
	start(oneMiB)
	start(spin)
	start(selecting)
	var m sync.Mutex
	m.Lock()
	start(func() { locking(&m) })
	pipe := make([]int, 2)
	if err := syscall.Pipe(pipe); err != nil {
		panic(err)
	}
	start(func() { inSystemCall(pipe[0], make([]byte, 1)) })
	for i := 0; i < 3; i++ {
		labels := pprof.Labels("twin", "labelled", "round", strconv.Itoa(i))
		start(func() {
			pprof.Do(context.Background(), labels, func(context.Context) {
				var a [3000]byte
				holds(a[:])
				park()
			})
		})
	}
}

// finish leaves stacks of goroutines that have ended: small ones are kept with them, larger ones go to the pool, large ones back.
func finish(n int) {
	var done sync.WaitGroup
	for i := 0; i < n; i++ {
		kilobytes := []int{0, 0, 0, 3, 7, 100}[i%6]
		done.Add(1)
		go func() {
			grow(kilobytes)
			done.Done()
		}()
	}
	done.Wait()
}

func write(folder, name string, content []byte) {
	if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
		panic(err)
	}
}

func allStacks() []byte {
	for size := 1 << 20; ; size *= 2 {
		text := make([]byte, size)
		if n := runtime.Stack(text, true); n < size {
			return text[:n]
		}
	}
}

// figures are read as late as possible, written without entering the scheduler, and then the process stops.
// They have to stay the same for so many milliseconds: threads that were woken to start the world again settle first.
func stopWithFigures(folder string, last func(), calm int64) {
	f, err := os.Create(filepath.Join(folder, "figures.json"))
	if err != nil {
		panic(err)
	}
	fd := f.Fd()
	runtime.LockOSThread()
	pid, thread := syscall.Getpid(), syscall.Gettid()
	samples := []metrics.Sample{
		{Name: "/memory/classes/heap/stacks:bytes"},
		{Name: "/memory/classes/os-stacks:bytes"},
	}
	text := make([]byte, 0, 1000)
	var m runtime.MemStats
	// Before the last step: while the collector works, old releases do not answer.
	runtime.ReadMemStats(&m)
	last()
	for {
		metrics.Read(samples)
		before := samples[0].Value.Uint64()
		text = append(text[:0], `{"stacks": `...)
		text = strconv.AppendUint(text, before, 10)
		text = append(text, `, "os_stacks": `...)
		text = strconv.AppendUint(text, samples[1].Value.Uint64(), 10)
		text = append(text, `, "stack_inuse": `...)
		text = strconv.AppendUint(text, m.StackInuse, 10)
		text = append(text, `, "stack_sys": `...)
		text = strconv.AppendUint(text, m.StackSys, 10)
		text = append(text, "}\n"...)
		pause := syscall.NsecToTimespec(calm * 1e6)
		syscall.RawSyscall(syscall.SYS_NANOSLEEP, uintptr(unsafe.Pointer(&pause)), 0, 0)
		metrics.Read(samples)
		if samples[0].Value.Uint64() == before {
			break
		}
	}
	syscall.RawSyscall6(syscall.SYS_PWRITE64, fd, uintptr(unsafe.Pointer(&text[0])), uintptr(len(text)), 0, 0, 0)
	// A signal to the own thread is there when the call returns: all stop while this goroutine stands here.
	syscall.RawSyscall(syscall.SYS_TGKILL, uintptr(pid), uintptr(thread), uintptr(syscall.SIGSTOP))
	runtime.KeepAlive(f)
}

func main() {
	folder, mode := os.Args[1], ""
	if len(os.Args) > 2 {
		mode = os.Args[2]
	}
	runtime.GOMAXPROCS(4)
	ready.Add(1)
	runtime.SetFinalizer(new([64]byte), finalized)
	for i := 0; i < 2; i++ {
		runtime.GC()
	}
	debug.SetGCPercent(-1)
	launchSeed()
	launchTwins()
	ready.Wait()
	finish(60)
	time.Sleep(50 * time.Millisecond)

	last, calm := func() {}, int64(0)
	switch mode {
	case "collecting":
		quiet()
		last = func() {
			for n := 1 << 21; ; n *= 2 {
				linkChain(n)
				for i := 0; i < 3; i++ {
					start(grownOnce)
				}
				ready.Wait()
				tell(folder, 1)
				if collectorMarks() {
					return
				}
				if n > 1<<23 {
					panic("the collector is too fast")
				}
			}
		}
	case "newborn":
		quiet()
		tell(folder, newborns)
		runtime.GOMAXPROCS(1)
		last = func() {
			for i := 0; i < newborns; i++ {
				go newborn(i, i)
			}
		}
	default:
		tell(folder, 0)
		calm = 5
	}
	stopWithFigures(folder, last, calm)
}

func tell(folder string, later int) {
	write(folder, "goroutines.txt", allStacks())
	mu.Lock()
	defer mu.Unlock()
	var functions []string
	for function := range expectations {
		functions = append(functions, function)
	}
	sort.Strings(functions)
	// By hand: encoding/json would make the executable half as large again.
	text := fmt.Sprintf("{\"go\": %q, \"started_later\": %d, \"frames\": [", runtime.Version(), later)
	for i, function := range functions {
		if i > 0 {
			text += ","
		}
		e := expectations[function]
		text += fmt.Sprintf("\n {\"function\": %q, \"frames\": %d, \"at_least\": %d, \"inlined\": %t}",
			e.function, e.frames, e.atLeast, e.inlined)
	}
	write(folder, "truth.json", []byte(text+"\n]}\n"))
}

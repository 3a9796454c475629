// Crowd is a server with 10,000 goroutines of 8 shapes, most of them waiting for work; it stops itself.
//
//	crowd FOLDER [GOROUTINES]
//
// It writes goroutine.pb.gz (the runtime's own profile), truth.json (the shapes) and, last, figures.json. Built with the tag "larger", one function's frame is larger.
package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"runtime/pprof"
	"strconv"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

const (
	deepStacks = 100
	deepLevels = 1000
	middleware = 16
)

type request struct {
	path   string
	answer chan []byte
}

// server's connections wait for their next request.
type server struct {
	backend *backend
	next    chan *request
}

//go:noinline
func (s *server) serve(id int) {
	var header [512]byte
	for {
		r := s.readRequest(header[:])
		s.handle(r, id%middleware)
	}
}

//go:noinline
func (s *server) readRequest(header []byte) *request {
	var buffer [1500]byte
	fill(buffer[:])
	arrived()
	r := <-s.next
	copy(header, buffer[:])
	return r
}

// handle goes through as many layers as the route has, then asks the backend.
//
//go:noinline
func (s *server) handle(r *request, layers int) {
	if layers > 0 {
		var layer [96]byte
		fill(layer[:])
		s.handle(r, layers-1)
		fill(layer[:])
		return
	}
	s.backend.call(r)
}

type backend struct{ answers chan []byte }

//go:noinline
func (b *backend) call(r *request) {
	var message [2048]byte
	fill(message[:])
	arrived()
	r.answer <- b.await()
	fill(message[:])
}

// await is inlined.
func (b *backend) await() []byte { return <-b.answers }

// worker has the frame that grows.
type worker struct{ queue chan *request }

//go:noinline
func (w *worker) run() {
	for {
		w.step()
	}
}

//go:noinline
func (w *worker) step() {
	var scratch [scratchBytes]byte
	fill(scratch[:])
	take(w.queue)
	fill(scratch[:])
}

//go:noinline
func take(queue chan *request) *request {
	arrived()
	return <-queue
}

// cache is locked for ever.
type cache struct {
	mu     sync.Mutex
	values map[string][]byte
}

//go:noinline
func (c *cache) get(key string) []byte {
	arrived()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.values[key]
}

//go:noinline
func refresh(c *cache, key string) {
	var name [64]byte
	copy(name[:], key)
	fill(c.get(string(name[:])))
}

type janitor struct{ period time.Duration }

//go:noinline
func (j *janitor) sweep() {
	arrived()
	time.Sleep(j.period)
}

type hub struct {
	join, leave chan int
	quit        chan struct{}
}

//go:noinline
func (h *hub) dispatch() int {
	var members [128]int
	arrived()
	select {
	case n := <-h.join:
		members[n&127]++
	case n := <-h.leave:
		members[n&127]--
	case <-h.quit:
	}
	return members[0]
}

type batch struct{ parts sync.WaitGroup }

//go:noinline
func (b *batch) collect() {
	arrived()
	b.parts.Wait()
}

// tree is walked deeply by few.
type tree struct{ release chan int }

//go:noinline
func (t *tree) visit(level int) int {
	if level == 0 {
		arrived()
		return <-t.release
	}
	var path [64]byte
	fill(path[:])
	return t.visit(level-1) + int(path[0])
}

//go:noinline
func fill(b []byte) {
	for i := range b {
		b[i] = byte(i)
	}
}

var parking sync.WaitGroup

//go:noinline
func arrived() { parking.Done() }

// shape tells what goroutines of one kind there are.
type shape struct {
	Function string `json:"function"` // one that only they call
	Count    int    `json:"count"`
}

var shapes []shape

func launch(function string, count int, one func(id int)) {
	shapes = append(shapes, shape{function, count})
	parking.Add(count)
	for id := 0; id < count; id++ {
		one(id)
	}
}

func launchAll(n int) {
	s := &server{&backend{make(chan []byte)}, make(chan *request)}
	w := &worker{make(chan *request)}
	c := &cache{}
	c.mu.Lock()
	j := &janitor{time.Hour}
	h := &hub{make(chan int), make(chan int), make(chan struct{})}
	b := &batch{}
	b.parts.Add(1)
	t := &tree{make(chan int)}
	percent := func(part int) int { return n * part / 100 }

	launch("main.(*server).readRequest", percent(51)-deepStacks, func(id int) { go s.serve(id) })
	launch("main.(*backend).call", percent(20), func(id int) {
		go s.handle(&request{answer: make(chan []byte)}, id%middleware)
	})
	launch("main.(*worker).step", percent(12), func(id int) {
		labels := pprof.Labels("queue", []string{"mail", "index"}[id%2])
		pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), labels))
		go w.run()
	})
	pprof.SetGoroutineLabels(context.Background())
	launch("main.(*cache).get", percent(7), func(id int) { go refresh(c, "key") })
	launch("main.(*janitor).sweep", percent(4), func(id int) { go j.sweep() })
	launch("main.(*hub).dispatch", percent(4), func(id int) { go h.dispatch() })
	launch("main.(*batch).collect", percent(2), func(id int) { go b.collect() })
	launch("main.(*tree).visit", deepStacks, func(id int) { go t.visit(deepLevels) })
}

// tell writes the runtime's own profile of all goroutines, and their number and shapes.
func tell(folder string) {
	f, err := os.Create(filepath.Join(folder, "goroutine.pb.gz"))
	if err == nil {
		err = pprof.Lookup("goroutine").WriteTo(f, 0)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		panic(err)
	}
	truth, err := json.Marshal(map[string]any{
		"go": runtime.Version(), "goroutines": runtime.NumGoroutine(), "shapes": shapes,
		"scratch_bytes": scratchBytes, "deep_levels": deepLevels,
	})
	if err != nil {
		panic(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "truth.json"), truth, 0o644); err != nil {
		panic(err)
	}
}

// stopWithFigures reads them as late as possible, writes them without entering the scheduler, and stops the process.
func stopWithFigures(folder string) {
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
	for {
		metrics.Read(samples)
		before := samples[0].Value.Uint64()
		text = append(text[:0], `{"stacks": `...)
		text = strconv.AppendUint(text, before, 10)
		text = append(text, `, "os_stacks": `...)
		text = strconv.AppendUint(text, samples[1].Value.Uint64(), 10)
		text = append(text, "}\n"...)
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
	n := 10000
	if len(os.Args) > 2 {
		n, _ = strconv.Atoi(os.Args[2])
	}
	debug.SetGCPercent(-1)
	launchAll(n)
	parking.Wait()
	time.Sleep(100 * time.Millisecond)
	// Stacks are as small as they become, and the collector's own goroutines are there.
	runtime.GC()
	runtime.GC()
	time.Sleep(100 * time.Millisecond)
	tell(os.Args[1])
	stopWithFigures(os.Args[1])
}

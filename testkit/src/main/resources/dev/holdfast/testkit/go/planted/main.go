// Planted has one leak, or what looks like one, writes what it knows of it, and stops itself.
//
//	planted FOLDER MODE
//
// It writes truth.json: how many objects it planted and how many bytes they take. All are of sizes that the allocator has a
// size class for, so that counting them is enough. Little is imported, for a small executable.
package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// A session is 512 bytes.
type session struct {
	user int64
	next *session
	cart [62]int64
}

type server struct {
	name     string
	sessions map[int64]*session
}

var web *server

// sessions are never taken out of the map.
func sessions() (objects, bytes int) {
	const count = 12000
	web = &server{"shop", map[int64]*session{}}
	for i := 0; i < count; i++ {
		web.sessions[int64(i)] = &session{user: int64(i)}
	}
	return count, count * int(unsafe.Sizeof(session{}))
}

// A result is 512 bytes.
type result struct {
	id   int64
	text *string
	body [62]int64
}

//go:noinline
func use(r *result) { println(r.id) }

// report waits for ever, because nobody receives.
//
//go:noinline
func report(results chan int64, r *result) {
	ready.Done()
	results <- r.id
	use(r)
}

var ready sync.WaitGroup

// senders are goroutines that a handler forgot.
func senders() (objects, bytes int) {
	const count = 10000
	ready.Add(count)
	results := make(chan int64)
	for i := 0; i < count; i++ {
		go report(results, &result{id: int64(i)})
	}
	ready.Wait()
	time.Sleep(100 * time.Millisecond)
	return count, count * int(unsafe.Sizeof(result{}))
}

type window struct {
	name   string
	recent []int64
}

var view *window

// slice keeps ten elements of a million.
func slice() (objects, bytes int) {
	const count = 1 << 20
	all := make([]int64, count)
	for i := range all {
		all[i] = 7
	}
	view = &window{"latest", all[count-10:]}
	return 1, count * 8
}

var reserve []byte

// ballast is never written.
func ballast() (objects, bytes int) {
	reserve = make([]byte, 64<<20)
	return 1, 64 << 20
}

// A request is 256 bytes.
type request struct {
	id   int64
	next *request
	body [30]int64
}

// timers that nobody stops.
func timers() (objects, bytes int) {
	const count = 20000
	for i := 0; i < count; i++ {
		r := &request{id: int64(i)}
		time.AfterFunc(24*time.Hour, func() { r.id = 0 })
	}
	return count, count * int(unsafe.Sizeof(request{}))
}

// A buffer is 8192 bytes.
type buffer struct {
	next *buffer
	data [1023]int64
}

var buffers = sync.Pool{New: func() any { return new(buffer) }}

// pool is full, for the moment.
func pool() (objects, bytes int) {
	const count = 1000
	all := make([]*buffer, count)
	for i := range all {
		all[i] = buffers.Get().(*buffer)
	}
	for _, b := range all {
		buffers.Put(b)
	}
	return count, count * int(unsafe.Sizeof(buffer{}))
}

var planted = map[string]func() (objects, bytes int){
	"sessions": sessions,
	"senders":  senders,
	"slice":    slice,
	"ballast":  ballast,
	"timers":   timers,
	"pool":     pool,
}

// leaveOut keeps what is only reserved out of the core, as the kernel does: gdb would write 1.2 GB of zeros.
func leaveOut() {
	const dontDump = 16
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		panic(err)
	}
	for start := 0; start < len(maps); start++ {
		from, at := hex(maps, start)
		to, at := hex(maps, at+1)
		if maps[at+1] == '-' {
			syscall.RawSyscall(syscall.SYS_MADVISE, from, to-from, dontDump)
		}
		for maps[start] != '\n' {
			start++
		}
	}
}

func hex(text []byte, at int) (value uintptr, end int) {
	for ; text[at] != '-' && text[at] != ' '; at++ {
		digit := text[at] - '0'
		if text[at] >= 'a' {
			digit = text[at] - 'a' + 10
		}
		value = value<<4 | uintptr(digit)
	}
	return value, at
}

func stop() {
	leaveOut()
	runtime.LockOSThread()
	// A signal to the own thread is there when the call returns: all stop while this goroutine stands here.
	syscall.RawSyscall(syscall.SYS_TGKILL, uintptr(syscall.Getpid()), uintptr(syscall.Gettid()), uintptr(syscall.SIGSTOP))
}

func main() {
	folder, mode := os.Args[1], os.Args[2]
	runtime.GOMAXPROCS(1)
	debug.SetGCPercent(-1)
	if mode == "local" {
		local := make([]byte, 64<<20)
		tell(folder, 1, len(local))
		stop()
		runtime.KeepAlive(local)
		return
	}
	objects, bytes := planted[mode]()
	tell(folder, objects, bytes)
	stop()
}

func tell(folder string, objects, bytes int) {
	text := `{"objects": ` + strconv.Itoa(objects) + `, "bytes": ` + strconv.Itoa(bytes) + "}\n"
	if err := os.WriteFile(folder+"/truth.json", []byte(text), 0o644); err != nil {
		panic(err)
	}
}

// Wasteful makes slices, strings, numbers, maps and channels of random but known lengths and capacities, writes what of
// them is wasted, and stops itself. Its arguments are the folder to write to and the seed.
package main

import (
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"unsafe"
)

type row struct {
	key  int64
	next *row
}

type cell struct{ a, b int64 }

type word string

type box interface{}

type code int64

var (
	rows   [][]row
	cells  [][]cell
	words  []word
	boxes  []box
	maps   []map[int64]code
	queues []chan code
)

type tally struct{ objects, bytes int64 }

var truth = map[string]*tally{}

func waste(kind, what string, bytes int) {
	if bytes <= 0 {
		return
	}
	key := kind + "\t" + what
	if truth[key] == nil {
		truth[key] = &tally{}
	}
	truth[key].objects++
	truth[key].bytes += int64(bytes)
}

func spare(what string, used, capacity int) {
	if 2*used <= capacity {
		waste("SPARSE_COLLECTION", what, capacity-used)
	} else {
		waste("SPARE_CAPACITY", what, capacity-used)
	}
}

func makeSlices(r *rand.Rand) {
	for i := 0; i < 400; i++ {
		capacity := 2 + r.Intn(500)
		length := r.Intn(capacity + 1)
		rows = append(rows, make([]row, length, capacity))
		spare("[]main.row", length*16, capacity*16)
	}
	// 4096 bytes are a size class, so there is nothing behind the array.
	for i := 0; i < 100; i++ {
		from := r.Intn(256)
		to := from + 1 + r.Intn(256-from)
		cells = append(cells, make([]cell, 256)[from:to:to])
		if 2*(to-from) <= 256 {
			waste("PINNED_ARRAY", "[]main.cell", 4096-16*(to-from))
		}
	}
}

func makeWords(r *rand.Rand) {
	seen := map[string]bool{}
	for i := 0; i < 1000; i++ {
		text := strings.Repeat(string(rune('a'+r.Intn(26))), 17+r.Intn(20))
		words = append(words, word([]byte(text)))
		if seen[text] {
			waste("DUPLICATE_TEXT", "[]main.word", len(text))
		}
		seen[text] = true
	}
}

func makeBoxes(r *rand.Rand) {
	boxes = make([]box, 500)
	seen := map[code]bool{}
	for i := range boxes {
		number := code(1000 + r.Intn(200))
		if i == 0 || i == len(boxes)-1 {
			// These may share their block with numbers of others.
			number = code(5000 + i)
		}
		if seen[number] {
			waste("DUPLICATE_NUMBER", "[]main.box", 8)
		}
		seen[number] = true
		boxes[i] = number
	}
}

// buckets is what a map has, and what it needs, in buckets or groups, with the size of one.
func buckets(m map[int64]code) (has, needs, size int) {
	n := len(m)
	at := *(*unsafe.Pointer)(unsafe.Pointer(&m))
	field := func(offset uintptr) unsafe.Pointer { return unsafe.Pointer(uintptr(at) + offset) }
	if classic() {
		if *(*uintptr)(field(16)) != 0 {
			has = 1 << *(*uint8)(field(9))
		}
		if n > 0 {
			needs = 1
		}
		for n > 8 && 2*n > 13*needs {
			needs *= 2
		}
		return has, needs, 8 + 8*8 + 8*8 + 8
	}
	directory := *(*unsafe.Pointer)(field(16))
	length := *(*int)(field(24))
	if length == 0 && directory != nil {
		has = 1
	}
	tables := map[uintptr]bool{}
	for i := 0; i < length; i++ {
		table := *(*uintptr)(unsafe.Pointer(uintptr(directory) + uintptr(8*i)))
		if !tables[table] {
			tables[table] = true
			has += int(*(*uint16)(unsafe.Pointer(table + 2))) / 8
		}
	}
	switch {
	case n > 8:
		needs = 2
		for 8*n > 7*8*needs {
			needs *= 2
		}
	case n > 0:
		needs = 1
	}
	return has, needs, 8 + 8*16
}

func classic() bool {
	for _, release := range []string{"go1.18", "go1.19", "go1.20", "go1.21", "go1.22", "go1.23"} {
		if strings.HasPrefix(runtime.Version(), release) {
			return true
		}
	}
	return false
}

func makeMaps(r *rand.Rand) {
	for i := 0; i < 300; i++ {
		m := make(map[int64]code)
		size := r.Intn(4)
		if i%10 == 0 {
			size = r.Intn(5000)
		}
		for k := 0; k < size; k++ {
			m[int64(k)] = code(k)
		}
		if i%3 == 0 {
			for k := r.Intn(size + 1); k < size; k++ {
				delete(m, int64(k))
			}
		}
		maps = append(maps, m)
	}
	for _, m := range maps {
		has, needs, size := buckets(m)
		if len(m) == 0 {
			waste("EMPTY_COLLECTION", "map[int64]main.code", 48+has*size)
		} else {
			spare("map[int64]main.code", needs*size, has*size)
		}
	}
}

func makeQueues(r *rand.Rand) {
	for i := 0; i < 60; i++ {
		queue := make(chan code, r.Intn(40))
		sent := r.Intn(cap(queue) + 1)
		for k := 0; k < sent; k++ {
			queue <- code(k)
		}
		queues = append(queues, queue)
		waste("UNUSED_BUFFER", "chan main.code", 8*(cap(queue)-sent))
	}
}

func main() {
	runtime.GOMAXPROCS(1)
	seed, err := strconv.ParseInt(os.Args[2], 10, 64)
	if err != nil {
		panic(err)
	}
	r := rand.New(rand.NewSource(seed))
	makeSlices(r)
	makeWords(r)
	makeBoxes(r)
	makeMaps(r)
	makeQueues(r)
	var out strings.Builder
	for key, t := range truth {
		fmt.Fprintf(&out, "%s\t%d\t%d\n", key, t.objects, t.bytes)
	}
	empty, full, elements, capacity, bounded := 0, 0, 0, 0, 0
	for _, queue := range queues {
		if len(queue) == 0 {
			empty++
		}
		if cap(queue) > 0 {
			bounded++
			elements += len(queue)
			capacity += cap(queue)
			if len(queue) == cap(queue) {
				full++
			}
		}
	}
	fmt.Fprintf(&out, "queues\t%d\t%d\t%d\t%d\t%d\t%d\n", len(queues), empty, bounded, full, elements, capacity)
	if err := os.WriteFile(filepath.Join(os.Args[1], "truth.tsv"), []byte(out.String()), 0o644); err != nil {
		panic(err)
	}
	runtime.GC()
	_ = syscall.Kill(syscall.Getpid(), syscall.SIGSTOP)
	runtime.KeepAlive(rows)
}

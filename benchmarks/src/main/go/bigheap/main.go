// Command bigheap fills a heap of about 1 GB with 23 million objects of the kinds that servers have, collects, prints
// what the runtime counts, and stops, so that a core can be taken.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
)

type tree struct {
	left, right *tree
	key         int64
	weight      float64
}

type order struct {
	id    int64
	name  string
	lines []*line
	next  *order
	extra any
}

type line struct {
	product *product
	count   int32
	note    string
}

type product struct {
	name  string
	price float64
	tags  []string
}

type session struct {
	user   string
	values map[string]string
	orders []*order
	parent *session
}

var (
	roots    []*tree
	products []*product
	orders   *order
	byName   = map[string]*order{}
	sessions = map[int64]*session{}
	blobs    [][]byte
)

func grow(depth int, key *int64) *tree {
	*key++
	t := &tree{key: *key}
	if depth > 0 {
		t.left = grow(depth-1, key)
		t.right = grow(depth-1, key)
	}
	return t
}

func fill(scale int) {
	var key int64
	for i := 0; i < scale; i++ {
		roots = append(roots, grow(16, &key)) // 131,071 objects of 32 bytes
	}
	for i := 0; i < 2000*scale; i++ {
		p := &product{name: "product " + strconv.Itoa(i), price: float64(i)}
		for t := 0; t < 3; t++ {
			p.tags = append(p.tags, "tag "+strconv.Itoa(i*3+t))
		}
		products = append(products, p)
	}
	for i := 0; i < 10000*scale; i++ {
		o := &order{id: int64(i), name: "order " + strconv.Itoa(i), next: orders}
		for l := 0; l < 4; l++ {
			o.lines = append(o.lines, &line{product: products[(i*7+l)%len(products)], count: int32(l), note: "note " + strconv.Itoa(i)})
		}
		if i%4 == 0 {
			o.extra = o.lines[0]
		}
		orders = o
		if i%2 == 0 {
			byName[o.name] = o
		}
	}
	var last *session
	o := orders
	for i := 0; i < 2000*scale; i++ {
		s := &session{user: "user " + strconv.Itoa(i), values: map[string]string{}, parent: last}
		for v := 0; v < 4; v++ {
			s.values["key "+strconv.Itoa(v)] = "value " + strconv.Itoa(i+v)
		}
		for j := 0; j < 5 && o != nil; j++ {
			s.orders = append(s.orders, o)
			o = o.next
		}
		sessions[int64(i)] = s
		if i%100 != 0 {
			last = s
		} else {
			last = nil
		}
	}
	for i := 0; i < 350*scale; i++ {
		blobs = append(blobs, make([]byte, 1<<12))
	}
}

func main() {
	scale := flag.Int("scale", 92, "size; 92 gives about 1 GB")
	out := flag.String("out", "truth.json", "file for the runtime's figures")
	flag.Parse()
	fill(*scale)
	runtime.GC()
	runtime.GC()
	debug.SetGCPercent(-1)
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	text, _ := json.Marshal(map[string]uint64{"HeapAlloc": stats.HeapAlloc, "HeapObjects": stats.HeapObjects, "HeapInuse": stats.HeapInuse})
	os.WriteFile(*out, text, 0o644)
	fmt.Println(string(text))
	syscall.Kill(syscall.Getpid(), syscall.SIGSTOP)
	runtime.KeepAlive(roots)
}

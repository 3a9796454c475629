// Command leakyshop is the patient of docs/go.md: a shop whose sessions never end and whose mailers wait for ever.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime/pprof"
	"syscall"
	"time"
)

type session struct {
	user   string
	basket []*article
	seen   map[string]time.Time
}

type article struct {
	name  string
	image []byte
}

type cache struct {
	sessions map[int]*session
}

var app = &cache{sessions: map[int]*session{}}

func (c *cache) open(id int) *session {
	s := &session{user: fmt.Sprintf("user %d", id), seen: map[string]time.Time{}}
	for i := 0; i < 5; i++ {
		s.basket = append(s.basket, &article{name: fmt.Sprintf("article %d", i), image: make([]byte, 2000)})
		s.seen[fmt.Sprintf("page %d", i)] = time.Now()
	}
	c.sessions[id] = s // and nothing ever takes it out again
	return s
}

// mail waits for somebody to take what it has; nobody does.
func mail(to *session, out chan<- []byte) {
	letter := make([]byte, 64<<10)
	copy(letter, to.user)
	out <- letter
}

func main() {
	outbox := make(chan []byte)
	for id := 0; id < 4000; id++ {
		s := app.open(id)
		if id%50 == 0 {
			go pprof.Do(context.Background(), pprof.Labels("job", "mail"), func(context.Context) { mail(s, outbox) })
		}
	}
	time.Sleep(100 * time.Millisecond)
	fmt.Fprintln(os.Stderr, "out of memory, or so it seems")
	syscall.Kill(syscall.Getpid(), syscall.SIGABRT)
	select {}
}

// Command realserver is a NATS server with work in it: streams kept in memory, subscribers, and clients that published.
// It collects, prints what the runtime counts, and stops, so that a core can be taken.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	messages := flag.Int("messages", 200_000, "how many are published")
	out := flag.String("out", "truth.json", "file for the runtime's figures")
	flag.Parse()
	dir, err := os.MkdirTemp("", "realserver")
	check(err)
	defer os.RemoveAll(dir)
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: dir, NoSigs: true})
	check(err)
	go s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		log.Fatal("not ready")
	}
	conn, err := nats.Connect(s.ClientURL())
	check(err)
	js, err := conn.JetStream()
	check(err)
	_, err = js.AddStream(&nats.StreamConfig{Name: "orders", Subjects: []string{"orders.>"}, Storage: nats.MemoryStorage})
	check(err)
	for i := 0; i < 200; i++ {
		_, err = conn.Subscribe(fmt.Sprintf("topic.%d.*", i), func(*nats.Msg) {})
		check(err)
	}
	for i := 0; i < *messages; i++ {
		_, err = js.PublishAsync(fmt.Sprintf("orders.%d.%d", i%50, i%1000), []byte(fmt.Sprintf("message %d of the order", i)))
		check(err)
		if i%1000 == 0 {
			<-js.PublishAsyncComplete()
		}
	}
	<-js.PublishAsyncComplete()
	debug.SetGCPercent(-1)
	for i := 0; i < 3; i++ {
		time.Sleep(200 * time.Millisecond)
		runtime.GC()
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	text, _ := json.Marshal(map[string]uint64{"HeapAlloc": stats.HeapAlloc, "HeapObjects": stats.HeapObjects, "HeapInuse": stats.HeapInuse})
	os.WriteFile(*out, text, 0o644)
	fmt.Println(string(text))
	syscall.Kill(syscall.Getpid(), syscall.SIGSTOP)
}

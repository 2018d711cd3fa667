// Replaces the proxy of Cloud SQL. Like the real one, it listens only on 127.0.0.1. It answers with one line in place of
// MySQL.
package main

import (
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
)

const address = "127.0.0.1:3306"

func main() {
	endWhenAsked()
	log.SetFlags(0)
	listener, err := net.Listen("tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listens on", address)
	for {
		connection, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		fmt.Fprintln(connection, "2 users, by way of cloudsql-proxy")
		connection.Close()
	}
}

// Process 1 of a container gets only signals for which it has a handler.
func endWhenAsked() {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-asked
		os.Exit(0)
	}()
}

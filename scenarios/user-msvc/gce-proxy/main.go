// Stands for the proxy of Cloud SQL. Like the real one it listens on 127.0.0.1 only; for MySQL behind it speaks one line.
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

// Process 1 of a container hears only the signals that it listens for.
func endWhenAsked() {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-asked
		os.Exit(0)
	}()
}

// Replaces the agent of Datadog. It follows a log, and prints each line instead of sending it with its API key.
package main

import (
	"bufio"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

const (
	apiKey  = "/etc/datadog-agent/secret/datadog-api-key"
	watched = "/var/log/monitor/user-msvc-error.log"
)

func main() {
	endWhenAsked()
	if key, err := os.ReadFile(apiKey); err != nil {
		fmt.Println("has no API key:", err)
	} else {
		fmt.Printf("has an API key of %d characters\n", len(key))
	}
	fmt.Println("waits for", watched)
	file := opened(watched)
	fmt.Println("follows", watched)
	lines, line := bufio.NewReader(file), ""
	for {
		read, err := lines.ReadString('\n')
		line += read
		if err != nil { // the current end of the file
			time.Sleep(100 * time.Millisecond)
			continue
		}
		fmt.Println("sent to datadog:", strings.TrimSuffix(line, "\n"))
		line = ""
	}
}

// Waits until the other container has created the file.
func opened(path string) *os.File {
	for {
		file, err := os.Open(path)
		if err == nil {
			return file
		}
		time.Sleep(100 * time.Millisecond)
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

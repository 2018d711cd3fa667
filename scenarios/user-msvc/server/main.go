// The server of the services foo and user-msvc. It answers on port 443, over TLS:
//
//	/       a line that shows that it runs
//	/users  MySQL's answer; MySQL's address is in $MYSQL_HOST
//
// It writes errors to standard error and, if the folder exists, to /var/log/user-msvc/user-msvc-error.log.
package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const (
	authorities = "/etc/ssl/certs/ca-certificates.crt"
	errorLog    = "/var/log/user-msvc/user-msvc-error.log"
)

func main() {
	endWhenAsked()
	log.SetFlags(0)
	if file, err := os.OpenFile(errorLog, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644); err == nil {
		log.SetOutput(io.MultiWriter(os.Stderr, file))
	}

	trusted, err := trustedAuthorities()
	if err != nil {
		log.Fatal("trusts no certificate authority: ", err)
	}
	fmt.Printf("trusts %d certificate authorities\n", trusted)

	certificate, err := ownCertificate()
	if err != nil {
		log.Fatal(err)
	}
	listener, err := tls.Listen("tcp", ":443", &tls.Config{Certificates: []tls.Certificate{certificate}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listens on port 443")
	// An unfinished handshake is not an error of this service: a client may only test whether the port is open.
	server := http.Server{Handler: http.HandlerFunc(answer), ErrorLog: log.New(io.Discard, "", 0)}
	log.Fatal(server.Serve(listener))
}

func answer(response http.ResponseWriter, request *http.Request) {
	switch request.URL.Path {
	case "/":
		fmt.Fprintln(response, "the server is there")
	case "/users":
		said, err := askMySQL(os.Getenv("MYSQL_HOST"))
		if err != nil {
			log.Print("no users: ", err)
			http.Error(response, "no users", http.StatusBadGateway)
			return
		}
		fmt.Fprint(response, said)
	default:
		log.Print("no page ", request.URL.Path)
		http.NotFound(response, request)
	}
}

// The replacement of MySQL sends one line, like a real MySQL's greeting.
func askMySQL(address string) (string, error) {
	connection, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		return "", err
	}
	defer connection.Close()
	return bufio.NewReader(connection).ReadString('\n')
}

func trustedAuthorities() (int, error) {
	rest, err := os.ReadFile(authorities)
	if err != nil {
		return 0, err
	}
	found := 0
	for {
		var block *pem.Block
		block, rest = pem.Decode(rest)
		if block == nil {
			break
		}
		if _, err := x509.ParseCertificate(block.Bytes); err == nil {
			found++
		}
	}
	if found == 0 {
		return 0, errors.New(authorities + " holds none")
	}
	return found, nil
}

// A self-signed certificate, new at each start.
func ownCertificate() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(1),
		DNSNames:     []string{"user-msvc"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(365 * 24 * time.Hour),
	}
	signed, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	return tls.Certificate{Certificate: [][]byte{signed}, PrivateKey: key}, err
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

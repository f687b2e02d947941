// Command ferretdb runs FerretDB with its SQLite backend: a MongoDB wire endpoint for tests and single machines.
//
// The upstream command panics without files that its own release build generates, so this one embeds the package instead.
// Embedded FerretDB has no telemetry reporter and no debug listener; the settings below keep it that way.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "ferretdb:", err)
		os.Exit(1)
	}
}

// run serves until SIGINT or SIGTERM. The line `ready mongodb://host:port/` on standard output names the port in use.
func run(args []string) error {
	flags := flag.NewFlagSet("ferretdb", flag.ContinueOnError)
	listen := flags.String("listen-addr", "127.0.0.1:0", "loopback address and port; port 0 picks a free one")
	state := flags.String("state-dir", "", "directory of the database files; made when missing")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *state == "" {
		return fmt.Errorf("-state-dir is missing")
	}
	if err := requireLoopback(*listen); err != nil {
		return err
	}
	dir, err := filepath.Abs(*state)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	// Read by FerretDB's state provider; the embedded package disables telemetry too.
	for name, value := range map[string]string{"FERRETDB_TELEMETRY": "disable", "DO_NOT_TRACK": "1"} {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}

	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: *listen},
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Handler:   "sqlite",
		SQLiteURL: (&url.URL{Scheme: "file", Opaque: dir + "/"}).String(),
	})
	if err != nil {
		return err
	}

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	go func() {
		// Blocks until the listener is bound.
		fmt.Println("ready", server.MongoDBURI())
	}()
	return server.Run(ctx)
}

// requireLoopback refuses addresses that other machines could reach: this server has no authentication.
func requireLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("-listen-addr %q: %w", address, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("-listen-addr %q is not a loopback address", address)
	}
	return nil
}

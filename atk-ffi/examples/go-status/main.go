// Writes a page that shows the plugins of a home and what runs, and writes it again whenever the home
// changes, whoever changes it. A web server or a browser shows the file.
//
//	atk-status [-once] <home> <page.html>
//
// Ctrl-C ends it.
package main

/*
#cgo pkg-config: atk
#include <stdlib.h>
#include <atk.h>

// Exported below; Go has no const.
extern int32_t onChange(void *userdata, atk_event *event);

// A table in C's memory, which Go's collector does not move.
static inline atk_host *new_host(void) {
	atk_host *host = calloc(1, sizeof *host);
	if (host == NULL) {
		abort();
	}
	host->struct_size = sizeof *host;
	host->on_event = (atk_on_event)onChange;
	return host;
}
*/
import "C"

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
	"unsafe"
)

// line is what the page shows of a plugin: a line of the document of `status`.
type line struct {
	Name, Directory, Result string
	Outcome                 struct {
		State, Files string
		Ports        []struct{ Port int }
		Unset        []string
	}
	Error struct{ Message string }
}

// failed takes an error object over.
func failed(status C.atk_status, object *C.atk_error) error {
	if status == C.ATK_OK {
		return nil
	}
	defer C.atk_error_free(object)
	return errors.New(C.GoString(C.atk_error_message(object)))
}

// status asks which plugins there are, and what runs. It takes no lock.
func status(home *C.atk_home) ([]line, error) {
	var result *C.atk_result
	var object *C.atk_error
	code := C.atk_home_status(home, nil, nil, nil, nil, &result, &object)
	if err := failed(code, object); err != nil {
		return nil, err
	}
	defer C.atk_result_free(result)
	var document struct{ Plugins []line }
	err := json.Unmarshal([]byte(C.GoString(C.atk_result_json(result))), &document)
	return document.Plugins, err
}

func (l line) described() string {
	if l.Result == "failed" {
		return "error: " + l.Error.Message
	}
	words := []string{l.Outcome.State, "files " + l.Outcome.Files}
	for _, port := range l.Outcome.Ports {
		words = append(words, fmt.Sprintf("port %d", port.Port))
	}
	if len(l.Outcome.Unset) > 0 {
		words = append(words, "not set: "+strings.Join(l.Outcome.Unset, ", "))
	}
	return strings.Join(words, "; ")
}

// page is the document. A browser that shows it reads it again every five seconds.
func page(path string, lines []line, err error, now time.Time) string {
	var text strings.Builder
	text.WriteString("<!doctype html>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"refresh\" content=\"5\">\n")
	fmt.Fprintf(&text, "<title>ATK</title>\n<h1>%s</h1>\n", html.EscapeString(path))
	if err != nil {
		fmt.Fprintf(&text, "<p>%s</p>\n", html.EscapeString(err.Error()))
	}
	text.WriteString("<table>\n")
	for _, one := range lines {
		fmt.Fprintf(&text, "<tr id=\"%s\"><td>%s<td>%s\n", html.EscapeString(one.Directory),
			html.EscapeString(one.Name), html.EscapeString(one.described()))
	}
	fmt.Fprintf(&text, "</table>\n<p>%s</p>\n", now.UTC().Format(time.RFC3339))
	return text.String()
}

// replace writes a file so that no reader sees half of it.
func replace(path, text string) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".page-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.WriteString(text)
	err = errors.Join(err, file.Chmod(0o644), file.Close())
	if err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// changes has room for one: what happens while the page is written is on the next one.
var changes = make(chan struct{}, 1)

//export onChange
func onChange(_ unsafe.Pointer, event *C.atk_event) C.int32_t {
	switch C.GoString(C.atk_event_kind(event)) {
	case "watching", "changed":
		select {
		case changes <- struct{}{}:
		default:
		}
	}
	return 0
}

// watch calls onChange until the token is cancelled.
func watch(home *C.atk_home, token *C.atk_cancel) error {
	host := C.new_host()
	defer C.free(unsafe.Pointer(host))
	var object *C.atk_error
	code := C.atk_home_watch(home, nil, host, token, nil, &object)
	if code == C.ATK_CANCELLED {
		C.atk_error_free(object)
		return nil
	}
	return failed(code, object)
}

func run(path, file string, once bool) error {
	cPath := C.CString(path)
	defer C.free(unsafe.Pointer(cPath))
	var home *C.atk_home
	var object *C.atk_error
	if err := failed(C.atk_home_open(cPath, nil, &home, &object), object); err != nil {
		return err
	}
	defer C.atk_home_free(home)
	write := func() error {
		lines, err := status(home)
		return replace(file, page(path, lines, err, time.Now()))
	}
	if once {
		return write()
	}

	token := C.atk_cancel_new()
	defer C.atk_cancel_free(token)
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	ended := make(chan error, 1)
	go func() { ended <- watch(home, token) }()
	for {
		select {
		case <-changes:
			if err := write(); err != nil {
				C.atk_cancel_cancel(token)
				<-ended
				return err
			}
		case <-interrupted:
			C.atk_cancel_cancel(token)
		case err := <-ended:
			return err
		}
	}
}

func main() {
	words := os.Args[1:]
	once := len(words) > 0 && words[0] == "-once"
	if once {
		words = words[1:]
	}
	if len(words) != 2 {
		fmt.Fprintln(os.Stderr, "usage: atk-status [-once] <home> <page.html>")
		os.Exit(2)
	}
	if err := run(words[0], words[1], once); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

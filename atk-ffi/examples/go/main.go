// Adds a plugin of a registry from Go: answers questions, shows what goes on, and takes Ctrl-C as a
// cancel, after which the home is as it was.
//
//	atk-example <home> <registry> <source>
package main

/*
#cgo pkg-config: atk
#include <stdlib.h>
#include <atk.h>

extern int32_t goEvent(void *userdata, atk_event *event);
extern int32_t goPrompt(void *userdata, atk_prompt *prompt);

// The library declares events as const; cgo cannot.
static int32_t event(void *userdata, const atk_event *event) {
	return goEvent(userdata, (atk_event *)event);
}

static atk_host host(void) {
	atk_host host = {sizeof(atk_host), NULL, event, goPrompt};
	return host;
}
*/
import "C"

import (
	"bufio"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"unsafe"
)

var input = bufio.NewReader(os.Stdin)

//export goEvent
func goEvent(_ unsafe.Pointer, event *C.atk_event) C.int32_t {
	var size C.size_t
	if chunk := C.atk_event_chunk(event, &size); chunk != nil {
		os.Stdout.Write(C.GoBytes(unsafe.Pointer(chunk), C.int(size)))
	}
	return 0
}

//export goPrompt
func goPrompt(_ unsafe.Pointer, prompt *C.atk_prompt) C.int32_t {
	fmt.Printf("%s ", C.GoString(C.atk_prompt_message(prompt)))
	line, err := input.ReadString('\n')
	if err != nil {
		return 0 // Unanswered: where an answer is needed, that is an error.
	}
	line = strings.TrimSpace(line)
	switch C.atk_prompt_kind(prompt) {
	case C.ATK_PROMPT_CONFIRM, C.ATK_PROMPT_TRUST:
		return C.int32_t(C.atk_prompt_answer_yes(prompt, line == "y", nil))
	}
	if line == "" {
		return C.int32_t(C.atk_prompt_answer_default(prompt, nil))
	}
	answer := C.CString(line)
	defer C.free(unsafe.Pointer(answer))
	return C.int32_t(C.atk_prompt_answer_text(prompt, answer, nil))
}

// Error is a failure of the library.
type Error struct {
	ID, Message string
	ExitCode    int
}

func (e *Error) Error() string { return e.Message + " (" + e.ID + ")" }

// check turns a status into an error, and frees the library's own.
func check(status C.atk_status, failure *C.atk_error) error {
	if status == C.ATK_OK {
		return nil
	}
	defer C.atk_error_free(failure)
	return &Error{
		ID:       C.GoString(C.atk_error_id(failure)),
		Message:  C.GoString(C.atk_error_message(failure)),
		ExitCode: int(C.atk_error_exit_code(failure)),
	}
}

func add(homePath, registry, source string) (string, error) {
	var failure *C.atk_error
	var options *C.atk_home_options
	if err := check(C.atk_home_options_from_env(&options, &failure), failure); err != nil {
		return "", err
	}
	defer C.atk_home_options_free(options)
	url := C.CString(registry)
	defer C.free(unsafe.Pointer(url))
	if err := check(C.atk_home_options_set_registry(options, url, &failure), failure); err != nil {
		return "", err
	}

	var home *C.atk_home
	path := C.CString(homePath)
	defer C.free(unsafe.Pointer(path))
	if err := check(C.atk_home_open(path, options, &home, &failure), failure); err != nil {
		return "", err
	}
	defer C.atk_home_free(home)

	token := C.atk_cancel_new()
	defer C.atk_cancel_free(token)
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	done := make(chan struct{})
	defer close(done)
	go func() {
		select {
		case <-interrupts:
			C.atk_cancel_cancel(token)
		case <-done:
		}
	}()

	what := C.CString(source)
	defer C.free(unsafe.Pointer(what))
	host := C.host()
	var result *C.atk_result
	if err := check(C.atk_home_add(home, what, nil, &host, token, &result, &failure), failure); err != nil {
		return "", err
	}
	defer C.atk_result_free(result)
	return C.GoString(C.atk_result_directory(result, 0)), nil
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: atk-example <home> <registry> <source>")
		os.Exit(2)
	}
	directory, err := add(os.Args[1], os.Args[2], os.Args[3])
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		if failure, ok := err.(*Error); ok {
			os.Exit(failure.ExitCode)
		}
		os.Exit(1)
	}
	fmt.Println("added", directory)
}

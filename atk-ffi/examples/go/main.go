// Adds a plugin over the C library: asks what must be asked, shows what goes on, and takes Ctrl-C
// as a cancel, after which the home is as it was.
//
//	atk-add <home> <source>
package main

/*
#cgo pkg-config: atk
#include <stdlib.h>
#include <atk.h>

// Exported below; Go knows no const.
extern int32_t onEvent(void *userdata, atk_event *event);
extern int32_t onPrompt(void *userdata, atk_prompt *prompt);

// A table in memory of C's, which Go's collector leaves alone.
static inline atk_host *new_host(uintptr_t handle) {
	struct { atk_host host; uintptr_t handle; } *both = calloc(1, sizeof *both);
	if (both == NULL) {
		abort();
	}
	both->handle = handle;
	both->host.struct_size = sizeof both->host;
	both->host.userdata = &both->handle;
	both->host.on_event = (atk_on_event)onEvent;
	both->host.on_prompt = (atk_on_prompt)onPrompt;
	return &both->host;
}
*/
import "C"

import (
	"bufio"
	"fmt"
	"os"
	"os/signal"
	"runtime/cgo"
	"strings"
	"unsafe"
)

// console is the program's end of an operation.
type console struct {
	lines       <-chan string   // What was typed, until the input ends.
	interrupted <-chan struct{} // Closed by Ctrl-C.
}

// newConsole reads standard input, so that Ctrl-C can end a question that waits for it.
func newConsole(interrupted <-chan struct{}) *console {
	lines := make(chan string)
	go func() {
		defer close(lines)
		for input := bufio.NewScanner(os.Stdin); input.Scan(); {
			lines <- input.Text()
		}
	}()
	return &console{lines, interrupted}
}

// answer waits for a line. False if the input ended, or after Ctrl-C.
func (c *console) answer() (string, bool) {
	select {
	case line, ok := <-c.lines:
		return line, ok
	case <-c.interrupted:
		return "", false
	}
}

func of(userdata unsafe.Pointer) *console {
	return cgo.Handle(*(*C.uintptr_t)(userdata)).Value().(*console)
}

//export onEvent
func onEvent(userdata unsafe.Pointer, event *C.atk_event) C.int32_t {
	var size C.size_t
	chunk := C.atk_event_chunk(event, &size)
	switch text := C.GoString(C.atk_event_text(event)); C.GoString(C.atk_event_kind(event)) {
	case "output":
		os.Stdout.Write(C.GoBytes(unsafe.Pointer(chunk), C.int(size)))
	case "progress":
		fmt.Fprintf(os.Stderr, "%s: %d bytes\n", text, uint64(C.atk_event_bytes(event)))
	case "resolved", "step", "message":
		fmt.Fprintln(os.Stderr, text)
	}
	return 0
}

//export onPrompt
func onPrompt(userdata unsafe.Pointer, prompt *C.atk_prompt) C.int32_t {
	for i := C.size_t(0); C.atk_prompt_detail(prompt, i) != nil; i++ {
		fmt.Printf("  %s\n", C.GoString(C.atk_prompt_detail(prompt, i)))
	}
	fmt.Print(C.GoString(C.atk_prompt_message(prompt)))
	if usual := C.atk_prompt_default(prompt); usual != nil {
		fmt.Printf(" [%s]", C.GoString(usual))
	}
	fmt.Print(" ")
	line, answered := of(userdata).answer()
	if !answered {
		return 0 // If an answer is needed, that is an error.
	}
	switch kind := C.atk_prompt_kind(prompt); {
	case kind == C.ATK_PROMPT_CONFIRM || kind == C.ATK_PROMPT_TRUST:
		return C.atk_prompt_answer_yes(prompt, C.bool(strings.HasPrefix(line, "y")), nil)
	case line == "":
		return C.atk_prompt_answer_default(prompt, nil)
	default:
		text := C.CString(line)
		defer C.free(unsafe.Pointer(text))
		return C.atk_prompt_answer_text(prompt, text, nil)
	}
}

// problem is an error of the library, with the status that a command line would exit with.
type problem struct {
	message, id string
	code        int
}

func (p *problem) Error() string { return fmt.Sprintf("%s (%s)", p.message, p.id) }

// failed takes an error object over.
func failed(status C.atk_status, object *C.atk_error) error {
	if status == C.ATK_OK {
		return nil
	}
	defer C.atk_error_free(object)
	return &problem{
		message: C.GoString(C.atk_error_message(object)),
		id:      C.GoString(C.atk_error_id(object)),
		code:    int(C.atk_error_exit_code(object)),
	}
}

func add(path, source string, console *console, token *C.atk_cancel) (string, error) {
	cPath, cSource := C.CString(path), C.CString(source)
	defer C.free(unsafe.Pointer(cPath))
	defer C.free(unsafe.Pointer(cSource))

	var home *C.atk_home
	var object *C.atk_error
	status := C.atk_home_open(cPath, nil, &home, &object)
	if err := failed(status, object); err != nil {
		return "", err
	}
	defer C.atk_home_free(home)

	handle := cgo.NewHandle(console)
	defer handle.Delete()
	host := C.new_host(C.uintptr_t(handle))
	defer C.free(unsafe.Pointer(host))

	var result *C.atk_result
	status = C.atk_home_add(home, cSource, nil, host, token, &result, &object)
	if err := failed(status, object); err != nil {
		return "", err
	}
	defer C.atk_result_free(result)
	return C.GoString(C.atk_result_directory(result, 0)), nil
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: atk-add <home> <source>")
		os.Exit(2)
	}
	token := C.atk_cancel_new()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	interrupted := make(chan struct{})
	go func() {
		<-signals
		C.atk_cancel_cancel(token)
		close(interrupted)
	}()
	directory, err := add(os.Args[1], os.Args[2], newConsole(interrupted), token)
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		if p, ok := err.(*problem); ok {
			os.Exit(p.code)
		}
		os.Exit(1)
	}
	fmt.Println("added", directory)
}

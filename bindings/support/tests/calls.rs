//! Operations on worker threads, as the bindings run them.

use std::cell::RefCell;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use atk_core::{
    Caller, CancelToken, Document, ErrorKind, Event, Home, Host, HostError, Options, Prompt, Reply,
};
use atk_support::{Call, Callbacks, Direct, Ended, Face, Post, Request, Wanted};
use serde_json::Map;
use tempfile::TempDir;

const EVENTS: Wanted = Wanted {
    events: true,
    prompts: false,
};

fn home() -> (TempDir, Home) {
    let scratch = tempfile::tempdir().expect("it works");
    let options = Options::new(scratch.path().join("cache"));
    let home = Home::open(scratch.path().join("home"), options).expect("it works");
    (scratch, home)
}

fn init(home: &Home) -> Call {
    Call::new(home, "init", Map::new(), Caller::default())
}

fn outcome<H: Host + 'static>(call: Call, host: H) -> (atk_core::Result<Document>, H) {
    let (sender, ended) = channel();
    let done = move |outcome, host| drop(sender.send((outcome, host)));
    call.spawn(host, done)
        .expect("it works")
        .join()
        .expect("it works");
    ended.recv().expect("it works")
}

#[test]
fn a_panic_is_an_error() {
    struct Panics;
    impl Host for Panics {
        fn event(&self, _: Event) {
            std::panic::resume_unwind(Box::new(()));
        }
    }
    let (_scratch, home) = home();
    let error = outcome(init(&home), Panics).0.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal);
}

#[test]
fn the_first_callback_that_fails_cancels_the_operation_and_is_the_last() {
    struct Fails;
    impl Callbacks for Fails {
        fn event(&self, _: Event) -> Result<(), HostError> {
            let number = thread::current().name().unwrap_or_default().to_owned();
            Err(HostError { message: number })
        }
        fn prompt(&self, _: Prompt, _: &CancelToken) -> Result<Reply, HostError> {
            Ok(Reply::Unanswered)
        }
    }
    let (_scratch, home) = home();
    let call = init(&home);
    let host = Direct::new(Fails, &call.cancel);
    let (outcome, host) = outcome(call, host);
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(host.failure().unwrap().message, "atk-operation");
}

#[test]
fn a_request_that_is_not_answered_ends_with_a_cancel() {
    let (_scratch, home) = home();
    let call = init(&home);
    let (sender, requests) = channel();
    let post = move |request: Request| sender.send(request).is_ok();
    let host = Post::new(post, EVENTS, &call.cancel);
    let cancel = call.cancel.clone();
    let canceller = thread::spawn(move || {
        let unanswered = requests.recv().unwrap();
        thread::sleep(Duration::from_millis(20));
        cancel.cancel();
        (unanswered, requests)
    });
    let error = outcome(call, host).0.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    drop(canceller.join());
}

#[test]
fn events_arrive_in_order_on_the_calling_thread() {
    struct Here(thread::ThreadId, RefCell<Vec<Event>>);
    impl Face for Here {
        type Failure = String;
        fn wait<T: Send>(&self, wait: impl FnOnce() -> T + Send) -> T {
            wait()
        }
        fn event(&self, event: Event) -> Result<(), String> {
            assert_eq!(thread::current().id(), self.0);
            self.1.borrow_mut().push(event);
            Ok(())
        }
        fn prompt(&self, _: Prompt) -> Result<Reply, String> {
            Err("nothing is asked".to_owned())
        }
        fn check(&self, _: &CancelToken) -> Result<(), String> {
            match self.1.borrow().len() {
                9 => Err("a signal".to_owned()),
                _ => Ok(()),
            }
        }
    }
    let (_scratch, home) = home();
    let face = Here(thread::current().id(), RefCell::default());
    assert!(init(&home).run_here(&face, EVENTS).is_ok());
    let events = face.1.borrow();
    assert!(matches!(
        events.first(),
        Some(Event::OperationStarted { .. })
    ));
    assert!(matches!(
        events.last(),
        Some(Event::OperationFinished { .. })
    ));
    drop(events);
    face.1.borrow_mut().resize(
        9,
        Event::OperationFinished {
            operation: String::new(),
        },
    );
    let ended = init(&home).run_here(&face, EVENTS);
    assert!(matches!(ended, Err(Ended::Callback(signal)) if signal == "a signal"));
}

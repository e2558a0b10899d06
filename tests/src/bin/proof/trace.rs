//! Runs a program and all that it starts under `ptrace`, counts the system calls that change
//! files, and interferes before one of them.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::libc;
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use crate::calls::Call;

/// No operation of a scenario takes longer; one that does hangs.
const LIMIT: Duration = Duration::from_secs(60);

/// What happens just before a counted call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interference {
    /// SIGKILL to every process.
    KillAll,
    /// SIGKILL to the first process alone.
    KillFirst,
    /// The call is not made, and returns this error.
    Fail(Errno),
    /// This call and all counted calls after it return this error.
    FailOn(Errno),
    /// This write and all after it write half of what they should.
    Short,
    /// Everything stops, the callback runs, then everything is killed.
    Stop,
}

impl Interference {
    /// True if it holds for all calls from the planned one on.
    fn goes_on(self) -> bool {
        matches!(self, Interference::FailOn(_) | Interference::Short)
    }
}

/// Before which counted call, counted from 1, what happens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) at: usize,
    pub(crate) what: Interference,
}

/// What looks on while a program runs.
pub(crate) trait Watch {
    /// A counted call is about to be made. The first one has the number 1.
    fn counts(&mut self, number: usize, shown: &str);
    /// A thread enters a call. `own` is false in what the program has started.
    fn enters(&mut self, thread: Pid, call: &Call, own: bool);
    /// It leaves that call with this result.
    fn leaves(&mut self, thread: Pid, result: i64);
}

/// How a traced program ended.
#[derive(Debug)]
pub(crate) struct Traced {
    /// The calls that were counted.
    pub(crate) calls: Vec<String>,
    /// The call that was interfered with.
    pub(crate) hit: Option<String>,
    /// The exit status of the first process; 128 and the signal that ended it.
    pub(crate) code: i32,
    pub(crate) stderr: String,
    pub(crate) hung: bool,
}

/// Runs `command`; counts calls on files below `root`.
pub(crate) fn run(
    command: &Command,
    root: &Path,
    output: &Path,
    plan: Option<Plan>,
    at_stop: &mut dyn FnMut(),
    watch: Option<&mut dyn Watch>,
) -> Traced {
    let stderr = output.join("stderr");
    // The shell waits until it is traced.
    let mut gated = Command::new("/bin/sh");
    gated
        .args(["-c", r#"read go; exec "$0" "$@" </dev/null"#])
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .stdin(Stdio::piped())
        .stdout(File::create(output.join("stdout")).expect("create a file"))
        .stderr(File::create(&stderr).expect("create a file"));
    if let Some(directory) = command.get_current_dir() {
        gated.current_dir(directory);
    }
    let mut child = gated.spawn().expect("start a shell");
    let first = Pid::from_raw(i32::try_from(child.id()).expect("a process id"));
    let options = Options::PTRACE_O_TRACESYSGOOD
        | Options::PTRACE_O_TRACECLONE
        | Options::PTRACE_O_TRACEFORK
        | Options::PTRACE_O_TRACEVFORK
        | Options::PTRACE_O_TRACEEXEC
        | Options::PTRACE_O_EXITKILL;
    ptrace::seize(first, options).expect("trace a process");
    ptrace::interrupt(first).expect("stop a process");
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(b"\n")
        .expect("open the gate");
    let mut tracer = Tracer {
        root,
        first,
        plan,
        begun: false,
        calls: Vec::new(),
        hit: None,
        code: None,
        alive: HashSet::from([first]),
        inside: HashMap::new(),
        failing: HashMap::new(),
        at_stop,
        watch,
    };
    let hung = tracer.follow();
    let _ = child.wait();
    Traced {
        calls: tracer.calls,
        hit: tracer.hit,
        code: tracer.code.unwrap_or(-1),
        stderr: String::from_utf8_lossy(&fs::read(stderr).unwrap_or_default()).into_owned(),
        hung,
    }
}

struct Tracer<'a, 'w> {
    root: &'a Path,
    first: Pid,
    plan: Option<Plan>,
    /// True once the program itself runs.
    begun: bool,
    calls: Vec<String>,
    hit: Option<String>,
    code: Option<i32>,
    alive: HashSet<Pid>,
    /// Threads that are inside a system call.
    inside: HashMap<Pid, bool>,
    /// Threads whose present call is to return an error.
    failing: HashMap<Pid, Errno>,
    at_stop: &'a mut dyn FnMut(),
    watch: Option<&'a mut (dyn Watch + 'w)>,
}

impl Tracer<'_, '_> {
    /// Follows all processes to their ends; true if they had to be killed for taking too long.
    fn follow(&mut self) -> bool {
        let begun = Instant::now();
        let flags = WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD | WaitPidFlag::WNOHANG;
        let mut hung = false;
        let mut idle = 0u32;
        loop {
            match waitpid(None, Some(flags)) {
                Ok(WaitStatus::StillAlive) => {
                    if begun.elapsed() > LIMIT && !hung {
                        hung = true;
                        self.kill_all();
                    }
                    idle += 1;
                    if idle > 200 {
                        std::thread::sleep(Duration::from_micros(50));
                    } else {
                        std::thread::yield_now();
                    }
                }
                Ok(status) => {
                    idle = 0;
                    self.handle(status);
                }
                Err(Errno::ECHILD) => return hung,
                Err(error) => panic!("waitpid: {error}"),
            }
        }
    }

    fn handle(&mut self, status: WaitStatus) {
        match status {
            WaitStatus::Exited(pid, code) => {
                self.alive.remove(&pid);
                if pid == self.first {
                    self.code = Some(code);
                }
            }
            WaitStatus::Signaled(pid, signal, _) => {
                self.alive.remove(&pid);
                if pid == self.first {
                    self.code = Some(128 + signal as i32);
                }
            }
            WaitStatus::PtraceSyscall(pid) => self.at_syscall(pid),
            WaitStatus::PtraceEvent(pid, _, event) => {
                self.alive.insert(pid);
                if event == libc::PTRACE_EVENT_EXEC {
                    self.begun = true;
                    self.inside.insert(pid, true);
                }
                // A group stop: let it be stopped as it would be without us.
                go_on(pid, None);
            }
            WaitStatus::Stopped(pid, signal) => {
                let new = self.alive.insert(pid);
                let own = new && signal == Signal::SIGSTOP;
                go_on(pid, (!own).then_some(signal));
            }
            WaitStatus::Continued(_) | WaitStatus::StillAlive => {}
        }
    }

    fn at_syscall(&mut self, pid: Pid) {
        let inside = self.inside.entry(pid).or_insert(false);
        *inside = !*inside;
        if !*inside {
            if let Some(errno) = self.failing.remove(&pid) {
                registers::set_result(pid, -i64::from(errno as i32));
            }
            if self.begun
                && let Some(watch) = &mut self.watch
                && let Some(result) = registers::result(pid)
            {
                watch.leaves(pid, result);
            }
            return go_on(pid, None);
        }
        if self.begun
            && let Some(call) = registers::call(pid)
        {
            let shown = call.changes(pid, self.root);
            if let Some(watch) = &mut self.watch {
                if let Some(shown) = &shown {
                    watch.counts(self.calls.len() + 1, shown);
                }
                let own = Path::new(&format!("/proc/{}/task/{pid}", self.first)).exists();
                watch.enters(pid, &call, own);
            }
            let Some(shown) = shown else {
                return go_on(pid, None);
            };
            self.calls.push(shown.clone());
            let count = self.calls.len();
            if let Some(plan) = self.plan
                && (plan.at == count || (plan.at < count && plan.what.goes_on()))
            {
                return self.interfere(pid, shown, call, plan.what);
            }
        }
        go_on(pid, None);
    }

    fn interfere(&mut self, pid: Pid, shown: String, call: Call, what: Interference) {
        self.hit.get_or_insert(shown);
        match what {
            Interference::KillAll => self.kill_all(),
            Interference::KillFirst => {
                let _ = kill(self.first, Signal::SIGKILL);
                if pid != self.first {
                    go_on(pid, None);
                }
            }
            Interference::Fail(errno) | Interference::FailOn(errno) => {
                registers::skip(pid);
                self.failing.insert(pid, errno);
                go_on(pid, None);
            }
            Interference::Short => {
                if let Some(length) = call.written().filter(|length| *length > 1) {
                    registers::set_third(pid, length / 2);
                }
                go_on(pid, None);
            }
            Interference::Stop => {
                (self.at_stop)();
                self.kill_all();
            }
        }
    }

    fn kill_all(&self) {
        for pid in &self.alive {
            let _ = kill(*pid, Signal::SIGKILL);
        }
    }
}

/// A thread that was killed meanwhile reports its end instead.
fn go_on(pid: Pid, signal: Option<Signal>) {
    let _ = ptrace::syscall(pid, signal);
}

#[cfg(target_arch = "x86_64")]
mod registers {
    use nix::sys::ptrace;
    use nix::unistd::Pid;

    use crate::calls::Call;

    pub(super) fn call(pid: Pid) -> Option<Call> {
        let r = ptrace::getregs(pid).ok()?;
        Some(Call {
            number: r.orig_rax as i64,
            arguments: [r.rdi, r.rsi, r.rdx, r.r10, r.r8, r.r9],
        })
    }

    pub(super) fn result(pid: Pid) -> Option<i64> {
        Some(ptrace::getregs(pid).ok()?.rax as i64)
    }

    /// Lets the kernel make no call at all.
    pub(super) fn skip(pid: Pid) {
        if let Ok(mut registers) = ptrace::getregs(pid) {
            registers.orig_rax = u64::MAX;
            let _ = ptrace::setregs(pid, registers);
        }
    }

    pub(super) fn set_third(pid: Pid, value: u64) {
        if let Ok(mut registers) = ptrace::getregs(pid) {
            registers.rdx = value;
            let _ = ptrace::setregs(pid, registers);
        }
    }

    pub(super) fn set_result(pid: Pid, value: i64) {
        if let Ok(mut registers) = ptrace::getregs(pid) {
            registers.rax = value as u64;
            let _ = ptrace::setregs(pid, registers);
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
mod registers {
    use nix::unistd::Pid;

    use crate::calls::Call;

    pub(super) fn call(_: Pid) -> Option<Call> {
        panic!("`proof` reads the registers of x86-64 alone")
    }

    pub(super) fn result(_: Pid) -> Option<i64> {
        None
    }

    pub(super) fn skip(_: Pid) {}

    pub(super) fn set_third(_: Pid, _: u64) {}

    pub(super) fn set_result(_: Pid, _: i64) {}
}

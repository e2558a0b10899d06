//! Which system calls change files, and how one is shown.

use std::fs;
use std::path::{Path, PathBuf};

use nix::libc;
use nix::unistd::Pid;

/// A system call that is about to begin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call {
    pub(crate) number: i64,
    pub(crate) arguments: [u64; 6],
}

/// What a call takes its file from.
enum Kind {
    /// It changes names or modes: always counted.
    Names,
    /// It writes to the descriptor in this argument: counted if that is a file.
    Descriptor(usize),
    /// It opens a file with the flags in this argument: counted if it may create one.
    Open(usize),
}

const CALLS: &[(i64, &str, Kind)] = &[
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_rename, "rename", Kind::Names),
    (libc::SYS_renameat, "renameat", Kind::Names),
    (libc::SYS_renameat2, "renameat2", Kind::Names),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_unlink, "unlink", Kind::Names),
    (libc::SYS_unlinkat, "unlinkat", Kind::Names),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_mkdir, "mkdir", Kind::Names),
    (libc::SYS_mkdirat, "mkdirat", Kind::Names),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_rmdir, "rmdir", Kind::Names),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_link, "link", Kind::Names),
    (libc::SYS_linkat, "linkat", Kind::Names),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_symlink, "symlink", Kind::Names),
    (libc::SYS_symlinkat, "symlinkat", Kind::Names),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_chmod, "chmod", Kind::Names),
    (libc::SYS_fchmodat, "fchmodat", Kind::Names),
    (libc::SYS_truncate, "truncate", Kind::Names),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_creat, "creat", Kind::Names),
    (libc::SYS_fchmod, "fchmod", Kind::Descriptor(0)),
    (libc::SYS_ftruncate, "ftruncate", Kind::Descriptor(0)),
    (libc::SYS_fallocate, "fallocate", Kind::Descriptor(0)),
    (libc::SYS_write, "write", Kind::Descriptor(0)),
    (libc::SYS_writev, "writev", Kind::Descriptor(0)),
    (libc::SYS_pwrite64, "pwrite64", Kind::Descriptor(0)),
    (libc::SYS_sendfile, "sendfile", Kind::Descriptor(0)),
    (
        libc::SYS_copy_file_range,
        "copy_file_range",
        Kind::Descriptor(2),
    ),
    (libc::SYS_fsync, "fsync", Kind::Descriptor(0)),
    (libc::SYS_fdatasync, "fdatasync", Kind::Descriptor(0)),
    (libc::SYS_syncfs, "syncfs", Kind::Descriptor(0)),
    (libc::SYS_utimensat, "utimensat", Kind::Names),
    (libc::SYS_flock, "flock", Kind::Descriptor(0)),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_open, "open", Kind::Open(1)),
    (libc::SYS_openat, "openat", Kind::Open(2)),
];

impl Call {
    /// How the call is shown if it changes a file below `root`; None otherwise.
    pub(crate) fn changes(&self, pid: Pid, root: &Path) -> Option<String> {
        let (_, name, kind) = CALLS.iter().find(|(number, ..)| *number == self.number)?;
        match kind {
            Kind::Names => Some(format!("{name} {}", self.path(pid, name))),
            Kind::Descriptor(at) => {
                let file = file_of(pid, self.arguments[*at])?;
                file.starts_with(root)
                    .then(|| format!("{name} {}", file.display()))
            }
            Kind::Open(at) => {
                let creates = self.arguments[*at] & libc::O_CREAT as u64 != 0;
                let path = creates.then(|| self.path(pid, name))?;
                (!path.starts_with("/dev/")).then(|| format!("{name} {path}"))
            }
        }
    }

    /// How many bytes it is to write, if it writes from one buffer.
    pub(crate) fn written(&self) -> Option<u64> {
        let writes = [libc::SYS_write, libc::SYS_pwrite64].contains(&self.number);
        writes.then_some(self.arguments[2])
    }

    /// The first path among the arguments; of a rename or a link also the second.
    fn path(&self, pid: Pid, name: &str) -> String {
        let a = &self.arguments;
        let first = if name.ends_with("at") || name.ends_with("at2") {
            1
        } else {
            0
        };
        let paths = match name {
            "rename" | "link" | "symlink" => vec![a[0], a[1]],
            "renameat" | "renameat2" | "linkat" => vec![a[1], a[3]],
            "symlinkat" => vec![a[0], a[2]],
            _ => vec![a[first]],
        };
        let texts: Vec<_> = paths.into_iter().map(|at| text(pid, at)).collect();
        texts.join(" ")
    }
}

/// The file that a descriptor of a process is open on.
pub(crate) fn file_of(pid: Pid, descriptor: u64) -> Option<PathBuf> {
    fs::read_link(format!("/proc/{pid}/fd/{}", descriptor as u32)).ok()
}

/// The text at an address of a process, up to its NUL.
pub(crate) fn text(pid: Pid, mut at: u64) -> String {
    let mut bytes = Vec::new();
    while at != 0 && bytes.len() < 4096 {
        let Ok(word) = nix::sys::ptrace::read(pid, at as nix::sys::ptrace::AddressType) else {
            break;
        };
        let word = word.to_ne_bytes();
        match word.iter().position(|byte| *byte == 0) {
            Some(end) => {
                bytes.extend(&word[..end]);
                break;
            }
            None => bytes.extend(word),
        }
        at += word.len() as u64;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

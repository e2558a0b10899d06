//! A real `sshd` on the loopback, for repositories that are fetched over ssh.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// An ssh server with keys of its own, which runs as the user of the tests until it is dropped.
#[derive(Debug)]
pub struct SshServer {
    /// Keys, the configurations of both ends, and what the server says.
    scratch: TempDir,
    root: PathBuf,
    port: u16,
    process: Child,
}

impl SshServer {
    /// The name that the client's configuration gives to the server.
    pub const ALIAS: &'static str = "gitbox";

    /// Serves the repositories below `root`. The variable by which git asks for version 2 of its
    /// protocol reaches git only if `protocol_2` is true, as with sshd's own defaults it does not.
    ///
    /// # Panics
    /// Where there is no `sshd`, or it does not start.
    #[must_use]
    pub fn start(root: &Path, protocol_2: bool) -> SshServer {
        let scratch = TempDir::with_prefix("atk-sshd-").expect("create a scratch directory");
        for name in ["host", "user"] {
            let mut keygen = Command::new("ssh-keygen");
            keygen.args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"]);
            let made = keygen.arg(scratch.path().join(name)).status();
            assert!(made.expect("run ssh-keygen").success(), "ssh-keygen");
        }
        // As root it wants this directory, which is otherwise made when the system starts.
        if Path::new("/run").is_dir() {
            let _ = fs::create_dir("/run/sshd");
        }
        for _ in 0..5 {
            let port = free_port();
            write_configurations(scratch.path(), port, protocol_2);
            let mut process = Command::new(sshd())
                .arg("-D")
                .arg("-f")
                .arg(scratch.path().join("sshd_config"))
                .arg("-E")
                .arg(scratch.path().join("log"))
                .stdin(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("run sshd");
            if answers(&mut process, port) {
                return SshServer {
                    root: root.to_owned(),
                    scratch,
                    port,
                    process,
                };
            }
        }
        panic!("sshd does not start: {}", log(scratch.path()));
    }

    /// The `ssh://` URL of a repository, given by its path below the root.
    #[must_use]
    pub fn url(&self, repository: &str) -> String {
        let path = self.root.join(repository);
        format!("ssh://127.0.0.1:{}{}", self.port, path.display())
    }

    /// The address of a repository by the server's alias, as scp has it.
    #[must_use]
    pub fn alias(&self, repository: &str) -> String {
        format!("{}:{}", Self::ALIAS, self.root.join(repository).display())
    }

    /// The command for `GIT_SSH_COMMAND`: it knows the server, its alias and the user's key.
    #[must_use]
    pub fn client(&self) -> String {
        let configuration = self.scratch.path().join("ssh_config");
        format!("ssh -F {}", configuration.display())
    }
}

impl Drop for SshServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if thread::panicking() {
            eprintln!("sshd: {}", log(self.scratch.path()));
        }
    }
}

fn write_configurations(scratch: &Path, port: u16, protocol_2: bool) {
    let path = |name: &str| scratch.join(name).display().to_string();
    let server = format!(
        "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\n\
         StrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n\
         PermitRootLogin prohibit-password\n{}",
        path("host"),
        path("user.pub"),
        if protocol_2 {
            "AcceptEnv GIT_PROTOCOL\n"
        } else {
            ""
        },
    );
    let client = format!(
        "Host {}\n  HostName 127.0.0.1\n  Port {port}\nHost *\n  IdentityFile {}\n  \
         IdentitiesOnly yes\n  UserKnownHostsFile {}\n",
        SshServer::ALIAS,
        path("user"),
        path("known_hosts"),
    );
    let key = fs::read_to_string(scratch.join("host.pub")).expect("the key of the server");
    for (name, text) in [
        ("sshd_config", server),
        ("ssh_config", client),
        ("known_hosts", format!("[127.0.0.1]:{port} {key}")),
    ] {
        fs::write(scratch.join(name), text).expect("write a configuration");
    }
}

/// `sshd`, which insists on being called by its whole path.
fn sshd() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let directories = std::env::split_paths(&path);
    let directories = directories.chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    let mut programs = directories.map(|directory| directory.join("sshd"));
    programs
        .find(|program| program.is_file())
        .expect("sshd is installed (Debian: openssh-server)")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("bind the loopback");
    listener.local_addr().expect("a bound address").port()
}

/// True once it takes connections; false if it ends, as where another program has taken the port.
fn answers(process: &mut Child, port: u16) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(20) {
        if process.try_wait().expect("wait for sshd").is_some() {
            return false;
        }
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return true;
        }
        thread::sleep(Duration::from_millis(10));
    }
    let _ = process.kill();
    let _ = process.wait();
    false
}

fn log(scratch: &Path) -> String {
    fs::read_to_string(scratch.join("log")).unwrap_or_default()
}

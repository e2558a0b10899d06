//! What must hold after an interruption and the command that followed it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use atk_tests::sandbox::Sandbox;

use crate::scenario::Scenario;

/// What is the user's in a home, and the manifest, at a moment.
pub(crate) struct Expected {
    users: BTreeMap<PathBuf, (u32, Vec<u8>)>,
    manifest: Option<String>,
    /// `atk.yaml`: what plugins follow.
    versions: Option<String>,
    status: String,
}

impl Expected {
    /// Reads it, less what the operation may change.
    pub(crate) fn of(sandbox: &Sandbox, scenario: &Scenario) -> Expected {
        let mut users = BTreeMap::new();
        let home = sandbox.home();
        visit(&home.join("plugins"), &mut |path, file| {
            let path = path.strip_prefix(&home).expect("a path below the home");
            let may_change = |prefix: &&str| path.starts_with(prefix);
            if !scenario.may_change.iter().any(may_change) {
                users.insert(path.to_owned(), file);
            }
        });
        Expected {
            users,
            manifest: fs::read_to_string(home.join("manifest.yaml")).ok(),
            versions: fs::read_to_string(home.join("atk.yaml")).ok(),
            status: status(sandbox),
        }
    }

    pub(crate) fn status(&self) -> &str {
        &self.status
    }

    /// What the user has not committed, and no operation may.
    pub(crate) fn drafts(&self) -> impl Iterator<Item = &str> {
        let of_user = |line: &&str| line.starts_with("?? ") && line.ends_with("draft");
        self.status.lines().filter(of_user)
    }

    /// True if manifest and `atk.yaml` are the same.
    fn is_same(&self, other: &Expected) -> bool {
        (&self.manifest, &self.versions) == (&other.manifest, &other.versions)
    }

    /// What does not hold after an operation that met an error and ended with this exit code: the
    /// home is as after a success, or as before, unless a journal says what is still to be undone.
    pub(crate) fn faults_after_an_end(
        &self,
        before: &Expected,
        after: &Expected,
        succeeded: bool,
        is_unfinished: bool,
    ) -> Vec<String> {
        let (wanted, name) = if succeeded {
            (after, "after")
        } else {
            (before, "before")
        };
        let mut faults = Vec::new();
        if is_unfinished && !succeeded {
            return faults;
        }
        if !self.is_same(wanted) {
            faults.push(format!(
                "ended (succeeded: {succeeded}), and the manifest is not as {name}: {:?}",
                self.manifest
            ));
        }
        faults
    }
}

/// What ran after the interruption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FollowUp {
    /// A reading command: the manifest is as before or as after.
    Read,
    /// The same operation again.
    Again,
    /// A change of something else: nothing of the interrupted operation is left.
    Change,
}

/// Everything that does not hold in the sandbox now.
pub(crate) fn faults(
    sandbox: &Sandbox,
    before: &Expected,
    after: &Expected,
    several: bool,
    follow_up: FollowUp,
) -> Vec<String> {
    let home = sandbox.home();
    if home.join("manifest.yaml").symlink_metadata().is_err() {
        return match before.manifest {
            None => Vec::new(),
            Some(_) => vec!["the manifest is gone".into()],
        };
    }
    let mut faults = Vec::new();
    for (path, (mode, bytes)) in &before.users {
        match read(&home.join(path)) {
            None => faults.push(format!("`{}` is gone", path.display())),
            Some((now, text)) if text != *bytes || now != *mode => {
                faults.push(format!("`{}` has changed", path.display()));
            }
            Some(_) => {}
        }
    }
    if follow_up == FollowUp::Read {
        let now = Expected {
            users: BTreeMap::new(),
            manifest: fs::read_to_string(home.join("manifest.yaml")).ok(),
            versions: fs::read_to_string(home.join("atk.yaml")).ok(),
            status: String::new(),
        };
        if !now.is_same(before) && !now.is_same(after) && !several {
            faults.push(format!(
                "the manifest is neither before nor after: {:?} {:?}",
                now.manifest, now.versions
            ));
        }
    }
    faults.extend(self::home(sandbox, follow_up));
    faults.extend(half(&sandbox.path("work/copy"), &FETCHED));
    faults.extend(half(&sandbox.path("work/made"), &CREATED));
    if sandbox.path("work/filled/plugin.yaml").exists() {
        faults.extend(half(&sandbox.path("work/filled"), &FILLED));
    }
    faults
}

/// Files of the plugin that is fetched.
const FETCHED: [&str; 3] = ["plugin.yaml", "changes", "goes/file"];

/// Files of the plugins that are created.
const CREATED: [&str; 5] = [
    "plugin.yaml",
    "README.md",
    "server.py",
    "start.sh",
    "stop.sh",
];
const FILLED: [&str; 4] = ["README.md", "SKILL.md", "start.sh", "stop.sh"];

/// A directory that is made is whole, or not there.
fn half(made: &Path, files: &[&str]) -> Option<String> {
    let is_there = made.symlink_metadata().is_ok();
    let has = |file: &&str| {
        made.join(file)
            .metadata()
            .is_ok_and(|found| found.len() > 0)
    };
    (is_there && !files.iter().all(has)).then(|| format!("`{}` is not complete", made.display()))
}

/// What does not hold of a home whatever was done to it.
pub(crate) fn home(sandbox: &Sandbox, follow_up: FollowUp) -> Vec<String> {
    let home = sandbox.home();
    let mut faults = leftovers(&home, follow_up);
    for args in [
        &["fsck", "--no-dangling"][..],
        &[
            "commit",
            "-q",
            "--allow-empty",
            "--no-verify",
            "-m",
            "The user's",
        ],
        &["rev-parse", "--verify", "-q", "HEAD"],
    ] {
        let mut git = sandbox.program("git");
        git.arg("-C").arg(&home).args(args);
        let done = sandbox.spawn(git).wait();
        if done.code != 0 {
            faults.push(format!(
                "git {args:?}: {} {}",
                done.code,
                done.stderr.trim()
            ));
        }
    }
    faults.extend(plugins(&home));
    faults.extend(agents(sandbox));
    faults
}

/// The files of agents have what the ledger says, and what others wrote.
fn agents(sandbox: &Sandbox) -> Vec<String> {
    let file = sandbox.path("user/.cursor/mcp.json");
    let Ok(text) = fs::read_to_string(&file) else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    if !text.starts_with("// mine\n") || !text.contains("\"other\": {\"command\": \"x\"}") {
        faults.push(format!("the file of an agent lost something: {text}"));
    }
    let plugs = sandbox.atk(&["plugs", "--json"]).succeeds().json();
    for plug in plugs.as_array().into_iter().flatten() {
        // An upgrade that was killed at its end has not changed the entries yet.
        if plug["state"] != "ok" && plug["state"] != "outdated" {
            faults.push(format!(
                "the ledger and the file of an agent differ: {plug}"
            ));
        }
    }
    if fs::read_to_string(sandbox.path("user/.claude/skills/mine/SKILL.md")).is_err() {
        faults.push("a skill of the user's is lost".to_owned());
    }
    // `plugs` has removed what a killed process left.
    visit(&sandbox.path("user"), &mut |path, _| {
        if path.to_string_lossy().contains("/.atk-") {
            faults.push(format!("`{}` is left", path.display()));
        }
    });
    faults
}

/// `git status` of the home.
pub(crate) fn status(sandbox: &Sandbox) -> String {
    let mut git = sandbox.program("git");
    git.arg("-C")
        .arg(sandbox.home())
        .args(["status", "--porcelain", "-uall"]);
    sandbox.spawn(git).wait().stdout
}

/// Each entry of the manifest has its files at its pin, and nothing else lies there.
fn plugins(home: &Path) -> Vec<String> {
    let manifest = fs::read_to_string(home.join("manifest.yaml")).unwrap_or_default();
    let mut faults = Vec::new();
    let mut directory = None;
    let mut entries = Vec::new();
    for line in manifest.lines() {
        if let Some(name) = line.strip_prefix("  directory: ") {
            directory = Some(name.to_owned());
            entries.push(name.to_owned());
        }
        if let (Some(pin), Some(name)) = (line.strip_prefix("    ref: "), &directory) {
            let stamp = fs::read_to_string(home.join("plugins").join(name).join(".atk-ref"));
            if let Ok(stamp) = stamp
                && stamp.trim() != pin.trim_matches('\'')
                && pin != "null"
            {
                faults.push(format!(
                    "`{name}` has the stamp {} and the pin {pin}",
                    stamp.trim()
                ));
            }
        }
    }
    for entry in fs::read_dir(home.join("plugins"))
        .into_iter()
        .flatten()
        .flatten()
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        let has_definition = entry.path().join("plugin.yaml").exists();
        if has_definition && !entries.contains(&name) && name != "placed" && name != "orphan" {
            faults.push(format!(
                "`plugins/{name}` is there without an entry in {manifest:?}"
            ));
        }
    }
    faults
}

/// Locks, drafts, staged files and the like. Objects that were half written are git's to remove,
/// as its own are: `git gc` does.
fn leftovers(home: &Path, follow_up: FollowUp) -> Vec<String> {
    let mut faults = Vec::new();
    let git = git_dir(home);
    let git_dirs = [git.clone(), git.join("../..")];
    for dir in git_dirs.iter().filter(|dir| dir.join("HEAD").exists()) {
        visit(dir, &mut |path, _| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            // ATK's scratch is looked at below; it may lie deeper, as a worktree's does.
            let scratch = path.components().any(|part| part.as_os_str() == "atk");
            if (name.ends_with(".lock") && !scratch) || name.starts_with("atk-") {
                faults.push(format!("`{}` is left", path.display()));
            }
        });
        let swept: &[&str] = match follow_up {
            FollowUp::Read | FollowUp::Again => &["transaction"],
            FollowUp::Change => &["transaction", "temp", "staging", "discarded"],
        };
        for part in swept {
            for entry in fs::read_dir(dir.join("atk").join(part))
                .into_iter()
                .flatten()
                .flatten()
            {
                faults.push(format!("`{}` is left", entry.path().display()));
            }
        }
    }
    for entry in fs::read_dir(home).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // Where a creation was interrupted, the next change removes it.
        if name.starts_with(".git.atk-") && follow_up != FollowUp::Change {
            continue;
        }
        if !["manifest.yaml", "atk.yaml", "plugins", ".git", ".gitignore"].contains(&name.as_str())
        {
            faults.push(format!("`{name}` is left in the home"));
        }
    }
    faults
}

/// True if a journal says what is still to be undone.
pub(crate) fn is_unfinished(sandbox: &Sandbox) -> bool {
    let transaction = git_dir(&sandbox.home()).join("atk/transaction");
    transaction.symlink_metadata().is_ok()
}

fn git_dir(home: &Path) -> PathBuf {
    match fs::read_to_string(home.join(".git")) {
        Ok(text) => PathBuf::from(text.trim_start_matches("gitdir: ").trim()),
        Err(_) => home.join(".git"),
    }
}

fn visit(dir: &Path, found: &mut dyn FnMut(PathBuf, (u32, Vec<u8>))) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_dir {
            visit(&path, found);
        } else if let Some(file) = read(&path) {
            found(path, file);
        }
    }
}

fn read(path: &Path) -> Option<(u32, Vec<u8>)> {
    let metadata = path.symlink_metadata().ok()?;
    let mode = metadata.permissions().mode();
    if metadata.is_symlink() {
        let target = fs::read_link(path).ok()?;
        return Some((mode, target.into_os_string().into_encoded_bytes()));
    }
    Some((mode, fs::read(path).ok()?))
}

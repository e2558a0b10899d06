//! Takes a plugin from a directory or a single file of the user's.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use super::check::FileOrigin;
use super::lfs::Pointers;
use super::tree::{RawFile, RawTree, too_deep};
use super::write::{make_dir, write_file};
use super::{Label, StagedFile, StagedTree, TreeFinding};
use crate::error::{Error, ErrorKind, Result};
use crate::fetching::object::{EntryKind, ObjectId};
use crate::host::Scope;
use crate::model::limits::{DEEPEST, Limits};
use crate::model::owned::DEFINITIONS;
use crate::rule::Rule;
use crate::text::escape;

/// Copies a plugin to `dest`, which must not exist: a directory with all that is in it but
/// repositories and answers, or a single definition file, which becomes `plugin.yaml`. Links stay
/// links. `path` is absolute and without links.
///
/// # Errors
/// [`ErrorKind::SourceNotFound`] if there is no definition; [`ErrorKind::ContentRefused`].
pub(crate) fn stage(
    path: &Path,
    dest: &Path,
    limits: Limits,
    scope: Scope<'_>,
) -> Result<StagedTree> {
    let staged = match path.is_dir() {
        true => copy_directory(path, dest, limits, scope),
        false => copy_file(path, dest, limits),
    };
    if staged.is_err() && dest.symlink_metadata().is_ok() {
        // All in it was written by this very call.
        let _ = fs::remove_dir_all(dest);
    }
    staged
}

/// Looks at a plugin that stays where it is. Only what git could not track is refused.
///
/// # Errors
/// [`ErrorKind::SourceNotFound`]; [`ErrorKind::ContentRefused`] for a repository in it, and for
/// directories that libgit2 cannot read.
pub(crate) fn inspect(path: &Path, scope: Scope<'_>) -> Result<StagedTree> {
    check_definition(path)?;
    let mut files = 0usize;
    let mut pointers = Pointers::default();
    for entry in WalkDir::new(path).min_depth(1) {
        scope.cancel.check()?;
        let entry = entry.map_err(|error| unreadable(path, error))?;
        check_depth(path, &entry)?;
        if entry.file_name() == ".git" {
            return Err(Error::new(
                ErrorKind::ContentRefused,
                format!(
                    "`{}` is a git repository of its own: the home's repository cannot track its \
                     files",
                    escape(&entry.path().to_string_lossy())
                ),
            )
            .with_path(entry.path())
            .with_help("move the `.git` away, or add the plugin from outside the home"));
        }
        files += usize::from(!entry.file_type().is_dir());
        if entry.file_type().is_file()
            && let Ok(head) = read_head(entry.path())
        {
            let inside = entry.path().strip_prefix(path).unwrap_or(path);
            pointers.look(&inside.to_string_lossy(), &head);
        }
    }
    Ok(StagedTree {
        before: None,
        dir: path.to_owned(),
        pin: None,
        tree: None,
        files: Vec::new(),
        file_count: files,
        warnings: pointers.warnings().collect(),
        findings: Vec::new(),
        label: Label::of_path(path),
        subdir: None,
    })
}

/// Lists the files of a directory as they would come from a repository, with all that is wrong with
/// them. Nothing is copied. `ignored` says for each path what git would not have.
///
/// # Errors
/// [`ErrorKind::Io`]; [`ErrorKind::Cancelled`].
pub(crate) fn survey(
    path: &Path,
    limits: Limits,
    ignored: &dyn Fn(&Path, bool) -> bool,
    scope: Scope<'_>,
) -> Result<(Vec<StagedFile>, Vec<TreeFinding>)> {
    let mut files = Vec::new();
    let mut findings = Vec::new();
    let mut entries = WalkDir::new(path)
        .min_depth(1)
        .sort_by_file_name()
        .into_iter();
    while let Some(entry) = entries.next() {
        scope.cancel.check()?;
        let entry = entry.map_err(|error| unreadable(path, error))?;
        let is_dir = entry.file_type().is_dir();
        let inside = entry.path().strip_prefix(path).unwrap_or(path);
        if entry.file_name() == ".git" || ignored(inside, is_dir) {
            if is_dir {
                entries.skip_current_dir();
            }
            continue;
        }
        let finding = |rule, why: &str| TreeFinding {
            rule,
            path: inside.to_string_lossy().into_owned(),
            why: why.to_owned(),
        };
        if check_depth(path, &entry).is_err() {
            let why = format!("is nested more than {DEEPEST} directories deep");
            findings.push(finding(Rule::TooDeep, &why));
            entries.skip_current_dir();
        } else if is_dir && entry.path().join(".git").exists() {
            // What git has of a repository in a repository is a submodule.
            findings.push(finding(Rule::LeftOut, "submodules are not fetched"));
            entries.skip_current_dir();
        } else if is_dir {
            continue;
        } else if entry.file_type().is_file() || entry.file_type().is_symlink() {
            files.push(raw(path, &entry)?);
        } else {
            let why = "is neither a file nor a link nor a directory";
            findings.push(finding(Rule::SpecialFile, why));
        }
        if files.len() > limits.files {
            break;
        }
    }
    let checked = RawTree { files }.inspect(&limits, FileOrigin::Repository);
    findings.extend(checked.findings);
    Ok((checked.files, findings))
}

fn copy_directory(
    path: &Path,
    dest: &Path,
    limits: Limits,
    scope: Scope<'_>,
) -> Result<StagedTree> {
    check_definition(path)?;
    let mut files = Vec::new();
    let entries = WalkDir::new(path)
        .min_depth(1)
        .sort_by_file_name()
        .into_iter();
    // A repository in it stays behind: its history is not the plugin.
    for entry in entries.filter_entry(|entry| entry.file_name() != ".git") {
        scope.cancel.check()?;
        let entry = entry.map_err(|error| unreadable(path, error))?;
        check_depth(path, &entry)?;
        if entry.file_type().is_dir() {
            continue;
        }
        if files.len() > limits.files {
            return Err(Error::new(
                ErrorKind::ContentRefused,
                format!("`{}` has more than {} files", path.display(), limits.files),
            )
            .with_path(path)
            .with_help(
                "a plugin is a few files; let its `install` command download dependencies",
            ));
        }
        files.push(raw(path, &entry)?);
    }
    let mut checked = RawTree { files }.check(&limits, FileOrigin::Users)?;
    make_dir(dest)?;
    let mut made = std::collections::HashSet::new();
    let mut pointers = Pointers::default();
    for file in &mut checked.files {
        scope.cancel.check()?;
        for parent in file.path.parents() {
            if made.insert(parent.to_owned()) {
                make_dir(&dest.join(parent))?;
            }
        }
        let to = dest.join(file.path.as_str());
        if let Some(target) = checked.targets.get(&file.path) {
            std::os::unix::fs::symlink(std::ffi::OsStr::from_bytes(target), &to)
                .map_err(|error| Error::io("cannot write", &to, error))?;
            file.id = ObjectId::of_blob(target);
            continue;
        }
        let content = read(&path.join(file.path.as_str()), limits.file_bytes)?;
        write_file(&to, file.kind, &content)?;
        pointers.look(file.path.as_str(), &content);
        file.id = ObjectId::of_blob(&content);
    }
    let warnings = checked.warnings().into_iter();
    let warnings = warnings.chain(pointers.warnings()).collect();
    Ok(StagedTree {
        before: None,
        dir: dest.to_owned(),
        pin: None,
        tree: None,
        file_count: checked.files.len(),
        files: checked.files,
        warnings,
        findings: Vec::new(),
        label: Label::of_path(path),
        subdir: None,
    })
}

fn copy_file(path: &Path, dest: &Path, limits: Limits) -> Result<StagedTree> {
    let is_yaml = path
        .extension()
        .is_some_and(|ext| ext == "yaml" || ext == "yml");
    if !is_yaml || !path.is_file() {
        return Err(Error::new(
            ErrorKind::SourceNotFound,
            format!(
                "`{}` is neither a directory nor a `.yaml` file",
                escape(&path.to_string_lossy())
            ),
        )
        .with_path(path));
    }
    let content = read(path, limits.file_bytes)?;
    make_dir(dest)?;
    write_file(&dest.join(DEFINITIONS[0]), EntryKind::File, &content)?;
    Ok(StagedTree {
        before: None,
        dir: dest.to_owned(),
        pin: None,
        tree: None,
        files: Vec::new(),
        file_count: 1,
        warnings: Vec::new(),
        findings: Vec::new(),
        label: Label::of_path(path),
        subdir: None,
    })
}

fn check_definition(path: &Path) -> Result<()> {
    if DEFINITIONS.iter().any(|name| path.join(name).is_file()) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::SourceNotFound,
        format!(
            "`{}` has no `plugin.yaml`: it is not a plugin",
            escape(&path.to_string_lossy())
        ),
    )
    .with_path(path))
}

fn raw(root: &Path, entry: &DirEntry) -> Result<RawFile> {
    let path = entry.path();
    let inside = path.strip_prefix(root).unwrap_or(path);
    let names = inside.iter().map(|name| name.as_bytes().to_vec()).collect();
    let meta = entry.metadata().map_err(|error| unreadable(root, error))?;
    let (kind, target) = if meta.is_symlink() {
        let target = fs::read_link(path).map_err(|error| Error::io("cannot read", path, error))?;
        (
            EntryKind::Link,
            Some(target.as_os_str().as_bytes().to_vec()),
        )
    } else if meta.is_file() {
        let executable = meta.permissions().mode() & 0o100 != 0;
        (
            if executable {
                EntryKind::Executable
            } else {
                EntryKind::File
            },
            None,
        )
    } else {
        return Err(Error::new(
            ErrorKind::ContentRefused,
            format!(
                "`{}` is neither a file nor a link nor a directory",
                escape(&path.to_string_lossy())
            ),
        )
        .with_path(path));
    };
    Ok(RawFile {
        names,
        kind,
        id: ObjectId::of_blob(b""),
        size: Some(meta.len()),
        target,
    })
}

/// Reads as much of a file as tells what it is.
fn read_head(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read;
    let mut head = Vec::new();
    fs::File::open(path)?.take(1024).read_to_end(&mut head)?;
    Ok(head)
}

/// Reads a file, which may have grown since it was looked at.
fn read(path: &Path, limit: u64) -> Result<Vec<u8>> {
    use std::io::Read;
    let mut content = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut content))
        .map_err(|error| Error::io("cannot read", path, error))?;
    if content.len() as u64 > limit {
        return Err(Error::new(
            ErrorKind::ContentRefused,
            format!(
                "`{}` is larger than {limit} bytes",
                escape(&path.to_string_lossy())
            ),
        )
        .with_path(path));
    }
    Ok(content)
}

/// Refuses a directory that lies too deep below the plugin's.
fn check_depth(root: &Path, entry: &DirEntry) -> Result<()> {
    if !entry.file_type().is_dir() || entry.depth() <= DEEPEST {
        return Ok(());
    }
    let inside = entry.path().strip_prefix(root).unwrap_or(root);
    let first = inside.iter().next().unwrap_or_default();
    let first = escape(&root.join(first).to_string_lossy());
    Err(too_deep("the directory", &first).with_path(entry.path()))
}

fn unreadable(root: &Path, error: walkdir::Error) -> Error {
    let path = error.path().unwrap_or(root).to_owned();
    Error::io("cannot read", &path, error.into())
}

//! Generated files, and the committed ones.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// A file to be generated.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// Its path below the top directory.
    pub(crate) path: String,
    pub(crate) content: String,
}

impl File {
    pub(crate) fn new(path: impl Into<String>, content: impl Into<String>) -> File {
        File {
            path: path.into(),
            content: content.into(),
        }
    }

    /// A file of Rust, in the format that `cargo fmt` wants.
    ///
    /// # Errors
    /// rustfmt is missing, or does not read the content as Rust.
    pub(crate) fn rust(path: &str, content: &str) -> Result<File, String> {
        let failed = |error: std::io::Error| format!("cannot format `{path}`: {error}");
        let mut rustfmt = Command::new("rustfmt")
            .args(["--edition", "2024", "--config-path"])
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../rustfmt.toml"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let mut stdin = rustfmt.stdin.take().expect("it is piped");
        let written = stdin.write_all(content.as_bytes());
        drop(stdin);
        let output = rustfmt.wait_with_output().map_err(failed)?;
        written.map_err(failed)?;
        if !output.status.success() {
            return Err(format!("cannot format `{path}`: rustfmt failed"));
        }
        let formatted = String::from_utf8(output.stdout).map_err(|error| error.to_string())?;
        Ok(File::new(path, formatted))
    }

    /// A JSON document. It has no first line that says where it comes from: JSON has no comments.
    pub(crate) fn json(path: &str, document: &Value) -> Result<File, String> {
        let text = serde_json::to_string_pretty(document).map_err(|error| error.to_string())?;
        Ok(File::new(path, text + "\n"))
    }
}

/// Writes the files that differ.
///
/// # Errors
/// The file system refuses.
pub(crate) fn write(root: &Path, files: &[File]) -> Result<(), String> {
    for file in files.iter().filter(|file| !is_committed(root, file)) {
        let path = root.join(&file.path);
        let parent = path.parent().unwrap_or(root);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, &file.content))
            .map_err(|error| format!("cannot write `{}`: {error}", file.path))?;
        println!("wrote {}", file.path);
    }
    Ok(())
}

/// Compares the files with the committed ones.
///
/// # Errors
/// Names the files that differ.
pub(crate) fn check(root: &Path, files: &[File]) -> Result<(), String> {
    let differ = files.iter().filter(|file| !is_committed(root, file));
    let differ: Vec<_> = differ.map(|file| file.path.as_str()).collect();
    if differ.is_empty() {
        return Ok(());
    }
    Err(format!(
        "these files are not what `cargo dev generate` writes; run it and look at the difference:\n  {}",
        differ.join("\n  ")
    ))
}

fn is_committed(root: &Path, file: &File) -> bool {
    fs::read_to_string(root.join(&file.path)).is_ok_and(|found| found == file.content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_differs_is_named_and_written() {
        let scratch = tempfile();
        let files = [File::new("a/b.txt", "new\n")];
        assert!(check(&scratch, &files).unwrap_err().contains("a/b.txt"));
        write(&scratch, &files).unwrap();
        assert_eq!(check(&scratch, &files), Ok(()));
        fs::write(scratch.join("a/b.txt"), "edited by hand\n").unwrap();
        assert!(check(&scratch, &files).is_err());
        fs::remove_dir_all(scratch).unwrap();
    }

    fn tempfile() -> std::path::PathBuf {
        let name = format!("atk-dev-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        path
    }
}

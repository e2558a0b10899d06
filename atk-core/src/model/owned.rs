//! Which files in a plugin directory belong to whom: what is the user's, what may hold secrets,
//! and which file is the definition.

use std::path::Path;

use super::folded::fold;

/// The directory in a plugin directory that belongs to the user.
pub(crate) const CUSTOM: &str = "custom";

/// The file in a plugin directory with the user's answers.
pub(crate) const ANSWERS: &str = ".env";

/// The file in a plugin directory that says which commit its files are from.
pub(crate) const STAMP: &str = ".atk-ref";

/// What ATK itself writes into a plugin directory, beside the plugin's files.
pub(crate) const NOTED: [&str; 2] = [ANSWERS, STAMP];

/// The names that a plugin's definition may have. The first one wins.
pub(crate) const DEFINITIONS: [&str; 2] = ["plugin.yaml", "plugin.yml"];

/// The one `.env.*` file that is documentation and may be shared.
const EXAMPLE: &str = ".env.example";

/// What editors, merge tools and people append to the name of a copy, lower case.
const COPY_SUFFIXES: &[&str] = &[
    "~",
    "#",
    ".bak",
    ".backup",
    ".bkp",
    ".copy",
    ".disabled",
    ".dpkg-dist",
    ".dpkg-new",
    ".dpkg-old",
    ".kate-swp",
    ".new",
    ".old",
    ".orig",
    ".prev",
    ".rej",
    ".rpmnew",
    ".rpmsave",
    ".save",
    ".saved",
    ".temp",
    ".tmp",
    // Vim's undo file is `.NAME.un~`.
    ".un",
    "___jb_old___",
    "___jb_tmp___",
    " - copy",
    " (copy)",
    " copy",
    "-copy",
    "_copy",
    "-backup",
    "_backup",
    "-bak",
    "_bak",
    "-old",
    "_old",
    "-orig",
    "_orig",
];

/// Returns true for a name that belongs to the user, directly in a plugin directory.
pub(crate) fn is_users(name: &std::ffi::OsStr) -> bool {
    name == CUSTOM || name == ANSWERS
}

/// Returns true for the `custom` of a plugin, by its path in the home.
pub(crate) fn is_custom(path: &Path) -> bool {
    let parts: Vec<_> = path.iter().collect();
    matches!(parts.as_slice(), [plugins, _, custom] if *plugins == "plugins" && *custom == CUSTOM)
}

/// Returns true for a file directly in a plugin directory that ATK itself writes there: answers and
/// the stamp.
pub(crate) fn is_noted(path: &Path) -> bool {
    NOTED.iter().any(|noted| path.as_os_str() == *noted)
}

/// Returns true for `.env` and `.env.*`, which hold a user's answers, given the folded name.
pub(crate) fn is_answers(name: &str) -> bool {
    name == ANSWERS || (name.starts_with(".env.") && name != EXAMPLE)
}

/// Returns true for a path that may hold secrets and therefore must never be committed: a part of
/// it is named `*.env` or `.env.*`, in any case, or is an editor's copy of such a file. Only
/// `.env.example` may be shared.
pub(crate) fn is_secret(path: &[u8]) -> bool {
    path.split(|byte| *byte == b'/').any(is_secret_name)
}

fn is_secret_name(name: &[u8]) -> bool {
    // Most names have no `env` in them; this runs for each file of a commit.
    let mut threes = name.windows(3);
    if name.is_ascii() && !threes.any(|three| three.eq_ignore_ascii_case(b"env")) {
        return false;
    }
    let name = fold(&String::from_utf8_lossy(name));
    name != EXAMPLE
        && (is_pattern(&name) || {
            let original = without_copy_marks(&name);
            original != EXAMPLE && is_pattern(original)
        })
}

/// The patterns of a home's `.gitignore`: `*.env` and `.env.*`.
fn is_pattern(name: &str) -> bool {
    name.ends_with(".env") || name.starts_with(".env.")
}

/// The name of the file that this one is a copy of: `prod.env` for `.#prod.env` and
/// `prod.env.bak~`.
fn without_copy_marks(name: &str) -> &str {
    // Emacs: `#NAME#` while it is edited, `.#NAME` as its lock.
    let mut name = name.strip_prefix(".#").unwrap_or(name);
    name = name.strip_prefix('#').unwrap_or(name);
    while let Some(shorter) = without_suffix(name) {
        name = shorter;
    }
    name
}

fn without_suffix(name: &str) -> Option<&str> {
    COPY_SUFFIXES
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix))
        .or_else(|| without_number(name))
        .or_else(|| without_swap(name))
        .filter(|shorter| !shorter.is_empty())
}

/// `NAME.1`, `NAME.20261127`, `NAME.~1` and `NAME (1)`.
fn without_number(name: &str) -> Option<&str> {
    let ends_in_digit = name.ends_with(|last: char| last.is_ascii_digit());
    if let Some(inner) = name.strip_suffix(')') {
        let rest = inner.trim_end_matches(|last: char| last.is_ascii_digit());
        return rest.strip_suffix(" (").filter(|_| rest.len() < inner.len());
    }
    let rest = name.trim_end_matches(|last: char| last.is_ascii_digit() || last == '-');
    rest.strip_suffix(".~")
        .or_else(|| rest.strip_suffix('.'))
        .filter(|_| ends_in_digit)
}

/// Vim's swap files: `.NAME.swp`, then `.swo` and so on down to `.saa`.
fn without_swap(name: &str) -> Option<&str> {
    let (rest, extension) = name.rsplit_once('.')?;
    let swap = extension.len() == 3
        && extension.starts_with('s')
        && extension.bytes().all(|byte| byte.is_ascii_lowercase())
        && (extension.starts_with("sw") || extension.starts_with("sv"));
    // `svg` and the like are other things.
    (swap && extension != "svg").then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_files_are_found_in_any_case_and_in_any_directory() {
        for secret in [
            ".env",
            ".ENV",
            ".Env.local",
            "prod.ENV",
            "custom/prod.env",
            "a/.env.local",
            ".env/bin/python",
            ".Env.d/token",
            "x/.env.example.bak",
            ".env.sample",
            "Stage.EnV",
        ] {
            assert!(is_secret(secret.as_bytes()), "{secret}");
        }
        for plain in [
            ".env.example",
            ".ENV.EXAMPLE",
            "a/env",
            "a/.envrc",
            "environment.yml",
            "prod.env.md",
            "vite-env.d.ts",
            "env.d/readme",
            "environment.bak",
            "plugin.yaml",
            "prod.env.svg",
        ] {
            assert!(!is_secret(plain.as_bytes()), "{plain}");
        }
    }

    #[test]
    fn copies_that_editors_and_people_make_are_secret_too() {
        for secret in [
            ".env~",
            ".env.~1~",
            "prod.env.~12~",
            "secrets.env.bak",
            "secrets.ENV.BAK",
            "prod.env.bak~",
            ".#prod.env",
            ".#.env",
            "#.env#",
            "#prod.env#",
            ".env.swp",
            ".prod.env.swp",
            ".prod.env.swo",
            ".prod.env.swp~",
            ".prod.env.un~",
            ".prod.env.kate-swp",
            "prod.env.save",
            "prod.env.save.1",
            "prod.env.orig",
            "prod.env.old",
            "prod.env.20261127",
            "prod.env.2026-11-27",
            "prod.env copy",
            "prod.env (1)",
            ".env (copy)",
            ".env - Copy",
            ".env-backup",
            ".env_old",
            ".env___jb_tmp___",
            ".syncthing.prod.env.tmp",
            "custom/.Prod.Env.SWP",
        ] {
            assert!(is_secret(secret.as_bytes()), "{secret}");
        }
        for plain in [
            "notes.bak",
            "env~",
            "#env#",
            "environment.swp",
            "my.environment~",
            "envoy.yaml.bak",
            "~",
            "env (1)",
            "env.1",
        ] {
            assert!(!is_secret(plain.as_bytes()), "{plain}");
        }
    }
}

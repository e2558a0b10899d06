//! Short ways to name a repository that other tools know and git does not: `org/repo`,
//! `gh:org/repo`, `localhost:3000/x`.

use super::git_url::pasted;
use super::website::website;
use crate::text::escape;

/// Returns the help for a name that no registry has, if it looks like something else.
pub(crate) fn help(name: &str) -> Option<String> {
    if let Some(help) = pasted::help(name) {
        return Some(help);
    }
    if name.contains(char::is_whitespace) {
        return command(name);
    }
    let help = match name.split_once(':') {
        Some((short, path)) if !path.is_empty() => prefixed(name, short, path)?,
        _ => plain(name)?,
    };
    Some(escape(&help))
}

/// The help for a pasted command: `gh repo clone org/repo`.
fn command(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let clone = words.iter().position(|word| *word == "clone")?;
    let mut behind = words.get(clone + 1..)?.iter();
    help(behind.find(|word| !word.starts_with('-'))?)
}

fn prefixed(name: &str, short: &str, path: &str) -> Option<String> {
    if let Some(host) = website(short) {
        let path = path.trim_start_matches('/');
        return Some(format!(
            "use `{host}/{path}`; if `{short}` is a host of your ssh configuration, `ssh://{short}/{path}`"
        ));
    }
    if short.len() == 1 && path.starts_with(['\\', '/']) {
        return Some("paths of Windows are not supported; use a relative path with `/`".to_owned());
    }
    if short.len() == 1 && short.is_ascii() {
        return Some(format!(
            "if `{short}` is a host of your ssh configuration, use `ssh://{short}/{path}`"
        ));
    }
    let port = path.split('/').next().unwrap_or(path);
    let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    is_port.then(|| format!("use `http://{name}`, `https://{name}` or `ssh://git@{name}`"))
}

fn plain(name: &str) -> Option<String> {
    if let Some((base, revision)) = name.split_once('#')
        && !base.is_empty()
    {
        return Some(format!(
            "a branch, tag or commit comes after `@`: `{base}@{revision}`"
        ));
    }
    if name.starts_with('~') {
        return Some(format!(
            "only `~/` is expanded; use the full path of `{name}`"
        ));
    }
    if let Some((host @ "localhost", path)) = name.split_once('/') {
        return Some(format!(
            "use `http://{host}/{path}` or `https://{host}/{path}`"
        ));
    }
    if let Some(directory) = name.strip_suffix('/') {
        return Some(format!("there is no directory `./{directory}`"));
    }
    match name.split('/').collect::<Vec<_>>().as_slice() {
        [owner, repository] if !owner.is_empty() && !repository.is_empty() => Some(format!(
            "use `github.com/{}` for a repository on GitHub, or `./{name}` for a directory",
            // A scope of npm.
            name.trim_start_matches('@')
        )),
        [_] => None,
        _ => Some(format!(
            "use a full URL, like `https://gitlab.com/{}`, or `./{name}` for a directory",
            name.trim_start_matches('/')
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_like_repositories_say_what_to_type() {
        for (name, part) in [
            ("org/repo", "`github.com/org/repo`"),
            ("gh:org/repo", "`github.com/org/repo`"),
            ("GitLab:a/b/c", "`gitlab.com/a/b/c`"),
            ("localhost:3000/x", "`http://localhost:3000/x`"),
            ("localhost/x", "`http://localhost/x`"),
            ("a/b/c", "`https://gitlab.com/a/b/c`"),
            ("tool#main", "`tool@main`"),
            ("gh:org/repo@v1", "`github.com/org/repo@v1`"),
            ("org/repo@v1", "`github.com/org/repo@v1`"),
            ("tool/", "`./tool`"),
            (r"C:\tool", "Windows"),
            ("x:tool", "`ssh://x/tool`"),
            ("~other/tool", "`~/`"),
            ("@org/repo", "`github.com/org/repo`"),
            ("gh repo clone org/repo", "`github.com/org/repo`"),
            ("git clone --quiet org/repo dir", "`github.com/org/repo`"),
            (
                "https//github.com/org/repo",
                "`https://github.com/org/repo`",
            ),
        ] {
            let help = help(name).expect(name);
            assert!(help.contains(part), "{name}: {help}");
        }
        for name in ["tool", "tool@v1.2", "My Tool", "C/C++ tools", "@", "tool:"] {
            assert_eq!(help(name), None, "{name}");
        }
    }
}

//! What people paste around an address: a command, quotes, a link in Markdown, half a scheme.

use super::address::Address;
use super::look::looks_like_url;
use super::reader::Credentials;
use super::scheme::SCHEMES;
use super::url::GitUrl;
use crate::text::{escape, is_unsafe};

/// Returns the help that names the address in a text, if there is one and no other.
pub(crate) fn help(text: &str) -> Option<String> {
    inside(text).map(|url| format!("use `{}`", escape(&url)))
}

fn inside(text: &str) -> Option<String> {
    let is_between = |c: char| c.is_whitespace() || is_unsafe(c) || "<>\"'`()".contains(c);
    let mut words = text.split(is_between).filter(|word| !word.is_empty());
    let first = words.next()?;
    let others: Vec<&str> = words.collect();
    // What follows an address may be a part of it: of a path with blanks.
    let first = address(first).map(|found| others.is_empty().then_some(found));
    let mut found = others
        .into_iter()
        .filter_map(address)
        .map(Some)
        .chain(first);
    match (found.next(), found.next()) {
        (Some(url), None) => url.filter(|url| url != text),
        _ => None,
    }
}

/// The address that a word is, or is meant to be.
fn address(word: &str) -> Option<String> {
    let word = word.trim_end_matches([',', ';', '.', '!', ':']);
    let whole = complete(word).unwrap_or_else(|| word.to_owned());
    if !looks_like_url(&whole) {
        return None;
    }
    let read = Address::read(&whole, Credentials::Refuse).ok()?;
    let url = GitUrl::of_address(&whole, read).ok()?;
    Some(url.as_typed().to_owned())
}

/// The word with a whole scheme, if it has half of one, or two.
fn complete(word: &str) -> Option<String> {
    let lower = word.to_ascii_lowercase();
    SCHEMES.into_iter().find_map(|scheme| {
        let rest = lower.strip_prefix(scheme)?;
        let rest = word.get(word.len() - rest.len()..)?;
        let behind = rest
            .strip_prefix(':')
            .or_else(|| rest.starts_with("//").then_some(rest))?;
        let behind = behind.trim_start_matches('/');
        // `https://https://…`: the second one counts.
        let again = behind
            .split_once("://")
            .map(|(scheme, _)| scheme.to_ascii_lowercase());
        if again.is_some_and(|again| SCHEMES.contains(&again.as_str())) {
            return Some(behind.to_owned());
        }
        let slash = if scheme == "file" { "/" } else { "" };
        Some(format!("{scheme}://{slash}{behind}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_in_a_pasted_text_is_found() {
        let (web, ssh) = ("https://github.com/org/repo", "git@example.org:tool.git");
        for (pasted, expected) in [
            ("git clone https://github.com/org/repo", web),
            ("$ git clone --depth 1 https://github.com/org/repo dir", web),
            ("git clone git@example.org:tool.git", ssh),
            ("<https://github.com/org/repo>", web),
            ("[the repo](https://github.com/org/repo)", web),
            ("\"git@example.org:tool.git\"", ssh),
            ("'https://github.com/org/repo'", web),
            (" https://github.com/org/repo\t", web),
            ("https://github.com/org/repo\r\n", web),
            ("https://github.com/org/repo\u{200b}", web),
            ("https://github.com/org/repo\u{a0}", web),
            ("see https://github.com/org/repo.", web),
            ("https:/github.com/org/repo", web),
            ("https:github.com/org/repo", web),
            ("HTTPS//github.com/org/repo", web),
            ("https://https://github.com/org/repo", web),
            ("http://ssh://h.org/x", "ssh://h.org/x"),
            ("file:/srv/tool", "file:///srv/tool"),
            ("git clone github.com/org/repo", "github.com/org/repo"),
        ] {
            assert_eq!(inside(pasted).as_deref(), Some(expected), "{pasted}");
        }
        for pasted in [
            "https://github.com/org/repo",
            "https://h.org/a or https://h.org/b",
            "git@example.org:a b",
            "my tool",
            "git clone https://me:secret@h.org/x",
            "git clone",
            "httpsserver/x",
            "",
        ] {
            assert_eq!(inside(pasted), None, "{pasted}");
        }
    }
}

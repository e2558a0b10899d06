//! Text that looks like a secret: private keys, and tokens in the forms that services document.
//!
//! The rule about names of files is [`is_secret`](super::owned::is_secret).

/// The form of a token: what it begins with, and how many characters follow at least.
struct Token {
    prefix: &'static str,
    follow: usize,
    /// True for the characters that may follow.
    allowed: fn(char) -> bool,
    what: &'static str,
}

fn word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

fn upper(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit()
}

/// The forms that services document for their tokens, so that they can be found.
const TOKENS: &[Token] = &[
    Token {
        prefix: "ghp_",
        follow: 36,
        allowed: word,
        what: "a token of GitHub",
    },
    Token {
        prefix: "gho_",
        follow: 36,
        allowed: word,
        what: "a token of GitHub",
    },
    Token {
        prefix: "ghs_",
        follow: 36,
        allowed: word,
        what: "a token of GitHub",
    },
    Token {
        prefix: "github_pat_",
        follow: 60,
        allowed: word,
        what: "a token of GitHub",
    },
    Token {
        prefix: "glpat-",
        follow: 20,
        allowed: word,
        what: "a token of GitLab",
    },
    Token {
        prefix: "sk-ant-",
        follow: 40,
        allowed: word,
        what: "a key of Anthropic",
    },
    Token {
        prefix: "sk-proj-",
        follow: 40,
        allowed: word,
        what: "a key of OpenAI",
    },
    Token {
        prefix: "AKIA",
        follow: 16,
        allowed: upper,
        what: "a key of AWS",
    },
    Token {
        prefix: "AIza",
        follow: 35,
        allowed: word,
        what: "a key of Google",
    },
    Token {
        prefix: "xoxb-",
        follow: 20,
        allowed: word,
        what: "a token of Slack",
    },
    Token {
        prefix: "xoxp-",
        follow: 20,
        allowed: word,
        what: "a token of Slack",
    },
    Token {
        prefix: "npm_",
        follow: 36,
        allowed: word,
        what: "a token of npm",
    },
    Token {
        prefix: "pypi-AgEI",
        follow: 40,
        allowed: word,
        what: "a token of PyPI",
    },
    Token {
        prefix: "hf_",
        follow: 34,
        allowed: word,
        what: "a token of Hugging Face",
    },
    Token {
        prefix: "ntn_",
        follow: 40,
        allowed: word,
        what: "a token of Notion",
    },
    Token {
        prefix: "sk_live_",
        follow: 24,
        allowed: word,
        what: "a key of Stripe",
    },
];

/// How much of a file is looked at. What people write is smaller.
const LOOKED_AT: usize = 1 << 20;

/// How a private key begins and what precedes its kind.
const KEY_BEGIN: &str = "-----BEGIN ";
const KEY_END: &str = "PRIVATE KEY-----";

/// A secret in a text. The value itself is never kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FoundSecret {
    /// From 1.
    pub(crate) line: u32,
    /// In characters, from 1.
    pub(crate) column: u32,
    /// What it looks like: `a private key`.
    pub(crate) what: &'static str,
}

/// Looks for secrets in a file. What is not text has none.
pub(crate) fn find(content: &[u8]) -> Vec<FoundSecret> {
    let content = content.get(..LOOKED_AT).unwrap_or(content);
    let text = match std::str::from_utf8(content) {
        Ok(text) => text,
        // The last character is cut off.
        Err(error) if error.error_len().is_none() => {
            let valid = content.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(valid).unwrap_or_default()
        }
        Err(_) => return Vec::new(),
    };
    let lines = (1u32..).zip(text.lines());
    let found = lines.flat_map(|(number, line)| {
        in_line(line).into_iter().map(move |(at, what)| {
            let before = line.get(..at).unwrap_or_default().chars().count();
            FoundSecret {
                line: number,
                column: u32::try_from(before + 1).unwrap_or(u32::MAX),
                what,
            }
        })
    });
    found.collect()
}

/// The byte of each secret in a line, and what it is.
fn in_line(line: &str) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for token in TOKENS {
        for (at, _) in line.match_indices(token.prefix) {
            let is_inside = line
                .get(..at)
                .and_then(|before| before.chars().next_back())
                .is_some_and(word);
            let rest = line.get(at + token.prefix.len()..).unwrap_or_default();
            let value: Vec<char> = rest.chars().take_while(|c| (token.allowed)(*c)).collect();
            if !is_inside && value.len() >= token.follow && !is_placeholder(&value) {
                found.push((at, token.what));
            }
        }
    }
    if let Some(at) = line.find(KEY_BEGIN)
        && line.get(at..).is_some_and(|rest| rest.contains(KEY_END))
    {
        found.push((at, "a private key"));
    }
    found
}

/// True for `xxxx…`, `0000…` and what else stands for a value in documents: few characters, again and
/// again.
fn is_placeholder(value: &[char]) -> bool {
    let mut different: Vec<_> = value.iter().map(char::to_ascii_lowercase).collect();
    different.sort_unstable();
    different.dedup();
    different.len() < 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_in_a_file_that_is_cut_within_a_character() {
        let mut content = b"x\n -----BEGIN PRIVATE KEY-----\n".to_vec();
        content.resize(LOOKED_AT - 1, b' ');
        content.extend("é".as_bytes());
        let found = FoundSecret {
            line: 2,
            column: 2,
            what: "a private key",
        };
        assert_eq!(find(&content), [found]);
        content.push(0xff);
        assert_eq!(find(&content), [found]);
        assert_eq!(find(b"-----BEGIN PRIVATE KEY-----\xff"), []);
    }
}

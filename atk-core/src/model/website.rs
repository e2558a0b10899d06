//! Websites of repositories, by the short names that people give them.

/// The websites that such names stand for.
const WEBSITES: [(&str, &str); 9] = [
    ("bb", "bitbucket.org"),
    ("bitbucket", "bitbucket.org"),
    ("cb", "codeberg.org"),
    ("codeberg", "codeberg.org"),
    ("gh", "github.com"),
    ("git", "github.com"),
    ("github", "github.com"),
    ("gitlab", "gitlab.com"),
    ("gl", "gitlab.com"),
];

/// Returns the website that a name before a colon stands for.
pub(crate) fn website(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let found = WEBSITES.iter().find(|(short, _)| *short == name);
    found.map(|(_, host)| *host)
}

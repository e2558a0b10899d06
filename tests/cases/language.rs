//! The words that a user reads: string literals, help texts and the description of the API.

use std::fs;
use std::path::{Path, PathBuf};

/// Words and phrases that plain texts do not need, with what to write instead.
const REFUSED: &[(&str, &str)] = &[
    ("where", "`if`, `when` or `unless` for a condition"),
    ("nobody", "who does not do what"),
    ("somebody", "who does what"),
    ("anybody", "who does what"),
    ("is no", "`is not` or `has no`"),
    ("are no", "`are not` or `have no`"),
    ("is none", "`is not`"),
    ("are none", "`are not`"),
    ("put right", "`fix` or `restore`"),
    ("put back", "`restore`"),
    ("puts back", "`restores`"),
    ("take back", "`roll back`"),
    ("taken back", "`rolled back`"),
    ("is said", "`is shown` or `is reported`"),
    ("was said", "`was given` or `was shown`"),
    ("told", "`shown` or `given`"),
    ("any more", "`no longer`"),
    ("no more", "`no longer`"),
    ("was asked for", "`was requested`"),
    ("is there already", "`already exists`"),
    ("is there twice", "`is declared twice` or `duplicate`"),
    ("is not there", "`does not exist` or `was not found`"),
    ("left as it is", "`not changed`"),
    ("to nowhere", "`broken`"),
    ("or the like", "`or similar`"),
    ("and the like", "`and similar`"),
    ("say `", "`pass`, for an option"),
    ("give `", "`pass`, for an option"),
];

/// Texts that a phrase is right in, each with its reason.
const ALLOWED: &[(&str, &str)] = &[
    (
        "there is no",
        "a standard message: `there is no git repository at`",
    ),
    ("there are no", "the plural of it"),
    ("are no longer", "the standard adverb"),
    ("is no longer", "the standard adverb"),
    ("this is where", "a place in the code"),
    ("clone the home to where it is used", "a place"),
    ("where a plugin comes from", "a place"),
    ("where it comes from", "a place"),
    ("where it came from", "a place"),
    ("where the files are", "a place"),
    ("where the commit was pushed", "a place"),
    ("where a home that pushes by itself sent", "a place"),
];

#[test]
fn texts_for_users_are_in_plain_words() {
    let mut wrong = Vec::new();
    for (place, text) in texts() {
        for (phrase, instead) in refused(&text) {
            wrong.push(format!("{place}: `{phrase}` in {text:?}: write {instead}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "texts that are hard to read:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn hard_words_are_found_in_strings_alone() {
    let source = "// nobody\nlet a = \"x \\\"where\\\" y\"; let b = r#\"is no \"z\"\"#; let c = '\"'; \
                  let d = \"one \\\n   two\";\n#[cfg(test)]\nmod tests { \"nobody\" }";
    assert_eq!(
        literals(source),
        ["x \"where\" y", "is no \"z\"", "one two"]
    );
    let phrases = |text| refused(text).map(|(phrase, _)| phrase).collect::<Vec<_>>();
    assert_eq!(phrases("`x` is no program"), ["is no"]);
    assert_eq!(phrases("there is no git, and `x` is no program"), ["is no"]);
    assert_eq!(phrases("There is no repository at the URL."), [""; 0]);
    assert_eq!(phrases("fails where it is somewhere else"), ["where"]);
    assert_eq!(phrases("say `--yes`"), ["say `"]);
}

/// The refused phrases of a text, as whole words and outside what is allowed.
fn refused(text: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut plain = text.to_lowercase();
    for (allowed, _) in ALLOWED {
        plain = plain.replace(allowed, "…");
    }
    let found = move |phrase: &str| {
        plain.match_indices(phrase).any(|(at, _)| {
            let before = plain[..at].chars().next_back();
            let after = plain[at + phrase.len()..].chars().next();
            let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            !is_word(before) && (phrase.ends_with('`') || !is_word(after))
        })
    };
    REFUSED
        .iter()
        .copied()
        .filter(move |(phrase, _)| found(phrase))
}

/// All texts that a user may read, with their places.
fn texts() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    for tree in [
        "atk-core/src",
        "atk-ffi/src",
        "bindings/node/src",
        "bindings/python/src",
        "bindings/support/src",
        "bindings/uniffi/src",
        "cli/src",
    ] {
        let mut files = Vec::new();
        collect(&root.join(tree), &mut files);
        assert!(!files.is_empty(), "{tree} has no sources");
        for file in files {
            let source = fs::read_to_string(&file).expect("a readable file");
            let name = file.strip_prefix(&root).expect("a file of the project");
            let name = name.display().to_string();
            // The help of the command line is in doc comments.
            if name.starts_with("cli/src/args") || name.starts_with("cli/src/commands/") {
                let lines = source.lines().map(str::trim_start);
                let docs: Vec<_> = lines.filter_map(|line| line.strip_prefix("/// ")).collect();
                found.push((name.clone(), docs.join(" ")));
            }
            let texts = literals(&source).into_iter();
            found.extend(texts.map(|text| (name.clone(), text)));
        }
    }
    let description = root.join("tests/conformance/api.json");
    let description = fs::read_to_string(description).expect("a readable file");
    let description = serde_json::from_str(&description).expect("a JSON document");
    descriptions("api.json", &description, &mut found);
    found
}

fn collect(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("a readable directory") {
        let path = entry.expect("a readable entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name == "tests" || name == "tests.rs" {
            continue;
        }
        if path.is_dir() {
            collect(&path, found);
        } else if name.ends_with(".rs") {
            found.push(path);
        }
    }
}

fn descriptions(place: &str, value: &serde_json::Value, found: &mut Vec<(String, String)>) {
    match value {
        serde_json::Value::Object(members) => {
            for (name, member) in members {
                match member {
                    serde_json::Value::String(text) if name == "description" => {
                        found.push((place.to_owned(), text.replace('\n', " ")));
                    }
                    _ => descriptions(&format!("{place}/{name}"), member, found),
                }
            }
        }
        serde_json::Value::Array(items) => {
            for item in items {
                descriptions(place, item, found);
            }
        }
        _ => {}
    }
}

/// The string literals of a source file, before its module of tests.
fn literals(source: &str) -> Vec<String> {
    let end = source.find("#[cfg(test)]\nmod ").unwrap_or(source.len());
    let mut rest = &source[..end];
    let mut found = Vec::new();
    while let Some(at) = rest.find(['"', '/', '\'', 'r']) {
        let raw = rest[at..].trim_start_matches('r').trim_start_matches('#');
        let hashes = rest[at..].len() - raw.len();
        if rest[at..].starts_with("//") {
            rest = rest[at..].split_once('\n').map_or("", |(_, next)| next);
        } else if rest[at..].starts_with("'\"'") || rest[at..].starts_with("'\\") {
            rest = rest[at + 3..].trim_start_matches('\'');
        } else if rest[at..].starts_with('r') && raw.starts_with('"') {
            let close = format!("\"{}", "#".repeat(hashes - 1));
            let (text, next) = raw[1..].split_once(&close).unwrap_or((&raw[1..], ""));
            found.push(text.to_owned());
            rest = next;
        } else if let Some(text) = rest[at..].strip_prefix('"') {
            let mut escaped = false;
            let end = text.find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            let (text, next) = text.split_at(end.unwrap_or(text.len()));
            found.push(unescaped(text));
            rest = next.get(1..).unwrap_or_default();
        } else {
            rest = &rest[at + 1..];
        }
    }
    found
}

/// The text without the ends of continued lines and without the backslashes of quotes.
fn unescaped(text: &str) -> String {
    let mut lines = text.split("\\\n");
    let first = lines.next().unwrap_or_default().to_owned();
    let text = lines.fold(first, |text, line| text + line.trim_start());
    text.replace("\\\"", "\"")
}

use super::*;

fn index(yaml: &str) -> Index {
    Index::read(yaml.as_bytes()).unwrap()
}

fn refused(yaml: &str) -> String {
    let error = Index::read(yaml.as_bytes()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RegistryInvalid);
    error.to_string()
}

const SAMPLE: &str = "\
schema_version: '2026-01-23'
plugins:
- name: memory-box
  path: plugins/memory-box
  description: 'Remembers:
    much'
- name: My Tool
  path: plugins/tool
  description: \"caf\\xE9 \\u2014 tool\"
  maturity: verified
- name: on
  path: ./x//y/
";

#[test]
fn plugins_are_found_by_name_and_by_directory() {
    let index = index(SAMPLE);
    assert_eq!(index.schema_version, "2026-01-23");
    assert_eq!(index.plugins.len(), 3);
    let entry = index.find("memory-box").unwrap();
    assert_eq!(entry.description, "Remembers: much");
    assert_eq!(entry.path().unwrap(), "plugins/memory-box");
    assert_eq!(index.find("on").unwrap().path().unwrap(), "x/y");
    assert_eq!(index.find("my-tool"), None);
    let found = index
        .find_directory(&PluginDir::new("my-tool").unwrap())
        .unwrap();
    assert_eq!(found.description, "café — tool");
    assert_eq!(
        index.find_directory(&PluginDir::new("no-tool").unwrap()),
        None
    );
    assert_eq!(index.suggest("memorybox"), Some("memory-box"));
    assert_eq!(index.suggest("Memory-Box"), Some("memory-box"));
    assert_eq!(index.suggest("kubernetes"), None);
}

#[test]
fn an_entry_that_is_called_like_the_directory_comes_first() {
    let index = index("plugins: [{name: My Tool, path: a}, {name: my-tool, path: b}]");
    let found = index
        .find_directory(&PluginDir::new("my-tool").unwrap())
        .unwrap();
    assert_eq!(found.path().unwrap(), "b");
}

#[test]
fn an_index_survives_as_json() {
    let index = index(SAMPLE);
    let json = serde_json::to_vec(&index).unwrap();
    assert_eq!(serde_json::from_slice::<Index>(&json).unwrap(), index);
}

#[test]
fn a_bad_path_is_refused_when_it_is_used() {
    for (path, why) in [
        ("", "is empty"),
        ("/etc", "is absolute"),
        ("C:/x", "is absolute"),
        ("../x", "leaves the registry"),
        ("plugins/../../x", "leaves the registry"),
        ("a\\b", "has backslashes"),
        ("a\u{7}", "has control characters"),
        ("a/.git/hooks", "leads into `.git`"),
        (".GIT", "leads into `.git`"),
        (".g\u{200c}it", "leads into `.git`"),
        ("git~1/x", "leads into `.git`"),
        (".git . /x", "leads into `.git`"),
        (".git::$INDEX_ALLOCATION/x", "leads into `.git`"),
        (".", "names no directory of it"),
    ] {
        let index = Index {
            plugins: vec![Entry {
                name: "bad".into(),
                path: path.into(),
                description: String::new(),
            }],
            ..Index::default()
        };
        let error = index.find("bad").unwrap().path().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RegistryInvalid);
        assert_eq!(
            error.to_string(),
            format!(
                "the registry's entry `bad` has the path `{}`, which {why}",
                escape(path)
            )
        );
        assert_eq!(error.details().plugin.as_deref(), Some("bad"));
    }
    for path in ["plugins/.github", "a..b", ".gitx", "a b", "é"] {
        assert_eq!(check_path(path), Ok(path.to_owned()));
    }
}

#[test]
fn an_entry_without_a_name_or_a_path_spoils_no_other() {
    let index = index(
        "plugins: [{path: x}, {name: a}, {name: ~, path: ~, description: }, {name: b, path: y}]",
    );
    assert_eq!(index.find(""), None);
    assert_eq!(index.find("b").unwrap().path().unwrap(), "y");
    assert!(index.find("a").unwrap().path().is_err());
    assert_eq!(index.plugins[2], Entry::default());
}

#[test]
fn what_is_no_index_is_refused() {
    for yaml in [
        "",
        "a: [",
        "[]",
        "x: 1",
        "plugins: 1",
        "plugins: [1]",
        "plugins: [{name: [a]}]",
        "plugins: []\nplugins: []",
        "plugins: [{name: a, name: b}]",
        "plugins: []\n---\n{}",
    ] {
        let message = refused(yaml);
        assert!(
            message.starts_with("the registry's `index.yaml` cannot be read: "),
            "{message}"
        );
    }
    assert!(refused(&"#".repeat(LARGEST + 1)).contains("bytes"));
}

#[test]
fn aliases_cannot_fill_the_memory() {
    let long = "x".repeat(100_000);
    let entries = "- {name: *a}\n".repeat(20_000);
    let message = refused(&format!("a: &a {long}\nplugins:\n{entries}"));
    assert!(message.contains("aliases"), "{message}");
    let mut bomb = "a0: &a0 {name: x}\n".to_owned();
    for level in 1..30 {
        bomb += &format!("a{level}: &a{level} [*a{0}, *a{0}]\n", level - 1);
    }
    refused(&format!("{bomb}plugins: *a29\n"));
    let flood = "- *a\n".repeat(1000);
    assert_eq!(
        index(&format!("a: &a {{name: x}}\nplugins:\n{flood}"))
            .plugins
            .len(),
        1000
    );
}

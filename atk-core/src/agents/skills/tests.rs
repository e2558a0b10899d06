use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::agents::file::Writer;

fn write(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn writer() -> Writer {
    Writer::of(Path::new("/home/me/.atk"))
}

/// The files below a directory, with their contents.
fn tree(root: &Path) -> Vec<(String, String)> {
    let entries = walkdir::WalkDir::new(root).sort_by_file_name();
    let entries = entries.into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    let file = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(root).unwrap();
        let text = fs::read_to_string(entry.path()).unwrap();
        (path.to_str().unwrap().to_owned(), text)
    };
    files.map(file).collect()
}

#[test]
fn a_definition_follows_the_specification() {
    let parse = |text: &str| SkillDefinition::parse(text.as_bytes(), "my-skill-2");
    let text = "\u{feff}---\r\nname: my-skill-2\r\ndescription: Does x\r\nx-more: [1]\r\n---\r\n# Hello\r\n";
    let definition = parse(text).unwrap();
    assert_eq!(definition.name, "my-skill-2");
    assert_eq!(definition.description, "Does x");
    let front = |text: &str| format!("---\n{text}\n---\n");
    let long = |count: usize| "x".repeat(count);
    let problems: Vec<String> = [
        String::new(),
        "# Hello\n".to_owned(),
        "---\nname: my-skill-2\n".to_owned(),
        front(""),
        front("- a"),
        front("description: d"),
        front("name: my-skill-2"),
        front("name: my-skill-2\ndescription: \" \""),
        front("name: My-Skill\ndescription: d"),
        front("name: my--skill\ndescription: d"),
        front("name: -my\ndescription: d"),
        front("name: other\ndescription: d"),
        front("name: 7\ndescription: d"),
        front(&format!("name: {}\ndescription: d", long(65))),
        front(&format!("name: my-skill-2\ndescription: {}", long(1025))),
        front(&format!(
            "name: my-skill-2\ndescription: d\ncompatibility: {}",
            long(501)
        )),
        front("name: my-skill-2\ndescription: a: b"),
        front("name: my-skill-2\nname: my-skill-2\ndescription: d"),
    ]
    .iter()
    .map(|text| parse(text).unwrap_err().to_string())
    .collect();
    insta::assert_debug_snapshot!(problems, @r#"
    [
        "SKILL.md:1:1: the file must begin with a line `---`",
        "SKILL.md:1:1: the file must begin with a line `---`",
        "SKILL.md:1:1: the line `---` behind the front matter is missing",
        "SKILL.md:1:1: the front matter is empty",
        "SKILL.md:2:1: expected a mapping, found a list",
        "SKILL.md:2:1: name: is required",
        "SKILL.md:2:1: description: is required",
        "SKILL.md:3:14: description: must not be blank",
        "SKILL.md:2:7: name: `My-Skill` must have lower case letters and digits only, and single hyphens between them",
        "SKILL.md:2:7: name: `my--skill` must have lower case letters and digits only, and single hyphens between them",
        "SKILL.md:2:7: name: `-my` must have lower case letters and digits only, and single hyphens between them",
        "SKILL.md:2:7: name: `other` must be the name of its directory, `my-skill-2`",
        "SKILL.md:2:7: name: expected a string, found an integer",
        "SKILL.md:2:7: name: has 65 characters, at most 64 are allowed",
        "SKILL.md:3:14: description: has 1025 characters, at most 1024 are allowed",
        "SKILL.md:4:16: compatibility: has 501 characters, at most 500 are allowed",
        "SKILL.md:3:15: mapping values are not allowed in this context",
        "SKILL.md:3:1: duplicate key `name`, first in line 2",
    ]
    "#);
    assert!(
        parse(&front(&format!(
            "name: my-skill-2\ndescription: {}",
            "é".repeat(1024)
        )))
        .is_ok()
    );
    assert!(SkillDefinition::parse(b"---\nname: \xff\n---\n", "x").is_err());
}

#[test]
fn the_clean_copy_has_what_is_shipped_and_no_secret() {
    let dir = TempDir::new().unwrap();
    let (plugin, skills) = (
        dir.path().join("plugin"),
        dir.path().join("home/.git/atk/skills"),
    );
    let files = [
        ("SKILL.md", "skill"),
        ("scripts/run.sh", "run"),
        (".env", "SECRET"),
        (".env.local", "SECRET"),
        ("deep/.env", "SECRET"),
        ("custom/overrides.yaml", "SECRET"),
        (".git/config", "SECRET"),
        (".gitignore", "x"),
        ("prod.env", "SECRET"),
        (".atk-ref", "x"),
        ("node_modules/a.js", "not shipped"),
    ];
    write(&plugin, &files);
    write(dir.path(), &[("outside/secret", "SECRET")]);
    symlink(dir.path().join("outside"), plugin.join("link")).unwrap();
    symlink(dir.path().join("outside/secret"), plugin.join("file-link")).unwrap();
    fs::set_permissions(
        plugin.join("scripts/run.sh"),
        fs::Permissions::from_mode(0o700),
    )
    .unwrap();
    let mut shipped: Vec<PathBuf> = files.iter().map(|(path, _)| path.into()).collect();
    shipped.pop();
    shipped.extend(["link/secret", "file-link", "../outside/secret", "gone"].map(PathBuf::from));
    let clean = CleanFiles::of(&plugin, shipped);
    clean.copy_to(&skills, "my-skill", &writer()).unwrap();
    let copy = skills.join("my-skill");
    assert_eq!(clean.digest().unwrap(), digest_of(&copy).unwrap());
    let expected = [("SKILL.md", "skill"), ("scripts/run.sh", "run")];
    let owned = |files: &[(&str, &str)]| -> Vec<(String, String)> {
        let own = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        files.iter().map(own).collect()
    };
    assert_eq!(tree(&copy), owned(&expected));
    let mode = |path: &str| fs::metadata(copy.join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("SKILL.md"), mode("scripts/run.sh")), (0o644, 0o755));

    // A newer version replaces it as a whole.
    fs::write(plugin.join("SKILL.md"), "newer").unwrap();
    let clean = CleanFiles::of(&plugin, [PathBuf::from("SKILL.md")]);
    clean.copy_to(&skills, "my-skill", &writer()).unwrap();
    assert_eq!(tree(&skills), owned(&[("my-skill/SKILL.md", "newer")]));
}

#[test]
fn a_link_or_a_copy_is_placed_and_removed() {
    let dir = TempDir::new().unwrap();
    let clean = dir.path().join("clean");
    write(&clean, &[("SKILL.md", "skill"), ("deep/a", "a")]);
    let user = dir.path().join("user");
    fs::create_dir(&user).unwrap();
    let at = user.join(".agents/skills/my-skill");
    let skills = user.join(".agents/skills");
    let count = || fs::read_dir(&skills).unwrap().count();
    let placed = |as_copy| match as_copy {
        true => Found::Directory(digest_of(&clean).unwrap()),
        false => Found::Link,
    };
    // Each takes the place of each, and nothing else is left.
    for as_copy in [false, true, true, false, false] {
        place(&at, &clean, as_copy, &writer()).unwrap();
        assert_eq!(find(&at, &clean).unwrap(), placed(as_copy));
        assert_eq!(tree(&at.canonicalize().unwrap()), tree(&clean));
        assert_eq!(count(), 1);
    }
    remove(&at, &writer()).unwrap();
    assert_eq!(find(&at, &clean).unwrap(), Found::Nothing);
    assert_eq!(count(), 0);
    assert_eq!(tree(&clean).len(), 2);
}

#[test]
fn what_is_at_the_place_is_recognised() {
    let dir = TempDir::new().unwrap();
    let clean = dir.path().join("clean");
    write(&clean, &[("SKILL.md", "skill")]);
    let at = dir.path().join("skills/my-skill");
    place(&at, &clean, true, &writer()).unwrap();
    let ours = find(&at, &clean).unwrap();
    let differs = || {
        let now = find(&at, &clean).unwrap();
        matches!(now, Found::Directory(_)) && now != ours
    };
    assert!(!differs());
    write(&at, &[("mine", "m")]);
    assert!(differs());
    fs::remove_file(at.join("mine")).unwrap();
    assert!(!differs());
    fs::set_permissions(at.join("SKILL.md"), fs::Permissions::from_mode(0o755)).unwrap();
    assert!(differs());
    write(&at, &[("SKILL.md", "edited")]);
    assert!(differs());
    // A link to something else, one to nothing, and a file; a backup keeps each as it is.
    let backup = dir.path().join("backup");
    back_up(&at, &backup).unwrap();
    assert_eq!(tree(&backup), tree(&at));
    fs::remove_dir_all(&at).unwrap();
    for target in ["/", "gone"] {
        symlink(target, &at).unwrap();
        assert_eq!(find(&at, &clean).unwrap(), Found::Other);
        let backup = dir.path().join(format!("link-{}", target.len()));
        back_up(&at, &backup).unwrap();
        assert_eq!(fs::read_link(backup).unwrap(), Path::new(target));
        remove(&at, &writer()).unwrap();
    }
    fs::write(&at, "a file").unwrap();
    assert_eq!(find(&at, &clean).unwrap(), Found::Other);
}

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use tempfile::TempDir;

use super::*;

fn write(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
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
    let mut shipped: Vec<&Path> = files.iter().map(|(path, _)| Path::new(path)).collect();
    shipped.pop();
    shipped.extend(["link/secret", "file-link", "../outside/secret", "gone"].map(Path::new));
    let copy = clean_copy(&plugin, shipped, &skills, "my-skill").unwrap();
    assert_eq!(copy, skills.join("my-skill"));
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
    clean_copy(&plugin, [Path::new("SKILL.md")], &skills, "my-skill").unwrap();
    assert_eq!(tree(&skills), owned(&[("my-skill/SKILL.md", "newer")]));
}

#[test]
fn a_link_or_a_copy_is_placed_and_taken_away_again() {
    let dir = TempDir::new().unwrap();
    let clean = dir.path().join("clean");
    write(&clean, &[("SKILL.md", "skill"), ("deep/a", "a")]);
    let user = dir.path().join("user");
    fs::create_dir(&user).unwrap();
    let at = user.join(".agents/skills/my-skill");
    for as_copy in [false, true] {
        assert_eq!(state(&at, &clean, None).unwrap(), SkillState::Missing);
        let placed = place(&at, &clean, None, as_copy).unwrap();
        assert_eq!(
            placed.created,
            [user.join(".agents"), user.join(".agents/skills")]
        );
        assert_eq!(at.is_symlink(), !as_copy);
        assert_eq!(tree(&at.canonicalize().unwrap()), tree(&clean));
        let digest = placed.digest.as_deref();
        assert_eq!(state(&at, &clean, digest).unwrap(), SkillState::Ok);

        // A newer version.
        write(&clean, &[("SKILL.md", "newer"), ("more", "m")]);
        assert_eq!(state(&at, &clean, digest).unwrap(), SkillState::Ok);
        let newer = place(&at, &clean, digest, as_copy).unwrap();
        assert_eq!(newer.created, Vec::<std::path::PathBuf>::new());
        assert_eq!(tree(&at.canonicalize().unwrap()), tree(&clean));
        let digest = newer.digest.as_deref();

        // A file of the user beside it keeps the directories.
        write(&user, &[(".agents/skills/mine/SKILL.md", "mine")]);
        remove(&at, &clean, digest, &placed.created).unwrap();
        assert_eq!(tree(&user).len(), 1);
        fs::remove_dir_all(user.join(".agents/skills/mine")).unwrap();
        remove(&at, &clean, digest, &placed.created).unwrap();
        assert_eq!(fs::read_dir(&user).unwrap().count(), 0);
        assert_eq!(tree(&clean).len(), 3);
    }
}

#[test]
fn what_atk_did_not_write_stays() {
    let dir = TempDir::new().unwrap();
    let clean = dir.path().join("clean");
    write(&clean, &[("SKILL.md", "skill")]);
    let at = dir.path().join("skills/my-skill");
    let stays = |digest: Option<&str>, expected: SkillState| {
        let before = tree(&dir.path().join("skills"));
        assert_eq!(state(&at, &clean, digest).unwrap(), expected);
        for as_copy in [false, true] {
            let error = place(&at, &clean, digest, as_copy).unwrap_err().to_string();
            assert!(
                error.ends_with("exists and is not what ATK wrote"),
                "{error}"
            );
        }
        remove(&at, &clean, digest, &[]).unwrap();
        assert!(fs::symlink_metadata(&at).is_ok());
        assert_eq!(tree(&dir.path().join("skills")), before);
    };
    // A directory of the user, even one that says the same.
    write(&at, &[("SKILL.md", "skill")]);
    stays(None, SkillState::Foreign);
    // A copy that was edited, and one with a file more.
    fs::remove_dir_all(&at).unwrap();
    let placed = place(&at, &clean, None, true).unwrap();
    write(&at, &[("SKILL.md", "edited")]);
    stays(placed.digest.as_deref(), SkillState::Edited);
    write(&at, &[("SKILL.md", "skill"), ("mine", "m")]);
    stays(placed.digest.as_deref(), SkillState::Edited);
    // A link elsewhere, one to nothing, and a file.
    fs::remove_dir_all(&at).unwrap();
    symlink(dir.path(), &at).unwrap();
    stays(None, SkillState::Foreign);
    fs::remove_file(&at).unwrap();
    symlink("gone", &at).unwrap();
    stays(placed.digest.as_deref(), SkillState::Foreign);
    fs::remove_file(&at).unwrap();
    fs::write(&at, "a file").unwrap();
    stays(placed.digest.as_deref(), SkillState::Foreign);
}

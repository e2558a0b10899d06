//! Ignore rules: the home's own count, the user's other ones hide nothing that a home must have.

use std::fs;

use crate::error::ErrorKind;
use crate::host::CancelToken;
use crate::repository::fixture::{Forgetful, Home, commit, request, scope};

use super::assert_as_git;

/// A local plugin's lines, as ATK writes them.
const LOCAL: &str = "plugins/*/*\n!plugins/*/custom/\n!plugins/*/custom/**\n\
                     !plugins/build/\n!plugins/build/**\n*.env\n.env.*\n";

/// Commits in this process and by the program; gives the files of each commit.
fn both(change: impl Fn(&Home), paths: &[&str]) -> [String; 2] {
    [false, true].map(|by_program| {
        let home = Home::new();
        change(&home);
        let owned: Vec<&std::path::Path> = paths.iter().map(std::path::Path::new).collect();
        let repository = home.open();
        let made = match by_program {
            true => {
                let cancel = CancelToken::new();
                let scope = scope(&cancel);
                repository
                    .commit_by_program(&request(&[]), &owned, "of a test", &mut Forgetful, scope)
                    .map(|made| made.commit)
            }
            false => commit(&repository, paths),
        };
        made.unwrap().unwrap();
        home.git(&["ls-tree", "-r", "--name-only", "HEAD"])
    })
}

#[test]
fn rules_of_the_user_keep_nothing_out_that_the_home_includes() {
    let user = |home: &Home, rules: &str| {
        fs::write(home.dir.path().join("user/ignore"), rules).unwrap();
        home.git(&["config", "--global", "core.excludesFile", "~/ignore"]);
    };
    type NewContent<'a> = &'a dyn Fn(&Home);
    let places: [(&str, NewContent<'_>); 5] = [
        ("the plugin's name", &|home| user(home, "build\n")),
        ("all of it", &|home| user(home, "plugins\n*\n")),
        ("a directory", &|home| {
            user(home, "plugins/build/\n*.yaml\n.gitignore\n")
        }),
        ("info/exclude", &|home| {
            home.write(".git/info/exclude", "build/\n*.yaml\nplugins/\n")
        }),
        ("the default file", &|home| {
            let dir = home.dir.path().join("user/.config/git");
            fs::create_dir_all(&dir).unwrap();
            fs::write(dir.join("ignore"), "build\n*.yaml\n*.md\n").unwrap();
        }),
    ];
    for (name, rules) in places {
        let change = |home: &Home| {
            rules(home);
            home.git(&["rm", "-q", "--cached", "manifest.yaml", ".gitignore"]);
            home.write(".gitignore", LOCAL);
            home.write("plugins/build/plugin.yaml", "p");
            home.write("plugins/build/notes.md", "n");
            home.write("plugins/build/deep/build/x", "x");
        };
        for files in both(change, &["manifest.yaml", ".gitignore", "plugins/build"]) {
            for file in [
                ".gitignore",
                "manifest.yaml",
                "plugins/build/deep/build/x",
                "plugins/build/notes.md",
                "plugins/build/plugin.yaml",
            ] {
                assert!(
                    files.lines().any(|line| line == file),
                    "{name}: {file}: {files}"
                );
            }
        }
    }
}

#[test]
fn the_manifest_is_committed_whatever_the_home_ignores() {
    let change = |home: &Home| {
        home.git(&["rm", "-q", "--cached", "manifest.yaml"]);
        home.write(".gitignore", "*.yaml\n");
    };
    for files in both(change, &["manifest.yaml", ".gitignore"]) {
        assert!(files.contains("manifest.yaml"), "{files}");
    }
}

#[test]
fn what_no_rule_of_the_home_speaks_of_is_left_to_the_users_rules() {
    assert_as_git(
        "no rules of the home",
        |home| {
            home.write(".gitignore", "");
            home.write(".git/info/exclude", "*.log\nbuild/\n!keep.log\n");
            fs::write(home.dir.path().join("user/ignore"), "*.swp\nkeep.log\n").unwrap();
            home.git(&["config", "--global", "core.excludesFile", "~/ignore"]);
            for name in [
                "a.log",
                "keep.log",
                "a.swp",
                "build/x",
                "deep/a.log",
                "deep/b",
            ] {
                home.write(&format!("plugins/one/custom/{name}"), "x");
            }
        },
        &["plugins/one", ".gitignore"],
    );
}

#[test]
fn nested_rules_and_directories_with_tracked_files_are_as_in_git() {
    assert_as_git(
        "nested rules",
        |home| {
            home.write(".gitignore", LOCAL);
            home.write("plugins/build/.gitignore", "dist/\n*.o\n/top\n!keep.o\n");
            for name in [
                "dist/x",
                "a.o",
                "keep.o",
                "top",
                "deep/top",
                "deep/a.o",
                "dist/keep.o",
            ] {
                home.write(&format!("plugins/build/{name}"), "x");
            }
            home.write("plugins/build/dist/forced", "f");
            home.git(&["add", "-f", "plugins/build/dist/forced"]);
            home.write("plugins/build/dist/forced", "changed");
            home.write("plugins/build/deep/.gitignore", "!a.o\n");
        },
        &["plugins/build", ".gitignore"],
    );
    for rules in [
        "a[b-d]e\n",
        "**/x\n!/plugins/one/custom/x\n",
        "\\!y\n\\#z\nq \nr\\ \n",
        "cust*/**/deep\n",
    ] {
        assert_as_git(
            rules,
            |home| {
                home.write("plugins/one/custom/.gitignore", rules);
                for name in [
                    "ace", "aze", "x", "s/x", "!y", "#z", "q", "r ", "d/deep/f", "new",
                ] {
                    home.write(&format!("plugins/one/custom/{name}"), "x");
                }
            },
            &["plugins/one"],
        );
    }
}

#[test]
fn a_pipe_instead_of_rules_is_an_error_and_no_wait() {
    for by_program in [false, true] {
        for place in [
            "plugins/one/custom/.gitignore",
            "plugins/one/custom/.gitattributes",
            "plugins/.gitignore",
            ".gitattributes",
            ".git/info/exclude",
            ".git/info/attributes",
        ] {
            let home = Home::new();
            home.write("plugins/one/custom/a", "changed");
            let path = home.root().join(place);
            let _ = fs::remove_file(&path);
            let made = std::process::Command::new("mkfifo").arg(&path).status();
            assert!(made.unwrap().success());
            if by_program {
                home.hook("pre-commit", "exit 0");
            }
            let error = home.commit(&["plugins/one"]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::HomeInvalid, "{place}: {error}");
            assert!(error.to_string().contains(place), "{place}: {error}");
            fs::remove_file(path).unwrap();
            assert_eq!(home.git(&["rev-list", "--count", "HEAD"]), "1");
        }
    }
}

#[test]
fn a_custom_that_is_a_link_is_committed_as_the_link() {
    let rules = "plugins/*/*\n!plugins/*/custom/\n!plugins/*/custom/**\n*.env\n.env.*\n";
    let change = |home: &Home| {
        home.write(".gitignore", rules);
        fs::create_dir(home.dir.path().join("dotfiles")).unwrap();
        fs::write(home.dir.path().join("dotfiles/run.sh"), "x").unwrap();
        let link = |place: &str, target: &str| {
            let place = home.root().join(place);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::os::unix::fs::symlink(target, place).unwrap();
        };
        // In the place of a tracked directory, where nothing was, and to nothing.
        home.remove("plugins/one/custom");
        link("plugins/one/custom", "../../../dotfiles");
        link("plugins/two/custom", "../../../dotfiles");
        link("plugins/three/custom", "/nowhere");
        link("plugins/three/other", "/nowhere");
    };
    for files in both(change, &["plugins/one", "plugins/two", "plugins/three"]) {
        let lines: Vec<_> = files
            .lines()
            .filter(|line| line.starts_with("plugins"))
            .collect();
        assert_eq!(
            lines,
            [
                "plugins/one/custom",
                "plugins/three/custom",
                "plugins/two/custom"
            ]
        );
    }
}

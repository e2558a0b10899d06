//! What a commit stores of a file is what `git add` would store.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::error::ErrorKind;
use crate::repository::fixture::{Home, commit, commit_as};

use super::assert_as_git;

/// A filter that rotates letters, as a stand-in for one that encrypts.
fn crypt(home: &Home, required: bool) {
    home.git(&["config", "filter.crypt.clean", "tr a-z n-za-m"]);
    home.git(&["config", "filter.crypt.smudge", "tr a-z n-za-m"]);
    home.git(&["config", "filter.crypt.required", &required.to_string()]);
}

fn stored(home: &Home, path: &str) -> String {
    home.git(&["cat-file", "-p", &format!("HEAD:{path}")])
}

#[test]
fn a_filter_is_applied_wherever_its_attribute_is_set() {
    type PatternSource<'a> = (&'a str, &'a dyn Fn(&Home));
    let places: [PatternSource<'_>; 9] = [
        ("at the top", &|home| {
            home.write(".gitattributes", "plugins/** filter=crypt\n")
        }),
        ("below the plugin", &|home| {
            home.write("plugins/one/custom/.gitattributes", "secret filter=crypt\n");
        }),
        ("between", &|home| {
            home.write("plugins/.gitattributes", "**/custom/s* filter=crypt\n")
        }),
        ("in the git directory", &|home| {
            home.write(".git/info/attributes", "secret filter=crypt\n");
        }),
        ("of the user", &|home| {
            fs::write(
                home.dir.path().join("user/attributes"),
                "secret filter=crypt\n",
            )
            .unwrap();
            home.git(&["config", "--global", "core.attributesFile", "~/attributes"]);
        }),
        ("of the user, by default", &|home| {
            let dir = home.dir.path().join("user/.config/git");
            fs::create_dir_all(&dir).unwrap();
            fs::write(dir.join("attributes"), "secret filter=crypt\n").unwrap();
        }),
        ("by a macro", &|home| {
            home.write(
                ".gitattributes",
                "[attr]hidden filter=crypt -text\nsecret hidden\n",
            );
        }),
        ("no longer on disk", &|home| {
            home.write(".gitattributes", "secret filter=crypt\n");
            home.git(&["add", ".gitattributes"]);
            let user = ["-c", "user.name=U", "-c", "user.email=u@u"];
            home.git(&[&user[..], &["commit", "-qm", "attributes"]].concat());
            home.remove(".gitattributes");
        }),
        ("in the index alone", &|home| {
            home.write(".gitattributes", "secret filter=crypt\n");
            home.git(&["add", ".gitattributes"]);
            home.remove(".gitattributes");
        }),
    ];
    for (name, place) in places {
        for required in [false, true] {
            let home = Home::new();
            crypt(&home, required);
            place(&home);
            home.write("plugins/one/custom/secret", "attack at dawn");
            home.commit(&["plugins/one"]).unwrap().unwrap();
            assert_eq!(
                stored(&home, "plugins/one/custom/secret"),
                "nggnpx ng qnja",
                "{name}"
            );
            let objects = home.git(&["cat-file", "--batch-all-objects", "--batch"]);
            assert!(!objects.contains("attack"), "{name}");
            assert_eq!(
                home.git(&["status", "--porcelain", "plugins/one"]),
                "",
                "{name}"
            );
        }
    }
}

#[test]
fn a_process_filter_of_the_users_configuration_is_applied() {
    let home = Home::new();
    home.git(&["config", "--global", "filter.crypt.clean", "tr a-z n-za-m"]);
    home.git(&["config", "--global", "filter.crypt.required", "true"]);
    home.write(".gitattributes", "* filter=crypt\n");
    home.write("manifest.yaml", "attack: at dawn\n");
    home.commit(&["manifest.yaml"]).unwrap().unwrap();
    assert_eq!(stored(&home, "manifest.yaml"), "nggnpx: ng qnja");
}

#[test]
fn a_required_filter_that_fails_fails_the_commit_and_nothing_is_stored() {
    for clean in [
        "exit 1",
        "no-such-program-anywhere",
        "cat >/dev/null; kill -9 $$",
    ] {
        let home = Home::new();
        home.git(&["config", "filter.crypt.clean", clean]);
        home.git(&["config", "filter.crypt.required", "true"]);
        home.write("plugins/one/custom/.gitattributes", "secret filter=crypt\n");
        home.write("plugins/one/custom/secret", "attack at dawn");
        let before = home.state();
        let error = home.commit(&["plugins/one"]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::GitFailed, "{clean}: {error}");
        assert_eq!(home.state(), before, "{clean}");
        let objects = home.git(&["cat-file", "--batch-all-objects", "--batch"]);
        assert!(!objects.contains("attack"), "{clean}");
    }
    // No driver at all, but required.
    let home = Home::new();
    home.git(&["config", "filter.crypt.required", "true"]);
    home.write(".gitattributes", "secret filter=crypt\n");
    home.write("plugins/one/custom/secret", "attack at dawn");
    assert!(home.commit(&["plugins/one"]).is_err());
}

#[test]
fn without_the_git_program_a_filter_is_an_error_and_never_bypassed() {
    let home = Home::new();
    crypt(&home, false);
    home.write(".gitattributes", "secret filter=crypt\n");
    home.write("plugins/one/custom/secret", "attack at dawn");
    let error = commit(&home.open_without_git(), &["plugins/one"]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::GitMissing);
    assert!(error.to_string().contains(".gitattributes"), "{error}");
}

#[test]
fn conversions_are_those_of_git() {
    let write = |home: &Home| {
        home.write("plugins/one/custom/crlf.txt", "a\r\nb\r\n");
        home.write("plugins/one/custom/mixed.txt", "a\r\nb\nc\rd\r\n");
        home.write("plugins/one/custom/binary", "a\r\n\0b\r\n");
        home.write("plugins/one/custom/lf.txt", "a\nb\n");
        home.write("plugins/one/custom/id.txt", "$Id: old $\n");
        fs::write(
            home.root().join("plugins/one/custom/utf16.txt"),
            [0xff, 0xfe, b'h', 0, b'i', 0, b'\n', 0],
        )
        .unwrap();
    };
    for (name, attributes) in [
        ("auto", "* text=auto\n"),
        ("text", "*.txt text\n"),
        ("crlf", "*.txt text eol=crlf\n"),
        ("old name", "*.txt crlf=input\n"),
        ("binary", "* binary\n"),
        ("ident", "id.txt ident\n"),
        ("encoding", "utf16.txt text working-tree-encoding=UTF-16\n"),
        ("macro", "[attr]dos text eol=crlf\n*.txt dos\n"),
        ("nothing", "*.md diff=markdown\n"),
    ] {
        let change = |home: &Home| {
            write(home);
            home.write(".gitattributes", attributes);
        };
        assert_as_git(name, change, &["plugins/one"]);
    }
    for (name, key, value) in [
        ("autocrlf", "core.autocrlf", "true"),
        ("input", "core.autocrlf", "input"),
        ("eol", "core.eol", "crlf"),
        ("no modes", "core.fileMode", "false"),
        ("no links", "core.symlinks", "false"),
    ] {
        let change = |home: &Home| {
            write(home);
            home.git(&["config", key, value]);
            for name in ["plugins/one/custom/a", "plugins/one/custom/lf.txt"] {
                let path = home.root().join(name);
                fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
            }
        };
        assert_as_git(name, change, &["plugins/one"]);
    }
}

#[test]
fn text_without_carriage_returns_needs_no_git_program() {
    let home = Home::new();
    home.git(&["config", "core.autocrlf", "input"]);
    home.write(".gitattributes", "* text=auto\n*.sh eol=lf\n");
    home.write("plugins/one/custom/new", "a\nb\n");
    let repository = home.open_without_git();
    assert!(commit(&repository, &["plugins/one"]).unwrap().is_some());
    home.write("plugins/one/custom/new", "a\r\nb\n");
    let error = commit(&repository, &["plugins/one"]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::GitMissing);
}

#[test]
fn a_hook_that_leaves_a_file_out_fails_the_commit() {
    for hook in [
        "git rm -q --cached plugins/one/custom/new",
        "git rm -q --cached manifest.yaml",
        "git read-tree HEAD; echo x >other; git add other",
    ] {
        let home = Home::new();
        home.hook("pre-commit", hook);
        home.write("plugins/one/custom/new", "n");
        home.write("manifest.yaml", "changed");
        let head = home.git(&["rev-parse", "HEAD"]);
        let error = home.commit(&["manifest.yaml", "plugins/one"]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::CommitRefused, "{hook}: {error}");
        assert_eq!(home.git(&["rev-parse", "HEAD"]), head, "{hook}");
        assert!(home.root().join("plugins/one/custom/new").exists());
    }
}

#[test]
fn a_lock_that_git_could_not_remove_does_not_stay() {
    let home = Home::new();
    // The last hook: git has no lock then, unless the disk refused to remove it.
    home.hook("post-commit", ": >.git/HEAD.lock");
    home.write("manifest.yaml", "changed");
    assert!(home.commit(&["manifest.yaml"]).unwrap().is_some());
    assert!(!home.root().join(".git/HEAD.lock").exists());
}

#[test]
fn messages_are_utf8_whatever_encoding_the_user_set() {
    let hook = |home: &Home| home.hook("pre-commit", "exit 0");
    type Way<'a> = (&'a str, &'a dyn Fn(&Home));
    let ways: [Way<'_>; 3] = [
        ("in process", &|_| {}),
        ("with a hook", &hook),
        ("with a filter", &|home| {
            crypt(home, true);
            home.write(".gitattributes", "* filter=crypt\n");
        }),
    ];
    for encoding in ["ISO-8859-1", "latin1", "UTF-16", "Shift_JIS", "no-such-one"] {
        for (way, prepare) in &ways {
            let home = Home::new();
            prepare(&home);
            for key in ["i18n.commitEncoding", "i18n.logOutputEncoding"] {
                home.git(&["config", "--global", key, encoding]);
            }
            home.write("plugins/one/custom/notes", "x");
            let message = "Add plugin 'Caf\u{e9} \u{2615}'";
            commit_as(&home.open(), &["plugins/one"], message)
                .unwrap()
                .unwrap();
            let object = home.git(&["cat-file", "commit", "HEAD"]);
            assert!(object.ends_with(message), "{way}, {encoding}: {object}");
            assert!(
                !object.contains("\nencoding "),
                "{way}, {encoding}: {object}"
            );
        }
    }
}

//! Repositories that mean harm: each is refused with the path at fault, and nothing is written.

use std::path::Path;

use atk_core::{Error, ErrorKind, FetchOptions, Home, Options, Silent};
use atk_tests::sandbox::Sandbox;
use git2::{ObjectType, Oid, Signature};

/// A repository whose trees are written byte by byte, as no git program would.
struct Forge {
    sandbox: Sandbox,
    repository: git2::Repository,
}

const DEFINITION: &str =
    "schema_version: \"2026-01-23\"\nname: Tool\ndescription: a tool\nmaturity: verified\n";

impl Forge {
    fn new() -> Forge {
        let sandbox = Sandbox::new();
        let repository = git2::Repository::init_bare(sandbox.repos().join("forged")).unwrap();
        Forge {
            sandbox,
            repository,
        }
    }

    fn blob(&self, content: &str) -> Oid {
        self.repository.blob(content.as_bytes()).unwrap()
    }

    /// A tree of these entries, in the order in which they stand.
    fn tree(&self, entries: &[(&str, &[u8], Oid)]) -> Oid {
        let mut bytes = Vec::new();
        for (mode, name, id) in entries {
            bytes.extend_from_slice(mode.as_bytes());
            bytes.push(b' ');
            bytes.extend_from_slice(name);
            bytes.push(0);
            bytes.extend_from_slice(id.as_bytes());
        }
        self.repository
            .odb()
            .unwrap()
            .write(ObjectType::Tree, &bytes)
            .unwrap()
    }

    /// A plugin's tree: its definition, and these entries.
    fn plugin(&self, entries: &[(&str, &[u8], Oid)]) -> Oid {
        let mut all = entries.to_vec();
        all.push(("100644", b"plugin.yaml", self.blob(DEFINITION)));
        all.sort_by_key(sort_key);
        self.tree(&all)
    }

    fn commit(&self, root: Oid) {
        let who = Signature::now("n", "e@x").unwrap();
        let text = format!("tree {root}\nauthor {who} 0 +0000\ncommitter {who} 0 +0000\n\nm\n");
        let id = self
            .repository
            .odb()
            .unwrap()
            .write(ObjectType::Commit, text.as_bytes())
            .unwrap();
        let head = self.repository.find_reference("HEAD").unwrap();
        let branch = head.symbolic_target().unwrap().unwrap().to_owned();
        let branch = Path::new("refs/heads").join(branch.trim_start_matches("refs/heads/"));
        let path = self.repository.path().join(branch);
        std::fs::write(path, format!("{id}\n")).unwrap();
    }

    /// Fetches the tool whose `.atk` is this tree.
    fn fetch(&self, plugin: Oid) -> Result<Vec<String>, Error> {
        self.commit(self.tree(&[("40000", b".atk", plugin)]));
        self.fetch_committed()
    }

    fn fetch_committed(&self) -> Result<Vec<String>, Error> {
        let vars = std::env::vars_os().filter(|(name, _)| name == "PATH");
        let mut options = Options::new(self.sandbox.path("cache"));
        options.env = vars.collect();
        let home = Home::open(self.sandbox.home(), options).unwrap();
        let url = format!("file://{}", self.repository.path().display());
        let dest = self.sandbox.path("fetched");
        let _ = std::fs::remove_dir_all(&dest);
        let fetched = home.fetch(&url, &dest, &FetchOptions::default(), &Silent);
        if fetched.is_err() {
            assert!(!dest.exists(), "nothing is left of what was refused");
        }
        Ok(fetched?.files)
    }

    #[track_caller]
    fn refused(&self, plugin: Oid, path: &str) {
        let error = self.fetch(plugin).expect_err(path);
        assert!(
            matches!(
                error.kind(),
                ErrorKind::ContentRefused | ErrorKind::GitFailed
            ),
            "{path}: {:?} {error}",
            error.kind()
        );
        assert!(error.to_string().contains(path), "{path}: {error}");
    }
}

/// Git sorts directories as if their names ended in a slash.
fn sort_key(entry: &(&str, &[u8], Oid)) -> Vec<u8> {
    let mut name = entry.1.to_vec();
    if entry.0 == "40000" {
        name.push(b'/');
    }
    name
}

#[test]
fn names_that_are_traps_are_refused() {
    let forge = Forge::new();
    let blob = forge.blob("x");
    for (name, shown) in [
        (&b".git"[..], ".git"),
        (b".GIT", ".GIT"),
        (b"git~1", "git~1"),
        (b".g\xe2\x80\x8cit", ".g"),
        (".gi\u{ad}t".as_bytes(), ".gi\\u{ad}t"),
        (".git\u{fe0f}".as_bytes(), ".git"),
        (b"GI~1", "GI~1"),
        (b"..", ".."),
        (b"a\\b", "a\\b"),
        (b"a\nb", "a\\nb"),
        (b"nul.txt", "nul.txt"),
        (b"a.", "a."),
        (b"\xff", "\u{fffd}"),
    ] {
        forge.refused(forge.plugin(&[("100644", name, blob)]), shown);
        let below = forge.plugin(&[("40000", b"d", forge.tree(&[("100644", name, blob)]))]);
        forge.refused(below, shown);
    }
}

#[test]
fn links_that_leave_the_plugin_are_refused() {
    let forge = Forge::new();
    for target in ["/etc/passwd", "../../x", "d/../../x", "a\\b"] {
        let plugin = forge.plugin(&[("120000", b"bad-link", forge.blob(target))]);
        forge.refused(plugin, "bad-link");
    }
    // By way of another link, each of which stays inside.
    let up = forge.blob("..");
    let inner = forge.tree(&[("120000", b"up", up)]);
    let plugin = forge.plugin(&[
        ("120000", b"bad-link", forge.blob("d/up/../x")),
        ("40000", b"d", inner),
    ]);
    forge.refused(plugin, "bad-link");
    let good = forge.plugin(&[("120000", b"link", forge.blob("./plugin.yaml"))]);
    assert_eq!(forge.fetch(good).unwrap(), ["link", "plugin.yaml"]);
}

#[test]
fn paths_that_are_one_on_another_disk_are_refused() {
    let forge = Forge::new();
    let blob = forge.blob("x");
    let plugin = forge.plugin(&[("100644", b"README", blob), ("100644", b"readme", blob)]);
    forge.refused(plugin, "readme");
    let (composed, split) = ("caf\u{e9}".as_bytes(), "cafe\u{301}".as_bytes());
    let plugin = forge.plugin(&[("100644", split, blob), ("100644", composed, blob)]);
    forge.refused(plugin, "caf");
    // A link and a directory of one name: what lies below would be written through the link.
    let link = forge.blob("/tmp");
    let inner = forge.tree(&[("100644", b"f", blob)]);
    let twice = forge.tree(&[
        ("120000", b"d", link),
        ("40000", b"d", inner),
        ("100644", b"plugin.yaml", forge.blob(DEFINITION)),
    ]);
    let error = forge.fetch(twice).expect_err("a doubled name");
    assert!(
        matches!(
            error.kind(),
            ErrorKind::ContentRefused | ErrorKind::GitFailed
        ),
        "{error}"
    );
}

#[test]
fn names_that_full_case_folding_makes_one_are_refused() {
    let forge = Forge::new();
    let blob = forge.blob("x");
    for (one, other) in [
        ("stra\u{df}e", "strasse"),
        ("\u{3c3}", "\u{3c2}"),
        ("a\u{2060}b", "AB"),
        ("longfi~1.txt", "longfilename.txt"),
    ] {
        let entries = [
            ("100644", one.as_bytes(), blob),
            ("100644", other.as_bytes(), blob),
        ];
        let error = forge.fetch(forge.plugin(&entries)).expect_err(one);
        assert_eq!(error.kind(), ErrorKind::ContentRefused, "{error}");
    }
    for (way, target) in [
        ("DEEP", "deep/../secret"),
        ("STRASSE", "stra\u{df}e/../secret"),
        ("deep", "de\u{200d}ep/../secret"),
        ("deeply-nested", "DEEPLY~1/../secret"),
    ] {
        let plugin = forge.plugin(&[
            ("120000", way.as_bytes(), forge.blob(".")),
            ("120000", b"bad-link", forge.blob(target)),
        ]);
        forge.refused(plugin, "bad-link");
    }
}

#[test]
fn spellings_of_the_users_own_names_are_left_out() {
    let forge = Forge::new();
    let blob = forge.blob("x");
    for own in [
        "cu\u{17f}tom",
        "CUSTOM~1",
        "Custom\u{200b}",
        ".e\u{200c}nv",
        "ENV~1",
        ".\u{fe0f}env.local",
        "ATK-RE~1",
    ] {
        let plugin = forge.plugin(&[("100644", own.as_bytes(), blob)]);
        assert_eq!(forge.fetch(plugin).unwrap(), ["plugin.yaml"], "{own}");
        let inner = forge.tree(&[("100644", b"overrides.yaml", blob)]);
        let plugin = forge.plugin(&[("40000", own.as_bytes(), inner)]);
        assert_eq!(forge.fetch(plugin).unwrap(), ["plugin.yaml"], "{own}");
    }
}

#[test]
fn what_is_not_a_plugins_to_bring_is_left_out() {
    let forge = Forge::new();
    let blob = forge.blob("x");
    let custom = forge.tree(&[("100644", b"overrides.yaml", blob)]);
    let plugin = forge.plugin(&[
        ("40000", b"custom", custom),
        ("100644", b".env", blob),
        ("100644", b".env.production", blob),
        ("100644", b".env.example", blob),
        ("100644", b".gitignore", blob),
        ("100644", b".gitattributes", blob),
        ("100644", b".atk-ref", blob),
        ("160000", b"module", Oid::from_str(&"1".repeat(40)).unwrap()),
    ]);
    assert_eq!(
        forge.fetch(plugin).unwrap(),
        [".env.example", "plugin.yaml"]
    );
}

#[test]
fn a_link_in_the_place_of_the_plugin_is_not_followed() {
    let forge = Forge::new();
    let elsewhere = forge.plugin(&[]);
    forge.commit(forge.tree(&[
        ("120000", b".atk", forge.blob("elsewhere")),
        ("40000", b"elsewhere", elsewhere),
    ]));
    let error = forge.fetch_committed().expect_err("a link");
    assert_eq!(error.kind(), ErrorKind::ContentRefused, "{error}");
    assert!(error.to_string().contains("`.atk`"), "{error}");
}

#[test]
fn a_tree_that_holds_itself_many_times_over_has_an_end() {
    let forge = Forge::new();
    let mut tree = forge.tree(&[("100644", b"f", forge.blob("x"))]);
    for _ in 0..40 {
        tree = forge.tree(&[
            ("40000", b"a", tree),
            ("40000", b"b", tree),
            ("40000", b"c", tree),
        ]);
    }
    let error = forge
        .fetch(forge.plugin(&[("40000", b"bomb", tree)]))
        .expect_err("a bomb");
    assert!(
        matches!(
            error.kind(),
            ErrorKind::ContentRefused | ErrorKind::GitFailed
        ),
        "{error}"
    );
}

#[test]
fn directories_are_nested_at_most_64_deep() {
    let forge = Forge::new();
    let nested = |depth: usize, name: &str| {
        let mut tree = forge.tree(&[("100644", b"f", forge.blob("x"))]);
        for _ in 1..depth {
            tree = forge.tree(&[("40000", b"d", tree)]);
        }
        forge.plugin(&[("40000", name.as_bytes(), tree)])
    };
    assert_eq!(forge.fetch(nested(64, "top")).unwrap().len(), 2);
    for (depth, name) in [(65, "top"), (1500, "top"), (80, "custom"), (2000, "x")] {
        let error = forge.fetch(nested(depth, name)).expect_err(name);
        assert_eq!(error.kind(), ErrorKind::ContentRefused, "{error}");
        let expected = format!(
            "the plugin's `{name}` has directories in it that are nested more than 64 deep"
        );
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn a_local_plugin_is_nested_at_most_64_deep() {
    let sandbox = atk_tests::sandbox::Sandbox::with_home();
    for place in ["work", "home/plugins"] {
        for (depth, code) in [(64, 0), (65, 5), (300, 5)] {
            let name = format!("nested-{depth}-{}", place.len());
            let files = sandbox.files(&format!("{place}/{name}"));
            let _ = files
                .definition(&name, "")
                .file(&format!("{}f", "d/".repeat(depth)), "x");
            let source = sandbox.path(&format!("{place}/{name}"));
            let added = sandbox.atk(&["add", source.to_str().unwrap()]).fails(code);
            let is_named = added.stderr.contains("nested more than 64 deep");
            assert_eq!(is_named, code != 0, "{}", added.stderr);
        }
    }
    assert_eq!(sandbox.git(&["status", "--porcelain", "-uno"]), "");
}

#[test]
fn a_tree_over_the_limit_is_named() {
    let forge = Forge::new();
    let blob = forge.blob("x");
    let names: Vec<String> = (0..8400)
        .map(|n| format!("{n:04}{}", "x".repeat(4000)))
        .collect();
    let entries: Vec<_> = names
        .iter()
        .map(|name| ("100644", name.as_bytes(), blob))
        .collect();
    let large = forge.tree(&entries);
    for (plugin, root) in [
        (forge.plugin(&[("40000", b"large", large)]), None),
        (large, None),
        (forge.plugin(&[]), Some(large)),
    ] {
        forge.commit(match root {
            None => forge.tree(&[("40000", b".atk", plugin)]),
            Some(root) => root,
        });
        let said = forge
            .fetch_committed()
            .expect_err("a large tree")
            .to_string();
        assert!(said.contains(&large.to_string()), "{said}");
        assert!(said.contains("33554432 are allowed"), "{said}");
    }
}

#[test]
fn a_file_over_the_limit_is_named() {
    let forge = Forge::new();
    let large = forge.blob(&"x".repeat((64 << 20) + 1));
    forge.refused(
        forge.plugin(&[("100644", b"large.bin", large)]),
        "large.bin",
    );
}

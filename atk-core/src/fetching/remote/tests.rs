//! The engine on real repositories, reached by `file://`.
#![expect(clippy::disallowed_methods, reason = "repositories are made with git")]

mod over_ssh;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::fetching::engine::EngineSettings;
use crate::host::{CancelToken, Event};
use crate::process::program::GitProgram;

/// A repository, a cache, and an environment in which git sees nothing of this machine.
struct Place {
    dir: TempDir,
    env: BTreeMap<OsString, OsString>,
}

static SILENT: fn(Event) = |_| {};

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = std::env::var_os("PATH").unwrap();
        let env = BTreeMap::from([
            ("PATH".into(), path),
            ("HOME".into(), dir.path().into()),
            ("GIT_CONFIG_NOSYSTEM".into(), "1".into()),
        ]);
        let place = Place { dir, env };
        place.git(&["init", "-q", "-b", "main", "repo"]);
        place.git_in_repo(&["config", "uploadpack.allowFilter", "true"]);
        place
    }

    fn repo(&self) -> PathBuf {
        self.dir.path().join("repo")
    }

    fn git(&self, args: &[&str]) -> String {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=x", "-c", "user.email=x@x"]);
        git.env_clear().envs(&self.env).current_dir(&self.dir);
        let done = git.args(args).output().unwrap();
        assert!(done.status.success(), "{args:?}: {done:?}");
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }

    fn git_in_repo(&self, args: &[&str]) -> String {
        self.git(&[&["-C", "repo"], args].concat())
    }

    /// Writes files and commits them.
    fn commit(&self, files: &[(&str, &str)]) -> Pin {
        for (path, text) in files {
            let path = self.repo().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        self.git_in_repo(&["add", "-A"]);
        self.git_in_repo(&["commit", "-q", "-m", "x", "--allow-empty"]);
        Pin::new(&self.git_in_repo(&["rev-parse", "HEAD"])).unwrap()
    }

    fn id(&self, name: &str) -> ObjectId {
        ObjectId::parse(&self.git_in_repo(&["rev-parse", name])).unwrap()
    }

    fn engine(&self) -> Engine {
        Engine::new(EngineSettings {
            program: GitProgram::FromPath,
            env: Arc::new(self.env.clone()),
            offline: false,
            mirrors: BTreeMap::new(),
            cache_dir: self.dir.path().join("cache"),
            bounds: crate::fetching::bounds::Bounds {
                transfer: 1 << 30,
                blob: 1000,
                timeout: Duration::from_secs(20),
                rate: 0,
                memory: Arc::default(),
            },
            cache_limit: 1 << 30,
            interactive: false,
        })
    }

    fn url(&self) -> GitUrl {
        GitUrl::parse(&format!("file://{}", self.repo().display())).unwrap()
    }

    /// The files of the pack directories of the cache.
    fn packs(&self) -> Vec<PathBuf> {
        let cache = walkdir::WalkDir::new(self.dir.path().join("cache"));
        let files = cache.into_iter().map(|item| item.unwrap().into_path());
        files
            .filter(|path| path.extension().is_some_and(|e| e == "pack" || e == "idx"))
            .collect()
    }
}

fn open(engine: &Engine, url: GitUrl) -> Remote<'_> {
    let cancel = Box::leak(Box::new(CancelToken::new()));
    let scope = Scope {
        cancel,
        report: &SILENT,
    };
    engine.remote(&url, scope).unwrap()
}

/// All files of a tree, with their text; `-` where a file is not there.
fn files(remote: &Remote<'_>, tree: ObjectId) -> String {
    let mut shown = String::new();
    for entry in remote
        .tree(tree)
        .unwrap()
        .expect("the tree is there")
        .iter()
    {
        let name = String::from_utf8_lossy(&entry.name).into_owned();
        if entry.kind == crate::fetching::object::EntryKind::Tree {
            shown += &format!("{name}({})", files(remote, entry.id));
        } else {
            let text = remote.blob(entry.id);
            let text = text.map_or("-".into(), |text| String::from_utf8(text).unwrap());
            shown += &format!("{name}={text} ");
        }
    }
    shown
}

const FILES: &[(&str, &str)] = &[
    ("index.yaml", "index"),
    ("plugins/a/plugin.yaml", "a"),
    ("plugins/a/sub/x", "x"),
    ("plugins/b/plugin.yaml", "b"),
];

#[test]
fn what_is_wanted_comes_and_nothing_else() {
    let place = Place::new();
    let head = place.commit(FILES);
    let engine = place.engine();
    let mut remote = open(&engine, place.url());
    assert_eq!(remote.head().unwrap(), head);
    let roots = remote
        .commits(std::slice::from_ref(&head), TreeDepth::Root)
        .unwrap();
    assert_eq!(roots, [place.id("HEAD^{tree}")]);
    assert!(!remote.has(place.id("HEAD:plugins")));
    remote
        .commits(std::slice::from_ref(&head), TreeDepth::Entries)
        .unwrap();
    assert!(remote.has(place.id("HEAD:plugins")));
    assert!(!remote.has(place.id("HEAD:plugins/a")));

    let plugin = place.id("HEAD:plugins/a");
    remote
        .objects(&[plugin, place.id("HEAD:index.yaml")])
        .unwrap();
    assert_eq!(files(&remote, plugin), "plugin.yaml=a sub(x=x )");
    assert!(remote.has(place.id("HEAD:index.yaml")));
    assert!(!remote.has(place.id("HEAD:plugins/b")));
    remote.commits(&[head], TreeDepth::All).unwrap();
    assert!(remote.has(place.id("HEAD:plugins/b")));
    assert!(!remote.has(place.id("HEAD:plugins/b/plugin.yaml")));
}

#[test]
fn what_the_cache_has_is_not_asked_again() {
    let place = Place::new();
    let head = place.commit(FILES);
    let plugin = place.id("HEAD:plugins/a");
    let engine = place.engine();
    let mut remote = open(&engine, place.url());
    remote
        .commits(std::slice::from_ref(&head), TreeDepth::Entries)
        .unwrap();
    remote.objects(&[plugin]).unwrap();
    drop(remote);

    std::fs::rename(place.repo(), place.dir.path().join("gone")).unwrap();
    let mut remote = open(&engine, place.url());
    remote.commits(&[head], TreeDepth::Entries).unwrap();
    remote.objects(&[plugin]).unwrap();
    assert_eq!(files(&remote, plugin), "plugin.yaml=a sub(x=x )");
    assert_eq!(
        remote.head().unwrap_err().kind(),
        ErrorKind::RepositoryNotFound
    );
}

#[test]
fn a_tree_of_which_a_part_is_here_costs_only_the_rest() {
    let place = Place::new();
    place.commit(FILES);
    let engine = place.engine();
    let mut remote = open(&engine, place.url());
    remote.objects(&[place.id("HEAD:plugins/a")]).unwrap();
    let head = place.commit(&[("plugins/a/sub/y", "y")]);
    let plugin = place.id("HEAD:plugins/a");
    remote.commits(&[head], TreeDepth::All).unwrap();
    let missing = crate::fetching::missing::Missing::new(&remote.store, &remote.left_out, true);
    assert_eq!(
        missing.of(&[plugin]).unwrap(),
        [place.id("HEAD:plugins/a/sub/y")]
    );
    remote.objects(&[plugin]).unwrap();
    assert_eq!(files(&remote, plugin), "plugin.yaml=a sub(x=x y=y )");
}

#[test]
fn files_over_the_limit_are_left_out() {
    let place = Place::new();
    let large = "x".repeat(2000);
    place.commit(&[("a/small", "s"), ("a/sub/large", &large)]);
    let engine = place.engine();
    let mut remote = open(&engine, place.url());
    let tree = place.id("HEAD:a");
    remote.objects(&[tree]).unwrap();
    assert_eq!(files(&remote, tree), "small=s sub(large=- )");
    assert!(!remote.has(place.id("HEAD:a/sub/large")));
    remote.objects(&[tree]).unwrap();
}

#[test]
fn a_server_without_filters_serves_too() {
    let place = Place::new();
    let head = place.commit(FILES);
    place.git_in_repo(&["config", "uploadpack.allowFilter", "false"]);
    let engine = place.engine();
    let mut remote = open(&engine, place.url());
    let root = remote.commits(&[head], TreeDepth::Entries).unwrap()[0];
    remote.objects(&[root]).unwrap();
    assert_eq!(
        files(&remote, root),
        "index.yaml=index plugins(a(plugin.yaml=a sub(x=x ))b(plugin.yaml=b ))"
    );
}

#[test]
fn filters_that_a_server_refuses_have_substitutes() {
    for refused in [
        &["combine"][..],
        &["tree"],
        &["tree", "combine"],
        &["blob:limit"],
    ] {
        let place = Place::new();
        let head = place.commit(FILES);
        for filter in refused {
            let key = format!("uploadpackfilter.{filter}.allow");
            place.git_in_repo(&["config", &key, "false"]);
        }
        let engine = place.engine();
        for _ in 0..2 {
            let mut remote = open(&engine, place.url());
            remote
                .commits(std::slice::from_ref(&head), TreeDepth::Root)
                .unwrap();
            remote
                .commits(std::slice::from_ref(&head), TreeDepth::Entries)
                .unwrap();
            let plugin = place.id("HEAD:plugins/a");
            remote.objects(&[plugin]).unwrap();
            assert_eq!(files(&remote, plugin), "plugin.yaml=a sub(x=x )");
        }
    }
}

#[test]
fn a_pin_is_found_behind_head_and_missed_where_it_is_gone() {
    let place = Place::new();
    let old = place.commit(FILES);
    place.commit(&[("index.yaml", "new")]);
    let engine = place.engine();
    let mut remote = open(&engine, place.url());
    let root = remote
        .commits(std::slice::from_ref(&old), TreeDepth::Root)
        .unwrap();
    assert_eq!(root, [place.id("HEAD~1^{tree}")]);

    let gone = Pin::new(&"1".repeat(40)).unwrap();
    let error = remote.commits(&[old, gone], TreeDepth::Root).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PinNotFound);
    assert!(error.to_string().contains("1111111111"), "{error}");
    let tree = Pin::new(&place.git_in_repo(&["rev-parse", "HEAD^{tree}"])).unwrap();
    let error = remote.commits(&[tree], TreeDepth::Root).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PinNotFound);
    let long = Pin::new(&"1".repeat(64)).unwrap();
    assert!(remote.commits(&[long], TreeDepth::Root).is_err());
}

#[test]
fn an_empty_repository_says_so() {
    let place = Place::new();
    let engine = place.engine();
    let error = open(&engine, place.url()).head().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RepositoryEmpty);
}

#[test]
fn whatever_happens_to_the_cache_the_files_are_right() {
    damage_the_cache(&Place::new());
    // A server that sends the same pack again.
    let place = Place::new();
    place.git_in_repo(&["config", "uploadpack.allowFilter", "false"]);
    damage_the_cache(&place);
}

fn damage_the_cache(place: &Place) {
    let head = place.commit(FILES);
    let plugin = place.id("HEAD:plugins/a");
    let damage: &[fn(&Path)] = &[
        |file| std::fs::remove_file(file).unwrap(),
        |file| {
            drop(
                std::fs::OpenOptions::new()
                    .write(true)
                    .open(file)
                    .unwrap()
                    .set_len(0),
            )
        },
        |file| {
            drop(
                std::fs::OpenOptions::new()
                    .write(true)
                    .open(file)
                    .unwrap()
                    .set_len(40),
            )
        },
        |file| {
            let mut bytes = std::fs::read(file).unwrap();
            let middle = bytes.len() / 2;
            bytes[12..middle].fill(7);
            std::fs::write(file, bytes).unwrap();
        },
        |file| {
            let mut bytes = std::fs::read(file).unwrap();
            let end = bytes.len() - 20;
            bytes[end - 9..end].fill(7);
            std::fs::write(file, bytes).unwrap();
        },
        |file| {
            // As a power cut leaves it: the second half was not written.
            let bytes = std::fs::read(file).unwrap();
            std::fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
        },
        |file| {
            let mut bytes = std::fs::read(file).unwrap();
            bytes.fill(0);
            std::fs::write(file, bytes).unwrap();
        },
        |file| std::fs::write(file, "something else").unwrap(),
    ];
    let engine = place.engine();
    for (which, harm) in damage.iter().enumerate() {
        for kind in ["pack", "idx"] {
            let fetch = || {
                let mut remote = open(&engine, place.url());
                remote
                    .commits(std::slice::from_ref(&head), TreeDepth::Entries)
                    .unwrap();
                remote.objects(&[plugin]).unwrap();
                files(&remote, plugin)
            };
            assert_eq!(fetch(), "plugin.yaml=a sub(x=x )");
            let packs = place.packs();
            for file in packs
                .iter()
                .filter(|file| file.extension().unwrap() == kind)
            {
                let mut permissions = file.metadata().unwrap().permissions();
                #[expect(clippy::permissions_set_readonly_false, reason = "a scratch file")]
                permissions.set_readonly(false);
                std::fs::set_permissions(file, permissions).unwrap();
                harm(file);
            }
            assert_eq!(fetch(), "plugin.yaml=a sub(x=x )", "harm {which} to {kind}");
        }
    }
}

#[test]
fn many_threads_share_an_entry() {
    let place = Place::new();
    let head = place.commit(FILES);
    let plugin = place.id("HEAD:plugins/a");
    let engine = place.engine();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let mut remote = open(&engine, place.url());
                remote
                    .commits(std::slice::from_ref(&head), TreeDepth::Entries)
                    .unwrap();
                remote.objects(&[plugin]).unwrap();
                assert_eq!(files(&remote, plugin), "plugin.yaml=a sub(x=x )");
            });
        }
    });
}

#[test]
fn git_itself_fetches_where_nothing_else_works() {
    let place = Place::new();
    let old = place.commit(FILES);
    let head = place.commit(&[("index.yaml", "new")]);
    let engine = place.engine();
    let mut remote = open(&engine, place.url());
    remote.plain = true;
    assert_eq!(remote.head().unwrap(), head);
    let roots = remote.commits(&[old, head], TreeDepth::Entries).unwrap();
    remote.objects(&roots).unwrap();
    assert!(files(&remote, roots[0]).starts_with("index.yaml=index "));
    assert!(files(&remote, roots[1]).starts_with("index.yaml=new "));
    let gone = Pin::new(&"1".repeat(40)).unwrap();
    let error = remote.commits(&[gone], TreeDepth::Root).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PinNotFound);
}

#[test]
fn a_transfer_larger_than_the_limit_ends() {
    let place = Place::new();
    let head = place.commit(FILES);
    let mut config = place.engine().config().clone();
    config.bounds.transfer = 50;
    let engine = Engine::new(config);
    let mut remote = open(&engine, place.url());
    let error = remote.commits(&[head], TreeDepth::Root).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::GitFailed);
    assert!(error.to_string().contains("50 bytes"), "{error}");
    drop(remote);
    assert_eq!(place.packs(), Vec::<PathBuf>::new());
}

#[test]
fn rewritten_urls_and_forbidden_protocols_are_respected() {
    let mut place = Place::new();
    let head = place.commit(FILES);
    let config = format!(
        "[url \"file://{}\"]\n\tinsteadOf = https://example.org/org/tool\n",
        place.repo().display()
    );
    std::fs::write(place.dir.path().join(".gitconfig"), config).unwrap();
    let url = GitUrl::parse("https://example.org/org/tool").unwrap();
    let engine = place.engine();
    assert_eq!(open(&engine, url.clone()).head().unwrap(), head);

    place
        .env
        .insert("GIT_ALLOW_PROTOCOL".into(), "https".into());
    let engine = place.engine();
    let error = open(&engine, url).head().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SourceInvalid);
    assert!(!error.to_string().contains("file://"), "{error}");
}

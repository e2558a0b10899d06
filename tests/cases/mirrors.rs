//! Mirrors of a registry, which take over while its own server cannot be reached.

use std::fs;

use atk_tests::repository::Registry;
use atk_tests::sandbox::Sandbox;
use atk_tests::server::{Behaviour, GitServer, Stats, Trouble};

const VERIFIED: &str = "maturity: verified\n";

/// A registry `team` on a server of its own, a mirror of it on a second, and another on a third.
struct Mirrored {
    sandbox: Sandbox,
    main: GitServer,
    mirrors: [GitServer; 2],
    team: Registry,
}

fn mirrored() -> Mirrored {
    let mut sandbox = Sandbox::new();
    let mut team = Registry::new(&sandbox.path("main"), "team");
    team.plugin("tool", |files| {
        files.definition("Tool", VERIFIED).file("a.txt", "1")
    });
    team.plugin("other", |files| files.definition("Other", VERIFIED));
    team.commit("Two");
    let mut public = Registry::new(&sandbox.repos(), "public");
    public.plugin("github", |files| files.definition("GitHub", VERIFIED));
    public.commit("One");
    let main = GitServer::start(sandbox.path("main"));
    let mirrors = ["first", "second"].map(|name| {
        fs::create_dir(sandbox.path(name)).unwrap();
        copy(&sandbox, name);
        GitServer::start(sandbox.path(name))
    });
    sandbox.use_registry(&format!("file://{}/public", sandbox.repos().display()));
    sandbox.atk(&["init"]).succeeds();
    let [first, second] = &mirrors;
    let urls = [main.url("team"), first.url("team"), second.url("team")];
    let [url, first, second] = &urls;
    sandbox
        .atk(&[
            "registry", "add", "team", url, "--mirror", first, "--mirror", second,
        ])
        .succeeds();
    Mirrored {
        sandbox,
        main,
        mirrors,
        team,
    }
}

/// Brings a mirror up to date.
fn copy(sandbox: &Sandbox, mirror: &str) {
    let place = sandbox.path(mirror).join("team");
    if place.exists() {
        fs::remove_dir_all(&place).unwrap();
    }
    let mut git = sandbox.program("git");
    git.args(["clone", "-q", "--bare"]);
    git.arg(sandbox.path("main/team")).arg(place);
    sandbox.run_with_input(git, "").succeeds();
}

impl Mirrored {
    fn stats(&self) -> [Stats; 3] {
        let [first, second] = &self.mirrors;
        let stats = [self.main.stats(), first.stats(), second.stats()];
        for server in [&self.main, first, second] {
            server.reset();
        }
        stats
    }

    /// What the servers were asked, without what they answered.
    fn requests(&self) -> [usize; 3] {
        self.stats().map(|stats| stats.requests)
    }

    fn behave(&self, server: &GitServer, change: impl FnOnce(&mut Behaviour)) {
        let mut behaviour = Behaviour::default();
        change(&mut behaviour);
        server.set(behaviour);
        self.stats();
    }
}

#[test]
fn a_mirror_takes_over_while_the_registry_cannot_be_reached() {
    let mut here = mirrored();
    here.sandbox.atk(&["search"]).succeeds();
    assert_eq!(here.requests()[1..], [0, 0], "the registry itself is there");
    fs::remove_dir_all(here.sandbox.path("cache")).unwrap();
    fs::create_dir(here.sandbox.path("cache")).unwrap();

    // Nobody listens there any more.
    let url = here.main.url("team");
    let gone = std::mem::replace(&mut here.main, GitServer::start(here.sandbox.path("tmp")));
    drop(gone);
    let found = here.sandbox.atk(&["search", "--json"]).succeeds().json();
    assert_eq!(found["plugins"].as_array().unwrap().len(), 3);
    let warning = found["warnings"][0].as_str().unwrap();
    assert!(warning.contains(&here.mirrors[0].url("team")), "{warning}");
    assert!(warning.contains("cannot connect"), "{warning}");
    let [_, first, second] = here.stats();
    assert!((1..=4).contains(&first.requests), "{}", first.summary());
    assert_eq!(second.requests, 0);

    let added = here
        .sandbox
        .atk(&["add", "-y", "team/tool", "--json"])
        .succeeds()
        .json();
    assert!(
        added["warnings"].to_string().contains("its mirror"),
        "{added}"
    );
    let [_, first, second] = here.stats();
    assert!(first.requests <= 4, "{}", first.summary());
    assert_eq!(second.requests, 0);
    // The manifest keeps the registry's own URL.
    let manifest = here.sandbox.read("manifest.yaml");
    assert!(
        manifest.contains(&format!("url: {url}//plugins/tool\n")),
        "{manifest}"
    );

    // On another machine, at the pin.
    let other = Sandbox::new();
    let home = format!("file://{}", here.sandbox.home().display());
    other.atk(&["init", &home]).succeeds();
    let installed = other.atk(&["install", "--all"]).succeeds();
    assert!(
        installed.stderr.contains("its mirror"),
        "{}",
        installed.stderr
    );
    assert_eq!(other.read("plugins/tool/a.txt"), "1");
    assert!(here.stats()[1].requests <= 4);
}

#[test]
fn a_server_that_fails_gives_way_and_one_that_answers_does_not() {
    let here = mirrored();
    let install = || {
        let directory = here.sandbox.home().join("plugins/tool");
        let _ = fs::remove_dir_all(directory);
        let cache = here.sandbox.path("cache");
        fs::remove_dir_all(&cache).unwrap();
        fs::create_dir(cache).unwrap();
        here.sandbox.atk(&["install", "tool"])
    };
    here.sandbox.atk(&["add", "-y", "team/tool"]).succeeds();
    for status in [500, 502, 503] {
        here.behave(&here.main, |main| main.status = Some(status));
        let installed = install().succeeds();
        assert!(
            installed.stderr.contains("its mirror"),
            "{}",
            installed.stderr
        );
        let [main, first, second] = here.stats();
        assert_eq!(main.requests, 1, "{}", main.summary());
        assert!(first.requests <= 4, "{}", first.summary());
        assert_eq!(second.requests, 0);
    }
    // It breaks off in the middle.
    here.behave(&here.main, |main| main.trouble = Some(Trouble::Drop(100)));
    install().succeeds();
    assert!(here.requests()[1] > 0);
    // It answers, so it was reached.
    for status in [401, 403, 404, 410, 429] {
        here.behave(&here.main, |main| main.status = Some(status));
        install().fails(7);
        assert_eq!(here.requests()[1..], [0, 0], "{status}");
    }
    here.behave(&here.main, |main| {
        main.page = Some("<html>Sign in</html>".to_owned())
    });
    install().fails(7);
    assert_eq!(here.requests()[1..], [0, 0]);
}

#[test]
fn a_mirror_that_lacks_a_commit_or_refuses_leads_to_the_next() {
    let mut here = mirrored();
    here.team.plugin("tool", |files| files.file("a.txt", "2"));
    here.team.commit("Newer");
    copy(&here.sandbox, "second");
    here.sandbox.atk(&["add", "-y", "team/tool"]).succeeds();
    let install = |sandbox: &Sandbox| {
        fs::remove_dir_all(sandbox.home().join("plugins/tool")).unwrap_or_default();
        fs::remove_dir_all(sandbox.path("cache")).unwrap();
        fs::create_dir(sandbox.path("cache")).unwrap();
        sandbox.atk(&["install", "tool"])
    };
    here.behave(&here.main, |main| main.status = Some(500));
    // The first mirror is behind.
    let installed = install(&here.sandbox).succeeds();
    let second = here.mirrors[1].url("team");
    assert!(installed.stderr.contains(&second), "{}", installed.stderr);
    assert_eq!(here.sandbox.read("plugins/tool/a.txt"), "2");
    let requests = here.requests();
    assert!(requests.iter().all(|count| *count > 0), "{requests:?}");

    // It refuses, or serves nothing.
    for status in [401, 404] {
        here.behave(&here.mirrors[0], |mirror| mirror.status = Some(status));
        install(&here.sandbox).succeeds();
        assert_eq!(here.requests()[1], 1);
    }
    // If none can stand in, the failure is that of the registry, and each mirror is named.
    here.behave(&here.mirrors[1], |mirror| mirror.status = Some(503));
    let failed = install(&here.sandbox).fails(7);
    assert!(
        failed
            .stderr
            .contains(&format!("`{}`", here.main.url("team"))),
        "{}",
        failed.stderr
    );
    for mirror in &here.mirrors {
        assert!(
            failed.stderr.contains(&mirror.url("team")),
            "{}",
            failed.stderr
        );
    }
}

/// A mirror says what its branches point to, and may lie. A plugin that is installed has a pin, which is a
/// commit, and its objects are what their ids say.
#[test]
fn a_mirror_with_other_content_changes_no_pin() {
    let here = mirrored();
    here.sandbox.atk(&["add", "-y", "team/tool"]).succeeds();
    let manifest = here.sandbox.read("manifest.yaml");
    // The first mirror has another history, with the same names in it.
    fs::remove_dir_all(here.sandbox.path("first/team")).unwrap();
    let mut forged = Registry::new(&here.sandbox.path("first"), "team");
    forged.plugin("tool", |files| {
        files.definition("Tool", VERIFIED).file("a.txt", "evil")
    });
    forged.commit("Forged");
    here.behave(&here.main, |main| main.status = Some(500));

    for args in [&["upgrade", "-y", "tool"][..], &["upgrade", "-y", "--all"]] {
        let failed = here.sandbox.atk(args);
        let failed = failed.fails(if args[2] == "tool" { 7 } else { 1 });
        assert!(
            failed.stderr.contains("mirrors are not asked"),
            "{}",
            failed.stderr
        );
        assert_eq!(here.requests()[1..], [0, 0]);
    }
    let outdated = here.sandbox.atk(&["outdated", "--json"]).succeeds().json();
    assert_eq!(outdated["plugins"][0]["outcome"]["state"], "unknown");
    assert_eq!(here.sandbox.read("manifest.yaml"), manifest);

    // At the pin, the mirror that has it not is passed over.
    fs::remove_dir_all(here.sandbox.home().join("plugins/tool")).unwrap();
    fs::remove_dir_all(here.sandbox.path("cache")).unwrap();
    fs::create_dir(here.sandbox.path("cache")).unwrap();
    here.sandbox.atk(&["install", "tool"]).succeeds();
    assert_eq!(here.sandbox.read("plugins/tool/a.txt"), "1");
    here.sandbox.atk(&["verify", "tool"]).succeeds();
    assert_eq!(here.sandbox.read("manifest.yaml"), manifest);
}

//! Variables are asked for by what the pin says, and answers end where they belong.

use std::fs;
use std::sync::Mutex;

use atk_core::{
    CancelToken, ErrorKind, Home, Host, HostError, Options, Prompt, Reply, Select, SetupOptions,
};
use atk_tests::repository::Registry;
use atk_tests::sandbox::Sandbox;
use atk_tests::server::GitServer;

/// A home with `echo`, which the registry has in a newer version with one more variable; the
/// manifest has been pulled from a machine that upgraded it already.
fn pulled() -> (Sandbox, GitServer) {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    let variables = "maturity: verified\nenv_vars:\n- {name: OLD}\n";
    registry.plugin("echo", |files| files.definition("Echo", variables));
    let old = registry.commit("One");
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    sandbox.atk(&["add", "echo"]).succeeds();
    let more = format!("{variables}- {{name: NEW, required: true}}\n");
    registry.plugin("echo", |files| {
        files.definition("Echo", &more).file("more", "more\n")
    });
    let new = registry.commit("Two");
    let manifest = sandbox.read("manifest.yaml").replace(&old, &new);
    fs::write(sandbox.home().join("manifest.yaml"), manifest).unwrap();
    sandbox.git(&["commit", "-qam", "Pulled"]);
    (sandbox, server)
}

#[test]
fn what_the_pin_wants_to_know_is_asked_though_older_files_are_there() {
    let (sandbox, _server) = pulled();
    let stamp = sandbox.read("plugins/echo/.atk-ref");
    let report = sandbox
        .atk(&["setup", "echo", "--json", "--env", "NEW=1"])
        .succeeds()
        .json();
    let outcome = &report["plugins"][0]["outcome"];
    assert_eq!(outcome["written"].to_string(), r#"["NEW"]"#, "{report}");
    assert_eq!(outcome["fetched"], false);
    assert_eq!(sandbox.read("plugins/echo/.env"), "NEW=1\n");
    // Replacing the files is for an installation, which runs what belongs to them.
    assert_eq!(sandbox.read("plugins/echo/.atk-ref"), stamp);
    assert!(!sandbox.home().join("plugins/echo/more").exists());
    sandbox.atk(&["install", "--all"]).succeeds();
    assert_eq!(sandbox.read("plugins/echo/more"), "more\n");
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
}

#[test]
fn older_files_serve_where_those_of_the_pin_cannot_be_had() {
    let (sandbox, server) = pulled();
    let url = server.url("registry");
    drop(server);
    fs::remove_dir_all(sandbox.path("cache")).unwrap();
    let report = sandbox
        .atk(&[
            "setup", "echo", "--json", "--env", "OLD=1", "--env", "NEW=2",
        ])
        .succeeds()
        .json();
    let warnings = &report["plugins"][0]["outcome"]["warnings"];
    assert!(warnings[0].as_str().unwrap().contains(&url), "{report}");
    assert_eq!(warnings[1], "the plugin has no variable `NEW`", "{report}");
    assert_eq!(sandbox.read("plugins/echo/.env"), "OLD=1\n");
}

/// Answers questions until it is asked for a certain one; then it cancels.
struct Until<'a>(&'a str, Mutex<Vec<String>>);

impl Host for Until<'_> {
    fn prompt(&self, prompt: Prompt, cancel: &CancelToken) -> Result<Reply, HostError> {
        self.1.lock().unwrap().push(prompt.id.clone());
        if prompt.id == self.0 {
            cancel.cancel();
        }
        Ok(Reply::Text(format!("answer to {}", prompt.id)))
    }
}

#[test]
fn a_cancel_keeps_what_is_done_and_leaves_the_plugin_that_was_asked_about() {
    let sandbox = Sandbox::with_home();
    for name in ["one", "two", "three"] {
        sandbox
            .files(&format!("work/{name}"))
            .definition(name, "env_vars: [{name: AA}, {name: BB}]\n");
        let source = format!("./{name}");
        sandbox.atk(&["add", &source, "--env", "AA=old"]).succeeds();
    }
    let home = Home::open(sandbox.home(), Options::new(sandbox.path("cache"))).unwrap();
    let host = Until("env:two:BB", Mutex::default());
    let error = home
        .with_cancel(&CancelToken::new())
        .setup(&Select::All, &SetupOptions::default(), &host)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert_eq!(
        *host.1.lock().unwrap(),
        ["env:one:AA", "env:one:BB", "env:two:AA", "env:two:BB"]
    );
    assert_eq!(
        sandbox.read("plugins/one/.env"),
        "AA='answer to env:one:AA'\nBB='answer to env:one:BB'\n"
    );
    assert_eq!(sandbox.read("plugins/two/.env"), "AA=old\n");
    assert_eq!(sandbox.read("plugins/three/.env"), "AA=old\n");
}

#[test]
fn a_link_in_the_place_of_the_answers_is_refused_and_stops_no_other_plugin() {
    let sandbox = Sandbox::with_home();
    for name in ["one", "two"] {
        sandbox
            .files(&format!("work/{name}"))
            .definition(name, "env_vars: [{name: AA}]\n");
        let source = format!("./{name}");
        sandbox.atk(&["add", &source]).succeeds();
    }
    sandbox
        .files("home/plugins/one")
        .link(".env", "../../../outside");
    fs::write(sandbox.path("outside"), "AA=theirs\n").unwrap();
    let report = sandbox
        .atk(&["setup", "--all", "--json", "--env", "AA=1"])
        .fails(1)
        .json();
    assert_eq!(report["plugins"][0]["error"]["code"], "home_invalid");
    assert_eq!(report["plugins"][1]["result"], "done");
    let outside = fs::read_to_string(sandbox.path("outside")).unwrap();
    assert_eq!(outside, "AA=theirs\n");
    assert_eq!(sandbox.read("plugins/two/.env"), "AA=1\n");
}

#[test]
fn questions_are_asked_while_others_may_change_the_home() {
    let sandbox = Sandbox::with_home();
    sandbox
        .files("work/mine")
        .definition("Mine", "env_vars: [{name: AA}]\n");
    sandbox.atk(&["add", "./mine"]).succeeds();
    sandbox.files("work/next").definition("Next", "");
    let terminal = sandbox.terminal(&["setup", "mine"]);
    terminal.wait_for("AA");
    sandbox.atk(&["add", "./next", "--no-wait"]).succeeds();
    let env = sandbox.home().join("plugins/mine/.env");
    fs::write(env, "# written meanwhile\nZZ=1\n").unwrap();
    let mut terminal = terminal;
    terminal.enter("typed");
    terminal.wait().succeeds();
    assert_eq!(
        sandbox.read("plugins/mine/.env"),
        "# written meanwhile\nZZ=1\nAA=typed\n"
    );
}

#[test]
fn a_plugin_that_goes_while_its_variables_are_asked_for_does_not_come_back() {
    let sandbox = Sandbox::with_home();
    sandbox
        .files("work/mine")
        .definition("Mine", "env_vars: [{name: AA}]\n");
    sandbox.atk(&["add", "./mine"]).succeeds();
    let mut terminal = sandbox.terminal(&["setup", "mine"]);
    terminal.wait_for("AA");
    sandbox.atk(&["remove", "mine", "-y"]).succeeds();
    terminal.enter("typed");
    terminal.wait().fails(4);
    assert!(!sandbox.home().join("plugins/mine").exists());
}

#[test]
fn a_readme_is_read_in_part_and_never_through_a_link() {
    let sandbox = Sandbox::with_home();
    sandbox.files("work/mine").definition("Mine", "");
    sandbox.atk(&["add", "./mine"]).succeeds();
    let home = Home::open(sandbox.home(), Options::new(sandbox.path("cache"))).unwrap();
    assert_eq!(home.readme("Mine").unwrap().text, None);
    let place = sandbox.home().join("plugins/mine/README.md");
    fs::write(&place, b"# \xff Mine\n").unwrap();
    let text = home.readme("mine").unwrap().text.unwrap();
    assert_eq!(text, "# \u{fffd} Mine\n");
    fs::write(&place, vec![b'x'; 3 << 20]).unwrap();
    let text = home.readme("mine").unwrap().text.unwrap();
    assert_eq!(text.len(), 1 << 20);
    fs::remove_file(&place).unwrap();
    fs::write(sandbox.path("outside"), "secret\n").unwrap();
    sandbox
        .files("home/plugins/mine")
        .link("README.md", "../../../outside");
    let error = home.readme("mine").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HomeInvalid);
    assert_eq!(
        home.readme("nobody").unwrap_err().kind(),
        ErrorKind::PluginNotInstalled
    );
}

#[test]
fn a_name_alone_has_the_value_of_the_environment() {
    let (sandbox, _server) = pulled();
    let values = [("NEW", "a b=c"), ("OLD", "")];
    let mut command = sandbox.command(&["setup", "echo", "--env", "NEW", "--env", "OLD=given"]);
    command.envs(values);
    sandbox.spawn(command).wait().succeeds();
    assert_eq!(
        sandbox.read("plugins/echo/.env"),
        "OLD=given\nNEW='a b=c'\n"
    );
    // Later ones win, whichever form they have; an empty value is a value.
    let words = [
        "setup", "echo", "--env", "NEW=x", "--env", "NEW", "--env", "OLD",
    ];
    let mut command = sandbox.command(&words);
    command.envs(values);
    sandbox.spawn(command).wait().succeeds();
    assert!(sandbox.read("plugins/echo/.env").contains("NEW='a b=c'\n"));
    let finished = sandbox.atk(&["setup", "echo", "--env", "NEW"]);
    finished.fails(2);
}

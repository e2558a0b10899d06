//! Manners of the command: where it writes what, what ends a question, completion, topics of help.

use std::fs::{self, File};
use std::process::Stdio;

use atk_tests::patience::wait_until;
use atk_tests::sandbox::Sandbox;

/// A home with the plugins `one` and `two`; the install command of `two` may fail from now on.
fn with_two(broken: bool) -> Sandbox {
    let sandbox = Sandbox::with_home();
    for name in ["one", "two"] {
        let install = format!("[ ! -e ../../{name}-is-broken ]");
        let more = format!("lifecycle: {{install: '{install}', uninstall: 'true'}}\n");
        sandbox
            .files(&format!("work/{name}"))
            .definition(name, &more);
        sandbox.atk(&["add", &format!("./{name}"), "-y"]).succeeds();
    }
    if broken {
        fs::write(sandbox.home().join("two-is-broken"), "").unwrap();
    }
    sandbox
}

#[test]
fn failures_are_on_standard_error_and_quiet_prints_nothing_else() {
    let sandbox = with_two(true);
    let loud = sandbox.atk(&["install", "--all"]).fails(1);
    assert!(loud.stdout.contains("one: installed"), "{loud:?}");
    assert!(!loud.stdout.contains("command of"), "{loud:?}");
    assert!(
        loud.stderr.contains("`install` command of `two` failed"),
        "{loud:?}"
    );
    assert!(loud.stderr.contains("1 of 2 plugins failed"), "{loud:?}");
    let quiet = sandbox.atk(&["install", "--all", "-q"]).fails(1);
    assert_eq!(quiet.stdout, "");
    assert!(quiet.stderr.contains("two: failed"), "{quiet:?}");
    let silent = sandbox.atk(&["install", "--all", "-qq"]).fails(1);
    assert_eq!((silent.stdout.as_str(), silent.stderr.as_str()), ("", ""));
    let silent = sandbox.atk(&["remove", "none", "-qq"]).fails(4);
    assert_eq!((silent.stdout.as_str(), silent.stderr.as_str()), ("", ""));
    // What was asked for is printed all the same.
    let listed = sandbox.atk(&["list", "-q"]).succeeds();
    assert!(listed.stdout.contains("one"), "{listed:?}");
}

#[test]
fn an_output_that_cannot_be_written_is_an_error_that_is_seen() {
    let sandbox = with_two(false);
    for words in [
        &["list"][..],
        &["list", "--json"],
        &["remove", "none", "--json"],
    ] {
        let mut command = sandbox.command(words);
        command.stdout(File::options().write(true).open("/dev/full").unwrap());
        command.stderr(Stdio::piped());
        let ended = command.spawn().unwrap().wait_with_output().unwrap();
        assert!(!ended.status.success(), "{words:?}");
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(
            said.contains("cannot write to standard output"),
            "{words:?}: {said}"
        );
    }
}

#[test]
fn the_end_of_the_input_at_a_terminal_ends_the_operation() {
    let sandbox = Sandbox::with_home();
    let more = "env_vars: [{name: MODE, default: fast}, {name: LEVEL}]\n";
    sandbox.files("work/asks").definition("Asks", more);
    let before = sandbox.snapshot();
    let mut terminal = sandbox.terminal(&["add", "./asks"]);
    terminal.wait_for("MODE");
    // Ctrl-D
    terminal.press("\u{4}");
    terminal.wait().fails(130);
    before.assert_unchanged();
}

#[test]
fn a_script_without_answers_sees_no_questions() {
    let sandbox = Sandbox::with_home();
    let more = "env_vars: [{name: TOKEN, required: true}]\n";
    sandbox.files("work/asks").definition("Asks", more);
    let refused = sandbox.atk(&["add", "./asks"]).fails(8);
    assert!(!refused.stderr.contains("TOKEN:"), "{}", refused.stderr);
    // One that has answers does.
    let added = sandbox
        .atk_with_input(&["add", "./asks"], "s3cret\n")
        .succeeds();
    assert!(added.stderr.contains("TOKEN"), "{}", added.stderr);
}

#[test]
fn variables_come_from_standard_input() {
    let sandbox = Sandbox::with_home();
    let more = "env_vars: [{name: TOKEN, required: true, secret: true}]\n";
    sandbox.files("work/asks").definition("Asks", more);
    let words = ["add", "./asks", "--env-file", "-"];
    sandbox
        .atk_with_input(&words, "TOKEN='s3 cret'\n")
        .succeeds();
    assert_eq!(sandbox.read("plugins/asks/.env"), "TOKEN='s3 cret'\n");
}

#[test]
fn events_are_lines_of_json_beside_the_document() {
    let sandbox = with_two(false);
    let done = sandbox
        .atk(&["install", "--all", "--json", "--json-events"])
        .succeeds();
    assert_eq!(done.json()["plugins"].as_array().unwrap().len(), 2);
    let events: Vec<serde_json::Value> = done
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let kinds: Vec<&str> = events
        .iter()
        .filter_map(|event| event["event"].as_str())
        .collect();
    assert_eq!(kinds.first(), Some(&"operation_started"), "{kinds:?}");
    assert_eq!(kinds.last(), Some(&"operation_finished"), "{kinds:?}");
    let started = events
        .iter()
        .filter(|event| event["event"] == "plugin_started");
    let positions: Vec<String> = started
        .map(|event| format!("{} of {}", event["position"], event["total"]))
        .collect();
    assert_eq!(positions, ["1 of 2", "2 of 2"]);
    let finished = events
        .iter()
        .filter(|event| event["event"] == "plugin_finished");
    assert!(
        finished
            .map(|event| &event["result"])
            .all(|result| result == "done")
    );
}

#[test]
fn topics_and_the_version_can_be_asked_for() {
    let sandbox = Sandbox::new();
    let codes = sandbox.atk(&["help", "exit-codes"]).succeeds().stdout;
    assert!(codes.contains("130  "), "{codes}");
    let environment = sandbox.atk(&["help", "environment"]).succeeds().stdout;
    assert!(environment.contains("ATK_CACHE_DIR"), "{environment}");
    sandbox.atk(&["help", "files"]).succeeds();
    let version = sandbox.atk(&["--version", "--json"]).succeeds().json();
    assert_eq!(version["name"], "atk");
    assert_eq!(version["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn bash_completes_commands_options_and_the_names_of_plugins() {
    let sandbox = with_two(false);
    let complete = |words: &[&str]| {
        let script = format!(
            "source <(atk completions bash)\nCOMP_WORDS=({})\nCOMP_CWORD={}\nCOMP_TYPE=9\n\
             COMP_LINE=\"${{COMP_WORDS[*]}}\"\nCOMP_POINT=${{#COMP_LINE}}\n\
             \"$(complete -p atk | sed 's/.*-F \\([^ ]*\\).*/\\1/')\" atk \"{}\" \"{}\"\n\
             printf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
            words
                .iter()
                .map(|word| format!("'{word}'"))
                .collect::<Vec<_>>()
                .join(" "),
            words.len() - 1,
            words[words.len() - 1],
            words[words.len() - 2],
        );
        let mut bash = sandbox.program("bash");
        let bin = atk_tests::sandbox::atk_binary();
        let path = std::env::var("PATH").unwrap();
        bash.env(
            "PATH",
            format!("{}:{path}", bin.parent().unwrap().display()),
        );
        bash.args(["--norc", "-c", &script]);
        let ended = sandbox.spawn(bash).wait().succeeds();
        assert_eq!(ended.stderr, "");
        ended.stdout
    };
    assert!(complete(&["atk", "up"]).contains("upgrade"));
    let names = complete(&["atk", "remove", ""]);
    assert!(names.contains("one") && names.contains("two"), "{names}");
    assert!(complete(&["atk", "upgrade", "--dry"]).contains("--dry-run"));
    // Without a home there are no names, and no errors.
    fs::remove_dir_all(sandbox.home()).unwrap();
    assert!(!complete(&["atk", "remove", ""]).contains("one"));
}

#[test]
fn after_ctrl_z_and_fg_the_question_is_shown_again() {
    let sandbox = Sandbox::with_home();
    let more = "env_vars: [{name: MODE}, {name: TOKEN, secret: true, required: true}]\n";
    sandbox.files("work/asks").definition("Asks", more);
    let bin = atk_tests::sandbox::atk_binary();
    let mut bash = sandbox.program("bash");
    bash.args(["--norc", "--noprofile", "-i"]);
    let mut terminal = sandbox.terminal_of(bash);
    terminal.enter(&format!("PS1='ready'; {} add ./asks", bin.display()));
    terminal.wait_for("MODE (optional): ");
    for (question, times) in [("MODE (optional): ", 2), ("TOKEN: ", 2)] {
        terminal.wait_for(question);
        // Ctrl-Z
        terminal.press("\u{1a}");
        terminal.wait_for("Stopped");
        terminal.enter("fg");
        wait_until("the question is shown again", || {
            terminal.screen().matches(question).count() >= times
        });
        terminal.enter("an-answer");
    }
    terminal.wait_for("Added");
    terminal.enter("exit");
    let ended = terminal.wait().succeeds();
    // The secret is hidden after the pause too: it is on the screen once, as the answer to MODE.
    assert_eq!(
        ended.stdout.matches("an-answer").count(),
        1,
        "{}",
        ended.stdout
    );
    assert!(
        sandbox
            .read("plugins/asks/.env")
            .contains("TOKEN=an-answer")
    );
}

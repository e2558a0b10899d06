//! The program before any operation begins: help, usage errors, streams.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::io;
use std::process::{Command, Output, Stdio};

fn atk(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_atk"));
    command.args(words).stdin(Stdio::null()).env_clear();
    command
}

fn run(words: &[&str]) -> (i32, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = atk(words).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

#[test]
fn a_line_without_a_command_prints_the_help_as_an_error() {
    let (code, stdout, stderr) = run(&[]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    insta::assert_snapshot!(stderr, @"
    Installs, pins and upgrades the tools around AI-assisted development

    Usage: atk [OPTIONS] <COMMAND>

    Commands:
      init         Create the home, or clone it from its repository
      bootstrap    Bring a home to this machine: clone it, set its variables, install its plugins
      add          Add a plugin to the home
      setup        Set the variables of plugins
      install      Install plugins at the commits pinned in the manifest
      upgrade      Upgrade plugins to the newest commits of what they follow
      outdated     Show which plugins have newer versions
      verify       Check that the files are those of the pinned commits
      repair       Restore what `atk verify` finds
      doctor       Find out what is wrong, and what fixes it
      history      Show the changes of the home's plugins, the newest first
      undo         Undo a change of the home's plugins: the last one, or that of a commit
      hold         Hold a plugin at its commit
      unhold       Release a plugin that is held at its commit
      uninstall    Remove a plugin and all its files
      remove       Remove a plugin and all its files; same as `uninstall`
      start        Start the services of plugins
      stop         Stop the services of plugins
      restart      Restart the services of plugins
      status       Show the state of plugins and of the home's repository
      logs         Show the logs of a plugin's service
      run          Run a script of a plugin
      exec         Become the MCP server of a plugin
      search       Search the registries
      mcp          Show the MCP server configuration of a plugin
      agents       Show the coding agents that plugins can be plugged into
      plug         Plug the MCP servers and skills of plugins into coding agents
      unplug       Remove what `atk plug` wrote
      plugs        Show which plugins are plugged into which agents
      help         Show help for a command or a topic, or the README of a plugin
      git          Run git in the home
      list         Show the plugins of the home
      show         Show everything about an installed plugin
      watch        Show each change of the home, whoever makes it
      resolve      Show how ATK reads a source, without fetching it
      fetch        Fetch a plugin's files into a directory, without adding it
      create       Write a new plugin that works, to change
      validate     Check a plugin that you write: everything that is wrong with it, at once
      schema       Print the JSON Schema of a file, for editors and other tools
      registry     Use several registries, or run one of your own
      cache        Show, fill, move or clear the download cache; show the home's trash
      completions  Print the completion script of a shell
      man          Write the manual pages into a directory

    Options:
      -h, --help     Print help (see more with '--help')
      -V, --version  Print version

    Global options:
          --home <DIR>          Directory of the home [default: $ATK_HOME, else ~/.atk]
          --registry <URL>      URL of the registry [default: $ATK_REGISTRY_URL, else the public one]
          --offline             Connect to no server: use what the cache has; what it lacks is an error
          --json                Print one JSON document to standard output
          --json-events         Write each event as a line of JSON to standard error
      -y, --yes                 Answer yes to every question about trust or confirmation
          --trust <PREFIX>      Trust sources whose URL starts with this (`github.com/my-org/`; `*` for
                                all); also $ATK_TRUST
          --env <NAME[=VALUE]>  Set a variable of a plugin; without a value, use that of the environment
          --env-file <FILE>     Read variables from a file in .env format, - for standard input; --env
                                takes precedence
          --no-wait             Fail if another process holds the home's lock, instead of waiting
      -q, --quiet...            Print errors and asked-for results only; twice: no errors either
      -v, --verbose             Print each step
          --color <WHEN>        When to use colours: auto, always or never [default: auto]

    Examples:
      atk init                          Create the home ~/.atk
      atk add openmemory                Add a plugin from the registry
      atk add github.com/org/tool       Add a tool that has an .atk/ directory
      atk add ./my-tool                 Add your own plugin
      atk list                          Show the plugins of the home
      atk upgrade --all                 Upgrade all plugins to their newest commits
      atk setup --all                   On a new machine, after cloning the home:
      atk install --all                   set the variables, then install all plugins
    ");
}

#[test]
fn every_command_has_help_with_examples() {
    let help = run(&["--help"]).1;
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let commands = commands.lines().take_while(|line| !line.is_empty());
    let commands: Vec<_> = commands
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.contains(&"init") && commands.contains(&"man"));
    for command in commands {
        let (code, stdout, stderr) = run(&[command, "--help"]);
        assert_eq!((code, stderr.as_str()), (0, ""), "{command}");
        for part in ["Usage: atk ", "Examples:\n  atk "] {
            assert!(stdout.contains(part), "{command}: {stdout}");
        }
        // Everything after `git` is passed to git.
        let has_options = stdout.contains("--home <DIR>");
        assert_eq!(has_options, command != "git", "{command}: {stdout}");
    }
    insta::assert_snapshot!(run(&["add", "--help"]).1, @"
    Add a plugin to the home.

    Fetches the plugin's files and checks them, asks whether to trust a new source, asks for the
    variables that the plugin needs, puts the files in place, runs the plugin's install command, and
    commits. If anything fails, the home is as it was before; the answers stay in the .env file for the
    next try. All files of a local plugin are committed, except those that its .gitignore files ignore
    and those that may hold secrets (*.env, .env.*, and copies of them); a warning lists these.

    A source is a registry name, a git URL or a path. A git URL may have a directory of the repository
    after `//`, and both names and URLs a branch, tag or commit after `@`. Upgrades follow a branch, and
    leave a plugin at a tag or commit. An `@` that is part of a URL is written `%40`.

    Usage: atk add [OPTIONS] <SOURCE>

    Arguments:
      <SOURCE>
              A registry name, a git URL or a path

    Options:
          --at <REVISION>
              A branch, a tag or the full id of a commit; the source may say it itself, after `@`

      -h, --help
              Print help (see a summary with '-h')

    Global options:
          --home <DIR>
              Directory of the home [default: $ATK_HOME, else ~/.atk]

          --registry <URL>
              URL of the registry [default: $ATK_REGISTRY_URL, else the public one]

          --offline
              Connect to no server: use what the cache has; what it lacks is an error

          --json
              Print one JSON document to standard output

          --json-events
              Write each event as a line of JSON to standard error

      -y, --yes
              Answer yes to every question about trust or confirmation

          --trust <PREFIX>
              Trust sources whose URL starts with this (`github.com/my-org/`; `*` for all); also
              $ATK_TRUST

          --env <NAME[=VALUE]>
              Set a variable of a plugin; without a value, use that of the environment

          --env-file <FILE>
              Read variables from a file in .env format, - for standard input; --env takes precedence

          --no-wait
              Fail if another process holds the home's lock, instead of waiting

      -q, --quiet...
              Print errors and asked-for results only; twice: no errors either

      -v, --verbose
              Print each step

          --color <WHEN>
              When to use colours: auto, always or never [default: auto]

    Examples:
      atk add openmemory
      atk add github.com/org/tool --trust github.com/org/
      atk add github.com/org/tool@v1.2                 At a tag
      atk add github.com/org/mono//tools/x             A directory of a repository
      atk add git@example.com:team/mono.git//x@main    Both, with a branch to follow
      atk add ./my-tool
      atk add langfuse --env LANGFUSE_HOST=http://localhost:3000 --env-file secrets.env -y
    ");
}

#[test]
fn the_version_is_that_of_the_package() {
    let version = format!("atk {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(run(&["--version"]), (0, version, String::new()));
}

#[test]
fn a_usage_error_exits_with_2_and_goes_to_standard_error() {
    let (code, stdout, stderr) = run(&["lst"]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    insta::assert_snapshot!(stderr, @"
    error: unrecognized subcommand 'lst'

      tip: some similar subcommands exist: 'stop', 'list'

    Usage: atk [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
}

#[test]
fn a_usage_error_shows_what_was_typed_without_driving_the_terminal() {
    for typed in [
        "x\u{9b}31m\u{202e}",
        "--x\u{9b}31m\u{202e}",
        "x\u{1b}]0;t\u{7}",
    ] {
        let (code, _, stderr) = run(&[typed]);
        assert_eq!(code, 2);
        let drives = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!stderr.contains(drives), "{stderr:?}");
    }
}

#[test]
fn with_json_every_error_is_one_document_on_standard_output() {
    let (code, stdout, stderr) = run(&["lst", "--json"]);
    assert_eq!((code, stderr.as_str()), (2, ""));
    insta::assert_snapshot!(stdout, @r#"{"error":{"code":"invalid_argument","number":2,"exit_code":2,"message":"unrecognized subcommand 'lst'","details":{"help":"some similar subcommands exist: 'stop', 'list'"}}}"#);
    let (code, stdout, stderr) = run(&["--json", "fetch", "x"]);
    assert_eq!((code, stderr.as_str()), (2, ""));
    insta::assert_snapshot!(stdout, @r#"{"error":{"code":"invalid_argument","number":2,"exit_code":2,"message":"the following required arguments were not provided: <DEST>","details":{}}}"#);
    // No variable gives the path of the home.
    let (code, stdout, stderr) = run(&["list", "--json"]);
    assert_eq!((code, stderr.as_str()), (2, ""));
    insta::assert_snapshot!(stdout, @r#"{"error":{"code":"invalid_argument","number":2,"exit_code":2,"message":"the home's location is unknown: neither `ATK_HOME` nor `HOME` is set","details":{}}}"#);
}

#[test]
fn an_invalid_value_is_never_printed() {
    for (word, expected) in [
        (
            "hunter2",
            "error: `--env NAME` reads the value from the environment, but the variable is \
             not set\nhelp: export it first, or pass --env NAME=VALUE\n",
        ),
        (
            "=hunter2",
            "error: `--env` expects `NAME` or `NAME=VALUE`\n",
        ),
        ("", "error: `--env` expects `NAME` or `NAME=VALUE`\n"),
    ] {
        let mut command = atk(&["--home", "/h", "add", "x", "--env", word]);
        let output = command.env("HOME", "/nowhere").output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        let shown = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(shown, expected);
    }
}

#[test]
fn a_variable_that_is_not_set_is_named() {
    let (code, stdout, stderr) = run(&["list", "--home", "/h", "--env", "API_KEY_2"]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert_eq!(
        stderr,
        "error: `--env NAME` reads the value from the environment, but `API_KEY_2` is not \
         set\nhelp: export it first, or pass --env NAME=VALUE\n"
    );
    let mut command = atk(&["list", "--home", "/h", "--env", "API_KEY_2", "--json"]);
    let secret = std::os::unix::ffi::OsStrExt::from_bytes(b"s3cret\xff");
    let secret: &std::ffi::OsStr = secret;
    let output = command.env("API_KEY_2", secret).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let shown = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(shown.contains("`API_KEY_2` is not UTF-8"), "{shown}");
    assert!(!shown.contains("s3cret"), "{shown}");
}

#[test]
fn an_impossible_revision_is_refused_before_anything_happens() {
    let mut command = atk(&["add", "x", "--at", "a..b", "--home", "/nowhere/home"]);
    let output = command.env("HOME", "/nowhere").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: `--at` cannot be used: `a..b` cannot be the name of a branch or tag: it has `..` or `@{`, \
         which name several commits\n"
    );
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let output = atk(&["--help"]).stdout(writer).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stderr, b"");
}

#[test]
fn colours_are_used_only_if_they_are_wanted() {
    let colored = |words: &[&str], var: Option<(&str, &str)>| {
        let mut command = atk(words);
        command.envs(var);
        let output = command.output().unwrap();
        output.stderr.contains(&0x1b)
    };
    assert!(!colored(&["lst"], None));
    assert!(colored(&["lst", "--color=always"], None));
    assert!(colored(&["lst"], Some(("CLICOLOR_FORCE", "1"))));
    assert!(!colored(
        &["lst", "--color", "never"],
        Some(("CLICOLOR_FORCE", "1"))
    ));
    assert!(!colored(&["lst"], Some(("NO_COLOR", "1"))));
}

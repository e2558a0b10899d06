//! `create`: a new plugin that works at once.

use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use atk_tests::sandbox::{Sandbox, Snapshot};
use serde_json::{Value, json};

const SERVICES: [Option<&str>; 5] = [
    None,
    Some("script"),
    Some("systemd"),
    Some("docker"),
    Some("docker-compose"),
];
const SERVERS: [Option<&str>; 4] = [None, Some("stdio"), Some("http"), Some("sse")];
/// The port of the templates. It is changed, as other tests on this machine may have it.
const PORT: &str = "47180";

/// Every variant, and the words that ask for it.
fn variants() -> impl Iterator<Item = (Option<&'static str>, Option<&'static str>, bool)> {
    SERVICES.into_iter().flat_map(|service| {
        let servers = SERVERS.into_iter();
        servers.flat_map(move |server| [false, true].map(|skill| (service, server, skill)))
    })
}

fn words<'a>(
    directory: &'a str,
    (service, server, skill): (Option<&'a str>, Option<&'a str>, bool),
) -> Vec<&'a str> {
    let mut words = vec!["create", directory, "--json"];
    words.extend(service.into_iter().flat_map(|one| ["--service", one]));
    words.extend(server.into_iter().flat_map(|one| ["--mcp", one]));
    words.extend(skill.then_some("--skill"));
    words
}

fn read(sandbox: &Sandbox, path: &str) -> String {
    fs::read_to_string(sandbox.path(path)).unwrap()
}

/// True while a process runs; one that has ended may not have been waited for yet.
fn runs(pid: &str) -> bool {
    let stat = fs::read_to_string(Path::new("/proc").join(pid.trim()).join("stat"));
    let state = stat.ok();
    let state = state.as_ref().and_then(|stat| stat.rsplit_once(") "));
    state.is_some_and(|(_, state)| !state.starts_with('Z'))
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).unwrap().permissions().mode() & 0o111 == 0o111
}

#[test]
fn every_variant_is_valid_and_the_whole_of_it_is_written() {
    let sandbox = Sandbox::new();
    for (number, variant) in variants().enumerate() {
        let directory = format!("tool-{number}");
        let made = sandbox.atk(&words(&directory, variant)).succeeds().json();
        let at = sandbox.path(&format!("work/{directory}"));
        assert_eq!(made["path"], at.to_str().unwrap());
        assert_eq!(made["name"], directory);
        let listed: Vec<_> = made["files"].as_array().unwrap().iter().collect();
        let mut snapshot = Snapshot::of_tree(&at).paths();
        snapshot.retain(|path| !path.ends_with('/'));
        assert_eq!(listed.len(), snapshot.len(), "{variant:?}: {snapshot:?}");
        for file in listed {
            let path = at.join(file.as_str().unwrap());
            let text = fs::read_to_string(&path).unwrap();
            let unfilled = [
                "{directory}",
                "{port}",
                "{program}",
                "{unit}",
                "{more}",
                "{text}",
            ];
            assert!(!unfilled.iter().any(|one| text.contains(one)), "{text}");
            assert_eq!(is_executable(&path), text.starts_with("#!"), "{path:?}");
        }
        let (_, _, skill) = variant;
        assert_eq!(at.join("SKILL.md").exists(), skill);
        let source = format!("./{directory}");
        let found = sandbox.atk(&["validate", "--strict", &source, "--json"]);
        let found = found.succeeds().json();
        for finding in found["diagnostics"].as_array().unwrap() {
            assert_eq!(finding["severity"], "note", "{variant:?}: {finding}");
        }
        // Its author sees none of these.
        let shown = sandbox.atk(&["validate", "--strict", &source]).succeeds();
        let name = found["name"].as_str().unwrap();
        assert_eq!(shown.stdout, format!("`{name}` is valid\n"));
    }
    assert_eq!(fs::read_dir(sandbox.path("work")).unwrap().count(), 40);
}

#[test]
fn a_plugin_in_the_repository_of_a_tool_is_called_after_the_repository() {
    let sandbox = Sandbox::new();
    for directory in ["one/.atk", "two/.atk/"] {
        let made = sandbox.atk(&["create", directory, "--json"]).succeeds();
        assert_eq!(made.json()["name"], &directory[..3]);
    }
    // That of the directory that the command is called in.
    let here = sandbox.path("work/six");
    fs::create_dir(&here).unwrap();
    let mut atk = sandbox.command(&["create", ".atk", "--json"]);
    atk.current_dir(&here);
    let made = sandbox.spawn(atk).wait().succeeds().json();
    assert_eq!(made["name"], "six");
    assert_eq!(made["path"], here.join(".atk").to_str().unwrap());
}

/// Gives a new plugin a port that is free, as its author would.
fn change_port(directory: &Path) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        if text.contains(PORT) {
            let changed = text.replace(PORT, &port.to_string());
            fs::write(&path, changed).unwrap();
        }
    }
    port
}

#[test]
fn every_variant_is_added_started_stopped_and_removed() {
    let sandbox = Sandbox::with_home();
    for service in SERVICES {
        for server in SERVERS {
            // The names differ, as containers and units have the machine's.
            let name = format!(
                "made-{}-{}",
                service.unwrap_or("none"),
                server.unwrap_or("none")
            );
            let variant = (service, server, true);
            sandbox.atk(&words(&name, variant)).succeeds();
            let port = change_port(&sandbox.path(&format!("work/{name}")));
            sandbox.atk(&["add", &format!("./{name}"), "-y"]).succeeds();
            let state = |sandbox: &Sandbox| {
                let status = sandbox.atk(&["status", &name, "--json"]).succeeds().json();
                status["plugins"][0]["outcome"]["state"].clone()
            };
            match service {
                None => {}
                Some("script") => {
                    assert_eq!(state(&sandbox), "stopped", "{name}");
                    sandbox.atk(&["start", &name]).succeeds();
                    assert_eq!(state(&sandbox), "running", "{name}");
                    if let Some(kind @ ("http" | "sse")) = server {
                        talk(port, kind);
                    }
                    let home = sandbox.home().join("plugins").join(&name);
                    let pid = fs::read_to_string(home.join("run/service.pid")).unwrap();
                    assert!(runs(&pid) || cfg!(not(target_os = "linux")));
                    // What runs is not started again.
                    sandbox.atk(&["start", &name]).succeeds();
                    sandbox.atk(&["stop", &name]).succeeds();
                    assert_eq!(state(&sandbox), "stopped", "{name}");
                    assert!(!runs(&pid), "{name}");
                    // And a removal stops it.
                    sandbox.atk(&["start", &name]).succeeds();
                }
                // Without a daemon, or a manager of the user's, they cannot run.
                Some(_) => assert_eq!(state(&sandbox), "stopped", "{name}"),
            }
            if server == Some("stdio") {
                let answers = sandbox.atk_with_input(&["exec", &name], &requests());
                check(answers.succeeds().stdout.lines());
            }
            let shown = sandbox.atk(&["show", &name, "--json"]).succeeds().json();
            assert_eq!(shown["definition"]["mcp"]["transport"].as_str(), server);
            let home = sandbox.home().join("plugins").join(&name);
            let pid = fs::read_to_string(home.join("run/service.pid")).ok();
            sandbox.atk(&["remove", &name, "-y"]).succeeds();
            assert!(!home.exists(), "{name}");
            if let Some(pid) = pid {
                assert!(!runs(&pid), "{name}");
            }
        }
    }
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
    let units = sandbox.path("user/.config/systemd/user");
    let left = fs::read_dir(units).map(|all| all.count()).unwrap_or(0);
    assert_eq!(left, 0, "uninstall removes the units");
}

/// What a client says to a server, line by line.
fn requests() -> String {
    let request = |id: u32, method: &str, params: Value| {
        json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).to_string()
    };
    let hello = json!({"protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}});
    [
        request(1, "initialize", hello),
        json!({"jsonrpc": "2.0", "method": "notifications/initialized"}).to_string(),
        request(2, "tools/list", json!({})),
        request(
            3,
            "tools/call",
            json!({"name": "greet", "arguments": {"name": "Ann"}}),
        ),
        request(4, "tools/call", json!({"name": "greet", "arguments": {}})),
        request(5, "frobnicate", json!({})),
        String::new(),
    ]
    .join("\n")
}

/// Checks the answers to the requests.
fn check<'a>(answers: impl Iterator<Item = &'a str>) {
    let answers: Vec<Value> = answers
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let ids: Vec<_> = answers.iter().map(|answer| answer["id"].as_u64()).collect();
    assert_eq!(ids, [1, 2, 3, 4, 5].map(Some));
    let result = |at: usize| &answers[at]["result"];
    assert_eq!(result(0)["protocolVersion"], "2025-03-26");
    assert_eq!(result(1)["tools"][0]["name"], "greet");
    assert_eq!(result(2)["content"][0]["text"], "Hello, Ann!");
    assert_eq!(result(2)["isError"], false);
    assert_eq!(result(3)["isError"], true);
    assert_eq!(answers[4]["error"]["code"], -32601);
}

/// A connection to a server whose process runs: it need not listen yet.
fn connect(port: u16) -> TcpStream {
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        match TcpStream::connect(("127.0.0.1", port)) {
            Ok(stream) => return stream,
            Err(error) => {
                let is_early = error.kind() == ErrorKind::ConnectionRefused;
                assert!(is_early && Instant::now() < end, "{error}");
                sleep(Duration::from_millis(20));
            }
        }
    }
}

/// Sends a request over HTTP; returns the status and the body.
fn http(port: u16, head: &str, body: &str) -> (u16, String) {
    let mut stream = connect(port);
    let length = body.len();
    write!(
        stream,
        "{head}\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}

/// Speaks with a server as its clients do.
fn talk(port: u16, kind: &str) {
    let requests = requests();
    let requests = requests.lines();
    if kind == "http" {
        let mut answers = Vec::new();
        for request in requests {
            let (status, body) = http(port, "POST /mcp HTTP/1.1", request);
            match request.contains("\"id\"") {
                true => answers.push(body),
                false => assert_eq!((status, body.as_str()), (202, "")),
            }
        }
        check(answers.iter().map(String::as_str));
        let foreign = "POST /mcp HTTP/1.1\r\nOrigin: https://example.com";
        assert_eq!(http(port, foreign, "{}").0, 403);
        assert_eq!(http(port, "GET /mcp HTTP/1.1", "").0, 405);
        return;
    }
    let mut stream = connect(port);
    write!(stream, "GET /sse HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut data = BufReader::new(stream)
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("data: ").map(str::to_owned));
    let endpoint = data.next().unwrap();
    for request in requests {
        let sent = http(port, &format!("POST {endpoint} HTTP/1.1"), request);
        assert_eq!(sent.0, 202);
    }
    let answers: Vec<_> = data.take(5).collect();
    check(answers.iter().map(String::as_str));
    let foreign = "GET /sse HTTP/1.1\r\nOrigin: https://example.com";
    assert_eq!(http(port, foreign, "").0, 403);
}

#[test]
fn what_is_in_the_way_is_left_as_it_is() {
    let sandbox = Sandbox::new();
    sandbox.files("work/full").file("notes", "mine\n");
    sandbox.files("work").file("file", "mine\n");
    fs::create_dir_all(sandbox.path("work/empty")).unwrap();
    symlink("empty", sandbox.path("work/link")).unwrap();
    symlink("nowhere", sandbox.path("work/dangling")).unwrap();
    let before = sandbox.snapshot();
    for (directory, why) in [
        ("full", "full` is not empty: it has `notes`"),
        ("file", "file` is not a directory"),
        ("link", "link` is a symbolic link"),
        ("link/", "link` is a symbolic link"),
        ("dangling", "dangling` is a symbolic link"),
        ("file/below", "is not a directory"),
    ] {
        let refused = sandbox.atk(&["create", directory, "--name", "Some Tool"]);
        let refused = refused.fails(2).stderr;
        assert!(refused.contains(why), "{directory}: {refused}");
    }
    for (words, why) in [
        (&["create", "x"][..], "`x` cannot be the name of a plugin"),
        (&["create", "日本"], "needs at least two letters"),
        (&["create", "new", "--name", " "], "must not be blank"),
        (&["create", "new", "--name", "a\nb"], "control characters"),
        (&["create", "new", "--description", "a\nb"], "one line"),
        (&["create", "new", "--description", ""], "one line"),
        (&["create"], "neither a directory nor a name"),
        (
            &["create", "new", "--service", "cron"],
            "invalid value 'cron'",
        ),
    ] {
        let refused = sandbox.atk(words).fails(2).stderr;
        assert!(refused.contains(why), "{words:?}: {refused}");
    }
    before.assert_unchanged();
}

#[test]
fn an_empty_directory_and_one_with_a_repository_are_filled() {
    let sandbox = Sandbox::new();
    let dir = sandbox.path("work/tool");
    fs::create_dir_all(&dir).unwrap();
    let mut git = sandbox.program("git");
    git.arg("init").arg("-q").arg(&dir);
    sandbox.run_with_input(git, "").succeeds();
    // The shell that stands in the directory stays in it.
    let mut inside = sandbox.command(&["create", ".", "--mcp", "stdio"]);
    inside.current_dir(&dir);
    sandbox.run_with_input(inside, "").succeeds();
    let mut names: Vec<_> = fs::read_dir(&dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            ".git",
            ".gitignore",
            "README.md",
            "plugin.yaml",
            "server.py"
        ]
    );
    assert!(read(&sandbox, "work/tool/plugin.yaml").contains("\nname: tool\n"));
    // A second time it is not empty, whatever was left by a process that was killed.
    let again = sandbox.atk(&["create", "tool", "--mcp", "stdio"]).fails(2);
    assert!(
        again.stderr.contains("it has `plugin.yaml`"),
        "{}",
        again.stderr
    );
    fs::remove_file(dir.join("plugin.yaml")).unwrap();
    fs::remove_file(dir.join("server.py")).unwrap();
    fs::create_dir(dir.join(".atk-new-killed")).unwrap();
    sandbox
        .atk(&["create", "tool", "--mcp", "stdio"])
        .succeeds();
    sandbox.atk(&["validate", "./tool"]).succeeds();
    // Another text is the author's.
    fs::remove_file(dir.join("plugin.yaml")).unwrap();
    fs::write(dir.join("README.md"), "mine\n").unwrap();
    let again = sandbox.atk(&["create", "tool", "--mcp", "stdio"]).fails(2);
    assert!(
        again.stderr.contains("it has `README.md`"),
        "{}",
        again.stderr
    );
}

#[test]
fn a_file_that_cannot_be_written_leaves_nothing() {
    let sandbox = Sandbox::new();
    fs::create_dir_all(sandbox.path("work/empty")).unwrap();
    let before = sandbox.snapshot();
    for directory in ["new", "a/b/new", "empty"] {
        // The README is larger than any file may be.
        let mut limited = sandbox.program("sh");
        limited
            .args(["-c", "ulimit -f 1; trap '' XFSZ; exec \"$0\" \"$@\""])
            .arg(atk_tests::sandbox::atk_binary())
            .args(["create", directory, "--name", "Tool", "--description"])
            .arg("x".repeat(100_000));
        let failed = sandbox.run_with_input(limited, "").fails(1).stderr;
        assert!(failed.contains("cannot write"), "{failed}");
        before.assert_unchanged();
    }
}

#[test]
fn in_the_home_a_plugin_is_created_and_added() {
    let sandbox = Sandbox::with_home();
    let words = [
        "create",
        "--name",
        "My Tool",
        "--mcp",
        "stdio",
        "--in-home",
        "--json",
    ];
    let made = sandbox.atk(&words).succeeds().json();
    let at = sandbox.home().join("plugins/my-tool");
    assert_eq!(made["path"], at.to_str().unwrap());
    assert_eq!(made["directory"], "my-tool");
    assert_eq!(
        made["files"],
        json!(["README.md", "plugin.yaml", "server.py"])
    );
    assert_eq!(made["added"]["source"]["type"], "local");
    assert!(is_executable(&at.join("server.py")));
    assert_eq!(sandbox.log()[0], "Add plugin 'My Tool'");
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
    let answers = sandbox.atk_with_input(&["exec", "my-tool"], &requests());
    check(answers.succeeds().stdout.lines());
    let before = sandbox.snapshot();
    let again = sandbox.atk(&words).fails(5).json();
    assert_eq!(again["error"]["code"], "plugin_exists");
    for directory in ["../x", "a/b", "Other"] {
        let words = ["create", directory, "--name", "My Other", "--in-home"];
        let refused = sandbox.atk(&words).fails(2).stderr;
        assert!(
            refused.contains("is not the directory of the plugin in the home"),
            "{refused}"
        );
    }
    before.assert_unchanged();
    sandbox
        .atk(&["create", "skilled", "--skill", "--in-home"])
        .succeeds();
    assert!(sandbox.home().join("plugins/skilled/SKILL.md").exists());
    // What another machine needs is in the history.
    assert!(
        sandbox
            .git(&["ls-files"])
            .contains("plugins/skilled/SKILL.md")
    );
}

#[test]
fn a_person_is_asked_for_what_the_options_leave_open() {
    let sandbox = Sandbox::new();
    let mut terminal = sandbox.terminal(&["create"]);
    terminal.wait_for("Name of the plugin: ");
    terminal.enter("My Tool");
    terminal.wait_for("What it does, in one line");
    terminal.enter("Counts: things #1");
    terminal.wait_for("Service (none, docker-compose, docker, systemd, script) [none]: ");
    terminal.enter("cron");
    terminal.wait_for("`cron` is not one of them");
    terminal.enter("");
    terminal.wait_for("MCP server (none, stdio, http, sse) [none]: ");
    terminal.enter("stdio");
    terminal.wait_for("An agent skill too? [y/N] ");
    terminal.enter("y");
    terminal.wait().succeeds();
    let definition = read(&sandbox, "work/my-tool/plugin.yaml");
    assert!(definition.contains("\nname: My Tool\n"), "{definition}");
    assert!(
        definition.contains("\ndescription: 'Counts: things #1'\n"),
        "{definition}"
    );
    assert!(
        definition.contains("\n  transport: stdio\n"),
        "{definition}"
    );
    assert!(sandbox.path("work/my-tool/SKILL.md").exists());
    sandbox
        .atk(&["validate", "--strict", "./my-tool"])
        .succeeds();
    // Nothing is asked for with -y, and nothing is written after Ctrl-C.
    let terminal = sandbox.terminal(&["create", "plain", "-y"]);
    terminal.wait().succeeds();
    let mut terminal = sandbox.terminal(&["create", "stopped"]);
    terminal.wait_for("What it does");
    terminal.press("\x03");
    terminal.wait().fails(130);
    assert!(!sandbox.path("work/stopped").exists());
}

#[test]
fn any_name_and_description_is_written_so_that_it_is_read_back() {
    let sandbox = Sandbox::new();
    for (number, text) in [
        "null",
        "0777 12:30",
        "a: b # c",
        "- it's \"so\" {x} [y]",
        "tab & 'quote' \\ backslash",
        "Grüße 日本 🦀 ab",
        "yes please, %d {directory} {more}",
        "true story",
        "---",
        "aa ",
    ]
    .into_iter()
    .enumerate()
    {
        let directory = format!("tool{number}");
        let name = format!("{text} x9");
        let (named, described) = (format!("--name={name}"), format!("--description={text}"));
        let words = [
            "create",
            &directory,
            &named,
            &described,
            "--skill",
            "--service",
            "script",
            "--mcp",
            "http",
            "--json",
        ];
        let made = sandbox.atk(&words).succeeds().json();
        assert_eq!(made["name"], name);
        let source = format!("./{directory}");
        let dest = format!("copy{number}");
        let read = sandbox.atk(&["fetch", &source, &dest, "--json"]).succeeds();
        let read = read.json();
        assert_eq!(read["definition"]["name"], name, "{text}");
        assert_eq!(read["definition"]["description"], text.trim(), "{text}");
        let found = sandbox.atk(&["validate", "--strict", &source]);
        found.succeeds();
    }
}

#[test]
fn the_editor_is_told_of_the_schema_by_its_id() {
    let sandbox = Sandbox::new();
    sandbox.atk(&["create", "tool"]).succeeds();
    let definition = read(&sandbox, "work/tool/plugin.yaml");
    let first = definition.lines().next().unwrap();
    let url = first
        .strip_prefix("# yaml-language-server: $schema=")
        .unwrap();
    let schema = sandbox.atk(&["schema", "plugin"]).succeeds().json();
    assert_eq!(schema["$id"], url);
}

/// The unit is what systemd takes, wherever the plugin is.
#[test]
fn systemd_takes_the_unit() {
    let mut sandbox = Sandbox::with_home();
    let run = sandbox.path("run");
    fs::create_dir(&run).unwrap();
    sandbox.set("XDG_RUNTIME_DIR", run);
    let mut version = sandbox.program("systemd-analyze");
    version.arg("--version");
    if version.output().is_err() {
        return;
    }
    sandbox
        .atk(&["create", "tool", "--service", "systemd", "--in-home"])
        .succeeds();
    let unit = sandbox.path("user/.config/systemd/user/atk-tool.service");
    let text = fs::read_to_string(&unit).unwrap();
    let home = sandbox.home();
    let home = home.display();
    assert!(
        text.contains(&format!("WorkingDirectory={home}/plugins/tool\n")),
        "{text}"
    );
    let mut verify = sandbox.program("systemd-analyze");
    verify.args(["verify", "--user"]).arg(&unit);
    let said = sandbox.run_with_input(verify, "").succeeds();
    assert_eq!(said.stderr, "");
    sandbox.atk(&["remove", "tool", "-y"]).succeeds();
    assert!(!unit.exists());
}

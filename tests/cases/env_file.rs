//! `.env`: what is said about it, and what shells and python-dotenv make of what ATK writes.

use std::fs;
use std::process::Command;

use atk_tests::sandbox::{Sandbox, python_atk};

/// A home with the local plugin `tool`, which has these variables and commands.
fn home(variables: &str) -> Sandbox {
    let sandbox = Sandbox::with_home();
    let commands = "lifecycle: {start: 'true', stop: 'true', status: 'true'}\n\
                    mcp: {transport: stdio, command: x}\n";
    sandbox
        .files("work/tool")
        .definition("tool", &format!("env_vars: {variables}\n{commands}"))
        .exec("hello.sh", "#!/bin/sh\n");
    sandbox.atk(&["add", "./tool", "--env", "A=1"]).succeeds();
    sandbox
}

fn write(sandbox: &Sandbox, bytes: &[u8]) {
    fs::write(sandbox.home().join("plugins/tool/.env"), bytes).unwrap();
}

#[test]
fn lines_that_assign_nothing_are_named_wherever_the_file_is_read() {
    let sandbox = home("[{name: A}]");
    write(&sandbox, b"# mine\nA: hunter2\nB=\"open hunter2\n");
    for command in [
        &["start", "tool"][..],
        &["stop", "tool"],
        &["status"],
        &["install", "tool"],
        &["setup", "tool", "-y"],
        &["mcp", "tool"],
        &["run", "tool", "hello"],
    ] {
        let said = sandbox.atk(command).succeeds();
        for expected in [
            "plugins/tool/.env:2: the line is ignored: it is not an assignment",
            "plugins/tool/.env:3: the line is ignored: its quote is not closed",
        ] {
            let count = said.stderr.matches(expected).count();
            assert_eq!(count, 1, "{}: {}", said.line, said.stderr);
        }
        assert!(!(said.stdout + &said.stderr).contains("hunter2"));
        // What `mcp` prints is a file for agents, which has no place for warnings.
        if command[0] != "mcp" {
            let line = [&["--json"], command].concat();
            let said = sandbox.atk(&line).succeeds().stdout;
            let count = said.matches("plugins/tool/.env:2: the line is").count();
            assert_eq!(count, 1, "{line:?}: {said}");
        }
    }
}

#[test]
fn a_file_that_cannot_be_used_is_named_with_the_reason() {
    let sandbox = home("[{name: A}]");
    let large = [b"A=".as_slice(), &vec![b'x'; 10 << 20]].concat();
    for (bytes, reason) in [
        (&b"A=1\nB=\xff\n"[..], "is not UTF-8 in line 2"),
        (b"A=x\0y\n", "has a NUL byte in line 1"),
        (b"\xff\xfeA\0=\0", "is UTF-16, it must be UTF-8"),
        (&large, "has 10485762 bytes"),
    ] {
        write(&sandbox, bytes);
        let said = sandbox.atk(&["start", "tool"]).fails(1).stderr;
        assert!(
            said.contains("`plugins/tool/.env` cannot be used"),
            "{said}"
        );
        assert!(said.contains(reason), "{said}");
    }
    write(&sandbox, b"\xef\xbb\xbfA=1\r\n\r\n# x\r\n");
    let said = sandbox.atk(&["start", "tool"]).succeeds();
    assert!(!said.stderr.contains("warning"), "{}", said.stderr);
    let path = sandbox.home().join("plugins/tool/.env");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    let said = sandbox.atk(&["start", "tool"]).fails(1).stderr;
    assert!(said.contains("plugins/tool/.env"), "{said}");
}

/// A xorshift generator: the same values in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn value(&mut self) -> String {
        const PIECES: &[&str] = &[
            "'",
            "\"",
            "\\",
            "$",
            "`",
            "$(touch RAN)",
            "`touch RAN`",
            "; touch RAN;",
            "\n",
            " ",
            "a",
            "#",
            " # ",
            "=",
            "${",
            "}",
            "$X",
            "it's",
            "\\'",
            "\n_ATK_SH=\n",
            "<<'X'",
            "é",
            "&",
            "|",
            "(",
            ")",
            "touch RAN",
            "\ntouch RAN\n",
            "$'",
            "\\\n",
        ];
        let count = 1 + self.below(6);
        (0..count)
            .map(|_| PIECES[self.below(PIECES.len())])
            .collect()
    }
}

const COUNT: usize = 40;

fn name(number: usize) -> String {
    format!("V{number}")
}

/// What a program prints, split at NULs.
fn printed(mut command: Command, sandbox: &Sandbox) -> Vec<String> {
    let output = command.current_dir(sandbox.path("work")).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split('\0').map(str::to_owned).collect()
}

#[test]
fn no_shell_executes_a_value_and_python_dotenv_reads_it_back() {
    let variables: Vec<String> = (0..COUNT)
        .map(|number| {
            format!(
                "{{name: {}, description: \"it's `touch RAN`\"}}",
                name(number)
            )
        })
        .collect();
    let sandbox = home(&format!("[{}, {{name: A}}]", variables.join(", ")));
    let file = sandbox.home().join("plugins/tool/.env");
    let python = python_atk().map(|atk| atk.with_file_name("python"));
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let strange = [
        "",
        "X=it's\n",
        "X=\"open\n",
        "X='a' # it's\n",
        "X=$(\n",
        "junk 'x\n",
    ];
    for round in 0..12 {
        let values: Vec<String> = (0..COUNT).map(|_| random.value()).collect();
        let before = strange[round % strange.len()];
        fs::write(&file, before).unwrap();
        let mut command = sandbox.command(&["setup", "tool", "-q"]);
        for (number, value) in values.iter().enumerate() {
            command.args(["--env", &format!("{}={value}", name(number))]);
        }
        sandbox.run_with_input(command, "").succeeds();

        for shell in ["dash", "bash", "sh"] {
            let mut script = sandbox.program(shell);
            let names: Vec<String> = (0..COUNT).map(name).collect();
            let show =
                "for name in $NAMES; do eval \"printf '%s\\0' \\\"\\${$name-unset}\\\"\"; done";
            script.env("NAMES", names.join(" "));
            script
                .args(["-c", &format!(". \"$1\" 2>/dev/null; {show}"), "x"])
                .arg(&file);
            let read = printed(script, &sandbox);
            assert!(
                !sandbox.path("work/RAN").exists(),
                "{shell} ran a value: {values:?}"
            );
            if before.is_empty() {
                for (value, read) in values.iter().zip(&read) {
                    assert!(
                        read == value || read == "unset",
                        "{shell}: {value:?} is {read:?}"
                    );
                }
            }
        }
        if let Some(python) = &python {
            let mut script = sandbox.program(python);
            script.args([
                "-c",
                "import sys, dotenv\n\
                 values = dotenv.dotenv_values(sys.argv[1], interpolate=False)\n\
                 for n in range(int(sys.argv[2])):\n    \
                 sys.stdout.buffer.write(((values.get(f'V{n}') or '') + '\\0').encode())\n",
            ]);
            script.arg(&file).arg(COUNT.to_string());
            let read = printed(script, &sandbox);
            for (value, read) in values.iter().zip(&read) {
                // Interpolation, which is off here, would remove what keeps a last `\` apart.
                let read = read.replace("${_ATK:-}", "");
                assert_eq!(&read, value, "python-dotenv");
            }
        }
    }
}

#[test]
fn a_command_gets_a_value_that_no_shell_can_read_and_scripts_keep_it() {
    let sandbox = home("[{name: A}, {name: B}]");
    let value = "ab'c$(touch RAN)d";
    sandbox
        .atk(&[
            "setup",
            "tool",
            "--env",
            &format!("A={value}"),
            "--env",
            "B=second",
        ])
        .succeeds();
    sandbox.files("home/plugins/tool").exec(
        "hello.sh",
        "#!/bin/sh\n. ./.env\nprintf '%s|%s' \"$A\" \"$B\"\n",
    );
    let said = sandbox.atk(&["run", "tool", "hello"]).succeeds().stdout;
    assert_eq!(said, format!("{value}|second"));
    assert!(!sandbox.home().join("plugins/tool/RAN").exists());
    // The lines that hide it set no variables.
    assert!(
        !sandbox
            .atk(&["mcp", "tool"])
            .succeeds()
            .stdout
            .contains("_ATK_SH")
    );
}

#[test]
fn a_key_pasted_at_a_hidden_question_is_in_one_variable() {
    let sandbox = Sandbox::with_home();
    sandbox.files("work/keys").definition(
        "keys",
        "env_vars: [{name: KEY, secret: true, required: true}, {name: LABEL}, {name: OTHER}]\n",
    );
    let mut terminal = sandbox.terminal(&["add", "./keys"]);
    terminal.wait_for("KEY");
    terminal.press("-----BEGIN KEY-----\nMIIEabc\n-----END KEY-----\n");
    terminal.wait_for("LABEL");
    terminal.enter("mine");
    terminal.wait_for("OTHER");
    terminal.enter("");
    terminal.wait().succeeds();
    assert_eq!(
        sandbox.read("plugins/keys/.env"),
        "KEY='-----BEGIN KEY-----\nMIIEabc\n-----END KEY-----'\nLABEL=mine\n"
    );
}

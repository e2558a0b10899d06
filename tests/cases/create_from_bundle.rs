//! `create --from` with an MCP bundle: a zip archive with the files of a server.

use std::fs;

use atk_tests::sandbox::{Sandbox, Snapshot};
use serde_json::{Value, json};

/// Python that writes an archive: `add(name, content, mode)` adds a file.
const WRITER: &str = "
import json, sys, zipfile
bundle = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED)
def add(name, content, mode=0o100644):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    bundle.writestr(info, content)
manifest = json.loads(sys.argv[2])
";

fn manifest() -> Value {
    json!({
        "manifest_version": "0.3",
        "name": "echo-server",
        "display_name": "Echo Server",
        "version": "1.0.0",
        "description": "Says it again",
        "author": {"name": "Ann"},
        "server": {
            "type": "python",
            "entry_point": "server/main.py",
            "mcp_config": {
                "command": "python3",
                "args": ["${__dirname}/server/main.py", "--root", "${user_config.root}"],
                "env": {"ECHO_KEY": "${user_config.key}"},
            },
        },
        "user_config": {
            "key": {"type": "string", "title": "Key", "required": true, "sensitive": true},
            "root": {"type": "directory", "title": "Root", "description": "Where it looks", "default": "/srv"},
        },
    })
}

const SERVER: &str = "import json, os, sys\n\
                      for line in sys.stdin:\n    \
                      print(json.dumps({'key': os.environ['ECHO_KEY'], 'args': sys.argv[1:], 'line': line}), flush=True)\n";

/// Writes a bundle with a program, whose lines come after those of the writer.
fn bundle(sandbox: &Sandbox, name: &str, program: &str) {
    let mut python = sandbox.program("python3");
    let program = format!("{WRITER}{program}\nbundle.close()\n");
    python.args([
        "-W",
        "ignore",
        "-c",
        &program,
        name,
        &manifest().to_string(),
    ]);
    sandbox.run_with_input(python, "").succeeds();
}

/// A sandbox with a home and a bundle that works.
fn with_bundle() -> Sandbox {
    let sandbox = Sandbox::with_home();
    let program = format!(
        "add('manifest.json', json.dumps(manifest))\n\
         add('server/', '', 0o40755)\n\
         add('server/main.py', {SERVER:?})\n\
         add('server/tool', '#!/bin/sh\\n', 0o100755)\n\
         add('README.md', '# Of the bundle\\n')\n\
         add('icon.png', bytes(range(256)))\n\
         add('.env', 'ECHO_KEY=stranger')\n\
         add('custom/overrides.yaml', 'name: x')\n"
    );
    bundle(&sandbox, "echo.mcpb", &program);
    sandbox
}

#[test]
fn the_files_of_a_bundle_are_the_plugins_and_its_server_starts() {
    let sandbox = with_bundle();
    let made = sandbox
        .atk(&["create", "--from", "echo.mcpb", "--json"])
        .succeeds()
        .json();
    assert_eq!(made["directory"], "echo-server");
    let warnings = made["warnings"].to_string();
    for left_out in ["`.env` was left out", "`custom` was left out"] {
        assert!(warnings.contains(left_out), "{warnings}");
    }
    let at = |name: &str| sandbox.path("work/echo-server").join(name);
    assert_eq!(
        fs::read(at("icon.png")).unwrap(),
        (0..=255).collect::<Vec<u8>>()
    );
    assert_eq!(
        fs::read_to_string(at("README.md")).unwrap(),
        "# Of the bundle\n"
    );
    assert!(!at(".env").exists() && !at("custom").exists());
    let mode = |name: &str| {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(at(name)).unwrap().permissions().mode() & 0o111
    };
    assert_eq!((mode("server/tool"), mode("server/main.py")), (0o111, 0));
    sandbox
        .atk(&["validate", "--strict", "./echo-server"])
        .succeeds();
    sandbox
        .atk(&[
            "add",
            "./echo-server",
            "-y",
            "--env",
            "ECHO_KEY=s3cret",
            "--env",
            "ROOT=/data",
        ])
        .succeeds();
    let said = sandbox.run_with_input(sandbox.command(&["exec", "echo-server"]), "hi\n");
    let said = said.succeeds().json();
    assert_eq!(
        said,
        json!({"key": "s3cret", "args": ["--root", "/data"], "line": "hi\n"})
    );
    let definition = fs::read_to_string(at("plugin.yaml")).unwrap();
    for part in [
        "name: Echo Server",
        "description: Says it again",
        "name: Ann",
        "secret: true",
    ] {
        assert!(definition.contains(part), "{part}\n{definition}");
    }
}

#[test]
fn a_bundle_goes_into_the_home_at_once() {
    let sandbox = with_bundle();
    let words = [
        "create",
        "--from",
        "echo.mcpb",
        "--in-home",
        "--skill",
        "-y",
        "--env",
        "ECHO_KEY=k",
    ];
    sandbox.atk(&words).succeeds();
    assert!(sandbox.home().join("plugins/echo-server/SKILL.md").exists());
    assert!(
        sandbox
            .home()
            .join("plugins/echo-server/server/main.py")
            .exists()
    );
    sandbox.atk(&["verify"]).succeeds();
}

/// Each archive is refused, and nothing is written.
#[test]
fn an_archive_that_harms_is_refused() {
    let sandbox = with_bundle();
    let good = "add('manifest.json', json.dumps(manifest))\nadd('server/main.py', '')\n";
    for (name, program, code, why) in [
        ("up", "add('../evil', 'x')", 5, "`../evil`"),
        ("inner", "add('server/../../evil', 'x')", 5, "evil`"),
        ("absolute", "add('/tmp/evil', 'x')", 5, "evil`"),
        ("backslash", "add('a\\\\..\\\\evil', 'x')", 5, "evil`"),
        ("git", "add('.git/config', 'x')", 5, "`.git/config`"),
        ("device", "add('nul', 'x')", 5, "`nul`"),
        ("twins", "add('Server/Main.py', 'x')", 5, "ignores case"),
        ("file and directory", "add('server', 'x')", 5, "`server"),
        (
            "link",
            "add('link', '/etc/passwd', 0o120777)",
            2,
            "`link` is a link",
        ),
        (
            "definition",
            "add('Plugin.yaml', 'x')",
            2,
            "a file `plugin.yaml` of its own",
        ),
        (
            "zeros",
            "add('zeros', bytes(80 << 20))",
            2,
            "unpacks to more than 67108864 bytes",
        ),
        (
            "many",
            "for n in range(20001): add(f'f/{n}', '')",
            2,
            "more than",
        ),
        (
            "version",
            "manifest['manifest_version'] = '9'\nadd('manifest.json', json.dumps(manifest))",
            2,
            "version `9`",
        ),
    ] {
        // Of two manifests the last counts.
        bundle(&sandbox, "bad.mcpb", &format!("{good}{program}"));
        refused(&sandbox, name, code, why);
    }
    bundle(&sandbox, "bad.mcpb", "add('server/main.py', '')");
    refused(&sandbox, "no manifest", 2, "it has no `manifest.json`");
    let whole = fs::read(sandbox.path("work/echo.mcpb")).unwrap();
    for cut in (4..whole.len()).step_by(whole.len() / 20) {
        fs::write(sandbox.path("work/bad.mcpb"), &whole[..cut]).unwrap();
        refused(&sandbox, "cut", 2, "cannot make a plugin");
    }
    // An entry that says that it is encrypted, and one whose content is not what its sum says.
    let name = b"server/main.py";
    let places = whole.windows(name.len()).enumerate();
    let places: Vec<usize> = places
        .filter(|(_, bytes)| bytes == name)
        .map(|(at, _)| at)
        .collect();
    let [local, central] = places[..] else {
        panic!("{places:?}");
    };
    let mut encrypted = whole.clone();
    encrypted[local - 24] |= 1;
    encrypted[central - 38] |= 1;
    let mut changed = whole.clone();
    changed[local + name.len() + 3] ^= 0x20;
    for (name, bytes) in [("encrypted", encrypted), ("changed", changed)] {
        fs::write(sandbox.path("work/bad.mcpb"), bytes).unwrap();
        refused(&sandbox, name, 2, "cannot make a plugin");
    }
    // A file may be larger than what is read, and is not read then.
    let large = fs::File::create(sandbox.path("work/bad.mcpb")).unwrap();
    std::io::Write::write_all(&mut &large, b"PK\x03\x04").unwrap();
    large.set_len(1 << 40).unwrap();
    refused(&sandbox, "a terabyte", 2, "larger than 67108864 bytes");
    sandbox
        .atk(&["create", "--from", "echo.mcpb", "--mcp", "http"])
        .fails(2);
}

#[track_caller]
fn refused(sandbox: &Sandbox, name: &str, code: i32, why: &str) {
    let before = Snapshot::of_tree(&sandbox.path("work"));
    let failed = sandbox.atk(&["create", "made", "--from", "bad.mcpb"]);
    assert!(failed.stderr.contains(why), "{name}: {}", failed.stderr);
    failed.fails(code);
    assert_eq!(Snapshot::of_tree(&sandbox.path("work")), before, "{name}");
    assert!(!sandbox.path("evil").exists() && !sandbox.path("work/evil").exists());
}

//! The download cache goes to a machine without a network in a file.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use atk_tests::network;
use atk_tests::repository::{Registry, Repository};
use atk_tests::sandbox::{Finished, Sandbox, atk_binary};
use atk_tests::server::{Behaviour, GitServer};
use rustix::process::Signal;

/// A home with a plugin of each kind of source.
struct Machine {
    sandbox: Sandbox,
    server: GitServer,
    tool: Repository,
}

const PLUGINS: [&str; 5] = ["echo", "tool", "part", "private", "mine"];

fn machine() -> Machine {
    let mut sandbox = Sandbox::new();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    registry.plugin("echo", |files| {
        files.definition("Echo", "maturity: verified\n")
    });
    registry.commit("Echo");
    let mut team = Registry::new(&sandbox.repos(), "team");
    team.plugin("private", |files| files.definition("Private", ""));
    team.commit("Private");
    let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "").file("data", "tool\n")
    });
    let parts = Repository::new(&sandbox.repos(), "parts");
    parts.tree("deep/part").definition("Part", "");
    parts.commit("Part");
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    sandbox.files("work/mine").definition("Mine", "");
    sandbox.atk(&["init"]).succeeds();
    sandbox
        .atk(&["registry", "add", "team", &server.url("team")])
        .succeeds();
    let part = format!("{}//deep/part", server.url("parts"));
    for source in ["echo", &server.url("tool"), &part, "team/private", "./mine"] {
        sandbox.atk(&["add", "-y", source]).succeeds();
    }
    Machine {
        sandbox,
        server,
        tool,
    }
}

impl Machine {
    /// The machine that gets a copy of the home, and a file. Its server is never there.
    fn other(&self, file: &Path) -> Sandbox {
        let mut other = Sandbox::new();
        other.use_registry(&self.server.url("registry"));
        let (from, to) = (self.sandbox.home(), other.home());
        self.sandbox
            .git(&["clone", "-q", from.to_str().unwrap(), to.to_str().unwrap()]);
        fs::copy(file, other.path("work/cache.tar")).unwrap();
        other
    }

    fn exported(&self, name: &str) -> std::path::PathBuf {
        self.sandbox.atk(&["cache", "export", name]).succeeds();
        self.sandbox.path("work").join(name)
    }
}

/// Runs the command without a network where the system can, else with the option.
fn cut_off(sandbox: &Sandbox, words: &[&str]) -> Finished {
    let mut command = match network::without() {
        Some(without) => {
            let mut command = sandbox.program(without[0]);
            command.args(&without[1..]).arg(atk_binary());
            command
        }
        None => sandbox.command(&["--offline"]),
    };
    command.args(words);
    sandbox.run_with_input(command, "")
}

#[test]
fn a_machine_that_never_had_a_network_installs_what_another_one_exported() {
    let machine = machine();
    let sandbox = &machine.sandbox;
    sandbox.atk(&["search"]).succeeds();
    sandbox.atk(&["cache", "clear"]).succeeds();
    sandbox.atk(&["search"]).succeeds();
    let report = sandbox
        .atk(&["cache", "fetch", "--all", "--json"])
        .succeeds()
        .json();
    let results: Vec<_> = report["plugins"].as_array().unwrap().iter().collect();
    let results: Vec<_> = results
        .iter()
        .map(|line| line["result"].as_str().unwrap())
        .collect();
    assert_eq!(
        results,
        ["done", "done", "done", "done", "skipped"],
        "{report}"
    );
    machine.server.reset();
    sandbox.atk(&["cache", "fetch", "--all"]).succeeds();
    assert_eq!(machine.server.stats().connections, 0, "all of it was there");

    let file = machine.exported("cache.tar");
    let other = machine.other(&file);
    let imported = cut_off(&other, &["cache", "import", "cache.tar", "--json"])
        .succeeds()
        .json();
    assert_eq!(
        imported["entries"].as_array().unwrap().len(),
        4,
        "{imported}"
    );
    cut_off(&other, &["install", "--all", "-y"]).succeeds();
    cut_off(&other, &["verify"]).succeeds();
    for name in PLUGINS {
        let at = format!("plugins/{name}/plugin.yaml");
        assert_eq!(other.read(&at), sandbox.read(&at));
    }
    let found = cut_off(&other, &["search", "--offline", "--json"])
        .succeeds()
        .json();
    let ids: Vec<_> = found["plugins"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["name"])
        .collect();
    assert_eq!(ids, ["echo", "private"], "{found}");

    // The same cache is the same file, and a second import adds nothing.
    let cached = other.atk(&["cache", "--json"]).succeeds().json();
    assert_eq!(
        fs::read(&file).unwrap(),
        fs::read(machine.exported("again.tar")).unwrap()
    );
    cut_off(&other, &["cache", "import", "cache.tar"]).succeeds();
    assert_eq!(
        other.atk(&["cache", "--json"]).succeeds().json()["bytes"],
        cached["bytes"]
    );
}

#[test]
fn what_any_kind_of_server_sent_can_be_exported() {
    for (kind, change) in Behaviour::KINDS {
        let machine = machine();
        machine.server.change(change);
        let sandbox = &machine.sandbox;
        sandbox.atk(&["cache", "clear"]).succeeds();
        println!("{kind}");
        sandbox.atk(&["cache", "fetch", "--all"]).succeeds();
        let other = machine.other(&machine.exported("cache.tar"));
        cut_off(&other, &["cache", "import", "cache.tar"]).succeeds();
        cut_off(&other, &["install", "--all", "-y"]).succeeds();
        assert_eq!(other.read("plugins/tool/data"), "tool\n");
    }
}

#[test]
fn what_the_cache_has_not_is_said_of_each_plugin() {
    let machine = machine();
    let sandbox = &machine.sandbox;
    sandbox.atk(&["cache", "clear"]).succeeds();
    sandbox.atk(&["cache", "fetch", "tool"]).succeeds();
    let report = sandbox
        .atk(&["--offline", "cache", "fetch", "--all", "--json"])
        .fails(1)
        .json();
    let codes: Vec<_> = report["plugins"].as_array().unwrap().iter().collect();
    let codes: Vec<_> = codes
        .iter()
        .map(|line| line["error"]["code"].as_str().unwrap_or("none"))
        .collect();
    assert_eq!(
        codes,
        ["offline", "none", "offline", "offline", "none"],
        "{report}"
    );
    let failed = sandbox
        .atk(&["--offline", "cache", "fetch", "echo"])
        .fails(7);
    assert!(
        failed.stderr.contains("import a cache"),
        "{}",
        failed.stderr
    );
}

#[test]
fn a_file_is_neither_written_over_nor_left_half_written() {
    let machine = machine();
    let sandbox = &machine.sandbox;
    fs::write(sandbox.path("work/mine.tar"), "mine").unwrap();
    sandbox.atk(&["cache", "export", "mine.tar"]).fails(2);
    sandbox
        .atk(&["cache", "export", "nowhere/cache.tar"])
        .fails(2);
    assert_eq!(
        fs::read_to_string(sandbox.path("work/mine.tar")).unwrap(),
        "mine"
    );
    let pack = noise(24 << 20);
    let large = Repository::tool(&sandbox.repos(), "large", |files| {
        files.definition("Large", "").file("data", &pack)
    });
    drop(large);
    sandbox
        .atk(&["add", "-y", &machine.server.url("large")])
        .succeeds();
    for millis in [5, 20, 40, 80, 120, 160] {
        let running = sandbox.start(&["cache", "export", "cache.tar"]);
        std::thread::sleep(Duration::from_millis(millis));
        running.signal(Signal::KILL);
        let _ = running.wait();
        if sandbox.path("work/cache.tar").exists() {
            fs::remove_file(sandbox.path("work/cache.tar")).unwrap();
        }
    }
    // What a killed process left is taken for another one's for ten minutes.
    let names = || {
        let found = fs::read_dir(sandbox.path("work")).unwrap();
        let mut names: Vec<_> = found
            .map(|item| item.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    for left in names().iter().filter(|name| name.starts_with(".atk-new-")) {
        let hour_ago = SystemTime::now() - Duration::from_secs(3600);
        let left = fs::File::open(sandbox.path("work").join(left)).unwrap();
        left.set_modified(hour_ago).unwrap();
    }
    let file = machine.exported("cache.tar");
    assert_eq!(names(), ["cache.tar", "mine", "mine.tar"]);

    // A killed import leaves a cache that works.
    let other = machine.other(&file);
    for millis in [5, 20, 40, 80, 160, 320] {
        let running = other.start(&["cache", "import", "cache.tar"]);
        std::thread::sleep(Duration::from_millis(millis));
        running.signal(Signal::KILL);
        let _ = running.wait();
        other.atk(&["cache"]).succeeds();
    }
    other.atk(&["cache", "import", "cache.tar"]).succeeds();
    cut_off(&other, &["install", "--all", "-y"]).succeeds();
}

/// Text that does not get smaller.
fn noise(bytes: usize) -> String {
    let mut state = 1_u64;
    let next = |_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        char::from(b'!' + ((state >> 33) % 90) as u8)
    };
    (0..bytes).map(next).collect()
}

/// A file that is cut off, changed or foreign is an error, and what was in the cache before still works.
#[test]
fn a_damaged_file_harms_nothing() {
    let machine = machine();
    let file = machine.exported("cache.tar");
    let whole = fs::read(&file).unwrap();
    let other = machine.other(&file);
    cut_off(&other, &["cache", "import", "cache.tar"]).succeeds();
    let refuse = |name: &str, bytes: &[u8]| {
        fs::write(other.path("work/bad.tar"), bytes).unwrap();
        let said = other
            .atk(&["cache", "import", "bad.tar", "--json"])
            .fails(2)
            .json();
        assert_eq!(said["error"]["code"], "invalid_argument", "{name}: {said}");
        let message = said["error"]["message"].as_str().unwrap();
        assert!(message.contains("bad.tar"), "{name}: {message}");
    };
    refuse("empty", b"");
    refuse("text", b"schema_version: 1\n");
    refuse("zeros", &[0; 4096]);
    let end = whole.len() - 2048;
    for cut in (1..end).step_by(end / 24) {
        refuse(&format!("cut at {cut}"), &whole[..cut]);
    }
    // A bit of the content of a pack, and of a header.
    let at = whole.windows(4).position(|four| four == b"PACK").unwrap();
    for (name, place) in [
        ("pack", at + 40),
        ("its head", at + 5),
        ("a name", at - 500),
        ("a size", at - 388),
    ] {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x11;
        refuse(name, &bytes);
    }
    // Parts in another order, parts that are no files, parts that are too much.
    for (name, parts) in hostile() {
        refuse(name, &tar(&parts));
    }
    cut_off(&other, &["install", "--all", "-y"]).succeeds();
}

type Part = (&'static str, u8, Vec<u8>);

fn hostile() -> Vec<(&'static str, Vec<Part>)> {
    let start = || ("atk-cache", b'0', b"1\n".to_vec());
    let head = |packs: u64, objects: u64| {
        let head = format!("{{\"url\":\"h.org/x\",\"packs\":{packs},\"objects\":{objects}}}");
        ("0/repository", b'0', head.into_bytes())
    };
    let end = |count: &str| ("end", b'0', count.as_bytes().to_vec());
    vec![
        (
            "another version",
            vec![("atk-cache", b'0', b"2\n".to_vec()), end("0")],
        ),
        ("no beginning", vec![end("0")]),
        ("a link", vec![start(), ("0/repository", b'2', Vec::new())]),
        (
            "a device",
            vec![start(), ("0/repository", b'3', Vec::new())],
        ),
        (
            "a long name",
            vec![start(), ("././@LongLink", b'L', vec![b'x'; 5000])],
        ),
        (
            "an extended header",
            vec![start(), ("pax", b'x', b"20 path=../../evil\n".to_vec())],
        ),
        (
            "a foreign part",
            vec![start(), ("../evil", b'0', Vec::new())],
        ),
        (
            "no JSON",
            vec![start(), ("0/repository", b'0', b"{".to_vec())],
        ),
        (
            "deep JSON",
            vec![start(), ("0/repository", b'0', vec![b'['; 60_000])],
        ),
        (
            "much text",
            vec![start(), ("0/repository", b'0', vec![b' '; 100_000])],
        ),
        (
            "packs without end",
            vec![start(), head(1 << 40, 0), end("1")],
        ),
        ("no pack", vec![start(), head(1, 0), end("1")]),
        (
            "an empty pack",
            vec![
                start(),
                head(1, 0),
                ("0/x.pack", b'0', b"PACK".to_vec()),
                end("1"),
            ],
        ),
        (
            "a pack of other bytes",
            vec![
                start(),
                head(1, 0),
                ("0/x.pack", b'0', vec![7; 999]),
                end("1"),
            ],
        ),
        (
            "no object",
            vec![
                start(),
                head(0, 1),
                ("0/blob-zz", b'0', Vec::new()),
                end("1"),
            ],
        ),
        (
            "another object",
            vec![
                start(),
                head(0, 1),
                (
                    "0/blob-1111111111111111111111111111111111111111",
                    b'0',
                    b"x".to_vec(),
                ),
                end("1"),
            ],
        ),
        ("too few repositories", vec![start(), end("1")]),
        ("no number", vec![start(), end("many")]),
    ]
}

/// An archive; a part is its name, its type and its content.
fn tar(parts: &[Part]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, kind, content) in parts {
        let mut header = [0; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[100..108].copy_from_slice(b"0000600\0");
        header[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
        header[136..148].copy_from_slice(b"00000000000\0");
        header[148..156].fill(b' ');
        header[156] = *kind;
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        bytes.extend(header);
        bytes.extend(content);
        bytes.resize(bytes.len().next_multiple_of(512), 0);
    }
    bytes.resize(bytes.len() + 1024, 0);
    bytes
}

/// Of many packs the older ones go, but not as long as nothing can be fetched.
#[test]
fn many_packs_stay_until_a_server_was_reached() {
    let machine = machine();
    let sandbox = &machine.sandbox;
    let url = machine.server.url("tool");
    let packs = entry_of(sandbox, url.trim_start_matches("http://")).join("objects/pack");
    let count = |packs: &Path| {
        let found = fs::read_dir(packs)
            .unwrap()
            .map(|item| item.unwrap().path());
        found
            .filter(|path| path.extension().is_some_and(|end| end == "pack"))
            .count()
    };
    let first = fs::read_dir(&packs)
        .unwrap()
        .map(|item| item.unwrap().path());
    let first = first.into_iter().next().unwrap();
    for number in 0..101 {
        for end in ["pack", "idx"] {
            let copy = packs.join(format!("pack-{number:040}.{end}"));
            fs::copy(first.with_extension(end), copy).unwrap();
        }
    }
    let many = count(&packs);
    let install = |sandbox: &Sandbox| {
        fs::remove_dir_all(sandbox.home().join("plugins/tool")).ok();
        cut_off(sandbox, &["install", "tool", "-y"]).succeeds();
    };
    install(sandbox);
    assert_eq!(count(&packs), many);
    let other = machine.other(&machine.exported("many.tar"));
    cut_off(&other, &["cache", "import", "cache.tar"]).succeeds();
    install(&other);

    machine.tool.tree(".atk").file("data", "newer\n");
    machine.tool.commit("Newer");
    sandbox.atk(&["upgrade", "-y", "tool"]).succeeds();
    assert_eq!(count(&packs), 50);
    install(sandbox);
    assert_eq!(sandbox.read("plugins/tool/data"), "newer\n");
}

fn entry_of(sandbox: &Sandbox, url: &str) -> std::path::PathBuf {
    let entries = fs::read_dir(sandbox.path("cache/git")).unwrap();
    entries
        .map(|item| item.unwrap().path())
        .find(|entry| fs::read_to_string(entry.join("atk-url")).is_ok_and(|known| known == url))
        .unwrap()
}

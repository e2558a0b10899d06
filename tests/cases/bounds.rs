//! Servers that send too much, too slowly or nothing: each is ended by a limit that is named, and
//! leaves neither memory nor disk behind.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use atk_core::{Error, ErrorKind, FetchOptions, Home, Options, Silent};
use atk_tests::packs::{pack, varint};
use atk_tests::repository::{Registry, Repository};
use atk_tests::sandbox::Sandbox;
use atk_tests::server::{GitServer, Instead};

/// A tool behind a server.
fn served() -> (Sandbox, GitServer, String) {
    let sandbox = Sandbox::with_home();
    let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "").file("data", "x".repeat(3000))
    });
    tool.git(&["update-server-info"]);
    let server = GitServer::start(sandbox.repos());
    let url = server.url("tool");
    (sandbox, server, url)
}

/// Fetches as a program would that set these options.
fn fetch(sandbox: &Sandbox, url: &str, set: impl FnOnce(&mut Options)) -> Result<(), Error> {
    let vars = std::env::vars_os().filter(|(name, _)| name == "PATH");
    let mut options = Options::new(sandbox.path("cache"));
    options.env = vars.collect();
    set(&mut options);
    let home = Home::open(sandbox.home(), options)?;
    let dest = sandbox.path("fetched");
    let _ = std::fs::remove_dir_all(&dest);
    home.fetch(url, &dest, &FetchOptions::default(), &Silent)?;
    Ok(())
}

fn bytes_below(dir: &Path) -> u64 {
    let mut total = 0;
    for item in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        total += match item.path().is_dir() {
            true => bytes_below(&item.path()),
            false => item.metadata().map_or(0, |meta| meta.len()),
        };
    }
    total
}

/// A difference that repeats 64 KiB of its base until the result has this size.
fn repeating_delta(result: u64) -> Vec<u8> {
    let mut delta = [varint(1 << 16), varint(result)].concat();
    let times = usize::try_from(result >> 16).unwrap();
    delta.extend(std::iter::repeat_n(0x80, times));
    delta
}

#[test]
fn a_transfer_without_end_ends_at_the_limit_over_every_protocol() {
    for (v2, dumb) in [(true, false), (false, false), (false, true)] {
        let (sandbox, server, url) = served();
        server.change(|behaviour| {
            (behaviour.protocol_v2, behaviour.dumb) = (v2, dumb);
            behaviour.instead = Some(Instead::Endless);
        });
        let error = fetch(&sandbox, &url, |options| {
            options.limits.transfer_bytes = 20 << 20;
        })
        .unwrap_err();
        assert_eq!(error.exit_code(), 7, "{v2} {dumb} {error:?}");
        let text = error.to_string();
        assert!(text.contains(&url), "{text}");
        assert!(
            text.contains("20971520 bytes") || text.contains("limits"),
            "{text}"
        );
        assert!(!text.contains("damaged"), "{text}");
        let left = bytes_below(&sandbox.path("cache"));
        assert!(left < 1 << 20, "{v2} {dumb}: {left} bytes are left");
    }
}

/// Without atk nothing bounds what git takes.
#[test]
#[cfg(target_os = "linux")]
fn a_fetch_ends_if_atk_is_killed() {
    for dumb in [false, true] {
        let (sandbox, server, url) = served();
        server.change(|behaviour| {
            (behaviour.protocol_v2, behaviour.dumb) = (false, dumb);
            behaviour.instead = Some(Instead::Endless);
        });
        let running = sandbox.start(&["add", &url, "-y"]);
        let begun = Instant::now();
        while bytes_below(&sandbox.path("cache")) < 1 << 20 {
            assert!(begun.elapsed() < Duration::from_secs(60));
            std::thread::sleep(Duration::from_millis(20));
        }
        running.signal(rustix::process::Signal::KILL);
        let _ = running.wait();
        wait_until_no_process_fetches(&url);
    }
}

/// With protocol v2 git keeps all that a server says of itself in memory, before it passes it on.
#[test]
#[cfg(target_os = "linux")]
fn a_question_to_a_server_ends_if_atk_is_killed() {
    let sandbox = Sandbox::with_home();
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/tool", server.local_addr().unwrap());
    let running = sandbox.start(&["add", &url, "-y"]);
    let (mut connection, _) = server.accept().unwrap();
    let type_ = "application/x-git-upload-pack-advertisement";
    write!(
        connection,
        "HTTP/1.1 200 OK\r\nContent-Type: {type_}\r\n\r\n"
    )
    .unwrap();
    running.signal(rustix::process::Signal::KILL);
    let _ = running.wait();
    wait_until_no_process_fetches(&url);
}

#[cfg(target_os = "linux")]
fn wait_until_no_process_fetches(url: &str) {
    let since = Instant::now();
    let fetching = || {
        let all = std::fs::read_dir("/proc").unwrap().flatten();
        let lines = all.filter_map(|item| std::fs::read(item.path().join("cmdline")).ok());
        lines
            .filter(|line| String::from_utf8_lossy(line).contains(url))
            .count()
    };
    while fetching() > 0 {
        assert!(since.elapsed() < Duration::from_secs(4), "{url} is fetched");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_small_pack_cannot_stand_for_gigabytes() {
    let base = vec![7; 1 << 16];
    let bomb = repeating_delta(1 << 30);
    let zeros = vec![0; 600 << 20];
    for (name, objects) in [
        (
            "a difference by id",
            vec![
                (3, base.len() as u64, &[][..], &base[..]),
                (7, bomb.len() as u64, &[1; 20][..], &bomb[..]),
            ],
        ),
        (
            "a difference by place",
            vec![
                (3, base.len() as u64, &[][..], &base[..]),
                (6, bomb.len() as u64, &[90][..], &bomb[..]),
            ],
        ),
        (
            "one object",
            vec![(3, zeros.len() as u64, &[][..], &zeros[..])],
        ),
    ] {
        let (sandbox, server, url) = served();
        server.change(|behaviour| behaviour.instead = Some(Instead::Pack(pack(&objects).into())));
        let finished = sandbox.atk(&["add", &url, "-y"]).fails(7);
        let said = &finished.stderr;
        assert!(
            said.contains("536870912 bytes") && said.contains(&url),
            "{name}: {said}"
        );
    }
    // Below that limit, but more than one object may take.
    let bomb = repeating_delta(200 << 20);
    let objects = [
        (3, base.len() as u64, &[][..], &base[..]),
        (7, bomb.len() as u64, &[1; 20][..], &bomb[..]),
    ];
    let (sandbox, server, url) = served();
    server.change(|behaviour| behaviour.instead = Some(Instead::Pack(pack(&objects).into())));
    let finished = sandbox.atk(&["add", &url, "-y"]).fails(7);
    assert!(finished.stderr.contains("of memory"), "{}", finished.stderr);
    // Many small ones: each takes memory too.
    let mut many = pack(&[]).to_vec();
    many[8..12].copy_from_slice(&3_000_000u32.to_be_bytes());
    server.change(|behaviour| behaviour.instead = Some(Instead::Pack(many.into())));
    let finished = sandbox.atk(&["add", &url, "-y"]).fails(7);
    assert!(
        finished.stderr.contains("3000000 objects"),
        "{}",
        finished.stderr
    );
}

/// Deltas, each on the one that comes after it: each round over all of them resolves one.
#[test]
fn a_small_pack_cannot_take_days_to_put_together() {
    let delta = [varint(16), varint(16), vec![16], vec![7; 16]].concat();
    for (count, is_allowed) in [(4000, true), (4001, false), (20_000, false)] {
        let (sandbox, server, url) = served();
        let object = (7, delta.len() as u64, &[1; 20][..], &delta[..]);
        server.change(|behaviour| {
            behaviour.instead = Some(Instead::Pack(pack(&vec![object; count]).into()));
        });
        let said = sandbox.atk(&["add", &url, "-y"]).fails(7).stderr;
        let is_named = said.contains("4000 deltas by object id");
        assert_eq!(is_named, !is_allowed, "{count}: {said}");
        assert!(said.contains(&url), "{said}");
    }
}

/// The most memory that a process and all below it have at one time, until it ends.
#[cfg(target_os = "linux")]
fn most_memory(pid: u32) -> u64 {
    let read = |path: String| std::fs::read_to_string(path).unwrap_or_default();
    let mut most = 0;
    loop {
        let (mut sum, mut pending) = (0, vec![pid]);
        while let Some(pid) = pending.pop() {
            let status = read(format!("/proc/{pid}/status"));
            let line = status
                .lines()
                .find_map(|line| line.strip_prefix("RssAnon:"));
            let kilobytes =
                line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
            sum += kilobytes.unwrap_or(0) << 10;
            for thread in std::fs::read_dir(format!("/proc/{pid}/task"))
                .into_iter()
                .flatten()
            {
                let children = read(format!("{}/children", thread.unwrap().path().display()));
                pending.extend(
                    children
                        .split_whitespace()
                        .map(|pid| pid.parse::<u32>().unwrap()),
                );
            }
        }
        if sum == 0 {
            return most;
        }
        most = most.max(sum);
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Each makes git take 80 MB, and no git process knows of the others.
#[test]
#[cfg(target_os = "linux")]
fn sources_that_take_much_memory_do_so_in_turn() {
    let sandbox = Sandbox::with_home();
    let base = vec![7; 1 << 16];
    let bomb = repeating_delta(80 << 20);
    let id = git2::Oid::hash_object(git2::ObjectType::Blob, &base).unwrap();
    let objects = [
        (3, base.len() as u64, &[][..], &base[..]),
        (7, bomb.len() as u64, id.as_bytes(), &bomb[..]),
    ];
    let mut manifest = "schema_version: '2026-02-06'\nplugins:\n".to_owned();
    let server = GitServer::start(sandbox.repos());
    for name in ["aa", "bb", "cc", "dd", "ee", "ff"] {
        let tool = Repository::tool(&sandbox.repos(), name, |files| files.definition(name, ""));
        let pin = tool.git(&["rev-parse", "HEAD"]);
        let url = server.url(name);
        manifest += &format!(
            "- {{name: {name}, directory: {name}, source: {{type: git, ref: {pin}, url: '{url}'}}}}\n"
        );
    }
    std::fs::write(sandbox.home().join("manifest.yaml"), manifest).unwrap();
    server.change(|behaviour| {
        behaviour.protocol_v2 = false;
        behaviour.instead = Some(Instead::Pack(pack(&objects).into()));
    });
    let running = sandbox.start(&["install", "--all", "-y"]);
    let pid = running.pid();
    let most = std::thread::spawn(move || most_memory(pid));
    let said = running.wait().fails(1).stdout;
    let most = most.join().unwrap();
    assert!(said.contains("6 failed"), "{said}");
    assert!(!said.contains("of memory"), "each has its turn: {said}");
    assert!(
        (60 << 20..260 << 20).contains(&most),
        "{most} bytes of memory"
    );
}

#[test]
#[cfg(target_os = "linux")]
fn refs_without_end_do_not_fill_the_memory() {
    let (sandbox, server, url) = served();
    server.change(|behaviour| behaviour.instead = Some(Instead::Refs));
    let running = sandbox.start(&["add", "-y", &format!("{url}@main")]);
    let pid = running.pid();
    let most = std::thread::spawn(move || most_memory(pid));
    let said = running.wait().fails(7).stderr;
    let most = most.join().unwrap();
    assert!(said.contains("refs") && said.contains(&url), "{said}");
    assert!(most < 200 << 20, "{most} bytes of memory");
}

#[test]
fn only_the_pack_is_a_sign_of_life() {
    for instead in [Instead::Chatter, Instead::KeepAlive, Instead::Drip(1)] {
        for v2 in [true, false] {
            let (sandbox, server, url) = served();
            server.change(|behaviour| {
                behaviour.protocol_v2 = v2;
                behaviour.instead = Some(instead.clone());
            });
            let begun = Instant::now();
            let error = fetch(&sandbox, &url, |options| {
                options.network_timeout = Duration::from_secs(3);
            })
            .unwrap_err();
            assert_eq!(
                error.kind(),
                ErrorKind::TimedOut,
                "{instead:?} {v2} {error}"
            );
            assert!(begun.elapsed() < Duration::from_secs(60), "{instead:?}");
            assert!(error.to_string().contains(&url), "{error}");
        }
    }
    // Slow, but not too slow.
    let (sandbox, server, url) = served();
    server.change(|behaviour| behaviour.instead = Some(Instead::Drip(200)));
    fetch(&sandbox, &url, |options| {
        options.network_timeout = Duration::from_secs(3);
    })
    .unwrap();
}

/// A search for deltas between files of this size takes longer than a transfer may be silent.
#[test]
fn a_local_repository_sends_its_files_whole() {
    let sandbox = Sandbox::with_home();
    let mut state = 1_u64;
    let mut noise = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        char::from(b'!' + (state >> 58) as u8)
    };
    let _ = Repository::tool(&sandbox.repos(), "tool", |files| {
        (0..8).fold(files.definition("Tool", ""), |files, number| {
            let content: String = std::iter::repeat_with(&mut noise).take(7 << 20).collect();
            files.file(&format!("data-{number}"), content)
        })
    });
    let url = format!("file://{}", sandbox.repos().join("tool").display());
    fetch(&sandbox, &url, |options| {
        options.network_timeout = Duration::from_secs(5);
    })
    .unwrap();
}

#[test]
fn a_server_that_lies_is_named_and_not_the_cache() {
    let hello = b"hello\n";
    let other = [(3, 6, &[][..], &hello[..])];
    for bytes in [
        pack(&other),
        pack(&[]),
        pack(&other)[..20].into(),
        b"no pack at all, but long enough".as_slice().into(),
    ] {
        let (sandbox, server, url) = served();
        server.change(|behaviour| behaviour.instead = Some(Instead::Pack(bytes.into())));
        let finished = sandbox.atk(&["add", &url, "-y"]).fails(7);
        let said = &finished.stderr;
        assert!(said.contains(&url) && !said.contains("damaged"), "{said}");
    }
}

#[test]
fn a_file_that_the_server_left_out_for_its_size_is_named() {
    let sandbox = Sandbox::with_home();
    let large = "x".repeat((64 << 20) + 1);
    let _ = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "").file("large.bin", &large)
    });
    let server = GitServer::start(sandbox.repos());
    for v2 in [true, false] {
        server.change(|behaviour| behaviour.protocol_v2 = v2);
        let finished = sandbox.atk(&["add", &server.url("tool"), "-y"]).fails(5);
        let said = &finished.stderr;
        assert!(said.contains("`large.bin` is larger than"), "{said}");
    }
}

#[test]
fn pointers_of_git_lfs_are_named() {
    let pointer = format!(
        "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 123456\n",
        "7".repeat(64)
    );
    let mut sandbox = Sandbox::with_home();
    let _ = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "").file("model.bin", &pointer)
    });
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    registry.plugin("echo", |files| {
        files
            .definition("Echo", "maturity: verified\n")
            .file("data/voice.bin", &pointer)
    });
    registry.commit("Add echo");
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    sandbox
        .files("work/here")
        .definition("Here", "")
        .file("weights.bin", &pointer);
    sandbox
        .files("home/plugins/in-place")
        .definition("In Place", "")
        .file("deep/blob.bin", &pointer);
    for (source, file) in [
        (server.url("tool").as_str(), "`model.bin`"),
        ("echo", "`data/voice.bin`"),
        ("./here", "`weights.bin`"),
        ("../home/plugins/in-place", "`deep/blob.bin`"),
    ] {
        let finished = sandbox.atk(&["add", source, "-y"]).succeeds();
        let said = finished.stderr + &finished.stdout;
        assert!(
            said.contains(file) && said.contains("Git LFS pointer"),
            "{source}: {said}"
        );
    }
}

//! Servers that say too much, too slowly, nothing, or what is not so.

use std::io::{self, Write};
use std::time::Duration;

use atk_core::ErrorKind;
use atk_tests::repository::Repository;
use atk_tests::server::{Behaviour, GitServer, Instead};

use crate::attack::{Attack, Expected, Input};
use crate::raw_server::{Asked, Connection, RawServer};

/// What a server that cannot be used may be called.
const REFUSED: Expected = Expected::Refused(&[
    ErrorKind::GitFailed,
    ErrorKind::TimedOut,
    ErrorKind::NetworkFailed,
    ErrorKind::AccessDenied,
    ErrorKind::RepositoryNotFound,
    ErrorKind::RepositoryEmpty,
    ErrorKind::PinNotFound,
    ErrorKind::RefNotFound,
]);

const NOW: Duration = Duration::ZERO;
const OK: &str = "HTTP/1.1 200 OK\r\n";
const REFS: &str = "Content-Type: application/x-git-upload-pack-advertisement\r\n\r\n";
const RESULT: &str = "Content-Type: application/x-git-upload-pack-result\r\n\r\n";
const ID: &str = "1111111111111111111111111111111111111111";

type Change = fn(&mut Behaviour);
type Answer = fn(&Asked, &mut Connection) -> io::Result<()>;

fn line(text: &str) -> String {
    format!("{:04x}{text}", text.len() + 4)
}

fn features() -> String {
    let lines = [
        "version 2\n",
        "agent=git/2.39\n",
        "ls-refs=unborn\n",
        "fetch=shallow filter\n",
        "object-format=sha1\n",
    ];
    lines.map(line).concat() + "0000"
}

/// Answers as a server of protocol v2, until something is fetched.
fn v2(asked: &Asked, to: &mut Connection, refs: &str, fetch: Answer) -> io::Result<()> {
    let body = String::from_utf8_lossy(&asked.body);
    if asked.path.contains("/info/refs") {
        let service = line("# service=git-upload-pack\n");
        return to.send(format!("{OK}{REFS}{service}0000{}", features()));
    }
    if body.contains("command=ls-refs") {
        return to.send(format!("{OK}{RESULT}{refs}0000"));
    }
    to.send(format!("{OK}{RESULT}"))?;
    fetch(asked, to)
}

fn head() -> String {
    line(&format!("{ID} HEAD symref-target:refs/heads/main\n"))
        + &line(&format!("{ID} refs/heads/main\n"))
}

/// Servers, by what they do; true if they are in the sample.
const ANSWERS: &[(&str, bool, Answer)] = &[
    ("nothing", false, |_, to| to.stall()),
    ("closes at once", true, |_, _| Ok(())),
    ("half a head, then nothing", false, |_, to| {
        to.send("HTTP/1.1 200 OK\r\nContent-")?;
        to.stall()
    }),
    ("a head, then nothing", false, |_, to| {
        to.send(format!("{OK}{REFS}"))?;
        to.stall()
    }),
    ("headers without end", true, |_, to| {
        to.send(OK)?;
        to.repeat(format!("X-More: {}\r\n", "x".repeat(1000)), NOW)
    }),
    ("small headers without end", false, |_, to| {
        to.send(OK)?;
        to.repeat("X: y\r\n", NOW)
    }),
    ("a header without end", true, |_, to| {
        to.send(format!("{OK}X-More: "))?;
        to.repeat("x".repeat(10_000), NOW)
    }),
    ("a status line without end", false, |_, to| {
        to.send("HTTP/1.1 200 ")?;
        to.repeat("OK".repeat(10_000), NOW)
    }),
    ("cookies without end", false, |_, to| {
        to.send(OK)?;
        let mut number = 0;
        loop {
            number += 1;
            to.send(format!("Set-Cookie: c{number}={}\r\n", "x".repeat(3000)))?;
        }
    }),
    ("`100 Continue` without end", false, |_, to| {
        to.repeat("HTTP/1.1 100 Continue\r\n\r\n", NOW)
    }),
    ("a byte of a header each second", false, |_, to| {
        to.send(OK)?;
        to.repeat("X", Duration::from_secs(1))
    }),
    ("a byte of a body each second", false, |_, to| {
        to.send(format!("{OK}{REFS}"))?;
        to.repeat("0", Duration::from_secs(1))
    }),
    ("redirects to itself", true, |asked, to| {
        let address = to.address;
        to.send(format!(
            "HTTP/1.1 302 F\r\nLocation: http://{address}{}x\r\nContent-Length: 0\r\n\r\n",
            asked.path
        ))
    }),
    ("redirects to a file", true, |_, to| {
        to.send("HTTP/1.1 302 F\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n")
    }),
    ("redirects to another protocol", false, |_, to| {
        to.send("HTTP/1.1 302 F\r\nLocation: ext::sh -c touch% ran\r\nContent-Length: 0\r\n\r\n")
    }),
    ("redirects to an address with a line end", false, |_, to| {
        to.send("HTTP/1.1 302 F\r\nLocation: http://127.0.0.1:9/%0d%0aX: y\r\nContent-Length: 0\r\n\r\n")
    }),
    ("chunks without end", true, |_, to| {
        to.send(format!("{OK}Transfer-Encoding: chunked\r\n{REFS}"))?;
        to.repeat(format!("2710\r\n{}\r\n", "x".repeat(10_000)), NOW)
    }),
    ("a chunk whose size overflows", true, |_, to| {
        to.send(format!(
            "{OK}Transfer-Encoding: chunked\r\n{REFS}ffffffffffffffffff\r\n"
        ))?;
        to.repeat("x".repeat(10_000), NOW)
    }),
    ("a chunk size without end", false, |_, to| {
        to.send(format!("{OK}Transfer-Encoding: chunked\r\n{REFS}"))?;
        to.repeat("0".repeat(10_000), NOW)
    }),
    ("trailers without end", false, |_, to| {
        to.send(format!(
            "{OK}Transfer-Encoding: chunked\r\n{REFS}4\r\n0000\r\n0\r\n"
        ))?;
        to.repeat(format!("X-More: {}\r\n", "x".repeat(1000)), NOW)
    }),
    ("9 EB announced, and nothing", false, |_, to| {
        to.send(format!("{OK}Content-Length: 9223372036854775807\r\n{REFS}"))?;
        to.stall()
    }),
    ("two lengths", false, |_, to| {
        to.send(format!(
            "{OK}Content-Length: 4\r\nContent-Length: 9\r\n{REFS}0000"
        ))
    }),
    ("gzip of zeros without end", true, |_, to| {
        to.send(format!("{OK}Content-Encoding: gzip\r\n{REFS}"))?;
        let level = flate2::Compression::fast();
        let mut encoder = flate2::write::GzEncoder::new(to, level);
        let zeros = vec![0; 1 << 20];
        loop {
            encoder.write_all(&zeros)?;
        }
    }),
    ("a web page without end", true, |_, to| {
        to.send(format!(
            "{OK}Content-Type: text/html\r\n\r\n<!DOCTYPE html><html>"
        ))?;
        to.repeat("<p>Sign in</p>".repeat(100), NOW)
    }),
    ("a refusal without end", false, |_, to| {
        to.send("HTTP/1.1 403 No\r\nContent-Type: text/plain\r\n\r\n")?;
        to.repeat("no, no, no\n".repeat(1000), NOW)
    }),
    ("asks for a password again and again", true, |_, to| {
        to.send("HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"\u{1b}]0;x\u{7}\"\r\nContent-Length: 0\r\n\r\n")
    }),
    ("a status that does not exist", false, |_, to| {
        to.send("HTTP/1.1 999 Yes\r\nContent-Length: 0\r\n\r\n")
    }),
    ("another protocol", false, |_, to| {
        to.send("SSH-2.0-OpenSSH_9.2\r\n")
    }),
    ("features without end", true, |_, to| {
        to.send(format!(
            "{OK}{REFS}{}0000{}",
            line("# service=git-upload-pack\n"),
            line("version 2\n")
        ))?;
        to.repeat(line(&format!("agent={}\n", "x".repeat(10_000))), NOW)
    }),
    ("refs without end, in the old protocol", true, |_, to| {
        to.send(format!(
            "{OK}{REFS}{}0000",
            line("# service=git-upload-pack\n")
        ))?;
        to.send(line(&format!("{ID} HEAD\0symref=HEAD:refs/heads/main\n")))?;
        to.repeat(
            line(&format!("{ID} refs/heads/{}\n", "x".repeat(1000))),
            NOW,
        )
    }),
    ("refs without end, as files", false, |asked, to| {
        if asked.path.ends_with("/HEAD") {
            return to.send(format!(
                "{OK}Content-Length: 23\r\n\r\nref: refs/heads/main\n\n\n"
            ));
        }
        to.send(format!("{OK}Content-Type: text/plain\r\n\r\n"))?;
        to.repeat(format!("{ID}\trefs/heads/{}\n", "x".repeat(1000)), NOW)
    }),
    ("no features", false, |_, to| {
        to.send(format!(
            "{OK}{REFS}{}0000{}0000",
            line("# service=git-upload-pack\n"),
            line("version 2\n")
        ))
    }),
    ("a version that does not exist", false, |_, to| {
        to.send(format!(
            "{OK}{REFS}{}0000{}0000",
            line("# service=git-upload-pack\n"),
            line("version 77\n")
        ))
    }),
    ("another kind of ids", false, |_, to| {
        let features = features().replace("001bobject-format=sha1", "001dobject-format=sha256");
        to.send(format!(
            "{OK}{REFS}{}0000{features}",
            line("# service=git-upload-pack\n")
        ))
    }),
    ("a packet shorter than its length", true, |_, to| {
        to.send(format!("{OK}{REFS}0003"))
    }),
    ("a packet longer than any", false, |_, to| {
        to.send(format!("{OK}{REFS}ffff"))?;
        to.repeat("x".repeat(10_000), NOW)
    }),
    ("flushes without end", false, |_, to| {
        to.send(format!("{OK}{REFS}{}", line("# service=git-upload-pack\n")))?;
        to.repeat("0000".repeat(1000), NOW)
    }),
    ("no refs", false, |asked, to| {
        v2(asked, to, "", |_, _| Ok(()))
    }),
    ("refs that were not asked for", false, |asked, to| {
        let refs: String = (0..10_000)
            .map(|at| line(&format!("{ID} refs/other/{at}\n")))
            .collect();
        v2(asked, to, &refs, |_, _| Ok(()))
    }),
    ("a ref whose name drives a terminal", true, |asked, to| {
        let name = "refs/heads/\u{1b}]0;x\u{7}\u{202e}";
        v2(
            asked,
            to,
            &line(&format!("{ID} HEAD symref-target:{name}\n")),
            |_, to| to.send(line("ERR not our ref \u{1b}[2J\u{9b}31m\u{202e}x\n")),
        )
    }),
    ("an error of 60,000 bytes", true, |asked, to| {
        v2(asked, to, &head(), |_, to| {
            to.send(line(&format!("ERR {}\n", "x".repeat(60_000))))
        })
    }),
    ("nothing that was asked for", false, |asked, to| {
        v2(asked, to, &head(), |_, to| to.send("0000"))
    }),
    ("lines before a pack, without end", true, |asked, to| {
        v2(asked, to, &head(), |_, to| {
            to.send(line("shallow-info\n"))?;
            to.repeat(line(&format!("shallow {ID}\n")), NOW)
        })
    }),
    ("acknowledgements without end", false, |asked, to| {
        v2(asked, to, &head(), |_, to| {
            to.send(line("acknowledgments\n"))?;
            to.repeat(line(&format!("ACK {ID}\n")), NOW)
        })
    }),
    (
        "progress without end, as fast as it can",
        false,
        |asked, to| {
            v2(asked, to, &head(), |_, to| {
                to.send(line("packfile\n"))?;
                to.repeat(line(&format!("\u{2}{}\n", "\u{1b}[2J".repeat(100))), NOW)
            })
        },
    ),
    ("a line of progress without end", false, |asked, to| {
        v2(asked, to, &head(), |_, to| {
            to.send(line("packfile\n"))?;
            to.repeat(line(&format!("\u{2}{}", "x".repeat(60_000))), NOW)
        })
    }),
    (
        "a failure while it packs, with escapes",
        true,
        |asked, to| {
            v2(asked, to, &head(), |_, to| {
                to.send(line("packfile\n"))?;
                to.send(line("\u{3}fatal: \u{1b}]0;x\u{7}\u{9b}2J\u{202e}\n"))
            })
        },
    ),
    ("a band that does not exist", false, |asked, to| {
        v2(asked, to, &head(), |_, to| {
            to.send(line("packfile\n"))?;
            to.send(line("\u{7}hello"))
        })
    }),
];

pub(crate) fn all(inputs: &mut Vec<Input>) {
    for &(name, in_sample, answer) in ANSWERS {
        inputs.push(Input {
            group: "server",
            name: name.to_owned(),
            in_sample,
            seconds: 120,
            expected: REFUSED,
            prepare: Box::new(move |_| {
                let server = RawServer::start(answer);
                Attack::add(server.url()).with(server)
            }),
        });
    }
    let wrong: [(&str, Change); 8] = [
        ("chatter and no pack", |behaviour| {
            behaviour.instead = Some(Instead::Chatter)
        }),
        ("empty packets and no pack", |behaviour| {
            behaviour.instead = Some(Instead::KeepAlive)
        }),
        ("a pack, 100 bytes a second", |behaviour| {
            behaviour.instead = Some(Instead::Drip(10))
        }),
        ("answers to `ls-refs` without end", |behaviour| {
            behaviour.instead = Some(Instead::Refs)
        }),
        ("files without end", |behaviour| {
            behaviour.dumb = true;
            behaviour.instead = Some(Instead::Endless);
        }),
        ("another answer each time", |behaviour| {
            behaviour.page = Some("\u{1b}[2J<html>".repeat(9))
        }),
        ("a message that drives a terminal", |behaviour| {
            behaviour.message = Some("\u{1b}]0;x\u{7}\u{9b}2J\u{202e}".to_owned());
            behaviour.status = Some(403);
        }),
        ("an error that drives a terminal", |behaviour| {
            behaviour.error = Some("\u{1b}]0;x\u{7}\u{9b}2J\u{202e}".to_owned());
        }),
    ];
    for (name, change) in wrong {
        inputs.push(Input {
            group: "server",
            name: name.to_owned(),
            in_sample: name.contains("terminal"),
            seconds: 120,
            expected: REFUSED,
            prepare: Box::new(move |sandbox| {
                let _ = Repository::tool(&sandbox.repos(), "tool", |files| {
                    files.definition("Tool", "").file("data", noise(100_000))
                });
                let server = GitServer::start(sandbox.repos());
                server.change(change);
                Attack::add(server.url("tool")).with(server)
            }),
        });
    }
}

/// Bytes that do not shrink.
fn noise(count: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    std::iter::repeat_with(&mut next).take(count).collect()
}

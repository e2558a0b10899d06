//! The end of a command's output, for the error.

use crate::host::Stream;
use crate::text::escape_lines;

/// How many lines and bytes are shown.
const LINES: usize = 20;
const BYTES: usize = 4 << 10;

/// How many bytes are kept to choose from: a value that is cut off at the start is not recognised
/// as a secret, so there must be room to drop the line it is in.
const KEPT: usize = 4 * BYTES;

/// The shortest value that is masked: shorter ones (`1`, `yes`) are in every text.
const SHORTEST_SECRET: usize = 4;

/// The last bytes of both streams, in the order of their arrival.
#[derive(Debug, Default)]
pub(super) struct Tail {
    bytes: Vec<u8>,
    last: Option<Stream>,
    cut: bool,
}

impl Tail {
    pub(super) fn add(&mut self, stream: Stream, chunk: &[u8]) {
        let other = self.last.replace(stream).is_some_and(|last| last != stream);
        if other && !self.bytes.ends_with(b"\n") {
            self.bytes.push(b'\n');
        }
        self.bytes.extend_from_slice(chunk);
        let excess = self.bytes.len().saturating_sub(KEPT);
        self.cut |= excess > 0;
        self.bytes.drain(..excess);
    }

    /// The last lines, fit to be shown, with `***` for the secrets.
    pub(super) fn finish(self, secrets: &[String]) -> String {
        let text = String::from_utf8_lossy(&self.bytes);
        let whole = if self.cut {
            text.split_once('\n').map_or(&*text, |(_, rest)| rest)
        } else {
            &text
        };
        let shown = escape_lines(&as_shown(&mask(whole, secrets)));
        let lines: Vec<&str> = shown.trim_end().lines().collect();
        let last = lines[lines.len().saturating_sub(LINES)..].join("\n");
        last[last.ceil_char_boundary(last.len().saturating_sub(BYTES))..].to_owned()
    }
}

fn mask(text: &str, secrets: &[String]) -> String {
    let mut secrets: Vec<&str> = secrets
        .iter()
        .map(|secret| secret.trim())
        .filter(|secret| secret.len() >= SHORTEST_SECRET)
        .collect();
    // One that contains another goes first.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets
        .iter()
        .fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
}

/// The lines as a terminal would leave them: a carriage return starts a line again, as progress
/// bars do.
fn as_shown(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        line.trim_end_matches('\r')
            .rsplit('\r')
            .next()
            .unwrap_or_default()
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tail(chunks: &[(Stream, &str)], secrets: &[&str]) -> String {
        let mut tail = Tail::default();
        for (stream, chunk) in chunks {
            tail.add(*stream, chunk.as_bytes());
        }
        tail.finish(
            &secrets
                .iter()
                .map(|secret| (*secret).to_owned())
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn the_last_lines_are_kept_and_made_fit_to_be_shown() {
        use Stream::{Stderr, Stdout};
        let many: String = (1..=50).map(|n| format!("line {n}\n")).collect();
        let kept = tail(
            &[
                (Stdout, &many),
                (Stdout, "half"),
                (Stderr, "\x1b[31mno\r\n\n"),
            ],
            &[],
        );
        let expected: Vec<String> = (33..=50).map(|n| format!("line {n}")).collect();
        assert_eq!(kept, expected.join("\n") + "\nhalf\n\\u{1b}[31mno");
        assert_eq!(tail(&[(Stdout, "10%\r50%\r100%\ndone")], &[]), "100%\ndone");
        let long = tail(&[(Stdout, &"é".repeat(40_000))], &[]);
        assert_eq!(long, "é".repeat(BYTES / 2));
        assert_eq!(tail(&[], &[]), "");
    }

    #[test]
    fn secrets_are_masked_even_across_chunks_and_where_the_text_was_cut() {
        let (a, b) = ("token is sk-12", "34567 and 1");
        let secrets = ["sk-1234567", "sk-12", "1"];
        assert_eq!(
            tail(&[(Stream::Stdout, a), (Stream::Stdout, b)], &secrets),
            "token is *** and 1"
        );
        let line = format!("{}\n", "sk-1234567 ".repeat(30));
        let kept = tail(&[(Stream::Stdout, &line.repeat(100))], &secrets);
        assert!(!kept.contains("4567") && kept.contains("***"), "{kept}");
    }
}

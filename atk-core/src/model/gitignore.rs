//! The `.gitignore` of a home, edited as text.
//!
//! Git lets the last matching line win. ATK's own lines ignore what plugins bring, then re-include
//! what is to be tracked; below them stand the secret patterns, so that no re-include of ATK's
//! brings a `.env` back. Lines that a user wrote stay where they are, so that an exception below
//! the secret patterns keeps working.

mod line;

use super::name::PluginDir;
use line::{LineRole, PatternLine, SECRET_HEADER, SECRETS};

/// The file of a new home, byte for byte what the Python tool writes.
pub(crate) const INITIAL: &str = "\
# Ignore all plugin contents
plugins/*/*

# But keep custom directories
!plugins/*/custom/
!plugins/*/custom/**

# Update check cache
.update-cache.yaml

# Local development
.DS_Store

# Always ignore secrets — keep LAST (gitignore is last-match-wins)
*.env
.env.*
";

/// A `.gitignore`, line by line. Lines are bytes: names of files need not be UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gitignore {
    lines: Vec<PatternLine>,
    /// How new lines end.
    end: &'static str,
}

impl Gitignore {
    /// Takes the bytes of the file. A missing file is an empty one.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let lines: Vec<PatternLine> = bytes
            .split_inclusive(|byte| *byte == b'\n')
            .map(PatternLine::of_file)
            .collect();
        let crlf = lines.first().is_some_and(PatternLine::ends_with_crlf);
        Gitignore {
            lines,
            end: if crlf { "\r\n" } else { "\n" },
        }
    }

    /// The bytes of the file.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.lines
            .iter()
            .flat_map(PatternLine::bytes)
            .copied()
            .collect()
    }

    /// Tracks a local plugin: its two lines come in above the secret patterns, which are put
    /// right too. Returns whether anything changed.
    pub(crate) fn add_local(&mut self, dir: &PluginDir) -> bool {
        let before = self.clone();
        self.put_right();
        let wanted = includes(dir);
        if !wanted.iter().all(|text| self.find(text).is_some()) {
            self.take(|line| wanted.iter().any(|text| line.is(text)));
            let at = self.block().first().copied().unwrap_or(self.lines.len());
            self.insert_group(at, &wanted.each_ref().map(String::as_str));
        }
        *self != before
    }

    /// Tracks a local plugin no more: its two lines go, and the blank line that set them apart.
    /// Returns whether anything changed.
    pub(crate) fn remove_local(&mut self, dir: &PluginDir) -> bool {
        let lines = includes(dir);
        !self
            .take(|line| lines.iter().any(|text| line.is(text)))
            .is_empty()
    }

    /// Puts the secret patterns below every re-include of ATK's, and adds them where they are
    /// missing. Where an exception of the user's stands between, ATK's lines move up instead.
    /// Returns whether anything changed; doing it twice changes nothing more.
    pub(crate) fn put_right(&mut self) -> bool {
        let [Some(first), Some(second)] = SECRETS.map(|text| self.find_last(text)) else {
            self.complete_block();
            self.put_right();
            return true;
        };
        let top = first.min(second);
        let last_ours = match self.last_ours() {
            Some(last_ours) if last_ours > top => last_ours,
            Some(_) | None => return false,
        };
        let has_exception = |lines: Option<&[PatternLine]>| {
            let mut lines = lines.unwrap_or_default().iter();
            lines.any(|line| line.role() == LineRole::Exception)
        };
        if has_exception(self.lines.get(top..last_ours)) {
            self.move_ours_up(top);
        } else {
            let block = self.block();
            self.take_at(&block);
            // Below the last of ours, and further to the end, as the Python tool does, unless
            // an exception stands on the way.
            let below = self.last_ours().map_or(0, |at| at + 1);
            let stays = has_exception(self.lines.get(below..));
            self.put_block(if stays { below } else { self.lines.len() });
        }
        true
    }

    /// Adds the secret patterns that are missing: beside the other, or at the end.
    fn complete_block(&mut self) {
        match SECRETS.map(|text| self.find_last(text)) {
            [Some(at), None] => self.insert(at + 1, SECRETS[1]),
            [None, Some(at)] => self.insert(at, SECRETS[0]),
            [None, None] | [Some(_), Some(_)] => self.put_block(self.lines.len()),
        }
    }

    /// Moves ATK's lines that stand below the secret patterns to just above them.
    fn move_ours_up(&mut self, top: usize) {
        let is_ours = |line: &PatternLine| matches!(line.role(), LineRole::Ours | LineRole::Base);
        let ours: Vec<usize> = (top..self.lines.len())
            .filter(|at| self.lines.get(*at).is_some_and(is_ours))
            .collect();
        let texts: Vec<String> = self.take_at(&ours).iter().map(PatternLine::text).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let at = self.block().first().copied().unwrap_or(self.lines.len());
        self.insert_group(at, &texts);
    }

    /// The places of the secret patterns that count, and of their header.
    fn block(&self) -> Vec<usize> {
        let mut block: Vec<usize> = SECRETS
            .iter()
            .filter_map(|text| self.find_last(text))
            .collect();
        block.sort_unstable();
        let above = block.first().and_then(|top| top.checked_sub(1));
        if let Some(above) = above
            && self
                .lines
                .get(above)
                .is_some_and(|line| line.role() == LineRole::Header)
        {
            block.insert(0, above);
        }
        block
    }

    fn put_block(&mut self, at: usize) {
        self.insert_group(at, &[SECRET_HEADER, SECRETS[0], SECRETS[1]]);
    }

    /// Inserts lines with one blank line on either side, except at the ends of the file.
    fn insert_group(&mut self, at: usize, texts: &[&str]) {
        let mut at = at;
        while at == self.lines.len() && self.lines.last().is_some_and(PatternLine::is_blank) {
            self.lines.pop();
            at = self.lines.len();
        }
        let is_blank = |at: usize| self.lines.get(at).is_none_or(PatternLine::is_blank);
        let blank_above = at == 0 || is_blank(at - 1);
        let blank_below = is_blank(at);
        let mut group: Vec<&str> = texts.to_vec();
        if !blank_above {
            group.insert(0, "");
        }
        if !blank_below {
            group.push("");
        }
        for (offset, text) in group.into_iter().enumerate() {
            self.insert(at + offset, text);
        }
    }

    fn insert(&mut self, at: usize, text: &str) {
        if let Some(above) = at
            .checked_sub(1)
            .and_then(|above| self.lines.get_mut(above))
        {
            above.complete(self.end);
        }
        self.lines.insert(at, PatternLine::new(text, self.end));
    }

    /// Takes lines out. Where that leaves blank lines on both sides, one of them goes.
    fn take(&mut self, wanted: impl Fn(&PatternLine) -> bool) -> Vec<PatternLine> {
        let places: Vec<usize> = (0..self.lines.len())
            .filter(|at| self.lines.get(*at).is_some_and(&wanted))
            .collect();
        self.take_at(&places)
    }

    fn take_at(&mut self, places: &[usize]) -> Vec<PatternLine> {
        let mut taken = Vec::new();
        for at in places.iter().rev() {
            taken.push(self.lines.remove(*at));
            let above = at.checked_sub(1);
            if above.is_some_and(|above| places.contains(&above)) {
                continue;
            }
            let is_blank = |at: usize| self.lines.get(at).is_none_or(PatternLine::is_blank);
            if above.is_none_or(is_blank) && is_blank(*at) {
                let extra = if *at < self.lines.len() {
                    Some(*at)
                } else {
                    above
                };
                extra.map(|at| self.lines.remove(at));
            }
        }
        taken.reverse();
        taken
    }

    fn last_ours(&self) -> Option<usize> {
        self.lines
            .iter()
            .rposition(|line| line.role() == LineRole::Ours)
    }

    fn find(&self, text: &str) -> Option<usize> {
        self.lines.iter().position(|line| line.is(text))
    }

    fn find_last(&self, text: &str) -> Option<usize> {
        self.lines.iter().rposition(|line| line.is(text))
    }
}

/// The two lines of a local plugin.
fn includes(dir: &PluginDir) -> [String; 2] {
    [format!("!plugins/{dir}/"), format!("!plugins/{dir}/**")]
}

#[cfg(test)]
mod tests;

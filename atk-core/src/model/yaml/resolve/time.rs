//! Dates and points in time of YAML 1.1.

use super::ScalarKind;
use crate::text::escape;

/// A timestamp where a text is one: `2026-01-31`, or with a time behind `T` or blanks, and
/// perhaps a zone.
///
/// # Errors
/// What has the form and is no date (`2026-13-45`).
pub(in super::super) fn timestamp(text: &str) -> Result<Option<ScalarKind>, String> {
    match parse(text) {
        None => Ok(None),
        Some(time) if time.exists() => Ok(Some(ScalarKind::Timestamp)),
        Some(_) => Err(format!(
            "`{}` looks like a date but is not a valid one; put quotes around it",
            escape(text)
        )),
    }
}

/// The parts of a timestamp, in their form but unchecked.
#[derive(Default)]
struct Time {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
    /// Minutes between the zone and UTC, unsigned.
    zone: u32,
}

impl Time {
    fn exists(&self) -> bool {
        let leap = self.year.is_multiple_of(4)
            && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400));
        let days = match self.month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => 31,
        };
        self.year > 0
            && (1..=12).contains(&self.month)
            && (1..=days).contains(&self.day)
            && self.hour < 24
            && self.minute < 60
            && self.second < 60
            && self.zone < 24 * 60
    }
}

fn parse(text: &str) -> Option<Time> {
    let mut rest = text;
    let mut time = Time {
        year: digits(&mut rest, 4, 4)?,
        ..Time::default()
    };
    skip(&mut rest, "-")?;
    let from_month = rest;
    time.month = digits(&mut rest, 1, 2)?;
    skip(&mut rest, "-")?;
    time.day = digits(&mut rest, 1, 2)?;
    if rest.is_empty() {
        // A date alone needs both digits of month and day.
        return (from_month.len() == 5).then_some(time);
    }
    let blanks = rest.trim_start_matches([' ', '\t']);
    rest = if blanks.len() < rest.len() {
        blanks
    } else {
        rest.strip_prefix(['T', 't'])?
    };
    time.hour = digits(&mut rest, 1, 2)?;
    skip(&mut rest, ":")?;
    time.minute = digits(&mut rest, 2, 2)?;
    skip(&mut rest, ":")?;
    time.second = digits(&mut rest, 2, 2)?;
    if let Some(fraction) = rest.strip_prefix('.') {
        rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    if rest.is_empty() {
        return Some(time);
    }
    rest = rest.trim_start_matches([' ', '\t']);
    if rest == "Z" {
        return Some(time);
    }
    rest = rest.strip_prefix(['-', '+'])?;
    time.zone = digits(&mut rest, 1, 2)? * 60;
    if !rest.is_empty() {
        skip(&mut rest, ":")?;
        time.zone += digits(&mut rest, 2, 2)?;
    }
    rest.is_empty().then_some(time)
}

/// Takes digits off the front, as many as there are up to `most`.
fn digits(rest: &mut &str, least: usize, most: usize) -> Option<u32> {
    let there = rest
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    if there < least {
        return None;
    }
    let (number, behind) = rest.split_at_checked(there)?;
    *rest = behind;
    number.parse().ok()
}

fn skip(rest: &mut &str, what: &str) -> Option<()> {
    *rest = rest.strip_prefix(what)?;
    Some(())
}

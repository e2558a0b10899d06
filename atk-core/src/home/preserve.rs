//! Keeping, in the backups, what has to give way to what is put back.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::io::Errno;

use super::dir::Dir;
use super::locked::LockedHome;
use super::path::HomePath;
use super::pieces;
use super::scratch::Scratch;
use crate::error::Result;

/// Moves an entry of `dir` to the backups, and says so. `path` is where it was, or belongs.
pub(super) fn preserve(
    locked: &LockedHome<'_>,
    dir: &Dir,
    name: &OsStr,
    path: &HomePath,
) -> Result<()> {
    if is_scratch(path) {
        return locked.scratch.discard(dir, name);
    }
    let (slot, slot_name) = free_slot(locked, path)?;
    locked.at("undo-preserve");
    pieces::move_entry(locked, dir, name, &slot, &slot_name)?;
    slot.sync()?;
    tell(locked, path, &slot, &slot_name);
    Ok(())
}

/// The same for a file that keeps its place until another replaces it there.
pub(super) fn preserve_linked(
    locked: &LockedHome<'_>,
    dir: &Dir,
    name: &OsStr,
    path: &HomePath,
) -> Result<Result<(), Errno>> {
    if is_scratch(path) {
        return Ok(Ok(()));
    }
    let (slot, slot_name) = free_slot(locked, path)?;
    locked.at("undo-preserve");
    if let Err(errno) = dir.link(name, &slot, &slot_name) {
        return Ok(Err(errno));
    }
    slot.sync()?;
    tell(locked, path, &slot, &slot_name);
    Ok(Ok(()))
}

/// Returns true for receipts and backups. They are ATK's own files, so a version of another program
/// is not kept.
fn is_scratch(path: &HomePath) -> bool {
    path.as_path().starts_with(HomePath::scratch().as_path())
}

fn tell(locked: &LockedHome<'_>, path: &HomePath, slot: &Dir, name: &OsStr) {
    let kept = slot.path().join(name);
    locked.scope.warn(
        path.plugin_name().and_then(OsStr::to_str),
        format!(
            "`{path}` was changed while an operation on it was unfinished; the replaced version \
             is kept as `{}`",
            crate::text::escape(&kept.to_string_lossy())
        ),
    );
}

/// A free name for what belongs at `path`, and its directory.
fn free_slot(locked: &LockedHome<'_>, path: &HomePath) -> Result<(Dir, OsString)> {
    let (owner, inner) = match path.plugin_name().and_then(OsStr::to_str) {
        Some(plugin) => {
            let inner: PathBuf = path.parts().skip(2).collect();
            (plugin, inner)
        }
        None => ("home", path.as_path().to_owned()),
    };
    let base = free_directory(locked, owner)?;
    let slot = match HomePath::new(&inner) {
        Ok(inner) => base.join(inner.as_path())?,
        // The plugin directory itself.
        Err(_) => base.child(path.name()),
    };
    Ok((locked.root().parent_or_new(&slot)?, slot.name().to_owned()))
}

/// `backups/<owner>/<time>`, with a number behind it where that is taken.
pub(super) fn free_directory(locked: &LockedHome<'_>, owner: &str) -> Result<HomePath> {
    free_time(locked, &Scratch::backups_path().join(owner)?)
}

/// The time as a name of a directory in `parent`, with a number behind it where that is taken.
pub(super) fn free_time(locked: &LockedHome<'_>, parent: &HomePath) -> Result<HomePath> {
    let time = utc(SystemTime::now());
    let existing = locked.root().below(parent)?;
    let mut name = time.clone();
    for number in 2_u32.. {
        match &existing {
            Some(dir) if dir.exists(OsStr::new(&name))? => name = format!("{time}-{number}"),
            _ => break,
        }
    }
    parent.join(name)
}

/// A time as `20261124T135501Z`.
pub(super) fn utc(time: SystemTime) -> String {
    let seconds = time
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let (year, month, day) = civil(seconds / 86_400);
    let of_day = seconds % 86_400;
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

/// The seconds since 1970 of a time as [`utc`] writes it. None for another text.
pub(super) fn seconds(time: &str) -> Option<i64> {
    let (date, of_day) = time.strip_suffix('Z')?.split_once('T')?;
    let digits = |text: &str, count: usize| {
        (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(())
    };
    digits(date, 8)?;
    digits(of_day, 6)?;
    let (date, of_day): (u64, u64) = (date.parse().ok()?, of_day.parse().ok()?);
    let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100);
    // No day is further from 1970 than this many; the right one is found by halving.
    let (mut low, mut high) = (0_u64, 366 * 8_030);
    while low < high {
        let middle = low.midpoint(high);
        let (y, m, d) = civil(middle);
        match (y, m as u64, d) < (year, month, day) {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    let seconds = low * 86_400 + of_day / 10_000 * 3600 + of_day / 100 % 100 * 60 + of_day % 100;
    let read = i64::try_from(seconds).ok()?;
    // What is written again in another way was no time: the 31st of June.
    (utc(UNIX_EPOCH + std::time::Duration::from_secs(seconds)) == time).then_some(read)
}

/// The date of a day counted from 1 January 1970.
fn civil(mut day: u64) -> (u64, usize, u64) {
    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let mut year = 1970;
    while day >= 365 + u64::from(leap(year)) {
        day -= 365 + u64::from(leap(year));
        year += 1;
    }
    let february = 28 + u64::from(leap(year));
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 1;
    for length in lengths {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    (year, month, day + 1)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        let at = |seconds| utc(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "19700101T000000Z");
        assert_eq!(at(951_782_399), "20000228T235959Z");
        assert_eq!(at(951_782_400), "20000229T000000Z");
        assert_eq!(at(1_798_761_599), "20261231T235959Z");
        assert_eq!(at(4_107_542_400), "21000301T000000Z");
    }
}

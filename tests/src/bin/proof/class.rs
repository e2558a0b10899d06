//! What is done to operations, and how much of it is tried.

use nix::errno::Errno;

use crate::trace::Interference;

/// What is done at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Once(Interference),
    Recovery,
    Power,
    Synced,
    Order,
    Contention,
    Hostile,
    Fuzz,
}

/// A line of the table.
#[derive(Debug, Clone)]
pub(crate) struct Class {
    pub(crate) name: String,
    pub(crate) mode: Mode,
    /// One point of so many is tried, unless an option says otherwise.
    pub(crate) every: usize,
}

/// All classes, and one point of how many is tried of each, so that all of it takes less than an
/// hour on two cores.
const ALL: &[(&str, usize)] = &[
    ("kill", 7),
    ("orphan", 43),
    ("recovery", 61),
    ("error:ENOSPC", 31),
    ("error:EIO", 37),
    ("error:EMFILE", 53),
    ("error:EDQUOT", 59),
    ("error:EROFS", 53),
    ("error:EACCES", 47),
    ("error:EINTR", 41),
    ("full:ENOSPC", 37),
    ("full:EROFS", 61),
    ("short", 61),
    ("synced", 1),
    ("order", 97),
    ("contention", 1),
    ("hostile", 1),
    ("fuzz", 1),
    // Last: it moves the sandboxes of the process to a disk of its own.
    ("power", 67),
];

impl Class {
    pub(crate) fn all() -> Vec<Class> {
        let class = |(name, every): &(&str, usize)| {
            let mode = mode(name).expect("the mode of a class");
            Class {
                name: (*name).to_owned(),
                mode,
                every: *every,
            }
        };
        ALL.iter().map(class).collect()
    }

    /// The class of a mode that was asked for.
    pub(crate) fn named(name: &str) -> Result<Class, String> {
        let known = ALL.iter().find(|(known, _)| *known == name);
        Ok(Class {
            name: name.to_owned(),
            mode: mode(name)?,
            every: known.map_or(1, |(_, every)| *every),
        })
    }
}

fn mode(text: &str) -> Result<Mode, String> {
    let errno = |name: &str| match name {
        "ENOSPC" => Ok(Errno::ENOSPC),
        "EIO" => Ok(Errno::EIO),
        "EMFILE" => Ok(Errno::EMFILE),
        "EDQUOT" => Ok(Errno::EDQUOT),
        "EROFS" => Ok(Errno::EROFS),
        "EACCES" => Ok(Errno::EACCES),
        "EINTR" => Ok(Errno::EINTR),
        _ => Err(format!("unknown error {name}")),
    };
    Ok(match text.split_once(':') {
        None if text == "kill" => Mode::Once(Interference::KillAll),
        None if text == "orphan" => Mode::Once(Interference::KillFirst),
        None if text == "short" => Mode::Once(Interference::Short),
        None if text == "recovery" => Mode::Recovery,
        None if text == "power" => Mode::Power,
        None if text == "synced" => Mode::Synced,
        None if text == "order" => Mode::Order,
        None if text == "contention" => Mode::Contention,
        None if text == "hostile" => Mode::Hostile,
        None if text == "fuzz" => Mode::Fuzz,
        Some(("error", name)) => Mode::Once(Interference::Fail(errno(name)?)),
        Some(("full", name)) => Mode::Once(Interference::FailOn(errno(name)?)),
        _ => return Err(format!("unknown mode {text}")),
    })
}

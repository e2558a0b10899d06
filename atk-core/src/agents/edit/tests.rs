//! Files as their users write them: what is set is the only difference, and what is removed leaves
//! the file as it was, to the byte.

mod jsonc;
mod toml;
mod yaml;

use serde_json::{Value, json};

use super::data::Data;
use super::source::Source;
use super::{Format, Place, Trace, read, remove, set};

/// A place and a value in each of three names, as three plugins have them.
pub(super) struct Case {
    pub(super) format: Format,
    pub(super) places: [Place<'static>; 3],
}

/// The value of an entry.
fn value(number: usize) -> Value {
    json!({"command": "/usr/bin/atk", "args": ["exec", format!("tool-{number}")], "env": {}, "timeout": 300, "on": true})
}

impl Case {
    fn data(&self, bytes: &[u8]) -> Data {
        self.format.parse(&Source::new(bytes).unwrap()).unwrap()
    }

    fn set(&self, bytes: &[u8], number: usize, value: &Value, trace: &mut Trace) -> Vec<u8> {
        let (after, added) = set(self.format, bytes, &self.places[number], value)
            .unwrap_or_else(|problem| panic!("{problem}\n{}", shown(bytes)));
        trace.add(added);
        let found = read(self.format, &after, &self.places[number]).unwrap();
        assert_eq!(found.as_ref(), Some(value), "{}", shown(&after));
        let place = &self.places[number];
        let rest = |bytes: &[u8]| self.data(bytes).without(place);
        assert_eq!(rest(&after), rest(bytes), "{}", shown(&after));
        after
    }

    fn remove(&self, bytes: &[u8], number: usize, trace: &Trace) -> Vec<u8> {
        // A ledger has it as JSON.
        let trace = serde_json::to_string(trace).unwrap();
        let trace: Trace = serde_json::from_str(&trace).unwrap();
        let place = &self.places[number];
        let after = remove(self.format, bytes, place, &trace)
            .unwrap_or_else(|problem| panic!("{problem}\n{}", shown(bytes)));
        assert_eq!(read(self.format, &after, place).unwrap(), None);
        after
    }

    /// A value for an entry. An item of a list has its name in it.
    fn value(&self, number: usize, mut value: Value) -> Value {
        if let Place::Item { by, name, .. } = self.places[number] {
            value[by] = Value::from(name);
        }
        value
    }

    /// Sets and removes entries in a file in every way that must leave it as it was.
    pub(super) fn round_trips(&self, file: &[u8]) {
        let mut trace = Trace::default();
        let once = self.set(file, 0, &self.value(0, value(0)), &mut trace);
        assert_same(&self.remove(&once, 0, &trace), file, &once);
        // Again, with the same value and with others.
        let same = self.set(&once, 0, &self.value(0, value(0)), &mut trace);
        assert_same(&same, &once, &same);
        let other = json!({"url": "https://example.org/mcp", "headers": {"A": "b"}});
        let mut twice = self.set(&same, 0, &self.value(0, other), &mut trace);
        assert_same(&self.remove(&twice, 0, &trace), file, &twice);
        twice = self.set(&twice, 0, &self.value(0, value(0)), &mut trace);
        assert_same(&twice, &once, &twice);
        // Three entries, removed in every order. The order of adding them is only another naming.
        for removed in ORDERS {
            let mut trace = Trace::default();
            let mut bytes = file.to_vec();
            for number in 0..3 {
                bytes = self.set(
                    &bytes,
                    number,
                    &self.value(number, value(number)),
                    &mut trace,
                );
            }
            let full = bytes.clone();
            for number in removed {
                bytes = self.remove(&bytes, number, &trace);
            }
            assert_same(&bytes, file, &full);
        }
    }
}

/// Changes files a little, at every third place, and sets and removes an entry in each that can be parsed:
/// the entry is refused, or the file is as it was in the end.
fn every_slip_round_trips(case: &Case, files: &[&str], slips: &[&str]) {
    let (mut changed, mut wrong) = (0, String::new());
    for file in files {
        let places = file.char_indices().map(|(at, _)| at);
        for at in places.step_by(3).chain([file.len()]) {
            let (before, after) = file.split_at(at);
            let mut shorter = after.chars();
            shorter.next();
            let inserted = slips.iter().map(|slip| format!("{before}{slip}{after}"));
            for text in inserted.chain([format!("{before}{}", shorter.as_str())]) {
                let (place, value) = (&case.places[0], case.value(0, json!({"a": ["b"]})));
                if !matches!(read(case.format, text.as_bytes(), place), Ok(None)) {
                    continue;
                }
                let Ok((set, trace)) = set(case.format, text.as_bytes(), place, &value) else {
                    continue;
                };
                changed += 1;
                let removed = remove(case.format, &set, place, &trace);
                if removed.as_deref() != Ok(text.as_bytes()) {
                    let removed = removed.map(|bytes| shown(&bytes));
                    wrong += &format!(
                        "{}\n{}\n{removed:?}\n\n",
                        shown(text.as_bytes()),
                        shown(&set)
                    );
                }
            }
        }
    }
    assert!(changed > 500, "{changed}");
    assert!(wrong.is_empty(), "{wrong}");
}

const ORDERS: [[usize; 3]; 6] = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
];

fn assert_same(after: &[u8], before: &[u8], between: &[u8]) {
    assert!(
        after == before,
        "before:\n{}\nwith entries:\n{}\nafter:\n{}",
        shown(before),
        shown(between),
        shown(after)
    );
}

pub(super) fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .replace('\r', "␍")
        .replace('\t', "→")
        .replace('\u{feff}', "[BOM]")
        + "▮"
}

/// A deep value in a file that is otherwise fine, as `docs/hostile.md` gives the limits.
#[test]
fn a_file_may_nest_as_deep_as_documented() {
    let deep = |open: &str, close: &str, levels: usize| {
        format!("{}{}", open.repeat(levels), close.repeat(levels))
    };
    let file = |format: Format, levels: usize| match format {
        Format::Jsonc => format!("{{\"a\": {}}}", deep("[", "]", levels)),
        Format::Toml => format!("a = {}\n", deep("[", "]", levels)),
        Format::Yaml => format!("a: {}\n", deep("[", "]", levels)),
    };
    for (format, most) in [(Format::Jsonc, 511), (Format::Toml, 80), (Format::Yaml, 63)] {
        let place = Place::Key(&["b", "c"]);
        let set = |levels| set(format, file(format, levels).as_bytes(), &place, &json!({}));
        assert!(set(most).is_ok(), "{format:?}");
        assert!(set(most + 2).is_err(), "{format:?}");
    }
}

//! Changes a manifest of the line form ([`lines`]) by its lines: the cost of a change does not
//! grow with what surrounds it, but for one reading of the result.

use super::change::ManifestChange;
use super::{Entry, Manifest, lines};
use crate::model::yaml;
use crate::model::yaml::tree::Tree;

/// Lines before the first entry: version, `config:` with two, `plugins:`.
const HEAD: usize = 5;
/// Lines of an entry: name, directory, `source:` with three.
const ENTRY: usize = 6;
/// Where in an entry its name, its pin and its URL stand.
const NAME: usize = 0;
const PIN: usize = 4;
const URL: usize = 5;

/// The changed text and what it says. None if the text is not of the line form, or would not
/// be any more; then nothing is known.
pub(super) fn changed(
    text: &str,
    manifest: &Manifest,
    change: &ManifestChange<'_>,
) -> Option<(String, Manifest)> {
    let starts = line_starts(text);
    let count = manifest.plugins.len();
    // One line more or less, and it is not the line form.
    if count == 0 || starts.len() != HEAD + ENTRY * count + 1 {
        return None;
    }
    let line = |at: usize| starts.get(at).copied();
    let start = |at: usize| line(HEAD + ENTRY * at);
    // What is replaced must say no more than is put in its place: a comment or an unknown key can
    // stand where an entry of this form has its pin.
    let entry = |at: usize| {
        let lines = start(at)?..start(at + 1)?;
        lines::is_entry(text.get(lines.clone())?).then_some(lines)
    };
    let mut after = manifest.clone();
    let mut spliced = text.to_owned();
    match change {
        ManifestChange::Add(at, entry) => {
            spliced.insert_str(start(*at)?, &item(entry));
            after.plugins.insert(*at, (*entry).clone());
        }
        ManifestChange::Remove(places) => {
            for at in places.iter().rev() {
                spliced.replace_range(entry(*at)?, "");
                after.plugins.remove(*at);
            }
        }
        ManifestChange::SetPin(at, pin) => {
            entry(*at)?;
            let at_line = HEAD + ENTRY * at + PIN;
            let value = Tree::mapping([("ref", Tree::str(pin.as_str()))]);
            let written = format!("    {}", yaml::write(&value));
            spliced.replace_range(line(at_line)?..line(at_line + 1)?, &written);
            after.plugins.get_mut(*at)?.source.pin = Some((*pin).clone());
        }
        ManifestChange::SetName(at, name) => {
            entry(*at)?;
            let at_line = HEAD + ENTRY * at + NAME;
            let value = Tree::mapping([("name", Tree::str(*name))]);
            let written = format!("- {}", yaml::write(&value));
            spliced.replace_range(line(at_line)?..line(at_line + 1)?, &written);
            after.plugins.get_mut(*at)?.name = (*name).to_owned();
        }
        ManifestChange::SetUrl(at, url) => {
            entry(*at)?;
            let at_line = HEAD + ENTRY * at + URL;
            let value = Tree::mapping([("url", Tree::str(url.on_disk()))]);
            let written = format!("    {}", yaml::write(&value));
            spliced.replace_range(line(at_line)?..line(at_line + 1)?, &written);
            after.plugins.get_mut(*at)?.source.url = Some((*url).clone());
        }
    }
    // What was read decides, not what was meant.
    (lines::manifest(&spliced)? == after).then_some((spliced, after))
}

/// An entry as an item of the list.
fn item(entry: &Entry) -> String {
    let list = Tree::mapping([("plugins", Tree::Sequence(vec![entry.to_tree()]))]);
    let text = yaml::write(&list);
    text.strip_prefix("plugins:\n").unwrap_or(&text).to_owned()
}

/// Where each line starts, and the end of the text.
fn line_starts(text: &str) -> Vec<usize> {
    let ends = text.match_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(ends).collect()
}

//! Running transfers: a line each, removed before anything else is printed.

use std::collections::BTreeMap;

use indicatif::{BinaryBytes, MultiProgress, ProgressBar, ProgressStyle};

/// The lines of the transfers. Nothing is drawn between events, so nothing draws over a question.
#[derive(Default)]
pub(super) struct Progress {
    lines: MultiProgress,
    of: BTreeMap<String, ProgressBar>,
}

impl Progress {
    /// Shows how far the transfer from a source is.
    pub(super) fn show(&mut self, source: &str, bytes: u64, (objects, total): (u64, Option<u64>)) {
        let lines = &self.lines;
        let line = self.of.entry(source.to_owned()).or_insert_with(|| {
            let style = ProgressStyle::with_template("{spinner} {wide_msg}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner());
            lines.add(ProgressBar::new_spinner().with_style(style))
        });
        let bytes = BinaryBytes(bytes);
        let of = total.filter(|total| *total > objects);
        let of = of.map_or(String::new(), |total| format!(" of {total}"));
        line.set_message(format!("{source}  {bytes}, {objects}{of} objects"));
        line.tick();
    }

    /// Takes every line away.
    pub(super) fn clear(&mut self) {
        for line in std::mem::take(&mut self.of).into_values() {
            line.finish_and_clear();
            self.lines.remove(&line);
        }
    }
}

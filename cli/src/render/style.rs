//! The few styles there are: `{RED}text{RED:#}`.

use anstyle::{AnsiColor, Style};

/// Errors.
pub(crate) const RED: Style = AnsiColor::Red.on_default().bold();
/// Warnings.
pub(crate) const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
/// The way out.
pub(crate) const CYAN: Style = AnsiColor::Cyan.on_default().bold();
/// Names and headings.
pub(crate) const BOLD: Style = Style::new().bold();
/// What may be skipped.
pub(crate) const DIM: Style = Style::new().dimmed();

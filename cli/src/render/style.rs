//! The styles: `{RED}text{RED:#}`.

use anstyle::{AnsiColor, Style};

/// Errors.
pub(crate) const RED: Style = AnsiColor::Red.on_default().bold();
/// Warnings.
pub(crate) const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
/// Help.
pub(crate) const CYAN: Style = AnsiColor::Cyan.on_default().bold();
/// Names and headings.
pub(crate) const BOLD: Style = Style::new().bold();
/// Details.
pub(crate) const DIM: Style = Style::new().dimmed();

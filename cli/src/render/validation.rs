//! The outcome of `validate` as text for people, and for editors that read the lines of compilers.

use atk_core::{Diagnostic, Severity, Validation, escape};

use super::{BOLD, CYAN, DIM, RED, YELLOW, count};

pub(crate) fn validation(outcome: &Validation, verbose: bool) -> String {
    let shown = shown(&outcome.diagnostics, verbose);
    let mut text: String = shown.iter().copied().map(diagnostic).collect();
    let name = outcome
        .name
        .as_deref()
        .filter(|name| !name.trim().is_empty());
    let name = name.map_or("the plugin".to_owned(), |name| {
        format!("`{}`", escape(name))
    });
    let verdict = if outcome.valid { "valid" } else { "not valid" };
    let numbers = numbers(&shown);
    text.push_str(&format!("{name} is {verdict}{numbers}\n"));
    text
}

/// The findings that are shown: nothing needs to be done about a note.
pub(super) fn shown(diagnostics: &[Diagnostic], verbose: bool) -> Vec<&Diagnostic> {
    let is_shown = |one: &&Diagnostic| verbose || one.severity != Severity::Note;
    diagnostics.iter().filter(is_shown).collect()
}

/// How many findings there are of each severity, behind a colon; nothing if there are none.
pub(super) fn numbers(diagnostics: &[&Diagnostic]) -> String {
    let words = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Note, "note"),
    ];
    let number = |severity| {
        let of_severity = |one: &&&Diagnostic| one.severity == severity;
        diagnostics.iter().filter(of_severity).count()
    };
    let numbers: Vec<_> = words
        .into_iter()
        .map(|(severity, word)| (number(severity), word))
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| count(number, word))
        .collect();
    match numbers.is_empty() {
        true => String::new(),
        false => format!(": {}", numbers.join(", ")),
    }
}

pub(super) fn diagnostic(found: &Diagnostic) -> String {
    let Diagnostic {
        rule,
        severity,
        line,
        column,
        ..
    } = found;
    let file = escape(&found.file);
    let field = match found.field.as_str() {
        "" => String::new(),
        field => format!("{}: ", escape(field)),
    };
    let colour = match severity {
        Severity::Error => RED,
        Severity::Warning => YELLOW,
        _ => CYAN,
    };
    let (message, fix) = (escape(&found.message), escape(&found.fix));
    format!(
        "{BOLD}{file}:{line}:{column}:{BOLD:#} {colour}{severity}:{colour:#} {field}{message} {DIM}[{rule}]{DIM:#}\n  \
         {CYAN}help:{CYAN:#} {fix}\n"
    )
}

//! Errors as text for people.

use atk_core::{Error, ErrorKind, escape, escape_lines};

use super::hint::{headline, helps};
use super::{CYAN, DIM, RED};

/// An error: its message, a line for each problem, the last output of a command, and help.
pub(crate) fn error(error: &Error, verbose: bool) -> String {
    let details = error.details();
    let message = escape_lines(&headline(error));
    if error.exit_code() == 0 {
        // A person declined: that is an answer, not a failure.
        return format!("cancelled: {message}\n");
    }
    let mut text = match error.kind() {
        // The user asked for it: it is not a failure.
        ErrorKind::Cancelled => format!("{message}\n"),
        _ => format!("{RED}error:{RED:#} {message}\n"),
    };
    for problem in &details.problems {
        let problem = escape(&problem.to_string());
        // The message has the first one, or the only one.
        if !message.contains(&problem) {
            text.push_str(&format!("  {problem}\n"));
        }
    }
    if let Some(output) = details
        .output
        .as_deref()
        .filter(|output| !output.trim().is_empty())
    {
        for line in escape_lines(output.trim_end()).lines() {
            text.push_str(&format!("{DIM}  | {line}{DIM:#}\n"));
        }
    }
    if verbose {
        let mut cause = error.cause().map(|cause| cause as &dyn std::error::Error);
        while let Some(this) = cause {
            text.push_str(&format!("  caused by: {}\n", escape(&this.to_string())));
            cause = this.source();
        }
    }
    for help in helps(error) {
        text.push_str(&format!("{CYAN}help:{CYAN:#} {help}\n"));
    }
    text
}

/// A usage error as an error of the library, for `--json`.
pub(crate) fn usage_error(error: &clap::Error) -> Error {
    let text = error.render().to_string();
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut paragraphs = text.split("\n\n");
    // The first is the message, including a list indented below it.
    let message = paragraphs.next().unwrap_or_default();
    let message = one_line(message.strip_prefix("error: ").unwrap_or(message));
    let tip = paragraphs.find_map(|paragraph| paragraph.trim_start().strip_prefix("tip: "));
    let error = Error::new(ErrorKind::InvalidArgument, message);
    match tip {
        Some(tip) => error.with_help(one_line(tip)),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use atk_core::Problem;

    fn plain(shown: &Error, verbose: bool) -> String {
        anstream::adapter::strip_str(&error(shown, verbose)).to_string()
    }

    #[test]
    fn all_details_of_an_error_are_shown_and_escaped() {
        let failed = Error::new(ErrorKind::LifecycleFailed, "`install` of `tool` failed")
            .with_output("line one\n\u{1b}[31mline two\n\n")
            .with_help("its files are gone again")
            .with_cause(std::io::Error::other("exit code 3"));
        insta::assert_snapshot!(plain(&failed, true), @r"
        error: `install` of `tool` failed
          | line one
          | \u{1b}[31mline two
          caused by: exit code 3
        help: its files are gone again
        ");
        let problem = |line, field: &str, message: &str| {
            Problem::new("plugin.yaml", (line, 5), field, message)
        };
        let invalid =
            Error::new(ErrorKind::DefinitionInvalid, "`x` cannot be used").with_problems(vec![
                problem(12, "ports[0].port", "70000 is not a port (1 to 65535)"),
                problem(14, "", "a \u{202e} in it"),
            ]);
        insta::assert_snapshot!(plain(&invalid, false), @r"
        error: `x` cannot be used
          plugin.yaml:12:5: ports[0].port: 70000 is not a port (1 to 65535)
          plugin.yaml:14:5: a \u{202e} in it
        ");
        let cancelled = Error::new(ErrorKind::Cancelled, "cancelled").with_help("nothing changed");
        insta::assert_snapshot!(plain(&cancelled, false), @"
        cancelled
        help: nothing changed
        ");
        let unset = Error::new(ErrorKind::VariablesUnset, "`A` has no value")
            .with_variables(vec!["A".into()]);
        insta::assert_snapshot!(plain(&unset, false), @"
        error: `A` has no value
        help: pass --env A=... or --env-file <FILE>
        ");
    }
}

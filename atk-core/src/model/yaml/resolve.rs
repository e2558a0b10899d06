//! The types of scalars without quotes, as PyYAML guesses them (YAML 1.1).
//!
//! Differs from YAML 1.2 in `yes`, `no`, `on`, `off`, octal numbers with a leading `0`, numbers to
//! base 60, underscores in numbers, dates, and in floats, which need a dot (`1e3` is a string).

mod number;
mod time;

pub(super) use number::{float, int};
pub(super) use time::timestamp;

use super::node::{ScalarKind, Type};

/// What a scalar without quotes is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Guess {
    Kind(ScalarKind),
    /// `<<`
    Merge,
    /// `=`
    Default,
}

/// Guesses the type of a scalar that stands without quotes.
///
/// # Errors
/// What looks like a date or a number and is none: PyYAML refuses the document.
pub(super) fn guess(text: &str) -> Result<Guess, String> {
    let kind = match text {
        "" | "~" | "null" | "Null" | "NULL" => ScalarKind::Null,
        "<<" => return Ok(Guess::Merge),
        "=" => return Ok(Guess::Default),
        _ if is_bool(text) => {
            ScalarKind::Bool(bool_of(&text.to_ascii_lowercase()).unwrap_or_default())
        }
        _ if !text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => {
            ScalarKind::Str
        }
        _ => match (float(text), int(text)?, timestamp(text)?) {
            (Some(kind), _, _) | (_, Some(kind), _) | (_, _, Some(kind)) => kind,
            (None, None, None) => ScalarKind::Str,
        },
    };
    Ok(Guess::Kind(kind))
}

/// True if a scalar of this type and text can stand without quotes and tag, and is read as the
/// same again.
pub(super) fn is_guessed(text: &str, as_type: Type) -> bool {
    matches!(guess(text), Ok(Guess::Kind(kind)) if kind.type_only() == as_type)
}

/// The boolean of a word in lower case.
pub(super) fn bool_of(word: &str) -> Option<bool> {
    match word {
        "yes" | "true" | "on" => Some(true),
        "no" | "false" | "off" => Some(false),
        _ => None,
    }
}

/// True for a boolean in one of the three cases that PyYAML knows: `on`, `On`, `ON`.
fn is_bool(text: &str) -> bool {
    if !(2..=5).contains(&text.len())
        || !text.starts_with(['y', 'Y', 'n', 'N', 't', 'T', 'f', 'F', 'o', 'O'])
        || bool_of(&text.to_ascii_lowercase()).is_none()
    {
        return false;
    }
    let rest = text.get(1..).unwrap_or_default();
    let lower = |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase());
    let upper = |part: &str| part.bytes().all(|byte| byte.is_ascii_uppercase());
    lower(rest) || upper(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_have_the_types_of_yaml_1_1() {
        use ScalarKind::{Bool, Float, Int, Null, Str, Timestamp};
        for (text, kind) in [
            ("", Null),
            ("~", Null),
            ("NULL", Null),
            ("nULL", Str),
            ("on", Bool(true)),
            ("No", Bool(false)),
            ("nO", Str),
            ("y", Str),
            ("010", Int(Some(8))),
            ("08", Str),
            ("0o17", Str),
            ("-0x1_F", Int(Some(-31))),
            ("0b1_01", Int(Some(5))),
            ("1_000", Int(Some(1000))),
            ("12:30:45", Int(Some(45045))),
            ("12:60", Str),
            ("0:30", Str),
            ("123456789012345678901234567890", Int(None)),
            ("-9223372036854775808", Int(Some(i64::MIN))),
            ("1e3", Str),
            ("1.e+3", Float(1000.0)),
            ("1.5e3", Str),
            (".5", Float(0.5)),
            ("-.5", Str),
            (".", Str),
            ("1:30.5", Float(90.5)),
            ("-.inf", Float(f64::NEG_INFINITY)),
            ("2026-01-31", Timestamp),
            ("2026-1-31", Str),
            ("2026-1-31 1:02:03.5 +01:30", Timestamp),
            ("2026-01-31T01:02:03Z", Timestamp),
            ("2026-01-31T", Str),
            ("it's", Str),
            ("+", Str),
            ("日本", Str),
        ] {
            assert_eq!(guess(text), Ok(Guess::Kind(kind)), "{text:?}");
        }
        assert!(matches!(guess(".nan"), Ok(Guess::Kind(Float(x))) if x.is_nan()));
        assert_eq!(guess("+.nan"), Ok(Guess::Kind(Str)));
    }

    #[test]
    fn what_looks_like_a_date_or_a_number_and_is_none_is_an_error() {
        for text in [
            "2026-02-29",
            "0000-01-01",
            "0x_",
            "-0b__",
            "2026-01-01 24:00:00",
        ] {
            guess(text).unwrap_err();
        }
    }
}

//! Explicit tags: which are known, and what a scalar becomes under one.

use std::rc::Rc;

use super::composed::Role;
use super::node::{Mark, Scalar, ScalarKind, Type};
use super::resolve::{self, Guess};
use crate::error::Problem;
use crate::text::escape;

const NAMESPACE: &str = "tag:yaml.org,2002:";

/// How the type of a scalar is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    /// From its text: it stood without quotes, or under `!`.
    Guess,
    /// It is said, or it stood in quotes.
    As(Type),
}

impl Tag {
    /// The tag of a scalar.
    ///
    /// # Errors
    /// A tag that is not known, or is no scalar's.
    pub(super) fn of_scalar(
        tag: Option<&granit_parser::Tag>,
        plain: bool,
        mark: &Mark,
    ) -> Result<Tag, Problem> {
        let Some(tag) = tag else {
            return Ok(if plain {
                Tag::Guess
            } else {
                Tag::As(Type::Str)
            });
        };
        if tag.parts() == ("", "!") {
            return Ok(Tag::Guess);
        }
        let name = tag.suffix_in_namespace(NAMESPACE);
        Type::ALL
            .into_iter()
            .find(|known| name.as_deref() == Some(known.tag()))
            .map(Tag::As)
            .ok_or_else(|| unknown(tag, mark))
    }
}

/// Checks the tag of a collection, which may only say what it is anyway (`seq`, `map`).
///
/// # Errors
/// Any other tag.
pub(super) fn check_collection(
    tag: Option<&granit_parser::Tag>,
    kind: &str,
    mark: &Mark,
) -> Result<(), Problem> {
    match tag {
        Some(tag)
            if tag.parts() != ("", "!")
                && tag.suffix_in_namespace(NAMESPACE).as_deref() != Some(kind) =>
        {
            Err(unknown(tag, mark))
        }
        _ => Ok(()),
    }
}

/// The scalar that a text is under a tag, and what it is beside data.
///
/// # Errors
/// What is wrong with the text.
pub(super) fn scalar(text: &str, tag: Tag) -> Result<(Scalar, Role), String> {
    let mut role = Role::Data;
    let invalid = |what: &str| format!("`{}` is not {what}", escape(text));
    let kind = match tag {
        Tag::Guess => match resolve::guess(text)? {
            Guess::Kind(kind) => kind,
            Guess::Merge => {
                role = Role::Merge;
                ScalarKind::Str
            }
            Guess::Default => {
                role = Role::Default;
                ScalarKind::Str
            }
        },
        Tag::As(Type::Null) => ScalarKind::Null,
        Tag::As(Type::Bool) => ScalarKind::Bool(
            resolve::bool_of(&text.to_ascii_lowercase()).ok_or_else(|| invalid("a boolean"))?,
        ),
        Tag::As(Type::Int) => resolve::int(text)?.ok_or_else(|| invalid("an integer"))?,
        Tag::As(Type::Float) => resolve::float(text)
            .or_else(|| text.parse().ok().map(ScalarKind::Float))
            .ok_or_else(|| invalid("a number"))?,
        Tag::As(Type::Timestamp) => resolve::timestamp(text)?.ok_or_else(|| invalid("a date"))?,
        Tag::As(Type::Binary) => ScalarKind::Binary,
        Tag::As(Type::Str) => ScalarKind::Str,
    };
    let scalar = Scalar {
        text: Rc::from(text),
        plain: tag == Tag::Guess,
        kind,
    };
    Ok((scalar, role))
}

fn unknown(tag: &granit_parser::Tag, mark: &Mark) -> Problem {
    mark.problem(format!(
        "the tag `{}` is not supported here",
        escape(&tag.original())
    ))
}

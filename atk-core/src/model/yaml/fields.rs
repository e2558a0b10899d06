//! The fields of YAML mappings as values, with every problem met on the way: for the manifest and
//! for definitions.
//!
//! What the Python tool (pydantic) takes for a number or a boolean is one here too. A string is
//! what was written: `on` is the text `on`, never `true`. The Python tool refuses such a string, so
//! there is a problem or a warning, as [`Unquoted`] says.

use super::node::{Node, ScalarKind, Value};
use crate::error::{Problem, Result};
use crate::model::suggest::nearest;
use crate::rule::Rule;
use crate::text::escape;

/// What becomes of a value that is meant as a string and is another type without quotes (`on`,
/// `2026-01-23`, `1.10`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::model) enum Unquoted {
    /// It is read as it was written, with a warning: for files that other people wrote.
    #[default]
    Warning,
    /// It is a problem: for the file that both tools write.
    Problem,
}

/// A value that is one of a few words.
pub(crate) trait Word: Copy + 'static {
    const ALL: &'static [Self];

    fn word(self) -> &'static str;
}

/// A node and the path of its field (`ports[0].port`).
#[derive(Clone)]
pub(in crate::model) struct Field<'a> {
    pub(in crate::model) node: &'a Node,
    pub(in crate::model) path: String,
}

/// A mapping.
pub(in crate::model) struct Fields<'a> {
    all: Field<'a>,
}

impl<'a> Fields<'a> {
    pub(in crate::model) fn get(&self, key: &str) -> Option<Field<'a>> {
        let node = self.all.node.get(key)?;
        Some(Field {
            node,
            path: self.path_of(key),
        })
    }

    /// The field, unless it is left out or null.
    pub(in crate::model) fn given(&self, key: &str) -> Option<Field<'a>> {
        self.get(key).filter(|field| !field.node.is_null())
    }

    pub(in crate::model) fn path_of(&self, key: &str) -> String {
        match self.all.path.as_str() {
            "" => key.to_owned(),
            path => format!("{path}.{key}"),
        }
    }

    /// The place of a field, or of the mapping if there is no such field.
    pub(in crate::model) fn place(&self, key: &str) -> Field<'a> {
        Field {
            node: self.all.node.get(key).unwrap_or(self.all.node),
            path: self.path_of(key),
        }
    }

    /// A problem of a field that is not there.
    pub(in crate::model) fn missing(&self, key: &str, message: impl Into<String>) -> Problem {
        let problem = self.all.node.mark.problem_of(&self.path_of(key), message);
        problem
            .of(Rule::MissingField)
            .with_fix(format!("add `{key}`"))
    }
}

impl Field<'_> {
    pub(in crate::model) fn problem(&self, message: impl Into<String>) -> Problem {
        let problem = self.node.mark.problem_of(&self.path, message);
        problem.of(Rule::InvalidValue)
    }

    fn expected(&self, what: &str) -> Problem {
        self.problem(format!("expected {what}, found {}", self.node.describe()))
            .of(Rule::WrongType)
    }

    /// The same for a value that is better shown than described.
    fn not(&self, what: &str) -> Problem {
        match self.node.as_scalar() {
            Some(scalar) if scalar.kind != ScalarKind::Null => {
                self.problem(format!("`{}` is not {what}", shown(&scalar.text)))
            }
            Some(_) | None => self.expected(what),
        }
    }
}

/// Collects problems and warnings.
#[derive(Default)]
pub(in crate::model) struct FieldReader {
    pub(in crate::model) problems: Vec<Problem>,
    pub(in crate::model) warnings: Vec<Problem>,
    /// True for a format that is newer than this library: it may have fields unknown here.
    pub(in crate::model) newer: bool,
    pub(in crate::model) unquoted: Unquoted,
}

impl FieldReader {
    /// A mapping, whatever its keys are.
    pub(in crate::model) fn mapping<'a>(&mut self, field: Field<'a>) -> Option<Fields<'a>> {
        if field.node.as_mapping().is_none() {
            self.problems.push(field.expected("a mapping"));
            return None;
        }
        Some(Fields { all: field })
    }

    /// A mapping; every key must be among the known ones.
    pub(in crate::model) fn fields<'a>(
        &mut self,
        field: Field<'a>,
        known: &[&str],
    ) -> Option<Fields<'a>> {
        let pairs = field.node.as_mapping().unwrap_or_default();
        let fields = self.mapping(field)?;
        for (key, _) in pairs {
            let Some(name) = key.as_scalar().map(|scalar| &*scalar.text) else {
                continue;
            };
            if key.as_str_scalar().is_none() || !known.contains(&name) {
                let near = nearest(name, known.iter().copied());
                let advice = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known here: {}", known.join(", ")),
                };
                let path = fields.path_of(&shown(name));
                let message = format!("unknown field ({advice})");
                let mut problem = key.mark.problem_of(&path, message).of(Rule::UnknownField);
                problem.fix = near.map(|near| format!("rename the field to `{near}`"));
                if self.newer {
                    self.warnings.push(problem);
                } else {
                    self.problems.push(problem);
                }
            }
        }
        Some(fields)
    }

    /// A string, as it was written; `None` if it is left out or null.
    pub(in crate::model) fn text(&mut self, fields: &Fields<'_>, key: &str) -> Option<String> {
        self.string(&fields.given(key)?)
    }

    /// A string that must be there.
    pub(in crate::model) fn required(&mut self, fields: &Fields<'_>, key: &str) -> Option<String> {
        match fields.get(key) {
            Some(field) => self.string(&field),
            None => {
                self.problems.push(fields.missing(key, "is missing"));
                None
            }
        }
    }

    pub(in crate::model) fn string(&mut self, field: &Field<'_>) -> Option<String> {
        let Value::Scalar(scalar) = &field.node.value else {
            self.problems.push(field.expected("a string"));
            return None;
        };
        match scalar.kind {
            ScalarKind::Str => {}
            ScalarKind::Null | ScalarKind::Binary => {
                self.problems.push(field.expected("a string"));
                return None;
            }
            ScalarKind::Bool(_)
            | ScalarKind::Int(_)
            | ScalarKind::Float(_)
            | ScalarKind::Timestamp => match self.unquoted {
                Unquoted::Warning => {
                    let message = format!(
                        "without quotes this is {} in YAML, and the Python tool refuses it; \
                         put quotes around it",
                        field.node.describe()
                    );
                    let fix = format!("write `\"{}\"`", shown(&scalar.text));
                    let problem = field.problem(message).of(Rule::YamlUnquoted);
                    self.warnings.push(problem.with_fix(fix));
                }
                Unquoted::Problem => {
                    let message = format!(
                        "expected a string, found {}; put quotes around it",
                        field.node.describe()
                    );
                    self.problems.push(field.problem(message));
                    return None;
                }
            },
        }
        if scalar.text.contains('\0') {
            self.problems.push(field.problem("has a NUL character"));
            return None;
        }
        Some(scalar.text.as_ref().to_owned())
    }

    /// One of a few words; `None` if the field is left out.
    pub(in crate::model) fn word<T: Word>(&mut self, fields: &Fields<'_>, key: &str) -> Option<T> {
        let field = fields.get(key)?;
        let text = self.string(&field)?;
        let found = T::ALL.iter().find(|value| value.word() == text);
        if found.is_none() {
            let words: Vec<_> = T::ALL.iter().map(|value| value.word()).collect();
            let advice = match nearest(&text, words.iter().copied()) {
                Some(near) => format!("; did you mean `{near}`?"),
                None => String::new(),
            };
            let message = format!(
                "`{}` is not one of {}{advice}",
                shown(&text),
                words.join(", ")
            );
            let fix = match nearest(&text, words.iter().copied()) {
                Some(near) => format!("write `{near}`"),
                None => format!("write one of {}", words.join(", ")),
            };
            self.problems.push(field.problem(message).with_fix(fix));
        }
        found.copied()
    }

    /// A boolean; the default if it is left out.
    pub(in crate::model) fn flag(&mut self, fields: &Fields<'_>, key: &str, default: bool) -> bool {
        let Some(field) = fields.get(key) else {
            return default;
        };
        let value = field.node.as_scalar().and_then(|scalar| match scalar.kind {
            ScalarKind::Bool(value) => Some(value),
            ScalarKind::Int(Some(0)) => Some(false),
            ScalarKind::Int(Some(1)) => Some(true),
            ScalarKind::Float(0.0) => Some(false),
            ScalarKind::Float(1.0) => Some(true),
            ScalarKind::Str => spoken_bool(&scalar.text),
            ScalarKind::Int(_)
            | ScalarKind::Float(_)
            | ScalarKind::Null
            | ScalarKind::Timestamp
            | ScalarKind::Binary => None,
        });
        if value.is_none() {
            self.problems.push(field.not("true or false"));
        }
        value.unwrap_or(default)
    }

    /// An integer. What YAML makes of unusual forms (`0777`, `12:30`, `on`) gets a warning.
    pub(in crate::model) fn integer(&mut self, field: &Field<'_>) -> Option<i64> {
        let scalar = field.node.as_scalar();
        let value = scalar.and_then(|scalar| match scalar.kind {
            ScalarKind::Int(value) => value,
            ScalarKind::Bool(value) => Some(i64::from(value)),
            ScalarKind::Float(value) if value.fract() == 0.0 && value.abs() < 1e15 => {
                Some(value as i64)
            }
            ScalarKind::Str => spoken_integer(&scalar.text),
            ScalarKind::Float(_)
            | ScalarKind::Null
            | ScalarKind::Timestamp
            | ScalarKind::Binary => None,
        });
        let Some(value) = value else {
            self.problems.push(field.not("an integer in range"));
            return None;
        };
        if let Some(text) = scalar.map(|scalar| &scalar.text)
            && spoken_integer(text) != Some(value)
        {
            let message = format!("YAML reads `{}` as {value}", shown(text));
            let fix = format!("write `{value}`, or the number that is meant, in decimal digits");
            let problem = field.problem(message).of(Rule::YamlNumber);
            self.warnings.push(problem.with_fix(fix));
        }
        Some(value)
    }

    /// A value that was read from a field, or the problem that it has.
    pub(in crate::model) fn checked<T>(&mut self, field: &Field<'_>, read: Result<T>) -> Option<T> {
        let problem = |error: crate::error::Error| field.problem(error.to_string());
        read.map_err(|error| self.problems.push(problem(error)))
            .ok()
    }

    /// The items of a list; `None` if it is left out.
    pub(in crate::model) fn items<'a>(&mut self, fields: &Fields<'a>, key: &str) -> Vec<Field<'a>> {
        let Some(field) = fields.get(key) else {
            return Vec::new();
        };
        let Some(items) = field.node.as_sequence() else {
            self.problems.push(field.expected("a list"));
            return Vec::new();
        };
        let at = |(index, node)| Field {
            node,
            path: format!("{}[{index}]", field.path),
        };
        items.iter().enumerate().map(at).collect()
    }

    /// A list of strings; empty if it is left out or null.
    pub(in crate::model) fn texts(&mut self, fields: &Fields<'_>, key: &str) -> Vec<String> {
        if fields.given(key).is_none() {
            return Vec::new();
        }
        let items = self.items(fields, key);
        items.iter().filter_map(|item| self.string(item)).collect()
    }
}

/// Text from outside, escaped and not too long for a message.
pub(in crate::model) fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", escape(text.get(..end).unwrap_or_default())),
        None => escape(text),
    }
}

fn spoken_bool(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "on" | "t" | "true" | "y" | "yes" => Some(true),
        "0" | "off" | "f" | "false" | "n" | "no" => Some(false),
        _ => None,
    }
}

/// Decimal digits, with a sign, single underscores and a fraction of zeros where they please.
fn spoken_integer(text: &str) -> Option<i64> {
    let text = text.trim();
    let text = match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    let digits = text.trim_start_matches(['+', '-']);
    if text.len() - digits.len() > 1 || digits.split('_').any(str::is_empty) {
        return None;
    }
    text.replace('_', "").parse().ok()
}

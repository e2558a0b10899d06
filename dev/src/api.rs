//! The description of the API, typed: what the renderers read instead of JSON Schema.
//!
//! A shape that this file does not know is an error that names its place: nothing is skipped.

use serde_json::{Map, Value};

/// The whole API.
pub(crate) struct Api {
    /// In the order of the documentation.
    pub(crate) operations: Vec<Operation>,
    /// The options of a handle. All may be left out.
    pub(crate) options: Vec<Field>,
    /// The kinds of errors, in the order of their numbers.
    pub(crate) errors: Vec<ErrorKind>,
    /// The types with a name, in the order of their first use. Without reports and their lines,
    /// which are [`Type::Report`] and [`Type::Line`], and without `Error` and `ErrorKind`.
    pub(crate) types: Vec<Named>,
}

/// An operation.
pub(crate) struct Operation {
    /// In snake case.
    pub(crate) name: String,
    pub(crate) alias: Option<String>,
    pub(crate) doc: String,
    pub(crate) arguments: Vec<Argument>,
    /// Without those of the group that answers questions.
    pub(crate) options: Vec<Field>,
    /// The options of the group that answers questions: `answers`, `env`, `trust`, `yes`; or none.
    pub(crate) answers: Vec<Field>,
    pub(crate) has_events: bool,
    pub(crate) has_prompts: bool,
    pub(crate) has_output: bool,
    /// The codes of errors.
    pub(crate) errors: Vec<String>,
    pub(crate) outcome: Type,
}

/// An argument of an operation.
pub(crate) struct Argument {
    pub(crate) field: Field,
    /// False: it may be left out. Of a plugin that means all plugins.
    pub(crate) is_required: bool,
}

/// A field, an option or an argument.
pub(crate) struct Field {
    /// In snake case.
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) kind: Type,
    /// False: a document may lack it.
    pub(crate) is_required: bool,
}

/// A kind of error.
pub(crate) struct ErrorKind {
    /// In snake case.
    pub(crate) code: String,
    pub(crate) number: i64,
    pub(crate) exit_code: i64,
    pub(crate) doc: String,
}

/// A type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    Path,
    Bool,
    /// With the name of its Rust type (`uint64`), if it has one.
    Integer(Option<String>),
    Number,
    List(Box<Type>),
    /// Of texts to values.
    Map(Box<Type>),
    /// A value or null.
    Optional(Box<Type>),
    Pair(Box<Type>, Box<Type>),
    /// One of [`Api::types`].
    Named(String),
    /// What became of several plugins.
    Report(Box<Type>),
    /// What became of one plugin.
    Line(Box<Type>),
    /// An error.
    Error,
    /// The code of an error.
    ErrorCode,
}

/// A type with a name.
pub(crate) struct Named {
    /// In upper camel case.
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) shape: Shape,
}

pub(crate) enum Shape {
    /// A text with a meaning (`Pin`).
    Text,
    Record(Vec<Field>),
    /// One of some texts.
    Choice(Vec<Choice>),
    /// One of some records, told apart by the text of a field.
    Union {
        tag: String,
        variants: Vec<Variant>,
    },
}

pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) doc: String,
}

pub(crate) struct Variant {
    /// The text in the field of the tag.
    pub(crate) value: String,
    pub(crate) doc: String,
    /// Without the tag.
    pub(crate) fields: Vec<Field>,
}

type Read<T> = Result<T, String>;

impl Api {
    /// Reads the description.
    ///
    /// # Errors
    /// Names what this file does not know.
    pub(crate) fn read(document: &Value) -> Read<Api> {
        let parameters = fields(object(document, "parameters")?, &[], "parameters")?;
        let operations = list(document, "operations")?
            .iter()
            .map(|operation| Operation::read(operation, &parameters));
        let types = object(document, "$defs")?
            .iter()
            .filter(|(name, _)| !is_built_in(name))
            .map(|(name, schema)| Named::read(name, schema));
        let errors = list(document, "error_kinds")?.iter().map(|kind| {
            Ok(ErrorKind {
                code: text(kind, "code")?,
                number: integer(kind, "number")?,
                exit_code: integer(kind, "exit_code")?,
                doc: text(kind, "description")?,
            })
        });
        Ok(Api {
            operations: operations.collect::<Read<_>>()?,
            options: fields(object(document, "options")?, &[], "options")?,
            errors: errors.collect::<Read<_>>()?,
            types: types.collect::<Read<_>>()?,
        })
    }

    /// The type of a name.
    pub(crate) fn named(&self, name: &str) -> Read<&Named> {
        let found = self.types.iter().find(|named| named.name == name);
        found.ok_or_else(|| format!("there is no type `{name}`"))
    }
}

impl Operation {
    fn read(document: &Value, parameters: &[Field]) -> Read<Operation> {
        let name = text(document, "name")?;
        let parameter = |name: &str| {
            let found = parameters.iter().find(|field| field.name == name);
            let found = found.ok_or_else(|| format!("`{name}` is not a parameter"))?;
            let mut field = found.copy();
            // Options may be left out, and of arguments `is_required` says it.
            if let Type::Optional(inner) = field.kind {
                field.kind = *inner;
            }
            Ok::<_, String>(field)
        };
        let arguments = list(document, "arguments")?.iter().map(|argument| {
            let field = parameter(&text(argument, "name")?)?;
            let is_required = flag(argument, "required")?;
            Ok(Argument { field, is_required })
        });
        let named = |list: &str| {
            let names = texts(document, list)?;
            names
                .iter()
                .map(|name| parameter(name))
                .collect::<Read<_>>()
        };
        let callbacks = texts(document, "callbacks")?;
        let calls = |name: &str| callbacks.iter().any(|callback| callback == name);
        Ok(Operation {
            alias: document["alias"].as_str().map(str::to_owned),
            doc: text(document, "description")?,
            arguments: arguments.collect::<Read<_>>()?,
            options: named("options")?,
            answers: named("answers")?,
            has_events: calls("events"),
            has_prompts: calls("prompts"),
            has_output: calls("output"),
            errors: texts(document, "errors")?,
            outcome: Type::read(&document["outcome"], &name)?,
            name,
        })
    }
}

impl Field {
    fn copy(&self) -> Field {
        Field {
            name: self.name.clone(),
            doc: self.doc.clone(),
            kind: self.kind.clone(),
            is_required: self.is_required,
        }
    }
}

impl Type {
    fn read(schema: &Value, place: &str) -> Read<Type> {
        if let Some(reference) = schema["$ref"].as_str() {
            return Ok(Type::referenced(reference));
        }
        if let Some(cases) = schema["anyOf"].as_array() {
            let [inner, null] = cases.as_slice() else {
                return unknown(schema, place);
            };
            return match null["type"].as_str() {
                Some("null") => Ok(Type::Optional(Box::new(Type::read(inner, place)?))),
                _ => unknown(schema, place),
            };
        }
        if let Some([kind, null]) = schema["type"].as_array().map(Vec::as_slice) {
            if null != "null" {
                return unknown(schema, place);
            }
            let mut inner = schema.clone();
            inner["type"] = kind.clone();
            return Ok(Type::Optional(Box::new(Type::read(&inner, place)?)));
        }
        let format = schema["format"].as_str();
        Ok(match schema["type"].as_str() {
            Some("string") if format == Some("path") => Type::Path,
            Some("string") if format.is_none() => Type::Text,
            Some("boolean") => Type::Bool,
            Some("integer") => Type::Integer(format.map(str::to_owned)),
            Some("number") => Type::Number,
            Some("array") => match schema["prefixItems"].as_array().map(Vec::as_slice) {
                None => Type::List(Box::new(Type::read(&schema["items"], place)?)),
                Some([first, second]) => Type::Pair(
                    Box::new(Type::read(first, place)?),
                    Box::new(Type::read(second, place)?),
                ),
                Some(_) => return unknown(schema, place),
            },
            Some("object") if schema["additionalProperties"].is_object() => Type::Map(Box::new(
                Type::read(&schema["additionalProperties"], place)?,
            )),
            _ => return unknown(schema, place),
        })
    }

    fn referenced(reference: &str) -> Type {
        let name = reference.trim_start_matches("#/$defs/");
        let of = |inner: &str| Box::new(Type::Named(inner.to_owned()));
        match (name.strip_prefix("ReportOf"), name.strip_prefix("LineOf")) {
            (Some(inner), _) => Type::Report(of(inner)),
            (None, Some(inner)) => Type::Line(of(inner)),
            (None, None) if name == "Error" => Type::Error,
            (None, None) if name == "ErrorKind" => Type::ErrorCode,
            (None, None) => Type::Named(name.to_owned()),
        }
    }
}

/// True for types that every face has in a form of its own.
fn is_built_in(name: &str) -> bool {
    name.starts_with("ReportOf")
        || name.starts_with("LineOf")
        || ["Error", "ErrorKind"].contains(&name)
}

impl Named {
    fn read(name: &str, schema: &Value) -> Read<Named> {
        let shape = match (schema["oneOf"].as_array(), schema["properties"].as_object()) {
            (Some(cases), None) => Shape::of_cases(cases, name)?,
            (None, Some(properties)) => Shape::Record(fields(
                properties,
                &texts_or_none(schema, "required"),
                name,
            )?),
            (None, None) if schema["type"] == "string" && schema["enum"].is_null() => Shape::Text,
            _ => return unknown(schema, name),
        };
        Ok(Named {
            name: name.to_owned(),
            doc: description(schema),
            shape,
        })
    }
}

impl Shape {
    fn of_cases(cases: &[Value], name: &str) -> Read<Shape> {
        if cases
            .iter()
            .all(|case| case["const"].is_string() || case["enum"].is_array())
        {
            let mut choices = Vec::new();
            for case in cases {
                let values = match case["const"].as_str() {
                    Some(value) => vec![value.to_owned()],
                    None => texts(case, "enum")?,
                };
                choices.extend(values.into_iter().map(|value| Choice {
                    value,
                    doc: description(case),
                }));
            }
            return Ok(Shape::Choice(choices));
        }
        let mut tags = Vec::new();
        let mut variants = Vec::new();
        for case in cases {
            let properties = object(case, "properties")?;
            let Some((tag, value)) = properties
                .iter()
                .find_map(|(field, schema)| Some((field, schema["const"].as_str()?)))
            else {
                return unknown(case, name);
            };
            let mut rest = properties.clone();
            rest.shift_remove(tag);
            tags.push(tag.clone());
            variants.push(Variant {
                value: value.to_owned(),
                doc: description(case),
                fields: fields(&rest, &texts_or_none(case, "required"), name)?,
            });
        }
        tags.dedup();
        match tags.as_slice() {
            [tag] => Ok(Shape::Union {
                tag: tag.clone(),
                variants,
            }),
            _ => Err(format!("the cases of `{name}` are told apart by {tags:?}")),
        }
    }
}

fn fields(properties: &Map<String, Value>, required: &[String], place: &str) -> Read<Vec<Field>> {
    let fields = properties.iter().map(|(name, schema)| {
        Ok(Field {
            name: name.clone(),
            doc: description(schema),
            kind: Type::read(schema, &format!("{place}.{name}"))?,
            is_required: required.contains(name),
        })
    });
    fields.collect()
}

fn description(schema: &Value) -> String {
    let text = schema["description"].as_str().unwrap_or_default();
    let paragraphs = text
        .split("\n\n")
        .map(|paragraph| paragraph.replace('\n', " "));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

fn unknown<T>(schema: &Value, place: &str) -> Read<T> {
    Err(format!(
        "`{place}` has a shape that no face knows: {schema}"
    ))
}

fn object<'a>(of: &'a Value, name: &str) -> Read<&'a Map<String, Value>> {
    of[name].as_object().ok_or_else(|| missing(of, name))
}

fn list<'a>(of: &'a Value, name: &str) -> Read<&'a Vec<Value>> {
    of[name].as_array().ok_or_else(|| missing(of, name))
}

fn text(of: &Value, name: &str) -> Read<String> {
    of[name]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| missing(of, name))
}

fn flag(of: &Value, name: &str) -> Read<bool> {
    of[name].as_bool().ok_or_else(|| missing(of, name))
}

fn integer(of: &Value, name: &str) -> Read<i64> {
    of[name].as_i64().ok_or_else(|| missing(of, name))
}

fn texts(of: &Value, name: &str) -> Read<Vec<String>> {
    let texts = list(of, name)?.iter();
    let texts = texts.map(|text| {
        text.as_str()
            .map(str::to_owned)
            .ok_or_else(|| missing(of, name))
    });
    texts.collect()
}

fn texts_or_none(of: &Value, name: &str) -> Vec<String> {
    texts(of, name).unwrap_or_default()
}

fn missing(of: &Value, name: &str) -> String {
    format!("`{name}` is missing or of another type in {of}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_description_is_known() {
        let api = Api::read(&atk_core::api()).unwrap();
        let add = api.operations.iter().find(|one| one.name == "add").unwrap();
        assert_eq!(add.outcome, Type::Named("Added".into()));
        assert_eq!((add.options.len(), add.answers.len()), (1, 4));
        assert!(matches!(
            api.named("Event").unwrap().shape,
            Shape::Union { .. }
        ));
        assert!(matches!(api.named("Pin").unwrap().shape, Shape::Text));
        assert!(matches!(
            api.named("Maturity").unwrap().shape,
            Shape::Choice(_)
        ));
    }

    #[test]
    fn a_shape_that_no_face_knows_is_an_error_that_names_its_place() {
        let schema = serde_json::json!({ "type": "string", "format": "date" });
        let error = Type::read(&schema, "Added.day").unwrap_err();
        assert!(
            error.starts_with("`Added.day` has a shape that no face knows"),
            "{error}"
        );
        let mut api = atk_core::api();
        api["$defs"]["Added"]["properties"]["surprise"] = serde_json::json!({ "type": "null" });
        assert!(Api::read(&api).is_err());
    }
}

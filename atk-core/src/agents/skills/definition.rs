//! The front matter of a `SKILL.md`.

use crate::error::Problem;
use crate::model::yaml::node::Node;
use crate::model::yaml::{Budget, read};
use crate::rule::Rule;

const FILE: &str = "SKILL.md";

/// Characters that the specification allows.
const MAX_NAME: usize = 64;
const MAX_DESCRIPTION: usize = 1024;
const MAX_COMPATIBILITY: usize = 500;

/// What the front matter of a `SKILL.md` says. Fields that ATK does not know belong to agents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SkillDefinition {
    /// Lower case letters, digits and single hyphens between them; at most 64 characters.
    pub(crate) name: String,
    /// What the skill is for; agents decide by it.
    pub(crate) description: String,
}

impl SkillDefinition {
    /// Reads a `SKILL.md` in a directory of this name.
    ///
    /// # Errors
    /// The first problem, with its place in the file.
    pub(crate) fn parse(bytes: &[u8], directory: &str) -> Result<Self, Problem> {
        let (definition, mut problems) = Self::inspect(bytes, directory);
        match definition {
            Some(definition) if problems.is_empty() => Ok(definition),
            _ => Err(problems.swap_remove(0)),
        }
    }

    /// Reads a `SKILL.md` in a directory of this name, with every problem. There is at least one
    /// without a definition.
    pub(crate) fn inspect(bytes: &[u8], directory: &str) -> (Option<Self>, Vec<Problem>) {
        let root = match front_matter(bytes) {
            Ok(root) => root,
            Err(problem) => return (None, vec![problem.of(Rule::SkillInvalid)]),
        };
        let mut fields = Fields {
            root: &root,
            problems: Vec::new(),
        };
        let definition = fields.definition(directory);
        (definition, fields.problems)
    }
}

fn front_matter(bytes: &[u8]) -> Result<Node, Problem> {
    let problem = |message: &str| Problem::new(FILE, (1, 1), "", message);
    let text = std::str::from_utf8(bytes).map_err(|_| problem("the file is not UTF-8"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let is_fence = |line: &str| line.trim_end() == "---";
    let mut lines = text.split_inclusive('\n');
    if !lines.next().is_some_and(is_fence) {
        return Err(problem("the file must begin with a line `---`"));
    }
    // In the place of the first line, so that problems have their line in the file.
    let mut front_matter = "\n".to_owned();
    let mut is_closed = false;
    for line in lines {
        if is_fence(line) {
            is_closed = true;
            break;
        }
        front_matter.push_str(line);
    }
    if !is_closed {
        return Err(problem("the line `---` behind the front matter is missing"));
    }
    read(&front_matter, FILE, Budget::DEFINITION)?
        .ok_or_else(|| problem("the front matter is empty"))
}

struct Fields<'a> {
    root: &'a Node,
    problems: Vec<Problem>,
}

impl Fields<'_> {
    fn definition(&mut self, directory: &str) -> Option<SkillDefinition> {
        if self.root.as_mapping().is_none() {
            let message = format!("expected a mapping, found {}", self.root.describe());
            self.problem("", message);
            return None;
        }
        let name = self.required("name", MAX_NAME);
        if let Some(name) = &name {
            self.check_name(name, directory);
        }
        let description = self.required("description", MAX_DESCRIPTION);
        self.text("compatibility", MAX_COMPATIBILITY);
        Some(SkillDefinition {
            name: name?,
            description: description?,
        })
    }

    fn check_name(&mut self, name: &str, directory: &str) {
        let message = if !is_name(name) {
            format!(
                "`{name}` must have lower case letters and digits only, and single hyphens between them"
            )
        } else if name != directory {
            format!("`{name}` must be the name of its directory, `{directory}`")
        } else {
            return;
        };
        let at = self.root.get("name").unwrap_or(self.root);
        let problem = at.mark.problem_of("name", message);
        self.problems.push(problem.of(Rule::SkillName));
    }

    fn required(&mut self, field: &str, most: usize) -> Option<String> {
        let value = self.root.get(field).filter(|value| !value.is_null());
        if value.is_none() {
            self.problem(field, "is required".to_owned());
        }
        self.text(field, most)
    }

    /// The text of a field; `None` if the field is not there, or has a problem.
    fn text(&mut self, field: &str, most: usize) -> Option<String> {
        let value = self.root.get(field).filter(|value| !value.is_null())?;
        let length = value.as_str_scalar().map(|text| text.chars().count());
        let message = match (value.as_str_scalar(), length) {
            (Some(text), _) if text.trim().is_empty() => "must not be blank".to_owned(),
            (Some(_), Some(length)) if length > most => {
                format!("has {length} characters, at most {most} are allowed")
            }
            (Some(text), _) => return Some(text.to_owned()),
            (None, _) => format!("expected a string, found {}", value.describe()),
        };
        self.problem(field, message);
        None
    }

    fn problem(&mut self, field: &str, message: String) {
        let at = self.root.get(field).unwrap_or(self.root);
        let problem = at.mark.problem_of(field, message);
        self.problems.push(problem.of(Rule::SkillInvalid));
    }
}

fn is_name(name: &str) -> bool {
    let is_word = |word: &str| {
        let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        !word.is_empty() && word.chars().all(is_allowed)
    };
    name.split('-').all(is_word)
}

//! The front matter of a `SKILL.md`.

use crate::error::Problem;
use crate::model::yaml::node::Node;
use crate::model::yaml::{Budget, read};

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
        let problem = |line, message: &str| Problem {
            file: FILE.to_owned(),
            line,
            column: 1,
            field: String::new(),
            message: message.to_owned(),
        };
        let text = std::str::from_utf8(bytes).map_err(|_| problem(1, "the file is not UTF-8"))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let is_fence = |line: &str| line.trim_end() == "---";
        let mut lines = text.split_inclusive('\n');
        if !lines.next().is_some_and(is_fence) {
            return Err(problem(1, "the file must begin with a line `---`"));
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
            return Err(problem(
                1,
                "the line `---` behind the front matter is missing",
            ));
        }
        let root = read(&front_matter, FILE, Budget::DEFINITION)?;
        let Some(root) = root else {
            return Err(problem(1, "the front matter is empty"));
        };
        Fields(&root).definition(directory)
    }
}

struct Fields<'a>(&'a Node);

impl Fields<'_> {
    fn definition(&self, directory: &str) -> Result<SkillDefinition, Problem> {
        if self.0.as_mapping().is_none() {
            return Err(self.problem(
                "",
                format!("expected a mapping, found {}", self.0.describe()),
            ));
        }
        let name = self.required("name", MAX_NAME)?;
        if !is_name(&name) {
            let message = format!(
                "`{name}` must have lower case letters and digits only, and single hyphens between them"
            );
            return Err(self.problem("name", message));
        }
        if name != directory {
            let message = format!("`{name}` must be the name of its directory, `{directory}`");
            return Err(self.problem("name", message));
        }
        let description = self.required("description", MAX_DESCRIPTION)?;
        self.text("compatibility", MAX_COMPATIBILITY)?;
        Ok(SkillDefinition { name, description })
    }

    fn required(&self, field: &str, most: usize) -> Result<String, Problem> {
        let text = self.text(field, most)?;
        text.ok_or_else(|| self.problem(field, "is required".to_owned()))
    }

    /// The text of a field; `None` if the field is not there.
    fn text(&self, field: &str, most: usize) -> Result<Option<String>, Problem> {
        let Some(value) = self.0.get(field).filter(|value| !value.is_null()) else {
            return Ok(None);
        };
        let Some(text) = value.as_str_scalar() else {
            let message = format!("expected a string, found {}", value.describe());
            return Err(self.problem(field, message));
        };
        if text.trim().is_empty() {
            return Err(self.problem(field, "must not be blank".to_owned()));
        }
        let length = text.chars().count();
        if length > most {
            let message = format!("has {length} characters, at most {most} are allowed");
            return Err(self.problem(field, message));
        }
        Ok(Some(text.to_owned()))
    }

    fn problem(&self, field: &str, message: String) -> Problem {
        let at = self.0.get(field).unwrap_or(self.0);
        at.mark.problem_of(field, message)
    }
}

fn is_name(name: &str) -> bool {
    let is_word = |word: &str| {
        let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        !word.is_empty() && word.chars().all(is_allowed)
    };
    name.split('-').all(is_word)
}

//! The files of a new plugin: a small one that works, for its author to change.

mod definition;
mod parts;
mod server;
mod service;

pub(crate) use parts::PluginTemplate;

use super::new_directory::NewFile;

const README: &str = include_str!("plugin_template/README.md");
const SKILL: &str = include_str!("plugin_template/SKILL.md");
/// Answers of users, which must not be committed, and what the plugin makes when it runs.
const IGNORED: &str = ".env\n*.env\ncustom/\nrun/\n__pycache__/\n";
/// What makes the directory a plugin.
pub(crate) const DEFINITION: &str = "plugin.yaml";

impl PluginTemplate<'_> {
    /// All files, in the order of their names.
    pub(crate) fn files(&self) -> Vec<NewFile> {
        let service = self.service.map(|kind| service::of(self, kind));
        let server = self.server.map(|transport| server::of(self, transport));
        let mut files = vec![
            NewFile::new(".gitignore", IGNORED),
            NewFile::new("README.md", self.readme()),
            NewFile::new(
                DEFINITION,
                definition::text(self, service.as_ref(), server.as_ref()),
            ),
        ];
        if self.skill {
            files.push(NewFile::new("SKILL.md", self.skill()));
        }
        files.extend(service.into_iter().flat_map(|service| service.files));
        files.extend(server.into_iter().flat_map(|server| server.files));
        files.sort_by(|one, other| one.path.cmp(&other.path));
        files
    }

    /// The name for a heading. In Markdown it needs nothing escaped but what could be taken for its own
    /// marks.
    fn title(&self) -> String {
        let is_plain = |c: &char| c.is_alphanumeric() || "-_. ".contains(*c);
        let plain: String = self.name.chars().filter(is_plain).collect();
        plain.trim().to_owned()
    }

    fn readme(&self) -> String {
        let mut sections = String::new();
        let directory = self.directory;
        if self.service.is_some() {
            sections.push_str(&format!(
                "\n`atk start {directory}` starts the service, `atk logs {directory}` shows what it writes.\n"
            ));
        }
        if self.server.is_some() {
            sections.push_str(&format!(
                "\n`atk plug {directory}` gives the MCP server to the coding agents of this machine.\n"
            ));
        }
        README
            .replace("{title}", &self.title())
            .replace("{sections}", &sections)
            .replace("{text}", self.description)
    }

    fn skill(&self) -> String {
        let description = crate::model::yaml::inline(self.description);
        SKILL
            .replace("{directory}", self.directory.as_str())
            .replace("{title}", &self.title())
            .replace("{description}", &description)
    }
}

//! What of a plugin can be plugged into agents.

use super::super::context::Context;
use super::server::PluginServer;
use super::skill::{PluginSkill, SkillOfPlugin};
use crate::error::{Error, ErrorKind, Result};
use crate::home::HomeDir;
use crate::model::manifest::Entry;
use crate::model::name::PluginDir;
use crate::text::escape;

/// What of an installed plugin can be plugged into agents: one of both at least.
pub(crate) struct Pluggable {
    pub(crate) directory: PluginDir,
    pub(crate) server: Option<PluginServer>,
    pub(crate) skill: Option<PluginSkill>,
}

impl Pluggable {
    /// Reads what a plugin has; `None` if it has nothing. A `SKILL.md` that does not follow the
    /// specification is a warning.
    ///
    /// # Errors
    /// Those of the definition, of `.env` and of the home; [`ErrorKind::InvalidArgument`] if there is
    /// no `atk` command.
    pub(crate) fn read(
        context: &Context<'_>,
        home: &HomeDir,
        entry: &Entry,
    ) -> Result<Option<Pluggable>> {
        let server = PluginServer::read(context, home, entry)?;
        let skill = match SkillOfPlugin::read(home, entry)? {
            SkillOfPlugin::Valid(skill) => Some(*skill),
            SkillOfPlugin::None => None,
            SkillOfPlugin::Invalid(problem) => {
                let text = format!("its skill is not plugged in: {problem}");
                context.warn(Some(entry.directory.as_str()), &text);
                None
            }
        };
        Ok((server.is_some() || skill.is_some()).then(|| Pluggable {
            directory: entry.directory.clone(),
            server,
            skill,
        }))
    }

    /// The error for a plugin that has nothing.
    pub(crate) fn nothing(entry: &Entry) -> Error {
        let name = escape(&entry.name);
        Error::new(
            ErrorKind::NotDeclared,
            format!("`{name}` declares no MCP server, and has no skill"),
        )
        .with_plugin(entry.directory.as_str())
    }
}

//! `atk create`.

use std::io::{self, IsTerminal};

use atk_core::{CreateOptions, Host, Prompt, PromptKind, Reply, Result};
use clap::Args;

use super::Context;
use crate::render;
use crate::terminal::Terminal;

const SERVICES: [&str; 4] = ["docker-compose", "docker", "systemd", "script"];
const TRANSPORTS: [&str; 3] = ["stdio", "http", "sse"];
/// The answer that stands for no service, and for no server.
const NONE: &str = "none";

/// Write a new plugin that works, to change.
///
/// Writes plugin.yaml and README.md and, as the options say, a small service, an MCP server in Python and an
/// agent skill. The result passes `atk validate --strict`, and `atk add` installs it at once. On a terminal,
/// atk asks for what the options leave open; -y takes the defaults.
///
/// The directory must be empty or not exist. In the repository of a tool, `atk create .atk` makes the
/// repository a source for `atk add`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk create my-tool --mcp stdio
  atk create my-tool --service script --mcp http --skill
  atk create .atk --name 'My Tool' --service docker-compose
  atk create my-skill --skill --in-home          In the home, and added at once
  atk create --from npx:@upstash/context7-mcp    Starts a published server")]
pub(crate) struct Create {
    /// The directory [default: named after the plugin]
    directory: Option<String>,
    /// The display name of the plugin [default: that of the server, else of the directory]
    #[arg(long = "name", value_name = "NAME")]
    display_name: Option<String>,
    /// What it does, in one line
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// What runs its service
    #[arg(long, value_name = "TYPE", value_parser = SERVICES)]
    service: Option<String>,
    /// How clients connect to its MCP server
    #[arg(long, value_name = "TRANSPORT", value_parser = TRANSPORTS)]
    mcp: Option<String>,
    /// A published MCP server: npx:<package>[@version], uvx:<package>[==version], docker:<image>, or the
    /// path of a server.json or of a bundle (.mcpb). Nothing is downloaded or run
    #[arg(long = "from", value_name = "SERVER")]
    server: Option<String>,
    /// Add an agent skill
    #[arg(long)]
    skill: bool,
    /// Create it in the home, and add it
    #[arg(long)]
    in_home: bool,
}

impl Create {
    pub(super) fn run(mut self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let asks = !context.answers.yes && !context.output.quiet() && !context.output.json();
        // A server that exists says what the plugin is.
        if asks && self.server.is_none() && io::stdin().is_terminal() {
            let questions = Questions {
                host: &host,
                context: &context,
            };
            self.ask(&questions)?;
        }
        let mut options = CreateOptions::default();
        options.display_name = self.display_name;
        options.description = self.description;
        options.service = self.service;
        options.mcp = self.mcp;
        options.server = self.server;
        options.skill = self.skill;
        options.in_home = self.in_home;
        options.answers = context.answers;
        let outcome = context
            .home
            .create(self.directory.as_deref(), &options, &host)?;
        host.late_warnings(&outcome.warnings);
        host.push(outcome.added.as_ref().and_then(|added| added.push.as_ref()));
        context.output.report(&outcome, render::created)?;
        Ok(0)
    }

    /// Asks for what the options leave open.
    fn ask(&mut self, questions: &Questions<'_>) -> Result<()> {
        let has_parts = self.service.is_some() || self.mcp.is_some() || self.skill;
        if self.directory.is_none() && self.display_name.is_none() {
            self.display_name = questions.text("name", "Name of the plugin", true)?;
        }
        if self.description.is_none() {
            self.description = questions.text("description", "What it does, in one line", false)?;
        }
        if !has_parts {
            self.service = questions.choice("service", "Service", &SERVICES)?;
            self.mcp = questions.choice("mcp", "MCP server", &TRANSPORTS)?;
            self.skill = questions.yes("skill", "An agent skill too?")?;
        }
        Ok(())
    }
}

/// Asks the person at the terminal.
struct Questions<'a> {
    host: &'a Terminal<'a>,
    context: &'a Context<'a>,
}

impl Questions<'_> {
    fn reply(&self, prompt: Prompt) -> Result<Reply> {
        let reply = self.host.prompt(prompt, self.context.cancel)?;
        self.context.cancel.check()?;
        Ok(reply)
    }

    fn prompt(id: &str, kind: PromptKind, message: &str) -> Prompt {
        Prompt::new(format!("create:{id}"), "", kind, message)
    }

    fn text(&self, id: &str, message: &str, required: bool) -> Result<Option<String>> {
        let mut prompt = Self::prompt(id, PromptKind::Text, message);
        prompt.required = required;
        Ok(match self.reply(prompt)? {
            Reply::Text(text) => Some(text),
            _ => None,
        })
    }

    /// One of a few words, or none.
    fn choice(&self, id: &str, message: &str, words: &[&str]) -> Result<Option<String>> {
        let message = format!("{message} ({NONE}, {})", words.join(", "));
        loop {
            let mut prompt = Self::prompt(id, PromptKind::Text, &message);
            prompt.default = Some(NONE.to_owned());
            match self.reply(prompt)? {
                Reply::Text(text) if words.contains(&text.trim()) => {
                    return Ok(Some(text.trim().to_owned()));
                }
                Reply::Text(text) if text.trim() != NONE => {
                    let answer = atk_core::escape(text.trim());
                    self.context
                        .output
                        .tell(&format!("`{answer}` is not one of them\n"));
                }
                _ => return Ok(None),
            }
        }
    }

    fn yes(&self, id: &str, message: &str) -> Result<bool> {
        let prompt = Self::prompt(id, PromptKind::Confirm, message);
        Ok(self.reply(prompt)? == Reply::Yes)
    }
}

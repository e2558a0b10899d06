//! What the commands of a definition name: scripts of the plugin, and variables.

use super::definition::{ReadDefinition, Step};
use crate::model::lifecycle::LifecycleEvent;
use crate::model::mcp::replaced;
use crate::model::shell::{self, Word, is_assignment, moves, without_prefixes};
use crate::model::yaml::node::Mark;

/// What stands for the plugin's directory in a command.
const OWN_DIRECTORY: [&str; 2] = ["$ATK_PLUGIN_DIR/", "${ATK_PLUGIN_DIR}/"];

/// Programs that run the file that is their first argument.
const INTERPRETERS: [&str; 13] = [
    "sh", "bash", "dash", "zsh", "ksh", "python", "python3", "node", "ruby", "perl", "deno", "bun",
    "tsx",
];

/// Programs that run the command that follows.
const WRAPPERS: [&str; 7] = ["exec", "command", "nohup", "time", "sudo", "env", "nice"];

/// What a script's name ends in, if it is an argument of some other program.
const SCRIPT_SUFFIXES: [&str; 7] = [".sh", ".bash", ".py", ".js", ".mjs", ".cjs", ".rb"];

/// A field of the definition.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) mark: Mark,
    pub(super) field: String,
}

/// A file of the plugin that a command names.
#[derive(Debug)]
pub(super) struct NamedScript {
    /// Its path in the plugin.
    pub(super) path: String,
    pub(super) place: Place,
    pub(super) starter: Starter,
}

/// What starts a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Starter {
    /// A shell, by the script's path.
    Shell,
    /// The system, by the script's path, without a shell.
    System,
    /// An interpreter that gets the path as an argument.
    Interpreter,
}

/// A variable that a command uses.
#[derive(Debug)]
pub(super) struct UsedVariable {
    pub(super) name: String,
    pub(super) place: Place,
    /// True if the command works without it: `${NAME:-default}`.
    pub(super) has_default: bool,
}

/// What all commands name.
#[derive(Debug, Default)]
pub(super) struct Commands {
    pub(super) scripts: Vec<NamedScript>,
    pub(super) variables: Vec<UsedVariable>,
}

impl Commands {
    pub(super) fn of(read: &ReadDefinition) -> Self {
        let mut commands = Commands::default();
        for event in LifecycleEvent::ALL {
            if let Some(line) = event.command(&read.definition) {
                let place = Place {
                    mark: read
                        .mark(&[Step::Key("lifecycle"), Step::Key(event.name())])
                        .clone(),
                    field: format!("lifecycle.{}", event.name()),
                };
                commands.shell_line(line, &place);
            }
        }
        commands.server(read);
        commands
    }

    fn shell_line(&mut self, line: &str, place: &Place) {
        self.variables.extend(shell_variables(line, place));
        let Some(commands) = shell::commands(line) else {
            return;
        };
        for command in &commands {
            let words = unwrapped(without_prefixes(&command.words));
            let Some(first) = words.first() else {
                continue;
            };
            let raw = |word: &Word| line.get(word.range.clone()).unwrap_or_default();
            let found = if first.is(".") || first.is("source") {
                let file = words.get(1).and_then(|word| own_path(raw(word)));
                file.map(|path| (path, Starter::Interpreter))
            } else if INTERPRETERS.iter().any(|name| first.is(name)) {
                let arguments: Vec<_> = words.iter().skip(1).map(raw).collect();
                interpreted(&arguments).map(|(_, path)| (path, Starter::Interpreter))
            } else if raw(first).contains('/') {
                own_path(raw(first)).map(|path| (path, Starter::Shell))
            } else {
                None
            };
            // After `cd`, relative paths mean something else.
            let is_last = moves(words)
                && found
                    .as_ref()
                    .is_none_or(|(_, by)| *by == Starter::Interpreter);
            if let Some((path, starter)) = found {
                self.name_script(path, place.clone(), starter);
            }
            if is_last {
                break;
            }
        }
    }

    fn server(&mut self, read: &ReadDefinition) {
        let Some(mcp) = &read.definition.mcp else {
            return;
        };
        let place = |key: &'static str| Place {
            mark: read.mark(&[Step::Key("mcp"), Step::Key(key)]).clone(),
            field: format!("mcp.{key}"),
        };
        let argument = |index: usize| Place {
            mark: read
                .mark(&[Step::Key("mcp"), Step::Key("args"), Step::Index(index)])
                .clone(),
            field: format!("mcp.args[{index}]"),
        };
        if let Some(endpoint) = &mcp.endpoint {
            self.template(endpoint, &place("endpoint"));
        }
        for (index, text) in mcp.args.iter().enumerate() {
            self.template(text, &argument(index));
        }
        let Some(command) = &mcp.command else {
            return;
        };
        self.template(command, &place("command"));
        if command.contains('/') {
            if let Some(path) = own_path(command) {
                self.name_script(path, place("command"), Starter::System);
            }
            return;
        }
        let arguments: Vec<_> = mcp.args.iter().map(String::as_str).collect();
        if INTERPRETERS.contains(&command.as_str()) {
            if let Some((index, path)) = interpreted(&arguments) {
                self.name_script(path, argument(index), Starter::Interpreter);
            }
            return;
        }
        for (index, text) in arguments.iter().enumerate() {
            let is_own = OWN_DIRECTORY.iter().any(|own| text.starts_with(own));
            let is_script = SCRIPT_SUFFIXES.iter().any(|suffix| text.ends_with(suffix));
            if is_own
                && is_script
                && let Some(path) = own_path(text)
            {
                self.name_script(path, argument(index), Starter::Interpreter);
            }
        }
    }

    /// A text in which ATK itself puts the values of variables.
    fn template(&mut self, text: &str, place: &Place) {
        replaced(text, |name| {
            self.variables.push(UsedVariable {
                name: name.to_owned(),
                place: place.clone(),
                has_default: false,
            });
            None
        });
    }

    fn name_script(&mut self, path: String, place: Place, starter: Starter) {
        self.scripts.push(NamedScript {
            path,
            place,
            starter,
        });
    }
}

/// The words behind programs that only run others.
fn unwrapped(mut words: &[Word]) -> &[Word] {
    while let [first, rest @ ..] = words {
        if !WRAPPERS.iter().any(|name| first.is(name)) {
            break;
        }
        let own = |word: &Word| word.text.starts_with('-') || is_assignment(&word.text);
        let skipped = rest.iter().take_while(|word| own(word)).count();
        words = rest.get(skipped..).unwrap_or_default();
    }
    words
}

/// The file that an interpreter runs, with the place of its argument; `None` if it runs a text or a
/// module.
fn interpreted(arguments: &[&str]) -> Option<(usize, String)> {
    for (index, argument) in arguments.iter().enumerate() {
        if matches!(
            *argument,
            "-c" | "-m" | "-e" | "-p" | "--eval" | "run" | "-"
        ) {
            return None;
        }
        if !argument.starts_with('-') {
            return Some((index, own_path(argument)?));
        }
    }
    None
}

/// The path in the plugin that a word of a command is; `None` if it is another one, or not known
/// before it runs.
fn own_path(word: &str) -> Option<String> {
    let word = word.replace(['"', '\''], "");
    let own = OWN_DIRECTORY.iter().find_map(|own| word.strip_prefix(own));
    let path = own.unwrap_or(&word);
    let is_plain = |c: char| !"$`*?[]{}\\~\"'()<>|&;#!".contains(c) && !c.is_whitespace();
    if path.is_empty() || path.starts_with('/') || !path.chars().all(is_plain) {
        return None;
    }
    let parts: Vec<_> = path
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    match parts.is_empty() || parts.contains(&"..") {
        true => None,
        false => Some(parts.join("/")),
    }
}

/// The variables that a line of a shell uses and does not set itself.
fn shell_variables(line: &str, place: &Place) -> Vec<UsedVariable> {
    let mut found: Vec<UsedVariable> = Vec::new();
    let mut rest = line;
    let mut is_double_quoted = false;
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '\\' => {
                let skipped = rest.chars().next().map_or(0, char::len_utf8);
                rest = rest.get(skipped..).unwrap_or_default();
            }
            '"' => is_double_quoted = !is_double_quoted,
            '\'' if !is_double_quoted => {
                let end = rest.find('\'').map_or(rest.len(), |at| at + 1);
                rest = rest.get(end..).unwrap_or_default();
            }
            '$' => {
                let (is_braced, text) = match rest.strip_prefix('{') {
                    Some(text) => (true, text.trim_start_matches('#')),
                    None => (false, rest),
                };
                let is_part = |c: char| c == '_' || c.is_ascii_alphanumeric();
                let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
                let (name, behind) = text.split_at(end);
                if is_environment_name(name) && !sets(line, name) {
                    found.push(UsedVariable {
                        name: name.to_owned(),
                        place: place.clone(),
                        has_default: is_braced && behind.starts_with([':', '-', '+', '=']),
                    });
                }
            }
            _ => {}
        }
    }
    found
}

/// True for names that variables of the environment have: a shell's own are in lower case.
fn is_environment_name(name: &str) -> bool {
    name.starts_with(|c: char| c == '_' || c.is_ascii_uppercase())
        && name.len() > 1
        && name
            .bytes()
            .all(|b| b == b'_' || b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// True if the line itself gives the variable a value.
fn sets(line: &str, name: &str) -> bool {
    let words: Vec<_> = line
        .split(|c: char| c.is_whitespace() || ";&|(){}\"'".contains(c))
        .collect();
    let assigns = |word: &&str| {
        let rest = word.strip_prefix(name);
        rest.is_some_and(|rest| rest.starts_with('=') || rest.starts_with("+="))
    };
    words.iter().any(assigns)
        || words
            .windows(2)
            .any(|pair| matches!(pair[0], "for" | "read" | "-r" | "local") && pair[1] == name)
}

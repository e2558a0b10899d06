//! `manifest.json` of an MCP bundle (`.mcpb`): which files start its server, and what the user chooses.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::input::{Input, Variables, literal, one_line};
use super::server::ImportedServer;
use crate::model::plugin::{Mcp, Transport, Vendor};
use crate::text::escape;

/// The versions of the manifest that are read.
const VERSIONS: [&str; 2] = ["0.3", "0.4"];

#[derive(Deserialize)]
struct Manifest {
    manifest_version: String,
    name: String,
    display_name: Option<String>,
    description: Option<String>,
    author: Option<Author>,
    homepage: Option<String>,
    documentation: Option<String>,
    server: Server,
    #[serde(default)]
    user_config: BTreeMap<String, Choice>,
    #[serde(default)]
    compatibility: Compatibility,
}

#[derive(Deserialize)]
struct Author {
    name: String,
    url: Option<String>,
}

#[derive(Deserialize)]
struct Server {
    mcp_config: Option<Start>,
}

#[derive(Deserialize)]
struct Start {
    command: String,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    #[serde(default)]
    platform_overrides: BTreeMap<String, Override>,
}

#[derive(Deserialize)]
struct Override {
    command: Option<String>,
    args: Option<Vec<String>>,
    env: Option<BTreeMap<String, String>>,
}

/// A value that the user chooses.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Choice {
    title: Option<String>,
    description: Option<String>,
    required: bool,
    default: Option<Value>,
    sensitive: bool,
    multiple: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Compatibility {
    platforms: Vec<String>,
}

/// Reads a manifest, for a system by the name that Node has for it: `linux`, `darwin`.
///
/// # Errors
/// Why it cannot be read, or what of it a plugin cannot have.
pub(crate) fn read(bytes: &[u8], system: &str) -> Result<ImportedServer, String> {
    let manifest: Manifest = serde_json::from_slice(bytes)
        .map_err(|cause| format!("its `manifest.json` is malformed: {cause}"))?;
    if !VERSIONS.contains(&manifest.manifest_version.as_str()) {
        return Err(format!(
            "its manifest has the version `{}`, and ATK reads {}",
            escape(&manifest.manifest_version),
            VERSIONS.join(" and ")
        ));
    }
    let Some(mut start) = manifest.server.mcp_config else {
        return Err(
            "its manifest does not say how the server is started: it has no `mcp_config`".into(),
        );
    };
    let mut variables = Variables::of(&manifest.name);
    let platforms = &manifest.compatibility.platforms;
    if !platforms.is_empty() && !platforms.iter().any(|one| one == system) {
        let all = escape(&platforms.join(", "));
        let warning = format!("the bundle is made for {all}, and not for {system}");
        variables.warnings.push(warning);
    }
    if let Some(other) = start.platform_overrides.remove(system) {
        start.command = other.command.unwrap_or(start.command);
        start.args = other.args.unwrap_or(start.args);
        start.env = other.env.unwrap_or(start.env);
        let warning = format!("the plugin starts the server as the bundle says for {system}");
        variables.warnings.push(warning);
    }
    let mut texts = Texts {
        choices: &manifest.user_config,
        variables,
        names: BTreeMap::new(),
    };
    for (name, value) in &start.env {
        texts.environment(name, value)?;
    }
    let command = texts.filled(&start.command, "the command")?;
    let words = start.args.iter().map(|word| {
        let what = format!("the argument `{}`", escape(word));
        texts.filled(word, &what)
    });
    let args = words.collect::<Result<_, _>>()?;
    for key in manifest
        .user_config
        .keys()
        .filter(|key| !texts.names.contains_key(key.as_str()))
    {
        let warning = format!("`{}` was left out: nothing uses it", escape(key));
        texts.variables.warnings.push(warning);
    }
    let variables = texts.variables;
    let vendor = manifest.author.and_then(|author| {
        Some(Vendor {
            name: one_line(&author.name)?,
            url: author
                .url
                .or(manifest.homepage)
                .as_deref()
                .and_then(one_line),
            docs: manifest.documentation.as_deref().and_then(one_line),
        })
    });
    let names = manifest.display_name.into_iter().chain([manifest.name]);
    Ok(ImportedServer {
        names: names.filter_map(|name| one_line(&name)).collect(),
        description: manifest.description.as_deref().and_then(one_line),
        vendor,
        mcp: Mcp {
            transport: Transport::Stdio,
            command: Some(command),
            args,
            endpoint: None,
            env: variables.environment,
            timeout: None,
        },
        env_vars: variables.declared,
        warnings: variables.warnings,
    })
}

/// Turns the texts of a manifest into those of a plugin.
struct Texts<'m> {
    choices: &'m BTreeMap<String, Choice>,
    variables: Variables,
    /// The variable of each choice that was used.
    names: BTreeMap<&'m str, String>,
}

impl<'m> Texts<'m> {
    /// Declares a variable of the server's environment.
    fn environment(&mut self, name: &str, value: &str) -> Result<(), String> {
        let only = value
            .strip_prefix("${user_config.")
            .and_then(|rest| rest.strip_suffix('}'));
        if let Some((key, choice)) = only.and_then(|key| self.choices.get_key_value(key)) {
            let input = self.input(key, choice)?;
            self.variables.add_environment(name, &input)?;
            self.names.insert(key, name.to_owned());
            return Ok(());
        }
        if value.contains("${") {
            return Err(format!(
                "its variable `{}` is put together (`{}`), which a plugin cannot do",
                escape(name),
                escape(value)
            ));
        }
        let input = Input {
            default: Some(value.to_owned()),
            ..Input::default()
        };
        self.variables.add_environment(name, &input)
    }

    /// A text with references in the place of what the host of a bundle fills in.
    fn filled(&mut self, text: &str, what: &str) -> Result<String, String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            filled.push_str(&literal(before, what)?);
            let Some((name, behind)) = after.split_once('}') else {
                return Err(format!("{what} has a `${{` without its `}}`"));
            };
            rest = behind;
            match (name, name.strip_prefix("user_config.")) {
                ("__dirname", _) => filled.push_str("${ATK_PLUGIN_DIR}"),
                ("/" | "pathSeparator", _) => filled.push('/'),
                (_, Some(key)) if self.choices.contains_key(key) => {
                    filled.push_str(&self.reference(key)?);
                }
                _ => {
                    let name = escape(name);
                    return Err(format!("{what} has `${{{name}}}`, which a plugin has not"));
                }
            }
        }
        filled.push_str(&literal(rest, what)?);
        Ok(filled)
    }

    fn reference(&mut self, key: &str) -> Result<String, String> {
        let Some((key, choice)) = self.choices.get_key_value(key) else {
            return Err(format!("`{}` is not declared", escape(key)));
        };
        let input = self.input(key, choice)?;
        let name = self.names.get(key.as_str()).cloned();
        let reference = self
            .variables
            .reference(name.as_deref().unwrap_or(key), &input)?;
        self.names.entry(key).or_insert_with(|| key.clone());
        Ok(reference)
    }

    fn input(&mut self, key: &str, choice: &Choice) -> Result<Input, String> {
        if choice.multiple {
            let key = escape(key);
            return Err(format!(
                "`{key}` has several values, and a variable of a plugin has one"
            ));
        }
        let default = match &choice.default {
            Some(Value::String(text)) if !text.contains("${") => Some(text.clone()),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => Some(value.to_string()),
            Some(Value::Null) | None => None,
            Some(other) => {
                let (key, other) = (escape(key), escape(&other.to_string()));
                let warning =
                    format!("the default of `{key}` was left out: a plugin cannot have {other}");
                if !self.variables.warnings.contains(&warning) {
                    self.variables.warnings.push(warning);
                }
                None
            }
        };
        Ok(Input {
            description: choice.description.clone().or_else(|| choice.title.clone()),
            is_required: choice.required,
            is_secret: choice.sensitive,
            default,
            ..Input::default()
        })
    }
}

#[cfg(test)]
mod tests;

//! `server.json`, by which servers are published in the MCP registry.
//!
//! What is read of it has the same form and meaning in all versions since 2025-09-16, but for images: since
//! 2025-10-11 their identifier has the tag, and before that `version` had it. Before 2025-09-16 the fields
//! had other names.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::input::{Input, Undeclared, Variables, braced, literal, one_line};
use super::package::{Package, has_version};
use super::server::ImportedServer;
use crate::model::plugin::{Mcp, Transport, Vendor};
use crate::text::escape;

/// The versions of the format that are known.
const VERSIONS: [&str; 5] = [
    "2025-09-16",
    "2025-09-29",
    "2025-10-11",
    "2025-10-17",
    "2025-12-11",
];

/// What is read of the file. Nothing else changes how the server starts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ServerJson {
    name: String,
    title: Option<String>,
    description: Option<String>,
    website_url: Option<String>,
    repository: Option<Repository>,
    #[serde(default, deserialize_with = "or_empty")]
    packages: Vec<Published>,
    #[serde(default, deserialize_with = "or_empty")]
    remotes: Vec<Remote>,
}

#[derive(Deserialize)]
struct Repository {
    url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Published {
    registry_type: String,
    registry_base_url: Option<String>,
    identifier: String,
    version: Option<String>,
    runtime_hint: Option<String>,
    transport: PackageTransport,
    #[serde(default, deserialize_with = "or_empty")]
    runtime_arguments: Vec<Argument>,
    #[serde(default, deserialize_with = "or_empty")]
    package_arguments: Vec<Argument>,
    #[serde(default, deserialize_with = "or_empty")]
    environment_variables: Vec<Named>,
}

#[derive(Deserialize)]
struct PackageTransport {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct Remote {
    #[serde(rename = "type")]
    kind: String,
    url: String,
    #[serde(default, deserialize_with = "or_empty")]
    headers: Vec<Named>,
    variables: Option<BTreeMap<String, Input>>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    #[serde(flatten)]
    input: Input,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Argument {
    #[serde(rename = "type")]
    kind: ArgumentKind,
    name: Option<String>,
    value_hint: Option<String>,
    #[serde(default)]
    is_repeated: bool,
    #[serde(flatten)]
    input: Input,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
enum ArgumentKind {
    Named,
    Positional,
}

/// A list, which some writers leave out and others write as `null`.
fn or_empty<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// Reads a server. Of what the file offers, it is the first that a plugin can have: packages, then URLs.
/// With a transport, it is one that clients connect to so.
///
/// # Errors
/// What is wrong with the file, or cannot be in a plugin definition.
pub(crate) fn read(bytes: &[u8], wanted: Option<Transport>) -> Result<ImportedServer, String> {
    let read: Result<ServerJson, _> = serde_json::from_slice(bytes);
    let server = check_version(bytes)
        .and_then(|()| read.map_err(|cause| format!("it is not a `server.json`: {cause}")))?;
    let mut offers = Vec::new();
    offers.extend(server.packages.iter().map(Offer::Package));
    offers.extend(server.remotes.iter().map(Offer::Remote));
    let mut refusals = Vec::new();
    for offer in offers {
        match offer.read(short_name(&server.name), wanted) {
            Ok((mcp, variables)) => return Ok(server.imported(mcp, variables, refusals)),
            Err(why) => refusals.push(why),
        }
    }
    if refusals.is_empty() {
        return Err("it offers neither a package nor a URL".to_owned());
    }
    Err(format!(
        "it offers nothing that a plugin can have: {}",
        refusals.join("; ")
    ))
}

/// Checks the version before all else: files of other versions have other fields.
fn check_version(bytes: &[u8]) -> Result<(), String> {
    #[derive(Deserialize)]
    struct OnlySchema {
        #[serde(rename = "$schema")]
        schema: Option<String>,
    }
    let Ok(OnlySchema {
        schema: Some(schema),
    }) = serde_json::from_slice(bytes)
    else {
        return Ok(());
    };
    let is_known = |version: &&str| schema.split('/').any(|part| part == *version);
    if VERSIONS.iter().any(is_known) {
        return Ok(());
    }
    let known = VERSIONS.join(", ");
    Err(format!(
        "its schema `{}` is not known; known are those of {known}",
        escape(&schema)
    ))
}

/// The last part of a name like `io.github.owner/server`.
fn short_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

impl ServerJson {
    fn imported(self, mcp: Mcp, variables: Variables, refusals: Vec<String>) -> ImportedServer {
        let short = short_name(&self.name).to_owned();
        let url = self
            .website_url
            .or(self.repository.and_then(|repository| repository.url));
        let passed_over = refusals
            .into_iter()
            .map(|why| format!("passed over: {why}"));
        ImportedServer {
            vendor: vendor(&self.name, url),
            names: self.title.into_iter().chain([short]).collect(),
            description: self.description.as_deref().and_then(one_line),
            mcp,
            env_vars: variables.declared,
            warnings: passed_over.chain(variables.warnings).collect(),
        }
    }
}

/// Who publishes a server: the owner in `io.github.owner/server`, the domain in `com.example/server`.
fn vendor(name: &str, url: Option<String>) -> Option<Vendor> {
    let (namespace, _) = name.split_once('/')?;
    let name = match namespace.strip_prefix("io.github.") {
        Some(owner) => owner.to_owned(),
        None => namespace.rsplit('.').collect::<Vec<_>>().join("."),
    };
    let name = one_line(&name)?;
    Some(Vendor {
        name,
        url: url.as_deref().and_then(one_line),
        docs: None,
    })
}

/// A way to use the server.
enum Offer<'a> {
    Package(&'a Published),
    Remote(&'a Remote),
}

impl Offer<'_> {
    /// The server, or why a plugin cannot have it.
    fn read(&self, server: &str, wanted: Option<Transport>) -> Result<(Mcp, Variables), String> {
        let mut variables = Variables::of(server);
        let (what, kind) = match self {
            Offer::Package(package) => (
                format!(
                    "the {} package `{}`",
                    escape(&package.registry_type),
                    escape(&package.identifier)
                ),
                &package.transport.kind,
            ),
            Offer::Remote(remote) => (format!("the URL `{}`", escape(&remote.url)), &remote.kind),
        };
        let transport = match kind.as_str() {
            "stdio" => Transport::Stdio,
            "streamable-http" => Transport::Http,
            "sse" => Transport::Sse,
            other => {
                return Err(format!(
                    "{what} has the unknown transport `{}`",
                    escape(other)
                ));
            }
        };
        if let Some(wanted) = wanted.filter(|wanted| *wanted != transport) {
            let (has, wanted) = (transport.as_str(), wanted.as_str());
            return Err(format!("{what} has the transport `{has}`, not `{wanted}`"));
        }
        let mcp = match (self, transport) {
            (Offer::Package(package), Transport::Stdio) => package.mcp(&mut variables),
            (Offer::Remote(remote), Transport::Http | Transport::Sse) => {
                remote.mcp(transport, &mut variables)
            }
            (Offer::Package(_), Transport::Http | Transport::Sse) => {
                Err("is started by a command and reached by a URL".to_owned())
            }
            (Offer::Remote(_), Transport::Stdio) => {
                Err("cannot have the transport `stdio`".to_owned())
            }
        };
        mcp.map(|mcp| (mcp, variables))
            .map_err(|why| format!("{what}: {why}"))
    }
}

impl Remote {
    fn mcp(&self, transport: Transport, variables: &mut Variables) -> Result<Mcp, String> {
        let is_needed = |header: &&Named| header.input.is_required || header.input.value.is_some();
        if let Some(header) = self.headers.iter().find(is_needed) {
            let name = escape(&header.name);
            return Err(format!(
                "it needs the header `{name}`, and a plugin has no headers"
            ));
        }
        for header in &self.headers {
            let name = escape(&header.name);
            variables
                .warnings
                .push(format!("the optional header `{name}` was left out"));
        }
        let declared = self.variables.as_ref();
        let url = variables.filled(&self.url, declared, Undeclared::Mistake, "the URL")?;
        Ok(Mcp {
            transport,
            command: None,
            args: Vec::new(),
            endpoint: Some(url),
            env: Vec::new(),
            timeout: None,
        })
    }
}

impl Published {
    fn mcp(&self, variables: &mut Variables) -> Result<Mcp, String> {
        let package = self.package()?;
        let hint = self
            .runtime_hint
            .as_deref()
            .filter(|hint| *hint != package.command);
        if let (Some(hint), [_, ..]) = (hint, self.runtime_arguments.as_slice()) {
            return Err(format!(
                "its runtime arguments are those of `{}`; a plugin starts it with `{}`",
                escape(hint),
                package.command
            ));
        }
        for variable in &self.environment_variables {
            variables.add_environment(&variable.name, &variable.input)?;
        }
        let is_docker = package.command == "docker";
        let mut before = words(&self.runtime_arguments, is_docker, variables)?;
        // Some servers list the whole command line, with the image.
        before.retain(|word| !is_docker || !package.is_called(word));
        let after = words(&self.package_arguments, false, variables)?;
        Ok(package.mcp(variables, before, after))
    }

    fn package(&self) -> Result<Package, String> {
        let id = &self.identifier;
        let base = self
            .registry_base_url
            .as_deref()
            .filter(|base| !base.is_empty());
        let base = base.map(|base| base.trim_end_matches('/'));
        let version = self
            .version
            .as_deref()
            .filter(|version| !version.is_empty());
        let only = |usual: &str| match base.filter(|base| *base != usual) {
            Some(base) => Err(format!(
                "it is in the registry `{}`, not `{usual}`",
                escape(base)
            )),
            None => Ok(()),
        };
        let with_version = |separator| match version {
            Some(version) => format!("{id}{separator}{version}"),
            None => id.clone(),
        };
        match self.registry_type.as_str() {
            "npm" => {
                only("https://registry.npmjs.org").and_then(|()| Package::npm(&with_version("@")))
            }
            "pypi" => only("https://pypi.org").and_then(|()| Package::pypi(&with_version("=="))),
            "oci" => {
                let host = base.map(|base| base.trim_start_matches("https://"));
                let host = host
                    .filter(|host| *host != "docker.io" && !id.starts_with(&format!("{host}/")));
                let image = if has_version(id) {
                    id.clone()
                } else {
                    with_version(":")
                };
                Package::docker(&host.map(|host| format!("{host}/{image}")).unwrap_or(image))
            }
            "mcpb" => {
                Err("a bundle is a file; download it, and create the plugin from the file".into())
            }
            _ => Err("only packages of npm, PyPI and docker are known".into()),
        }
    }
}

/// The words of a command line. What the user chooses becomes a variable.
fn words(
    arguments: &[Argument],
    is_docker: bool,
    variables: &mut Variables,
) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    for argument in arguments {
        let name = argument
            .name
            .as_deref()
            .filter(|_| argument.kind == ArgumentKind::Named);
        if argument.kind == ArgumentKind::Named && name.is_none() {
            return Err("one of its named arguments has no name".into());
        }
        let shown = name.or(argument.value_hint.as_deref()).unwrap_or("value");
        let what = format!("the argument `{}`", escape(shown));
        let name = name.map(|name| literal(name, &what)).transpose()?;
        if is_docker && let Some((variable, input)) = argument.container_variable() {
            variables.add_environment(variable, input)?;
            continue;
        }
        let input = &argument.input;
        let value = match &input.value {
            _ if argument.is_switch() => match argument.is_on() {
                true => None,
                false => {
                    variables
                        .warnings
                        .push(format!("{what} is off and was left out"));
                    continue;
                }
            },
            Some(value) => {
                let declared = input.variables.as_ref();
                Some(variables.filled(value, declared, Undeclared::Text, &what)?)
            }
            None if input.default.is_some() || input.is_required => {
                if argument.is_repeated {
                    let warning = format!(
                        "{what} can be repeated, and is there once: add the others to `mcp.args`"
                    );
                    variables.warnings.push(warning);
                }
                Some(variables.reference(shown, input)?)
            }
            None if argument.is_flag() => None,
            None => {
                variables
                    .warnings
                    .push(format!("{what} is optional and was left out"));
                continue;
            }
        };
        words.extend(name);
        words.extend(value.filter(|value| !value.is_empty()));
    }
    Ok(words)
}

impl Argument {
    /// True if its value says whether it is given.
    fn is_switch(&self) -> bool {
        let is_boolean = self.input.format.as_deref() == Some("boolean");
        self.kind == ArgumentKind::Named && is_boolean
    }

    fn is_on(&self) -> bool {
        let input = &self.input;
        match input.value.as_deref().or(input.default.as_deref()) {
            Some(value) => value == "true",
            None => input.is_required,
        }
    }

    /// True if it is only its name. An argument with a value that the user may choose has a word about it.
    fn is_flag(&self) -> bool {
        let input = &self.input;
        let has_value = input.description.is_some() || input.choices.is_some();
        self.kind == ArgumentKind::Named && !has_value && self.value_hint.is_none()
    }

    /// The variable that `docker run -e NAME={value}` gives to the container, if the user chooses all of
    /// its value. It comes from the environment then: command lines can be read by everybody.
    fn container_variable(&self) -> Option<(&str, &Input)> {
        if !matches!(self.name.as_deref(), Some("-e" | "--env")) {
            return None;
        }
        let (name, value) = self.input.value.as_deref()?.split_once('=')?;
        let variables = self.input.variables.as_ref()?;
        let (_, input) = variables.iter().find(|(key, _)| value == braced(key))?;
        Some((name, input))
    }
}

#[cfg(test)]
mod tests;

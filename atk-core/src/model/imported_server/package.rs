//! Packages, and the commands that run them.

use super::input::Variables;
use super::server::ImportedServer;
use crate::model::plugin::{Mcp, Transport};
use crate::text::escape;

/// A package that a command downloads and runs.
#[derive(Debug)]
pub(crate) struct Package {
    pub(super) command: &'static str,
    /// The words before those of the caller.
    options: &'static [&'static str],
    /// The package with its version.
    spelled: String,
    name: String,
}

impl Package {
    /// A package of npm: `<name>[@version]`.
    pub(crate) fn npm(spelled: &str) -> Result<Self, String> {
        let (scope, rest) = match spelled
            .strip_prefix('@')
            .and_then(|all| all.split_once('/'))
        {
            Some((scope, rest)) => (Some(scope), rest),
            None => (None, spelled),
        };
        let (name, version) = parts(rest, "@");
        let is_valid = scope.is_none_or(is_name) && is_name(name) && version.is_none_or(is_version);
        match is_valid {
            true => Ok(Self::of("npx", &["-y"], spelled, name)),
            false => Err(wrong(
                spelled,
                "package of npm",
                "[@scope/]<name>[@version]",
            )),
        }
    }

    /// A package of PyPI: `<name>[extras][==version]`.
    pub(crate) fn pypi(spelled: &str) -> Result<Self, String> {
        let (package, version) = parts(spelled, "==");
        let (name, extras) = match package
            .strip_suffix(']')
            .and_then(|all| all.split_once('['))
        {
            Some((name, extras)) => (name, Some(extras)),
            None => (package, None),
        };
        let are_names = |extras: &str| extras.split(',').all(is_name);
        let is_valid =
            is_name(name) && extras.is_none_or(are_names) && version.is_none_or(is_version);
        match is_valid {
            true => Ok(Self::of("uvx", &[], spelled, name)),
            false => Err(wrong(spelled, "package of PyPI", "<name>[==version]")),
        }
    }

    /// An image: `[host/]<name>[:tag][@digest]`.
    pub(crate) fn docker(spelled: &str) -> Result<Self, String> {
        let (path, digest) = parts(spelled, "@");
        let (name, tag) = parts(last_part(path), ":");
        let directories = path.rsplit('/').skip(1);
        let is_host = |part: &str| {
            let (host, port) = parts(part, ":");
            is_name(host) && port.is_none_or(is_name)
        };
        let is_digest = |digest: &str| digest.split(':').all(is_name);
        let is_valid = is_name(name)
            && tag.is_none_or(is_version)
            && digest.is_none_or(is_digest)
            && directories.into_iter().all(is_host);
        match is_valid {
            true => Ok(Self::of("docker", &["run", "-i", "--rm"], spelled, name)),
            false => Err(wrong(
                spelled,
                "docker image",
                "[host/]<name>[:tag][@digest]",
            )),
        }
    }

    fn of(
        command: &'static str,
        options: &'static [&'static str],
        spelled: &str,
        name: &str,
    ) -> Self {
        Package {
            command,
            options,
            spelled: spelled.to_owned(),
            name: name.to_owned(),
        }
    }

    /// The server that the package is, as far as its name says.
    pub(crate) fn server(self) -> ImportedServer {
        let variables = Variables::of(&self.name);
        ImportedServer {
            mcp: self.mcp(&variables, Vec::new(), Vec::new()),
            names: vec![self.name],
            description: None,
            vendor: None,
            env_vars: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// True for its name without a version.
    pub(super) fn is_called(&self, word: &str) -> bool {
        let rest = self.spelled.strip_prefix(word);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '@']))
    }

    /// The command, with arguments of the program that runs the package, and of the package.
    pub(super) fn mcp(
        &self,
        variables: &Variables,
        before: Vec<String>,
        after: Vec<String>,
    ) -> Mcp {
        let is_new = |word: &String| !self.options.contains(&word.as_str());
        let options = self.options.iter().map(|word| (*word).to_owned());
        let mut args: Vec<_> = options.chain(before.into_iter().filter(is_new)).collect();
        if self.command == "docker" {
            // A container has only those variables that it is given.
            let given = variables.environment.iter();
            args.extend(given.flat_map(|name| ["-e".to_owned(), name.clone()]));
        }
        args.push(self.spelled.clone());
        args.extend(after);
        Mcp {
            transport: Transport::Stdio,
            command: Some(self.command.to_owned()),
            args,
            endpoint: None,
            env: variables.environment.clone(),
            timeout: None,
        }
    }
}

/// True if an image has a tag or a digest.
pub(super) fn has_version(image: &str) -> bool {
    image.contains('@') || last_part(image).contains(':')
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn parts<'a>(text: &'a str, separator: &str) -> (&'a str, Option<&'a str>) {
    match text.split_once(separator) {
        Some((name, version)) => (name, Some(version)),
        None => (text, None),
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

fn is_version(version: &str) -> bool {
    version.starts_with(|c: char| c.is_ascii_alphanumeric())
        && version
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ".+-_!".contains(c))
}

fn wrong(spelled: &str, what: &str, form: &str) -> String {
    format!(
        "`{}` is not a {what}: it has the form `{form}`",
        escape(spelled)
    )
}

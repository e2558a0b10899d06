//! The programs that ATK, and plugins, start.

use super::finding::Finding;
use super::patient::Patient;
use crate::model::plugin::ServiceType;

pub(super) fn check(patient: &Patient<'_>) -> Vec<Finding> {
    vec![
        git(patient),
        ssh(patient),
        docker(patient),
        compose(patient),
    ]
}

fn git(patient: &Patient<'_>) -> Finding {
    let context = patient.context;
    match context.session.options.git.find(&context.env()) {
        Ok(program) => Finding::ok("git", version(patient, &program, &["--version"])),
        Err(error) => Finding::problem("git", error.to_string(), "install git"),
    }
}

fn ssh(patient: &Patient<'_>) -> Finding {
    let is_used = patient.plugins().iter().any(|entry| {
        let url = entry.source.url.as_ref().map(|url| url.url().to_string());
        url.is_some_and(|url| url.starts_with("ssh://") || url.contains('@'))
    });
    match (patient.program("ssh"), is_used) {
        (Some(program), _) => Finding::ok("ssh", version(patient, &program, &["-V"])),
        (None, true) => Finding::warning(
            "ssh",
            "`ssh` was not found on the `PATH`, and the source of a plugin needs it",
            "install an SSH client",
        ),
        (None, false) => Finding::ok("ssh", "not installed, and no plugin needs it"),
    }
}

fn docker(patient: &Patient<'_>) -> Finding {
    match (patient.program("docker"), uses_compose(patient)) {
        (Some(program), _) => Finding::ok("docker", version(patient, &program, &["--version"])),
        (None, Some(plugin)) => Finding::warning(
            "docker",
            format!("`docker` was not found on the `PATH`, and `{plugin}` needs it"),
            "install Docker",
        ),
        (None, None) => Finding::ok("docker", "not installed, and no plugin needs it"),
    }
}

fn compose(patient: &Patient<'_>) -> Finding {
    let docker = patient.program("docker");
    let found = docker.and_then(|docker| patient.first_line(&docker, &["compose", "version"]));
    match (found, uses_compose(patient)) {
        (Some(version), _) => Finding::ok("compose", version),
        (None, Some(plugin)) => Finding::warning(
            "compose",
            format!("`docker compose` does not work, and `{plugin}` needs it"),
            "install the plugin `compose` (version 2) of Docker",
        ),
        (None, None) => Finding::ok("compose", "not installed, and no plugin needs it"),
    }
}

/// The first plugin whose service runs by compose.
fn uses_compose(patient: &Patient<'_>) -> Option<String> {
    let definitions = patient.definitions().into_iter();
    let mut using = definitions.filter(|(_, definition)| {
        let service = definition.service.as_ref();
        service.is_some_and(|service| service.kind == ServiceType::DockerCompose)
    });
    using.next().map(|(entry, _)| entry.directory.to_string())
}

fn version(patient: &Patient<'_>, program: &std::path::Path, args: &[&str]) -> String {
    let line = patient.first_line(program, args);
    line.unwrap_or_else(|| format!("`{}` does not print its version", program.display()))
}

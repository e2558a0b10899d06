//! The service of a new plugin: what starts it, and the program that is started.

use super::parts::PluginTemplate;
use crate::model::plugin::{DEFAULT_COMPOSE_FILE, ServiceType};
use crate::steps::new_directory::NewFile;

const SERVICE: &str = include_str!("service.sh");
const SERVICE_WITH_SERVER: &str = include_str!("service_with_server.sh");
const START: &str = include_str!("start.sh");
const STOP: &str = include_str!("stop.sh");
const STATUS: &str = include_str!("status.sh");
const COMPOSE: &str = include_str!("docker-compose.yml");
const DOCKER_START: &str = include_str!("docker_start.sh");
const UNIT: &str = include_str!("unit.service");
const SYSTEMD_INSTALL: &str = include_str!("systemd_install.sh");
const SYSTEMD_UNINSTALL: &str = include_str!("systemd_uninstall.sh");

/// Where a service that is an MCP server listens. No program of note has it.
pub(super) const PORT: u16 = 47180;
/// The program of the MCP server.
pub(super) const SERVER: &str = "server.py";
/// The program that runs in the foreground.
const PROGRAM: &str = "service.sh";

/// What the service is in the definition, and its files.
pub(super) struct ServiceParts {
    /// The fields of `service`.
    pub(super) fields: Vec<(&'static str, String)>,
    pub(super) port: Option<u16>,
    pub(super) lifecycle: Vec<(&'static str, String)>,
    pub(super) files: Vec<NewFile>,
}

pub(super) fn of(plugin: &PluginTemplate<'_>, kind: ServiceType) -> ServiceParts {
    let parts = match kind {
        ServiceType::Script => by_script(plugin),
        ServiceType::Systemd => by_systemd(plugin),
        ServiceType::Docker => by_docker(plugin),
        ServiceType::DockerCompose => by_compose(plugin),
    };
    let mut fields = vec![("type", kind.as_str().to_owned())];
    fields.extend(parts.fields);
    ServiceParts {
        fields,
        port: plugin.serves().then_some(PORT),
        ..parts
    }
}

/// The program on this machine.
fn program(plugin: &PluginTemplate<'_>) -> NewFile {
    let text = match plugin.serves() {
        true => SERVICE_WITH_SERVER.replace("{port}", &PORT.to_string()),
        false => SERVICE.to_owned(),
    };
    NewFile::script(PROGRAM, text)
}

fn by_script(plugin: &PluginTemplate<'_>) -> ServiceParts {
    // What the process is called: the shell becomes the server.
    let pattern = match plugin.serves() {
        true => r"server\.py",
        false => r"service\.sh",
    };
    ServiceParts {
        fields: Vec::new(),
        port: None,
        lifecycle: vec![
            ("start", "./start.sh".into()),
            ("stop", "./stop.sh".into()),
            ("status", "./status.sh".into()),
            ("logs", "tail -n 100 -f run/service.log".into()),
        ],
        files: vec![
            program(plugin),
            NewFile::script("start.sh", START),
            NewFile::script("stop.sh", STOP),
            NewFile::script("status.sh", STATUS.replace("{pattern}", pattern)),
        ],
    }
}

fn by_systemd(plugin: &PluginTemplate<'_>) -> ServiceParts {
    let unit = format!("atk-{}.service", plugin.directory);
    let control = |verb: &str| format!("systemctl --user {verb} {unit}");
    let directory = plugin.directory.as_str();
    let fill = |text: &str| text.replace("{unit}", &unit);
    ServiceParts {
        fields: vec![("unit_name", unit.clone())],
        port: None,
        lifecycle: vec![
            ("install", "./install.sh".into()),
            ("uninstall", "./uninstall.sh".into()),
            ("start", control("start")),
            ("stop", control("stop")),
            ("status", control("is-active --quiet")),
            ("logs", format!("journalctl --user -n 100 -f -u {unit}")),
        ],
        files: vec![
            program(plugin),
            NewFile::script("install.sh", fill(SYSTEMD_INSTALL)),
            NewFile::script("uninstall.sh", fill(SYSTEMD_UNINSTALL)),
            NewFile::new(&unit, UNIT.replace("{directory}", directory)),
        ],
    }
}

/// What runs in a container: the image, the program's file, and the words of the command.
fn container(plugin: &PluginTemplate<'_>) -> (&'static str, &'static str, Vec<String>) {
    match plugin.serves() {
        true => {
            let program = format!("/plugin/{SERVER}");
            let words = vec!["python3".into(), program, PORT.to_string()];
            ("python:3-alpine", SERVER, words)
        }
        false => {
            let words = vec!["sh".into(), format!("/plugin/{PROGRAM}")];
            ("busybox:1", PROGRAM, words)
        }
    }
}

fn by_docker(plugin: &PluginTemplate<'_>) -> ServiceParts {
    let name = format!("atk-{}", plugin.directory);
    let (image, file, words) = container(plugin);
    let more = match plugin.serves() {
        true => format!("  -p 127.0.0.1:{PORT}:{PORT} -e HOST=0.0.0.0 \\\n"),
        false => String::new(),
    };
    let start = DOCKER_START
        .replace("{container}", &name)
        .replace("{more}", &more)
        .replace("{program}", file)
        .replace("{image}", image)
        .replace("{words}", &words.join(" "));
    let status = format!(
        "docker ps --filter name=^{name}$ --filter status=running --format '{{{{.Names}}}}' | grep -q ."
    );
    let mut files = vec![NewFile::script("start.sh", start)];
    if !plugin.serves() {
        files.push(program(plugin));
    }
    ServiceParts {
        fields: Vec::new(),
        port: None,
        lifecycle: vec![
            ("start", "./start.sh".into()),
            ("stop", format!("docker rm -f {name}")),
            ("status", status),
            ("logs", format!("docker logs --tail 100 -f {name}")),
        ],
        files,
    }
}

fn by_compose(plugin: &PluginTemplate<'_>) -> ServiceParts {
    let (image, file, words) = container(plugin);
    let quoted: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let more = match plugin.serves() {
        true => format!(
            "    environment:\n      HOST: 0.0.0.0\n    ports:\n      - \"127.0.0.1:{PORT}:{PORT}\"\n"
        ),
        false => String::new(),
    };
    let text = COMPOSE
        .replace("{directory}", plugin.directory.as_str())
        .replace("{image}", image)
        .replace("{command}", &format!("[{}]", quoted.join(", ")))
        .replace("{program}", file)
        .replace("{more}", &more);
    let mut files = vec![NewFile::new(DEFAULT_COMPOSE_FILE, text)];
    if !plugin.serves() {
        files.push(program(plugin));
    }
    ServiceParts {
        fields: vec![("compose_file", DEFAULT_COMPOSE_FILE.into())],
        port: None,
        lifecycle: vec![
            ("start", "docker compose up -d".into()),
            ("stop", "docker compose down".into()),
            (
                "status",
                "docker compose ps --filter status=running --services | grep -q .".into(),
            ),
            ("logs", "docker compose logs --tail 100 -f".into()),
        ],
        files,
    }
}

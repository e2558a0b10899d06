//! Checks the nodes of a definition, field by field, and the rules across fields.

use std::collections::HashMap;
use std::hash::Hash;

use super::form;
use super::parts::{
    EnvVar, Lifecycle, Maturity, Mcp, Port, Service, ServiceType, Transport, Vendor,
};
use super::{Definition, SCHEMA_VERSION};
use crate::error::Problem;
use crate::model::yaml::fields::{Field, FieldReader, Fields, shown};
use crate::model::yaml::node::Node;
use crate::rule::Rule;

/// The definition, if all that it needs is there; problems; warnings.
pub(super) fn definition(root: &Node) -> (Option<Definition>, Vec<Problem>, Vec<Problem>) {
    let mut reader = FieldReader {
        newer: is_newer(root),
        ..FieldReader::default()
    };
    let definition = read(&mut reader, root);
    (definition, reader.problems, reader.warnings)
}

fn read(v: &mut FieldReader, root: &Node) -> Option<Definition> {
    let top = Field {
        node: root,
        path: String::new(),
    };
    let fields = v.fields(
        top,
        &[
            "schema_version",
            "name",
            "description",
            "maturity",
            "vendor",
            "service",
            "ports",
            "env_vars",
            "lifecycle",
            "mcp",
        ],
    )?;
    let schema_version = schema_version(v, &fields);
    let name = v.required(&fields, "name");
    if let (Some(text), Some(field)) = (&name, fields.get("name")) {
        check(v, &field, form::name(text));
    }
    let description = v.required(&fields, "description");
    let definition = Definition {
        schema_version: schema_version.unwrap_or_default(),
        name: name.unwrap_or_default(),
        description: description.unwrap_or_default(),
        maturity: v.word(&fields, "maturity").unwrap_or(Maturity::AiGenerated),
        vendor: fields.given("vendor").and_then(|field| vendor(v, field)),
        service: fields.given("service").and_then(|field| service(v, field)),
        ports: ports(v, &fields),
        env_vars: env_vars(v, &fields),
        lifecycle: fields
            .given("lifecycle")
            .and_then(|field| lifecycle(v, field))
            .unwrap_or_default(),
        mcp: fields.given("mcp").and_then(|field| mcp(v, field)),
    };
    Some(definition)
}

fn is_newer(root: &Node) -> bool {
    let version = root.get("schema_version").and_then(Node::as_scalar);
    version.is_some_and(|version| form::is_date(&version.text) && &*version.text > SCHEMA_VERSION)
}

fn schema_version(v: &mut FieldReader, fields: &Fields<'_>) -> Option<String> {
    let version = v.required(fields, "schema_version")?;
    if !form::is_date(&version)
        && let Some(field) = fields.get("schema_version")
    {
        let message = format!("`{}` is not a date like {SCHEMA_VERSION}", shown(&version));
        v.problems.push(field.problem(message));
    }
    Some(version)
}

fn vendor(v: &mut FieldReader, field: Field<'_>) -> Option<Vendor> {
    let fields = v.fields(field, &["name", "url", "docs"])?;
    Some(Vendor {
        name: v.required(&fields, "name").unwrap_or_default(),
        url: v.text(&fields, "url"),
        docs: v.text(&fields, "docs"),
    })
}

fn service(v: &mut FieldReader, field: Field<'_>) -> Option<Service> {
    let fields = v.fields(field, &["type", "compose_file", "unit_name"])?;
    let compose_file = v.text(&fields, "compose_file");
    if let (Some(path), Some(field)) = (&compose_file, fields.get("compose_file")) {
        check(v, &field, form::path(path));
    }
    let unit_name = v.text(&fields, "unit_name");
    if let (Some(name), Some(field)) = (&unit_name, fields.get("unit_name")) {
        check(v, &field, form::unit(name));
    }
    Some(Service {
        kind: v
            .word(&fields, "type")
            .unwrap_or(ServiceType::DockerCompose),
        compose_file,
        unit_name,
    })
}

fn ports(v: &mut FieldReader, fields: &Fields<'_>) -> Vec<Port> {
    let mut ports = Vec::new();
    let mut seen = HashMap::new();
    for item in v.items(fields, "ports") {
        let Some(fields) = v.fields(item, &["port", "name", "protocol", "description"]) else {
            continue;
        };
        let number = port(v, &fields);
        if let (Some(number), Some(field)) = (number, fields.get("port")) {
            warn_of_double(v, &mut seen, number, &field, &format!("the port {number}"));
        }
        ports.push(Port {
            port: number.unwrap_or_default(),
            name: v.text(&fields, "name"),
            protocol: match fields.get("protocol") {
                Some(field) => v.string(&field).unwrap_or_default(),
                None => "http".to_owned(),
            },
            description: v.text(&fields, "description"),
        });
    }
    ports
}

fn port(v: &mut FieldReader, fields: &Fields<'_>) -> Option<u16> {
    let Some(field) = fields.get("port") else {
        v.problems.push(fields.missing("port", "is missing"));
        return None;
    };
    let number = v.integer(&field)?;
    match u16::try_from(number) {
        Ok(number) if number > 0 => Some(number),
        Ok(_) | Err(_) => {
            let message = format!("{number} is not a port (1 to 65535)");
            v.problems.push(field.problem(message));
            None
        }
    }
}

fn env_vars(v: &mut FieldReader, fields: &Fields<'_>) -> Vec<EnvVar> {
    const KNOWN: &[&str] = &["name", "required", "secret", "default", "description"];
    let mut variables = Vec::new();
    let mut seen = HashMap::new();
    for item in v.items(fields, "env_vars") {
        let Some(fields) = v.fields(item, KNOWN) else {
            continue;
        };
        let name = v.required(&fields, "name");
        if let (Some(name), Some(field)) = (&name, fields.get("name")) {
            check(v, &field, form::variable(name));
            let what = format!("the variable `{}`", shown(name));
            warn_of_double(v, &mut seen, name.clone(), &field, &what);
        }
        variables.push(EnvVar {
            name: name.unwrap_or_default(),
            required: v.flag(&fields, "required", false),
            secret: v.flag(&fields, "secret", false),
            default: v.text(&fields, "default"),
            description: v.text(&fields, "description"),
        });
    }
    variables
}

fn lifecycle(v: &mut FieldReader, field: Field<'_>) -> Option<Lifecycle> {
    const KNOWN: &[&str] = &[
        "install",
        "uninstall",
        "start",
        "stop",
        "logs",
        "status",
        "health_endpoint",
    ];
    let fields = v.fields(field, KNOWN)?;
    if let (Some(install), None) = (fields.given("install"), fields.given("uninstall")) {
        let path = fields.path_of("uninstall");
        let message = "is missing: `install` needs a command that undoes it";
        let problem = install.node.mark.problem_of(&path, message);
        v.problems.push(problem.of(Rule::UninstallMissing));
    }
    Some(Lifecycle {
        install: v.text(&fields, "install"),
        uninstall: v.text(&fields, "uninstall"),
        start: v.text(&fields, "start"),
        stop: v.text(&fields, "stop"),
        logs: v.text(&fields, "logs"),
        status: v.text(&fields, "status"),
        health_endpoint: v.text(&fields, "health_endpoint"),
    })
}

fn mcp(v: &mut FieldReader, field: Field<'_>) -> Option<Mcp> {
    const KNOWN: &[&str] = &["transport", "command", "args", "endpoint", "env", "timeout"];
    let fields = v.fields(field, KNOWN)?;
    if fields.get("transport").is_none() {
        v.problems.push(fields.missing("transport", "is missing"));
    }
    let transport = v.word(&fields, "transport");
    let (wanted, unwanted): (&str, &[&str]) = match transport {
        Some(Transport::Stdio) => ("command", &["endpoint"]),
        Some(Transport::Http | Transport::Sse) => ("endpoint", &["command", "args"]),
        None => ("", &[]),
    };
    if let Some(transport) = transport.map(Transport::as_str) {
        if fields.given(wanted).is_none() {
            let message = format!("is missing: the transport `{transport}` needs it");
            v.problems.push(fields.missing(wanted, message));
        }
        for field in unwanted.iter().filter_map(|key| fields.given(key)) {
            let message = format!("is not allowed with the transport `{transport}`");
            v.problems
                .push(field.problem(message).of(Rule::FieldNotAllowed));
        }
    }
    Some(Mcp {
        transport: transport.unwrap_or(Transport::Stdio),
        command: v.text(&fields, "command"),
        args: v.texts(&fields, "args"),
        endpoint: v.text(&fields, "endpoint"),
        env: v.texts(&fields, "env"),
        timeout: timeout(v, &fields),
    })
}

fn timeout(v: &mut FieldReader, fields: &Fields<'_>) -> Option<u64> {
    let field = fields.given("timeout")?;
    let value = v.integer(&field)?;
    let timeout = u64::try_from(value).ok();
    if timeout.is_none() {
        let message = format!("{value} is not a time in milliseconds");
        v.problems.push(field.problem(message));
    }
    timeout
}

fn warn_of_double<K: Eq + Hash>(
    v: &mut FieldReader,
    seen: &mut HashMap<K, u32>,
    key: K,
    field: &Field<'_>,
    what: &str,
) {
    if let Some(line) = seen.get(&key) {
        let message = format!("{what} is declared twice, first in line {line}");
        v.warnings
            .push(field.problem(message).of(Rule::DeclaredTwice));
    } else {
        seen.insert(key, field.node.mark.line);
    }
}

fn check(v: &mut FieldReader, field: &Field<'_>, outcome: Result<(), &'static str>) {
    if let (Err(why), Some(text)) = (outcome, field.node.as_scalar()) {
        let message = match &*text.text {
            "" => "is empty".to_owned(),
            text => format!("`{}` {why}", shown(text)),
        };
        v.problems.push(field.problem(message));
    }
}

use super::read::LISTED;
use super::*;
use crate::error::{ErrorKind, Problem, Result};

const MINIMAL: &str = "schema_version: '2026-01-23'\nname: Tool\ndescription: A tool\n";

fn read(yaml: &str) -> Result<(Definition, Vec<Problem>)> {
    Definition::read(yaml.as_bytes(), "plugin.yaml", None)
}

fn problems(yaml: &str) -> Vec<String> {
    let error = read(yaml).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DefinitionInvalid);
    error
        .details()
        .problems
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// The warnings about lines that follow the three required fields.
fn warnings(lines: &str) -> Vec<String> {
    let (_, warnings) = read(&format!("{MINIMAL}{lines}")).unwrap();
    warnings.iter().map(ToString::to_string).collect()
}

/// The problems of lines that follow the three required fields.
fn extra(lines: &str) -> Vec<String> {
    problems(&format!("{MINIMAL}{lines}"))
}

#[test]
fn a_whole_definition_is_read_and_written_in_its_own_shape() {
    let yaml = r#"
schema_version: "2026-01-23"
name: Memory Box
description: Remembers — for agents
maturity: verified
vendor: {name: Box Makers, url: https://box.example, docs: https://box.example/docs}
service: {type: docker-compose, compose_file: deploy/compose.yml}
ports:
  - {port: 8787, name: api, protocol: http, description: The API}
  - port: "3737"
env_vars:
  - name: BOX_TOKEN
    required: yes
    secret: true
    description: The token
  - name: BOX_URL
    default: "http://localhost:8787"
lifecycle:
  install: docker compose pull
  uninstall: docker compose down
  status: docker compose ps | grep -q box
  health_endpoint: http://localhost:8787/health
mcp: {transport: stdio, command: npx, args: ["-y", "box", "$BOX_URL"], env: [BOX_URL], timeout: 60000}
"#;
    let (definition, warnings) = read(yaml).unwrap();
    assert_eq!(warnings, []);
    insta::assert_snapshot!(serde_json::to_string_pretty(&definition).unwrap(), @r#"
    {
      "schema_version": "2026-01-23",
      "name": "Memory Box",
      "description": "Remembers — for agents",
      "maturity": "verified",
      "vendor": {
        "name": "Box Makers",
        "url": "https://box.example",
        "docs": "https://box.example/docs"
      },
      "service": {
        "type": "docker-compose",
        "compose_file": "deploy/compose.yml"
      },
      "ports": [
        {
          "port": 8787,
          "name": "api",
          "protocol": "http",
          "description": "The API"
        },
        {
          "port": 3737,
          "protocol": "http"
        }
      ],
      "env_vars": [
        {
          "name": "BOX_TOKEN",
          "required": true,
          "secret": true,
          "description": "The token"
        },
        {
          "name": "BOX_URL",
          "required": false,
          "secret": false,
          "default": "http://localhost:8787"
        }
      ],
      "lifecycle": {
        "install": "docker compose pull",
        "uninstall": "docker compose down",
        "status": "docker compose ps | grep -q box",
        "health_endpoint": "http://localhost:8787/health"
      },
      "mcp": {
        "transport": "stdio",
        "command": "npx",
        "args": [
          "-y",
          "box",
          "$BOX_URL"
        ],
        "env": [
          "BOX_URL"
        ],
        "timeout": 60000
      }
    }
    "#);
}

#[test]
fn what_is_left_out_has_its_default() {
    let (definition, _) = read(MINIMAL).unwrap();
    assert_eq!(definition.maturity, Maturity::AiGenerated);
    assert!(definition.lifecycle.is_empty());
    let yaml =
        format!("{MINIMAL}service: {{}}\nports: [port: 80]\nvendor: ~\nmcp: ~\nlifecycle:\n");
    let (definition, warnings) = read(&yaml).unwrap();
    let service = definition.service.unwrap();
    assert_eq!(service.kind, ServiceType::DockerCompose);
    assert_eq!(service.compose_file(), "docker-compose.yml");
    assert_eq!(definition.ports[0].protocol, "http");
    assert_eq!(warnings, []);
}

#[test]
fn every_problem_is_reported_at_its_place() {
    let yaml = "\
schema_version: 1.0
name: ''
maturity: verfied
vendor:
  nme: Me
service: {type: dcoker, compose_file: ../compose.yml, unit_name: a/b}
ports:
  - port: 70000
  - {name: web}
  - 80
  - port: eighty
env_vars:
  - name: lower
    required: perhaps
  - {}
lifecycle:
  instal: x
  install: ./install.sh
mcp:
  transport: http
  command: npx
  args: []
  timeout: -1
description: [a]
";
    insta::assert_snapshot!(problems(yaml).join("\n"), @r#"
    plugin.yaml:1:17: schema_version: `1.0` is not a date like 2026-01-23
    plugin.yaml:2:7: name: is empty
    plugin.yaml:3:11: maturity: `verfied` is not one of ai-generated, community, verified; did you mean `verified`?
    plugin.yaml:5:3: vendor.nme: unknown field (did you mean `name`?)
    plugin.yaml:5:3: vendor.name: is missing
    plugin.yaml:6:17: service.type: `dcoker` is not one of docker-compose, docker, systemd, script; did you mean `docker`?
    plugin.yaml:6:39: service.compose_file: `../compose.yml` must not leave the plugin's directory
    plugin.yaml:6:66: service.unit_name: `a/b` is not the name of a unit
    plugin.yaml:8:11: ports[0].port: 70000 is not a port (1 to 65535)
    plugin.yaml:9:5: ports[1].port: is missing
    plugin.yaml:10:5: ports[2]: expected a mapping, found an integer
    plugin.yaml:11:11: ports[3].port: `eighty` is not an integer in range
    plugin.yaml:13:11: env_vars[0].name: `lower` is not the name of a variable (A to Z, 0 to 9 and _, no digit first)
    plugin.yaml:14:15: env_vars[0].required: `perhaps` is not true or false
    plugin.yaml:15:5: env_vars[1].name: is missing
    plugin.yaml:17:3: lifecycle.instal: unknown field (did you mean `install`?)
    plugin.yaml:18:12: lifecycle.uninstall: is missing: `install` needs a command that undoes it
    plugin.yaml:20:3: mcp.endpoint: is missing: the transport `http` needs it
    plugin.yaml:21:12: mcp.command: is not allowed with the transport `http`
    plugin.yaml:22:9: mcp.args: is not allowed with the transport `http`
    plugin.yaml:23:12: mcp.timeout: -1 is not a time in milliseconds
    plugin.yaml:24:14: description: expected a string, found a list
    "#);
    assert_eq!(
        read(yaml).unwrap_err().to_string(),
        "`plugin.yaml` has 22 problems, the first: \
         plugin.yaml:1:17: schema_version: `1.0` is not a date like 2026-01-23"
    );
}

#[test]
fn transports_say_what_a_server_needs() {
    assert_eq!(
        extra("mcp: {transport: stdio, command: x}\nx: 1\n").len(),
        1
    );
    insta::assert_snapshot!(extra("mcp: {transport: stdio, endpoint: http://x}\n").join("\n"), @r#"
    plugin.yaml:4:6: mcp.command: is missing: the transport `stdio` needs it
    plugin.yaml:4:35: mcp.endpoint: is not allowed with the transport `stdio`
    "#);
    insta::assert_snapshot!(extra("mcp: {transport: sse, args: []}\n").join("\n"), @r#"
    plugin.yaml:4:6: mcp.endpoint: is missing: the transport `sse` needs it
    plugin.yaml:4:29: mcp.args: is not allowed with the transport `sse`
    "#);
    insta::assert_snapshot!(extra("mcp: {command: x}\n").join("\n"), @"plugin.yaml:4:6: mcp.transport: is missing");
    assert_eq!(
        warnings("mcp: {transport: http, endpoint: http://x, args: ~, command: ~}\n"),
        Vec::<String>::new()
    );
}

#[test]
fn a_string_is_what_was_written() {
    let yaml = "\
schema_version: 2026-01-23
name: on
description: 0x1F
env_vars:
  - {name: A, default: 8080}
  - {name: B, default: 010}
  - {name: C, default: \"on\"}
  - {name: D, default: ~}
mcp: {transport: stdio, command: yes, args: [1.50, 12:30]}
";
    let (definition, warnings) = read(yaml).unwrap();
    assert_eq!(definition.schema_version, "2026-01-23");
    assert_eq!(definition.name, "on");
    assert_eq!(definition.description, "0x1F");
    let defaults: Vec<_> = definition
        .env_vars
        .iter()
        .map(|variable| variable.default.as_deref())
        .collect();
    assert_eq!(defaults, [Some("8080"), Some("010"), Some("on"), None]);
    let mcp = definition.mcp.unwrap();
    assert_eq!(mcp.command.as_deref(), Some("yes"));
    assert_eq!(mcp.args, ["1.50", "12:30"]);
    let places: Vec<_> = warnings.iter().map(|w| w.field.as_str()).collect();
    assert_eq!(
        places,
        [
            "schema_version",
            "name",
            "description",
            "env_vars[0].default",
            "env_vars[1].default",
            "mcp.command",
            "mcp.args[0]",
            "mcp.args[1]",
        ]
    );
    assert_eq!(
        warnings[1].to_string(),
        "plugin.yaml:2:7: name: without quotes this is a boolean in YAML, and the Python tool \
         refuses it; put quotes around it"
    );
    assert_eq!(
        problems("schema_version: '2026-01-23'\nname: ~\ndescription:\n"),
        [
            "plugin.yaml:2:7: name: expected a string, found nothing",
            "plugin.yaml:3:12: description: expected a string, found nothing",
        ]
    );
}

#[test]
fn numbers_and_booleans_may_be_spelt_as_the_python_tool_allows() {
    let ports =
        "ports: [port: '80', port: ' 81 ', port: '8_2', port: '83.0', port: 84.0, port: +85]\n";
    let ports = ports
        .replace("port: ", "{port: ")
        .replace(',', "},")
        .replace("]", "}]");
    let (definition, warnings) = read(&format!("{MINIMAL}{ports}")).unwrap();
    let numbers: Vec<_> = definition.ports.iter().map(|port| port.port).collect();
    assert_eq!(numbers, [80, 81, 82, 83, 84, 85]);
    assert_eq!(warnings, []);
    for (spelt, expected) in [
        ("yes", true),
        ("'on'", true),
        ("1", true),
        ("1.0", true),
        ("'T'", true),
        ("off", false),
        ("'0'", false),
    ] {
        let yaml = format!("{MINIMAL}env_vars: [{{name: A, secret: {spelt}}}]\n");
        let (definition, _) = read(&yaml).unwrap();
        assert_eq!(definition.env_vars[0].secret, expected, "{spelt}");
    }
    for spelt in [
        "80.5",
        "'8__0'",
        "'_80'",
        "''",
        "'0x50'",
        ".nan",
        "99999999999999999999",
        "-80",
        "0",
        "65536",
        "~",
        "[80]",
    ] {
        assert_eq!(
            extra(&format!("ports: [{{port: {spelt}}}]\n")).len(),
            1,
            "{spelt}"
        );
    }
    for spelt in ["2", "maybe", "~", "1.5", "[]"] {
        let lines = format!("env_vars: [{{name: A, required: {spelt}}}]\n");
        assert_eq!(extra(&lines).len(), 1, "{spelt}");
    }
}

#[test]
fn numbers_that_yaml_reads_otherwise_than_people_are_pointed_out() {
    assert_eq!(
        warnings("ports: [{port: 0777}, {port: 12:30}, {port: on}]\n"),
        [
            "plugin.yaml:4:16: ports[0].port: YAML reads `0777` as 511",
            "plugin.yaml:4:30: ports[1].port: YAML reads `12:30` as 750",
            "plugin.yaml:4:45: ports[2].port: YAML reads `on` as 1",
        ]
    );
}

#[test]
fn doubles_are_pointed_out() {
    assert_eq!(
        warnings("ports:\n- port: 80\n- port: '80'\nenv_vars:\n- name: A\n- name: A\n"),
        [
            "plugin.yaml:6:9: ports[1].port: the port 80 is declared twice, first in line 5",
            "plugin.yaml:9:9: env_vars[1].name: the variable `A` is declared twice, first in line 8",
        ]
    );
}

#[test]
fn fields_of_a_newer_format_are_pointed_out_and_passed_over() {
    let yaml =
        "schema_version: '2027-01-01'\nname: Tool\ndescription: d\nskills: []\nservice: {typ: x}\n";
    let (_, warnings) = read(yaml).unwrap();
    let fields: Vec<_> = warnings.iter().map(|w| w.field.as_str()).collect();
    assert_eq!(fields, ["skills", "service.typ"]);
    assert_eq!(problems(&yaml.replace("2027", "2025")).len(), 2);
    assert_eq!(problems(&yaml.replace("'2027-01-01'", "newer")).len(), 3);
}

#[test]
fn null_is_nothing_only_where_a_field_may_be_left_out() {
    for lines in [
        "ports:\n",
        "env_vars: ~\n",
        "maturity:\n",
        "mcp: {transport: }\n",
        "vendor: {name: }\n",
    ] {
        assert_eq!(extra(lines).len(), 1, "{lines}");
    }
}

#[test]
fn what_becomes_part_of_a_path_or_a_command_line_is_checked() {
    for path in [
        "/etc/x",
        "../x",
        "a/../../x",
        "~/x",
        "-",
        "",
        "a\\\\b",
        "a\\nb",
    ] {
        let lines = format!("service: {{compose_file: \"{path}\"}}\n");
        assert_eq!(extra(&lines).len(), 1, "{path}");
    }
    for unit in ["a/b", "-x", "..", "", "a b"] {
        let lines = format!("service: {{type: systemd, unit_name: '{unit}'}}\n");
        assert_eq!(extra(&lines).len(), 1, "{unit}");
    }
    for name in ["A-B", "a", "1A", "", "A\\n", "É"] {
        let lines = format!("env_vars: [{{name: \"{name}\"}}]\n");
        assert_eq!(extra(&lines).len(), 1, "{name}");
    }
    for line in ["start: \"a\\0b\"", "logs: \"\\0\""] {
        assert_eq!(
            extra(&format!("lifecycle: {{{line}}}\n")).len(),
            1,
            "{line}"
        );
    }
    let name = MINIMAL.replace("Tool", "\"To\\x1b[31mol\"");
    assert_eq!(
        problems(&name),
        ["plugin.yaml:2:7: name: `To\\u{1b}[31mol` must not have control characters"]
    );
    let name = MINIMAL.replace("Tool", &"x".repeat(256));
    assert!(problems(&name)[0].ends_with("…` must not have more than 255 bytes"));
    assert!(read(&format!("{MINIMAL}service: {{compose_file: docker/compose.dev.yml, unit_name: a@b\\x2d.service}}\n")).is_ok());
}

#[test]
fn what_is_no_definition_at_all_is_said() {
    assert_eq!(problems(""), ["plugin.yaml:1:1: the file is empty"]);
    assert_eq!(problems("# only\n"), ["plugin.yaml:1:1: the file is empty"]);
    assert_eq!(
        problems("- a\n"),
        ["plugin.yaml:1:1: expected a mapping, found a list"]
    );
    assert_eq!(problems("a: [\n").len(), 1);
    let error = read(&"x".repeat(2 << 20)).unwrap_err();
    assert!(error.to_string().contains("bytes"), "{error}");
}

#[test]
fn a_bad_value_of_the_overlay_is_found_in_the_overlay() {
    let over = "ports: [port: 0]\nlifecycle: {stat: x}\nname:\n  - a\n";
    let error = Definition::read(
        format!("{MINIMAL}ports: [{{port: 80}}]\nlifecycle: {{start: 1, stop: []}}\n").as_bytes(),
        "plugin.yml",
        Some((over.as_bytes(), "custom/overrides.yaml")),
    )
    .unwrap_err();
    let problems: Vec<_> = error
        .details()
        .problems
        .iter()
        .map(ToString::to_string)
        .collect();
    insta::assert_snapshot!(problems.join("\n"), @r#"
    plugin.yml:5:29: lifecycle.stop: expected a string, found a list
    custom/overrides.yaml:1:15: ports[0].port: 0 is not a port (1 to 65535)
    custom/overrides.yaml:2:13: lifecycle.stat: unknown field (did you mean `start`?)
    custom/overrides.yaml:4:3: name: expected a string, found a list
    "#);
}

#[test]
fn an_overlay_changes_what_it_names() {
    let over = "description: Mine\nservice: {compose_file: custom/compose.yml}\n";
    let read = |over: &str| {
        Definition::read(
            format!("{MINIMAL}service: {{type: docker}}\n").as_bytes(),
            "plugin.yaml",
            Some((over.as_bytes(), "custom/overrides.yaml")),
        )
    };
    let (definition, _) = read(over).unwrap();
    assert_eq!(definition.description, "Mine");
    let service = definition.service.unwrap();
    assert_eq!(service.kind, ServiceType::Docker);
    assert_eq!(service.compose_file(), "custom/compose.yml");
    assert!(read("# nothing yet\n").is_ok());
    assert_eq!(
        read("[]").unwrap_err().to_string(),
        "the plugin definition is invalid: custom/overrides.yaml:1:1: \
         expected a mapping of the fields to replace, found a list"
    );
}

#[test]
fn a_flood_of_problems_is_counted_and_cut() {
    let mut yaml = MINIMAL.to_owned();
    for i in 0..500 {
        yaml.push_str(&format!("x{i}: {i}\n"));
    }
    let error = read(&yaml).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("`plugin.yaml` has 500 problems"),
        "{error}"
    );
    assert_eq!(error.details().problems.len(), LISTED);
}

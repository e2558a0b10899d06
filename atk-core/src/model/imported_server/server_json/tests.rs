use serde_json::{Value, json};

use super::*;

/// Reads a server with these fields beside those that all have.
fn of(fields: Value, wanted: Option<Transport>) -> Result<ImportedServer, String> {
    let mut server = json!({
        "$schema": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
        "name": "com.example.tools/files",
        "description": "Reads files",
        "version": "1.2.3",
    });
    let all = server.as_object_mut().unwrap();
    all.extend(fields.as_object().unwrap().clone());
    read(server.to_string().as_bytes(), wanted)
}

/// A package with these fields beside those that all have.
fn package(kind: &str, id: &str, fields: Value) -> Value {
    let mut package = json!({
        "registryType": kind, "identifier": id, "version": "1.2.3", "transport": {"type": "stdio"},
    });
    let all = package.as_object_mut().unwrap();
    all.extend(fields.as_object().unwrap().clone());
    json!({"packages": [package]})
}

/// The command line of a server.
fn line(server: &ImportedServer) -> String {
    let mcp = &server.mcp;
    let words = mcp.command.iter().chain(&mcp.args).chain(&mcp.endpoint);
    words.map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// The variables of a server.
fn variables(server: &ImportedServer) -> Vec<String> {
    let spelled = |variable: &crate::model::plugin::EnvVar| {
        let mut text = variable.name.clone();
        if let Some(default) = &variable.default {
            text.push_str(&format!("={default}"));
        }
        text.push_str(if variable.required { " required" } else { "" });
        text.push_str(if variable.secret { " secret" } else { "" });
        if let Some(description) = &variable.description {
            text.push_str(&format!(" # {description}"));
        }
        text
    };
    server.env_vars.iter().map(spelled).collect()
}

#[test]
fn packages_become_the_commands_that_run_them() {
    for (kind, id, fields, expected) in [
        (
            "npm",
            "@example/files",
            json!({}),
            "npx -y @example/files@1.2.3",
        ),
        ("npm", "files", json!({"version": null}), "npx -y files"),
        (
            "npm",
            "files",
            json!({"runtimeHint": "node"}),
            "npx -y files@1.2.3",
        ),
        (
            "npm",
            "files",
            json!({"registryBaseUrl": "https://registry.npmjs.org/", "runtimeHint": "npx",
                "runtimeArguments": [{"type": "positional", "value": "-y"}]}),
            "npx -y files@1.2.3",
        ),
        (
            "pypi",
            "files",
            json!({"registryBaseUrl": "https://pypi.org"}),
            "uvx files==1.2.3",
        ),
        (
            "pypi",
            "files[all]",
            json!({"runtimeHint": "uvx",
                "runtimeArguments": [{"type": "positional", "value": "--from"}],
                "packageArguments": [{"type": "positional", "value": "files-mcp"}]}),
            "uvx --from files[all]==1.2.3 files-mcp",
        ),
        (
            "oci",
            "example/files",
            json!({}),
            "docker run -i --rm example/files:1.2.3",
        ),
        (
            "oci",
            "example/files",
            json!({"registryBaseUrl": "https://docker.io"}),
            "docker run -i --rm example/files:1.2.3",
        ),
        (
            "oci",
            "example/files",
            json!({"registryBaseUrl": "https://ghcr.io"}),
            "docker run -i --rm ghcr.io/example/files:1.2.3",
        ),
        (
            "oci",
            "localhost:5000/files:v2",
            json!({"version": null}),
            "docker run -i --rm localhost:5000/files:v2",
        ),
        (
            "oci",
            "ghcr.io/example/files@sha256:0a1b",
            json!({}),
            "docker run -i --rm ghcr.io/example/files@sha256:0a1b",
        ),
    ] {
        let server = of(package(kind, id, fields), None).unwrap();
        assert_eq!(line(&server), expected);
        assert_eq!(server.warnings, [""; 0], "{expected}");
    }
}

#[test]
fn arguments_are_words_and_what_the_user_chooses_is_a_variable() {
    for (argument, words, declared, warning) in [
        (
            json!({"type": "positional", "value": "mcp"}),
            "mcp",
            &[][..],
            "",
        ),
        (
            json!({"type": "named", "name": "--mode", "value": "fast"}),
            "--mode fast",
            &[],
            "",
        ),
        (
            json!({"type": "named", "name": "--stdio"}),
            "--stdio",
            &[],
            "",
        ),
        (
            json!({"type": "named", "name": "--rm", "value": "true", "format": "boolean"}),
            "--rm",
            &[],
            "",
        ),
        (
            json!({"type": "named", "name": "--all", "default": "false", "format": "boolean"}),
            "",
            &[],
            "the argument `--all` is off and was left out",
        ),
        (
            json!({"type": "named", "name": "--port", "description": "Port", "format": "number"}),
            "",
            &[],
            "the argument `--port` is optional and was left out",
        ),
        (
            json!({"type": "named", "name": "--api-url", "default": "http://x", "description": "An\nURL"}),
            "--api-url ${API_URL}",
            &["API_URL=http://x # An URL"],
            "",
        ),
        (
            json!({"type": "positional", "valueHint": "target_dir", "isRequired": true, "isRepeated": true}),
            "${TARGET_DIR}",
            &["TARGET_DIR required"],
            "the argument `target_dir` can be repeated, and is there once: add the others to `mcp.args`",
        ),
        (
            json!({"type": "positional", "valueHint": "path", "isRequired": true}),
            "${FILES_PATH}",
            &["FILES_PATH required"],
            "",
        ),
        (
            json!({"type": "named", "name": "--browser", "default": "firefox", "choices": ["firefox", "none"]}),
            "--browser ${FILES_BROWSER}",
            &["FILES_BROWSER=firefox # one of firefox, none"],
            "",
        ),
        (
            json!({"type": "named", "name": "--mount", "value": "type=bind,src={sourcePath},dst={to}",
                "variables": {"sourcePath": {"description": "On the host"}, "to": {"default": "/project"}}}),
            "--mount type=bind,src=${SOURCE_PATH},dst=${TO}",
            &["SOURCE_PATH required # On the host", "TO=/project"],
            "",
        ),
        (
            json!({"type": "positional", "value": "{a}{b} {c", "variables": {"b": {"value": "fixed"}}}),
            "{a}fixed {c",
            &[],
            "",
        ),
        (
            json!({"type": "named", "name": "--api-key", "default": "k", "isRequired": true}),
            "--api-key ${API_KEY}",
            &["API_KEY required secret"],
            "the default of `API_KEY` was left out: it is a secret, and everybody could read it",
        ),
    ] {
        let fields = package("npm", "files", json!({"packageArguments": [argument]}));
        let server = of(fields, None).unwrap();
        let expected = format!("npx -y files@1.2.3 {words}");
        assert_eq!(line(&server), expected.trim_end(), "{argument}");
        assert_eq!(variables(&server), declared, "{argument}");
        assert_eq!(server.warnings.join("|"), warning, "{argument}");
    }
}

#[test]
fn variables_of_the_environment_keep_what_is_said_of_them() {
    let fields = json!({"environmentVariables": [
        {"name": "FILES_TOKEN", "isRequired": true, "isSecret": true, "description": "A  token"},
        // Not marked, but a secret by its name.
        {"name": "OTHER_TOKEN"},
        {"name": "LEVEL", "default": "info", "isRequired": true, "choices": ["info", "debug"]},
        {"name": "FIXED", "value": "a{b}"},
        {"name": "PLAIN"},
    ]});
    let server = of(package("npm", "files", fields.clone()), None).unwrap();
    let declared = [
        "FILES_TOKEN required secret # A token",
        "OTHER_TOKEN secret",
        "LEVEL=info # one of info, debug",
        "FIXED=a{b}",
        "PLAIN",
    ];
    assert_eq!(variables(&server), declared);
    let names = ["FILES_TOKEN", "OTHER_TOKEN", "LEVEL", "FIXED", "PLAIN"];
    assert_eq!(server.mcp.env, names);
    // A container is given them one by one.
    let server = of(package("oci", "files:1", fields), None).unwrap();
    assert_eq!(
        line(&server),
        "docker run -i --rm -e FILES_TOKEN -e OTHER_TOKEN -e LEVEL -e FIXED -e PLAIN files:1"
    );
}

#[test]
fn a_whole_command_line_of_docker_is_not_there_twice_and_shows_no_secret() {
    let fields = json!({"version": null, "runtimeArguments": [
        {"type": "positional", "value": "run", "isRequired": true},
        {"type": "named", "name": "-i", "value": "true", "format": "boolean", "isRequired": true},
        {"type": "named", "name": "--rm", "value": "true", "format": "boolean"},
        {"type": "named", "name": "-e", "value": "FILES_ACCESS={token}", "isRequired": true,
            "variables": {"token": {"isRequired": true, "isSecret": true}}},
        {"type": "named", "name": "--network", "value": "host"},
        {"type": "positional", "valueHint": "image", "value": "ghcr.io/example/files"},
    ]});
    let server = of(package("oci", "ghcr.io/example/files:1.2", fields), None).unwrap();
    let expected = "docker run -i --rm --network host -e FILES_ACCESS ghcr.io/example/files:1.2";
    assert_eq!(line(&server), expected);
    assert_eq!(variables(&server), ["FILES_ACCESS required secret"]);
    assert_eq!(server.mcp.env, ["FILES_ACCESS"]);
}

#[test]
fn urls_have_references_in_the_place_of_their_variables() {
    let remotes = json!({"remotes": [
        {"type": "streamable-http", "url": "https://{tenantId}.example.com/{version}/mcp",
            "variables": {"tenantId": {"description": "Yours"}, "version": {"default": "v1"}},
            "headers": [{"name": "X-Region", "description": "Optional"}]},
        {"type": "sse", "url": "https://example.com/sse"},
    ]});
    let server = of(remotes.clone(), None).unwrap();
    assert_eq!(
        line(&server),
        "https://${TENANT_ID}.example.com/${VERSION}/mcp"
    );
    assert_eq!(server.mcp.transport, Transport::Http);
    assert_eq!(
        variables(&server),
        ["TENANT_ID required # Yours", "VERSION=v1"]
    );
    assert_eq!(
        server.warnings,
        ["the optional header `X-Region` was left out"]
    );
    let server = of(remotes, Some(Transport::Sse)).unwrap();
    assert_eq!(line(&server), "https://example.com/sse");
    assert_eq!(server.mcp.transport, Transport::Sse);
}

#[test]
fn the_first_that_a_plugin_can_have_is_taken_and_the_others_are_named() {
    let remote = |kind: &str, headers: Value| json!({"type": kind, "url": format!("https://example.com/{kind}"), "headers": headers});
    let mut fields = package("nuget", "Files", json!({}));
    let remotes = json!([
        remote(
            "streamable-http",
            json!([{"name": "Authorization", "value": "Bearer {key}"}])
        ),
        remote("sse", Value::Null),
    ]);
    fields
        .as_object_mut()
        .unwrap()
        .insert("remotes".into(), remotes);
    let server = of(fields.clone(), None).unwrap();
    assert_eq!(line(&server), "https://example.com/sse");
    assert_eq!(
        server.warnings,
        [
            "passed over: the nuget package `Files`: only packages of npm, PyPI and docker are known",
            "passed over: the URL `https://example.com/streamable-http`: it needs the header `Authorization`, \
             and a plugin has no headers",
        ]
    );
    let why = of(fields, Some(Transport::Http)).unwrap_err();
    assert_eq!(
        why,
        "it offers nothing that a plugin can have: the nuget package `Files` has the transport `stdio`, not \
         `http`; the URL `https://example.com/streamable-http`: it needs the header `Authorization`, and a \
         plugin has no headers; the URL `https://example.com/sse` has the transport `sse`, not `http`"
    );
}

#[test]
fn what_a_plugin_cannot_have_is_named() {
    let npm = |fields| package("npm", "files", fields);
    let argument = |argument: Value| npm(json!({"packageArguments": [argument]}));
    let variable = |variable: Value| npm(json!({"environmentVariables": [variable]}));
    let remote = |remote: Value| json!({"remotes": [remote]});
    for (fields, why) in [
        (json!({}), "neither a package nor a URL"),
        (
            json!({"packages": null, "remotes": null}),
            "neither a package nor a URL",
        ),
        (
            npm(json!({"transport": {"type": "sse"}})),
            "is started by a command and reached by a URL",
        ),
        (
            npm(json!({"transport": {"type": "pigeon"}})),
            "unknown transport `pigeon`",
        ),
        (
            npm(json!({"registryBaseUrl": "https://npm.example.com"})),
            "`https://npm.example.com`",
        ),
        (
            package(
                "pypi",
                "f",
                json!({"registryBaseUrl": "https://test.pypi.org"}),
            ),
            "`https://test.pypi.org`",
        ),
        (
            package("mcpb", "https://example.com/f.mcpb", json!({})),
            "download it",
        ),
        (
            package("npm", "--registry=x", json!({})),
            "`--registry=x@1.2.3` is not a package of npm",
        ),
        (
            package("npm", "a/b/c", json!({})),
            "is not a package of npm",
        ),
        (
            package("pypi", "git+https://x", json!({})),
            "is not a package of PyPI",
        ),
        (
            package("oci", "--privileged", json!({})),
            "is not a docker image",
        ),
        (package("oci", "x y", json!({})), "is not a docker image"),
        (npm(json!({"version": "1 --x"})), "is not a package of npm"),
        (
            npm(
                json!({"runtimeHint": "bunx", "runtimeArguments": [{"type": "positional", "value": "x"}]}),
            ),
            "runtime arguments are those of `bunx`",
        ),
        (
            argument(json!({"type": "named", "value": "x"})),
            "has no name",
        ),
        (
            argument(json!({"type": "odd", "value": "x"})),
            "unknown variant `odd`",
        ),
        (
            argument(json!({"type": "positional", "value": "a$HOME"})),
            "has a `$`",
        ),
        (
            argument(json!({"type": "named", "name": "--${X}"})),
            "has a `$`",
        ),
        (
            variable(json!({"name": "lower"})),
            "its variable `lower` is not the name of a variable",
        ),
        (
            variable(json!({"name": "A", "value": "Bearer {b}", "variables": {"b": {}}})),
            "its variable `A` is put together from others (`Bearer {b}`)",
        ),
        (
            npm(
                json!({"environmentVariables": [{"name": "A", "default": "1"}, {"name": "A", "default": "2"}]}),
            ),
            "its variable `A` has two different defaults",
        ),
        (
            remote(json!({"type": "sse", "url": "https://{x}"})),
            "the URL has the variable `x`, which is not declared",
        ),
        (
            remote(json!({"type": "sse", "url": "https://{x"})),
            "`{` without its `}`",
        ),
        (
            remote(json!({"type": "stdio", "url": "https://x"})),
            "cannot have the transport `stdio`",
        ),
        (
            remote(
                json!({"type": "sse", "url": "https://x", "headers": [{"name": "X-Key", "isRequired": true}]}),
            ),
            "it needs the header `X-Key`",
        ),
        (
            json!({"name": 1}),
            "it is not a `server.json`: invalid type: integer `1`",
        ),
        (
            json!({"packages": {}}),
            "it is not a `server.json`: invalid type: map, expected a sequence",
        ),
    ] {
        let found = of(fields.clone(), None).unwrap_err();
        assert!(found.contains(why), "{fields}\n{found}");
    }
}

#[test]
fn versions_whose_fields_are_the_same_are_read_and_others_are_named() {
    for version in VERSIONS {
        let schema =
            format!("https://static.modelcontextprotocol.io/schemas/{version}/server.schema.json");
        let mut fields = package("npm", "files", json!({}));
        fields
            .as_object_mut()
            .unwrap()
            .insert("$schema".into(), schema.into());
        assert_eq!(line(&of(fields, None).unwrap()), "npx -y files@1.2.3");
    }
    for version in ["2025-07-09", "2026-06-01", "draft"] {
        let text = format!(
            "{{\"$schema\": \"https://example.com/{version}/server.schema.json\", \"packages\": [{{\"registry_type\": 1}}]}}"
        );
        let why = read(text.as_bytes(), None).unwrap_err();
        assert!(
            why.contains(version) && why.ends_with("2025-10-17, 2025-12-11"),
            "{why}"
        );
    }
}

#[test]
fn any_bytes_are_an_error_and_not_a_panic() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for text in [
        "",
        "[]",
        "null",
        "{",
        "\u{0}",
        "{\"name\": \"\\ud800\"}",
        &deep,
    ] {
        assert!(read(text.as_bytes(), None).is_err());
    }
    assert!(read(b"\xff\xfe", None).is_err());
}

#[test]
fn name_and_vendor_are_those_of_the_server() {
    let fields = |more: Value| {
        let mut fields = package("npm", "files", json!({}));
        fields
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        of(fields, None).unwrap()
    };
    let server = fields(json!({"title": "All Files", "websiteUrl": "https://example.com"}));
    assert_eq!(server.names, ["All Files", "files"]);
    let vendor = server.vendor.unwrap();
    assert_eq!(
        (vendor.name.as_str(), vendor.url.as_deref()),
        ("tools.example.com", Some("https://example.com"))
    );
    let server = fields(json!({
        "name": "io.github.ann/files", "description": " a\n b ", "repository": {"url": "https://github.com/ann/files"},
    }));
    assert_eq!(server.names, ["files"]);
    assert_eq!(server.description.as_deref(), Some("a b"));
    let vendor = server.vendor.unwrap();
    assert_eq!(
        (vendor.name.as_str(), vendor.url.as_deref()),
        ("ann", Some("https://github.com/ann/files"))
    );
}

//! Mistakes in scripts and variables.

use super::{Case, more};

/// Cases about scripts and variables.
pub(super) const CASES: &[Case] = &[
    (
        "missing script",
        |t| more(t, "lifecycle: {start: ./run.sh}\n"),
        &["tool/plugin.yaml:4:20 error script-missing"],
    ),
    (
        "missing in a chain",
        |t| {
            more(
                t,
                "lifecycle:\n  start: test -d x && exec ./a.sh || bash 'b.sh'\n",
            )
        },
        &[
            "tool/plugin.yaml:5:10 error script-missing",
            "tool/plugin.yaml:5:10 error script-missing",
        ],
    ),
    (
        "missing by the plugin's directory",
        |t| {
            more(
                t,
                "lifecycle: {start: '\"$ATK_PLUGIN_DIR\"/run.sh; ${ATK_PLUGIN_DIR}/go.sh'}\n",
            )
        },
        &[
            "tool/plugin.yaml:4:20 error script-missing",
            "tool/plugin.yaml:4:20 error script-missing",
        ],
    ),
    (
        "what install may make",
        |t| {
            more(
                t,
                "lifecycle: {install: make, uninstall: make clean, start: bin/server}\n",
            )
        },
        &["tool/plugin.yaml:4:58 warning script-missing"],
    ),
    (
        "not executable",
        |t| more(t, "lifecycle: {start: ./run.sh}\n").file("run.sh", "#!/bin/sh\n"),
        &["tool/run.sh:1:1 error script-not-executable"],
    ),
    (
        "no shebang",
        |t| more(t, "lifecycle: {start: ./run.sh}\n").exec("run.sh", "echo\n"),
        &["tool/run.sh:1:1 warning script-shebang"],
    ),
    (
        "a server's script",
        |t| more(t, "mcp: {transport: stdio, command: ./mcp.sh}\n").exec("mcp.sh", "echo\n"),
        &["tool/mcp.sh:1:1 error script-shebang"],
    ),
    (
        "a server's missing file",
        |t| {
            more(
                t,
                "mcp:\n  transport: stdio\n  command: node\n  args: [--inspect, $ATK_PLUGIN_DIR/server.js]\n",
            )
        },
        &["tool/plugin.yaml:7:21 error script-missing"],
    ),
    (
        "CR LF",
        |t| more(t, "lifecycle: {start: ./run.sh}\n").exec("run.sh", "#!/bin/sh\r\necho\r\n"),
        &["tool/run.sh:1:1 error script-line-ends"],
    ),
    (
        "all about one script",
        |t| more(t, "lifecycle: {start: ./run.sh}\n").file("run.sh", "echo\r\n"),
        &[
            "tool/run.sh:1:1 error script-not-executable",
            "tool/run.sh:1:1 warning script-shebang",
            "tool/run.sh:1:1 error script-line-ends",
        ],
    ),
    (
        "compose file",
        |t| {
            more(
                t,
                "service: {type: docker-compose, compose_file: deploy/x.yml}\n",
            )
        },
        &["tool/plugin.yaml:4:47 error compose-file-missing"],
    ),
    (
        "no compose file at all",
        |t| more(t, "service: {type: docker-compose}\n"),
        &["tool/plugin.yaml:4:10 error compose-file-missing"],
    ),
    (
        "undeclared in commands",
        |t| {
            more(
                t,
                "lifecycle:\n  start: echo $TOOL_PORT ${TOOL_HOST} ${TOOL_X:-1} $HOME '$NOT'\n  stop: for NAME in a; do echo $NAME; done\n",
            )
        },
        &[
            "tool/plugin.yaml:5:10 warning variable-undeclared",
            "tool/plugin.yaml:5:10 warning variable-undeclared",
        ],
    ),
    (
        "undeclared in the server",
        |t| {
            more(
                t,
                "mcp: {transport: stdio, command: npx, args: [a, $HOME/x], env: [TOOL_KEY]}\n",
            )
        },
        &[
            "tool/plugin.yaml:4:49 warning variable-undeclared",
            "tool/plugin.yaml:4:65 warning variable-undeclared",
        ],
    ),
    (
        "undeclared in the endpoint",
        |t| {
            more(
                t,
                "mcp: {transport: http, endpoint: 'http://localhost:$PORT/mcp'}\n",
            )
        },
        &["tool/plugin.yaml:4:34 warning variable-undeclared"],
    ),
    (
        "unused",
        |t| {
            more(t, "env_vars: [{name: USED}, {name: UNUSED}]\n")
                .file("x.sh", "echo $USED $NOT_UNUSED")
        },
        &["tool/plugin.yaml:4:33 warning variable-unused"],
    ),
    (
        "used in documents only",
        |t| more(t, "env_vars: [{name: TOOL_X}]\n").file("README.md", "TOOL_X"),
        &["tool/plugin.yaml:4:19 warning variable-unused"],
    ),
    (
        "a secret that is not marked",
        |t| {
            more(t, "env_vars: [{name: TOOL_TOKEN}, {name: TOKENS}]\n")
                .file("x.sh", "$TOOL_TOKEN $TOKENS")
        },
        &["tool/plugin.yaml:4:19 warning secret-not-marked"],
    ),
    (
        "a secret with a default",
        |t| more(t, "env_vars: [{name: PW, secret: true, default: admin}]\n").file("x.sh", "$PW"),
        &["tool/plugin.yaml:4:46 warning secret-default"],
    ),
];

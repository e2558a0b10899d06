//! A plugin definition.

use serde::Deserialize;

use super::{choices, records};

choices! {
    /// How far a plugin has been looked at by people.
    Maturity "kebab-case" {
        /// Made by a machine; nobody vouches for it.
        AiGenerated,
        /// Used and looked after by its users.
        Community,
        /// Checked by the registry's maintainers.
        Verified,
    }

    /// What runs a plugin's service.
    ServiceType "kebab-case" {
        /// Containers, by a compose file.
        DockerCompose,
        /// A container.
        Docker,
        /// A unit of systemd.
        Systemd,
        /// A script of the plugin's.
        Script,
    }

    /// How an MCP server is spoken to.
    Transport "snake_case" {
        /// A command, over its standard streams.
        Stdio,
        /// A URL, by streamable HTTP.
        Http,
        /// A URL, by server-sent events.
        Sse,
    }
}

records! {
    /// What `plugin.yaml` says, with the user's overlay merged in.
    Definition {
        /// The date that names the format's version.
        schema_version: String,
        /// The display name.
        name: String,
        /// One line about it.
        description: String,
        /// How far the plugin has been looked at by people.
        maturity: Maturity,
        /// Who makes the tool.
        vendor: Option<Vendor>,
        /// How its service runs, if it has one.
        service: Option<Service>,
        /// The ports that its service listens on.
        #[serde(default)]
        ports: Vec<Port>,
        /// The variables that it wants to know.
        #[serde(default)]
        env_vars: Vec<EnvVar>,
        /// The commands that it can run.
        #[serde(default)]
        lifecycle: Lifecycle,
        /// Its MCP server, if it has one.
        mcp: Option<Mcp>,
    }

    /// Who makes a tool.
    Vendor {
        /// Their name.
        name: String,
        /// Their page.
        url: Option<String>,
        /// The tool's documentation.
        docs: Option<String>,
    }

    /// How a plugin's service runs.
    Service {
        /// What runs it.
        #[serde(rename = "type")]
        kind: ServiceType,
        /// The compose file, a path below the plugin's directory.
        compose_file: Option<String>,
        /// The unit's name, for systemd.
        unit_name: Option<String>,
    }

    /// A port that a plugin's service listens on.
    Port {
        /// Its number.
        port: i32,
        /// What it is called.
        name: Option<String>,
        /// What is spoken there.
        protocol: String,
        /// What it is for.
        description: Option<String>,
    }

    /// A variable that a plugin wants to know.
    EnvVar {
        /// Its name.
        name: String,
        /// True where the plugin does not work without it.
        required: bool,
        /// True where its value must not be shown.
        secret: bool,
        /// The value that counts where the user gives none.
        default: Option<String>,
        /// What it is for.
        description: Option<String>,
    }

    /// The commands of a plugin, for a shell in its directory.
    #[derive(Default)]
    Lifecycle {
        /// Installs or updates what the files alone are not.
        install: Option<String>,
        /// Undoes `install`.
        uninstall: Option<String>,
        /// Starts the service.
        start: Option<String>,
        /// Stops the service.
        stop: Option<String>,
        /// Shows what the service logged.
        logs: Option<String>,
        /// Ends with status 0 while the service runs.
        status: Option<String>,
        /// A URL that answers while the service is well.
        health_endpoint: Option<String>,
    }

    /// The MCP server of a plugin, as its definition has it.
    Mcp {
        /// How it is spoken to.
        transport: Transport,
        /// The command, for `stdio`.
        command: Option<String>,
        /// Its arguments.
        #[serde(default)]
        args: Vec<String>,
        /// The URL, for `http` and `sse`.
        endpoint: Option<String>,
        /// The names of the variables that it gets.
        #[serde(default)]
        env: Vec<String>,
        /// How long a call of one of its tools may take, in milliseconds.
        timeout: Option<i64>,
    }
}

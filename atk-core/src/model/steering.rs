//! Variables that steer programs: what a command runs depends on them, whatever the command says.

use super::lifecycle::commands;
use super::plugin::Definition;

/// Of shells, loaders and compilers, and of programs that start others.
const NAMES: [&str; 56] = [
    "BASHOPTS",
    "BASH_ENV",
    "BROWSER",
    "CC",
    "CDPATH",
    "CLASSPATH",
    "COMSPEC",
    "CPATH",
    "CXX",
    "EDITOR",
    "ENV",
    "FPATH",
    "GCONV_PATH",
    "GLIBC_TUNABLES",
    "GOENV",
    "GOINSECURE",
    "GONOSUMDB",
    "GOPATH",
    "GOPRIVATE",
    "GOPROXY",
    "GOROOT",
    "GOSUMDB",
    "GOTOOLCHAIN",
    "GTK_MODULES",
    "GTK_PATH",
    "HOME",
    "IFS",
    "JAVA_HOME",
    "LESSCLOSE",
    "LESSOPEN",
    "LIBRARY_PATH",
    "LOCPATH",
    "MANPAGER",
    "NLSPATH",
    "OPENSSL_CONF",
    "OPENSSL_ENGINES",
    "OPENSSL_MODULES",
    "PAGER",
    "PATH",
    "PATHEXT",
    "PKG_CONFIG_PATH",
    "PROMPT_COMMAND",
    "PS4",
    "QT_PLUGIN_PATH",
    "R_ENVIRON",
    "R_ENVIRON_USER",
    "R_HOME",
    "R_PROFILE",
    "R_PROFILE_USER",
    "SHELL",
    "SHELLOPTS",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "TERMINFO",
    "VISUAL",
    "ZDOTDIR",
];
/// Of loaders, languages, package managers and tools: any variable that begins so may be theirs.
const BEGINNINGS: [&str; 40] = [
    "BUNDLE_",
    "BUN_",
    "CARGO_",
    "CMAKE_",
    "COMPOSE_",
    "CONDA_",
    "CORECLR_",
    "COR_",
    "CURL_",
    "DENO_",
    "DOCKER_",
    "DOTNET_",
    "DYLD_",
    "ELECTRON_",
    "ERL_",
    "GEM_",
    "GIT_",
    "GRADLE_",
    "JAVA_",
    "LD_",
    "LUA_",
    "MALLOC_",
    "MAVEN_",
    "NODE_",
    "NPM_CONFIG_",
    "PERL",
    "PHP",
    "PIPX_",
    "PIP_",
    "PNPM_",
    "POETRY_",
    "PYTHON",
    "RUBY",
    "RUST",
    "SSH_",
    "UV_",
    "VIRTUAL_ENV",
    "XDG_",
    "YARN_",
    "_JAVA_",
];
/// `JAVA_TOOL_OPTIONS`, `GRADLE_OPTS`, `MAKEFLAGS`, `SUDO_ASKPASS`, `HTTPS_PROXY`, `RUSTC_WRAPPER`.
const ENDS: [&str; 8] = [
    "ASKPASS", "_EDITOR", "FLAGS", "_OPTIONS", "_OPTS", "PRELOAD", "_PROXY", "_WRAPPER",
];

/// The variables of a definition whose defaults change what its commands run, with the defaults.
pub(crate) fn defaults(definition: &Definition) -> impl Iterator<Item = (&str, &str)> {
    let variables = definition.env_vars.iter();
    let defaults = variables
        .filter_map(|variable| Some((variable.name.as_str(), variable.default.as_deref()?)));
    defaults.filter(|(name, _)| {
        steers(name) || commands(definition).any(|command| expands(command, name))
    })
}

/// True for the name of a variable that changes what programs do.
pub(crate) fn steers(name: &str) -> bool {
    NAMES.contains(&name)
        || BEGINNINGS
            .iter()
            .any(|beginning| name.starts_with(beginning))
        || ENDS.iter().any(|end| name.ends_with(end))
}

/// True if a shell puts the variable into the command: `$NAME`, `${NAME}`, `${NAME:-x}`.
fn expands(command: &str, name: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    command.split('$').skip(1).any(|after| {
        let after = after.strip_prefix('{').unwrap_or(after);
        let after = after.trim_start_matches(['!', '#']);
        after
            .strip_prefix(name)
            .is_some_and(|rest| !rest.starts_with(is_name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_count_if_they_steer_or_are_part_of_a_command() {
        let text = "schema_version: '2026-01-23'\nname: X\ndescription: x\n\
            env_vars: [{name: PATH, default: .}, {name: LD_PRELOAD}, {name: MODE, default: x},\n\
            \x20 {name: TOOL, default: ./t}, {name: ARG, default: y}]\n\
            lifecycle: {install: 'sh -c \"$TOOL\"', uninstall: x}\n\
            mcp: {transport: stdio, command: x, args: ['${ARG}']}\n";
        let (definition, _) = Definition::read(text.as_bytes(), "plugin.yaml", None).unwrap();
        let found: Vec<_> = defaults(&definition).collect();
        assert_eq!(found, [("PATH", "."), ("TOOL", "./t"), ("ARG", "y")]);
    }

    #[test]
    fn what_steers_programs_is_told_from_what_a_plugin_only_reads() {
        for name in [
            "PATH",
            "LD_PRELOAD",
            "DYLD_INSERT_LIBRARIES",
            "NODE_OPTIONS",
            "PYTHONSTARTUP",
            "RUBYOPT",
            "PERL5LIB",
            "JAVA_TOOL_OPTIONS",
            "_JAVA_OPTIONS",
            "GIT_SSH_COMMAND",
            "BASH_ENV",
            "ENV",
            "IFS",
            "MAKEFLAGS",
            "SUDO_ASKPASS",
            "HTTPS_PROXY",
            "RUSTC_WRAPPER",
            "PIP_INDEX_URL",
            "NPM_CONFIG_REGISTRY",
            "UV_INDEX_URL",
            "DOCKER_HOST",
            "PHPRC",
        ] {
            assert!(steers(name), "{name}");
        }
        for name in [
            "TOKEN",
            "API_KEY",
            "GOOGLE_API_KEY",
            "PORT",
            "HOST",
            "DATA_PATH",
            "MODE",
            "ENVIRONMENT",
            "LOG_LEVEL",
            "PATHS",
            "MY_LD_PRELOAD_X",
            "OLD_PORT",
            "GITHUB_TOKEN",
            "PROXY_PORT",
            "LANGFUSE_HOST",
        ] {
            assert!(!steers(name), "{name}");
        }
    }

    #[test]
    fn a_command_expands_what_a_shell_would_put_into_it() {
        for command in [
            "$A",
            "x ${A}",
            "\"${A:-x}\"",
            "${#A}",
            "$$A",
            "a$B$A/c",
            "${!A}",
        ] {
            assert!(expands(command, "A"), "{command}");
        }
        for command in ["A", "$AB", "${A_}", "$ A", "", "$", "$B", "$A1"] {
            assert!(!expands(command, "A"), "{command}");
        }
    }
}

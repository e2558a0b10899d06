//! The published MCP server that a new plugin starts.

use std::path::Path;

use super::context::Context;
use super::new_directory::NewFile;
use super::{base_dir, bundle, named_file};
use crate::error::{Error, ErrorKind, Result};
use crate::model::imported_server::{ImportedServer, Package, bundle_manifest, server_json};
use crate::model::plugin::Transport;
use crate::text::escape;

/// Bytes of a `server.json`. The registry refuses one that is larger.
const LARGEST: u64 = 4 << 20;
/// The ways to name a server.
const FORMS: &str = "npx:<package>[@version], uvx:<package>[==version], docker:<image>, or the path of a `server.json` or a `.mcpb`";
/// The name of this system in bundles.
const SYSTEM: &str = if cfg!(target_os = "macos") {
    "darwin"
} else {
    "linux"
};

/// Reads what a server is: a package, by its name, or a file. Nothing is downloaded or run.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] if it cannot be read, or cannot be in a plugin.
pub(crate) fn read(
    context: &Context<'_>,
    named: &str,
    transport: Option<Transport>,
) -> Result<(ImportedServer, Vec<NewFile>)> {
    let package = match named.split_once(':') {
        Some(("npx", package)) => Package::npm(package),
        Some(("uvx", package)) => Package::pypi(package),
        Some(("docker", image)) => Package::docker(image),
        Some((scheme, _)) if !scheme.contains(['/', '.']) && scheme.len() > 1 => {
            let message = format!("`{}` does not name a server", escape(named));
            return Err(Error::new(ErrorKind::InvalidArgument, message)
                .with_help(format!("write {FORMS}; download a file first")));
        }
        Some(_) | None => {
            return of_file(
                context,
                &base_dir::absolute(context, Some(named))?,
                transport,
            );
        }
    };
    let package = package.map_err(|why| Error::new(ErrorKind::InvalidArgument, why))?;
    check_command(named, transport)?;
    Ok((package.server(), Vec::new()))
}

/// Fails if a server that a command starts is to have a URL.
fn check_command(named: &str, transport: Option<Transport>) -> Result<()> {
    let Some(other) = transport.filter(|transport| *transport != Transport::Stdio) else {
        return Ok(());
    };
    let message = format!(
        "`{}` is started by a command: its transport is `stdio`, not `{}`",
        escape(named),
        other.as_str()
    );
    Err(Error::new(ErrorKind::InvalidArgument, message)
        .with_help("leave the transport out, or name a `server.json` that has a URL"))
}

fn of_file(
    context: &Context<'_>,
    path: &Path,
    transport: Option<Transport>,
) -> Result<(ImportedServer, Vec<NewFile>)> {
    let unusable = |why: String| {
        bundle::unusable(path, &why)
            .with_help("create the plugin without it, and write `mcp` in its `plugin.yaml` by hand")
    };
    let mut file = named_file::open(path)?;
    let is_bundle = bundle::is_one(&mut file);
    if is_bundle.map_err(|error| Error::io("cannot read", path, error))? {
        check_command(&path.to_string_lossy(), transport)?;
        let session = context.session;
        let bundle = bundle::read(file, path, &session.options.limits, &session.cancel)?;
        let mut server = bundle_manifest::read(&bundle.manifest, SYSTEM).map_err(unusable)?;
        server.warnings.extend(bundle.warnings);
        return Ok((server, bundle.files));
    }
    let bytes = named_file::read(path, LARGEST)?;
    let server = server_json::read(&bytes, transport).map_err(unusable)?;
    Ok((server, Vec::new()))
}

//! Reads what a user or a manifest says into the parts of an address.

use super::address::{Address, Style};
use super::protocol::Protocol;
use super::scheme::half_scheme;
use super::scp::Scp;
use super::unusable::AddressProblem;
use super::{page, path};

/// What to do with credentials in a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Credentials {
    /// For what a user types, who has to learn that they do not belong there.
    Refuse,
    /// For manifests, into which the Python tool writes them.
    Drop,
}

impl Address {
    /// Reads an address. Its path may be empty and is not checked.
    pub(super) fn read(typed: &str, credentials: Credentials) -> Result<Self, AddressProblem> {
        if is_remote_helper(typed) && !typed.contains("://") {
            return Err("remote helpers are not allowed".into());
        }
        check_text(typed)?;
        if is_wrapped(typed) && credentials == Credentials::Refuse {
            return Err("it has quotes or brackets around it".into());
        }
        if let Some((scheme, rest)) = typed.split_once("://") {
            return Self::of_url(scheme, rest, credentials);
        }
        if let Some(host) = host_behind_password(typed)
            && credentials == Credentials::Refuse
        {
            return Err(AddressProblem::Credentials(host.to_owned()));
        }
        match Scp::split(typed) {
            Some(scp) if scp.user.is_none() && half_scheme(scp.host).is_some() => {
                Err(format!("`//` is missing after `{}:`", scp.host)
                    .as_str()
                    .into())
            }
            Some(scp) if !has_port(typed) && host_behind_password(typed).is_none() => {
                Self::of_scp(typed, &scp)
            }
            Some(_) | None => Self::of_web(Protocol::Https, Style::Short, "", typed, credentials),
        }
    }

    fn of_url(scheme: &str, rest: &str, credentials: Credentials) -> Result<Self, AddressProblem> {
        let prefix = format!("{scheme}://");
        match scheme.to_ascii_lowercase().as_str() {
            "https" => Self::of_web(Protocol::Https, Style::Url, &prefix, rest, credentials),
            "http" => Self::of_web(Protocol::Http, Style::Url, &prefix, rest, credentials),
            "ssh" => Self::of_ssh(&prefix, rest, credentials),
            "file" => Self::of_file(&prefix, rest),
            other => Err(other_scheme(other, rest)),
        }
    }

    /// `user@host:port/path`: https and http, where a user is a matter of credentials.
    fn of_web(
        protocol: Protocol,
        style: Style,
        prefix: &str,
        rest: &str,
        credentials: Credentials,
    ) -> Result<Self, AddressProblem> {
        let (authority, path) = split_path(rest);
        let (user, host_port) = split_user(authority);
        let is_secret = |user: &str| user.contains(':') || is_token(user);
        if user.is_some_and(is_secret) && credentials == Credentials::Refuse {
            return Err(AddressProblem::Credentials(host_port.to_owned()));
        }
        if user.is_some_and(|user| user.starts_with('-') || user.contains("::")) {
            return Err("its user starts with `-` or has `::` in it".into());
        }
        let (host, port) = host_and_port(host_port)?;
        Ok(Address {
            protocol,
            style,
            user: None,
            host: host.to_lowercase(),
            port,
            path: path.to_owned(),
            typed: format!("{prefix}{host_port}{path}"),
        })
    }

    fn of_ssh(prefix: &str, rest: &str, credentials: Credentials) -> Result<Self, AddressProblem> {
        let (authority, path) = split_path(rest);
        let (user, host_port) = split_user(authority);
        let (user, password) = match user.and_then(|user| user.split_once(':')) {
            Some((user, _)) => (Some(user), true),
            None => (user, false),
        };
        if password && credentials == Credentials::Refuse {
            return Err(AddressProblem::Credentials(host_port.to_owned()));
        }
        check_user(user)?;
        let (host, port) = host_and_port(host_port).map_err(|unusable| {
            match short_form(user, host_port, path) {
                Some(help) => unusable.with_help(help),
                None => unusable,
            }
        })?;
        let at = user.map_or(String::new(), |user| format!("{user}@"));
        Ok(Address {
            protocol: Protocol::Ssh,
            style: Style::Url,
            user: user.map(str::to_owned),
            host: ssh_host(host),
            port,
            path: path.to_owned(),
            typed: format!("{prefix}{at}{host_port}{path}"),
        })
    }

    fn of_file(prefix: &str, rest: &str) -> Result<Self, AddressProblem> {
        let (authority, path) = split_path(rest);
        if !matches!(authority.to_ascii_lowercase().as_str(), "" | "localhost") {
            return Err("a file URL has no host".into());
        }
        Ok(Address {
            protocol: Protocol::File,
            style: Style::Url,
            user: None,
            host: String::new(),
            port: None,
            path: path.to_owned(),
            typed: format!("{prefix}{rest}"),
        })
    }

    fn of_scp(typed: &str, scp: &Scp<'_>) -> Result<Self, AddressProblem> {
        check_user(scp.user)?;
        let port = scp.port.map(port_number).transpose()?;
        let host = match scp.host.contains(':') {
            true => format!("[{}]", scp.host),
            false => scp.host.to_owned(),
        };
        check_host(&host)?;
        Ok(Address {
            protocol: Protocol::Ssh,
            style: Style::Scp,
            user: scp.user.map(str::to_owned),
            host: ssh_host(&host),
            port,
            path: scp.path.to_owned(),
            typed: typed.to_owned(),
        })
    }
}

/// True for `helper::address`, which makes git start a program of that name.
pub(super) fn is_remote_helper(typed: &str) -> bool {
    typed.split_once("::").is_some_and(|(helper, _)| {
        helper
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+.-_".contains(&byte))
    })
}

/// True for `host:3000/path` and `[::1]:3000/path`: what git would take for an ssh path is a port
/// to everybody else.
pub(crate) fn has_port(typed: &str) -> bool {
    let (host, rest) = match typed.split_once("]:") {
        Some((host, rest)) if host.starts_with('[') && host.matches(':').count() > 1 => ("", rest),
        _ => typed.split_once(':').unwrap_or((typed, "")),
    };
    let port = rest.split('/').next().unwrap_or(rest);
    !host.contains(['@', '/', '['])
        && (1..=5).contains(&port.len())
        && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// The host of `user:password@host`, written without a scheme.
fn host_behind_password(typed: &str) -> Option<&str> {
    let authority = typed.split('/').next().unwrap_or(typed);
    let (user, host) = authority.rsplit_once('@')?;
    let (name, _) = user.split_once(':')?;
    let is_user = !name.is_empty() && !name.contains(['@', '[']) && !user.ends_with(':');
    is_user.then_some(host)
}

fn check_text(typed: &str) -> Result<(), AddressProblem> {
    if typed.is_empty() {
        return Err("it is empty".into());
    }
    if typed.chars().any(crate::text::is_unsafe) {
        return Err("it has control or invisible characters".into());
    }
    if typed.chars().any(char::is_whitespace) {
        let help = match typed.contains("://") {
            true => "write a space in a URL as `%20`",
            false => "write it as `ssh://host/path`, with `%20` for a space",
        }
        .to_owned();
        return Err(AddressProblem::Invalid(
            "it has spaces".to_owned(),
            Some(help),
        ));
    }
    if typed.starts_with('-') {
        return Err("it starts with `-`".into());
    }
    Ok(())
}

fn other_scheme(scheme: &str, rest: &str) -> AddressProblem {
    let why = "only https, http, ssh and file are allowed".to_owned();
    // The prefix of pip and uv, and git's own names for ssh.
    let meant = match scheme {
        "git+https" | "git+http" | "git+file" => scheme.strip_prefix("git+"),
        "git+ssh" | "ssh+git" => Some("ssh"),
        "git" => Some("https"),
        _ => None,
    };
    let help = meant.and_then(|scheme| {
        let url = format!("{scheme}://{rest}");
        let address = Address::read(&url, Credentials::Refuse).ok()?;
        let shown = crate::text::escape(&address.typed);
        page::help(&address).or_else(|| Some(format!("use `{shown}`")))
    });
    AddressProblem::Invalid(why, help)
}

/// `ssh://git@host:org/repo` mixes both forms of ssh; this is the help that shows them apart.
fn short_form(user: Option<&str>, host_port: &str, path: &str) -> Option<String> {
    let (host, first) = host_port.split_once(':')?;
    let at = user.map_or(String::new(), |user| format!("{user}@"));
    if let Some((port, first)) = first.split_once(':')
        && port_number(port).is_ok()
        && !first.is_empty()
        && !first.contains(':')
    {
        return Some(format!(
            "use `{at}[{host}:{port}]:{first}{path}`, or with a slash `ssh://{at}{host}:{port}/{first}{path}`"
        ));
    }
    let is_name = !first.is_empty() && !first.bytes().all(|byte| byte.is_ascii_digit());
    let is_password = user.is_none() && path.contains('@');
    let fits = is_name && !is_password && !first.contains([':', ']']) && !host.is_empty();
    fits.then(|| {
        format!("use `{at}{host}:{first}{path}`, or with a slash `ssh://{at}{host}/{first}{path}`")
    })
}

fn split_path(rest: &str) -> (&str, &str) {
    // A query or a fragment can follow the host at once; it is looked at with the path.
    match rest.find(['/', '?', '#']) {
        Some(end) => rest.split_at(end),
        None => (rest, ""),
    }
}

fn split_user(authority: &str) -> (Option<&str>, &str) {
    match authority.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, authority),
    }
}

fn host_and_port(host_port: &str) -> Result<(&str, Option<u16>), AddressProblem> {
    let end_of_host = match host_port.find(']') {
        Some(bracket) => bracket + 1,
        None => host_port.find(':').unwrap_or(host_port.len()),
    };
    let (host, rest) = host_port.split_at(end_of_host);
    check_host(host)?;
    let port = match rest.strip_prefix(':') {
        // Git and curl take an empty port for none.
        Some("") => None,
        Some(port) => Some(port_number(port)?),
        None if rest.is_empty() => None,
        None => return Err("its host has characters that are not allowed in a host name".into()),
    };
    Ok((host, port))
}

fn port_number(port: &str) -> Result<u16, AddressProblem> {
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    match port.parse() {
        Ok(number) if digits && number != 0 => Ok(number),
        // Not shown: it may be half of a password with a slash in it.
        _ => Err("its port is not a number from 1 to 65535".into()),
    }
}

/// True for the access tokens of the known hosts, which are a secret even without a password.
fn is_token(user: &str) -> bool {
    const PREFIXES: [&str; 9] = [
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat_",
        "glpat-",
        "ATBB",
        "ATCTT",
    ];
    PREFIXES.iter().any(|prefix| user.starts_with(prefix)) && user.len() >= 20
}

fn check_user(user: Option<&str>) -> Result<(), AddressProblem> {
    let Some(user) = user else {
        return Ok(());
    };
    let decoded = path::decode(user);
    // A bracket would begin the host.
    let is_refused = |c: char| c.is_control() || matches!(c, '[' | ']');
    if user.is_empty() || decoded.starts_with('-') || decoded.chars().any(is_refused) {
        return Err(
            "its user is empty, starts with `-`, or has brackets or control characters".into(),
        );
    }
    Ok(())
}

fn check_host(host: &str) -> Result<(), AddressProblem> {
    if let Some(inner) = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        // `%25eth0` names an interface.
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b":.%-_".contains(&byte);
        let is_address = inner.contains(':') || inner.bytes().any(|byte| byte == b'.');
        return match is_address && inner.bytes().all(fits) && !inner.starts_with('-') {
            true => Ok(()),
            false => Err("the text in its brackets is not an IPv6 address".into()),
        };
    }
    // The last dot says that the name is a full one.
    let name = host.strip_suffix('.').unwrap_or(host);
    if name.is_empty() {
        return Err("it has no host".into());
    }
    if name.split('.').any(str::is_empty) {
        return Err("its host has nothing between two dots, or before the first one".into());
    }
    if host.starts_with('-') {
        return Err("its host starts with `-`".into());
    }
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte) || byte >= 0x80;
    if !host.bytes().all(fits) {
        return Err("its host has characters that are not allowed in a host name".into());
    }
    Ok(())
}

fn ssh_host(host: &str) -> String {
    match host.contains('.') {
        true => host.to_lowercase(),
        false => host.to_owned(),
    }
}

/// True for what was copied with quotes or brackets around it. No address has them, except for
/// single quotes and brackets within it.
fn is_wrapped(text: &str) -> bool {
    text.starts_with(['\'', '(']) || text.contains(['<', '>', '"', '`'])
}

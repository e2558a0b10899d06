//! The forms that some strings of a definition must have. Each says what is wrong, to follow the
//! string in a message.

/// A date like `2026-01-23`.
pub(super) fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// A display name, which also stands in the subject of a commit.
pub(crate) fn name(name: &str) -> Result<(), &'static str> {
    if name.trim().is_empty() {
        return Err("must not be blank");
    }
    if name.chars().any(char::is_control) {
        return Err("must not have control characters");
    }
    if name.len() > 255 {
        return Err("must not have more than 255 bytes");
    }
    Ok(())
}

/// The name of a variable.
pub(crate) fn variable(name: &str) -> Result<(), &'static str> {
    let valid = name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && name
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    if valid {
        return Ok(());
    }
    Err("is not the name of a variable (A to Z, 0 to 9 and _, no digit first)")
}

/// A path below the plugin's directory, which also stands in a command line.
pub(super) fn path(path: &str) -> Result<(), &'static str> {
    if path.is_empty() {
        return Err("is not a path");
    }
    if path.chars().any(char::is_control) || path.contains('\\') {
        return Err("must not have control characters or backslashes");
    }
    if path.starts_with(['/', '-', '~']) {
        return Err("must be a path below the plugin's directory");
    }
    if path.split('/').any(|part| part == "..") {
        return Err("must not leave the plugin's directory");
    }
    Ok(())
}

/// The name of a systemd unit. Backslashes are in use there as escapes.
pub(super) fn unit(name: &str) -> Result<(), &'static str> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || ":-_.\\@".contains(c);
    if name.is_empty() || name.starts_with(['-', '.']) || !name.chars().all(allowed) {
        return Err("is not the name of a unit");
    }
    Ok(())
}

//! The path of a repository's URL: what it must not contain, and the form in which it is compared.

/// How often an escape may hide another one. A server that decodes more often than that is
/// beyond what a URL can be checked for.
const LAYERS: usize = 3;

/// Checks a path, without the slash that it may begin with.
///
/// A segment that a server or a proxy could take for `.` or `..` is refused, because a URL that
/// begins like a trusted one must not end up somewhere else.
///
/// # Errors
/// Says what is wrong.
pub(super) fn check(path: &str) -> Result<(), &'static str> {
    let path = path.strip_suffix('/').unwrap_or(path);
    if path.is_empty() {
        return Err("it has no path");
    }
    if path.starts_with('-') {
        return Err("its path starts with `-`");
    }
    // Servers on Windows read it as a slash, so that `..\x` leads elsewhere.
    if path.contains('\\') {
        return Err("its path has a backslash");
    }
    path.split('/').try_for_each(check_segment)
}

fn check_segment(segment: &str) -> Result<(), &'static str> {
    let mut decoded = segment.to_owned();
    for _ in 0..LAYERS {
        // Some servers cut off parameters (`..;x`) and trailing whitespace before they look up the
        // name.
        let name = decoded.split(';').next().unwrap_or_default();
        match name.trim_end() {
            "" => return Err("its path has an empty segment"),
            "." | ".." => return Err("its path has a `.` or `..` segment"),
            _ => {}
        }
        let next = decode(&decoded);
        if next == decoded {
            return Ok(());
        }
        if next.contains(['/', '\\']) || next.chars().any(char::is_control) {
            return Err("its path has an escaped slash, backslash or control character");
        }
        decoded = next;
    }
    Err("its path is escaped more than twice")
}

/// Returns the path in the form in which paths are compared: each escape in the same spelling,
/// and only if it is needed.
pub(super) fn normal(path: &str) -> String {
    let mut normal = String::with_capacity(path.len());
    for byte in decode_bytes(path) {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&byte) {
            normal.push(char::from(byte));
        } else {
            normal.push_str(&format!("%{byte:02X}"));
        }
    }
    normal
}

/// Replaces `%20` and the like by the characters that they stand for.
pub(super) fn decode(text: &str) -> String {
    String::from_utf8_lossy(&decode_bytes(text)).into_owned()
}

fn decode_bytes(text: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.as_bytes();
    while let Some((&byte, rest)) = bytes.split_first() {
        let digits = rest
            .get(..2)
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (byte, digits) {
            (b'%', Some(value)) => {
                decoded.push(value);
                bytes = rest.get(2..).unwrap_or_default();
            }
            _ => {
                decoded.push(byte);
                bytes = rest;
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_that_lead_elsewhere_are_refused_in_every_spelling() {
        for path in [
            "",
            "/",
            "-x",
            "a/../b",
            "a/./b",
            "a//b",
            "a/b//",
            "..",
            "a/..",
            "a/%2e%2e/b",
            "a/.%2E/b",
            "a/%2e/b",
            "a%2Fb",
            "a%2f..%2fb",
            "a/%5c/b",
            "a/..%5cb",
            "a/%252e%252e/b",
            "a/%25252e%25252e/b",
            "a/..;x=1/b",
            "a/%2e%2e;/b",
            "a/;/b",
            "a/..\\b",
            "a\\..\\b",
            "a/..%20/b",
            "a/.%20/b",
            "a/%20/b",
            "a/..%2520/b",
            "a/..%c2%a0/b",
            "a%00b",
            "a%0ab",
        ] {
            assert!(check(path).is_err(), "{path}");
        }
        for path in [
            "a", "a/b/", "a/...", "a/.b", "a/b..", "100%", "a%20b", "~me/x", "@org/x", "g/-/x",
        ] {
            assert_eq!(check(path), Ok(()), "{path}");
        }
    }

    #[test]
    fn escapes_have_one_spelling() {
        assert_eq!(normal("my%2Dtool"), "my-tool");
        assert_eq!(normal("My%20Project"), "My%20Project");
        assert_eq!(normal("caf\u{e9}"), normal("caf%c3%a9"));
        assert_eq!(normal("100%"), "100%25");
        assert_eq!(normal("a%+1b"), "a%25+1b");
    }
}

//! What must never be committed.

/// True for a path that the secret patterns match: a part of it is `*.env` or `.env.*`, and it
/// is not `.env.example`.
pub(super) fn is_secret(path: &[u8]) -> bool {
    path.split(|byte| *byte == b'/').any(|part| {
        part != b".env.example" && (part.ends_with(b".env") || part.starts_with(b".env."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patterns_match_files_and_directories_but_no_example() {
        for secret in [
            ".env",
            "custom/prod.env",
            "a/.env.local",
            ".env/bin/python",
            "x/.env.example.bak",
        ] {
            assert!(is_secret(secret.as_bytes()), "{secret}");
        }
        for plain in [
            ".env.example",
            "a/env",
            "a/.envrc",
            "environment.yml",
            "prod.env.md",
        ] {
            assert!(!is_secret(plain.as_bytes()), "{plain}");
        }
    }
}

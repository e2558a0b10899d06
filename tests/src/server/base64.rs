//! The encoding of HTTP's basic credentials.

/// Encodes bytes in base 64, padded.
pub(super) fn encode(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let mut bits = [0; 4];
        bits[1..=group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes(bits);
        for place in 0..4 {
            let digit = (bits >> (18 - 6 * place)) & 63;
            let used = place <= group.len();
            text.push(if used {
                DIGITS[digit as usize] as char
            } else {
                '='
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn groups_that_are_not_full_are_padded() {
        assert_eq!(encode(b"user:pass"), "dXNlcjpwYXNz");
        assert_eq!(encode(b"user:pas"), "dXNlcjpwYXM=");
        assert_eq!(encode(b"user:pa"), "dXNlcjpwYQ==");
    }
}

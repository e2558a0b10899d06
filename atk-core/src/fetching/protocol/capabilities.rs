//! What a server says it can do, before anything is asked.

/// What matters of a server's capability advertisement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Capabilities {
    /// It leaves objects out on request.
    pub(crate) filter: bool,
    /// It sends commits without their parents on request.
    pub(crate) shallow: bool,
    /// How its object ids are made (`sha1`, `sha256`).
    pub(crate) object_format: String,
    ls_refs: bool,
    fetch: bool,
}

impl Default for Capabilities {
    fn default() -> Self {
        Capabilities {
            filter: false,
            shallow: false,
            object_format: "sha1".to_owned(),
            ls_refs: false,
            fetch: false,
        }
    }
}

impl Capabilities {
    /// Takes one line of the advertisement; what we have no use for is passed over.
    pub(crate) fn add(&mut self, line: &[u8]) {
        let line = String::from_utf8_lossy(line);
        let (name, value) = line.split_once('=').unwrap_or((&line, ""));
        match name {
            "ls-refs" => self.ls_refs = true,
            "fetch" => {
                self.fetch = true;
                self.filter = value.split(' ').any(|feature| feature == "filter");
                self.shallow = value.split(' ').any(|feature| feature == "shallow");
            }
            "object-format" => self.object_format = value.chars().take(20).collect(),
            _ => {}
        }
    }

    /// True if it can be asked for refs and objects at all.
    pub(crate) fn is_usable(&self) -> bool {
        self.ls_refs && self.fetch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str]) -> Capabilities {
        let mut capabilities = Capabilities::default();
        lines.iter().for_each(|l| capabilities.add(l.as_bytes()));
        capabilities
    }

    #[test]
    fn a_usual_server_filters_and_is_shallow() {
        let git = of(&[
            "agent=git/2.39.5",
            "ls-refs=unborn",
            "fetch=shallow wait-for-done filter",
            "server-option",
            "object-format=sha1",
        ]);
        assert!(git.is_usable() && git.filter && git.shallow);
        assert_eq!(git.object_format, "sha1");
    }

    #[test]
    fn a_feature_is_a_whole_word() {
        let odd = of(&[
            "fetch=nofilter shallowish",
            "ls-refs",
            "object-format=sha256",
        ]);
        assert!(odd.is_usable() && !odd.filter && !odd.shallow);
        assert_eq!(odd.object_format, "sha256");
        assert!(!of(&["\u{0}", "=", "fetch"]).is_usable());
    }
}

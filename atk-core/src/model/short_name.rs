//! The second names that NTFS gives to files: `CUSTOM~1` for `custom.d`, `ENV~1` for `.env`.

/// A folded name that has the form of a short name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ShortName<'n> {
    /// What is before the `~`: one to six characters.
    stem: &'n str,
    extension: &'n str,
}

impl<'n> ShortName<'n> {
    /// Reads a folded name. Returns None if it has not the form.
    pub(crate) fn parse(name: &'n str) -> Option<Self> {
        let (base, extension) = name.split_once('.').unwrap_or((name, ""));
        let (stem, number) = base.split_once('~')?;
        let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let fits = (1..=6).contains(&stem.len()) && base.len() <= 8 && extension.len() <= 3;
        (digits && fits && !extension.contains('.')).then_some(ShortName { stem, extension })
    }

    /// Returns true if it may mean this name, which is folded and has no extension but what is
    /// behind a leading dot. Cautious: a beginning of two letters is enough.
    pub(crate) fn may_mean(&self, name: &str) -> bool {
        let base = name.trim_start_matches('.');
        let begins = self.stem.len() >= 2.min(base.len()) && base.starts_with(self.stem);
        begins
            || self
                .hash_letters()
                .is_some_and(|letters| base.starts_with(letters))
    }

    /// Returns the keys under which it is found among the [`aliases`] of other names.
    pub(crate) fn keys(&self) -> impl Iterator<Item = String> {
        let whole = format!("{}.{}", self.stem, self.extension);
        let hash = self.hash_letters();
        let hash = hash.map(|letters| format!("{letters}*.{}", self.extension));
        [Some(whole), hash].into_iter().flatten()
    }

    /// The first two letters, if the rest can be four digits of a checksum: that is what NTFS takes
    /// from the fifth file on.
    fn hash_letters(&self) -> Option<&'n str> {
        let (letters, hash) = self.stem.split_at_checked(2)?;
        let is_hash = hash.len() == 4 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hash.then_some(letters)
    }
}

/// Returns the keys of the short names that a file of this folded name can have. The more digits
/// the number has, the fewer letters are left.
pub(crate) fn aliases(name: &str) -> Vec<String> {
    if !needs_alias(name) {
        return Vec::new();
    }
    let (base, extension) = (base_of(name), extension_of(name));
    let stem = |length| base.chars().take(length).collect::<String>();
    let stems = [stem(6), stem(5), stem(4), stem(2) + "*"];
    stems
        .map(|stem| format!("{stem}.{extension}"))
        .into_iter()
        .collect()
}

/// A name that has the form of eight and three gets no second one.
fn needs_alias(name: &str) -> bool {
    let (base, extension) = name.split_once('.').unwrap_or((name, ""));
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "$%'-_@~`!(){}^#&".contains(c);
    let fits = (1..=8).contains(&base.len()) && extension.len() <= 3;
    !(fits && name.chars().all(|c| is_plain(c) || c == '.') && !extension.contains('.'))
}

/// The letters that the stem is made from.
fn base_of(name: &str) -> String {
    let name = name.trim_start_matches('.');
    let base = name.rsplit_once('.').map_or(name, |(base, _)| base);
    base.chars()
        .filter(|c| !matches!(c, ' ' | '.'))
        .map(|c| if "+,;=[]".contains(c) { '_' } else { c })
        .collect()
}

fn extension_of(name: &str) -> String {
    let name = name.trim_start_matches('.');
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    extension.chars().filter(|c| *c != ' ').take(3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_told_from_other_names() {
        for name in [
            "git~1",
            "gi~1",
            "custom~1",
            "env~12",
            "longfi~1.txt",
            "gi7eba~1",
        ] {
            assert!(ShortName::parse(name).is_some(), "{name}");
        }
        for name in [
            "~1",
            "git~",
            "git~a",
            "longfile~1",
            "custom~12",
            "a~1.text",
            "a~1.b.c",
        ] {
            assert_eq!(ShortName::parse(name), None, "{name}");
        }
    }

    #[test]
    fn reserved_names_are_recognised() {
        let means = |short: &str, name| ShortName::parse(short).unwrap().may_mean(name);
        for (short, name) in [
            ("git~1", ".git"),
            ("gi~1", ".git"),
            ("gi7eba~1", ".git"),
            ("custom~1", "custom"),
            ("cust~12", "custom"),
            ("env~1", ".env"),
            ("env~1.pro", ".env"),
            ("atk-re~1", ".atk-ref"),
        ] {
            assert!(means(short, name), "{short} {name}");
        }
        for (short, name) in [("g~1", ".git"), ("gitx~1", ".git"), ("tool~1", "custom")] {
            assert!(!means(short, name), "{short} {name}");
        }
    }

    #[test]
    fn an_alias_is_of_names_that_do_not_fit_in_eight_and_three() {
        let is_alias = |short: &str, name| {
            let short = ShortName::parse(short).unwrap();
            let mut keys = short.keys();
            keys.any(|key| aliases(name).contains(&key))
        };
        for (short, name) in [
            ("longfi~1.txt", "longfilename.txt"),
            ("longf~10.txt", "longfilename.txt"),
            ("lo1a2b~1.txt", "longfilename.txt"),
            ("config~1", ".config"),
            ("myfile~1.jso", "my file.json"),
            ("my_fil~1.jso", "my+file.json"),
            ("a~1.tex", "a.text"),
        ] {
            assert!(is_alias(short, name), "{short} {name}");
        }
        for (short, name) in [
            ("backup~1.txt", "backup.txt"),
            ("longfi~1.txt", "longfilename.md"),
            ("foo~1", "foo"),
        ] {
            assert!(!is_alias(short, name), "{short} {name}");
        }
    }
}

//! Names in the form in which disks compare them that ignore case.

use unicase::UniCase;
use unicode_normalization::UnicodeNormalization;

use crate::text::is_default_ignorable;

/// Returns the form of a name or path that is the same for all spellings that some disk takes for
/// one: full case folding (`ſ` is `s`, `ß` is `ss`), one spelling of accents, and no code points
/// that are not shown. ext4, APFS and HFS+ compare so; NTFS takes fewer names for one.
pub(crate) fn fold(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    let visible: String = name.nfd().filter(|c| !is_default_ignorable(*c)).collect();
    let folded = UniCase::unicode(visible).to_folded_case();
    // Folding may compose anew.
    folded.nfd().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_that_a_disk_takes_for_one_are_one() {
        for (one, other) in [
            ("README", "readme"),
            ("Caf\u{e9}", "CAFE\u{301}"),
            ("cu\u{17f}tom", "custom"),
            ("stra\u{df}e", "STRASSE"),
            ("stra\u{1e9e}e", "strasse"),
            ("\u{3c3}", "\u{3c2}"),
            ("\u{212a}", "k"),
            ("\u{fb01}le", "file"),
            (".e\u{200c}nv", ".env"),
            (".gi\u{ad}t", ".git"),
            (".git\u{fe0f}", ".git"),
            (".g\u{e0100}it\u{2064}", ".git"),
            ("\u{feff}custom\u{180b}", "custom"),
            ("\u{1f80}", "\u{3b1}\u{313}\u{345}"),
        ] {
            assert_eq!(fold(one), fold(other), "{one:?} {other:?}");
        }
        for (one, other) in [("a", "b"), ("\u{131}", "i"), ("stra\u{df}e", "strase")] {
            assert_ne!(fold(one), fold(other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn every_character_is_one_with_its_other_case() {
        for c in (0..=0x1_ffff).filter_map(char::from_u32) {
            let [lower, upper] = [c.to_lowercase().to_string(), c.to_uppercase().to_string()];
            let both = c.to_lowercase().to_string().to_uppercase();
            // The dotless i is the one letter whose capital is another letter's.
            if c != '\u{131}' {
                assert_eq!(fold(&c.to_string()), fold(&upper), "{c:?}");
                assert_eq!(fold(&c.to_string()), fold(&lower), "{c:?}");
                assert_eq!(fold(&c.to_string()), fold(&both), "{c:?}");
            }
        }
    }
}

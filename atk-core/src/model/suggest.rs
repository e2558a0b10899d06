//! "Did you mean": the known word that a mistyped one is nearest to.

/// Words longer than this are not compared. The comparison costs the product of both lengths.
const LONGEST: usize = 128;

/// The candidate that is nearest to what was typed, if it is near enough: one edit in three
/// characters, and at least one. Case does not count.
pub(crate) fn nearest<'a>(
    typed: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let length = typed.chars().count();
    let allowed = (length / 3).max(1);
    if length > LONGEST {
        return None;
    }
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(typed.len()) <= 4 * allowed)
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&typed, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, _)| *distance <= allowed && *distance < length)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_mistakes_are_near_and_other_words_are_not() {
        let fields = ["install", "uninstall", "start", "stop"];
        assert_eq!(nearest("instal", fields), Some("install"));
        assert_eq!(nearest("Install", fields), Some("install"));
        assert_eq!(nearest("unistall", fields), Some("uninstall"));
        assert_eq!(nearest("sotp", fields), Some("stop"));
        assert_eq!(nearest("health", fields), None);
        assert_eq!(nearest("x", fields), None);
        assert_eq!(nearest("", fields), None);
        assert_eq!(nearest(&"x".repeat(1_000_000), fields), None);
    }
}

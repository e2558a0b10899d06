//! The version, where a face states it in a file of its own. It is taken from the workspace's Cargo.toml.

use std::fs;
use std::path::Path;

use crate::api::Api;
use crate::output::File;

/// The files that state the version, and the texts that the version follows in each.
const PLACES: &[(&str, &[&str])] = &[
    (
        "Cargo.toml",
        &["atk-core = { path = \"atk-core\", version = \""],
    ),
    ("bindings/node/package.json", &[NPM]),
    (
        "bindings/node/package-lock.json",
        &[
            NPM,
            "      \"name\": \"@svtoo/atk\",\n      \"version\": \"",
        ],
    ),
    (
        "bindings/node/examples/vscode/package.json",
        &["\"@svtoo/atk\": \""],
    ),
    (
        "bindings/uniffi/kotlin/pom.xml",
        &["<artifactId>atk</artifactId>\n  <version>"],
    ),
    ("bindings/uniffi/ruby/atk.gemspec", &["gem.version = '"]),
    ("include/atk.h", &["#define ATK_VERSION \""]),
];

const NPM: &str = "{\n  \"name\": \"@svtoo/atk\",\n  \"version\": \"";

/// The files with the version of the workspace in them.
pub(super) fn files(_: &Api) -> Result<Vec<File>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |path: &str| {
        fs::read_to_string(root.join(path))
            .map_err(|error| format!("cannot read `{path}`: {error}"))
    };
    let version = workspace_version(&read("Cargo.toml")?)?;
    let mut files = Vec::new();
    for (path, places) in PLACES {
        let mut text = read(path)?;
        for place in *places {
            text = with_version(&text, place, &version)
                .ok_or_else(|| format!("`{path}` does not have `{place}` once"))?;
        }
        files.push(File::new(*path, text));
    }
    Ok(files)
}

fn workspace_version(manifest: &str) -> Result<String, String> {
    let (_, rest) = manifest
        .split_once("[workspace.package]\nversion = \"")
        .ok_or("Cargo.toml does not begin `[workspace.package]` with the version")?;
    let version = rest.split('"').next().unwrap_or_default();
    Ok(version.to_owned())
}

/// The text with the version after `place`. None unless `place` is in the text exactly once.
fn with_version(text: &str, place: &str, version: &str) -> Option<String> {
    let (before, after) = text.split_once(place)?;
    if after.contains(place) {
        return None;
    }
    let end = after.find(|one: char| !(one.is_ascii_alphanumeric() || ".-+".contains(one)))?;
    Some(format!("{before}{place}{version}{}", &after[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_after_a_place_is_replaced_and_nothing_else() {
        let text = "name: a\nversion: '0.1.0-rc.1'\nneeds: '0.1.0'\n";
        let expected = "name: a\nversion: '2.0.0'\nneeds: '0.1.0'\n";
        assert_eq!(
            with_version(text, "version: '", "2.0.0").as_deref(),
            Some(expected)
        );
        assert_eq!(with_version(text, "missing: '", "2.0.0"), None);
        assert_eq!(with_version(text, "0.1.0", "2.0.0"), None);
    }
}

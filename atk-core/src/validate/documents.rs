//! What a plugin should have beside its definition, and how large it is.

use super::contents::Seen;
use super::findings::Findings;
use super::plugin_files::PluginFiles;
use crate::rule::Rule;

/// More files or bytes than this are much for a plugin.
const MANY_FILES: usize = 500;
const MANY_BYTES: u64 = 8 << 20;

pub(super) fn check(plugin: &PluginFiles, seen: &Seen<'_>, findings: &mut Findings<'_>) {
    let definition = plugin.definition();
    let is_readme = |path: &str| path.eq_ignore_ascii_case("README.md");
    if !plugin
        .files
        .iter()
        .any(|file| is_readme(file.path.as_str()))
    {
        let message = "the plugin has no `README.md`".to_owned();
        findings.of_file(Rule::ReadmeMissing, definition, message);
    }
    let (count, bytes) = (plugin.files.len(), seen.bytes);
    if count > MANY_FILES || bytes > MANY_BYTES {
        let message = format!(
            "the plugin has {count} files with {bytes} bytes; more than {MANY_FILES} files or {MANY_BYTES} bytes are much"
        );
        findings.of_file(Rule::LargePlugin, definition, message);
    }
}

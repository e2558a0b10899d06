//! The rules that `validate` checks: one list, for messages, documentation and SARIF.

use std::fmt;

use serde::Serialize;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Severity {
    /// The plugin cannot be installed, or a part of it cannot work.
    Error,
    /// It works, and something is probably not what its author means.
    Warning,
    /// Good to know. It never makes a plugin invalid.
    Note,
}

impl Severity {
    /// Its name (`error`), which is also that of a level in SARIF.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal, $severity:ident, $fix:literal;)+) => {
        /// A rule for plugins. Ids are stable: they are never changed and never reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[doc = $doc])+ #[serde(rename = $id)] $name,)+
        }

        impl Rule {
            /// Every rule, in the order of the documentation.
            pub const ALL: &'static [Rule] = &[$(Rule::$name,)+];

            /// The stable id (`unknown-field`).
            #[must_use]
            pub fn id(self) -> &'static str {
                match self {
                    $(Rule::$name => $id,)+
                }
            }

            /// How much a finding of this rule matters, unless the finding has a severity of its own.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self {
                    $(Rule::$name => Severity::$severity,)+
                }
            }

            /// How to correct what breaks the rule, if a finding does not say it better.
            #[must_use]
            pub fn fix(self) -> &'static str {
                match self {
                    $(Rule::$name => $fix,)+
                }
            }

            /// What the rule finds: its documentation.
            #[must_use]
            pub fn description(self) -> &'static str {
                match self {
                    $(Rule::$name => concat!($($doc),+).trim_ascii(),)+
                }
            }
        }
    };
}

rules! {
    /// The YAML of the definition or of its overlay cannot be read.
    DefinitionSyntax = "definition-syntax", Error,
        "correct the YAML at this place";
    /// The definition or its overlay is a link or a directory, not a file.
    DefinitionNotAFile = "definition-not-a-file", Error,
        "replace it by a file";
    /// Both `plugin.yaml` and `plugin.yml` exist; only the first is read.
    TwoDefinitions = "two-definitions", Warning,
        "delete `plugin.yml`";
    /// The format has no such field.
    UnknownField = "unknown-field", Error,
        "correct the field's name, or delete it";
    /// A field that must be there is missing.
    MissingField = "missing-field", Error,
        "add the field";
    /// A field has a value of another type, as a list in place of a string.
    WrongType = "wrong-type", Error,
        "write a value of the type that the field has";
    /// The type is right, and the field cannot have this value.
    InvalidValue = "invalid-value", Error,
        "write a value that the field can have";
    /// A field is not allowed together with another one.
    FieldNotAllowed = "field-not-allowed", Error,
        "delete the field";
    /// A command for `install` is declared, and none for `uninstall`.
    UninstallMissing = "uninstall-missing", Error,
        "add `uninstall` with a command that undoes `install`";
    /// Without quotes, YAML 1.1 takes the value for a boolean, a number or a date.
    YamlUnquoted = "yaml-unquoted", Warning,
        "put quotes around the value";
    /// YAML 1.1 reads the number as another one than people do, as `0777` and `12:30`.
    YamlNumber = "yaml-number", Warning,
        "write the number in decimal digits";
    /// A port or a variable is declared twice.
    DeclaredTwice = "declared-twice", Warning,
        "delete one of the two";

    /// A script that a command names does not exist.
    ScriptMissing = "script-missing", Error,
        "add the file, or correct its path";
    /// A script that a command starts is not executable.
    ScriptNotExecutable = "script-not-executable", Error,
        "make it executable with `chmod +x`; in a repository, `git update-index --chmod=+x` too";
    /// A script that a command starts does not begin with a `#!` line.
    ScriptShebang = "script-shebang", Warning,
        "begin the file with the line `#!/bin/sh`, or that of another interpreter";
    /// The lines of a script end in CR LF: its interpreter is not found.
    ScriptLineEnds = "script-line-ends", Error,
        "save the file with LF line ends; `*.sh eol=lf` in `.gitattributes` keeps them";
    /// The compose file of the service does not exist.
    ComposeFileMissing = "compose-file-missing", Error,
        "add the file, or name the right one in `service.compose_file`";

    /// A command uses a variable that is not declared in `env_vars`.
    VariableUndeclared = "variable-undeclared", Warning,
        "declare it in `env_vars`";
    /// A variable is declared, and no command and no file of the plugin uses it.
    VariableUnused = "variable-unused", Warning,
        "use it, list it in `mcp.env`, or delete it from `env_vars`";
    /// The name of a variable is that of a secret, and `secret` is not true.
    SecretNotMarked = "secret-not-marked", Warning,
        "add `secret: true`, so that its value is never shown";
    /// A secret has a default, which everybody can read.
    SecretDefault = "secret-default", Warning,
        "delete the default, and make the variable required";
    /// A file has what looks like a private key or a real token.
    SecretCommitted = "secret-committed", Error,
        "revoke the secret, take it out of the file, and out of the repository's history";

    /// The name of a file is that of one with secrets (`prod.env`): ATK never commits it to a home.
    SecretFile = "secret-file", Warning,
        "take it out of the repository, or rename it if it has no secrets";

    /// A path that ATK refuses, because it means something else on some disk.
    PathNotAllowed = "path-not-allowed", Error,
        "rename the file";
    /// Two paths are one on a disk that ignores case, or on Windows.
    PathCollision = "path-collision", Error,
        "rename one of the two";
    /// A symbolic link that is broken, or leads out of the plugin.
    LinkNotAllowed = "link-not-allowed", Error,
        "point it to a file of the plugin by a relative path, or replace it by a copy";
    /// Something that is neither a file nor a link nor a directory.
    SpecialFile = "special-file", Error,
        "delete it";
    /// The plugin, or one of its files, is larger than is allowed.
    TooLarge = "too-large", Error,
        "keep the plugin small, and let its `install` command download the rest";
    /// Directories are nested deeper than is allowed.
    TooDeep = "too-deep", Error,
        "move the directory up, or leave it out";
    /// Something that `add` leaves out of the plugin.
    LeftOut = "left-out", Warning,
        "keep it out of the repository, or rename it if users need it";
    /// A file for git, which `add` leaves out of the plugin. That does no harm.
    GitFileLeftOut = "git-file-left-out", Note,
        "nothing needs to be done";
    /// A Git LFS pointer: users get the pointer, not the file.
    LfsPointer = "lfs-pointer", Warning,
        "keep the file out of LFS with `git lfs untrack`";
    /// The plugin is allowed, and larger than a few scripts and documents are.
    LargePlugin = "large-plugin", Warning,
        "let the `install` command download what is large";

    /// The plugin has no `README.md`, which `atk help` shows.
    ReadmeMissing = "readme-missing", Warning,
        "add a `README.md`";
    /// The front matter of a `SKILL.md` cannot be read, or lacks what agents need.
    SkillInvalid = "skill-invalid", Error,
        "correct the front matter: `name` and `description` between two lines `---`";
    /// The name of a skill is not that of its directory, or not a name that agents take.
    SkillName = "skill-name", Error,
        "make `name` and the name of the directory the same";
    /// A `SKILL.md` is below the plugin's directory and not in it: agents do not get that skill.
    SkillNested = "skill-nested", Warning,
        "move the skill to the plugin's own directory, or create a separate plugin for it";
    /// A `SKILL.md` begins with a byte order mark, and some agents then ignore it.
    SkillByteOrderMark = "skill-byte-order-mark", Warning,
        "save the file as UTF-8 without a byte order mark";
    /// The lines of a `SKILL.md` end in CR LF, and some agents then ignore its front matter.
    SkillLineEnds = "skill-line-ends", Warning,
        "save the file with LF line ends";

    /// A plugin of a registry has a directory whose name users cannot type.
    RegistryName = "registry-name", Error,
        "rename the directory: lower-case letters, digits and single hyphens, a letter first";
    /// A directory below the `plugins` of a registry has no definition.
    RegistryDefinition = "registry-definition", Error,
        "add a `plugin.yaml`, or move the directory out of `plugins`";
    /// The `index.yaml` of a registry is not what its plugins give.
    RegistryIndex = "registry-index", Error,
        "write it with `atk registry build`, and commit it";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_in_kebab_case() {
        let ids: HashSet<_> = Rule::ALL.iter().map(|rule| rule.id()).collect();
        assert_eq!(ids.len(), Rule::ALL.len());
        for id in ids {
            let words: Vec<_> = id.split('-').collect();
            let is_word = |word: &&str| word.bytes().all(|byte| byte.is_ascii_lowercase());
            assert!(
                words.iter().all(|word| !word.is_empty() && is_word(word)),
                "{id}"
            );
        }
    }
}

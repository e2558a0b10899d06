//! The operations for authors of plugins and for who runs a registry: the last part of the table.

use super::arguments::Subject;
use super::call::{Argument, ArgumentKind, Callback, Operation, needed};
use super::document::Document;
use crate::error::{ErrorKind, Result};
use crate::handle::Home;
use crate::host::{Host, Silent};
use crate::ops;
use crate::outcome::{
    Answers, Created, RegistryBuilt, RegistryDiff, RegistryInitialized, SchemaDocument, Validation,
};
use crate::steps::context::Context;

operations! {
    const AUTHORS;

    /// Writes a new plugin: `plugin.yaml`, `README.md`, and a small service, MCP server and skill as the
    /// options say. It is valid and works at once, for its author to change.
    ///
    /// The directory must be empty or not exist; it is relative to the base directory. Without one, it
    /// is named after the plugin, and without `display_name` the plugin is named after `server` or the directory.
    /// Nothing is written but the whole: a directory that did not exist is there with all files or
    /// not at all.
    ///
    /// With `server` the plugin starts a published MCP server. The server gives the
    /// plugin its name, description, vendor and variables, unless options do. If a plugin cannot have
    /// what the server needs, the error names it and nothing is written; `warnings` names what was left out.
    ///
    /// With `in_home` the plugin is created in the home and added, as a local plugin. Its directory
    /// follows from its name.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{CreateOptions, Home, Options, Silent, ValidateOptions};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let mut options = Options::new(dir.join("cache"));
    /// # options.base_dir = Some(dir.into());
    /// # let home = Home::open(dir.join("home"), options)?;
    /// let mut options = CreateOptions::default();
    /// options.mcp = Some("stdio".into());
    /// let created = home.create(Some("my-tool"), &options, &Silent)?;
    /// assert_eq!(created.files, [".gitignore", "README.md", "plugin.yaml", "server.py"]);
    ///
    /// let outcome = home.validate(Some("./my-tool"), &ValidateOptions::default(), &Silent)?;
    /// assert!(outcome.valid);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    create(directory: OptionalText) -> Created {
        options CreateOptions { display_name, description, service, mcp, server, skill, in_home } + answers;
        host Events, Prompts, Output;
        fails InvalidArgument, PluginExists, DirectoryOccupied, Declined, InteractionRequired,
            VariablesUnset, LifecycleFailed, HomeNotInitialized, HomeInvalid, HomeLocked,
            HomeNested, HomeInProgress, GitFailed, ContentRefused;
        run ops::create::run;
    }

    /// Checks a plugin by all rules at once: what an install would refuse or skip, and what would not
    /// work or is probably a mistake. Each finding has its place, its rule, and how to correct it.
    /// Changes nothing and runs nothing.
    ///
    /// Without a source, it is the plugin that the base directory belongs to: the nearest directory
    /// upwards with a `plugin.yaml` or an `.atk`, in the same repository. Of a directory in a git
    /// repository, files that git ignores do not count. A `.yaml` file is checked by itself. The call
    /// does not fail because of findings: see `valid`.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{Home, Options, Rule, Silent, ValidateOptions};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let mut options = Options::new(dir.join("cache"));
    /// # options.base_dir = Some(dir.into());
    /// # let home = Home::open(dir.join("home"), options)?;
    /// std::fs::create_dir(dir.join("tool"))?;
    /// let definition = "schema_version: '2026-01-23'\nname: Tool\ndescripton: a tool\n";
    /// std::fs::write(dir.join("tool/plugin.yaml"), definition)?;
    ///
    /// let outcome = home.validate(Some("./tool"), &ValidateOptions::default(), &Silent)?;
    /// assert!(!outcome.valid);
    /// let first = &outcome.diagnostics[0];
    /// assert_eq!((first.rule, first.line), (Rule::MissingField, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    validate(source: OptionalText) -> Validation {
        options ValidateOptions { strict };
        host Events;
        fails SourceInvalid, SourceNotFound, SourceAmbiguous, RegistryNotFound, NotInRegistry, PinNotFound, ContentRefused,
            RegistryInvalid, InvalidArgument;
        run ops::validate::run;
    }

    /// Returns the JSON Schemas (draft 2020-12) of the files that people write, for editors and other
    /// tools: `plugin`, `overrides`, `index`, `manifest` and `atk`. With a name, only that one.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{Home, Options};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let home = Home::open(dir.join("home"), Options::new(dir.join("cache")))?;
    /// let schemas = home.schema(Some("plugin"))?;
    /// assert_eq!(schemas[0].file, "plugin.schema.json");
    /// assert_eq!(home.schema(None)?.len(), 5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    schema(name: OptionalText) -> Vec<SchemaDocument> {
        fails InvalidArgument;
        run ops::schema::run;
    }

    /// Writes a new registry: an empty index, a `README.md`, and a workflow that checks changes and keeps the
    /// index right. The directory must be empty or not exist; it becomes a git repository, unless it is in one
    /// already. Nothing is committed.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{Home, Options, RegistryBuildOptions, Silent};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let mut options = Options::new(dir.join("cache"));
    /// # options.base_dir = Some(dir.into());
    /// # let home = Home::open(dir.join("home"), options)?;
    /// home.registry_init("registry", &Silent)?;
    /// std::fs::create_dir(dir.join("registry/plugins/tool"))?;
    /// let definition = "schema_version: '2026-01-23'\nname: Tool\ndescription: a tool\n";
    /// std::fs::write(dir.join("registry/plugins/tool/plugin.yaml"), definition)?;
    ///
    /// let built = home.registry_build(Some("registry"), &RegistryBuildOptions::default(), &Silent)?;
    /// assert!(built.valid && built.written);
    /// assert_eq!(built.added, ["tool"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    registry_init(directory: Text) -> RegistryInitialized {
        host Events;
        fails InvalidArgument, GitFailed;
        run ops::registry_init::run;
    }

    /// Checks all plugins of a registry, and writes its `index.yaml` from them: name, path and description of
    /// each, in the order of the names. Without a directory, it is the base directory. If a plugin is not
    /// valid, nothing is written; the call does not fail because of that: see `valid`.
    registry_build(directory: OptionalText) -> RegistryBuilt {
        options RegistryBuildOptions { check_only };
        host Events;
        fails InvalidArgument, RegistryInvalid;
        run ops::registry_build::run;
    }

    /// Compares the plugins in the directory of a registry with those of a commit of its repository: which
    /// are new, changed or gone, with their files, their commands, and what can run.
    registry_diff(directory: OptionalText) -> RegistryDiff {
        options RegistryDiffOptions { base };
        host Events;
        fails InvalidArgument, RegistryInvalid, RefNotFound, RefAmbiguous, GitFailed;
        run ops::registry_diff::run;
    }
}

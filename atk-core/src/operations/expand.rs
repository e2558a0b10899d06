//! What the table of operations expands to.

/// Expands the table of operations: a method of [`Home`](crate::Home) and an options type for each
/// entry, and a part of the list [`OPERATIONS`](crate::OPERATIONS), which the dynamic call and the
/// description of the API are made from.
macro_rules! operations {
    (const $table:ident; $(
        $(#[doc = $doc:literal])+
        $name:ident $(| $alias:ident)? ($($argument:ident: $kind:ident),*) -> $outcome:ty {
            $(options $options:ident { $($option:ident),* } $(+ $group:ident)?;)?
            $(host $($callback:ident),+;)?
            fails $($error:ident),*;
            run $path:path;
        }
    )+) => {
        pub(super) const $table: &[Operation] = &[$(Operation {
            name: stringify!($name),
            alias: first!($(Some(stringify!($alias)),)? None),
            #[cfg(feature = "schema")]
            doc: concat!($($doc, "\n"),+),
            arguments: &[$(Argument {
                name: stringify!($argument),
                kind: ArgumentKind::$kind,
            }),*],
            options: &[$($(stringify!($option)),*)?],
            takes_answers: first!($($(has!($group),)?)? false),
            callbacks: &[$($(Callback::$callback),+)?],
            errors: &[$(ErrorKind::$error),*],
            call: |home, arguments, host| {
                let _ = (arguments, host);
                Ok(Document::of(home.$name(
                    $(take!(arguments, $argument: $kind),)*
                    $(&$options {
                        $($option: arguments.$option.clone(),)*
                        $($group: arguments.$group(),)?
                    },)?
                    $(pass!(host $($callback)+),)?
                )?))
            },
            #[cfg(feature = "schema")]
            outcome: |generator| generator.subschema_for::<$outcome>(),
        }),+];

        $($(
            #[doc = concat!("The options of [`Home::", stringify!($name), "`].")]
            #[derive(Debug, Clone, Default)]
            #[non_exhaustive]
            pub struct $options {
                $(#[doc = option_doc!($option)] pub $option: option_type!($option),)*
                $(#[doc = option_doc!($group)] pub $group: option_type!($group),)?
            }
        )?)+

        impl Home {$(
            $(#[doc = $doc])+
            ///
            /// # Errors
            #[doc = concat!($("[`ErrorKind::", stringify!($error), "`], "),*)]
            /// [`ErrorKind::Io`], [`ErrorKind::Cancelled`].
            pub fn $name(
                &self,
                $($argument: argument_type!($kind),)*
                $(options: &$options,)?
                $(host: host_type!($($callback)+),)?
            ) -> Result<$outcome> {
                let heard: &dyn Host = first!($(pass!(host $($callback)+),)? &Silent);
                let subject = first!($($argument.subject(),)* None);
                let context = Context::begin(&self.session, heard, stringify!($name), subject)
                    $($(.answered_by(&options.$group))?)?;
                let outcome = $path(
                    &context
                    $(, $argument)*
                    $($(, option_value!(options.$option))*)?
                );
                context.complete(outcome)
            }

            alias!($($alias)?; $name($($argument: $kind),*) $($options)? => $outcome);
        )+}
    };
}

/// The method of an operation's other name.
macro_rules! alias {
    (; $name:ident $($rest:tt)*) => {};
    ($alias:ident; $name:ident ($($argument:ident: $kind:ident),*) $options:ident => $outcome:ty) => {
        #[doc = concat!("The same as [`Home::", stringify!($name), "`].")]
        ///
        /// # Errors
        #[doc = concat!("Those of [`Home::", stringify!($name), "`].")]
        pub fn $alias(
            &self,
            $($argument: argument_type!($kind),)*
            options: &$options,
            host: &dyn Host,
        ) -> Result<$outcome> {
            self.$name($($argument,)* options, host)
        }
    };
}

/// The first of some expressions.
macro_rules! first {
    ($first:expr $(, $rest:expr)* $(,)?) => {
        $first
    };
}

/// True, if an entry has a group of options.
macro_rules! has {
    (answers) => {
        true
    };
}

/// The host, in an entry that calls it.
macro_rules! pass {
    ($host:ident $($callback:ident)+) => {
        $host
    };
}

macro_rules! host_type {
    ($($callback:ident)+) => {
        &dyn Host
    };
}

macro_rules! argument_type {
    (Text) => { &str };
    (Path) => { &Path };
    (OptionalText) => { Option<&str> };
    (OneOrAll) => { &Select };
    (Words) => { &[OsString] };
}

/// Takes an argument of a method from those of a dynamic call.
macro_rules! take {
    ($arguments:ident, $name:ident: Text) => {
        needed($arguments.$name.as_deref(), stringify!($name))?
    };
    ($arguments:ident, $name:ident: Path) => {
        needed($arguments.$name.as_deref(), stringify!($name))?
    };
    ($arguments:ident, $name:ident: OptionalText) => {
        $arguments.$name.as_deref()
    };
    ($arguments:ident, $name:ident: OneOrAll) => {
        &$arguments.$name.clone().map_or(Select::All, Select::One)
    };
    ($arguments:ident, $name:ident: Words) => {
        &$arguments
            .$name
            .iter()
            .map(OsString::from)
            .collect::<Vec<_>>()
    };
}

macro_rules! option_type {
    (at) => {
        At
    };
    (to) => {
        At
    };
    (plan) => {
        Option<Vec<String>>
    };
    (url) => {
        Option<String>
    };
    (adopt) => {
        bool
    };
    (once) => {
        bool
    };
    (strict) => {
        bool
    };
    (display_name) => {
        Option<String>
    };
    (description) => {
        Option<String>
    };
    (service) => {
        Option<String>
    };
    (mcp) => {
        Option<String>
    };
    (server) => {
        Option<String>
    };
    (skill) => {
        bool
    };
    (in_home) => {
        bool
    };
    (check_only) => {
        bool
    };
    (base) => {
        Option<String>
    };
    (fix) => {
        bool
    };
    (online) => {
        bool
    };
    (extra) => {
        bool
    };
    (with_later) => {
        bool
    };
    (check) => {
        bool
    };
    (limit) => {
        Option<u64>
    };
    (trash) => {
        bool
    };
    (force) => {
        bool
    };
    (agent) => {
        Option<String>
    };
    (agents) => {
        Vec<String>
    };
    (project) => {
        Option<String>
    };
    (values) => {
        bool
    };
    (refs) => {
        bool
    };
    (adopt_entries) => {
        bool
    };
    (overwrite_edited) => {
        bool
    };
    (mirrors) => {
        Vec<String>
    };
    (copy_skills) => {
        bool
    };
    (ignore_failures) => {
        bool
    };
    (answers) => {
        Answers
    };
}

/// An option, as an operation takes it: flags are copied.
macro_rules! option_value {
    ($options:ident.at) => {
        &$options.at
    };
    ($options:ident.to) => {
        &$options.to
    };
    ($options:ident.plan) => {
        $options.plan.as_deref()
    };
    ($options:ident.url) => {
        &$options.url
    };
    ($options:ident.agent) => {
        $options.agent.as_deref()
    };
    ($options:ident.agents) => {
        &$options.agents
    };
    ($options:ident.display_name) => {
        $options.display_name.as_deref()
    };
    ($options:ident.description) => {
        $options.description.as_deref()
    };
    ($options:ident.service) => {
        $options.service.as_deref()
    };
    ($options:ident.mcp) => {
        $options.mcp.as_deref()
    };
    ($options:ident.server) => {
        $options.server.as_deref()
    };
    ($options:ident.mirrors) => {
        &$options.mirrors
    };
    ($options:ident.base) => {
        $options.base.as_deref()
    };
    ($options:ident.project) => {
        $options.project.as_deref()
    };
    ($options:ident.$flag:ident) => {
        $options.$flag
    };
}

macro_rules! option_doc {
    (at) => {
        "Which version of the source: a branch, a tag, or a commit by its full id; the newest commit if it is \
        not given. Local sources have no versions."
    };
    (to) => {
        "The version to upgrade one plugin to, instead of the newest: a branch or a tag, which it follows from \
        then on, or a commit by its full id. It may be an older one."
    };
    (plan) => {
        "The digests of the plans that may be carried out, as `plan_upgrade` returned them. An \
        empty list allows none. Without a list the upgrade makes whatever changes its source has \
        by then."
    };
    (url) => {
        "The git repository of a home: it is cloned."
    };
    (adopt) => {
        "Turns a directory that has a `manifest.yaml`, but is not a git repository, into a home: \
         its files stay and are committed. Without this option, such a directory is an error."
    };
    (display_name) => {
        "The display name of the plugin."
    };
    (description) => {
        "What the plugin does, in one line."
    };
    (service) => {
        "What runs its service: `docker-compose`, `docker`, `systemd` or `script`. Without it, there is no service."
    };
    (mcp) => {
        "How clients connect to its MCP server: `stdio`, `http` or `sse`. Without it, there is no server. A server by URL is the service, if there is one."
    };
    (server) => {
        "A published MCP server, which the plugin starts or refers to: `npx:<package>[@version]`, \
        `uvx:<package>[==version]`, `docker:<image>`, or the path of a `server.json` or of a bundle \
        (`.mcpb`), relative to the base directory. The files of a bundle become those of the plugin. Nothing is \
        downloaded or run. With `mcp`, it is one with that transport."
    };
    (skill) => {
        "Adds an agent skill."
    };
    (in_home) => {
        "Creates the plugin in the home, and adds it."
    };
    (check_only) => {
        "Writes nothing, and counts an index that would be written as a mistake."
    };
    (base) => {
        "The commit to compare with: a branch, a tag or an id. Without it, it is HEAD."
    };
    (fix) => {
        "Fixes what is safe to fix without asking."
    };
    (once) => {
        "Ends at the first change."
    };
    (strict) => {
        "Counts warnings too: a plugin with one is not valid."
    };
    (online) => {
        "Asks the sources for what neither a receipt nor the download cache has."
    };
    (extra) => {
        "Also lists files that the plugin did not ship, in directories that it ships."
    };
    (check) => {
        "Fails with `verification_failed` if something is not as it should be or is not known, rather \
        than return what was found."
    };
    (limit) => {
        "Returns only that many, the newest."
    };
    (with_later) => {
        "Also undoes the later changes of the same plugins."
    };
    (trash) => {
        "Also empties the home's trash: removals that are undone afterwards bring no `.env` back."
    };
    (force) => {
        "Removes without asking."
    };
    (agent) => {
        "The id of the coding agent whose entry is wanted."
    };
    (agents) => {
        "The ids of the coding agents; all that are installed if there are none."
    };
    (project) => {
        "The directory of a project, whose files are meant instead of those of the user."
    };
    (values) => {
        "Writes the values of variables into the files, secrets included."
    };
    (refs) => {
        "Writes the plugin's own command, with references to variables of the agent's environment. An agent without references starts `atk exec`."
    };
    (adopt_entries) => {
        "Takes over entries and skills of the same name that ATK did not write. A copy of each is kept."
    };
    (overwrite_edited) => {
        "Replaces or removes entries and skills that were edited after ATK wrote them. A copy of each is kept."
    };
    (mirrors) => {
        "URLs of copies of the registry's repository. They are tried in order if the one before cannot be \
        reached."
    };
    (copy_skills) => {
        "Places copies of skills instead of links."
    };
    (ignore_failures) => {
        "Continues if the plugin's `uninstall` command fails, or if uncommitted files of the \
        plugin can be neither committed nor backed up."
    };
    (answers) => {
        "Answers given in advance; ATK asks the host only for the others."
    };
}

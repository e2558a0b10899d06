//! The operations that are interrupted.

use atk_tests::sandbox::Sandbox;

use crate::homes;

/// An operation in a home.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) prepare: fn() -> Sandbox,
    pub(crate) operation: &'static [&'static str],
    /// Exit codes that the operation may have when it is run again after it was interrupted.
    pub(crate) again: &'static [i32],
    /// Paths below the home that the operation may change or remove; everything else of the
    /// user's must stay as it is.
    pub(crate) may_change: &'static [&'static str],
    /// A file that is there untracked if the operation is rolled back: one that a command of the
    /// plugin makes, which ATK does not undo, or one that was there before.
    pub(crate) made: Option<&'static str>,
    /// True if it is one of those in a short sample.
    pub(crate) sampled: bool,
}

impl Scenario {
    const fn new(
        name: &'static str,
        prepare: fn() -> Sandbox,
        operation: &'static [&'static str],
    ) -> Scenario {
        Scenario {
            name,
            prepare,
            operation,
            again: &[0],
            may_change: &[],
            made: None,
            sampled: false,
        }
    }

    const fn again(mut self, codes: &'static [i32]) -> Scenario {
        self.again = codes;
        self
    }

    const fn may_change(mut self, paths: &'static [&'static str]) -> Scenario {
        self.may_change = paths;
        self
    }

    const fn made(mut self, path: &'static str) -> Scenario {
        self.made = Some(path);
        self
    }

    const fn sampled(mut self) -> Scenario {
        self.sampled = true;
        self
    }

    /// True if the home comes into being by the operation.
    pub(crate) fn makes_home(&self) -> bool {
        ["init", "init-adopt", "init-url", "bootstrap"].contains(&self.name)
    }

    /// True if the operation is several changes, each of which may fail alone.
    pub(crate) fn is_several(&self) -> bool {
        self.operation.contains(&"--all") || self.operation[0] == "bootstrap"
    }
}

const ADDED: &[i32] = &[0, 5];
/// The directory is there, and complete: `check.rs` looks.
const CREATED: &[i32] = &[0, 2];
const FETCHED: &[i32] = &[0, 2];
const REMOVED: &[i32] = &[0, 4];
/// The plan is that of an upgrade that has been made.
const UPGRADED: &[i32] = &[0, 10];

/// The operations that do not change the home, or only run a program of the user's.
pub(crate) const READING: &[&str] = &[
    "resolve",
    "plan_upgrade",
    "plan_undo",
    "status",
    "logs",
    "run",
    "git",
    "list",
    "show",
    "search",
    "mcp",
    "exec",
    "agents",
    "plan_plug",
    "plugs",
    "readme",
    "watch",
    "cache",
    "cache_fetch",
    "cache_export",
    "cache_import",
    "outdated",
    "verify",
    "history",
    "validate",
    "schema",
    "registry_list",
    "registry_init",
    "registry_build",
    "registry_diff",
];

/// What an upgrade or an install of `echo` may change.
const PLUGIN_FILES: &[&str] = &[
    "plugins/echo/plugin.yaml",
    "plugins/echo/changes",
    "plugins/echo/goes",
    "plugins/echo/becomes",
    "plugins/echo/new",
    "plugins/echo/install.sh",
    "plugins/echo/made",
    "plugins/echo/.atk-ref",
];

pub(crate) const SCENARIOS: &[Scenario] = &[
    Scenario::new("init", homes::without_home, &["init"]).sampled(),
    Scenario::new(
        "add-registry",
        homes::with_sources,
        &["add", "-y", "echo", "--env", "TOKEN=t0ken"],
    )
    .again(ADDED)
    .may_change(&["plugins/echo"])
    .sampled(),
    Scenario::new(
        "add-registry-cached",
        homes::with_cache,
        &["add", "-y", "echo", "--env", "TOKEN=t0ken"],
    )
    .again(ADDED)
    .may_change(&["plugins/echo"]),
    Scenario::new("add-git", homes::with_sources, &["add", "-y", "URL/tool"])
        .again(ADDED)
        .may_change(&["plugins/tool"]),
    Scenario::new("add-local", homes::with_sources, &["add", "-y", "./skill"])
        .again(ADDED)
        .may_change(&["plugins/skill"]),
    Scenario::new(
        "add-in-place",
        homes::in_place,
        &["add", "-y", "HOME/plugins/placed"],
    )
    .again(ADDED),
    Scenario::new(
        "add-failing-install",
        homes::with_sources,
        &["add", "-y", "broken"],
    )
    .again(&[6])
    .may_change(&["plugins/broken"]),
    Scenario::new("upgrade", homes::with_newer, &["upgrade", "-y", "echo"])
        .may_change(PLUGIN_FILES)
        .sampled(),
    Scenario::new(
        "upgrade-all",
        homes::with_newer,
        &["upgrade", "-y", "--all"],
    )
    .may_change(PLUGIN_FILES),
    Scenario::new(
        "upgrade-without-receipt",
        homes::unlisted,
        &["upgrade", "-y", "echo"],
    )
    .may_change(PLUGIN_FILES),
    Scenario::new("remove", homes::with_newer, &["remove", "-y", "echo"])
        .again(REMOVED)
        .may_change(&["plugins/echo"]),
    Scenario::new(
        "uninstall-local-edited",
        homes::edited_local,
        &["uninstall", "-y", "mine"],
    )
    .again(REMOVED)
    .may_change(&["plugins/mine"])
    .made("plugins/mine/stopped")
    .sampled(),
    Scenario::new("install-clone", homes::cloned, &["install", "-y", "--all"])
        .may_change(PLUGIN_FILES)
        .sampled(),
    Scenario::new(
        "setup",
        homes::with_newer,
        &["setup", "-y", "echo", "--env", "TOKEN=new"],
    )
    .may_change(&["plugins/echo/.env"])
    .sampled(),
    Scenario::new(
        "hooks-add-local",
        || homes::hooked(homes::with_sources()),
        &["add", "-y", "./skill"],
    )
    .again(ADDED)
    .may_change(&["plugins/skill"]),
    Scenario::new(
        "hooks-upgrade",
        || homes::hooked(homes::with_newer()),
        &["upgrade", "-y", "echo"],
    )
    .may_change(PLUGIN_FILES)
    .sampled(),
    Scenario::new(
        "hooks-uninstall-local-edited",
        || homes::hooked(homes::edited_local()),
        &["uninstall", "-y", "mine"],
    )
    .again(REMOVED)
    .may_change(&["plugins/mine"])
    .made("plugins/mine/stopped"),
    Scenario::new(
        "worktree-add-local",
        || homes::in_worktree(homes::with_sources()),
        &["add", "-y", "./skill"],
    )
    .again(ADDED)
    .may_change(&["plugins/skill"]),
    Scenario::new(
        "worktree-add-registry",
        || homes::in_worktree(homes::with_sources()),
        &["add", "-y", "echo", "--env", "TOKEN=t0ken"],
    )
    .again(ADDED)
    .may_change(&["plugins/echo"])
    .sampled(),
    Scenario::new(
        "worktree-upgrade",
        || homes::in_worktree(homes::with_newer()),
        &["upgrade", "-y", "echo"],
    )
    .may_change(PLUGIN_FILES),
    Scenario::new(
        "push-add-local",
        || homes::pushing(homes::with_sources()),
        &["add", "-y", "./skill"],
    )
    .again(ADDED)
    .may_change(&["plugins/skill"])
    .sampled(),
    // The manifest is the user's, and in no history before.
    Scenario::new("init-adopt", homes::manifest_alone, &["init", "--adopt"]).made("manifest.yaml"),
    Scenario::new("init-url", homes::elsewhere, &["init", "URL/old-machine"]),
    Scenario::new(
        "bootstrap",
        homes::elsewhere,
        &["bootstrap", "-y", "URL/old-machine"],
    ),
    Scenario::new("bootstrap-clone", homes::cloned, &["bootstrap", "-y"]).may_change(PLUGIN_FILES),
    Scenario::new(
        "setup-clone",
        homes::cloned,
        &["setup", "-y", "--all", "--env", "TOKEN=new"],
    )
    .may_change(PLUGIN_FILES),
    Scenario::new(
        "upgrade-plan",
        homes::planned,
        &["upgrade", "-y", "echo", "--plan", "PLAN/"],
    )
    .again(UPGRADED)
    .may_change(PLUGIN_FILES),
    Scenario::new(
        "upgrade-to",
        homes::with_newer,
        &["upgrade", "-y", "echo", "--to", "main"],
    )
    .may_change(PLUGIN_FILES),
    Scenario::new("doctor", homes::leaking, &["doctor", "--fix"])
        .again(&[0, 1])
        .may_change(&["plugins/echo/.env", "plugins/mine/.env"]),
    Scenario::new("repair", homes::damaged, &["repair", "-y", "echo"]).may_change(PLUGIN_FILES),
    Scenario::new("undo-upgrade", homes::upgraded, &["undo", "-y"])
        .may_change(PLUGIN_FILES)
        .sampled(),
    Scenario::new("undo-removal", homes::removed, &["undo", "-y"])
        .again(&[0])
        .may_change(&["plugins/mine"])
        .sampled(),
    Scenario::new("undo-addition", homes::with_newer, &["undo", "-y"])
        .may_change(&["plugins/echo"]),
    Scenario::new("hold", homes::with_newer, &["hold", "echo"]).sampled(),
    Scenario::new("unhold", homes::held, &["unhold", "echo"]),
    Scenario::new(
        "registry-add",
        homes::with_newer,
        &["registry", "add", "team", "h.org/registry"],
    )
    .again(&[0, 2]),
    Scenario::new(
        "registry-remove",
        homes::with_registry,
        &["registry", "remove", "team"],
    )
    .again(&[0, 5]),
    Scenario::new(
        "remove-orphan",
        homes::orphaned,
        &["remove", "-y", "orphan"],
    )
    .again(REMOVED)
    .may_change(&["plugins/orphan"]),
    Scenario::new(
        "plug",
        homes::pluggable,
        &["plug", "served", "--to", "claude,cursor"],
    )
    .sampled(),
    Scenario::new("unplug", homes::plugged, &["unplug", "served"]),
    Scenario::new(
        "upgrade-plugged",
        homes::plugged_and_newer,
        &["upgrade", "-y", "served"],
    )
    .may_change(&[
        "plugins/served/plugin.yaml",
        "plugins/served/SKILL.md",
        "plugins/served/.atk-ref",
    ]),
    Scenario::new(
        "remove-plugged",
        homes::plugged,
        &["remove", "-y", "served"],
    )
    .again(REMOVED)
    .may_change(&["plugins/served"]),
    Scenario::new("fetch", homes::with_sources, &["fetch", "echo", "./copy"]).again(FETCHED),
    Scenario::new(
        "create",
        homes::with_sources,
        &["create", "./made", "--service", "script", "--mcp", "http"],
    )
    .again(CREATED)
    .sampled(),
    Scenario::new(
        "create-in-empty",
        homes::with_empty,
        &["create", "./filled", "--service", "script", "--skill"],
    )
    .again(CREATED),
    Scenario::new(
        "create-in-home",
        homes::with_sources,
        &["create", "created", "--service", "script", "--in-home"],
    )
    .again(ADDED)
    .may_change(&["plugins/created"]),
    Scenario::new("cache-clear", homes::with_cache, &["cache", "clear"]),
    Scenario::new("start", homes::service, &["start", "service"])
        .may_change(&["plugins/service/custom"]),
    Scenario::new("stop", homes::service, &["stop", "service"]),
    Scenario::new("restart", homes::service, &["restart", "service"])
        .may_change(&["plugins/service/custom"]),
    Scenario::new(
        "hooks-remove",
        || homes::hooked(homes::with_newer()),
        &["remove", "-y", "echo"],
    )
    .again(REMOVED)
    .may_change(&["plugins/echo"]),
    Scenario::new(
        "worktree-remove",
        || homes::in_worktree(homes::with_newer()),
        &["remove", "-y", "echo"],
    )
    .again(REMOVED)
    .may_change(&["plugins/echo"]),
    Scenario::new(
        "push-upgrade",
        || homes::pushing(homes::with_newer()),
        &["upgrade", "-y", "echo"],
    )
    .may_change(PLUGIN_FILES),
    Scenario::new(
        "push-remove",
        || homes::pushing(homes::with_newer()),
        &["remove", "-y", "echo"],
    )
    .again(REMOVED)
    .may_change(&["plugins/echo"]),
];

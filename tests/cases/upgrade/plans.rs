//! Carrying out exactly the plan that was shown, and upgrading to a chosen commit.

use super::Case;

fn plan(case: &Case, more: &[&str]) -> serde_json::Value {
    let words: Vec<&str> = ["upgrade", "tool", "--dry-run", "--json"]
        .iter()
        .chain(more)
        .copied()
        .collect();
    let mut report = case.sandbox.atk(&words).succeeds().json();
    report["plugins"][0]["outcome"].take()
}

#[test]
fn a_plan_that_its_source_outran_is_refused_and_changes_nothing() {
    let case = Case::new();
    case.second_version();
    let shown = plan(&case, &[]);
    let digest = shown["digest"].as_str().unwrap();
    assert_eq!(
        plan(&case, &[])["digest"],
        digest,
        "the same plan has the same id"
    );
    case.tool.tree(".atk").file("changes", "unseen\n");
    let newest = case.tool.commit("Nobody has seen this");
    let before = case.sandbox.snapshot();
    let refused = case
        .sandbox
        .atk(&["upgrade", "tool", "-y", "--plan", digest, "--json"])
        .fails(10)
        .json();
    assert_eq!(refused["error"]["code"], "plan_outdated");
    let message = refused["error"]["message"].as_str().unwrap();
    assert!(message.contains(&newest), "{message}");
    let changed = before.difference(&case.sandbox.snapshot());
    let of_home = changed.lines().filter(|line| !line.contains(".git/atk/"));
    assert_eq!(of_home.count(), 0, "{changed}");

    let next = plan(&case, &[]);
    let next = next["digest"].as_str().unwrap();
    assert_ne!(next, digest);
    // Several may be allowed; one of them is enough.
    case.sandbox
        .atk(&["upgrade", "tool", "-y", "--plan", digest, "--plan", next])
        .succeeds();
    assert_eq!(case.sandbox.read("plugins/tool/changes"), "unseen\n");
}

#[test]
fn edits_of_the_user_after_the_plan_do_not_outdate_it() {
    let case = Case::new();
    case.second_version();
    let shown = plan(&case, &[]);
    case.write("changes", "mine\n");
    let digest = shown["digest"].as_str().unwrap();
    let done = case
        .sandbox
        .atk(&["upgrade", "tool", "-y", "--plan", digest])
        .succeeds();
    assert!(done.stderr.contains("backup"), "{}", done.stderr);
}

#[test]
fn of_all_plugins_only_those_with_a_plan_are_upgraded() {
    let case = Case::new();
    case.second_version();
    let unknown = "0".repeat(40);
    let report = case
        .sandbox
        .atk(&["upgrade", "--all", "-y", "--plan", &unknown, "--json"])
        .fails(1)
        .json();
    assert_eq!(report["plugins"][0]["error"]["code"], "plan_outdated");
    let digest = plan(&case, &[])["digest"].as_str().unwrap().to_owned();
    case.sandbox
        .atk(&["upgrade", "--all", "-y", "--plan", &digest])
        .succeeds();
}

#[test]
fn an_empty_list_of_plans_allows_none() {
    use atk_core::{ErrorKind, Home, Options, Select, Silent, UpgradeOptions};
    let case = Case::new();
    case.second_version();
    let vars = std::env::vars_os().filter(|(name, _)| name == "PATH");
    let mut options = Options::new(case.sandbox.path("cache"));
    options.env.extend(vars);
    let home = Home::open(case.sandbox.home(), options).unwrap();
    let mut upgrade = UpgradeOptions::default();
    upgrade.plan = Some(Vec::new());
    let one = Select::One("tool".into());
    let refused = home.upgrade(&one, &upgrade, &Silent).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::PlanOutdated);
    assert_eq!(case.sandbox.read("plugins/tool/changes"), "one\n");
}

#[test]
fn an_upgrade_goes_to_a_chosen_commit_forwards_and_back() {
    let case = Case::new();
    let first = case.tool.head();
    let second = case.second_version();
    case.tool.tree(".atk").file("changes", "three\n");
    case.tool.commit("Third version");
    let shown = plan(&case, &["--to", &second]);
    assert_eq!(shown["new_pin"], second.as_str());
    let digest = shown["digest"].as_str().unwrap();
    case.sandbox
        .atk(&["upgrade", "tool", "-y", "--to", &second, "--plan", digest])
        .succeeds();
    assert_eq!(case.sandbox.read("plugins/tool/changes"), "two\n");
    case.sandbox
        .atk(&["upgrade", "tool", "-y", "--to", &first])
        .succeeds();
    assert_eq!(case.sandbox.read("plugins/tool/changes"), "one\n");
    let missing = "1".repeat(40);
    let refused = case
        .sandbox
        .atk(&["upgrade", "tool", "-y", "--to", &missing])
        .fails(7);
    assert!(refused.stderr.contains(&missing), "{}", refused.stderr);
    case.sandbox
        .atk(&["upgrade", "--all", "--to", &second])
        .fails(2);
}

#[test]
fn a_script_learns_from_the_exit_status_whether_there_is_something_to_upgrade() {
    let case = Case::new();
    let words = ["upgrade", "--all", "--dry-run", "--exit-code"];
    case.sandbox.atk(&words).succeeds();
    case.second_version();
    case.sandbox.atk(&words).fails(12);
    case.sandbox.atk(&words[..3]).succeeds();
}

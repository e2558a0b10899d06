//! Upgrades that fail bring the old version back.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::Case;

#[test]
fn a_failing_install_brings_the_old_version_back_and_the_next_upgrade_tries_again() {
    let case = Case::new();
    let pin = case.tool.head();
    case.tool.tree(".atk").exec(
        "install.sh",
        "#!/bin/sh\ntouch made; echo broken >&2; exit 9\n",
    );
    case.second_version();
    let before = case.sandbox.snapshot();
    let failed = case
        .sandbox
        .atk(&["upgrade", "tool", "-y", "--json"])
        .fails(6)
        .json();
    assert_eq!(failed["error"]["kind"], "lifecycle_failed");
    assert_eq!(failed["error"]["details"]["command_exit_code"], 9);
    assert_eq!(failed["error"]["details"]["output"], "broken");
    let difference = before.difference(&case.sandbox.snapshot());
    let unexpected: Vec<_> = difference
        .lines()
        .filter(|line| !line.contains(".git/atk/") && !line.contains("plugins/tool/made"))
        .collect();
    assert_eq!(unexpected, Vec::<&str>::new());
    assert_eq!(
        case.sandbox.read("plugins/tool/.atk-ref"),
        format!("{pin}\n")
    );

    let pin = {
        case.tool
            .tree(".atk")
            .exec("install.sh", "#!/bin/sh\ntrue\n");
        case.tool.commit("Mend it")
    };
    case.sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
    assert_eq!(
        case.sandbox.read("plugins/tool/.atk-ref"),
        format!("{pin}\n")
    );
}

#[test]
fn a_commit_hook_that_refuses_brings_everything_back() {
    let case = Case::new();
    case.second_version();
    let hook = case.sandbox.home().join(".git/hooks/pre-commit");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, "#!/bin/sh\necho not today >&2\nexit 1\n").unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    let before = case.sandbox.snapshot();
    let failed = case
        .sandbox
        .atk(&["upgrade", "tool", "-y", "--json"])
        .fails(7)
        .json();
    assert_eq!(failed["error"]["kind"], "commit_refused");
    let difference = before.difference(&case.sandbox.snapshot());
    let unexpected: Vec<_> = difference
        .lines()
        .filter(|line| !line.contains(".git/atk/") && !line.contains("plugins/tool/install.log"))
        .collect();
    assert_eq!(unexpected, Vec::<&str>::new());
}

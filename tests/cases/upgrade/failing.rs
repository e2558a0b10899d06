//! Upgrades that fail bring the old version back.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use atk_tests::patience::wait_until;
use atk_tests::sandbox::{Snapshot, atk_binary};
use atk_tests::server::Trouble;

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
    assert_eq!(failed["error"]["code"], "lifecycle_failed");
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
    assert_eq!(failed["error"]["code"], "commit_refused");
    let difference = before.difference(&case.sandbox.snapshot());
    let unexpected: Vec<_> = difference
        .lines()
        .filter(|line| !line.contains(".git/atk/") && !line.contains("plugins/tool/install.log"))
        .collect();
    assert_eq!(unexpected, Vec::<&str>::new());
}

/// What is other than before, but for ATK's own scratch.
fn changes(before: &Snapshot, case: &Case) -> Vec<String> {
    let difference = before.difference(&case.sandbox.snapshot());
    let lines = difference
        .lines()
        .filter(|line| !line.contains(".git/atk/"));
    lines.map(str::to_owned).collect()
}

#[test]
fn a_cancelled_install_brings_the_old_version_back() {
    let case = Case::new();
    case.tool.tree(".atk").exec(
        "install.sh",
        "#!/bin/sh\necho begun >&2\nsleep 300 &\nwait\n",
    );
    case.second_version();
    let before = case.sandbox.snapshot();
    let mut running = case.sandbox.start(&["upgrade", "--all", "-y"]);
    running.wait_for("begun");
    running.interrupt();
    running.wait().fails(130);
    assert_eq!(changes(&before, &case), Vec::<String>::new());
    let staging = fs::read_dir(case.sandbox.home().join(".git/atk/staging")).unwrap();
    assert_eq!(staging.count(), 0);
}

#[test]
fn an_install_that_deletes_its_own_directory_and_fails_is_answered_and_mended() {
    let case = Case::new();
    case.write("custom/notes.md", "mine\n");
    case.sandbox.git(&["add", "."]);
    case.sandbox.git(&["commit", "-qm", "Notes"]);
    case.tool.tree(".atk").exec(
        "install.sh",
        "#!/bin/sh\nrm -rf \"$ATK_PLUGIN_DIR\"\nexit 1\n",
    );
    case.second_version();
    let manifest = case.sandbox.read("manifest.yaml");
    case.sandbox.atk(&["upgrade", "tool", "-y"]).fails(6);
    assert_eq!(case.sandbox.read("manifest.yaml"), manifest);
    // What had been replaced is back; what the command itself destroyed is not.
    assert_eq!(case.sandbox.read("plugins/tool/changes"), "one\n");
    case.sandbox.atk(&["list"]).succeeds();
    case.tool
        .tree(".atk")
        .exec("install.sh", "#!/bin/sh\ntrue\n");
    let pin = case.tool.commit("Mend it");
    case.sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
    assert_eq!(case.sandbox.read("plugins/tool/kept"), "the same\n");
    assert_eq!(
        case.sandbox.read("plugins/tool/.atk-ref"),
        format!("{pin}\n")
    );
}

#[test]
fn of_two_upgrades_at_once_one_does_it_and_nothing_is_mixed_up() {
    let case = Case::new();
    let pin = case.second_version();
    let running: Vec<_> = (0..4)
        .map(|_| case.sandbox.start(&["upgrade", "tool", "-y", "--json"]))
        .collect();
    let ended: Vec<_> = running.into_iter().map(|running| running.wait()).collect();
    let done = ended.iter().filter(|ended| ended.code == 0);
    assert!(done.count() >= 1, "{ended:?}");
    for ended in ended.iter().filter(|ended| ended.code != 0) {
        assert!(ended.stdout.contains("meanwhile"), "{ended:?}");
    }
    let upgrades = case
        .sandbox
        .log()
        .into_iter()
        .filter(|title| title.starts_with("Upgrade"));
    assert_eq!(upgrades.count(), 1);
    assert_eq!(
        case.sandbox.read("plugins/tool/.atk-ref"),
        format!("{pin}\n")
    );
    assert_eq!(
        case.sandbox.read("plugins/tool/install.log"),
        "installed\ninstalled\n"
    );
    assert_eq!(case.sandbox.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_home_in_the_middle_of_a_merge_is_left_alone() {
    let case = Case::new();
    case.second_version();
    let head = case.sandbox.git(&["rev-parse", "HEAD"]);
    let merge = case.sandbox.home().join(".git/MERGE_HEAD");
    fs::write(merge, format!("{head}\n")).unwrap();
    let before = case.sandbox.snapshot();
    for operation in ["upgrade", "install"] {
        case.sandbox.atk(&[operation, "tool", "-y"]).fails(7);
    }
    assert_eq!(changes(&before, &case), Vec::<String>::new());
}

#[test]
fn a_new_version_that_is_refused_leaves_the_old_one() {
    let case = Case::new();
    let before = case.sandbox.snapshot();
    let files = case.tool.tree(".atk").link("escape", "../../outside");
    case.tool.commit("Escape");
    let refused = case
        .sandbox
        .atk(&["upgrade", "tool", "-y", "--json"])
        .fails(5)
        .json();
    assert_eq!(refused["error"]["code"], "content_refused");
    let files = files.remove("escape").file("plugin.yaml", "name: [\n");
    case.tool.commit("Break the definition");
    let refused = case
        .sandbox
        .atk(&["upgrade", "tool", "-y", "--json"])
        .fails(5)
        .json();
    assert_eq!(refused["error"]["code"], "definition_invalid");
    files.remove("plugin.yaml");
    case.tool.commit("No definition");
    let refused = case
        .sandbox
        .atk(&["upgrade", "tool", "-y", "--json"])
        .fails(5)
        .json();
    assert_eq!(refused["error"]["code"], "source_not_found");
    assert_eq!(changes(&before, &case), Vec::<String>::new());
}

#[test]
fn a_network_that_breaks_off_leaves_the_old_version_and_the_next_upgrade_works() {
    let case = Case::new();
    case.second_version();
    let before = case.sandbox.snapshot();
    for trouble in [Trouble::Drop(40), Trouble::Corrupt(40), Trouble::Fail] {
        case.server
            .change(|behaviour| behaviour.trouble = Some(trouble));
        case.sandbox.atk(&["upgrade", "tool", "-y"]).fails(7);
        assert_eq!(changes(&before, &case), Vec::<String>::new());
    }
    case.server.change(|behaviour| behaviour.trouble = None);
    case.sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
    assert_eq!(case.sandbox.read("plugins/tool/changes"), "two\n");
}

#[test]
fn a_definition_that_is_a_link_is_refused() {
    let case = Case::new();
    let files = case.tool.tree(".atk");
    files
        .rename("plugin.yaml", "real.yaml")
        .link("plugin.yaml", "real.yaml");
    case.tool.commit("Link the definition");
    let before = case.sandbox.snapshot();
    let upgrade = ["upgrade", "tool", "-y", "--json"];
    let refused = case.sandbox.atk(&upgrade).fails(5).json();
    assert_eq!(refused["error"]["code"], "content_refused");
    assert_eq!(changes(&before, &case), Vec::<String>::new());
}

#[test]
fn after_a_kill_in_the_middle_of_install_the_old_version_is_back() {
    let case = Case::new();
    let before = case.sandbox.snapshot();
    // What the command put into a session of its own lives on when ATK is gone, and goes on
    // writing for a while.
    let install = "#!/bin/sh\nsetsid sh -c 'while [ ! -e ../../go ]; do sleep 0.01; done\n\
                   echo late >late\necho late >../../done' &\necho begun >&2\nwait\n";
    case.tool.tree(".atk").exec("install.sh", install);
    case.second_version();
    let mut running = case.sandbox.start(&["upgrade", "tool", "-y"]);
    running.wait_for("begun");
    running.signal(rustix::process::Signal::KILL);
    running.wait().fails(137);

    case.sandbox.atk(&["list"]).succeeds();
    assert_eq!(changes(&before, &case), Vec::<String>::new());

    let home = case.sandbox.home();
    fs::write(home.join("go"), "").unwrap();
    wait_until("what the command left running ends", || {
        home.join("done").exists()
    });
    for file in ["go", "done", "plugins/tool/late"] {
        fs::remove_file(home.join(file)).unwrap();
    }
    assert_eq!(changes(&before, &case), Vec::<String>::new());
    let files = case.tool.tree(".atk");
    files.exec("install.sh", "#!/bin/sh\n");
    case.tool.commit("Quick");
    case.sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
}

#[test]
fn a_disk_that_is_full_while_files_are_fetched_leaves_the_old_version() {
    let case = Case::new();
    let noise: String = (0..40_000_u64)
        .map(|number| format!("{:x}", number * number * 7919))
        .collect();
    case.tool.tree(".atk").file("large", noise);
    case.second_version();
    let before = case.sandbox.snapshot();
    for operation in ["upgrade", "install"] {
        if operation == "install" {
            fs::remove_file(case.plugin(".atk-ref")).unwrap();
            let pin = case.tool.head();
            let manifest = case.sandbox.read("manifest.yaml");
            let (head, tail) = manifest.split_once("ref: ").unwrap();
            let manifest = format!("{head}ref: {pin}{}", &tail[40..]);
            fs::write(case.sandbox.home().join("manifest.yaml"), manifest).unwrap();
        }
        let now = case.sandbox.snapshot();
        let mut limited = case.sandbox.program("/bin/sh");
        let script = "trap '' XFSZ; ulimit -f 32; exec \"$0\" \"$@\"";
        limited.args(["-c", script]).arg(atk_binary());
        limited.args([operation, "tool", "-y", "--json"]);
        let failed = case.sandbox.spawn(limited).wait().fails(1).json();
        assert_eq!(failed["error"]["code"], "io", "{failed}");
        assert_eq!(changes(&now, &case), Vec::<String>::new());
        let staging = fs::read_dir(case.sandbox.home().join(".git/atk/staging")).unwrap();
        assert_eq!(staging.count(), 0, "{operation}");
    }
    assert_eq!(changes(&before, &case).len(), 3, "what the test did");
    case.sandbox.atk(&["install", "tool"]).succeeds();
    assert_eq!(case.sandbox.read("plugins/tool/changes"), "two\n");
}

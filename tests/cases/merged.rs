//! What a merge of two machines' homes leaves: conflict markers, entries that lost a key or are
//! there twice.

use std::fs;

use atk_tests::sandbox::Sandbox;

const ENTRY: &str = "  source:\n    type: local\n    ref: null\n    url: null\n";

fn append(sandbox: &Sandbox, file: &str, text: &str) {
    let path = sandbox.home().join(file);
    let before = fs::read_to_string(&path).unwrap();
    fs::write(path, before + text).unwrap();
}

/// A home with the local plugin `mine`, and a clone of it from before that with `other`, pulled.
fn pulled() -> Sandbox {
    let sandbox = Sandbox::with_home();
    sandbox.files("work/mine").definition("mine", "");
    sandbox.files("work/other").definition("other", "");
    let second = sandbox.path("second");
    let second = second.to_str().unwrap();
    sandbox.git(&["clone", "-q", ".", second]);
    sandbox.atk(&["add", "./mine"]).succeeds();
    sandbox
        .atk(&["--home", second, "add", "./other"])
        .succeeds();
    let mut pull = sandbox.program("git");
    let branch = sandbox.git(&["branch", "--show-current"]);
    pull.arg("-C").arg(sandbox.home());
    pull.args(["pull", "-q", "--no-rebase", second, &branch]);
    sandbox.spawn(pull).wait().fails(1);
    assert!(sandbox.read("manifest.yaml").contains("<<<<<<<"));
    sandbox
}

#[test]
fn conflict_markers_in_the_manifest_are_named_with_both_sides_and_the_way_out() {
    let sandbox = pulled();
    let before = sandbox.snapshot();
    for command in [
        &["list"][..],
        &["status"],
        &["install", "--all"],
        &["upgrade", "--all"],
        &["remove", "mine", "-y"],
        &["add", "./mine"],
    ] {
        let said = sandbox.atk(command).fails(1).stderr;
        assert!(said.contains("conflict markers"), "{said}");
        assert!(said.contains("only `HEAD` has `mine`"), "{said}");
        assert!(said.contains("has `other`"), "{said}");
        assert!(said.contains("manifest.yaml:"), "{said}");
        assert!(said.contains("add manifest.yaml"), "{said}");
    }
    before.assert_unchanged();

    // What the help says works.
    let resolved: String = sandbox
        .read("manifest.yaml")
        .lines()
        .filter(|line| !["<<<<<<<", ">>>>>>>"].iter().any(|m| line.starts_with(m)))
        .map(|line| match line.starts_with("=======") {
            true => ENTRY.to_owned(),
            false => format!("{line}\n"),
        })
        .collect();
    fs::write(sandbox.home().join("manifest.yaml"), resolved).unwrap();
    let ignored = sandbox.read(".gitignore");
    let kept = ignored.lines().filter(|line| {
        !["<<<<<<<", "=======", ">>>>>>>"]
            .iter()
            .any(|marker| line.starts_with(marker))
    });
    let kept: String = kept.map(|line| format!("{line}\n")).collect();
    fs::write(sandbox.home().join(".gitignore"), kept).unwrap();
    sandbox.git(&["add", "manifest.yaml", ".gitignore"]);
    sandbox.git(&["commit", "-q", "--no-edit"]);
    let listed = sandbox.atk(&["list"]).succeeds().stdout;
    assert!(
        listed.contains("mine") && listed.contains("other"),
        "{listed}"
    );
}

#[test]
fn conflict_markers_in_other_files_are_named_with_their_line() {
    let sandbox = Sandbox::with_home();
    sandbox.files("work/tool").definition("tool", "");
    sandbox.atk(&["add", "./tool"]).succeeds();
    sandbox.files("work/next").definition("next", "");
    let definition = sandbox.read("plugins/tool/plugin.yaml");
    let plugin = sandbox.home().join("plugins/tool");

    let conflicted = format!("{definition}<<<<<<< HEAD\nmaturity: verified\n=======\n>>>>>>> x\n");
    fs::write(plugin.join("plugin.yaml"), &conflicted).unwrap();
    let said = sandbox.atk(&["start", "tool"]).fails(5).stderr;
    assert!(said.contains("plugins/tool/plugin.yaml:4:1: "), "{said}");
    assert!(said.contains("conflict markers"), "{said}");
    fs::write(plugin.join("plugin.yaml"), &definition).unwrap();

    let custom = sandbox.files("home/plugins/tool/custom");
    custom.file(
        "overrides.yaml",
        "name: x\n||||||| base\n=======\nname: y\n>>>>>>> theirs\n",
    );
    let said = sandbox.atk(&["start", "tool"]).fails(5).stderr;
    assert!(
        said.contains("plugins/tool/custom/overrides.yaml:5:1: "),
        "{said}"
    );
    fs::remove_dir_all(plugin.join("custom")).unwrap();

    append(
        &sandbox,
        ".gitignore",
        "<<<<<<< HEAD\nx\n=======\n>>>>>>> y\n",
    );
    let said = sandbox.atk(&["add", "./next"]).succeeds().stderr;
    assert!(said.contains("`.gitignore` has conflict markers"), "{said}");
}

#[test]
fn an_entry_that_lost_its_source_is_an_error_and_nothing_is_lost() {
    let sandbox = Sandbox::with_home();
    sandbox.files("work/tool").definition("My Tool", "");
    sandbox.atk(&["add", "./tool"]).succeeds();
    let whole = sandbox.read("manifest.yaml");
    let file = sandbox.home().join("manifest.yaml");
    let damages: [(&str, &str, &str, &str); 4] = [
        (
            ENTRY,
            "",
            "6:3",
            "plugins[0].source: is missing in the entry of `My Tool`",
        ),
        (
            "    type: local\n",
            "",
            "9:5",
            "plugins[0].source.type: is missing in the entry of `My Tool`",
        ),
        (
            "  directory: my-tool\n",
            "",
            "6:3",
            "plugins[0].directory: is missing in the entry of `My Tool`",
        ),
        (
            "- name: My Tool\n  directory",
            "- directory",
            "6:3",
            "plugins[0].name: is missing in the entry of `my-tool`",
        ),
    ];
    for (lost, left, place, expected) in damages {
        assert!(whole.contains(lost), "{whole}");
        fs::write(&file, whole.replace(lost, left)).unwrap();
        let before = sandbox.snapshot();
        for command in [
            &["list"][..],
            &["install", "--all"],
            &["upgrade", "--all"],
            &["remove", "my-tool", "-y"],
        ] {
            let said = sandbox.atk(command).fails(1).stderr;
            assert!(said.contains(expected), "{said}");
            assert!(said.contains(&format!("manifest.yaml:{place}: ")), "{said}");
            assert!(said.contains("log -p -- manifest.yaml"), "{said}");
        }
        before.assert_unchanged();
    }
}

#[test]
fn a_directory_with_two_entries_is_named() {
    let sandbox = Sandbox::with_home();
    sandbox.files("work/tool").definition("tool", "");
    sandbox.atk(&["add", "./tool"]).succeeds();
    let entry = format!("- name: again\n  directory: tool\n{ENTRY}");
    append(&sandbox, "manifest.yaml", &entry);
    let expected = "more than one entry of the directory `tool`";
    for command in [&["list"][..], &["status"], &["install", "--all"]] {
        let said = sandbox.atk(command).succeeds();
        let said = said.stdout + &said.stderr;
        assert!(said.contains(expected), "{said}");
    }
    // It can be mended by hand, or by removing the plugin.
    sandbox.atk(&["remove", "tool", "-y"]).succeeds();
    assert!(sandbox.read("manifest.yaml").contains("plugins: []"));
}

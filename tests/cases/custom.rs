//! `custom` as a link of the user's, as managers of dotfiles make it; names in other Unicode
//! normalisations.

use std::fs;
use std::os::unix::fs::symlink;

use atk_tests::repository::Repository;
use atk_tests::sandbox::Sandbox;

/// The plugin `tool` of a git repository, and a directory of the user's with an overlay and a
/// script.
fn sandbox() -> (Sandbox, Repository, String) {
    let sandbox = Sandbox::with_home();
    let repository = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition(
            "tool",
            "lifecycle: {install: 'true', uninstall: 'true', start: 'true'}\n",
        )
    });
    sandbox
        .files("work/dotfiles/tool")
        .file(
            "overrides.yaml",
            "lifecycle: {start: 'echo from the overlay'}\n",
        )
        .exec("hello.sh", "#!/bin/sh\necho hello\n");
    let url = format!("file://{}", sandbox.path("repos/tool").display());
    (sandbox, repository, url)
}

fn link(sandbox: &Sandbox) {
    let plugin = sandbox.home().join("plugins/tool");
    fs::create_dir_all(&plugin).unwrap();
    symlink(sandbox.path("work/dotfiles/tool"), plugin.join("custom")).unwrap();
}

#[test]
fn a_custom_that_is_a_link_is_read_through_by_every_operation_and_removed_alone() {
    let (sandbox, repository, url) = sandbox();
    link(&sandbox);
    sandbox.atk(&["add", "-y", &url]).succeeds();
    let mode = sandbox.git(&["ls-tree", "HEAD", "plugins/tool/custom"]);
    assert!(
        mode.starts_with("120000 "),
        "the link itself is committed: {mode}"
    );
    for command in [
        &["status", "tool"][..],
        &["install", "tool"],
        &["setup", "tool", "-y"],
        &["list"],
    ] {
        sandbox.atk(command).succeeds();
    }
    let started = sandbox.atk(&["start", "tool"]).succeeds();
    assert!(
        started.stderr.contains("from the overlay"),
        "{}",
        started.stderr
    );
    let said = sandbox.atk(&["run", "tool", "hello"]).succeeds().stdout;
    assert_eq!(said, "hello\n");
    repository.tree(".atk").file("new", "x\n");
    repository.commit("Go on");
    sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
    assert!(sandbox.home().join("plugins/tool/custom").is_symlink());
    sandbox.atk(&["remove", "tool", "-y"]).succeeds();
    assert!(!sandbox.home().join("plugins/tool").exists());
    for file in ["overrides.yaml", "hello.sh"] {
        assert!(sandbox.path("work/dotfiles/tool").join(file).exists());
    }
}

#[test]
fn a_custom_that_is_a_link_is_committed_as_one_by_the_git_program_too() {
    for way in ["hook", "filter", "split index"] {
        let sandbox = Sandbox::with_home();
        match way {
            "hook" => drop(
                sandbox
                    .files("home/.git/hooks")
                    .exec("pre-commit", "#!/bin/sh\n"),
            ),
            "filter" => {
                sandbox.git(&["config", "filter.crypt.clean", "tr a-z n-za-m"]);
                sandbox.git(&["config", "filter.crypt.smudge", "tr a-z n-za-m"]);
                sandbox
                    .files("home")
                    .file(".gitattributes", "* filter=crypt\n");
            }
            _ => drop(sandbox.git(&["update-index", "--split-index"])),
        }
        sandbox.files("work/mine").definition("Mine", "");
        sandbox.files("work/dotfiles/mine").file("notes", "mine\n");
        sandbox.atk(&["add", "./mine"]).succeeds();
        let target = sandbox.path("work/dotfiles/mine");
        symlink(&target, sandbox.home().join("plugins/mine/custom")).unwrap();
        // The removal saves it first.
        sandbox.atk(&["remove", "mine", "--force"]).succeeds();
        let tree = sandbox.git(&["ls-tree", "-r", "HEAD~1", "plugins/mine/custom"]);
        assert!(tree.starts_with("120000 "), "{way}: {tree}");
        // A link is never filtered.
        let stored = sandbox.git(&["cat-file", "-p", "HEAD~1:plugins/mine/custom"]);
        assert_eq!(stored, target.display().to_string(), "{way}");
        assert!(target.join("notes").exists(), "{way}");
        assert!(!sandbox.home().join("plugins/mine").exists(), "{way}");
    }
}

#[test]
fn a_failed_add_leaves_the_link_and_what_it_leads_to() {
    let (sandbox, repository, url) = sandbox();
    repository.tree(".atk").definition(
        "tool",
        "lifecycle: {install: 'exit 3', uninstall: 'true'}\n",
    );
    repository.commit("Break it");
    link(&sandbox);
    let before = sandbox.snapshot();
    sandbox.atk(&["add", "-y", &url]).fails(6);
    before.assert_unchanged();
    assert!(sandbox.path("work/dotfiles/tool/hello.sh").exists());
}

#[test]
fn a_link_to_nothing_is_a_warning() {
    let (sandbox, _repository, url) = sandbox();
    sandbox.atk(&["add", "-y", &url]).succeeds();
    symlink(
        "/nowhere/custom",
        sandbox.home().join("plugins/tool/custom"),
    )
    .unwrap();
    for command in [&["start", "tool"][..], &["status"], &["install", "tool"]] {
        let said = sandbox.atk(command).succeeds().stderr;
        let expected = "`plugins/tool/custom` is a link to `/nowhere/custom`, which does not exist";
        assert_eq!(said.matches(expected).count(), 1, "{said}");
    }
    sandbox.atk(&["remove", "tool", "-y"]).succeeds();
}

#[test]
fn a_link_anywhere_else_is_an_error_that_names_the_way_out() {
    let (sandbox, _repository, url) = sandbox();
    sandbox.atk(&["add", "-y", &url]).succeeds();
    let plugin = sandbox.home().join("plugins/tool");
    let outside = sandbox.path("work/dotfiles/tool");
    fs::create_dir(plugin.join("custom")).unwrap();
    let overlay = plugin.join("custom/overrides.yaml");
    symlink(outside.join("overrides.yaml"), &overlay).unwrap();
    let said = sandbox.atk(&["start", "tool"]).fails(1).stderr;
    assert!(
        said.contains("custom/overrides.yaml` is a symbolic link"),
        "{said}"
    );
    assert!(said.contains("replace the link"), "{said}");
    fs::remove_file(&overlay).unwrap();
    // Behind the one link that is followed, others are not.
    fs::remove_dir(plugin.join("custom")).unwrap();
    fs::rename(outside.join("overrides.yaml"), outside.join("real.yaml")).unwrap();
    symlink("real.yaml", outside.join("overrides.yaml")).unwrap();
    symlink(&outside, plugin.join("custom")).unwrap();
    let said = sandbox.atk(&["start", "tool"]).fails(1).stderr;
    assert!(
        said.contains("overrides.yaml` is a symbolic link"),
        "{said}"
    );
}

#[test]
fn names_are_found_in_whichever_normalisation_they_are_typed() {
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}");
    for (there, typed) in [(composed, decomposed), (decomposed, composed)] {
        let sandbox = Sandbox::with_home();
        sandbox
            .files(&format!("work/{there}"))
            .definition(there, "lifecycle: {start: 'true'}\n")
            .exec(&format!("{there}.sh"), "#!/bin/sh\necho ran\n");
        // As a path, as a bare name that exists, as a display name, as a script.
        sandbox.atk(&["fetch", typed, "./out"]).succeeds();
        sandbox.atk(&["add", &format!("./{typed}")]).succeeds();
        sandbox.atk(&["start", typed]).succeeds();
        let said = sandbox.atk(&["run", typed, typed]).succeeds().stdout;
        assert_eq!(said, "ran\n");
        sandbox.atk(&["remove", typed, "-y"]).succeeds();
    }
}

//! `registry init`, `registry build` and `registry diff`: a registry of one's own.

use std::fs;
use std::path::{Path, PathBuf};

use atk_tests::repository::Tree;
use atk_tests::sandbox::Sandbox;
use atk_tests::server::GitServer;

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/registry")
}

/// A registry below `work/`, with a plugin that has no mistake.
fn registry(sandbox: &Sandbox) -> PathBuf {
    sandbox.atk(&["registry", "init", "reg"]).succeeds();
    right(sandbox, "tool");
    sandbox.atk(&["registry", "build", "reg"]).succeeds();
    sandbox.path("work/reg")
}

fn right(sandbox: &Sandbox, name: &str) -> Tree {
    sandbox
        .files(&format!("work/reg/plugins/{name}"))
        .definition(name, "lifecycle: {start: ./run.sh}\n")
        .exec("run.sh", "#!/bin/sh\nexit 0\n")
        .file("README.md", "# It\n")
}

/// git in a directory of the sandbox.
fn git(sandbox: &Sandbox, directory: &Path, args: &[&str]) -> String {
    let mut command = sandbox.program("git");
    command.arg("-C").arg(directory);
    command.args(["-c", "user.name=A", "-c", "user.email=a@localhost"]);
    command.args(args);
    sandbox.run_with_input(command, "").succeeds().stdout
}

#[test]
fn the_index_of_the_public_registry_is_built_byte_for_byte() {
    let sandbox = Sandbox::new();
    let real = fs::read_to_string(data().join("index.yaml")).unwrap();
    sandbox.atk(&["registry", "init", "reg"]).succeeds();
    // The definitions of the data, and the descriptions of the index for all that are not among them.
    let index: serde_yaml::Value = serde_yaml::from_str(&real).unwrap();
    let plugins = index["plugins"].as_sequence().unwrap();
    assert_eq!(plugins.len(), 20);
    for plugin in plugins {
        let text = |field: &str| plugin[field].as_str().unwrap().to_owned();
        let (name, description) = (text("name"), text("description"));
        let committed = data().join(format!("plugins/{name}/plugin.yaml"));
        let definition = fs::read_to_string(committed).unwrap_or_else(|_| {
            let quoted = serde_json::Value::from(description);
            format!("schema_version: '2026-01-23'\nname: {name}\ndescription: {quoted}\n")
        });
        let mut tree = sandbox
            .files(&format!("work/reg/plugins/{name}"))
            .file("plugin.yaml", definition)
            .file("README.md", "# It\n")
            .file("docker-compose.yml", "services: {}\n")
            .file("server.py", "");
        for script in ["install", "uninstall", "start", "stop", "mcp"] {
            tree = tree.exec(&format!("{script}.sh"), "#!/bin/sh\n");
        }
    }
    let built = sandbox.atk(&["registry", "build", "reg", "--json"]);
    let built = built.succeeds().json();
    assert_eq!(built["written"], true);
    assert_eq!(built["added"].as_array().unwrap().len(), 20);
    let written = fs::read_to_string(sandbox.path("work/reg/index.yaml")).unwrap();
    assert_eq!(written, real);
    let again = sandbox.atk(&["registry", "build", "reg", "--json"]);
    assert_eq!(again.succeeds().json()["written"], false);
    sandbox
        .atk(&["registry", "build", "reg", "--check"])
        .succeeds();
}

/// A mistake: what it is called, what makes it in a registry with the plugin `tool`, and what is found.
type Case = (&'static str, fn(&Sandbox, &Path), &'static [&'static str]);

const MISTAKES: &[Case] = &[
    (
        "a plugin that the index does not have",
        |sandbox, _| drop(right(sandbox, "other")),
        &["reg/index.yaml registry-index"],
    ),
    (
        "a plugin of the index that is gone",
        |_, reg| fs::remove_dir_all(reg.join("plugins/tool")).unwrap(),
        &["reg/index.yaml registry-index"],
    ),
    (
        "another description",
        |_, reg| replace(&reg.join("index.yaml"), "What tool does", "What it did"),
        &["reg/index.yaml registry-index"],
    ),
    (
        "another path",
        |_, reg| replace(&reg.join("index.yaml"), "plugins/tool", "plugins/old"),
        &["reg/index.yaml registry-index"],
    ),
    (
        "other quotes",
        |_, reg| replace(&reg.join("index.yaml"), "'2026-01-23'", "\"2026-01-23\""),
        &["reg/index.yaml registry-index"],
    ),
    (
        "no index",
        |_, reg| fs::remove_file(reg.join("index.yaml")).unwrap(),
        &["reg/index.yaml registry-index"],
    ),
    (
        "an index that is not YAML",
        |_, reg| fs::write(reg.join("index.yaml"), "plugins: [\n").unwrap(),
        &["reg/index.yaml registry-index"],
    ),
    (
        "an index with CR LF",
        |_, reg| replace(&reg.join("index.yaml"), "\n", "\r\n"),
        &["reg/index.yaml registry-index"],
    ),
    (
        "a name that users cannot type",
        |_, reg| fs::rename(reg.join("plugins/tool"), reg.join("plugins/My_Tool")).unwrap(),
        &["reg/plugins/My_Tool registry-name"],
    ),
    (
        "a directory without a definition",
        |_, reg| fs::remove_file(reg.join("plugins/tool/plugin.yaml")).unwrap(),
        &["reg/plugins/tool registry-definition"],
    ),
    (
        "a definition that is wrong",
        |_, reg| {
            replace(
                &reg.join("plugins/tool/plugin.yaml"),
                "lifecycle",
                "lifecicle",
            )
        },
        &["reg/plugins/tool/plugin.yaml unknown-field"],
    ),
    (
        "a definition that is not YAML",
        |_, reg| fs::write(reg.join("plugins/tool/plugin.yaml"), "name: [\n").unwrap(),
        &["reg/plugins/tool/plugin.yaml definition-syntax"],
    ),
    (
        "a script that is gone",
        |_, reg| fs::remove_file(reg.join("plugins/tool/run.sh")).unwrap(),
        &["reg/plugins/tool/plugin.yaml script-missing"],
    ),
    (
        "a link in the place of a plugin",
        |_, reg| std::os::unix::fs::symlink("tool", reg.join("plugins/alias")).unwrap(),
        &["reg/plugins/alias link-not-allowed"],
    ),
];

fn replace(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(file, text.replace(from, to)).unwrap();
}

#[test]
fn the_check_fails_on_each_mistake_and_writes_nothing() {
    let mut wrong = String::new();
    for (name, make, expected) in MISTAKES {
        let sandbox = Sandbox::new();
        let reg = registry(&sandbox);
        sandbox
            .atk(&["registry", "build", "reg", "--check"])
            .succeeds();
        make(&sandbox, &reg);
        let before = fs::read(reg.join("index.yaml")).ok();
        let found = sandbox.atk(&["registry", "build", "reg", "--check", "--json"]);
        let found = found.fails(5).json();
        assert_eq!(
            (&found["valid"], &found["written"]),
            (&false.into(), &false.into())
        );
        let diagnostics = found["diagnostics"].as_array().unwrap().iter();
        let errors = diagnostics.filter(|one| one["severity"] == "error");
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let errors: Vec<_> = errors
            .map(|one| format!("{} {}", text(&one["file"]), text(&one["rule"])))
            .collect();
        if errors != *expected {
            wrong += &format!("{name}: {errors:?}, expected {expected:?}\n");
        }
        assert_eq!(fs::read(reg.join("index.yaml")).ok(), before, "{name}");
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_registry_with_a_wrong_plugin_is_not_written() {
    let sandbox = Sandbox::new();
    let reg = registry(&sandbox);
    right(&sandbox, "other").remove("run.sh");
    let before = fs::read(reg.join("index.yaml")).unwrap();
    let said = sandbox.atk(&["registry", "build", "reg"]).fails(5).stdout;
    assert!(
        said.contains("script-missing") && said.contains("not valid"),
        "{said}"
    );
    assert_eq!(fs::read(reg.join("index.yaml")).unwrap(), before);
}

#[test]
fn a_file_for_git_in_a_plugin_is_a_note_that_only_verbose_prints() {
    let sandbox = Sandbox::new();
    registry(&sandbox);
    right(&sandbox, "tool").file(".gitignore", "x\n");
    let build = |args: &[&str]| {
        let words = [&["registry", "build", "reg"], args].concat();
        sandbox.atk(&words).succeeds().stdout
    };
    build(&[]);
    assert!(!build(&[]).contains("note"), "{}", build(&[]));
    let verbose = build(&["-v"]);
    assert!(
        verbose.contains("plugins/tool/.gitignore:1:1: note: "),
        "{verbose}"
    );
    assert!(verbose.ends_with(": 1 note\n"), "{verbose}");
}

#[test]
fn what_git_does_not_have_is_no_plugin() {
    let sandbox = Sandbox::new();
    let reg = registry(&sandbox);
    fs::write(reg.join(".gitignore"), "__pycache__/\nbuild/\n").unwrap();
    sandbox
        .files("work/reg/plugins/gone/__pycache__")
        .file("x.pyc", "x");
    sandbox.files("work/reg/plugins/build").file("x", "x");
    sandbox.files("work/reg/plugins/.cache").file("x", "x");
    sandbox.files("work/reg/plugins").file("README.md", "x");
    sandbox
        .atk(&["registry", "build", "reg", "--check"])
        .succeeds();
    // The description is that of the plugin, not that of an overlay that nobody gets.
    sandbox
        .files("work/reg/plugins/tool/custom")
        .file("overrides.yaml", "description: Mine\n");
    sandbox
        .atk(&["registry", "build", "reg", "--check"])
        .succeeds();
}

#[test]
fn init_refuses_what_is_not_empty_and_changes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.files("work/full").file("x", "x");
    let said = sandbox.atk(&["registry", "init", "full"]).fails(2).stderr;
    assert!(said.contains("is not empty: it has `x`"), "{said}");
    assert_eq!(fs::read_dir(sandbox.path("work/full")).unwrap().count(), 1);
    let said = sandbox.atk(&["registry", "build"]).fails(5).stderr;
    assert!(said.contains("is not a registry"), "{said}");
    // A clone of a repository without a commit is as good as an empty directory.
    fs::create_dir(sandbox.path("work/clone")).unwrap();
    git(&sandbox, &sandbox.path("work/clone"), &["init", "-q"]);
    let outcome = sandbox.atk(&["registry", "init", "clone", "--json"]);
    assert_eq!(outcome.succeeds().json()["repository_created"], false);
}

/// The commands of the workflow that begin with `atk`.
fn commands_of_workflow(reg: &Path) -> Vec<Vec<String>> {
    let text = fs::read_to_string(reg.join(".github/workflows/registry.yml")).unwrap();
    let workflow: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
    let jobs = workflow["jobs"].as_mapping().unwrap();
    let steps = jobs
        .values()
        .flat_map(|job| job["steps"].as_sequence().unwrap());
    let runs = steps.filter_map(|step| step["run"].as_str());
    let atk = runs.filter_map(|run| run.strip_prefix("atk "));
    atk.map(|line| {
        line.split_whitespace()
            .map(|word| word.trim_matches('"').to_owned())
            .collect()
    })
    .collect()
}

#[test]
fn a_registry_that_init_made_is_served_searched_and_upgraded_from() {
    let mut sandbox = Sandbox::new();
    let reg = registry(&sandbox);
    git(&sandbox, &reg, &["add", "-A"]);
    git(&sandbox, &reg, &["commit", "-qm", "One"]);
    let bare = sandbox.repos().join("team");
    git(
        &sandbox,
        &reg,
        &["clone", "-q", "--bare", ".", bare.to_str().unwrap()],
    );
    git(
        &sandbox,
        &reg,
        &["remote", "add", "origin", bare.to_str().unwrap()],
    );
    git(&sandbox, &reg, &["fetch", "-q", "origin"]);
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("team"));
    sandbox.atk(&["init"]).succeeds();
    let found = sandbox.atk(&["search", "--json"]).succeeds().json();
    assert_eq!(found["plugins"][0]["name"], "tool");
    sandbox.atk(&["add", "-y", "tool"]).succeeds();
    sandbox.atk(&["start", "tool"]).succeeds();

    // A change, by the commands of the workflow.
    let commands = commands_of_workflow(&reg);
    assert_eq!(commands.len(), 3, "{commands:?}");
    let branch = git(&sandbox, &reg, &["symbolic-ref", "--short", "HEAD"]);
    right(&sandbox, "tool").exec("run.sh", "#!/bin/sh\necho two\n");
    right(&sandbox, "other");
    let mut said = String::new();
    for words in &commands {
        let words = words
            .iter()
            .map(|word| word.replace("$GITHUB_BASE_REF", branch.trim()));
        let words: Vec<String> = words.collect();
        let mut command = sandbox.command(&[]);
        command.current_dir(&reg).args(&words);
        said += &sandbox.run_with_input(command, "").succeeds().stdout;
    }
    for part in [
        "tool changes",
        "~ run.sh can run",
        "other is new",
        "lifecycle.start",
    ] {
        assert!(said.contains(part), "no {part} in {said}");
    }
    git(&sandbox, &reg, &["add", "-A"]);
    git(&sandbox, &reg, &["commit", "-qm", "Two"]);
    git(&sandbox, &reg, &["push", "-q", "origin", "HEAD"]);
    let upgraded = sandbox.atk(&["upgrade", "-y", "tool"]).succeeds();
    assert!(!upgraded.stdout.contains("up to date"), "{upgraded:?}");
    assert!(sandbox.read("plugins/tool/run.sh").contains("two"));
    sandbox.atk(&["add", "-y", "other"]).succeeds();
}

#[test]
fn the_difference_names_files_commands_and_what_can_run() {
    let sandbox = Sandbox::new();
    let reg = registry(&sandbox);
    right(&sandbox, "gone");
    right(&sandbox, "same");
    git(&sandbox, &reg, &["add", "-A"]);
    git(&sandbox, &reg, &["commit", "-qm", "One"]);
    let none = sandbox.atk(&["registry", "diff", "reg"]).succeeds().stdout;
    assert!(none.starts_with("No plugin differs from"), "{none}");
    fs::remove_dir_all(reg.join("plugins/gone")).unwrap();
    right(&sandbox, "new");
    right(&sandbox, "tool")
        .definition("tool", "lifecycle: {start: ./go.sh}\n")
        .rename("run.sh", "go.sh")
        .file("README.md", "# Other\n");
    let outcome = sandbox
        .atk(&["registry", "diff", "reg", "--json"])
        .succeeds()
        .json();
    let plugins = outcome["plugins"].as_array().unwrap();
    let shown: Vec<_> = plugins
        .iter()
        .map(|one| format!("{} {} {}", one["name"], one["change"], one["runnable"]))
        .collect();
    assert_eq!(
        shown,
        [
            r#""gone" "removed" []"#,
            r#""new" "added" ["run.sh"]"#,
            r#""tool" "changed" ["go.sh"]"#,
        ]
    );
    let tool = &plugins[2];
    assert_eq!(
        tool["files"].to_string(),
        r#"{"added":["go.sh"],"changed":["README.md","plugin.yaml"],"removed":["run.sh"],"edited":[]}"#
    );
    assert_eq!(
        tool["commands"].to_string(),
        r#"[{"field":"lifecycle.start","old":"./run.sh","new":"./go.sh"}]"#
    );
    // From a directory below, against an older commit, and one that does not exist.
    git(&sandbox, &reg, &["add", "-A"]);
    git(&sandbox, &reg, &["commit", "-qm", "Two"]);
    let older = sandbox.atk(&["registry", "diff", "reg", "--base", "HEAD~1", "--json"]);
    assert_eq!(older.succeeds().json()["plugins"], outcome["plugins"]);
    let said = sandbox.atk(&["registry", "diff", "reg", "--base", "nothing"]);
    let said = said.fails(7).stderr;
    assert!(said.contains("has no commit `nothing`"), "{said}");
}

#[test]
fn line_ends_that_git_converts_are_no_difference() {
    let sandbox = Sandbox::new();
    let reg = registry(&sandbox);
    git(&sandbox, &reg, &["add", "-A"]);
    git(&sandbox, &reg, &["commit", "-qm", "One"]);
    git(&sandbox, &reg, &["config", "core.autocrlf", "true"]);
    let readme = reg.join("plugins/tool/README.md");
    fs::remove_file(&readme).unwrap();
    git(
        &sandbox,
        &reg,
        &["checkout", "-q", "plugins/tool/README.md"],
    );
    assert_eq!(fs::read_to_string(&readme).unwrap(), "# It\r\n");
    assert_eq!(git(&sandbox, &reg, &["status", "--porcelain"]), "");
    let diff = |sandbox: &Sandbox| {
        let diff = sandbox.atk(&["registry", "diff", "reg", "--json"]);
        diff.succeeds().json()["plugins"].clone()
    };
    assert_eq!(diff(&sandbox), serde_json::json!([]));
    replace(&readme, "# It", "# Its text");
    assert_eq!(diff(&sandbox)[0]["files"]["changed"][0], "README.md");
}

#[test]
fn the_path_of_a_new_registry_has_no_dots() {
    let sandbox = Sandbox::new();
    let words = ["registry", "init", "../work/./reg", "--json"];
    let made = sandbox.atk(&words).succeeds().json();
    let reg = sandbox.path("work/reg");
    assert_eq!(made["path"], reg.to_str().unwrap());
    assert!(reg.join("index.yaml").exists());
}

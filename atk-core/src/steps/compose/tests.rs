//! Which files are named, in a real directory.

use std::fs;

use super::*;

struct Plugin {
    dir: tempfile::TempDir,
    name: PluginDir,
    service: &'static str,
    env: BTreeMap<OsString, OsString>,
}

impl Plugin {
    /// A plugin with these files, all of which are empty.
    fn with(files: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join("home/plugins/tool").join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        Plugin {
            dir,
            name: PluginDir::new("tool").unwrap(),
            service: "service: {type: docker-compose}\n",
            env: BTreeMap::new(),
        }
    }

    fn path(&self, file: &str) -> std::path::PathBuf {
        self.dir.path().join("home/plugins/tool").join(file)
    }

    fn set(mut self, name: &str, value: &str) -> Self {
        self.env.insert(name.into(), value.into());
        self
    }

    fn service(mut self, service: &'static str) -> Self {
        self.service = service;
        self
    }

    fn run(&self, command: &str) -> (String, Vec<String>) {
        let yaml = format!(
            "schema_version: '2026-01-23'\nname: T1\ndescription: d\n{}",
            self.service
        );
        let definition = Definition::read(yaml.as_bytes(), "plugin.yaml", None).unwrap();
        let compose = Compose {
            dir: &self.path(""),
            plugin: &self.name,
            definition: &definition.0,
            event: LifecycleEvent::Start,
            env: &self.env,
        };
        compose.with_override(command)
    }

    /// The files that `docker compose up` gets, without a warning.
    #[track_caller]
    fn files(&self) -> String {
        let (line, warnings) = self.run("docker compose up");
        assert_eq!(warnings, [""; 0]);
        let files = line.strip_prefix("docker compose ").unwrap();
        files.strip_suffix(" up").unwrap().to_owned()
    }
}

const USER: &str = "custom/docker-compose.override.yml";

#[test]
fn a_command_without_an_override_of_the_user_stays() {
    let plugin = Plugin::with(&["compose.yaml", "compose.override.yaml"]);
    let (line, warnings) = plugin.run("docker compose up; docker-compose up");
    assert_eq!(line, "docker compose up; docker-compose up");
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn the_default_files_are_those_of_compose_in_its_order() {
    for (files, expected) in [
        (&["compose.yaml", "docker-compose.yml"][..], "compose.yaml"),
        (&["docker-compose.yaml", "compose.yml"], "compose.yml"),
        (&["docker-compose.yaml"], "docker-compose.yaml"),
        (
            &["docker-compose.yaml", "docker-compose.yml"],
            "docker-compose.yml",
        ),
        (
            &["compose.yaml", "docker-compose.override.yaml"],
            "compose.yaml -f docker-compose.override.yaml",
        ),
        (
            &[
                "docker-compose.yml",
                "docker-compose.override.yml",
                "compose.override.yaml",
            ],
            "docker-compose.yml -f compose.override.yaml",
        ),
        // Compose says that it is not there.
        (&[], "docker-compose.yml"),
    ] {
        let plugin = Plugin::with(&[files, &[USER]].concat());
        assert_eq!(plugin.files(), format!("-f {expected} -f {USER}"));
    }
}

#[test]
fn a_file_above_the_plugin_is_found_as_compose_finds_it() {
    let plugin = Plugin::with(&[USER]);
    let above = plugin
        .dir
        .path()
        .canonicalize()
        .unwrap()
        .join("home/compose.yml");
    fs::write(&above, "").unwrap();
    assert_eq!(plugin.files(), format!("-f {} -f {USER}", above.display()));
}

#[test]
fn the_file_of_the_definition_counts_before_the_default_names() {
    let all = [
        "compose.yaml",
        "compose.override.yaml",
        "stack's.yml",
        "docker-compose.yml",
        USER,
    ];
    for (service, expected) in [
        (
            "service: {compose_file: stack's.yml}\n",
            "'stack'\\''s.yml'",
        ),
        (
            "service: {compose_file: docker-compose.yml}\n",
            "docker-compose.yml -f compose.override.yaml",
        ),
        (
            "service: {compose_file: missing.yml}\n",
            "compose.yaml -f compose.override.yaml",
        ),
        ("", "compose.yaml -f compose.override.yaml"),
    ] {
        let plugin = Plugin::with(&all).service(service);
        assert_eq!(plugin.files(), format!("-f {expected} -f {USER}"));
    }
}

#[test]
fn the_variable_names_the_files_and_their_separator() {
    let all = ["compose.yaml", "compose.override.yaml", USER];
    let plugin = Plugin::with(&all).set("COMPOSE_FILE", "a.yml:b c.yml:-");
    assert_eq!(
        plugin.files(),
        format!("-f a.yml -f 'b c.yml' -f - -f {USER}")
    );
    let plugin = plugin
        .set("COMPOSE_PATH_SEPARATOR", ";")
        .set("COMPOSE_FILE", "a:b;c");
    assert_eq!(plugin.files(), format!("-f a:b -f c -f {USER}"));
    let plugin = plugin.service("service: {compose_file: compose.yaml}\n");
    assert_eq!(plugin.files(), format!("-f a:b -f c -f {USER}"));
    let plugin = plugin.set("COMPOSE_FILE", "");
    assert_eq!(
        plugin.files(),
        format!("-f compose.yaml -f compose.override.yaml -f {USER}")
    );
}

#[test]
fn the_files_of_the_command_win_over_everything() {
    let plugin = Plugin::with(&["compose.yaml", USER]).set("COMPOSE_FILE", "a.yml");
    let (line, _) = plugin.run("docker compose -f x.yml -p name up");
    assert_eq!(
        line,
        format!("docker compose -f x.yml -f {USER} -p name up")
    );
}

#[test]
fn files_of_variables_and_another_directory_are_honoured() {
    let plugin = Plugin::with(&["compose.yaml", "sub/compose.yml", USER]);
    let (line, _) = plugin.run("docker compose --project-directory sub up");
    let expected =
        format!("docker compose -f sub/compose.yml -f {USER} --project-directory sub up");
    assert_eq!(line, expected);
    fs::write(plugin.path("sub/.env"), "COMPOSE_FILE=in-sub.yml\n").unwrap();
    let (line, _) = plugin.run("docker compose --project-directory=sub up");
    assert!(
        line.starts_with("docker compose -f in-sub.yml -f custom/"),
        "{line}"
    );
    fs::write(plugin.path("prod.env"), "COMPOSE_FILE=prod.yml\n").unwrap();
    let (line, _) = plugin.run("docker compose --env-file prod.env up");
    assert!(
        line.starts_with("docker compose -f prod.yml -f custom/"),
        "{line}"
    );
    let plugin = plugin.set("COMPOSE_ENV_FILES", "none.env,prod.env");
    assert_eq!(plugin.files(), format!("-f prod.yml -f {USER}"));
    let plugin = plugin.set("COMPOSE_FILE", "own.yml");
    assert_eq!(plugin.files(), format!("-f own.yml -f {USER}"));
}

#[test]
fn every_name_of_an_override_is_used_and_a_second_one_is_named() {
    for name in DEFAULT_OVERRIDES {
        let user = format!("custom/{name}");
        let plugin = Plugin::with(&["compose.yaml", &user]);
        assert_eq!(plugin.files(), format!("-f compose.yaml -f {user}"));
    }
    let plugin = Plugin::with(&["compose.yaml", USER, "custom/compose.override.yaml"]);
    let (line, warnings) = plugin.run("docker compose up");
    assert_eq!(
        line,
        "docker compose -f compose.yaml -f custom/compose.override.yaml up"
    );
    assert_eq!(
        warnings,
        [
            "`plugins/tool/custom/docker-compose.override.yml` is ignored: compose prefers `compose.override.yaml`; \
             delete one of them"
        ]
    );
}

#[test]
fn an_override_that_is_not_applied_is_named() {
    let plugin = Plugin::with(&["compose.yaml", USER]);
    for command in [
        "docker-compose up",
        "cd sub && docker compose up",
        "docker compose $FILES up",
        "./start.sh",
    ] {
        let (line, warnings) = plugin.run(command);
        assert_eq!(line, command);
        let [warning] = &warnings[..] else {
            panic!("{command}: {warnings:?}")
        };
        assert!(
            warning.starts_with(&format!("`plugins/tool/{USER}` is not applied")),
            "{warning}"
        );
    }
    let plugin = plugin.service("service: {type: script}\n");
    assert_eq!(plugin.run("./start.sh").1, [""; 0]);
}

//! The documents of `--json`: one for each command, as the library returns it.

use std::fs;
use std::time::SystemTime;

use atk_tests::repository::{Registry, Repository};
use atk_tests::sandbox::{Sandbox, atk_binary};
use atk_tests::server::GitServer;
use serde_json::Value;

const TOOL: &str = "service: {type: script}
ports: [{port: 1, name: web}]
env_vars: [{name: MODE, default: fast}]
lifecycle: {install: 'true', uninstall: 'true', start: 'true', stop: 'true', status: 'true', logs: echo log}
mcp: {transport: stdio, command: ./hi.sh}
";

/// Replaces what is different each time, strings and numbers alike.
fn mask(value: &mut Value, sandbox: &Sandbox, server: &GitServer) {
    match value {
        Value::String(text) => {
            let root = sandbox.path("").display().to_string();
            let url = &server.url("");
            let host = url.strip_prefix("http://").unwrap();
            *text = text
                .replace(root.trim_end_matches('/'), "<root>")
                .replace(url, "<url>/")
                .replace(host.trim_end_matches('/'), "<host>")
                .replace(&atk_binary().display().to_string(), "<atk>");
            if text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                *text = "<id>".to_owned();
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| mask(item, sandbox, server)),
        Value::Object(fields) => {
            for (name, field) in fields {
                match name.as_str() {
                    "bytes" | "time" | "last_used" | "committed_at" | "pinned_at"
                    | "written_at" => *field = 0.into(),
                    _ => mask(field, sandbox, server),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Makes every repository of the cache one that was last used in the same second, so that it is
/// not chance in which order they are listed.
fn use_at_once(sandbox: &Sandbox) {
    let now = SystemTime::now();
    let mut used = 0;
    let mut pending = vec![sandbox.path("cache")];
    while let Some(directory) = pending.pop() {
        for item in fs::read_dir(directory).unwrap() {
            let path = item.unwrap().path();
            if path.ends_with("atk-used") {
                let file = fs::File::options().write(true).open(path).unwrap();
                file.set_modified(now).unwrap();
                used += 1;
            } else if path.is_dir() {
                pending.push(path);
            }
        }
    }
    assert_eq!(used, 2);
}

#[test]
fn every_command_writes_one_document() {
    let mut sandbox = Sandbox::new();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    registry.plugin("memory", |files| {
        files.definition("Memory", "maturity: verified\n")
    });
    registry.commit("One");
    let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
        files
            .definition("Tool", TOOL)
            .exec("hi.sh", "#!/bin/sh\nexit 7\n")
            .file("README.md", "# Tool\n")
    });
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    let url = server.url("tool");
    let preview = sandbox.path("preview").display().to_string();
    let registry = sandbox.path("new-registry").display().to_string();
    let mut transcript = String::new();
    let mut say = |code: i32, words: &[&str]| {
        let line: Vec<&str> = ["--json"].iter().chain(words).copied().collect();
        let ended = sandbox.atk(&line).fails(code);
        assert_eq!(ended.stdout.lines().count(), 1, "one document: {ended:?}");
        let mut document = ended.json();
        mask(&mut document, &sandbox, &server);
        let words = words.join(" ").replace(&url, "<url>/tool");
        let words = words.replace(&preview, "<root>/preview");
        let words = words.replace(&registry, "<root>/new-registry");
        transcript.push_str(&format!("$ {words}\n{document}\n"));
    };
    say(3, &["list"]);
    say(0, &["init"]);
    say(0, &["search", "mem"]);
    say(0, &["resolve", "memory"]);
    say(0, &["fetch", &url, &preview]);
    say(0, &["validate", &url]);
    say(2, &["schema", "x"]);
    let created = ["create", "made", "--mcp", "stdio", "--skill"];
    say(0, &created);
    say(0, &["create", "--from", "npx:@ann/weather@1.2"]);
    say(0, &["registry", "init", &registry]);
    say(0, &["registry", "build", &registry]);
    say(7, &["registry", "diff", &registry]);
    say(10, &["add", &url]);
    say(0, &["add", &url, "-y"]);
    say(0, &["add", "memory"]);
    say(0, &["list"]);
    say(0, &["setup", "tool", "--env", "MODE=slow"]);
    say(0, &["install", "--all"]);
    tool.tree(".atk")
        .file("new", "new\n")
        .file("README.md", "# Two\n");
    tool.commit("Two");
    say(0, &["upgrade", "tool", "--dry-run"]);
    say(1, &["upgrade", "--all"]);
    say(0, &["upgrade", "--all", "-y"]);
    say(0, &["outdated"]);
    say(0, &["verify"]);
    say(0, &["repair"]);
    say(0, &["hold", "tool"]);
    say(1, &["upgrade", "tool"]);
    say(0, &["unhold", "tool"]);
    say(0, &["registry", "add", "team", &url, "--mirror", "m.org/x"]);
    say(0, &["registry", "list"]);
    say(0, &["registry", "remove", "team"]);
    for command in ["start", "restart", "stop", "status"] {
        say(0, &[command, "tool"]);
    }
    say(0, &["stop", "--all"]);
    say(0, &["logs", "tool"]);
    say(7, &["run", "tool", "hi"]);
    say(0, &["git", "status"]);
    say(0, &["show", "tool"]);
    say(0, &["mcp", "tool"]);
    say(0, &["exec", "tool", "--", "--x"]);
    say(0, &["plug", "tool", "--to", "cursor", "--dry-run"]);
    say(0, &["plug", "tool", "--to", "cursor"]);
    say(0, &["plugs"]);
    say(0, &["unplug", "tool"]);
    say(0, &["help", "tool"]);
    say(4, &["help", "too"]);
    use_at_once(&sandbox);
    say(0, &["cache"]);
    say(0, &["cache", "fetch", "--all"]);
    say(0, &["cache", "export", "exported.tar"]);
    say(2, &["cache", "export", "exported.tar"]);
    say(0, &["cache", "import", "exported.tar"]);
    say(0, &["cache", "clear"]);
    say(0, &["uninstall", "tool", "--force"]);
    say(0, &["remove", "memory", "-y"]);
    say(0, &["undo", "--dry-run"]);
    say(0, &["undo", "-y"]);
    say(7, &["undo", "0000"]);
    say(2, &["start"]);
    insta::assert_snapshot!(transcript, @r##"
    $ list
    {"error":{"code":"home_not_initialized","number":20,"exit_code":3,"message":"`<root>/home` is not a home: a home has a `manifest.yaml` and is a git repository","details":{"path":"<root>/home"}}}
    $ init
    {"home":"<root>/home","created":true,"cloned_from":null,"warnings":[]}
    $ search mem
    {"plugins":[{"registry":"default","name":"memory","description":"The plugin memory","installed":null}],"registries":[{"name":"default","url":"<url>/registry","seconds_old":null,"error":null}],"warnings":[]}
    $ resolve memory
    {"type":"registry","registry":null,"name":"memory","revision":null}
    $ fetch <url>/tool <root>/preview
    {"path":"<root>/preview","pin":"<id>","tree":"<id>","definition":{"schema_version":"2026-01-23","name":"Tool","description":"What Tool does","maturity":"ai-generated","service":{"type":"script"},"ports":[{"port":1,"name":"web","protocol":"http"}],"env_vars":[{"name":"MODE","required":false,"secret":false,"default":"fast"}],"lifecycle":{"install":"true","uninstall":"true","start":"true","stop":"true","logs":"echo log","status":"true"},"mcp":{"transport":"stdio","command":"./hi.sh"}},"files":["README.md","hi.sh","plugin.yaml"],"warnings":[]}
    $ validate <url>/tool
    {"valid":true,"name":"Tool","diagnostics":[{"rule":"variable-unused","severity":"warning","file":".atk/plugin.yaml","line":6,"column":19,"field":"env_vars[0].name","message":"`MODE` is declared, and no command and no file of the plugin uses it","fix":"use it, list it in `mcp.env`, or delete it from `env_vars`"}],"warnings":[]}
    $ schema x
    {"error":{"code":"invalid_argument","number":2,"exit_code":2,"message":"`x` is not the name of a schema: they are plugin, overrides, index, manifest, atk","details":{}}}
    $ create made --mcp stdio --skill
    {"name":"made","directory":"made","path":"<root>/work/made","files":[".gitignore","README.md","SKILL.md","plugin.yaml","server.py"],"added":null,"warnings":[]}
    $ create --from npx:@ann/weather@1.2
    {"name":"weather","directory":"weather","path":"<root>/work/weather","files":[".gitignore","README.md","plugin.yaml"],"added":null,"warnings":[]}
    $ registry init <root>/new-registry
    {"path":"<root>/new-registry","files":[".github/workflows/registry.yml",".gitignore","README.md","index.yaml","plugins/.gitkeep"],"repository_created":true,"warnings":[]}
    $ registry build <root>/new-registry
    {"valid":true,"path":"<root>/new-registry","plugins":[],"added":[],"changed":[],"removed":[],"written":false,"diagnostics":[],"warnings":[]}
    $ registry diff <root>/new-registry
    {"error":{"code":"ref_not_found","number":99,"exit_code":7,"message":"the registry's repository has no commit `HEAD`","details":{"path":"<root>/new-registry","help":"name a branch, a tag or a commit; fetch it first if only the server has it"}}}
    $ add <url>/tool
    {"error":{"code":"trust_required","number":72,"exit_code":10,"message":"`Tool` comes from <url>/tool, which must be trusted before its commands run","details":{"plugin":"tool","url":"<url>/tool","prompt":"trust:tool"}}}
    $ add <url>/tool -y
    {"name":"Tool","directory":"tool","path":"<root>/home/plugins/tool","source":{"type":"git","pin":"<id>","url":"<url>/tool","track":null,"held":false,"moved":false},"files":3,"installed":true,"commit":"<id>","push":null,"warnings":[]}
    $ add memory
    {"name":"Memory","directory":"memory","path":"<root>/home/plugins/memory","source":{"type":"registry","pin":"<id>","url":null,"track":null,"held":false,"moved":false},"files":1,"installed":false,"commit":"<id>","push":null,"warnings":[]}
    $ list
    {"plugins":[{"name":"Tool","directory":"tool","source":{"type":"git","pin":"<id>","url":"<url>/tool","track":null,"held":false,"moved":false},"state":"ready","operation":null},{"name":"Memory","directory":"memory","source":{"type":"registry","pin":"<id>","url":null,"track":null,"held":false,"moved":false},"state":"ready","operation":null}]}
    $ setup tool --env MODE=slow
    {"plugins":[{"directory":"tool","name":"Tool","result":"done","outcome":{"written":["MODE"],"path":"<root>/home/plugins/tool/.env","fetched":false,"warnings":[]}}],"warnings":[]}
    $ install --all
    {"plugins":[{"directory":"tool","name":"Tool","result":"done","outcome":{"pin":"<id>","fetched":false,"installed":true,"warnings":[]}},{"directory":"memory","name":"Memory","result":"done","outcome":{"pin":"<id>","fetched":false,"installed":false,"warnings":[]}}],"warnings":[]}
    $ upgrade tool --dry-run
    {"plugins":[{"directory":"tool","name":"Tool","result":"done","outcome":{"digest":"<id>","directory":"tool","old_name":"Tool","new_name":"Tool","old_pin":"<id>","new_pin":"<id>","older":false,"files":{"added":["new"],"changed":["README.md"],"removed":[],"edited":[]},"commands":[],"ports_added":[],"ports_removed":[],"variables_added":[],"variables_removed":[],"plugs":[],"needs_trust":true,"warnings":[]}}],"warnings":[]}
    $ upgrade --all
    {"plugins":[{"directory":"tool","name":"Tool","result":"failed","error":{"code":"trust_required","number":72,"exit_code":10,"message":"`Tool` comes from <url>/tool, which must be trusted before its commands run","details":{"plugin":"tool","url":"<url>/tool","prompt":"trust:tool"}}},{"directory":"memory","name":"Memory","result":"skipped","reason":"up_to_date"}],"warnings":[]}
    $ upgrade --all -y
    {"plugins":[{"directory":"tool","name":"Tool","result":"done","outcome":{"plan":{"digest":"<id>","directory":"tool","old_name":"Tool","new_name":"Tool","old_pin":"<id>","new_pin":"<id>","older":false,"files":{"added":["new"],"changed":["README.md"],"removed":[],"edited":[]},"commands":[],"ports_added":[],"ports_removed":[],"variables_added":[],"variables_removed":[],"plugs":[],"needs_trust":true,"warnings":[]},"installed":true,"backup":null,"commit":"<id>","push":null,"warnings":[]}},{"directory":"memory","name":"Memory","result":"skipped","reason":"up_to_date"}],"warnings":[]}
    $ outdated
    {"plugins":[{"directory":"tool","name":"Tool","result":"done","outcome":{"source":{"type":"git","pin":"<id>","url":"<url>/tool","track":null,"held":false,"moved":false},"state":"current","newest":"<id>","newest_at":1767225602,"reason":null}},{"directory":"memory","name":"Memory","result":"done","outcome":{"source":{"type":"registry","pin":"<id>","url":null,"track":null,"held":false,"moved":false},"state":"current","newest":"<id>","newest_at":1767225601,"reason":null}}],"warnings":[]}
    $ verify
    {"intact":true,"plugins":[{"directory":"tool","name":"Tool","result":"done","outcome":{"state":"ok","pin":"<id>","findings":[],"extra":[],"reason":null}},{"directory":"memory","name":"Memory","result":"done","outcome":{"state":"ok","pin":"<id>","findings":[],"extra":[],"reason":null}}],"findings":[],"warnings":[]}
    $ repair
    {"intact":true,"plugins":[],"findings":[],"commit":null,"push":null,"warnings":[]}
    $ hold tool
    {"name":"Tool","directory":"tool","source":{"type":"git","pin":"<id>","url":"<url>/tool","track":null,"held":true,"moved":false},"changed":true,"commit":"<id>","push":null,"warnings":[]}
    $ upgrade tool
    {"error":{"code":"held","number":47,"exit_code":1,"message":"`tool` is held at its commit","details":{"plugin":"tool","help":"release it, or name the version to upgrade to"}}}
    $ unhold tool
    {"name":"Tool","directory":"tool","source":{"type":"git","pin":"<id>","url":"<url>/tool","track":null,"held":false,"moved":false},"changed":true,"commit":"<id>","push":null,"warnings":[]}
    $ registry add team <url>/tool --mirror m.org/x
    {"name":"team","url":"<url>/tool","mirrors":["m.org/x"],"commit":"<id>","push":null,"warnings":[]}
    $ registry list
    {"registries":[{"name":"default","url":"<url>/registry","mirrors":[],"in_home":false,"plugins":["memory"]},{"name":"team","url":"<url>/tool","mirrors":["m.org/x"],"in_home":true,"plugins":[]}]}
    $ registry remove team
    {"name":"team","url":"<url>/tool","plugins":[],"commit":"<id>","push":null,"warnings":[]}
    $ start tool
    {"plugins":[{"directory":"tool","name":"Tool","result":"skipped","reason":"already_running"}],"warnings":[]}
    $ restart tool
    {"plugins":[{"directory":"tool","name":"Tool","result":"done","outcome":{"commands":["stop","start"],"warnings":[]}}],"warnings":[]}
    $ stop tool
    {"plugins":[{"directory":"tool","name":"Tool","result":"done","outcome":{"commands":["stop"],"warnings":[]}}],"warnings":[]}
    $ status tool
    {"plugins":[{"directory":"tool","name":"Tool","result":"done","outcome":{"state":"running","unknown":null,"files":"ready","ports":[{"port":1,"name":"web","protocol":"http","in_use":false}],"unset":[]}}],"repository":{"branch":"main","commit":"<id>","subject":"Remove registry 'team'","committed_at":0,"remote":null,"url":null,"upstream":null,"ahead":null,"behind":null,"changed":0,"changes":[]},"warnings":[]}
    $ stop --all
    {"plugins":[{"directory":"tool","name":"Tool","result":"done","outcome":{"commands":["stop"],"warnings":[]}},{"directory":"memory","name":"Memory","result":"skipped","reason":"no_command"}],"warnings":["`Memory` declares no `stop` command"]}
    $ logs tool
    {"commands":["logs"],"warnings":[]}
    $ run tool hi
    {"script":"hi.sh","exit_code":7,"warnings":[]}
    $ git status
    {"script":"git","exit_code":0,"warnings":[]}
    $ show tool
    {"name":"Tool","directory":"tool","path":"<root>/home/plugins/tool","source":{"type":"git","pin":"<id>","url":"<url>/tool","track":null,"held":false,"moved":false},"pinned_at":0,"state":"ready","operation":null,"definition":{"schema_version":"2026-01-23","name":"Tool","description":"What Tool does","maturity":"ai-generated","service":{"type":"script"},"ports":[{"port":1,"name":"web","protocol":"http"}],"env_vars":[{"name":"MODE","required":false,"secret":false,"default":"fast"}],"lifecycle":{"install":"true","uninstall":"true","start":"true","stop":"true","logs":"echo log","status":"true"},"mcp":{"transport":"stdio","command":"./hi.sh"}},"variables":[{"name":"MODE","required":false,"secret":false,"is_set":true,"value":"slow","origin":"env_file"}],"ports":[{"port":1,"name":"web","protocol":"http","in_use":false}],"skills":[],"scripts":["hi.sh"],"edited":[],"warnings":[]}
    $ mcp tool
    {"Tool":{"command":"./hi.sh"}}
    $ exec tool -- --x
    {"directory":"tool","path":"<root>/home/plugins/tool","program":"<root>/home/plugins/tool/hi.sh","args":["--x"],"env":{"ATK_HOME":"<root>/home","ATK_PLUGIN_DIR":"<root>/home/plugins/tool","MODE":"slow"},"unset_env":[],"warnings":[]}
    $ plug tool --to cursor --dry-run
    {"plugins":[{"directory":"tool","name":"Tool","result":"done","outcome":{"entries":[{"agent":"cursor","kind":"server","file":"<root>/user/.cursor/mcp.json","entry":"tool","change":"added","reason":null,"content":"{\"command\":\"<atk>\",\"args\":[\"exec\",\"tool\",\"--home\",\"<root>/home\"]}","backup":null}],"warnings":[]}}],"warnings":[]}
    $ plug tool --to cursor
    {"plugins":[{"directory":"tool","name":"Tool","result":"done","outcome":{"entries":[{"agent":"cursor","kind":"server","file":"<root>/user/.cursor/mcp.json","entry":"tool","change":"added","reason":null,"content":"{\"command\":\"<atk>\",\"args\":[\"exec\",\"tool\",\"--home\",\"<root>/home\"]}","backup":null}],"warnings":[]}}],"warnings":[]}
    $ plugs
    [{"plugin":"tool","agent":"cursor","kind":"server","file":"<root>/user/.cursor/mcp.json","project":null,"entry":"tool","state":"ok","reason":null,"pin":"<id>","written_at":0}]
    $ unplug tool
    {"plugins":[{"directory":"tool","name":"Tool","result":"done","outcome":{"entries":[{"agent":"cursor","kind":"server","file":"<root>/user/.cursor/mcp.json","entry":"tool","change":"removed","reason":null,"content":null,"backup":null}],"warnings":[]}}],"warnings":[]}
    $ help tool
    {"name":"Tool","text":"# Two\n"}
    $ help too
    {"error":{"code":"plugin_not_installed","number":40,"exit_code":4,"message":"plugin `too` not found","details":{"plugin":"too","help":"did you mean `tool`?"}}}
    $ cache
    {"path":"<root>/cache","bytes":0,"entries":[{"url":"<host>/registry","bytes":0,"last_used":0},{"url":"<host>/tool","bytes":0,"last_used":0}],"trash":[]}
    $ cache fetch --all
    {"plugins":[{"directory":"tool","name":"Tool","result":"done","outcome":{"pin":"<id>","files":4,"warnings":[]}},{"directory":"memory","name":"Memory","result":"done","outcome":{"pin":"<id>","files":1,"warnings":[]}}],"warnings":[]}
    $ cache export exported.tar
    {"path":"<root>/work/exported.tar","bytes":0,"entries":[{"url":"<host>/registry","bytes":0,"last_used":0},{"url":"<host>/tool","bytes":0,"last_used":0}],"warnings":[]}
    $ cache export exported.tar
    {"error":{"code":"invalid_argument","number":2,"exit_code":2,"message":"`<root>/work/exported.tar` already exists","details":{"path":"<root>/work/exported.tar","help":"choose another name, or remove it first"}}}
    $ cache import exported.tar
    {"path":"<root>/work/exported.tar","entries":[{"url":"<host>/registry","bytes":0,"last_used":0},{"url":"<host>/tool","bytes":0,"last_used":0}],"warnings":[]}
    $ cache clear
    {"path":"<root>/cache","bytes":0,"entries":[{"url":"<host>/registry","bytes":0,"last_used":0},{"url":"<host>/tool","bytes":0,"last_used":0}],"trash":[]}
    $ uninstall tool --force
    {"name":"Tool","directory":"tool","was_installed":true,"uninstalled":true,"unplugged":[],"saved":null,"backup":null,"commit":"<id>","push":null,"warnings":[]}
    $ remove memory -y
    {"name":"Memory","directory":"memory","was_installed":true,"uninstalled":false,"unplugged":[],"saved":null,"backup":null,"commit":"<id>","push":null,"warnings":[]}
    $ undo --dry-run
    {"commit":"<id>","time":0,"subject":"Remove plugin 'Memory'","plugins":[{"change":{"directory":"memory","name":"Memory","operation":"add","old_pin":null,"new_pin":"<id>"},"upgrade":null,"restores_env":false}],"later":[],"warnings":[]}
    $ undo -y
    {"commit":"<id>","subject":"Remove plugin 'Memory'","plugins":[{"directory":"memory","name":"Memory","result":"done","outcome":{"change":{"directory":"memory","name":"Memory","operation":"add","old_pin":null,"new_pin":"<id>"},"installed":false,"uninstalled":false,"restored_env":false,"backup":null,"commit":"<id>","push":null,"warnings":[]}}],"warnings":[]}
    $ undo 0000
    {"error":{"code":"ref_not_found","number":99,"exit_code":7,"message":"the home has no commit `0000` that changed a plugin","details":{"help":"`atk history` shows the commits that did"}}}
    $ start
    {"error":{"code":"invalid_argument","number":2,"exit_code":2,"message":"the following required arguments were not provided: <PLUGIN|--all>","details":{}}}
    "##);
}

/// Which programs there are, and their versions, depend on the machine.
#[test]
fn doctor_writes_one_document() {
    let mut sandbox = Sandbox::with_home();
    let path = std::env::var_os("PATH").unwrap();
    let git = std::env::split_paths(&path).map(|dir| dir.join("git"));
    let git = git.into_iter().find(|git| git.is_file()).unwrap();
    sandbox.files("user/bin").file("x", "");
    std::os::unix::fs::symlink(git, sandbox.path("user/bin/git")).unwrap();
    sandbox.set("PATH", sandbox.path("user/bin"));
    let env = sandbox.home().join("plugins/mine/.env");
    fs::create_dir_all(env.parent().unwrap()).unwrap();
    fs::write(env, "A=1\n").unwrap();
    sandbox.git(&["add", "-f", "plugins/mine/.env"]);
    let shown = |code: i32, words: &[&str]| {
        let ended = sandbox
            .atk(&[&["--json", "doctor"], words].concat())
            .fails(code);
        assert_eq!(ended.stdout.lines().count(), 1, "one document: {ended:?}");
        let mut document = ended.json();
        assert!(
            document["checks"][0]["message"]
                .as_str()
                .unwrap()
                .starts_with("git version ")
        );
        document["checks"][0]["message"] = "<version>".into();
        if document["commit"].is_string() {
            document["commit"] = "<id>".into();
        }
        let root = sandbox.path("").display().to_string();
        let text = document
            .to_string()
            .replace(root.trim_end_matches('/'), "<root>");
        text.replace("},{", "},\n{")
    };
    insta::assert_snapshot!(shown(1, &[]), @r#"
    {"checks":[{"id":"git","state":"ok","message":"<version>","fix":null,"fixable":false,"fixed":false},
    {"id":"ssh","state":"ok","message":"not installed, and no plugin needs it","fix":null,"fixable":false,"fixed":false},
    {"id":"docker","state":"ok","message":"not installed, and no plugin needs it","fix":null,"fixable":false,"fixed":false},
    {"id":"compose","state":"ok","message":"not installed, and no plugin needs it","fix":null,"fixable":false,"fixed":false},
    {"id":"home","state":"ok","message":"`<root>/home` is a home","fix":null,"fixable":false,"fixed":false},
    {"id":"safe_directory","state":"ok","message":"git works in the home","fix":null,"fixable":false,"fixed":false},
    {"id":"locks","state":"ok","message":"no lock of git's is left","fix":null,"fixable":false,"fixed":false},
    {"id":"file_system","state":"ok","message":"executable bits, symbolic links and case are kept","fix":null,"fixable":false,"fixed":false},
    {"id":"interrupted","state":"ok","message":"no operation was interrupted","fix":null,"fixable":false,"fixed":false},
    {"id":"in_progress","state":"ok","message":"no merge or rebase is in progress","fix":null,"fixable":false,"fixed":false},
    {"id":"manifest","state":"ok","message":"`manifest.yaml` can be read; plugins: 0","fix":null,"fixable":false,"fixed":false},
    {"id":"branch","state":"ok","message":"commits go to the branch `main`","fix":null,"fixable":false,"fixed":false},
    {"id":"remote","state":"ok","message":"the home has no remote","fix":null,"fixable":false,"fixed":false},
    {"id":"hooks","state":"ok","message":"no hook runs at a commit","fix":null,"fixable":false,"fixed":false},
    {"id":"signing","state":"ok","message":"your commits are not signed","fix":null,"fixable":false,"fixed":false},
    {"id":"gitignore","state":"ok","message":"`.gitignore` keeps secrets out of git","fix":null,"fixable":false,"fixed":false},
    {"id":"ignored","state":"ok","message":"no pattern of yours hides files of the home","fix":null,"fixable":false,"fixed":false},
    {"id":"secrets","state":"problem","message":"git has `plugins/mine/.env`, which may hold secrets","fix":"`atk doctor --fix` stops tracking it, and it stays on disk; older commits still have it, so renew the secrets","fixable":true,"fixed":false},
    {"id":"env_files","state":"ok","message":"no `.env` can be read by others","fix":null,"fixable":false,"fixed":false},
    {"id":"plugins","state":"ok","message":"the files of all plugins are there, and can be read","fix":null,"fixable":false,"fixed":false},
    {"id":"commands","state":"ok","message":"the programs that plugins start with are there","fix":null,"fixable":false,"fixed":false},
    {"id":"ports","state":"ok","message":"no port is declared twice","fix":null,"fixable":false,"fixed":false},
    {"id":"agents","state":"ok","message":"what is plugged in is as ATK wrote it: 0","fix":null,"fixable":false,"fixed":false},
    {"id":"python_tool","state":"ok","message":"the Python tool is not used in this home","fix":null,"fixable":false,"fixed":false}],"commit":null,"push":null,"warnings":[]}
    "#);
    insta::assert_snapshot!(shown(0, &["--fix"]), @r#"
    {"checks":[{"id":"git","state":"ok","message":"<version>","fix":null,"fixable":false,"fixed":false},
    {"id":"ssh","state":"ok","message":"not installed, and no plugin needs it","fix":null,"fixable":false,"fixed":false},
    {"id":"docker","state":"ok","message":"not installed, and no plugin needs it","fix":null,"fixable":false,"fixed":false},
    {"id":"compose","state":"ok","message":"not installed, and no plugin needs it","fix":null,"fixable":false,"fixed":false},
    {"id":"home","state":"ok","message":"`<root>/home` is a home","fix":null,"fixable":false,"fixed":false},
    {"id":"safe_directory","state":"ok","message":"git works in the home","fix":null,"fixable":false,"fixed":false},
    {"id":"locks","state":"ok","message":"no lock of git's is left","fix":null,"fixable":false,"fixed":false},
    {"id":"file_system","state":"ok","message":"executable bits, symbolic links and case are kept","fix":null,"fixable":false,"fixed":false},
    {"id":"interrupted","state":"ok","message":"no operation was interrupted","fix":null,"fixable":false,"fixed":false},
    {"id":"in_progress","state":"ok","message":"no merge or rebase is in progress","fix":null,"fixable":false,"fixed":false},
    {"id":"manifest","state":"ok","message":"`manifest.yaml` can be read; plugins: 0","fix":null,"fixable":false,"fixed":false},
    {"id":"branch","state":"ok","message":"commits go to the branch `main`","fix":null,"fixable":false,"fixed":false},
    {"id":"remote","state":"ok","message":"the home has no remote","fix":null,"fixable":false,"fixed":false},
    {"id":"hooks","state":"ok","message":"no hook runs at a commit","fix":null,"fixable":false,"fixed":false},
    {"id":"signing","state":"ok","message":"your commits are not signed","fix":null,"fixable":false,"fixed":false},
    {"id":"gitignore","state":"ok","message":"`.gitignore` keeps secrets out of git","fix":null,"fixable":false,"fixed":false},
    {"id":"ignored","state":"ok","message":"no pattern of yours hides files of the home","fix":null,"fixable":false,"fixed":false},
    {"id":"secrets","state":"problem","message":"git has `plugins/mine/.env`, which may hold secrets","fix":"`atk doctor --fix` stops tracking it, and it stays on disk; older commits still have it, so renew the secrets","fixable":true,"fixed":true},
    {"id":"env_files","state":"ok","message":"no `.env` can be read by others","fix":null,"fixable":false,"fixed":false},
    {"id":"plugins","state":"ok","message":"the files of all plugins are there, and can be read","fix":null,"fixable":false,"fixed":false},
    {"id":"commands","state":"ok","message":"the programs that plugins start with are there","fix":null,"fixable":false,"fixed":false},
    {"id":"ports","state":"ok","message":"no port is declared twice","fix":null,"fixable":false,"fixed":false},
    {"id":"agents","state":"ok","message":"what is plugged in is as ATK wrote it: 0","fix":null,"fixable":false,"fixed":false},
    {"id":"python_tool","state":"ok","message":"the Python tool is not used in this home","fix":null,"fixable":false,"fixed":false}],"commit":null,"push":null,"warnings":[]}
    "#);
}

#[test]
fn a_lost_comment_of_the_manifest_is_in_the_document() {
    let sandbox = Sandbox::with_home();
    for name in ["one", "two"] {
        sandbox.files(&format!("work/{name}")).definition(name, "");
    }
    sandbox.atk(&["add", "./one"]).succeeds();
    let manifest = sandbox.home().join("manifest.yaml");
    let shared = "# mine\nschema_version: '2026-02-06'\nplugins: &plugins\n\
                  - {name: one, directory: one, source: {type: local, ref: null, url: null}}\n\
                  again: *plugins\n";
    for line in [&["add", "./two"][..], &["remove", "two", "-y"]] {
        fs::write(&manifest, shared).unwrap();
        if line[0] == "remove" {
            let two = shared.replace(
                "again",
                "- {name: two, directory: two, source: {type: local}}\nagain",
            );
            fs::write(&manifest, two).unwrap();
        }
        let document = sandbox.atk(&[&["--json"], line].concat()).succeeds().json();
        let expected = ["the comments in `manifest.yaml` could not be kept"];
        assert_eq!(
            document["warnings"],
            serde_json::json!(expected),
            "{document}"
        );
    }
}

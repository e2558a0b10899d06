//! Files that are written to be hard to read: definitions, overlays, indexes, manifests of homes
//! that are cloned.

use atk_core::ErrorKind;
use atk_tests::repository::{Registry, Repository};

use crate::attack::{Attack, Bytes, Expected, Input};

const REFUSED: Expected = Expected::Refused(&[ErrorKind::DefinitionInvalid]);
const REFUSED_INDEX: Expected =
    Expected::Refused(&[ErrorKind::RegistryInvalid, ErrorKind::NotInRegistry]);

const HEAD: &str = "schema_version: '2026-01-23'\nname: Tool\ndescription: a tool\n";

/// Files by what they are; true if they are in the sample.
const TEXTS: &[(&str, bool, Bytes)] = &[
    ("300,000 brackets", true, || deep("more: ", "[", 300_000)),
    ("300,000 braces", false, || deep("more: ", "{a: ", 200_000)),
    ("300,000 dashes", false, || deep("more:\n", "- ", 400_000)),
    ("300,000 question marks", false, || {
        deep("more:\n", "? ", 400_000)
    }),
    ("65 levels", true, || deep("more: ", "[", 65)),
    ("aliases that double 60 times", true, || doubling("a", 60)),
    ("aliases of mappings that double", false, || {
        let mut text = format!("{HEAD}b0: &b0 {{x: 1}}\n");
        for at in 1..60 {
            text += &format!("b{at}: &b{at} {{<<: *b{0}, l: *b{0}, r: *b{0}}}\n", at - 1);
        }
        text.into_bytes()
    }),
    ("an alias of itself", true, || {
        format!("{HEAD}more: &a [*a]\n").into_bytes()
    }),
    ("a key twice", true, || {
        format!("{HEAD}name: Other\n").into_bytes()
    }),
    ("2 MB of blanks", false, || {
        [HEAD.as_bytes(), &[b' '; 2 << 20]].concat()
    }),
    ("a value of 2 MB", false, || {
        format!("{HEAD}more: '{}'\n", "x".repeat(2 << 20)).into_bytes()
    }),
    ("200,000 keys", false, || {
        (0..200_000)
            .map(|at| format!("k{at}: 1\n"))
            .collect::<String>()
            .into_bytes()
    }),
    ("100,000 anchors", false, || {
        (0..60_000)
            .map(|at| format!("- &a{at} x\n"))
            .collect::<String>()
            .into_bytes()
    }),
    ("a number of a million digits", false, || {
        format!("{HEAD}more: {}\n", "9".repeat(1_000_000)).into_bytes()
    }),
    ("UTF-16", false, || {
        HEAD.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }),
    ("not UTF-8", true, || {
        [HEAD.as_bytes(), b"more: \xff\n"].concat()
    }),
    ("NUL bytes", false, || vec![0; 1 << 20]),
    ("an open quote", false, || {
        format!("{HEAD}more: \"{}", "x\n".repeat(200_000)).into_bytes()
    }),
    ("tags without end", false, || {
        format!("{HEAD}more: {}x\n", "!!a ".repeat(200_000)).into_bytes()
    }),
    ("a million documents", false, || {
        "---\n".repeat(250_000).into_bytes()
    }),
    ("directives without end", false, || {
        "%YAML 1.1\n".repeat(100_000).into_bytes()
    }),
    ("a list for a name", true, || {
        HEAD.replace("Tool", "[a, b]").into_bytes()
    }),
];

fn deep(head: &str, open: &str, times: usize) -> Vec<u8> {
    format!("{HEAD}{head}{}", open.repeat(times)).into_bytes()
}

fn doubling(name: &str, times: usize) -> Vec<u8> {
    let mut text = format!("{HEAD}{name}0: &{name}0 [x, x]\n");
    for at in 1..times {
        text += &format!("{name}{at}: &{name}{at} [*{name}{0}, *{name}{0}]\n", at - 1);
    }
    text.into_bytes()
}

pub(crate) fn all(inputs: &mut Vec<Input>) {
    for &(name, in_sample, text) in TEXTS {
        inputs.push(Input {
            group: "definition",
            name: name.to_owned(),
            in_sample,
            seconds: 120,
            expected: REFUSED,
            prepare: Box::new(move |sandbox| {
                sandbox.files("work/tool").file("plugin.yaml", text());
                Attack::add("./tool")
            }),
        });
        inputs.push(Input {
            group: "index",
            name: name.to_owned(),
            in_sample,
            seconds: 120,
            expected: Expected::Bounded,
            prepare: Box::new(move |sandbox| indexed(sandbox, text())),
        });
        inputs.push(Input {
            group: "cloned home",
            name: name.to_owned(),
            in_sample,
            seconds: 120,
            expected: Expected::Bounded,
            prepare: Box::new(move |sandbox| {
                for file in ["manifest.yaml", "atk.yaml"] {
                    std::fs::write(sandbox.home().join(file), text()).unwrap();
                }
                Attack::of(&["list", "--json"]).then(&["status", "--json"])
            }),
        });
    }
    index(inputs, "63 MiB of entries", || {
        let entry = |at: usize| {
            format!(
                "- {{name: plugin-{at}, path: p/{at}, description: '{}'}}\n",
                "x".repeat(60)
            )
        };
        let text: String = (0..600_000).map(entry).collect();
        format!("plugins:\n{text}").into_bytes()
    });
    index(inputs, "65 MiB", || {
        [&b"plugins: []\n#"[..], &vec![b'x'; 65 << 20]].concat()
    });
    index(inputs, "a million plugins and one", || {
        let text: String = (0..1_000_001)
            .map(|at| format!("- {{name: a{at}, path: b}}\n"))
            .collect();
        format!("plugins:\n{text}").into_bytes()
    });
    index(inputs, "a name of 60 MiB", || {
        format!("plugins:\n- name: {}\n  path: x\n", "n".repeat(60 << 20)).into_bytes()
    });
    for path in [
        "../x",
        "/etc",
        "plugins/../../x",
        ".git/x",
        ".GIT",
        "a\\b",
        "a\u{1b}[2Jb",
        "C:/x",
        "",
        ".",
    ] {
        let title = path.escape_default();
        inputs.push(Input {
            group: "index",
            name: format!("the path `{title}`"),
            in_sample: path == "../x",
            seconds: 120,
            expected: REFUSED_INDEX,
            prepare: Box::new(move |sandbox| {
                let mut registry = Registry::new(&sandbox.repos(), "registry");
                registry.entry("evil", path, "x");
                registry.commit("Add it");
                let url = registry.file_url();
                sandbox.use_registry(&url);
                Attack::add("evil")
            }),
        });
    }
    overlays(inputs);
}

fn index(inputs: &mut Vec<Input>, name: &str, text: Bytes) {
    inputs.push(Input {
        group: "index",
        name: name.to_owned(),
        in_sample: false,
        // Without optimisation a parser takes ten times as long.
        seconds: 300,
        expected: Expected::Bounded,
        prepare: Box::new(move |sandbox| indexed(sandbox, text())),
    });
}

/// A registry with this index, in which something is looked for.
fn indexed(sandbox: &mut atk_tests::sandbox::Sandbox, text: Vec<u8>) -> Attack {
    let registry = Repository::new(&sandbox.repos(), "registry");
    registry.tree("").file("index.yaml", text);
    registry.commit("Add it");
    sandbox.use_registry(&registry.file_url());
    Attack::of(&["search", "plugin", "--json"]).then(&["add", "plugin-7", "-y", "--json"])
}

fn overlays(inputs: &mut Vec<Input>) {
    inputs.push(Input {
        group: "overlay",
        name: "aliases that double 60 times".to_owned(),
        in_sample: false,
        seconds: 120,
        expected: Expected::Bounded,
        prepare: Box::new(|sandbox| {
            sandbox.files("work/tool").definition("Tool", "");
            sandbox.atk(&["add", "./tool", "-y"]).succeeds();
            let file = sandbox.home().join("plugins/tool/custom/overrides.yaml");
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, doubling("env_vars", 60)).unwrap();
            Attack::of(&["list", "--json"])
                .then(&["status", "--json"])
                .then(&["mcp", "tool", "--json"])
        }),
    });
}

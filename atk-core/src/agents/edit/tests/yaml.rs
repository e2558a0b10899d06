use super::*;

const CASE: Case = Case {
    format: Format::Yaml,
    places: [
        Place::Key(&["extensions", "tool-0"]),
        Place::Key(&["extensions", "tool-1"]),
        Place::Key(&["extensions", "tool-2"]),
    ],
};

const fn item(name: &'static str) -> Place<'static> {
    Place::Item {
        list: &["mcpServers"],
        by: "name",
        name,
    }
}

const LIST: Case = Case {
    format: Format::Yaml,
    places: [item("tool-0"), item("tool-1"), item("tool-2")],
};

/// Files before an entry is added.
const FILES: &[&str] = &[
    "",
    "\n",
    "  \n\r\n",
    "\u{feff}",
    "# nothing yet\n",
    "# nothing yet",
    "\r\n# nothing yet\r\n\r\n",
    "---\n",
    "---\n# nothing yet\n",
    "{}\n",
    "{}",
    "GOOSE_PROVIDER: openai",
    "GOOSE_PROVIDER: openai\n",
    "GOOSE_PROVIDER: openai # best\n\n\n",
    "GOOSE_PROVIDER: openai\r\nmode: auto\r\n",
    "\u{feff}GOOSE_PROVIDER: openai\r\n",
    "extensions:\n",
    "extensions:",
    "extensions: # all of them\nmode: auto\n",
    "extensions:\n  # none yet\nmode: auto\n",
    "extensions: {}\n",
    "extensions: {} # none\nmode: auto\n",
    "extensions:   null\n",
    "mode: auto\nextensions: ~",
    "extensions:\n  {}\n",
    "extensions:\n  a:\n    type: stdio\n    cmd: x\n    args: []\n",
    "extensions:\n    a:\n        type: stdio\n\n    b:\n        type: stdio\n\n\nmode: auto\n",
    "extensions:\r\n  a:\r\n    type: stdio\r\nmode: auto\r\n",
    "extensions:\n  a:\n    type: stdio # why\n    # args: []\n  # b:\n  #   type: stdio\nmode: auto\n",
    "extensions:\n  a:\n    type: stdio\n\n  # about the mode\nmode: auto\n",
    "extensions:\n  a:\n    args:\n    - x\n    - 'y'\n    description: |\n      two\n      lines\n",
    "extensions:\n  a:\n    description: >-\n      two\n\n      lines\n\nmode: auto\n",
    "extensions:\n  a:\n    description: \"two\n      lines\"\n  b:\n    description: two\n      lines",
    "extensions:\n  a: {type: stdio, args: [x, y]}\n",
    "extensions: {a: {type: stdio}}\n",
    "extensions: { a: { type: stdio }, \"b\": {} } # flow\nmode: auto\n",
    "extensions: {\n  a: {type: stdio}, # one\n  b: {type: stdio} # two\n}\n",
    "extensions: {\n  a: {type: stdio},\n}\n",
    "{extensions: {a: {type: stdio}}, mode: auto}\n",
    "extensions:\n  a: &a\n    type: stdio\n  b: *a\nmode: &m auto\nother: *m\n",
    "base: &base\n  type: stdio\nextensions:\n  a:\n    <<: *base\n    cmd: x\n",
    "%YAML 1.1\n---\nmode: auto\nextensions:\n  a:\n",
    "extensions:\n  a: !!map\n    type: !!str stdio\n...\n",
    "z: 1\n\"extensions\":\n  'm':\n    x: 1\na:\n  on: off\n  2: 0x1F\n  d: 2026-01-02\n  f: [.inf, 1.0]\n",
    "# nothing\n...\n",
    "# top\n\n\nextensions:\n  a:\n    type: stdio\n   \n# bottom",
];

/// The same for a list.
const LISTS: &[&str] = &[
    "",
    "# nothing yet\n",
    "name: mine\nversion: 1.0.0\n",
    "mcpServers: []\n",
    "mcpServers: [] # none\nname: mine\n",
    "mcpServers:\n",
    "mcpServers:\n  - name: a\n    command: x\n",
    "mcpServers:\n- name: a\n  command: x\nname: mine\n",
    "mcpServers:\n    -   name: a\n        args:\n            - y\n",
    "mcpServers:\r\n  - name: a\r\n    command: x",
    "mcpServers:\n  - name: a # one\n  # - name: b\n  - command: x\n    name: c\n\n# end\n",
    "mcpServers:\n  - command: x\n    name: a\n  -\n    name: b\n  - uses: some/block\n  - text\n  -\n",
    "mcpServers: [{name: a}, {name: b}]\n",
    "mcpServers:\n  [\n    {name: a}, # one\n    {name: b},\n  ]\n",
    "mcpServers:\n  - {name: a, args: [x]}\nname: mine\n",
    "mcpServers:\n  - &a\n    name: a\n  - <<: *a\n    name: b\n",
    "\u{feff}mcpServers:\n  - name: a\n    env:\n      A: |\n        b\n\n",
];

#[test]
fn a_set_entry_is_the_only_difference_and_removing_it_restores_the_file() {
    assert!(FILES.len() >= 30);
    for file in FILES {
        CASE.round_trips(file.as_bytes());
    }
}

#[test]
fn a_set_item_is_the_only_difference_and_removing_it_restores_the_file() {
    assert!(LISTS.len() >= 12);
    for file in LISTS {
        LIST.round_trips(file.as_bytes());
    }
}

#[test]
fn new_text_is_written_like_the_text_around_it() {
    let mut trace = Trace::default();
    let value = json!({
        "name": "tool-0",
        "cmd": "/usr/bin/atk",
        "args": ["exec", "-y", "on", "1e3", "a\"\\\u{7f}\n\u{e9}", "", "a: b", "x #y"],
        "envs": {"A B": "c", "yes": "e"},
        "headers": {},
        "nested": [{"a": [1.5, true, null], "b": {}}, ["x"]],
    });
    let file = "extensions:\r\n    a:\r\n        type: stdio\r\n    # b:\r\nmode: auto\r\n";
    let keys = CASE.set(file.as_bytes(), 0, &value, &mut trace);
    insta::assert_snapshot!(shown(&keys), @r#"
    extensions:␍
        a:␍
            type: stdio␍
        # b:␍
        tool-0:␍
            name: tool-0␍
            cmd: /usr/bin/atk␍
            args:␍
                - exec␍
                - "-y"␍
                - "on"␍
                - "1e3"␍
                - "a\"\\\u007f\né"␍
                - ""␍
                - "a: b"␍
                - "x #y"␍
            envs:␍
                A B: c␍
                "yes": e␍
            headers: {}␍
            nested:␍
                - a:␍
                      - 1.5␍
                      - true␍
                      - null␍
                  b: {}␍
                - - x␍
    mode: auto␍
    ▮
    "#);
    let list = LIST.set(b"mcpServers:\n- name: a\nname: b\n", 0, &value, &mut trace);
    insta::assert_snapshot!(shown(&list), @r#"
    mcpServers:
    - name: a
    - name: tool-0
      cmd: /usr/bin/atk
      args:
        - exec
        - "-y"
        - "on"
        - "1e3"
        - "a\"\\\u007f\né"
        - ""
        - "a: b"
        - "x #y"
      envs:
        A B: c
        "yes": e
      headers: {}
      nested:
        - a:
            - 1.5
            - true
            - null
          b: {}
        - - x
    name: b
    ▮
    "#);
    let flow = LIST.set(b"mcpServers: [{name: a}]", 0, &value, &mut trace);
    insta::assert_snapshot!(shown(&flow), @r#"mcpServers: [{name: a}, {"name": "tool-0", "cmd": "/usr/bin/atk", "args": ["exec", "-y", "on", "1e3", "a\"\\\u007f\né", "", "a: b", "x #y"], "envs": {"A B": "c", "yes": "e"}, "headers": {}, "nested": [{"a": [1.5, true, null], "b": {}}, ["x"]]}]▮"#);
    let value = json!({"name": "tool-0"});
    let new = [
        CASE.set(b"", 0, &value, &mut trace),
        LIST.set(b"", 0, &value, &mut trace),
        CASE.set(b"extensions: {} # none\n", 0, &value, &mut trace),
    ];
    insta::assert_debug_snapshot!(new.map(|bytes| shown(&bytes)), @r#"
    [
        "extensions:\n  tool-0:\n    name: tool-0\n▮",
        "mcpServers:\n  - name: tool-0\n▮",
        "extensions: # none\n  tool-0:\n    name: tool-0\n▮",
    ]
    "#);
}

#[test]
fn what_a_user_added_in_between_stays() {
    let mut trace = Trace::default();
    let mut bytes = b"mode: auto\n".to_vec();
    for number in [0, 1] {
        let value = json!({"cmd": "atk", "args": ["exec"]});
        bytes = CASE.set(&bytes, number, &value, &mut trace);
    }
    let text = String::from_utf8(bytes).unwrap();
    let removed = |text: &str| {
        let orders = [[0, 1], [1, 0]].map(|order| {
            let mut bytes = text.as_bytes().to_vec();
            for number in order {
                bytes = CASE.remove(&bytes, number, &trace);
            }
            String::from_utf8(bytes).unwrap()
        });
        assert_eq!(orders[0], orders[1]);
        orders[0].clone()
    };
    assert_eq!(removed(&text), "mode: auto\n");
    // Neighbours before, between and after.
    let left = "mode: auto\nextensions:\n  mine:\n    cmd: x # me\n";
    let mine = "  mine:\n    cmd: x # me\n";
    for near in ["  tool-0:", "  tool-1:"] {
        assert_eq!(removed(&text.replace(near, &format!("{mine}{near}"))), left);
    }
    assert_eq!(removed(&format!("{text}{mine}")), left);
    // A comment in the mapping that was created, which then stays.
    let comment = text.replace("  tool-1:", "  # mine\n  tool-1:");
    assert_eq!(removed(&comment), "mode: auto\nextensions: {}\n  # mine\n");
    // A key behind it.
    assert_eq!(
        removed(&format!("{text}theme: dark\n")),
        "mode: auto\ntheme: dark\n"
    );
    // The same entries as a program writes them anew.
    let flow = "{mode: auto, extensions: {tool-0: {}, a: {}, tool-1: {}}}\n";
    assert_eq!(removed(flow), "{mode: auto, extensions: {a: {}}}\n");
    let lists = "extensions:\n  tool-1:\n    args:\n    - exec\n    cmd: atk\n  tool-0: {cmd: atk}\n\
                 mode: auto\n";
    assert_eq!(removed(lists), "mode: auto\n");
}

#[test]
fn a_collection_that_atk_did_not_create_stays_when_it_is_empty() {
    let removed = |case: &Case, text: &str| {
        let bytes = case.remove(text.as_bytes(), 0, &Trace::default());
        String::from_utf8(bytes).unwrap()
    };
    assert_eq!(
        removed(&CASE, "extensions:\n  tool-0: {}\n"),
        "extensions: {}\n"
    );
    assert_eq!(
        removed(&LIST, "mcpServers:\n  - name: tool-0\n"),
        "mcpServers: []\n"
    );
    assert_eq!(
        removed(&CASE, "extensions: {tool-0: {}}\n"),
        "extensions: {}\n"
    );
}

fn problem(case: &Case, file: &[u8]) -> String {
    let place = &case.places[0];
    let problem = read(case.format, file, place).unwrap_err();
    let same = set(case.format, file, place, &case.value(0, value(0))).unwrap_err();
    assert_eq!(problem, same);
    let same = remove(case.format, file, place, &Trace::default()).unwrap_err();
    assert_eq!(problem, same);
    problem.to_string()
}

#[test]
fn a_file_in_which_the_entry_is_not_clear_is_refused_with_its_place() {
    let files: &[&[u8]] = &[
        b"a: 1\nb: [\n",
        b"a: 1\n  b: 2\n",
        b"a: \"x\n",
        b"a:\n\tb: 1\n",
        b"a: 1\n---\nb: 1\n",
        b"a: 1\nb: \xff\n",
        b"a: !mine x\n",
        b"a: *b\n",
        b"- a\n",
        b"text\n",
        b"extensions: 1\n",
        b"a: 1\nextensions:\n- a\n",
        b"extensions:\n  tool-0: 1\n  tool-0: 2\n",
        b"extensions: {}\nextensions: {}\n",
    ];
    let problems: Vec<_> = files.iter().map(|file| problem(&CASE, file)).collect();
    insta::assert_debug_snapshot!(problems, @r#"
    [
        ":2:4: unclosed bracket '['",
        ":2:4: mapping values are not allowed in this context",
        ":1:4: unclosed quote",
        ":2:2: tabs disallowed within this context (block indentation); line 2, column 1 has the character U+0009 (tab): indent with spaces",
        ":2:1: a second document starts here",
        ":2:4: the file is not UTF-8",
        ":1:10: the tag `!mine` is not supported here",
        ":1:4: while parsing node, found unknown anchor",
        ":1:1: expected a mapping, found a list",
        ":1:1: expected a mapping, found a string",
        ":1:13: expected a mapping, found an integer",
        ":3:3: expected a mapping, found a list",
        ":3:3: duplicate key `tool-0`, first in line 2",
        ":2:1: duplicate key `extensions`, first in line 1",
    ]
    "#);
    let files: &[&[u8]] = &[
        b"mcpServers: {}\n",
        b"mcpServers: text\n",
        b"mcpServers:\n  - name: tool-0\n  - name: tool-0\n",
    ];
    let problems: Vec<_> = files.iter().map(|file| problem(&LIST, file)).collect();
    insta::assert_debug_snapshot!(problems, @r#"
    [
        ":1:13: expected a list, found a mapping",
        ":1:13: expected a list, found a string",
        ":3:5: an item with the name `tool-0` is declared twice",
    ]
    "#);
    problem(&CASE, "[".repeat(100_000).as_bytes());
    problem(&CASE, "- ".repeat(100_000).as_bytes());
}

#[test]
fn a_change_that_would_say_something_else_is_refused() {
    let files = [
        // An alias repeats the mapping.
        "extensions: &e\n  a: {}\nother: *e\n",
        // The entry comes from elsewhere.
        "base: &base\n  tool-0: {}\nextensions:\n  <<: *base\n  a: {}\n",
        // The keys do not begin their lines.
        "extensions:\n  ? a\n  : type: stdio\n",
        // The entry is repeated elsewhere.
        "extensions:\n  tool-0: &t\n    a: 1\n  b: *t\n",
        // Spaces at the end are part of the text.
        "extensions:\n  a: |+\n    text\n\n\n",
    ];
    let refused = |file: &str| {
        let place = &CASE.places[0];
        set(Format::Yaml, file.as_bytes(), place, &value(0)).map_err(|problem| problem.message)
    };
    for file in files {
        let message = refused(file).expect_err(file);
        assert!(
            message.contains("cannot be changed without"),
            "{file}: {message}"
        );
    }
}

#[test]
fn a_file_with_a_slip_anywhere_is_refused_or_restored() {
    every_slip_round_trips(&CASE, FILES, &[" ", "\n", " # x\n", "\n# x\n", "- "]);
    every_slip_round_trips(&LIST, LISTS, &[" ", "\n", " # x\n", "\n# x\n", "- "]);
}

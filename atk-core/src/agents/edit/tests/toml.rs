use super::*;

const CASE: Case = Case {
    format: Format::Toml,
    places: [
        Place::Key(&["mcp_servers", "tool-0"]),
        Place::Key(&["mcp_servers", "tool-1"]),
        Place::Key(&["mcp_servers", "tool-2"]),
    ],
};

/// Files before an entry is added.
const FILES: &[&str] = &[
    "",
    "\n",
    "  \n\t\r\n",
    "\u{feff}",
    "# nothing yet\n",
    "# nothing yet",
    "\r\n# nothing yet\r\n\r\n",
    "model = \"o3\"",
    "model = \"o3\"\n",
    "model = \"o3\" # best\n\n\n",
    "model = \"o3\"\r\napproval = \"never\"\r\n",
    "\u{feff}model = \"o3\"\r\n",
    "[mcp_servers]\n",
    "[mcp_servers]",
    "[mcp_servers] # all of them\n\n[tui]\ntheme = \"dark\"\n",
    "model = \"o3\"\n\n[mcp_servers.a]\ncommand = \"x\"\nargs = [\"-y\", \"a\"]\n",
    "[mcp_servers.a]\ncommand = \"x\"\n\n[mcp_servers.a.env]\nA = \"b\"\n\n[tui]\ntheme = \"dark\"\n",
    "[mcp_servers.a]\ncommand = \"x\"\n# args = []\n\n# about the theme\n[tui]\ntheme = \"dark\"\n",
    "[tui]\n[mcp_servers.a]\ncommand = \"x\"\n[profiles.p]\nmodel = \"o3\"",
    "[mcp_servers.a]\n\tcommand = \"x\"\n\t[mcp_servers.a.env]\n\tA = \"b\" # tab\n[tui]\n",
    "[mcp_servers]\na = { command = \"x\", args = [] }\n\n[tui]\n",
    "[mcp_servers]\na.command = \"x\"\na.args = [\n  \"y\", # why\n  \"z\",\n]\n",
    "mcp_servers.a.command = \"x\"\nmcp_servers.a.args = []\nmodel = \"o3\"\n\n[tui]\n",
    "mcp_servers = { a = { command = \"x\" } }\n",
    "mcp_servers = { a = { command = \"x\" }, b.command = \"y\" } # inline\nmodel = \"o3\"\n",
    "mcp_servers = {}\n",
    "mcp_servers = { }\n[tui]\n",
    "mcp_servers = {a.command = \"x\"}",
    "mcp_servers = {\n  a = { command = \"x\" }, # one\n  b = { command = \"y\" },\n}\n",
    "[\"mcp_servers\".\"a b\"]\ncommand = \"x\"\n\n['tui']\n\"key with = \" = '''\n[mcp_servers.tool-0]\n'''\n",
    "[[profiles]]\nname = \"a\"\n\n[profiles.mcp_servers.tool-0]\ncommand = \"x\"\n\n[[profiles]]\nname = \"b\"\n",
    "[z]\nn = [1.0, inf, nan, 0x1F, 1_000]\nd = 2026-01-02T03:04:05Z\n\n[mcp_servers.m]\nurl = \"u\"\n\n[a]\n",
    "[mcp_servers.a]\ncommand = \"\"\"\\\n  x\"\"\"\n\n\n\n[mcp_servers.b]\ncommand = 'y'\n\n\n",
    "[a]\nb = 1\n[mcp_servers.a] # first\n[mcp_servers.b] # second\n# end\n",
    "# top\n\n[mcp_servers.a]\ncommand = \"x\"\n   \n# bottom",
];

#[test]
fn a_set_entry_is_the_only_difference_and_removing_it_restores_the_file() {
    assert!(FILES.len() >= 30);
    for file in FILES {
        CASE.round_trips(file.as_bytes());
    }
}

#[test]
fn new_text_is_a_table_beside_its_neighbours() {
    let mut trace = Trace::default();
    let value = json!({
        "command": "/usr/bin/atk",
        "args": ["exec", "a\"\\\u{7f}\n\u{e9}"],
        "env": {"A B": "c", "D": "e"},
        "http_headers": {},
        "nested": {"deep": {"er": 1.5}, "on": true},
    });
    let file = "[mcp_servers.a]\r\ncommand = \"x\"\r\n# args = []\r\n\r\n[tui]\r\n";
    let table = CASE.set(file.as_bytes(), 0, &value, &mut trace);
    insta::assert_snapshot!(shown(&table), @r#"
    [mcp_servers.a]␍
    command = "x"␍
    # args = []␍
    ␍
    [mcp_servers.tool-0]␍
    command = "/usr/bin/atk"␍
    args = ["exec", "a\"\\\u007F\né"]␍
    http_headers = {}␍
    ␍
    [mcp_servers.tool-0.env]␍
    "A B" = "c"␍
    D = "e"␍
    ␍
    [mcp_servers.tool-0.nested]␍
    on = true␍
    ␍
    [mcp_servers.tool-0.nested.deep]␍
    er = 1.5␍
    ␍
    [tui]␍
    ▮
    "#);
    let file = "mcp_servers = { a = { command = \"x\" } }";
    let inline = CASE.set(file.as_bytes(), 0, &value, &mut trace);
    insta::assert_snapshot!(shown(&inline), @r#"mcp_servers = { a = { command = "x" }, tool-0 = { command = "/usr/bin/atk", args = ["exec", "a\"\\\u007F\né"], env = { "A B" = "c", D = "e" }, http_headers = {}, nested = { deep = { er = 1.5 }, on = true } } }▮"#);
    insta::assert_snapshot!(shown(&CASE.set(b"", 0, &json!({"url": "u"}), &mut trace)), @r#"
    [mcp_servers.tool-0]
    url = "u"
    ▮
    "#);
}

#[test]
fn what_a_user_added_in_between_stays() {
    let mut trace = Trace::default();
    let mut bytes = b"model = 1\n".to_vec();
    for number in [0, 1] {
        bytes = CASE.set(
            &bytes,
            number,
            &json!({"command": "atk", "env": {"A": "b"}}),
            &mut trace,
        );
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
    assert_eq!(removed(&text), "model = 1\n");
    // Tables before, between and after.
    let mine = "[mcp_servers.mine]\ncommand = \"x\" # me\n\n";
    for near in ["[mcp_servers.tool-0]", "[mcp_servers.tool-1]"] {
        let text = text.replace(near, &format!("{mine}{near}"));
        let left = "model = 1\n\n[mcp_servers.mine]\ncommand = \"x\" # me\n";
        assert_eq!(removed(&text), left);
    }
    let after = format!("{text}\n{mine}");
    assert_eq!(removed(&after), format!("model = 1\n\n{mine}"));
    // A table in the midst of an entry, and a comment before it.
    let midst = text.replace(
        "[mcp_servers.tool-0.env]",
        "[mine]\na = 1\n\n[mcp_servers.tool-0.env]",
    );
    assert_eq!(removed(&midst), "model = 1\n\n[mine]\na = 1\n");
    let comment = text.replace("[mcp_servers.tool-1]", "# mine\n[mcp_servers.tool-1]");
    assert_eq!(removed(&comment), "model = 1\n\n# mine\n");
    // The same entries as a program writes them anew.
    let dotted = "model = 1\nmcp_servers.tool-0.command = \"atk\"\nmcp_servers.a.command = \"b\"\n\
                  mcp_servers.tool-0.env.A = \"b\"\nmcp_servers.tool-1 = {command = \"atk\"}\n";
    assert_eq!(
        removed(dotted),
        "model = 1\nmcp_servers.a.command = \"b\"\n"
    );
    let inline = "mcp_servers = { tool-0 = {}, a = {}, tool-1 = {} }\n";
    assert_eq!(removed(inline), "mcp_servers = { a = {} }\n");
}

#[test]
fn an_entry_is_replaced_where_it_is() {
    let set = |text: &str| {
        let value = json!({"url": "u"});
        let bytes = CASE.set(text.as_bytes(), 0, &value, &mut Trace::default());
        String::from_utf8(bytes).unwrap()
    };
    assert_eq!(
        set("[mcp_servers.tool-0]\ncommand = \"x\"\n[mcp_servers.tool-0.env]\nA = 1\n[a]\n"),
        "[mcp_servers.tool-0]\nurl = \"u\"\n[a]\n"
    );
    assert_eq!(
        set(
            "[mcp_servers.tool-0]\ncommand = \"x\"\n\n[a]\n\n[mcp_servers.tool-0.env]\nA = 1\n\n[b]\n"
        ),
        "[mcp_servers.tool-0]\nurl = \"u\"\n\n[a]\n\n[b]\n"
    );
    assert_eq!(
        set("[mcp_servers]\na = 1\ntool-0.command = 'x'\ntool-0.args = []\n"),
        "[mcp_servers]\na = 1\ntool-0 = { url = \"u\" }\n"
    );
    assert_eq!(
        set("mcp_servers.tool-0 = {command = 'x'} # mine\n"),
        "mcp_servers.tool-0 = { url = \"u\" } # mine\n"
    );
    assert_eq!(
        set("mcp_servers = {tool-0.command = 'x', a = 1, tool-0.b = 2}\n"),
        "mcp_servers = {tool-0 = { url = \"u\" }, a = 1}\n"
    );
}

#[test]
fn a_file_in_which_the_entry_is_not_clear_is_refused_with_its_place() {
    let problem = |file: &[u8]| {
        let place = &CASE.places[0];
        let problem = read(CASE.format, file, place).unwrap_err();
        let same = set(CASE.format, file, place, &value(0)).unwrap_err();
        assert_eq!(problem, same);
        let same = remove(CASE.format, file, place, &Trace::default()).unwrap_err();
        assert_eq!(problem, same);
        problem.to_string()
    };
    let files: &[&[u8]] = &[
        b"a = 1\nb 2\n",
        b"a = \"x\n",
        b"[a\n",
        b"[a]\nb = 1\n[a]\n",
        b"[mcp_servers.tool-0]\na = 1\na = 2\n",
        b"a = 1\nb = \"\xff\"\n",
        b"mcp_servers = 1\n",
        b"\nmcp_servers = [1]\n",
        b"a = 1\n[[mcp_servers]]\n",
    ];
    let problems: Vec<_> = files.iter().map(|file| problem(file)).collect();
    insta::assert_debug_snapshot!(problems, @r#"
    [
        ":2:3: invalid TOML: key with no value, expected `=`",
        ":1:7: invalid TOML: invalid basic string, expected `\"`",
        ":1:3: invalid TOML: unclosed table, expected `]`",
        ":3:2: invalid TOML: duplicate key",
        ":3:1: invalid TOML: duplicate key",
        ":2:6: the file is not UTF-8",
        ":1:1: expected a table, found a value",
        ":2:1: expected a table, found a list",
        ":2:1: expected a table, found a list",
    ]
    "#);
    problem(format!("a = {}", "[".repeat(100_000)).as_bytes());
    problem(format!("a = {}", "{a=".repeat(100_000)).as_bytes());
}

#[test]
fn what_toml_cannot_express_is_refused() {
    let refused = |place: &Place<'_>, value: &Value| {
        set(Format::Toml, b"a = 1\n", place, value)
            .unwrap_err()
            .message
    };
    let place = &CASE.places[0];
    assert_eq!(
        refused(place, &json!({"a": [null]})),
        "TOML cannot express null"
    );
    assert_eq!(
        refused(place, &json!(1)),
        "an entry of a TOML file must be an object"
    );
    assert!(refused(place, &json!({"a": u64::MAX})).contains("cannot be changed"));
    let item = Place::Item {
        list: &["servers"],
        by: "name",
        name: "a",
    };
    assert!(refused(&item, &json!({"name": "a"})).contains("a list in TOML"));
}

#[test]
fn a_file_with_a_slip_anywhere_is_refused_or_restored() {
    every_slip_round_trips(&CASE, FILES, &[" ", "\n", "# x\n", "\t"]);
}

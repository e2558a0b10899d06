use super::*;

const CASE: Case = Case {
    format: Format::Jsonc,
    places: [
        Place::Key(&["mcpServers", "tool-0"]),
        Place::Key(&["mcpServers", "tool-1"]),
        Place::Key(&["mcpServers", "tool-2"]),
    ],
};

/// Files before an entry is added.
const FILES: &[&str] = &[
    "",
    "\n",
    "  \n\t\r\n",
    "\u{feff}",
    "// nothing yet\n",
    "// nothing yet",
    "/* nothing\n   yet */ ",
    "{}",
    "{}\n",
    "{ }\n",
    "{\n}\n",
    "{\n\n  \n}",
    "{\r\n}\r\n",
    "{ /* nothing */ }\n",
    "{\n  // nothing\n}\n",
    "{\n  // nothing\n  }\n",
    "// first\n{} // last\n",
    "{\"theme\": \"dark\"}",
    "{\"theme\": \"dark\",}\n",
    "{\"mcpServers\": {}}",
    "{\n  \"mcpServers\": {}\n}\n",
    "{\n  \"mcpServers\": {\n  }\n}\n",
    "{\n  \"mcpServers\": {\n\n  },\n  \"z\": 1\n}\n",
    "{\n  \"mcpServers\": { /* none */ },\n  \"z\": 1\n}\n",
    "{\n  \"mcpServers\": {\n    // none\n  }, // all\n  \"z\": 1\n}\n",
    "{\n    \"mcpServers\": {\n        \"a\": {\n            \"command\": \"x\"\n        }\n    }\n}",
    "{\n\t\"mcpServers\": {\n\t\t\"a\": {\n\t\t\t\"command\": \"x\"\n\t\t}\n\t}\n}\n",
    "{\r\n  \"mcpServers\": {\r\n    \"a\": {\r\n      \"command\": \"x\"\r\n    }\r\n  }\r\n}\r\n",
    "\u{feff}{\r\n  \"mcpServers\": {\r\n    \"a\": {}\r\n  }\r\n}",
    "{\n  \"mcpServers\": {\n    \"a\": {}, // one\n    \"b\": {} // two\n    // end\n  }\n}\n",
    "{\n  \"mcpServers\": {\n    \"a\": {}, // one\n    \"b\": {}, // two\n    // end\n  },\n}\n",
    "{\n  \"mcpServers\": {\n    \"a\": {} /* before the comma */ , // behind it\n  },\n}\n",
    "{\n  \"mcpServers\": {\n    \"a\": {} /* one */ /* two\n lines */ // three\n  }\n}\n",
    "{\"mcpServers\": {\"a\": {\"command\": \"x\"}}, \"z\": [1, 2, {\"y\": null}]}\n",
    "{ \"mcpServers\": { \"a\": { \"command\": \"x\" } } }\n",
    "{\"mcpServers\":{\"a\":{\"command\":\"x\"},},}",
    "{\"mcpServers\": {\"a\": {} /* last */ }}\n",
    "{\"mcpServers\": {\n  \"a\": {},\n  \"b\": {}}}\n",
    "{\n\"mcpServers\": {\n\"a\": {}\n}\n}\n",
    "{\n  \"mcpServers\": {\n    \"a\": {}, \"b\": {}\n  }\n}\n",
    "{\n  \"mcpServers\":\n  {\n    \"a\": {}\n\n  }\n\n}\n\n\n",
    "{\n  \"z\": {\"z\": {}},\n  \"mcpServers\": {\"m\": {}},\n  \"a\": {\"z\": 1, \"z\": 2}\n}\n",
    "{\n  \"a\\u0062\": \"caf\\u00e9 \u{1f600}\",\n  \"n\": [1.0, 1e400, -0, 12345678901234567890123]\n}\n",
    "{\n  \"a\": 1   \n  ,\"b\": 2\n  ,\"mcpServers\": {\"c\": {}\n  }\n}\n",
    "{\n  \"a\": 1\n  // \"mcpServers\": {}\n}\n",
];

#[test]
fn a_set_entry_is_the_only_difference_and_removing_it_restores_the_file() {
    assert!(FILES.len() >= 30);
    for file in FILES {
        CASE.round_trips(file.as_bytes());
    }
}

#[test]
fn an_item_of_a_list_is_found_by_a_field() {
    let item = |name| Place::Item {
        list: &["servers", "all"],
        by: "name",
        name,
    };
    let case = Case {
        format: Format::Jsonc,
        places: [item("tool-0"), item("tool-1"), item("tool-2")],
    };
    let files = [
        "",
        "{\"servers\": {}}\n",
        "{\n  \"servers\": {\n    \"all\": []\n  }\n}\n",
        "{\n  \"servers\": {\n    \"all\": [ // none\n    ]\n  }\n}\n",
        "{\"servers\": {\"all\": [1, {\"name\": \"a\"}, \"tool-0\", {\"name\": 7}]}}\n",
        "{\n\t\"servers\": {\n\t\t\"all\": [\n\t\t\t{\"name\": \"a\"}, // a\n\t\t],\n\t},\n}\n",
    ];
    for file in files {
        case.round_trips(file.as_bytes());
    }
}

#[test]
fn new_text_is_written_like_the_text_around_it() {
    let mut trace = Trace::default();
    let file = "{\n\t\"a\": 1, // one\n\t\"mcpServers\": {\n\t\t\"x\": {} // ex\n\t}\n}\n";
    let tabs = CASE.set(file.as_bytes(), 0, &value(0), &mut trace);
    insta::assert_snapshot!(shown(&tabs), @r#"
    {
    →"a": 1, // one
    →"mcpServers": {
    →→"x": {}, // ex
    →→"tool-0": {
    →→→"command": "/usr/bin/atk",
    →→→"args": [
    →→→→"exec",
    →→→→"tool-0"
    →→→],
    →→→"env": {},
    →→→"timeout": 300,
    →→→"on": true
    →→}
    →}
    }
    ▮
    "#);
    let file = "// empty\r\n";
    let comment = CASE.set(file.as_bytes(), 0, &value(0), &mut trace);
    insta::assert_snapshot!(shown(&comment), @r#"
    // empty␍
    {␍
      "mcpServers": {␍
        "tool-0": {␍
          "command": "/usr/bin/atk",␍
          "args": [␍
            "exec",␍
            "tool-0"␍
          ],␍
          "env": {},␍
          "timeout": 300,␍
          "on": true␍
        }␍
      }␍
    }␍
    ▮
    "#);
    let file = "{\"mcpServers\": {\"x\": {}}}";
    let line = CASE.set(file.as_bytes(), 0, &value(0), &mut trace);
    insta::assert_snapshot!(shown(&line), @r#"{"mcpServers": {"x": {}, "tool-0": {"command": "/usr/bin/atk", "args": ["exec", "tool-0"], "env": {}, "timeout": 300, "on": true}}}▮"#);
}

/// A file with entries, and its trace.
fn set(file: &str, numbers: &[usize]) -> (String, Trace) {
    let mut trace = Trace::default();
    let mut bytes = file.as_bytes().to_vec();
    for &number in numbers {
        bytes = CASE.set(&bytes, number, &json!({"command": "atk"}), &mut trace);
    }
    (String::from_utf8(bytes).unwrap(), trace)
}

fn removed(text: &str, numbers: &[usize], trace: &Trace) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for &number in numbers {
        bytes = CASE.remove(&bytes, number, trace);
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn what_a_user_added_in_between_stays() {
    // A neighbour before, between and after.
    let (text, trace) = set("{}", &[0, 1]);
    let left = "{\n  \"mcpServers\": {\n    \"mine\": {}\n  }\n}";
    for near in ["\n    \"tool-0\": ", "\n    \"tool-1\": "] {
        let mine = text.replace(near, &format!("\n    \"mine\": {{}},{near}"));
        assert_eq!(removed(&mine, &[0, 1], &trace), left);
        assert_eq!(removed(&mine, &[1, 0], &trace), left);
    }
    let mine = text.replace("}\n  }\n", "},\n    \"mine\": {} // me\n  }\n");
    let left = "{\n  \"mcpServers\": {\n    \"mine\": {} // me\n  }\n}";
    assert_eq!(removed(&mine, &[0, 1], &trace), left);

    // A comment in a container that was created.
    let mine = text.replace("\n    \"tool-1\"", "\n    // mine\n    \"tool-1\"");
    let left = "{\n  \"mcpServers\": {\n    // mine\n  }\n}";
    assert_eq!(removed(&mine, &[0, 1], &trace), left);
    assert_eq!(removed(&mine, &[1, 0], &trace), left);

    // A key beside a container that was created, in a file that was created.
    let (text, trace) = set("", &[0]);
    let mine = text.replace("\n  }\n", "\n  },\n  \"theme\": 1\n");
    assert_eq!(removed(&mine, &[0], &trace), "{\n  \"theme\": 1\n}\n");

    // The whole file in another layout.
    let (text, trace) = set("{\"a\": 1}", &[0]);
    let mine: Value = serde_json::from_str(&text).unwrap();
    let mine = format!("{mine:#}");
    assert_eq!(removed(&mine, &[0], &trace), "{\n  \"a\": 1\n}");
}

#[test]
fn a_file_in_which_the_entry_is_not_clear_is_refused_with_its_place() {
    let problem = |file: &[u8]| {
        let place = &CASE.places[0];
        let problem = read(CASE.format, file, place).unwrap_err();
        let same = super::set(CASE.format, file, place, &value(0)).unwrap_err();
        assert_eq!(problem, same);
        let same = remove(CASE.format, file, place, &Trace::default()).unwrap_err();
        assert_eq!(problem, same);
        problem.to_string()
    };
    let files: &[&[u8]] = &[
        b"{\n  \"a\": 1\n  \"b\": 2\n}",
        b"{\"a\": 1",
        b"{\"a\": }",
        b"{'a': 1}",
        b"{a: 1}",
        b"{} {}",
        b"{\n  \"a\": \"\xff\"}",
        b"\xff\xfe{\0}\0",
        b"[]",
        b"7",
        b"{\"mcpServers\": null}",
        b"{\"mcpServers\": [1]}",
        b"{\n\"mcpServers\": {},\r\n \"mcpServers\": {}}",
        "{\"mcpServers\": {\"tool-0\": 1, \"\u{e9}\": 2, \"tool-\\u0030\": 2}}".as_bytes(),
    ];
    let problems: Vec<_> = files.iter().map(|file| problem(file)).collect();
    insta::assert_debug_snapshot!(problems, @r#"
    [
        ":2:9: invalid JSON: Expected comma",
        ":1:1: invalid JSON: Unterminated object",
        ":1:7: invalid JSON: Unexpected close brace",
        ":1:2: invalid JSON: Single-quoted strings are not allowed",
        ":1:2: invalid JSON: Expected string for object property",
        ":1:4: invalid JSON: Text cannot contain more than one JSON value",
        ":2:9: the file is not UTF-8",
        ":1:1: the file is not UTF-8",
        ":1:1: expected an object, found a list",
        ":1:1: expected an object, found a number",
        ":1:16: expected an object, found null",
        ":1:16: expected an object, found a list",
        ":3:2: the key `mcpServers` is declared twice",
        ":1:38: the key `tool-0` is declared twice",
    ]
    "#);
    problem("[".repeat(100_000).as_bytes());
    problem("{\"a\":".repeat(100_000).as_bytes());
}

#[test]
fn a_file_with_a_slip_anywhere_is_refused_or_restored() {
    every_slip_round_trips(&CASE, FILES, &[" ", "\n", "/**/", "// x\n", ","]);
}

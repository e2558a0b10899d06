//! What PyYAML 6.0.3 answered, as it was recorded: the reader and the writer must answer the same.

use super::node::{Node, ScalarKind, Type, Value};
use super::tree::{Leaf, Tree};
use super::{Budget, read, write};

/// Strings, and how `yaml.dump([string])` writes them behind its `- `.
const WRITTEN: &[(&str, &str)] = &[
    ("", "''"),
    ("on", "'on'"),
    ("No", "'No'"),
    ("null", "'null'"),
    ("~", "'~'"),
    ("=", "'='"),
    ("<<", "'<<'"),
    ("123", "'123'"),
    ("1_000", "'1_000'"),
    ("0x1F", "'0x1F'"),
    ("012", "'012'"),
    ("08", "08"),
    ("12:30", "'12:30'"),
    ("1.5", "'1.5'"),
    ("1e3", "1e3"),
    ("2026-01-23", "'2026-01-23'"),
    ("2026-13-45", "'2026-13-45'"),
    (
        "1234567890123456789012345678901234567890",
        "'1234567890123456789012345678901234567890'",
    ),
    (
        "c146cebe51932f5ffc0a173359f5744bfc3213b2",
        "c146cebe51932f5ffc0a173359f5744bfc3213b2",
    ),
    ("it's", "it's"),
    ("a:b", "a:b"),
    ("a: b", "'a: b'"),
    ("a:", "'a:'"),
    ("a #b", "'a #b'"),
    ("a#b", "a#b"),
    ("#x", "'#x'"),
    ("- x", "'- x'"),
    ("-x", "-x"),
    ("?", "'?'"),
    ("{x}", "'{x}'"),
    ("[x", "'[x'"),
    ("%x", "'%x'"),
    ("@x", "'@x'"),
    ("`x", "'`x'"),
    ("!x", "'!x'"),
    ("&x", "'&x'"),
    ("*x", "'*x'"),
    ("|", "'|'"),
    (">", "'>'"),
    ("'q'", "'''q'''"),
    ("\"d\"", "'\"d\"'"),
    ("a\\b", "a\\b"),
    ("--- x", "'--- x'"),
    ("...", "'...'"),
    ("  pad ", "'  pad '"),
    ("a\nb", "'a\n\n  b'"),
    ("a\n\nb\n", "'a\n\n\n  b\n\n  '"),
    ("a \nb", "\"a \\nb\""),
    ("a\n b", "\"a\\n b\""),
    ("tab\t", "\"tab\\t\""),
    ("\u{7f}\u{0}", "\"\\x7F\\0\""),
    ("é — 🔑", "\"\\xE9 \\u2014 \\U0001F511\""),
    ("\u{85}\u{a0}\u{2028}\u{feff}", "\"\\N\\_\\L\\uFEFF\""),
    (
        "wwwwwwwwwwwwwwwwwwwwwwwwwwwwww xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx folded plain",
        "wwwwwwwwwwwwwwwwwwwwwwwwwwwwww xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx folded\n  plain",
    ),
    (
        "it is: a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a b",
        "'it is: a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a\n  a a a a b'",
    ),
    (
        "é word word word word word word word word word word word word word word word word word word '\"\\",
        "\"\\xE9 word word word word word word word word word word word word word word word\\\n  \\ word word word '\\\"\\\\\"",
    ),
];

/// Documents, and what `yaml.safe_load` reads.
const READ: &[(&str, &str)] = &[
    ("a: |\n  x\n   y\n\n  z\n", "{'a': 'x\\n y\\n\\nz\\n'}"),
    ("a: |\n  no end", "{'a': 'no end'}"),
    ("a: |+\n  x\n\n", "{'a': 'x\\n\\n'}"),
    ("a: >-\n  x\n  y\n\n   z\n", "{'a': 'x y\\n\\n z'}"),
    ("a: |2\n   x\n", "{'a': ' x\\n'}"),
    ("a: \"x\\\n  y\\x41\\u00e9\"", "{'a': 'xyAé'}"),
    ("a: 'it''s\n\n  long'", "{'a': 'it's\\nlong'}"),
    ("a: x\n  y\n\n  z # c", "{'a': 'x y\\nz'}"),
    ("a:\n- 1\n-\n  - b\n- - c", "{'a': [1, ['b'], ['c']]}"),
    ("mcp: {\n a: [b,\n c]\n}\n", "{'mcp': {'a': ['b', 'c']}}"),
    (
        "a: {b, c: , 'd': e}",
        "{'a': {'b': null, 'c': null, 'd': 'e'}}",
    ),
    ("? a\n: b", "{'a': 'b'}"),
    ("? |\n  k\n: v", "{'k\\n': 'v'}"),
    ("a: &x [1]\nb: *x", "{'a': [1], 'b': [1]}"),
    (
        "!!map {a: !!str 12, b: !!int \"3\", c: ! \"4\", d: !!binary aGk=}",
        "{'a': '12', 'b': 3, 'c': 4, 'd': binary}",
    ),
    ("\u{feff}a: 1\r\nb: 2\rc: 3", "{'a': 1, 'b': 2, 'c': 3}"),
    ("%YAML 1.1\n---\na: b\n...\n", "{'a': 'b'}"),
    ("--- x", "'x'"),
    ("a: -1_0.5", "{'a': -10.5}"),
    ("a: 2026-01-22 1:02:03 +1", "{'a': date}"),
    (
        "a: [1:30, 010, 0o10, 1e3, .5]",
        "{'a': [90, 8, '0o10', '1e3', 0.5]}",
    ),
    ("a: on off", "{'a': 'on off'}"),
    ("a: b#c", "{'a': 'b#c'}"),
    ("a: :x", "{'a': ':x'}"),
    ("a: http://x/y?z=1", "{'a': 'http://x/y?z=1'}"),
    ("- a\n-b", "error"),
    ("a: -", "error"),
    ("a: 'x' ", "{'a': 'x'}"),
    ("a: b: c", "error"),
    ("a:b", "'a:b'"),
    ("a:\n b\n  c: d", "error"),
    ("- a\nb: c", "error"),
    ("a: [b", "error"),
    ("a: \"x", "error"),
    ("a: \"\\q\"", "error"),
    ("a: *x", "error"),
    ("a: @x", "error"),
    ("a: `x", "error"),
    ("a: %x", "error"),
    ("a\nb: c", "error"),
    ("a: |\n x\n  y\n z\nb: 1", "{'a': 'x\\n y\\nz\\n', 'b': 1}"),
    ("? [a]\n: b", "error"),
    ("a: !!float x", "error"),
    ("a: !!bool maybe", "error"),
    ("a: \u{7}", "error"),
    ("a: 1\n...\nb: 2", "error"),
    ("{a: 1\nb: 2}", "error"),
    ("a: [b, c,, d]", "error"),
];

#[test]
fn strings_are_written_as_pyyaml_writes_them() {
    for (text, written) in WRITTEN {
        let tree = Tree::Sequence(vec![Tree::str(*text)]);
        assert_eq!(write(&tree), format!("- {written}\n"), "{text:?}");
    }
    assert_eq!(write(&Tree::str("x")), "x\n...\n");
    assert_eq!(write(&Tree::str("on")), "'on'\n");
    assert_eq!(write(&Tree::Sequence(Vec::new())), "[]\n");
}

#[test]
fn collections_are_written_as_pyyaml_writes_them() {
    let one = || {
        Tree::Leaf(Leaf {
            text: "1".to_owned(),
            as_type: Type::Int,
        })
    };
    let list = Tree::Sequence;
    let empty = || Tree::Mapping(Vec::new());
    let nested = list(vec![
        one(),
        list(vec![Tree::str("x"), list(Vec::new())]),
        Tree::mapping([("k", list(vec![Tree::str("v")])), ("e", empty())]),
    ]);
    let mut tree = Tree::mapping([
        ("list", list(vec![nested, empty(), Tree::str("s")])),
        ("", Tree::str("empty key")),
        (&"k".repeat(122), one()),
        (&"k".repeat(123), list(vec![Tree::str("long key")])),
        ("a\nb", Tree::mapping([("x", Tree::str_or_null(None))])),
    ]);
    if let Tree::Mapping(pairs) = &mut tree {
        pairs.push((Leaf::bool(true), Tree::bool(false)));
    }
    let lines = list(vec![Tree::str("c\n")]);
    tree.set(
        "deep",
        Tree::mapping([("a", Tree::mapping([("b", lines)]))]),
    );
    let long = "k".repeat(122);
    assert_eq!(
        write(&tree),
        format!(
            "\
list:
- - 1
  - - x
    - []
  - k:
    - v
    e: {{}}
- {{}}
- s
? ''
: empty key
{long}: 1
? k{long}
: - long key
? 'a

  b'
: x: null
true: false
deep:
  a:
    b:
    - 'c

      '
"
        )
    );
}

#[test]
fn documents_are_read_as_pyyaml_reads_them() {
    for (text, expected) in READ {
        let shown = match read(text, "f", Budget::DEFINITION) {
            Ok(Some(node)) => show(&node),
            Ok(None) => "null".to_owned(),
            Err(_) => "error".to_owned(),
        };
        assert_eq!(&shown, expected, "{text:?}");
    }
}

#[test]
fn what_was_written_is_read_back_the_same() {
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    for _ in 0..2_000 {
        let tree = Tree::Sequence(vec![random.tree(4)]);
        let written = write(&tree);
        let node = read(&written, "f", Budget::DEFINITION);
        let back = node.unwrap().map(|node| Tree::from(&node));
        assert_eq!(back, Some(tree), "{written}");
    }
}

/// A node in the form of [`READ`].
fn show(node: &Node) -> String {
    let list = |parts: Vec<String>| parts.join(", ");
    match &node.value {
        Value::Sequence(items) => format!("[{}]", list(items.iter().map(show).collect())),
        Value::Mapping(pairs) => {
            let pair = |(key, value): &(Node, Node)| format!("{}: {}", show(key), show(value));
            format!("{{{}}}", list(pairs.iter().map(pair).collect()))
        }
        Value::Scalar(scalar) => match &scalar.kind {
            ScalarKind::Null => "null".to_owned(),
            ScalarKind::Bool(value) => value.to_string(),
            ScalarKind::Int(value) => value.map_or("large".to_owned(), |value| value.to_string()),
            ScalarKind::Float(value) => value.to_string(),
            ScalarKind::Timestamp => "date".to_owned(),
            ScalarKind::Binary => "binary".to_owned(),
            ScalarKind::Str => format!("'{}'", scalar.text.replace('\n', "\\n")),
        },
    }
}

/// A xorshift generator: the same documents in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    /// Awkward strings, alone or put together to long ones.
    fn text(&mut self) -> String {
        let parts = [1, 1, 2, 3, 30][self.below(5)];
        let glue = ["", " ", "\n", ": ", "  "][self.below(5)];
        let parts: Vec<&str> = (0..parts)
            .map(|_| WRITTEN[self.below(WRITTEN.len())].0)
            .collect();
        parts.join(glue)
    }

    fn leaf(&mut self) -> Leaf {
        match self.below(8) {
            0 => Leaf::null(),
            1 => Leaf::bool(self.below(2) == 0),
            2 => Leaf {
                text: self.below(10_000).to_string(),
                as_type: Type::Int,
            },
            _ => Leaf::str(self.text()),
        }
    }

    fn tree(&mut self, depth: usize) -> Tree {
        match self.below(if depth == 0 { 1 } else { 3 }) {
            0 => Tree::Leaf(self.leaf()),
            1 => Tree::Sequence((0..self.below(4)).map(|_| self.tree(depth - 1)).collect()),
            _ => {
                let mut pairs: Vec<(Leaf, Tree)> = Vec::new();
                for _ in 0..self.below(4) {
                    let key = self.leaf();
                    if pairs.iter().all(|(other, _)| *other != key) {
                        pairs.push((key, self.tree(depth - 1)));
                    }
                }
                Tree::Mapping(pairs)
            }
        }
    }
}

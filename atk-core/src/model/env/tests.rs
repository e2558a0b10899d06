use super::*;

fn file(text: &str) -> EnvFile {
    EnvFile::parse(text.as_bytes()).unwrap()
}

fn set(text: &str, name: &str, value: &str) -> String {
    let mut file = file(text);
    file.set(name, value, None).unwrap();
    assert_eq!(file.get(name).as_deref(), Some(value));
    file.to_text().to_owned()
}

fn read(text: &str) -> String {
    let shown: Vec<_> = file(text)
        .iter()
        .map(|(name, value)| format!("{name}={value:?}"))
        .collect();
    shown.join(" ")
}

/// What python-dotenv 1.2.4 reads; 50,000 random files of the same pieces were read alike.
#[test]
fn files_are_read_as_python_dotenv_reads_them() {
    for (text, expected) in [
        ("A=1\nB = 2 \n  C=3", r#"A="1" B="2" C="3""#),
        (
            "export A=1\nexport\tB=2\nexportC=3",
            r#"A="1" B="2" exportC="3""#,
        ),
        (
            "A=x # note\nB=x#y\nC= # note\nD=#y",
            r##"A="x" B="x#y" C="" D="#y""##,
        ),
        ("A='x' # note\nB='x'y\nC=1", r#"A="x" C="1""#),
        ("A=\nB=''\nC=\"\"\nD", r#"A="" B="" C="""#),
        ("A=1\nA=2\nB=1\nB", r#"A="2""#),
        (
            "a b=1\n=x\n-x-=1\n# c\n\n{\"a\": 1}\nZ=1",
            r#"-x-="1" Z="1""#,
        ),
        (
            "A=a b\nB=it's\nC={\"a\": 1}",
            r#"A="a b" B="it's" C="{\"a\": 1}""#,
        ),
        ("A=\"a\\n\\t\\\"\\\\\\x\"", r#"A="a\n\t\"\\\\x""#),
        ("A='a\\n\\'\\\\'", r#"A="a\\n'\\""#),
        (
            "A='one\ntwo'\nB=\"three\r\nfour\"\n",
            r#"A="one\ntwo" B="three\nfour""#,
        ),
        ("A=1\r\nB='x'\r\n\r\nC=2\rD=3", r#"A="1" B="x" C="2" D="3""#),
        ("A='open\nB=1", r#"B="1""#),
        ("A='C:\\dir\\'\nB=1", r#"B="1""#),
        ("'A'=1\n'B C'=2", r#"A="1" B C="2""#),
        ("\u{feff}A=1", r#"A="1""#),
        ("A=x\u{a0}\nB=\u{1c}y\u{2028}", r#"A="x" B="y""#),
    ] {
        assert_eq!(read(text), expected, "{text:?}");
    }
}

#[test]
fn references_mean_earlier_lines_then_the_environment_then_the_default() {
    let file = file(
        "A=1\nB=${A}/${HOME}\nC=\"${LATER:-x y}\"\nD='${A}'\nE=$A\nF=${A\nLATER=z\nA=${A}2\nG=${NO}.\nBARE\nH=${BARE:-d}",
    );
    let outside = |name: &str| (name == "HOME").then(|| "/me".to_owned());
    let shown: Vec<_> = file
        .values_over(&outside)
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    assert_eq!(
        shown.join(" "),
        "A=12 B=1//me C=x y D=${A} E=$A F=${A LATER=z G=. H="
    );
}

#[test]
fn references_that_grow_without_end_stay_as_they_are_written() {
    let mut text = "A0=0123456789\n".to_owned();
    for i in 1..60 {
        text.push_str(&format!("A{i}=${{A{0}}}${{A{0}}}\n", i - 1));
    }
    let longest = file(&text).iter().map(|(_, value)| value.len()).max();
    assert!(longest < Some(1 << 21), "{longest:?}");
}

const NO_SHELL: &str = "`V` has a value that no shell can read from the `.env` file: for scripts \
                        that source the file it stays unset, other variables are not affected";

/// Six thousand random values were read back by python-dotenv 1.2.2 and 1.2.4, compose-go 2.16,
/// dash and bash: alike wherever there is no warning.
#[test]
fn values_are_quoted_so_that_every_reader_agrees_or_is_named() {
    for (value, written, warning) in [
        ("abc-1.2/3@x:y,z%+=", "abc-1.2/3@x:y,z%+=", ""),
        ("", "''", ""),
        ("two words", "'two words'", ""),
        ("$HOME `id` $(id)", "'$HOME `id` $(id)'", ""),
        ("{\"a\": \"b\"}", "'{\"a\": \"b\"}'", ""),
        ("line\nline", "'line\nline'", ""),
        ("C:\\dir", "'C:\\dir'", ""),
        ("é#x", "'é#x'", ""),
        ("it's", "\"it's\"", ""),
        ("it's \"it\"", "\"it's \\\"it\\\"\"", ""),
        ("a\\\\b", "\"a\\\\\\\\b\"", ""),
        ("C:\\dir\\", "\"C:\\\\dir\\\\${_ATK:-}\"", ""),
        (
            "${X}",
            "'${X}'",
            "the Python tool will replace `${…}` in the value of `V`",
        ),
        ("${X", "'${X'", ""),
        ("it's $1", "'it\\'s $1'", "no shell"),
        (
            "$\\\\x",
            "'$\\\\\\\\x'",
            "no shell; docker compose may read a different value",
        ),
        (
            "$\\",
            "'$\\\\'",
            "no shell; docker compose and the Python tool may read a different value",
        ),
        (
            "'${X}",
            "'\\'${X}'",
            "no shell; the Python tool will replace `${…}` in it",
        ),
    ] {
        let mut file = EnvFile::default();
        let warned = file.set("V", value, None).unwrap();
        let line = format!("V={written}\n");
        let expected = match warning.starts_with("no shell") {
            // Hidden from shells.
            true => format!("_ATK_SH= : <<'_ATK_SH='\n{line}_ATK_SH=\n"),
            false => line,
        };
        assert_eq!(file.to_text(), expected);
        assert_eq!(file.get("V").as_deref(), Some(value));
        let warning = warning.replace("no shell", NO_SHELL);
        assert_eq!(warned.unwrap_or_default(), warning, "{value:?}");
    }
}

#[test]
fn setting_a_value_changes_nothing_else() {
    let text =
        "\u{feff}# top\r\n\r\nexport  A = old # note\r\njunk line\r\nB='two\r\nlines'\r\n  C=\"x\"";
    assert_eq!(
        set(text, "A", "n w"),
        text.replace("A = old #", "A='n w' #")
    );
    assert_eq!(set(text, "B", "b"), text.replace("'two\r\nlines'", "b"));
    assert_eq!(set(text, "C", ""), text.replace("\"x\"", "''"));
    assert_eq!(set(text, "D", "4"), format!("{text}\r\nD=4\r\n"));
    assert_eq!(set("A=1\nA=2\n", "A", "3"), "A=1\nA=3\n");
    assert_eq!(set("export A\n", "A", "3"), "export A=3\n");
    assert_eq!(set("A= # note\n", "A", "3"), "A=3 # note\n");
}

#[test]
fn a_value_that_is_there_by_reference_stays_a_reference() {
    let text = "HOST=h\nURL=http://${HOST}/\n";
    assert_eq!(set(text, "URL", "http://h/"), text);
    assert_eq!(set(text, "URL", "http://h"), "HOST=h\nURL=http://h\n");
    assert_eq!(set("A=$(id)\n", "A", "$(id)"), "A='$(id)'\n");
}

#[test]
fn a_new_variable_comes_last_under_its_description() {
    let mut file = file("A=1");
    file.set("B", "2", Some("The\tkey,\r\nfrom \u{1b}[1mthe\u{7} page"))
        .unwrap();
    file.set("A", "3", Some("not again")).unwrap();
    assert_eq!(file.to_text(), "A=3\n# The key, from [1mthe page\nB=2\n");
}

#[test]
fn an_open_quote_elsewhere_swallows_no_value() {
    assert_eq!(set("X=\"open\n", "A", "it's"), "A=\"it's\"\nX=\"open\n");
    assert_eq!(
        set("X=\"open\nA=1\nB=2\n", "A", "it's"),
        "A=\"it's\"\nX=\"open\nB=2\n"
    );
    // A shell would be inside the quotes of `X`, and take what is in ours for commands.
    assert_eq!(set("X=\"open\n", "A", "a b"), "A='a b'\nX=\"open\n");
    assert_eq!(set("X=it's\n", "A", "$(id)"), "A='$(id)'\nX=it's\n");
    assert_eq!(set("X=it's\n", "A", "id"), "X=it's\nA=id\n");
    assert_eq!(
        set("\u{feff}\u{feff}X='open\n", "A", "a b"),
        "\u{feff}A='a b'\n\u{feff}X='open\n"
    );
}

#[test]
fn what_no_reader_gives_back_is_refused_without_showing_it() {
    for value in ["hunter2\0", "hunter2\r\n"] {
        let mut file = file("A=1\n");
        let error = file.set("A", value, None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        assert_eq!(file.to_text(), "A=1\n");
    }
    for name in ["", "1A", "A B", "A=", "é", "A\n"] {
        let error = EnvFile::default().set(name, "x", None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{name:?}");
    }
}

#[test]
fn nothing_that_is_shown_of_a_file_holds_a_value() {
    let shown = format!("{:?}", file("TOKEN=hunter2\nhunter2 junk\n"));
    assert_eq!(shown, "EnvFile { lines: 2 }");
    let error = EnvFile::parse(b"A=1\nhunter2\xff").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HomeInvalid);
    assert_eq!(error.to_string(), "the `.env` file is not UTF-8 in line 2");
}

#[test]
fn a_value_that_no_shell_reads_comes_and_goes_with_its_guard() {
    let guarded = "X=1\n# it's\n_ATK_SH= : <<'_ATK_SH='\nA='it\\'s $1'\n_ATK_SH=\n";
    let mut file = file("X=1\n");
    file.set("A", "it's $1", Some("it's")).unwrap();
    assert_eq!(file.to_text(), guarded);
    assert_eq!(read(guarded), "X=\"1\" A=\"it's $1\"");
    assert_eq!(
        set(guarded, "A", "it's $2"),
        guarded.replace("$1", "$2"),
        "one guard is enough"
    );
    assert_eq!(set(guarded, "A", "plain"), "X=1\n# it's\nA=plain\n");
    assert_eq!(
        set(guarded, "B", "it's `id`"),
        format!("{guarded}_ATK_SH= : <<'_ATK_SH='\nB='it\\'s `id`'\n_ATK_SH=\n")
    );
    // A file without a last line end, and one of another system.
    assert_eq!(
        set("A=x # note", "A", "'$"),
        "_ATK_SH= : <<'_ATK_SH='\nA='\\'$' # note\n_ATK_SH=\n"
    );
    assert_eq!(
        set("A=x\r\nB=1\r\n", "A", "'$"),
        "_ATK_SH= : <<'_ATK_SH='\r\nA='\\'$'\r\n_ATK_SH=\r\nB=1\r\n"
    );
}

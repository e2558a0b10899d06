use super::*;

fn dir(name: &str) -> PluginDir {
    PluginDir::new(name).unwrap()
}

fn edited(text: &str, edit: impl Fn(&mut Gitignore) -> bool) -> String {
    let mut file = Gitignore::parse(text.as_bytes());
    let changed = edit(&mut file);
    let bytes = file.to_bytes();
    assert_eq!(changed, bytes != text.as_bytes());
    let again = edit(&mut file);
    assert!(!again, "a second time changed something: {file:?}");
    String::from_utf8(bytes).unwrap()
}

fn added(text: &str, name: &str) -> String {
    edited(text, |file| file.add_local(&dir(name)))
}

fn removed(text: &str, name: &str) -> String {
    edited(text, |file| file.remove_local(&dir(name)))
}

fn put_right(text: &str) -> String {
    edited(text, Gitignore::put_right)
}

/// The bytes of the Python tool, which never reads ours otherwise than its own.
#[test]
fn local_plugins_come_and_go_as_the_python_tool_writes_them() {
    assert_eq!(INITIAL.len(), 267);
    let one = added(INITIAL, "my-tool");
    let (before, after) = INITIAL.split_at(INITIAL.find("# Always").unwrap());
    let lines = "!plugins/my-tool/\n!plugins/my-tool/**\n\n";
    assert_eq!(one, format!("{before}{lines}{after}"));
    let two = added(&one, "other");
    let more = "!plugins/other/\n!plugins/other/**\n\n";
    assert_eq!(two, format!("{before}{lines}{more}{after}"));
    assert_eq!(removed(&two, "other"), one);
    assert_eq!(removed(&removed(&two, "my-tool"), "other"), INITIAL);
    assert_eq!(removed(INITIAL, "other"), INITIAL);
    assert_eq!(
        added("", "my-tool"),
        "!plugins/my-tool/\n!plugins/my-tool/**\n\n\
         # Always ignore secrets — keep LAST (gitignore is last-match-wins)\n*.env\n.env.*\n"
    );
}

#[test]
fn a_right_file_is_not_touched() {
    for text in [
        INITIAL,
        "*.env\n.env.*\n",
        "# Always ignore secrets\n*.env\n.env.*",
        "!plugins/aa/\n.env.*\n*.env\nnode_modules/",
        "*.env\n!plugins/aa/\n.env.*\n*.env\n",
    ] {
        assert_eq!(put_right(text), text);
    }
}

#[test]
fn secret_patterns_of_an_older_home_move_below_the_re_includes() {
    insta::assert_snapshot!(put_right("\
# Ignore all plugin contents
plugins/*/*

# Always ignore secrets
*.env
.env.*

# But keep custom directories
!plugins/*/custom/
!plugins/*/custom/**

node_modules/"), @r#"
    # Ignore all plugin contents
    plugins/*/*

    # But keep custom directories
    !plugins/*/custom/
    !plugins/*/custom/**

    node_modules/

    # Always ignore secrets — keep LAST (gitignore is last-match-wins)
    *.env
    .env.*
    "#);
}

#[test]
fn an_exception_of_the_users_below_the_patterns_keeps_working() {
    insta::assert_snapshot!(added("\
plugins/*/*

*.env
.env.*

# mine
!plugins/aa/.env.example
", "aa"), @r#"
    plugins/*/*

    !plugins/aa/
    !plugins/aa/**

    *.env
    .env.*

    # mine
    !plugins/aa/.env.example
    "#);
    insta::assert_snapshot!(put_right("\
plugins/*/*
*.env
.env.*
!plugins/aa/
!plugins/aa/**
!plugins/aa/.env.example
"), @r#"
    plugins/*/*
    !plugins/aa/
    !plugins/aa/**

    # Always ignore secrets — keep LAST (gitignore is last-match-wins)
    *.env
    .env.*

    !plugins/aa/.env.example
    "#);
    insta::assert_snapshot!(put_right("\
*.env
.env.*
plugins/*/*
!plugins/aa/.env.example
data/
!plugins/*/custom/
!plugins/*/custom/**
"), @r#"
    plugins/*/*
    !plugins/*/custom/
    !plugins/*/custom/**

    *.env
    .env.*
    !plugins/aa/.env.example
    data/
    "#);
}

#[test]
fn missing_patterns_come_back() {
    assert_eq!(put_right("*.env\nx\n"), "*.env\n.env.*\nx\n");
    assert_eq!(put_right(".env.*"), "*.env\n.env.*");
    insta::assert_snapshot!(put_right("# mine\nx"), @r#"
    # mine
    x

    # Always ignore secrets — keep LAST (gitignore is last-match-wins)
    *.env
    .env.*
    "#);
    insta::assert_snapshot!(put_right("*.env\n!plugins/aa/\n"), @r#"
    !plugins/aa/

    # Always ignore secrets — keep LAST (gitignore is last-match-wins)
    *.env
    .env.*
    "#);
}

#[test]
fn line_ends_and_odd_bytes_stay() {
    let crlf = INITIAL.replace('\n', "\r\n");
    let with_tool = added(&crlf, "aa");
    assert_eq!(with_tool, added(INITIAL, "aa").replace('\n', "\r\n"));
    assert_eq!(removed(&with_tool, "aa"), crlf);
    let mut file = Gitignore::parse(b"\xef\xbb\xbf*.env\nna\xefve\n!plugins/aa/  \n.env.*");
    assert!(file.put_right());
    let bytes = file.to_bytes();
    let text = String::from_utf8_lossy(&bytes);
    assert!(bytes.windows(5).any(|line| line == b"na\xefve"), "{text}");
    assert!(text.ends_with("!plugins/aa/  \n\n# Always ignore secrets — keep LAST (gitignore is last-match-wins)\n*.env\n.env.*\n"), "{text}");
}

#[test]
fn half_of_a_plugins_lines_becomes_the_whole() {
    let half = INITIAL.replace("# Update", "!plugins/aa/**\n# Update");
    assert_eq!(added(&half, "aa"), added(INITIAL, "aa"));
}

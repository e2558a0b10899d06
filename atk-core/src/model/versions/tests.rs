use super::*;

const PIN: &str = "0123456789abcdef0123456789abcdef01234567";

fn directory(name: &str) -> PluginDir {
    PluginDir::new(name).unwrap()
}

fn followed(track: Option<&str>, held: bool) -> Followed {
    Followed {
        pin: Some(Pin::new(PIN).unwrap()),
        track: track.map(|name| RefName::new(name).unwrap()),
        held,
    }
}

fn parse(text: &str) -> Versions {
    Versions::parse(Some(text.as_bytes())).unwrap()
}

#[test]
fn a_new_file_is_written_when_there_is_something_to_write() {
    let none = Versions::parse(None).unwrap();
    assert_eq!(none.text(), None);
    let same = none
        .set(&directory("tool"), &followed(None, false))
        .unwrap();
    assert_eq!(same.text(), None);
    let first = none.set(&directory("tool"), &followed(Some("v1"), false));
    let first = first.unwrap();
    assert_eq!(
        first.text().unwrap(),
        format!("schema_version: '2026-12-01'\nplugins:\n  tool:\n    ref: {PIN}\n    track: v1\n")
    );
    let second = first.set(&directory("on"), &followed(None, true)).unwrap();
    assert!(second.of(&directory("on")).held);
    assert_eq!(
        second.of(&directory("tool")).track,
        followed(Some("v1"), true).track
    );
    let without = second.remove(&directory("tool")).unwrap();
    assert_eq!(without.of(&directory("tool")), Followed::default());
    assert_eq!(without.directories().count(), 1);
    assert!(!without.comments_lost());
}

#[test]
fn comments_and_unknown_keys_survive_a_change() {
    let text = format!(
        "# mine\nschema_version: '2026-12-01'\nothers: [x]  # others\nplugins:\n  \
         # the tool\n  tool:\n    ref: {PIN}\n    track: v1 # stable\n    note: kept\n  \
         other:\n    held: true\n"
    );
    let before = parse(&text);
    let after = before.set(&directory("tool"), &followed(Some("v2"), false));
    let after = after.unwrap();
    assert!(!after.comments_lost());
    assert_eq!(
        after.text().unwrap(),
        text.replace("track: v1 ", "track: v2 ")
    );
    let held = before
        .set(&directory("other"), &followed(None, false))
        .unwrap();
    assert!(!held.comments_lost());
    assert!(
        !held.text().unwrap().contains("other:"),
        "{:?}",
        held.text()
    );
    assert!(held.text().unwrap().contains("# the tool"));
    let added = before
        .set(&directory("new"), &followed(Some("on"), true))
        .unwrap();
    assert!(!added.comments_lost(), "{:?}", added.text());
    assert!(
        added.text().unwrap().starts_with(&text),
        "{:?}",
        added.text()
    );
    assert_eq!(added.of(&directory("new")), followed(Some("on"), true));
}

#[test]
fn what_cannot_be_used_is_named_with_its_place() {
    for (text, place) in [
        ("plugins: 1\n", "atk.yaml:1:10"),
        ("plugins:\n  ../x: {held: true}\n", "atk.yaml:2:3"),
        ("plugins:\n  xx: {track: 'a..b'}\n", "atk.yaml:2:15"),
        ("plugins:\n  xx: {ref: abc}\n", "atk.yaml:2:13"),
        ("plugins:\n  xx: {held: maybe}\n", "atk.yaml:2:14"),
        ("plugins: [\n", "atk.yaml:1:10"),
    ] {
        let error = Versions::parse(Some(text.as_bytes())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HomeInvalid);
        assert!(error.to_string().contains(place), "{error}");
    }
    for empty in [
        "",
        "# nothing\n",
        "plugins:\n",
        "registries: []\n",
        "null\n",
    ] {
        assert_eq!(parse(empty).directories().count(), 0, "{empty}");
        let set = parse(empty)
            .set(&directory("xx"), &followed(None, true))
            .unwrap();
        assert!(set.of(&directory("xx")).held, "{empty}: {:?}", set.text());
    }
}

const TEAM: &str = "git@git.example.com:tools/registry.git";

fn registry(name: &str, url: &str, mirrors: &[&str]) -> NamedRegistry {
    NamedRegistry::parse(name, url, mirrors.iter().copied()).unwrap()
}

#[test]
fn registries_are_added_and_removed_and_the_rest_stays() {
    let none = Versions::parse(None).unwrap();
    let team = registry("team", TEAM, &["https://mirror.example.com/registry.git"]);
    let one = none.add_registry(&team).unwrap();
    let written = "schema_version: '2026-12-01'\nregistries:\n- name: team\n  url: \
                   git@git.example.com:tools/registry.git\n  mirrors:\n  - \
                   https://mirror.example.com/registry.git\n";
    assert_eq!(one.text().unwrap(), written);
    assert_eq!(one.registries(), std::slice::from_ref(&team));
    let other = registry("other", "h.org/registry", &[]);
    let two = one.add_registry(&other).unwrap();
    assert_eq!(two.registries().len(), 2);
    assert_eq!(two.remove_registry(&other.name).unwrap().text(), one.text());
    assert_eq!(one.remove_registry(&team.name).unwrap().text(), None);
    assert_eq!(one.remove_registry(&other.name).unwrap(), one);
    assert!(one.add_registry(&registry("team", "h.org/x", &[])).is_err());
    let held = two.set(&directory("tool"), &followed(None, true)).unwrap();
    assert_eq!(held.registries(), two.registries());
    assert_eq!(
        held.remove(&directory("tool")).unwrap().registries(),
        two.registries()
    );
    assert!(!held.says_same(&one.set(&directory("tool"), &followed(None, true)).unwrap()));
}

#[test]
fn comments_and_unknown_keys_survive_a_change_of_the_registries() {
    let text = "# mine\noffline: false # for now\nregistries:\n  # ours\n  - name: team # us\n    url: \
                h.org/team\n    note: kept\n  - {name: other, url: h.org/other}\nplugins: {}\n";
    let before = parse(text);
    let new = registry("new", "h.org/new", &["https://m.org/new"]);
    let after = before.add_registry(&new).unwrap();
    let said = after.text().unwrap();
    assert!(!after.comments_lost(), "{said}");
    for part in [
        "# mine",
        "# for now",
        "# ours",
        "# us",
        "note: kept",
        "{name: other",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(after.registries()[2], new);
    let without = after.remove_registry(&after.registries()[1].name).unwrap();
    assert!(!without.comments_lost(), "{:?}", without.text());
    let names = |file: &Versions| -> Vec<String> {
        let all = file.registries().iter();
        all.map(|one| one.name.to_string()).collect()
    };
    assert_eq!(names(&without), ["team", "new"]);
    let last = registry("team", "h.org/team", &[]);
    let alone = parse("# mine\nregistries:\n- name: team\n  url: h.org/team\n");
    let none = alone.remove_registry(&last.name).unwrap();
    assert!(none.text().unwrap().starts_with("# mine\n"));
    assert!(none.registries().is_empty());
}

#[test]
fn registries_that_cannot_be_used_are_named_with_their_place() {
    for (text, place) in [
        ("registries: 1\n", "atk.yaml:1:13"),
        ("registries: [x]\n", "atk.yaml:1:14"),
        ("registries:\n- name: team\n", "registries[0].url"),
        (
            "registries:\n- {name: Team, url: h.org/x}\n",
            "atk.yaml:2:10",
        ),
        (
            "registries:\n- {name: default, url: h.org/x}\n",
            "the default registry",
        ),
        (
            "registries:\n- {name: team, url: 'ext::x'}\n",
            "registries[0].url",
        ),
        (
            "registries:\n- {name: team, url: 'https://a:b@h.org/x'}\n",
            "registries[0].url",
        ),
        (
            "registries:\n- {name: team, url: h.org/x, mirrors: [h.org/y, '-x']}\n",
            "mirrors[1]",
        ),
        (
            "registries:\n- {name: aa, url: h.org/x}\n- {name: aa, url: h.org/y}\n",
            "atk.yaml:3:3",
        ),
        (
            "registries:\n- {name: aa, url: h.org/x}\n- {name: bb, url: 'git@h.org:x'}\n",
            "`aa` already",
        ),
        ("offline: maybe\n", "atk.yaml:1:10"),
    ] {
        let error = Versions::parse(Some(text.as_bytes())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HomeInvalid);
        assert!(error.to_string().contains(place), "{text}: {error}");
        assert!(!error.to_string().contains("a:b@"), "{error}");
    }
    assert!(parse("offline: true\n").offline());
    assert!(!parse("registries: []\n").offline());
}

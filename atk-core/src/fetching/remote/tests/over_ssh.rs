//! Servers that are reached over ssh, through a script that takes the place of ssh: what it is
//! started with, old protocols, and refusals.

use super::*;

/// Replaces ssh by a script that keeps its arguments and then does what it is told here; `$last` is
/// the command for the server.
fn ssh_script(place: &mut Place, body: &str) -> GitUrl {
    let script = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$HOME/args\"\n\
        echo >> \"$HOME/count\"\nfor last; do :; done\n{body}\nexec sh -c \"$last\"\n"
    );
    let ssh = place.dir.path().join("ssh");
    std::fs::write(&ssh, script).unwrap();
    std::fs::set_permissions(&ssh, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let command = format!("{} -i key", ssh.display());
    place.env.insert("GIT_SSH_COMMAND".into(), command.into());
    let path = place.repo().display().to_string();
    GitUrl::parse(&format!("ssh://me@example.org:2222{path}")).unwrap()
}

/// A server that answers the first `count` connections with this refusal.
fn refusing(count: u32, refusal: &str) -> String {
    let mut lines = String::new();
    for line in [
        "version 2",
        "ls-refs",
        "fetch=shallow filter",
        "object-format=sha1",
    ] {
        lines += &format!("{:04x}{line}\\n", line.len() + 5);
    }
    format!(
        "if [ $(wc -l < \"$HOME/count\") -le {count} ]; then printf '{lines}0000'; \
         head -c 100 > /dev/null; printf '{:04x}ERR {refusal}\\n'; exit; fi",
        refusal.len() + 9
    )
}

#[test]
fn ssh_is_started_as_the_user_configured_it() {
    let mut place = Place::new();
    let head = place.commit(FILES);
    let url = ssh_script(&mut place, "");
    let engine = place.engine();
    let mut remote = open(&engine, url);
    assert_eq!(remote.head().unwrap(), head);
    remote.commits(&[head], TreeDepth::Entries).unwrap();
    let args = std::fs::read_to_string(place.dir.path().join("args")).unwrap();
    assert_eq!(
        args.lines().collect::<Vec<_>>(),
        [
            "-i",
            "key",
            "-o",
            "SendEnv=GIT_PROTOCOL",
            "-o",
            "BatchMode=yes",
            "-p",
            "2222",
            "me@example.org",
            &format!("git-upload-pack '{}'", place.repo().display()),
        ]
    );
}

#[test]
fn a_server_of_the_old_protocol_is_left_to_git() {
    let mut place = Place::new();
    let old = place.commit(FILES);
    let head = place.commit(&[("index.yaml", "new")]);
    let url = ssh_script(&mut place, "unset GIT_PROTOCOL");
    let engine = place.engine();
    let mut remote = open(&engine, url);
    assert_eq!(remote.head().unwrap(), head);
    assert!(remote.plain);
    let root = remote.commits(&[old], TreeDepth::Entries).unwrap()[0];
    remote.objects(&[root]).unwrap();
    assert!(files(&remote, root).starts_with("index.yaml=index "));
}

#[test]
fn a_pin_that_is_not_served_by_its_id_is_found_in_the_history() {
    let mut place = Place::new();
    let old = place.commit(FILES);
    for n in 0..60 {
        place.commit(&[("index.yaml", &n.to_string())]);
    }
    let url = ssh_script(&mut place, &refusing(1, &format!("want {old} not valid")));
    let engine = place.engine();
    let mut remote = open(&engine, url);
    let root = remote.commits(&[old], TreeDepth::Entries).unwrap()[0];
    assert_eq!(remote.deepened, Some(Some(500)));
    remote.objects(&[root]).unwrap();
    assert!(files(&remote, root).starts_with("index.yaml=index "));
}

#[test]
fn objects_that_are_not_served_by_their_ids_come_with_their_commit() {
    for here in [TreeDepth::Root, TreeDepth::All] {
        let mut place = Place::new();
        let head = place.commit(FILES);
        let plugin = place.id("HEAD:plugins/a");
        let url = ssh_script(&mut place, "");
        let engine = place.engine();
        let mut remote = open(&engine, url.clone());
        remote.commits(std::slice::from_ref(&head), here).unwrap();
        drop(remote);

        // The trees below the root are refused, or, where they are here, the plugin's files.
        ssh_script(&mut place, &refusing(1, &format!("not our ref {plugin}")));
        std::fs::write(place.dir.path().join("count"), "").unwrap();
        let engine = place.engine();
        let mut remote = open(&engine, url);
        remote.commits(&[head], TreeDepth::All).unwrap();
        remote.objects(&[plugin]).unwrap();
        assert_eq!(files(&remote, plugin), "plugin.yaml=a sub(x=x )");
    }
}

#[test]
fn what_a_server_says_is_classified_and_kept() {
    let mut place = Place::new();
    for (body, kind) in [
        (
            "echo 'me@x: Permission denied (publickey).' >&2; exit 255",
            ErrorKind::AccessDenied,
        ),
        (
            "echo 'ERROR: Repository not found.' >&2; exit 1",
            ErrorKind::RepositoryNotFound,
        ),
        (
            "printf '0015ERR access denied'; exit",
            ErrorKind::AccessDenied,
        ),
        ("exit 1", ErrorKind::NetworkFailed),
        ("echo Welcome to our host; exit", ErrorKind::GitFailed),
        ("printf '000eversion 2\\n0000'; exit", ErrorKind::GitFailed),
        (
            "printf '000eversion 2\\n0019object-format=sha256\\n0000'; exit",
            ErrorKind::GitFailed,
        ),
    ] {
        let url = ssh_script(&mut place, body);
        let engine = place.engine();
        let error = open(&engine, url).head().unwrap_err();
        assert_eq!(error.kind(), kind, "{body}: {error}");
        assert!(error.details().url.is_some(), "{body}: {error}");
    }
}

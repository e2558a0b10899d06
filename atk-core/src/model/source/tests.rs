use super::*;

fn classify(typed: &str, existing: &str) -> String {
    let around = Surroundings {
        base_dir: Some(Path::new("/base")),
        user_home: Some(Path::new("/me")),
        exists: &|path| path == Path::new(existing),
    };
    match Source::classify(typed, &around) {
        Ok(source) => source.describe(),
        Err(error) => error.kind().id().to_owned(),
    }
}

#[test]
fn a_path_by_its_look_then_an_existing_path_then_a_url_then_a_name() {
    assert_eq!(classify("./x", ""), "local plugin /base/x");
    assert_eq!(classify("~/x", ""), "local plugin /me/x");
    assert_eq!(classify("..", ""), "local plugin /base/..");
    assert_eq!(
        classify("github", "/base/github"),
        "local plugin /base/github"
    );
    assert_eq!(classify("github", ""), "registry plugin github");
    assert_eq!(
        classify("github.com/org/tool", ""),
        "git repository https://github.com/org/tool"
    );
    for url in [
        "git@h.org:x",
        "git.corp.com:team/x",
        "work:team/x",
        "git@[::1]:x",
        "[::1]:x",
    ] {
        assert_eq!(classify(url, ""), format!("git repository {url}"));
    }
    assert_eq!(
        classify("git.corp.com:3000/x", ""),
        "git repository https://git.corp.com:3000/x"
    );
    for (name, meant) in [
        ("org/repo", "plugin repo of the registry org"),
        ("org/repo@v1", "plugin repo of the registry org at v1"),
        ("org/repo@a/b", "plugin repo of the registry org at a/b"),
        ("default/repo", "plugin repo of the registry default"),
        ("my-team/My Tool", "plugin My Tool of the registry my-team"),
        ("Org/repo", "registry plugin Org/repo"),
        ("a/b", "registry plugin a/b"),
        ("a/b/c", "registry plugin a/b/c"),
        ("org/", "registry plugin org/"),
        ("@org/repo", "registry plugin @org/repo"),
        ("tool@a/b", "registry plugin tool at a/b"),
        ("C/C++ tools", "registry plugin C/C++ tools"),
    ] {
        assert_eq!(classify(name, ""), meant);
    }
    // A directory that exists comes first, whatever registries there are.
    assert_eq!(
        classify("org/repo", "/base/org/repo"),
        "local plugin /base/org/repo"
    );
    for name in ["gh:org/repo", "localhost:3000/x", "My: Tool", r"C:\x", "a:"] {
        assert_eq!(classify(name, ""), format!("registry plugin {name}"));
    }
    for bad in ["", " ", "-x", "ext::sh -c x", "a\u{1b}b"] {
        assert_eq!(classify(bad, ""), "source_invalid", "{bad:?}");
    }
}

/// What each source string means, or the help that it gets.
#[test]
fn every_form_of_a_source_is_understood_or_explained() {
    let id = "0123456789abcdef0123456789abcdef01234567";
    let means = [
        // The registry.
        ("openmemory", "registry plugin openmemory"),
        ("openmemory@v1", "registry plugin openmemory at v1"),
        ("My Tool", "registry plugin My Tool"),
        ("@org/tool", "registry plugin @org/tool"),
        ("@org/tool@v1", "registry plugin @org/tool at v1"),
        ("tool@feature/x", "registry plugin tool at feature/x"),
        // GitHub.
        ("github.com/o/r", "https://github.com/o/r"),
        ("github.com/o/r.git", "https://github.com/o/r.git"),
        ("https://github.com/o/r", "https://github.com/o/r"),
        ("https://me@github.com/o/r", "https://github.com/o/r"),
        ("https://github.com/o/r/", "https://github.com/o/r/"),
        ("HTTPS://GitHub.com/o/r", "https://github.com/o/r"),
        ("github.com/o/r@v1.2", "https://github.com/o/r at v1.2"),
        (
            "github.com/o/r@feature/x",
            "https://github.com/o/r at feature/x",
        ),
        (
            "github.com/o/r@refs/tags/v1",
            "https://github.com/o/r at refs/tags/v1",
        ),
        ("github.com/@o/r", "https://github.com/@o/r"),
        ("github.com/@o/r@v1", "https://github.com/@o/r at v1"),
        ("github.com/o/r%40x", "https://github.com/o/r%40x"),
        (
            "github.com/o/r//tools/x",
            "tools/x of https://github.com/o/r",
        ),
        (
            "github.com/o/r//tools/x/",
            "tools/x of https://github.com/o/r",
        ),
        ("github.com/o/r//x@v1", "x of https://github.com/o/r at v1"),
        (
            "github.com/o/r.git//x@v1",
            "x of https://github.com/o/r.git at v1",
        ),
        (
            "github.com/o/r//a/@b@v1",
            "a/@b of https://github.com/o/r at v1",
        ),
        ("git@github.com:o/r.git", "git@github.com:o/r.git"),
        ("git@github.com:o/r.git@v1", "git@github.com:o/r.git at v1"),
        ("git@github.com:o/r//x@v1", "x of git@github.com:o/r at v1"),
        ("github.com:o/r", "github.com:o/r"),
        // GitLab and its groups of groups.
        ("gitlab.com/a/b/c/d", "https://gitlab.com/a/b/c/d"),
        ("gitlab.com/a/b/c/d@v1", "https://gitlab.com/a/b/c/d at v1"),
        (
            "gitlab.com/a/b/c//x/y@main",
            "x/y of https://gitlab.com/a/b/c at main",
        ),
        (
            "git@gitlab.corp.com:a/b/c.git",
            "git@gitlab.corp.com:a/b/c.git",
        ),
        // Azure DevOps.
        (
            "https://dev.azure.com/o/p/_git/r",
            "https://dev.azure.com/o/p/_git/r",
        ),
        (
            "https://dev.azure.com/o/p/_git/r//x@v1",
            "x of https://dev.azure.com/o/p/_git/r at v1",
        ),
        (
            "git@ssh.dev.azure.com:v3/o/p/r",
            "git@ssh.dev.azure.com:v3/o/p/r",
        ),
        // Bitbucket, its server, Gitea on a port.
        ("bitbucket.org/o/r@v1", "https://bitbucket.org/o/r at v1"),
        (
            "https://git.corp.com/scm/KEY/r.git@v1",
            "https://git.corp.com/scm/KEY/r.git at v1",
        ),
        (
            "ssh://git@git.corp.com:7999/KEY/r.git",
            "ssh://git@git.corp.com:7999/KEY/r.git",
        ),
        (
            "https://gitea.corp.com:3000/o/r",
            "https://gitea.corp.com:3000/o/r",
        ),
        ("gitea.corp.com:3000/o/r", "https://gitea.corp.com:3000/o/r"),
        (
            "gitea.corp.com:3000/o/r//x@v1",
            "x of https://gitea.corp.com:3000/o/r at v1",
        ),
        ("http://10.0.0.1:8080/r@v1", "http://10.0.0.1:8080/r at v1"),
        // The short forms of ssh: with a user, without, with ports, IPv6 and aliases.
        ("git@host.org:x", "git@host.org:x"),
        ("git@host.org:/srv/x", "git@host.org:/srv/x"),
        ("git@host.org:/srv/x@v1", "git@host.org:/srv/x at v1"),
        ("git@host.org:~me/x", "git@host.org:~me/x"),
        ("work:team/x", "work:team/x"),
        ("work:team/x@v1", "work:team/x at v1"),
        ("work:team/x//y@v1", "y of work:team/x at v1"),
        ("me@corp@host.org:x@v1", "me@corp@host.org:x at v1"),
        (
            "git@[host.org:2222]:o/r@v1",
            "git@[host.org:2222]:o/r at v1",
        ),
        ("[git@host.org:2222]:o/r", "git@[host.org:2222]:o/r"),
        ("git@[::1]:x@v1", "git@[::1]:x at v1"),
        ("ssh://git@[::1]:22/x@v1", "ssh://git@[::1]:22/x at v1"),
        (
            "https://[2001:db8::1]:8443/o/r",
            "https://[2001:db8::1]:8443/o/r",
        ),
        ("ssh://git@host.org/o/r//x", "x of ssh://git@host.org/o/r"),
        // Directories.
        ("file:///srv/r", "file:///srv/r"),
        ("file:///srv/r@v1", "file:///srv/r at v1"),
        ("file:///srv/r//x@v1", "x of file:///srv/r at v1"),
        ("./x", "local plugin /base/x"),
        ("./x@v1", "local plugin /base/x@v1"),
        ("/srv/x", "local plugin /srv/x"),
        ("~/x", "local plugin /me/x"),
    ];
    for (typed, expected) in means {
        let said = classify(typed, "").replace("git repository ", "");
        assert_eq!(said.replace("directory ", ""), expected, "{typed}");
    }
    let at = format!("github.com/o/r@{id}");
    assert_eq!(
        classify(&at, ""),
        format!("git repository https://github.com/o/r at {id}")
    );

    let helps = [
        (
            "https://github.com/o/r/tree/v1/x",
            "`https://github.com/o/r//x@v1`",
        ),
        (
            "https://github.com/o/r/blob/main/x/plugin.yaml",
            "`https://github.com/o/r//x@main`",
        ),
        (
            "https://github.com/o/r?tab=readme",
            "`https://github.com/o/r`",
        ),
        ("https://github.com/o/r#readme", "`https://github.com/o/r`"),
        ("https://github.com/o/r/pull/7", "`https://github.com/o/r`"),
        (
            "https://gitlab.com/a/b/-/tree/main/x",
            "`https://gitlab.com/a/b//x@main`",
        ),
        (
            "https://codeberg.org/o/r/src/tag/v1/x",
            "`https://codeberg.org/o/r//x@v1`",
        ),
        (
            "git+https://github.com/o/r@v1",
            "`https://github.com/o/r@v1`",
        ),
        (
            "git clone https://github.com/o/r",
            "`https://github.com/o/r`",
        ),
        ("ssh://git@host.org:o/r", "`git@host.org:o/r`"),
        ("github.com/o/r@a..b", "%40"),
        ("github.com/o/r@", "%40"),
    ];
    for (typed, part) in helps {
        let around = Surroundings {
            base_dir: None,
            user_home: None,
            exists: &|_| false,
        };
        let error = Source::classify(typed, &around).expect_err(typed);
        assert_eq!(error.kind(), ErrorKind::SourceInvalid, "{typed}");
        let help = error.details().help.clone().unwrap_or_default();
        assert!(help.contains(part), "{typed}: {error}: {help}");
    }
    for typed in [
        "github.com/o/r//",
        "github.com/o/r//../x",
        "github.com/o/r//x//y",
        "github.com/o/r//x/.git",
        "https://user:password@github.com/o/r//x@v1",
        "ext::sh -c x@v1",
    ] {
        assert_eq!(classify(typed, ""), "source_invalid", "{typed}");
    }
}

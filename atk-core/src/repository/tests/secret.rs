//! Files that may hold secrets are in no commit.

use crate::repository::fixture::Home;

/// What a commit of `plugins/one` tracks of it, made in this process or by the git program.
fn tracked(home: &Home, by_program: bool) -> String {
    if by_program {
        home.hook("pre-commit", "exit 0");
    }
    home.commit(&["plugins/one"]).unwrap();
    home.git(&["ls-tree", "-r", "--name-only", "HEAD", "plugins/one"])
}

/// Says that nothing with the secret got into the object database.
fn leaked(home: &Home) -> bool {
    home.git(&["cat-file", "--batch-all-objects", "--batch"])
        .contains("not-for-anyone")
}

#[test]
fn secrets_are_left_out_in_any_case_and_as_any_copy() {
    for by_program in [false, true] {
        let home = Home::new();
        home.write(
            ".gitignore",
            "plugins/*/*\n!plugins/one/\n!plugins/one/**\n*.env\n.env.*\n!.env.example\n",
        );
        for name in [
            ".ENV",
            ".Env.local",
            "prod.ENV",
            ".env~",
            "secrets.env.bak",
            ".#prod.env",
            "#.env#",
            "deep/.prod.env.swp",
            ".env.local",
            "Stage.Env/token",
        ] {
            home.write(&format!("plugins/one/{name}"), "TOKEN=not-for-anyone");
        }
        home.write("plugins/one/.env.example", "TOKEN=");
        home.write("plugins/one/deep/skill.md", "s");
        assert_eq!(
            tracked(&home, by_program),
            "plugins/one/.env.example\nplugins/one/custom/a\nplugins/one/custom/b\n\
             plugins/one/deep/skill.md"
        );
        assert!(!leaked(&home));
    }
}

#[test]
fn an_exception_of_the_users_does_not_put_a_secret_into_a_commit() {
    for by_program in [false, true] {
        let home = Home::new();
        home.write("plugins/one/custom/.gitignore", "!*.env\n!.env.*\n");
        home.write("plugins/one/custom/prod.env", "TOKEN=not-for-anyone");
        let names = tracked(&home, by_program);
        assert!(
            names.contains(".gitignore") && !names.contains(".env"),
            "{names}"
        );
        assert!(!leaked(&home));
    }
}

#[test]
fn a_secret_that_the_user_committed_stays_as_it_was_committed() {
    for by_program in [false, true] {
        let home = Home::new();
        home.write("plugins/one/custom/prod.env", "TOKEN=so-be-it");
        home.git(&["add", "-f", "plugins/one/custom/prod.env"]);
        let user = ["-c", "user.name=U", "-c", "user.email=u@u"];
        home.git(&[&user[..], &["commit", "-qnm", "so be it"]].concat());
        home.write("plugins/one/custom/a", "a2");
        home.write("plugins/one/custom/prod.env", "TOKEN=not-for-anyone");
        assert!(tracked(&home, by_program).contains("prod.env"));
        assert_eq!(
            home.git(&["show", "HEAD:plugins/one/custom/prod.env"]),
            "TOKEN=so-be-it"
        );
        assert_eq!(
            home.git(&["status", "--porcelain"]),
            " M plugins/one/custom/prod.env"
        );
        assert!(!leaked(&home));
        home.remove("plugins/one/custom/prod.env");
        assert!(!tracked(&home, by_program).contains("prod.env"));
    }
}

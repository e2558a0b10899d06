use super::*;

/// The line with `<+>` where the files of a command that names some are added, `<files>` for one
/// that names none, and `missed` if something else runs compose.
fn shown(line: &str) -> String {
    let read = read(line);
    let mut text = line.to_owned();
    for call in read.calls.iter().rev() {
        let mark = if call.names_files { " <+>" } else { " <files>" };
        text.insert_str(call.insert_at, mark);
    }
    if read.missed {
        text.push_str(" [missed]");
    }
    text
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (line, expected) in cases {
        assert_eq!(shown(line), *expected);
    }
}

#[test]
fn each_compose_command_of_a_line_is_found() {
    check(&[
        ("docker compose up -d", "docker compose <files> up -d"),
        ("docker  compose", "docker  compose <files>"),
        ("  docker\tcompose ps", "  docker\tcompose <files> ps"),
        (
            "docker compose pull && docker compose up -d; docker compose ps|cat",
            "docker compose <files> pull && docker compose <files> up -d; docker compose <files> ps|cat",
        ),
        (
            "docker compose ps -q >ids 2>&1 & docker compose up",
            "docker compose <files> ps -q >ids 2>&1 & docker compose <files> up",
        ),
        (
            "docker compose pull\n# docker compose down\nif true; then docker compose up; fi",
            "docker compose <files> pull\n# docker compose down\nif true; then docker compose <files> up; fi",
        ),
        (
            "docker compose \\\n  up -d",
            "docker compose <files> \\\n  up -d",
        ),
        (
            "docker compose pull; DOCKER_BUILDKIT=1 docker compose up",
            "docker compose <files> pull; DOCKER_BUILDKIT=1 docker compose <files> up",
        ),
        (
            "docker compose up && docker wait \"$(docker compose ps -q web)\"",
            "docker compose <files> up && docker wait \"$(docker compose <files> ps -q web)\"",
        ),
        (
            "docker compose pull; (docker compose up)",
            "docker compose <files> pull; (docker compose <files> up)",
        ),
    ]);
}

#[test]
fn words_that_only_look_like_compose_stay() {
    check(&[
        (
            "docker compose exec a sh -c 'x; docker compose y' \"; docker compose z\"",
            "docker compose <files> exec a sh -c 'x; docker compose y' \"; docker compose z\"",
        ),
        (
            "docker compose run a echo docker compose \\; docker compose",
            "docker compose <files> run a echo docker compose \\; docker compose",
        ),
        (
            "docker compose up >log; echo done >docker compose",
            "docker compose <files> up >log; echo done >docker compose [missed]",
        ),
        ("docker run x", "docker run x"),
        ("./start.sh", "./start.sh"),
    ]);
}

#[test]
fn further_files_follow_the_files_that_a_command_names() {
    check(&[
        (
            "docker compose -f a.yml up -f x",
            "docker compose -f a.yml <+> up -f x",
        ),
        (
            "docker compose -fa.yml --file b.yml up",
            "docker compose -fa.yml --file b.yml <+> up",
        ),
        (
            "docker compose --file=a.yml -p x up",
            "docker compose --file=a.yml <+> -p x up",
        ),
        (
            "docker compose -p x -f=a.yml --profile gpu up",
            "docker compose -p x -f=a.yml <+> --profile gpu up",
        ),
        (
            "docker compose -f \"$DIR/a b.yml\" up",
            "docker compose -f \"$DIR/a b.yml\" <+> up",
        ),
        (
            "docker compose -f$A --file=${B} up",
            "docker compose -f$A --file=${B} <+> up",
        ),
        (
            "docker compose --ansi never --dry-run -vf a up",
            "docker compose --ansi never --dry-run -vf a <+> up",
        ),
        (
            "docker compose -f - up <x.yml",
            "docker compose -f - <+> up <x.yml",
        ),
        ("docker compose logs -f", "docker compose <files> logs -f"),
        (
            "docker compose --profile -f up",
            "docker compose <files> --profile -f up",
        ),
        (
            "docker compose -- -f a up",
            "docker compose <files> -- -f a up",
        ),
    ]);
}

#[test]
fn directories_and_files_of_variables_are_read() {
    let line = "docker compose --project-directory 'my dir' --env-file=a.env --env-file b.env up";
    let read = read(line);
    let call = &read.calls[0];
    assert_eq!(call.project_directory.as_deref(), Some("my dir"));
    assert_eq!(call.env_files, ["a.env", "b.env"]);
    assert!(!call.names_files && !read.missed);
}

#[test]
fn what_cannot_be_known_before_it_runs_is_reported() {
    for line in [
        "docker-compose up",
        "sudo docker compose up",
        "docker --context x compose up",
        "cd x && docker compose up",
        "exec docker compose up",
        "./docker compose up",
        "COMPOSE_FILE=a.yml docker compose up",
        "docker compose $OPTIONS up",
        "docker compose `cat options` up",
        "docker compose -$X up",
        "docker compose --project-directory \"$DIR\" up",
        "docker compose --unknown x up",
        "docker compose -x up",
        "docker compose up <<EOF\nx\nEOF",
        "docker compose up 'not closed",
    ] {
        assert_eq!(shown(line), format!("{line} [missed]"));
    }
    check(&[
        (
            "docker compose pull; cd x; docker compose up",
            "docker compose <files> pull; cd x; docker compose up [missed]",
        ),
        (
            "docker compose pull; . ./env; docker compose up",
            "docker compose <files> pull; . ./env; docker compose up [missed]",
        ),
        (
            "docker compose -f a pull; COMPOSE_FILE=b docker compose up",
            "docker compose -f a <+> pull; COMPOSE_FILE=b docker compose up [missed]",
        ),
        (
            "docker compose down; docker-compose up",
            "docker compose <files> down; docker-compose up [missed]",
        ),
        (
            "docker compose --project-directory \"$DIR\" -f a up",
            "docker compose --project-directory \"$DIR\" -f a <+> up",
        ),
    ]);
}

#[test]
fn any_text_is_read_without_a_panic() {
    let pieces = [
        "docker compose",
        " ",
        "'",
        "\"",
        "\\",
        "$(",
        ")",
        "`",
        "${",
        "}",
        "-f",
        "a",
        ";",
        "\n",
        "é",
        "<",
        "<<",
        "&",
        "#",
        "$((",
    ];
    let mut state = 1u64;
    for _ in 0..20_000 {
        let mut line = String::from("docker compose");
        for _ in 0..12 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            line.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        let read = read(&line);
        assert!(
            read.calls
                .iter()
                .all(|call| line.is_char_boundary(call.insert_at))
        );
    }
    let deep = format!("docker compose {}", "$(".repeat(100_000));
    assert!(read(&deep).missed);
}

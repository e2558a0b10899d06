//! The pictures are drawn from the text beside them.

use std::fs;

use atk_tests::sandbox::Sandbox;

#[test]
fn each_picture_is_that_of_its_text() {
    let directory = super::top().join("docs/pictures");
    let sandbox = Sandbox::new();
    let mut count = 0;
    for entry in fs::read_dir(directory).unwrap() {
        let text = entry.unwrap().path();
        if text.extension().is_none_or(|extension| extension != "dot") {
            continue;
        }
        count += 1;
        let mut git = sandbox.program("git");
        git.args(["hash-object", "--"]).arg(&text);
        let sum = sandbox.run_with_input(git, "").succeeds().stdout;
        let name = text.file_name().unwrap().to_str().unwrap();
        let picture = fs::read_to_string(text.with_extension("svg")).unwrap();
        let first = format!("<!-- {name} {} -->\n", sum.trim());
        assert!(
            picture.starts_with(&first),
            "{name} was changed: run docs/pictures/draw.sh"
        );
    }
    assert!(count > 2);
}

//! The findings in SARIF, against the schema of the standard.

use std::path::Path;

use atk_tests::sandbox::Sandbox;
use serde_json::Value;

use super::right;

#[test]
fn sarif_is_valid_by_the_schema_of_the_standard() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sarif-2.1.0.schema.json");
    let schema = std::fs::read_to_string(schema).unwrap();
    // A bracket too many, which only lenient readers of regular expressions take.
    let schema = schema.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}?$");
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(
        !validator.is_valid(&serde_json::json!({"version": "2.1.0"})),
        "the schema judges nothing"
    );
    let sandbox = Sandbox::new();
    right(sandbox.files("work/a tool"))
        .file(
            "plugin.yaml",
            "name: é\nports: [{port: 0}]\nlifecycle: {start: ./x.sh}\n",
        )
        .file("näme.md", "-----BEGIN PRIVATE KEY-----\n")
        .file(".gitignore", "");
    let finished = sandbox
        .atk(&["validate", "--format", "sarif", "./a tool"])
        .fails(5);
    let document = finished.json();
    let errors: Vec<_> = validator
        .iter_errors(&document)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let run = &document["runs"][0];
    let results: Vec<String> = run["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| {
            let place = &result["locations"][0]["physicalLocation"];
            let rule =
                &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
            assert_eq!(rule["id"], result["ruleId"]);
            let region = &place["region"];
            format!(
                "{}:{}:{} {} {}",
                place["artifactLocation"]["uri"].as_str().unwrap(),
                region["startLine"],
                region["startColumn"],
                result["level"].as_str().unwrap(),
                result["message"]["text"].as_str().unwrap(),
            )
        })
        .collect();
    insta::assert_snapshot!(results.join("\n"), @r"
    a%20tool/plugin.yaml:1:1 error schema_version: is missing. Add `schema_version`.
    a%20tool/plugin.yaml:1:1 error description: is missing. Add `description`.
    a%20tool/plugin.yaml:1:7 error name: the name `é` cannot be made into a directory name: it needs at least two letters or digits. Write a value that the field can have.
    a%20tool/plugin.yaml:2:16 error ports[0].port: 0 is not a port (1 to 65535). Write a value that the field can have.
    a%20tool/plugin.yaml:3:20 error lifecycle.start: `x.sh` does not exist in the plugin. Add the file, or correct its path.
    a%20tool/.gitignore:1:1 note `.gitignore` is left out: it would change what git tracks in the home. Nothing needs to be done.
    a%20tool/n%C3%A4me.md:1:1 error this looks like a private key. Revoke the secret, take it out of the file, and out of the repository's history.
    ");
}

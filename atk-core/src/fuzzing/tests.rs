//! The rules hold for every input that is kept: the first ones, and what broke a rule once.

use std::path::Path;

use super::TARGETS;

#[test]
fn every_kept_input_keeps_the_rules() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    for (name, target) in TARGETS {
        let mut count = 0;
        for item in std::fs::read_dir(corpus.join(name)).unwrap() {
            let path = item.unwrap().path();
            println!("{}", path.display());
            target(&std::fs::read(&path).unwrap());
            count += 1;
        }
        assert!(count > 0, "{name} has no inputs");
    }
}

//! The fuzz target of the C library holds for every input that is kept.
#![allow(
    unsafe_code,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the functions take pointers, as C gives them; a test fails by panicking"
)]

use std::path::Path;

#[path = "../../fuzz/c_api.rs"]
mod c_api;

#[test]
fn every_kept_input_keeps_the_rules() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus/c_api");
    let mut count = 0;
    for item in std::fs::read_dir(corpus).unwrap() {
        let path = item.unwrap().path();
        println!("{}", path.display());
        c_api::run(&std::fs::read(&path).unwrap());
        count += 1;
    }
    assert!(count > 0, "there are no inputs");
}

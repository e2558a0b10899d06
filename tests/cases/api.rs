//! The committed description of the API is that of the library.

use std::fs;
use std::path::Path;

/// With `ATK_BLESS=1` the file is written anew.
#[test]
fn the_committed_description_is_that_of_the_library() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/api.json");
    let mut now = serde_json::to_string_pretty(&atk_core::api()).unwrap();
    now.push('\n');
    if std::env::var_os("ATK_BLESS").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, &now).unwrap();
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == now,
        "{} is not that of the library: run the test with ATK_BLESS=1, and look at the difference",
        file.display()
    );
}

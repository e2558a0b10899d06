//! The program in Rust that the page on embedding shows.

use std::fs;

use atk_tests::sandbox::Sandbox;

#[allow(dead_code, reason = "its `main` is not called")]
#[path = "../../../atk-core/examples/list.rs"]
mod list;

#[test]
fn the_program_in_rust_adds_a_plugin() {
    let sandbox = Sandbox::new();
    sandbox.files("work/tool").definition("Tool", "");
    let (home, source) = (sandbox.home(), sandbox.path("work/tool"));
    list::run(home.to_str().unwrap(), source.to_str().unwrap()).unwrap();
    assert!(sandbox.read("manifest.yaml").contains("name: Tool"));
    assert!(fs::exists(sandbox.home().join("plugins/tool/plugin.yaml")).unwrap());
    let again = list::run(home.to_str().unwrap(), source.to_str().unwrap());
    assert_eq!(again.unwrap_err().kind().id(), "plugin_exists");
}

//! Names the shared library for the linker: programs are bound to its ABI, not to its file.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let on_linux = std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux");
    // cargo-c gives the name itself.
    if on_linux && std::env::var_os("CARGO_FEATURE_CAPI").is_none() {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libatk.so.0");
    }
}

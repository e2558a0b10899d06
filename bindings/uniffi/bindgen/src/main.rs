//! Writes the sources for a language from the built library.

fn main() {
    uniffi::uniffi_bindgen_main();
}

//! Lets the linker leave Node's own symbols to the program that loads the library.

fn main() {
    napi_build::setup();
}

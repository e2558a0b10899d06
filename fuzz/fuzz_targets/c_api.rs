#![no_main]
#![allow(unsafe_code, reason = "the functions take pointers, as C gives them")]

#[path = "../c_api.rs"]
mod c_api;

libfuzzer_sys::fuzz_target!(|input: &[u8]| c_api::run(input));

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atk_core::fuzzing::run("cache_file", input));

//! Which library this is.

use std::ffi::c_char;

/// The number in the library's file name; it grows when a program must be built anew.
pub const ATK_ABI_VERSION: u32 = 0;

const VERSION: &std::ffi::CStr = match std::ffi::CStr::from_bytes_with_nul(
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes(),
) {
    Ok(version) => version,
    Err(_) => c"",
};

/// The version of the library, such as `0.1.0`. Never NULL; lives as long as the process.
#[unsafe(no_mangle)]
pub extern "C" fn atk_version() -> *const c_char {
    VERSION.as_ptr()
}

/// The ABI of the library: `ATK_ABI_VERSION` as it was when the library was built.
#[unsafe(no_mangle)]
pub extern "C" fn atk_abi_version() -> u32 {
    ATK_ABI_VERSION
}

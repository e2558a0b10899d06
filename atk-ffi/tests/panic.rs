//! A defect of the core reaches C as a status with a message, and the library goes on working.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and one of them has to"
)]

use std::ffi::{CStr, CString};
use std::ptr::{null, null_mut};
use std::sync::Arc;

use atk_core::ErrorKind;

#[test]
fn a_panic_is_a_status_and_the_next_call_works() {
    let scratch = tempfile::tempdir().unwrap();
    let c = |path: &str| CString::new(scratch.path().join(path).to_str().unwrap()).unwrap();
    let (cache, home_path) = (c("cache"), c("home"));
    // SAFETY: every pointer is NULL or to a live object, as the header asks for.
    unsafe {
        let mut options = null_mut();
        assert_eq!(
            atk::atk_home_options_new(cache.as_ptr(), &raw mut options, null_mut()),
            0
        );
        let broken = atk::panicking_options(&*options, Arc::new(|step: &str| panic!("at {step}")));
        let mut home = null_mut();
        assert_eq!(
            atk::atk_home_open(
                home_path.as_ptr(),
                &raw const broken,
                &raw mut home,
                null_mut()
            ),
            0
        );
        let (mut result, mut error) = (null_mut(), null_mut());
        let status = atk::atk_home_init(home, null(), null(), &raw mut result, &raw mut error);
        assert_eq!(status, ErrorKind::Internal.number());
        assert!(result.is_null());
        let message = CStr::from_ptr(atk::atk_error_message(error))
            .to_str()
            .unwrap();
        assert!(
            message.starts_with("a defect of ATK, please report it: at "),
            "{message}"
        );
        atk::atk_error_free(error);
        atk::atk_home_free(home);

        assert_eq!(
            atk::atk_home_open(home_path.as_ptr(), options, &raw mut home, null_mut()),
            0
        );
        let status = atk::atk_home_init(home, null(), null(), &raw mut result, null_mut());
        assert_eq!(status, 0);
        let json = CStr::from_ptr(atk::atk_result_json(result))
            .to_str()
            .unwrap();
        assert!(json.contains("\"created\":true"), "{json}");
        atk::atk_result_free(result);
        atk::atk_home_free(home);
        atk::atk_home_options_free(options);
    }
}

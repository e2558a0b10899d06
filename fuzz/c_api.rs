//! The functions of the C library, called in any order with any strings, NULL included, and with
//! objects that are there. What is only read or refused is called; nothing here runs a command or
//! reaches a server.
//!
//! Two programs share this file: the fuzz target, and a test that runs the kept inputs.

use std::ffi::{CStr, CString, c_char, c_void};
use std::ptr::{null, null_mut};
use std::sync::OnceLock;

use atk::*;

/// Runs an input as a program that calls the library. Panics if a rule is broken.
pub(crate) fn run(input: &[u8]) {
    let mut program = Program { rest: input };
    // SAFETY: objects are live until they are freed, once, at the end; strings end in a NUL.
    unsafe { run_program(&mut program) };
}

/// An input as a list of calls: a byte for the function, and its arguments.
struct Program<'i> {
    rest: &'i [u8],
}

impl Program<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// A string of C's: a byte for its length, and its bytes up to a NUL. None for NULL.
    fn text(&mut self) -> Option<CString> {
        let length = usize::from(self.byte()?);
        if length == 255 {
            return None;
        }
        let (bytes, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        let end = bytes.iter().position(|byte| *byte == 0);
        CString::new(&bytes[..end.unwrap_or(bytes.len())]).ok()
    }
}

/// A home with one plugin.
fn home_path() -> &'static CStr {
    static HOME: OnceLock<CString> = OnceLock::new();
    HOME.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a directory").keep();
        let options = atk_core::Options::new(dir.join("cache"));
        let home = atk_core::Home::open(dir.join("home"), options).expect("a handle");
        let made = home.init(&atk_core::InitOptions::default(), &atk_core::Silent);
        made.expect("a home");
        let plugin = dir.join("home/plugins/tool");
        std::fs::create_dir_all(&plugin).expect("a directory");
        let definition = "schema_version: '2026-01-23'\nname: Tool\ndescription: a tool\n\
            env_vars:\n- {name: KEY, required: true, secret: true}\n\
            mcp: {transport: stdio, command: uvx, args: ['$KEY']}\n";
        std::fs::write(plugin.join("plugin.yaml"), definition).expect("a file");
        std::fs::write(plugin.join("README.md"), "# Tool\n").expect("a file");
        let manifest = "schema_version: '2026-02-06'\nplugins:\n\
            - {name: Tool, directory: tool, source: {type: local}}\n";
        std::fs::write(dir.join("home/manifest.yaml"), manifest).expect("a file");
        CString::new(dir.join("home").to_str().expect("UTF-8")).expect("no NUL")
    })
}

unsafe fn run_program(program: &mut Program<'_>) {
    unsafe {
        let mut home_options = null_mut();
        let mut error = null_mut();
        let cache = c"/nonexistent/cache";
        assert_eq!(
            atk_home_options_new(cache.as_ptr(), &mut home_options, &mut error),
            0
        );
        let mut home = null_mut();
        assert_eq!(
            atk_home_open(home_path().as_ptr(), home_options, &mut home, &mut error),
            0
        );
        let options = atk_options_new();
        let cancel = atk_cancel_new();
        let host = atk_host {
            struct_size: size_of::<atk_host>(),
            userdata: null_mut(),
            on_event: Some(on_event),
            on_prompt: Some(on_prompt),
        };
        let mut calls = 0;
        while let Some(function) = program.byte() {
            calls += 1;
            if calls > 40 {
                break;
            }
            let (one, two) = (program.text(), program.text());
            let text = |text: &Option<CString>| text.as_ref().map_or(null(), |text| text.as_ptr());
            let (a, b) = (text(&one), text(&two));
            let number = two.as_ref().map_or(0, |text| text.as_bytes().len());
            let mut error = null_mut();
            let e: *mut *mut atk_error = match number % 5 {
                4 => null_mut(),
                _ => &mut error,
            };
            let mut result = null_mut();
            let r: *mut *mut atk_result = match number % 7 {
                6 => null_mut(),
                _ => &mut result,
            };
            let _: i32 = match function % 30 {
                0 => atk_home_options_set_registry(home_options, a, e),
                1 => atk_home_options_set_base_dir(home_options, a, e),
                2 => atk_home_options_set_user_home(home_options, a, e),
                3 => atk_home_options_set_env(home_options, a, b, e),
                4 => atk_home_options_set_network_timeout(home_options, float(&one), e),
                5 => atk_home_options_set_status_timeout(home_options, float(&one), e),
                6 => atk_home_options_set_wait(home_options, number > 0, e),
                7 => atk_options_set_answer(options, a, b, e),
                8 => atk_options_set_env(options, a, b, e),
                9 => atk_options_add_trust(options, a, e),
                10 => atk_options_add_plan(options, a, e),
                11 => atk_options_set_at(options, a, e),
                12 => atk_options_set_to(options, a, e),
                13 => atk_options_set_url(options, a, e),
                14 => atk_options_set_yes(options, number > 0, e),
                15 => atk_home_list(home, &host, cancel, r, e),
                16 => atk_home_show(home, a, &host, cancel, r, e),
                17 => atk_home_mcp(home, a, options, &host, cancel, r, e),
                18 => atk_home_readme(home, a, &host, cancel, r, e),
                19 => atk_home_resolve(home, a, &host, cancel, r, e),
                20 => atk_home_list(null(), null(), null(), r, e),
                21 => atk_home_hold(home, a, &host, cancel, r, e),
                22 => atk_home_setup(null(), a, options, &host, cancel, r, e),
                23 => {
                    // A handle of its own, with the options as they are now.
                    let mut other = null_mut();
                    let _ = atk_home_open(a, home_options, &mut other, e);
                    if !other.is_null() {
                        assert!(!atk_home_path(other).is_null());
                        atk_home_free(other);
                    }
                    0
                }
                24 => {
                    let mut buffer = [1 as c_char; 8];
                    let number = i32::try_from(number).unwrap_or(0);
                    let length = atk_error_kind_id(number, buffer.as_mut_ptr(), 4);
                    assert!(length < 100 && buffer[4..].iter().all(|byte| *byte == 1));
                    0
                }
                25 => i32::from(atk_error_kind_number(number) < 0),
                26 => i32::from(atk_cancel_is_cancelled(null())),
                27 => atk_prompt_answer_text(null_mut(), a, e),
                28 => atk_home_options_set_max_files(home_options, number as _, e),
                _ => atk_home_options_set_cache_dir(home_options, a, e),
            };
            look_at(result, error, a);
        }
        atk_cancel_free(cancel);
        atk_options_free(options);
        atk_home_free(home);
        atk_home_options_free(home_options);
    }
}

fn float(text: &Option<CString>) -> f64 {
    let bytes = text.as_ref().map_or(&[][..], |text| text.as_bytes());
    bytes
        .first_chunk()
        .map_or(f64::NAN, |bytes| f64::from_le_bytes(*bytes))
}

/// Reads all that can be read of what came back, and frees it.
unsafe fn look_at(result: *mut atk_result, error: *mut atk_error, name: *const c_char) {
    unsafe {
        if !error.is_null() {
            assert!(atk_error_number(error) > 0 && atk_error_exit_code(error) > 0);
            for text in [
                atk_error_id(error),
                atk_error_message(error),
                atk_error_json(error),
            ] {
                assert!(!CStr::from_ptr(text).to_str().expect("UTF-8").is_empty());
            }
            walk(atk_error_value(error), name, 0);
            atk_error_free(error);
        }
        if !result.is_null() {
            let json = CStr::from_ptr(atk_result_json(result))
                .to_str()
                .expect("UTF-8");
            assert!(!json.is_empty());
            for index in 0..=atk_result_count(result) {
                let _ = (
                    atk_result_name(result, index),
                    atk_result_pin(result, index),
                );
                let _ = (
                    atk_result_path(result, index),
                    atk_result_directory(result, index),
                );
                let _ = (
                    atk_result_error(result, index),
                    atk_result_state(result, index),
                );
            }
            walk(atk_result_value(result), name, 0);
            atk_result_free(result);
        }
    }
}

unsafe fn walk(value: *const atk_value, name: *const c_char, depth: usize) {
    assert!(depth < 64);
    unsafe {
        let _ = (
            atk_value_type(value),
            atk_value_text(value),
            atk_value_integer(value),
        );
        let _ = (atk_value_bool(value), atk_value_get(value, name));
        for index in 0..atk_value_count(value) {
            let _ = atk_value_name(value, index);
            walk(atk_value_at(value, index), name, depth + 1);
        }
    }
}

unsafe extern "C" fn on_event(_: *mut c_void, event: *const atk_event) -> i32 {
    unsafe {
        assert!(!atk_event_json(event).is_null() && !atk_event_kind(event).is_null());
        walk(atk_event_value(event), c"text".as_ptr(), 0);
    }
    0
}

unsafe extern "C" fn on_prompt(_: *mut c_void, prompt: *mut atk_prompt) -> i32 {
    unsafe {
        assert!(!atk_prompt_json(prompt).is_null() && !atk_prompt_id(prompt).is_null());
        let mut error = null_mut();
        let _ = atk_prompt_answer_text(prompt, c"x".as_ptr(), &mut error);
        atk_error_free(error);
    }
    1
}

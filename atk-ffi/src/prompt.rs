//! Questions, as C sees and answers them.

use std::ffi::{CString, c_char};

use atk_core::{CancelToken, Prompt, PromptKind, Reply, json_text};

use crate::error::atk_error;
use crate::guard::{Status, guard};
use crate::pointer::exclusive;
use crate::text::{c_pointer, c_string, text};

/// Yes or no, about something that is to be done.
pub const ATK_PROMPT_CONFIRM: u32 = 1;
/// Yes or no, about running what a source brings.
pub const ATK_PROMPT_TRUST: u32 = 2;
/// A line of text.
pub const ATK_PROMPT_TEXT: u32 = 3;
/// A line of text that must not be shown.
pub const ATK_PROMPT_SECRET: u32 = 4;

/// A question to the program. It lives for the time of the callback alone, and is answered by one
/// of the `atk_prompt_answer_` functions before the callback returns; the last answer counts.
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct atk_prompt {
    id: CString,
    plugin: CString,
    message: CString,
    default: Option<CString>,
    details: Vec<CString>,
    json: CString,
    kind: u32,
    required: bool,
    cancel: CancelToken,
    pub(crate) reply: Reply,
}

impl atk_prompt {
    pub(crate) fn new(prompt: &Prompt, cancel: &CancelToken) -> Self {
        let document = serde_json::to_value(prompt).unwrap_or_default();
        atk_prompt {
            id: c_string(&prompt.id),
            plugin: c_string(&prompt.plugin),
            message: c_string(&prompt.message),
            default: prompt.default.as_deref().map(c_string),
            details: prompt.details.iter().map(|line| c_string(line)).collect(),
            json: c_string(&json_text(&document)),
            kind: match prompt.kind {
                PromptKind::Confirm => ATK_PROMPT_CONFIRM,
                PromptKind::Trust => ATK_PROMPT_TRUST,
                PromptKind::Secret => ATK_PROMPT_SECRET,
                _ => ATK_PROMPT_TEXT,
            },
            required: prompt.required,
            cancel: cancel.clone(),
            reply: Reply::Unanswered,
        }
    }
}

/// Its stable id (`env:github:TOKEN`, `trust:github`). Borrowed from the prompt; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_prompt_id(prompt: *const atk_prompt) -> *const c_char {
    // SAFETY: NULL or a live object, by the contract.
    c_pointer(unsafe { prompt.as_ref() }.map(|prompt| &prompt.id))
}

/// The plugin's directory. Borrowed from the prompt; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_prompt_plugin(prompt: *const atk_prompt) -> *const c_char {
    // SAFETY: as above.
    c_pointer(unsafe { prompt.as_ref() }.map(|prompt| &prompt.plugin))
}

/// The question. Borrowed from the prompt; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_prompt_message(prompt: *const atk_prompt) -> *const c_char {
    // SAFETY: as above.
    c_pointer(unsafe { prompt.as_ref() }.map(|prompt| &prompt.message))
}

/// What kind of answer it wants: `ATK_PROMPT_CONFIRM` and so on. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_prompt_kind(prompt: *const atk_prompt) -> u32 {
    // SAFETY: as above.
    unsafe { prompt.as_ref() }.map_or(0, |prompt| prompt.kind)
}

/// What an empty answer means, secrets masked; NULL where it means nothing. Borrowed from the
/// prompt.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_prompt_default(prompt: *const atk_prompt) -> *const c_char {
    // SAFETY: as above.
    c_pointer(unsafe { prompt.as_ref() }.and_then(|prompt| prompt.default.as_ref()))
}

/// True if the operation cannot go on without an answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_prompt_required(prompt: *const atk_prompt) -> bool {
    // SAFETY: as above.
    unsafe { prompt.as_ref() }.is_some_and(|prompt| prompt.required)
}

/// A line of what the answer is about: a description, a command that will run. NULL past the last
/// one. Borrowed from the prompt.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_prompt_detail(
    prompt: *const atk_prompt,
    index: usize,
) -> *const c_char {
    // SAFETY: as above.
    let prompt = unsafe { prompt.as_ref() };
    c_pointer(prompt.and_then(|prompt| prompt.details.get(index)))
}

/// Everything that is known of the question as JSON. Borrowed from the prompt; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_prompt_json(prompt: *const atk_prompt) -> *const c_char {
    // SAFETY: as above.
    c_pointer(unsafe { prompt.as_ref() }.map(|prompt| &prompt.json))
}

/// True once the operation was cancelled: a program that waits for a person stops waiting.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_prompt_is_cancelled(prompt: *const atk_prompt) -> bool {
    // SAFETY: as above.
    unsafe { prompt.as_ref() }.is_some_and(|prompt| prompt.cancel.is_cancelled())
}

/// Answers with a text, which is copied. `ATK_INVALID_ARGUMENT` for NULL and for what is not UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_prompt_answer_text(
    prompt: *mut atk_prompt,
    answer: *const c_char,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: as above.
        let (prompt, answer) = unsafe { (exclusive("prompt", prompt)?, text("answer", answer)?) };
        prompt.reply = Reply::Text(answer.to_owned());
        Ok(())
    })
}

/// Answers yes or no.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_prompt_answer_yes(
    prompt: *mut atk_prompt,
    yes: bool,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: as above.
        let prompt = unsafe { exclusive("prompt", prompt)? };
        prompt.reply = if yes { Reply::Yes } else { Reply::No };
        Ok(())
    })
}

/// Takes the default, or leaves the variable unset.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_prompt_answer_default(
    prompt: *mut atk_prompt,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: as above.
        unsafe { exclusive("prompt", prompt)? }.reply = Reply::UseDefault;
        Ok(())
    })
}

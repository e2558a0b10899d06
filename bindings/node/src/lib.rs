//! The native half of the npm package: private, small, and in terms of plain values.
//!
//! Requests, outcomes, events and questions pass as JSON; the half in JavaScript gives them their
//! shape. An operation runs on a thread of its own and never on libuv's pool, which is the
//! program's; all it has to say arrives in order through one function of the caller's.
// As a test nothing is exported, and so nothing used.
#![cfg_attr(test, allow(dead_code))]

mod document;
mod home;
mod host;
mod message;
mod operation;

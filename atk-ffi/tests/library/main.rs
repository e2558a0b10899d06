//! The C library as programs in C, C++ and Go see it: its header, its symbols, every function,
//! wrong use, panics, cancels, and what `make install` puts in place.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod build;
mod cancel;
mod examples;
mod fixture;
mod header;
mod installed;
mod programs;

//! What the bindings for Python, Node, Kotlin, Ruby and Swift share.
//!
//! - [`open`] opens a home with the environment and the options of a binding.
//! - [`Call`] runs an operation on a worker thread. It turns a panic into an error, and lets a
//!   callback that changes the home of its own operation fail instead of waiting for itself.
//! - Callbacks run on the thread that the binding chooses:
//!
//! | thread | what a binding implements | used by |
//! |---|---|---|
//! | the worker | [`Callbacks`], given to [`Call::spawn`] in a [`Direct`] | Kotlin, Ruby, Swift |
//! | the calling one | [`Face`], given to [`Call::run_here`] | Python |
//! | any other | a function that posts a [`Request`] there, given to [`Call::spawn`] in a [`Post`] | Node |

mod call;
mod direct;
mod here;
mod open;
mod post;
mod timing;

pub use call::Call;
pub use direct::{Callbacks, Direct};
pub use here::{Ended, Face};
pub use open::{defect, open, parsed};
pub use post::{Answer, Post, Request, Wanted};
pub use timing::time_list;

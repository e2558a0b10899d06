//! Git's protocol, version 2, as bytes: packet lines, what a server can do, requests, answers.
//! Nothing here reads or writes: it is total on whatever a server may send.

pub(crate) mod answer;
pub(crate) mod capabilities;
pub(crate) mod packet;
pub(crate) mod request;

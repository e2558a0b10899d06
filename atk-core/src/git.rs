//! The only module that talks git: transports, the protocol, the object cache, the home's repository.

pub(crate) mod object;
pub(crate) mod repository;

//! Child processes: how git and the programs that serve it are started, in which environment, how the
//! end of a child is waited for, and how a child ends if this process is killed.

pub(crate) mod command;
pub(crate) mod environment;
pub(crate) mod poll;
pub(crate) mod program;
pub(crate) mod wait;
pub(crate) mod watchdog;

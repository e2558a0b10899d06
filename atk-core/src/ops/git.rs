//! `git`: git in the home.

use std::ffi::OsString;

use crate::error::Result;
use crate::lifecycle::{self, Program};
use crate::outcome::ScriptEnded;
use crate::steps::context::Context;

pub(crate) fn run(context: &Context<'_>, args: &[OsString]) -> Result<ScriptEnded> {
    let home = context.home()?;
    let env = context.env();
    let git = context.session.options.git.find(&env)?;
    let command = lifecycle::Command {
        plugin: "",
        event: "git",
        program: Program::File(&git, args),
        dir: home.root(),
        home: home.root(),
        env: lifecycle::environment(&env, []),
        token: None,
        secrets: &[],
    };
    let ended = lifecycle::run(&command, context.host.stdio(), context.scope())?;
    Ok(ScriptEnded {
        script: "git".to_owned(),
        exit_code: ended.exit_code(),
        warnings: Vec::new(),
    })
}

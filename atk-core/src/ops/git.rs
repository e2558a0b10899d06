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
    // Git refuses every protocol that is not on the list. With git, an `atk.yaml` that cannot be read is
    // restored.
    let is_offline = context.session.options.offline
        || context
            .configured()
            .is_ok_and(|configured| configured.offline);
    let own = is_offline.then_some(("GIT_ALLOW_PROTOCOL", "file"));
    let command = lifecycle::Command {
        plugin: "",
        event: "git",
        program: Program::File(&git, args),
        dir: home.root(),
        home: home.root(),
        env: lifecycle::environment(&env, own),
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

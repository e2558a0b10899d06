//! `watch`: tells of every change of a home, whoever made it.

use std::time::Duration;

use crate::error::{ErrorKind, Result};
use crate::home::HomeDir;
use crate::host::Event;
use crate::outcome::Watched;
use crate::steps::context::Context;
use crate::steps::file_watch::FileWatch;
use crate::steps::home_state::HomeState;

/// How often, and how long apart, a home is looked for that seems to be gone: `git` deletes a file
/// before it writes it anew.
const LOOKS: u32 = 20;
const APART: Duration = Duration::from_millis(50);

pub(crate) fn run(context: &Context<'_>, once: bool) -> Result<Watched> {
    let cancel = &context.session.cancel;
    let mut watch = FileWatch::new()?;
    let mut before = look(context, &mut watch)?;
    context.host.event(Event::Watching);
    loop {
        watch.wait(cancel)?;
        let now = look(context, &mut watch)?;
        if let Some(difference) = before.difference(&now) {
            context.host.event(Event::Changed {
                plugins: difference.plugins,
                manifest: difference.manifest,
            });
            if once {
                return Ok(Watched {
                    warnings: Vec::new(),
                });
            }
        }
        before = now;
    }
}

/// Returns the state of the home, with all its directories watched. A directory that was not watched
/// yet may have changed before it was: then the state is read again.
fn look(context: &Context<'_>, watch: &mut FileWatch) -> Result<HomeState> {
    loop {
        let (home, state) = read(context)?;
        if !watch.set(&state.directories(&home)) {
            return Ok(state);
        }
        context.session.cancel.check()?;
    }
}

/// Reads the state of the home. A home that seems to be gone is looked for a few times more.
fn read(context: &Context<'_>) -> Result<(HomeDir, HomeState)> {
    let mut looks = 1;
    loop {
        let read = context.home().and_then(|home| {
            let state = HomeState::of(context, &home)?;
            Ok((home, state))
        });
        match read {
            Err(error) if error.kind() == ErrorKind::HomeNotInitialized && looks < LOOKS => {
                looks += 1;
                std::thread::sleep(APART);
                context.session.cancel.check()?;
            }
            read => return read,
        }
    }
}

//! `watch`: tells of every change of a home, whoever made it.

use std::time::Duration;

use crate::error::{ErrorKind, Result};
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

/// Looks at the home, and watches where it can change. Directories are watched before they are
/// looked at, so that no change falls between the two.
fn look(context: &Context<'_>, watch: &mut FileWatch) -> Result<HomeState> {
    let mut state = look_again(context)?;
    loop {
        let home = context.home()?;
        watch.set(&state.directories(&home));
        let now = look_again(context)?;
        if now.directories(&home) == state.directories(&home) {
            return Ok(now);
        }
        state = now;
        context.session.cancel.check()?;
    }
}

fn look_again(context: &Context<'_>) -> Result<HomeState> {
    let mut looks = 1;
    loop {
        match context
            .home()
            .and_then(|home| HomeState::of(context, &home))
        {
            Err(error) if error.kind() == ErrorKind::HomeNotInitialized && looks < LOOKS => {
                looks += 1;
                std::thread::sleep(APART);
                context.session.cancel.check()?;
            }
            looked => return looked,
        }
    }
}

//! `create`: the files of a new plugin, for its author.

use crate::error::Result;
use crate::outcome::Created;
use crate::steps::context::Context;
use crate::steps::new_directory::{self, NewFile};
use crate::steps::plugin_template::DEFINITION;
use crate::steps::plugin_to_create::{PluginToCreate, Wishes};
use crate::steps::{base_dir, plugin_in_home};

#[expect(clippy::too_many_arguments, reason = "one for each option")]
pub(crate) fn run(
    context: &Context<'_>,
    directory: Option<&str>,
    display_name: Option<&str>,
    description: Option<&str>,
    service: Option<&str>,
    mcp: Option<&str>,
    server: Option<&str>,
    skill: bool,
    in_home: bool,
) -> Result<Created> {
    // 1. What is wanted, and what it is called.
    let wishes = Wishes {
        display_name,
        description,
        service,
        mcp,
        server,
        skill,
    };
    let named = directory.map(|directory| base_dir::absolute(context, Some(directory)));
    let mut plugin = PluginToCreate::new(context, named.transpose()?.as_deref(), &wishes)?;
    let mut files = plugin.files()?;

    // 2. In the home: the files are added as those of any other local plugin are.
    if in_home {
        plugin_in_home::check_directory(directory, &plugin)?;
        files.retain(|file| file.path != ".gitignore");
        let added = plugin_in_home::add(context, &files)?;
        return Ok(Created {
            path: added.path.clone(),
            files: paths(files),
            added: Some(added),
            ..plugin.created()
        });
    }

    // 3. Elsewhere: a directory that is empty, or that does not exist yet.
    let path = base_dir::absolute(
        context,
        Some(directory.unwrap_or(plugin.directory.as_str())),
    )?;
    new_directory::check(&path, &files, DEFINITION)?;
    context.session.cancel.check()?;
    new_directory::write(&path, &files, DEFINITION)?;
    Ok(Created {
        path,
        files: paths(files),
        ..plugin.created()
    })
}

fn paths(files: Vec<NewFile>) -> Vec<String> {
    files.into_iter().map(|file| file.path).collect()
}

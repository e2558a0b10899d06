//! `HEAD`, branches and tags, as the server has them now.

use super::Remote;
use crate::error::{Error, ErrorKind, Result};
use crate::fetching::message;
use crate::fetching::object::ObjectId;
use crate::model::pin::Pin;
use crate::model::revision::RefName;
use crate::model::suggest;
use crate::text::escape;

/// A branch or tag that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FoundRef {
    /// True for a tag, which should not move.
    pub(crate) is_tag: bool,
    /// The commit that it points to.
    pub(crate) pin: Pin,
}

/// How many names a help lists.
const MAX_LISTED: usize = 5;

impl Remote<'_> {
    /// The commit at the repository's `HEAD`. It is asked once.
    ///
    /// # Errors
    /// [`ErrorKind::RepositoryEmpty`] if it points nowhere; those of reaching a server.
    pub(crate) fn head(&mut self) -> Result<Pin> {
        self.on_a_server_with_refs(Self::head_of_server)
            .map_err(|error| self.no_refs_offline(error))
    }

    /// Returns the newest commit of the current server, which may be a mirror.
    pub(super) fn head_of_server(&mut self) -> Result<Pin> {
        self.ask_for_refs(Vec::new())?;
        match self.refs.found.get("HEAD") {
            Some(head) => Pin::new(&head.to_string()),
            None => Err(self.empty()),
        }
    }

    fn no_refs_offline(&self, error: Error) -> Error {
        match error.kind() {
            ErrorKind::Offline => error
                .with_message(format!(
                    "the newest commit of `{}` is not known: connections are not allowed",
                    self.url
                ))
                .with_help(
                    "allow connections once, or name a commit that is in the cache by its full id",
                ),
            _ => error,
        }
    }

    /// Asks for `HEAD` and all of these names in one request.
    ///
    /// # Errors
    /// Those of reaching a server. A name that the server does not have is not an error here; see
    /// [`Remote::find_ref`].
    pub(crate) fn look_up<'n>(&mut self, names: impl Iterator<Item = &'n RefName>) -> Result<()> {
        let names: Vec<String> = names.flat_map(RefName::full_names).collect();
        self.on_a_server_with_refs(|remote| remote.ask_for_refs(names.clone()))
            .map_err(|error| self.no_refs_offline(error))
    }

    /// The branch or tag of a name.
    ///
    /// # Errors
    /// [`ErrorKind::RefNotFound`]; [`ErrorKind::RefAmbiguous`] if it is the name of a branch and of
    /// a tag that differ; those of reaching a server.
    pub(crate) fn find_ref(&mut self, name: &RefName) -> Result<FoundRef> {
        self.look_up(std::iter::once(name))?;
        let full_names = name.full_names();
        let found: Vec<(&String, &ObjectId)> = full_names
            .iter()
            .filter_map(|full| self.refs.found.get_key_value(full))
            .collect();
        match found.as_slice() {
            [] => Err(self.no_such_ref(name)),
            [(_, first), (_, second)] if first != second => {
                let url = self.name();
                Err(Error::new(
                    ErrorKind::RefAmbiguous,
                    format!("`{name}` is a branch and a tag of `{url}`, at different commits"),
                )
                .with_url(url)
                .with_help(format!(
                    "give the full name: `{}` or `{}`",
                    escape(&full_names[0]),
                    escape(&full_names[1])
                )))
            }
            // Where both are at one commit the tag says more: it is not followed.
            [.., (full_name, id)] => Ok(FoundRef {
                is_tag: full_name.starts_with("refs/tags/"),
                pin: Pin::new(&id.to_string())?,
            }),
        }
    }

    fn no_such_ref(&mut self, name: &RefName) -> Error {
        let url = self.name();
        let error = Error::new(
            ErrorKind::RefNotFound,
            format!("the repository `{url}` has no branch or tag `{name}`"),
        )
        .with_url(url);
        if name.looks_like_a_short_id() {
            return error.with_help("give a commit by its full id, of 40 hexadecimal digits");
        }
        // The list is for the help alone.
        let all = ["refs/heads/", "refs/tags/"].map(str::to_owned);
        if self.ask_for_refs(all.to_vec()).is_err() {
            return error;
        }
        let shorts = self.refs.found.keys().filter_map(|full| {
            let short = full.strip_prefix("refs/heads/");
            short.or_else(|| full.strip_prefix("refs/tags/"))
        });
        let shorts: Vec<&str> = shorts.collect();
        match suggest::nearest(name.as_str(), shorts.iter().copied()) {
            Some(near) => error.with_help(format!("did you mean `{}`?", escape(near))),
            None if shorts.is_empty() => error,
            None => error.with_help(format!("its branches and tags: {}", some_of(&shorts))),
        }
    }

    /// Asks for refs, unless they were asked for already.
    fn ask_for_refs(&mut self, names: Vec<String>) -> Result<()> {
        if self.refs.has_asked(&names) {
            return Ok(());
        }
        let found = match self.session()? {
            Some(session) => session
                .refs(&names)
                .map_err(|error| message::about(self.servers.current(), error))?,
            None => self.plain_refs(&names)?,
        };
        self.refs.asked.get_or_insert_default().extend(names);
        self.refs.found.extend(found);
        self.keep_head();
        Ok(())
    }
}

/// The first of some names, in words.
fn some_of(names: &[&str]) -> String {
    let listed = names.iter().take(MAX_LISTED);
    let listed: Vec<String> = listed.map(|name| format!("`{}`", escape(name))).collect();
    let listed = listed.join(", ");
    match names.len().saturating_sub(MAX_LISTED) {
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}

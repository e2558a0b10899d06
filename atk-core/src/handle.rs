//! The handle on a home, which the operations are methods of.

use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::host::CancelToken;
use crate::options::Options;
use crate::session::Session;

/// A handle on a home. Cheap to clone. Opening one reads nothing: each operation checks what it
/// needs.
#[derive(Debug, Clone)]
pub struct Home {
    pub(crate) session: Session,
}

impl Home {
    /// Opens the home at an absolute path, which need not exist yet.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if a path is not absolute, or the registry is blank.
    pub fn open(path: impl AsRef<Path>, options: Options) -> Result<Home> {
        let cache = &options.cache_dir;
        for path in [path.as_ref(), cache] {
            let is_unknown_cache = path == cache && path.as_os_str().is_empty();
            if !path.is_absolute() && !is_unknown_cache {
                return Err(Error::new(
                    ErrorKind::InvalidArgument,
                    format!("the path `{}` is not absolute", path.display()),
                )
                .with_path(path));
            }
        }
        if options.registry.trim().is_empty() {
            return Err(
                Error::new(ErrorKind::InvalidArgument, "the registry must not be blank").with_help(
                    "give the URL of a registry, or leave the option out for the default one",
                ),
            );
        }
        Ok(Home {
            session: Session {
                home: path.as_ref().into(),
                options: Arc::new(options),
                cancel: CancelToken::new(),
            },
        })
    }

    /// Returns the same handle, whose operations end when the token is cancelled.
    #[must_use]
    pub fn with_cancel(&self, token: &CancelToken) -> Home {
        Home {
            session: Session {
                cancel: token.clone(),
                ..self.session.clone()
            },
        }
    }

    /// Returns the home's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.session.home
    }
}

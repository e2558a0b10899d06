//! Requests to a server.

use super::packet::{write_delimiter, write_flush, write_line};
use crate::fetching::object::ObjectId;

/// Which objects to leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Filter {
    /// Everything but what is wanted by its id.
    Exact,
    /// Files and trees deeper than so many levels; the root tree is the first.
    Levels(u32),
    /// All files, and trees deeper than so many levels.
    Trees(u32),
    /// All files.
    NoFiles,
    /// Files of more bytes than this, unless they are wanted by id.
    FilesOver(u64),
}

impl Filter {
    /// The part of it by which a server refuses it, whatever the numbers.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Filter::Exact => "tree:0",
            Filter::Levels(_) => "tree",
            Filter::Trees(_) => "combine",
            Filter::NoFiles => "blob:none",
            Filter::FilesOver(_) => "blob:limit",
        }
    }

    /// As git writes it.
    pub(crate) fn spec(self) -> String {
        match self {
            Filter::Exact => "tree:0".to_owned(),
            Filter::Levels(levels) => format!("tree:{levels}"),
            Filter::Trees(levels) => format!("combine:tree:{levels}+blob:none"),
            Filter::NoFiles => "blob:none".to_owned(),
            Filter::FilesOver(bytes) => format!("blob:limit={bytes}"),
        }
    }
}

/// A request for objects: exactly these, and what they hold, less what is filtered out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fetch {
    pub(crate) wants: Vec<ObjectId>,
    /// How many commits of the history of each wanted one; none: all.
    pub(crate) depth: Option<u32>,
    pub(crate) filter: Option<Filter>,
}

const AGENT: &str = concat!("agent=atk/", env!("CARGO_PKG_VERSION"));

/// Asks where `HEAD` points, and the refs whose names begin with one of the prefixes.
pub(crate) fn ls_refs<'p>(prefixes: impl Iterator<Item = &'p str>) -> Vec<u8> {
    let mut request = command("ls-refs");
    write_line(&mut request, "symrefs");
    write_line(&mut request, "peel");
    write_line(&mut request, "ref-prefix HEAD");
    for prefix in prefixes {
        write_line(&mut request, &format!("ref-prefix {prefix}"));
    }
    write_flush(&mut request);
    request
}

/// Asks for objects. We never say what we have: a server would leave out what it concludes from
/// that, and our cache is not closed under history.
pub(crate) fn fetch(fetch: &Fetch) -> Vec<u8> {
    let mut request = command("fetch");
    write_line(&mut request, "no-progress");
    write_line(&mut request, "ofs-delta");
    if let Some(depth) = fetch.depth {
        write_line(&mut request, &format!("deepen {depth}"));
    }
    if let Some(filter) = fetch.filter {
        write_line(&mut request, &format!("filter {}", filter.spec()));
    }
    for id in &fetch.wants {
        write_line(&mut request, &format!("want {id}"));
    }
    write_line(&mut request, "done");
    write_flush(&mut request);
    request
}

fn command(name: &str) -> Vec<u8> {
    let mut request = Vec::new();
    write_line(&mut request, &format!("command={name}"));
    write_line(&mut request, AGENT);
    write_line(&mut request, "object-format=sha1");
    write_delimiter(&mut request);
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_exactly_what_is_wanted() {
        let id = ObjectId::parse(&"1".repeat(40)).unwrap();
        let sent = fetch(&Fetch {
            wants: vec![id],
            depth: Some(1),
            filter: Some(Filter::Trees(2)),
        });
        let sent = String::from_utf8(sent).unwrap();
        let (head, arguments) = sent.split_once("0001").unwrap();
        assert!(head.starts_with("0012command=fetch\n"));
        assert!(head.ends_with("0017object-format=sha1\n"));
        assert_eq!(
            arguments,
            "0010no-progress\n000eofs-delta\n000ddeepen 1\n\
             0024filter combine:tree:2+blob:none\n\
             0032want 1111111111111111111111111111111111111111\n0009done\n0000"
        );
    }
}

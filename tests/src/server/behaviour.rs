//! How a server is told to behave.

use std::sync::Arc;
use std::time::Duration;

/// What a server does beyond serving: by default nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behaviour {
    /// Waits this long before each answer.
    pub latency: Duration,
    /// Sends no more bytes a second than this.
    pub bytes_per_second: Option<u64>,
    /// Answers 401 to every request that does not bring this user and password.
    pub credentials: Option<(String, String)>,
    /// Answers every request with this status and nothing else: 403, 404, 500.
    pub status: Option<u16>,
    /// Offers partial clones (`uploadpack.allowFilter`).
    pub filter: bool,
    /// Speaks protocol v2; without, the client's wish for it is not heard and v0 is spoken.
    pub protocol_v2: bool,
    /// Offers shallow fetches; without, v2 requests for a depth are refused.
    pub shallow: bool,
    /// Serves files only, as a plain web server does.
    pub dumb: bool,
    /// Refuses v2 wants of anything but the tip of a ref.
    pub tips_only: bool,
    /// Says this to the user, beside every v2 pack and in the body of every refusal.
    pub message: Option<String>,
    /// Answers every v2 `fetch` with this error.
    pub error: Option<String>,
    /// Goes wrong in the middle of every pack.
    pub trouble: Option<Trouble>,
    /// Answers every request with this web page, as a host does that wants a login.
    pub page: Option<String>,
    /// Sends this in place of every pack; of a dumb server, in place of every object.
    pub instead: Option<Instead>,
}

/// What a hostile server sends in place of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instead {
    /// These bytes, whatever was asked for.
    Pack(Arc<[u8]>),
    /// The start of a pack with one file that has no end.
    Endless,
    /// Progress messages without end, and no byte of a pack.
    Chatter,
    /// Empty packets of the pack's band, which keep a connection open, without end.
    KeepAlive,
    /// Refs with long names, without end, in place of the answer to `ls-refs` in v2.
    Refs,
    /// The pack that was asked for, so many bytes at a time, with a pause of 100 ms between them.
    Drip(usize),
}

/// What goes wrong after so many bytes of a pack (in v2: of the section that carries it).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing more comes, and the connection stays open.
    Stall(u64),
    /// The connection is closed.
    Drop(u64),
    /// The next byte is changed, the rest is sent as it is.
    Corrupt(u64),
    /// The server reports an error, as one does that fails while it packs. In v2 only.
    Fail,
}

/// Makes a server one of a kind.
type Change = fn(&mut Behaviour);

impl Behaviour {
    /// The kinds of servers that serve less than today's git does, by their names.
    pub const KINDS: [(&str, Change); 5] = [
        ("no filters", |behaviour| behaviour.filter = false),
        ("protocol v0", |behaviour| behaviour.protocol_v2 = false),
        ("files only", |behaviour| behaviour.dumb = true),
        ("no depth", |behaviour| behaviour.shallow = false),
        ("tips only", |behaviour| behaviour.tips_only = true),
    ];
}

impl Default for Behaviour {
    fn default() -> Self {
        Behaviour {
            latency: Duration::ZERO,
            bytes_per_second: None,
            credentials: None,
            status: None,
            filter: true,
            protocol_v2: true,
            shallow: true,
            dumb: false,
            tips_only: false,
            message: None,
            error: None,
            trouble: None,
            page: None,
            instead: None,
        }
    }
}

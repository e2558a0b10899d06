//! Numbers that look random and are the same in every run.

/// A generator (xorshift64*).
#[derive(Debug, Clone)]
pub(crate) struct Noise(u64);

impl Noise {
    /// A generator whose numbers follow from `seed` alone.
    pub(crate) fn new(seed: u64) -> Noise {
        // The state must not be zero; the constant spreads small seeds.
        Noise(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 33).expect("31 bits") % limit.max(1)
    }

    /// Bytes that no compression makes fewer.
    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(count + 8);
        while bytes.len() < count {
            bytes.extend(self.next().to_le_bytes());
        }
        bytes.truncate(count);
        bytes
    }

    /// That many words.
    pub(crate) fn words(&mut self, count: usize) -> String {
        const WORDS: [&str; 32] = [
            "server", "agent", "context", "search", "index", "local", "code", "memory", "browser",
            "graph", "query", "docs", "tool", "session", "model", "prompt", "trace", "issue",
            "branch", "vector", "store", "stream", "file", "shell", "editor", "review", "token",
            "schema", "cache", "proxy", "client", "watch",
        ];
        let words: Vec<_> = (0..count).map(|_| WORDS[self.below(WORDS.len())]).collect();
        words.join(" ")
    }
}

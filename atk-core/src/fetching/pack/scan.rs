//! Reads a pack as it passes, before anything else does: how large its objects are, and what it
//! takes to put them together.
//!
//! Objects are deflated, or given as differences from others: a few kilobytes can stand for
//! gigabytes. Nothing is kept of them here, so the scan takes the same memory whatever comes. That
//! objects are what their ids say is for libgit2 to check.

use flate2::{Decompress, FlushDecompress, Status};
use git2::ObjectType;

use super::head::{DeltaHead, ObjectForm, ObjectHead};
use crate::error::{Error, ErrorKind, Result};
use crate::fetching::bounds::exceeded;
use crate::model::limits::{
    HEAVY_MEMORY, LIGHT_MEMORY, OBJECT_MEMORY, PACK_DELTAS_BY_ID, PACK_OBJECTS,
};

/// `PACK`, a version, a number of objects: four bytes each.
const HEADER: usize = 12;
/// The SHA-1 of all that is before it.
const TRAILER: u64 = 20;

/// Limits of a scan.
#[derive(Clone, Copy)]
pub(crate) struct ScanLimits {
    /// Bytes of all objects together, inflated.
    pub(crate) inflated: u64,
    /// Objects larger than this are listed.
    pub(crate) listed: u64,
}

/// An object that takes much memory, or is larger than what is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LargeObject {
    /// Where it begins in the pack.
    pub(crate) offset: u64,
    pub(crate) size: u64,
    /// None for a difference, whose kind is that of what it differs from.
    pub(crate) kind: Option<ObjectType>,
}

/// The state of a scan.
pub(crate) struct Scan {
    limits: ScanLimits,
    inflate: Decompress,
    scratch: Vec<u8>,
    /// Bytes of a header whose end has not come yet.
    pending: Vec<u8>,
    offset: u64,
    objects: Option<u32>,
    left: u32,
    /// Deltas whose base is named by its id, so far.
    by_id: u32,
    body: Option<Body>,
    trailer: u64,
    inflated: u64,
    large: Vec<LargeObject>,
    /// The largest need of memory of a difference, and of one whose base is not known yet.
    peak: u64,
    peak_of_unknown: u64,
    largest: u64,
}

/// An object that is being inflated.
struct Body {
    head: ObjectHead,
    start: u64,
    got: u64,
    delta: Option<DeltaHead>,
}

impl Scan {
    pub(crate) fn new(limits: ScanLimits) -> Self {
        Scan {
            limits,
            inflate: Decompress::new(true),
            scratch: vec![0; 32 << 10],
            pending: Vec::new(),
            offset: 0,
            objects: None,
            left: 0,
            by_id: 0,
            body: None,
            trailer: 0,
            inflated: 0,
            large: Vec::new(),
            peak: 0,
            peak_of_unknown: 0,
            largest: 0,
        }
    }

    /// How many objects the pack announces, once that is known.
    pub(crate) fn objects(&self) -> Option<u32> {
        self.objects
    }

    /// Looks at the next bytes.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`]: no pack, or more than a limit.
    pub(crate) fn feed(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let used = match self.body {
                Some(_) => self.body(bytes)?,
                None if self.objects.is_some() && self.left == 0 => {
                    self.trailer += bytes.len() as u64;
                    bytes.len()
                }
                None => self.head(bytes)?,
            };
            self.offset += used as u64;
            bytes = bytes.get(used..).unwrap_or_default();
        }
        match self.trailer > TRAILER {
            true => Err(no_pack()),
            false => Ok(()),
        }
    }

    /// How much memory it takes to put the pack together, once all of it has passed.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`]: it is cut off, or takes too much.
    pub(crate) fn memory(&self) -> Result<u64> {
        if self.objects.is_none() || self.left > 0 || self.trailer != TRAILER {
            return Err(Error::new(ErrorKind::GitFailed, "the pack is cut off"));
        }
        let unknown = match self.peak_of_unknown {
            0 => 0,
            peak => peak.saturating_add(self.largest),
        };
        let peak = self.peak.max(unknown);
        if peak > HEAVY_MEMORY {
            return Err(Error::new(
                ErrorKind::GitFailed,
                format!(
                    "an object that the server sends needs {peak} bytes of memory, at most \
                     {HEAVY_MEMORY} are allowed"
                ),
            ));
        }
        Ok(peak.saturating_add(self.memory_of_index()))
    }

    /// How much memory the list of objects takes.
    pub(crate) fn memory_of_index(&self) -> u64 {
        u64::from(self.objects.unwrap_or(0)) * OBJECT_MEMORY
    }

    /// Bytes of all objects, inflated.
    pub(crate) fn inflated(&self) -> u64 {
        self.inflated
    }

    /// The large objects, in the order of their offsets.
    pub(crate) fn into_large(self) -> Vec<LargeObject> {
        self.large
    }

    /// Takes bytes of a header, the pack's or an object's, one after the other.
    fn head(&mut self, bytes: &[u8]) -> Result<usize> {
        for (at, &byte) in bytes.iter().enumerate() {
            self.pending.push(byte);
            if self.objects.is_none() {
                if self.pending.len() < HEADER {
                    continue;
                }
                self.pack_header()?;
                return Ok(at + 1);
            }
            let Some(head) = ObjectHead::parse(&self.pending).map_err(|_| no_pack())? else {
                continue;
            };
            let length = self.pending.len() as u64;
            let start = (self.offset + at as u64 + 1).saturating_sub(length);
            self.pending.clear();
            self.begin(head, start)?;
            return Ok(at + 1);
        }
        Ok(bytes.len())
    }

    fn pack_header(&mut self) -> Result<()> {
        let number = |at: usize| {
            let bytes = self.pending.get(at..at + 4).and_then(|b| b.try_into().ok());
            bytes.map_or(0, u32::from_be_bytes)
        };
        let (version, objects) = (number(4), number(8));
        if !self.pending.starts_with(b"PACK") || version != 2 {
            return Err(no_pack());
        }
        if objects > PACK_OBJECTS {
            return Err(Error::new(
                ErrorKind::GitFailed,
                format!(
                    "the server sends {objects} objects at once, at most {PACK_OBJECTS} are allowed"
                ),
            ));
        }
        (self.objects, self.left) = (Some(objects), objects);
        self.pending.clear();
        Ok(())
    }

    fn begin(&mut self, head: ObjectHead, start: u64) -> Result<()> {
        // Before a byte of it is inflated.
        self.count(head.size)?;
        self.by_id += u32::from(head.kind == ObjectForm::Id);
        if self.by_id > PACK_DELTAS_BY_ID {
            return Err(Error::new(
                ErrorKind::GitFailed,
                format!(
                    "the server sends more than the allowed {PACK_DELTAS_BY_ID} deltas by object id"
                ),
            ));
        }
        self.inflate.reset(true);
        self.body = Some(Body {
            head,
            start,
            got: 0,
            delta: None,
        });
        Ok(())
    }

    fn count(&mut self, bytes: u64) -> Result<()> {
        self.inflated = self.inflated.saturating_add(bytes);
        match self.inflated > self.limits.inflated {
            true => Err(exceeded(
                "objects that unpack to more",
                self.limits.inflated,
            )),
            false => Ok(()),
        }
    }

    /// Inflates what has come of an object.
    fn body(&mut self, bytes: &[u8]) -> Result<usize> {
        let Some(body) = &mut self.body else {
            return Ok(0);
        };
        let (before_in, before_out) = (self.inflate.total_in(), self.inflate.total_out());
        let status = self
            .inflate
            .decompress(bytes, &mut self.scratch, FlushDecompress::None)
            .map_err(|_| no_pack())?;
        let used = usize::try_from(self.inflate.total_in() - before_in).unwrap_or(bytes.len());
        let out = usize::try_from(self.inflate.total_out() - before_out).unwrap_or(0);
        if body.head.is_delta() && body.delta.is_none() {
            self.pending
                .extend(self.scratch.iter().take(out.min(DeltaHead::LONGEST)));
            if let Some(delta) = DeltaHead::parse(&self.pending) {
                body.delta = Some(delta);
            }
        }
        body.got += out as u64;
        let ended = status == Status::StreamEnd;
        let wrong = body.got > body.head.size || ended && body.got != body.head.size;
        let stuck = used == 0 && out == 0 && !ended;
        if wrong || stuck && !bytes.is_empty() {
            return Err(no_pack());
        }
        if ended {
            self.end_of_object()?;
        }
        Ok(used)
    }

    fn end_of_object(&mut self) -> Result<()> {
        self.pending.clear();
        self.left -= 1;
        let Some(body) = self.body.take() else {
            return Ok(());
        };
        let (size, kind, memory) = match (body.head.kind, body.delta) {
            (ObjectForm::Whole(kind), _) => (body.head.size, Some(kind), body.head.size),
            (_, None) => return Err(no_pack()),
            (kind, Some(delta)) => {
                self.count(delta.result)?;
                let parts = body.head.size.saturating_add(delta.result);
                let base = match kind {
                    ObjectForm::Offset(back) => self.size_at(body.start.saturating_sub(back)),
                    _ => {
                        self.peak_of_unknown = self.peak_of_unknown.max(parts);
                        0
                    }
                };
                // A base that is declared to be large is refused by libgit2 if it is not.
                let memory = parts.saturating_add(base.max(delta.base.min(LIGHT_MEMORY)));
                self.peak = self.peak.max(memory);
                (delta.result, None, memory)
            }
        };
        self.largest = self.largest.max(size);
        if memory > LIGHT_MEMORY || size > self.limits.listed {
            self.large.push(LargeObject {
                offset: body.start,
                size,
                kind,
            });
        }
        Ok(())
    }

    /// The size of the object there, as far as it matters.
    fn size_at(&self, offset: u64) -> u64 {
        let at = self
            .large
            .binary_search_by_key(&offset, |large| large.offset);
        let found = at.ok().and_then(|at| self.large.get(at));
        found.map_or(LIGHT_MEMORY.min(self.largest), |large| large.size)
    }
}

fn no_pack() -> Error {
    Error::new(
        ErrorKind::GitFailed,
        "the server sent something that is not a pack",
    )
}

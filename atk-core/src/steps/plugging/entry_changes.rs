//! Entries of agents' files: written and removed, with a record of each change before it is made.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde_json::Value;

use super::book::{Book, now, settle};
use super::entry_write::Write;
use super::launcher;
use super::server::PluginServer;
use crate::agents::agent::Agent;
use crate::agents::edit::Trace;
use crate::agents::entry::{self, Form};
use crate::agents::file::{self, Change, ConfigFile};
use crate::agents::ledger::{LedgerEntry, LedgerFile, Pending};
use crate::agents::target::Target;
use crate::error::{Error, ErrorKind, Result};

/// A change of an entry that was made, and what takes it back.
pub(crate) struct EntryDone {
    pub(super) target: Target,
    /// The bytes of the file; none if it did not exist.
    before: Option<Vec<u8>>,
    after: Option<Vec<u8>>,
    /// The entry that was there.
    old: Option<Value>,
    record: Option<LedgerFile>,
    directories: Vec<PathBuf>,
}

impl Book<'_> {
    /// The digest of the entry as ATK wrote it; none if it did not write it.
    pub(crate) fn digest(&self, target: &Target) -> Option<String> {
        let file = self.ledger.file(&target.path)?;
        file.entry(&target.name)?.digest.clone()
    }

    /// Keeps a copy of an entry that ATK did not write, and returns its path.
    ///
    /// # Errors
    /// [`ErrorKind::Io`].
    pub(crate) fn back_up_entry(&self, plugin: &str, agent: &str, old: &Value) -> Result<PathBuf> {
        let name = format!("{agent}-{plugin}.json");
        let text = serde_json::to_vec_pretty(old).unwrap_or_default();
        self.locked()?.back_up_bytes(plugin, &name, &text)
    }

    /// Writes an entry.
    ///
    /// # Errors
    /// Those of the file; [`ErrorKind::AgentFileInvalid`]; [`ErrorKind::AgentEntryForeign`] if the
    /// entry was changed since it was looked at.
    pub(crate) fn write(&mut self, server: &PluginServer, write: &Write) -> Result<EntryDone> {
        let entry = LedgerEntry {
            name: write.target.name.clone(),
            agent: write.target.agent.id.to_owned(),
            plugin: server.directory.as_str().to_owned(),
            pin: server.pin.clone(),
            project: write.target.project.clone(),
            form: write.form,
            time: now(),
            digest: self.digest(&write.target),
            pending: None,
        };
        let found = write.found.as_deref();
        self.put(&write.target, entry, &write.value, found)
    }

    fn put(
        &mut self,
        target: &Target,
        entry: LedgerEntry,
        value: &Value,
        found: Option<&str>,
    ) -> Result<EntryDone> {
        let agent = target.agent;
        let record = self.ledger.file(&target.path).cloned();
        let is_private = entry.form == Form::Values;
        let digest = entry::digest(agent, value);
        let changed = file::change(&target.path, &Rc::clone(&self.writer), |file| {
            let old = target.read(file.bytes())?;
            if old.as_ref().map(|old| entry::digest(agent, old)).as_deref() != found {
                return Err(changed_meanwhile(target));
            }
            let value = match &old {
                Some(old) => entry::with_agents_keys(agent, value.clone(), old),
                None => value.clone(),
            };
            let mut next = record
                .clone()
                .unwrap_or_else(|| LedgerFile::new(&target.path));
            if let (None, Some(old)) = (&record, &old) {
                let is_ours =
                    entry::digest(agent, old) == digest || launcher::is_in(old, &target.name);
                if is_ours {
                    recognise(target, file, &in_order_of(old, &value), &mut next)?;
                }
            }
            let text = self::text(agent, file, &mut next);
            let (bytes, trace) = target.set(text, &value)?;
            let mut whole = next.trace.clone();
            whole.add(trace);
            let (digest, trace) = (digest.clone(), whole);
            next.begin(entry.clone(), Pending::Writing { digest, trace });
            self.ledger.replace(&target.path, Some(next));
            self.save()?;
            let before = file.exists().then(|| file.bytes().to_vec());
            let done = EntryDone {
                target: target.clone(),
                before,
                after: Some(bytes.clone()),
                old,
                record: record.clone(),
                directories: Vec::new(),
            };
            Ok((Change::Write { bytes, is_private }, done))
        });
        let changed = match changed {
            Ok(changed) => changed,
            Err(error) => {
                self.settle_file(target, record)?;
                return Err(error);
            }
        };
        let mut done = changed.value;
        done.directories = changed.created;
        let file = self.ledger.file_mut(&target.path);
        file.settle(|_| Some(digest.clone()));
        self.save()?;
        Ok(done)
    }

    /// Removes an entry. If it is not there any more, only its record goes.
    ///
    /// # Errors
    /// As [`Book::write`].
    pub(crate) fn remove(&mut self, target: &Target, found: Option<&str>) -> Result<EntryDone> {
        let record = self.ledger.file(&target.path).cloned();
        let known = record
            .clone()
            .unwrap_or_else(|| LedgerFile::new(&target.path));
        let changed = file::change(&target.path, &Rc::clone(&self.writer), |file| {
            let old = target.read(file.bytes())?;
            let digest = old.as_ref().map(|old| entry::digest(target.agent, old));
            if digest.as_deref() != found {
                return Err(changed_meanwhile(target));
            }
            let before = file.exists().then(|| file.bytes().to_vec());
            let mut bytes = target.remove(file.bytes(), &known.trace)?;
            let is_last = known.entries.iter().all(|entry| entry.name == target.name);
            if is_last && known.headed && bytes == target.agent.new_file.as_bytes() {
                bytes.clear();
            }
            let is_gone = is_last && known.created && bytes.is_empty();
            let done = EntryDone {
                target: target.clone(),
                after: (before.is_some() && !is_gone).then(|| bytes.clone()),
                before,
                old,
                record: record.clone(),
                directories: Vec::new(),
            };
            if done.before == done.after {
                return Ok((Change::Nothing, done));
            }
            let mut next = known.clone();
            if let Some(entry) = known.entry(&target.name) {
                next.begin(entry.clone(), Pending::Removing);
                self.ledger.replace(&target.path, Some(next));
                self.save()?;
            }
            let change = match is_gone {
                true => Change::Remove,
                false => Change::Write {
                    bytes,
                    is_private: false,
                },
            };
            Ok((change, done))
        });
        let changed = match changed {
            Ok(changed) => changed,
            Err(error) => {
                self.settle_file(target, record)?;
                return Err(error);
            }
        };
        let mut left = known;
        left.entries.retain(|entry| entry.name != target.name);
        if left.entries.is_empty() {
            file::remove_directories(&left.directories);
        }
        self.ledger.replace(&target.path, Some(left));
        self.save()?;
        Ok(changed.value)
    }

    pub(super) fn undo_entry(&mut self, done: &EntryDone) -> Result<()> {
        let target = &done.target;
        let mut next = self.ledger.file(&target.path).cloned();
        let mut next = next
            .take()
            .or_else(|| done.record.clone())
            .unwrap_or_else(|| LedgerFile::new(&target.path));
        let before = done
            .record
            .as_ref()
            .and_then(|file| file.entry(&target.name));
        match (before, next.entry(&target.name).cloned()) {
            (Some(before), _) => {
                let digest = before.digest.clone().unwrap_or_default();
                let trace = done.record.as_ref().map(|file| file.trace.clone());
                let trace = trace.unwrap_or_default();
                next.begin(before.clone(), Pending::Writing { digest, trace });
            }
            (None, Some(now)) => next.begin(now, Pending::Removing),
            (None, None) => {}
        }
        self.ledger.replace(&target.path, Some(next.clone()));
        self.save()?;
        file::change(&target.path, &Rc::clone(&self.writer), |file| {
            let now = file.exists().then(|| file.bytes().to_vec());
            let bytes = match (now == done.after, &done.old) {
                (true, _) => done.before.clone(),
                // Another program changed the file since: only the entry is put back.
                (false, Some(old)) => Some(target.set(file.bytes(), old)?.0),
                (false, None) => Some(target.remove(file.bytes(), &next.trace)?),
            };
            let change = match bytes {
                Some(bytes) => Change::Write {
                    bytes,
                    is_private: false,
                },
                None => Change::Remove,
            };
            Ok((change, ()))
        })?;
        file::remove_directories(&done.directories);
        self.ledger.replace(&target.path, done.record.clone());
        self.save()
    }

    /// Settles a file whose change failed. Nothing of the record changes if it cannot be read.
    fn settle_file(&mut self, target: &Target, record: Option<LedgerFile>) -> Result<()> {
        let now = self.ledger.file(&target.path).cloned();
        if now == record {
            return Ok(());
        }
        let settled = now.map(|mut file| {
            settle(&mut file);
            file
        });
        self.ledger.replace(&target.path, settled);
        self.save()
    }
}

/// The text that an entry is added to, with what is recorded of it.
fn text<'f>(agent: &'static Agent, file: &'f ConfigFile, record: &mut LedgerFile) -> &'f [u8] {
    if !file.exists() {
        record.created = true;
        record.trace = Trace::default();
        let missing = file.target().ancestors().skip(1);
        let missing: Vec<_> = missing.take_while(|path| !path.exists()).collect();
        let missing = missing.into_iter().rev().map(Path::to_owned);
        record.directories.extend(missing);
    }
    if file.bytes().is_empty() && !agent.new_file.is_empty() {
        record.headed = true;
        return agent.new_file.as_bytes();
    }
    file.bytes()
}

/// Records that ATK made the file, if it is what ATK makes of nothing for this entry: another home, or one
/// that is gone, plugged the plugin in.
fn recognise(
    target: &Target,
    file: &ConfigFile,
    entry: &Value,
    record: &mut LedgerFile,
) -> Result<()> {
    let start = target.agent.new_file;
    let (bytes, trace) = target.set(start.as_bytes(), entry)?;
    if bytes == file.bytes() {
        record.created = true;
        record.headed = !start.is_empty();
        record.trace = trace;
    }
    Ok(())
}

/// An entry with its keys in the order in which ATK writes them: a reader of TOML sorts them.
fn in_order_of(entry: &Value, written: &Value) -> Value {
    let (Value::Object(fields), Value::Object(written)) = (entry, written) else {
        return entry.clone();
    };
    let known = written.keys().filter_map(|key| fields.get_key_value(key));
    let others = fields.iter().filter(|(key, _)| !written.contains_key(*key));
    let fields = known.chain(others);
    Value::Object(
        fields
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
    )
}

fn changed_meanwhile(target: &Target) -> Error {
    let message = format!(
        "the entry `{}` of {} was changed meanwhile",
        target.name, target.agent.name
    );
    Error::new(ErrorKind::AgentEntryForeign, message)
        .with_path(&target.path)
        .with_help("try again")
}

//! Collects what the rules find.

use super::plugin_files::{OVERLAY, PluginFiles};
use crate::error::Problem;
use crate::model::yaml::node::Mark;
use crate::outcome::Diagnostic;
use crate::rule::{Rule, Severity};

/// More findings of one rule than this are counted, not listed: a person corrects the first, and
/// looks again.
const LISTED: usize = 100;

/// The findings so far.
pub(super) struct Findings<'p> {
    plugin: &'p PluginFiles,
    all: Vec<Diagnostic>,
}

impl<'p> Findings<'p> {
    pub(super) fn new(plugin: &'p PluginFiles) -> Self {
        Findings {
            plugin,
            all: Vec::new(),
        }
    }

    /// A file as a whole breaks a rule. `path` is relative to the plugin's directory.
    pub(super) fn of_file(&mut self, rule: Rule, path: &str, message: String) -> &mut Diagnostic {
        self.at(rule, path, (1, 1), message)
    }

    /// A place in a file breaks a rule.
    pub(super) fn at(
        &mut self,
        rule: Rule,
        path: &str,
        place: (u32, u32),
        message: String,
    ) -> &mut Diagnostic {
        let file = self.plugin.shown(path);
        self.push(rule, Problem::new(file, place, "", message))
    }

    /// A field of the definition breaks a rule.
    pub(super) fn of_field(
        &mut self,
        rule: Rule,
        (mark, field): (&Mark, &str),
        message: String,
    ) -> &mut Diagnostic {
        self.push(rule, mark.problem_of(field, message))
    }

    /// True if a field below this one has an error already.
    pub(super) fn has_error_of(&self, field: &str) -> bool {
        self.all.iter().any(|one| {
            let rest = one.field.strip_prefix(field);
            one.severity == Severity::Error && rest.is_some_and(|rest| rest.starts_with('.'))
        })
    }

    /// A problem that a reader of the model found.
    pub(super) fn problem(&mut self, problem: Problem, severity: Severity) {
        let rule = problem.rule.unwrap_or(Rule::InvalidValue);
        self.push(rule, problem).severity = severity;
    }

    fn push(&mut self, rule: Rule, problem: Problem) -> &mut Diagnostic {
        self.all.push(Diagnostic {
            rule,
            severity: rule.severity(),
            file: problem.file,
            line: problem.line,
            column: problem.column,
            field: problem.field,
            message: problem.message,
            fix: problem.fix.unwrap_or_else(|| rule.fix().to_owned()),
        });
        self.all.last_mut().expect("it was pushed")
    }

    /// All findings: those of the definition and its overlay first, each file from top to bottom.
    pub(super) fn sorted(mut self) -> Vec<Diagnostic> {
        let own = [
            self.plugin.shown(self.plugin.definition()),
            self.plugin.shown(OVERLAY),
        ];
        let rank = |file: &str| own.iter().position(|one| one == file).unwrap_or(own.len());
        self.all.sort_by_cached_key(|one| {
            let place = (one.line, one.column, one.rule);
            (rank(&one.file), one.file.clone(), place)
        });
        self.all.dedup();
        self.cut();
        self.all
    }

    /// Keeps the first findings of each rule, and says how many there are.
    fn cut(&mut self) {
        for rule in Rule::ALL {
            let count = self.all.iter().filter(|one| one.rule == *rule).count();
            if count <= LISTED {
                continue;
            }
            let mut kept = 0;
            let mut last = None;
            self.all.retain(|one| {
                kept += usize::from(one.rule == *rule);
                let keep = one.rule != *rule || kept <= LISTED;
                if !keep && last.is_none() {
                    last = Some(one.clone());
                }
                keep
            });
            if let Some(mut more) = last {
                more.message = format!("{} more findings of this rule", count - LISTED);
                more.field.clear();
                self.all.push(more);
            }
        }
    }
}

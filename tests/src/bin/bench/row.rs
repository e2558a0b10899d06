//! A line of the table: what was measured beside what is allowed.

use std::fmt;
use std::time::Duration;

/// A measured operation.
#[derive(Debug, Default)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) cells: Vec<Cell>,
}

/// A quantity, and its limit where it has one.
#[derive(Debug)]
pub(crate) struct Cell {
    what: &'static str,
    value: f64,
    limit: Limit,
    unit: Unit,
}

#[derive(Debug, Clone, Copy)]
enum Limit {
    None,
    AtMost(f64),
    AtLeast(f64),
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Unit {
    Count,
    Kilobytes,
    Megabytes,
    Milliseconds,
    Times,
}

impl Row {
    pub(crate) const HEAD: &'static str =
        "operation                                  what                      value   budget";

    pub(crate) fn new(name: &'static str) -> Row {
        Row {
            name,
            cells: Vec::new(),
        }
    }

    /// Adds a quantity without a limit.
    pub(crate) fn shows(&mut self, what: &'static str, value: f64, unit: Unit) {
        self.push(what, value, unit, Limit::None);
    }

    /// Adds a quantity that must not exceed `limit`.
    pub(crate) fn at_most(&mut self, what: &'static str, value: f64, unit: Unit, limit: f64) {
        self.push(what, value, unit, Limit::AtMost(limit));
    }

    /// Adds a quantity that must reach `limit`.
    pub(crate) fn at_least(&mut self, what: &'static str, value: f64, unit: Unit, limit: f64) {
        self.push(what, value, unit, Limit::AtLeast(limit));
    }

    /// Adds a time without a limit.
    pub(crate) fn time(&mut self, what: &'static str, value: Duration) {
        self.shows(what, milliseconds(value), Unit::Milliseconds);
    }

    fn push(&mut self, what: &'static str, value: f64, unit: Unit, limit: Limit) {
        self.cells.push(Cell {
            what,
            value,
            limit,
            unit,
        });
    }
}

impl Cell {
    fn is_over(&self) -> bool {
        match self.limit {
            Limit::None => false,
            Limit::AtMost(limit) => self.value > limit,
            Limit::AtLeast(limit) => self.value < limit,
        }
    }
}

impl Unit {
    fn show(self, value: f64) -> String {
        match self {
            Unit::Count => format!("{value:.0}"),
            Unit::Kilobytes => format!("{value:.1} KB"),
            Unit::Megabytes => format!("{value:.1} MB"),
            Unit::Milliseconds => format!("{value:.1} ms"),
            Unit::Times => format!("{value:.1}x"),
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut name = self.name;
        for cell in &self.cells {
            let value = cell.unit.show(cell.value);
            write!(f, "{name:<42} {:<19} {value:>11}", cell.what)?;
            let budget = match cell.limit {
                Limit::None => None,
                Limit::AtMost(limit) => Some(format!("at most {}", cell.unit.show(limit))),
                Limit::AtLeast(limit) => Some(format!("at least {}", cell.unit.show(limit))),
            };
            if let Some(budget) = budget {
                let verdict = if cell.is_over() { "OVER" } else { "ok" };
                write!(f, "   {budget:<18} {verdict}")?;
            }
            writeln!(f)?;
            name = "";
        }
        Ok(())
    }
}

/// A duration in the unit that times are shown in.
pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

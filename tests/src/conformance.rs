//! One behaviour in every face: scenarios as data, which each face's driver runs, and one comparer.
//!
//! ```text
//! tests/conformance/scenarios/*.yaml   the scenarios
//! tests/conformance/drivers/           a driver for each language
//! ```
//!
//! A driver reads a request a line, calls the operation, prints each event and question as a line
//! of JSON, and at last a line with the outcome or the error. So it needs no knowledge of scenarios.

mod command_line;
mod compare;
mod coverage;
mod driver;
mod flat;
mod report;
mod scenario;
mod trace;
mod world;

pub use coverage::missing;
pub use driver::{Driver, FACES, Face, PLANTS};
pub use report::{Report, Verdict};
pub use scenario::{Call, Scenario, Step};
pub use trace::Trace;

use compare::{expected, same};
use world::World;

/// Runs one scenario in one face. Returns the traces of its calls, and what differs from what the
/// scenario expects.
pub fn run(scenario: &Scenario, driver: &mut Driver) -> (Vec<Trace>, Vec<String>) {
    let mut world = World::new();
    let mut traces: Vec<Trace> = Vec::new();
    let mut problems = Vec::new();
    for (number, step) in scenario.steps.iter().enumerate() {
        let step = world.filled(step);
        let Some(call) = &step.call else {
            world.change(&step);
            continue;
        };
        let place = format!("step {} ({call})", number + 1);
        let request = Call::new(&step, &world);
        match driver.call(&request, &world) {
            Ok(lines) => {
                let trace = Trace::of(&lines, &world);
                problems.extend(
                    expected(&step, &trace, driver.face())
                        .into_iter()
                        .map(|problem| format!("{place}: {problem}")),
                );
                world.remember(&lines);
                traces.push(trace);
            }
            Err(problem) => {
                problems.push(format!("{place}: {problem}"));
                return (traces, problems);
            }
        }
    }
    problems.extend(world.check(&scenario.files));
    (traces, problems)
}

/// Returns how the traces of a face differ from those of the first face.
#[must_use]
pub fn differences(first: &[Trace], other: &[Trace], face: Face) -> Vec<String> {
    if first.len() != other.len() {
        return vec![format!("{} calls, not {}", other.len(), first.len())];
    }
    let pairs = first.iter().zip(other).enumerate();
    pairs
        .flat_map(|(number, (first, other))| {
            same(first, other, face)
                .into_iter()
                .map(move |problem| format!("call {}: {problem}", number + 1))
        })
        .collect()
}

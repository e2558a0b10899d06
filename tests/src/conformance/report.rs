//! The table of scenarios by faces.

use std::fmt;
use std::time::Duration;

use super::driver::Face;

/// What became of a scenario in a face.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Passed,
    /// What differs.
    Failed(Vec<String>),
    /// Why it was not run.
    Skipped(String),
}

/// The verdicts of all faces.
#[derive(Debug, Default)]
pub struct Report {
    verdicts: Vec<(Face, String, Verdict)>,
    times: Vec<(Face, Duration)>,
}

impl Report {
    /// Adds a verdict.
    pub fn add(&mut self, face: Face, scenario: &str, verdict: Verdict) {
        self.verdicts.push((face, scenario.to_owned(), verdict));
    }

    /// Adds how long a face took.
    pub fn took(&mut self, face: Face, time: Duration) {
        self.times.push((face, time));
    }

    /// False if a scenario failed, or was neither run nor skipped for a reason.
    #[must_use]
    pub fn is_success(&self, scenarios: usize, faces: &[Face]) -> bool {
        let is_whole = |face: &Face| {
            let verdicts = self.verdicts.iter().filter(|(one, ..)| one == face);
            verdicts.count() == scenarios
        };
        let failed = |verdict: &Verdict| matches!(verdict, Verdict::Failed(_));
        faces.iter().all(is_whole) && !self.verdicts.iter().any(|(.., verdict)| failed(verdict))
    }

    fn count(&self, face: Face, is: impl Fn(&Verdict) -> bool) -> usize {
        let verdicts = self.verdicts.iter();
        verdicts
            .filter(|(one, _, verdict)| *one == face && is(verdict))
            .count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (face, scenario, verdict) in &self.verdicts {
            match verdict {
                Verdict::Passed => {}
                Verdict::Skipped(reason) => {
                    writeln!(f, "skipped  {:7} {scenario}: {reason}", face.name)?;
                }
                Verdict::Failed(problems) => {
                    for problem in problems {
                        writeln!(f, "FAILED   {:7} {scenario}: {problem}", face.name)?;
                    }
                }
            }
        }
        writeln!(f, "\nface      run  passed  failed  skipped  seconds")?;
        let mut faces: Vec<Face> = Vec::new();
        for (face, ..) in &self.verdicts {
            if !faces.contains(face) {
                faces.push(*face);
            }
        }
        for face in faces {
            let passed = self.count(face, |verdict| *verdict == Verdict::Passed);
            let failed = self.count(face, |verdict| matches!(verdict, Verdict::Failed(_)));
            let skipped = self.count(face, |verdict| matches!(verdict, Verdict::Skipped(_)));
            let (name, run) = (face.name, passed + failed);
            let mut times = self.times.iter().filter(|(one, _)| *one == face);
            let seconds = times.next().map_or(0.0, |(_, time)| time.as_secs_f64());
            writeln!(
                f,
                "{name:8} {run:4} {passed:7} {failed:7} {skipped:8} {seconds:8.1}"
            )?;
        }
        Ok(())
    }
}

//! Proofs that are programs of their own, whose counts belong into the table.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::run::Tally;

/// Gives `atk` hostile input: `src/bin/hostile`. Its own table goes to standard error.
pub(crate) fn hostile(sample: bool) -> Tally {
    let this = std::env::current_exe().expect("the path of this program");
    let mut command = Command::new(this.with_file_name("hostile"));
    command.args(sample.then_some("--sample"));
    let output = output(command);
    let counts = output.lines().find_map(|line| {
        let (inputs, rest) = line.split_once(" inputs: ")?;
        let broken = rest.split_once(" held, ")?.1.split_once(" broken")?.0;
        Some((inputs.parse().ok()?, broken.parse().ok()?))
    });
    tally(counts, "the program `hostile`", &output)
}

/// Fuzz targets, 30 seconds each: `fuzz/run.sh`. A point is an execution.
pub(crate) fn fuzz() -> Tally {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/run.sh");
    let this = std::env::current_exe().expect("the path of this program");
    let target = this.parent().and_then(Path::parent);
    let mut command = Command::new("sh");
    command.arg(script);
    command.arg(target.expect("the target directory")).arg("30");
    let output = output(command);
    let rows = output.lines().filter_map(|line| {
        let executions = line.split_whitespace().nth(1)?.parse::<usize>().ok()?;
        Some((executions, usize::from(!line.ends_with("nothing"))))
    });
    let sum = |(all, broken): (usize, usize), (more, found)| (all + more, broken + found);
    let counts = Some(rows.fold((0, 0), sum)).filter(|(executions, _)| *executions > 0);
    tally(counts, "the script `fuzz/run.sh`", &output)
}

fn output(mut command: Command) -> String {
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.expect("run a program");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    eprintln!("{text}");
    text
}

fn tally(counts: Option<(usize, usize)>, what: &str, output: &str) -> Tally {
    let Some((points, broken)) = counts else {
        return Tally {
            lost: vec![format!("{what} printed no counts")],
            ..Tally::default()
        };
    };
    let broken_lines = output
        .lines()
        .filter(|line| line.contains("BROKEN") || line.contains(" see "));
    let mut lost: Vec<String> = broken_lines.map(str::to_owned).collect();
    lost.resize(broken, format!("{what}: see its table"));
    Tally {
        known: points,
        tried: points,
        lost,
    }
}

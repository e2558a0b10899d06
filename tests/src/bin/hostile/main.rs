//! Gives the `atk` command hostile input, one after the other, and prints what came of each.
//!
//! `hostile [--sample] [--threads <n>] [<word>…]`: the inputs whose name contains one of the words.
//! Each is prepared in a sandbox of its own: a repository whose objects are written byte by byte, a
//! server that speaks wrongly, a file that means harm. Then `atk` runs as a user would run it. What
//! must hold after each is in `attack.rs`: the kind of refusal, the home as it was, a bound on time,
//! less than 200 MB of memory in each process, and no character that drives a terminal.
//!
//! The exit status is 1 if anything did not hold.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "an input that cannot be prepared must stop the run"
)]

mod attack;
mod files;
mod forge;
mod packs;
mod raw_server;
mod servers;
mod texts;
mod trees;
mod usage;

use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Instant;

use atk_tests::sandbox::atk_binary;

use attack::{Input, Row};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let Some((usage::FLAG, rest)) = args.split_first().map(|(first, rest)| (&**first, rest)) {
        return usage::report(rest);
    }
    let (mut sample, mut threads, mut words) = (false, 4, Vec::new());
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--sample" => sample = true,
            "--threads" => {
                let number = args.next().and_then(|number| number.parse().ok());
                threads = number.expect("--threads takes a number");
            }
            _ => words.push(arg),
        }
    }
    let mut inputs = Vec::new();
    for list in [trees::all, packs::all, servers::all, files::all, texts::all] {
        list(&mut inputs);
    }
    let is_wanted = |input: &Input| {
        let name = format!("{}: {}", input.group, input.name);
        (input.in_sample || !sample)
            && (words.is_empty() || words.iter().any(|word| name.contains(word.as_str())))
    };
    inputs.retain(is_wanted);
    // The slow ones wait for a server that says nothing: they are begun first.
    inputs.sort_by_key(|input| std::cmp::Reverse(input.seconds));
    let _ = atk_binary();
    let begun = Instant::now();
    let queue = Mutex::new(inputs.into_iter());
    let rows = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().expect("the queue").next();
                    let Some(input) = next else { break };
                    let row = attack::run(input);
                    eprintln!("{row} {}", row.message);
                    rows.lock().expect("the rows").push(row);
                }
            });
        }
    });
    print(rows.into_inner().expect("the rows"), begun)
}

fn print(mut rows: Vec<Row>, begun: Instant) -> ExitCode {
    rows.sort_by(|one, other| one.place.cmp(&other.place));
    println!("{}", Row::HEAD);
    for row in &rows {
        println!("{row}");
    }
    let broken = rows.iter().filter(|row| !row.problems.is_empty()).count();
    let most = rows.iter().map(|row| row.megabytes).fold(0.0, f64::max);
    let longest = rows.iter().map(|row| row.seconds).fold(0.0, f64::max);
    println!(
        "\n{} inputs: {} held, {broken} broken; at most {most:.0} MB and {longest:.1} s; in {:.0} s",
        rows.len(),
        rows.len() - broken,
        begun.elapsed().as_secs_f64()
    );
    match broken {
        0 if !rows.is_empty() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

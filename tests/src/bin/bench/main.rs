//! Measures the binary against its budgets: what it asks of a server, what the server sends, how
//! long it takes, and what it costs on the machine.
//!
//! `bench [--py] [<word>…]`: only rows whose name contains one of the words; with `--py`, the
//! Python tool does the same work on the same server, for comparison. The large repositories are
//! made in the first run, which takes minutes, and kept below `target/`.

mod fetching;
mod life;
mod local;
mod measure;
mod row;
mod tool;
mod usage;
mod versions;

use std::process::ExitCode;

use row::Row;
use tool::Tool;

fn main() -> ExitCode {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().is_some_and(|arg| arg == usage::FLAG) {
        return usage::report(&args[1..]);
    }
    let with_python = args.iter().any(|arg| arg == "--py");
    args.retain(|arg| arg != "--py");
    let python = if with_python { Tool::python() } else { None };
    if with_python && python.is_none() {
        eprintln!("`ATK_PYTHON` is `none`");
        return ExitCode::FAILURE;
    }
    let wanted =
        |name: &str| args.is_empty() || args.iter().any(|word| name.contains(word.as_str()));

    println!("{}", Row::HEAD);
    for case in fetching::CASES.iter().filter(|case| wanted(case.name)) {
        print(&case.run(python.as_ref()));
    }
    println!("\n{}", Row::HEAD);
    let cases = life::CASES.into_iter().chain(versions::CASES);
    for (name, measure) in cases.chain(local::CASES) {
        if wanted(name) {
            print(&measure(name, python.as_ref()));
        }
    }
    ExitCode::SUCCESS
}

/// Prints a row as soon as it is known: some take long.
fn print(row: &Row) {
    println!("{row}");
}

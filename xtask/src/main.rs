//! Automation: `cargo xtask tidy` checks what neither rustc nor clippy sees; `cargo xtask
//! new-adapter` writes an adapter to begin with, `cargo xtask capabilities` the page that lists what
//! adapters can do.

mod adapter_files;
mod adapters;
mod arrows;
mod capabilities;
mod files;
mod graph;
mod new_adapter;

use std::{path::Path, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((command, [])) if command == "tidy" => tidy(),
        Some((command, [])) if command == "capabilities" => told(capabilities::write(root())),
        Some((command, rest)) if command == "new-adapter" => told(new_adapter::run(root(), rest)),
        _ => {
            eprintln!(
                "cargo xtask tidy                                   \
                 the arrows between the rooms, and the files in them\n\
                 cargo xtask capabilities                           \
                 docs/capabilities.md, from what the adapters say\n\
                 cargo xtask new-adapter NAME [--standalone DIR]    \
                 a new adapter's crate, its suite wired"
            );
            ExitCode::from(2)
        }
    }
}

fn told(outcome: Result<String, String>) -> ExitCode {
    match outcome {
        Ok(told) => {
            println!("{told}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or_else(|| Path::new("."))
}

fn tidy() -> ExitCode {
    let root = root();
    let complaints = graph::read(root).and_then(|graph| {
        let adapters = adapters::find(root, &graph).map_err(|error| error.to_string())?;
        let mut complaints = arrows::complaints(&graph, &adapters);
        complaints.extend(files::complaints(root, &adapters)?);
        let of_adapters = adapters::complaints(root, &adapters);
        complaints.extend(of_adapters.map_err(|error| error.to_string())?);
        complaints.extend(capabilities::complaints(root)?);
        Ok(complaints)
    });
    match complaints {
        Ok(complaints) if complaints.is_empty() => {
            println!("tidy");
            ExitCode::SUCCESS
        }
        Ok(complaints) => {
            for complaint in &complaints {
                eprintln!("{complaint}");
            }
            eprintln!("{} to mend", complaints.len());
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

//! Automation: `cargo xtask tidy` checks what neither rustc nor clippy sees.

mod adapters;
mod arrows;
mod files;
mod graph;

use std::{path::Path, process::ExitCode};

fn main() -> ExitCode {
    let command = std::env::args().nth(1);
    match command.as_deref() {
        Some("tidy") => tidy(),
        _ => {
            eprintln!("cargo xtask tidy    the arrows between the rooms, and the files in them");
            ExitCode::from(2)
        }
    }
}

fn tidy() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or_else(|| Path::new("."));
    let complaints = graph::read(root).and_then(|graph| {
        let adapters = adapters::find(root, &graph).map_err(|error| error.to_string())?;
        let mut complaints = arrows::complaints(&graph, &adapters);
        complaints.extend(files::complaints(root, &adapters)?);
        let of_adapters = adapters::complaints(root, &adapters);
        complaints.extend(of_adapters.map_err(|error| error.to_string())?);
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

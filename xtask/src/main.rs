//! Automation: `cargo xtask tidy` checks what neither rustc nor clippy sees; `cargo xtask
//! new-adapter` writes an adapter to begin with; other commands write the generated pages.

mod adapter_files;
mod adapters;
mod advisories;
mod capabilities;
mod cycles;
mod errors;
mod files;
mod graph;
mod join;
mod layers;
mod links;
mod markdown;
mod messages;
mod modules;
mod named_tests;
mod new_adapter;
mod pages;
mod published_keys;
mod tokens;
mod tulay;
mod words;

use std::{
    path::Path,
    process::{Command, ExitCode},
};

const HELP: &str = "\
cargo xtask tidy                                   the layers of the crates, and the files in them
cargo xtask tidy --words                           lists every word to be replaced
cargo xtask capabilities | errors | messages       writes the page of this name in docs/
cargo xtask advisories                             every lock file, against the advisory database
cargo xtask new-adapter NAME [--standalone DIR]    a new adapter's crate, its suite wired
cargo xtask standalone                             builds and tests generated projects, for minutes";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = root();
    match arguments.as_slice() {
        ["tidy"] => tidy(root),
        ["tidy", "--words"] => {
            print(files::folders(root).and_then(|folders| words::list(root, &folders)))
        }
        ["advisories"] => advisories::check(root),
        ["standalone"] => standalone(root),
        ["new-adapter", rest @ ..] => {
            let rest: Vec<String> = rest.iter().map(|argument| (*argument).to_owned()).collect();
            print(new_adapter::run(root, &rest))
        }
        [command] => match pages::PAGES.iter().find(|page| page.command == *command) {
            Some(page) => print(page.write(root)),
            None => help(),
        },
        _ => help(),
    }
}

fn help() -> ExitCode {
    eprintln!("{HELP}");
    ExitCode::from(2)
}

fn print(outcome: Result<String, String>) -> ExitCode {
    match outcome {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Builds and tests generated projects. This takes minutes, so it is not a part of `cargo test`.
fn standalone(root: &Path) -> ExitCode {
    let tests = ["test", "--locked", "--workspace", "--test", "standalone"];
    match Command::new(env!("CARGO")).args(tests).current_dir(root).status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cargo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or_else(|| Path::new("."))
}

fn tidy(root: &Path) -> ExitCode {
    match complaints(root) {
        Ok(complaints) if complaints.is_empty() => {
            println!("tidy");
            ExitCode::SUCCESS
        }
        Ok(complaints) => {
            for complaint in &complaints {
                eprintln!("{complaint}");
            }
            eprintln!("problems: {}", complaints.len());
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn complaints(root: &Path) -> Result<Vec<String>, String> {
    let graph = graph::read(root)?;
    let folders = files::folders(root)?;
    let adapters = adapters::find(root, &graph).map_err(|error| error.to_string())?;
    let mut complaints = layers::complaints(&graph, &adapters);
    complaints.extend(files::complaints(root, &adapters)?);
    let of_adapters = adapters::complaints(root, &adapters);
    complaints.extend(of_adapters.map_err(|error| error.to_string())?);
    complaints.extend(cycles::complaints(root, &folders)?);
    complaints.extend(words::complaints(root, &folders)?);
    complaints.extend(links::complaints(root)?);
    complaints.extend(named_tests::complaints(root, &folders)?);
    complaints.extend(pages::complaints(root)?);
    complaints.extend(published_keys::complaints(root).map_err(|error| error.to_string())?);
    Ok(complaints)
}

//! The `tulay` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    tulay_cli::main_with(|tulay| tulay)
}

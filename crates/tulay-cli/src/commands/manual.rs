//! `tulay completions SHELL`, `tulay man FOLDER`

use crate::{
    args::{Cli, Global},
    error::CliError,
    exit::Exit,
    report::Report,
};
use clap::CommandFactory;
use clap_complete::Shell;
use std::{io::Write, path::Path};

/// Prints the completions of a shell, and nothing else.
pub(crate) fn completions(shell: Shell) -> Result<Exit, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "tulay", &mut script);
    match std::io::stdout().lock().write_all(&script) {
        // The reader closed the pipe.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(CliError::could_not_run("output", error.to_string()))
        }
        _ => Ok(Exit::Done),
    }
}

/// Writes a manual page for the command and each of its parts.
pub(crate) fn pages(global: &Global, folder: &Path) -> Result<Exit, CliError> {
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(Cli::command(), folder));
    written.map_err(|error| {
        let message = format!("{} cannot be written to: {error}", folder.display());
        CliError::could_not_run("file", message)
    })?;
    Report::new("tulay.man/1", None)
        .member("folder", folder.display().to_string())
        .line(format!("{}: tulay.1 and a page for each command", folder.display()))
        .print(global.format(), Exit::Done)
}

//! `tulay journal backup`

use crate::{args::Global, error::CliError, exit::Exit, report::Report, session::Session};
use std::path::Path;
use tulay::journal::BackupError;

/// What a copy is restored with.
const KEEP: [&str; 2] =
    ["the configuration, whose namespace is part of every order id", "the keys"];

pub(super) async fn run(global: &Global, session: &Session, file: &Path) -> Result<Exit, CliError> {
    let tulay = &session.tulay;
    // Opening would make one, and its copy would have nothing.
    if tulay.journal_file().is_some_and(|file| !file.exists()) {
        let message = format!("{}: there is no journal to copy", tulay.journal_url());
        return Err(CliError::usage("journal", message));
    }
    tulay.backup(file).await.map_err(|error| match error {
        BackupError::Journal(error) => error.into(),
        error => CliError::could_not_run("backup", error.to_string()),
    })?;
    let state = tulay.journal_state().map(|state| state.display().to_string());
    let away = state.as_ref().map(|state| {
        format!(
            "do not keep {state} with it: that folder stays on its machine, and notices when a copy \
             is restored"
        )
    });
    let report = Report::new("tulay.journal-backup/1", session.environment())
        .member("file", file.display().to_string())
        .member("keep_with_it", KEEP.to_vec())
        .member("keep_away", state)
        .line(format!("{}: a whole copy of the journal, with personal data", file.display()))
        .line(format!("keep with it: {}", KEEP.join("; ")));
    away.into_iter().fold(report, Report::line).print(global.format(), Exit::Done)
}

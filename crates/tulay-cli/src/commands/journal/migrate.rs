//! `tulay journal migrate`

use crate::{args::Global, error::CliError, exit::Exit, report::Report, session::Session};
use tulay::journal::Form;

pub(super) async fn run(global: &Global, session: &Session, check: bool) -> Result<Exit, CliError> {
    let tulay = &session.tulay;
    let form = match check {
        true => tulay.journal_form().await?,
        false => tulay.migrate_journal().await?,
    };
    let (is_due, is_migrated) = (check && form.is_older(), !check && form.is_older());
    let report = Report::new("tulay.journal-migrate/1", session.environment())
        .member("journal", tulay.journal_url())
        .member("found", form.found)
        .member("current", form.current)
        .member("due", is_due)
        .member("migrated", is_migrated)
        .member("runs_beside", form.runs_beside())
        .line(format!("{}: {}", tulay.journal_url(), found(form, is_migrated)));
    let report = match (is_due, is_migrated) {
        (true, _) => report.line(due(form, tulay.journal_file().is_some())),
        (_, true) if form.runs_beside() => {
            report.line("processes of the version before may go on until they are restarted")
        }
        _ => report,
    };
    report.print(global.format(), if is_due { Exit::CouldNotRun } else { Exit::Done })
}

fn found(form: Form, is_migrated: bool) -> String {
    let current = form.current;
    match form.found {
        None => {
            format!("there is no journal yet; the first command that needs it makes form {current}")
        }
        Some(found) if is_migrated => format!("migrated from form {found} to form {current}"),
        Some(found) if form.is_older() => {
            format!("form {found}; this version needs form {current}")
        }
        Some(found) if form.is_newer() => {
            format!("form {found} of a newer version, which this version may use; nothing to do")
        }
        Some(found) => format!("form {found}, that of this version; nothing to do"),
    }
}

/// What a person has to do.
fn due(form: Form, is_file: bool) -> String {
    let first = match form.runs_beside() {
        true => "processes of the version before may go on meanwhile",
        false => "stop the processes of the version before first",
    };
    let by = match is_file {
        true => "the next command that opens it migrates it",
        false => "`tulay journal migrate` migrates it",
    };
    format!("{by}; {first}")
}

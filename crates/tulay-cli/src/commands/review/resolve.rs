//! `tulay review resolve`

use super::{
    super::payout::{opened::open, show},
    file::{self, StatementFile},
};
use crate::{
    args::{Global, PaymentKind, ResolveArgs},
    error::CliError,
    exit::Exit,
    keys, next_command,
    payout_file::{BadLine, Mistake},
    report::Report,
    session::{self, Session},
};
use tulay::{
    Builder,
    journal::{Actor, JournalError, Statement},
};

pub(super) async fn run(
    global: &Global,
    args: &ResolveArgs,
    builder: Builder,
) -> Result<Exit, CliError> {
    if let Some(path) = &args.file {
        let file = file::read(&keys::read(path)?)?;
        let session = open(global, builder, false).await?;
        return all(global, &session, args.operation, file).await;
    }
    let (Some(reference), Some(resolution), Some(evidence)) =
        (&args.reference, args.resolution.resolution(), &args.evidence)
    else {
        return Err(CliError::usage(
            "arguments",
            "expected a reference, a resolution and --evidence",
        ));
    };
    let statement = Statement::new(reference.clone(), resolution, evidence);
    let statement = statement.map_err(|invalid| CliError::invalid("evidence", &invalid))?;
    let statement = args.attempt.into_iter().fold(statement, Statement::of_attempt);
    let statement = args.as_of.into_iter().fold(statement, Statement::as_of);
    let session = open(global, builder, false).await?;
    let by = session::actor(global)?;
    let next = |words: &str| next_command::command(global, words, reference, &[]);
    let stated = session.reviews(args.operation).state(&statement, &by).await;
    let record = stated.map_err(|error| {
        next("review show").into_iter().fold(CliError::from(error), CliError::next)
    })?;
    show::Shown::new(&session, &record).print(global, next(&format!("{} wait", record.operation)))
}

/// States all rows of a file, or none.
async fn all(
    global: &Global,
    session: &Session,
    of: Option<PaymentKind>,
    file: StatementFile,
) -> Result<Exit, CliError> {
    let by = session::actor(global)?;
    let StatementFile { statements, mut bad } = file;
    bad.extend(check(session, of, &statements).await?);
    if !bad.is_empty() {
        return Err(file::refused(bad));
    }
    let mut records = Vec::new();
    for (line, statement) in &statements {
        match session.reviews(of).state(statement, &by).await {
            Ok(record) => records.push(record),
            Err(error) => return Err(stopped(error, *line, records.len(), &by)),
        }
    }
    Report::new("tulay.review-resolutions/1", session.environment())
        .results("payments", &records)
        .table(&show::HEADER, records.iter().map(show::row).collect())
        .done(format!("{} statements were written", records.len()), None)
        .print(global.format(), Exit::Done)
}

/// Every row that would be refused, with its line and column.
async fn check(
    session: &Session,
    of: Option<PaymentKind>,
    statements: &[(u64, Statement)],
) -> Result<Vec<BadLine>, CliError> {
    let mut bad = Vec::new();
    for (line, statement) in statements {
        let Err(error) = session.reviews(of).check(statement).await else { continue };
        let column = match &error {
            JournalError::NotFound { .. }
            | JournalError::WhichOperation(_)
            | JournalError::NothingSent { .. }
            | JournalError::NotNow { .. } => "reference",
            JournalError::Settled { .. } => "resolution",
            JournalError::WhichAttempt { .. } => "attempt",
            JournalError::SentSince { .. } | JournalError::AsOf { .. } => "as_of",
            JournalError::Invalid(invalid) => invalid.field(),
            _ => return Err(error.into()),
        };
        let mistakes = vec![Mistake::new(column, error.to_string())];
        bad.push(BadLine { line: Some(*line), amount: None, mistakes });
    }
    Ok(bad)
}

/// A payout that changed since it was checked.
fn stopped(error: JournalError, line: u64, written: usize, by: &Actor) -> CliError {
    let done = format!(
        "{written} statements of {by} were written, and line {line} was not; run the same command \
         again: a statement is written once"
    );
    CliError::from(error).about(&format!("{done}:"))
}

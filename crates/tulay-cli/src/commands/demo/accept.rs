//! Accepting the rows of a file: the whole file is checked before the first one is.

use crate::{
    error::CliError,
    payout_file::{Mistake, Row},
};
use std::sync::Arc;
use tokio::task::JoinSet;
use tulay::{
    CallError, Tulay,
    journal::{Submit, SubmitError},
};

/// Why each row would not be accepted. Nothing is written.
pub(super) async fn check(tulay: &Tulay, rows: &[Row]) -> Result<Vec<Option<Mistake>>, CliError> {
    let mut mistakes = Vec::with_capacity(rows.len());
    for row in rows {
        mistakes.push(match submit(tulay, row).check().await {
            Ok(_) => None,
            Err(SubmitError::Refused(error)) => Some(mistake(&error)),
            Err(SubmitError::Journal(error)) => return Err(error.into()),
            Err(error) => Some(Mistake::of_row(error.to_string())),
        });
    }
    Ok(mistakes)
}

/// Accepts each row; the journal writes many at once.
pub(super) async fn accept(tulay: &Arc<Tulay>, rows: &[Row]) -> Result<(), CliError> {
    let mut tasks = JoinSet::new();
    for row in rows {
        let (tulay, row) = (Arc::clone(tulay), row.clone());
        tasks.spawn(async move { submit(&tulay, &row).await.map(drop) });
    }
    while let Some(accepted) = tasks.join_next().await {
        let accepted = accepted.map_err(|e| CliError::could_not_run("task", e.to_string()))?;
        accepted?;
    }
    Ok(())
}

/// What an adapter says against a payout, in the column of its field.
pub(super) fn mistake(error: &CallError) -> Mistake {
    let message = error.problem().map_or_else(|| CliError::sentence(error), ToString::to_string);
    match error.field() {
        Some(field) => Mistake::new(field, message),
        None => Mistake::of_row(message),
    }
}

fn submit<'t>(tulay: &'t Tulay, row: &Row) -> Submit<'t> {
    let submit = tulay.payouts().submit(row.request.clone());
    match &row.provider {
        Some(provider) => submit.through(provider.clone()),
        None => submit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tulay::{ErrorKind, Invalid, Operation};

    #[test]
    fn a_mistake_has_its_column_apart() {
        let invalid = Invalid::new("amount", "at most PHP 50,000.00");
        let error = CallError::invalid_as(ErrorKind::Limit, Operation::Payout, &invalid);
        assert_eq!(mistake(&error), Mistake::new("amount", "expected at most PHP 50,000.00"));
        let error = CallError::new(Operation::Payout, ErrorKind::State, "it is closed");
        assert_eq!(mistake(&error), Mistake::of_row("it is closed"));
    }
}

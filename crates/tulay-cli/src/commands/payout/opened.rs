//! A session whose journal is open, and its payments.

use crate::{args::Global, error::CliError, session::Session};
use tulay::{
    Builder, Operation, Reference,
    journal::{JournalError, PaymentRecord},
};

/// The session of a command whose payment is in the journal; `sends`: it works on it.
pub(in crate::commands) async fn open(
    global: &Global,
    builder: Builder,
    sends: bool,
) -> Result<Session, CliError> {
    let session = Session::open(global, builder).await?;
    session.announce(global, sends)?;
    session.open_journal(global).await?;
    Ok(session)
}

/// A payment of the journal, which is there.
pub(in crate::commands) async fn payment(
    session: &Session,
    operation: Operation,
    reference: &Reference,
) -> Result<PaymentRecord, CliError> {
    let found = match operation {
        Operation::Refund => session.tulay.refunds().get(reference).await?,
        _ => session.tulay.payouts().get(reference).await?,
    };
    let reference = reference.to_string();
    found.ok_or_else(|| JournalError::NotFound { operation, reference }.into())
}

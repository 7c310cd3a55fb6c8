//! A session whose journal is open, and its payouts.

use crate::{args::Global, error::CliError, session::Session};
use tulay::{
    Builder, Reference,
    journal::{JournalError, PayoutRecord},
};

/// The session of a command whose payout is in the journal; `sends`: it works on it.
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

pub(super) async fn payout(
    session: &Session,
    reference: &Reference,
) -> Result<PayoutRecord, CliError> {
    let found = session.tulay.payouts().get(reference).await?;
    found.ok_or_else(|| JournalError::NotFound(reference.to_string()).into())
}

//! Working on one payment. Other workers of the same journal may do the same: each step is claimed by
//! one of them.

use super::opened::payment;
use crate::{args::Global, error::CliError, session::Session};
use std::{io::IsTerminal, time::Duration};
use tulay::{Operation, Reference, journal::PaymentRecord};

/// How often the payment is read meanwhile.
const EVERY: Duration = Duration::from_millis(50);

/// Works on a payment until it is as wanted or the time is over. Returns it as it is then.
pub(in crate::commands) async fn work_on(
    global: &Global,
    session: &Session,
    operation: Operation,
    reference: &Reference,
    time: Duration,
    is_wanted: impl Fn(&PaymentRecord) -> bool,
) -> Result<PaymentRecord, CliError> {
    if time.is_zero() {
        return payment(session, operation, reference).await;
    }
    let before = session.tulay.journal().await?.pauses;
    let (worker, only) = (session.tulay.worker(), [reference.clone()]);
    let worker = match operation {
        Operation::Refund => worker.only_refunds(only),
        _ => worker.only(only),
    };
    let mut worker = worker.start().await?;
    let changes = async {
        let (mut seen, shows) = (0, std::io::stderr().is_terminal());
        loop {
            let record = payment(session, operation, reference).await?;
            if shows && record.version != seen {
                global.say(&record.to_string());
            }
            if is_wanted(&record) {
                return Ok::<_, CliError>(());
            }
            seen = record.version;
            tokio::time::sleep(EVERY).await;
        }
    };
    tokio::select! {
        ended = worker.ended() => ended?,
        wanted = tokio::time::timeout(time, changes) => wanted.unwrap_or(Ok(()))?,
    }
    // A call in flight is answered and written down before the payment is read for the last time.
    worker.stop().await?;
    let pauses = session.tulay.journal().await?.pauses;
    // An answer may have paused an account.
    for pause in pauses.iter().filter(|pause| !before.contains(pause)) {
        global.say(&session.paused(pause));
    }
    payment(session, operation, reference).await
}

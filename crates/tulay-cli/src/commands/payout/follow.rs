//! Working on one payout. Other workers of the same journal may do the same: each step is claimed by
//! one of them.

use super::opened::payout;
use crate::{args::Global, error::CliError, session::Session};
use std::{io::IsTerminal, time::Duration};
use tulay::{Reference, journal::PayoutRecord};

/// How often the payout is read meanwhile.
const EVERY: Duration = Duration::from_millis(50);

/// Works on a payout until it is as wanted or the time is over. Returns it as it is then.
pub(super) async fn work_on(
    global: &Global,
    session: &Session,
    reference: &Reference,
    time: Duration,
    is_wanted: impl Fn(&PayoutRecord) -> bool,
) -> Result<PayoutRecord, CliError> {
    if time.is_zero() {
        return payout(session, reference).await;
    }
    let before = session.tulay.journal().await?.pauses;
    let mut worker = session.tulay.worker().only([reference.clone()]).start().await?;
    let changes = async {
        let (mut seen, shows) = (0, std::io::stderr().is_terminal());
        loop {
            let record = payout(session, reference).await?;
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
    // A call in flight is answered and written down before the payout is read for the last time.
    worker.stop().await?;
    let pauses = session.tulay.journal().await?.pauses;
    // An answer may have paused an account.
    for pause in pauses.iter().filter(|pause| !before.contains(pause)) {
        global.say(&session.paused(pause));
    }
    payout(session, reference).await
}

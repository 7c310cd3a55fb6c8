//! Sends a payout once, and asks what became of it for as long as a small program has patience.

use std::time::Duration;
use tulay::{CallError, Effect, Found, PayoutStatus, Payouts, Prepared};

/// How often it is looked up: for half a minute.
const LOOKS: u32 = 300;

/// What the provider said last. Only `Succeeded` is an end here: that a failure stands, and what
/// becomes of the rest, is for a program to tell that remembers what it sent.
pub(crate) async fn send(
    payouts: &dyn Payouts,
    prepared: &Prepared,
) -> Result<PayoutStatus, CallError> {
    let mut status = match payouts.create(prepared).await {
        Ok(payout) => payout.status,
        // The answer was lost, the payout may not be: it is looked up, and never sent elsewhere.
        Err(error) if error.effect() == Effect::Unknown => PayoutStatus::Pending,
        Err(error) => return Err(error),
    };
    for _ in 0..LOOKS {
        if status != PayoutStatus::Pending {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        // A look-up that fails, or finds nothing, proves nothing.
        if let Ok(Found::Found(payout)) = payouts.find(&prepared.lookup).await {
            status = payout.status;
        }
    }
    Ok(status)
}

//! When a provider is asked again.

use super::Standing;
use jiff::SignedDuration;
use tulay_core::OrderId;

/// How long to wait before the look-up of this number, counted from 0, for an attempt that is in
/// doubt or pending. From the ninth on it is a day, without end.
const DELAYS: [SignedDuration; 9] = [
    SignedDuration::from_secs(2),
    SignedDuration::from_secs(5),
    SignedDuration::from_secs(15),
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(15),
    SignedDuration::from_hours(1),
    SignedDuration::from_hours(6),
    SignedDuration::from_hours(24),
];

/// Look-ups after a dead attempt: they notice an assumption that does not hold.
const AFTER_DEATH: [SignedDuration; 2] =
    [SignedDuration::from_hours(1), SignedDuration::from_hours(24)];

/// Look-ups after success and after a return.
const AFTER_SUCCESS: [SignedDuration; 3] = [
    SignedDuration::from_hours(24),
    SignedDuration::from_hours(7 * 24),
    SignedDuration::from_hours(30 * 24),
];

/// How long to wait before the look-up of this number, counted from 0 since the standing was
/// reached; `None`: it is not asked any more.
///
/// Up to a fifth is added or taken away, so that payouts which were sent together are not asked
/// together. How much follows from the order id and the number: the same payout always waits as
/// long. `per_mille` scales all of it: 1,000 in production, 10 in the sandbox profile.
#[must_use]
pub fn delay(
    standing: Standing,
    number: usize,
    order_id: &OrderId,
    per_mille: u32,
) -> Option<SignedDuration> {
    let base = match standing {
        Standing::InDoubt | Standing::Pending => DELAYS.get(number).or(DELAYS.last()).copied()?,
        Standing::Failed | Standing::Rejected | Standing::Declared => {
            AFTER_DEATH.get(number).copied()?
        }
        Standing::Succeeded | Standing::Reversed => AFTER_SUCCESS.get(number).copied()?,
        Standing::Unsent | Standing::GivenUp => return None,
    };
    let millis = base.as_millis() * i128::from(per_mille) / 1000;
    let jittered = millis * (800 + i128::from(spread(order_id, number))) / 1000;
    Some(SignedDuration::from_millis(i64::try_from(jittered).ok()?.max(1)))
}

/// A number from 0 to 400 that follows from order id and number (FNV-1a).
pub(crate) fn spread(order_id: &OrderId, number: usize) -> u32 {
    let bytes = order_id.as_str().bytes().chain(number.to_le_bytes());
    let hash = bytes
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash % 401
}

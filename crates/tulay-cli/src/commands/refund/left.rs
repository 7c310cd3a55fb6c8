//! How much to refund, and what is left then.

use super::original::Original;
use crate::{
    error::CliError,
    exit::Exit,
    track::{State, Tracked},
};
use tulay::{Money, OrderId, Refundable};

/// Asks the provider for the refunds of the payment. A list that cannot be read stops the refund; a
/// provider without one does not.
pub(super) async fn ask(
    original: &Original<'_>,
    paid: Money,
    order_id: &OrderId,
) -> Result<Refundable, CliError> {
    let asked = Refundable::ask(original.provider, &original.lookup, paid, order_id).await;
    asked
        .map_err(|error| CliError::call(original.provider.id(), Exit::CouldNotRun, &error).unsent())
}

/// How much to refund: as given, or all that is left. More than what is left is refused.
pub(super) fn amount(refundable: &Refundable, given: Option<Money>) -> Result<Money, CliError> {
    let refused = |error| CliError::at_field("amount", &format!("{error}; nothing was sent"));
    refundable.amount(given).map_err(refused)
}

/// What is left after this refund, unless that is not known.
pub(super) fn after(refundable: &Refundable, tracked: &Tracked) -> Option<Money> {
    let left = refundable.left()?;
    let refunded = match tracked.state {
        State::Failed => 0,
        _ => tracked.amount?.minor(),
    };
    let left = left.minor().checked_sub(refunded)?.max(0);
    Some(Money::from_minor(left, refundable.paid().currency()))
}

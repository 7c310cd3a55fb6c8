//! What begins an attempt, of whatever operation.

use super::{Context, Digest, Personal, Record, event::Beginning};
use crate::store::Scope;
use tulay_core::{Guarantees, MerchantAccount, Prepared};

/// Whether nothing of the payment may be sent through an account.
pub(super) fn is_paused(
    record: &Record,
    account: Option<&MerchantAccount>,
    context: &Context<'_>,
) -> bool {
    let covers = |scope: &Scope| match scope {
        Scope::All => true,
        Scope::Operation(operation) => *operation == record.operation,
        Scope::Account(paused) => account == Some(paused),
    };
    context.pauses.iter().any(covers)
}

pub(super) fn beginning(prepared: &Prepared, guarantees: &Guarantees) -> Beginning {
    Beginning {
        merchant_account: prepared.merchant_account.clone(),
        order_id: prepared.lookup.order_id.clone(),
        digest: Digest(prepared.digest()),
        guarantees: guarantees.clone(),
    }
}

/// A prepared request, as it is stored.
pub(super) fn stored(prepared: &Prepared) -> Personal {
    Personal::new(String::from_utf8_lossy(&prepared.store()))
}

//! Notifications of an order that was never sent: the order is looked up before it is.

use super::{
    Context, Record,
    step::{Intent, Refused, Step},
};
use jiff::Timestamp;
use tulay_core::{Echo, MerchantAccount, OrderId};

/// What the notifications say that name one order id at one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Notified {
    /// When the first one arrived. Later hints ask nothing more: others can cause any number.
    pub(crate) first: Timestamp,
    /// When the last one arrived that is signed and states the amount.
    pub(crate) signed: Option<Timestamp>,
    /// When a person last resumed the account.
    pub(crate) resumed: Option<Timestamp>,
}

/// The order that a step sends for the first time.
pub(crate) struct FirstSending<'a> {
    pub(crate) account: &'a MerchantAccount,
    pub(crate) order_id: &'a OrderId,
    looked_up: Option<Timestamp>,
    is_askable: bool,
    binds_account: bool,
}

impl<'a> FirstSending<'a> {
    /// The order; `None`: the step sends nothing, or an order that may have left before.
    pub(crate) fn of(
        before: &'a Record,
        after: &'a Record,
        step: &Step,
        context: &Context<'_>,
    ) -> Option<Self> {
        let Step::Intend { intent, .. } = step else { return None };
        // No money leaves by it.
        if after.progress.collecting.is_some() {
            return None;
        }
        let known = before.attempts.last();
        if matches!(intent, Intent::Same(_)) && !known.is_some_and(|it| it.attempt.is_unsent()) {
            return None;
        }
        let last = after.attempts.last()?;
        let account = &last.merchant_account;
        let configured = context.policy.find(account, after.operation, after.country)?;
        let searched =
            before.progress.search.as_ref().filter(|search| {
                search.places.iter().any(|place| place.merchant_account == *account)
            });
        let looked_up = last.attempt.facts.absent_last;
        Some(Self {
            account,
            order_id: &last.order_id,
            looked_up: searched.map(|search| search.asked).max(looked_up),
            is_askable: configured.guarantees.find_by.by_order_id(),
            binds_account: configured.guarantees.echoes.contains(&Echo::Account),
        })
    }

    /// Refuses it until it was looked up since a notification named it, and, where that is evidence,
    /// until a person has resumed the account since. Where the provider cannot be asked by our id, a
    /// hint changes nothing.
    pub(crate) fn check(&self, notified: Option<Notified>) -> Result<(), Refused> {
        let Some(Notified { first, signed, resumed }) = notified else { return Ok(()) };
        let evidence = signed.filter(|_| self.binds_account);
        let is_evidence = evidence.is_some() && resumed <= evidence;
        let is_looked_up = !self.is_askable || self.looked_up > Some(first).max(evidence);
        match is_looked_up && !is_evidence {
            true => Ok(()),
            false => Err(Refused::Notified { account: self.account.clone(), is_evidence }),
        }
    }
}

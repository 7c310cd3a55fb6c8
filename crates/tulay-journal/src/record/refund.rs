//! What refunds give back.

use super::{
    Record, Refused, Status,
    event::Digest,
    step::{Intent, Step},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tulay_core::{MerchantAccount, Money, ProviderReference};

/// The payment that a refund gives back. The refund goes to its account, and never elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a payment has these parts")]
pub struct Original {
    /// The account that the payment came in at.
    pub merchant_account: MerchantAccount,
    /// The provider's own id of the order that was paid.
    pub provider_reference: ProviderReference,
    /// The provider's own id of the payment that was made on it, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<ProviderReference>,
    /// The amount that was paid.
    pub paid: Money,
    /// What was paid is the word of whoever submitted the refund: the journal did not see it come in.
    pub is_stated: bool,
}

impl Original {
    /// One SHA-256 over account and each id: two refunds that share one are of the same payment,
    /// whichever host of the provider they go to.
    ///
    /// The digest is over the ASCII text `tulay original 1`, then adapter, environment, account and the
    /// id, each after its length as 64 bits big-endian.
    #[must_use]
    pub fn digests(&self) -> Vec<Digest> {
        let ids = [Some(&self.provider_reference), self.payment.as_ref()];
        ids.into_iter().flatten().map(|id| self.digest(id)).collect()
    }

    fn digest(&self, id: &ProviderReference) -> Digest {
        let account = &self.merchant_account;
        let environment = account.environment.to_string();
        let mut hash = Sha256::new();
        hash.update(b"tulay original 1");
        for part in [&*account.adapter, &environment, &account.account, id.as_str()] {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        Digest(hash.finalize().into())
    }

    /// Whether it is the same payment: one of the ids is the same.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let others = other.digests();
        self.digests().iter().any(|digest| others.contains(digest))
    }

    /// What all refunds of the payment leave of it. One counts unless it is proven that it gave nothing
    /// back.
    ///
    /// # Errors
    /// [`Refused::OtherPaid`] where a refund that counts states that another amount was paid.
    pub fn left<'a>(
        &self,
        refunds: impl IntoIterator<Item = &'a Record>,
    ) -> Result<Money, Refused> {
        let mut left = self.paid.minor();
        for refund in refunds.into_iter().filter(|refund| !refund.gave_nothing_back()) {
            if let Some(known) = refund.progress.original.as_ref().filter(|it| it.paid != self.paid)
            {
                return Err(Refused::OtherPaid { paid: known.paid });
            }
            left = left.saturating_sub(refund.amount.minor());
        }
        Ok(Money::from_minor(left.max(0), self.paid.currency()))
    }
}

/// Refuses one more refund of a payment that would give back more than is left beside all others.
pub(crate) fn may_refund<'a>(
    original: &Original,
    amount: Money,
    others: impl IntoIterator<Item = &'a Record>,
) -> Result<(), Refused> {
    let (paid, left) = (original.paid, original.left(others)?);
    match amount.currency() == paid.currency() && amount.minor() <= left.minor() {
        true => Ok(()),
        false => Err(Refused::MoreThanPaid { paid, left }),
    }
}

/// Refuses a refund that would leave for the first time and does not fit beside the others any more:
/// one that had failed turned out to be made.
pub(crate) fn may_leave<'a>(
    before: &Record,
    step: &Step,
    others: impl IntoIterator<Item = &'a Record>,
) -> Result<(), Refused> {
    let Some(original) = before.progress.original.as_ref().filter(|_| leaves_first(before, step))
    else {
        return Ok(());
    };
    may_refund(original, before.amount, others.into_iter().filter(|it| it.id != before.id))
}

/// Whether a step sends what no copy of has left yet.
fn leaves_first(before: &Record, step: &Step) -> bool {
    let Step::Intend { intent, .. } = step else { return false };
    let last = before.attempts.last();
    matches!(intent, Intent::Next(_)) || last.is_some_and(|last| last.attempt.is_unsent())
}

impl Record {
    /// Whether it is proven that a refund gave nothing back, or that what it gave came back.
    #[must_use]
    pub fn gave_nothing_back(&self) -> bool {
        let is_over = matches!(self.status, Status::Failed | Status::Cancelled | Status::Reversed);
        is_over && !self.reviews.iter().any(|reason| reason.doubts_status())
    }
}

//! What refunds give back.

use super::{Record, Refused, Status, event::Digest};
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
    /// The provider's own id of the payment.
    pub provider_reference: ProviderReference,
    /// The amount that was paid.
    pub paid: Money,
}

impl Original {
    /// SHA-256 over account and provider reference: equal for all refunds of one payment.
    ///
    /// The digest is over the ASCII text `tulay original 1`, then adapter, environment, account, host
    /// and provider reference, each after its length as 64 bits big-endian.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let account = &self.merchant_account;
        let mut hash = Sha256::new();
        hash.update(b"tulay original 1");
        for part in [
            &*account.adapter,
            &account.environment.to_string(),
            &account.account,
            &account.host,
            self.provider_reference.as_str(),
        ] {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        Digest(hash.finalize().into())
    }

    /// What all refunds of the payment leave of it. One counts unless it is proven that it gave nothing
    /// back.
    ///
    /// # Errors
    /// [`Refused::OtherPaid`] where a refund states that another amount was paid.
    pub fn left<'a>(
        &self,
        refunds: impl IntoIterator<Item = &'a Record>,
    ) -> Result<Money, Refused> {
        let mut left = self.paid.minor();
        for refund in refunds {
            if let Some(known) = refund.progress.original.as_ref().filter(|it| it.paid != self.paid) {
                return Err(Refused::OtherPaid { paid: known.paid });
            }
            if !refund.gave_nothing_back() {
                left = left.saturating_sub(refund.amount.minor());
            }
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

impl Record {
    /// Whether it is proven that a refund gave nothing back. One that came back may have to be made
    /// again, which is for a person to decide.
    #[must_use]
    pub fn gave_nothing_back(&self) -> bool {
        let is_dead = matches!(self.status, Status::Failed | Status::Cancelled);
        is_dead && !self.reviews.iter().any(|reason| reason.doubts_status())
    }
}

//! The payment that a refund gives back.

use super::digest::Digest;
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
    /// What was paid is stated by the program that submitted the refund: the journal did not see it come in.
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
}

//! The sequence of providers that is kept with a payment.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tulay_core::{MerchantAccount, Provider, ProviderId};

/// The providers that may carry a payment, the preferred one first.
///
/// The sequence is fixed when the payment is accepted, by [`Plan::sequence`](crate::Plan::sequence),
/// and is stored with it: a later change of the rules does not change the payment.
/// [`Router::resume`](crate::Router::resume) evaluates the sequence again before each attempt.
///
/// A sequence is never empty. It stores the merchant account beside each name: a name that the
/// configuration has given to another account since is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderSequence {
    /// The rule that decided, in words.
    rule: Option<String>,
    providers: Vec<SequenceEntry>,
}

/// One provider of a sequence: its name, and the account that the name meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SequenceEntry {
    pub(crate) provider: ProviderId,
    pub(crate) account: MerchantAccount,
}

impl ProviderSequence {
    /// The names, the preferred one first.
    pub fn providers(&self) -> impl Iterator<Item = &ProviderId> {
        self.providers.iter().map(|entry| &entry.provider)
    }

    /// The rule that decided, in words; `None` if no rule is for the operation.
    #[must_use]
    pub fn rule(&self) -> Option<&str> {
        self.rule.as_deref()
    }

    pub(crate) fn new(rule: Option<String>, providers: &[&Arc<dyn Provider>]) -> Self {
        let entry = |provider: &&Arc<dyn Provider>| SequenceEntry {
            provider: provider.id().clone(),
            account: provider.merchant_account().clone(),
        };
        Self { rule, providers: providers.iter().map(entry).collect() }
    }

    pub(crate) fn entries(&self) -> &[SequenceEntry] {
        &self.providers
    }
}

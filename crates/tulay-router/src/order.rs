//! The order of the candidates, as it is kept with a payment.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tulay_core::{MerchantAccount, Provider, ProviderId};

/// Who may carry a payment, in which order: settled when it is accepted and kept with it, so that
/// a change of the rules changes no payment that is under way. What holds at the moment is asked
/// again at each attempt: [`Router::resume`](crate::Router::resume).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The rule that decided, in words.
    rule: Option<String>,
    providers: Vec<Stop>,
}

/// One of the order: the name, and whose account it meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stop {
    pub(crate) provider: ProviderId,
    pub(crate) account: MerchantAccount,
}

impl Order {
    /// The names, the preferred one first.
    pub fn providers(&self) -> impl Iterator<Item = &ProviderId> {
        self.providers.iter().map(|stop| &stop.provider)
    }

    /// The rule that decided, in words; `None` where there was none.
    #[must_use]
    pub fn rule(&self) -> Option<&str> {
        self.rule.as_deref()
    }

    pub(crate) fn new<'p>(
        rule: Option<String>,
        providers: impl Iterator<Item = &'p Arc<dyn Provider>>,
    ) -> Self {
        let stop = |provider: &Arc<dyn Provider>| Stop {
            provider: provider.id().clone(),
            account: provider.merchant_account().clone(),
        };
        Self { rule, providers: providers.map(stop).collect() }
    }

    pub(crate) fn stops(&self) -> &[Stop] {
        &self.providers
    }
}

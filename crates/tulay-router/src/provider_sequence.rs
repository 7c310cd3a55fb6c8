//! The sequence of providers that is kept with a payment.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tulay_core::{Invalid, MerchantAccount, Provider, ProviderId};

const VERSION: u32 = 1;

/// The providers that may carry a payment, the preferred one first.
///
/// The sequence is fixed when the payment is accepted, by [`Plan::sequence`](crate::Plan::sequence),
/// and is stored with it: a later change of the rules does not change the payment.
/// [`Router::resume`](crate::Router::resume) evaluates the sequence again before each attempt.
///
/// A sequence is never empty. Its providers are merchant accounts. The name of each at the
/// acceptance is kept for people, and does not matter later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderSequence {
    /// The rule that decided, in words.
    rule: Option<String>,
    providers: Vec<SequenceEntry>,
}

/// One provider of a sequence: its account, and its name at the acceptance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SequenceEntry {
    pub(crate) provider: ProviderId,
    pub(crate) account: MerchantAccount,
}

impl ProviderSequence {
    /// One provider alone, whatever the rules say.
    pub fn of(provider: &Arc<dyn Provider>) -> Self {
        Self::new(None, &[provider])
    }

    /// Those of its accounts that also fit otherwise; `None`: there are none.
    #[must_use]
    pub fn only(mut self, mut fits: impl FnMut(&MerchantAccount) -> bool) -> Option<Self> {
        self.providers.retain(|entry| fits(&entry.account));
        (!self.providers.is_empty()).then_some(self)
    }

    /// The names at the acceptance, the preferred provider first.
    pub fn providers(&self) -> impl Iterator<Item = &ProviderId> {
        self.providers.iter().map(|entry| &entry.provider)
    }

    /// The merchant accounts, the preferred provider first.
    pub fn accounts(&self) -> impl Iterator<Item = &MerchantAccount> {
        self.providers.iter().map(|entry| &entry.account)
    }

    /// The rule that decided, in words; `None` if no rule is for the operation.
    #[must_use]
    pub fn rule(&self) -> Option<&str> {
        self.rule.as_deref()
    }

    /// The journal's form: JSON, without personal data.
    #[must_use]
    pub fn store(&self) -> String {
        let Self { rule, providers } = self.clone();
        // Text alone: there is nothing in it that JSON cannot hold.
        serde_json::to_string(&Stored { version: VERSION, rule, providers }).unwrap_or_default()
    }

    /// Reads what [`store`](Self::store) wrote.
    ///
    /// # Errors
    /// When it is damaged, or of a version that this build does not know. The error does not repeat
    /// what it read.
    pub fn restore(stored: &str) -> Result<Self, Invalid> {
        let Stored { version, rule, providers } = serde_json::from_str(stored).map_err(|_| {
            Invalid::new("stored", "a sequence of providers as this version stores it")
        })?;
        if version != VERSION {
            return Err(Invalid::new("stored.version", VERSION.to_string()));
        }
        if providers.is_empty() {
            return Err(Invalid::new("stored.providers", "at least one"));
        }
        Ok(Self { rule, providers })
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

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    providers: Vec<SequenceEntry>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tulay_core::Environment;

    const OLDEST: &str = r#"{"version":1,"rule":"payout, country PH","providers":[{"provider":"starpay","account":{"adapter":"starpay","environment":"sandbox","account":"101510000001","host":"api.example.com"}},{"provider":"other","account":{"adapter":"regional","environment":"production","account":"7001","host":"pay.example.com"}}]}"#;

    fn sequence() -> ProviderSequence {
        let entry =
            |name, account| SequenceEntry { provider: ProviderId::new(name).unwrap(), account };
        let starpay = ("101510000001", "api.example.com");
        let starpay = MerchantAccount::new("starpay", Environment::Sandbox, starpay.0, starpay.1);
        let regional =
            MerchantAccount::new("regional", Environment::Production, "7001", "pay.example.com");
        ProviderSequence {
            rule: Some("payout, country PH".into()),
            providers: vec![entry("starpay", starpay), entry("other", regional)],
        }
    }

    #[test]
    fn stored_form_is_pinned() {
        assert_eq!(sequence().store(), OLDEST);
        assert_eq!(ProviderSequence::restore(OLDEST), Ok(sequence()));
        let unruled = ProviderSequence { rule: None, ..sequence() };
        assert!(!unruled.store().contains("rule"));
        assert_eq!(ProviderSequence::restore(&unruled.store()), Ok(unruled));
    }

    #[test]
    fn other_forms_are_refused() {
        for (member, with, expected) in [
            ("\"version\":1", "\"version\":2", "stored.version: expected 1"),
            ("{\"version\"", "{\"more\":1,\"version\"", "stored: expected a sequence"),
            ("{\"provider\"", "{\"more\":1,\"provider\"", "stored: expected a sequence"),
            ("{\"adapter\"", "{\"more\":1,\"adapter\"", "stored: expected a sequence"),
        ] {
            let other = OLDEST.replace(member, with);
            assert_ne!(other, OLDEST, "{member}");
            let refused = ProviderSequence::restore(&other).unwrap_err().to_string();
            assert!(refused.starts_with(expected), "{refused}");
        }
        let empty = ProviderSequence::restore(r#"{"version":1,"providers":[]}"#).unwrap_err();
        assert_eq!(empty.to_string(), "stored.providers: expected at least one");
    }

    proptest! {
        #[test]
        fn no_text_panics(text: String) {
            let _ = ProviderSequence::restore(&text);
        }
    }
}

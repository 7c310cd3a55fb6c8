//! The fields that a form has to ask for, so that each provider that rules may choose can carry the
//! payment.

use crate::{corridors::corridors, facts::PaymentFacts, payment::Payment, router::Router};
use std::collections::{BTreeMap, BTreeSet};
use tulay_core::{Channel, Corridor, Country, Currency, Field, Operation, ProviderId};

/// The fields that the providers require that rules may choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    fields: Vec<Requirement>,
}

/// A field, and the providers that require it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Requirement {
    /// The field.
    pub field: Field,
    /// The providers that require it, in the order of the configuration.
    pub providers: Vec<ProviderId>,
}

/// A field that a payment lacks, and that a provider requires which rules may choose. Nothing was
/// sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: required by {provider}, which the rules may choose for this payment")]
#[non_exhaustive]
pub struct Missing {
    /// The field.
    pub field: Field,
    /// A provider that requires it.
    pub provider: ProviderId,
}

impl Requirements {
    /// The fields, in the order of [`Field`].
    #[must_use]
    pub fn fields(&self) -> &[Requirement] {
        &self.fields
    }

    /// Checks that a payment has all fields. A payment that lacks one may still have candidates: the
    /// providers that do not require the field.
    ///
    /// # Errors
    /// The first field that is missing, with a provider that requires it. Nothing was sent.
    pub fn check(&self, payment: &Payment<'_>) -> Result<(), Missing> {
        let missing = self.fields.iter().find(|required| !payment.has(required.field));
        match missing.and_then(|m| Some((m.field, m.providers.first()?))) {
            Some((field, provider)) => Err(Missing { field, provider: provider.clone() }),
            None => Ok(()),
        }
    }
}

impl Router {
    /// The fields that a payment must have so that each provider that rules may choose here can
    /// carry it, whatever the currency, the amount and the institution.
    ///
    /// ```
    /// use tulay_core::{Channel, Country, Operation};
    /// use tulay_router::Router;
    /// let router = Router::default(); // of the configuration
    /// let required = router.requirements(Operation::Payout, Country::PH, Channel::Bank);
    /// for requirement in required.fields() {
    ///     println!("ask for: {}", requirement.field);
    /// }
    /// ```
    #[must_use]
    pub fn requirements(
        &self,
        operation: Operation,
        country: Country,
        channel: Channel,
    ) -> Requirements {
        let place = (country, channel);
        let is_here = |corridor: &&Corridor| (corridor.country, corridor.channel) == place;
        let here = |provider| corridors(provider, operation).filter(is_here);
        let all = self.providers().iter().flat_map(|provider| here(provider.as_ref()));
        let currencies: BTreeSet<Currency> = all.map(|corridor| corridor.currency).collect();
        let mut required: BTreeMap<Field, BTreeSet<usize>> = BTreeMap::new();
        for currency in currencies {
            let choosable = self.choosable(&Payment::new(operation, country, currency, channel));
            for (index, provider) in self.providers().iter().enumerate() {
                if !choosable.contains(provider.id()) {
                    continue;
                }
                let working = here(provider.as_ref())
                    .filter(|c| c.currency == currency && c.operations.contains(&operation));
                for field in working.flat_map(|corridor| &corridor.required) {
                    required.entry(*field).or_default().insert(index);
                }
            }
        }
        let fields = required.into_iter().map(|(field, indexes)| {
            let providers = indexes.into_iter().filter_map(|index| self.providers().get(index));
            Requirement { field, providers: providers.map(|p| p.id().clone()).collect() }
        });
        Requirements { fields: fields.collect() }
    }

    /// The providers that rules may choose for payments like this outline, whatever their amount and
    /// institution.
    fn choosable(&self, outline: &Payment<'_>) -> BTreeSet<&ProviderId> {
        if !self.has_rules(outline.operation) {
            return self.providers().iter().map(|provider| provider.id()).collect();
        }
        let mut choosable = BTreeSet::new();
        let facts = PaymentFacts::of(outline);
        for rule in self.rules().iter().filter(|rule| rule.is_for_place(&facts)) {
            choosable.extend(rule.providers());
            let whole = rule.rail.is_none() && rule.institution.is_none();
            if whole && rule.min.is_none() && rule.max.is_none() {
                break; // It is for all of them, and no later rule decides.
            }
        }
        choosable
    }
}

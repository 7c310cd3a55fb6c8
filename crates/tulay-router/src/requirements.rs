//! What a form has to ask for, so that whoever is chosen can carry the payment.

use crate::{payment::Payment, router::Router, table::Place};
use std::collections::BTreeMap;
use tulay_core::{Channel, Country, Field, Operation, ProviderId};

/// What the providers that rules may choose require between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    fields: Vec<Requirement>,
}

/// A field, and who requires it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Requirement {
    /// The field.
    pub field: Field,
    /// Who requires it, in the order of the configuration.
    pub providers: Vec<ProviderId>,
}

/// A field that a payment lacks although a provider that may carry it requires it. Nothing was
/// sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {provider} requires it, which rules may choose for this payment")]
#[non_exhaustive]
pub struct Missing {
    /// The field.
    pub field: Field,
    /// Who requires it.
    pub provider: ProviderId,
}

impl Requirements {
    /// The fields, in the order of [`Field`].
    #[must_use]
    pub fn fields(&self) -> &[Requirement] {
        &self.fields
    }

    /// Checks that a payment holds them all. One that does not may still have a candidate, but not
    /// everyone that rules would choose.
    ///
    /// # Errors
    /// The first field that is missing, with a provider that requires it.
    pub fn check(&self, payment: &Payment<'_>) -> Result<(), Missing> {
        let missing = self.fields.iter().find(|required| !payment.has(required.field));
        match missing.and_then(|m| Some((m.field, m.providers.first()?))) {
            Some((field, provider)) => Err(Missing { field, provider: provider.clone() }),
            None => Ok(()),
        }
    }
}

impl Router {
    /// What a payment has to hold so that everyone can carry it whom rules may choose in this place,
    /// whatever the amount and the institution.
    #[must_use]
    pub fn requirements(
        &self,
        operation: Operation,
        country: Country,
        channel: Channel,
    ) -> Requirements {
        let mut required: BTreeMap<Field, Vec<usize>> = BTreeMap::new();
        let here = |place: &Place| {
            (place.operation, place.country, place.channel) == (operation, country, channel)
        };
        for lanes in self.table().values().filter(|lanes| here(&lanes.place)) {
            for stop in lanes.iter().flat_map(|lane| &lane.stops) {
                let works = |c: &&tulay_core::Corridor| c.operations.contains(&operation);
                let corridor = stop.corridor.as_ref().filter(works);
                for field in corridor.into_iter().flat_map(|corridor| &corridor.required) {
                    required.entry(*field).or_default().push(stop.provider);
                }
            }
        }
        let fields = required.into_iter().map(|(field, mut providers)| {
            providers.sort_unstable();
            providers.dedup();
            let named = providers.into_iter().filter_map(|index| self.providers().get(index));
            Requirement { field, providers: named.map(|p| p.id().clone()).collect() }
        });
        Requirements { fields: fields.collect() }
    }
}

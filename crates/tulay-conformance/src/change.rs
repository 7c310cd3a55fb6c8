//! Changes of existing orders: cancelling a collection, and changing the status of a static code.

use crate::{
    any_status::AnyStatus,
    case::Case,
    fixture::{Call, Fixture},
    order::{Kind, Seen},
    outcome::Unmet,
    platform::Script,
};
use tulay_core::{CollectionStatus, Lookup, Operation, ProviderExt, StaticCodeStatus};

/// One change of one order.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) what: String,
    pub(crate) kind: Kind,
    pub(crate) operation: Operation,
    pub(crate) lookup: Lookup,
    /// The status that a code is to have.
    pub(crate) target: StaticCodeStatus,
    /// The platform's response when it was done.
    pub(crate) carried_out: Case,
}

/// Every state that a code can be given.
pub(crate) const TARGETS: [StaticCodeStatus; 3] =
    [StaticCodeStatus::Active, StaticCodeStatus::Inactive, StaticCodeStatus::Cancelled];

impl Change {
    /// Every change that is offered in the first corridor of its kind that offers it.
    pub(crate) fn all(fixture: &Fixture) -> Result<Vec<Self>, Unmet> {
        let mut all = Vec::new();
        all.extend(Self::cancelling(fixture)?);
        for target in TARGETS {
            let Some(change) = Self::of_code(fixture, &target)? else { continue };
            // Which states a code can be given is not in the capability.
            let tried = change.make(fixture, Script::all(change.carried_out.clone()))?;
            if !tried.sent.is_empty() {
                all.push(change);
            }
        }
        Ok(all)
    }

    /// Withdrawing a collection; `None` where that is not offered.
    pub(crate) fn cancelling(fixture: &Fixture) -> Result<Option<Self>, Unmet> {
        let (kind, operation) = (Kind::Collection, Operation::CollectionCancel);
        let Some(lookup) = Self::offered(fixture, kind, operation)? else { return Ok(None) };
        Ok(Some(Self {
            what: "withdrawing a collection".to_owned(),
            kind,
            operation,
            lookup,
            target: StaticCodeStatus::Cancelled,
            carried_out: Self::word(fixture, kind, &CollectionStatus::Closed.into())?,
        }))
    }

    /// Giving a code this state; `None` where that is not offered of any code, or not of this one.
    pub(crate) fn of_code(
        fixture: &Fixture,
        target: &StaticCodeStatus,
    ) -> Result<Option<Self>, Unmet> {
        let (kind, operation) = (Kind::StaticCode, Operation::StaticCodeStatus);
        let Some(lookup) = Self::offered(fixture, kind, operation)? else { return Ok(None) };
        let Ok(carried_out) = Self::word(fixture, kind, &target.clone().into()) else {
            return Ok(None);
        };
        Ok(Some(Self {
            what: format!("making a code {target}"),
            kind,
            operation,
            lookup,
            target: target.clone(),
            carried_out,
        }))
    }

    pub(crate) fn make(&self, fixture: &Fixture, script: Script) -> Result<Call<Seen>, Unmet> {
        let about = Some(&self.lookup);
        let missing = |_| Unmet::not_offered("the role is not there");
        Ok(if self.kind == Kind::Collection {
            let role = fixture.provider.collection_cancel().map_err(missing)?;
            fixture.call(self.operation, about, script, role.cancel(&self.lookup)).map(Seen::from)
        } else {
            let role = fixture.provider.static_code_control().map_err(missing)?;
            let set = role.set_status(&self.lookup, self.target.clone());
            fixture.call(self.operation, about, script, set).map(Seen::from)
        })
    }

    /// An order in the first corridor that offers this operation.
    fn offered(
        fixture: &Fixture,
        kind: Kind,
        operation: Operation,
    ) -> Result<Option<Lookup>, Unmet> {
        let Ok(corridors) = fixture.corridors(kind) else { return Ok(None) };
        let corridor = corridors.iter().find(|corridor| corridor.operations.contains(&operation));
        let Some(corridor) = corridor else { return Ok(None) };
        let order = fixture.order_of(kind, &fixture.sample(kind, corridor)?)?;
        fixture.stored(&order).map(Some)
    }

    fn word(fixture: &Fixture, kind: Kind, means: &AnyStatus) -> Result<Case, Unmet> {
        let word = fixture.words(kind)?.into_iter().find(|(_, status)| status == means);
        let none = || Unmet::fails(format!("the harness lists no word of a {kind} for {means}"));
        word.map(|(word, _)| Case::order(word)).ok_or_else(none)
    }
}

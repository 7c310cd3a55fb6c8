//! Changes of existing orders: cancelling a collection, and changing the status of a static code.

use crate::{
    any_status::AnyStatus,
    case::Case,
    order::{Kind, Seen},
    outcome::Unmet,
    platform::Script,
    stage::{Call, Stage},
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
    pub(crate) fn all(stage: &Stage) -> Result<Vec<Self>, Unmet> {
        let mut all = Vec::new();
        all.extend(Self::cancelling(stage)?);
        for target in TARGETS {
            let Some(change) = Self::of_code(stage, &target)? else { continue };
            // Which states a code can be given is not in the capability.
            let tried = change.make(stage, Script::all(change.carried_out.clone()))?;
            if !tried.sent.is_empty() {
                all.push(change);
            }
        }
        Ok(all)
    }

    /// Withdrawing a collection; `None` where that is not offered.
    pub(crate) fn cancelling(stage: &Stage) -> Result<Option<Self>, Unmet> {
        let (kind, operation) = (Kind::Collection, Operation::CollectionCancel);
        let Some(lookup) = Self::offered(stage, kind, operation)? else { return Ok(None) };
        Ok(Some(Self {
            what: "withdrawing a collection".to_owned(),
            kind,
            operation,
            lookup,
            target: StaticCodeStatus::Cancelled,
            carried_out: Self::word(stage, kind, &CollectionStatus::Closed.into())?,
        }))
    }

    /// Giving a code this state; `None` where that is not offered of any code, or not of this one.
    pub(crate) fn of_code(stage: &Stage, target: &StaticCodeStatus) -> Result<Option<Self>, Unmet> {
        let (kind, operation) = (Kind::StaticCode, Operation::StaticCodeStatus);
        let Some(lookup) = Self::offered(stage, kind, operation)? else { return Ok(None) };
        let Ok(carried_out) = Self::word(stage, kind, &target.clone().into()) else {
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

    pub(crate) fn make(&self, stage: &Stage, script: Script) -> Result<Call<Seen>, Unmet> {
        let about = Some(&self.lookup);
        let missing = |_| Unmet::not_offered("the role is not there");
        Ok(if self.kind == Kind::Collection {
            let role = stage.provider.collection_cancel().map_err(missing)?;
            stage.call(self.operation, about, script, role.cancel(&self.lookup)).map(Seen::from)
        } else {
            let role = stage.provider.static_code_control().map_err(missing)?;
            let set = role.set_status(&self.lookup, self.target.clone());
            stage.call(self.operation, about, script, set).map(Seen::from)
        })
    }

    /// An order in the first corridor that offers this operation.
    fn offered(stage: &Stage, kind: Kind, operation: Operation) -> Result<Option<Lookup>, Unmet> {
        let Ok(corridors) = stage.corridors(kind) else { return Ok(None) };
        let corridor = corridors.iter().find(|corridor| corridor.operations.contains(&operation));
        let Some(corridor) = corridor else { return Ok(None) };
        let order = stage.order_of(kind, &stage.sample(kind, corridor)?)?;
        stage.stored(&order).map(Some)
    }

    fn word(stage: &Stage, kind: Kind, means: &AnyStatus) -> Result<Case, Unmet> {
        let word = stage.words(kind)?.into_iter().find(|(_, status)| status == means);
        let none = || Unmet::fails(format!("the harness lists no word of a {kind} for {means}"));
        word.map(|(word, _)| Case::order(word)).ok_or_else(none)
    }
}

//! The kinds of orders, and one form for what adapters read of any of them.

use crate::any_status::AnyStatus;
use std::fmt;
use tulay_core::{
    Answer, Capability, Collection, Failure, Lookup, Observation, Operation, OrderId, PayBy,
    Prepared, Provider, ProviderReference, StatedAmount, StaticCode,
};

/// What can be ordered. The table that checks go through instead of one check for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Payout,
    Collection,
    Code,
    Refund,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Payout, Self::Collection, Self::Code, Self::Refund];

    pub(crate) const fn creates(self) -> Operation {
        match self {
            Self::Payout => Operation::Payout,
            Self::Collection => Operation::Collection,
            Self::Code => Operation::Code,
            Self::Refund => Operation::Refund,
        }
    }

    pub(crate) const fn finds(self) -> Operation {
        match self {
            Self::Payout => Operation::PayoutFind,
            Self::Collection => Operation::CollectionFind,
            Self::Code => Operation::CodeFind,
            Self::Refund => Operation::RefundFind,
        }
    }

    /// The capability of the role; `None` without the role.
    pub(crate) fn capability(self, provider: &dyn Provider) -> Option<&Capability> {
        provider.roles().capability(self.creates())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Payout => "payout",
            Self::Collection => "collection",
            Self::Code => "static code",
            Self::Refund => "refund",
        })
    }
}

/// An order that is prepared and can be sent.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) kind: Kind,
    pub(crate) prepared: Prepared,
}

impl Order {
    /// What is stored to look it up.
    pub(crate) const fn lookup(&self) -> &Lookup {
        &self.prepared.lookup
    }
}

/// What was read of an order.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) status: AnyStatus,
    pub(crate) order_id: Option<OrderId>,
    pub(crate) provider_reference: Option<ProviderReference>,
    pub(crate) amount: Option<StatedAmount>,
    pub(crate) failure: Option<Failure>,
    pub(crate) pay_by: Option<PayBy>,
    /// `None` also where core does not keep it.
    pub(crate) answer: Option<Answer>,
    /// Of a static code: what is stored to ask again.
    pub(crate) stored: Option<Lookup>,
    /// All that was read, without the answer that it was read from, in plain text.
    pub(crate) told: String,
    /// All that was read, as the adapter's caller would print it.
    pub(crate) printed: String,
}

impl<S: Into<AnyStatus> + fmt::Debug + Clone> From<Observation<S>> for Seen {
    fn from(mut said: Observation<S>) -> Self {
        let printed = format!("{said:#?}");
        let answer = said.answer.take();
        Self {
            told: format!("{said:?}"),
            status: said.status.into(),
            order_id: said.order_id,
            provider_reference: said.provider_reference,
            amount: said.amount,
            failure: said.failure,
            pay_by: None,
            answer,
            stored: None,
            printed,
        }
    }
}

impl From<Collection> for Seen {
    fn from(said: Collection) -> Self {
        let shown = format!("{:?} {:?}", exposed(said.pay_by.as_ref()), said.expires);
        let printed = format!("{said:#?}");
        let mut seen = Self::from(said.observation);
        seen.told.push_str(&shown);
        seen.pay_by = said.pay_by;
        seen.printed = printed;
        seen
    }
}

impl From<StaticCode> for Seen {
    fn from(said: StaticCode) -> Self {
        let shown = exposed(said.pay_by.as_ref());
        let printed = format!("{said:#?}");
        let told = format!("{:?} {:?} {shown:?} {:?}", said.lookup, said.status, said.expires);
        Self {
            status: said.status.into(),
            order_id: Some(said.lookup.order_id.clone()),
            provider_reference: said.lookup.provider_reference.clone(),
            amount: None,
            failure: None,
            pay_by: said.pay_by,
            answer: None,
            stored: Some(said.lookup),
            told,
            printed,
        }
    }
}

/// What the payer is shown, in plain text: two that print alike need not be alike.
pub(crate) fn exposed(pay_by: Option<&PayBy>) -> String {
    match pay_by {
        Some(PayBy::Qr(text)) => text.expose().to_owned(),
        Some(PayBy::VirtualAccount { number, .. }) => number.expose().to_owned(),
        other => format!("{other:?}"),
    }
}

//! The kinds of orders, and one form for observations of any kind.

use crate::any_status::AnyStatus;
use std::fmt;
use tulay_core::{
    Capability, Collection, Failure, Lookup, Observation, Operation, OrderId, PaymentInstructions,
    Prepared, Provider, ProviderReference, ProviderResponse, StatedAmount, StaticCode,
};

/// The kinds of orders. A check runs once for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Payout,
    Collection,
    StaticCode,
    Refund,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] =
        [Self::Payout, Self::Collection, Self::StaticCode, Self::Refund];

    pub(crate) const fn creates(self) -> Operation {
        match self {
            Self::Payout => Operation::Payout,
            Self::Collection => Operation::Collection,
            Self::StaticCode => Operation::StaticCode,
            Self::Refund => Operation::Refund,
        }
    }

    pub(crate) const fn finds(self) -> Operation {
        match self {
            Self::Payout => Operation::PayoutFind,
            Self::Collection => Operation::CollectionFind,
            Self::StaticCode => Operation::StaticCodeFind,
            Self::Refund => Operation::RefundFind,
        }
    }

    /// What its notifications are about: of a static code, its payments.
    pub(crate) const fn notified(self) -> Operation {
        match self {
            Self::StaticCode => Operation::StaticCodePayments,
            kind => kind.creates(),
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
            Self::StaticCode => "static code",
            Self::Refund => "refund",
        })
    }
}

/// A prepared order.
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

/// An observation of an order.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) status: AnyStatus,
    pub(crate) order_id: Option<OrderId>,
    pub(crate) provider_reference: Option<ProviderReference>,
    pub(crate) payment: Option<ProviderReference>,
    pub(crate) amount: Option<StatedAmount>,
    pub(crate) failure: Option<Failure>,
    pub(crate) payment_instructions: Option<PaymentInstructions>,
    /// `None` also where core does not keep it.
    pub(crate) response: Option<ProviderResponse>,
    /// Of a static code: what is stored to ask again.
    pub(crate) stored: Option<Lookup>,
    /// Everything that was read, without the response, in plain text.
    pub(crate) content: String,
    /// Everything that was read, as `Debug` prints it.
    pub(crate) printed: String,
}

impl<S: Into<AnyStatus> + fmt::Debug + Clone> From<Observation<S>> for Seen {
    fn from(mut observation: Observation<S>) -> Self {
        let printed = format!("{observation:#?}");
        let response = observation.response.take();
        Self {
            content: format!("{observation:?}"),
            status: observation.status.into(),
            order_id: observation.order_id,
            provider_reference: observation.provider_reference,
            payment: observation.payment,
            amount: observation.amount,
            failure: observation.failure,
            payment_instructions: None,
            response,
            stored: None,
            printed,
        }
    }
}

impl From<Collection> for Seen {
    fn from(collection: Collection) -> Self {
        let shown = format!(
            "{:?} {:?}",
            exposed(collection.payment_instructions.as_ref()),
            collection.expires
        );
        let printed = format!("{collection:#?}");
        let mut seen = Self::from(collection.observation);
        seen.content.push_str(&shown);
        seen.payment_instructions = collection.payment_instructions;
        seen.printed = printed;
        seen
    }
}

impl From<StaticCode> for Seen {
    fn from(code: StaticCode) -> Self {
        let shown = exposed(code.payment_instructions.as_ref());
        let printed = format!("{code:#?}");
        let content = format!("{:?} {:?} {shown:?} {:?}", code.lookup, code.status, code.expires);
        Self {
            status: code.status.into(),
            order_id: Some(code.lookup.order_id.clone()),
            provider_reference: code.lookup.provider_reference.clone(),
            payment: None,
            amount: None,
            failure: None,
            payment_instructions: code.payment_instructions,
            response: None,
            stored: Some(code.lookup),
            content,
            printed,
        }
    }
}

/// What the payer is shown, in plain text: two that print alike need not be alike.
pub(crate) fn exposed(payment_instructions: Option<&PaymentInstructions>) -> String {
    match payment_instructions {
        Some(PaymentInstructions::Qr(text)) => text.expose().to_owned(),
        Some(PaymentInstructions::VirtualAccount { number, .. }) => number.expose().to_owned(),
        other => format!("{other:?}"),
    }
}

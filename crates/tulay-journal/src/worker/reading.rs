//! What the answers of a provider say, as the machine takes it.

use super::order::Order;
use crate::{
    machine::facts::Word,
    record::{Finding, Reason, ReasonKind, Seen},
};
use tulay_core::{Echo, Effect, Error, ErrorKind, Found, Lookup, ProviderReference, StatedAmount};

/// The answer to a sending.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) seen: Seen,
    pub(super) word: Option<Word>,
    pub(super) provider_reference: Option<ProviderReference>,
    pub(super) reason: Option<Reason>,
}

impl Answer {
    /// Nothing is known of what the sending did.
    pub(super) fn unknown(kind: ErrorKind) -> Self {
        let reason = Some(Reason::new(ReasonKind::Error(kind)));
        Self { seen: Seen::Unknown, word: None, provider_reference: None, reason }
    }

    /// Reads the result of `create`.
    pub(super) fn read(result: Result<Order, Error>, echoes: &[Echo], lookup: &Lookup) -> Self {
        match result {
            Ok(order) => Self::of_order(order, echoes, lookup),
            Err(error) => {
                let seen = match (error.effect(), error.kind()) {
                    (Effect::NotSent, kind) => Seen::NotSent { kind },
                    (Effect::Rejected, kind) => {
                        Seen::Rejected { kind, is_permanent: error.is_permanent() }
                    }
                    (Effect::Unknown, ErrorKind::Duplicate) => Seen::Duplicate,
                    (Effect::Unknown, ErrorKind::Mismatch) => Seen::Mismatch,
                    (Effect::Unknown, _) => Seen::Unknown,
                };
                Self {
                    seen,
                    word: None,
                    provider_reference: error.provider_reference().cloned(),
                    reason: Some(reason(&error)),
                }
            }
        }
    }

    /// Why the sending failed, if it did.
    pub(super) fn error_kind(&self) -> Option<ErrorKind> {
        match self.reason.as_ref()?.kind {
            ReasonKind::Error(kind) => Some(kind),
            _ => None,
        }
    }

    fn of_order(order: Order, echoes: &[Echo], lookup: &Lookup) -> Self {
        if order.order_id.as_ref().is_some_and(|id| *id != lookup.order_id) {
            return Self::unknown(ErrorKind::Unrelated);
        }
        if order.other_amount(lookup).is_some() {
            return Self { seen: Seen::Mismatch, ..Self::unknown(ErrorKind::Mismatch) };
        }
        let identifies = order.identifies(echoes, lookup);
        let word = identifies.then_some(order.status);
        Self {
            seen: Seen::Accepted,
            reason: word.and_then(|word| failure(word, &order)),
            word,
            provider_reference: order.provider_reference,
        }
    }
}

/// The answer to a look-up.
#[derive(Debug)]
pub(super) struct Observed {
    pub(super) finding: Finding,
    pub(super) provider_reference: Option<ProviderReference>,
    pub(super) reason: Option<Reason>,
}

impl Observed {
    /// It says nothing.
    pub(super) fn nothing(kind: ReasonKind) -> Self {
        let reason = Some(Reason::new(kind));
        Self { finding: Finding::Nothing, provider_reference: None, reason }
    }

    /// Reads the result of `find`.
    pub(super) fn read(
        result: Result<Found<Order>, Error>,
        echoes: &[Echo],
        lookup: &Lookup,
    ) -> Self {
        let unrelated = || Self::nothing(ReasonKind::Error(ErrorKind::Unrelated));
        match result {
            Ok(Found::Absent(_)) => {
                Self { finding: Finding::Absent, provider_reference: None, reason: None }
            }
            Ok(Found::Found(order)) if !order.names(lookup) => unrelated(),
            Ok(Found::Found(order)) if order.other_amount(lookup).is_some() => {
                Self { finding: Finding::Mismatch, ..Self::nothing(mismatch()) }
            }
            Ok(Found::Found(order)) => {
                let identifies = order.identifies(echoes, lookup);
                let word = if identifies { order.status } else { Word::Pending };
                let names_ours = order.order_id.as_ref() == Some(&lookup.order_id);
                let reason = failure(word, &order);
                let provider_reference = order.provider_reference.filter(|_| names_ours);
                Self { finding: Finding::Found(word), provider_reference, reason }
            }
            Err(error) if error.kind() == ErrorKind::Mismatch => Self {
                finding: Finding::Mismatch,
                provider_reference: None,
                reason: Some(reason(&error)),
            },
            Err(error) => Self {
                finding: Finding::Nothing,
                provider_reference: None,
                reason: Some(reason(&error)),
            },
        }
    }
}

/// The answer to one look-up of a search.
#[derive(Debug)]
pub(super) enum Sought {
    /// A genuine answer: there is no such order.
    Absent,
    /// There is one.
    Seen { finding: Finding, stated: Option<StatedAmount>, reference: Option<ProviderReference> },
    /// It says nothing of the order.
    Nothing,
}

impl Sought {
    /// Reads the result of `find`. It was asked without an amount, so that an order of another
    /// amount is shown; `lookup` has the amount of the payment.
    pub(super) fn read(
        result: Result<Found<Order>, Error>,
        echoes: &[Echo],
        lookup: &Lookup,
    ) -> Self {
        match result {
            Ok(Found::Absent(_)) => Self::Absent,
            Ok(Found::Found(order)) if !order.names(lookup) => Self::Nothing,
            Ok(Found::Found(order)) => {
                let identifies = order.identifies(echoes, lookup);
                let word = if identifies { order.status } else { Word::Pending };
                let (stated, reference) = (order.amount, order.provider_reference);
                Self::Seen { finding: Finding::Found(word), stated, reference }
            }
            Err(error) if error.kind() == ErrorKind::Mismatch => Self::Seen {
                finding: Finding::Mismatch,
                stated: None,
                reference: error.provider_reference().cloned(),
            },
            Err(_) => Self::Nothing,
        }
    }
}

const fn mismatch() -> ReasonKind {
    ReasonKind::Error(ErrorKind::Mismatch)
}

/// Why an order failed or its money came back.
fn failure(word: Word, order: &Order) -> Option<Reason> {
    let failure = order.failure.as_ref();
    let failure = failure.filter(|_| matches!(word, Word::Failed | Word::Reversed))?;
    Some(coded(Reason::new(ReasonKind::Error(failure.kind)), failure.shown_code()))
}

/// The kind and the code of an error. Its message stays out: it may have personal data.
pub(super) fn reason(error: &Error) -> Reason {
    let reason = Reason::new(ReasonKind::Error(error.kind()));
    match error.response() {
        Some(response) => coded(reason, response.shown_code()),
        None => reason,
    }
}

fn coded(reason: Reason, code: &str) -> Reason {
    match code {
        "-" | "***" => reason,
        code => reason.with_code(code),
    }
}

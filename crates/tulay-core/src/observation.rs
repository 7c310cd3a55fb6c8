//! Orders as a provider reports them. A field that the message left out is `None`; nothing is
//! filled in from the request.

use crate::{
    effect::ErrorKind,
    error::{Error, Failure, ProviderResponse, Result},
    guarantees::Echo,
    ids::ProviderReference,
    operation::Operation,
    order_id::OrderId,
    party::Party,
    prepared::Lookup,
    rail::Rail,
    stated::{ProviderTime, StatedAmount},
    status::{PayoutStatus, RefundStatus, Status},
};

/// One order as a provider reports it.
///
/// An adapter fills it from one message and then calls [`conclude`](Self::conclude), or
/// [`conclude_for`](Self::conclude_for) where answers repeat the provider's own id alone, and, of
/// an answer, [`check_matches`](Self::check_matches): no other way leads to a final status.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Observation<S> {
    /// The state.
    pub status: S,
    /// The order id, as the message repeats it.
    pub order_id: Option<OrderId>,
    /// The provider's own id of the order.
    pub provider_reference: Option<ProviderReference>,
    /// The provider's own id of the payment that was made on the order, where that is another one: a
    /// refund has to name it. [`Lookup::learn`] keeps it.
    pub payment: Option<ProviderReference>,
    /// The payment rail, where the message names one that is known.
    pub rail: Option<Rail>,
    /// The payment rail's own number, which the other bank can find the payment by.
    pub rail_reference: Option<String>,
    /// The amount, as the message repeats it.
    pub amount: Option<StatedAmount>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// When the order was made.
    pub created: Option<ProviderTime>,
    /// When it became final.
    pub finished: Option<ProviderTime>,
    /// Who paid or was paid, as far as the message says.
    pub counterparty: Party,
    /// The provider's fee.
    pub fee: Option<StatedAmount>,
    /// The response it was read from; `None` in a notification.
    pub response: Option<ProviderResponse>,
}

impl<S> Observation<S> {
    /// A status alone; the rest is set after.
    #[must_use]
    pub fn new(status: S) -> Self {
        Self {
            status,
            order_id: None,
            provider_reference: None,
            payment: None,
            rail: None,
            rail_reference: None,
            amount: None,
            failure: None,
            created: None,
            finished: None,
            counterparty: Party::default(),
            fee: None,
            response: None,
        }
    }

    /// The same observation with another type of status.
    #[must_use]
    pub fn map<T>(self, read: impl FnOnce(S) -> T) -> Observation<T> {
        Observation {
            status: read(self.status),
            order_id: self.order_id,
            provider_reference: self.provider_reference,
            payment: self.payment,
            rail: self.rail,
            rail_reference: self.rail_reference,
            amount: self.amount,
            failure: self.failure,
            created: self.created,
            finished: self.finished,
            counterparty: self.counterparty,
            fee: self.fee,
            response: self.response,
        }
    }

    /// Whether the message identifies the order: it carries the order id, the amount and every
    /// field listed in `echoes`. Only such a message may set a final status. Values are not
    /// compared; see [`check_matches`](Self::check_matches).
    ///
    /// This is for messages that answer no look-up, such as notifications. For a response to a
    /// look-up use [`identifies`](Self::identifies).
    #[must_use]
    pub fn identifies_order(&self, echoes: &[Echo]) -> bool {
        echoes.contains(&Echo::OrderId) && self.amount.is_some() && self.repeats(echoes)
    }

    /// Whether an answer identifies the order that was looked up, and carries every field listed
    /// in `echoes`; only such an answer may set a final status.
    ///
    /// * By the order id, with the amount where the look-up has one.
    /// * Where `echoes` lists [`Echo::ProviderReference`]: by the provider's own id, if the look-up
    ///   carries one and the answer repeats that very one. The answer then need not carry the
    ///   amount. The look-up's reference must come from the answer to the creating call, as
    ///   [`Echo::ProviderReference`] says.
    ///
    /// Amounts and ids that are there are compared by [`check_matches`](Self::check_matches).
    #[must_use]
    pub fn identifies(&self, echoes: &[Echo], asked: &Lookup) -> bool {
        let named = if echoes.contains(&Echo::ProviderReference) {
            let asked = asked.provider_reference.as_ref();
            asked.is_some() && self.provider_reference.as_ref() == asked
        } else {
            echoes.contains(&Echo::OrderId)
                && self.order_id.as_ref() == Some(&asked.order_id)
                && (self.amount.is_some() || asked.amount.is_none())
        };
        named && self.repeats(echoes)
    }

    fn repeats(&self, echoes: &[Echo]) -> bool {
        echoes.iter().all(|part| match part {
            Echo::OrderId => self.order_id.is_some(),
            Echo::Amount => self.amount.is_some(),
            Echo::ProviderReference => self.provider_reference.is_some(),
            // The adapter compares these where it reads the message.
            Echo::Account | Echo::Currency | Echo::Beneficiary => true,
        })
    }

    /// Whether the message names the order that was looked up: by its order id, or by the provider's
    /// own id where the look-up carries one. A response that does not name the order says nothing of
    /// it, not even that it exists.
    #[must_use]
    pub fn names(&self, asked: &Lookup) -> bool {
        let by_reference = || {
            let asked = asked.provider_reference.as_ref();
            asked.is_some() && self.provider_reference.as_ref() == asked
        };
        match &self.order_id {
            Some(id) => *id == asked.order_id,
            None => by_reference(),
        }
    }

    /// The amount that the message states, where it differs from that of the look-up: the provider
    /// states it less a fee, only a part was paid, or another amount was sent under this order id.
    ///
    /// ```
    /// use tulay_core::{Channel, Country, Currency, Lookup, Money, OrderId, Payout, PayoutStatus};
    /// use tulay_core::StatedAmount;
    /// let order_id = OrderId::parse("PCCT4DQCA7IYPBOIHLLI5GBEMB")?;
    /// let mut asked = Lookup::new(order_id, Country::PH, Currency::PHP, Channel::Bank);
    /// asked.amount = Some(Money::parse("100.00", Currency::PHP)?);
    /// let mut payout = Payout::new(PayoutStatus::Succeeded);
    /// payout.amount = Some(StatedAmount::known(Money::parse("95.00", Currency::PHP)?));
    /// assert!(payout.other_amount(&asked).is_some());
    /// # Ok::<_, tulay_core::Invalid>(())
    /// ```
    #[must_use]
    pub fn other_amount(&self, asked: &Lookup) -> Option<&StatedAmount> {
        let (stated, asked) = (self.amount.as_ref()?, asked.amount?);
        (stated.in_currency(asked.currency()) != Some(asked)).then_some(stated)
    }

    /// The observation, unless it names no order, or a value in it contradicts the look-up. Every
    /// adapter ends with this check of a response.
    ///
    /// # Errors
    /// All with effect `Unknown`:
    /// * `Unrelated` for no order id and for another one; where no order id is repeated, the
    ///   provider reference of the look-up stands in its place. Such an answer proves nothing,
    ///   and the order is looked up again.
    /// * `Mismatch` for another amount or currency beside the order id or the provider reference
    ///   of the look-up.
    ///
    /// Beside an equal order id, another provider reference is no error here: the journal compares
    /// it. An adapter that has to compare it earlier, as in a call of several steps, does so itself.
    pub fn check_matches(self, operation: Operation, asked: &Lookup) -> Result<Self>
    where
        S: Status,
    {
        let same_id = self.order_id.as_ref().is_none_or(|id| *id == asked.order_id);
        let same_amount = self.other_amount(asked).is_none();
        // If the order id is equal, another provider reference is left to the journal.
        let same_reference = match (&self.provider_reference, &asked.provider_reference) {
            (Some(stated), Some(asked)) => stated == asked || self.order_id.is_some(),
            _ => true,
        };
        let names_ours = self.names(asked);
        let (kind, field) = match (same_id, same_reference, same_amount) {
            (true, true, true) if names_ours => return Ok(self),
            (false, ..) => (ErrorKind::Unrelated, "order_id"),
            (_, false, _) => (ErrorKind::Unrelated, "provider_reference"),
            _ if names_ours => (ErrorKind::Mismatch, "amount"),
            _ => (ErrorKind::Unrelated, "order_id"),
        };
        let message = match (kind, self.other_amount(asked), asked.amount) {
            (ErrorKind::Mismatch, Some(stated), Some(asked)) => {
                // A status of the provider's own may hold anything.
                let status = match self.status.unknown() {
                    Some(_) => "***".to_owned(),
                    None => self.status.to_string(),
                };
                let stated = stated.text_in(asked.currency());
                format!("the provider states {status}, {stated}; the request says {asked}")
            }
            _ if names_ours || !same_id || !same_reference => {
                format!("the {field} in the response differs from that of the order")
            }
            _ => "the response does not name the order".to_owned(),
        };
        let error = Error::new(operation, kind, message).with_field(field);
        Err(match self.response {
            Some(response) => error.with_response(response),
            None => error,
        })
    }
}

impl<S: Status> Observation<S> {
    /// The observation with a status that the message can prove. Every adapter ends the reading of
    /// a message with it.
    ///
    /// * A final status of a message that does not identify the order
    ///   ([`identifies_order`](Self::identifies_order)) becomes [`PENDING`](Status::PENDING): the message may be
    ///   about another order, or another amount.
    /// * A failure without a reason gets one: [`ErrorKind::Unexpected`]. A success has none, whatever
    ///   the message still repeats of an earlier failure.
    ///
    /// ```
    /// use tulay_core::{Echo, Currency, Money, OrderId, Payout, PayoutStatus, StatedAmount};
    /// let echoes = [Echo::OrderId, Echo::Amount];
    /// let mut payout = Payout::new(PayoutStatus::Succeeded);
    /// payout.order_id = Some(OrderId::parse("PCCT4DQCA7IYPBOIHLLI5GBEMB")?);
    /// assert_eq!(payout.clone().conclude(&echoes).status, PayoutStatus::Pending); // no amount
    /// payout.amount = Some(StatedAmount::known(Money::from_minor(10_000, Currency::PHP)));
    /// assert_eq!(payout.conclude(&echoes).status, PayoutStatus::Succeeded);
    /// # Ok::<_, tulay_core::Invalid>(())
    /// ```
    #[must_use]
    pub fn conclude(self, echoes: &[Echo]) -> Self {
        let identified = self.identifies_order(echoes);
        self.concluded(identified)
    }

    /// The same of the answer to a look-up, or to the last step of a creation: the order is
    /// identified as [`identifies`](Self::identifies) says.
    #[must_use]
    pub fn conclude_for(self, echoes: &[Echo], asked: &Lookup) -> Self {
        let identified = self.identifies(echoes, asked);
        self.concluded(identified)
    }

    pub(crate) fn concluded(mut self, identified: bool) -> Self {
        if self.status.is_final() && !identified {
            self.status = S::PENDING;
        }
        if self.status.is_failure() && self.failure.is_none() {
            self.failure = Some(Failure::new(ErrorKind::Unexpected));
        }
        if self.status.is_success() {
            self.failure = None;
        }
        self
    }
}

impl Lookup {
    /// Keeps the ids that an observation of the order states: a later look-up or a refund may need
    /// them. What is known already stays where the observation states nothing.
    ///
    /// Only observations that passed [`check_matches`](Observation::check_matches) may be given: an
    /// id of another order would be looked up from then on.
    pub fn learn<S>(&mut self, observation: &Observation<S>) {
        fn keep<T: Clone>(known: &mut Option<T>, stated: &Option<T>) {
            if stated.is_some() {
                known.clone_from(stated);
            }
        }
        keep(&mut self.provider_reference, &observation.provider_reference);
        keep(&mut self.payment, &observation.payment);
        keep(&mut self.rail_reference, &observation.rail_reference);
    }
}

/// A payout as a provider reports it.
pub type Payout = Observation<PayoutStatus>;

/// A refund as a provider reports it.
pub type Refund = Observation<RefundStatus>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        channel::Channel,
        money::{Country, Currency, Money},
    };

    fn asked() -> Lookup {
        let order_id = OrderId::parse("PCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap();
        let mut asked = Lookup::new(order_id, Country::PH, Currency::PHP, Channel::Bank);
        asked.amount = Some(Money::from_minor(10_000, Currency::PHP));
        asked
    }

    fn reference(text: &str) -> Option<ProviderReference> {
        Some(ProviderReference::new(text).unwrap())
    }

    #[test]
    fn a_look_up_keeps_what_an_observation_states() {
        let mut lookup = asked();
        let mut observation = Observation::new(());
        observation.provider_reference = reference("pi_1");
        lookup.learn(&observation);
        observation.provider_reference = None;
        observation.payment = reference("pay_1");
        lookup.learn(&observation);
        assert_eq!(lookup.provider_reference, reference("pi_1"));
        assert_eq!((lookup.payment, lookup.rail_reference), (reference("pay_1"), None));
    }

    #[test]
    fn an_order_id_binds_with_its_amount() {
        let echoes = [Echo::OrderId];
        let mut said = Payout::new(PayoutStatus::Succeeded);
        said.order_id = Some(asked().order_id);
        assert!(
            !said.identifies_order(&echoes) && !said.identifies(&echoes, &asked()),
            "no amount"
        );
        said.amount = Some(StatedAmount::known(Money::from_minor(10_000, Currency::PHP)));
        assert!(said.identifies_order(&echoes) && said.identifies(&echoes, &asked()));
        assert!(!said.identifies(&[], &asked()));
        let mut other = asked();
        other.order_id = OrderId::parse("PAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
        assert!(!said.identifies(&echoes, &other));
    }

    #[test]
    fn a_reference_identifies_only_its_own_lookup() {
        let echoes = [Echo::ProviderReference];
        let mut said = Payout::new(PayoutStatus::Succeeded);
        said.provider_reference = reference("7001");
        let mut asked = asked();
        assert!(!said.identifies(&echoes, &asked), "the look-up does not name it");
        asked.provider_reference = reference("7001");
        assert!(said.identifies(&echoes, &asked));
        assert!(!said.identifies_order(&echoes), "there was no look-up");
        // Without guarantees that say so, it binds nothing.
        for echoes in [&[][..], &[Echo::OrderId], &[Echo::OrderId, Echo::ProviderReference]] {
            assert!(!said.identifies(echoes, &asked), "{echoes:?}");
        }
        assert!(!said.identifies(&[Echo::ProviderReference, Echo::Amount], &asked));
        asked.provider_reference = reference("7002");
        assert!(!said.identifies(&echoes, &asked));
        said.provider_reference = None;
        assert!(!said.identifies(&echoes, &asked));
    }

    #[test]
    fn another_reference_alone_is_a_contradiction() {
        let mut said = Payout::new(PayoutStatus::Succeeded);
        said.provider_reference = reference("7002");
        let mut asked = asked();
        asked.provider_reference = reference("7001");
        let error = said.clone().check_matches(Operation::PayoutFind, &asked).unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Unrelated, Some("provider_reference"))
        );
        said.order_id = Some(asked.order_id.clone());
        assert!(said.check_matches(Operation::PayoutFind, &asked).is_ok());
    }

    #[test]
    fn an_answer_that_names_no_order_is_unrelated() {
        let amount = || Some(StatedAmount::known(Money::from_minor(10_000, Currency::PHP)));
        for (operation, amount, stated) in [
            (Operation::Payout, None, None),
            (Operation::PayoutFind, None, None),
            (Operation::PayoutFind, amount(), None),
            (Operation::CollectionFind, amount(), reference("7001")),
            (Operation::Refund, None, reference("7001")),
        ] {
            let mut said = Payout::new(PayoutStatus::Pending);
            (said.amount, said.provider_reference) = (amount, stated.clone());
            let error = said.clone().check_matches(operation, &asked()).unwrap_err();
            assert_eq!((error.kind(), error.field()), (ErrorKind::Unrelated, Some("order_id")));
            assert_eq!(error.effect(), crate::Effect::Unknown, "{operation}");
            // Named by the provider's own id, which the answer to the creation gave.
            let mut asked = asked();
            asked.provider_reference.clone_from(&stated);
            let named = said.check_matches(operation, &asked).is_ok();
            assert_eq!(named, stated.is_some(), "{operation}");
        }
    }

    #[test]
    fn an_answer_that_leaves_the_amount_out_agrees() {
        let mut said = Payout::new(PayoutStatus::Pending);
        said.order_id = Some(asked().order_id);
        assert!(said.check_matches(Operation::PayoutFind, &asked()).is_ok());
    }

    #[test]
    fn an_answer_that_differs_proves_nothing() {
        let named = |mut said: Payout| {
            said.order_id = Some(asked().order_id);
            said
        };
        let mut other_order = Payout::new(PayoutStatus::Failed);
        other_order.order_id = Some(OrderId::parse("PAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap());
        let mut other_amount = Payout::new(PayoutStatus::Failed);
        other_amount.amount = Some(StatedAmount::known(Money::from_minor(1, Currency::PHP)));
        let mut other_currency = Payout::new(PayoutStatus::Failed);
        other_currency.amount = Some(StatedAmount::known(Money::from_minor(10_000, Currency::IDR)));
        let mut other_in_both = other_amount.clone();
        other_in_both.order_id.clone_from(&other_order.order_id);
        for (said, kind, field) in [
            (other_order, ErrorKind::Unrelated, "order_id"),
            (other_in_both, ErrorKind::Unrelated, "order_id"),
            (other_amount.clone(), ErrorKind::Unrelated, "order_id"),
            (named(other_amount.clone()), ErrorKind::Mismatch, "amount"),
            (named(other_currency), ErrorKind::Mismatch, "amount"),
        ] {
            let error = said.check_matches(Operation::Payout, &asked()).unwrap_err();
            assert_eq!((error.kind(), error.field()), (kind, Some(field)));
            assert_eq!(error.effect(), crate::Effect::Unknown);
        }
        // The provider's own id identifies the order as well, where the look-up names it.
        let mut asked = asked();
        other_amount.provider_reference = reference("7001");
        let kind = |said: &Payout, asked: &Lookup| {
            said.clone().check_matches(Operation::PayoutFind, asked).unwrap_err().kind()
        };
        assert_eq!(kind(&other_amount, &asked), ErrorKind::Unrelated);
        asked.provider_reference = reference("7001");
        assert_eq!(kind(&other_amount, &asked), ErrorKind::Mismatch);
    }

    #[test]
    fn an_amount_without_currency_is_read_in_the_order_s() {
        let stated = StatedAmount::readings(vec![
            Money::from_minor(10_000, Currency::PHP),
            Money::from_minor(1_000_000, Currency::IDR),
        ]);
        let mut said = Payout::new(PayoutStatus::Succeeded);
        (said.order_id, said.amount) = (Some(asked().order_id), Some(stated));
        assert!(said.check_matches(Operation::PayoutFind, &asked()).is_ok());
    }

    #[test]
    fn final_status_needs_an_identified_order() {
        fn check<S: Status>(final_states: &[S], unknown: &S) {
            let echoes = [Echo::OrderId, Echo::Amount];
            let amount = || Some(StatedAmount::known(Money::from_minor(1, Currency::PHP)));
            for status in final_states {
                let mut observation = Observation::new(status.clone());
                for (with_id, with_amount) in [(false, false), (true, false), (false, true)] {
                    observation.order_id = Some(asked().order_id).filter(|_| with_id);
                    observation.amount = amount().filter(|_| with_amount);
                    let concluded = observation.clone().conclude(&echoes);
                    assert_eq!(concluded.status, S::PENDING, "{status}");
                    assert!(concluded.failure.is_none(), "{status}");
                }
                observation.order_id = Some(asked().order_id);
                observation.amount = amount();
                assert_eq!(observation.clone().conclude(&[]).status, S::PENDING, "{status}");
                let concluded = observation.conclude(&echoes);
                assert_eq!(concluded.status, *status);
                assert_eq!(concluded.failure.is_some(), status.is_failure(), "{status}");
            }
            for open in [S::PENDING, unknown.clone()] {
                assert_eq!(Observation::new(open.clone()).conclude(&echoes).status, open);
            }
        }
        use PayoutStatus as Payout;
        check(&[Payout::Succeeded, Payout::Failed, Payout::Reversed], &Payout::Unknown("x".into()));
        use RefundStatus as Refund;
        check(
            &[Refund::Succeeded, Refund::Failed, Refund::Cancelled],
            &Refund::Unknown("x".into()),
        );
        use crate::status::CollectionStatus::{Closed, Failed, Paid, Reversed, Unknown};
        check(&[Paid, Failed, Closed, Reversed], &Unknown("x".into()));
    }

    #[test]
    fn a_reason_for_a_failure_is_kept() {
        let mut payout = Payout::new(PayoutStatus::Failed);
        payout.order_id = Some(asked().order_id);
        payout.amount = Some(StatedAmount::known(Money::from_minor(1, Currency::PHP)));
        let reason = Some(Failure::new(ErrorKind::Beneficiary));
        payout.failure.clone_from(&reason);
        assert_eq!(payout.conclude(&[Echo::OrderId]).failure, reason);
    }

    #[test]
    fn a_success_has_no_reason() {
        for (status, kept) in [
            (PayoutStatus::Succeeded, false),
            (PayoutStatus::Failed, true),
            (PayoutStatus::Reversed, true),
            (PayoutStatus::Pending, true),
            (PayoutStatus::Unknown("LATER".into()), true),
        ] {
            let mut payout = Payout::new(status.clone());
            payout.order_id = Some(asked().order_id);
            payout.amount = Some(StatedAmount::known(Money::from_minor(1, Currency::PHP)));
            payout.failure = Some(Failure::new(ErrorKind::Beneficiary));
            let concluded = payout.conclude(&[Echo::OrderId]);
            assert_eq!(concluded.failure.is_some(), kept, "{status}");
        }
    }

    #[test]
    fn a_message_without_ids_names_no_order() {
        let mut message = Payout::new(PayoutStatus::Pending);
        assert!(!message.names(&asked()));
        message.provider_reference = reference("7001");
        assert!(!message.names(&asked()), "it was not looked up by that id");
        let by_reference = Lookup { provider_reference: reference("7001"), ..asked() };
        assert!(message.names(&by_reference));
        message.order_id = OrderId::parse("PAAAAAAAAAAAAAAAAAAAAAAAAA").ok();
        assert!(!message.names(&by_reference), "another order id is another order");
        message.order_id = Some(asked().order_id);
        assert!(message.names(&asked()));
    }

    #[test]
    fn other_amount_is_another_sum_or_currency() {
        let stated = |minor, currency| {
            let mut message = Payout::new(PayoutStatus::Pending);
            message.amount = Some(StatedAmount::known(Money::from_minor(minor, currency)));
            message.other_amount(&asked()).is_some()
        };
        assert!(!stated(10_000, Currency::PHP));
        assert!(stated(9_500, Currency::PHP) && stated(10_001, Currency::PHP));
        assert!(stated(10_000, Currency::IDR) && stated(0, Currency::PHP));
        assert!(Payout::new(PayoutStatus::Pending).other_amount(&asked()).is_none());
    }

    #[test]
    fn a_lookup_by_reference_is_concluded_by_it() {
        let echoes = [Echo::ProviderReference];
        let mut payout = Payout::new(PayoutStatus::Succeeded);
        payout.provider_reference = reference("7001");
        let mut asked = asked();
        assert_eq!(payout.clone().conclude_for(&echoes, &asked).status, PayoutStatus::Pending);
        asked.provider_reference = reference("7001");
        let concluded = payout.clone().conclude_for(&echoes, &asked);
        assert_eq!(concluded.status, PayoutStatus::Succeeded);
        assert_eq!(payout.conclude(&echoes).status, PayoutStatus::Pending, "not looked up");
    }
}

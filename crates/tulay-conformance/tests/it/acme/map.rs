//! From Acme's words to neutral ones.

use super::{Acme, Wrong, wire::Said};
use tulay_core::*;

impl Acme {
    /// The status that the message can prove.
    pub(super) fn concluded<S: Status>(
        &self,
        mut observation: Observation<S>,
        asked: Option<&Lookup>,
    ) -> Observation<S> {
        let echoes = &self.settings.guarantees.echoes;
        match asked {
            _ if self.is(Wrong::UnidentifiedIsFinal) => {
                if observation.status.is_failure() {
                    let reason = || Failure::new(ErrorKind::Unexpected);
                    observation.failure.get_or_insert_with(reason);
                }
                observation
            }
            Some(asked) => observation.conclude_for(echoes, asked),
            None => observation.conclude(echoes),
        }
    }

    /// What a message says of an order, the status in Acme's own word.
    pub(super) fn observation(
        &self,
        operation: Operation,
        said: Said,
        response: Option<ProviderResponse>,
    ) -> Result<Observation<String>> {
        let unreadable = |member: &'static str| {
            Error::new(operation, ErrorKind::Unexpected, "acme's words cannot be read")
                .with_field(member)
        };
        let named = said.currency.filter(|_| !self.is(Wrong::TakesAnyCurrency));
        let named = named.map(|code| Currency::new(&code)).transpose();
        let currencies = match named.map_err(|_| unreadable("currency"))? {
            Some(currency) => vec![currency],
            None => vec![Currency::PHP, Currency::IDR],
        };
        let mut observation = Observation::new(said.state.unwrap_or_default());
        observation.order_id = said
            .order
            .map(|id| OrderId::parse(&id))
            .transpose()
            .map_err(|_| unreadable("order"))?;
        let number = said.number.map(ProviderReference::new).transpose();
        observation.provider_reference = number.map_err(|_| unreadable("number"))?;
        let by_float = self.is(Wrong::ReadsByFloat)
            || (self.is(Wrong::ReadsNotifiedByFloat) && operation == Operation::Notification);
        let amount = said.amount.map(|amount| if by_float { in_floats(amount) } else { amount });
        observation.amount = amount.map(|amount| {
            let reading = |currency: &Currency| {
                let factor = if *currency == Currency::IDR { 100 } else { 1 };
                Money::from_minor(amount.saturating_mul(factor), *currency)
            };
            StatedAmount::readings(currencies.iter().map(reading).collect())
        });
        let why = said.why.filter(|_| !self.is(Wrong::DropsTheFailureCode));
        observation.failure = why.map(|code| {
            let mut failure = Failure::new(ErrorKind::Unexpected);
            failure.code = Some(code);
            failure
        });
        observation.response = response;
        Ok(observation)
    }

    pub(super) fn status(&self, operation: Operation, word: &str) -> PayoutStatus {
        match word {
            "accepted" | "" => PayoutStatus::Pending,
            "paid" => PayoutStatus::Succeeded,
            "failed" if self.is(Wrong::CreatedFailedIsPaid) && operation == Operation::Payout => {
                PayoutStatus::Succeeded
            }
            "failed" => PayoutStatus::Failed,
            "returned" if self.is(Wrong::ReturnedIsPaid) => PayoutStatus::Succeeded,
            "returned" => PayoutStatus::Reversed,
            _ if self.is(Wrong::UnknownIsSuccess) => PayoutStatus::Succeeded,
            other => PayoutStatus::Unknown(other.to_owned()),
        }
    }

    pub(super) fn collected(&self, said: Observation<String>) -> Observation<CollectionStatus> {
        self.concluded(self.in_state(said), None)
    }

    /// One payment of a code: it names the code or its terminal, or may be of any code.
    pub(super) fn incoming_payment(
        &self,
        said: Observation<String>,
        terminal: Option<String>,
    ) -> IncomingPayment {
        let named =
            said.order_id.is_some() || terminal.is_some() || self.is(Wrong::CreditsUnnamedCode);
        let mut incoming_payment = IncomingPayment::new(self.in_state(said));
        incoming_payment.terminal = terminal.and_then(|terminal| Terminal::new(terminal).ok());
        incoming_payment.conclude(named)
    }

    fn in_state(&self, said: Observation<String>) -> Observation<CollectionStatus> {
        said.map(|word| match word.as_str() {
            "accepted" | "" => CollectionStatus::Pending,
            "paid" => CollectionStatus::Paid,
            "failed" => CollectionStatus::Failed,
            "closed" => CollectionStatus::Closed,
            "returned" => CollectionStatus::Reversed,
            _ if self.is(Wrong::UnknownCollectionIsPaid) => CollectionStatus::Paid,
            other => CollectionStatus::Unknown(other.to_owned()),
        })
    }
}

#[allow(clippy::disallowed_types, clippy::float_arithmetic, reason = "this is what is wrong")]
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the same")]
fn in_floats(minor: i64) -> i64 {
    ((minor as f64 / 100.0) * 100.0) as i64
}

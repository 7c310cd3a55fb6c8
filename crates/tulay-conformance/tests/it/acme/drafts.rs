//! Payouts in two requests, and the look-up of a payout by either id.

use super::{
    Acme, Wrong, codes,
    wire::{Query, Said},
};
use tulay_core::*;

impl Acme {
    /// Two requests: the first leaves a draft behind, whatever becomes of the second.
    pub(super) async fn draft_and_confirm(&self, prepared: &Prepared) -> Result<Payout> {
        let (operation, lookup) = (Operation::Payout, &prepared.lookup);
        let order = lookup.order_id.as_str();
        let number = match self.exchange(operation, "/draft", order, &prepared.body).await {
            Ok((draft, response)) => self.drafted(lookup, draft, response)?,
            Err(_) if self.is(Wrong::GoesOnAfterARejection) => "A7".parse().unwrap(),
            Err(error) => return Err(error),
        };
        let confirmed = self.confirm(prepared, &number).await;
        confirmed.map_err(|error| self.unconfirmed(error, number))
    }

    /// The number of a draft that is the order's: another one must not be confirmed.
    fn drafted(
        &self,
        lookup: &Lookup,
        draft: Said,
        response: ProviderResponse,
    ) -> Result<ProviderReference> {
        let operation = Operation::Payout;
        let number = draft.number.clone().and_then(|number| ProviderReference::new(number).ok());
        let number = number.ok_or_else(|| {
            Error::new(operation, ErrorKind::Unexpected, "the draft has no number")
                .with_field("number")
        })?;
        let mut asked = lookup.clone();
        asked.provider_reference = Some(number.clone());
        let payout = self.payout(operation, draft, Some(response), Some(&asked))?;
        match self.settings.wrong {
            Some(Wrong::ConfirmsAnyAmount) => asked.amount = None,
            Some(Wrong::ConfirmsAnotherDraft) => {
                asked.order_id = payout.order_id.clone().unwrap_or(asked.order_id);
            }
            _ => {}
        }
        payout.check_matches(operation, &asked)?;
        Ok(number)
    }

    /// What an error of the confirmation says of the whole: the draft is still there, unless Acme's
    /// documents say that the code ends it.
    fn unconfirmed(&self, error: Error, number: ProviderReference) -> Error {
        let rejected = error.effect() == Effect::Rejected;
        let code = error.response().and_then(|response| response.code.as_deref());
        let ends = rejected && code.is_some_and(codes::ends_the_draft);
        let permanent = error.is_permanent();
        match (error.effect(), self.settings.wrong) {
            (Effect::NotSent, Some(Wrong::SecondStepIsNotSent)) => error,
            (Effect::NotSent, Some(Wrong::DropsTheKnownReference)) => {
                error.with_effect(Effect::Unknown)
            }
            (_, Some(Wrong::DropsTheKnownReference)) => error,
            (_, wrong) => {
                let error = error.with_provider_reference(number);
                match wrong {
                    Some(Wrong::RejectedConfirmationIsFinal) if rejected => {
                        let error = error.with_effect(Effect::Rejected);
                        if permanent { error.with_permanent() } else { error }
                    }
                    Some(Wrong::EveryRejectionEndsTheDraft) if rejected => {
                        error.with_effect(Effect::Rejected)
                    }
                    Some(Wrong::EndOfTheDraftIsPermanent) if ends => {
                        error.with_effect(Effect::Rejected).with_permanent()
                    }
                    _ if ends => error.with_effect(Effect::Rejected),
                    _ => error,
                }
            }
        }
    }

    async fn confirm(&self, prepared: &Prepared, number: &ProviderReference) -> Result<Payout> {
        let (operation, order) = (Operation::Payout, &prepared.lookup.order_id);
        let segment = match self.is(Wrong::ConfirmsAstray) {
            true => Some(number.as_str()),
            false => number.path_segment(),
        };
        let segment = segment.ok_or_else(|| {
            Error::new(operation, ErrorKind::State, "the number cannot stand in a path")
                .with_field("provider_reference")
        })?;
        let account = &self.settings.account;
        let confirm = format!(r#"{{"account":"{account}","order":"{order}"}}"#);
        let path = format!("/confirm/{segment}");
        let (said, response) = self.exchange(operation, &path, order.as_str(), &confirm).await?;
        // What answers the confirmation is about the draft, or about something else.
        let mut asked = prepared.lookup.clone();
        if self.is(Wrong::AdoptsAnotherDraft) {
            asked.provider_reference =
                said.number.clone().and_then(|n| ProviderReference::new(n).ok());
        } else if !self.is(Wrong::ConfirmedIsPending) {
            asked.provider_reference = Some(number.clone());
        }
        let payout = self.payout(operation, said, Some(response), Some(&asked))?;
        let adopts = self.is(Wrong::AdoptsAnotherDraft) || self.is(Wrong::AdoptsAnotherNumber);
        if payout.provider_reference.as_ref().is_some_and(|named| named != number) && !adopts {
            let message = "the confirmation names another draft";
            return Err(Error::new(operation, ErrorKind::Unrelated, message).with_field("number"));
        }
        asked.provider_reference = asked.provider_reference.or_else(|| Some(number.clone()));
        payout.check_matches(operation, &asked)
    }

    /// The answer about a payout: by its number, or by our id in a list where only that is known.
    pub(super) async fn payout_looked_up(
        &self,
        lookup: &Lookup,
    ) -> Result<Found<(Said, ProviderResponse)>> {
        let operation = Operation::PayoutFind;
        if !self.settings.listed || lookup.provider_reference.is_some() {
            return self.looked_up(operation, "/find", lookup).await;
        }
        let order = Some(lookup.order_id.as_str());
        let query = Query { order, ..Query::default() };
        let listed = match self.query(operation, "/list", query).await {
            Ok(listed) => listed,
            Err(error) => match self.absent(error, false) {
                Ok(response) => return Ok(Found::Absent(response)),
                Err(error) => return self.unless_lost(error, None),
            },
        };
        let kept = listed.1.clone();
        self.one_of(listed).or_else(|error| self.unless_lost(error, Some(kept)))
    }

    /// The one order of a list, or none.
    fn one_of(
        &self,
        (said, response): (Said, ProviderResponse),
    ) -> Result<Found<(Said, ProviderResponse)>> {
        let fail = |kind, message: &'static str| {
            let error = Error::new(Operation::PayoutFind, kind, message).with_field("orders");
            Err(error.with_response(response.clone()))
        };
        let orders = match said.orders {
            None if self.is(Wrong::MissingListIsEmpty) => Vec::new(),
            None => return fail(ErrorKind::Unexpected, "the answer has no list"),
            Some(orders) => orders,
        };
        let mut read = Vec::new();
        for order in orders {
            match serde_json::from_value::<Said>(order) {
                Ok(order) if order.order.is_some() => read.push(order),
                _ if self.is(Wrong::SkipsUnreadableOrders) => {}
                _ => return fail(ErrorKind::Unrelated, "an order of the list cannot be read"),
            }
        }
        if read.len() > 1 {
            match self.settings.wrong {
                Some(Wrong::TakesTheFirstOfTwo) => read.truncate(1),
                Some(Wrong::TakesTheLastOfTwo) => drop(read.remove(0)),
                Some(Wrong::TakesNoneOfTwo) => read.clear(),
                _ => return fail(ErrorKind::Mismatch, "two orders have one order id"),
            }
        }
        match read.pop() {
            Some(order) => Ok(Found::Found((order, response))),
            None if self.is(Wrong::EmptyListIsUnreadable) => {
                fail(ErrorKind::Unexpected, "the list is empty")
            }
            None => Ok(Found::Absent(response)),
        }
    }

    /// The error, unless this is the adapter that reads whatever it cannot read as "no such order".
    fn unless_lost<T>(&self, error: Error, kept: Option<ProviderResponse>) -> Result<Found<T>> {
        match error.response().cloned().or(kept) {
            Some(response) if self.is(Wrong::LostIsAbsent) => Ok(Found::Absent(response)),
            _ => Err(error),
        }
    }
}

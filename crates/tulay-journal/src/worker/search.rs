//! Looks a payment up under the ids of all its attempts, at every account.

use super::{
    order,
    reading::Sought,
    step::{At, Shared},
};
use crate::{
    machine::permission::LAST_ATTEMPT,
    record::{Hit, Place, Record, Sighting, Step},
};
use std::{collections::VecDeque, sync::Arc};
use tokio::task::JoinSet;
use tulay_core::{Echo, Lookup, MerchantAccount, Operation, OrderId, Provider, StatedAmount};

/// Look-ups of one payment at once.
const AT_ONCE: usize = 4;

/// One look-up.
struct Question {
    attempt: u8,
    /// The journal knows the attempt, in this place.
    is_of_attempt: bool,
    place: Place,
    lookup: Lookup,
    echoes: Vec<Echo>,
    provider: Arc<dyn Provider>,
    operation: Operation,
}

/// What a search found.
pub(super) struct Searched {
    pub(super) step: Step,
    /// Every place has answered.
    pub(super) is_complete: bool,
    pub(super) found_any: bool,
}

impl Shared {
    /// Looks a payment up everywhere, under the ids of all attempts.
    pub(super) async fn search(&self, record: &Record, places: Vec<Place>, at: At<'_>) -> Searched {
        let questions = |place: &Place| self.questions(record, place, LAST_ATTEMPT);
        let asked = places.iter().map(questions).collect();
        self.answered(places, asked, at).await
    }

    /// The late look-up of a payment that was paid or has failed, where it is not known to have been
    /// sent: a journal that was restored in silence may have sent it there.
    pub(super) async fn check(&self, record: &Record, at: At<'_>) -> Step {
        let places = record.askable_places(&self.policy);
        let last = record.attempts.last().map_or(0, |last| last.attempt.number);
        let questions = |place: &Place| {
            let next = last.saturating_add(1).min(LAST_ATTEMPT);
            let mut questions = self.questions(record, place, next)?;
            questions.retain(|question| !question.is_of_attempt);
            Some(questions)
        };
        let asked = places.iter().map(questions).collect();
        self.answered(places, asked, at).await.step
    }

    async fn answered(
        &self,
        places: Vec<Place>,
        asked: Vec<Option<Vec<Question>>>,
        at: At<'_>,
    ) -> Searched {
        let mut questions = VecDeque::new();
        let mut unanswered: Vec<MerchantAccount> = Vec::new();
        for (place, asked) in places.iter().zip(asked) {
            match asked {
                Some(all) => questions.extend(all),
                None => unanswered.push(place.merchant_account.clone()),
            }
        }
        let mut calls = JoinSet::new();
        let mut hits = Vec::new();
        loop {
            while calls.len() < AT_ONCE
                && let Some(question) = questions.pop_front()
            {
                let account = &question.place.merchant_account;
                if unanswered.contains(account) {
                    continue;
                }
                let mut asked = question.lookup.clone();
                asked.amount = None;
                let (provider, operation) = (Arc::clone(&question.provider), question.operation);
                let answer = self.find(account, provider, operation, asked);
                calls.spawn(async move { (question, answer.await) });
            }
            let Some(answered) = calls.join_next().await else { break };
            let Ok((question, answer)) = answered else {
                // Whose call it was is not known.
                unanswered.extend(places.iter().map(|place| place.merchant_account.clone()));
                continue;
            };
            let sought = match answer {
                Ok((_, Ok(found))) => Sought::read(found, &question.echoes, &question.lookup),
                Ok((_, Err(_))) | Err(_) => Sought::Nothing,
            };
            match sought {
                Sought::Absent => {}
                // Its other ids are not asked about for now.
                Sought::Nothing => unanswered.push(question.place.merchant_account),
                Sought::Seen { finding, stated, reference } => {
                    let Question { attempt, place, lookup, .. } = question;
                    let amount = stated.and_then(|stated| amount(&stated, &place, &places));
                    let provider_reference = reference;
                    let sighting = Sighting { attempt, place, finding, amount, provider_reference };
                    hits.push(Hit { sighting, lookup });
                }
            }
        }
        let is_answered = |place: &Place| !unanswered.contains(&place.merchant_account);
        let places = places.into_iter().filter(is_answered).collect();
        Searched {
            is_complete: unanswered.is_empty(),
            found_any: !hits.is_empty(),
            step: Step::Search { asked: at.at, places, hits },
        }
    }

    /// The look-ups of one place; `None`: it cannot be asked.
    fn questions(&self, record: &Record, place: &Place, last: u8) -> Option<Vec<Question>> {
        let account = &place.merchant_account;
        let request = order::request(record)?;
        let provider = self.planner.provider(account)?;
        let rules = order::id_rules(&*provider, record.operation).ok()?;
        let configured = self.policy.find(account, record.operation, place.country)?;
        let is_here = (place.country, place.currency) == (record.country, record.amount.currency());
        let questions = (1..=last).map(|attempt| {
            let known = record
                .attempts
                .iter()
                .find(|it| it.attempt.number == attempt && it.merchant_account == *account);
            let (order_id, echoes) = match known {
                Some(known) => (known.order_id.clone(), self.echoes(record, attempt)),
                None => {
                    let (namespace, reference) = (&self.policy.namespace, &record.reference);
                    let number = u32::from(attempt);
                    let id = OrderId::derive(rules, namespace, record.operation, reference, number);
                    (id, configured.guarantees.echoes.clone())
                }
            };
            let mut lookup = request.as_ref().lookup(&order_id);
            if !is_here {
                (lookup.country, lookup.currency) = (place.country, place.currency);
                (lookup.amount, lookup.institution) = (None, None);
            }
            let is_of_attempt = known.is_some() && is_here;
            let (place, provider) = (place.clone(), Arc::clone(&provider));
            let operation = record.operation;
            Question { attempt, is_of_attempt, place, lookup, echoes, provider, operation }
        });
        Some(questions.collect())
    }
}

/// The amount that is stated, in the currency of the place, or else in that of another place.
fn amount(stated: &StatedAmount, place: &Place, places: &[Place]) -> Option<tulay_core::Money> {
    let here = stated.in_currency(place.currency);
    here.or_else(|| places.iter().find_map(|it| stated.in_currency(it.currency)))
}

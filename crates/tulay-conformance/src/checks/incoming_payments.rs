//! The payments of a static code: each has its own reference and belongs to the code.

use crate::{
    any_status::AnyStatus,
    case::{Case, Repeats},
    checks::{agreement::unrelated, tables::NO_STATUS},
    fixture::{Call, Fixture},
    harness::Harness,
    order::Kind,
    outcome::{Outcome, Unmet, ensure, shown},
    platform::Script,
    reading::{self, DAYS},
};
use std::sync::Arc;
use tulay_core::{
    Authenticity, CollectionStatus, IncomingPayment, Lookup, Money, Notification, Operation,
};

pub(crate) fn payments_are_listed_exactly(harness: &Arc<dyn Harness>) -> Outcome {
    let list = List::new(harness)?;
    for (word, means) in harness.statuses(Operation::StaticCodePayments) {
        let incoming_payments = list.ask(Case::order(&word))?.accepted()?;
        let [incoming_payment] = &incoming_payments[..] else {
            let found = incoming_payments.len();
            return Err(Unmet::fails(format!("one payment was listed, {found} were read")));
        };
        let observation = &incoming_payment.observation;
        ensure!(
            AnyStatus::from(observation.status.clone()) == means,
            "{word} means {means}, but is read as {}",
            observation.status
        );
        let stated = observation.amount.as_ref();
        let amount = stated.and_then(|stated| stated.in_currency(list.paid.currency()));
        ensure!(amount == Some(list.paid), "{} were paid, {amount:?} are reported", list.paid);
        ensure!(
            observation.provider_reference.is_some(),
            "{word}: nothing distinguishes it from the next"
        );
        ensure!(list.is_ours(incoming_payment), "{word}: it belongs to another code");
    }
    let none = list.ask(Case::done())?;
    if !none.unsaid {
        let incoming_payments = none.accepted()?;
        ensure!(
            incoming_payments.is_empty(),
            "no payment was listed, {} were read",
            incoming_payments.len()
        );
    }
    Ok(())
}

pub(crate) fn payments_of_other_codes_are_not_listed(harness: &Arc<dyn Harness>) -> Outcome {
    let list = List::new(harness)?;
    let words = harness.statuses(Operation::StaticCodePayments);
    let unknown = NO_STATUS.map(|word| word.to_owned());
    let mut repeated = false;
    for (word, _) in &words {
        let call = list.ask(Case::order(word).repeating(Repeats::OtherOrder))?;
        if !call.unsaid {
            repeated = true;
            unrelated(word, call.result.err().as_ref())?;
        }
        not_final(word, list.ask(Case::order(word).repeating(Repeats::NoAmount))?)?;
    }
    for word in &unknown {
        not_final(word, list.ask(Case::order(word))?)?;
    }
    if repeated { Ok(()) } else { Err(Unmet::not_offered("no listed payment names its code")) }
}

pub(crate) fn incoming_payments_identify_their_code(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    fixture.corridors(Kind::StaticCode)?;
    let role = fixture.provider.roles().webhooks;
    let role = role.ok_or_else(|| Unmet::not_offered("it understands no notifications"))?;
    let mut code = fixture.stored(&fixture.order(Kind::StaticCode)?)?;
    code.amount = Some(reading::paid(&code));
    let mut repeated = false;
    for (word, means) in harness.notified_statuses(Operation::StaticCodePayments) {
        let Some(raw) = harness.notification(&code, &Case::order(&word)) else { continue };
        repeated = true;
        let opened = role.open(&raw).map_err(|error| Unmet::fails(shown(&error)))?;
        let [Notification::IncomingPayment(incoming_payment)] = &opened.get()[..] else {
            return Err(Unmet::fails(format!(
                "expected one incoming payment, found {:?}",
                opened.get()
            )));
        };
        ensure!(
            incoming_payment.observation.provider_reference.is_some(),
            "{word}: nothing distinguishes it from the next payment"
        );
        let evidence = opened.authenticity() == Authenticity::Signed;
        ensure!(
            !evidence || AnyStatus::from(incoming_payment.observation.status.clone()) == means,
            "{word} is read as {}",
            incoming_payment.observation.status
        );
        // A payment that names neither code nor terminal may be of any code.
        let unnamed = Case::order(&word).repeating(Repeats::NoOrder);
        let Some(raw) = harness.notification(&code, &unnamed) else { continue };
        let Ok(opened) = role.open(&raw) else { continue };
        for event in opened.get() {
            let Notification::IncomingPayment(incoming_payment) = event else { continue };
            let status = &incoming_payment.observation.status;
            ensure!(
                !AnyStatus::from(status.clone()).is_final(),
                "{word}: a payment that names no code is {status}"
            );
        }
    }
    if repeated { Ok(()) } else { Err(Unmet::not_offered("no notification tells of payments")) }
}

fn not_final(word: &str, call: Call<Vec<IncomingPayment>>) -> Outcome {
    if let (false, Ok(incoming_payments)) = (call.unsaid, call.result) {
        for incoming_payment in incoming_payments {
            let status = incoming_payment.observation.status;
            let last = AnyStatus::from(status.clone()).is_final();
            ensure!(!last, "{word}: it is {status}");
            if let CollectionStatus::Unknown(kept) = &status {
                ensure!(kept == word, "the unknown {word} is kept as {kept}");
            }
        }
    }
    Ok(())
}

/// A code, and what was paid to it.
struct List {
    fixture: Fixture,
    code: Lookup,
    paid: Money,
}

impl List {
    fn new(harness: &Arc<dyn Harness>) -> Result<Self, Unmet> {
        let fixture = Fixture::new(harness);
        if !fixture.offers(Kind::StaticCode, Operation::StaticCodePayments) {
            return Err(Unmet::not_offered("payments of a code are not listed"));
        }
        let mut code = fixture.stored(&fixture.order(Kind::StaticCode)?)?;
        let paid = reading::paid(&code);
        code.amount = Some(paid);
        if harness.statuses(Operation::StaticCodePayments).is_empty() {
            return Err(Unmet::fails("the harness lists no state of a static code's payment"));
        }
        Ok(Self { fixture, code, paid })
    }

    fn ask(&self, case: Case) -> Result<Call<Vec<IncomingPayment>>, Unmet> {
        let role = self.fixture.provider.roles().static_code_payments;
        let role = role.ok_or_else(|| Unmet::not_offered("it lists no payments"))?;
        // The platform knows what was paid; the look-up does not.
        let mut asked = self.code.clone();
        asked.amount = None;
        let payments = role.payments(&asked, DAYS.0, DAYS.1);
        let operation = Operation::StaticCodePayments;
        Ok(self.fixture.call(operation, Some(&self.code), Script::all(case), payments))
    }

    fn is_ours(&self, incoming_payment: &IncomingPayment) -> bool {
        let order = incoming_payment.observation.order_id.as_ref();
        let terminal = incoming_payment.terminal.as_ref();
        order.is_none_or(|id| *id == self.code.order_id)
            && terminal.is_none_or(|terminal| Some(terminal) == self.code.terminal.as_ref())
    }
}

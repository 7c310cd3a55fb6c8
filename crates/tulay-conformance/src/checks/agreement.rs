//! Responses that contradict the request, and responses that do not identify the order.

use crate::{
    any_status::AnyStatus,
    case::{Case, Repeats},
    checks::faults::named_before,
    fixture::{Call, Fixture, each, each_way},
    harness::{Harness, Sealed},
    order::{Kind, Order, Seen},
    outcome::{Outcome, Unmet, ensure, shown},
    platform::{Answered, Move, Script},
    post::Post,
};
use std::sync::Arc;
use tulay_core::{Echo, Effect, ErrorKind, FindBy, Found, Guarantees, Lookup};

pub(crate) fn another_amount_is_a_mismatch(harness: &Arc<dyn Harness>) -> Outcome {
    contradiction(harness, &[Repeats::OtherAmount], Echo::Amount)
}

pub(crate) fn another_currency_is_a_mismatch(harness: &Arc<dyn Harness>) -> Outcome {
    contradiction(harness, &[Repeats::OtherCurrency], Echo::Currency)
}

pub(crate) fn another_order_is_unrelated(harness: &Arc<dyn Harness>) -> Outcome {
    let by_ours = contradiction(harness, &[Repeats::OtherOrder], Echo::OrderId);
    another_draft_is_not_adopted(harness)?;
    let by_theirs = |guarantees: &Guarantees| guarantees.echoes.contains(&Echo::ProviderReference);
    if !Fixture::new(harness).any_guarantees().is_ok_and(by_theirs) {
        return by_ours;
    }
    // The platform's own id stands for ours, which no answer needs to repeat.
    match by_ours {
        Ok(()) | Err(Unmet::NotOffered(_)) => {}
        fails => return fails,
    }
    contradiction(harness, &[Repeats::OtherReference], Echo::ProviderReference)
}

/// An earlier step named the order. A later response with another provider reference is about
/// another order, and an adapter that adopts the reference would look up that order.
fn another_draft_is_not_adopted(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let order = fixture.order(kind)?;
        let echoes = &fixture.guarantees(kind)?.echoes;
        let is_named_by_it = echoes.contains(&Echo::ProviderReference);
        for step in 2..=fixture.steps(&order)? {
            let Some(named) = named_before(fixture, &order, step)? else { continue };
            for (word, _) in fixture.words(kind)? {
                let other = Move::Say(Case::order(&word).repeating(Repeats::OtherReference));
                let script = Script::all(fixture.first(kind)?).at(step, other);
                let call = fixture.create(&order, script)?;
                if call.unsaid {
                    continue;
                }
                let at = format!(
                    "step {step}, {word}: an earlier step named the order {named}, this response \
                     names another"
                );
                ensure!(call.sent.len() == step || !is_named_by_it, "{at}: a request follows");
                let error = match call.result {
                    // The response names our order id, and is believed.
                    Ok(seen) if !is_named_by_it => {
                        let adopted = seen.provider_reference.filter(|known| *known != named);
                        ensure!(adopted.is_none(), "{at}: {adopted:?} is adopted");
                        continue;
                    }
                    result => result.err(),
                };
                match is_named_by_it {
                    true => unrelated(&at, error.as_ref())?,
                    false => {
                        let effect = error.as_ref().map(tulay_core::Error::effect);
                        ensure!(effect == Some(Effect::Unknown), "{at}: the effect is {effect:?}");
                    }
                }
                let known = error.as_ref().and_then(tulay_core::Error::provider_reference);
                ensure!(
                    known == Some(&named),
                    "{at}: the error has to be known as {named} \
                     (`Error::with_provider_reference`), and is known as {known:?}"
                );
            }
        }
        Ok(())
    })
}

/// Another account may begin as ours does, and ours as another: the whole text is compared.
pub(crate) fn another_account_is_a_mismatch(harness: &Arc<dyn Harness>) -> Outcome {
    contradiction(harness, &OTHER_ACCOUNTS, Echo::Account)
}

/// The provider's list has two orders under one order id. Whichever is taken, the other one may
/// have been paid too; and there is an order, so that "absent" is wrong as well.
pub(crate) fn two_orders_with_one_id_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    each_way(harness, |fixture, kind| {
        let lookup = fixture.lookup(&fixture.order(kind)?)?;
        let mut tried = false;
        for (word, _) in fixture.words(kind)? {
            let twice = Case::order(&word).repeating(Repeats::Twice);
            let call = fixture.find(kind, &lookup, Script::all(twice))?;
            if call.unsaid {
                continue;
            }
            tried = true;
            let read = match call.result {
                Err(error) if error.effect() == Effect::Unknown => continue,
                Err(error) => shown(&error),
                Ok(Found::Absent(_)) => "absent".to_owned(),
                Ok(Found::Found(seen)) => seen.status.to_string(),
            };
            return Err(Unmet::fails(format!(
                "two orders with our order id, each {word}, are read as {read}: expected an error \
                 with the effect unknown, for a person to resolve"
            )));
        }
        match tried {
            true => Ok(()),
            false => Err(Unmet::not_offered("no response to a look-up is a list")),
        }
    })
}

pub(crate) fn unidentified_responses_are_not_final(harness: &Arc<dyn Harness>) -> Outcome {
    each_way(harness, |fixture, kind| {
        let order = fixture.order(kind)?;
        let last = fixture.steps(&order)?;
        let lookup = fixture.lookup_if_offered(&order)?;
        let echoes = &fixture.guarantees(kind)?.echoes;
        let left_out: &[Repeats] = match echoes.contains(&Echo::ProviderReference) {
            true if echoes.contains(&Echo::Amount) => &[Repeats::NoAmount, Repeats::NoReference],
            true => &[Repeats::NoReference],
            false => &[Repeats::NoAmount, Repeats::NoOrder],
        };
        let accounts = Accounts::of(fixture, &order, lookup.as_ref())?;
        for (word, _) in fixture.last_words(kind)? {
            if echoes.contains(&Echo::Account) {
                accounts.end_nothing_unnamed(&word)?;
            }
            // The answer to a creation may name the order by the message that it answers. A static
            // code has no amount that could be left out.
            if kind != Kind::StaticCode {
                let case = Move::Say(Case::order(&word).repeating(Repeats::NoAmount));
                let script = Script::all(fixture.first(kind)?).at(last, case);
                let call = fixture.create(&order, script)?;
                ends_nothing(&format!("created, {word} without an amount"), &call)?;
            }
            let Some(lookup) = &lookup else { continue };
            for repeats in left_out.iter().copied() {
                if (kind, repeats) == (Kind::StaticCode, Repeats::NoAmount) {
                    continue;
                }
                let case = Case::order(&word).repeating(repeats);
                let call = fixture.find(kind, lookup, Script::all(case))?;
                ensure!(
                    !(call.unsaid && repeats == Repeats::NoReference),
                    "the guarantees bind by the platform's own id: the harness must be able to \
                     leave that out of a look-up"
                );
                if let (false, Ok(Found::Found(seen))) = (call.unsaid, call.result) {
                    let (status, last) = (&seen.status, seen.status.is_final());
                    ensure!(!last, "look-up: {word} with {repeats:?} is {status}");
                }
            }
        }
        Ok(())
    })
}

/// The order was never created, so nothing but the answer says which order it is about.
pub(crate) fn responses_without_the_order_are_unrelated(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let order = fixture.order(kind)?;
        let Some(mut lookup) = fixture.lookup_if_offered(&order)? else {
            return Err(Unmet::not_offered(format!("no {kind} can be looked up")));
        };
        let guarantees = fixture.guarantees(kind)?;
        let repeats = match guarantees.find_by {
            _ if guarantees.echoes.contains(&Echo::ProviderReference) => Repeats::NoReference,
            FindBy::ProviderReference => {
                let why = "orders are looked up by the platform's own id, which names them too";
                return Err(Unmet::not_offered(why));
            }
            _ => {
                lookup.provider_reference = None;
                Repeats::NoOrder
            }
        };
        let mut left_out = false;
        for (word, _) in fixture.words(kind)? {
            let case = Case::order(&word).repeating(repeats);
            let call = fixture.find(kind, &lookup, Script::all(case))?;
            if call.unsaid || call.sent.is_empty() {
                continue;
            }
            left_out = true;
            unrelated(&format!("look-up, {word} with {repeats:?}"), call.result.err().as_ref())?;
        }
        match left_out {
            true => Ok(()),
            false => Err(Unmet::not_offered("every answer names its order")),
        }
    })
}

fn ends_nothing(at: &str, call: &Call<Seen>) -> Outcome {
    if let (false, Ok(seen)) = (call.unsaid, &call.result) {
        ensure!(!seen.status.is_final(), "{at} is {}", seen.status);
    }
    Ok(())
}

/// None of these is our account.
pub(crate) const OTHER_ACCOUNTS: [Repeats; 3] =
    [Repeats::OtherAccount, Repeats::CutAccount, Repeats::LongerAccount];

fn contradiction(harness: &Arc<dyn Harness>, others: &[Repeats], echoes: Echo) -> Outcome {
    each_way(harness, |fixture, kind| {
        if kind == Kind::StaticCode && matches!(echoes, Echo::Amount | Echo::Currency) {
            return Err(Unmet::not_offered("the payer chooses the amount"));
        }
        let order = fixture.order(kind)?;
        let lookup = fixture.lookup_if_offered(&order)?;
        if echoes == Echo::Account {
            Accounts::of(fixture, &order, lookup.as_ref())?.are_said()?;
        }
        // It may be the notifications alone that name the account.
        let must_be_repeated =
            fixture.guarantees(kind)?.echoes.contains(&echoes) && echoes != Echo::Account;
        let mut repeated = false;
        for repeats in others.iter().copied() {
            // The platform's own id is news in the answer to a creation.
            if echoes != Echo::ProviderReference {
                repeated |= created_otherwise(fixture, &order, repeats)?;
            }
            let Some(lookup) = &lookup else { continue };
            for (word, _) in fixture.words(kind)? {
                let case = Case::order(&word).repeating(repeats);
                let call = fixture.find(kind, lookup, Script::all(case))?;
                ensure!(
                    !(call.unsaid && must_be_repeated),
                    "the guarantees bind {echoes:?}, but the harness has no look-up with \
                     {repeats:?}"
                );
                if call.unsaid {
                    continue;
                }
                repeated = true;
                // Refunds are listed with others of the same payment: those are none of ours.
                let listed = kind == Kind::Refund && echoes == Echo::OrderId;
                if !(listed && matches!(call.result, Ok(Found::Absent(_)))) {
                    let at = format!("look-up, {word}, {repeats:?}");
                    by_echo(repeats)(&at, call.result.err().as_ref())?;
                }
            }
        }
        if repeated {
            Ok(())
        } else {
            Err(Unmet::not_offered(format!("no answer repeats {echoes:?}")))
        }
    })
}

/// A response, and what was read from it.
type Read = (Answered, Option<Seen>);

/// Which responses name the merchant account, by what the harness can say.
struct Accounts<'f> {
    fixture: &'f Fixture,
    order: &'f Order,
    lookup: Option<&'f Lookup>,
    last: usize,
    /// The last response of a creation, and the response of a look-up.
    named: [bool; 2],
}

impl<'f> Accounts<'f> {
    fn of(
        fixture: &'f Fixture,
        order: &'f Order,
        lookup: Option<&'f Lookup>,
    ) -> Result<Self, Unmet> {
        let last = fixture.steps(order)?;
        let mut accounts = Self { fixture, order, lookup, last, named: [false; 2] };
        let first = fixture.first(order.kind)?.repeating(Repeats::OtherAccount);
        accounts.named = accounts.answers(&first)?.map(|answer| answer.is_some());
        Ok(accounts)
    }

    /// What is answered to the last step of a creation and to a look-up, and read from it; `None`
    /// where the harness has no such answer.
    fn answers(&self, case: &Case) -> Result<[Option<Read>; 2], Unmet> {
        let (fixture, kind) = (self.fixture, self.order.kind);
        let script = Script::all(fixture.first(kind)?).at(self.last, Move::Say(case.clone()));
        let call = fixture.create(self.order, script)?;
        let created = call.response.filter(|_| !call.unsaid).map(|said| (said, call.result.ok()));
        let Some(lookup) = self.lookup else { return Ok([created, None]) };
        let call = fixture.find(kind, lookup, Script::all(case.clone()))?;
        let found = call.result.ok().and_then(|found| match found {
            Found::Found(seen) => Some(seen),
            Found::Absent(_) => None,
        });
        Ok([created, call.response.filter(|_| !call.unsaid).map(|said| (said, found))])
    }

    /// A harness that cannot name another account must be of a platform that names none.
    fn are_said(&self) -> Outcome {
        // As the value of a member: it may also stand in a code or an address.
        let account = &self.fixture.provider.merchant_account().account;
        let members = [format!("\"{account}\""), format!(":{account},"), format!(":{account}}}")];
        let usual = self.answers(&self.fixture.first(self.order.kind)?)?;
        for (answer, named) in usual.into_iter().zip(self.named) {
            let body = answer.map(|(said, _)| said.into_body()).unwrap_or_default();
            let body = String::from_utf8_lossy(&body);
            ensure!(
                named || !members.iter().any(|member| body.contains(member)),
                "the response names the merchant account, but the harness names no other \
                 (`Repeats::OtherAccount`)"
            );
        }
        let kind = self.order.kind;
        let listed = self.fixture.guarantees(kind)?.echoes.contains(&Echo::Account);
        let notified = || {
            let post = Post::new(self.fixture, kind, self.order.lookup().clone()).ok()?;
            let other = post.raw(&post.telling().repeating(Repeats::OtherAccount));
            Some(post.sealed == Sealed::OwnKey || other.is_some())
        };
        ensure!(
            !listed || self.named.contains(&true) || notified() == Some(true),
            "the guarantees list the account among the echoes, but neither responses nor \
             notifications name it, and their key is not this account's alone"
        );
        Ok(())
    }

    /// Where responses name the account, one that does not is not final.
    fn end_nothing_unnamed(&self, word: &str) -> Outcome {
        let answers = self.answers(&Case::order(word).repeating(Repeats::NoAccount))?;
        for (answer, _) in answers.into_iter().zip(self.named).filter(|(_, named)| *named) {
            let Some((_, seen)) = answer else {
                return Err(Unmet::fails(
                    "the guarantees list the account among the echoes: the harness must be able to \
                     leave it out of a response that names it (`Repeats::NoAccount`)",
                ));
            };
            let status = seen.map(|seen| seen.status).filter(AnyStatus::is_final);
            ensure!(status.is_none(), "{word} without the merchant account is {status:?}");
        }
        Ok(())
    }
}

/// Creates an order; one response, at each step in turn, is about something else. A draft is
/// compared before it is confirmed: nothing is sent after it. Whether some step can say such a
/// thing.
fn created_otherwise(fixture: &Fixture, order: &Order, repeats: Repeats) -> Result<bool, Unmet> {
    let first = fixture.first(order.kind)?;
    let steps = fixture.steps(order)?;
    let mut repeated = false;
    for step in 1..=steps {
        let mut words = fixture.words(order.kind)?;
        if step < steps {
            words.truncate(1);
        }
        for (word, _) in words {
            let other = Move::Say(Case::order(&word).repeating(repeats));
            let call = fixture.create(order, Script::all(first.clone()).at(step, other))?;
            if call.unsaid {
                continue;
            }
            repeated = true;
            let at = format!("created, {word}, {repeats:?} in step {step} of {steps}");
            ensure!(
                call.sent.len() == step,
                "{at}: a request follows, as if the response were about this order"
            );
            by_echo(repeats)(&at, call.result.err().as_ref())?;
        }
    }
    Ok(repeated)
}

/// The check for the error of a response with this contradiction: `Unrelated` for another order,
/// else `Mismatch`.
pub(crate) const fn by_echo(repeats: Repeats) -> fn(&str, Option<&tulay_core::Error>) -> Outcome {
    match repeats {
        Repeats::OtherOrder | Repeats::OtherReference => unrelated,
        _ => mismatch,
    }
}

/// A response that identifies the order and contradicts the request.
pub(crate) fn mismatch(at: &str, refused: Option<&tulay_core::Error>) -> Outcome {
    is_refused_as(ErrorKind::Mismatch, at, refused)
}

/// A response that does not identify the request.
pub(crate) fn unrelated(at: &str, refused: Option<&tulay_core::Error>) -> Outcome {
    is_refused_as(ErrorKind::Unrelated, at, refused)
}

fn is_refused_as(kind: ErrorKind, at: &str, refused: Option<&tulay_core::Error>) -> Outcome {
    let Some(error) = refused else {
        return Err(Unmet::fails(format!("{at}: an answer about something else is believed")));
    };
    ensure!(
        (error.kind(), error.effect()) == (kind, Effect::Unknown),
        "{at}: expected {kind} unknown, found {}",
        shown(error)
    );
    Ok(())
}

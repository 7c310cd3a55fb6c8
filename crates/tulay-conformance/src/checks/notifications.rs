//! What a platform sends on its own: read only as far as it proves where it comes from.

use crate::{
    any_status::AnyStatus,
    case::{Case, Echo, Seal},
    checks::tables::not_final_because,
    harness::{Harness, Sealed},
    noise::{Noise, damaged, flips},
    order::Kind,
    outcome::{Outcome, Unmet, ensure, shown},
    platform::Script,
    reading,
    rewrite::rewrites,
    stage::{Stage, each},
};
use bytes::Bytes;
use http::{HeaderValue, header::CONTENT_TYPE};
use std::sync::Arc;
use tulay_core::{
    Authenticity, Bound, ErrorKind, Event, Handling, Lookup, Observation, Operation, OrderId,
    ProviderReference, RawNotification, Result as CoreResult, StatedAmount, Terminal, Verified,
};

pub(crate) fn notifications_are_read(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        let expected = match post.sealed {
            Sealed::Signed => Authenticity::Signed,
            Sealed::Token => Authenticity::SharedToken,
        };
        let mut keys = Vec::new();
        for case in [post.first()?, post.success()?] {
            let raw = post.genuine(&case)?;
            let opened = post.open(&raw)?.map_err(|error| {
                Unmet::fails(format!("a genuine notification is refused: {}", shown(&error)))
            })?;
            ensure!(
                opened.authenticity() == expected,
                "a genuine notification is {:?}",
                opened.authenticity()
            );
            let told = post.only(&opened)?;
            ensure!(
                post.is_ours(&told),
                "it is about the order {:?} at {:?}, the platform's {:?}, and not about {}",
                told.order_id,
                told.terminal,
                told.provider_reference,
                post.about.order_id
            );
            let bound = post.bound()?;
            let amount = told.amount.as_ref();
            let agrees = post.about.amount.is_none_or(|asked| {
                amount.map_or(!bound.contains(&Bound::Amount), |told| {
                    told.in_currency(asked.currency()) == Some(asked)
                })
            });
            ensure!(agrees, "it tells {amount:?} of {:?}", post.about.amount);
            let again = post.open(&raw)?.map(|opened| keys_of(&opened)).ok();
            ensure!(again == Some(keys_of(&opened)), "a second copy says something else");
            keys.push(keys_of(&opened));
        }
        ensure!(
            keys.first() != keys.last(),
            "another state has the same key, and would be taken for a copy; what names no order \
             of ours is an `Event::Unsorted`, with the state in the platform's word"
        );
        Ok(())
    })
}

pub(crate) fn notifications_name_their_own_order(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        let mut told = false;
        let other = if post.by_theirs()? { Echo::OtherReference } else { Echo::OtherOrder };
        for (word, _) in post.words()? {
            let Some(raw) = post.raw(&Case::order(&word).echoing(other)) else {
                continue;
            };
            told = true;
            let Ok(opened) = post.open(&raw)? else { continue };
            for event in opened.get() {
                let ours = post.told(event)?.is_some_and(|told| post.is_ours(&told));
                ensure!(!ours, "{word}: a notification about another order is taken for ours");
            }
        }
        if told { Ok(()) } else { Err(Unmet::not_offered("no notification names its order")) }
    })
}

pub(crate) fn statuses_of_notifications(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        for (word, means) in post.words()? {
            let Some(raw) = post.raw(&Case::order(&word)) else { continue };
            let opened = post.open(&raw)?.map_err(|error| Unmet::fails(shown(&error)))?;
            let told = post.only(&opened)?;
            if post.by_theirs()? {
                // Nobody asked by the platform's own id, so nothing binds it: it makes us ask.
                ensure!(!ends_something(&opened), "{word} ends it, bound by nothing");
            } else {
                let named = [
                    told.order_id.is_some(),
                    told.amount.is_some(),
                    told.provider_reference.is_some(),
                ];
                let status = told.status.as_ref().unwrap_or(&means);
                // Where such messages never name the amount, they end nothing and make us ask.
                let nameless = told.amount.is_none() && !post.bound()?.contains(&Bound::Amount);
                let cautious = nameless && means.is_final() && status.is_pending();
                ensure!(
                    cautious || told.status.as_ref() == Some(&means),
                    "{word} means {means}, but is read as {status}{}",
                    not_final_because(&means, status, named, post.bound()?)
                );
            }
            post.names_nobody(&word)?;
            for echo in [Echo::NoAmount, Echo::NoOrder] {
                let Some(raw) = post.raw(&Case::order(&word).echoing(echo)) else { continue };
                if let Ok(opened) = post.open(&raw)? {
                    ensure!(!ends_something(&opened), "{word} with {echo:?} ends it");
                }
            }
        }
        for word in ["SOMETHING_NEW", ""] {
            let Some(raw) = post.raw(&Case::order(word)) else { continue };
            if let Ok(opened) = post.open(&raw)? {
                ensure!(!ends_something(&opened), "the unknown {word:?} ends it");
            }
        }
        Ok(())
    })
}

pub(crate) fn no_notification_panics(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        let genuine = post.genuine(&post.success()?)?;
        let mut noise = Noise::new(1);
        let mut bodies = damaged(&genuine.body, 600);
        for length in 0..200 {
            bodies.push(noise.bytes(length));
        }
        let body = &genuine.body[..];
        bodies.push([b"[", body, b"]"].concat());
        bodies.push([b"[", body, b",", body, b"]"].concat());
        bodies.push(vec![b'['; 100_000]);
        bodies.push(b"{\"a\":".repeat(20_000));
        for body in bodies {
            // What it is read as is for other checks to say; a panic fails this one.
            drop(post.open(&with_body(&genuine, body))?);
        }
        Ok(())
    })
}

pub(crate) fn changed_notifications_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        post.is_signed()?;
        let genuine = post.genuine(&post.success()?)?;
        let keys = post.open(&genuine)?.map(|opened| keys_of(&opened)).ok();
        for (at, body) in flips(&genuine.body) {
            if let Ok(opened) = post.open(&with_body(&genuine, body))? {
                ensure!(
                    Some(keys_of(&opened)) == keys,
                    "byte {at} is changed, and something else is read"
                );
            }
        }
        Ok(())
    })
}

pub(crate) fn rewritten_notifications_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        post.is_signed()?;
        let genuine = post.genuine(&post.success()?)?;
        let text = harness
            .signed_text(&genuine.body)
            .ok_or_else(|| Unmet::fails("the harness finds no signed text in its notification"))?;
        for (how, other) in rewrites(&text) {
            let body = harness.with_signed_text(&genuine.body, &other);
            let opened = post.open(&with_body(&genuine, body))?;
            refused_as(ErrorKind::Signature, how, opened)?;
        }
        Ok(())
    })
}

pub(crate) fn unsealed_notifications_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        for seal in [Seal::None, Seal::Empty, Seal::OtherKey] {
            let raw = post.genuine(&post.success()?.sealed(seal))?;
            refused_as(ErrorKind::Signature, &format!("{seal:?}"), post.open(&raw)?)?;
        }
        for (how, raw) in post.half_sealed()? {
            refused_as(ErrorKind::Signature, &how, post.open(&raw)?)?;
        }
        Ok(())
    })
}

pub(crate) fn notifications_for_others_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        let Some(raw) = post.raw(&post.success()?.echoing(Echo::OtherAccount)) else {
            let anonymous = post.stage.contract(post.kind)?.anonymous_notifications;
            ensure!(
                anonymous,
                "the contract says that notifications name the account, the harness says they do \
                 not"
            );
            return Err(Unmet::not_offered("notifications name no account"));
        };
        refused_as(ErrorKind::Mismatch, "another account's", post.open(&raw)?)
    })
}

pub(crate) fn anonymous_notifications_count_only_by_contract(
    harness: &Arc<dyn Harness>,
) -> Outcome {
    let own = Stage::new(harness);
    each_of(&own, |post| {
        post.counts_only_by(post.stage.contract(post.kind)?.anonymous_notifications)
    })?;
    for flag in [false, true] {
        let mut contract = own.any_contract()?.clone();
        contract.anonymous_notifications = flag;
        if let Some(stage) = Stage::with(harness, |c| harness.with_contract(c, contract)) {
            each_of(&stage, |post| post.counts_only_by(flag))?;
        }
    }
    Ok(())
}

pub(crate) fn tokens_are_hints(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        if post.sealed == Sealed::Signed {
            return Err(Unmet::not_offered("notifications are signed, and so evidence"));
        }
        for (word, _) in post.words()? {
            let Some(raw) = post.raw(&Case::order(&word)) else { continue };
            let opened = post.open(&raw)?.map_err(|error| Unmet::fails(shown(&error)))?;
            ensure!(
                opened.authenticity() == Authenticity::SharedToken,
                "{word}, under a token that is always the same, is evidence"
            );
        }
        Ok(())
    })
}

pub(crate) fn what_is_no_notification_is_refused(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        let (stage, kind) = (post.stage, post.kind);
        let genuine = post.genuine(&post.success()?)?;
        let order = stage.order(kind)?;
        let call = stage.create(&order, Script::all(stage.success(kind)?))?;
        let request = call.sent.last().map(|sent| sent.body().clone()).unwrap_or_default();
        let answer = call.answer.map(http::Response::into_body).unwrap_or_default();
        let oversized = [&genuine.body[..], &b" ".repeat(2 * 1024 * 1024)].concat();
        for (what, body) in [
            ("nothing", Bytes::new()),
            ("a page", Bytes::from_static(b"<html></html>")),
            ("null", Bytes::from_static(b"null")),
            ("our own request", request),
            ("an answer", answer),
            ("two mebibytes", Bytes::from(oversized)),
        ] {
            // Under a token both can be the same bytes; it is a hint either way, and only makes us
            // ask.
            if what == "an answer" && post.sealed == Sealed::Token {
                continue;
            }
            let opened = post.open(&with_body(&genuine, body))?;
            ensure!(opened.is_err(), "{what} is taken for a notification");
        }
        // Padding would break a signature over the whole body: this one is sealed with it.
        let words = "w".repeat(2 * 1024 * 1024);
        let long = post.raw(&post.success()?.in_words(words)).filter(|raw| {
            // Not every notification has words.
            raw.body.len() > 2 * 1024 * 1024
        });
        if let Some(long) = long {
            let opened = post.open(&long)?;
            ensure!(opened.is_err(), "a genuine notification of two mebibytes is read");
        }
        Ok(())
    })
}

pub(crate) fn acknowledgements_are_literal(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    sealed(&stage)?;
    let role = stage.provider.roles().notifications;
    let role = role.ok_or_else(|| Unmet::not_offered("it understands no notifications"))?;
    let said = |handling| Ok::<_, Unmet>(role.acknowledge(handling));
    for handling in [Handling::Stored, Handling::Refused, Handling::Busy] {
        let (answer, documented) = (said(handling)?, harness.acknowledgement(handling));
        let told = |answer: &http::Response<Bytes>| {
            let media = answer.headers().get(CONTENT_TYPE).cloned();
            (answer.status(), media, answer.body().clone())
        };
        ensure!(
            told(&answer) == told(&documented),
            "{handling:?} is answered {:?}, documented is {:?}",
            told(&answer),
            told(&documented)
        );
    }
    let stored = said(Handling::Stored)?;
    for other in [Handling::Refused, Handling::Busy] {
        let other = said(other)?;
        ensure!(
            (stored.status(), stored.body()) != (other.status(), other.body()),
            "what was not stored is acknowledged as if it were"
        );
    }
    Ok(())
}

/// An order, and the notifications about it.
struct Post<'s> {
    stage: &'s Stage,
    kind: Kind,
    about: Lookup,
    sealed: Sealed,
}

type Opened = CoreResult<Verified<Vec<Event>>>;

/// A check of the notifications of each kind of order that is notified.
fn of_each(harness: &Arc<dyn Harness>, check: impl Fn(&Post<'_>) -> Outcome) -> Outcome {
    each_of(&Stage::new(harness), check)
}

fn each_of(stage: &Stage, check: impl Fn(&Post<'_>) -> Outcome) -> Outcome {
    let sealed = sealed(stage)?;
    each(stage, |stage, kind| {
        let order = stage.order(kind)?;
        let mut about = stage.stored(&order)?;
        if kind == Kind::Code {
            about.amount = Some(reading::paid(&about));
        }
        let post = Post { stage, kind, about, sealed };
        if post.raw(&post.success()?).is_none() {
            return Err(Unmet::not_offered("no notification tells of it"));
        }
        check(&post)
    })
}

/// How notifications are sealed, where adapter and harness agree that there are any.
fn sealed(stage: &Stage) -> Result<Sealed, Unmet> {
    let there = stage.provider.roles().notifications.is_some();
    match stage.harness.notifications() {
        None if there => {
            Err(Unmet::fails("the role is there, but the harness has no notifications"))
        }
        Some(_) if !there => {
            Err(Unmet::fails("the harness has notifications, but the role is not there"))
        }
        None => Err(Unmet::not_offered("it understands no notifications")),
        Some(sealed) => Ok(sealed),
    }
}

impl Post<'_> {
    fn is_signed(&self) -> Outcome {
        match self.sealed {
            Sealed::Signed => Ok(()),
            Sealed::Token => Err(Unmet::not_offered("notifications are not signed")),
        }
    }

    /// The words of what is notified: of a static code, of its payments.
    fn words(&self) -> Result<Vec<(String, AnyStatus)>, Unmet> {
        match self.kind {
            Kind::Code => Ok(self.stage.harness.other_statuses(Operation::CodePayments)),
            kind => self.stage.words(kind),
        }
    }

    fn first(&self) -> Result<Case, Unmet> {
        let first = self.words()?.into_iter().find(|(_, means)| means.is_pending());
        let none = || Unmet::fails("the harness lists no word that means pending");
        first.map(|(word, _)| Case::order(word)).ok_or_else(none)
    }

    fn success(&self) -> Result<Case, Unmet> {
        let word = self.words()?.into_iter().find(|(_, means)| means.is_success());
        let none = || Unmet::fails("the harness lists no word that means success");
        word.map(|(word, _)| Case::order(word)).ok_or_else(none)
    }

    fn counts_only_by(&self, allowed: bool) -> Outcome {
        let Some(raw) = self.raw(&self.success()?.echoing(Echo::NoAccount)) else {
            // Whoever can name another account names one; whoever never names one always says this.
            ensure!(
                self.raw(&self.success()?.echoing(Echo::OtherAccount)).is_some(),
                "the harness has a notification neither of another account nor of none: where \
                 they never name the account, `Echo::NoAccount` is what they always say, and is \
                 answered as `Echo::All`"
            );
            return Err(Unmet::not_offered("every notification names its account"));
        };
        let opened = self.open(&raw)?;
        if allowed {
            let error = opened.err().map(|error| shown(&error));
            ensure!(error.is_none(), "the contract allows it, but it is refused: {error:?}");
            return Ok(());
        }
        refused_as(ErrorKind::Unrelated, "a notification without account", opened)
    }

    /// A payout that no order id tells from others is not to be told as one of ours.
    fn names_nobody(&self, word: &str) -> Outcome {
        let case = Case::order(word).echoing(Echo::NoOrder);
        if self.kind != Kind::Payout || !self.bound()?.contains(&Bound::OrderId) {
            return Ok(());
        }
        let Some(raw) = self.raw(&case) else { return Ok(()) };
        let Ok(opened) = self.open(&raw)? else { return Ok(()) };
        for event in opened.get() {
            let right = match event {
                Event::Payout(said) => said.order_id.is_some(),
                Event::Unsorted { observation } => observation.status == word,
                _ => true,
            };
            ensure!(
                right,
                "{word} without an order id: expected an `Event::Unsorted` with the state {word:?} \
                 in the platform's word, since only the journal can tell whose it is; found {event:?}"
            );
        }
        Ok(())
    }

    fn raw(&self, case: &Case) -> Option<RawNotification> {
        self.stage.harness.notification(&self.about, case)
    }

    /// Genuine notifications whose signature or token, where it is in a header, is cut or grown.
    fn half_sealed(&self) -> Result<Vec<(String, RawNotification)>, Unmet> {
        let genuine = self.genuine(&self.success()?)?;
        let other = self.genuine(&self.success()?.sealed(Seal::OtherKey))?;
        let mut all = Vec::new();
        for (name, value) in &genuine.headers {
            let seal = value.as_bytes();
            if other.headers.get(name) == Some(value) || seal.is_empty() {
                continue;
            }
            let cut = seal.get(..seal.len().saturating_sub(1)).unwrap_or_default();
            let one = seal.get(..1).unwrap_or_default();
            let grown = [seal, b"0"].concat();
            for (what, text) in [
                ("without its last byte", cut),
                ("its first byte alone", one),
                ("with a byte more", &grown),
            ] {
                let mut headers = genuine.headers.clone();
                let Ok(text) = HeaderValue::from_bytes(text) else { continue };
                headers.insert(name, text);
                let body = genuine.body.clone();
                let raw = RawNotification::new(genuine.target.clone(), headers, body);
                all.push((format!("{name} {what}"), raw));
            }
        }
        Ok(all)
    }

    fn genuine(&self, case: &Case) -> Result<RawNotification, Unmet> {
        self.raw(case).ok_or_else(|| {
            Unmet::fails(format!("the harness has no notification that says {case:?}"))
        })
    }

    fn open(&self, raw: &RawNotification) -> Result<Opened, Unmet> {
        let role = self.stage.provider.roles().notifications;
        let role = role.ok_or_else(|| Unmet::not_offered("it understands no notifications"))?;
        Ok(role.open(raw))
    }

    /// Whether it names the order, or of a static code's payment the terminal.
    fn is_ours(&self, told: &Told) -> bool {
        let terminal = self.kind == Kind::Code
            && told.order_id.is_none()
            && told.terminal.is_some()
            && told.terminal == self.about.terminal;
        told.order_id.as_ref() == Some(&self.about.order_id)
            || terminal
            || self.names_it_as_we_know_it(told)
    }

    /// Whether it names no order of ours, but the platform's own id of it, where the contract says
    /// that this is all there is.
    fn names_it_as_we_know_it(&self, told: &Told) -> bool {
        let known = self.about.provider_reference.as_ref();
        self.by_theirs().is_ok_and(|by_theirs| by_theirs)
            && told.order_id.is_none()
            && known.is_some()
            && told.provider_reference.as_ref() == known
    }

    fn bound(&self) -> Result<&[Bound], Unmet> {
        Ok(&self.stage.contract(self.kind)?.bound)
    }

    /// Whether the platform's own id is all that binds.
    fn by_theirs(&self) -> Result<bool, Unmet> {
        Ok(self.bound()?.contains(&Bound::ProviderReference))
    }

    /// What an event says of an order; of an unsorted one where the platform's id is all that tells.
    fn told(&self, event: &Event) -> Result<Option<Told>, Unmet> {
        Ok(match event {
            Event::Unsorted { observation } if self.by_theirs()? => {
                Some(of(self.kind, &observation.clone().map(drop), |()| None))
            }
            event => told_by(event),
        })
    }

    /// The one event, of this kind.
    fn only(&self, opened: &Verified<Vec<Event>>) -> Result<Told, Unmet> {
        let told = match &opened.get()[..] {
            [event] => self.told(event)?.filter(|told| told.kind == self.kind),
            _ => None,
        };
        let kind = self.kind;
        told.ok_or_else(|| Unmet::fails(format!("expected one {kind}, found {:?}", opened.get())))
    }
}

/// What an event says, whatever it is about.
struct Told {
    kind: Kind,
    /// `None` where it stands in the platform's word.
    status: Option<AnyStatus>,
    order_id: Option<OrderId>,
    provider_reference: Option<ProviderReference>,
    terminal: Option<Terminal>,
    amount: Option<StatedAmount>,
}

fn of<S: Clone>(
    kind: Kind,
    said: &Observation<S>,
    status: impl FnOnce(S) -> Option<AnyStatus>,
) -> Told {
    Told {
        kind,
        status: status(said.status.clone()),
        order_id: said.order_id.clone(),
        provider_reference: said.provider_reference.clone(),
        terminal: None,
        amount: said.amount.clone(),
    }
}

fn told_by(event: &Event) -> Option<Told> {
    match event {
        Event::Payout(said) => Some(of(Kind::Payout, said, |status| Some(status.into()))),
        Event::Collection(said) => Some(of(Kind::Collection, said, |status| Some(status.into()))),
        Event::Refund(said) => Some(of(Kind::Refund, said, |status| Some(status.into()))),
        Event::Credit(credit) => {
            let told = of(Kind::Code, &credit.observation, |status| Some(status.into()));
            Some(Told { terminal: credit.terminal.clone(), ..told })
        }
        _ => None,
    }
}

fn ends_something(opened: &Verified<Vec<Event>>) -> bool {
    let mut told = opened.get().iter().filter_map(told_by);
    told.any(|told| told.status.is_some_and(|status| status.is_final()))
}

fn with_body(raw: &RawNotification, body: impl Into<Bytes>) -> RawNotification {
    RawNotification::new(raw.target.clone(), raw.headers.clone(), body.into())
}

fn keys_of(opened: &Verified<Vec<Event>>) -> Vec<String> {
    opened.get().iter().map(Event::key).collect()
}

fn refused_as(kind: ErrorKind, what: &str, opened: Opened) -> Outcome {
    let Err(error) = opened else {
        return Err(Unmet::fails(format!("{what}: it is opened")));
    };
    ensure!(error.kind() == kind, "{what}: expected {kind}, found {}", shown(&error));
    Ok(())
}

//! What a platform sends on its own: read only as far as it proves where it comes from.

use crate::{
    case::{Case, Echo, Seal},
    checks::tables::not_final_because,
    harness::{Harness, Sealed},
    noise::{Noise, damaged, flips},
    outcome::{Outcome, Unmet, ensure, shown},
    platform::Script,
    rewrite::rewrites,
    stage::{Stage, is_final},
};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use std::sync::Arc;
use tulay_core::{
    Authenticity, Bound, ErrorKind, Event, Handling, Lookup, Notifications, Observation, Payout,
    PayoutStatus, RawNotification, Result as CoreResult, Verified,
};

pub(crate) fn notifications_are_read(harness: &Arc<dyn Harness>) -> Outcome {
    let post = Post::new(harness)?;
    let expected = match post.sealed {
        Sealed::Signed => Authenticity::Signed,
        Sealed::Token => Authenticity::SharedToken,
    };
    let mut keys = Vec::new();
    for case in [post.stage.pending(), post.stage.paid()?] {
        let raw = post.genuine(&case)?;
        let opened = post.open(&raw)?.map_err(|error| {
            Unmet::fails(format!("a genuine notification is refused: {}", shown(&error)))
        })?;
        ensure!(
            opened.authenticity() == expected,
            "a genuine notification is {:?}",
            opened.authenticity()
        );
        let told = post.told(&opened)?;
        let order_id = told.order_id.as_ref();
        ensure!(
            order_id == Some(&post.about.order_id) || post.names_it_as_we_know_it(&told),
            "it is about the order {order_id:?}, the platform's {:?}, and not about {}",
            told.provider_reference,
            post.about.order_id
        );
        let bound = post.bound()?;
        let told = told.amount.as_ref();
        let agrees = post.about.amount.is_none_or(|asked| {
            told.map_or(!bound.contains(&Bound::Amount), |told| {
                told.in_currency(asked.currency()) == Some(asked)
            })
        });
        ensure!(agrees, "it tells {told:?} of {:?}", post.about.amount);
        let again = post.open(&raw)?.map(|opened| keys_of(&opened)).ok();
        ensure!(again == Some(keys_of(&opened)), "a second copy says something else");
        keys.push(keys_of(&opened));
    }
    ensure!(
        keys.first() != keys.last(),
        "another state has the same key, and would be taken for a copy; what names no order of \
         ours is an `Event::Unsorted`, with the state in the platform's word"
    );
    Ok(())
}

pub(crate) fn statuses_of_notifications(harness: &Arc<dyn Harness>) -> Outcome {
    let post = Post::new(harness)?;
    for (word, means) in harness.statuses() {
        let Some(raw) = post.raw(&Case::order(&word)) else { continue };
        let opened = post.open(&raw)?.map_err(|error| Unmet::fails(shown(&error)))?;
        if post.by_theirs()? {
            // Nobody asked by the platform's own id, so nothing binds it: it can only make us ask.
            post.told(&opened)?;
            ensure!(!ends_a_payout(&opened), "{word} ends a payout, bound by nothing");
        } else {
            let payout = only_payout(&opened)?;
            ensure!(
                payout.status == means,
                "{word} means {means}, but is read as {}{}",
                payout.status,
                not_final_because(&means, &payout, post.bound()?)
            );
        }
        for echo in [Echo::NoAmount, Echo::NoOrder] {
            let Some(raw) = post.raw(&Case::order(&word).echoing(echo)) else { continue };
            if let Ok(opened) = post.open(&raw)? {
                ensure!(!ends_a_payout(&opened), "{word} with {echo:?} ends a payout");
            }
        }
    }
    for word in ["SOMETHING_NEW", ""] {
        let Some(raw) = post.raw(&Case::order(word)) else { continue };
        if let Ok(opened) = post.open(&raw)? {
            ensure!(!ends_a_payout(&opened), "the unknown {word:?} ends a payout");
        }
    }
    Ok(())
}

pub(crate) fn no_notification_panics(harness: &Arc<dyn Harness>) -> Outcome {
    let post = Post::new(harness)?;
    let genuine = post.genuine(&post.stage.paid()?)?;
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
}

pub(crate) fn changed_notifications_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    let post = Post::signed(harness)?;
    let genuine = post.genuine(&post.stage.paid()?)?;
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
}

pub(crate) fn rewritten_notifications_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    let post = Post::signed(harness)?;
    let genuine = post.genuine(&post.stage.paid()?)?;
    let text = harness
        .signed_text(&genuine.body)
        .ok_or_else(|| Unmet::fails("the harness finds no signed text in its notification"))?;
    for (how, other) in rewrites(&text) {
        let body = harness.with_signed_text(&genuine.body, &other);
        let opened = post.open(&with_body(&genuine, body))?;
        refused_as(ErrorKind::Signature, how, opened)?;
    }
    Ok(())
}

pub(crate) fn unsealed_notifications_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    let post = Post::new(harness)?;
    for seal in [Seal::None, Seal::Empty, Seal::OtherKey] {
        let raw = post.genuine(&post.stage.paid()?.sealed(seal))?;
        refused_as(ErrorKind::Signature, &format!("{seal:?}"), post.open(&raw)?)?;
    }
    Ok(())
}

pub(crate) fn notifications_for_others_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    let post = Post::new(harness)?;
    let Some(raw) = post.raw(&post.stage.paid()?.echoing(Echo::OtherAccount)) else {
        let anonymous = post.stage.payouts()?.capability().contract.anonymous_notifications;
        ensure!(
            anonymous,
            "the contract says that notifications name the account, the harness says they do not"
        );
        return Err(Unmet::not_offered("notifications name no account"));
    };
    refused_as(ErrorKind::Mismatch, "another account's", post.open(&raw)?)
}

pub(crate) fn anonymous_notifications_count_only_by_contract(
    harness: &Arc<dyn Harness>,
) -> Outcome {
    let own = Post::new(harness)?;
    let contract = own.stage.payouts()?.capability().contract.clone();
    let mut posts = vec![(contract.anonymous_notifications, own)];
    for flag in [false, true] {
        let mut contract = contract.clone();
        contract.anonymous_notifications = flag;
        let stage = Stage::with(harness, |context| harness.with_contract(context, contract));
        if let Some(stage) = stage {
            posts.push((flag, Post::of(stage)?));
        }
    }
    for (allowed, post) in posts {
        let Some(raw) = post.raw(&post.stage.paid()?.echoing(Echo::NoAccount)) else {
            return Err(Unmet::not_offered("every notification names its account"));
        };
        let opened = post.open(&raw)?;
        if allowed {
            let error = opened.err().map(|error| shown(&error));
            ensure!(error.is_none(), "the contract allows it, but it is refused: {error:?}");
        } else {
            refused_as(ErrorKind::Mismatch, "a notification without account", opened)?;
        }
    }
    Ok(())
}

pub(crate) fn tokens_are_hints(harness: &Arc<dyn Harness>) -> Outcome {
    let post = Post::new(harness)?;
    if post.sealed == Sealed::Signed {
        return Err(Unmet::not_offered("notifications are signed, and so evidence"));
    }
    for (word, _) in harness.statuses() {
        let Some(raw) = post.raw(&Case::order(&word)) else { continue };
        let opened = post.open(&raw)?.map_err(|error| Unmet::fails(shown(&error)))?;
        ensure!(
            opened.authenticity() == Authenticity::SharedToken,
            "{word}, under a token that is always the same, is evidence"
        );
    }
    Ok(())
}

pub(crate) fn what_is_no_notification_is_refused(harness: &Arc<dyn Harness>) -> Outcome {
    let post = Post::new(harness)?;
    let genuine = post.genuine(&post.stage.paid()?)?;
    let order = post.stage.order()?;
    let call = post.stage.create(&order, Script::all(post.stage.paid()?))?;
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
        // Under a token both can be the same bytes; it is a hint either way, and only makes us ask.
        if what == "an answer" && post.sealed == Sealed::Token {
            continue;
        }
        let opened = post.open(&with_body(&genuine, body))?;
        ensure!(opened.is_err(), "{what} is taken for a notification");
    }
    Ok(())
}

pub(crate) fn acknowledgements_are_literal(harness: &Arc<dyn Harness>) -> Outcome {
    let post = Post::new(harness)?;
    let said = |handling| Ok::<_, Unmet>(post.role()?.acknowledge(handling));
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
struct Post {
    stage: Stage,
    about: Lookup,
    sealed: Sealed,
}

type Opened = CoreResult<Verified<Vec<Event>>>;

impl Post {
    fn new(harness: &Arc<dyn Harness>) -> Result<Self, Unmet> {
        Self::of(Stage::new(harness))
    }

    fn of(stage: Stage) -> Result<Self, Unmet> {
        let harness = Arc::clone(&stage.harness);
        let there = stage.provider.roles().notifications.is_some();
        let sealed = match harness.notifications() {
            None if there => {
                return Err(Unmet::fails(
                    "the role is there, but the harness has no notifications",
                ));
            }
            Some(_) if !there => {
                return Err(Unmet::fails(
                    "the harness has notifications, but the role is not there",
                ));
            }
            None => return Err(Unmet::not_offered("it understands no notifications")),
            Some(sealed) => sealed,
        };
        let order = stage.order()?;
        let about = stage.lookup_if_offered(&order)?.unwrap_or(order.lookup);
        Ok(Self { stage, about, sealed })
    }

    fn signed(harness: &Arc<dyn Harness>) -> Result<Self, Unmet> {
        let post = Self::new(harness)?;
        match post.sealed {
            Sealed::Signed => Ok(post),
            Sealed::Token => Err(Unmet::not_offered("notifications are not signed")),
        }
    }

    fn bound(&self) -> Result<&[Bound], Unmet> {
        Ok(&self.stage.payouts()?.capability().contract.bound)
    }

    /// Whether the platform's own id is all that binds.
    fn by_theirs(&self) -> Result<bool, Unmet> {
        Ok(self.bound()?.contains(&Bound::ProviderReference))
    }

    /// What the one event says of its order, its state in the platform's word where ours cannot
    /// be told.
    fn told(&self, opened: &Verified<Vec<Event>>) -> Result<Observation<()>, Unmet> {
        match &opened.get()[..] {
            [Event::Payout(payout)] => Ok(payout.clone().map(drop)),
            [Event::Unsorted { observation }] if self.by_theirs()? => {
                Ok(observation.clone().map(drop))
            }
            events => Err(Unmet::fails(format!("expected one payout, found {events:?}"))),
        }
    }

    /// Whether it names no order of ours, but the platform's own id of it, where the contract says
    /// that this is all there is.
    fn names_it_as_we_know_it<S>(&self, told: &Observation<S>) -> bool {
        let known = self.about.provider_reference.as_ref();
        self.by_theirs().is_ok_and(|by_theirs| by_theirs)
            && told.order_id.is_none()
            && known.is_some()
            && told.provider_reference.as_ref() == known
    }

    fn role(&self) -> Result<&dyn Notifications, Unmet> {
        let role = self.stage.provider.roles().notifications;
        role.ok_or_else(|| Unmet::not_offered("it understands no notifications"))
    }

    fn raw(&self, case: &Case) -> Option<RawNotification> {
        self.stage.harness.notification(&self.about, case)
    }

    fn genuine(&self, case: &Case) -> Result<RawNotification, Unmet> {
        self.raw(case).ok_or_else(|| {
            Unmet::fails(format!("the harness has no notification that says {case:?}"))
        })
    }

    fn open(&self, raw: &RawNotification) -> Result<Opened, Unmet> {
        Ok(self.role()?.open(raw))
    }
}

fn with_body(raw: &RawNotification, body: impl Into<Bytes>) -> RawNotification {
    RawNotification::new(raw.target.clone(), raw.headers.clone(), body.into())
}

fn keys_of(opened: &Verified<Vec<Event>>) -> Vec<String> {
    opened.get().iter().map(Event::key).collect()
}

fn only_payout(opened: &Verified<Vec<Event>>) -> Result<Payout, Unmet> {
    match &opened.get()[..] {
        [Event::Payout(payout)] => Ok(payout.clone()),
        events => Err(Unmet::fails(format!("expected one payout, found {events:?}"))),
    }
}

fn ends_a_payout(opened: &Verified<Vec<Event>>) -> bool {
    let status = |event: &Event| match event {
        Event::Payout(payout) => payout.status.clone(),
        _ => PayoutStatus::Pending,
    };
    opened.get().iter().any(|event| is_final(&status(event)))
}

fn refused_as(kind: ErrorKind, what: &str, opened: Opened) -> Outcome {
    let Err(error) = opened else {
        return Err(Unmet::fails(format!("{what}: it is opened")));
    };
    ensure!(error.kind() == kind, "{what}: expected {kind}, found {}", shown(&error));
    Ok(())
}

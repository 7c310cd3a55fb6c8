//! Notifications are believed only as far as their signature or token proves their origin.

use crate::{
    any_status::AnyStatus,
    case::{Case, Repeats, Seal},
    checks::tables::not_final_because,
    fixture::{Fixture, each},
    harness::{Harness, Sealed},
    noise::{Noise, damaged, flips},
    order::Kind,
    outcome::{Outcome, Unmet, ensure, shown},
    platform::Script,
    reading,
    rewrite::rewrites,
};
use bytes::Bytes;
use http::{HeaderValue, header::CONTENT_TYPE};
use std::sync::Arc;
use tulay_core::{
    Authenticity, Echo, ErrorKind, Guarantees, Handling, Lookup, Notification, Observation,
    Operation, OrderId, ProviderReference, Result as CoreResult, StatedAmount, Terminal, Verified,
    WebhookRequest,
};

pub(crate) fn genuine_notifications_are_accepted(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        let expected = match post.sealed {
            Sealed::Signed if post.bound()?.contains(&Echo::Account) => Authenticity::Signed,
            Sealed::Signed => Authenticity::SharedKey,
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
                "a genuine notification is {:?}, expected {expected:?}",
                opened.authenticity()
            );
            let notice = post.only(&opened)?;
            ensure!(
                post.is_ours(&notice),
                "it is about the order {:?} at {:?}, the platform's {:?}, and not about {}",
                notice.order_id,
                notice.terminal,
                notice.provider_reference,
                post.about.order_id
            );
            let echoes = post.bound()?;
            let amount = notice.amount.as_ref();
            let agrees = post.about.amount.is_none_or(|asked| {
                amount.map_or(!echoes.contains(&Echo::Amount), |stated| {
                    stated.in_currency(asked.currency()) == Some(asked)
                })
            });
            ensure!(agrees, "it reports {amount:?} instead of {:?}", post.about.amount);
            let again = post.open(&raw)?.map(|opened| keys_of(&opened)).ok();
            ensure!(again == Some(keys_of(&opened)), "a second copy says something else");
            keys.push(keys_of(&opened));
        }
        ensure!(
            keys.first() != keys.last(),
            "another state has the same key, and would be taken for a copy; what names no order \
             of ours is a `Notification::Unmatched`, with the state in the platform's word"
        );
        Ok(())
    })
}

pub(crate) fn notifications_match_only_their_order(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        let mut named = false;
        let other = if post.by_theirs()? { Repeats::OtherReference } else { Repeats::OtherOrder };
        for (word, _) in post.words()? {
            let Some(raw) = post.raw(&Case::order(&word).repeating(other)) else {
                continue;
            };
            named = true;
            let Ok(opened) = post.open(&raw)? else { continue };
            for event in opened.get() {
                let ours = post.notice(event)?.is_some_and(|notice| post.is_ours(&notice));
                ensure!(!ours, "{word}: a notification about another order is taken for ours");
            }
        }
        if named { Ok(()) } else { Err(Unmet::not_offered("no notification names its order")) }
    })
}

pub(crate) fn notification_statuses_match_the_documents(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        for (word, means) in post.words()? {
            let Some(raw) = post.raw(&Case::order(&word)) else { continue };
            let opened = post.open(&raw)?.map_err(|error| Unmet::fails(shown(&error)))?;
            let notice = post.only(&opened)?;
            if post.by_theirs()? {
                // No look-up carried the provider reference, so nothing identifies the order.
                ensure!(
                    !ends_something(&opened),
                    "{word} ends it, but nothing identifies the order"
                );
            } else {
                let named = [
                    notice.order_id.is_some(),
                    notice.amount.is_some(),
                    notice.provider_reference.is_some(),
                ];
                let status = notice.status.as_ref().unwrap_or(&means);
                // A message that never carries the amount cannot be final.
                let nameless = notice.amount.is_none() && !post.bound()?.contains(&Echo::Amount);
                let cautious = nameless && means.is_final() && status.is_pending();
                ensure!(
                    cautious || notice.status.as_ref() == Some(&means),
                    "{word} means {means}, but is read as {status}{}",
                    not_final_because(&means, status, named, post.bound()?)
                );
            }
            post.unidentified_is_unsorted(&word)?;
            for repeats in [Repeats::NoAmount, Repeats::NoOrder] {
                let Some(raw) = post.raw(&Case::order(&word).repeating(repeats)) else { continue };
                if let Ok(opened) = post.open(&raw)? {
                    ensure!(!ends_something(&opened), "{word} with {repeats:?} ends it");
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

pub(crate) fn unauthenticated_notifications_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
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

pub(crate) fn notifications_for_other_accounts_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        let Some(raw) = post.raw(&post.success()?.repeating(Repeats::OtherAccount)) else {
            let anonymous = post.fixture.guarantees(post.kind)?.anonymous_notifications;
            ensure!(
                anonymous,
                "the guarantees say that notifications name the account, the harness says they do \
                 not"
            );
            return Err(Unmet::not_offered("notifications name no account"));
        };
        refused_as(ErrorKind::Mismatch, "another account's", post.open(&raw)?)
    })
}

pub(crate) fn anonymous_notifications_need_a_guarantee(harness: &Arc<dyn Harness>) -> Outcome {
    let own = Fixture::new(harness);
    each_of(&own, |post| {
        post.counts_only_by(post.fixture.guarantees(post.kind)?.anonymous_notifications)
    })?;
    for flag in [false, true] {
        let set = |guarantees: &mut Guarantees| guarantees.anonymous_notifications = flag;
        of_each_with(harness, set, |post| post.counts_only_by(flag))?;
    }
    Ok(())
}

/// No notification of a provider comes near this length.
const TOO_LONG: usize = 256 * 1024;

pub(crate) fn non_notifications_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        let (fixture, kind) = (post.fixture, post.kind);
        let genuine = post.genuine(&post.success()?)?;
        let order = fixture.order(kind)?;
        let call = fixture.create(&order, Script::all(fixture.success(kind)?))?;
        let request = call.sent.last().map(|sent| sent.body().clone()).unwrap_or_default();
        let response = call.response.map(http::Response::into_body).unwrap_or_default();
        let oversized = [&genuine.body[..], &b" ".repeat(TOO_LONG)].concat();
        for (what, body) in [
            ("nothing", Bytes::new()),
            ("a page", Bytes::from_static(b"<html></html>")),
            ("null", Bytes::from_static(b"null")),
            ("our own request", request),
            ("an answer", response),
            ("256 KiB", Bytes::from(oversized)),
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
        let words = "w".repeat(TOO_LONG);
        let long = post.raw(&post.success()?.in_words(words)).filter(|raw| {
            // Not every notification has words.
            raw.body.len() > TOO_LONG
        });
        if let Some(long) = long {
            let opened = post.open(&long)?;
            ensure!(opened.is_err(), "a genuine notification of 256 KiB is read");
        }
        Ok(())
    })
}

pub(crate) fn acknowledgements_match_the_documents(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    sealed(&fixture)?;
    let role = fixture.provider.roles().webhooks;
    let role = role.ok_or_else(|| Unmet::not_offered("it understands no notifications"))?;
    let said = |handling| Ok::<_, Unmet>(role.acknowledge(handling));
    for handling in [Handling::Stored, Handling::Rejected, Handling::Busy] {
        let (response, documented) = (said(handling)?, harness.acknowledgement(handling));
        let parts = |response: &http::Response<Bytes>| {
            let media = response.headers().get(CONTENT_TYPE).cloned();
            (response.status(), media, response.body().clone())
        };
        ensure!(
            parts(&response) == parts(&documented),
            "{handling:?} is answered {:?}, documented is {:?}",
            parts(&response),
            parts(&documented)
        );
    }
    let stored = said(Handling::Stored)?;
    for other in [Handling::Rejected, Handling::Busy] {
        let other = said(other)?;
        ensure!(
            (stored.status(), stored.body()) != (other.status(), other.body()),
            "what was not stored is acknowledged as if it were"
        );
    }
    Ok(())
}

/// An order, and the notifications about it.
pub(super) struct Post<'s> {
    pub(super) fixture: &'s Fixture,
    pub(super) kind: Kind,
    pub(super) about: Lookup,
    pub(super) sealed: Sealed,
}

pub(super) type Opened = CoreResult<Verified<Vec<Notification>>>;

/// A check of the notifications of each kind of order that is notified.
pub(super) fn of_each(harness: &Arc<dyn Harness>, check: impl Fn(&Post<'_>) -> Outcome) -> Outcome {
    each_of(&Fixture::new(harness), check)
}

/// The same under changed guarantees; nothing where the guarantees are no setting.
pub(super) fn of_each_with(
    harness: &Arc<dyn Harness>,
    change: impl FnOnce(&mut Guarantees),
    check: impl Fn(&Post<'_>) -> Outcome,
) -> Outcome {
    let mut guarantees = Fixture::new(harness).any_guarantees()?.clone();
    change(&mut guarantees);
    match Fixture::with(harness, |context| harness.with_guarantees(context, guarantees)) {
        Some(fixture) => each_of(&fixture, check),
        None => Ok(()),
    }
}

fn each_of(fixture: &Fixture, check: impl Fn(&Post<'_>) -> Outcome) -> Outcome {
    let sealed = sealed(fixture)?;
    each(fixture, |fixture, kind| {
        let order = fixture.order(kind)?;
        let mut about = fixture.stored(&order)?;
        if kind == Kind::StaticCode {
            about.amount = Some(reading::paid(&about));
        }
        let post = Post { fixture, kind, about, sealed };
        if post.raw(&post.success()?).is_none() {
            return Err(Unmet::not_offered("no notification tells of it"));
        }
        check(&post)
    })
}

/// How notifications are sealed, where adapter and harness agree that there are any.
fn sealed(fixture: &Fixture) -> Result<Sealed, Unmet> {
    let there = fixture.provider.roles().webhooks.is_some();
    match fixture.harness.notifications() {
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

    /// The statuses that are notified; for a static code, those of its payments.
    pub(super) fn words(&self) -> Result<Vec<(String, AnyStatus)>, Unmet> {
        match self.kind {
            Kind::StaticCode => Ok(self.fixture.harness.statuses(Operation::StaticCodePayments)),
            kind => self.fixture.words(kind),
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
        let Some(raw) = self.raw(&self.success()?.repeating(Repeats::NoAccount)) else {
            // A platform that never names the account always sends this.
            ensure!(
                self.raw(&self.success()?.repeating(Repeats::OtherAccount)).is_some(),
                "the harness has a notification neither of another account nor of none: where \
                 they never name the account, `Repeats::NoAccount` is what they always say, and is \
                 answered as `Repeats::All`"
            );
            return Err(Unmet::not_offered("every notification names its account"));
        };
        let opened = self.open(&raw)?;
        if allowed {
            let error = opened.err().map(|error| shown(&error));
            ensure!(error.is_none(), "the guarantees allow it, but it is refused: {error:?}");
            return Ok(());
        }
        refused_as(ErrorKind::Unrelated, "a notification without account", opened)
    }

    /// A payout's notification without an order id must be a `Notification::Unmatched`.
    fn unidentified_is_unsorted(&self, word: &str) -> Outcome {
        let case = Case::order(word).repeating(Repeats::NoOrder);
        if self.kind != Kind::Payout || !self.bound()?.contains(&Echo::OrderId) {
            return Ok(());
        }
        let Some(raw) = self.raw(&case) else { return Ok(()) };
        let Ok(opened) = self.open(&raw)? else { return Ok(()) };
        for event in opened.get() {
            let right = match event {
                Notification::Payout(said) => said.order_id.is_some(),
                Notification::Unmatched { observation } => observation.status == word,
                _ => true,
            };
            ensure!(
                right,
                "{word} without an order id: expected a `Notification::Unmatched` with the state {word:?} \
                 in the platform's word, since only the journal can tell whose it is; found {event:?}"
            );
        }
        Ok(())
    }

    pub(super) fn raw(&self, case: &Case) -> Option<WebhookRequest> {
        self.fixture.harness.notification(&self.about, case)
    }

    /// Genuine notifications whose signature or token, if in a header, is cut short or extended.
    fn half_sealed(&self) -> Result<Vec<(String, WebhookRequest)>, Unmet> {
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
                let raw = WebhookRequest::new(genuine.target.clone(), headers, body);
                all.push((format!("{name} {what}"), raw));
            }
        }
        Ok(all)
    }

    fn genuine(&self, case: &Case) -> Result<WebhookRequest, Unmet> {
        self.raw(case).ok_or_else(|| {
            Unmet::fails(format!("the harness has no notification that says {case:?}"))
        })
    }

    pub(super) fn open(&self, raw: &WebhookRequest) -> Result<Opened, Unmet> {
        let role = self.fixture.provider.roles().webhooks;
        let role = role.ok_or_else(|| Unmet::not_offered("it understands no notifications"))?;
        Ok(role.open(raw))
    }

    /// Whether it names the order or, for a payment of a static code, the terminal.
    fn is_ours(&self, notice: &Notice) -> bool {
        let terminal = self.kind == Kind::StaticCode
            && notice.order_id.is_none()
            && notice.terminal.is_some()
            && notice.terminal == self.about.terminal;
        notice.order_id.as_ref() == Some(&self.about.order_id)
            || terminal
            || self.has_our_provider_reference(notice)
    }

    /// Whether it carries no order id but the order's provider reference, where the guarantees
    /// identifies orders by that.
    fn has_our_provider_reference(&self, notice: &Notice) -> bool {
        let known = self.about.provider_reference.as_ref();
        self.by_theirs().is_ok_and(|by_theirs| by_theirs)
            && notice.order_id.is_none()
            && known.is_some()
            && notice.provider_reference.as_ref() == known
    }

    fn bound(&self) -> Result<&[Echo], Unmet> {
        Ok(&self.fixture.guarantees(self.kind)?.echoes)
    }

    /// Whether the guarantees identifies orders by the provider reference.
    fn by_theirs(&self) -> Result<bool, Unmet> {
        Ok(self.bound()?.contains(&Echo::ProviderReference))
    }

    /// What an event reports about an order. An unmatched event counts if the guarantees identifies
    /// orders by the provider reference.
    fn notice(&self, event: &Notification) -> Result<Option<Notice>, Unmet> {
        Ok(match event {
            Notification::Unmatched { observation } if self.by_theirs()? => {
                Some(of(self.kind, &observation.clone().map(drop), |()| None))
            }
            event => notice_of(event),
        })
    }

    /// The only event, if it is of this kind.
    fn only(&self, opened: &Verified<Vec<Notification>>) -> Result<Notice, Unmet> {
        let notice = match &opened.get()[..] {
            [event] => self.notice(event)?.filter(|notice| notice.kind == self.kind),
            _ => None,
        };
        let kind = self.kind;
        notice.ok_or_else(|| Unmet::fails(format!("expected one {kind}, found {:?}", opened.get())))
    }
}

/// What an event reports about an order of any kind.
struct Notice {
    kind: Kind,
    /// `None` where only the platform's own text is known.
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
) -> Notice {
    Notice {
        kind,
        status: status(said.status.clone()),
        order_id: said.order_id.clone(),
        provider_reference: said.provider_reference.clone(),
        terminal: None,
        amount: said.amount.clone(),
    }
}

fn notice_of(event: &Notification) -> Option<Notice> {
    match event {
        Notification::Payout(said) => Some(of(Kind::Payout, said, |status| Some(status.into()))),
        Notification::Collection(said) => {
            Some(of(Kind::Collection, said, |status| Some(status.into())))
        }
        Notification::Refund(said) => Some(of(Kind::Refund, said, |status| Some(status.into()))),
        Notification::IncomingPayment(incoming_payment) => {
            let notice =
                of(Kind::StaticCode, &incoming_payment.observation, |status| Some(status.into()));
            Some(Notice { terminal: incoming_payment.terminal.clone(), ..notice })
        }
        _ => None,
    }
}

pub(super) fn ends_something(opened: &Verified<Vec<Notification>>) -> bool {
    let mut notices = opened.get().iter().filter_map(notice_of);
    notices.any(|notice| notice.status.is_some_and(|status| status.is_final()))
}

fn with_body(raw: &WebhookRequest, body: impl Into<Bytes>) -> WebhookRequest {
    WebhookRequest::new(raw.target.clone(), raw.headers.clone(), body.into())
}

fn keys_of(opened: &Verified<Vec<Notification>>) -> Vec<String> {
    opened.get().iter().map(Notification::key).collect()
}

fn refused_as(kind: ErrorKind, what: &str, opened: Opened) -> Outcome {
    let Err(error) = opened else {
        return Err(Unmet::fails(format!("{what}: it is opened")));
    };
    ensure!(error.kind() == kind, "{what}: expected {kind}, found {}", shown(&error));
    Ok(())
}

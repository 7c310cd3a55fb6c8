//! The notifications about one order, and what they are read as.

use crate::{
    any_status::AnyStatus,
    case::{Case, Repeats},
    fixture::{Fixture, each},
    harness::{Harness, Sealed},
    order::Kind,
    outcome::{Outcome, Unmet, ensure, shown},
    reading,
    seal::Seal,
};
use bytes::Bytes;
use std::sync::Arc;
use tulay_core::{
    Echo, ErrorKind, Guarantees, Lookup, Notification, Observation, OrderId, ProviderReference,
    Result as CoreResult, StatedAmount, Terminal, Verified, WebhookRequest,
};

/// An order, and the notifications about it.
pub(crate) struct Post<'s> {
    pub(crate) fixture: &'s Fixture,
    pub(crate) kind: Kind,
    pub(crate) about: Lookup,
    pub(crate) sealed: Sealed,
}

pub(crate) type Opened = CoreResult<Verified<Vec<Notification>>>;

/// A check of the notifications of each kind of order that is notified.
pub(crate) fn of_each(harness: &Arc<dyn Harness>, check: impl Fn(&Post<'_>) -> Outcome) -> Outcome {
    each_of(&Fixture::new(harness), check)
}

/// The same under changed guarantees; nothing where the guarantees are no setting.
pub(crate) fn of_each_with(
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

/// A check of the notifications of each kind of order that is notified there.
pub(crate) fn each_of(fixture: &Fixture, check: impl Fn(&Post<'_>) -> Outcome) -> Outcome {
    sealed(fixture)?;
    each(fixture, |fixture, kind| {
        let about = fixture.stored(&fixture.order(kind)?)?;
        check(&Post::new(fixture, kind, about)?)
    })
}

/// How notifications are sealed, where adapter and harness agree that there are any.
pub(crate) fn sealed(fixture: &Fixture) -> Result<Sealed, Unmet> {
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

impl<'s> Post<'s> {
    /// The notifications about this order, where it is notified.
    pub(crate) fn new(fixture: &'s Fixture, kind: Kind, mut about: Lookup) -> Result<Self, Unmet> {
        if kind == Kind::StaticCode {
            about.amount = Some(about.amount.unwrap_or_else(|| reading::paid(&about)));
        }
        let post = Post { fixture, kind, about, sealed: sealed(fixture)? };
        let words = post.words();
        for (word, _) in fixture.harness.statuses(kind.notified()) {
            ensure!(
                !words.is_empty() || post.raw(&Case::order(&word)).is_none(),
                "the harness has a notification that says {word}, but lists no status of \
                 notifications (`notified_statuses`)"
            );
        }
        for (word, _) in &words {
            ensure!(
                post.raw(&Case::order(word)).is_some(),
                "the harness lists {word} among the notified statuses, but never says it"
            );
        }
        match words.is_empty() {
            true => Err(Unmet::not_offered("no notification tells of it")),
            false => Ok(post),
        }
    }

    pub(crate) fn is_signed(&self) -> Outcome {
        match self.sealed {
            Sealed::Signed | Sealed::OwnKey => Ok(()),
            Sealed::Token => Err(Unmet::not_offered("notifications are not signed")),
        }
    }

    /// The statuses that are notified; for a static code, those of its payments.
    pub(crate) fn words(&self) -> Vec<(String, AnyStatus)> {
        self.fixture.notified(self.kind)
    }

    /// The notification that says most: of success, or else of another end, or of anything.
    pub(crate) fn telling(&self) -> Case {
        let words = self.words();
        let success = words.iter().find(|(_, means)| means.is_success());
        let end = success.or_else(|| words.iter().find(|(_, means)| means.is_final()));
        let word = end.or_else(|| words.first()).map(|(word, _)| word.clone());
        Case::order(word.unwrap_or_default())
    }

    /// The telling notification under another seal; `None` where the harness has none.
    pub(crate) fn under(&self, seal: Seal) -> Option<WebhookRequest> {
        self.unlike_the_telling(&self.telling().sealed(seal))
    }

    /// This notification, where it is not the telling one, byte for byte.
    pub(crate) fn unlike_the_telling(&self, case: &Case) -> Option<WebhookRequest> {
        let parts =
            |raw: WebhookRequest| (raw.target.to_string(), raw.headers.clone(), raw.body.clone());
        let telling = self.raw(&self.telling()).map(parts);
        self.raw(case).filter(|other| telling != Some(parts(other.clone())))
    }

    /// Notifications whose seal proves nothing, each with what is wrong.
    pub(crate) fn false_seals(&self) -> Result<Vec<(String, WebhookRequest)>, Unmet> {
        let mut needed = vec![Seal::None, Seal::Empty, Seal::OtherKey];
        needed.extend(Seal::DAMAGED);
        if self.sealed == Sealed::Token {
            needed.push(Seal::OtherCase);
        }
        let mut all = Vec::new();
        for seal in needed {
            let raw = self.under(seal).ok_or_else(|| {
                Unmet::fails(format!(
                    "the harness has no notification under `Seal::{seal:?}`, or one like the \
                     genuine: `Seal::apply` makes it"
                ))
            })?;
            all.push((format!("{seal:?}"), raw));
        }
        all.extend(self.under(Seal::OtherPlace).map(|raw| ("OtherPlace".to_owned(), raw)));
        Ok(all)
    }

    pub(crate) fn counts_only_by(&self, allowed: bool) -> Outcome {
        if self.sealed == Sealed::OwnKey {
            return Err(Unmet::not_offered("the key of notifications is this account's alone"));
        }
        let Some(raw) = self.raw(&self.telling().repeating(Repeats::NoAccount)) else {
            // A platform that never names the account always sends this.
            ensure!(
                self.raw(&self.telling().repeating(Repeats::OtherAccount)).is_some(),
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
    pub(crate) fn unidentified_is_unsorted(&self, word: &str) -> Outcome {
        let case = Case::order(word).repeating(Repeats::NoOrder);
        if self.kind != Kind::Payout || !self.bound()?.contains(&Echo::OrderId) {
            return Ok(());
        }
        let Some(raw) = self.raw(&case) else { return Ok(()) };
        let Ok(opened) = self.open(&raw)? else { return Ok(()) };
        for event in opened.get() {
            let right = match event {
                Notification::Payout(said) => said.order_id.is_some(),
                Notification::Unmatched { observation, .. } => observation.status == word,
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

    pub(crate) fn raw(&self, case: &Case) -> Option<WebhookRequest> {
        self.fixture.harness.notification(&self.about, case)
    }

    pub(crate) fn genuine(&self, case: &Case) -> Result<WebhookRequest, Unmet> {
        self.raw(case).ok_or_else(|| {
            Unmet::fails(format!("the harness has no notification that says {case:?}"))
        })
    }

    pub(crate) fn open(&self, raw: &WebhookRequest) -> Result<Opened, Unmet> {
        let role = self.fixture.provider.roles().webhooks;
        let role = role.ok_or_else(|| Unmet::not_offered("it understands no notifications"))?;
        Ok(role.open(raw))
    }

    pub(crate) fn read(
        &self,
        raw: &WebhookRequest,
    ) -> Result<CoreResult<Vec<Notification>>, Unmet> {
        let role = self.fixture.provider.roles().webhooks;
        let role = role.ok_or_else(|| Unmet::not_offered("it understands no notifications"))?;
        Ok(role.read(&raw.target, &raw.body))
    }

    /// Whether it names the order or, for a payment of a static code, the terminal.
    pub(crate) fn is_ours(&self, notice: &Notice) -> bool {
        let terminal = self.kind == Kind::StaticCode
            && notice.order_id.is_none()
            && notice.terminal.is_some()
            && notice.terminal == self.about.terminal;
        notice.order_id.as_ref() == Some(&self.about.order_id)
            || terminal
            || self.has_our_provider_reference(notice)
    }

    /// Whether it carries no order id but the order's provider reference, where the guarantees
    /// identify orders by that.
    fn has_our_provider_reference(&self, notice: &Notice) -> bool {
        let known = self.about.provider_reference.as_ref();
        self.by_theirs().is_ok_and(|by_theirs| by_theirs)
            && notice.order_id.is_none()
            && known.is_some()
            && notice.provider_reference.as_ref() == known
    }

    pub(crate) fn bound(&self) -> Result<&[Echo], Unmet> {
        Ok(&self.fixture.guarantees(self.kind)?.echoes)
    }

    /// Whether the guarantees identify orders by the provider reference.
    pub(crate) fn by_theirs(&self) -> Result<bool, Unmet> {
        Ok(self.bound()?.contains(&Echo::ProviderReference))
    }

    /// What an event reports about an order. An unmatched event counts if the guarantees identify
    /// orders by the provider reference.
    pub(crate) fn notice(&self, event: &Notification) -> Result<Option<Notice>, Unmet> {
        Ok(match event {
            Notification::Unmatched { observation, .. } if self.by_theirs()? => {
                Some(of(self.kind, &observation.clone().map(drop), |()| None))
            }
            event => notice_of(event),
        })
    }

    /// The only event, if it is of this kind.
    pub(crate) fn only(&self, opened: &Verified<Vec<Notification>>) -> Result<Notice, Unmet> {
        let notice = match &opened.get()[..] {
            [event] => self.notice(event)?.filter(|notice| notice.kind == self.kind),
            _ => None,
        };
        let kind = self.kind;
        notice.ok_or_else(|| Unmet::fails(format!("expected one {kind}, found {:?}", opened.get())))
    }
}

/// What an event reports about an order of any kind.
pub(crate) struct Notice {
    pub(crate) kind: Kind,
    /// `None` where only the platform's own text is known.
    pub(crate) status: Option<AnyStatus>,
    pub(crate) order_id: Option<OrderId>,
    pub(crate) provider_reference: Option<ProviderReference>,
    pub(crate) terminal: Option<Terminal>,
    pub(crate) amount: Option<StatedAmount>,
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

pub(crate) fn ends_something(opened: &Verified<Vec<Notification>>) -> bool {
    let mut notices = opened.get().iter().filter_map(notice_of);
    notices.any(|notice| notice.status.is_some_and(|status| status.is_final()))
}

pub(crate) fn with_body(raw: &WebhookRequest, body: impl Into<Bytes>) -> WebhookRequest {
    WebhookRequest::new(raw.target.clone(), raw.headers.clone(), body.into())
}

pub(crate) fn keys_of(opened: &Verified<Vec<Notification>>) -> Vec<String> {
    opened.get().iter().map(Notification::key).collect()
}

pub(crate) fn refused_as(kind: ErrorKind, what: &str, opened: Opened) -> Outcome {
    let Err(error) = opened else {
        return Err(Unmet::fails(format!("{what}: it is opened")));
    };
    ensure!(error.kind() == kind, "{what}: expected {kind}, found {}", shown(&error));
    Ok(())
}

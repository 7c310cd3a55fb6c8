//! What a router found: who carries a payment now, who could later, who cannot, and why.

use crate::{
    few::Few,
    hold::Wait,
    no_route::NoRoute,
    order::Order,
    payment::Payment,
    reasons,
    router::Router,
    rule::Rule,
    situation::{Ended, Situation},
};
use std::{fmt, sync::Arc};
use tulay_core::{Corridor, Error, Provider, ProviderId};

/// Who carries a payment, the preferred one first; who could at another time; and who was left
/// out. Reasons are written when they are asked for.
#[must_use]
pub struct Plan<'r, 'p> {
    pub(crate) router: &'r Router,
    pub(crate) payment: Payment<'p>,
    pub(crate) situation: Situation<'p>,
    pub(crate) source: Source<'p>,
    pub(crate) entries: Few<Entry<'r>>,
}

/// What decided.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source<'p> {
    /// The rule of this index.
    Rule(usize),
    /// There is no rule for the operation.
    NoRules,
    /// There are rules, and none is for the payment.
    NoneFits,
    /// The rules, when the payment was accepted.
    Frozen(&'p Order),
}

/// A provider that was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'r> {
    /// `None`: the configuration does not have it any more.
    pub(crate) provider: Option<&'r Arc<dyn Provider>>,
    pub(crate) corridor: Option<&'r Corridor>,
    pub(crate) weight: u32,
    pub(crate) verdict: Verdict,
}

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Now,
    /// By the hold of this index.
    Held(usize),
    /// Place, amount or fields do not fit.
    Misfit,
    /// In the attempt of this index.
    Tried(usize),
    Ended(Ended),
    /// It is not, or not any more, the one in this place of the order.
    Gone(usize),
}

/// A provider that can carry the payment now.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Candidate<'r> {
    /// The provider.
    pub provider: &'r Arc<dyn Provider>,
    /// The corridor the payment would take there.
    pub corridor: &'r Corridor,
    pub(crate) by: By<'r>,
}

/// A provider that can carry the payment, but not now.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Later<'r> {
    /// The provider.
    pub provider: &'r Arc<dyn Provider>,
    /// The corridor the payment would take there.
    pub corridor: &'r Corridor,
    /// What it waits for.
    pub wait: Wait,
    pub(crate) by: By<'r>,
}

/// Who sent the payment to a provider, and in which share.
#[derive(Clone, Copy)]
pub(crate) struct By<'r> {
    pub(crate) sender: Sender<'r>,
    pub(crate) weight: u32,
    pub(crate) drawn: bool,
}

#[derive(Clone, Copy)]
pub(crate) enum Sender<'r> {
    Rule(&'r Rule),
    NoRules,
    Frozen,
}

/// A provider that was left out.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Excluded<'p> {
    /// Its name.
    pub provider: &'p ProviderId,
    pub(crate) cause: Cause<'p>,
}

#[derive(Clone, Copy)]
pub(crate) enum Cause<'p> {
    /// No rule sends this payment to it.
    NotNamed,
    /// Place, amount or fields do not fit.
    Misfit(&'p Arc<dyn Provider>, Payment<'p>),
    Tried(tulay_core::ErrorKind),
    Ended(Ended, usize),
    Gone,
}

/// What is to be done with a payment.
#[derive(Clone)]
#[expect(clippy::exhaustive_enums, reason = "whoever sends must have thought of each")]
pub enum Decision<'r> {
    /// It can be sent.
    Send(Candidate<'r>),
    /// It waits: nobody can carry it now, and this provider can the soonest.
    Wait(Later<'r>),
    /// Nobody can carry it.
    Nobody(NoRoute),
}

impl<'r: 'p, 'p> Plan<'r, 'p> {
    /// The rule that decided; `None` where there are no rules, none is for this payment, or the
    /// order was settled before.
    #[must_use]
    pub fn rule(&self) -> Option<&'r Rule> {
        match self.source {
            Source::Rule(index) => self.router.rules().get(index),
            _ => None,
        }
    }

    /// Who can carry it now, the preferred one first.
    pub fn candidates(&self) -> impl Iterator<Item = Candidate<'r>> {
        self.entries.iter().filter_map(|entry| {
            let (provider, corridor) = entry.provider.zip(entry.corridor)?;
            let candidate = Candidate { provider, corridor, by: self.by(entry.weight) };
            (entry.verdict == Verdict::Now).then_some(candidate)
        })
    }

    /// Who can carry it, but not now, the preferred one first.
    pub fn later(&self) -> impl Iterator<Item = Later<'r>> {
        self.entries.iter().filter_map(|entry| {
            let Verdict::Held(hold) = entry.verdict else { return None };
            let (provider, corridor) = entry.provider.zip(entry.corridor)?;
            let wait = self.situation.holds.get(hold)?.wait;
            Some(Later { provider, corridor, wait, by: self.by(entry.weight) })
        })
    }

    /// Who was left out: first whom the rule names, in its order, then everyone else.
    pub fn excluded(&self) -> impl Iterator<Item = Excluded<'p>> {
        let named = self.entries.iter().filter_map(|entry| self.exclusion(entry));
        let others = self.router.providers().iter().filter(|other| {
            let is_it = |entry: Entry<'_>| entry.provider.is_some_and(|p| p.id() == other.id());
            !self.entries.iter().any(is_it)
        });
        let others =
            others.map(|provider| Excluded { provider: provider.id(), cause: Cause::NotNamed });
        named.chain(others)
    }

    /// What is to be done: send it to the preferred candidate, wait, or give it up.
    #[must_use]
    pub fn decide(&self) -> Decision<'r> {
        if let Some(candidate) = self.candidates().next() {
            return Decision::Send(candidate);
        }
        // Conditions without a time come last; of equals the preferred one is first.
        let soonest = self.later().min_by_key(|later| {
            let until = later.wait.until();
            (until.is_none(), until)
        });
        soonest.map_or_else(|| Decision::Nobody(NoRoute::of(self)), Decision::Wait)
    }

    /// The preferred candidate.
    ///
    /// # Errors
    /// When nobody can carry the payment now: what it waits for; or the rule that decided and what
    /// each of its providers lacks; or the rule that comes nearest. Nothing was sent.
    pub fn first(&self) -> Result<Candidate<'r>, NoRoute> {
        self.candidates().next().ok_or_else(|| NoRoute::of(self))
    }

    /// The order of everyone who could carry it, now or later, to be kept with the payment.
    #[must_use]
    pub fn order(&self) -> Order {
        let able = self.entries.iter().filter(|entry| {
            matches!(
                entry.verdict,
                Verdict::Now | Verdict::Held(_) | Verdict::Tried(_) | Verdict::Ended(_)
            )
        });
        let rule = match self.source {
            Source::Frozen(order) => order.rule().map(str::to_owned),
            _ => self.rule().map(ToString::to_string),
        };
        Order::new(rule, able.filter_map(|entry| entry.provider))
    }

    fn by(&self, weight: u32) -> By<'r> {
        let sender = match (self.source, self.rule()) {
            (Source::Frozen(_), _) => Sender::Frozen,
            (_, Some(rule)) => Sender::Rule(rule),
            (_, None) => Sender::NoRules,
        };
        By { sender, weight, drawn: self.payment.reference.is_some() }
    }

    fn exclusion(&self, entry: Entry<'r>) -> Option<Excluded<'p>> {
        let provider = entry.provider.map(|provider| provider.id());
        let (provider, cause) = match entry.verdict {
            Verdict::Now | Verdict::Held(_) => return None,
            Verdict::Misfit => (provider?, Cause::Misfit(entry.provider?, self.payment)),
            Verdict::Tried(tried) => {
                let (_, kind) = self.situation.tried.get(tried)?;
                (provider?, Cause::Tried(*kind))
            }
            Verdict::Ended(ended) => (provider?, Cause::Ended(ended, self.situation.attempts)),
            Verdict::Gone(index) => {
                let Source::Frozen(order) = self.source else { return None };
                (&order.stops().get(index)?.provider, Cause::Gone)
            }
        };
        Some(Excluded { provider, cause })
    }
}

impl Candidate<'_> {
    /// Why it is a candidate, in sentences for people.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        vec![reasons::by(&self.by), reasons::corridor(self.corridor)]
    }
}

impl Later<'_> {
    /// Why it would be a candidate, and why not now, in sentences for people.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        vec![self.wait.to_string(), reasons::by(&self.by), reasons::corridor(self.corridor)]
    }
}

impl Excluded<'_> {
    /// What place, amount or fields lack there, as the provider would say it; `None` where it was
    /// left out for another reason.
    #[must_use]
    pub fn error(&self) -> Option<Error> {
        match &self.cause {
            Cause::Misfit(provider, payment) => payment.admitted_by(provider.as_ref()).err(),
            _ => None,
        }
    }

    /// Whether no rule sends the payment to it.
    #[must_use]
    pub const fn is_unnamed(&self) -> bool {
        matches!(self.cause, Cause::NotNamed)
    }

    /// Why it was left out, in sentences for people.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        vec![reasons::excluded(self)]
    }
}

impl<'r: 'p, 'p> fmt::Debug for Plan<'r, 'p> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan")
            .field("rule", &self.rule().map(ToString::to_string))
            .field("candidates", &self.candidates().collect::<Vec<_>>())
            .field("later", &self.later().collect::<Vec<_>>())
            .field("excluded", &self.excluded().collect::<Vec<_>>())
            .finish()
    }
}

impl fmt::Debug for Candidate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Candidate({})", self.provider.id())
    }
}

impl fmt::Debug for Later<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Later({}, {:?})", self.provider.id(), self.wait)
    }
}

impl fmt::Debug for Excluded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Excluded({}: {})", self.provider, reasons::excluded(self))
    }
}

impl fmt::Debug for Decision<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(candidate) => write!(f, "Send({candidate:?})"),
            Self::Wait(later) => write!(f, "Wait({later:?})"),
            Self::Nobody(nobody) => write!(f, "Nobody({nobody})"),
        }
    }
}

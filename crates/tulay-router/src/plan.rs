//! What a router found: who carries a payment now, who could later, who cannot, and why.

use crate::{
    few::Few,
    hold::Wait,
    no_route::NoRoute,
    order::{Order, Stop as KeptStop},
    payment::Payment,
    reasons,
    router::Router,
    rule::Rule,
    situation::{Ended, Situation},
    table::{Lane, Place, Stop, uses},
};
use std::{fmt, sync::Arc};
use tulay_core::{Corridor, Error, MerchantAccount, Provider, ProviderId};

/// Who carries a payment, the preferred one first; who could at another time; and who was left
/// out. Reasons are written when they are asked for.
#[must_use]
pub struct Plan<'r, 'p> {
    pub(crate) router: &'r Router,
    pub(crate) payment: &'p Payment<'p>,
    pub(crate) situation: Situation<'p>,
    pub(crate) ended: Option<Ended>,
    pub(crate) asked: Asked<'r, 'p>,
}

/// Who is asked, in which order.
pub(crate) enum Asked<'r, 'p> {
    /// Whom the rule of this lane names.
    Lane(&'r Lane),
    /// The same, in the order that was drawn.
    Drawn(&'r Lane, Few<u16>),
    /// Whom the rule of this index names, where nobody serves the place.
    InVain(usize),
    /// Everyone, where nobody serves the place: there is no rule for the operation.
    Everyone,
    /// Nobody: there are rules, and none is for the payment.
    Nobody,
    /// Who was a candidate when the payment was accepted.
    Order(&'p Order),
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
    /// By the hold of this index, which lasts the longest.
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
    /// It was no candidate when the payment was accepted.
    NotInOrder,
    /// Place, amount or fields do not fit.
    Misfit(&'p Arc<dyn Provider>, &'p Payment<'p>),
    Tried(tulay_core::ErrorKind),
    Ended(Ended, usize),
    Gone,
}

/// What is to be done with a payment.
#[derive(Clone)]
#[expect(clippy::exhaustive_enums, reason = "whoever sends must have thought of each")]
pub enum Decision<'r> {
    /// It can be sent. Where it was sent before, only when every sending of it was
    /// [`NotSent`](tulay_core::Effect::NotSent), or each order that it may have left is proven
    /// dead: that is not the router's to know.
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
        let index = match self.asked {
            Asked::Lane(lane) | Asked::Drawn(lane, _) => lane.rule?,
            Asked::InVain(index) => index,
            Asked::Everyone | Asked::Nobody | Asked::Order(_) => return None,
        };
        self.router.rules().get(index)
    }

    /// Who can carry it now, the preferred one first.
    #[inline]
    pub fn candidates(&self) -> impl Iterator<Item = Candidate<'r>> {
        self.entries().filter_map(|entry| {
            if entry.verdict != Verdict::Now {
                return None;
            }
            let (provider, corridor) = entry.provider.zip(entry.corridor)?;
            Some(Candidate { provider, corridor, by: self.by(entry.weight) })
        })
    }

    /// Who can carry it, but not now, the preferred one first.
    pub fn later(&self) -> impl Iterator<Item = Later<'r>> {
        self.entries().filter_map(|entry| {
            let Verdict::Held(hold) = entry.verdict else { return None };
            let (provider, corridor) = entry.provider.zip(entry.corridor)?;
            let wait = self.situation.holds.get(hold)?.wait;
            Some(Later { provider, corridor, wait, by: self.by(entry.weight) })
        })
    }

    /// Who was left out: first whom the rule names, in its order, then everyone else.
    pub fn excluded(&self) -> impl Iterator<Item = Excluded<'p>> {
        let named = self.entries().filter_map(|entry| self.exclusion(entry));
        let others = self.router.providers().iter().filter(|other| {
            let is_it = |entry: Entry<'_>| entry.provider.is_some_and(|p| p.id() == other.id());
            !self.entries().any(is_it)
        });
        let cause = match self.asked {
            Asked::Order(_) => Cause::NotInOrder,
            _ => Cause::NotNamed,
        };
        let others = others.map(move |provider| Excluded { provider: provider.id(), cause });
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

    /// The order of everyone who could carry it, now or later, to be kept with the payment; of a
    /// payment that has one, that very order.
    ///
    /// # Errors
    /// When nobody could: such a payment is not accepted. Nothing was sent.
    pub fn order(&self) -> Result<Order, NoRoute> {
        if let Asked::Order(order) = self.asked {
            return Ok(order.clone());
        }
        let able = |entry: &Entry<'_>| {
            matches!(
                entry.verdict,
                Verdict::Now | Verdict::Held(_) | Verdict::Tried(_) | Verdict::Ended(_)
            )
        };
        let mut able = self.entries().filter(able).filter_map(|entry| entry.provider).peekable();
        if able.peek().is_none() {
            return Err(NoRoute::of(self));
        }
        Ok(Order::new(self.rule().map(ToString::to_string), able))
    }

    /// Whom the plan is about, each asked now.
    #[inline]
    fn entries(&self) -> impl Iterator<Item = Entry<'r>> {
        (0..).map_while(|index| self.entry(index))
    }

    #[inline]
    fn entry(&self, index: usize) -> Option<Entry<'r>> {
        match &self.asked {
            Asked::Lane(lane) => {
                let heaviest_first = lane.weighted && self.payment.reference.is_none();
                let stops = if heaviest_first { &lane.by_weight } else { &lane.stops };
                stops.get(index).map(|stop| self.stop(stop))
            }
            Asked::Drawn(lane, order) => {
                lane.stops.get(usize::from(order.get(index)?)).map(|stop| self.stop(stop))
            }
            Asked::InVain(rule) => {
                let rule = self.router.rules().get(*rule)?;
                let (provider, _) = uses(rule, self.router.providers()).nth(index)?;
                self.router.providers().get(provider).map(in_vain)
            }
            Asked::Everyone => self.router.providers().get(index).map(in_vain),
            Asked::Nobody => None,
            Asked::Order(order) => Some(self.kept(index, order.stops().get(index)?)),
        }
    }

    #[inline]
    fn stop(&self, stop: &'r Stop) -> Entry<'r> {
        let corridor = stop.corridor.as_ref();
        let provider = self.router.providers().get(stop.provider);
        let verdict = self.verdict(&stop.account, corridor);
        Entry { provider, corridor, weight: stop.weight, verdict }
    }

    /// One of the order that was kept with the payment: nobody, if its name now means another
    /// account.
    fn kept(&self, index: usize, stop: &KeptStop) -> Entry<'r> {
        let provider = self.router.provider(&stop.provider);
        let same = provider.filter(|provider| *provider.merchant_account() == stop.account);
        let Some(provider) = same else {
            let verdict = Verdict::Gone(index);
            return Entry { provider, corridor: None, weight: 0, verdict };
        };
        let corridor = Place::of(self.payment).corridor_of(provider.as_ref());
        let verdict = self.verdict(&stop.account, corridor);
        Entry { provider: Some(provider), corridor, weight: 0, verdict }
    }

    #[inline]
    fn verdict(&self, account: &MerchantAccount, corridor: Option<&Corridor>) -> Verdict {
        let Self { payment, situation, .. } = self;
        let fits = |corridor: &Corridor| {
            corridor.fits(payment.operation, payment.amount, |field| payment.has(field))
        };
        if !corridor.is_some_and(fits) {
            return Verdict::Misfit;
        }
        if let Some(tried) = situation.tried.iter().position(|(tried, _)| tried == account) {
            return Verdict::Tried(tried);
        }
        if let Some(ended) = self.ended {
            return Verdict::Ended(ended);
        }
        let mut longest: Option<(usize, &Wait)> = None;
        for (index, hold) in situation.holds.iter().enumerate() {
            if hold.keeps(payment, account, situation)
                && longest.is_none_or(|(_, wait)| hold.wait.outlasts(wait))
            {
                longest = Some((index, &hold.wait));
            }
        }
        longest.map_or(Verdict::Now, |(hold, _)| Verdict::Held(hold))
    }

    fn by(&self, weight: u32) -> By<'r> {
        let sender = match (&self.asked, self.rule()) {
            (Asked::Order(_), _) => Sender::Frozen,
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
                let Asked::Order(order) = self.asked else { return None };
                (&order.stops().get(index)?.provider, Cause::Gone)
            }
        };
        Some(Excluded { provider, cause })
    }
}

/// Whoever is asked for a place that nobody serves.
const fn in_vain(provider: &Arc<dyn Provider>) -> Entry<'_> {
    Entry { provider: Some(provider), corridor: None, weight: 0, verdict: Verdict::Misfit }
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

    /// Whether no rule sends the payment to it, or none did when the payment was accepted.
    #[must_use]
    pub const fn is_unnamed(&self) -> bool {
        matches!(self.cause, Cause::NotNamed | Cause::NotInOrder)
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

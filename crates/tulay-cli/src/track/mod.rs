//! One refund through one provider, looked up until it is final; nothing is stored.
//!
//! ```text
//! prepare ─► find ──found─────────────────────┐
//!              │absent                         ▼
//!              └─► create ──accepted──► follow: find, find, … ─► succeeded · failed · pending
//!                     │unknown ─┬────────► in doubt: find, …  (never sent again)
//!                     │         └─replayed ► the same create again, for its lost answer
//!                     ├─rejected ► find once more ─► failed, of this attempt
//!                     └─not sent ► ended
//! ```

mod failed_twice;
mod orders;
mod replay;
mod tracked;

pub(crate) use tracked::{State, Tracked};

use failed_twice::FailedTwice;
use orders::Orders;
use replay::{FirstSending, replayed};

use crate::{error::CliError, exit::Exit};
use jiff::SignedDuration;
use std::time::Duration;
use tokio::time::Instant;
use tulay::{
    Effect, Environment, ErrorKind, Found, Lookup, Namespace, Operation, OrderId, Payout, Prepared,
    Provider, ProviderId, Reference, RefundRequest, Refunds, adapter::Echo,
};

/// Follows refunds at one provider.
pub(crate) struct Tracker<'p> {
    provider: &'p dyn Provider,
    orders: Orders<'p>,
    /// Whether the provider is simulated by this process, so that nothing was sent to it before.
    begins_here: bool,
    /// How long to follow one.
    wait: Duration,
}

impl<'p> Tracker<'p> {
    pub(crate) const fn new(
        provider: &'p dyn Provider,
        refunds: &'p dyn Refunds,
        wait: Duration,
    ) -> Self {
        Self { provider, orders: Orders::new(refunds), begins_here: false, wait }
    }

    /// Whether the provider is simulated by this process.
    pub(crate) const fn beginning_here(mut self, begins_here: bool) -> Self {
        self.begins_here = begins_here;
        self
    }

    /// Refunds once. As the command stores nothing, it first asks the provider whether it knows the
    /// refund. No other provider can know it, as the payment is at this one.
    pub(crate) async fn refund(
        &self,
        namespace: &Namespace,
        request: &RefundRequest,
        progress: impl Fn(Progress, &ProviderId),
    ) -> Result<Tracked, CliError> {
        self.must_be_repeatable()?;
        let order_id = self.order_id(namespace, &request.reference);
        let prepared = self.orders.prepare(request, &order_id);
        let prepared =
            prepared.map_err(|error| CliError::call(self.provider.id(), Exit::Usage, &error))?;
        self.send_once(&request.reference, &prepared, progress).await
    }

    /// Sends what was prepared, unless the provider knows it already.
    async fn send_once(
        &self,
        reference: &Reference,
        prepared: &Prepared,
        progress: impl Fn(Progress, &ProviderId),
    ) -> Result<Tracked, CliError> {
        let (id, lookup) = (self.provider.id(), &prepared.lookup);
        if self.can_ask(lookup) {
            let found = self.orders.find(lookup).await;
            if let Found::Found(order) = found.map_err(|e| look_up_failed(id, &e).unasked())? {
                let mut tracked = Tracked::new(reference, id, lookup);
                tracked.was_there(&order);
                progress(Progress::Follows, id);
                return Ok(self.follow_on(tracked, order).await);
            }
        }
        let mut tracked = Tracked::new(reference, self.provider.id(), lookup);
        tracked.attempts = 1;
        progress(Progress::Sends, self.provider.id());
        let sent = FirstSending::now();
        let answer = match self.orders.create(prepared).await {
            Err(error) if error.effect() == Effect::Unknown => {
                let delays = self.delays();
                replayed(self.orders, delays, &mut tracked, prepared, &sent, error).await
            }
            answer => answer,
        };
        match answer {
            Ok(payout) => self.follow(&mut tracked, First::Created(payout)).await,
            Err(error) if error.effect() == Effect::NotSent => {
                return Err(CliError::call(self.provider.id(), Exit::CouldNotRun, &error));
            }
            Err(error) => {
                tracked.effect = Some(error.effect());
                tracked.reason = Some(error.to_string());
                tracked.with_provider_reference(error.provider_reference());
                if error.effect() == Effect::Rejected {
                    self.after_rejection(&mut tracked, error.is_permanent()).await;
                } else {
                    let patient =
                        matches!(error.kind(), ErrorKind::TooEarly | ErrorKind::RateLimited);
                    let first = if patient { First::TurnedAway } else { First::Nothing };
                    self.follow(&mut tracked, first).await;
                    if error.kind() == ErrorKind::Duplicate
                        && tracked.state == State::InDoubt
                        && !tracked.other_amount
                    {
                        tracked.waiting = Some(
                            "the provider reports a duplicate and finds no order: another payment \
                             may have this order id. Running the command again does not help: ask \
                             the provider"
                                .into(),
                        );
                    }
                }
            }
        }
        Ok(tracked)
    }

    /// Asks once what became of a refund that was sent before; `None` when the provider knows none.
    pub(crate) async fn look(
        &self,
        namespace: &Namespace,
        reference: &Reference,
        lookup: impl FnOnce(OrderId) -> Lookup,
    ) -> Result<Option<(Tracked, Payout)>, CliError> {
        let lookup = lookup(self.order_id(namespace, reference));
        match self.orders.find(&lookup).await {
            Ok(Found::Found(payout)) => {
                let tracked = Tracked::new(reference, self.provider.id(), &lookup);
                Ok(Some((tracked, payout)))
            }
            Ok(Found::Absent(_)) => Ok(None),
            Err(error) => Err(look_up_failed(self.provider.id(), &error)),
        }
    }

    /// Follows what was seen to its end.
    pub(crate) async fn follow_on(&self, mut tracked: Tracked, payout: Payout) -> Tracked {
        self.follow(&mut tracked, First::LookedUp(payout)).await;
        tracked
    }

    /// How long to wait for an order that did not become final: longer than a failure takes to.
    pub(crate) fn longer(&self) -> Option<Duration> {
        let failure_final_after = self.failure_final_after()?;
        (failure_final_after >= self.wait).then(|| failure_final_after + Duration::from_secs(60))
    }

    /// How long a failure must stand until it is final.
    fn failure_final_after(&self) -> Option<Duration> {
        self.orders
            .capability()
            .guarantees
            .failure_final_after
            .map(|failure_final_after| failure_final_after.unsigned_abs())
    }

    /// As the command stores nothing, a refund is safe only if its order can be found by its order
    /// id, and if that id never creates two orders. To a provider that this process simulates
    /// nothing was sent before, so that a replay is enough.
    pub(crate) fn must_be_repeatable(&self) -> Result<(), CliError> {
        let guarantees = &self.orders.capability().guarantees;
        let replays = guarantees.replays_for.is_some();
        let is_found = self.looks_up_by_order_id();
        let is_idempotent = guarantees.resend_for.is_some() || replays;
        if is_found && is_idempotent && guarantees.echoes.contains(&Echo::OrderId) {
            return Ok(());
        }
        if self.begins_here && replays {
            return Ok(());
        }
        let id = self.provider.id();
        let message = match is_found {
            true => format!(
                "{id} does not guarantee idempotency by order id, so a refund that is looked up \
                 and not found yet could be made twice; use another provider"
            ),
            false => format!(
                "{id} looks up a refund by its own id alone. This command stores nothing, so a \
                 later run could not find the refund and would make it again. Use another \
                 provider; --sandbox and `tulay demo` try it in the simulator"
            ),
        };
        Err(CliError::usage("guarantees", message).unsent())
    }

    /// Whether an order is found before the provider's own id of it is known.
    pub(crate) fn looks_up_by_order_id(&self) -> bool {
        self.orders.capability().guarantees.find_by.by_order_id()
    }

    /// Whether the provider can look an order up.
    fn can_ask(&self, lookup: &Lookup) -> bool {
        lookup.provider_reference.is_some() || self.looks_up_by_order_id()
    }

    /// A rejection speaks of one sending. If an order is there nevertheless, that one counts.
    async fn after_rejection(&self, tracked: &mut Tracked, permanent: bool) {
        // The rejection answers the only text that was ever sent.
        if !self.can_ask(&tracked.lookup) {
            tracked.state = State::Failed;
            return;
        }
        let found = match self.orders.find(&tracked.lookup).await {
            Ok(Found::Absent(_)) if !permanent => match self.again_after_rejection(tracked).await {
                Some(found) => found,
                None => return,
            },
            found => found,
        };
        match found {
            Ok(Found::Found(payout)) => {
                tracked.rejected_but_exists();
                self.follow(tracked, First::LookedUp(payout)).await;
            }
            Ok(Found::Absent(_)) => tracked.state = State::Failed,
            Err(error) => {
                let reason = tracked.reason.take().unwrap_or_default();
                tracked.effect = Some(Effect::Unknown);
                tracked.reason = Some(format!("{reason}; then a look-up failed: {error}"));
            }
        }
    }

    /// If a completed refund is sent again, the provider may reject it with any code, and the list
    /// of refunds may lag. A refund was not carried out only if it is absent again after `failure_final_after`.
    async fn again_after_rejection(
        &self,
        tracked: &mut Tracked,
    ) -> Option<tulay::adapter::Result<Found<Payout>>> {
        match self
            .failure_final_after()
            .filter(|failure_final_after| *failure_final_after <= self.wait)
        {
            Some(failure_final_after) => {
                tokio::time::sleep(failure_final_after).await;
                Some(self.orders.find(&tracked.lookup).await)
            }
            None => {
                tracked.effect = Some(Effect::Unknown);
                tracked.waiting = Some(
                    "an earlier attempt may not be listed yet: look it up later, and refund \
                     nothing under another reference"
                        .into(),
                );
                None
            }
        }
    }

    /// Asks until the refund is final or time is up. It never sends.
    async fn follow(&self, tracked: &mut Tracked, first: First) {
        let started = Instant::now();
        let mut failed = FailedTwice::new(self.failure_final_after());
        let turned_away = matches!(first, First::TurnedAway);
        match first {
            First::Nothing | First::TurnedAway => {}
            First::Created(payout) => tracked.observe(payout),
            First::LookedUp(payout) => {
                tracked.observe(payout);
                failed.record(tracked.state, started);
            }
        }
        if !self.can_ask(&tracked.lookup) {
            if tracked.state != State::InDoubt {
                return self.run_out(tracked, turned_away);
            }
            let waiting = "the provider looks it up by its own id alone, which is not known: ask the \
                           provider";
            tracked.waiting = Some(waiting.into());
            return;
        }
        for delay in self.delays() {
            let last = match tracked.state {
                _ if tracked.other_amount => return,
                State::Succeeded => return,
                State::Failed if failed.is_final() => return,
                _ => started.elapsed() + delay > self.wait,
            };
            if last {
                break;
            }
            tokio::time::sleep(delay).await;
            let asked = Instant::now();
            match self.orders.find(&tracked.lookup).await {
                Ok(Found::Found(payout)) => {
                    tracked.observe(payout);
                    failed.record(tracked.state, asked);
                }
                Ok(Found::Absent(_)) => {
                    failed.record(State::InDoubt, asked);
                    if turned_away {
                        break;
                    }
                }
                Err(error) => {
                    tracked.waiting = Some(format!("a look-up failed: {error}"));
                }
            }
        }
        self.run_out(tracked, turned_away);
    }

    /// The state when time is up: a failure without proof is still pending.
    fn run_out(&self, tracked: &mut Tracked, turned_away: bool) {
        match tracked.state {
            State::Failed => {
                tracked.state = State::Pending;
                tracked.waiting = Some(
                    match self.orders.capability().guarantees.failure_final_after {
                        Some(failure_final_after) => {
                            format!(
                                "the provider states failed; final if it still does after {failure_final_after:#}"
                            )
                        }
                        None => {
                            "the provider states failed, but guarantees no final failure".into()
                        }
                    },
                );
            }
            State::Pending => {
                tracked.waiting.get_or_insert_with(|| "the provider is processing it".into());
            }
            State::InDoubt if turned_away => {
                let spacing = self.orders.capability().guarantees.payee_spacing;
                let wait = spacing.unwrap_or(SignedDuration::from_mins(10));
                tracked.waiting = Some(format!(
                    "the provider asks to wait; run the same command again in {wait:#}"
                ));
            }
            _ => {}
        }
    }

    /// 2 s, 5 s, 15 s, then every minute; a simulator is twenty times as quick.
    fn delays(&self) -> impl Iterator<Item = Duration> + use<> {
        let environment = self.provider.merchant_account().environment;
        let hurry = if environment == Environment::Sandbox { 20 } else { 1 };
        [2, 5, 15]
            .into_iter()
            .chain(std::iter::repeat(if hurry > 1 { 20 } else { 60 }))
            .map(move |seconds| Duration::from_secs(seconds) / hurry)
    }

    /// The order id of the first attempt.
    pub(crate) fn order_id(&self, namespace: &Namespace, reference: &Reference) -> OrderId {
        let rules = self.orders.capability().ids;
        OrderId::derive(rules, namespace, Operation::Refund, reference, 1)
    }
}

/// What refunding is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// The next byte may be the refund's.
    Sends,
    /// The order existed before; it is only queried.
    Follows,
}

/// What following starts from.
enum First {
    /// An answer was lost.
    Nothing,
    /// The provider asked to come back later.
    TurnedAway,
    /// The answer to the sending.
    Created(Payout),
    /// The answer to a look-up.
    LookedUp(Payout),
}

/// The look-up before a sending failed. A response that contradicts the request is about this order,
/// so it is in doubt; any other proves nothing.
fn look_up_failed(provider: &ProviderId, error: &tulay::CallError) -> CliError {
    let exit = match error.kind() {
        ErrorKind::Mismatch => Exit::InDoubt,
        _ => Exit::CouldNotRun,
    };
    CliError::call(provider, exit, error).next("tulay doctor")
}

#[cfg(test)]
mod tests;

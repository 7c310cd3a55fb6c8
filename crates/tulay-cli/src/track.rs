//! One payout straight through one provider, followed to its end without a memory.
//!
//! ```text
//! prepare ─► find ──found──────────────────────┐
//!              │absent                          ▼
//!              └─► create ──accepted──► follow: find, find, … ─► succeeded · failed · pending
//!                     │unknown ──────────► in doubt: find, …  (never sent again)
//!                     └─refused, not sent ─► ended, of this sending
//! ```

use crate::{exit::Exit, failure::Failure};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;
use tulay::{
    Effect, Environment, ErrorKind, Failure as Why, Found, Lookup, Money, Namespace, Operation,
    OrderId, Payout, PayoutRequest, PayoutStatus, Payouts, Prepared, Provider, ProviderExt,
    ProviderReference, Reference,
};

/// What is known of a payout when following it ends.
#[derive(Debug)]
pub(crate) struct Tracked {
    pub(crate) reference: Reference,
    pub(crate) provider: String,
    pub(crate) order_id: OrderId,
    pub(crate) amount: Option<Money>,
    pub(crate) provider_reference: Option<ProviderReference>,
    pub(crate) state: State,
    /// What the last sending of this command may have done; `None` when it was accepted.
    pub(crate) effect: Option<Effect>,
    /// How often this command sent it: at most once.
    pub(crate) attempts: u32,
    /// Why it is as it is.
    pub(crate) reason: Option<String>,
    /// What is being waited for.
    pub(crate) waiting: Option<String>,
}

/// Where a payout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It may have been paid.
    InDoubt,
    Pending,
    Succeeded,
    /// With proof.
    Failed,
    Reversed,
}

impl State {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::InDoubt => "in_doubt",
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Reversed => "reversed",
        }
    }

    pub(crate) const fn exit(self) -> Exit {
        match self {
            Self::InDoubt => Exit::InDoubt,
            Self::Pending => Exit::Accepted,
            Self::Succeeded => Exit::Done,
            Self::Failed | Self::Reversed => Exit::Refused,
        }
    }
}

impl Tracked {
    /// The shape that other programs rely on.
    pub(crate) fn to_json(&self) -> Value {
        let mut value = json!({
            "reference": self.reference,
            "provider": self.provider,
            "provider_reference": self.provider_reference,
            "amount": self.amount,
            "status": self.state.as_str(),
            "effect": self.effect,
            "attempts": self.attempts,
            "reason": self.reason,
        });
        if let (Some(members), Some(waiting)) = (value.as_object_mut(), &self.waiting) {
            members.insert("waiting".into(), waiting.as_str().into());
        }
        value
    }
}

/// Follows payouts at one provider.
pub(crate) struct Tracker<'p> {
    provider: &'p dyn Provider,
    payouts: &'p dyn Payouts,
    /// How long to follow one.
    wait: Duration,
}

impl<'p> Tracker<'p> {
    pub(crate) fn new(provider: &'p dyn Provider, wait: Duration) -> Result<Self, Failure> {
        let payouts = provider.payouts().map_err(|error| Failure::call(Exit::Usage, &error))?;
        Ok(Self { provider, payouts, wait })
    }

    /// Whether a payout could be sent as it is; nothing is.
    pub(crate) fn check(
        &self,
        namespace: &Namespace,
        request: &PayoutRequest,
    ) -> Result<Prepared, tulay::Error> {
        self.payouts.prepare(request, &self.order_id(namespace, &request.reference))
    }

    /// Pays once. Without a memory, the provider is asked first whether it knows the order.
    pub(crate) async fn pay(
        &self,
        namespace: &Namespace,
        request: &PayoutRequest,
    ) -> Result<Tracked, Failure> {
        let prepared = self.check(namespace, request);
        let prepared = prepared.map_err(|error| Failure::call(Exit::Usage, &error))?;
        let lookup = &prepared.lookup;
        let mut tracked = self.tracked(&request.reference, lookup);
        match self.payouts.find(lookup).await {
            Ok(Found::Found(payout)) => {
                tracked.reason = Some("it was sent before; nothing was sent now".into());
                self.follow(&mut tracked, lookup, Some(payout)).await;
                return Ok(tracked);
            }
            Ok(Found::Absent(_)) => {}
            Err(error) => return Err(look_up_failed(&error)),
        }
        tracked.attempts = 1;
        match self.payouts.create(&prepared).await {
            Ok(payout) => self.follow(&mut tracked, lookup, Some(payout)).await,
            Err(error) if error.effect() == Effect::NotSent => {
                return Err(Failure::call(Exit::CouldNotRun, &error));
            }
            Err(error) => {
                tracked.effect = Some(error.effect());
                tracked.reason = Some(error.to_string());
                if error.effect() == Effect::Refused {
                    tracked.state = State::Failed;
                } else {
                    self.follow(&mut tracked, lookup, None).await;
                }
            }
        }
        Ok(tracked)
    }

    /// Asks what became of a payout that was sent before.
    pub(crate) async fn get(
        &self,
        namespace: &Namespace,
        reference: &Reference,
        lookup: impl FnOnce(OrderId) -> Lookup,
    ) -> Result<Tracked, Failure> {
        let lookup = lookup(self.order_id(namespace, reference));
        let mut tracked = self.tracked(reference, &lookup);
        match self.payouts.find(&lookup).await {
            Ok(Found::Found(payout)) => {
                self.follow(&mut tracked, &lookup, Some(payout)).await;
                Ok(tracked)
            }
            Ok(Found::Absent(_)) => {
                let message = format!(
                    "{} knows no payout {reference}; that is no proof that there is none",
                    self.provider.id()
                );
                Err(Failure::could_not_run("absent", message))
            }
            Err(error) => Err(look_up_failed(&error)),
        }
    }

    /// Asks until the payout is final or time is up. It never sends.
    async fn follow(&self, tracked: &mut Tracked, lookup: &Lookup, first: Option<Payout>) {
        let started = Instant::now();
        let mut failed_since = None;
        if let Some(payout) = first {
            observe(tracked, payout);
        }
        for delay in self.delays() {
            let settled = match (tracked.state, failed_since) {
                (State::Succeeded | State::Reversed, _) => return,
                (State::Failed, Some(since)) => self.is_settled(since),
                _ => false,
            };
            if settled {
                return;
            }
            if started.elapsed() + delay > self.wait {
                break;
            }
            tokio::time::sleep(delay).await;
            match self.payouts.find(lookup).await {
                Ok(Found::Found(payout)) => {
                    observe(tracked, payout);
                    if tracked.state == State::Failed {
                        failed_since.get_or_insert_with(Instant::now);
                    } else {
                        failed_since = None;
                    }
                }
                Ok(Found::Absent(_)) => {}
                Err(error) => tracked.waiting = Some(format!("a look-up failed: {error}")),
            }
        }
        self.run_out(tracked);
    }

    /// Two genuine look-ups this far apart make a failure final.
    fn is_settled(&self, since: Instant) -> bool {
        let settle = self.payouts.capability().contract.settle;
        settle.is_some_and(|settle| since.elapsed() >= settle.unsigned_abs())
    }

    /// What is left to say when time is up: a failure without proof is still pending.
    fn run_out(&self, tracked: &mut Tracked) {
        match tracked.state {
            State::Failed => {
                tracked.state = State::Pending;
                tracked.waiting = Some(match self.payouts.capability().contract.settle {
                    Some(settle) => {
                        format!(
                            "the provider says failed; final when it still does after {settle:#}"
                        )
                    }
                    None => "the provider says failed, but its contract makes nothing final".into(),
                });
            }
            State::Pending => {
                tracked.waiting.get_or_insert_with(|| "the provider is working on it".into());
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

    fn order_id(&self, namespace: &Namespace, reference: &Reference) -> OrderId {
        let rules = self.payouts.capability().ids;
        OrderId::derive(rules, namespace, Operation::Payout, reference, 1)
    }

    fn tracked(&self, reference: &Reference, lookup: &Lookup) -> Tracked {
        Tracked {
            reference: reference.clone(),
            provider: self.provider.id().to_string(),
            order_id: lookup.order_id.clone(),
            amount: lookup.amount,
            provider_reference: None,
            state: State::InDoubt,
            effect: None,
            attempts: 0,
            reason: None,
            waiting: None,
        }
    }
}

/// Takes over what the provider said.
fn observe(tracked: &mut Tracked, payout: Payout) {
    if tracked.effect == Some(Effect::Unknown) {
        tracked.effect = None;
        let lost = tracked.reason.take().unwrap_or_default();
        tracked.reason = Some(format!("{lost}; looked up, not sent again"));
    }
    tracked.state = match payout.status {
        PayoutStatus::Succeeded => State::Succeeded,
        PayoutStatus::Failed => State::Failed,
        PayoutStatus::Reversed => State::Reversed,
        _ => State::Pending,
    };
    if payout.provider_reference.is_some() {
        tracked.provider_reference = payout.provider_reference;
    }
    if let Some(amount) = payout.amount.zip(tracked.amount.is_none().then_some(())) {
        tracked.amount = amount.0.in_currency(tulay::Currency::PHP);
    }
    tracked.waiting = None;
    if tracked.state == State::Failed {
        tracked.reason = Some(payout.failure.as_ref().map_or_else(String::new, why));
    }
}

/// Why a transaction failed: our words, and the provider's code. Its own words may name anything.
fn why(failure: &Why) -> String {
    match &failure.code {
        Some(code) => format!("{} ({code})", failure.kind.meaning()),
        None => failure.kind.meaning().to_owned(),
    }
}

/// Nothing was sent, and nothing is known.
fn look_up_failed(error: &tulay::Error) -> Failure {
    match (error.kind(), error.field()) {
        (ErrorKind::Mismatch, Some("amount")) => Failure::usage(
            "reference",
            "a payout of another amount was sent under this reference before; a reference belongs \
             to one payout for ever, so choose another",
        ),
        _ => Failure::call(Exit::CouldNotRun, error),
    }
}

//! One payout by the rules: through the first of its order, and through the next only where nothing
//! was sent. What may have been sent stays where it is.

use crate::{
    exit::Exit,
    failure::Failure,
    payout_file::Row,
    route::{Candidates, choose},
    track::{Progress, State, Tracked, Tracker},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tulay::{
    Effect, ErrorKind, Provider, Tulay,
    adapter::{Clock, SystemClock},
    routing::{Payment, Situation, Tried},
};

const WAIT: Duration = Duration::from_secs(30);

pub(super) async fn pay(tulay: &Tulay, row: &Row) -> Result<Tracked, Failure> {
    let request = &row.request;
    if row.provider.is_some() {
        let provider = choose(tulay, request, row.provider.as_ref())?;
        let tracker = Tracker::new(provider.as_ref(), WAIT)?;
        return tracker.pay(tulay.namespace(), request, |_, _| ()).await;
    }
    let payment = Payment::payout(request);
    let nobody = |nobody: tulay::routing::NoRoute| Failure::usage("route", nobody.to_string());
    let order = tulay.plan(&payment).order().map_err(nobody)?;
    let (mut tried, mut told) = (Vec::<Tried>::new(), Vec::<String>::new());
    let mut last: Option<Arc<dyn Provider>> = None;
    loop {
        let mut situation = Situation::new(SystemClock::new().now());
        situation.tried = &tried;
        let plan = tulay.router().resume(&order, &payment, &situation);
        let next = Candidates::of(tulay, &payment, &plan).able.first().map(|(p, _)| Arc::clone(p));
        let provider = match (next, last) {
            (Some(provider), _) => provider,
            (None, Some(last)) => return unsent(tulay, row, last.as_ref(), &tried, &told),
            (None, None) => {
                let nobody = plan.first().err().map(|nobody| nobody.to_string());
                return Err(Failure::usage("route", nobody.unwrap_or_default()));
            }
        };
        let tracker = Tracker::new(provider.as_ref(), WAIT)?;
        let sends = AtomicBool::new(false);
        let progress = |progress, _: &_| {
            if progress == Progress::Sends {
                sends.store(true, Ordering::Relaxed);
            }
        };
        match tracker.pay(tulay.namespace(), request, progress).await {
            Ok(mut tracked) => {
                tracked.attempts += attempts(&tried);
                told.extend(tracked.reason.take());
                tracked.reason = Some(told.join("; ")).filter(|told| !told.is_empty());
                return Ok(tracked);
            }
            Err(failure) => match of_nothing_sent(&failure, sends.load(Ordering::Relaxed)) {
                Some(kind) if kind.elsewhere() => {
                    told.push(format!("{}: {}; nothing was sent", provider.id(), kind.meaning()));
                    tried.push((provider.merchant_account().clone(), kind));
                    last = Some(provider);
                }
                _ => return Err(failure),
            },
        }
    }
}

/// Why it failed, where nothing was sent for certain: no byte of the sending left; or it never came
/// to that, as the provider could not even be asked. This process started the provider, so that
/// what it did not send was sent by nobody.
fn of_nothing_sent(failure: &Failure, sends: bool) -> Option<ErrorKind> {
    let (kind, effect) = failure.of_call()?;
    let unasked = !sends && kind == ErrorKind::Unreachable;
    (unasked || effect == Effect::NotSent).then_some(kind)
}

/// Nobody is left to be asked.
fn unsent(
    tulay: &Tulay,
    row: &Row,
    last: &dyn Provider,
    tried: &[Tried],
    told: &[String],
) -> Result<Tracked, Failure> {
    let prepared = Tracker::new(last, WAIT)?.check(tulay.namespace(), &row.request);
    let prepared = prepared.map_err(|error| Failure::call(last.id(), Exit::Usage, &error))?;
    let mut tracked = Tracked::new(&row.request.reference, last.id(), &prepared.lookup);
    tracked.state = State::Failed;
    tracked.effect = Some(Effect::NotSent);
    tracked.attempts = attempts(tried);
    tracked.reason = Some(told.join("; "));
    Ok(tracked)
}

fn attempts(tried: &[Tried]) -> u32 {
    u32::try_from(tried.len()).unwrap_or(u32::MAX)
}

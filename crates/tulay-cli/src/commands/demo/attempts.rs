//! One payout by the rules: through the first provider of its sequence, and through the next only
//! where nothing was sent. A payout that may have been sent stays where it is.

use crate::{
    error::CliError,
    exit::Exit,
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
    routing::{Conditions, NoRoute, PastAttempt, Payment},
};

const WAIT: Duration = Duration::from_secs(30);

pub(super) async fn pay(tulay: &Tulay, row: &Row) -> Result<Tracked, CliError> {
    let request = &row.request;
    if row.provider.is_some() {
        let provider = choose(tulay, request, row.provider.as_ref())?;
        let tracker = Tracker::new(provider.as_ref(), WAIT)?.beginning_here(true);
        return tracker.pay(tulay.namespace(), request, |_, _| ()).await;
    }
    let payment = Payment::payout(request);
    let no_route = |error: NoRoute| CliError::usage("route", error.to_string());
    let sequence = tulay.plan(&payment).sequence().map_err(no_route)?;
    let (mut past_attempts, mut reasons) = (Vec::<PastAttempt>::new(), Vec::<String>::new());
    let mut last: Option<Arc<dyn Provider>> = None;
    loop {
        let mut conditions = Conditions::new(SystemClock::new().now());
        conditions.past_attempts = &past_attempts;
        let plan = tulay.router().resume(&sequence, &payment, &conditions);
        let is_tried = |provider: &Arc<dyn Provider>| {
            past_attempts.iter().any(|past| past.account == *provider.merchant_account())
        };
        let mut able = Candidates::of(tulay, &payment, &plan).able.into_iter().map(|(p, _)| p);
        let next = able.find(|provider| !is_tried(provider)).map(Arc::clone);
        let provider = match (next, last) {
            (Some(provider), _) => provider,
            (None, Some(last)) => return unsent(tulay, row, last.as_ref(), &reasons),
            (None, None) => {
                let no_route = plan.first().err().map(|error| error.to_string());
                return Err(CliError::usage("route", no_route.unwrap_or_default()));
            }
        };
        let tracker = Tracker::new(provider.as_ref(), WAIT)?.beginning_here(true);
        let sends = AtomicBool::new(false);
        let progress = |progress, _: &_| {
            if progress == Progress::Sends {
                sends.store(true, Ordering::Relaxed);
            }
        };
        match tracker.pay(tulay.namespace(), request, progress).await {
            Ok(mut tracked) => {
                tracked.attempts += attempts(&reasons);
                reasons.extend(tracked.reason.take());
                tracked.reason = Some(reasons.join("; ")).filter(|reason| !reason.is_empty());
                return Ok(tracked);
            }
            Err(failure) => match of_nothing_sent(&failure, sends.load(Ordering::Relaxed)) {
                Some(kind) if kind.allows_failover() => {
                    reasons.push(format!(
                        "{}: {}; nothing was sent",
                        provider.id(),
                        kind.meaning()
                    ));
                    let account = provider.merchant_account().clone();
                    past_attempts.push(PastAttempt::new(account, kind));
                    last = Some(provider);
                }
                _ => return Err(failure),
            },
        }
    }
}

/// Why it failed, where nothing was sent for certain: no byte of the sending left, or the provider
/// could not even be asked. This process started the simulated provider, so that no other process
/// sends to it.
fn of_nothing_sent(failure: &CliError, sends: bool) -> Option<ErrorKind> {
    let (kind, effect) = failure.of_call()?;
    let unasked = !sends && kind == ErrorKind::Unreachable;
    (unasked || effect == Effect::NotSent).then_some(kind)
}

/// No provider of the sequence is left.
fn unsent(
    tulay: &Tulay,
    row: &Row,
    last: &dyn Provider,
    reasons: &[String],
) -> Result<Tracked, CliError> {
    let prepared = Tracker::new(last, WAIT)?.check(tulay.namespace(), &row.request);
    let prepared = prepared.map_err(|error| CliError::call(last.id(), Exit::Usage, &error))?;
    let mut tracked = Tracked::new(&row.request.reference, last.id(), &prepared.lookup);
    tracked.state = State::Failed;
    tracked.effect = Some(Effect::NotSent);
    tracked.attempts = attempts(reasons);
    tracked.reason = Some(reasons.join("; "));
    Ok(tracked)
}

/// How many attempts failed: each left its reason.
fn attempts(reasons: &[String]) -> u32 {
    u32::try_from(reasons.len()).unwrap_or(u32::MAX)
}

//! `tulay serve`: the long-running process.

mod endpoint;
mod health;

use crate::{
    args::{Global, Part, ServeArgs},
    error::CliError,
    exit::{self, Exit},
    report::{Format, Report},
    session::Session,
};
use endpoint::Endpoint;
use health::{Health, Phase};
use serde::Serialize;
use std::{fmt::Display, pin::pin, sync::Arc, time::Duration};
use tokio::sync::mpsc;
use tulay::{
    Builder, Environment, Operation,
    journal::{PaymentRecord, Worker},
};

const BETWEEN_AUDITS: Duration = Duration::from_secs(3600);

pub(crate) async fn run(
    global: &Global,
    args: &ServeArgs,
    builder: Builder,
) -> Result<Exit, CliError> {
    let mut stopped = pin!(exit::signal());
    let format = global.format();
    if matches!(format, Format::Json | Format::Csv) {
        let message = "payouts are printed as they end: use --output jsonl, or none";
        return Err(CliError::usage("arguments", message));
    }
    let session = Session::open(global, builder).await?;
    session.announce(global, true)?;
    let session = Arc::new(session);
    let health = match args.listen {
        Some(address) => Some(Health::listen(address, &session).await?),
        None => None,
    };
    if let Some(health) = &health {
        global.say(&format!("listening on http://{}", health.address));
    }
    let address = session.tulay.webhook_listen();
    if (args.only, address) == (Some(Part::Webhook), None) {
        let message = "set [webhook] listen to the address at which notifications arrive, such as \
                       \"127.0.0.1:8300\"";
        return Err(CliError::usage("webhook.listen", message));
    }
    session.open_journal(global).await?;
    let endpoint = match address.filter(|_| args.only != Some(Part::Worker)) {
        Some(address) => Some(Endpoint::listen(address, &session).await?),
        None => None,
    };
    if let Some(endpoint) = &endpoint {
        global.say(&format!("taking notifications at http://{}", endpoint.address));
    }
    let (sender, mut receiver) = mpsc::unbounded_channel::<PaymentRecord>();
    let worker = session.tulay.worker().on_end(move |record| {
        // Once nothing prints any more, the payout is in the journal all the same.
        let _ = sender.send(record);
    });
    let works = args.only != Some(Part::Webhook);
    // Beside the endpoint alone, it applies notifications and works on no payout.
    let worker = if works { worker } else { worker.only([]) };
    let mut worker = worker.start().await?;
    let audits = tokio::spawn(audit(Arc::clone(&session)));
    let enter = |phase| health.iter().for_each(|health| health.enter(phase));
    enter(if works { Phase::Working } else { Phase::TakingNotifications });
    let work = if works { "working on payouts" } else { "running" };
    global.say(&format!("{work} until it is stopped, by SIGTERM or Ctrl-C"));
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            Some(record) = receiver.recv() => print(&session, format, &record).await,
            ended = worker.ended() => {
                ended?;
                return Err(CliError::could_not_run("journal", "the journal has stopped"));
            }
        }
    }
    enter(Phase::Stopping);
    audits.abort();
    global.say("stopping: calls in flight are awaited; a second signal does not wait for them");
    let exit = stop(endpoint, worker).await?;
    while let Ok(record) = receiver.try_recv() {
        print(&session, format, &record).await;
    }
    match exit {
        Exit::Done => Ok(Exit::Done),
        signal => {
            let message = "interrupted; the state of every payout is in the journal";
            Err(CliError::interrupted(signal, message).next("tulay payout list"))
        }
    }
}

/// Checks every payout at once and then now and again.
async fn audit(session: Arc<Session>) {
    loop {
        match session.tulay.audit().await {
            Ok(violations) => {
                for violation in violations {
                    tracing::error!(
                        reference = %violation.reference,
                        rule = violation.rule.as_str(),
                        "{}; `tulay journal audit` lists all", violation.rule
                    );
                }
            }
            Err(error) => tracing::warn!(%error, "the journal was not checked"),
        }
        tokio::time::sleep(BETWEEN_AUDITS).await;
    }
}

/// Answers what was begun; a further signal does not wait for it. What is taken until the end of the
/// endpoint is in the journal before the worker stops.
async fn stop(endpoint: Option<Endpoint>, worker: Worker) -> Result<Exit, CliError> {
    let stopped = async {
        if let Some(endpoint) = endpoint {
            endpoint.stop().await;
        }
        worker.stop().await
    };
    tokio::select! {
        stopped = stopped => Ok(stopped.map(|()| Exit::Done)?),
        signal = exit::signal() => Ok(signal),
    }
}

/// Prints a payment that has ended. A result that cannot be written stops no payout.
async fn print(session: &Session, format: Format, record: &PaymentRecord) {
    let environment = session.environment();
    let printed = match record.operation {
        // Its own record has what came in.
        Operation::Collection => match session.tulay.collections().get(&record.reference).await {
            Ok(Some(collection)) => ended("tulay.collection/1", environment, &collection),
            Ok(None) => return,
            Err(error) => return tracing::warn!(%error, "a collection that ended is not printed"),
        },
        Operation::Refund => ended("tulay.refund/1", environment, record),
        _ => ended("tulay.payout/1", environment, record),
    };
    if let Err(failure) = printed.print(format, Exit::Done) {
        failure.print(format.is_json());
    }
}

fn ended(
    form: &'static str,
    environment: Option<Environment>,
    record: &(impl Serialize + Display),
) -> Report {
    Report::new(form, environment).result(record).line(record.to_string())
}

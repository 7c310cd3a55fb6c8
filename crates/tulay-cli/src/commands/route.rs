//! `tulay route explain | check`: the providers that would carry a payment, and why; nothing is sent.

mod check;

use super::payout;
use crate::{
    args::{ExplainArgs, Global, RouteCommand, usual_currency},
    availability::Availability,
    error::CliError,
    exit::Exit,
    report::Report,
    route::Candidates,
    session::Session,
};
use serde_json::{Value, json};
use tulay::{
    Builder, Channel, Country, Directory, Operation,
    adapter::{Clock, SystemClock},
    routing::{Conditions, Payment, Router},
    text::{self, AmountFormat},
};

pub(crate) async fn run(
    global: &Global,
    command: &RouteCommand,
    builder: Builder,
) -> Result<Exit, CliError> {
    let calls = matches!(command, RouteCommand::Explain(args) if args.now);
    let session = match calls {
        true => Session::open(global, builder).await?,
        false => Session::open_for_rules(global, builder).await?,
    };
    match command {
        RouteCommand::Explain(args) => explain(global, &session, args).await,
        RouteCommand::Check => check::run(global, &session),
    }
}

async fn explain(global: &Global, session: &Session, args: &ExplainArgs) -> Result<Exit, CliError> {
    let row = args.file.as_deref().map(payout::read).transpose()?;
    session.announce(global, false)?;
    let (tulay, now) = (&session.tulay, SystemClock::new().now());
    let payment = match &row {
        Some(row) => Payment::payout(&row.request),
        None => outline(args)?,
    };
    let mut conditions = Conditions::new(now);
    let availability = match args.now {
        true => Availability::ask(&payment, &tulay.router().plan(&payment, &conditions), now).await,
        false => Availability::default(),
    };
    conditions.unavailable = &availability.unavailable;
    let plan = tulay.router().plan(&payment, &conditions);
    let candidates = match row.as_ref().and_then(|row| row.provider.as_ref()) {
        Some(named) => Candidates::named(tulay, &payment, named)?,
        None => Candidates::of(tulay, &payment, &plan),
    };
    let mut report = lists(Report::new("tulay.route/1", session.environment()), &candidates);
    if let (true, Some(no_route)) = (candidates.able.is_empty(), &candidates.no_route) {
        report = report.line(no_route.as_str());
    }
    if payment.amount.is_none() && has_limits(tulay.router()) {
        report = report.line("some rules have limits; pass --amount to see which one applies");
    }
    let weighs = plan.rule().is_some_and(|rule| rule.targets.iter().any(|t| t.weight.is_some()));
    if weighs && payment.reference.is_none() {
        report = report.line("weights apply; pass --reference to see which provider it selects");
    }
    let unasked = availability.unasked.iter();
    report = unasked.fold(report, |report, line| report.line(line.as_str()));
    let unroutable = candidates.able.is_empty() && candidates.deferred.is_empty();
    let exit = if unroutable { Exit::Usage } else { Exit::Done };
    report.print(global.format(), exit)
}

/// The three lists, for programs and for people.
fn lists(report: Report, candidates: &Candidates<'_>) -> Report {
    let Candidates { able, deferred, excluded, .. } = candidates;
    let values = able.iter().zip(1..).map(|((provider, reasons), rank)| {
        json!({ "provider": provider.id(), "rank": rank, "reasons": reasons })
    });
    let waiting = deferred.iter().map(|(provider, wait, reasons)| {
        json!({ "provider": provider, "until": wait.until(), "reasons": reasons })
    });
    let left_out = excluded
        .iter()
        .map(|(provider, reasons)| json!({ "provider": provider, "reasons": reasons }));
    let row = |rank: String, provider: String, reasons: &[String]| {
        vec![rank, provider, reasons.join("; ")]
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    for ((provider, reasons), rank) in able.iter().zip(1..) {
        let rank: i32 = rank;
        rows.push(row(rank.to_string(), provider.id().to_string(), reasons));
    }
    for (provider, _, reasons) in deferred {
        rows.push(row("later".into(), provider.to_string(), reasons));
    }
    for (provider, reasons) in excluded {
        rows.push(row("-".into(), provider.to_string(), reasons));
    }
    report
        .member("candidates", values.collect::<Vec<Value>>())
        .member("later", waiting.collect::<Vec<Value>>())
        .member("excluded", left_out.collect::<Vec<Value>>())
        .table(&["rank", "provider", "why"], rows)
}

fn has_limits(router: &Router) -> bool {
    router.rules().iter().any(|rule| rule.min.is_some() || rule.max.is_some())
}

/// As much of a payment as routing depends on.
fn outline(args: &ExplainArgs) -> Result<Payment<'_>, CliError> {
    let country = args.country.unwrap_or(Country::PH);
    let directory = Directory::of(country);
    let known = args.institution.as_ref().zip(directory).and_then(|(id, all)| all.get(id));
    if let (Some(id), Some(_), None) = (&args.institution, directory, known) {
        let message = format!("{id} is not known in {country}");
        let list = format!("tulay institutions --country {country}");
        return Err(CliError::usage("institution", message).next(list));
    }
    let currency = args.currency.unwrap_or_else(|| usual_currency(country));
    let operation = Operation::from(args.operation);
    let usual = match (operation, known) {
        (Operation::Payout, Some(institution)) => institution.channel,
        (Operation::Payout, None) => Channel::Bank,
        _ => Channel::Qr,
    };
    let channel = args.channel.map_or(usual, Channel::from);
    let mut payment = Payment::new(operation, country, currency, channel);
    (payment.rail, payment.institution) = (args.rail, args.institution.as_ref());
    let invalid = |error| CliError::invalid("arguments", &error);
    payment.reference = args.reference.as_ref().map(|reference| reference.as_str());
    payment.reference.map(text::reference).transpose().map_err(invalid)?;
    let read = |text| text::amount(text, currency, AmountFormat::Plain);
    payment.amount = args.amount.as_deref().map(read).transpose().map_err(invalid)?;
    Ok(payment)
}

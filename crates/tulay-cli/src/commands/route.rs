//! `tulay route explain`: who would carry a payout, and why; nothing is sent.

use super::payout;
use crate::{
    args::{ExplainArgs, Global, RouteCommand, usual_currency},
    exit::Exit,
    failure::Failure,
    report::Report,
    route::Candidates,
    session::Session,
};
use serde_json::json;
use tulay::{Builder, Channel, Country, Directory, Money, Operation, Payment, Router};

pub(crate) async fn run(
    global: &Global,
    command: &RouteCommand,
    builder: Builder,
) -> Result<Exit, Failure> {
    let RouteCommand::Explain(args) = command;
    let session = Session::open(global, builder).await?;
    let row = args.file.as_deref().map(payout::read).transpose()?;
    session.announce(global, false)?;
    let payment = match &row {
        Some(row) => Payment::payout(&row.request),
        None => outline(args)?,
    };
    let named = row.as_ref().and_then(|row| row.provider.as_ref());
    let candidates = Candidates::of(&session.tulay, &payment, named)?;
    let able = candidates.able.iter().zip(1..).map(|((provider, reasons), rank)| {
        json!({ "provider": provider.id(), "rank": rank, "reasons": reasons })
    });
    let excluded = candidates.left_out();
    let left_out = excluded
        .iter()
        .map(|(provider, reasons)| json!({ "provider": provider, "reasons": reasons }));
    let rows = candidates.able.iter().zip(1..).map(|((provider, reasons), rank)| {
        vec![rank.to_string(), provider.id().to_string(), reasons.join("; ")]
    });
    let rows_left_out = excluded
        .iter()
        .map(|(provider, reasons)| vec!["-".to_owned(), provider.to_string(), reasons.join("; ")]);
    let exit = if candidates.able.is_empty() { Exit::Usage } else { Exit::Done };
    let open = payment.amount.is_none() && has_limits(session.tulay.router());
    let mut report = Report::new("tulay.route/1", session.environment())
        .member("candidates", able.collect::<Vec<_>>())
        .member("later", json!([]))
        .member("excluded", left_out.collect::<Vec<_>>())
        .table(&["rank", "provider", "why"], rows.chain(rows_left_out).collect());
    if let (true, Some(nobody)) = (candidates.able.is_empty(), &candidates.nobody) {
        report = report.line(nobody.as_str());
    }
    if open {
        report = report.line("rules have limits; say --amount for the one that would decide");
    }
    report.print(global.format(), exit)
}

fn has_limits(router: &Router) -> bool {
    router.rules().iter().any(|rule| rule.min.is_some() || rule.max.is_some())
}

/// As much of a payout as routing depends on.
fn outline(args: &ExplainArgs) -> Result<Payment<'_>, Failure> {
    let country = args.country.unwrap_or(Country::PH);
    let directory = Directory::of(country);
    let known = args.institution.as_ref().zip(directory).and_then(|(id, all)| all.get(id));
    if let (Some(id), Some(_), None) = (&args.institution, directory, known) {
        let message = format!("{id} is not known in {country}");
        let list = format!("tulay institutions --country {country}");
        return Err(Failure::usage("institution", message).next(list));
    }
    let currency = args.currency.unwrap_or_else(|| usual_currency(country));
    let usual = known.map_or(Channel::Bank, |institution| institution.channel);
    let channel = args.channel.map_or(usual, Channel::from);
    let mut payment = Payment::new(Operation::Payout, country, currency, channel);
    payment.institution = args.institution.as_ref();
    let amount = args.amount.as_ref().map(|text| Money::parse(text, currency)).transpose();
    payment.amount = amount.map_err(|invalid| Failure::invalid("arguments", &invalid))?;
    Ok(payment)
}

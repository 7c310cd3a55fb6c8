//! `tulay route explain`: who would carry a payout, and why; nothing is sent.

use super::payout;
use crate::{
    args::{ExplainArgs, Global, RouteCommand},
    exit::Exit,
    failure::Failure,
    report::Report,
    route::Candidates,
    session::Session,
};
use serde_json::json;
use tulay::{Builder, Country, Currency, Money, Operation, Payment};

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
    let candidates = Candidates::of(&session.tulay, &payment);
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
    let mut report = Report::new("tulay.route/1", session.environment())
        .member("candidates", able.collect::<Vec<_>>())
        .member("later", json!([]))
        .member("excluded", left_out.collect::<Vec<_>>())
        .table(&["rank", "provider", "why"], rows.chain(rows_left_out).collect());
    if let (true, Some(nobody)) = (candidates.able.is_empty(), &candidates.nobody) {
        report = report.line(nobody.as_str());
    }
    report.print(global.format(), exit)
}

/// As much of a payout as routing depends on.
fn outline(args: &ExplainArgs) -> Result<Payment<'_>, Failure> {
    let country = args.country.unwrap_or(Country::PH);
    let currency = args.currency.unwrap_or(Currency::PHP);
    let mut payment = Payment::new(Operation::Payout, country, currency, args.channel.into());
    payment.institution = args.institution.as_ref();
    let amount = args.amount.as_ref().map(|text| Money::parse(text, currency)).transpose();
    payment.amount = amount.map_err(|invalid| Failure::invalid("arguments", &invalid))?;
    Ok(payment)
}

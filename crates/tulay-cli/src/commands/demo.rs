//! `tulay demo`: the main job with nothing to set up.

mod accept;
mod crash;
mod endpoint;
mod following;
mod lost_answers;
mod outcome;
mod passed_over;
mod sale;
mod totals;

use crate::{
    args::{DemoArgs, Global},
    error::CliError,
    exit::{self, Exit},
    keys::{self, Visibility},
    payout_file::{self, PayoutFile, Row},
    report::Report,
    simulator::{Configuration, Simulator},
};
use endpoint::Address;
use following::Following;
use outcome::{Outcome, provider};
use sale::Sale;
use serde_json::json;
use std::{collections::BTreeMap, path::Path, sync::Arc};
use totals::{counted, totals};
use tulay::{Builder, Environment, Tulay, journal::PaymentRecord, routing::Payment};

/// The payout file that comes with the command.
const EXAMPLE: &str = include_str!("../../../../examples/payouts.csv");

/// On a busy machine, a lease of the sandbox profile may end before a payout is sent, which then goes
/// through the next provider.
const TIMES: &str = "lease = \"1m\"\nlongest_call = \"30s\"";

pub(crate) async fn run(
    global: &Global,
    args: &DemoArgs,
    builder: Builder,
) -> Result<Exit, CliError> {
    if args.worker {
        return crash::work(global, builder).await;
    }
    let file = read(args)?;
    // What is interrupted ends its worker and removes its folder.
    tokio::select! {
        ended = pay(global, args, builder, file) => ended,
        signal = exit::signal() => Err(CliError::interrupted(signal, "interrupted; no money moved")),
    }
}

async fn pay(
    global: &Global,
    args: &DemoArgs,
    builder: Builder,
    mut file: PayoutFile,
) -> Result<Exit, CliError> {
    let address = Address::new().await?;
    let simulator = Simulator::start_notifying(&address.public_url).await?;
    let given = global.config.as_deref();
    let given = given.map_or_else(|| Ok(Configuration::example()), Configuration::read)?;
    let configuration = simulator.complete(given.or_table("time", TIMES), &args.down)?;
    let tulay = Arc::new(simulator.open(builder, &configuration).await?);
    let endpoint = address.open(&tulay);
    // The whole file is checked before the first payout is accepted.
    file.refuse(accept::check(&tulay, &file.rows).await?);
    for warning in file.warnings() {
        global.say(&format!("warning: {warning}"));
    }
    leave_out(global, args, &file)?;
    global.say(&format!(
        "sandbox · {} simulated at {} · no money moves",
        tulay.providers().map(|provider| provider.id().as_str()).collect::<Vec<_>>().join(", "),
        simulator.sandbox().origin()
    ));
    if let Some(line) = resolved(&file.rows) {
        global.say(&line);
    }
    global.say(&to_pay(&file));
    accept::accept(&tulay, &file.rows).await?;
    let records = match args.crash {
        true => crash::pay(global, &simulator, configuration, &tulay).await?,
        false => work(&tulay).await?,
    };
    if let Some(line) = lost_answers::lost_answers(&tulay, &records).await? {
        global.say(&line);
    }
    if let Some(line) = following::unfinished(&records) {
        global.say(&line);
    }
    let sale = match &args.file {
        None => {
            let sale = Sale::make(&tulay, simulator.sandbox(), &endpoint).await;
            Some(sale.unwrap_or_else(|failure| Sale::failed(&failure)))
        }
        Some(_) => None,
    };
    let records = following::by_reference(records);
    let payouts: Vec<(&Row, &PaymentRecord)> = file
        .rows
        .iter()
        .filter_map(|row| Some((row, records.get(&row.request.reference)?)))
        .collect();
    let outcome = Outcome::of(&tulay, &payouts, &simulator.sandbox().ledger());
    let routes = routes(&tulay, &payouts);
    report(global, &file.warnings(), &payouts, &outcome, &routes, sale)
}

/// Works on all payouts of the journal, until all are final or none ends for a while.
async fn work(tulay: &Tulay) -> Result<Vec<PaymentRecord>, CliError> {
    let mut worker = tulay.worker().start().await?;
    let records = tokio::select! {
        records = async { Following::begin(tulay).await?.finish().await } => records?,
        ended = worker.ended() => {
            ended?;
            return Err(CliError::could_not_run("worker", "the worker ended before the payouts"));
        }
    };
    worker.stop().await?;
    Ok(records)
}

fn read(args: &DemoArgs) -> Result<PayoutFile, CliError> {
    let bytes = match &args.file {
        Some(file) => keys::read(file)?.to_vec(),
        None => EXAMPLE.as_bytes().to_vec(),
    };
    let file = payout_file::read(&bytes, &args.read);
    file.map_err(|error| CliError::usage("payout_file", error.to_string()))
}

/// Refuses a file with bad lines, unless they are to be written apart.
fn leave_out(global: &Global, args: &DemoArgs, file: &PayoutFile) -> Result<(), CliError> {
    if file.bad.is_empty() {
        return Ok(());
    }
    let Some(rejects) = &args.reject_file else { return Err(CliError::bad_lines(&file.bad)) };
    keys::write_new(&[(rejects.clone(), &file.rejects(), Visibility::Owner)])?;
    for line in payout_file::mistake_lines(&file.bad) {
        global.say(&line);
    }
    let what = left_out(file, rejects);
    let rows = counted(file.bad.len(), "row");
    if file.rows.is_empty() {
        let all =
            if file.bad.len() == 1 { "the only row is".into() } else { format!("all {rows} are") };
        let message = format!("nothing to pay: {all} {what}; nothing was sent");
        return Err(CliError::usage("payout_file", message));
    }
    global.say(&format!("{rows} {what}"));
    Ok(())
}

/// What is about to be sent: `29 rows to pay (PHP 97,010.00)`.
fn to_pay(file: &PayoutFile) -> String {
    let sums = totals(file.rows.iter().map(|row| row.request.amount));
    format!("{} to pay ({sums})", counted(file.rows.len(), "row"))
}

/// `left out (PHP 97,010.00; 1 amount unreadable), written to bad.csv`.
fn left_out(file: &PayoutFile, rejects: &Path) -> String {
    let (sums, payouts): (Vec<_>, Vec<_>) = file.bad.iter().partition(|line| line.is_total());
    let amounts = payouts.iter().filter_map(|line| line.amount);
    let unreadable = payouts.iter().filter(|line| line.amount.is_none()).count();
    let mut parts = vec![totals(amounts)];
    if unreadable > 0 {
        parts.push(format!("{} unreadable", counted(unreadable, "amount")));
    }
    if !sums.is_empty() {
        parts.push(counted(sums.len(), "total"));
    }
    parts.retain(|part| !part.is_empty());
    format!("left out ({}), written to {}", parts.join("; "), rejects.display())
}

/// The banks and wallets that rows name by another name than their ids.
fn resolved(rows: &[Row]) -> Option<String> {
    let named: BTreeMap<&str, &str> =
        rows.iter().filter_map(|row| row.resolved).map(|row| (row.id, row.name)).collect();
    let named: Vec<String> = named.iter().map(|(id, name)| format!("{name} ({id})")).collect();
    (!named.is_empty()).then(|| format!("institutions read by name: {}", named.join(", ")))
}

/// The bank or wallet, or how else the money moves.
fn place(row: &Row) -> String {
    let destination = &row.request.destination;
    match destination.institution() {
        Some(id) => id.to_string(),
        None => destination.channel().to_string(),
    }
}

/// The number of payouts by rule and provider.
fn routes(tulay: &Tulay, payouts: &[(&Row, &PaymentRecord)]) -> Vec<String> {
    let mut routes: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (row, record) in payouts {
        let rule = match (&row.provider, tulay.plan(&Payment::payout(&row.request)).rule()) {
            (Some(_), _) => "by their own column".to_owned(),
            (None, Some(rule)) => rule.to_string(),
            (None, None) => "without a rule".to_owned(),
        };
        *routes.entry((rule, provider(record))).or_default() += 1;
    }
    let routes = routes.into_iter();
    routes.map(|((rule, provider), count)| format!("{rule}: {count} through {provider}")).collect()
}

/// Why a payout is as it is, in the end.
fn reason(record: &PaymentRecord) -> Option<String> {
    let waiting = record.waiting.as_ref().and_then(|waiting| waiting.reason.as_ref());
    let waits = waiting.map(|reason| format!("it waits: {reason}"));
    waits.or_else(|| record.reason.as_ref().map(ToString::to_string))
}

fn report(
    global: &Global,
    warnings: &[String],
    payouts: &[(&Row, &PaymentRecord)],
    outcome: &Outcome,
    routes: &[String],
    sale: Option<Sale>,
) -> Result<Exit, CliError> {
    let rows = || {
        payouts.iter().zip(&outcome.passed_over).map(|((row, record), passed_over)| {
            let why = passed_over.iter().cloned().chain(reason(record)).collect::<Vec<_>>();
            (*row, *record, why.join("; "))
        })
    };
    let values = rows().map(|(row, record, why)| {
        json!({
            "reference": record.reference,
            "country": record.country,
            "provider": record.last().and_then(|attempt| attempt.provider.as_ref()),
            "channel": row.request.destination.channel(),
            "institution": row.request.destination.institution(),
            "amount": record.amount,
            "status": record.status,
            "attempts": record.attempts.len(),
            "reason": Some(why).filter(|why| !why.is_empty()),
        })
    });
    let table = rows().map(|(row, record, why)| {
        vec![
            record.reference.to_string(),
            record.amount.to_string(),
            place(row),
            provider(record),
            record.status.to_string(),
            why,
        ]
    });
    let mut report = Report::new("tulay.demo/1", Some(Environment::Sandbox))
        .list("payouts", values.collect())
        .member("summary", outcome.summary())
        .member("totals", outcome.totals_json())
        .member("warnings", warnings)
        .table(
            &["reference", "amount", "bank or wallet", "provider", "status", "reason"],
            table.collect(),
        );
    let lines =
        [routes, &outcome.passed_over_lines(), &outcome.total_lines(), &[outcome.closing()]];
    for line in lines.concat() {
        report = report.line(line);
    }
    let exit = outcome.exit(sale.as_ref());
    let Sale { collection, refund, lines, .. } = sale.unwrap_or_default();
    report = report.member("collection", collection).member("refund", refund);
    lines.iter().fold(report, |report, line| report.line(line)).print(global.format(), exit)
}

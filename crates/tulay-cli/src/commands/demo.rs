//! `tulay demo`: the main job with nothing to set up.

mod attempts;
mod down;
mod endpoint;
mod sale;

use crate::{
    args::{DemoArgs, Global},
    error::CliError,
    exit::Exit,
    keys::{self, Visibility},
    payout_file::{self, Mistake, PayoutFile, Row},
    report::Report,
    route::choose,
    simulator::{Simulator, Top},
    track::{State, Tracked},
};
use endpoint::Endpoint;
use sale::Sale;
use serde_json::json;
use std::{collections::BTreeMap, sync::Arc};
use tokio::{sync::Semaphore, task::JoinSet};
use tulay::{Builder, Currency, Environment, Money, Tulay, routing::Payment};
use tulay_sandbox::kit::Ledger;

/// The payout file that comes with the command.
const EXAMPLE: &str = include_str!("../../../../examples/payouts.csv");

const IN_FLIGHT: usize = 32;

pub(crate) async fn run(
    global: &Global,
    args: &DemoArgs,
    builder: Builder,
) -> Result<Exit, CliError> {
    let mut file = read(args)?;
    let endpoint = Arc::new(Endpoint::default());
    let simulator = Simulator::start_notifying(Arc::clone(&endpoint) as _).await?;
    let top = global.config.as_deref().map_or_else(|| Ok(Top::example()), Top::read)?;
    let builder = down::down(builder, &args.down, simulator.sandbox())?;
    let tulay = Arc::new(simulator.providers(builder, &top)?);
    endpoint.open(&tulay);
    // The whole file is checked before the first payout leaves.
    file.refuse(|row| rejection(&tulay, row));
    leave_out(global, args, &file)?;
    global.say(&format!(
        "sandbox · {} simulated at {} · no money moves",
        tulay.providers().map(|provider| provider.id().as_str()).collect::<Vec<_>>().join(", "),
        simulator.sandbox().origin()
    ));
    if let Some(line) = resolved(&file.rows) {
        global.say(&line);
    }
    let payouts = pay_all(Arc::clone(&tulay), &file.rows).await?;
    let routes = routes(&tulay, &file.rows, &payouts);
    let sale = Sale::make(&tulay, simulator.sandbox(), &endpoint).await;
    let sale = sale.unwrap_or_else(|failure| Sale::failed(&failure));
    report(global, &file.rows, &payouts, &routes, sale, &simulator.sandbox().ledger())
}

fn read(args: &DemoArgs) -> Result<PayoutFile, CliError> {
    let bytes = match &args.file {
        Some(file) => keys::read(file)?.to_vec(),
        None => EXAMPLE.as_bytes().to_vec(),
    };
    let file = payout_file::read(&bytes, &args.read);
    file.map_err(|error| CliError::usage("payout_file", error.to_string()))
}

/// Why no provider would be sent a row.
fn rejection(tulay: &Tulay, row: &Row) -> Option<Mistake> {
    let failure = choose(tulay, &row.request, row.provider.as_ref()).err()?;
    Some(failure.into_mistake())
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
    global.say(&format!(
        "{} rows are paid ({}), {} left out ({}) to {}",
        file.rows.len(),
        totals(file.rows.iter().map(|row| row.request.amount)),
        file.bad.len(),
        totals(file.bad.iter().filter_map(|line| line.amount)),
        rejects.display()
    ));
    Ok(())
}

/// What amounts come to, by currency.
fn totals(amounts: impl Iterator<Item = Money>) -> String {
    let mut totals: BTreeMap<Currency, Option<Money>> = BTreeMap::new();
    for amount in amounts {
        let zero = Money::from_minor(0, amount.currency());
        let total = totals.entry(amount.currency()).or_insert(Some(zero));
        *total = total.and_then(|total| total.checked_add(amount));
    }
    let shown = totals.values().map(|sum| sum.map_or("too much".into(), |sum| sum.to_string()));
    shown.collect::<Vec<_>>().join(", ")
}

async fn pay_all(tulay: Arc<Tulay>, rows: &[Row]) -> Result<Vec<Tracked>, CliError> {
    let places = Arc::new(Semaphore::new(IN_FLIGHT));
    let mut tasks = JoinSet::new();
    for (index, row) in rows.iter().cloned().enumerate() {
        let (tulay, places) = (Arc::clone(&tulay), Arc::clone(&places));
        tasks.spawn(async move {
            let _place = places.acquire().await;
            (index, attempts::pay(&tulay, &row).await)
        });
    }
    let mut paid = Vec::new();
    while let Some(finished) = tasks.join_next().await {
        let (index, tracked) =
            finished.map_err(|error| CliError::could_not_run("task", error.to_string()))?;
        paid.push((index, tracked?));
    }
    paid.sort_by_key(|(index, _)| *index);
    Ok(paid.into_iter().map(|(_, tracked)| tracked).collect())
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
fn routes(tulay: &Tulay, rows: &[Row], payouts: &[Tracked]) -> Vec<String> {
    let mut routes: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for (row, payout) in rows.iter().zip(payouts) {
        let rule = match (&row.provider, tulay.plan(&Payment::payout(&row.request)).rule()) {
            (Some(_), _) => "by their own column".to_owned(),
            (None, Some(rule)) => rule.to_string(),
            (None, None) => "without a rule".to_owned(),
        };
        *routes.entry((rule, payout.provider.as_str())).or_default() += 1;
    }
    let routes = routes.into_iter();
    routes.map(|((rule, provider), count)| format!("{rule}: {count} through {provider}")).collect()
}

fn report(
    global: &Global,
    rows: &[Row],
    payouts: &[Tracked],
    routes: &[String],
    sale: Sale,
    ledger: &Ledger,
) -> Result<Exit, CliError> {
    let count = |state: State| payouts.iter().filter(|payout| payout.state == state).count();
    let in_doubt = count(State::InDoubt);
    let paid_twice = payouts
        .iter()
        .filter(|payout| ledger.times_paid(payout.lookup.order_id.as_str()) > 1)
        .count();
    let values = rows.iter().zip(payouts).map(|(row, payout)| {
        json!({
            "reference": payout.reference,
            "country": row.request.country,
            "provider": payout.provider,
            "channel": row.request.destination.channel(),
            "institution": row.request.destination.institution(),
            "amount": row.request.amount,
            "status": payout.state.as_str(),
            "attempts": payout.attempts,
            "reason": payout.reason,
        })
    });
    let table = rows.iter().zip(payouts).map(|(row, payout)| {
        vec![
            payout.reference.to_string(),
            row.request.amount.to_string(),
            place(row),
            payout.provider.to_string(),
            payout.state.as_str().to_owned(),
            payout.why(),
        ]
    });
    let summary = json!({
        "total": payouts.len(),
        "succeeded": count(State::Succeeded),
        "failed": count(State::Failed),
        "pending": count(State::Pending),
        "in_doubt": in_doubt,
        "paid_twice": paid_twice,
    });
    let closing = format!(
        "{} payouts: {} succeeded, {} failed, {} pending, {in_doubt} in doubt; by the simulator's \
         ledger, {paid_twice} paid twice",
        payouts.len(),
        count(State::Succeeded),
        count(State::Failed),
        count(State::Pending),
    );
    let in_doubt = in_doubt > 0 || sale.in_doubt;
    let exit = match (paid_twice, in_doubt) {
        (0, false) if !sale.failed => Exit::Done,
        (0, true) => Exit::InDoubt,
        _ => Exit::CouldNotRun,
    };
    let report = Report::new("tulay.demo/1", Some(Environment::Sandbox))
        .list("payouts", values.collect())
        .member("summary", summary)
        .member("collection", sale.collection)
        .member("refund", sale.refund)
        .table(
            &["reference", "amount", "bank or wallet", "provider", "status", "reason"],
            table.collect(),
        );
    let report = routes.iter().fold(report, |report, route| report.line(route));
    let report = sale.lines.iter().fold(report.line(closing), |report, line| report.line(line));
    report.print(global.format(), exit)
}

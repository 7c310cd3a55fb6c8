//! `tulay demo`: the main job with nothing to set up.

mod attempts;
mod down;
mod endpoint;
mod outcome;
mod passed_over;
mod sale;
mod totals;

use crate::{
    args::{DemoArgs, Global},
    error::CliError,
    exit::Exit,
    keys::{self, Visibility},
    payout_file::{self, Mistake, PayoutFile, Row},
    report::Report,
    route::choose,
    simulator::{Simulator, Top},
    track::Tracked,
};
use endpoint::Endpoint;
use outcome::Outcome;
use sale::Sale;
use serde_json::json;
use std::{collections::BTreeMap, path::Path, sync::Arc};
use tokio::{sync::Semaphore, task::JoinSet};
use totals::{counted, totals};
use tulay::{Builder, Environment, Tulay, routing::Payment};

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
    let payouts = pay_all(Arc::clone(&tulay), &file.rows).await?;
    let sale = match &args.file {
        None => {
            let sale = Sale::make(&tulay, simulator.sandbox(), &endpoint).await;
            Some(sale.unwrap_or_else(|failure| Sale::failed(&failure)))
        }
        Some(_) => None,
    };
    let outcome = Outcome::of(&tulay, &file.rows, &payouts, &simulator.sandbox().ledger());
    let routes = routes(&tulay, &file.rows, &payouts);
    report(global, &file, &payouts, &outcome, &routes, sale)
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
    Some(failure.as_mistake())
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
    file: &PayoutFile,
    payouts: &[Tracked],
    outcome: &Outcome,
    routes: &[String],
    sale: Option<Sale>,
) -> Result<Exit, CliError> {
    let rows = || file.rows.iter().zip(payouts).zip(&outcome.passed_over);
    let why = |passed_over: &[String], why: String| {
        let why = Some(why).filter(|why| !why.is_empty());
        passed_over.iter().cloned().chain(why).collect::<Vec<_>>().join("; ")
    };
    let values = rows().map(|((row, payout), passed_over)| {
        let reason = why(passed_over, payout.reason.clone().unwrap_or_default());
        json!({
            "reference": payout.reference,
            "country": row.request.country,
            "provider": payout.provider,
            "channel": row.request.destination.channel(),
            "institution": row.request.destination.institution(),
            "amount": row.request.amount,
            "status": payout.state.as_str(),
            "attempts": payout.attempts,
            "reason": Some(reason).filter(|reason| !reason.is_empty()),
        })
    });
    let table = rows().map(|((row, payout), passed_over)| {
        vec![
            payout.reference.to_string(),
            row.request.amount.to_string(),
            place(row),
            payout.provider.to_string(),
            payout.state.as_str().to_owned(),
            why(passed_over, payout.why()),
        ]
    });
    let mut report = Report::new("tulay.demo/1", Some(Environment::Sandbox))
        .list("payouts", values.collect())
        .member("summary", outcome.summary())
        .member("totals", outcome.totals_json())
        .member("warnings", file.warnings())
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

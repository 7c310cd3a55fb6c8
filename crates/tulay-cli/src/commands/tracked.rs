//! How an order that was followed is printed, whatever it moves.

use crate::{
    args::Global,
    error::CliError,
    exit::Exit,
    report::Report,
    terminal,
    track::{State, Tracked},
};
use tulay::Environment;

/// The table about an order, in a report of the form of this name.
pub(super) fn report(
    form: &'static str,
    environment: Option<Environment>,
    tracked: &Tracked,
) -> Report {
    let amount = tracked.amount.map_or_else(|| "-".into(), |amount| amount.to_string());
    Report::new(form, environment).table(
        &["reference", "provider", "its reference", "amount", "status", "reason"],
        vec![vec![
            tracked.reference.to_string(),
            tracked.provider.to_string(),
            tracked.provider_reference.as_ref().map_or("-", |r| r.as_str()).to_owned(),
            amount,
            tracked.state.as_str().to_owned(),
            tracked.why(),
        ]],
    )
}

/// Prints the report, with what the state means for the money and the command that asks again.
pub(super) fn print(
    global: &Global,
    report: Report,
    tracked: &Tracked,
    advice: Option<&'static str>,
    ask: Option<String>,
) -> Result<Exit, CliError> {
    let exit = tracked.state.exit();
    let final_now = matches!(tracked.state, State::Succeeded | State::Failed);
    let next: Vec<String> = ask.clone().into_iter().filter(|_| !final_now).collect();
    let format = global.format();
    let printed = report.member("next", next.clone()).print(format, exit);
    if !format.is_json() {
        // What may have been paid is printed even with --quiet.
        let quiet = global.quiet && exit != Exit::InDoubt;
        let next = next.iter().map(|command| format!("  next: {command}"));
        let lines = advice.into_iter().map(str::to_owned).chain(next);
        lines.filter(|_| !quiet).for_each(|line| terminal::tell(&line));
    }
    // What was done is not undone by a full disk.
    printed.map_err(|failure| {
        failure.after(&format!("{} is {}", tracked.reference, tracked.state.as_str()), ask)
    })
}

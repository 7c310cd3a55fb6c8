//! `tulay payout create | get`

use crate::{
    args::{CreateArgs, GetArgs, Global, PayoutCommand},
    exit::Exit,
    failure::Failure,
    keys,
    payout_file::{AmountFormat, BadLine, Cells, Row, read_row},
    report::Report,
    session::Session,
    track::{State, Tracked, Tracker},
};
use std::path::Path;
use tulay::{Builder, Channel, Effect, Lookup};

pub(crate) async fn run(
    global: &Global,
    command: &PayoutCommand,
    builder: Builder,
) -> Result<Exit, Failure> {
    match command {
        PayoutCommand::Create(args) => create(global, args, builder).await,
        PayoutCommand::Get(args) => get(global, args, builder).await,
    }
}

async fn create(global: &Global, args: &CreateArgs, builder: Builder) -> Result<Exit, Failure> {
    let session = Session::open(global, builder).await?;
    let row = read(&args.file)?;
    session.announce(global, true)?;
    let provider = session.provider(row.provider.as_ref())?;
    let tracker = Tracker::new(provider.as_ref(), args.wait.duration())?;
    let again = get_command(&row);
    let paid = tracker.pay(session.tulay.namespace(), &row.request).await;
    let tracked = paid.map_err(|failure| match failure.exit() {
        Exit::CouldNotRun => failure.next(again.as_str()),
        _ => failure,
    })?;
    print(global, &session, &tracked, &again)
}

async fn get(global: &Global, args: &GetArgs, builder: Builder) -> Result<Exit, Failure> {
    let session = Session::open(global, builder).await?;
    session.announce(global, false)?;
    let provider = session.provider(args.provider.as_ref())?;
    let tracker = Tracker::new(provider.as_ref(), args.wait.duration())?;
    let lookup = |id| Lookup::new(id, args.country, args.currency, Channel::Bank);
    let tracked = tracker.get(session.tulay.namespace(), &args.reference, lookup).await?;
    let again = format!("tulay payout get {}", args.reference);
    print(global, &session, &tracked, &again)
}

/// The payout in a file of JSON; a mistake names its member.
fn read(file: &Path) -> Result<Row, Failure> {
    let bytes = keys::read(file)?;
    let cells =
        Cells::from_json(&bytes).map_err(|mistakes| BadLine { line: None, amount: None, mistakes });
    let row = cells.and_then(|cells| read_row(None, &cells, AmountFormat::Plain));
    row.map_err(|bad| Failure::bad_lines(&[bad]))
}

/// What to run to ask for this payout, as long as no journal remembers where it went.
fn get_command(row: &Row) -> String {
    let request = &row.request;
    let provider = row.provider.as_ref().map(|id| format!(" --provider {id}")).unwrap_or_default();
    format!(
        "tulay payout get {}{provider} --country {} --currency {}",
        request.reference,
        request.country,
        request.amount.currency()
    )
}

fn print(
    global: &Global,
    session: &Session,
    tracked: &Tracked,
    again: &str,
) -> Result<Exit, Failure> {
    let amount = tracked.amount.map_or_else(|| "-".into(), |amount| amount.to_string());
    let mut report = Report::new("tulay.payout/1", session.environment()).table(
        &["reference", "provider", "its reference", "amount", "status", "reason"],
        vec![vec![
            tracked.reference.to_string(),
            tracked.provider.clone(),
            tracked.provider_reference.as_ref().map_or("-", |r| r.as_str()).to_owned(),
            amount,
            tracked.state.as_str().to_owned(),
            tracked.reason.clone().or_else(|| tracked.waiting.clone()).unwrap_or_default(),
        ]],
    );
    if let serde_json::Value::Object(members) = tracked.to_json() {
        for (name, value) in members {
            report = report.member(&name, value);
        }
    }
    for line in advice(tracked, again) {
        global.say(&line);
    }
    report.print(global.format(), tracked.state.exit())
}

/// What the state means for the money, and what to run next.
fn advice(tracked: &Tracked, again: &str) -> Vec<String> {
    match tracked.state {
        State::Succeeded => Vec::new(),
        State::InDoubt => vec![
            "in doubt: it may have been paid; send nothing again by hand".into(),
            format!("  next: {again}"),
        ],
        State::Pending => vec!["accepted, not final yet".into(), format!("  next: {again}")],
        State::Reversed => vec!["it was paid, and the money came back".into()],
        State::Failed if tracked.effect == Some(Effect::Refused) => vec![
            "refused: this sending moved nothing; an earlier one of the same reference, if there \
             was one, is another matter"
                .into(),
        ],
        State::Failed => vec!["failed, by two look-ups of this order".into()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_s_mistakes_are_named_and_its_values_are_not() {
        let cases = [
            ("[]", "expected one JSON object"),
            ("{", "expected one JSON object; line 1, column 1 does not fit"),
            (
                r#"{"reference":"R1","amount":998877.00}"#,
                r#"amount: expected text: write \"1250.00\""#,
            ),
            (r#"{"reference":"R1","reference":"R2"}"#, "reference: it is given twice"),
            (r#"{"acount":"998877"}"#, "acount: there is no such member; did you mean account?"),
            (r#"{"reference":"R1"}"#, "\"country: expected a value"),
        ];
        for (text, expected) in cases {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), text).unwrap();
            let failure = read(file.path()).unwrap_err();
            assert_eq!(failure.exit(), Exit::Usage);
            let printed = format!("{failure:?}");
            assert!(printed.contains(expected), "{text}: {printed}");
            assert!(!printed.contains("998877"), "{printed}");
        }
    }
}

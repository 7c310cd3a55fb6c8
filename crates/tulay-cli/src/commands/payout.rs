//! `tulay payout create | get | list | wait | refresh | cancel | timeline`: a client of the journal.

pub(super) mod follow;
pub(super) mod list;
pub(super) mod opened;
pub(super) mod show;
pub(super) mod timeline;

use crate::{
    args::{CreateArgs, Global, PaymentArgs, PayoutCommand, WaitForArgs},
    error::CliError,
    exit::Exit,
    keys, next_command,
    payout_file::{AmountFormat, BadLine, Cells, Row, read_row},
    session::{self, Session},
};
use std::path::Path;
use tulay::{
    Builder, Operation, Reference,
    journal::{JournalError, PaymentRecord, Status},
};

use opened::{open, payment};
use show::Shown;

pub(crate) async fn run(
    global: &Global,
    command: &PayoutCommand,
    builder: Builder,
) -> Result<Exit, CliError> {
    let of = Operation::Payout;
    match command {
        PayoutCommand::Create(args) => create(global, args, builder).await,
        PayoutCommand::Get(args) => get(global, of, args, builder).await,
        PayoutCommand::List(args) => list::run(global, of, args, builder).await,
        PayoutCommand::Wait(args) => wait(global, of, args, builder).await,
        PayoutCommand::Refresh(args) => refresh(global, of, args, builder).await,
        PayoutCommand::Cancel(args) => cancel(global, of, args, builder).await,
        PayoutCommand::Timeline(args) => timeline::run(global, of, args, builder).await,
    }
}

async fn create(global: &Global, args: &CreateArgs, builder: Builder) -> Result<Exit, CliError> {
    global.under_way.prepares();
    let session = Session::open(global, builder).await?;
    let row = read(&args.file)?;
    session.announce(global, true)?;
    if let Some(institution) = row.resolved {
        global.say(&format!("to {} ({})", institution.name, institution.id));
    }
    session.open_journal(global).await?;
    let (operation, reference) = (Operation::Payout, row.request.reference.clone());
    let institution = row.request.destination.institution().cloned();
    global.under_way.is_in_journal(operation, get_command(global, operation, &reference));
    let mut submit = session.tulay.payouts().submit(row.request).by(session::actor(global)?);
    if let Some(provider) = row.provider {
        submit = submit.through(provider);
    }
    let accepted = submit.await?;
    let was_final = accepted.status.is_final();
    let is_final = |record: &PaymentRecord| record.status.is_final();
    let record = match was_final {
        true => accepted,
        false => {
            let wait = args.wait.duration();
            follow::work_on(global, &session, operation, &reference, wait, is_final).await?
        }
    };
    let shown = Shown { institution, was_final, ..Shown::new(&session, &record) };
    shown.print(global, get_command(global, operation, &reference))
}

/// Shows a payment of the journal.
pub(super) async fn get(
    global: &Global,
    operation: Operation,
    args: &PaymentArgs,
    builder: Builder,
) -> Result<Exit, CliError> {
    let session = open(global, builder, false).await?;
    let record = payment(&session, operation, &args.reference).await?;
    // What shows it again is this command; what works on it is another.
    let next = next_command::command(global, &format!("{operation} wait"), &args.reference, &[]);
    Shown::with_left(&session, &record).await?.print(global, next)
}

/// Works on a payment until it is final.
pub(super) async fn wait(
    global: &Global,
    operation: Operation,
    args: &WaitForArgs,
    builder: Builder,
) -> Result<Exit, CliError> {
    let session = open(global, builder, true).await?;
    let is_final = |record: &PaymentRecord| record.status.is_final();
    work_on(global, &session, operation, args, is_final).await
}

/// Works on a payment until one more event of it is written.
pub(super) async fn refresh(
    global: &Global,
    operation: Operation,
    args: &WaitForArgs,
    builder: Builder,
) -> Result<Exit, CliError> {
    let session = open(global, builder, true).await?;
    let before = payment(&session, operation, &args.reference).await?;
    match operation {
        Operation::Refund => session.tulay.refunds().refresh(&args.reference).await?,
        _ => session.tulay.payouts().refresh(&args.reference).await?,
    };
    let is_asked =
        |record: &PaymentRecord| record.version != before.version || record.next_at.is_none();
    work_on(global, &session, operation, args, is_asked).await
}

async fn work_on(
    global: &Global,
    session: &Session,
    operation: Operation,
    args: &WaitForArgs,
    is_wanted: impl Fn(&PaymentRecord) -> bool,
) -> Result<Exit, CliError> {
    let reference = &args.reference;
    let next = get_command(global, operation, reference);
    global.under_way.is_in_journal(operation, next.clone());
    let wait = args.wait.duration();
    let record = follow::work_on(global, session, operation, reference, wait, is_wanted).await?;
    Shown::with_left(session, &record).await?.print(global, next)
}

/// Withdraws a payment of which nothing has left.
pub(super) async fn cancel(
    global: &Global,
    operation: Operation,
    args: &PaymentArgs,
    builder: Builder,
) -> Result<Exit, CliError> {
    let session = open(global, builder, false).await?;
    let (reference, by) = (&args.reference, session::actor(global)?);
    let next = get_command(global, operation, reference);
    let cancelled = match operation {
        Operation::Refund => session.tulay.refunds().cancel(reference, &by).await,
        _ => session.tulay.payouts().cancel(reference, &by).await,
    };
    let record = match cancelled {
        Ok(record) => record,
        // It was withdrawn before.
        Err(JournalError::NotNow { status: Status::Cancelled, .. }) => {
            payment(&session, operation, reference).await?
        }
        Err(error @ JournalError::NotNow { .. }) => {
            let failure = CliError::from(error).about("it cannot be withdrawn:");
            return Err(next.into_iter().fold(failure, CliError::next));
        }
        Err(error) => return Err(error.into()),
    };
    Shown::with_left(&session, &record).await?.print(global, next)
}

/// What to run to see this payment.
pub(super) fn get_command(
    global: &Global,
    operation: Operation,
    reference: &Reference,
) -> Option<String> {
    next_command::command(global, &format!("{operation} get"), reference, &[])
}

/// The payout in a file of JSON; a mistake names its member.
pub(crate) fn read(file: &Path) -> Result<Row, CliError> {
    let bytes = keys::read(file)?;
    let cells =
        Cells::from_json(&bytes).map_err(|mistakes| BadLine { line: None, amount: None, mistakes });
    let row = cells.and_then(|cells| read_row(None, &cells, AmountFormat::Plain));
    row.map_err(|bad| CliError::bad_lines(&[bad]))
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
            (r#"{"acount":"998877"}"#, "acount: unknown member; did you mean account?"),
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

//! `tulay refund create | get | list | wait | refresh | cancel | timeline`: a client of the journal.

mod original;

use super::payout::{self, follow, get_command, list, show::Shown, timeline};
use crate::{
    args::{Global, RefundArgs, RefundCommand},
    error::CliError,
    exit::Exit,
    json_file,
    session::{self, Session},
};
use original::Original;
use tulay::{
    Builder, Operation,
    journal::{PaymentRecord, Refundable},
    text::{self, AmountFormat},
};

pub(crate) async fn run(
    global: &Global,
    command: &RefundCommand,
    builder: Builder,
) -> Result<Exit, CliError> {
    let of = Operation::Refund;
    match command {
        RefundCommand::Create(args) => create(global, args, builder).await,
        RefundCommand::Get(args) => payout::get(global, of, args, builder).await,
        RefundCommand::List(args) => list::run(global, of, args, builder).await,
        RefundCommand::Wait(args) => payout::wait(global, of, args, builder).await,
        RefundCommand::Refresh(args) => payout::refresh(global, of, args, builder).await,
        RefundCommand::Cancel(args) => payout::cancel(global, of, args, builder).await,
        RefundCommand::Timeline(args) => timeline::run(global, of, args, builder).await,
    }
}

async fn create(global: &Global, given: &RefundArgs, builder: Builder) -> Result<Exit, CliError> {
    global.under_way.prepares();
    let session = Session::open(global, builder).await?;
    let written = given.file.as_deref().map(|file| {
        let written = json_file::read("refund", file)?;
        given.with_file(&written).map_err(|errors| CliError::request("refund", &errors))
    });
    let written = written.transpose()?;
    let args = written.as_ref().unwrap_or(given);
    let Some(reference) = &args.reference else {
        return Err(CliError::usage("reference", "a refund requires a reference of its own"));
    };
    let invalid = |error| CliError::invalid("arguments", &error);
    let reference = &text::reference(reference.as_str()).map_err(invalid)?;
    let money = |field, text: &Option<String>| {
        let read = |text| text::amount(text, args.of.currency(), AmountFormat::Plain);
        let money = text.as_deref().map(read).transpose();
        money.map_err(|error| invalid(error.with_field(field)))
    };
    let paid = money("paid", &args.paid)?;
    let amount = money("amount", &args.amount)?;
    let reason = args.reason.as_ref().map(|reason| text::line("reason", reason)).transpose();
    let reason = reason.map_err(invalid)?;
    session.announce(global, true)?;
    session.open_journal(global).await?;

    let known = session.tulay.refunds().get(reference).await?;
    let original = Original::seek(&session, &args.of, reference).await;
    let original = original.map_err(|failure| match &known {
        Some(_) => get_command(global, Operation::Refund, reference)
            .into_iter()
            .fold(failure, CliError::next),
        None => failure,
    })?;
    // One that was accepted before is what it is, whatever became of the collection since.
    if known.is_none() {
        original.must_be_paid()?;
    }
    let paid = original.paid.or(paid).ok_or_else(|| {
        CliError::usage("paid", "the provider does not report the paid amount; pass --paid AMOUNT")
    })?;
    let of = Refundable::stated(original.provider.id().clone(), original.lookup, paid);
    let of = original.paid_at.into_iter().fold(of, Refundable::paid_at);
    let operation = Operation::Refund;
    let next = get_command(global, operation, reference);
    global.under_way.is_in_journal(operation, next.clone());
    let submit = session.tulay.refunds().submit(reference.clone(), of, amount);
    let submit = submit.by(session::actor(global)?);
    let accepted = match reason {
        Some(reason) => submit.reason(reason).await?,
        None => submit.await?,
    };
    let was_final = accepted.status.is_final();
    let is_final = |record: &PaymentRecord| record.status.is_final();
    let record = match was_final {
        true => accepted,
        false => {
            let wait = args.wait.duration();
            follow::work_on(global, &session, operation, reference, wait, is_final).await?
        }
    };
    Shown { was_final, ..Shown::with_left(&session, &record).await? }.print(global, next)
}

//! How a payout is printed, what its status means for the money, and what to do.

use crate::{
    args::Global, error::CliError, exit::Exit, next_command, report::Report, session::Session,
    terminal,
};
use serde_json::json;
use tulay::{
    Environment, InstitutionId, Money, Operation,
    journal::{PaymentRecord, ReviewReason, Status},
};

/// A payout to be printed.
pub(in crate::commands) struct Shown<'r> {
    pub(in crate::commands) record: &'r PaymentRecord,
    pub(in crate::commands) environment: Option<Environment>,
    /// The bank or wallet of the request, where the command has that.
    pub(in crate::commands) institution: Option<InstitutionId>,
    /// What is left to refund of the payment of a refund.
    pub(in crate::commands) left: Option<Money>,
    /// It was final before the command did anything.
    pub(in crate::commands) was_final: bool,
}

impl<'r> Shown<'r> {
    pub(in crate::commands) fn new(session: &Session, record: &'r PaymentRecord) -> Self {
        let environment = session.environment();
        Self { record, environment, institution: None, left: None, was_final: false }
    }

    /// The same, with what is left to refund of the payment of a refund.
    pub(in crate::commands) async fn with_left(
        session: &Session,
        record: &'r PaymentRecord,
    ) -> Result<Self, CliError> {
        let left = match &record.original {
            Some(original) => Some(session.tulay.refunds().left(original).await?),
            None => None,
        };
        Ok(Self { left, ..Self::new(session, record) })
    }

    /// Prints it; `next` is the command to run as long as it is not final.
    pub(in crate::commands) fn print(
        self,
        global: &Global,
        next: Option<String>,
    ) -> Result<Exit, CliError> {
        let Self { record, environment, institution, left, was_final } = self;
        let exit = Exit::of_payout(record);
        let is_settled = record.status.is_final() && record.reviews.is_empty();
        let mut commands: Vec<String> = next.clone().into_iter().filter(|_| !is_settled).collect();
        if !record.reviews.is_empty() {
            let refund = (record.operation == Operation::Refund).then(|| "refund".to_owned());
            let options = [("operation", refund)];
            let shows = next_command::command(global, "review show", &record.reference, &options);
            commands.extend(shows);
        }
        // What was done is not undone by a full disk.
        let done = format!("{} is {}", record.reference, shown(record.status));
        let form = match record.operation {
            Operation::Refund => "tulay.refund/1",
            _ => "tulay.payout/1",
        };
        let mut report = Report::new(form, environment).result(record);
        if let Some(institution) = institution {
            report = report.member("institution", institution.as_str());
        }
        if let Some((left, original)) = left.zip(record.original.as_ref()) {
            report = report.member("left", json!(left));
            report = report.line(format!("left to refund: {left} of {}", original.paid));
        }
        let report = report.member("next", commands.clone()).table(&HEADER, vec![row(record)]);
        let format = global.format();
        let printed = report.done(done, next).print(format, exit);
        if !format.is_json() {
            // What may have been paid is printed even with --quiet.
            let is_quiet = global.quiet && exit != Exit::InDoubt;
            let before = was_final.then(|| "nothing was sent now: it was accepted before".into());
            let commands = commands.iter().map(|command| format!("  next: {command}"));
            let fix = record.fix.iter().map(|fix| format!("to let it go on: {fix}"));
            let lines = before.into_iter().chain(advice(record)).chain(reviews(record)).chain(fix);
            lines.chain(commands).filter(|_| !is_quiet).for_each(|line| terminal::tell(&line));
        }
        printed
    }
}

/// The columns of a table of payouts.
pub(in crate::commands) const HEADER: [&str; 6] =
    ["reference", "provider", "its reference", "amount", "status", "reason"];

/// A payout in a table.
pub(in crate::commands) fn row(record: &PaymentRecord) -> Vec<String> {
    let last = record.last();
    let provider = last.and_then(|attempt| attempt.provider.as_ref());
    let theirs = last.and_then(|attempt| attempt.provider_reference.as_ref());
    vec![
        record.reference.to_string(),
        provider.map_or_else(|| "-".into(), ToString::to_string),
        theirs.map_or("-", |theirs| theirs.as_str()).to_owned(),
        record.amount.to_string(),
        record.status.to_string(),
        why(record),
    ]
}

/// Why it is as it is, and when it is worked on next.
fn why(record: &PaymentRecord) -> String {
    let reason = record.reason.as_ref().map(ToString::to_string);
    let until = record.waiting.as_ref().map(|waiting| format!("next at {:.0}", waiting.until));
    reason.into_iter().chain(until).collect::<Vec<_>>().join("; ")
}

/// What the status means for the money, and what to do.
fn advice(record: &PaymentRecord) -> Option<String> {
    let Words { paid, not_paid, again } = Words::of(record.operation);
    let advice = match record.status {
        Status::Succeeded => return None,
        Status::Created => format!("accepted, and nothing was sent yet{}", waits(record)),
        Status::Sending => format!("accepted, not final yet{}", waits(record)),
        Status::InDoubt => format!(
            "in doubt: the {} may have been {paid}, and is looked up until that is known. Send nothing \
             by hand, and nothing under another reference",
            record.operation
        ),
        Status::Pending => "accepted, not final yet: the provider has it".into(),
        Status::Failed => {
            format!(
                "failed, with proof that it is {not_paid}; to {again} again, use a new reference"
            )
        }
        Status::Reversed => format!(
            "it was {paid}, and the money came back; a person decides whether to {again} again, under \
             a new reference"
        ),
        Status::Cancelled => format!(
            "cancelled, with proof that it is {not_paid}; to {again} again, use a new reference"
        ),
    };
    // Proof that is doubted is none.
    (!record.status.is_final() || !record.is_doubted()).then_some(advice)
}

/// What is said of a payout, and of a refund.
struct Words {
    paid: &'static str,
    not_paid: &'static str,
    again: &'static str,
}

impl Words {
    const fn of(operation: Operation) -> Self {
        match operation {
            Operation::Refund => Self { paid: "made", not_paid: "not made", again: "refund" },
            _ => Self { paid: "paid", not_paid: "not paid", again: "pay" },
        }
    }
}

fn waits(record: &PaymentRecord) -> String {
    let reason = record.waiting.as_ref().and_then(|waiting| waiting.reason.as_ref());
    reason.map_or(String::new(), |reason| format!("; it waits: {reason}"))
}

/// Why a person has to look.
pub(in crate::commands) fn reviews(record: &PaymentRecord) -> impl Iterator<Item = String> {
    record.reviews.iter().map(|reason| match reason.doubts_status() {
        true => {
            format!("a person has to look: {}. Send nothing by hand before", meaning(*reason))
        }
        false => format!("to be looked at: {}", meaning(*reason)),
    })
}

const fn meaning(reason: ReviewReason) -> &'static str {
    match reason {
        ReviewReason::Slow => "it takes longer than it should",
        ReviewReason::Unresolved => "its state can no longer be found out by look-ups",
        ReviewReason::Contradiction => "what the provider said of it cannot all be true",
        ReviewReason::Mismatch => "a message about it names another amount or currency",
        ReviewReason::Reversed => "it was paid, and the money came back",
        ReviewReason::NotConfigured => "its account is not configured for it any more",
        ReviewReason::DoublePaymentSuspected => "two attempts of it may both have been paid",
        _ => "this version does not know why",
    }
}

fn shown(status: Status) -> String {
    status.as_str().replace('_', " ")
}

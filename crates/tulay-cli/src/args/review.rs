//! The arguments of `tulay review` and `tulay events`.

use super::values::{PaymentKind, duration, reference};
use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use std::{path::PathBuf, time::Duration};
use tulay::{
    ProviderId, Reference,
    journal::{EventId, Resolution, ReviewReason},
};

#[derive(Debug, Subcommand)]
pub(crate) enum ReviewCommand {
    /// Payouts and refunds that a person has to look at, the newest first; with --group, how many.
    List(ListReviewsArgs),
    /// What happened to a payment, what a person has to find out, and what each answer would make of
    /// it.
    Show(ReviewedArgs),
    /// State what became of a payment, or of each payment of a file. Nothing is sent.
    Resolve(ResolveArgs),
}

#[derive(Args, Debug)]
pub(crate) struct ReviewedArgs {
    /// Its reference.
    #[arg(value_parser = reference)]
    pub(crate) reference: Reference,
    /// Payout or refund, where both have the reference.
    #[arg(long, value_name = "OPERATION")]
    pub(crate) operation: Option<PaymentKind>,
}

#[derive(Args, Debug)]
pub(crate) struct ListReviewsArgs {
    /// Only those of this reason: slow, unresolved, contradiction, mismatch, reversed,
    /// not_configured or double_payment_suspected.
    #[arg(long, value_name = "REASON", value_parser = reason)]
    pub(crate) reason: Option<ReviewReason>,
    /// Only those with an attempt through this provider's account.
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<ProviderId>,
    /// Only those that were accepted longer ago than this, such as 2h.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) older_than: Option<Duration>,
    /// At most so many.
    #[arg(long, value_name = "NUMBER", default_value = "100")]
    pub(crate) limit: usize,
    /// Count them by reason, by provider, or by both.
    #[arg(long, value_name = "BY", value_delimiter = ',', conflicts_with_all = ["reason", "provider", "older_than"])]
    pub(crate) group: Vec<GroupBy>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GroupBy {
    Reason,
    Provider,
}

#[derive(Args, Debug)]
pub(crate) struct ResolveArgs {
    /// Its reference.
    #[arg(value_parser = reference, required_unless_present = "file")]
    pub(crate) reference: Option<Reference>,
    /// Many payments: CSV with the columns reference, resolution (paid, not_executed or came_back),
    /// evidence, and as_of and attempt where they have to be named; - for standard input. All rows are
    /// checked before any is written.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["reference", "resolution", "evidence", "as_of", "attempt"])]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) resolution: ResolutionArgs,
    /// What the statement rests on, such as the provider's letter or ticket. It is kept for ever:
    /// write no name and no account number of a payee.
    #[arg(long, value_name = "TEXT", required_unless_present = "file")]
    pub(crate) evidence: Option<String>,
    /// When the provider looked, such as 2026-11-28T10:05:00+08:00. It is needed with --not-executed
    /// where the payout was sent more than once: of what was sent later, the evidence says nothing.
    #[arg(long, value_name = "TIME")]
    pub(crate) as_of: Option<Timestamp>,
    /// Payout or refund, where both have the reference; with --file, of every row.
    #[arg(long, value_name = "OPERATION")]
    pub(crate) operation: Option<PaymentKind>,
    /// The attempt that is meant, where several may have been paid.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=8))]
    pub(crate) attempt: Option<u8>,
}

#[derive(Args, Debug)]
#[group(id = "resolution", multiple = false)]
pub(crate) struct ResolutionArgs {
    /// The money reached the beneficiary.
    #[arg(long, required_unless_present_any = ["file", "not_executed", "came_back"])]
    paid: bool,
    /// No order of it exists at the provider, and none can any more.
    #[arg(long)]
    not_executed: bool,
    /// It was paid, and the money is back on the account.
    #[arg(long)]
    came_back: bool,
}

impl ResolutionArgs {
    /// What is stated; `None`: a file states it.
    pub(crate) const fn resolution(&self) -> Option<Resolution> {
        match self {
            Self { paid: true, .. } => Some(Resolution::Paid),
            Self { not_executed: true, .. } => Some(Resolution::NotExecuted),
            Self { came_back: true, .. } => Some(Resolution::CameBack),
            _ => None,
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct EventsArgs {
    /// Only those after this one; by default from the beginning.
    #[arg(long, value_name = "ID", value_parser = event)]
    pub(crate) after: Option<EventId>,
    /// Wait for further ones until it is stopped.
    #[arg(long)]
    pub(crate) follow: bool,
}

/// A reason for a review, as JSON has it.
fn reason(text: &str) -> Result<ReviewReason, String> {
    let found = ReviewReason::ALL.into_iter().find(|reason| reason.as_str() == text);
    let names = || ReviewReason::ALL.map(ReviewReason::as_str).join(", ");
    found.ok_or_else(|| format!("expected one of {}", names()))
}

fn event(text: &str) -> Result<EventId, String> {
    text.parse().map_err(|invalid: tulay::Invalid| invalid.problem().to_string())
}

//! The arguments of `tulay payout`.

use super::values::{WaitArgs, reference, status};
use clap::{Args, Subcommand};
use std::path::PathBuf;
use tulay::{Reference, journal::Status};

#[derive(Debug, Subcommand)]
pub(crate) enum PayoutCommand {
    /// Accept a payout and work on it until it is final. The same reference is paid at most once.
    Create(CreateArgs),
    /// The payout as the journal knows it now.
    Get(PaymentArgs),
    /// Payouts, the newest first.
    List(ListArgs),
    /// Work on a payout until it is final.
    Wait(WaitForArgs),
    /// Work on a payout now instead of when it is due: send it if it was not sent, else look it up.
    Refresh(WaitForArgs),
    /// Withdraw a payout, as long as no sending of it may have left.
    Cancel(PaymentArgs),
    /// What happened to a payout, the oldest first.
    Timeline(PaymentArgs),
}

#[derive(Args, Debug)]
pub(crate) struct CreateArgs {
    /// The payout as a JSON object; - for standard input. Its members, all of them text: reference,
    /// country, amount, currency, institution, account, name (or given_name, middle_name,
    /// family_name), and channel, rail, kind, mobile, email, tax_id, remark, provider where they
    /// matter.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

#[derive(Args, Debug)]
pub(crate) struct PaymentArgs {
    /// Its reference.
    #[arg(value_parser = reference)]
    pub(crate) reference: Reference,
}

#[derive(Args, Debug)]
pub(crate) struct WaitForArgs {
    /// Its reference.
    #[arg(value_parser = reference)]
    pub(crate) reference: Reference,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    /// Only those of this status: created, sending, in_doubt, pending, succeeded, failed, reversed or
    /// cancelled.
    #[arg(long, value_name = "STATUS", value_parser = status)]
    pub(crate) status: Option<Status>,
    /// Only those that a person has to look at.
    #[arg(long)]
    pub(crate) review: bool,
    /// At most so many.
    #[arg(long, value_name = "NUMBER", default_value = "100")]
    pub(crate) limit: usize,
}

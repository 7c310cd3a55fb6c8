//! The arguments of `tulay serve`, `tulay pause` and `tulay resume`.

use super::values::PaymentKind;
use clap::{Args, ValueEnum};
use std::net::SocketAddr;
use tulay::ProviderId;

#[derive(Args, Debug)]
pub(crate) struct ServeArgs {
    /// What to run alone: the worker sends payouts and asks providers about them, the webhook takes
    /// their notifications at [webhook] listen. By default both run.
    #[arg(long, value_name = "PART")]
    pub(crate) only: Option<Part>,
    /// Answer /livez and /readyz at this address; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
}

/// A part of the long-running process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    Worker,
    Webhook,
}

#[derive(Args, Debug)]
#[group(id = "scope", required = true, multiple = false)]
pub(crate) struct ScopeArgs {
    /// Every sending through this provider's account.
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<ProviderId>,
    /// Every sending of this operation.
    #[arg(long, value_name = "OPERATION")]
    pub(crate) operation: Option<PaymentKind>,
    /// Every sending.
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Args, Debug)]
pub(crate) struct PauseArgs {
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,
    /// Why; it is shown until the pause ends.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
}

#[derive(Args, Debug)]
pub(crate) struct ResumeArgs {
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,
    /// State that nothing was sent under this namespace that the journal does not know.
    #[arg(long, group = "scope")]
    pub(crate) whole: bool,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
}

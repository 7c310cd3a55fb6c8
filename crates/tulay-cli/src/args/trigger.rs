//! The arguments of `tulay trigger`.

use super::SandboxAddress;
use clap::Args;
use tulay::{ProviderId, Reference};

#[derive(Args, Debug)]
pub(crate) struct TriggerArgs {
    /// What the notification says, such as payout.succeeded, payout.failed, collection.paid or
    /// refund.failed. Nothing happens to the order, and no money moves.
    pub(crate) event: String,
    /// The reference of an order that your application made; without it, a payout is made up.
    #[arg(long, value_name = "REF")]
    pub(crate) reference: Option<Reference>,
    /// Where it goes; by default where those of the order go, or else below public_url of [webhook].
    #[arg(long, value_name = "URL")]
    pub(crate) to: Option<String>,
    /// The provider that notifies, as the configuration calls it; by default the first that can.
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<ProviderId>,
    #[command(flatten)]
    pub(crate) at: SandboxAddress,
}

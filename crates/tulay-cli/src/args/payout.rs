//! The arguments of `tulay payout`.

use super::values::{WaitArgs, country, currency, reference};
use clap::{Args, Subcommand};
use std::path::PathBuf;
use tulay::{Country, Currency, ProviderId, ProviderReference, Reference};

#[derive(Debug, Subcommand)]
pub(crate) enum PayoutCommand {
    /// Pay once. The same reference does not pay again, as long as the configuration is the same
    /// and no other process pays it at the same instant.
    Create(CreateArgs),
    /// Look up a payout.
    Get(GetArgs),
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
pub(crate) struct GetArgs {
    /// The payout's reference.
    #[arg(value_parser = reference)]
    pub(crate) reference: Reference,
    /// The provider it was sent to; by default every provider that pays there is asked.
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<ProviderId>,
    /// The provider's own id of the payout, where it is looked up by that alone.
    #[arg(long, value_name = "ID", requires = "provider")]
    pub(crate) provider_reference: Option<ProviderReference>,
    /// The country of the payout; by default every country is searched.
    #[arg(long, value_name = "COUNTRY", value_parser = country)]
    pub(crate) country: Option<Country>,
    /// The currency of the payout; by default every currency is searched.
    #[arg(long, value_name = "CURRENCY", value_parser = currency)]
    pub(crate) currency: Option<Currency>,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

//! The arguments of `tulay report`.

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use std::path::PathBuf;
use tulay::{Country, ProviderId, readings::AccountKind};

#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// Fetch a day's report into a file that is not there yet.
    Download(DownloadArgs),
}

#[derive(Args, Debug)]
pub(crate) struct DownloadArgs {
    /// The day, in the provider's zone, such as 2026-11-20.
    #[arg(long, value_name = "DAY")]
    pub(crate) day: Date,
    /// Of payouts, or of collections.
    #[arg(long, value_name = "ACCOUNT", default_value = "payout")]
    pub(crate) account: ReportAccount,
    /// The country.
    #[arg(long, value_name = "COUNTRY", default_value = "PH")]
    pub(crate) country: Country,
    /// The provider; by default the only one that has reports.
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<ProviderId>,
    /// The file to write; by default as the provider calls it, in this folder.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// The largest file that is taken, in MiB.
    #[arg(long, value_name = "MIB", default_value = "256")]
    pub(crate) largest: u32,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ReportAccount {
    Payout,
    Collection,
    Single,
}

impl From<ReportAccount> for AccountKind {
    fn from(account: ReportAccount) -> Self {
        match account {
            ReportAccount::Payout => Self::Payout,
            ReportAccount::Collection => Self::Collection,
            ReportAccount::Single => Self::Single,
        }
    }
}

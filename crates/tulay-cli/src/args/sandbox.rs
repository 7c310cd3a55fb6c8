//! The arguments of `tulay demo`, `tulay init` and `tulay sandbox`.

use super::values::duration;
use crate::payout_file::ReadOptions;
use clap::{Args, Subcommand};
use std::{net::SocketAddr, path::PathBuf, time::Duration};

#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    /// A payout file of your own instead of the one that comes with the command.
    #[arg(long, value_name = "CSV")]
    pub(crate) file: Option<PathBuf>,
    /// Make this provider unreachable, to see which payouts another one carries; may be repeated.
    #[arg(long, value_name = "NAME")]
    pub(crate) down: Vec<String>,
    /// Kill the process that sends in the middle, twice, and let another one go on.
    #[arg(long)]
    pub(crate) crash: bool,
    /// Be the process that sends, for a demo that is to be killed.
    #[arg(long, hide = true, conflicts_with_all = ["file", "down", "crash"])]
    pub(crate) worker: bool,
    /// Leave bad lines out, and write them to this file.
    #[arg(long, value_name = "CSV", requires = "file")]
    pub(crate) reject_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) read: ReadOptions,
}

#[derive(Args, Debug)]
pub(crate) struct InitArgs {
    /// The folder to write to.
    #[arg(default_value = ".")]
    pub(crate) folder: PathBuf,
}

#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct SandboxArgs {
    #[command(subcommand)]
    pub(crate) command: Option<SandboxCommand>,
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8400")]
    pub(crate) listen: SocketAddr,
    /// What shall go wrong: a TOML file with a table for each provider.
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
    /// Give orders numbers above this one; by default one that no earlier start has reached.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) number_above: Option<u64>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SandboxCommand {
    /// Let time pass in a running sandbox.
    Advance {
        /// How much, such as 16m.
        #[arg(value_parser = duration)]
        by: Duration,
        #[command(flatten)]
        at: SandboxAddress,
    },
    /// Pay what was shown, as a payer would, in a running sandbox.
    Pay {
        /// The code's text, - for standard input; the number of a virtual account; the address of a page; or the reference of a collection or static code.
        code: String,
        /// The amount in major units, where the code leaves it to the payer.
        #[arg(long, value_name = "AMOUNT")]
        amount: Option<String>,
        /// The simulated provider that showed it; by default whichever did.
        #[arg(long, value_name = "NAME")]
        issuer: Option<String>,
        #[command(flatten)]
        at: SandboxAddress,
    },
    /// What really happened to money in a running sandbox.
    Ledger {
        #[command(flatten)]
        at: SandboxAddress,
    },
    /// Forget everything in a running sandbox.
    Reset {
        #[command(flatten)]
        at: SandboxAddress,
    },
}

#[derive(Args, Debug)]
pub(crate) struct SandboxAddress {
    /// Where the sandbox runs; by default where base_url of the configuration leads, and without a
    /// configuration http://127.0.0.1:8400.
    #[arg(long, value_name = "ADDRESS")]
    at: Option<String>,
}

impl SandboxAddress {
    /// The origin given, also of an address without its scheme.
    pub(crate) fn origin(&self) -> Option<String> {
        let at = self.at.as_ref()?.trim_end_matches('/');
        Some(if at.contains("://") { at.to_owned() } else { format!("http://{at}") })
    }
}

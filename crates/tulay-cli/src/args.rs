//! The arguments.

use crate::{payout_file::ReadOptions, report::Format};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use tracing_subscriber::EnvFilter;
use tulay::{Country, Currency, ProviderId, Reference};

/// Pay out, collect and refund through many providers, and never pay twice.
#[derive(Debug, Parser)]
#[command(name = "tulay", version, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Args, Debug)]
pub(crate) struct Global {
    /// The configuration; ./tulay.toml by default.
    #[arg(long, global = true, value_name = "FILE", env = "TULAY_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Use the embedded simulator instead of a configuration: no money, no provider.
    #[cfg(feature = "sandbox")]
    #[arg(long, global = true, conflicts_with = "config")]
    pub(crate) sandbox: bool,
    /// Allow sending in production.
    #[arg(long, global = true)]
    pub(crate) production: bool,
    /// How results are written to standard output.
    #[arg(long, global = true, value_name = "FORMAT", default_value = "table")]
    output: Format,
    /// The same as --output json.
    #[arg(long, global = true, conflicts_with = "output")]
    json: bool,
    /// Say nothing on standard error but errors.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Say more on standard error; twice for even more.
    #[arg(long, short, global = true, action = ArgAction::Count)]
    verbose: u8,
    /// How the log is written to standard error.
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    log_format: LogFormat,
    /// What is logged, such as tulay=debug; overrides -v.
    #[arg(long, global = true, value_name = "FILTER", env = "TULAY_LOG", hide = true)]
    log: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

impl Global {
    /// How results are written.
    pub(crate) const fn format(&self) -> Format {
        if self.json { Format::Json } else { self.output }
    }

    /// Whether to use the embedded simulator.
    pub(crate) const fn sandbox(&self) -> bool {
        #[cfg(feature = "sandbox")]
        return self.sandbox;
        #[cfg(not(feature = "sandbox"))]
        return false;
    }

    /// Writes a line for people to standard error, unless they asked for silence.
    pub(crate) fn say(&self, line: &str) {
        if !self.quiet {
            eprintln!("{line}");
        }
    }

    pub(crate) fn start_log(&self) {
        let level = match self.verbose {
            0 => "warn",
            1 => "info",
            _ => "debug",
        };
        let filter = self.log.clone().unwrap_or_else(|| level.to_owned());
        let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new(level));
        let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        match self.log_format {
            LogFormat::Text => log.init(),
            LogFormat::Json => log.json().init(),
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Pay a file of payouts through the simulator: nothing to set up.
    #[cfg(feature = "sandbox")]
    Demo(DemoArgs),
    /// Write a configuration, a namespace and a fresh key pair.
    #[cfg(feature = "sandbox")]
    Init(InitArgs),
    /// Look for what does not fit: configuration, keys, reachability, clock, assumptions.
    Doctor,
    /// Check or show the configuration, or print its schema.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// What each provider can do: operation, country, channel, limits, confidence.
    Providers,
    /// Banks and wallets: the neutral id, and each provider's own name for it.
    Institutions(InstitutionsArgs),
    /// What is on the accounts.
    Balance,
    /// One payout.
    #[command(subcommand)]
    Payout(PayoutCommand),
    /// Make a key pair.
    Keygen(KeygenArgs),
    /// Sign exactly the bytes given.
    Sign(SignArgs),
    /// Verify exactly the bytes given.
    Verify(VerifyArgs),
    /// Run the simulated providers until stopped, or control running ones.
    #[cfg(feature = "sandbox")]
    Sandbox(SandboxArgs),
}

impl Command {
    /// The payout it is about.
    pub(crate) fn reference(&self) -> Option<&Reference> {
        match self {
            Self::Payout(PayoutCommand::Get(args)) => Some(&args.reference),
            _ => None,
        }
    }
}

#[cfg(feature = "sandbox")]
#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    /// A payout file of your own instead of the one that comes with the command.
    #[arg(long, value_name = "CSV")]
    pub(crate) file: Option<PathBuf>,
    /// Leave bad lines out, and write them to this file.
    #[arg(long, value_name = "CSV", requires = "file")]
    pub(crate) reject_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) read: ReadOptions,
}

#[cfg(feature = "sandbox")]
#[derive(Args, Debug)]
pub(crate) struct InitArgs {
    /// The folder to write to.
    #[arg(default_value = ".")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Validate it as a whole.
    Check,
    /// What is in force, and from which line.
    Show,
    /// JSON Schema, for editors.
    Schema,
}

#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct InstitutionsArgs {
    #[command(subcommand)]
    pub(crate) command: Option<InstitutionsCommand>,
    /// Only those of this country.
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) country: Option<Country>,
    /// Only those whose names hold this text.
    pub(crate) text: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum InstitutionsCommand {
    /// Propose ids for names: one name a line.
    Match {
        /// The file with the names; - for standard input.
        file: PathBuf,
        /// The country the names are of.
        #[arg(long, value_name = "COUNTRY", default_value = "PH")]
        country: Country,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PayoutCommand {
    /// Pay once; the same reference again pays nothing again.
    Create(CreateArgs),
    /// Ask what became of a payout.
    Get(GetArgs),
}

#[derive(Args, Debug)]
pub(crate) struct CreateArgs {
    /// The payout as a JSON object with the columns of the payout file; - for standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

#[derive(Args, Debug)]
pub(crate) struct GetArgs {
    /// The payout's reference.
    pub(crate) reference: Reference,
    /// The provider it was sent to; the first of the configuration by default.
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<ProviderId>,
    /// The country it was paid in.
    #[arg(long, value_name = "COUNTRY", default_value = "PH")]
    pub(crate) country: Country,
    /// The currency it was paid in.
    #[arg(long, value_name = "CURRENCY", default_value = "PHP")]
    pub(crate) currency: Currency,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct WaitArgs {
    /// How long to wait until it is final, such as 30s or 2m.
    #[arg(long, value_name = "DURATION", default_value = "30s")]
    wait: jiff::SignedDuration,
    /// Do not wait.
    #[arg(long, conflicts_with = "wait")]
    no_wait: bool,
}

impl WaitArgs {
    pub(crate) fn duration(self) -> std::time::Duration {
        if self.no_wait { std::time::Duration::ZERO } else { self.wait.unsigned_abs() }
    }
}

#[derive(Args, Debug)]
pub(crate) struct KeygenArgs {
    /// The key's size in bits: 2048, 3072 or 4096.
    #[arg(long, default_value_t = 2048)]
    pub(crate) bits: usize,
    /// Where to write to: NAME.pem and NAME.pub.pem.
    #[arg(long, value_name = "NAME", default_value = "merchant")]
    pub(crate) out: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct SignArgs {
    /// The private key: a file in PEM, DER or bare base64.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// Write the signature's bytes instead of base64, as openssl does.
    #[arg(long)]
    pub(crate) raw: bool,
    /// The bytes to sign; - for standard input.
    pub(crate) file: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct VerifyArgs {
    /// The public key: a file in PEM, DER or bare base64.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// The signature: base64, or a file that holds it in base64 or as bytes.
    #[arg(long, value_name = "SIGNATURE")]
    pub(crate) signature: String,
    /// The bytes that were signed; - for standard input.
    pub(crate) file: PathBuf,
}

#[cfg(feature = "sandbox")]
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct SandboxArgs {
    #[command(subcommand)]
    pub(crate) command: Option<SandboxCommand>,
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8400")]
    pub(crate) listen: std::net::SocketAddr,
    /// What shall go wrong: a TOML file with a table for each provider.
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
}

#[cfg(feature = "sandbox")]
#[derive(Debug, Subcommand)]
pub(crate) enum SandboxCommand {
    /// Let time pass in a running sandbox.
    Advance {
        /// How much, such as 16m.
        by: jiff::SignedDuration,
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

#[cfg(feature = "sandbox")]
#[derive(Args, Debug)]
pub(crate) struct SandboxAddress {
    /// Where the sandbox runs.
    #[arg(long, value_name = "ADDRESS", default_value = "http://127.0.0.1:8400")]
    pub(crate) at: String,
}

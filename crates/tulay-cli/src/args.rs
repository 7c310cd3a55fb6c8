//! The arguments.

mod collection;
mod qr;
mod refund;
mod report;
mod route;
mod static_code;

use crate::{payout_file::ReadOptions, report::Format, terminal, under_way::UnderWay};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use std::{path::PathBuf, time::Duration};
use tracing_subscriber::{Layer, filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};
use tulay::{Country, Currency, ProviderId, Reference};

pub(crate) use collection::{CollectArgs, CollectionArgs, CollectionCommand, CollectionMethod};
pub(crate) use qr::{DecodeArgs, EncodeArgs, QrCommand, RenderArgs};
pub(crate) use refund::{GetRefundArgs, OriginalArgs, RefundArgs, RefundCommand};
pub(crate) use report::{DownloadArgs, ReportCommand};
pub(crate) use route::{ExplainArgs, RouteCommand};
pub(crate) use static_code::{PaymentsArgs, StaticCodeArgs, StaticCodeCommand};

/// Pay through many payment providers by one interface.
#[derive(Debug, Parser)]
#[command(name = "tulay", version, propagate_version = true, arg_required_else_help = true)]
#[command(after_help = EXITS)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXITS: &str = "\
Exit status:
  0  done
  1  could not run; says nothing about money
  2  usage, configuration or input do not fit; nothing was sent
  3  in doubt: send nothing again by hand, but run what the text says
  4  a signature or code is not valid
  5  refused or failed, with proof; a refusal speaks of this sending alone
  6  accepted, not final yet
  129, 130, 143  interrupted; the text says whether something may have been sent";

#[derive(Args, Debug)]
#[command(next_help_heading = "Common options")]
pub(crate) struct Global {
    /// The configuration; TULAY_CONFIG or ./tulay.toml by default.
    #[arg(long, global = true, value_name = "FILE")]
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
    pub(crate) verbose: u8,
    /// How the log is written to standard error.
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    log_format: LogFormat,
    /// What is logged, such as tulay=debug; overrides -v.
    #[arg(long, global = true, value_name = "FILTER", env = "TULAY_LOG", hide = true)]
    log: Option<String>,
    #[arg(skip)]
    pub(crate) under_way: UnderWay,
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
            terminal::tell(line);
        }
    }

    pub(crate) fn start_log(&self) {
        let level = match self.verbose {
            0 if self.quiet => "error",
            0 => "warn",
            1 => "info",
            _ => "debug",
        };
        // What a configuration warns of is told by the commands that it concerns, once and in
        // their own form.
        let level = format!("{level},tulay::builder=error");
        let asked_for = self.log.as_ref().and_then(|filter| filter.parse::<Targets>().ok());
        let filter = asked_for.or_else(|| level.parse().ok()).unwrap_or_default();
        let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
        let log = match self.log_format {
            LogFormat::Text => log.boxed(),
            LogFormat::Json => log.json().boxed(),
        };
        tracing_subscriber::registry().with(log.with_filter(filter)).init();
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
    /// Money to be collected, once.
    #[command(subcommand)]
    Collection(CollectionCommand),
    /// Codes that are paid again and again.
    #[command(subcommand)]
    StaticCode(StaticCodeCommand),
    /// Collected money, given back.
    #[command(subcommand)]
    Refund(RefundCommand),
    /// A provider's reports.
    #[command(subcommand)]
    Report(ReportCommand),
    /// Payment QR codes: read and check, write, draw.
    #[command(subcommand)]
    Qr(QrCommand),
    /// Who would carry a payment, and why; what the rules say.
    #[command(subcommand)]
    Route(RouteCommand),
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
    /// Whether it deals with signals itself.
    pub(crate) const fn hears_signals(&self) -> bool {
        #[cfg(feature = "sandbox")]
        if matches!(self, Self::Sandbox(SandboxArgs { command: None, .. })) {
            return true;
        }
        matches!(self, Self::Report(_))
    }
}

#[cfg(feature = "sandbox")]
#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    /// A payout file of your own instead of the one that comes with the command.
    #[arg(long, value_name = "CSV")]
    pub(crate) file: Option<PathBuf>,
    /// Let nobody answer at this provider, to see what goes elsewhere; may be given again.
    #[arg(long, value_name = "NAME")]
    pub(crate) down: Vec<String>,
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
    /// Pay once. The same reference again pays nothing again, as long as the configuration is the
    /// same and nobody else pays it at the same instant.
    Create(CreateArgs),
    /// Ask what became of a payout.
    Get(GetArgs),
}

#[derive(Args, Debug)]
pub(crate) struct CreateArgs {
    /// The payout as a JSON object; - for standard input. Its members, all of them text: reference,
    /// country, amount, currency, institution, account, name (or given_name, middle_name,
    /// family_name), and channel, kind, mobile, email, tax_id, remark, provider where they matter.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

#[derive(Args, Debug)]
pub(crate) struct GetArgs {
    /// The payout's reference.
    pub(crate) reference: Reference,
    /// The provider it was sent to; by default all are asked that pay there.
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<ProviderId>,
    /// The country it was paid in; by default every one is asked for.
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) country: Option<Country>,
    /// The currency it was paid in; by default every one is asked for.
    #[arg(long, value_name = "CURRENCY")]
    pub(crate) currency: Option<Currency>,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct WaitArgs {
    /// How long to wait until it is final, such as 30s or 2m.
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration)]
    wait: Duration,
    /// Do not wait.
    #[arg(long, conflicts_with = "wait")]
    no_wait: bool,
}

impl WaitArgs {
    pub(crate) const fn duration(self) -> Duration {
        if self.no_wait { Duration::ZERO } else { self.wait }
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let duration: jiff::SignedDuration =
        text.parse().map_err(|_| "expected a duration such as 30s, 2m or 1h".to_owned())?;
    Duration::try_from(duration).map_err(|_| "expected a duration that is not negative".into())
}

#[derive(Args, Debug)]
pub(crate) struct KeygenArgs {
    /// The key's size in bits: 2048, 3072 or 4096.
    #[arg(long, default_value = "2048", value_parser = bits)]
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
        #[arg(value_parser = duration)]
        by: Duration,
        #[command(flatten)]
        at: SandboxAddress,
    },
    /// Pay what was shown, as a payer would, in a running sandbox.
    Pay {
        /// The code's text, or a file that holds it, - for standard input; the number of a virtual
        /// account; the address of a page; or the reference of a collection or static code.
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

#[cfg(feature = "sandbox")]
#[derive(Args, Debug)]
pub(crate) struct SandboxAddress {
    /// Where the sandbox runs.
    #[arg(long, value_name = "ADDRESS", default_value = "http://127.0.0.1:8400")]
    at: String,
}

#[cfg(feature = "sandbox")]
impl SandboxAddress {
    /// The origin, also of an address without its scheme.
    pub(crate) fn origin(&self) -> String {
        let at = self.at.trim_end_matches('/');
        if at.contains("://") { at.to_owned() } else { format!("http://{at}") }
    }
}

fn bits(text: &str) -> Result<usize, String> {
    match text {
        "2048" => Ok(2048),
        "3072" => Ok(3072),
        "4096" => Ok(4096),
        _ => Err("expected 2048, 3072 or 4096".into()),
    }
}

/// The currency that payments of a country usually have.
pub(crate) fn usual_currency(country: Country) -> Currency {
    match country {
        Country::ID => Currency::IDR,
        Country::MY => Currency::MYR,
        Country::RU => Currency::RUB,
        Country::TH => Currency::THB,
        _ => Currency::PHP,
    }
}

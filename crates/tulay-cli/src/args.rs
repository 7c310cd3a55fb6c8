//! The arguments.

mod collection;
mod journal;
mod listen;
mod operate;
mod payout;
mod qr;
mod refund;
mod report;
mod review;
mod route;
#[cfg(feature = "sandbox")]
mod sandbox;
mod static_code;
#[cfg(feature = "sandbox")]
mod trigger;
mod values;

use crate::{error::CliError, exit::Exit, report::Format, terminal, under_way::UnderWay};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;
use tracing_subscriber::{
    Layer,
    filter::{LevelFilter, Targets},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};
use tulay::{Country, Reference, journal::Actor};

pub(crate) use collection::{
    CollectArgs, CollectionArgs, CollectionCommand, GetCollectionArgs, MethodArg,
};
pub(crate) use journal::{JournalCommand, RestoredArgs};
pub(crate) use listen::ListenArgs;
pub(crate) use operate::{Part, PauseArgs, ResumeArgs, ScopeArgs, ServeArgs};
pub(crate) use payout::{CreateArgs, ListArgs, PaymentArgs, PayoutCommand, WaitForArgs};
pub(crate) use qr::{CodeArgs, DecodeArgs, EncodeArgs, QrCommand, RenderArgs};
pub(crate) use refund::{OriginalArgs, RefundArgs, RefundCommand};
pub(crate) use report::{DownloadArgs, ReportCommand};
pub(crate) use review::{
    EventsArgs, GroupBy, ListReviewsArgs, ResolveArgs, ReviewCommand, ReviewedArgs,
};
pub(crate) use route::{ExplainArgs, RouteCommand};
#[cfg(feature = "sandbox")]
pub(crate) use sandbox::{DemoArgs, InitArgs, SandboxAddress, SandboxArgs, SandboxCommand};
pub(crate) use static_code::{PaymentsArgs, StaticCodeArgs, StaticCodeCommand};
#[cfg(feature = "sandbox")]
pub(crate) use trigger::TriggerArgs;
use values::{actor, country};

pub(crate) use values::{PaymentKind, usual_currency};

/// Pay through many payment providers by one interface.
#[derive(Debug, Parser)]
#[command(name = "tulay", version = VERSION, propagate_version = true, arg_required_else_help = true)]
#[command(after_help = exits())]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The version, with the revision that it was built of where that is known.
const VERSION: &str = match option_env!("TULAY_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};

/// The exit statuses, one a line.
fn exits() -> String {
    let lines = Exit::TABLE.map(|(status, meaning)| format!("  {status}  {meaning}"));
    format!("Exit status:\n{}", lines.join("\n"))
}

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
    /// Who runs the command; the user of the system by default. It is written to the journal.
    #[arg(long, global = true, value_name = "NAME", env = "TULAY_ACTOR", value_parser = actor)]
    pub(crate) actor: Option<Actor>,
    /// How results are written to standard output.
    #[arg(long, global = true, value_name = "FORMAT", default_value = "table")]
    output: Format,
    /// The same as --output json.
    #[arg(long, global = true, conflicts_with = "output")]
    json: bool,
    /// Write nothing but errors to standard error.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Write more to standard error; twice for even more.
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// How the log is written to standard error.
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    log_format: LogFormat,
    /// What is logged: a level (error, warn, info, debug, trace, off), or a level for each part, such
    /// as warn,tulay=debug. It overrides -v and -q.
    #[arg(long, global = true, value_name = "FILTER", env = "TULAY_LOG", hide_env_values = true)]
    log: Option<String>,
    #[arg(skip)]
    pub(crate) under_way: UnderWay,
}

/// Whether arguments that cannot be read as a whole ask for JSON.
pub(crate) fn wants_json(arguments: impl Iterator<Item = String>) -> bool {
    const OPTIONS: [(&str, &str); 3] =
        [("--output", "json"), ("--output", "jsonl"), ("--log-format", "json")];
    let arguments: Vec<String> = arguments.take_while(|argument| argument != "--").collect();
    let is_given = |(option, value): &(&str, &str)| {
        let apart = arguments.windows(2).any(|two| two == [*option, *value]);
        apart || arguments.contains(&format!("{option}={value}"))
    };
    arguments.iter().any(|argument| argument == "--json") || OPTIONS.iter().any(is_given)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
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

    /// Writes a line to standard error, unless `--quiet` is set.
    pub(crate) fn say(&self, line: &str) {
        if !self.quiet {
            terminal::tell(line);
        }
    }

    /// Starts the log on standard error.
    pub(crate) fn start_log(&self) -> Result<(), CliError> {
        if self.log_format == LogFormat::Json {
            terminal::write_json();
        }
        let level = match self.verbose {
            0 if self.quiet => "error",
            0 => "warn",
            1 => "info",
            _ => "debug",
        };
        // The commands print the warnings of a configuration themselves, once.
        let level = format!("{level},tulay::builder=error");
        let filter = self.log.as_ref().filter(|filter| !filter.trim().is_empty());
        let filter = read_filter(filter.unwrap_or(&level)).ok_or_else(|| {
            let message = "expected a level (error, warn, info, debug, trace, off), or a level for \
                           each part, such as warn,tulay=debug";
            CliError::usage("log", format!("--log or TULAY_LOG: {message}"))
        })?;
        let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
        let log = match self.log_format {
            LogFormat::Text => log.boxed(),
            LogFormat::Json => log.json().boxed(),
        };
        tracing_subscriber::registry().with(log.with_filter(filter)).init();
        Ok(())
    }
}

/// A filter of the log. A word alone is a level, and not a part of which everything is logged: it is
/// mostly a level that is misspelt.
fn read_filter(text: &str) -> Option<Targets> {
    let is_whole = |part: &str| part.contains('=') || part.trim().parse::<LevelFilter>().is_ok();
    text.split(',').all(is_whole).then(|| text.parse().ok())?
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Pay a file of payouts through the simulator: nothing to set up.
    #[cfg(feature = "sandbox")]
    Demo(DemoArgs),
    /// Write a configuration, a namespace and a fresh key pair.
    #[cfg(feature = "sandbox")]
    Init(InitArgs),
    /// Find problems: configuration, keys, reachability, clock, assumptions. With --production,
    /// also what real money needs besides.
    Doctor,
    /// Check or show the configuration, or print its schema.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// What each provider can do: operation, country, channel, limits, confidence.
    Providers,
    /// Banks and wallets: the neutral id, and each provider's own name for it.
    Institutions(InstitutionsArgs),
    /// The balances of the accounts.
    Balance,
    /// Payouts to a bank account, wallet or code.
    #[command(subcommand)]
    Payout(PayoutCommand),
    /// Payouts that a person has to look at, and what a person states about them.
    #[command(subcommand)]
    Review(ReviewCommand),
    /// What happened to all payouts, in order, for a program that watches.
    Events(EventsArgs),
    /// Send payouts and ask providers about them, until stopped.
    Serve(ServeArgs),
    /// Take notifications for development: verify, print and forward them, and forget them.
    Listen(ListenArgs),
    /// The journal of the payouts: its status, its history, a copy of it.
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Stop sendings at once, in every process. Look-ups go on.
    Pause(PauseArgs),
    /// Let sendings go on, or state that a new or restored journal is whole.
    Resume(ResumeArgs),
    /// Collections: payments from a payer.
    #[command(subcommand)]
    Collection(CollectionCommand),
    /// Static codes, which are paid again and again.
    #[command(subcommand)]
    StaticCode(StaticCodeCommand),
    /// Refunds of collections.
    #[command(subcommand)]
    Refund(RefundCommand),
    /// A provider's reports.
    #[command(subcommand)]
    Report(ReportCommand),
    /// Payment QR codes: read and check, write, draw.
    #[command(subcommand)]
    Qr(QrCommand),
    /// Explain which provider carries a payment, and check the rules.
    #[command(subcommand)]
    Route(RouteCommand),
    /// Print what completes commands in a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Write the manual pages.
    Man {
        /// The folder to write to; it is made if it is not there.
        folder: PathBuf,
    },
    /// Make a key pair.
    Keygen(KeygenArgs),
    /// Sign exactly the bytes given.
    Sign(SignArgs),
    /// Verify exactly the bytes given.
    Verify(VerifyArgs),
    /// What each kind of error means: effect, retry, failover, exit status.
    Errors,
    /// Run the simulated providers until stopped, or control running ones.
    #[cfg(feature = "sandbox")]
    Sandbox(SandboxArgs),
    /// Send a notification from running simulated providers, signed as every other one.
    #[cfg(feature = "sandbox")]
    Trigger(TriggerArgs),
}

impl Command {
    /// The reference of the order that it is about, where that is an argument.
    pub(crate) const fn reference(&self) -> Option<&Reference> {
        let args = match self {
            Self::Payout(
                PayoutCommand::Get(args)
                | PayoutCommand::Cancel(args)
                | PayoutCommand::Timeline(args),
            ) => return Some(&args.reference),
            Self::Payout(PayoutCommand::Wait(args) | PayoutCommand::Refresh(args)) => {
                return Some(&args.reference);
            }
            Self::Review(ReviewCommand::Show(args)) => return Some(&args.reference),
            Self::Review(ReviewCommand::Resolve(args)) => return args.reference.as_ref(),
            Self::Refund(RefundCommand::Get(args)) => return Some(&args.reference),
            Self::Refund(RefundCommand::Create(args)) => return args.reference.as_ref(),
            Self::Collection(CollectionCommand::Create(args)) => &args.collection,
            Self::Collection(CollectionCommand::Get(args)) => &args.collection,
            Self::Collection(CollectionCommand::Cancel(args)) => args,
            Self::StaticCode(StaticCodeCommand::Create(args)) => &args.code,
            Self::StaticCode(StaticCodeCommand::Payments(args)) => &args.code,
            Self::StaticCode(
                StaticCodeCommand::Get(args)
                | StaticCodeCommand::Enable(args)
                | StaticCodeCommand::Disable(args)
                | StaticCodeCommand::Cancel(args),
            ) => args,
            _ => return None,
        };
        Some(&args.reference)
    }

    /// Whether it handles signals itself.
    pub(crate) const fn handles_signals(&self) -> bool {
        #[cfg(feature = "sandbox")]
        if matches!(self, Self::Demo(_) | Self::Sandbox(SandboxArgs { command: None, .. })) {
            return true;
        }
        matches!(self, Self::Listen(_) | Self::Report(_) | Self::Serve(_))
    }
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
    #[arg(long, value_name = "COUNTRY", value_parser = country)]
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
        #[arg(long, value_name = "COUNTRY", value_parser = country, default_value = "PH")]
        country: Country,
    },
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
    /// The signature in base64; - for standard input.
    #[arg(
        long,
        value_name = "SIGNATURE",
        group = "signatures",
        allow_hyphen_values = true,
        required_unless_present = "signature_file"
    )]
    pub(crate) signature: Option<String>,
    /// A file that holds the signature in base64 or as bytes; - for standard input.
    #[arg(long, value_name = "FILE", group = "signatures")]
    pub(crate) signature_file: Option<PathBuf>,
    /// The bytes that were signed; - for standard input.
    pub(crate) file: PathBuf,
}

fn bits(text: &str) -> Result<usize, String> {
    match text {
        "2048" => Ok(2048),
        "3072" => Ok(3072),
        "4096" => Ok(4096),
        _ => Err("expected 2048, 3072 or 4096".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::wants_json;

    #[test]
    fn json_is_recognised_among_wrong_arguments() {
        let wants = |line: &str| wants_json(line.split(' ').map(str::to_owned));
        for line in ["demo --json", "--output json x", "--output=jsonl", "x --log-format json"] {
            assert!(wants(line), "{line}");
        }
        for line in ["demo", "--output csv", "--output=table", "payout get -- --json", "json"] {
            assert!(!wants(line), "{line}");
        }
    }
}

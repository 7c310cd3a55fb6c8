#![doc = include_str!("../README.md")]

mod args;
mod commands;
mod error;
mod exit;
mod json_file;
mod keys;
mod markets;
mod next_command;
mod payment_instructions;
mod payout_file;
#[cfg_attr(not(unix), path = "no_permissions.rs")]
mod permissions;
mod receiving;
mod report;
mod required_fields;
mod route;
mod session;
#[cfg(feature = "sandbox")]
mod simulator;
mod terminal;
mod under_way;

use args::{Cli, Command};
use clap::Parser;
use error::CliError;
use exit::Exit;
use std::process::ExitCode;
use tracing::{Instrument, Span, info_span};
use tulay::{Builder, Tulay};

/// Runs the command with the arguments and environment of this process. Adapters of one's own are
/// registered on the way: `main_with(|tulay| tulay.adapter(Acme))`.
#[must_use]
pub fn main_with(register: impl FnOnce(Builder) -> Builder) -> ExitCode {
    without_core_dumps();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    if let Err(failure) = cli.global.start_log() {
        failure.print(cli.global.format().is_json());
        return failure.exit().into();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(run(&cli, register(Tulay::builder()))),
        Err(error) => Err(CliError::could_not_run("runtime", error.to_string())),
    };
    let exit = match outcome {
        Ok(exit) => exit,
        Err(failure) => {
            failure.print(cli.global.format().is_json());
            failure.exit()
        }
    };
    exit.into()
}

/// A core dump would hold the keys. Where the system does not allow it, the command runs all the same.
fn without_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit { current: Some(0), maximum: Some(0) };
        let _ = setrlimit(Resource::Core, none);
    }
    // Programs that collect dumps do not ask for the limit.
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Runs one command. A signal ends the process wherever it stands, even while standard input is
/// being waited for; only a running sandbox stops in order first.
async fn run(cli: &Cli, builder: Builder) -> Result<Exit, CliError> {
    if !cli.command.handles_signals() {
        let (signal, under_way) = (exit::signal(), cli.global.under_way.clone());
        let json = cli.global.format().is_json();
        tokio::spawn(async move {
            let signal = signal.await;
            under_way.interrupted(signal).print(json);
            under_way.remove_folder();
            std::process::exit(signal as i32)
        });
    }
    // A look-up names the order id alone; every line of the log has the reference beside it.
    let order = cli.command.reference().map(|reference| info_span!("order", %reference));
    dispatch(cli, builder).instrument(order.unwrap_or_else(Span::none)).await
}

async fn dispatch(cli: &Cli, builder: Builder) -> Result<Exit, CliError> {
    let global = &cli.global;
    match &cli.command {
        Command::Balance => commands::balance::run(global, builder).await,
        Command::Completions { shell } => commands::manual::completions(*shell),
        Command::Collection(command) => commands::collection::run(global, command, builder).await,
        Command::Config(command) => commands::config::run(global, command, builder),
        #[cfg(feature = "sandbox")]
        Command::Demo(args) => commands::demo::run(global, args, builder).await,
        Command::Doctor => commands::doctor::run(global, builder).await,
        #[cfg(feature = "sandbox")]
        Command::Init(args) => commands::init::run(global, args, builder).await,
        Command::Events(args) => commands::events::run(global, args, builder).await,
        Command::Errors => commands::errors::run(global),
        Command::Institutions(args) => commands::institutions::run(global, args, builder).await,
        Command::Journal(command) => commands::journal::run(global, command, builder).await,
        Command::Keygen(args) => commands::keygen::run(global, args),
        Command::Listen(args) => commands::listen::run(global, args, builder).await,
        Command::Man { folder } => commands::manual::pages(global, folder),
        Command::Payout(command) => commands::payout::run(global, command, builder).await,
        Command::Pause(args) => commands::pause::pause(global, args, builder).await,
        Command::Providers => commands::providers::run(global, builder).await,
        Command::Qr(command) => commands::qr::run(global, command),
        Command::Refund(command) => commands::refund::run(global, command, builder).await,
        Command::Report(command) => commands::report::run(global, command, builder).await,
        Command::Resume(args) => commands::pause::resume(global, args, builder).await,
        Command::Review(command) => commands::review::run(global, command, builder).await,
        Command::Route(command) => commands::route::run(global, command, builder).await,
        #[cfg(feature = "sandbox")]
        Command::Sandbox(args) => commands::sandbox::run(global, args).await,
        Command::Serve(args) => commands::serve::run(global, args, builder).await,
        Command::Sign(args) => commands::sign::run(global, args),
        Command::StaticCode(command) => commands::static_code::run(global, command, builder).await,
        #[cfg(feature = "sandbox")]
        Command::Trigger(args) => commands::trigger::run(global, args).await,
        Command::Verify(args) => commands::verify::run(global, args),
    }
}

/// Help and version are results; anything else is a mistake in the arguments.
fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        return if error.print().is_ok() { Exit::Done } else { Exit::CouldNotRun }.into();
    }
    let text = error.render().to_string();
    let arguments = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned());
    if args::wants_json(arguments) {
        CliError::usage("arguments", text.trim_start_matches("error: ").trim()).print(true);
    } else {
        terminal::tell(text.trim_end());
    }
    Exit::Usage.into()
}

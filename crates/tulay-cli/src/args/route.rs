//! The arguments of `tulay route`.

use super::values::{country, currency, institution, rail, reference};
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use tulay::{Channel, Country, Currency, InstitutionId, Operation, Rail, Reference};

#[derive(Debug, Subcommand)]
pub(crate) enum RouteCommand {
    /// Show the candidates in order and the excluded providers, each with reasons; sends nothing.
    Explain(ExplainArgs),
    /// Show the rules, and check them against the capabilities of the providers.
    Check,
}

#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    /// A whole payout, as `payout create` reads it; - for standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["operation", "country", "currency", "channel", "rail", "institution", "amount", "reference"])]
    pub(crate) file: Option<PathBuf>,
    /// The operation.
    #[arg(long, value_name = "OPERATION", default_value = "payout")]
    pub(crate) operation: RoutedOperation,
    /// The country; PH by default.
    #[arg(long, value_name = "COUNTRY", value_parser = country)]
    pub(crate) country: Option<Country>,
    /// The currency; the country's by default.
    #[arg(long, value_name = "CURRENCY", value_parser = currency)]
    pub(crate) currency: Option<Currency>,
    /// How the money moves; by default as the institution takes it, else bank.
    #[arg(long, value_name = "CHANNEL")]
    pub(crate) channel: Option<ByChannel>,
    /// The payment rail, such as instapay or pesonet; by default any.
    #[arg(long, value_name = "RAIL", value_parser = rail)]
    pub(crate) rail: Option<Rail>,
    /// The bank or wallet, by its neutral id or its name.
    #[arg(long, value_name = "ID", value_parser = institution)]
    pub(crate) institution: Option<InstitutionId>,
    /// The amount in major units, such as 1250.00.
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) amount: Option<String>,
    /// The reference, which weights draw by.
    #[arg(long, value_name = "REFERENCE", value_parser = reference)]
    pub(crate) reference: Option<Reference>,
    /// Ask the providers for their current state: maintenance and balances. Nothing is sent.
    #[arg(long)]
    pub(crate) now: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum RoutedOperation {
    Payout,
    Collection,
    StaticCode,
}

impl From<RoutedOperation> for Operation {
    fn from(operation: RoutedOperation) -> Self {
        match operation {
            RoutedOperation::Payout => Self::Payout,
            RoutedOperation::Collection => Self::Collection,
            RoutedOperation::StaticCode => Self::StaticCode,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum ByChannel {
    Bank,
    Wallet,
    Proxy,
    Qr,
    ProviderAccount,
    VirtualAccount,
    Redirect,
    InApp,
}

impl From<ByChannel> for Channel {
    fn from(channel: ByChannel) -> Self {
        match channel {
            ByChannel::Bank => Self::Bank,
            ByChannel::Wallet => Self::Wallet,
            ByChannel::Proxy => Self::Proxy,
            ByChannel::Qr => Self::Qr,
            ByChannel::ProviderAccount => Self::ProviderAccount,
            ByChannel::VirtualAccount => Self::VirtualAccount,
            ByChannel::Redirect => Self::Redirect,
            ByChannel::InApp => Self::InApp,
        }
    }
}

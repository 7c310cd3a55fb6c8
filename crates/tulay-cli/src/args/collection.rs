//! The arguments of `tulay collection`.

use super::values::{country, currency, duration, institution, reference, usual_currency};
use clap::{Args, Subcommand, ValueEnum};
use std::{path::PathBuf, time::Duration};
use tulay::{
    Channel, Country, Currency, InstitutionId, ProviderId, ProviderReference, Reference, Terminal,
};

#[derive(Debug, Subcommand)]
pub(crate) enum CollectionCommand {
    /// Request one payment from a payer: the payment instructions are drawn or printed. The same
    /// reference again makes nothing new.
    Create(CollectArgs),
    /// Look up a collection.
    Get(GetCollectionArgs),
    /// Withdraw a collection that is not paid yet.
    Cancel(CollectionArgs),
}

#[derive(Args, Debug)]
pub(crate) struct CollectArgs {
    /// The amount in major units, such as 1250.00.
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) amount: String,
    /// A remark; limits are the provider's.
    #[arg(long, value_name = "TEXT")]
    pub(crate) remark: Option<String>,
    /// For how long it can be paid, such as 15m.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) expires: Option<Duration>,
    /// Where the payer's browser is sent afterwards.
    #[arg(long, value_name = "URL", value_parser = return_url)]
    pub(crate) return_url: Option<String>,
    /// The payer: a JSON object with name (or given_name, family_name), mobile, email, tax_id; -
    /// for standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) payer: Option<PathBuf>,
    /// What WeChat requires: a JSON object with ip, the address of the payer's device, for its
    /// page; or open_id and app_id for --method wechat; - for standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) wechat: Option<PathBuf>,
    /// Write the code as an SVG picture to this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// Write the code as a PNG picture to this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) png: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) collection: CollectionArgs,
}

#[derive(Args, Debug)]
pub(crate) struct GetCollectionArgs {
    /// What was to be paid, in major units such as 1250.00: a payment of less is `underpaid` and
    /// ends with status 6.
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) amount: Option<String>,
    /// The provider's own id of the collection, where it is looked up by that alone.
    #[arg(long, value_name = "ID", requires = "provider")]
    pub(crate) provider_reference: Option<ProviderReference>,
    #[command(flatten)]
    pub(crate) collection: CollectionArgs,
}

/// Which collection.
#[derive(Args, Debug)]
pub(crate) struct CollectionArgs {
    /// The collection's reference.
    #[arg(value_parser = reference)]
    pub(crate) reference: Reference,
    /// The provider; by default the rules select it, or all are asked.
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<ProviderId>,
    /// The country it is paid in.
    #[arg(long, value_name = "COUNTRY", value_parser = country, default_value = "PH")]
    pub(crate) country: Country,
    /// The currency; the country's by default.
    #[arg(long, value_name = "CURRENCY", value_parser = currency)]
    pub(super) currency: Option<Currency>,
    /// How the payer pays.
    #[arg(long, value_name = "METHOD", default_value = "qr")]
    pub(crate) method: MethodArg,
    /// The bank or wallet whose account or page it is, by its neutral id or its name.
    #[arg(long, value_name = "ID", value_parser = institution)]
    pub(crate) institution: Option<InstitutionId>,
    /// The terminal or shop.
    #[arg(long, value_name = "TERMINAL")]
    pub(crate) terminal: Option<Terminal>,
}

impl CollectionArgs {
    pub(crate) fn currency(&self) -> Currency {
        self.currency.unwrap_or_else(|| usual_currency(self.country))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MethodArg {
    Qr,
    VirtualAccount,
    Redirect,
    /// Inside WeChat.
    #[value(name = "wechat")]
    WeChat,
}

impl MethodArg {
    /// As it is written on the command line.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Qr => "qr",
            Self::VirtualAccount => "virtual-account",
            Self::Redirect => "redirect",
            Self::WeChat => "wechat",
        }
    }

    /// The method that goes through this channel.
    pub(crate) fn of_channel(channel: Channel) -> Option<Self> {
        Self::value_variants().iter().copied().find(|method| method.channel() == channel)
    }

    pub(crate) const fn channel(self) -> Channel {
        match self {
            Self::Qr => Channel::Qr,
            Self::VirtualAccount => Channel::VirtualAccount,
            Self::Redirect => Channel::Redirect,
            Self::WeChat => Channel::InApp,
        }
    }
}

/// An absolute address that a browser can be sent to, as it is written.
fn return_url(text: &str) -> Result<String, String> {
    let absolute = |uri: &http::Uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
    };
    match text.parse() {
        Ok(uri) if absolute(&uri) => Ok(text.to_owned()),
        _ => Err("expected an absolute address, such as https://shop.example.com/thanks".into()),
    }
}

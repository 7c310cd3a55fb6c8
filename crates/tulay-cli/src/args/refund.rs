//! The arguments of `tulay refund`.

use super::{
    collection::{CollectionArgs, CollectionMethod},
    values::{WaitArgs, usual_currency},
};
use clap::{Args, Subcommand};
use serde::Deserialize;
use std::path::PathBuf;
use tulay::{Country, Currency, InstitutionId, ProviderId, ProviderReference, Reference};

#[derive(Debug, Subcommand)]
pub(crate) enum RefundCommand {
    /// Give collected money back, all or a part of it; the same reference again gives nothing
    /// again.
    Create(RefundArgs),
    /// Ask what became of a refund.
    Get(GetRefundArgs),
}

#[derive(Args, Debug)]
pub(crate) struct RefundArgs {
    /// The refund's own reference, used for nothing else.
    #[arg(required_unless_present = "file")]
    pub(crate) reference: Option<Reference>,
    /// The refund as a JSON object instead; - for standard input. Its members, all of them text:
    /// reference, and amount, reason, collection, original, paid, provider, country, currency,
    /// method, institution where they matter.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["reference", "amount", "reason", "paid"])]
    pub(crate) file: Option<PathBuf>,
    /// How much in major units, such as 25.00; by default all that was paid.
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) amount: Option<String>,
    /// Why; limits are the provider's.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// What was paid, in major units: needed beside --original, as nobody can be asked.
    #[arg(long, value_name = "AMOUNT", requires = "original")]
    pub(crate) paid: Option<String>,
    #[command(flatten)]
    pub(crate) of: OriginalArgs,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

#[derive(Args, Debug)]
pub(crate) struct GetRefundArgs {
    /// The refund's reference.
    pub(crate) reference: Reference,
    #[command(flatten)]
    pub(crate) of: OriginalArgs,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

/// Which payment is given back.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct OriginalArgs {
    /// The reference of the collection that was paid.
    #[arg(long, value_name = "REFERENCE", conflicts_with = "original")]
    pub(crate) collection: Option<Reference>,
    /// The provider's own reference of the payment, such as one payment of a static code has.
    #[arg(long, value_name = "ID")]
    pub(crate) original: Option<ProviderReference>,
    /// The provider it was paid at; by default whichever knows the collection.
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<ProviderId>,
    /// The country it was paid in; PH by default.
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) country: Option<Country>,
    /// The currency; the country's by default.
    #[arg(long, value_name = "CURRENCY")]
    pub(crate) currency: Option<Currency>,
    /// How it was paid; qr by default.
    #[arg(long, value_name = "METHOD")]
    pub(crate) method: Option<CollectionMethod>,
    /// The bank or wallet it was paid by, by its neutral id.
    #[arg(long, value_name = "ID")]
    pub(crate) institution: Option<InstitutionId>,
}

impl OriginalArgs {
    pub(crate) fn country(&self) -> Country {
        self.country.unwrap_or(Country::PH)
    }

    pub(crate) fn currency(&self) -> Currency {
        self.currency.unwrap_or_else(|| usual_currency(self.country()))
    }

    pub(crate) fn method(&self) -> CollectionMethod {
        self.method.unwrap_or(CollectionMethod::Qr)
    }

    /// The collection of a reference, as it is asked for elsewhere.
    pub(crate) fn collection(&self, reference: &Reference) -> CollectionArgs {
        CollectionArgs {
            reference: reference.clone(),
            provider: self.provider.clone(),
            country: self.country(),
            currency: self.currency,
            method: self.method(),
            institution: self.institution.clone(),
            terminal: None,
        }
    }
}

/// A refund as a file writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenRefund {
    pub(crate) reference: Reference,
    pub(crate) amount: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) paid: Option<String>,
    pub(crate) collection: Option<Reference>,
    pub(crate) original: Option<ProviderReference>,
    pub(crate) provider: Option<ProviderId>,
    pub(crate) country: Option<Country>,
    pub(crate) currency: Option<Currency>,
    pub(crate) method: Option<CollectionMethod>,
    pub(crate) institution: Option<InstitutionId>,
}

impl WrittenRefund {
    /// The same as arguments; what the command line says as well comes first.
    pub(crate) fn into_args(self, given: &RefundArgs) -> RefundArgs {
        let of = given.of.clone();
        RefundArgs {
            reference: Some(self.reference),
            file: None,
            amount: self.amount,
            reason: self.reason,
            paid: self.paid,
            of: OriginalArgs {
                collection: of.collection.or(self.collection),
                original: of.original.or(self.original),
                provider: of.provider.or(self.provider),
                country: of.country.or(self.country),
                currency: of.currency.or(self.currency),
                method: of.method.or(self.method),
                institution: of.institution.or(self.institution),
            },
            wait: given.wait,
        }
    }
}

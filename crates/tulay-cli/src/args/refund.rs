//! The arguments of `tulay refund`.

use super::{
    collection::{CollectionArgs, MethodArg},
    payout::{ListArgs, PaymentArgs, WaitForArgs},
    values::{WaitArgs, country, currency, institution, reference, usual_currency},
};
use clap::{Args, Subcommand};
use std::path::PathBuf;
use tulay::{
    Country, Currency, InstitutionId, ProviderId, ProviderReference, Reference,
    json::{RefundOriginal, RefundRequestJson, RequestErrors, Text},
};

#[derive(Debug, Subcommand)]
pub(crate) enum RefundCommand {
    /// Accept a refund of all or a part of a payment, and work on it until it is final. The same
    /// reference is refunded at most once.
    Create(Box<RefundArgs>),
    /// The refund as the journal knows it now.
    Get(PaymentArgs),
    /// Refunds, the newest first.
    List(ListArgs),
    /// Work on a refund until it is final.
    Wait(WaitForArgs),
    /// Work on a refund now instead of when it is due: send it if it was not sent, else look it up.
    Refresh(WaitForArgs),
    /// Withdraw a refund, as long as no sending of it may have left.
    Cancel(PaymentArgs),
    /// What happened to a refund, the oldest first.
    Timeline(PaymentArgs),
}

#[derive(Args, Debug)]
pub(crate) struct RefundArgs {
    /// The refund's own reference, used for nothing else.
    #[arg(required_unless_present = "file", value_parser = reference)]
    pub(crate) reference: Option<Reference>,
    /// The refund as a JSON object instead; - for standard input. Its members, all of them text:
    /// reference, and amount, reason, collection, original, paid, provider, country, currency,
    /// method, institution where they matter.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["reference", "amount", "reason", "paid"])]
    pub(crate) file: Option<PathBuf>,
    /// How much in major units, such as 25.00; by default all that is left of what was paid.
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) amount: Option<String>,
    /// Why; limits are the provider's.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// The paid amount in major units: required with --original, as no provider reports it.
    #[arg(long, value_name = "AMOUNT", requires = "original")]
    pub(crate) paid: Option<String>,
    #[command(flatten)]
    pub(crate) of: OriginalArgs,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

/// Which payment is refunded.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct OriginalArgs {
    /// The reference of the collection that was paid.
    #[arg(long, value_name = "REFERENCE", value_parser = reference, conflicts_with = "original")]
    pub(crate) collection: Option<Reference>,
    /// The provider's own reference of the order that was paid, as `collection get` shows it; of a
    /// static code, that of one payment.
    #[arg(long, value_name = "ID")]
    pub(crate) original: Option<ProviderReference>,
    /// The provider's own id of the payment, where the order that was paid has another one: PayMongo's
    /// pay_…
    #[arg(long, value_name = "ID", requires = "original")]
    pub(crate) payment: Option<ProviderReference>,
    /// The provider it was paid at; by default whichever knows the collection.
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<ProviderId>,
    /// The country it was paid in; PH by default.
    #[arg(long, value_name = "COUNTRY", value_parser = country)]
    pub(crate) country: Option<Country>,
    /// The currency; the country's by default.
    #[arg(long, value_name = "CURRENCY", value_parser = currency)]
    pub(crate) currency: Option<Currency>,
    /// How it was paid; qr by default.
    #[arg(long, value_name = "METHOD")]
    pub(crate) method: Option<MethodArg>,
    /// The bank or wallet it was paid by, by its neutral id or its name.
    #[arg(long, value_name = "ID", value_parser = institution)]
    pub(crate) institution: Option<InstitutionId>,
}

impl OriginalArgs {
    pub(crate) fn country(&self) -> Country {
        self.country.unwrap_or(Country::PH)
    }

    pub(crate) fn currency(&self) -> Currency {
        self.currency.unwrap_or_else(|| usual_currency(self.country()))
    }

    pub(crate) fn method(&self) -> MethodArg {
        self.method.unwrap_or(MethodArg::Qr)
    }

    /// The arguments that find the collection of a reference.
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

impl RefundArgs {
    /// These arguments, completed by the refund in a file; the command line takes precedence.
    pub(crate) fn with_file(&self, file: &RefundRequestJson) -> Result<Self, RequestErrors> {
        let RefundOriginal {
            collection,
            provider_reference,
            provider,
            country,
            currency,
            channel,
            institution,
            ..
        } = file.original()?;
        let of = self.of.clone();
        let text = |text: &Option<Text>| text.as_ref().map(|text| text.expose().to_owned());
        Ok(Self {
            reference: Some(file.reference()?),
            file: None,
            amount: text(&file.amount),
            reason: text(&file.reason),
            paid: text(&file.paid),
            of: OriginalArgs {
                collection: of.collection.or(collection),
                original: of.original.or(provider_reference),
                payment: of.payment,
                provider: of.provider.or(provider),
                country: of.country.or(country),
                currency: of.currency.or(currency),
                method: of.method.or(channel.and_then(MethodArg::of_channel)),
                institution: of.institution.or(institution),
            },
            wait: self.wait,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use tulay::json;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        refund: RefundArgs,
    }

    fn with_file(arguments: &[&str], text: &str) -> Result<RefundArgs, RequestErrors> {
        let line = [&["refund", "--file", "-"], arguments].concat();
        let given = Line::try_parse_from(line).unwrap().refund;
        given.with_file(&json::from_slice(text.as_bytes())?)
    }

    #[test]
    fn command_line_precedes_the_file() {
        let text = r#"{"reference":"F1","collection":"C1","country":"ID","method":"wechat"}"#;
        let args = with_file(&["--country", "PH"], text).unwrap();
        assert_eq!((args.of.country(), args.of.method()), (Country::PH, MethodArg::WeChat));
        assert_eq!(args.reference, Reference::new("F1").ok());
    }

    #[test]
    fn mistakes_name_the_member_and_no_value() {
        for (text, expected) in [
            (r#"{"amount":"998877"}"#, "reference: expected a value"),
            (r#"{"reference":"F1","country":"998877"}"#, "country: unknown country: use PH"),
            (r#"{"reference":"F1","method":"998877"}"#, "method: expected one of qr, "),
            (
                r#"{"reference":"F1","collection":"C1","original":"P1"}"#,
                "original: expected either",
            ),
        ] {
            let errors = with_file(&[], text).unwrap_err().to_string();
            assert!(errors.starts_with(expected), "{text}: {errors}");
            assert!(!errors.contains("998877"), "{errors}");
        }
    }
}

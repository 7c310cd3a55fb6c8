//! The parts of a code as JSON: what `decode --json` gives.

use crate::error::CliError;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;
use std::collections::BTreeMap;
use tulay_qr::{Amount, BuildError, Currency, Draft, Id, Initiation, Tip, emv};

/// The parts. Unknown members are refused: a misspelt amount would otherwise be left to the payer.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Parts {
    scheme: Option<String>,
    format_indicator: Option<String>,
    initiation: Option<String>,
    accounts: BTreeMap<String, Part>,
    mcc: Option<String>,
    currency: String,
    amount: Option<String>,
    tip_indicator: Option<String>,
    fee_fixed: Option<String>,
    fee_percent: Option<String>,
    country: String,
    merchant_name: Option<String>,
    merchant_city: Option<String>,
    postal_code: Option<String>,
    additional: BTreeMap<String, String>,
    language: BTreeMap<String, String>,
    unreserved: BTreeMap<String, Part>,
    /// What `decode` says of a code: parts of one that is not valid are refused.
    valid: Value,
    errors: Value,
    /// What `decode` says besides, and is no part of it.
    #[serde(rename = "schema")]
    _schema: IgnoredAny,
    #[serde(rename = "environment")]
    _environment: IgnoredAny,
    #[serde(rename = "kind")]
    _kind: IgnoredAny,
    #[serde(rename = "crc")]
    _crc: IgnoredAny,
    #[serde(rename = "warnings")]
    _warnings: IgnoredAny,
    #[serde(rename = "leniencies")]
    _leniencies: IgnoredAny,
    #[serde(rename = "lookalike")]
    _lookalike: IgnoredAny,
}

/// A value, or a template of values.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Part {
    Text(String),
    Template(BTreeMap<String, String>),
}

impl Parts {
    pub(super) fn read(json: &[u8]) -> Result<Self, CliError> {
        let parts: Self = tulay::json::from_slice(json)
            .map_err(|errors| CliError::request("parts", &errors).about("the parts:"))?;
        parts.check_verdict()?;
        Ok(parts)
    }

    /// Parts of a code that is not valid are not written anew: the new CRC would make it look
    /// genuine.
    fn check_verdict(&self) -> Result<(), CliError> {
        let refused = |why: &str| {
            let message =
                format!("the parts are of a code that is not valid ({why}); none was written");
            Err(CliError::unverified("parts", message))
        };
        match &self.errors {
            Value::Null => {}
            Value::Array(errors) if errors.is_empty() => {}
            errors => {
                let first = |member: &str| errors.get(0)?.get(member)?.as_str().filter(is_name);
                let path = first("path").map(|path| format!("{path}: ")).unwrap_or_default();
                let name = first("error").unwrap_or("its errors are listed");
                return refused(&format!("{path}{name}"));
            }
        }
        match self.valid {
            Value::Null | Value::Bool(true) => Ok(()),
            _ => refused("\"valid\" is not true"),
        }
    }

    /// The code's text. What it means is not checked here.
    pub(super) fn build(&self) -> Result<String, CliError> {
        let accounts = objects(&self.accounts)?;
        let others = objects(&self.unreserved)?;
        let (accounts, others) = (borrowed(&accounts), borrowed(&others));
        let additional: Vec<_> = self
            .additional
            .iter()
            .map(|(name, value)| Ok((id(name)?, value.as_str())))
            .collect::<Result<_, CliError>>()?;
        let language = match (self.language.get("00"), self.language.get("01")) {
            (Some(language), Some(name)) => {
                let city = self.language.get("02").map(String::as_str);
                Some((language.as_str(), name.as_str(), city))
            }
            (None, None) => None,
            _ => return Err(invalid("language", "needs both 00, the language, and 01, the name")),
        };
        let is = |scheme: &str| self.scheme.as_deref() == Some(scheme);
        let indicator = if is("duitnow") { "02" } else { "01" };
        let merchant = emv::Merchant {
            format_indicator: self.format_indicator.as_deref().unwrap_or(indicator),
            accounts: &accounts,
            currency: currency(&self.currency)?,
            country: &self.country,
            merchant_is_mandatory: !is("promptpay"),
        };
        let draft = Draft {
            initiation: self.initiation()?,
            amount: self.amount.as_deref(),
            tip: self.tip()?,
            category_code: self.mcc.as_deref(),
            merchant_name: self.merchant_name.as_deref(),
            merchant_city: self.merchant_city.as_deref(),
            postal_code: self.postal_code.as_deref(),
            additional: &additional,
            language,
            others: &others,
        };
        merchant.build(&draft).map_err(|error| refused(&error))
    }

    fn initiation(&self) -> Result<Option<Initiation>, CliError> {
        match self.initiation.as_deref() {
            None => Ok(None),
            Some("static") => Ok(Some(Initiation::Static)),
            Some("dynamic") => Ok(Some(Initiation::Dynamic)),
            Some(_) => Err(invalid("initiation", "expected static or dynamic")),
        }
    }

    fn tip(&self) -> Result<Option<Tip<'_>>, CliError> {
        match self.tip_indicator.as_deref() {
            None if self.fee_fixed.is_none() && self.fee_percent.is_none() => Ok(None),
            Some("01") => Ok(Some(Tip::AskPayer)),
            Some("02") => {
                let amount = self.fee_fixed.as_deref().and_then(Amount::parse);
                amount
                    .map(Tip::FixedFee)
                    .map(Some)
                    .ok_or_else(|| invalid("fee_fixed", "expected an amount"))
            }
            Some("03") => {
                let percent = self.fee_percent.as_deref().and_then(Amount::parse);
                let hundredths = percent.and_then(|percent| percent.minor_units(2));
                let hundredths = hundredths.and_then(|hundredths| u16::try_from(hundredths).ok());
                let tip = hundredths.map(Tip::PercentageFee).map(Some);
                tip.ok_or_else(|| invalid("fee_percent", "expected a percentage such as 3.25"))
            }
            _ => Err(invalid(
                "tip_indicator",
                "expected 01, 02 with fee_fixed, or 03 with fee_percent",
            )),
        }
    }
}

/// Whether it is the name of an error or the path of an object; anything else is not repeated.
fn is_name(text: &&str) -> bool {
    text.len() <= 40
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(&byte))
}

/// Why a code can not be written; the object at fault is named, its value is not.
pub(super) fn refused(error: &BuildError) -> CliError {
    CliError::usage("payload", error.to_string())
}

fn invalid(field: &str, message: &str) -> CliError {
    CliError::usage("parts", format!("{field}: {message}"))
}

fn objects(parts: &BTreeMap<String, Part>) -> Result<Vec<(Id, String)>, CliError> {
    let object = |(name, part): (&String, &Part)| {
        let value = match part {
            Part::Text(text) => text.clone(),
            Part::Template(subs) => {
                let subs: Vec<_> = subs
                    .iter()
                    .map(|(sub, value)| Ok((id(sub)?.number(), value.as_str())))
                    .collect::<Result<_, CliError>>()?;
                // The error names account 26, whichever it is.
                emv::template(&subs).map_err(|error| {
                    let text = error.to_string();
                    let text = text.strip_prefix("26").unwrap_or(&text);
                    CliError::usage("payload", format!("{name}{text}"))
                })?
            }
        };
        Ok((id(name)?, value))
    };
    parts.iter().map(object).collect()
}

fn borrowed(objects: &[(Id, String)]) -> Vec<(Id, &str)> {
    objects.iter().map(|(id, value)| (*id, value.as_str())).collect()
}

fn id(name: &str) -> Result<Id, CliError> {
    let digits = name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_digit());
    let id = name.parse().ok().and_then(Id::new).filter(|_| digits);
    id.ok_or_else(|| invalid(name, "an ID is two digits, such as 01"))
}

fn currency(text: &str) -> Result<Currency, CliError> {
    let known = [Currency::IDR, Currency::MYR, Currency::PHP, Currency::THB];
    let by_letters = known.into_iter().find(|currency| currency.letters() == Some(text));
    by_letters.or_else(|| Currency::from_numeric(text)).ok_or_else(|| {
        invalid("currency", "expected the number of ISO 4217, such as 608, or PHP, IDR, MYR, THB")
    })
}

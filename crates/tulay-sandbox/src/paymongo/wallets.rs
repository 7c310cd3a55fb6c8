//! Wallets, and the institutions that money can be sent to.

use super::{Paymongo, business::Performed, rejection::Rejection, resources::moment, state::Book};
use crate::kit::locked;
use http::Uri;
use jiff::Timestamp;
use serde_json::{Value, json};
use tulay_core::{Country, Directory};

impl Paymongo {
    /// All wallets: one in each mode.
    pub(super) fn wallets(&self, book: &Book, uri: &Uri) -> Result<Performed, Rejection> {
        let wanted = parameter(uri, "status").is_none_or(|status| status == "activated");
        let wallets = if wanted { vec![self.wallet(book)?] } else { Vec::new() };
        Ok(Performed::answered(wallets.into()))
    }

    pub(super) fn wallet_by_id(&self, book: &Book, id: &str) -> Result<Performed, Rejection> {
        if id == wallet_id(book) {
            return self.wallet(book).map(Performed::answered);
        }
        Err(Rejection::not_found("wallet", id))
    }

    /// The institutions of a rail. Assumption: the form of a row, and that both rails reach all.
    /// Public programs read `name` and `bic`.
    pub(super) fn institutions(uri: &Uri) -> Result<Performed, Rejection> {
        let rail = parameter(uri, "provider").unwrap_or_default();
        if !["instapay", "pesonet"].contains(&rail) {
            let detail = "provider should be one of instapay, pesonet.";
            return Err(Rejection::bad("parameter_invalid", detail));
        }
        let rows: Vec<_> = institutions()
            .map(
                |(bic, name)| json!({ "bic": format!("{bic}XXX"), "name": name, "provider": rail }),
            )
            .collect();
        Ok(Performed::answered(rows.into()))
    }

    /// The wallet resource. Assumption: what it says of time.
    fn wallet(&self, book: &Book) -> Result<Value, Rejection> {
        let mut platform = locked(&self.platform);
        let available = platform.books(book)?.wallet;
        let merchant = platform.merchant(book);
        let account = merchant.map(|own| (own.wallet_number.clone(), own.wallet_name.clone()));
        let (number, name) = account.unwrap_or_default();
        let since = moment(Timestamp::UNIX_EPOCH);
        Ok(json!({
            "id": wallet_id(book),
            "merchant_id": book.organization,
            "livemode": book.is_live,
            "is_default": true,
            "status": "activated",
            "type": "standard",
            "balance": { "available": available, "pending": 0 },
            "account": {
                "provider": "paymongo",
                "account_name": name,
                "account_number": number,
                "currency": "PHP",
            },
            "created_at": since,
            "updated_at": since,
        }))
    }
}

pub(super) fn wallet_id(book: &Book) -> String {
    let mode = if book.is_live { "Live" } else { "Test" };
    format!("wallet_{}{mode}", book.organization.trim_start_matches("org_"))
}

/// Whether money can be sent to this BIC. Between wallets, only PayMongo's own.
pub(super) fn has_institution(bic: &str, rail: &str) -> bool {
    if rail == "paymongo" {
        return bic == super::code::ACQUIRER;
    }
    bic.strip_suffix("XXX").is_some_and(|bic8| institutions().any(|(known, _)| known == bic8))
}

fn institutions() -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = Directory::of(Country::PH).map(Directory::institutions).unwrap_or_default();
    rows.iter().filter_map(|row| Some((row.bic?, row.name)))
}

fn parameter<'a>(uri: &'a Uri, name: &str) -> Option<&'a str> {
    let pairs = uri.query()?.split('&');
    pairs.filter_map(|pair| pair.split_once('=')).find(|(known, _)| *known == name).map(|(_, v)| v)
}

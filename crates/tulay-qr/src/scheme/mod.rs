//! Whose rules a code follows.

pub mod duitnow;
pub mod emv;
mod kind;
pub mod promptpay;
pub mod qris;
pub mod qrph;
mod short;

use crate::{id::Id, object::Object, payload::Payload};

pub use kind::{Kind, Scheme};
pub(crate) use short::Short;

/// The scheme by the identifiers of the accounts; never by country, nor by how the text begins.
pub(crate) fn detect(payload: &Payload<'_>) -> (Scheme, Kind) {
    let mut qris = None;
    for account in payload.account_templates() {
        let found = match account.guid() {
            Some(guid) => qrph::kind(account, guid)
                .map(|kind| (Scheme::QrPh, kind))
                .or_else(|| duitnow::kind(payload, account, guid).map(|k| (Scheme::DuitNow, k)))
                .or_else(|| promptpay::kind(account, guid).map(|k| (Scheme::PromptPay, k))),
            None => None,
        };
        if let Some(found) = found {
            return found;
        }
        // Acquirers use identifiers of their own; the national account, if any, comes last.
        if qris::is_account(account) {
            qris = qris.or(Some((Scheme::Qris, qris::kind(payload, account))));
        }
    }
    qris.unwrap_or((Scheme::Emv, Kind::Merchant))
}

/// Whether an object from 80 to 99 is to be left as it is: by its scheme's rules, or because it is
/// no sequence of objects that begins with an identifier.
pub(crate) fn is_opaque(scheme: Scheme, object: &Object<'_>) -> bool {
    // TrueMoney's message to the payee is UTF-16 in hexadecimal digits, `0048…`.
    let known =
        matches!((scheme, object.id().number()), (Scheme::DuitNow, 82) | (Scheme::PromptPay, 81));
    let first = object.objects().and_then(|mut objects| objects.next());
    known || first.is_none_or(|first| first.id() != Id::of(0))
}

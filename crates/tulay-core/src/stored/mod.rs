//! The journal's forms of requests and payment instructions: the one place where names and numbers
//! are written in clear. Each form mirrors its type field by field, so that a change there is a
//! decision here.

mod collection;
mod method;
mod party;
mod payment_instructions;
mod payout;
mod refund;
mod static_code;

use crate::{invalid::Invalid, request::Extras, sensitive::Sensitive};
use bytes::Bytes;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{collections::BTreeMap, ops::RangeInclusive};

fn write(stored: &impl Serialize) -> Bytes {
    // Maps with text keys and plain values: there is nothing in it that JSON cannot hold.
    serde_json::to_vec(stored).map(Bytes::from).unwrap_or_default()
}

/// Reads a form of one of these versions. `expected` describes it for the error.
fn read<T: DeserializeOwned>(
    stored: &[u8],
    versions: RangeInclusive<u32>,
    expected: &'static str,
) -> Result<T, Invalid> {
    let damaged = |_| Invalid::new("stored", expected);
    let Version { version } = serde_json::from_slice(stored).map_err(damaged)?;
    if !versions.contains(&version) {
        let (oldest, newest) = versions.into_inner();
        let expected = match oldest == newest {
            true => newest.to_string(),
            false => format!("{oldest} to {newest}"),
        };
        return Err(Invalid::new("stored.version", expected));
    }
    serde_json::from_slice(stored).map_err(damaged)
}

/// Read first: a later version may have other members.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

type StoredExtras = BTreeMap<String, String>;

fn stored_extras(extras: &Extras) -> StoredExtras {
    extras.iter().map(|(key, value)| (key.clone(), value.expose().to_owned())).collect()
}

fn restored_extras(stored: StoredExtras) -> Result<Extras, Invalid> {
    stored.into_iter().map(|(key, value)| Ok((key, Sensitive::new(value)?))).collect()
}

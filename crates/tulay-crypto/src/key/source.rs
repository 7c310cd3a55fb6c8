//! From what a file or a configuration holds to DER bytes.

use super::{
    error::{KeyError, KeyStage, Wanted},
    pem,
};
use crate::{
    encoding::{self, Base64Error},
    misread::{Misread, dense},
};
use zeroize::Zeroizing;

/// The first byte of every key in DER. Base64 of it begins with `M`, so the two cannot be confused.
const SEQUENCE: u8 = 0x30;

pub(super) fn to_der(source: &[u8], wanted: Wanted) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let source = source.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(source);
    if let Some(body) = pem::read(source, wanted)? {
        return decode(body)
            .map_err(|error| refuse_text(wanted, body, error, "its PEM section is"));
    }
    if source.first() == Some(&SEQUENCE) {
        return Ok(Zeroizing::new(source.to_vec()));
    }
    if source.trim_ascii().is_empty() {
        return Err(wanted.refuse(
            KeyStage::Decode,
            "it is empty",
            "check the path or variable that it is read from",
        ));
    }
    if source.starts_with(b"ssh-") {
        return Err(wanted.openssh_public());
    }
    let der = decode(source)
        .map_err(|error| refuse_text(wanted, source, error, "it is neither PEM nor DER, and"))?;
    // What is hexadecimal throughout is base64 by chance.
    let chance = Misread::of(source).filter(|misread| *misread == Misread::Hexadecimal);
    if let [SEQUENCE, 0x82, high, low, rest @ ..] = der.as_slice()
        && rest.len() < usize::from(u16::from_be_bytes([*high, *low]))
        && Misread::of(source) == Some(Misread::BlankForPlus)
    {
        return Err(refuse_misread(wanted, Misread::BlankForPlus));
    }
    match chance.or_else(|| Misread::of_decoded(&der)) {
        Some(misread) if der.first() != Some(&SEQUENCE) => Err(refuse_misread(wanted, misread)),
        _ => Ok(der),
    }
}

/// Text editors and portals break and indent base64 as they like; everything else stays strict.
fn decode(text: &[u8]) -> Result<Zeroizing<Vec<u8>>, Base64Error> {
    encoding::decode_secret(&dense(text))
}

fn refuse_text(wanted: Wanted, text: &[u8], error: Base64Error, what: &str) -> KeyError {
    match Misread::of(text) {
        Some(misread) => refuse_misread(wanted, misread),
        None => {
            let fix = "copy the key again from its source, as a whole and unchanged";
            wanted.refuse(KeyStage::Decode, format!("{what} {error}"), fix)
        }
    }
}

fn refuse_misread(wanted: Wanted, misread: Misread) -> KeyError {
    wanted.refuse(KeyStage::Decode, format!("it is {}", misread.found()), misread.fix())
}

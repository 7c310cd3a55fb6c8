//! PEM: one labelled section of base64 in any surrounding text.
//!
//! The label is not what decides: portals label PKCS#8 as `RSA PRIVATE KEY` and the reverse. The
//! bytes inside tell what they are.

use super::error::{KeyError, KeyStage, Wanted};
use crate::encoding;

const BEGIN: &[u8] = b"-----BEGIN ";
const DASHES: &[u8] = b"-----";
/// 64 characters a line, as RFC 7468 asks of writers.
const BYTES_PER_LINE: usize = 48;

/// The base64 of the only section of `text`, or nothing if it is not PEM at all.
pub(super) fn read(text: &[u8], wanted: Wanted) -> Result<Option<&[u8]>, KeyError> {
    let Some((_, rest)) = split_once(text, BEGIN) else { return Ok(None) };
    let label_and_rest =
        split_once(rest, DASHES).filter(|(label, _)| !label.iter().any(u8::is_ascii_control));
    let Some((label, rest)) = label_and_rest else {
        return Err(cut_short(wanted, "its PEM BEGIN line does not end in five dashes"));
    };
    let end = [b"-----END ", label, DASHES].concat();
    let Some((body, rest)) = split_once(rest, &end) else {
        return Err(cut_short(wanted, "its PEM section has no END line of the same name"));
    };
    if split_once(body, BEGIN).or_else(|| split_once(rest, BEGIN)).is_some() {
        return Err(wanted.refuse(
            KeyStage::Decode,
            "it holds more than one PEM section",
            "keep only the section with the key, from its BEGIN line to its END line",
        ));
    }
    if label == b"OPENSSH PRIVATE KEY" {
        return Err(wanted.openssh_private());
    }
    if split_once(body, b"Proc-Type: 4,ENCRYPTED").is_some() {
        return Err(wanted.encrypted());
    }
    Ok(Some(body))
}

pub(super) fn write(label: &str, der: &[u8]) -> String {
    // Reserved in full: a buffer that grows would leave copies of a secret behind.
    let lines = der.len().div_ceil(BYTES_PER_LINE);
    let mut text = String::with_capacity(lines * 65 + 2 * (label.len() + 20));
    text.extend(["-----BEGIN ", label, "-----\n"]);
    for line in der.chunks(BYTES_PER_LINE) {
        encoding::encode_onto(&mut text, line);
        text.push('\n');
    }
    text.extend(["-----END ", label, "-----\n"]);
    text
}

fn cut_short(wanted: Wanted, found: &'static str) -> KeyError {
    wanted.refuse(
        KeyStage::Decode,
        found,
        "copy the key again, from its BEGIN line to its END line",
    )
}

/// `str::split_once` for bytes: the text around a key may be in any encoding.
fn split_once<'a>(bytes: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = bytes.windows(mark.len()).position(|window| window == mark)?;
    Some((bytes.get(..at)?, bytes.get(at + mark.len()..)?))
}

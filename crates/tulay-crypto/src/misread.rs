//! Texts in the place of base64, and what they are instead. Nothing here makes a reading laxer: it
//! finds the sentence for a text that was refused.

use base64::prelude::{
    BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD, Engine as _,
};
use zeroize::Zeroizing;

/// What stands in the place of base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misread {
    BlankForPlus,
    EscapedLineBreaks,
    Hexadecimal,
    MissingPadding,
    Named,
    Pem,
    PercentEncoded,
    Quoted,
    /// Base64 of base64.
    Twice,
    /// Base64 of hexadecimal digits.
    TwiceHexadecimal,
    /// Base64 of PEM.
    TwicePem,
    UrlAlphabet,
    Utf16,
}

impl Misread {
    /// What a text that is no strict base64 is; `None` where its form is not known.
    pub(crate) fn of(source: &[u8]) -> Option<Self> {
        if is_utf16(source) {
            return Some(Self::Utf16);
        }
        let text = source.trim_ascii();
        if text.starts_with(b"-----BEGIN") {
            return Some(Self::Pem);
        }
        if text.contains(&b'\\') {
            return Some(Self::EscapedLineBreaks);
        }
        if text.first().is_some_and(|byte| b"\"'`".contains(byte))
            || text.last().is_some_and(|byte| b"\"'`".contains(byte))
        {
            return Some(Self::Quoted);
        }
        if has_escape(text) {
            return Some(Self::PercentEncoded);
        }
        let dense = dense(text);
        if is_hexadecimal(&dense) {
            return Some(Self::Hexadecimal);
        }
        if text.contains(&b' ') && decodes_with_plus(text) {
            return Some(Self::BlankForPlus);
        }
        if BASE64_STANDARD_NO_PAD.decode(&*dense).is_ok_and(wiped) {
            return Some(Self::MissingPadding);
        }
        let url = dense.contains(&b'-') || dense.contains(&b'_');
        if url
            && (BASE64_URL_SAFE.decode(&*dense).is_ok_and(wiped)
                || BASE64_URL_SAFE_NO_PAD.decode(&*dense).is_ok_and(wiped))
        {
            return Some(Self::UrlAlphabet);
        }
        let name = dense.split(|byte| b"=:".contains(byte)).next().unwrap_or_default();
        let named = (1..=20).contains(&name.len()) && name.len() + 100 < dense.len();
        named.then_some(Self::Named)
    }

    /// What decoded bytes are, where they are text that was encoded once too often.
    pub(crate) fn of_decoded(decoded: &[u8]) -> Option<Self> {
        let text = decoded.trim_ascii();
        if text.starts_with(b"-----BEGIN") {
            return Some(Self::TwicePem);
        }
        let dense = dense(text);
        if dense.len() < 100 || !dense.is_ascii() {
            return None;
        }
        if is_hexadecimal(&dense) {
            return Some(Self::TwiceHexadecimal);
        }
        BASE64_STANDARD.decode(&*dense).is_ok_and(wiped).then_some(Self::Twice)
    }

    /// What it is, behind "it is" or "the signature is".
    pub(crate) const fn found(self) -> &'static str {
        match self {
            Self::BlankForPlus => "base64 with blanks where plus signs were",
            Self::EscapedLineBreaks => r"base64 with a backslash in it",
            Self::Hexadecimal => "hexadecimal, not base64",
            Self::MissingPadding => "base64 without the = at its end",
            Self::Named => "base64 behind a name such as sign=",
            Self::Pem => "PEM, with BEGIN and END lines",
            Self::PercentEncoded => "percent-encoded base64, with %2B, %2F or %3D in it",
            Self::Quoted => "base64 in quotation marks",
            Self::Twice => "base64 of base64: it was encoded twice",
            Self::TwiceHexadecimal => "base64 of hexadecimal digits",
            Self::TwicePem => "base64 of a PEM file: it was encoded twice",
            Self::UrlAlphabet => "base64 of the URL alphabet, with - and _ for + and /",
            Self::Utf16 => "UTF-16 text, with two bytes for each character",
        }
    }

    /// What to do about it.
    pub(crate) const fn fix(self) -> &'static str {
        match self {
            Self::BlankForPlus => {
                "a form or an address was decoded once too often: give the text as it was sent, or \
                 write + for each blank"
            }
            Self::EscapedLineBreaks => r"line breaks written as `\n` must become real line breaks",
            Self::Hexadecimal => "convert it: `xxd -r -p FILE | base64`",
            Self::MissingPadding => "write = at its end until the length is a multiple of four",
            Self::Named => "give what stands behind the name, alone",
            Self::Pem => "give the lines between BEGIN and END, alone",
            Self::PercentEncoded => "decode it: + for %2B, / for %2F, = for %3D",
            Self::Quoted => "leave the quotation marks out",
            Self::Twice | Self::TwicePem => "decode it once: `base64 -d FILE`",
            Self::TwiceHexadecimal => "decode it: `base64 -d FILE | xxd -r -p`",
            Self::UrlAlphabet => "write + for - and / for _: `tr -- '-_' '+/'`",
            Self::Utf16 => "save the file as UTF-8: `iconv -f UTF-16 -t UTF-8 FILE`",
        }
    }
}

/// The text without white space. What is looked at may be a private key.
pub(crate) fn dense(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut dense = Zeroizing::new(Vec::with_capacity(text.len()));
    dense.extend(text.iter().filter(|byte| !byte.is_ascii_whitespace()));
    dense
}

/// That something could be decoded is all that is of interest.
fn wiped(decoded: Vec<u8>) -> bool {
    !Zeroizing::new(decoded).is_empty()
}

fn decodes_with_plus(text: &[u8]) -> bool {
    let mut with_plus = Zeroizing::new(text.to_vec());
    for byte in with_plus.iter_mut().filter(|byte| **byte == b' ') {
        *byte = b'+';
    }
    BASE64_STANDARD.decode(&*dense(&with_plus)).is_ok_and(wiped)
}

/// A byte order mark, or a zero in every second byte.
fn is_utf16(source: &[u8]) -> bool {
    let (pairs, _) = source.as_chunks::<2>();
    let zeros = |which: usize| pairs.iter().all(|pair| pair.get(which) == Some(&0));
    matches!(source, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])
        || pairs.len() >= 8 && (zeros(0) != zeros(1))
}

fn is_hexadecimal(dense: &[u8]) -> bool {
    dense.len() >= 32 && dense.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b':')
}

fn has_escape(text: &[u8]) -> bool {
    let escapes: [&[u8]; 3] = [b"%2b", b"%2f", b"%3d"];
    text.windows(3).any(|part| escapes.iter().any(|escape| part.eq_ignore_ascii_case(escape)))
}

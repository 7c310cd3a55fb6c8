//! What some bytes are, where something else was expected.

use serde::de::IgnoredAny;
use std::fmt;

/// How far into the content a page is recognised.
const BEGINNING: usize = 1024;

/// What kind of content some bytes are, read from the bytes alone. It says what arrived in the place
/// of a message or a file, and nothing of what stands in it, which may be personal.
///
/// ```
/// use tulay_core::ContentKind;
/// let page = b"\n<!DOCTYPE html><html><body>Service Unavailable</body></html>";
/// assert_eq!(ContentKind::of(page), ContentKind::Html);
/// assert_eq!(ContentKind::of(b"").to_string(), "empty");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentKind {
    /// Nothing, or blanks alone.
    Empty,
    /// A page of HTML, or a part of one.
    Html,
    /// XML.
    Xml,
    /// JSON.
    Json,
    /// Text that begins as JSON and is none.
    BrokenJson,
    /// Compressed by gzip.
    Gzip,
    /// Compressed by zstd.
    Zstd,
    /// A zip archive, as XLSX files are.
    Zip,
    /// An old spreadsheet of Excel (XLS).
    Xls,
    /// A PDF document.
    Pdf,
    /// Text in UTF-16.
    Utf16,
    /// Other text.
    Text,
    /// Anything else.
    Binary,
}

impl ContentKind {
    /// The kind of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let magic: [(&[u8], Self); 7] = [
            (b"\x1f\x8b", Self::Gzip),
            (b"\x28\xb5\x2f\xfd", Self::Zstd),
            (b"PK\x03\x04", Self::Zip),
            (b"\xd0\xcf\x11\xe0", Self::Xls),
            (b"%PDF", Self::Pdf),
            (b"\xff\xfe", Self::Utf16),
            (b"\xfe\xff", Self::Utf16),
        ];
        if let Some((_, kind)) = magic.into_iter().find(|(magic, _)| bytes.starts_with(magic)) {
            return kind;
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii();
        let beginning = bytes.get(..BEGINNING).unwrap_or(bytes).to_ascii_lowercase();
        let has = |text: &[u8]| beginning.windows(text.len()).any(|part| part == text);
        match beginning.first() {
            None => Self::Empty,
            Some(b'<') if has(b"<html") || has(b"<!doctype html") => Self::Html,
            Some(b'<') if has(b"<?xml") || has(b"xmlns") => Self::Xml,
            Some(b'<') => Self::Html,
            Some(b'{' | b'[') => match serde_json::from_slice::<IgnoredAny>(bytes) {
                Ok(_) => Self::Json,
                Err(_) => Self::BrokenJson,
            },
            _ if serde_json::from_slice::<IgnoredAny>(bytes).is_ok() => Self::Json,
            _ if bytes.iter().any(|byte| is_control(*byte)) => Self::Binary,
            _ => Self::Text,
        }
    }

    /// What it is, as a clause that goes on after "it is": `an HTML page`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Html => "an HTML page",
            Self::Xml => "XML",
            Self::Json => "JSON",
            Self::BrokenJson => "JSON that is cut short or damaged",
            Self::Gzip => "compressed data (gzip)",
            Self::Zstd => "compressed data (zstd)",
            Self::Zip => "a zip archive",
            Self::Xls => "an Excel file (XLS)",
            Self::Pdf => "a PDF document",
            Self::Utf16 => "text in UTF-16",
            Self::Text => "plain text",
            Self::Binary => "binary data",
        }
    }
}

/// A byte that no text has, in any encoding that is built on ASCII.
const fn is_control(byte: u8) -> bool {
    byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0c')
}

impl fmt::Display for ContentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn content_is_known_by_its_bytes() {
        for (bytes, kind) in [
            (&b""[..], ContentKind::Empty),
            (b" \r\n\t", ContentKind::Empty),
            (b"\xef\xbb\xbf", ContentKind::Empty),
            (b"<!DOCTYPE HTML PUBLIC \"-//IETF//DTD\">", ContentKind::Html),
            (b"\xef\xbb\xbf\n<HTML><head>", ContentKind::Html),
            (b"<h1>503 Service Temporarily Unavailable</h1>", ContentKind::Html),
            (b"<!-- a page --><html>", ContentKind::Html),
            (
                b"<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\">",
                ContentKind::Html,
            ),
            (b"<?xml version=\"1.0\"?><Error/>", ContentKind::Xml),
            (b"<soap:Envelope xmlns:soap=\"x\"/>", ContentKind::Xml),
            (b"{\"a\":[1]}", ContentKind::Json),
            (b" [] ", ContentKind::Json),
            (b"null", ContentKind::Json),
            (b"{\"a\":[1", ContentKind::BrokenJson),
            (b"{}{}", ContentKind::BrokenJson),
            (b"\x1f\x8b\x08\x00", ContentKind::Gzip),
            (b"\x28\xb5\x2f\xfd\x00", ContentKind::Zstd),
            (b"PK\x03\x04x", ContentKind::Zip),
            (b"\xd0\xcf\x11\xe0\xa1", ContentKind::Xls),
            (b"%PDF-1.7", ContentKind::Pdf),
            (b"\xff\xfea\x00", ContentKind::Utf16),
            (b"a,b\r\n1,2\r\n", ContentKind::Text),
            (b"upstream connect error", ContentKind::Text),
            (b"caf\xe9", ContentKind::Text),
            (b"\x16\x03\x01", ContentKind::Binary),
            (b"a\x00b", ContentKind::Binary),
        ] {
            assert_eq!(ContentKind::of(bytes), kind, "{}", bytes.escape_ascii());
        }
    }

    proptest! {
        #[test]
        fn every_byte_string_has_a_kind(bytes: Vec<u8>) {
            let _ = ContentKind::of(&bytes);
        }
    }
}

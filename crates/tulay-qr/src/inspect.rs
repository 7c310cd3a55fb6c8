//! A text of any kind: its kind, and everything that can be read from it.

use crate::{
    crc::ends_with_right_crc,
    error::{Error, ErrorKind},
    findings::Findings,
    lenient::{self, Leniency},
    lookalike::{Lookalike, lookalike},
    payload::{Payload, Reading, scan},
    repair::causes,
    sbp::{self, SbpLink},
    scheme::Scheme,
    validate::of_payload,
    warning::{Warning, WarningKind},
};
use alloc::vec::Vec;

/// What a text is, and all that is wrong or unusual about it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Inspection<'a> {
    /// The text.
    pub text: &'a str,
    /// What could be read; `None` where the structure is broken beyond that.
    pub content: Option<Content<'a>>,
    /// What is wrong and what is unusual.
    pub findings: Findings,
    /// What a lenient reading overlooked.
    pub leniencies: Vec<Leniency>,
    /// What the text is, if it is known to be something else.
    pub lookalike: Option<Lookalike>,
}

/// What was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant, reason = "on the stack, and for a moment")]
pub enum Content<'a> {
    /// An EMVCo code.
    Payload(Payload<'a>),
    /// A link of SBP.
    Sbp(SbpLink<'a>),
}

impl Inspection<'_> {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.findings.is_valid()
    }

    /// Whether it is a payment code, be it a broken one: it begins like one, or can be read up to a
    /// CRC, or is a link of SBP. What is none may be a key, or a table of persons: show none of it.
    #[must_use]
    pub fn is_code(&self) -> bool {
        let is_long = self.findings.errors.iter().any(|error| error.kind == ErrorKind::TooLong);
        if self.lookalike.is_some() || is_long {
            return false;
        }
        let bare = self.text.trim_start_matches(|c: char| !c.is_ascii_alphanumeric()).as_bytes();
        match self.content {
            Some(Content::Payload(payload)) if !payload.crc().is_empty() => true,
            Some(Content::Sbp(_)) => true,
            _ => matches!(bare, [b'0', b'0', b'0', b'2', b'0'..=b'9', b'0'..=b'9', ..]),
        }
    }

    /// The scheme.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        match self.content {
            Some(Content::Payload(payload)) => payload.scheme(),
            Some(Content::Sbp(_)) => Scheme::Sbp,
            None if SbpLink::looks_like(self.text) => Scheme::Sbp,
            None => Scheme::Emv,
        }
    }
}

/// Reads a text of any kind strictly, and says everything about it at once.
///
/// ```
/// use tulay_qr::{Content, inspect};
/// let seen = inspect("00020101021229370016A0000006770101110113006681111111153037645802TH54030,56304C95F");
/// let names: Vec<_> = seen.findings.errors.iter().map(|error| error.kind.name()).collect();
/// assert_eq!(names, ["crc_mismatch", "bad_amount"]);
/// assert!(matches!(seen.content, Some(Content::Payload(_))));
/// ```
#[must_use]
pub fn inspect(text: &str) -> Inspection<'_> {
    read(text, false)
}

/// As [`inspect`], with the mistakes that occur in live codes overlooked and reported:
/// [`Payload::parse_leniently`] says which. An SBP link's wrong checksum is one of them.
#[must_use]
pub fn inspect_leniently(text: &str) -> Inspection<'_> {
    read(text, true)
}

/// Everything that is wrong or unusual about a text, strictly read.
#[must_use]
pub fn validate(text: &str) -> Findings {
    inspect(text).findings
}

fn read(text: &str, lenient: bool) -> Inspection<'_> {
    if SbpLink::looks_like(text) { of_link(text, lenient) } else { of_code(text, lenient) }
}

fn of_link(text: &str, lenient: bool) -> Inspection<'_> {
    let mut findings = Findings::default();
    let ((begin, end), mut leniencies) =
        if lenient { lenient::trim(text) } else { ((0, text.len()), Vec::new()) };
    let add = |error: Error, errors: &mut Vec<Error>| {
        let at = error.byte_offset.saturating_add(begin);
        errors.push(Error::at(text, at, error.kind, None));
    };
    let mut report = |error| {
        add(error, &mut findings.errors);
        Ok(())
    };
    let content = match sbp::read(text.get(begin..end).unwrap_or_default(), &mut report) {
        // What a link with a wrong parameter asks for is not known.
        Ok(_) if !findings.errors.is_empty() => None,
        Ok(link) => {
            if link.sum().is_some() && link.currency().is_none() {
                let kind = WarningKind::SbpCurrencyMissing;
                findings.warnings.push(Warning::at(text, end, kind, None));
            }
            if link.crc_matches() == Some(false) {
                let at = link.crc_byte_offset().unwrap_or_default().saturating_add(begin);
                if lenient {
                    let kind = WarningKind::SbpCrcMismatch;
                    findings.warnings.push(Warning::at(text, at, kind, None));
                    leniencies.push(Leniency::SbpCrcMismatch);
                } else {
                    findings.errors.push(Error::at(text, at, ErrorKind::SbpCrcMismatch, None));
                }
            }
            Some(Content::Sbp(link))
        }
        Err(error) => {
            add(error, &mut findings.errors);
            None
        }
    };
    if content.is_none() {
        add_causes(text, lenient, &mut findings);
    }
    Inspection { text, content, findings, leniencies, lookalike: None }
}

fn of_code(text: &str, lenient: bool) -> Inspection<'_> {
    let mut findings = Findings::default();
    let mut report = |error| {
        findings.errors.push(error);
        Ok(())
    };
    let read = if lenient {
        lenient::read(text, &mut report).map(|read| (read.payload, read.leniencies))
    } else {
        scan(Reading::strict(text), &mut report).map(|payload| (payload, Vec::new()))
    };
    let (content, leniencies) = match read {
        Ok((payload, leniencies)) => {
            if !findings.is_valid() {
                add_causes(text, lenient, &mut findings);
            }
            of_payload(&payload, &mut findings);
            (Some(Content::Payload(payload)), leniencies)
        }
        Err(error) => {
            findings.errors.push(error);
            add_causes(text, lenient, &mut findings);
            (None, Vec::new())
        }
    };
    let lookalike = if findings.is_valid() { None } else { lookalike(text) };
    Inspection { text, content, findings, leniencies, lookalike }
}

/// Adds why the structure is broken, where the text shows it: in front of what follows from it, unless
/// that says the same more closely.
fn add_causes(text: &str, lenient: bool, findings: &mut Findings) {
    if findings.errors.iter().any(|error| error.kind == ErrorKind::TooLong) {
        return;
    }
    let overlooked = [ErrorKind::ByteOrderMark, ErrorKind::Quotes, ErrorKind::WhiteSpace];
    let causes = causes(text).into_iter();
    let causes = causes.filter(|error| !lenient || !overlooked.contains(&error.kind));
    let (behind, before): (Vec<_>, Vec<_>) = causes.partition(|error| match error.kind {
        ErrorKind::CrcShort | ErrorKind::LengthInBytes => true,
        // The author's own line break.
        ErrorKind::LineBreak => ends_with_right_crc(text),
        _ => false,
    });
    findings.errors.splice(0..0, before);
    findings.errors.extend(behind);
}

//! The one pass that checks a code's structure.

use super::{Payload, Starts};
use crate::{
    crc::{crc16, from_digits},
    error::{Error, ErrorKind},
    id::{Id, Path},
    object::{Counting, Fault, HEADER, Object, Objects},
};

impl<'a> Payload<'a> {
    /// Reads a code strictly.
    ///
    /// # Errors
    /// The first thing that is wrong with the structure, in this order: the objects from left to
    /// right, object 00, the CRC, the objects within the templates 26 to 51, 62 and 64.
    pub fn parse(text: &'a str) -> Result<Self, Error> {
        scan(Reading::strict(text), &mut Err)
    }
}

/// As many alphanumeric characters has a QR code at most.
pub(crate) const CAPACITY: usize = 4296;

/// What is read, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) text: &'a str,
    /// Where the code begins and ends within the text.
    pub(crate) body: (usize, usize),
    pub(crate) counting: Counting,
    pub(crate) lowercase_crc: bool,
}

impl<'a> Reading<'a> {
    pub(crate) fn strict(text: &'a str) -> Self {
        let counting = if text.is_ascii() { Counting::Bytes } else { Counting::Characters };
        Self { text, body: (0, text.len()), counting, lowercase_crc: false }
    }
}

/// Checks the structure. Each error goes to `report`, which stops the pass by giving it back; one
/// after which nothing can be read ends the pass by itself.
pub(crate) fn scan<'a>(
    reading: Reading<'a>,
    report: &mut impl FnMut(Error) -> Result<(), Error>,
) -> Result<Payload<'a>, Error> {
    let Reading { text, body: (begin, end), counting, .. } = reading;
    let error = |kind, at, path| Error::at(text, at, kind, path);
    let body = text.get(begin..end).unwrap_or_default();
    if let Some(at) = beyond_capacity(text) {
        return Err(error(ErrorKind::TooLong, at, None));
    }
    if body.is_empty() {
        return Err(error(ErrorKind::Empty, begin, None));
    }
    let has_controls = has_controls(body);
    let mut starts = Starts::NONE;
    let mut first = None;
    let mut objects = Objects::new(body, begin, counting);
    let crc = loop {
        let object = match objects.read() {
            None => break None,
            Some(Ok(object)) => object,
            Some(Err(fault)) => return Err(of_fault(text, fault, None)),
        };
        let (id, at) = (object.id(), object.byte_offset());
        first.get_or_insert(object);
        if starts.get(id).is_some() {
            report(error(ErrorKind::DuplicateId, at, Some(id.into())))?;
        } else {
            starts.set(id, at);
        }
        if has_controls && let Some(at) = control(&object) {
            report(error(ErrorKind::ControlChar, at, None))?;
        }
        if id == Id::CRC {
            let after = object.value_byte_offset().wrapping_add(object.value().len());
            if after < end {
                report(error(ErrorKind::TrailingData, after, None))?;
            }
            break Some(object);
        }
    };
    check_format_indicator(text, begin, first, report)?;
    check_crc(reading, crc, report)?;
    let templates = starts.ids(Id::of(26), Id::of(51));
    for id in templates.chain([Id::ADDITIONAL_DATA, Id::LANGUAGE]) {
        let Some(start) = starts.get(id) else { continue };
        let rest = text.get(start..end).unwrap_or_default();
        if let Some(template) = Objects::new(rest, start, counting).next() {
            check_template(text, &template, report)?;
        }
    }
    Ok(Payload { text, body: (begin, end), counting, starts })
}

/// Where the first character stands that no QR code has place for, alphanumeric as it may be
/// (ISO/IEC 18004, version 40-L).
pub(crate) fn beyond_capacity(text: &str) -> Option<usize> {
    // Bytes are at least as many as characters.
    if text.len() <= CAPACITY { None } else { text.char_indices().nth(CAPACITY).map(|(at, _)| at) }
}

fn check_format_indicator(
    text: &str,
    begin: usize,
    first: Option<Object<'_>>,
    report: &mut impl FnMut(Error) -> Result<(), Error>,
) -> Result<(), Error> {
    let (kind, at, path) = match first {
        Some(first) if first.id() == Id::FORMAT_INDICATOR => match first.value() {
            "01" | "02" => return Ok(()),
            _ => {
                let path = Some(Id::FORMAT_INDICATOR.into());
                (ErrorKind::BadFormatIndicator, first.value_byte_offset(), path)
            }
        },
        _ => (ErrorKind::FormatIndicatorNotFirst, begin, None),
    };
    report(Error::at(text, at, kind, path))
}

fn check_crc(
    Reading { text, body: (begin, end), lowercase_crc, .. }: Reading<'_>,
    crc: Option<Object<'_>>,
    report: &mut impl FnMut(Error) -> Result<(), Error>,
) -> Result<(), Error> {
    let Some(crc) = crc else {
        return report(Error::at(text, end, ErrorKind::CrcMissing, None));
    };
    let path = Some(Path::from(Id::CRC));
    if crc.value().chars().count() != 4 {
        // Where the length stands, as for a length of zero.
        let at = crc.byte_offset().wrapping_add(2);
        return report(Error::at(text, at, ErrorKind::CrcBadLength, path));
    }
    let at = crc.value_byte_offset();
    let hashed = text.as_bytes().get(begin..at).unwrap_or_default();
    let kind = match from_digits(crc.value()) {
        None => ErrorKind::CrcNotHex,
        Some(number) if number != crc16(hashed) => ErrorKind::CrcMismatch,
        Some(_) if lowercase_crc || !crc.value().bytes().any(|byte| byte.is_ascii_lowercase()) => {
            return Ok(());
        }
        Some(_) => ErrorKind::CrcLowercase,
    };
    report(Error::at(text, at, kind, path))
}

fn check_template(
    text: &str,
    template: &Object<'_>,
    report: &mut impl FnMut(Error) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut seen = 0_u128;
    let mut objects = template.objects_unchecked();
    while let Some(object) = objects.read() {
        let object = match object {
            Ok(object) => object,
            // The root can be read on.
            Err(fault) => return report(of_fault(text, fault, Some(template.id()))),
        };
        let bit = 1_u128 << object.id().number();
        if seen & bit != 0 {
            let path = Path::within(template.id(), object.id());
            let at = object.byte_offset();
            report(Error::at(text, at, ErrorKind::DuplicateId, Some(path)))?;
        }
        seen |= bit;
    }
    Ok(())
}

#[cold]
fn of_fault(text: &str, fault: Fault, template: Option<Id>) -> Error {
    let path = match (template, fault.id) {
        (Some(root), sub) => Some(Path { root, sub }),
        (None, root) => root.map(Path::from),
    };
    Error::at(text, fault.at, fault.kind, path)
}

/// Whether there is a control character: C0, DEL or C1.
fn has_controls(text: &str) -> bool {
    // Looks at every byte, which compilers make faster than stopping at the first. The first byte
    // of C1 is that of other characters too; `control` looks closer.
    text.bytes().fold(false, |found, byte| found | (byte < b' ') | (byte == 0x7F) | (byte == 0xC2))
}

#[cold]
fn control(object: &Object<'_>) -> Option<usize> {
    let at = object.value().find(char::is_control)?;
    Some(object.byte_offset().wrapping_add(HEADER).wrapping_add(at))
}

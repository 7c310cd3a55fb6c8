//! Links of SBP, the Russian system for fast payments.

use crate::{
    crc::{crc16, crc16_after, from_digits},
    error::{Error, ErrorKind},
    initiation::Initiation,
    payload::beyond_capacity,
};
use core::fmt;

/// A link of SBP: `https://qr.nspk.ru/<ID>?type=02&bank=…&sum=…&cur=RUB&crc=…`. The text stays as it
/// is; links are issued by the bank's interface and never put together or changed.
///
/// ```
/// use tulay_qr::{Initiation, SbpLink};
/// let link = SbpLink::parse(
///     "https://qr.nspk.ru/AD10003B4EACO3648G89G25T6DLRGBLB?type=02&bank=100000000111&sum=100&cur=RUB&crc=1A23",
/// )?;
/// assert_eq!(link.initiation(), Some(Initiation::Dynamic));
/// assert_eq!(link.sum(), Some(100)); // kopecks
/// assert!(link.crc_matches() != Some(false));
/// # Ok::<_, tulay_qr::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SbpLink<'a> {
    text: &'a str,
    purpose: SbpPurpose,
    id: &'a str,
    query: &'a str,
}

/// What an SBP link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SbpPurpose {
    /// `qr.nspk.ru`: to pay.
    Payment,
    /// `sub.nspk.ru`: to link an account for later payments.
    Subscription,
}

impl<'a> SbpLink<'a> {
    /// Reads a link. Scheme and host may be in capitals. Its own checksum is not looked at, as no
    /// public document states it: [`crc_matches`](Self::crc_matches) tells. Links without a query
    /// are issued too; parameters of unknown names are passed over.
    ///
    /// # Errors
    /// The first thing that is wrong, its kind one of `sbp_…`: the scheme, the host, the code named,
    /// a parameter that is malformed, repeated, or states a sum that is no number of kopecks or a
    /// currency other than RUB.
    pub fn parse(text: &'a str) -> Result<Self, Error> {
        read(text, &mut Err)
    }

    /// Whether a text is meant to be a link of SBP, be it a false or a broken one, which
    /// [`parse`](Self::parse) refuses.
    #[must_use]
    pub fn looks_like(text: &str) -> bool {
        const DOMAIN: &[u8] = b"nspk.ru";
        let authority = text.split_once("://").map_or(text, |(_, rest)| rest).split('/').next();
        let authority = authority.unwrap_or_default().as_bytes();
        authority.windows(DOMAIN.len()).any(|part| part.eq_ignore_ascii_case(DOMAIN))
    }

    /// The link as it was read.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// What it is for.
    #[must_use]
    pub const fn purpose(&self) -> SbpPurpose {
        self.purpose
    }

    /// The code's ID, 32 characters.
    #[must_use]
    pub const fn id(&self) -> &'a str {
        self.id
    }

    /// What the ID begins with: `AS` and `BS` static, `AD` and `BD` dynamic.
    #[must_use]
    pub fn id_prefix(&self) -> &'a str {
        self.id.get(..2).unwrap_or_default()
    }

    /// Whether it serves many payments or one; `None` for links that do not say (`type`).
    #[must_use]
    pub fn initiation(&self) -> Option<Initiation> {
        match self.parameter("type")? {
            "01" => Some(Initiation::Static),
            "02" => Some(Initiation::Dynamic),
            _ => None,
        }
    }

    /// The bank's number, 12 digits.
    #[must_use]
    pub fn bank(&self) -> Option<&'a str> {
        self.parameter("bank")
    }

    /// The sum in kopecks, if it is stated.
    #[must_use]
    pub fn sum(&self) -> Option<u64> {
        kopecks(self.parameter("sum")?)
    }

    /// The currency as the link states it: `RUB`.
    #[must_use]
    pub fn currency(&self) -> Option<&'a str> {
        self.parameter("cur")
    }

    /// The checksum as the link states it.
    #[must_use]
    pub fn crc(&self) -> Option<&'a str> {
        self.parameter("crc")
    }

    /// Whether the checksum matches; `None` if there is none. It is the CRC of EMVCo codes over all
    /// that stands before `&crc=`: found by trying on links in use, stated in no public document.
    #[must_use]
    pub fn crc_matches(&self) -> Option<bool> {
        let given = self.crc()?;
        let at = self.crc_byte_offset()?;
        // With the separator, `&` or `?`, cut off.
        let hashed = self.text.get(..at.checked_sub("&crc=".len())?)?;
        let given = from_digits(given);
        Some(given == Some(crc16(hashed.as_bytes())) || given == crc16_in_small_letters(hashed))
    }

    /// The value of a parameter of the query.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&'a str> {
        let mut pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    pub(crate) fn crc_byte_offset(&self) -> Option<usize> {
        let mut at = self.text.len().saturating_sub(self.query.len());
        for pair in self.query.split('&') {
            if pair.starts_with("crc=") {
                return at.checked_add("crc=".len());
            }
            at = at.checked_add(pair.len())?.checked_add(1)?;
        }
        None
    }
}

impl fmt::Display for SbpLink<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl fmt::Debug for SbpLink<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SbpLink").field("purpose", &self.purpose).finish_non_exhaustive()
    }
}

/// The parameters whose names mean something here.
const PARAMETERS: [&str; 5] = ["type", "bank", "sum", "cur", "crc"];

/// Reads a link. What is wrong with a parameter goes to `report`; anything else ends the reading.
pub(crate) fn read<'a>(
    text: &'a str,
    report: &mut impl FnMut(Error) -> Result<(), Error>,
) -> Result<SbpLink<'a>, Error> {
    let error = |at, kind| Error::at(text, at, kind, None);
    if let Some(at) = beyond_capacity(text) {
        return Err(error(at, ErrorKind::TooLong));
    }
    let (scheme, rest) = text.split_once("://").ok_or_else(|| error(0, ErrorKind::SbpBadScheme))?;
    if !scheme.eq_ignore_ascii_case("https") && !is_bank(scheme) {
        return Err(error(0, ErrorKind::SbpBadScheme));
    }
    let host_at = text.len().saturating_sub(rest.len());
    // Whatever may follow a host: so that no part of another host's name is taken for ours.
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-')));
    let (host, rest) = rest.split_at(end.unwrap_or(rest.len()));
    let purpose = if host.eq_ignore_ascii_case("qr.nspk.ru") {
        SbpPurpose::Payment
    } else if host.eq_ignore_ascii_case("sub.nspk.ru") {
        SbpPurpose::Subscription
    } else {
        return Err(error(host_at, ErrorKind::SbpBadHost));
    };
    let path = match rest.chars().next() {
        None => "",
        Some('/') => rest.get(1..).unwrap_or_default(),
        // A port, a user name, anything else that makes it another address.
        Some(_) => return Err(error(host_at, ErrorKind::SbpBadHost)),
    };
    let path_at = text.len().saturating_sub(path.len());
    let usual = |c: char| c.is_ascii_alphanumeric() || "?&=._-".contains(c);
    if let Some(at) = path.find(|c| !usual(c)) {
        return Err(error(path_at.saturating_add(at), ErrorKind::SbpBadCharacter));
    }
    let (id, query) = path.split_once('?').unwrap_or((path, ""));
    if id.is_empty() {
        return Err(error(path_at, ErrorKind::SbpMissingId));
    }
    let good = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    if id.len() != 32 || !id.bytes().all(good) {
        return Err(error(path_at, ErrorKind::SbpBadId));
    }
    check_parameters(text, query, report)?;
    Ok(SbpLink { text, purpose, id, query })
}

/// Checks each parameter where it stands: what a payer's bank reads otherwise than this crate, or not
/// at all, would be another sum.
fn check_parameters(
    text: &str,
    query: &str,
    report: &mut impl FnMut(Error) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut at = text.len().saturating_sub(query.len());
    if query.is_empty() {
        return Ok(());
    }
    let mut seen = [false; PARAMETERS.len()];
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or_default();
        let value_at = at.saturating_add(name.len()).saturating_add(1);
        let mut known = PARAMETERS.iter().zip(&mut seen);
        let known = known.find(|(known, _)| **known == name).map(|(_, seen)| seen);
        let repeated = known.is_some_and(|seen| core::mem::replace(seen, true));
        let fault = match name {
            "" => Some((ErrorKind::SbpBadParameter, at)),
            _ if repeated => Some((ErrorKind::SbpRepeatedParameter, at)),
            _ if !name.bytes().all(|byte| byte.is_ascii_lowercase()) => {
                Some((ErrorKind::SbpBadParameter, at))
            }
            "type" if !matches!(value, "01" | "02") => Some((ErrorKind::SbpBadType, value_at)),
            "bank" if !is_bank_number(value) => Some((ErrorKind::SbpBadBank, value_at)),
            "sum" if kopecks(value).is_none() => Some((ErrorKind::SbpBadSum, value_at)),
            "cur" if value != "RUB" => Some((ErrorKind::SbpBadCurrency, value_at)),
            _ => None,
        };
        if let Some((kind, at)) = fault {
            report(Error::at(text, at, kind, None))?;
        }
        at = at.saturating_add(pair.len()).saturating_add(1);
    }
    Ok(())
}

/// A whole number of kopecks above zero, as links write it.
fn kopecks(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let good = digits && text.len() <= 12 && !text.starts_with('0');
    if good { text.parse().ok() } else { None }
}

/// The checksum of a link whose scheme and host were made capitals, as some makers of symbols do.
fn crc16_in_small_letters(hashed: &str) -> Option<u16> {
    let (scheme, rest) = hashed.split_once("://")?;
    let (host, _) = rest.split_once('/')?;
    let origin = hashed.get(..scheme.len() + "://".len() + host.len())?;
    let sum =
        origin.bytes().fold(u16::MAX, |sum, byte| crc16_after(sum, &[byte.to_ascii_lowercase()]));
    Some(crc16_after(sum, hashed.get(origin.len()..)?.as_bytes()))
}

/// `bank` and 12 digits: the form in which one bank's application is called.
fn is_bank(scheme: &str) -> bool {
    let (name, number) = scheme.split_at_checked("bank".len()).unwrap_or_default();
    name.eq_ignore_ascii_case("bank") && is_bank_number(number)
}

fn is_bank_number(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

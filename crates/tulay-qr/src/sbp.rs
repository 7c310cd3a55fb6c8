//! Links of SBP, the Russian system for fast payments.

use crate::{
    crc::{crc16, from_digits},
    error::{Error, ErrorKind},
    initiation::Initiation,
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
    /// Reads a link. Its own checksum is not looked at, as no public document states it:
    /// [`crc_matches`](Self::crc_matches) tells. Links without a query are issued too.
    ///
    /// # Errors
    /// `sbp_bad_scheme`, `sbp_bad_host`, `sbp_missing_id` or `sbp_bad_id`.
    pub fn parse(text: &'a str) -> Result<Self, Error> {
        let error = |at, kind| Error::at(text, at, kind, None);
        let rest = text
            .split_once("://")
            .filter(|(scheme, _)| *scheme == "https" || is_bank(scheme))
            .map(|(_, rest)| rest)
            .ok_or_else(|| error(0, ErrorKind::SbpBadScheme))?;
        let host_at = text.len().saturating_sub(rest.len());
        // Whatever may follow a host: so that no part of another host's name is taken for ours.
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-')));
        let (host, rest) = rest.split_at(end.unwrap_or(rest.len()));
        let purpose = match host {
            "qr.nspk.ru" => SbpPurpose::Payment,
            "sub.nspk.ru" => SbpPurpose::Subscription,
            _ => return Err(error(host_at, ErrorKind::SbpBadHost)),
        };
        let path = match rest.chars().next() {
            None => "",
            Some('/') => rest.get(1..).unwrap_or_default(),
            // A port, a user name, anything else that makes it another address.
            Some(_) => return Err(error(host_at, ErrorKind::SbpBadHost)),
        };
        let id_at = text.len().saturating_sub(path.len());
        let (id, query) = path.split_once('?').unwrap_or((path, ""));
        if id.is_empty() {
            return Err(error(id_at, ErrorKind::SbpMissingId));
        }
        let good = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        if id.len() != 32 || !id.bytes().all(good) {
            return Err(error(id_at, ErrorKind::SbpBadId));
        }
        Ok(Self { text, purpose, id, query })
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
        let sum = self.parameter("sum")?;
        sum.bytes().all(|byte| byte.is_ascii_digit()).then(|| sum.parse().ok())?
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
        let hashed = self.text.as_bytes().get(..at.checked_sub("&crc=".len())?)?;
        Some(from_digits(given) == Some(crc16(hashed)))
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

/// `bank` and 12 digits: the form in which one bank's application is called.
fn is_bank(scheme: &str) -> bool {
    let number = scheme.strip_prefix("bank").unwrap_or_default();
    number.len() == 12 && number.bytes().all(|byte| byte.is_ascii_digit())
}

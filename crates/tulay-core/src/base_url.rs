//! Where a provider's interface begins.

use crate::invalid::Invalid;
use std::{fmt, net::IpAddr};

/// Where a provider's interface begins: `https://host/base`, or plain http to this machine alone.
/// It has no user, query or fragment, and no trailing slash.
///
/// ```
/// use tulay_core::BaseUrl;
/// let url = BaseUrl::new("https://FinanceAPI.example.com./payments/")?;
/// assert_eq!((url.host(), url.is_loopback()), ("financeapi.example.com", false));
/// assert_eq!(url.with("/v1/disburse"), "https://FinanceAPI.example.com./payments/v1/disburse");
/// assert!(BaseUrl::new("http://example.com").is_err());
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    text: String,
    host: String,
}

impl BaseUrl {
    /// Reads an address.
    ///
    /// # Errors
    /// When it is not one; when it names a user, query or fragment; when it is plain http to
    /// another machine.
    pub fn new(text: &str) -> Result<Self, Invalid> {
        let refused = |expected: &'static str| Invalid::new("base_url", expected);
        let form = "an address such as https://host/path, without user, query or fragment";
        let uri: http::Uri = text.parse().map_err(|_| refused(form))?;
        let authority = uri.authority().ok_or_else(|| refused(form))?;
        if authority.as_str().contains('@') || uri.query().is_some() || text.contains('#') {
            return Err(refused(form));
        }
        let host = authority.host().trim_end_matches('.').to_ascii_lowercase();
        let url = Self { text: text.trim_end_matches('/').to_owned(), host };
        match uri.scheme_str() {
            Some("https") => Ok(url),
            Some("http") if url.is_loopback() => Ok(url),
            Some("http") => Err(refused("https; plain http is only for this machine")),
            _ => Err(refused(form)),
        }
    }

    /// The host in small letters, without port.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether it is this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let address = self.host.trim_start_matches('[').trim_end_matches(']');
        self.host == "localhost" || address.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
    }

    /// The address of a path, which begins with a slash.
    #[must_use]
    pub fn with(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_plainly_an_address_is_refused() {
        for text in [
            "",
            "financeapi",
            "/path",
            "ftp://127.0.0.1/",
            "http://192.0.2.1/x",
            "http://localhost.example.com/",
            "https://financeapi.wallytglobal.com@evil.example/x",
            "https://user:pass@host/",
            "https://host/?a=b",
            "https://host/#x",
        ] {
            assert!(BaseUrl::new(text).is_err(), "{text}");
        }
        for text in ["http://127.0.0.1:8400/starpay", "http://[::1]:1", "http://localhost/"] {
            assert!(BaseUrl::new(text).unwrap().is_loopback(), "{text}");
        }
    }
}

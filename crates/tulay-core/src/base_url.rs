//! Where a provider's interface begins.

use crate::invalid::Invalid;
use http::{Uri, uri::Authority};
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
        let uri: Uri = text.parse().map_err(|_| refused(form))?;
        let authority = uri.authority().ok_or_else(|| refused(form))?;
        if authority.as_str().contains('@') || uri.query().is_some() || text.contains('#') {
            return Err(refused(form));
        }
        let host = canonical(authority.host());
        match uri.scheme_str() {
            _ if Self::allows(&uri) => {
                Ok(Self { text: text.trim_end_matches('/').to_owned(), host })
            }
            Some("http") => Err(refused("https; plain http is only for this machine")),
            _ => Err(refused(form)),
        }
    }

    /// Reads the name of a host alone, in the form of [`host`](Self::host).
    ///
    /// # Errors
    /// When it is none, or more than one: with a scheme, user, port or path. The field is `host`.
    ///
    /// ```
    /// use tulay_core::BaseUrl;
    /// assert_eq!(BaseUrl::host_alone("API.example.com")?, "api.example.com");
    /// assert!(BaseUrl::host_alone("https://api.example.com").is_err());
    /// # Ok::<_, tulay_core::Invalid>(())
    /// ```
    pub fn host_alone(text: &str) -> Result<String, Invalid> {
        let authority: Option<Authority> = text.parse().ok();
        match authority.filter(|authority| authority.host() == text).map(|_| canonical(text)) {
            Some(host) if !host.is_empty() => Ok(host),
            _ => Err(Invalid::new(
                "host",
                "a host such as api.example.com, without scheme, port or path",
            )),
        }
    }

    /// Whether requests and links may go to an address at all: by https, or by plain http to this
    /// machine, which is `localhost`, `127.0.0.0/8` or `[::1]`.
    ///
    /// ```
    /// use tulay_core::BaseUrl;
    /// assert!(BaseUrl::allows(&"http://127.0.0.1:8400/x".parse()?));
    /// assert!(!BaseUrl::allows(&"http://example.com/x".parse()?));
    /// # Ok::<_, http::uri::InvalidUri>(())
    /// ```
    #[must_use]
    pub fn allows(uri: &Uri) -> bool {
        uri.host().is_some_and(|host| match uri.scheme_str() {
            Some("https") => true,
            Some("http") => is_loopback(&canonical(host)),
            _ => false,
        })
    }

    /// The host in small letters, without port.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether it is this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }

    /// The address of a path, which begins with a slash.
    #[must_use]
    pub fn with(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }
}

fn canonical(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
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

    #[test]
    fn plain_http_is_for_loopback_alone() {
        for (uri, allowed) in [
            ("https://financeapi.wallytglobal.com/x", true),
            ("http://127.0.0.1:8400/x", true),
            ("http://127.8.9.1/x", true),
            ("http://[::1]:8400/x", true),
            ("http://localhost/x", true),
            ("http://LOCALHOST/x", true),
            ("http://localhost.example.com/x", false),
            ("http://127.0.0.1.example.com/x", false),
            ("http://10.0.0.1/x", false),
            ("http://example.com/x", false),
            ("ftp://127.0.0.1/x", false),
            ("/x", false),
        ] {
            assert_eq!(BaseUrl::allows(&uri.parse().unwrap()), allowed, "{uri}");
        }
    }

    #[test]
    fn a_host_alone_has_nothing_beside_it() {
        for (text, host) in [
            ("Api.Example.com.", "api.example.com"),
            ("127.0.0.1", "127.0.0.1"),
            ("[::1]", "[::1]"),
        ] {
            assert_eq!(BaseUrl::host_alone(text).as_deref(), Ok(host));
            let written = format!("https://{text}:8443/x");
            assert_eq!(BaseUrl::new(&written).unwrap().host(), host);
        }
        for text in ["", ".", "a b", "a:1", "a/b", "u@a", "https://a", "a?b", "::1"] {
            assert_eq!(BaseUrl::host_alone(text).unwrap_err().field(), "host", "{text}");
        }
    }
}

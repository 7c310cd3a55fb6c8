//! How patient, how greedy, and through what.

use std::{fmt, time::Duration};

/// How requests are sent.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpSettings {
    /// For resolving, connecting and TLS together: 5 seconds by default. Running out proves that
    /// nothing was sent.
    pub connect_timeout: Duration,
    /// For the whole exchange, connecting included: 30 seconds by default. Running out proves
    /// nothing.
    pub total_timeout: Duration,
    /// The largest body that is read: 1 MiB by default.
    pub largest_answer: usize,
    /// The proxy to go through, `http://proxy.example:3128`. None is taken from the environment,
    /// and what is meant for this machine never goes through one.
    pub proxy: Option<http::Uri>,
    /// Certificates in PEM to trust instead of the system's.
    pub only_roots: Option<Vec<u8>>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            total_timeout: Duration::from_secs(30),
            largest_answer: 1024 * 1024,
            proxy: None,
            only_roots: None,
        }
    }
}

impl fmt::Debug for HttpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A proxy's address may hold a password.
        let proxy = self.proxy.as_ref().and_then(http::Uri::host);
        f.debug_struct("HttpSettings")
            .field("connect_timeout", &self.connect_timeout)
            .field("total_timeout", &self.total_timeout)
            .field("largest_answer", &self.largest_answer)
            .field("proxy", &proxy)
            .field("only_roots", &self.only_roots.is_some())
            .finish()
    }
}

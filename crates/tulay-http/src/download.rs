//! A file, fetched from an address that is a secret.

use crate::{
    public_names::{NotPublic, PublicNames},
    settings::HttpSettings,
    transport::{self, HttpError},
};
use http::{StatusCode, header};
use reqwest::Client;
use std::{error::Error, fmt, io::Write, sync::Arc};
use tulay_core::{Environment, link};

/// Fetches files: by GET, without following a redirect, without trying again, and never more than
/// was agreed on. What arrives is written as it comes; nothing of a file that failed can be used.
///
/// The address comes from a provider. In `uat` and `production` it must lead to the Internet by
/// https: a name is resolved first, and the connection goes to the addresses that were checked.
/// Through a proxy it is the proxy that resolves names, and decides which networks it reaches.
#[derive(Clone)]
pub struct Download {
    client: Client,
    environment: Environment,
    largest: usize,
}

/// Why a file could not be fetched. The messages are fixed: none contains a part of the address, as
/// the address gives access to the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DownloadError {
    /// The address is no https address on the Internet, or names a user; in the sandbox, this
    /// machine is allowed too.
    #[error("the address is no https address on the Internet")]
    Address,
    /// The name of the host leads into a private network, or to this machine.
    #[error("the address leads into a private network")]
    Private,
    /// The host cannot be resolved or reached, or its certificate is not trusted.
    #[error("the server cannot be reached")]
    Unreachable,
    /// The time for all of it ran out.
    #[error("the file did not arrive in time")]
    Timeout,
    /// The server answered with another status than 200, such as a redirect.
    #[error("the server answered HTTP {}", .0.as_u16())]
    Status(StatusCode),
    /// The file is larger than was agreed on, in bytes.
    #[error("the file is larger than {0} bytes")]
    TooLarge(usize),
    /// The response has no length, so a truncated file could not be detected.
    #[error("the server does not say how long the file is")]
    Endless,
    /// The exchange failed or broke off.
    #[error("the file did not arrive whole")]
    Broken,
    /// What arrived could not be written.
    #[error("what arrived could not be written: {0}")]
    Write(#[source] std::io::Error),
}

impl Download {
    /// Sets up a client of its own; `largest_answer` of the settings is the largest file in bytes,
    /// `total_timeout` the time for all of it. The environment is that of the merchant account.
    ///
    /// # Errors
    /// As [`HttpTransport::new`](crate::HttpTransport::new).
    pub fn new(settings: &HttpSettings, environment: Environment) -> Result<Self, HttpError> {
        let mut builder = transport::builder(settings)?;
        // The proxy itself may well stand in a private network.
        if environment != Environment::Sandbox && settings.proxy.is_none() {
            builder = builder.dns_resolver(Arc::new(PublicNames));
        }
        Ok(Self { client: builder.build()?, environment, largest: settings.largest_answer })
    }

    /// Fetches a file, writes it, and returns its length in bytes.
    ///
    /// # Errors
    /// [`DownloadError`]; part of the file may have been written then.
    pub async fn fetch(
        &self,
        url: &str,
        into: &mut (dyn Write + Send),
    ) -> Result<usize, DownloadError> {
        if !link::allows(self.environment, url) {
            return Err(DownloadError::Address);
        }
        let mut response = self.client.get(url).send().await.map_err(|error| failed(&error))?;
        if response.status() != StatusCode::OK {
            return Err(DownloadError::Status(response.status()));
        }
        let too_large = DownloadError::TooLarge(self.largest);
        let announced = response.content_length();
        if announced.is_some_and(|length| usize::try_from(length).is_ok_and(|l| l > self.largest)) {
            return Err(too_large);
        }
        let framed = response.version() >= http::Version::HTTP_2
            || response.headers().contains_key(header::TRANSFER_ENCODING);
        if announced.is_none() && !framed {
            return Err(DownloadError::Endless);
        }
        let mut length: usize = 0;
        while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
            length = length.saturating_add(chunk.len());
            if length > self.largest {
                return Err(too_large);
            }
            into.write_all(&chunk).map_err(DownloadError::Write)?;
        }
        into.flush().map_err(DownloadError::Write)?;
        Ok(length)
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download").field("largest", &self.largest).finish_non_exhaustive()
    }
}

/// What failed, in words of our own: those of the error may contain the address.
fn failed(error: &reqwest::Error) -> DownloadError {
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<NotPublic>() {
            return DownloadError::Private;
        }
        cause = error.source();
    }
    match () {
        () if error.is_timeout() => DownloadError::Timeout,
        () if error.is_connect() => DownloadError::Unreachable,
        () => DownloadError::Broken,
    }
}

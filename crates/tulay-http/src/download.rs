//! A file, fetched from an address that is a secret.

use crate::{
    settings::HttpSettings,
    transport::{self, HttpError},
};
use http::{StatusCode, header};
use reqwest::Client;
use std::{fmt, io::Write};
use tulay_core::BaseUrl;

/// Fetches files: by GET, without following a redirect, without trying again, and never more than
/// was agreed on. What arrives is written as it comes; nothing of a file that failed can be used.
#[derive(Clone)]
pub struct Download {
    client: Client,
    largest: usize,
}

/// Why a file could not be fetched. The address is in none of it: whoever has it has the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DownloadError {
    /// The address is not one of https, nor one of this machine.
    #[error("the address is not one of https")]
    Address,
    /// Whoever is there answered otherwise than by 200; a redirect too.
    #[error("the server answered HTTP {}", .0.as_u16())]
    Status(StatusCode),
    /// The file is larger than was agreed on, in bytes.
    #[error("the file is larger than {0} bytes")]
    TooLarge(usize),
    /// Nothing tells where the file ends, so that nobody could see it break off.
    #[error("the server does not say how long the file is")]
    Endless,
    /// The exchange failed or broke off.
    #[error("the file did not arrive whole: {0}")]
    Broken(String),
    /// What arrived could not be written.
    #[error("what arrived could not be written: {0}")]
    Write(#[source] std::io::Error),
}

impl Download {
    /// Sets up a client of its own; `largest_answer` of the settings is the largest file in bytes,
    /// `total_timeout` the time for all of it.
    ///
    /// # Errors
    /// As [`HttpTransport::new`](crate::HttpTransport::new).
    pub fn new(settings: &HttpSettings) -> Result<Self, HttpError> {
        Ok(Self { client: transport::client(settings)?, largest: settings.largest_answer })
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
        let uri: http::Uri = url.parse().map_err(|_| DownloadError::Address)?;
        if !BaseUrl::allows(&uri) {
            return Err(DownloadError::Address);
        }
        let mut response = self.client.get(url).send().await.map_err(broken)?;
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
        while let Some(chunk) = response.chunk().await.map_err(broken)? {
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

/// What failed, without the address.
fn broken(error: reqwest::Error) -> DownloadError {
    DownloadError::Broken(transport::root_cause(&error.without_url()))
}

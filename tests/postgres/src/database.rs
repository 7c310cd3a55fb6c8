//! A database of a cluster.

use crate::{Cluster, PASSWORD};
use std::path::Path;

/// A database that no other test uses. It goes with its cluster.
#[derive(Clone, Debug)]
pub struct Database<'a> {
    cluster: &'a Cluster,
    name: String,
}

impl<'a> Database<'a> {
    pub(crate) fn new(cluster: &'a Cluster, name: String) -> Self {
        Self { cluster, name }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it is reached: over the socket of its server.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_at(self.cluster.folder())
    }

    /// How it is reached over a socket in this folder, of a proxy or a pooler.
    #[must_use]
    pub fn url_at(&self, folder: &Path) -> String {
        let (name, port) = (&self.name, self.cluster.port());
        format!("postgres:///{name}?host={}&port={port}&user=postgres", folder.display())
    }

    /// How it is reached over TCP, where the server listens on it.
    #[must_use]
    pub fn tcp_url(&self, host: &str) -> String {
        let (name, port) = (&self.name, self.cluster.port());
        format!("postgres://postgres:{PASSWORD}@{host}:{port}/{name}")
    }
}

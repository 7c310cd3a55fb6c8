//! Names that may lead to the Internet alone.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{io, net::SocketAddr};
use tulay_core::link;

/// Resolves a name, and refuses it where one of its addresses is not on the Internet. The
/// connection then goes to the very addresses that were checked.
#[derive(Debug)]
pub(crate) struct PublicNames;

/// A name that leads, or may lead, into a private network.
#[derive(Debug, thiserror::Error)]
#[error("the address is not on the Internet")]
pub(crate) struct NotPublic;

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The port is put in by the client.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            checked(found.collect())
        })
    }
}

fn checked(addresses: Vec<SocketAddr>) -> Result<Addrs, Box<dyn std::error::Error + Send + Sync>> {
    if addresses.is_empty() {
        return Err(io::Error::from(io::ErrorKind::NotFound).into());
    }
    // One that is private among public ones is no mistake, but an attack.
    if addresses.iter().any(|address| !link::is_public(address.ip())) {
        return Err(NotPublic.into());
    }
    Ok(Box::new(addresses.into_iter()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(addresses: &[&str]) -> Result<usize, String> {
        let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
        checked(addresses).map(Iterator::count).map_err(|error| error.to_string())
    }

    #[test]
    fn one_private_address_refuses_the_name() {
        assert_eq!(found(&["1.1.1.1:0", "[2606:4700::1111]:0"]), Ok(2));
        for addresses in [
            &["127.0.0.1:0"][..],
            &["1.1.1.1:0", "10.0.0.7:0"],
            &["1.1.1.1:0", "[::ffff:10.0.0.7]:0"],
            &["169.254.169.254:0"],
            &["[fd00::1]:0", "1.1.1.1:0"],
        ] {
            assert_eq!(found(addresses), Err(NotPublic.to_string()), "{addresses:?}");
        }
        assert!(found(&[]).is_err());
    }

    #[tokio::test]
    async fn a_name_of_this_machine_is_refused() {
        let resolved = PublicNames.resolve("localhost".parse().unwrap()).await;
        let error = resolved.map(Iterator::count).unwrap_err();
        assert!(error.downcast_ref::<NotPublic>().is_some(), "{error}");
    }
}

//! A context whose platform is a function and whose secrets are constants.

use async_trait::async_trait;
use bytes::Bytes;
use std::sync::Arc;
use tulay_core::{
    AdapterContext, Clock, Invalid, MessageIds, Secret, SecretSource, Secrets, Transport,
    TransportError,
};

pub(crate) const OUR_KEY: &str = include_str!("data/merchant.pem");
pub(crate) const PLATFORM_KEY: &str = include_str!("data/platform.pem");
/// The key that the platform changes to.
pub(crate) const OTHER_PLATFORM_KEY: &str =
    include_str!("../../../tulay-crypto/tests/data/rsa2048.pkcs8.pem");
const OTHER_PLATFORM_PUBLIC_KEY: &str =
    include_str!("../../../tulay-crypto/tests/data/rsa2048.spki.pem");
const OUR_PUBLIC_KEY: &str = include_str!("data/merchant.pub.pem");
const PLATFORM_PUBLIC_KEY: &str = include_str!("data/platform.pub.pem");

type Response = Result<http::Response<Bytes>, TransportError>;

#[derive(Debug)]
struct World(fn(&http::Request<Bytes>) -> Response);

#[async_trait]
impl Transport for World {
    async fn send(&self, request: http::Request<Bytes>) -> Response {
        self.0(&request)
    }
}

impl Clock for World {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::UNIX_EPOCH
    }
}

impl MessageIds for World {
    fn fresh(&self) -> String {
        "0".repeat(26)
    }
}

impl Secrets for World {
    fn read(&self, source: &SecretSource) -> Result<Secret, Invalid> {
        let text = match source {
            SecretSource::File(name) if name == "ours" => OUR_KEY,
            SecretSource::File(name) if name == "our half" => OUR_PUBLIC_KEY,
            SecretSource::File(name) if name == "theirs" => PLATFORM_PUBLIC_KEY,
            SecretSource::File(name) if name == "their next" => OTHER_PLATFORM_PUBLIC_KEY,
            SecretSource::File(name) if name == "no key" => "MIIplanted",
            _ => return Err(Invalid::new("secret", "a file that is there")),
        };
        Secret::new(text)
    }
}

pub(crate) fn context(platform: fn(&http::Request<Bytes>) -> Response) -> AdapterContext {
    let world = Arc::new(World(platform));
    AdapterContext::new(world.clone(), world.clone(), world.clone(), world)
}

/// A context in which nothing is sent.
pub(crate) fn offline() -> AdapterContext {
    context(|_| panic!("no request is expected"))
}

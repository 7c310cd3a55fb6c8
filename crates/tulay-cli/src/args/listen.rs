//! The arguments of `tulay listen`.

use clap::Args;
use std::net::SocketAddr;

#[derive(Args, Debug)]
pub(crate) struct ListenArgs {
    /// Take notifications at this address; by default at [webhook] listen, or else at 127.0.0.1:8300.
    /// Port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
    /// Hand each new notification on to this address of your application: JSON, signed by Standard
    /// Webhooks.
    #[arg(long, value_name = "URL")]
    pub(crate) forward_to: Option<String>,
    /// Allow an address of another machine.
    #[arg(long, requires = "forward_to")]
    pub(crate) allow_remote: bool,
}

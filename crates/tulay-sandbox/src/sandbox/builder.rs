//! How a sandbox is to run.

use super::{Sandbox, SandboxError, front::Front, server, simulation::Simulation};
use crate::{
    kit::{
        Agenda, Faults, Loopback, Notifier, Nowhere, SandboxClock, Shared, SimulatedProvider,
        default_retries,
    },
    paymongo::{self, Paymongo},
    regional::{self, Regional},
    starpay::{self, Starpay},
    xendit::{self, Xendit},
};
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
};
use tokio::net::TcpListener;
use tulay_core::{Invalid, Transport};

impl Sandbox {
    /// Starts otherwise.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::default()
    }
}

/// How a sandbox is to run. By default: every built-in provider, on 127.0.0.1 and a free port, in
/// real time, without faults.
#[derive(Debug)]
#[must_use]
pub struct SandboxBuilder {
    listen: Option<SocketAddr>,
    any_address: bool,
    clock: SandboxClock,
    finality_delay: SignedDuration,
    retries: Vec<SignedDuration>,
    receiver: Option<Arc<dyn Transport>>,
    faults: Vec<(String, Faults)>,
    number_above: u64,
    providers: Vec<Arc<dyn SimulatedProvider>>,
}

impl Default for SandboxBuilder {
    fn default() -> Self {
        Self {
            listen: Some((Ipv4Addr::LOCALHOST, 0).into()),
            any_address: false,
            clock: SandboxClock::real(),
            finality_delay: SignedDuration::from_millis(300),
            retries: default_retries(),
            receiver: None,
            faults: Vec::new(),
            number_above: 0,
            providers: Vec::new(),
        }
    }
}

impl SandboxBuilder {
    /// Listens on this address; port 0 takes a free one.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = Some(address);
        self
    }

    /// Allows an address that other machines can reach. Every client that reaches it can move all
    /// of its pretended money: its keys are published, and its control interface asks for nothing.
    pub fn allow_any_address(mut self) -> Self {
        self.any_address = true;
        self
    }

    /// Opens no socket, neither to listen nor to notify: requests come by
    /// [`Sandbox::transport`], notifications go to [`notify_through`](Self::notify_through).
    pub fn offline(mut self) -> Self {
        self.listen = None;
        self
    }

    /// Lets time stand still at an instant, until the sandbox is advanced.
    pub fn manual_clock(mut self, at: Timestamp) -> Self {
        self.clock = SandboxClock::manual(at);
        self
    }

    /// How long an ordinary payment takes to become final: 300 ms by default.
    pub fn finality_delay(mut self, delay: SignedDuration) -> Self {
        self.finality_delay = delay;
        self
    }

    /// How long to wait before each sending of a notification, and so how often it is sent. By
    /// default: at once, then after 1 s, 5 s, 15 s, 1 min, 5 min, 15 min, 1 h, and every 6 h,
    /// 24 times in all.
    pub fn retries(mut self, delays: Vec<SignedDuration>) -> Self {
        self.retries = delays;
        self
    }

    /// Hands notifications to this transport instead of sending them by HTTP to loopback
    /// addresses.
    pub fn notify_through(mut self, receiver: Arc<dyn Transport>) -> Self {
        self.receiver = Some(receiver);
        self
    }

    /// Sets what goes wrong at one provider from the start.
    pub fn faults(mut self, provider: impl Into<String>, faults: Faults) -> Self {
        self.faults.push((provider.into(), faults));
        self
    }

    /// Gives orders numbers above this one. Without it, the same orders have the same numbers at each
    /// start.
    pub fn number_above(mut self, number: u64) -> Self {
        self.number_above = number;
        self
    }

    /// Adds a provider, instead of the built-in one of the same name if there is one.
    pub fn provider(mut self, provider: impl SimulatedProvider) -> Self {
        self.providers.push(Arc::new(provider));
        self
    }

    /// Starts.
    ///
    /// # Errors
    /// When the address is not loopback and that was not allowed, or cannot be opened; when two
    /// providers share a name, or faults are set for one that does not exist.
    pub async fn start(self) -> Result<Sandbox, SandboxError> {
        let listener = match self.listen {
            Some(address) => Some(open(address, self.any_address).await?),
            None => None,
        };
        let origin = match &listener {
            Some((_, address)) => format!("http://{address}"),
            None => "http://127.0.0.1:0".to_owned(),
        };
        let receiver = self.receiver.unwrap_or_else(|| match self.listen {
            Some(_) => Arc::new(Loopback),
            None => Arc::new(Nowhere),
        });
        let providers = with_built_in(self.providers)?;
        providers.iter().for_each(|provider| provider.number_above(self.number_above));
        let names = providers.iter().map(|provider| provider.name());
        let shared = Shared {
            clock: Arc::new(self.clock),
            agenda: Agenda::default(),
            ledger: Mutex::default(),
            notifier: Notifier::new(receiver, self.retries),
            faults: Mutex::new(names.map(|name| (name, Faults::default())).collect()),
            finality_delay: self.finality_delay,
        };
        let simulation = Arc::new(Simulation::new(providers, shared));
        for (provider, faults) in self.faults {
            simulation.set_faults(&provider, faults)?;
        }

        let mut tasks = Vec::new();
        if !simulation.shared.clock.is_manual() {
            tasks.push(tokio::spawn(Arc::clone(&simulation).work()));
        }
        let front = Arc::new(Front::new(origin, simulation));
        if let Some((listener, _)) = listener {
            tasks.push(tokio::spawn(server::serve(listener, Arc::clone(&front))));
        }
        Ok(Sandbox { front, tasks })
    }
}

async fn open(
    address: SocketAddr,
    any_address: bool,
) -> Result<(TcpListener, SocketAddr), SandboxError> {
    if !any_address && !address.ip().is_loopback() {
        return Err(Invalid::new("listen", "a loopback address, such as 127.0.0.1").into());
    }
    let failed = |error| SandboxError::Listen(address, error);
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

fn with_built_in(
    mut providers: Vec<Arc<dyn SimulatedProvider>>,
) -> Result<Vec<Arc<dyn SimulatedProvider>>, Invalid> {
    if !providers.iter().any(|provider| provider.name() == Starpay::NAME) {
        providers.push(Arc::new(Starpay::new(starpay::Settings::default())?));
    }
    if !providers.iter().any(|provider| provider.name() == Regional::NAME) {
        providers.push(Arc::new(Regional::new(regional::Settings::default())?));
    }
    if !providers.iter().any(|provider| provider.name() == Xendit::NAME) {
        providers.push(Arc::new(Xendit::new(xendit::Settings::default())?));
    }
    if !providers.iter().any(|provider| provider.name() == Paymongo::NAME) {
        providers.push(Arc::new(Paymongo::new(paymongo::Settings::default())?));
    }
    let by_name: BTreeMap<_, _> = providers.iter().map(|p| (p.name(), p)).collect();
    if by_name.len() < providers.len() {
        return Err(Invalid::new("provider", "each name once"));
    }
    Ok(providers)
}

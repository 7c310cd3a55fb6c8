//! The adapter interface: what an adapter provides, and everything it may use.

pub use crate::{
    base_url::BaseUrl,
    error::{ProviderResponse, Trust},
    guarantees::Echo,
    notification::{Handling, Verified, WebhookRequest},
    order_id::{IdAlphabet, IdRules},
    secret_source::{KeySource, SecretSource, SecretSources, shown_file, shown_variable},
    transport::{Transport, TransportError, TransportErrorKind},
};

use crate::{
    account::{Environment, MerchantAccount},
    channel::Channel,
    ids::ProviderId,
    invalid::Invalid,
    money::Country,
    operation::Operation,
    role::Provider,
    sensitive::Secret,
};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use std::{borrow::Cow, fmt, sync::Arc};

/// The time.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Fresh ids for messages that make no order.
pub trait MessageIds: fmt::Debug + Send + Sync + 'static {
    /// 26 characters 0-9 and A-Z, never given out before; never an order's id.
    fn fresh(&self) -> String;
}

/// Reads secrets; the application decides which.
pub trait Secrets: fmt::Debug + Send + Sync + 'static {
    /// Reads one.
    ///
    /// # Errors
    /// When it cannot be read; the error names the source, never the content.
    fn read(&self, source: &SecretSource) -> Result<Secret, Invalid>;
}

/// Everything outside itself that an adapter may use.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AdapterContext {
    /// Sends requests.
    pub transport: Arc<dyn Transport>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Makes ids for queries.
    pub message_ids: Arc<dyn MessageIds>,
    /// Reads secrets.
    pub secrets: Arc<dyn Secrets>,
    /// Where this provider's notifications arrive; an adapter appends `/` and the operation.
    pub notify_url: Option<http::Uri>,
    /// Makes a part of each order's own notification address that only the provider can know; an
    /// adapter puts it in front of the operation. `None`: addresses have no such part.
    pub notify_key: Option<Secret>,
    /// The hosts that keep this account's books, the oldest first: `same_books` of the
    /// configuration. Empty where the host of the address keeps them alone.
    pub same_books: Vec<String>,
    /// Whether the provider is only asked what it can do: then its secrets are none, and an adapter
    /// that reads keys from them leaves these closed. Nothing is sent.
    pub capabilities_only: bool,
}

impl AdapterContext {
    /// A context without notifications.
    #[must_use]
    pub fn new(
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        message_ids: Arc<dyn MessageIds>,
        secrets: Arc<dyn Secrets>,
    ) -> Self {
        Self {
            transport,
            clock,
            message_ids,
            secrets,
            notify_url: None,
            notify_key: None,
            same_books: Vec::new(),
            capabilities_only: false,
        }
    }

    /// The identity of the account that an adapter serves at this address. Its host is the first
    /// of [`same_books`](Self::same_books), or the address's own where there are none: so a
    /// payment keeps its account when the provider moves to another host that is named there.
    #[must_use]
    pub fn merchant_account(
        &self,
        adapter: impl Into<Cow<'static, str>>,
        environment: Environment,
        account: impl Into<String>,
        base_url: &BaseUrl,
    ) -> MerchantAccount {
        let host = self.same_books.first().map_or_else(|| base_url.host(), String::as_str);
        MerchantAccount::new(adapter, environment, account, host)
    }
}

/// What a configuration's `adapter = "…"` names. It is generic over its configuration, so that
/// the file is read into it with line numbers.
pub trait Adapter: Send + Sync + 'static {
    /// Its table in the configuration. It must refuse unknown keys.
    type Config: DeserializeOwned;

    /// The name in the configuration.
    fn name(&self) -> &'static str;

    /// JSON Schema of [`Config`](Self::Config), as text.
    fn config_schema(&self) -> String;

    /// What it assumes without confirmation by the provider.
    fn assumptions(&self) -> &'static [Assumption];

    /// Makes the provider.
    ///
    /// # Errors
    /// When configuration or keys do not fit: which field, and what was expected.
    fn build(
        &self,
        id: ProviderId,
        config: Self::Config,
        context: AdapterContext,
    ) -> Result<Arc<dyn Provider>, Invalid>;
}

/// Something an adapter assumes without confirmation by the provider.
///
/// ```
/// use tulay_core::{Assumption, Operation};
/// const SERVICE: Assumption = Assumption::new("service of 5.6", "unified.disburse.inquireBalance")
///     .setting("services.balance")
///     .operation(Operation::Balance);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assumption {
    /// What it is about.
    pub subject: &'static str,
    /// The assumed value.
    pub assumed: &'static str,
    /// The setting that overrides it.
    pub setting: Option<&'static str>,
    /// The operation that would not be known at all without it. Production refuses that
    /// operation until the configuration accepts it by name.
    pub operation: Option<Operation>,
    /// The country it is limited to.
    pub country: Option<Country>,
    /// The channel it is limited to: the operation is known by others without it.
    pub channel: Option<Channel>,
}

impl Assumption {
    /// An assumption that no setting overrides and no operation depends on.
    #[must_use]
    pub const fn new(subject: &'static str, assumed: &'static str) -> Self {
        Self { subject, assumed, setting: None, operation: None, country: None, channel: None }
    }

    /// Names the setting that overrides it.
    #[must_use]
    pub const fn setting(mut self, setting: &'static str) -> Self {
        self.setting = Some(setting);
        self
    }

    /// Names the operation that depends on it.
    #[must_use]
    pub const fn operation(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Limits it to a country.
    #[must_use]
    pub const fn country(mut self, country: Country) -> Self {
        self.country = Some(country);
        self
    }

    /// Limits it to a channel.
    #[must_use]
    pub const fn channel(mut self, channel: Channel) -> Self {
        self.channel = Some(channel);
        self
    }
}

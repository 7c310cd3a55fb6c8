//! Configuration in, providers out.

use crate::{
    config::Top,
    document::Document,
    effects::{Logged, References},
    error::{ConfigError, ConfigErrors},
    journal::{
        Actor, Availability, Collections, EventId, Events, InForce, Journal, JournalError,
        JournalEvent, JournalInbox, OpenError, Opening, Pause, Payouts, Refunds, Reviews, Scope,
        SystemTime, Tables, WorkerBuilder,
    },
    keys_not_loaded::KeysNotLoaded,
    providers::{self, Named},
    registry::Registry,
    routes,
    secrets::SecretFiles,
    setting::{self, Setting},
    system::{RandomMessageIds, SystemClock},
    warning::{Warning, without_refunds},
};
use jiff::Timestamp;
use std::{
    collections::BTreeMap,
    fmt, fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};
use tulay_core::{
    Adapter, AdapterContext, Assumption, Clock, MessageIds, Namespace, Provider, ProviderId,
    Secrets, Transport,
};
use tulay_http::{HttpSettings, HttpTransport};
use tulay_journal::{DeadlineTransport, Time, store::Resumption};
use tulay_router::{Conditions, Payment, Plan, Router};
use tulay_webhook::{Inbox, Receiver, WebhookService};

/// How a message begins that refuses a provider's name.
const NO_PROVIDER_NAME: &str = "provider: expected ";

/// The providers of one configuration.
pub struct Tulay {
    namespace: Namespace,
    confirm_production: bool,
    providers: Vec<Named>,
    router: Arc<Router>,
    warnings: Vec<Warning>,
    settings: Vec<Setting>,
    http: HttpSettings,
    webhook_listen: Option<SocketAddr>,
    pub(crate) journal: Opening,
}

impl Tulay {
    /// Reads a configuration file and opens its journal: `[journal] url`, by default `tulay.db`
    /// beside the file. Without this, the first call that needs the journal opens it.
    ///
    /// # Errors
    /// Every mistake in the file, with line and column; a journal that cannot be opened, or whose
    /// settings are not durable. Nothing was sent.
    pub async fn open(file: impl AsRef<Path>) -> Result<Self, OpenError> {
        let tulay = Self::builder().load(file)?;
        tulay.journal().await?;
        Ok(tulay)
    }

    /// Payouts.
    pub const fn payouts(&self) -> Payouts<'_> {
        Payouts::new(&self.journal)
    }

    /// Refunds: by the rules of payouts, and never more than was paid.
    pub const fn refunds(&self) -> Refunds<'_> {
        Refunds::new(&self.journal)
    }

    /// Collections: a payer owes an amount, and is shown one code for each reference.
    pub const fn collections(&self) -> Collections<'_> {
        Collections::new(&self.journal)
    }

    /// What waits for a person, and what a person may state.
    pub const fn reviews(&self) -> Reviews<'_> {
        Reviews::new(&self.journal)
    }

    /// The endpoint that the providers notify, as a service of tower. Each notification is verified,
    /// kept in the journal, and only then acknowledged. What it says is applied to the payout that it
    /// names: evidence ends the payout, everything else makes the provider be asked.
    ///
    /// In axum, below the path of `[webhook] public_url`:
    ///
    /// ```
    /// # fn mount(tulay: &tulay::Tulay) -> axum::Router {
    /// axum::Router::new().nest_service("/notify", tulay.webhook())
    /// # }
    /// ```
    ///
    /// A worker on the same journal, in this process or in another one, asks and goes on.
    #[must_use]
    pub fn webhook(&self) -> WebhookService {
        let providers = self.providers().cloned();
        WebhookService::new(Arc::new(Receiver::new(providers, self.inbox())))
    }

    /// The inbox of the journal: what [`webhook`](Self::webhook) keeps notifications in. An inbox of
    /// the application's own may hand them on to it.
    #[must_use]
    pub fn inbox(&self) -> Arc<dyn Inbox> {
        Arc::new(JournalInbox::new(self.journal.clone()))
    }

    /// `[webhook] listen`: where a process of the application takes notifications.
    #[must_use]
    pub const fn webhook_listen(&self) -> Option<SocketAddr> {
        self.webhook_listen
    }

    /// The events of all payouts after this one, the oldest first; `None`: from the beginning.
    ///
    /// # Errors
    /// When the journal cannot be opened.
    pub async fn events(&self, after: Option<EventId>) -> Result<Events, JournalError> {
        Ok(Events::after(Arc::clone(self.journal.get().await?), after))
    }

    /// Sends payouts and asks providers about them. Without a worker, here or in another process on
    /// the same journal, accepted payouts wait.
    pub const fn worker(&self) -> WorkerBuilder<'_> {
        WorkerBuilder::new(&self.journal)
    }

    /// What holds for the whole journal: whether it is whole, and what is paused.
    ///
    /// # Errors
    /// When the journal cannot be opened or read.
    pub async fn journal(&self) -> Result<Journal, JournalError> {
        Ok(self.journal.get().await?.store.journal().await?)
    }

    /// Stops every sending in a scope at once, first and further ones. Look-ups go on.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub async fn pause(&self, scope: Scope, by: &Actor, why: &str) -> Result<(), JournalError> {
        let pause = Pause::new(scope, Some(by.to_string()), why);
        Ok(self.journal.get().await?.store.pause(vec![pause]).await?)
    }

    /// Ends a pause.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub async fn resume(&self, scope: Scope, by: &Actor, why: &str) -> Result<(), JournalError> {
        let resumption = Resumption::new(scope, by.as_str(), why);
        Ok(self.journal.get().await?.store.resume(vec![resumption]).await?)
    }

    /// States that nothing was sent under this namespace that the journal does not know. A journal
    /// that is new, or was restored, looks every payout up before it sends, until this is stated. It
    /// is written down for ever.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub async fn confirm_whole(&self, by: &Actor, why: &str) -> Result<(), JournalError> {
        Ok(self.journal.get().await?.store.confirm_whole(by.as_str(), why).await?)
    }

    /// What was done to the whole journal, the oldest first: pauses, doubts, confirmations, with who
    /// caused them and why.
    ///
    /// # Errors
    /// When the journal cannot be opened or read.
    pub async fn history(&self) -> Result<Vec<JournalEvent>, JournalError> {
        Ok(self.journal.get().await?.store.history().await?)
    }

    /// What is in force for the journal and its worker, the values that the file does not set
    /// included.
    #[must_use]
    pub fn in_force(&self) -> Vec<InForce> {
        self.journal.settings().in_force()
    }

    /// The journal's database as messages name it, such as `sqlite:tulay.db`, or
    /// `postgres://db.example.com/tulay`: without a user and a password.
    #[must_use]
    pub fn journal_url(&self) -> &str {
        &self.journal.settings().url
    }

    /// The file of the journal, which need not exist yet; `None`: it is on a server.
    #[must_use]
    pub fn journal_file(&self) -> Option<&Path> {
        self.journal.settings().database.file()
    }

    /// Starts from what is built in: every adapter whose feature is on, the real clock, HTTPS.
    pub fn builder() -> Builder {
        let builder = Builder {
            adapters: Registry::new(),
            transport: None,
            wrap: None,
            clock: Arc::new(SystemClock::new()),
            time: None,
            message_ids: Arc::new(RandomMessageIds::new()),
            secrets: None,
            journal: None,
            public_url: None,
            capabilities_only: false,
        };
        #[cfg(feature = "paymongo")]
        let builder = builder.adapter(tulay_paymongo::PaymongoAdapter);
        #[cfg(feature = "regional")]
        let builder = builder.adapter(tulay_regional::RegionalAdapter::new());
        #[cfg(feature = "starpay")]
        let builder = builder.adapter(tulay_starpay::StarpayAdapter::new());
        #[cfg(feature = "xendit")]
        let builder = builder.adapter(tulay_xendit::XenditAdapter);
        builder
    }

    /// Whose references these are.
    #[must_use]
    pub const fn namespace(&self) -> &Namespace {
        &self.namespace
    }

    /// Whether sending in production needs an explicit confirmation: yes, unless the file sets
    /// `confirm_production = false`.
    #[must_use]
    pub const fn confirms_production(&self) -> bool {
        self.confirm_production
    }

    /// The providers, in the order of the file.
    pub fn providers(&self) -> impl Iterator<Item = &Arc<dyn Provider>> {
        self.providers.iter().map(|named| &named.provider)
    }

    /// The provider of this name.
    #[must_use]
    pub fn provider(&self, id: &ProviderId) -> Option<&Arc<dyn Provider>> {
        self.providers().find(|provider| provider.id() == id)
    }

    /// The rules of the file, checked against what the providers can do.
    #[must_use]
    pub fn router(&self) -> &Router {
        &self.router
    }

    /// Plans a payment by the rules of the file, with every account available and no past attempts.
    /// No provider is called. For other conditions, call [`router`](Self::router)`().plan(…)`.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use tulay::{PayoutRequest, Provider, Tulay};
    /// use tulay::routing::{NoRoute, Payment};
    /// fn choose<'a>(
    ///     tulay: &'a Tulay,
    ///     request: &PayoutRequest,
    /// ) -> Result<&'a Arc<dyn Provider>, NoRoute> {
    ///     Ok(tulay.plan(&Payment::payout(request)).first()?.provider)
    /// }
    /// ```
    pub fn plan(&self, payment: &Payment<'_>) -> Plan<'_> {
        self.router.plan(payment, &Conditions::new(Timestamp::UNIX_EPOCH))
    }

    /// Asks the providers that could carry a payment whether their accounts, or the bank at the other
    /// end, are unavailable at this time. Nothing is sent. Workers ask by themselves.
    pub async fn availability(&self, payment: &Payment<'_>, now: Timestamp) -> Availability {
        let plan = self.plan(payment);
        let now_able = plan.candidates().iter().map(|candidate| candidate.provider);
        let later = plan.deferred().iter().filter_map(|deferred| deferred.provider);
        let accounts = now_able.chain(later).map(|provider| provider.merchant_account());
        Availability::ask(&self.router, payment, accounts, now).await
    }

    /// Valid settings that are probably unintended: rules that share payments, providers that no rule
    /// names, rules that may collect where no refund is possible. Reading the file logs the last.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// What the adapter of a provider assumes where the provider's documents are silent.
    #[must_use]
    pub fn assumptions(&self, id: &ProviderId) -> &'static [Assumption] {
        let named = self.providers.iter().find(|named| named.provider.id() == id);
        named.map_or(&[], |named| named.assumptions)
    }

    /// The adapter of a provider.
    #[must_use]
    pub fn adapter(&self, id: &ProviderId) -> Option<&'static str> {
        let named = self.providers.iter().find(|named| named.provider.id() == id);
        named.map(|named| named.adapter)
    }

    /// The host that a provider's requests go to.
    #[must_use]
    pub fn host(&self, id: &ProviderId) -> Option<&str> {
        let named = self.providers.iter().find(|named| named.provider.id() == id);
        named.map(|named| named.host.as_str())
    }

    /// How requests are sent: `[http]` of the file. An application that was given a transport of its
    /// own does not use them.
    #[must_use]
    pub const fn http_settings(&self) -> &HttpSettings {
        &self.http
    }

    /// What the file sets, each value with its line.
    #[must_use]
    pub fn settings(&self) -> &[Setting] {
        &self.settings
    }
}

impl fmt::Debug for Tulay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let providers: Vec<_> = self.providers().collect();
        f.debug_struct("Tulay")
            .field("namespace", &self.namespace)
            .field("providers", &providers)
            .finish_non_exhaustive()
    }
}

type WrapTransport = dyn Fn(Arc<dyn Transport>) -> Arc<dyn Transport> + Send + Sync;

/// Puts together what a configuration is read with.
#[derive(Clone)]
#[must_use]
pub struct Builder {
    adapters: Registry,
    transport: Option<Arc<dyn Transport>>,
    wrap: Option<Arc<WrapTransport>>,
    clock: Arc<dyn Clock>,
    time: Option<Arc<dyn Time>>,
    message_ids: Arc<dyn MessageIds>,
    secrets: Option<Arc<dyn Secrets>>,
    journal: Option<PathBuf>,
    public_url: Option<String>,
    capabilities_only: bool,
}

impl Builder {
    /// Registers an adapter, from this repository or another: configurations then name it. A
    /// second one of the same name takes the place of the first.
    pub fn adapter(mut self, adapter: impl Adapter) -> Self {
        self.adapters.insert(adapter.name(), Arc::new(adapter));
        self
    }

    /// Sends through this transport instead of HTTPS; `[http]` of the file is then not used.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Puts a transport of one's own around the one in use, to measure or record what is sent.
    pub fn wrap_transport(
        mut self,
        wrap: impl Fn(Arc<dyn Transport>) -> Arc<dyn Transport> + Send + Sync + 'static,
    ) -> Self {
        self.wrap = Some(Arc::new(wrap));
        self
    }

    /// Takes the time from this clock.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Takes the clocks of the journal, and its waiting, from here instead of from the clock and the
    /// machine.
    pub fn time(mut self, time: Arc<dyn Time>) -> Self {
        self.time = Some(time);
        self
    }

    /// Takes message ids from here.
    pub fn message_ids(mut self, message_ids: Arc<dyn MessageIds>) -> Self {
        self.message_ids = message_ids;
        self
    }

    /// Reads secrets by this, instead of from files beside the configuration alone.
    pub fn secrets(mut self, secrets: Arc<dyn Secrets>) -> Self {
        self.secrets = Some(secrets);
        self
    }

    /// Keeps the journal in this file, whatever the configuration says.
    pub fn journal(mut self, file: impl Into<PathBuf>) -> Self {
        self.journal = Some(file.into());
        self
    }

    /// Lets notifications arrive below this address, whatever the configuration says.
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// Loads no keys: enough for reading capabilities and for planning by the rules. Nothing can be
    /// sent then, whatever the transport.
    pub const fn capabilities_only(mut self) -> Self {
        self.capabilities_only = true;
        self
    }

    /// JSON Schema of each registered adapter's table, by the adapter's name.
    #[must_use]
    pub fn schemas(&self) -> BTreeMap<&'static str, String> {
        self.adapters.iter().map(|(name, adapter)| (*name, adapter.config_schema())).collect()
    }

    /// Reads a configuration file. What its providers do is logged by `tracing`: one line at the level
    /// `info` for each order that is made, looked up or changed, with its reference where it was
    /// prepared here, its order id, what it came to, and how long that took.
    ///
    /// # Errors
    /// Every mistake in it, with line and column; a file that cannot be read; a transport that
    /// cannot be set up.
    pub fn load(self, file: impl AsRef<Path>) -> Result<Tulay, ConfigErrors> {
        let file = file.as_ref();
        let name = file.display().to_string();
        let text = fs::read_to_string(file).map_err(|cause| ConfigErrors::whole(&name, cause))?;
        self.read(&name, &text)
    }

    /// Reads a configuration from text; `file` is the name that errors give it, and the place
    /// that secret files are sought beside.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn read(self, file: &str, text: &str) -> Result<Tulay, ConfigErrors> {
        let document = Document::parse(file, text)?;
        let secrets = self.secrets.unwrap_or_else(|| Arc::new(SecretFiles::beside(file)));
        let top = document.read::<Top>();
        let folder = Path::new(file).parent().unwrap_or_else(|| Path::new(""));
        let http = match &top {
            Ok(top) if !self.capabilities_only => top.http.settings(&document, folder, &*secrets),
            _ => Ok(HttpSettings::default()),
        };
        let (http, wrong_http) = match http {
            Ok(http) => (http, None),
            Err(wrong) => (HttpSettings::default(), Some(wrong)),
        };
        let transport = match self.transport {
            _ if self.capabilities_only => Arc::new(KeysNotLoaded),
            Some(transport) => transport,
            None => Arc::new(
                HttpTransport::new(&http).map_err(|error| ConfigErrors::whole(file, error))?,
            ),
        };
        let time = self.time.unwrap_or_else(|| Arc::new(SystemTime::new(Arc::clone(&self.clock))));
        // A worker that was suspended beyond its lease sends nothing when it wakes up.
        let transport: Arc<dyn Transport> =
            Arc::new(DeadlineTransport::new(transport, Arc::clone(&time)));
        let transport = self.wrap.map_or(Arc::clone(&transport), |wrap| wrap(transport));
        let keys = match self.capabilities_only {
            true => Arc::new(KeysNotLoaded),
            false => Arc::clone(&secrets),
        };
        let of_file = || top.as_ref().ok().and_then(Top::public_url);
        let public_url = self.public_url.or_else(of_file);
        let webhook_listen = top.as_ref().ok().and_then(Top::webhook_listen);
        let mut errors: Vec<ConfigError> = wrong_http.into_iter().collect();
        let notify_key = match &top {
            Ok(top) if !self.capabilities_only => top.notify_key(&document, &*secrets),
            _ => Ok(None),
        };
        let notify_key = notify_key.unwrap_or_else(|wrong| {
            errors.push(wrong);
            None
        });
        let providers = providers::read(&document, &self.adapters, &*secrets, |id| {
            let mut context = AdapterContext::new(
                Arc::clone(&transport),
                Arc::clone(&self.clock),
                Arc::clone(&self.message_ids),
                Arc::clone(&keys),
            );
            let url = public_url.as_ref().map(|url| format!("{url}/{id}"));
            context.capabilities_only = self.capabilities_only;
            context.notify_url = url.and_then(|url| url.parse().ok());
            context.notify_key.clone_from(&notify_key);
            context
        });
        let providers = providers.map_err(|wrong| errors.extend(wrong));
        // An invalid name is reported in its table, and not again in a rule that uses it.
        let is_repeated = |wrong: &ConfigError, errors: &[ConfigError]| {
            let is_invalid_name = |error: &ConfigError| error.message.contains(NO_PROVIDER_NAME);
            is_invalid_name(wrong) && errors.iter().any(is_invalid_name)
        };
        let read = top
            .map_err(|wrong| {
                if !is_repeated(&wrong, &errors) {
                    errors.push(wrong);
                }
            })
            .and_then(|mut top| {
                let routes = std::mem::take(&mut top.routes);
                let routes = routes::read(&document, routes, &document.names());
                Ok((top, routes.map_err(|wrong| errors.extend(wrong))?))
            });
        let (Ok((top, routes)), Ok(providers), []) = (read, providers, &errors[..]) else {
            return Err(ConfigErrors::new(errors));
        };
        let tables =
            Tables { journal: top.journal, worker: top.worker, limits: top.limits, time: top.time };
        let of_journal = providers.iter().map(|named| &*named.provider);
        let read = (!self.capabilities_only).then_some(&*secrets);
        let of_journal = tables.settings(&document, folder, &*secrets, of_journal, read);
        let mut of_journal = of_journal.map_err(ConfigErrors::new)?;
        if let Some(file) = self.journal {
            of_journal.move_to(file);
        }
        let references = Arc::new(References::default());
        let providers: Vec<Named> = providers
            .into_iter()
            .map(|named| {
                let (clock, references) = (Arc::clone(&self.clock), Arc::clone(&references));
                let logged = Logged::new(named.provider, clock, references);
                Named { provider: Arc::new(logged), ..named }
            })
            .collect();
        // Everything can be read; whether it fits together is asked before the first payment.
        let given = providers.iter().map(|named| Arc::clone(&named.provider));
        let (router, mut warnings) =
            routes::check(&document, routes, given).map_err(ConfigErrors::new)?;
        for warning in without_refunds(&router) {
            tracing::warn!("{warning}");
            warnings.push(warning);
        }
        let router = Arc::new(router);
        let (namespace, routes) = (top.namespace.clone(), Arc::clone(&router));
        let journal = Opening::new(of_journal, namespace, routes, time);
        Ok(Tulay {
            namespace: top.namespace,
            confirm_production: top.confirm_production,
            providers,
            router,
            warnings,
            settings: setting::settings(&document),
            http,
            webhook_listen,
            journal,
        })
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.adapters.keys()).finish()
    }
}

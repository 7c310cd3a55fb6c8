//! What `Provider` and `Adapter` are for every adapter.

/// Implements `Provider` and `Debug` for an account: the roles it has, in the order of `Roles`. A
/// role without a capability of its own exists exactly if a capability of the account offers its
/// operation: `collection_cancel if collections offers CollectionCancel`. `Debug` shows the name and
/// the masked account. The account gets a method `allow`, with which every call begins: it refuses
/// what production must not use yet, as [`Policy::allow`](crate::policy::Policy::allow).
///
/// The account has the fields `id`, `account` and `client`, whose `settings` come from
/// [`settings!`](crate::settings!).
///
/// ```
/// use tulay_core::{Capability, MerchantAccount, Operation, ProviderId};
/// # use tulay_core::{Country, InstitutionEntry, Institutions, Result};
/// # struct Client { settings: Settings }
/// # tulay_adapter::settings! {
/// #     AcmeConfig, Settings("https://acme.example"), keys {} required {}
/// #     guarantees: |_| Guarantees::default(), assumptions: &[],
/// #     not_found: tulay_adapter::not_found::NotFound::NONE,
/// # }
/// pub struct Acme {
///     id: ProviderId,
///     account: MerchantAccount,
///     payouts: Capability,
///     client: Client,
/// }
///
/// tulay_adapter::provider! {
///     Acme {
///         institutions if payouts offers Institutions,
///         health,
///     }
/// }
/// # #[async_trait::async_trait]
/// # impl Institutions for Acme {
/// #     async fn list(&self, _: Country) -> Result<Vec<InstitutionEntry>> { Ok(Vec::new()) }
/// # }
/// # #[async_trait::async_trait]
/// # impl tulay_core::Health for Acme {
/// #     async fn check(&self) -> Result<()> { self.allow(&[Operation::Health], None) }
/// # }
///
/// # use tulay_core::{Guarantees, Environment, IdRules, Provider};
/// let acme = Acme {
///     id: ProviderId::new("acme")?,
///     account: MerchantAccount::new("acme", Environment::Sandbox, "101510000001", "127.0.0.1"),
///     payouts: Capability::new(Vec::new(), IdRules::STANDARD, Guarantees::default()),
///     client: Client { settings: Settings::new(Environment::Sandbox, "http://127.0.0.1") },
/// };
/// assert_eq!(format!("{acme:?}, {:?}", acme.roles()), r#"Acme(acme, 1015…0001), {"Health"}"#);
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
#[macro_export]
macro_rules! provider {
    ($provider:ident { $($role:ident $(if $capability:ident offers $operation:ident)?,)* }) => {
        impl $provider {
            /// Refuses what production must not use yet; the error is about the first operation.
            pub(crate) fn allow(
                &self,
                operations: &[::tulay_core::Operation],
                country: impl Into<Option<::tulay_core::Country>>,
            ) -> ::tulay_core::Result<()> {
                self.client.settings.policy().allow(operations, country)
            }
        }

        impl ::tulay_core::Provider for $provider {
            fn id(&self) -> &::tulay_core::ProviderId {
                &self.id
            }

            fn merchant_account(&self) -> &::tulay_core::MerchantAccount {
                &self.account
            }

            fn roles(&self) -> ::tulay_core::Roles<'_> {
                let mut roles = ::tulay_core::Roles::none();
                $(
                    if true $(&& self.$capability.offers(::tulay_core::Operation::$operation))? {
                        roles = roles.$role(self);
                    }
                )*
                roles
            }
        }

        impl ::std::fmt::Debug for $provider {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let (id, account) = (&self.id, self.account.masked());
                write!(f, "{}({id}, {account})", stringify!($provider))
            }
        }
    };
}

/// Declares an adapter whose accounts sign with an RSA key: a struct with signers, its `new`, and
/// `signer`, which registers one.
///
/// ```
/// # #[derive(Debug)]
/// # struct Kms;
/// # #[async_trait::async_trait]
/// # impl tulay_crypto::Signer for Kms {
/// #     async fn sign(&self, _: &[u8]) -> Result<tulay_crypto::Signature, tulay_crypto::SignError> {
/// #         Err(tulay_crypto::SignError::new("sealed"))
/// #     }
/// #     fn public_key(&self) -> Option<&tulay_crypto::PublicKey> { None }
/// # }
/// tulay_adapter::signing_adapter! {
///     /// Makes `Acme` providers from configurations.
///     AcmeAdapter
/// }
/// let adapter = AcmeAdapter::new().signer("kms", std::sync::Arc::new(Kms));
/// ```
#[macro_export]
macro_rules! signing_adapter {
    ($(#[$doc:meta])* $adapter:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default)]
        pub struct $adapter {
            signers: $crate::keys::Signers,
        }

        impl $adapter {
            /// An adapter that knows no signers.
            #[must_use]
            pub fn new() -> Self {
                Self::default()
            }

            /// Registers a signer that configurations name by `private_key = { signer = "…" }`.
            #[must_use]
            pub fn signer(
                mut self,
                name: impl Into<String>,
                signer: ::std::sync::Arc<dyn ::tulay_crypto::Signer>,
            ) -> Self {
                self.signers = self.signers.with(name, signer);
                self
            }
        }
    };
}

/// Implements `Adapter`: the adapter and its configuration table, its name, its assumptions, the JSON
/// schema of the table, and how a provider is made of a configuration. In the schema,
/// `"oneOf": "secret_sources"` stands for the alternatives of
/// [`SecretSources`](tulay_core::SecretSources).
///
/// ```
/// # use tulay_core::{Assumption, Invalid, MerchantAccount, ProviderId, SecretSource};
/// # #[derive(Debug)]
/// # pub struct Acme { id: ProviderId, account: MerchantAccount }
/// # impl tulay_core::Provider for Acme {
/// #     fn id(&self) -> &ProviderId { &self.id }
/// #     fn merchant_account(&self) -> &MerchantAccount { &self.account }
/// #     fn roles(&self) -> tulay_core::Roles<'_> { tulay_core::Roles::none() }
/// # }
/// # const NAME: &str = "acme";
/// # const ASSUMPTIONS: &[Assumption] = &[];
/// # #[derive(serde::Deserialize)]
/// # pub struct AcmeConfig { merchant: String, api_key: SecretSource }
/// /// Makes [`Acme`] providers from configurations.
/// #[derive(Clone, Copy, Debug, Default)]
/// pub struct AcmeAdapter;
///
/// tulay_adapter::adapter! {
///     AcmeAdapter(AcmeConfig), NAME, ASSUMPTIONS, r#"{"type":"object"}"#,
///     |_, id, config, context| {
///         let key = context.secrets.read(&config.api_key).map_err(|e| e.with_field("api_key"))?;
/// #       let (_, environment) = (key, tulay_core::Environment::Sandbox);
/// #       let account = MerchantAccount::new(NAME, environment, config.merchant, "127.0.0.1");
/// #       #[cfg(any())]
///         Acme::new(id, config.into(), key, context)
/// #       ;
/// #       Ok(Acme { id, account })
///     }
/// }
/// assert_eq!(tulay_core::Adapter::name(&AcmeAdapter), "acme");
/// ```
#[macro_export]
macro_rules! adapter {
    ($adapter:ident($config:ty), $name:expr, $assumptions:expr, $schema:expr, $build:expr) => {
        impl ::tulay_core::Adapter for $adapter {
            type Config = $config;

            fn name(&self) -> &'static str {
                $name
            }

            fn config_schema(&self) -> String {
                $schema.replace("\"secret_sources\"", ::tulay_core::SecretSources::SCHEMA)
            }

            fn assumptions(&self) -> &'static [::tulay_core::Assumption] {
                $assumptions
            }

            fn build(
                &self,
                id: ::tulay_core::ProviderId,
                config: $config,
                context: ::tulay_core::AdapterContext,
            ) -> Result<::std::sync::Arc<dyn ::tulay_core::Provider>, ::tulay_core::Invalid> {
                let build: fn(
                    &Self,
                    ::tulay_core::ProviderId,
                    $config,
                    ::tulay_core::AdapterContext,
                ) -> Result<_, ::tulay_core::Invalid> = $build;
                Ok(::std::sync::Arc::new(build(self, id, config, context)?))
            }
        }
    };
}

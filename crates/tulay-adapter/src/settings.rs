//! The configuration table of an adapter, and the settings that it becomes.

/// Declares, of one list of fields, the struct that an adapter's table in the configuration is read
/// into, and the struct of settings that the provider is made of: the same fields without keys. The
/// first refuses unknown keys; the second is made in code by `new`, or from the first by `into()`.
/// Both have the fields that every adapter has: `environment`, `base_url`, `accept_unverified`,
/// `not_found_codes` and `guarantees`. The crate that uses it needs `serde` and `tulay-core`.
///
/// * `keys`: where the secrets are; the settings do not have them.
/// * `required`: parameters of `new`.
/// * `optional`: each with its default.
/// * `guarantees`: a function of the environment.
/// * `assumptions`: what the adapter assumes; `policy()` of the settings is the
///   [`Policy`](crate::policy::Policy) of the account.
/// * `not_found`: the adapter's codes that say "no such order"; `not_found()` of the settings has those
///   of the account. The adapter refuses what [`checked`](crate::not_found::NotFoundCodes::checked)
///   refuses.
///
/// ```
/// use tulay_adapter::not_found::NotFound;
/// use tulay_core::{Guarantees, Environment, SecretSource};
/// tulay_adapter::settings! {
///     AcmeConfig, Settings("https://test.acme.example"),
///     keys {
///         /// The key that requests bear.
///         api_key: SecretSource,
///     }
///     required {
///         /// The merchant's id at the provider.
///         merchant: String,
///     }
///     optional {
///         /// The member that holds the balance.
///         balance_member: String = "balance".into(),
///     }
///     guarantees: |_| Guarantees::default(),
///     assumptions: &[],
///     not_found: NotFound::NONE,
/// }
///
/// let config: AcmeConfig = serde_json::from_value(serde_json::json!({
///     "environment": "uat",
///     "base_url": "https://test.acme.example",
///     "merchant": "shop-1",
///     "api_key": { "env": "ACME_KEY" },
/// }))?;
/// let settings: Settings = config.into();
/// assert_eq!((&*settings.merchant, &*settings.balance_member), ("shop-1", "balance"));
/// let same = Settings::new(Environment::Uat, "https://test.acme.example", "shop-1");
/// assert_eq!(format!("{settings:?}"), format!("{same:?}"));
/// assert!(settings.policy().accepts(tulay_core::Operation::Payout));
/// assert_eq!(settings.not_found().checked(), Ok(()));
/// # Ok::<_, serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! settings {
    (
        $config:ident, $settings:ident($base_url:literal),
        keys { $($(#[$key_doc:meta])* $key:ident: $key_type:ty,)* }
        required { $($(#[$required_doc:meta])* $required:ident: $required_type:ty,)* }
        $(optional {
            $($(#[$optional_doc:meta])* $optional:ident: $optional_type:ty = $default:expr,)*
        })?
        guarantees: $guarantees:expr,
        assumptions: $assumptions:expr,
        not_found: $not_found:expr,
    ) => {
        /// A provider's table in the configuration, beside `adapter`.
        #[derive(Clone, Debug, ::serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        #[non_exhaustive]
        pub struct $config {
            /// The provider's system that `base_url` leads to; a live host with a test flag, or the
            /// other way round, is refused.
            pub environment: ::tulay_core::Environment,
            #[doc = concat!("Base URL of the API, without a trailing slash: `", $base_url, "`.")]
            pub base_url: String,
            $($(#[$required_doc])* pub $required: $required_type,)*
            $($(#[$key_doc])* pub $key: $key_type,)*
            /// Operations documented only by assumption that production may use all the same.
            #[serde(default)]
            pub accept_unverified: Vec<::tulay_core::Operation>,
            /// Look-ups, each with the codes that say "no such order" there, in place of the
            /// adapter's own.
            #[serde(default)]
            pub not_found_codes: $crate::not_found::ConfiguredCodes,
            $($($(#[$optional_doc])* pub $optional: Option<$optional_type>,)*)?
            /// What the provider guarantees. A table given here replaces the adapter's own whole:
            /// what it leaves out is not trusted.
            pub guarantees: Option<::tulay_core::Guarantees>,
        }

        /// What the provider is made of, beside keys: the configuration's fields of the same name.
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct $settings {
            /// The provider's system that `base_url` leads to.
            pub environment: ::tulay_core::Environment,
            /// Base URL of the API.
            pub base_url: String,
            $($(#[$required_doc])* pub $required: $required_type,)*
            /// Operations documented only by assumption that production may use all the same.
            pub accept_unverified: Vec<::tulay_core::Operation>,
            /// Look-ups, each with the codes that say "no such order" there, in place of the
            /// adapter's own.
            pub not_found_codes: $crate::not_found::ConfiguredCodes,
            $($($(#[$optional_doc])* pub $optional: $optional_type,)*)?
            /// What the provider guarantees.
            pub guarantees: ::tulay_core::Guarantees,
        }

        impl $settings {
            /// The settings of an account, all else by default.
            #[must_use]
            pub fn new(
                environment: ::tulay_core::Environment,
                base_url: impl Into<String>,
                $($required: impl Into<$required_type>,)*
            ) -> Self {
                let guarantees: fn(::tulay_core::Environment) -> ::tulay_core::Guarantees = $guarantees;
                Self {
                    environment,
                    base_url: base_url.into(),
                    $($required: $required.into(),)*
                    accept_unverified: Vec::new(),
                    not_found_codes: $crate::not_found::ConfiguredCodes::new(),
                    $($($optional: $default,)*)?
                    guarantees: guarantees(environment),
                }
            }
        }

        impl $settings {
            /// Which operations this account may use.
            pub(crate) fn policy(&self) -> $crate::policy::Policy<'_> {
                $crate::policy::Policy::new(
                    self.environment,
                    &self.accept_unverified,
                    $assumptions,
                )
            }

            /// The codes that say "no such order" to this account.
            pub(crate) fn not_found(&self) -> $crate::not_found::NotFoundCodes<'_> {
                $crate::not_found::NotFoundCodes::new($not_found, &self.not_found_codes)
            }
        }

        impl From<$config> for $settings {
            fn from(config: $config) -> Self {
                let defaults = Self::new(config.environment, config.base_url, $(config.$required,)*);
                Self {
                    accept_unverified: config.accept_unverified,
                    not_found_codes: config.not_found_codes,
                    $($($optional: config.$optional.unwrap_or(defaults.$optional),)*)?
                    guarantees: config.guarantees.unwrap_or(defaults.guarantees),
                    ..defaults
                }
            }
        }
    };
}

//! Settings that have defaults.

/// Declares a public struct of texts, each with its default, that a configuration may override one
/// by one. It refuses unknown keys. The crate that uses it needs `serde`.
///
/// ```
/// tulay_adapter::defaults! {
///     /// Paths below the base URL.
///     Paths {
///         /// Section 5.2.
///         payout = "/v1/disburse",
///         /// Section 5.4.
///         payout_find = "/v1/disburse/query",
///     }
/// }
///
/// let paths: Paths = serde_json::from_str(r#"{"payout":"/v2/disburse"}"#)?;
/// assert_eq!(paths.payout, "/v2/disburse");
/// assert_eq!(paths.payout_find, "/v1/disburse/query");
/// assert!(serde_json::from_str::<Paths>(r#"{"payouts":"/v2/disburse"}"#).is_err());
/// # Ok::<_, serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! defaults {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $field:ident = $default:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, ::serde::Deserialize)]
        #[serde(deny_unknown_fields, default)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$doc])* #[doc = concat!("\n\nDefault: `", $default, "`.")] pub $field: String,)*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default.into(),)* }
            }
        }
    };
}

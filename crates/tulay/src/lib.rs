#![doc = include_str!("../README.md")]

pub mod journal;
pub mod json;

mod builder;
mod config;
mod document;
mod effects;
mod env_text;
mod error;
mod find;
mod http_settings;
mod keys_not_loaded;
mod nearest;
mod operations;
mod providers;
mod published_keys;
mod registry;
mod routes;
mod secrets;
mod setting;
mod system;
mod toml_errors;
mod warning;

pub use builder::{Builder, Tulay};
pub use error::{ConfigError, ConfigErrors};
pub use find::{Begun, Known};
pub use secrets::{SecretFiles, read_secret};
pub use setting::Setting;
pub use warning::Warning;

// An application imports all of these by `use tulay::*`: none has the name of something in the
// standard prelude or in axum's root. `Error` and `Result` are in `adapter`.

// Requests.
#[doc(inline)]
pub use tulay_core::{
    CollectionMethod, CollectionRequest, Destination, Name, Party, PartyKind, PayoutRequest, Proxy,
    RefundRequest, StaticCodeRequest, Terminal, WalletAccount,
};
// Personal data.
#[doc(inline)]
pub use tulay_core::{AccountNumber, Email, NamePart, Phone, QrText, TaxId, WeChatOpenId};
// Money, places and identity.
#[doc(inline)]
pub use tulay_core::{
    Channel, Country, Currency, Directory, Environment, Institution, InstitutionId,
    MerchantAccount, Money, NameMatch, Namespace, OrderId, ProviderId, ProviderReference, Rail,
    Reference,
};
// Calls, and what they may have done.
#[doc(inline)]
pub use tulay_core::{
    CollectionCancel, Collections, Effect, Error as CallError, ErrorKind, FollowUp, Found, Invalid,
    Lookup, Operation, PayAgain, Payouts, Prepared, Problem, Provider, ProviderExt, RefundList,
    Refunds, Request, RequestRef, Retry, StaticCodeControl, StaticCodePayments, StaticCodes,
};
// Results.
#[doc(inline)]
pub use tulay_core::{
    Collection, CollectionStatus, Failure, IncomingPayment, Observation, PaymentInstructions,
    Payout, PayoutStatus, Refund, RefundStatus, RefundTotals, StaticCode, StaticCodeStatus, Status,
};

/// Which provider carries a payment, and why: rules, plans, current conditions.
///
/// [`Tulay::plan`] uses it. An application that has more information, such as a provider that is
/// down or an earlier attempt, passes it to [`Router::plan`](routing::Router::plan).
pub mod routing {
    #[doc(inline)]
    pub use tulay_router::*;
}

/// Readers of text that a person or a program typed: amounts, references, names, accounts, mobiles,
/// tax ids, banks. The [JSON](json) requests are read by them.
#[doc(inline)]
pub use tulay_core::text;

/// What a provider reports beside payments: balances, reports, lists of banks, the content of a QR
/// code, whether it can be reached. [`ProviderExt`] has a method for each.
pub mod readings {
    #[doc(inline)]
    pub use tulay_core::{
        AccountKind, Balance, Balances, ContentKind, Health, Inspection, InstitutionEntry,
        Institutions, ProviderTime, QrInspection, ReportLink, Reports, StatedAmount,
    };
    #[doc(inline)]
    pub use tulay_http::{Download, DownloadError};
}

/// Webhooks: the endpoint, its limits and counters, the notification. An application mounts
/// [`Tulay::webhook`].
pub mod webhook {
    #[doc(inline)]
    pub use tulay_core::{
        Authenticity, Handling, Notification, Verified, WebhookRequest, Webhooks,
    };
    #[doc(inline)]
    pub use tulay_webhook::{
        Inbox, InboxError, Kept, Limits, Received, Receiver, SigningSecret, Verdict, Verdicts,
        WebhookService, serve,
    };
}

/// For adapters; and what replaces a built-in part of a [`Builder`]: transport, clock, message ids,
/// secrets.
pub mod adapter {
    #[doc(inline)]
    pub use crate::system::{RandomMessageIds, SystemClock};
    #[doc(inline)]
    pub use tulay_core::adapter::*;
    #[doc(inline)]
    pub use tulay_core::{
        Capability, Corridor, Error, Extras, Field, FindBy, Guarantees, InstitutionCode,
        InstitutionLimit, Outline, Result, Roles, Secret, Sensitive,
    };
    #[doc(inline)]
    pub use tulay_http::{HttpError, HttpSettings, HttpTransport};
}

/// Payment QR codes: read, write, check, draw. [`tulay_qr`] itself, with SVG, PNG and terminal.
///
/// ```
/// use tulay::qr::{Payload, PointOfInitiation, Symbol};
///
/// let shop = "00020101021126280015com.example.pay0105M00015204541153036085802PH\
///             5912EXAMPLE SHOP6006Manila62210509A6304ABCD070463046304DB3B";
/// let order = Payload::parse(shop)?.edit().set_amount("250.00", PointOfInitiation::Dynamic)?.finish();
/// assert!(order.errors.is_empty());
/// let picture = Symbol::new(&order.text)?.to_svg();
/// assert!(picture.starts_with("<svg "));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[cfg(feature = "qr")]
#[doc(inline)]
pub use tulay_qr as qr;

#[cfg(feature = "paymongo")]
pub use tulay_paymongo as paymongo;
#[cfg(feature = "regional")]
pub use tulay_regional as regional;
#[cfg(feature = "starpay")]
pub use tulay_starpay as starpay;
#[cfg(feature = "xendit")]
pub use tulay_xendit as xendit;

/// Pages of the repository, so that their code is compiled.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../../README.md")]
    struct Readme;

    #[doc = include_str!("../../../docs/guides/collections.md")]
    struct Collections;

    #[doc = include_str!("../../../docs/guides/payouts.md")]
    struct Payouts;

    #[doc = include_str!("../../../docs/guides/routing.md")]
    struct Routing;

    #[doc = include_str!("../../../docs/guides/webhooks.md")]
    struct Webhooks;

    #[doc = include_str!("../../../docs/providers/starpay.md")]
    struct Starpay;
}

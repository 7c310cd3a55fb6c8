#![doc = include_str!("../README.md")]

pub mod json;

mod builder;
mod config;
mod document;
mod error;
mod keys_not_loaded;
mod nearest;
mod operations;
mod providers;
mod registry;
mod routes;
mod secrets;
mod setting;
mod system;
mod toml_errors;
mod warning;

pub use builder::{Builder, Tulay};
pub use error::{ConfigError, ConfigErrors};
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
    MerchantAccount, Money, Namespace, OrderId, ProviderId, ProviderReference, Reference,
};
// Calls, and what they may have done.
#[doc(inline)]
pub use tulay_core::{
    CollectionCancel, Collections, Effect, Error as CallError, ErrorKind, Found, Invalid, Lookup,
    Operation, Payouts, Prepared, Problem, Provider, ProviderExt, Refunds, Request, RequestRef,
    StaticCodeControl, StaticCodePayments, StaticCodes,
};
// Results.
#[doc(inline)]
pub use tulay_core::{
    Collection, CollectionStatus, Failure, IncomingPayment, Observation, PaymentInstructions,
    Payout, PayoutStatus, Refund, RefundStatus, StaticCode, StaticCodeStatus, Status,
};

/// Which provider carries a payment, and why: rules, plans, what holds at the moment.
///
/// [`Tulay::plan`] uses it by itself. An application that knows more (a
/// provider that is down, an attempt that was made) says so to [`Router::plan`](routing::Router::plan).
pub mod routing {
    #[doc(inline)]
    pub use tulay_router::*;
}

/// What a provider is asked for beside payments: balances, reports, lists of banks, the content of
/// a QR code, whether it can be reached. [`ProviderExt`] leads to each.
pub mod readings {
    #[doc(inline)]
    pub use tulay_core::{
        AccountKind, Balance, Balances, Health, Inspection, InstitutionEntry, Institutions,
        ProviderTime, QrInspection, ReportLink, Reports, StatedAmount,
    };
    #[doc(inline)]
    pub use tulay_http::{Download, DownloadError};
}

/// Notifications of providers: the request that arrives, verification, the message, the response.
pub mod webhook {
    #[doc(inline)]
    pub use tulay_core::{
        Authenticity, Handling, Notification, Verified, WebhookRequest, Webhooks,
    };
}

/// What an adapter is made of, and what a [`Builder`] can be given instead of the
/// built-in: transport, clock, message ids, secrets.
pub mod adapter {
    #[doc(inline)]
    pub use crate::system::{RandomMessageIds, SystemClock};
    #[doc(inline)]
    pub use tulay_core::adapter::*;
    #[doc(inline)]
    pub use tulay_core::{
        Capability, Corridor, Error, Extras, Field, FindBy, Guarantees, Result, Roles, Secret,
        Sensitive,
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

#[cfg(feature = "regional")]
pub use tulay_regional as regional;
#[cfg(feature = "starpay")]
pub use tulay_starpay as starpay;

/// The repository's first page, so that its code is compiled.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

/// The guide to routes, so that its code is compiled.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guides/routing.md")]
struct Routing;

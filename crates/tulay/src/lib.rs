#![doc = include_str!("../README.md")]

mod builder;
mod closed;
mod config;
mod error;
mod nearest;
mod operations;
mod plain;
mod registry;
mod routes;
mod secrets;
mod system;
mod warning;

pub use builder::{Builder, Tulay};
pub use config::Setting;
pub use error::{ConfigError, ConfigErrors};
pub use secrets::SecretFiles;
pub use system::{RandomMessageIds, SystemClock};
pub use warning::Warning;

#[doc(no_inline)]
pub use tulay_core::*;
#[doc(no_inline)]
pub use tulay_http::{Download, DownloadError, HttpError, HttpSettings, HttpTransport};
#[cfg(feature = "regional")]
#[doc(no_inline)]
pub use tulay_regional as regional;
#[doc(no_inline)]
pub use tulay_router::{
    Candidate, Circuit, CircuitLimits, Circuits, Conditions, Decision, Deferred, Excluded, Finding,
    Location, MajorAmount, Missing, NoRoute, PastAttempt, Payment, Plan, ProviderSequence,
    Requirement, Requirements, RouteTarget, Router, Rule, Unavailability, WaitReason,
};
#[cfg(feature = "starpay")]
#[doc(no_inline)]
pub use tulay_starpay as starpay;

/// The repository's first page, so that its code is compiled.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

/// The guide to routes, so that its code is compiled.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guides/routing.md")]
struct Routing;

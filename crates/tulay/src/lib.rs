#![doc = include_str!("../README.md")]

mod builder;
mod closed;
mod config;
mod document;
mod error;
mod nearest;
mod operations;
mod plain;
mod providers;
mod registry;
mod routes;
mod secrets;
mod setting;
mod system;
mod warning;

pub use builder::{Builder, Tulay};
pub use error::{ConfigError, ConfigErrors};
pub use secrets::SecretFiles;
pub use setting::Setting;
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
    Candidate, Circuit, CircuitLimits, Circuits, Decision, Excluded, Finding, Hold, Later,
    MajorAmount, Missing, NoRoute, Order, Payment, Plan, Requirement, Requirements, Router, Rule,
    Situation, Spot, Tried, Use, Wait,
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

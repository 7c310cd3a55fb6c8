//! `use tulay::*` can stand beside `use axum::*` and the standard prelude: no name means two
//! things. A name that two globs bring is an error where it is used, so each is used here.
//!
//! The module `routing` is in both; it is written as a path.

#![allow(dead_code, reason = "it is enough that they compile")]
#![allow(unused_qualifications, reason = "two globs bring `routing`")]

mod beside_axum {
    use axum::*;
    use std::{collections::HashMap, fmt, sync::Arc, time::Duration};
    use tulay::*;

    struct Service {
        tulay: Arc<Tulay>,
        known: HashMap<Reference, PayoutStatus>,
        patience: Duration,
    }

    impl fmt::Debug for Service {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("Service")
        }
    }

    fn routes(service: Arc<Service>) -> Router {
        Router::new().route("/", axum::routing::get(async || "tulay")).layer(Extension(service))
    }

    // Every other name in axum's root.
    fn types(_: BoxError, _: Error) {}
    fn traits(_: &impl RequestExt, _: &impl RequestPartsExt) {}
    fn services<S: ServiceExt<http::Request<body::Body>>>(_: S) {}
    fn handlers<H: handler::Handler<(), ()>, L: serve::Listener>(_: H, _: L) {}
    type Modules = (
        body::Bytes,
        error_handling::HandleErrorLayer<(), ()>,
        extract::State<()>,
        middleware::Next,
        response::Response,
    );

    async fn run(listener: tokio::net::TcpListener, router: Router) {
        let _ = serve(listener, router).await;
    }
}

mod beside_std {
    use super::prelude::*;
    use std::error::Error;
    use tulay::*;

    type Names = (
        Option,
        Result,
        Box,
        String,
        Vec,
        (AsMut, AsRef, Clone, Copy, Default, DoubleEndedIterator, Drop, Eq),
        (ExactSizeIterator, Extend, Fn, FnMut, FnOnce, From, FromIterator, Into, IntoIterator),
        (Iterator, Ord, PartialEq, PartialOrd, Send, Sized, Sync, ToOwned, ToString),
        (TryFrom, TryInto, Unpin, Future, IntoFuture, drop, Some, None, Ok, Err),
    );

    fn names(_: Names, _: &dyn Error, _: &Tulay) {}
}

/// The names of the standard prelude, as another module's.
mod prelude {
    #![allow(non_camel_case_types, reason = "functions and variants have such names")]

    macro_rules! names {
        ($($name:ident)*) => { $(pub(crate) struct $name;)* };
    }

    names! {
        Option Result Box String Vec
        AsMut AsRef Clone Copy Default DoubleEndedIterator Drop Eq ExactSizeIterator Extend Fn FnMut
        FnOnce From FromIterator Into IntoIterator Iterator Ord PartialEq PartialOrd Send Sized Sync
        ToOwned ToString TryFrom TryInto Unpin Future IntoFuture drop Some None Ok Err
    }
}

#[test]
fn no_name_means_two_things() {}

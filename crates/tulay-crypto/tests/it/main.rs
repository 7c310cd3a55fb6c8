//! Everything that the crate promises, from outside. `data/make.sh` made the keys under `data/`.

#![allow(
    clippy::duplicate_mod,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers fail as tests do; backend tests are compiled once per backend"
)]

mod data;
mod encoding;
mod forms;
mod keys;
mod misread;
mod properties;
mod rejections;
mod secrecy;

#[cfg(feature = "aws-lc")]
#[path = "."]
mod with_aws_lc {
    use tulay_crypto::aws_lc as backend;

    mod damage;
    mod signing;
    mod wycheproof;
}

#[cfg(feature = "rsa")]
#[path = "."]
mod with_rsa {
    use tulay_crypto::rsa as backend;

    mod damage;
    mod signing;
    mod wycheproof;
}

#[cfg(all(feature = "aws-lc", feature = "rsa"))]
mod agreement;

//! The published keys and merchant.

/// The `mchId` of the merchant that every sandbox knows from the start.
pub const DEMO_MERCHANT_ID: &str = "101510000001";

/// The private key of the merchant that every sandbox knows: PKCS#8 in PEM. It is public, and
/// worthless.
pub const DEMO_MERCHANT_PRIVATE_KEY: &str =
    include_str!("../../keys/starpay.demo-merchant.private.pem");

/// The public half of [`DEMO_MERCHANT_PRIVATE_KEY`]: SubjectPublicKeyInfo in PEM.
pub const DEMO_MERCHANT_PUBLIC_KEY: &str =
    include_str!("../../keys/starpay.demo-merchant.public.pem");

/// The public key that answers and notifications verify under: SubjectPublicKeyInfo in PEM.
pub const PLATFORM_PUBLIC_KEY: &str = include_str!("../../keys/starpay.platform.public.pem");

pub(super) const PLATFORM_PRIVATE_KEY: &str =
    include_str!("../../keys/starpay.platform.private.pem");

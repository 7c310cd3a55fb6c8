//! The published keys and merchant.

/// The `appId` of the merchant that every sandbox knows from the start.
pub const DEMO_APP_ID: &str = "5a4d7b0c2e9f41638a1b2c3d4e5f6071";

/// The private key of the merchant that every sandbox knows: PKCS#8 in PEM. It is public, and
/// worthless.
pub const DEMO_MERCHANT_PRIVATE_KEY: &str =
    include_str!("../../keys/regional.demo-merchant.private.pem");

/// The public half of [`DEMO_MERCHANT_PRIVATE_KEY`]: SubjectPublicKeyInfo in PEM.
pub const DEMO_MERCHANT_PUBLIC_KEY: &str =
    include_str!("../../keys/regional.demo-merchant.public.pem");

/// The public key that notifications verify under: SubjectPublicKeyInfo in PEM.
pub const PLATFORM_PUBLIC_KEY: &str = include_str!("../../keys/regional.platform.public.pem");

pub(super) const PLATFORM_PRIVATE_KEY: &str =
    include_str!("../../keys/regional.platform.private.pem");

//! The published accounts: one for each currency, each with a key and a token of its own.

/// The business id of the account in pesos that every sandbox knows from the start.
pub const DEMO_BUSINESS_ID: &str = "6018306aa16ad90cb3c43ba7";

/// The secret key of that account. It is public, and worthless.
pub const DEMO_SECRET_KEY: &str = "xnd_development_SandboxPesoAccountIsPublic";

/// The token that its notifications carry. It is public, and worthless.
pub const DEMO_CALLBACK_TOKEN: &str = "SandboxPesoTokenIsPublic";

/// The business id of the account in rupiah that every sandbox knows from the start.
pub const DEMO_IDR_BUSINESS_ID: &str = "5f27a14a9bf05c73dd040bc8";

/// The secret key of that account. It is public, and worthless.
pub const DEMO_IDR_SECRET_KEY: &str = "xnd_development_SandboxRupiahAccountIsPublic";

/// The token that its notifications carry. It is public, and worthless.
pub const DEMO_IDR_CALLBACK_TOKEN: &str = "SandboxRupiahTokenIsPublic";

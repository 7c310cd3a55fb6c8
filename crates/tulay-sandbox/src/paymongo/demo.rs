//! The published keys and merchant.

/// The organization of the merchant that every sandbox knows from the start.
pub const DEMO_ORGANIZATION: &str = "org_SandboxDemoMerchant0001";

/// The secret key of its test mode. It is public, and worthless.
pub const DEMO_SECRET_KEY: &str = "sk_test_SandboxDemoMerchant00001";

/// The secret key of its live mode, which is simulated alike. It is public, and worthless.
pub const DEMO_LIVE_SECRET_KEY: &str = "sk_live_SandboxDemoLive";

/// The secret of its webhook, for events of both modes. It is public, and worthless.
pub const DEMO_WEBHOOK_SECRET: &str = "whsk_SandboxDemoMerchant00001";

/// The number of its wallet, which transfers name as their source.
pub const DEMO_WALLET_NUMBER: &str = "978000000001";

/// The name of its wallet.
pub const DEMO_WALLET_NAME: &str = "Sandbox Merchant";

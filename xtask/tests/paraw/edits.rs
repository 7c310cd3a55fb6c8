//! What Paraw's author changes by a line or two in a file that is otherwise the generated one: the
//! file, what is generated, what takes its place. Files that change more stand beside this one.

pub(crate) const EDITS: &[(&str, &str, &str)] = &[
    (
        "Cargo.toml",
        "serde = { version = \"1\", features = [\"derive\"] }\n",
        "serde = { version = \"1\", features = [\"derive\"] }
serde_json = { version = \"1\", features = [\"raw_value\"] }
",
    ),
    (
        "Cargo.toml",
        "[dev-dependencies]\nserde_json = \"1\"\n",
        "[dev-dependencies]\nhmac = \"0.12\"\nsha2 = \"0.10\"\n",
    ),
    ("src/lib.rs", "mod codes;\n", "mod codes;\nmod collections;\n"),
    ("src/lib.rs", "mod provider;\n", "mod provider;\nmod refunds;\n"),
    ("src/lib.rs", "mod settings;\n", "mod settings;\nmod webhooks;\n"),
    (
        "src/assumptions.rs",
        "    Assumption::new(\"one reference never makes two orders\", \"for at least 24 hours\")
        .setting(\"guarantees.resend_for\"),
",
        "    Assumption::new(\"an idempotency key is remembered\", \"for 48 hours, of which half is used\")
        .setting(\"guarantees.replays_for\"),
",
    ),
    (
        "src/codes.rs",
        "The code of a look-up that found nothing.",
        "The code of a look-up, by the provider's id of an order, that found nothing.",
    ),
    ("src/codes.rs", "const NO_SUCH_PAYOUT:", "const NO_SUCH_ORDER:"),
    (
        "src/codes.rs",
        "pub(crate) const NOT_FOUND: NotFound =
    NotFound { form: CodeForm::SmallLetters, look_ups: &[look_up(Operation::PayoutFind)] };
",
        "pub(crate) const NOT_FOUND: NotFound = NotFound {
    form: CodeForm::SmallLetters,
    look_ups: &[
        look_up(Operation::PayoutFind),
        look_up(Operation::CollectionFind),
        look_up(Operation::RefundFind),
    ],
};
",
    ),
    ("src/codes.rs", "codes: &[NO_SUCH_PAYOUT]", "codes: &[NO_SUCH_ORDER]"),
    (
        "src/codes.rs",
        "Row::new(NO_SUCH_PAYOUT, Kind::State, Nothing, \"no such payout\")",
        "Row::new(NO_SUCH_ORDER, Kind::State, Nothing, \"no such order\")",
    ),
    (
        "src/config.rs",
        "        Paraw::new(id, config.into(), Keys { api_key }, context)\n",
        "        let secret = context.secrets.read(&config.webhook_secret);
        let webhook_secret = secret.map_err(|e| e.with_field(\"webhook_secret\"))?;
        // One host serves test and live, and the key tells which.
        if !context.capabilities_only {
            check_mode(\"api_key\", config.environment, &api_key, &[\"test_\"], &[\"live_\"])?;
        }
        Paraw::new(id, config.into(), Keys { api_key, webhook_secret }, context)
",
    ),
    (
        "src/config.rs",
        "use tulay_adapter::adapter;",
        "use tulay_adapter::{adapter, keys::check_mode};",
    ),
    (
        "src/settings.rs",
        "        api_key: SecretSource,
",
        "        api_key: SecretSource,
        /// The secret that signs notifications.
        webhook_secret: SecretSource,
",
    ),
    // One host serves test and live.
    (
        "src/profile.rs",
        "/// The provider's hosts: its test system, and where real money moves.
pub(crate) const UAT_HOSTS: &[&str] = &[\"test.paraw.example\"];
pub(crate) const PRODUCTION_HOSTS: &[&str] = &[\"api.paraw.example\"];
",
        "/// The provider's hosts: one serves test and live, and the key tells which.
pub(crate) const UAT_HOSTS: &[&str] = &[];
pub(crate) const PRODUCTION_HOSTS: &[&str] = &[];
",
    ),
    (
        "src/profile.rs",
        "/// Payouts in pesos, to banks.
pub(crate) fn payouts(policy: &Policy<'_>, guarantees: Guarantees) -> Capability {
",
        "/// The wallets that payers pay with: the neutral id, and the provider's own code.
const WALLETS: &[(&str, &str)] = &[(\"gcash\", \"GCASH\"), (\"maya\", \"MAYA\")];

/// Payouts in pesos, to banks. One table of guarantees is configured for all roles; a payout is
/// looked up by our id alone.
pub(crate) fn payouts(policy: &Policy<'_>, mut guarantees: Guarantees) -> Capability {
    if guarantees.find_by == FindBy::Both {
        guarantees.find_by = FindBy::OrderId;
    }
",
    ),
    (
        "src/profile.rs",
        "/// How far this provider's word goes.",
        "/// Collections in pesos, on the pages of wallets.
pub(crate) fn collections(policy: &Policy<'_>, guarantees: Guarantees) -> Capability {
    let mut collections =
        pages(policy, guarantees, &[Operation::Collection, Operation::CollectionFind]);
    collections.institutions = institutions(Country::PH, WALLETS);
    collections
}

/// Refunds of them.
pub(crate) fn refunds(policy: &Policy<'_>, guarantees: Guarantees) -> Capability {
    pages(policy, guarantees, &[Operation::Refund, Operation::RefundFind])
}

fn pages(policy: &Policy<'_>, guarantees: Guarantees, operations: &[Operation]) -> Capability {
    let mut pages = Corridor::new(Country::PH, Currency::PHP, Channel::Redirect, 1);
    policy.offer(&mut pages, operations);
    Capability::new(vec![pages], IdRules::STANDARD, guarantees)
}

/// How far this provider's word goes.",
    ),
    (
        "src/profile.rs",
        "    guarantees.resend_for = Some(SignedDuration::from_hours(24));
    guarantees.find_by = FindBy::OrderId;
",
        "    guarantees.replays_for = Some(SignedDuration::from_hours(24));
    guarantees.find_by = FindBy::Both;
",
    ),
    (
        "src/profile.rs",
        "    guarantees.echoes = vec![Echo::OrderId, Echo::Amount];\n",
        "    // Notifications name no account, and their secret is this account's alone.
    guarantees.echoes = vec![Echo::OrderId, Echo::Amount, Echo::Account];
",
    ),
    (
        "src/provider.rs",
        "    pub(crate) payouts: Capability,\n",
        "    pub(crate) payouts: Capability,
    pub(crate) collections: Capability,
    pub(crate) refunds: Capability,
",
    ),
    (
        "src/provider.rs",
        "        let payouts = profile::payouts(&settings.policy(), settings.guarantees.clone());
",
        "        let (policy, guarantees) = (settings.policy(), &settings.guarantees);
        let payouts = profile::payouts(&policy, guarantees.clone());
        let collections = profile::collections(&policy, guarantees.clone());
        let refunds = profile::refunds(&policy, guarantees.clone());
",
    ),
    (
        "src/provider.rs",
        "        Ok(Self { id, account, payouts, client })\n",
        "        Ok(Self { id, account, payouts, collections, refunds, client })\n",
    ),
    (
        "src/provider.rs",
        "        payouts,\n    }",
        "        payouts,\n        collections,\n        refunds,\n        webhooks,\n    }",
    ),
    ("src/payouts.rs", "use http::Method;\n", ""),
    ("src/payouts.rs", "    json::to_json,\n", "    json::{Number, to_json},\n"),
    (
        "src/payouts.rs",
        "\n            self.client.exchange(operation, order_id, Method::POST, \"/payouts\", body).await?",
        " self.client.post(operation, order_id, \"/payouts\", body).await?",
    ),
    (
        "src/payouts.rs",
        "self.client.exchange(operation, &lookup.order_id, Method::GET, &path, \"\").await {",
        "self.client.get(operation, &lookup.order_id, &path).await {",
    ),
    ("src/payouts.rs", "amount: request.amount.amount_text(),", "amount: Number(request.amount),"),
    (
        "tests/remote.rs",
        "const BASE_URL: &str = \"https://test.paraw.example\";",
        "const BASE_URL: &str = \"https://api.paraw.example\";",
    ),
];

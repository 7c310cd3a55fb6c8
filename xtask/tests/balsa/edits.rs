//! What Balsa's author changes by a line or two in a file that is otherwise the generated one: the
//! file, what is generated, what takes its place. Files that change more stand beside this one.

pub(crate) const EDITS: &[(&str, &str, &str)] = &[
    (
        "Cargo.toml",
        "[dependencies]\n",
        "[dependencies]\naws-lc-rs = { version = \"1.19\", default-features = false, features = [\"aws-lc-sys\"] }\n",
    ),
    ("src/lib.rs", "mod wire;\n", "mod webhooks;\nmod wire;\n"),
    (
        "src/assumptions.rs",
        "\"/payouts/{reference}\").operation(Operation::PayoutFind),
    Assumption::new(\"one reference never makes two orders\", \"for at least 24 hours\")
        .setting(\"guarantees.resend_for\"),
",
        "\"/payouts/{id}\").operation(Operation::PayoutFind),\n",
    ),
    (
        "src/config.rs",
        "        Balsa::new(id, config.into(), Keys { api_key }, context)\n",
        "        let token = context.secrets.read(&config.token).map_err(|e| e.with_field(\"token\"))?;
        Balsa::new(id, config.into(), Keys { api_key, token }, context)
",
    ),
    (
        "src/settings.rs",
        "        /// The key that requests bear.
        api_key: SecretSource,
",
        "        /// The key that signs requests.
        api_key: SecretSource,
        /// The token that notifications bear.
        token: SecretSource,
",
    ),
    (
        "src/profile.rs",
        "    guarantees.resend_for = Some(SignedDuration::from_hours(24));
    guarantees.find_by = FindBy::OrderId;
",
        "    guarantees.find_by = FindBy::ProviderReference;
    guarantees.anonymous_notifications = true;
",
    ),
    (
        "src/profile.rs",
        "    guarantees.echoes = vec![Echo::OrderId, Echo::Amount];\n",
        "    guarantees.echoes = vec![Echo::ProviderReference];\n",
    ),
    ("src/provider.rs", "        payouts,\n    }", "        payouts,\n        webhooks,\n    }"),
    (
        "src/wire.rs",
        "    pub(crate) remark: Option<&'a str>,\n",
        "    pub(crate) remark: Option<&'a str>,
    /// Where to notify what became of it.
    #[serde(skip_serializing_if = \"Option::is_none\")]
    pub(crate) notify: Option<&'a str>,
",
    ),
    ("src/map.rs", "        \"accepted\" =>", "        \"draft\" | \"accepted\" =>"),
];

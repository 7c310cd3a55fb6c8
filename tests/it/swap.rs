//! One line of a configuration swaps the provider of payouts, collections and static codes. The
//! example gives the same result with either provider.

#[path = "../../examples/swap.rs"]
#[allow(dead_code, reason = "its `main` is for those who run it")]
mod example;

const CONFIGURATION: &str = include_str!("../../examples/swap.toml");
const LINE: &str = "use = [\"starpay\", \"regional\"]";

#[tokio::test]
async fn one_line_swaps_payouts_and_both_kinds_of_codes() {
    let swapped = CONFIGURATION.replace(LINE, "use = [\"regional\", \"starpay\"]");
    let changed = CONFIGURATION.lines().zip(swapped.lines()).filter(|(one, two)| one != two);
    assert_eq!(changed.count(), 1);
    for (text, provider) in [(CONFIGURATION, "starpay"), (swapped.as_str(), "regional")] {
        let lines = example::run("swap.toml", text).await.unwrap();
        assert_eq!(
            lines,
            [
                format!("{provider}: INV-2026-0002 PHP 1,250.00: succeeded"),
                format!("{provider}: SALE-2026-0002 PHP 350.00: paid"),
                format!("{provider}: TILL-2 active: paid PHP 75.00, then PHP 25.00"),
            ]
        );
    }
}

#[test]
fn collecting_without_refunds_is_a_warning() {
    let read = |text: &str| {
        let text = text
            .replace("{starpay}", "http://127.0.0.1:1")
            .replace("{regional}", "http://127.0.0.1:1");
        let secrets = tulay::SecretFiles::beside("").environment(|name| {
            let key = match name {
                "STARPAY_MERCHANT_KEY" => tulay_sandbox::starpay::DEMO_MERCHANT_PRIVATE_KEY,
                "STARPAY_KEY" => tulay_sandbox::starpay::PLATFORM_PUBLIC_KEY,
                "REGIONAL_MERCHANT_KEY" => tulay_sandbox::regional::DEMO_MERCHANT_PRIVATE_KEY,
                _ => tulay_sandbox::regional::PLATFORM_PUBLIC_KEY,
            };
            Some(key.to_owned())
        });
        let builder = tulay::Tulay::builder().secrets(std::sync::Arc::new(secrets));
        let tulay = builder.read("swap.toml", &text).unwrap();
        let warnings = tulay.warnings().iter().map(ToString::to_string);
        warnings.filter(|warning| warning.contains("refund")).collect::<Vec<_>>()
    };
    assert_eq!(
        read(CONFIGURATION),
        ["swap.toml:9: this rule may choose starpay, which cannot refund what it collects; if \
             refunds are needed, name a provider that has them"]
    );
    assert!(read(&CONFIGURATION.replace(LINE, "use = [\"regional\"]")).is_empty());
    let payouts = CONFIGURATION.replace(", \"collection\", \"static_code\"", "");
    assert!(read(&payouts).is_empty());
}

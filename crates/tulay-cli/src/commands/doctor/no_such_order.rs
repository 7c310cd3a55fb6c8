//! The codes by which a look-up says that there is no such order. Of all that an adapter assumes,
//! these decide whether a payment is made again.

use super::check::Check;
use tulay::{Environment, Provider, Tulay, adapter::Assumption};

/// The key of a provider's table that replaces them.
const KEY: &str = "not_found_codes.";

/// Those that are assumed, and those that the configuration gives. In a sandbox nothing depends on
/// them, so only `all` lists them there.
pub(super) fn checks(provider: &dyn Provider, tulay: &Tulay, all: bool) -> Vec<Check> {
    let id = provider.id();
    let subject = || format!("{id}: no such order");
    let prefix = format!("providers.{id}.{KEY}");
    let configured = tulay
        .settings()
        .iter()
        .filter_map(|setting| Some((setting.key.strip_prefix(&prefix)?, setting.value.as_str())));
    let configured: Vec<(&str, &str)> = configured.collect();
    let is_shown = all || provider.merchant_account().environment != Environment::Sandbox;
    let assumed = tulay.assumptions(id).iter().filter(|_| is_shown).filter_map(|assumption| {
        let look_up = look_up(assumption)?;
        let is_replaced = configured.iter().any(|(replaced, _)| *replaced == look_up);
        (!is_replaced).then(|| {
            let fix = format!(
                "ask the provider which code it is; if it is another, write \
                 {KEY}{look_up} = [\"…\"] in [providers.{id}]"
            );
            Check::note(subject(), problem(look_up, assumption.assumed)).fix(fix)
        })
    });
    let mut checks: Vec<Check> = assumed.collect();
    checks.extend(configured.iter().map(|(look_up, codes)| {
        Check::good(subject(), format!("{look_up}: {codes}, as the configuration says"))
    }));
    checks
}

/// The look-up whose codes an assumption is about.
pub(super) fn look_up(assumption: &Assumption) -> Option<&'static str> {
    assumption.setting?.strip_prefix(KEY)
}

fn problem(look_up: &str, codes: &str) -> String {
    let (order, again) = match look_up {
        "payout_find" => ("payout", "paid again"),
        "refund_find" => ("refund", "paid again"),
        "collection_find" => ("collection", "requested again"),
        "static_code_find" => ("static code", "made again"),
        _ => ("order", "made again"),
    };
    format!(
        "{look_up}: {codes} is assumed to mean \"no such {order}\". If it means anything else, a \
         {order} that exists can be {again}; if another code means it, a {order} that was rejected \
         or lost stays in doubt"
    )
}

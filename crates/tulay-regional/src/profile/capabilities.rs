//! What an account can do in the countries it is configured for.

use super::{Line, Profile};
use crate::settings::{Channels, Settings};
use tulay_core::{
    AccountKind, Capability, Channel, Corridor, Country, Currency, Directory, IdRules,
    InstitutionCode, Operation,
};

/// Payouts.
pub(crate) fn payouts(settings: &Settings) -> Capability {
    let policy = settings.policy();
    let profiles = settings.profiles();
    let mut corridors: Vec<_> =
        profiles.iter().flat_map(|profile| profile.payout_corridors()).collect();
    for corridor in &mut corridors {
        policy.offer(corridor, &[Operation::Payout, Operation::PayoutFind]);
    }
    let mut capability = capability(settings, corridors);
    capability.institutions =
        profiles.iter().flat_map(|profile| transfer_codes(settings, profile)).collect();
    capability
}

/// `transferCode` of each institution of a country: as configured, else by default.
fn transfer_codes(settings: &Settings, profile: &Profile) -> Vec<InstitutionCode> {
    let country = profile.country;
    let configured = settings.institutions.get(&country).into_iter().flatten();
    let configured = configured.map(|(id, code)| (id.clone(), code.as_str()));
    let rows = Directory::of(country).into_iter().flat_map(Directory::institutions);
    let by_default = rows.filter_map(|row| {
        let id = row.institution_id()?;
        let code = settings.transfer_code(profile, &id, row.channel)?;
        Some((id, code))
    });
    configured.chain(by_default).map(|(id, code)| InstitutionCode::new(country, id, code)).collect()
}

/// Collections.
pub(crate) fn collections(settings: &Settings) -> Capability {
    let policy = settings.policy();
    let mut corridors = Vec::new();
    for profile in settings.profiles() {
        let channels = settings.channels.get(&profile.country);
        let configured = channels.map(Channels::collected_by).unwrap_or_default();
        for mut corridor in profile.collection_corridors(&configured) {
            policy.offer(&mut corridor, &[Operation::Collection, Operation::CollectionFind]);
            if !policy.accepts(Operation::Collection) {
                let lines = profile.collection.lines;
                leave_out(Operation::Collection, lines, &configured, &mut corridor);
            }
            corridors.push(corridor);
        }
    }
    capability(settings, corridors)
}

/// Static codes.
pub(crate) fn static_codes(settings: &Settings) -> Capability {
    let policy = settings.policy();
    let mut corridors = Vec::new();
    for profile in settings.profiles() {
        let Some(rules) = &profile.code else { continue };
        let channels = settings.channels.get(&profile.country);
        let configured = channels.map(Channels::coded_by).unwrap_or_default();
        for mut corridor in profile.code_corridors(rules, &configured) {
            policy.offer(&mut corridor, &[Operation::StaticCode, Operation::StaticCodePayments]);
            let mut more = Vec::new();
            if !corridor.operations.is_empty() {
                more.push(Operation::StaticCodeFind);
            }
            // What was made can be withdrawn where nothing more may be made.
            if rules.cancel {
                more.push(Operation::StaticCodeStatus);
            }
            corridor.operations.extend(policy.accepted(&more, profile.country));
            if !policy.accepts(Operation::StaticCode) {
                leave_out(Operation::StaticCode, rules.lines, &configured, &mut corridor);
            }
            corridors.push(corridor);
        }
    }
    capability(settings, corridors)
}

/// Refunds, of whatever can be collected.
pub(crate) fn refunds(settings: &Settings, collections: &Capability) -> Capability {
    let policy = settings.policy();
    let corridors = collections.corridors.iter().map(|collected| {
        let Corridor { country, currency, channel, step, .. } = *collected;
        let mut corridor = Corridor::new(country, currency, channel, step);
        policy.offer(&mut corridor, &[Operation::Refund, Operation::RefundFind]);
        corridor
    });
    capability(settings, corridors.collect())
}

/// The accounts whose balance can be read.
pub(crate) fn balances(settings: &Settings) -> Vec<(AccountKind, Country, Currency)> {
    let policy = settings.policy();
    let mut profiles = settings.profiles();
    profiles.retain(|profile| policy.unaccepted(&[Operation::Balance], profile.country).is_empty());
    profiles
        .iter()
        .map(|profile| (AccountKind::Single, profile.country, profile.currency))
        .collect()
}

fn capability(settings: &Settings, corridors: Vec<Corridor>) -> Capability {
    Capability::new(corridors, IdRules::STANDARD, settings.guarantees.clone())
}

/// Leaves a creation out of a corridor whose every `channelCode` would be refused, so that a
/// provider chosen by its corridors does not then refuse.
fn leave_out(
    operation: Operation,
    lines: &[Line],
    configured: &[Channel],
    corridor: &mut Corridor,
) {
    let channel = corridor.channel;
    if !configured.contains(&channel) && Line::all_assumed(lines, channel) {
        corridor.operations.retain(|offered| *offered != operation);
        if !corridor.unaccepted.contains(&operation) {
            corridor.unaccepted.push(operation);
        }
    }
}

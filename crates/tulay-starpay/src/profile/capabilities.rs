//! What an account can do, as it is configured.

use super::{INSTAPAY_CEILING, receiving_bank};
use crate::settings::{NameSplit, Settings};
use tulay_core::{
    AccountKind, Capability, Channel, Corridor, Country, Currency, Directory, Field, IdRules,
    Institution, InstitutionCode, Money, Operation,
};

/// Payouts, in centavos: by InstaPay to banks and wallets, and, where assumptions may be used, to
/// accounts at Starpay itself (5.3) and to scanned codes (5.8, 5.9).
pub(crate) fn payouts(settings: &Settings) -> Capability {
    let policy = settings.policy();
    let corridor = |channel| {
        let mut corridor = Corridor::new(Country::PH, Currency::PHP, channel, 1);
        corridor.max = Some(Money::from_minor(INSTAPAY_CEILING, Currency::PHP));
        let name = match settings.name_split {
            NameSplit::Refuse => Field::FamilyName,
            NameSplit::Whole => Field::Name,
        };
        corridor.required = vec![name, Field::Institution];
        corridor
    };
    let mut corridors = vec![corridor(Channel::Bank), corridor(Channel::Wallet)];
    if policy.accepts(Operation::Payout) {
        let mut own = corridor(Channel::ProviderAccount);
        // It does not go by InstaPay, and no ceiling of its own is known.
        own.max = None;
        own.required.retain(|field| *field != Field::Institution);
        let mut scanned = corridor(Channel::Qr);
        scanned.required.clear();
        corridors.extend([own, scanned]);
    }
    for corridor in &mut corridors {
        policy.offer(corridor, &[Operation::Payout, Operation::PayoutFind]);
    }
    let mut capability = Capability::new(corridors, IdRules::STANDARD, settings.guarantees.clone());
    capability.institutions = receiving_banks(settings);
    capability
}

/// What `receivingBank` says for each institution: as configured, else by default.
fn receiving_banks(settings: &Settings) -> Vec<InstitutionCode> {
    let configured = settings.institutions.iter().map(|(id, name)| (id.clone(), name.as_str()));
    let rows = Directory::of(Country::PH).into_iter().flat_map(Directory::institutions);
    let ids = rows.filter_map(Institution::institution_id);
    let ids = ids.filter(|id| !settings.institutions.contains_key(id));
    let by_default = ids.filter_map(|id| receiving_bank(&id).map(|name| (id, name)));
    let all = configured.chain(by_default);
    all.map(|(id, name)| InstitutionCode::new(Country::PH, id, name)).collect()
}

/// Collections, by a code that is shown to the payer (6.1).
pub(crate) fn collections(settings: &Settings) -> Capability {
    use Operation::{Collection, CollectionCancel, CollectionFind};
    shown_codes(settings, &[Collection, CollectionFind, CollectionCancel])
}

/// Static codes (6.4).
pub(crate) fn static_codes(settings: &Settings) -> Capability {
    shown_codes(settings, &[Operation::StaticCode, Operation::StaticCodeStatus])
}

fn shown_codes(settings: &Settings, operations: &[Operation]) -> Capability {
    let mut corridor = Corridor::new(Country::PH, Currency::PHP, Channel::Qr, 1);
    corridor.operations = settings.policy().accepted(operations, Country::PH);
    Capability::new(vec![corridor], IdRules::STANDARD, settings.guarantees.clone())
}

/// The accounts whose balance can be read.
pub(crate) fn balances(settings: &Settings) -> Vec<(AccountKind, Country, Currency)> {
    let accepted = settings.policy().accepted(&[Operation::Balance], Country::PH);
    let accounts = [AccountKind::Payout, AccountKind::Collection].into_iter();
    let accounts = accounts.filter(|_| !accepted.is_empty());
    accounts.map(|account| (account, Country::PH, Currency::PHP)).collect()
}

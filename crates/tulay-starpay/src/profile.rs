//! What is peculiar to this provider, as data.

use crate::settings::{NameSplit, Settings};
use jiff::SignedDuration;
use tulay_core::{
    AccountKind, Capability, Channel, Corridor, Country, Currency, Directory, Echo, Environment,
    Field, FindBy, Guarantees, IdRules, InstitutionId, Money, Operation,
};

/// The adapter's name in configurations and merchant accounts.
pub(crate) const NAME: &str = "starpay";

/// Section 2.1 and the request URLs of section 6: UAT and production.
pub(crate) const UAT_HOSTS: &[&str] = &["financeapi-uat.wallyt.net"];
/// The second host is an older one that client code still names.
pub(crate) const PRODUCTION_HOSTS: &[&str] =
    &["financeapi.wallytglobal.com", "financeapi.wepayez.com"];

/// The InstaPay ceiling of a transfer, in centavos (a rule of the rail, not of this provider).
const INSTAPAY_CEILING: i64 = 5_000_000;

/// Longest `attach`. Section 6.1 limits it to 92; that 5.2 does too is an assumption.
pub(crate) const LONGEST_REMARK: usize = 92;

/// How names are spelled in `receivingBank` where the directory spells them otherwise: the rows of
/// section 5.1 and of the sample in 2.4 that are known.
const RECEIVING_BANKS: &[(&str, &str)] = &[
    ("OPDVPHM1", "AllBank (A Thrift Bank), Inc."),
    ("SUSVPHM1", "Sun Savings Bank, Inc."),
    ("lazada-wallet", "Alipay / Lazada Wallet"),
];

/// What `receivingBank` says for an institution, by default.
pub(crate) fn receiving_bank(id: &InstitutionId) -> Option<&'static str> {
    let institution = Directory::of(Country::PH)?.get(id)?;
    let known = RECEIVING_BANKS.iter().find(|(id, _)| *id == institution.id);
    Some(known.map_or(institution.name, |(_, spelled)| spelled))
}

/// Longest `deviceInfo` (6.4): what the code has room for (62.07).
pub(crate) const LONGEST_TERMINAL: usize = 8;

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
    Capability::new(corridors, IdRules::STANDARD, settings.guarantees.clone())
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

/// The accounts whose balance can be asked for.
pub(crate) fn balances(settings: &Settings) -> Vec<(AccountKind, Country, Currency)> {
    let accepted = settings.policy().accepted(&[Operation::Balance], Country::PH);
    let accounts = [AccountKind::Payout, AccountKind::Collection].into_iter();
    let accounts = accounts.filter(|_| !accepted.is_empty());
    accounts.map(|account| (account, Country::PH, Currency::PHP)).collect()
}

/// How far this provider's word goes.
pub(crate) fn guarantees(environment: Environment) -> Guarantees {
    let mut guarantees = Guarantees::default();
    guarantees.version = 1;
    guarantees.resend_for = Some(SignedDuration::from_hours(24));
    guarantees.find_by = FindBy::OrderId;
    guarantees.answers_signed = true;
    guarantees.failure_final_after = Some(match environment {
        Environment::Sandbox => SignedDuration::from_secs(1),
        Environment::Uat | Environment::Production => SignedDuration::from_mins(10),
    });
    guarantees.payee_spacing = Some(SignedDuration::from_mins(10));
    guarantees.echoes = vec![Echo::OrderId, Echo::Amount, Echo::Account];
    guarantees
}

//! What is peculiar to this provider, as data.

use jiff::SignedDuration;
use tulay_core::{
    Bound, Channel, Contract, Corridor, Country, Currency, Directory, Environment, Field, FindBy,
    InstitutionId, Money, Operation,
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

/// Payouts, in centavos: by InstaPay to banks and wallets, and, where `assumed` may be used, to
/// accounts at Starpay itself (5.3) and to scanned codes (5.8, 5.9).
pub(crate) fn corridors(
    operations: &[Operation],
    names_in_parts: bool,
    assumed: bool,
) -> Vec<Corridor> {
    let corridor = |channel| {
        let mut corridor = in_centavos(channel, operations);
        corridor.max = Some(Money::from_minor(INSTAPAY_CEILING, Currency::PHP));
        let name = if names_in_parts { Field::FamilyName } else { Field::Name };
        corridor.required = vec![name, Field::Institution];
        corridor
    };
    let mut corridors = vec![corridor(Channel::Bank), corridor(Channel::Wallet)];
    if assumed {
        let mut own = corridor(Channel::ProviderAccount);
        // It does not go by InstaPay, and no ceiling of its own is known.
        own.max = None;
        own.required.retain(|field| *field != Field::Institution);
        let mut scanned = corridor(Channel::Qr);
        scanned.required.clear();
        corridors.extend([own, scanned]);
    }
    corridors
}

/// Codes that are shown to payers, dynamic (6.1) or static (6.4).
pub(crate) fn shown_codes(operations: &[Operation]) -> Vec<Corridor> {
    vec![in_centavos(Channel::Qr, operations)]
}

fn in_centavos(channel: Channel, operations: &[Operation]) -> Corridor {
    let mut corridor = Corridor::new(Country::PH, Currency::PHP, channel, 1);
    corridor.operations = operations.to_vec();
    corridor
}

/// How far this provider's word goes.
pub(crate) fn contract(environment: Environment) -> Contract {
    let mut contract = Contract::default();
    contract.version = 1;
    contract.resend_for = Some(SignedDuration::from_hours(24));
    contract.find_by = FindBy::OrderId;
    contract.answers_signed = true;
    contract.settle = Some(match environment {
        Environment::Sandbox => SignedDuration::from_secs(1),
        Environment::Uat | Environment::Production => SignedDuration::from_mins(10),
    });
    contract.payee_spacing = Some(SignedDuration::from_mins(10));
    contract.bound = vec![Bound::OrderId, Bound::Amount, Bound::Account];
    contract
}

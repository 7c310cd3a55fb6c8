//! What is peculiar to this provider, as data.

mod capabilities;

pub(crate) use capabilities::{balances, collections, payouts, static_codes};

use jiff::SignedDuration;
use tulay_core::{Country, Directory, Echo, Environment, FindBy, Guarantees, InstitutionId};

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

/// Longest `deviceInfo` (6.4): the length of field 62.07.
pub(crate) const LONGEST_TERMINAL: usize = 8;

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

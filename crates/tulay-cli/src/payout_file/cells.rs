//! One row by the names of its columns: what CSV and JSON have in common.

/// Declares the columns: a struct of optional texts, their names, and a place to put one.
macro_rules! columns {
    ($($name:ident: [$($alias:literal),*],)*) => {
        /// The texts of one row.
        #[derive(Clone, Default)]
        pub(crate) struct Cells {
            $(pub(crate) $name: Option<String>,)*
        }

        /// The names of the columns.
        pub(crate) const COLUMNS: &[&str] = &[$(stringify!($name)),*];

        /// The column that goes by this name; capitals, blanks and punctuation do not matter.
        pub(super) fn column_named(name: &str) -> Option<&'static str> {
            let wanted = folded(name);
            $(if [stringify!($name) $(, $alias)*].iter().any(|known| is_folded(known, &wanted)) {
                return Some(stringify!($name));
            })*
            None
        }

        /// How a column is filled.
        pub(super) fn filler(column: &str) -> Option<Filler> {
            match column {
                $(stringify!($name) => Some(|cells, text| cells.$name = filled(text)),)*
                _ => None,
            }
        }
    };
}

/// Puts a text into its column; blanks around it and empty texts do not count.
pub(super) type Filler = fn(&mut Cells, &str);

impl Cells {
    pub(super) fn put(&mut self, column: &str, text: &str) {
        if let Some(fill) = filler(column) {
            fill(self, text);
        }
    }
}

fn filled(text: &str) -> Option<String> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The header that most files need.
#[cfg(feature = "sandbox")]
pub(super) const HEADER: &str =
    "reference,country,amount,currency,channel,institution,account,name";

columns! {
    reference: [
        "ref", "ref no", "ref number", "reference no", "reference number", "payment reference",
        "payout reference"
    ],
    country: ["country code"],
    amount: ["amt", "payment amount", "payout amount"],
    currency: ["ccy", "currency code"],
    channel: ["method", "payment method"],
    rail: ["payment rail", "clearing"],
    institution: [
        "bank", "bank name", "wallet", "bank code", "receiving bank", "beneficiary bank",
        "bank or wallet"
    ],
    account: [
        "account no", "account number", "acct no", "acct number", "bank account",
        "bank account no", "bank account number", "beneficiary account"
    ],
    name: [
        "beneficiary", "beneficiary name", "account name", "payee", "payee name", "full name",
        "recipient", "recipient name"
    ],
    given_name: ["first name", "given names"],
    middle_name: [],
    family_name: ["last name", "surname"],
    suffix: ["name suffix"],
    kind: ["party kind", "beneficiary kind"],
    mobile: ["mobile no", "mobile number", "phone", "phone number"],
    email: ["e-mail", "email address"],
    tax_id: ["tax no", "tax number", "tin"],
    remark: ["remarks", "note", "notes", "description", "memo"],
    provider: [],
    replaces: [],
}

impl std::fmt::Debug for Cells {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cells(***)")
    }
}

pub(super) fn folded(name: &str) -> String {
    letters(name).collect()
}

fn is_folded(name: &str, wanted: &str) -> bool {
    letters(name).eq(wanted.chars())
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

//! Countries and currencies as people write them in place of their codes.

/// Each country's code, its code of three letters, and its names in small letters.
const COUNTRIES: [(&str, &[&str]); 5] = [
    ("PH", &["phl", "philippines", "the philippines", "pilipinas", "filipina", "филиппины"]),
    ("ID", &["idn", "indonesia", "индонезия"]),
    ("MY", &["mys", "malaysia", "малайзия"]),
    ("TH", &["tha", "thailand", "ไทย", "ประเทศไทย", "таиланд"]),
    ("RU", &["rus", "russia", "russian federation", "россия", "рф"]),
];

/// Each currency's code, and its signs and names in small letters.
const CURRENCIES: [(&str, &[&str]); 12] = [
    ("PHP", &["₱", "p", "peso", "pesos", "piso"]),
    ("IDR", &["rp", "rupiah"]),
    ("MYR", &["rm", "ringgit"]),
    ("THB", &["฿", "baht", "บาท"]),
    ("RUB", &["₽", "rur", "р", "руб", "рубль", "рубля", "рублей"]),
    ("USD", &["$", "us$"]),
    ("EUR", &["€"]),
    ("GBP", &["£"]),
    ("JPY", &["¥"]),
    ("INR", &["₹"]),
    ("KRW", &["₩"]),
    ("VND", &["₫"]),
];

/// What is wrong with a text that is no country's code. Only a country's name is repeated: any
/// other text may be a person's.
pub(crate) fn unknown_country(text: &str) -> String {
    let folded = text.to_lowercase();
    let all = COUNTRIES.map(|(code, _)| code);
    let is_code = |(code, names): &&(&str, &[&str])| {
        folded == code.to_lowercase() || names.first() == Some(&&*folded)
    };
    if let Some((code, _)) = COUNTRIES.iter().find(is_code) {
        return format!("unknown country \"{text}\": use {code}");
    }
    let [first @ .., last] = all;
    let codes = format!("use {} or {last}", first.join(", "));
    match COUNTRIES.iter().any(|(_, names)| names.contains(&folded.as_str())) {
        true => format!("unknown country \"{text}\": {codes}"),
        false => format!("unknown country: {codes}, or another ISO 3166 code of two capitals"),
    }
}

/// What is wrong with a text that is no currency's code. Only a currency's name is repeated.
pub(crate) fn unknown_currency(text: &str) -> String {
    let code = currency_code(text).map(str::to_owned).or_else(|| iso_code(text));
    match code {
        Some(code) => format!("unknown currency \"{text}\": use {code}"),
        None => "unknown currency: use PHP, IDR, MYR, THB or RUB, or another ISO 4217 code of \
                 three capitals"
            .into(),
    }
}

/// The code of the currency that has this sign or name.
pub(crate) fn currency_code(word: &str) -> Option<&'static str> {
    let folded = word.trim_end_matches('.').to_lowercase();
    let row = CURRENCIES.iter().find(|(_, names)| names.contains(&folded.as_str()));
    row.map(|(code, _)| *code)
}

/// The code that the text would be in capitals.
pub(crate) fn iso_code(text: &str) -> Option<String> {
    let code = text.trim_end_matches('.').to_ascii_uppercase();
    iso_currency::Currency::from_code(&code)?.exponent()?;
    Some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_country_names_the_codes() {
        for text in ["Philippines", "thailand", "MALAYSIA", "Россия", "ประเทศไทย"]
        {
            let clause = unknown_country(text);
            let expected = format!("unknown country \"{text}\": use PH, ID, MY, TH or RU");
            assert_eq!(clause, expected);
        }
        for (text, code) in
            [("ph", "PH"), ("Id", "ID"), ("th", "TH"), ("rU", "RU"), ("PHL", "PH"), ("mys", "MY")]
        {
            assert_eq!(unknown_country(text), format!("unknown country \"{text}\": use {code}"));
        }
    }

    #[test]
    fn code_that_is_no_country_is_not_repeated() {
        for text in ["Reyes", "Ana", "ng", "09171234567", "", "P H", "ñ"] {
            let clause = unknown_country(text);
            assert!(clause.starts_with("unknown country: use PH, ID, MY, TH or RU"), "{clause}");
            let clause = unknown_currency(text);
            assert!(clause.starts_with("unknown currency: use PHP, IDR, MYR"), "{clause}");
        }
    }

    #[test]
    fn unknown_currency_names_its_code() {
        for (text, code) in [
            ("₱", "PHP"),
            ("Peso", "PHP"),
            ("php", "PHP"),
            ("Rp", "IDR"),
            ("RM", "MYR"),
            ("Baht", "THB"),
            ("บาท", "THB"),
            ("RUR", "RUB"),
            ("руб.", "RUB"),
            ("THB.", "THB"),
            ("jpy", "JPY"),
        ] {
            assert_eq!(unknown_currency(text), format!("unknown currency \"{text}\": use {code}"));
        }
    }
}

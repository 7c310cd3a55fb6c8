//! What a payer is shown: codes of each country's scheme, virtual accounts, pages, WeChat's call.

use super::country::{Kind, Rules};
use serde_json::{Value, json};
use tulay_core::{Country, Money};
use tulay_qr::{Draft, duitnow, promptpay::Bill, qris, qrph};

/// `payData`, and what a wallet's own browser needs besides. `None` only if a code could not be
/// written, which a test excludes.
pub(super) fn pay_data(
    rules: &Rules,
    kind: Kind,
    amount: Option<i64>,
    transaction_id: &str,
) -> Option<(String, Option<Value>)> {
    let id: String = transaction_id.chars().filter(char::is_ascii_alphanumeric).collect();
    let last = |count: usize| id.get(id.len().saturating_sub(count)..).unwrap_or_default();
    match kind {
        Kind::Url => Some((format!("https://pay.regional.example/{id}"), None)),
        Kind::VirtualAccount => Some((format!("88{:0>14}", last(10)), None)),
        Kind::WeChat => {
            let call = json!({
                "prepayId": format!("wx{id}"),
                "appId": "wx2421b1c4370ec43b",
                "timeStamp": "1795136400",
                "nonceStr": last(16),
                "package": format!("prepay_id=wx{id}"),
                "signType": "RSA",
                "paySign": "c2ltdWxhdGVk",
            });
            let page = format!("https://pay.regional.example/wechat/{id}");
            Some((page, Some(json!({ "wechatpay": call }))))
        }
        Kind::Qr => code(rules, amount, last(15)).map(|text| (text, None)),
    }
}

fn code(rules: &Rules, amount: Option<i64>, reference: &str) -> Option<String> {
    let money = amount.map(|units| {
        Money::from_minor(units.saturating_mul(rules.unit), rules.currency).amount_text()
    });
    // Rupiah have no decimals in a code.
    let text = money.as_deref().map(|text| match rules.country {
        Country::ID => text.strip_suffix(".00").unwrap_or(text),
        _ => text,
    });
    let draft = Draft {
        amount: text,
        category_code: Some("5999"),
        merchant_name: Some("SANDBOX SHOP"),
        merchant_city: Some("SANDBOX"),
        postal_code: Some("10000"),
        ..Draft::default()
    };
    match rules.country {
        Country::PH => {
            let account = qrph::P2m {
                acquirer: "GXCHPHM2XXX",
                merchant_id: Some(reference),
                flags: Some("000"),
                ..Default::default()
            };
            account.build(&draft).ok()
        }
        Country::ID => {
            let merchant = qris::Merchant {
                acquirer: "ID.CO.SANDBOX.WWW",
                pan: "936000140000000001",
                merchant_id: Some(reference),
                criteria: Some("UMI"),
                national_id: Some("ID1020000000001"),
            };
            merchant.build(&draft).ok()
        }
        Country::MY => {
            let merchant = duitnow::Merchant {
                acquirer: "588734",
                merchant_id: reference,
                ..Default::default()
            };
            merchant.build(&draft).ok()
        }
        Country::TH => {
            let bill =
                Bill { biller_id: "010555555555501", reference_1: reference, reference_2: None };
            bill.build(&draft).ok()
        }
        _ => {
            let sum = amount.unwrap_or_default();
            Some(format!(
                "https://qr.nspk.ru/AD{reference:0>30}?type=02&bank=100000000111&sum={sum}&cur=RUB&crc=0000"
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_valid_and_state_the_amount() {
        for (country, amount) in [("PH", "12.50"), ("ID", "1250"), ("MY", "12.50"), ("TH", "12.50")]
        {
            let rules = Rules::of_code(country).unwrap();
            let (text, _) = pay_data(rules, Kind::Qr, Some(1250), "C1656505190221600001").unwrap();
            assert!(tulay_qr::validate(&text).is_valid(), "{country} {text}");
            let payload = tulay_qr::Payload::parse(&text).unwrap();
            assert_eq!(payload.amount().unwrap().text(), amount);
            let (text, _) = pay_data(rules, Kind::Qr, None, "C1656505190221600001").unwrap();
            let payload = tulay_qr::Payload::parse(&text).unwrap();
            assert!(payload.amount().is_none());
        }
        let rules = Rules::of_code("RU").unwrap();
        let (text, _) = pay_data(rules, Kind::Qr, Some(1250), "C1656505190221600001").unwrap();
        assert_eq!(tulay_qr::SbpLink::parse(&text).unwrap().sum(), Some(1250));
    }
}

//! Sections 5.7 to 5.9: codes that others show and the merchant scans.

use super::{
    Starpay, code::Code, message::Answer, order::Payee, performed::Performed, request::Request,
};
use tulay_qr::{Kind, Payload, Scheme, qrph};

/// A scanned code.
pub(super) struct Scanned {
    pub(super) kind: &'static str,
    /// In centavos, if the code fixes it.
    pub(super) amount: Option<i64>,
    pub(super) name: Option<String>,
    pub(super) payee: Payee,
}

impl Scanned {
    /// 412 for whatever is no code of QR Ph in pesos.
    pub(super) fn read(request: &Request<'_>) -> Result<Self, Code> {
        let text = request.required("qrCode", 512)?;
        Self::of(&text).ok_or(Code::ILLEGAL_PARAMETER)
    }

    fn of(text: &str) -> Option<Self> {
        let payload = Payload::parse(text).ok()?;
        if payload.scheme() != Scheme::QrPh || payload.currency() != Some(tulay_qr::Currency::PHP) {
            return None;
        }
        let (kind, bank, account) = match payload.kind() {
            Kind::Person => {
                let person = qrph::P2p::of(&payload)?;
                ("P2P", person.acquirer, person.account)
            }
            _ => {
                let merchant = qrph::P2m::of(&payload)?;
                ("P2M", merchant.acquirer, merchant.account.or(merchant.merchant_id)?)
            }
        };
        Some(Self {
            kind,
            amount: payload.minor_units().and_then(|minor| i64::try_from(minor).ok()),
            name: payload.merchant_name().map(str::to_owned),
            payee: Payee { account: account.to_owned(), bank: bank.to_owned() },
        })
    }
}

impl Starpay {
    /// 5.7.
    pub(super) fn scan(&self, merchant_id: &str, request: &Request<'_>) -> Result<Performed, Code> {
        let scanned = Scanned::read(request)?;
        self.read(merchant_id, request)?;
        Ok(Performed::Answered(Answer {
            trx_amount: scanned.amount,
            qr_type: Some(scanned.kind),
            acct_name: scanned.name,
            ..Answer::new(Code::SUCCESS)
        }))
    }
}

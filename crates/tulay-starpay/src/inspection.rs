//! Reading of QR codes (5.7): ours is compared with the platform's.

use crate::{
    provider::Starpay,
    qr::{Code, Payee},
    wire::{Message, Query},
};
use async_trait::async_trait;
use tulay_adapter::json::whole_number;
use tulay_core::{
    Currency, Error, ErrorKind, Inspection, Money, Name, NamePart, Operation, QrInspection, QrText,
    Result,
};

#[async_trait]
impl QrInspection for Starpay {
    async fn inspect(&self, text: &QrText) -> Result<Inspection> {
        let operation = Operation::QrInspection;
        self.allow(&[operation], None)?;
        let local = Code::read(text.expose())
            .map_err(|what| Error::new(operation, ErrorKind::Destination, what).with_field("qr"))?;
        let settings = &self.client.settings;
        let query = Query {
            qr_code: Some(text.expose()),
            service: &settings.services.inspect,
            ..Query::default()
        };
        let reply = self.client.query(operation, &settings.paths.inspect, query).await?;
        let fail = |kind, message: &'static str, field: &'static str| {
            Err(reply.error(kind, message).with_field(field))
        };
        let message: Message<'_> = reply.read()?;
        let kind = match message.qr_type.as_str() {
            Some("P2M") => Payee::Merchant,
            Some("P2P") => Payee::Person,
            _ => return fail(ErrorKind::Unexpected, "starpay does not say whom it pays", "qrType"),
        };
        if kind != local.payee {
            return fail(ErrorKind::Mismatch, "starpay reads another kind of code", "qrType");
        }
        let stated = match &message.trx_amount {
            None => None,
            Some(amount) => match whole_number(&amount.0) {
                Some(minor) => Some(Money::from_minor(minor, Currency::PHP)),
                None => {
                    return fail(ErrorKind::Unexpected, "its amount cannot be read", "trxAmount");
                }
            },
        };
        // A code that fixes none may be answered with a zero.
        let stated = stated.filter(|money| money.minor() != 0);
        if stated != local.amount {
            return fail(ErrorKind::Mismatch, "starpay reads another amount", "trxAmount");
        }
        let name = message.acct_name.0.and_then(|name| NamePart::new(name.0).ok());
        let mut inspection = Inspection::new(kind.as_str(), reply.response);
        inspection.payee.name = name.map(Name::Full);
        inspection.amount = local.amount;
        Ok(inspection)
    }
}

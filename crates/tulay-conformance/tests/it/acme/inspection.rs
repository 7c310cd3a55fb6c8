//! Reading of codes.

use super::{Acme, Wrong, qr::Shown, wire::Query};
use async_trait::async_trait;
use tulay_core::*;

#[async_trait]
impl QrInspection for Acme {
    async fn inspect(&self, text: &QrText) -> Result<Inspection> {
        let operation = Operation::QrInspection;
        self.allow(operation)?;
        let local = Shown::read(text.expose());
        if local.is_none() && !self.is(Wrong::ScansAnything) {
            let error = Error::new(operation, ErrorKind::Destination, "it is no code of acme's");
            return Err(error.with_field("qr"));
        }
        let query = Query { scanned: Some(text.expose()), ..Query::default() };
        let (said, answer) = self.query(operation, "/scan", query).await?;
        let kind = said.kind.clone().unwrap_or_default();
        let amount = said.amount.zip(said.currency).and_then(|(units, currency)| {
            let currency = Currency::new(&currency).ok()?;
            let factor = if currency == Currency::IDR { 100 } else { 1 };
            Some(Money::from_minor(units.checked_mul(factor)?, currency))
        });
        let same = local.is_some_and(|local| local.amount == amount && kind == "merchant");
        if !same && !self.is(Wrong::BelievesTheScan) && !self.is(Wrong::ScansAnything) {
            let error = Error::new(operation, ErrorKind::Mismatch, "acme reads something else");
            return Err(error.with_response(answer));
        }
        let kind = if self.is(Wrong::ForgetsTheKindOfCode) { String::new() } else { kind };
        let mut inspection = Inspection::new(kind, answer);
        inspection.amount = amount;
        Ok(inspection)
    }
}

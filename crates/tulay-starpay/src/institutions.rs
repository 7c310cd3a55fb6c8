//! Institutions (5.1): the banks and wallets that can be paid.

use crate::{provider::Starpay, wire::Receiver};
use async_trait::async_trait;
use tulay_adapter::json::Text;
use tulay_core::{
    Channel, Country, Directory, Error, InstitutionEntry, Institutions, Operation, ProviderTime,
    Result,
};

#[async_trait]
impl Institutions for Starpay {
    async fn list(&self, country: Country) -> Result<Vec<InstitutionEntry>> {
        let operation = Operation::Institutions;
        self.allow(&[operation], country)?;
        if country != Country::PH {
            return Err(Error::unsupported(operation, "starpay serves the Philippines alone"));
        }
        let settings = &self.client.settings;
        let (path, service) = (&settings.paths.institutions, &settings.services.institutions);
        let reply = self.client.ask(operation, path, service, None).await?;
        let rows: Vec<Receiver<'_>> = reply.only_list()?;
        Ok(rows.into_iter().map(institution).collect())
    }
}

/// A row of 5.1. `receivingBank` wants the name, so the name is the code.
fn institution(row: Receiver<'_>) -> InstitutionEntry {
    let known = Directory::of(Country::PH)
        .zip(row.swift_code.0)
        .and_then(|(directory, bic)| directory.with_bic(&bic.0));
    let channel = known.map_or(Channel::Bank, |institution| institution.channel);
    let name = row.bank_name.into_string();
    let mut entry = InstitutionEntry::new(name.clone(), name, channel);
    entry.id = known.and_then(|institution| institution.institution_id());
    entry.closed = row.under_maintenance.as_str() == Some("true");
    // Texts without a year ("Jun 6, 4:20 PM"): kept as they are.
    let time = |text: Text<'_>| ProviderTime::new(text.0, None);
    let window = row.maintenance_start_time.0.zip(row.maintenance_end_time.0);
    entry.maintenance = window.map(|(from, until)| (time(from), time(until)));
    entry
}

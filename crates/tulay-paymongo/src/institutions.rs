//! The banks and wallets that receive transfers, of both rails.

use crate::{map, provider::Paymongo, wire};
use async_trait::async_trait;
use serde_json::value::RawValue;
use tulay_core::{
    Channel, Country, Directory, Error, InstitutionEntry, Institutions, Operation, Rail, Result,
};

#[async_trait]
impl Institutions for Paymongo {
    async fn list(&self, country: Country) -> Result<Vec<InstitutionEntry>> {
        let operation = Operation::Institutions;
        self.allow(&[operation], country)?;
        if country != Country::PH {
            return Err(Error::unsupported(operation, "paymongo serves the Philippines alone"));
        }
        let mut all: Vec<InstitutionEntry> = Vec::new();
        for rail in [Rail::InstaPay, Rail::PesoNet] {
            let path = &self.client.settings.paths.institutions;
            let path = format!("{path}?provider={}", rail.as_str());
            let reply = self.client.get(operation, &path).await?;
            let rows: Vec<&RawValue> = serde_json::from_str(reply.text()?)
                .map_err(|_| reply.attach(map::reader(operation).unreadable("data")))?;
            for row in rows {
                let row = map::read(operation, wire::members(row.get()));
                let entry = institution(row.map_err(|error| reply.attach(error))?);
                if all.iter().all(|known| known.code != entry.code) {
                    all.push(entry);
                }
            }
        }
        Ok(all)
    }
}

fn institution(row: wire::Receiver<'_>) -> InstitutionEntry {
    let known = Directory::of(Country::PH).and_then(|directory| directory.with_bic(&row.bic.0));
    let channel = known.map_or(Channel::Bank, |institution| institution.channel);
    let mut entry = InstitutionEntry::new(row.bic.into_string(), row.name.into_string(), channel);
    entry.id = known.and_then(|institution| institution.institution_id());
    entry
}

//! The banks that can be paid.

use super::{Acme, Wrong};
use async_trait::async_trait;
use tulay_core::*;

#[async_trait]
impl Institutions for Acme {
    async fn list(&self, country: Country) -> Result<Vec<InstitutionEntry>> {
        let operation = Operation::Institutions;
        self.allow(operation)?;
        let served = [Country::PH, Country::ID].contains(&country);
        if !served && !self.is(Wrong::ListsAnyCountry) {
            return Err(Error::unsupported(operation, "acme does not serve this country"));
        }
        let (said, answer) = self.ask(operation, "/banks", None).await?;
        let banks = said.banks.ok_or_else(|| {
            Error::new(operation, ErrorKind::Unexpected, "no banks are listed")
                .with_response(answer)
        })?;
        let entry = |bank: String| {
            let mut entry = InstitutionEntry::new(bank.clone(), bank.clone(), Channel::Bank);
            entry.id = InstitutionId::new(bank).ok();
            entry
        };
        Ok(banks.into_iter().map(entry).collect())
    }
}

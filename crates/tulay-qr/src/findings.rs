//! Everything that is wrong or unusual, at once.

use crate::{
    error::{Error, ErrorKind},
    id::{Id, Path},
    object::Object,
    payload::Payload,
    warning::{Warning, WarningKind},
};
use alloc::vec::Vec;

/// Everything that is wrong or unusual about a code. A code without errors is valid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Findings {
    /// What is wrong, in the order in which it was looked for.
    pub errors: Vec<Error>,
    /// What is unusual.
    pub warnings: Vec<Warning>,
}

impl Findings {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }

    /// An error in an object's value.
    pub(crate) fn error(
        &mut self,
        payload: &Payload<'_>,
        object: &Object<'_>,
        kind: ErrorKind,
        path: impl Into<Path>,
    ) {
        self.error_at(payload, object.value_byte_offset(), kind, path.into());
    }

    pub(crate) fn error_at(
        &mut self,
        payload: &Payload<'_>,
        at: usize,
        kind: ErrorKind,
        path: impl Into<Option<Path>>,
    ) {
        self.errors.push(Error::at(payload.as_str(), at, kind, path));
    }

    pub(crate) fn warn(
        &mut self,
        payload: &Payload<'_>,
        object: &Object<'_>,
        kind: WarningKind,
        path: impl Into<Path>,
    ) {
        let at = object.value_byte_offset();
        self.warnings.push(Warning::at(payload.as_str(), at, kind, Some(path.into())));
    }

    /// A warning about a value of another number of characters than allowed.
    pub(crate) fn warn_limit(
        &mut self,
        payload: &Payload<'_>,
        object: &Object<'_>,
        kind: WarningKind,
        path: Path,
        limit: u8,
    ) {
        let warning = Warning::at(payload.as_str(), object.value_byte_offset(), kind, path);
        self.warnings.push(Warning { limit: Some(limit), ..warning });
    }

    pub(crate) fn warn_at(
        &mut self,
        payload: &Payload<'_>,
        at: usize,
        kind: WarningKind,
        path: impl Into<Path>,
    ) {
        self.warnings.push(Warning::at(payload.as_str(), at, kind, Some(path.into())));
    }

    pub(crate) fn warn_missing(&mut self, payload: &Payload<'_>, kind: WarningKind, id: Id) {
        let warning = Warning::at(payload.as_str(), payload.end(), kind, Some(id.into()));
        self.warnings.push(warning);
    }

    /// The object, which has to be there.
    pub(crate) fn mandatory<'a>(&mut self, payload: &Payload<'a>, id: Id) -> Option<Object<'a>> {
        let object = payload.get(id);
        if object.is_none() {
            let path = Path::from(id);
            self.error_at(payload, payload.end(), ErrorKind::MissingMandatory, path);
        }
        object
    }
}

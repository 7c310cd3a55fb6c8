//! Codes changed: only what is meant to change does.

use crate::{
    build::{BuildError, BuildErrorKind, append_crc, append_object, checked, checked_amount, text},
    currency::Currency,
    error::{Error, kinds},
    id::{Id, Path},
    inspect::validate,
    iso::is_country,
    lenient::Leniency,
    object::{Object, Objects},
    payload::Payload,
    scheme::{Kind, Scheme, duitnow},
};
use alloc::{borrow::Cow, string::String, vec::Vec};
use core::fmt;

/// What becomes of the point of initiation (object 01) when an amount or a reference is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "it changes or it does not")]
pub enum PointOfInitiation {
    /// It becomes `12`, dynamic; where it is missing it is put behind object 00. This is what EMVCo
    /// means by a code for one payment.
    Dynamic,
    /// It stays as it is: some applications refuse a `12` that the issuer did not write.
    Keep,
}

/// A code being changed. Objects that are not touched stay as they are, in their order; the CRC is
/// renewed.
///
/// ```
/// use tulay_qr::{Payload, PointOfInitiation};
/// let payload = Payload::parse("00020101021129370016A0000006770101110113006681234567853037645802TH6304823E")?;
/// let edited = payload.edit().set_amount("20.50", PointOfInitiation::Keep)?.finish();
/// assert_eq!(edited.text, "00020101021129370016A000000677010111011300668123456785303764540520.505802TH630468B8");
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[must_use = "`finish` gives the changed code"]
pub struct Editor<'a> {
    source: Payload<'a>,
    /// Without the CRC.
    objects: Vec<(Id, Cow<'a, str>)>,
    amount_changed: bool,
}

/// A changed code, with warnings and corrections.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edited {
    /// The code's text.
    pub text: String,
    /// What to know before the code is shown.
    pub warnings: Vec<EditWarning>,
    /// Mistakes of the old text that the new text does not have.
    pub corrected: Vec<Leniency>,
    /// What is wrong with the new text: an edit renews the CRC, and makes nothing else right. A code
    /// with errors is shown to no payer.
    pub errors: Vec<Error>,
}

kinds! {
    /// What should be known about a change. `Display` says it in a sentence.
    EditWarning;
    /// The amount changed, and DuitNow's integrity value (object 82) did not.
    IntegrityValueStale = "integrity_value_stale", "the integrity value (82) was made for the old amount; issuers may refuse the code";
}

impl<'a> Editor<'a> {
    pub(crate) fn new(source: &Payload<'a>) -> Self {
        let bytes = source.counts_bytes();
        let own = |object: Object<'a>| {
            let recounted = bytes && object.id().is_template();
            let value = if recounted { recount(&object) } else { object.value().into() };
            (object.id(), value)
        };
        let objects = source.objects().take_while(|object| object.id() != Id::CRC).map(own);
        Self { source: *source, objects: objects.collect(), amount_changed: false }
    }

    /// States the amount, in place or right behind the currency.
    ///
    /// # Errors
    /// When it is malformed (`.5`, `00.50` and `1,000.00` are), zero, longer than 13 characters, has
    /// more decimals than the currency, or when the code names no currency.
    pub fn set_amount(
        mut self,
        amount: &str,
        initiation: PointOfInitiation,
    ) -> Result<Self, BuildError> {
        let currency = self.value(Id::CURRENCY).and_then(Currency::from_numeric);
        let currency = currency.ok_or(BuildError::missing(Id::CURRENCY))?;
        checked_amount(Id::AMOUNT, amount, currency)?;
        self.amount_changed |= self.source.value(Id::AMOUNT) != Some(amount);
        self.put(Id::AMOUNT, String::from(amount).into(), Id::CURRENCY);
        self.initiate(initiation);
        Ok(self)
    }

    /// Leaves the amount to the payer. With [`PointOfInitiation::Dynamic`] the code stays one for
    /// a single payment.
    pub fn clear_amount(mut self, initiation: PointOfInitiation) -> Self {
        self.amount_changed |= self.source.value(Id::AMOUNT).is_some();
        self = self.remove(Id::AMOUNT);
        self.initiate(initiation);
        self
    }

    /// States the reference, where the scheme has it: 30.02 for Thai bills (20 characters), 62.90
    /// for JomPAY (20), else the reference label 62.05 (25).
    ///
    /// # Errors
    /// When it is empty, too long, not printable ASCII, or when the template would become longer
    /// than 99 characters.
    pub fn set_reference(
        mut self,
        reference: &str,
        initiation: PointOfInitiation,
    ) -> Result<Self, BuildError> {
        let (root, sub) = match (self.source.scheme(), self.source.kind()) {
            (Scheme::PromptPay, Kind::Bill) => (Id::of(30), Id::of(2)),
            (Scheme::DuitNow, Kind::JomPay) => (Id::ADDITIONAL_DATA, Id::of(90)),
            _ => (Id::ADDITIONAL_DATA, Id::of(5)),
        };
        self = self.set(Path::within(root, sub), reference)?;
        self.initiate(initiation);
        Ok(self)
    }

    /// Sets any object, in place, or where it is missing: at the end of its template, or at the
    /// root behind the last object whose ID is smaller. 00 and 63 can not be set.
    ///
    /// # Errors
    /// When the object may not have this value, when a template becomes longer than 99 characters,
    /// or when the path leads into an object that is no template.
    pub fn set(mut self, path: impl Into<Path>, value: &str) -> Result<Self, BuildError> {
        let path = path.into();
        if matches!(path.root, Id::FORMAT_INDICATOR | Id::CRC) {
            return Err(BuildError::new(BuildErrorKind::NotHere, path));
        }
        checked(self.source.scheme(), path, value)?;
        self.check_meaning(path, value)?;
        let new = match path.sub {
            None => String::from(value),
            Some(sub) => {
                let template = self.template_with(path.root, sub, value);
                template.ok_or(BuildError::new(BuildErrorKind::NotHere, path))?
            }
        };
        checked(self.source.scheme(), path.root, &new)?;
        self.amount_changed |= path.root == Id::AMOUNT;
        let before = self.objects.iter().rev().find(|(id, _)| *id < path.root);
        let behind = before.map_or(Id::FORMAT_INDICATOR, |(id, _)| *id);
        self.put(path.root, new.into(), behind);
        Ok(self)
    }

    /// Removes an object at the root, if it is there. 00 and the CRC stay.
    pub fn remove(mut self, id: Id) -> Self {
        self.objects.retain(|(own, _)| *own != id || id == Id::FORMAT_INDICATOR);
        self
    }

    /// The changed code.
    #[must_use]
    pub fn finish(self) -> Edited {
        let mut bytes = Vec::with_capacity(self.source.as_str().len().saturating_add(32));
        for (id, value) in &self.objects {
            append_object(*id, value, &mut bytes);
        }
        append_crc(0, &mut bytes);
        let integrity = self.objects.iter().any(|(id, _)| *id == duitnow::INTEGRITY);
        let stale = integrity && self.amount_changed && self.source.scheme() == Scheme::DuitNow;
        let warnings = if stale { [EditWarning::IntegrityValueStale].into() } else { Vec::new() };
        let text = text(bytes);
        let errors = validate(&text).errors;
        Edited { text, warnings, corrected: corrected(&self.source), errors }
    }

    /// Whether the values that have a meaning of their own have one.
    fn check_meaning(&self, path: Path, value: &str) -> Result<(), BuildError> {
        let refused = |kind| Err(BuildError::new(kind, path));
        match path.root {
            _ if path.sub.is_some() => Ok(()),
            Id::AMOUNT | Id::FEE_FIXED => {
                let currency = self.value(Id::CURRENCY).and_then(Currency::from_numeric);
                let currency = currency.ok_or(BuildError::missing(Id::CURRENCY))?;
                checked_amount(path.root, value, currency).map(|_| ())
            }
            Id::COUNTRY if !is_country(value) => refused(BuildErrorKind::UnknownCountry),
            Id::CURRENCY if !Currency::from_numeric(value).is_some_and(Currency::is_known) => {
                refused(BuildErrorKind::UnknownCurrency)
            }
            _ => Ok(()),
        }
    }

    fn value(&self, id: Id) -> Option<&str> {
        self.objects.iter().find(|(own, _)| *own == id).map(|(_, value)| &**value)
    }

    fn initiate(&mut self, initiation: PointOfInitiation) {
        if initiation == PointOfInitiation::Dynamic {
            self.put(Id::POINT_OF_INITIATION, "12".into(), Id::FORMAT_INDICATOR);
        }
    }

    /// Replaces an object's value, or puts the object behind another, or at the end.
    fn put(&mut self, id: Id, value: Cow<'a, str>, behind: Id) {
        if let Some((_, old)) = self.objects.iter_mut().find(|(own, _)| *own == id) {
            *old = value;
            return;
        }
        let at = self.objects.iter().position(|(own, _)| *own == behind);
        let at = at.map_or(self.objects.len(), |at| at.saturating_add(1));
        self.objects.insert(at, (id, value));
    }

    /// A template's text with one value replaced or added; `None` if it is no template.
    fn template_with(&self, root: Id, sub: Id, value: &str) -> Option<String> {
        if !(root.is_template() || root.is_unreserved()) {
            return None;
        }
        let mut objects = Objects::of(self.value(root).unwrap_or_default());
        let (mut bytes, mut done) = (Vec::new(), false);
        while let Some(object) = objects.read() {
            // What can not be read to its end would lose the rest.
            let object = object.ok()?;
            let replaced = object.id() == sub && !done;
            done |= replaced;
            append_object(object.id(), if replaced { value } else { object.value() }, &mut bytes);
        }
        if !done {
            append_object(sub, value, &mut bytes);
        }
        Some(text(bytes))
    }
}

impl fmt::Debug for Editor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Editor").field("source", &self.source).finish_non_exhaustive()
    }
}

impl fmt::Debug for Edited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The text may name persons and accounts.
        let mut debug = f.debug_struct("Edited");
        debug.field("warnings", &self.warnings).field("corrected", &self.corrected);
        debug.field("errors", &self.errors);
        debug.finish_non_exhaustive()
    }
}

/// A template whose objects counted bytes, counted anew.
fn recount<'a>(template: &Object<'a>) -> Cow<'a, str> {
    let mut bytes = Vec::new();
    for object in template.objects_unchecked() {
        append_object(object.id(), object.value(), &mut bytes);
    }
    text(bytes).into()
}

fn corrected(source: &Payload<'_>) -> Vec<Leniency> {
    let leniencies = crate::lenient::read(source.as_str(), &mut Err);
    leniencies.map(|read| read.leniencies).unwrap_or_default()
}

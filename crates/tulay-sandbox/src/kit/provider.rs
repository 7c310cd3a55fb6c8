//! What a simulated provider has to be.

use super::{Movement, Notification, Reply, Sample, World};
use bytes::Bytes;
use http::{Request, Response, Uri};
use std::fmt;
use tulay_core::Invalid;

/// A provider as its rails and its servers behave.
///
/// # Rules for implementations
/// It rejects what the real one would reject, with its own reading of the real one's documents. It
/// shares no code with an adapter. It keeps its state under its own lock, does its cryptography
/// outside of it, and never waits: what comes later comes by [`wake`](Self::wake).
pub trait SimulatedProvider: fmt::Debug + Send + Sync + 'static {
    /// Its name, which is also where it is mounted: `starpay` answers under `/starpay`.
    fn name(&self) -> &'static str;

    /// Handles one request. The request's path begins after the mount point.
    fn handle(&self, request: &Request<Bytes>, world: &World) -> Reply;

    /// A moment has come that [`World::wake_after`] set.
    fn wake(&self, subject: &str, world: &World);

    /// A payer pays a code that was shown to him, of an amount in major units (`250.00`) where the
    /// code leaves it to him. What moved is recorded.
    ///
    /// # Errors
    /// When it showed no such code, or the code is not open, or asks for another amount. A provider
    /// that shows no codes always refuses.
    fn pay(&self, code: &str, amount: Option<&str>, world: &World) -> Result<Movement, Invalid> {
        let _ = (code, amount, world);
        Err(Invalid::new("provider", "one that shows codes"))
    }

    /// A notification that a person asks for, as genuine as every other one. Nothing happens to the
    /// order that it is about, and no money moves.
    ///
    /// # Errors
    /// When there is no such merchant, event or order, or no address to send it to.
    fn sample(&self, sample: &Sample, world: &World) -> Result<Notification, Invalid> {
        let _ = (sample, world);
        Err(Invalid::new("provider", "one that makes samples"))
    }

    /// Whether the merchant's answer to a notification acknowledges it. If not, it is sent again.
    fn acknowledged(&self, answer: &Response<Bytes>) -> bool;

    /// Registers a merchant by its key, or replaces the key of one: the public key that its requests
    /// verify under, or the secret one that they carry where nothing is signed.
    ///
    /// # Errors
    /// When id or key are not what the provider takes.
    fn register_merchant(&self, id: &str, key: &str) -> Result<(), Invalid>;

    /// Sets where the notifications of a merchant go whose requests name no address.
    ///
    /// # Errors
    /// When there is no such merchant.
    fn notify_at(&self, id: &str, url: Uri) -> Result<(), Invalid>;

    /// The merchants it knows.
    fn merchants(&self) -> Vec<String>;

    /// The public key that its signatures verify under: SubjectPublicKeyInfo in PEM. Of a provider that
    /// signs nothing: the token that its notifications carry.
    fn platform_key(&self) -> &str;

    /// Gives orders numbers above this one, so that those of an earlier run do not come back. A provider
    /// that numbers nothing ignores it.
    fn number_above(&self, number: u64) {
        let _ = number;
    }

    /// Forgets every order and gives balances back as they were at the start. Merchants stay.
    fn reset(&self);
}

//! Notifications that a person asks for.

use super::{Paymongo, collected::Intent, events::Event, payer::paid_by, state::Book};
use crate::kit::{Notification, Sample, World, locked};
use tulay_core::Invalid;

const EVENTS: &str = "collection.paid, collection.failed";

impl Paymongo {
    pub(super) fn made_up(&self, sample: &Sample, world: &World) -> Result<Notification, Invalid> {
        let (kind, is_paid) = match &*sample.event {
            "collection.paid" => ("payment.paid", true),
            "collection.failed" => ("payment.failed", false),
            _ => return Err(Sample::unknown_event(EVENTS)),
        };
        let (book, event, url) = {
            let mut platform = locked(&self.platform);
            let (book, intent) = made(platform.all(), sample)?;
            let shown = intent.shown.last().ok_or_else(Sample::unknown_order)?;
            let mut payment = paid_by(&mut platform, &intent, shown, world.now());
            payment.is_paid = is_paid;
            let merchant = platform.merchant(&book).ok_or_else(Sample::unknown_merchant)?;
            let url = sample.address([merchant.notify_url.as_ref()])?;
            let books = platform.books(&book).map_err(|_| Sample::unknown_merchant())?;
            let data = self.view(&book, books).payment(&payment);
            let order_id = sample.order_id.clone();
            (book, Event { kind, order_id, data, poses_as_live: false }, url)
        };
        let signed = self.notification(&book, event, url, world);
        signed.ok_or_else(|| Invalid::new("order_id", "one that can be written"))
    }
}

/// The merchant's intent for an order.
fn made<'b>(
    all: impl Iterator<Item = (Book, &'b mut super::state::Books)>,
    sample: &Sample,
) -> Result<(Book, Intent), Invalid> {
    let mut is_known = false;
    for (book, books) in all.filter(|(book, _)| book.organization == sample.merchant) {
        is_known = true;
        let mut intents = books.intents.values();
        if let Some(intent) = intents.find(|intent| intent.order_id == sample.order_id) {
            return Ok((book, intent.clone()));
        }
    }
    Err(if is_known { Sample::unknown_order() } else { Sample::unknown_merchant() })
}

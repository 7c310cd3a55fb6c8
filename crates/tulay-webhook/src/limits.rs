//! What one request, and all together, may take.

use std::time::Duration;

/// The limits of a [`WebhookService`](crate::WebhookService) and of [`serve`](crate::serve).
///
/// ```
/// use std::time::Duration;
/// let limits = tulay_webhook::Limits::default();
/// assert_eq!((limits.largest_body, limits.in_flight), (65_536, 256));
/// assert_eq!(limits.body_deadline, Duration::from_secs(10));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The largest body, in bytes: 64 KiB. A larger one is answered 413, and its
    /// rest is not read.
    /// Adapters read no more than 64 KiB, so a greater limit changes nothing.
    pub largest_body: usize,
    /// The time for the whole body, from the end of the head: 10 s, then 408.
    pub body_deadline: Duration,
    /// The requests whose body is read or that are stored, at one time: 256. Another one is answered
    /// 503 at once, and comes again. So at most `in_flight` times `largest_body` bytes are held.
    pub in_flight: usize,
    /// The time for the head of a request, and the longest time between two requests of a connection:
    /// 5 s, then the connection is closed. Only [`serve`](crate::serve) keeps it.
    pub head_deadline: Duration,
    /// The connections at one time: 1,024. More wait until one is closed. Only
    /// [`serve`](crate::serve) keeps it.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            largest_body: 64 * 1024,
            body_deadline: Duration::from_secs(10),
            in_flight: 256,
            head_deadline: Duration::from_secs(5),
            connections: 1024,
        }
    }
}

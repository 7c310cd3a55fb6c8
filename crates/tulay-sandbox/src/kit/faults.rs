//! What goes wrong on purpose.

use serde::{Deserialize, Serialize};

/// What goes wrong on purpose at one provider. A number counts down: it says how many of the next
/// requests, answers or messages are hit, in the order in which they come. By default nothing
/// goes wrong.
///
/// ```
/// use tulay_sandbox::kit::Faults;
/// let faults = Faults { lose_answers: 1, ..Faults::default() };
/// let read: Faults = serde_json::from_str(r#"{"lose_answers":1}"#)?;
/// assert_eq!(read, faults);
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Requests (POST) that are lost before anything is done: the connection is closed.
    pub lose_requests: u32,
    /// Requests (POST) that are carried out and whose answer is lost: the connection is closed.
    pub lose_answers: u32,
    /// Requests (POST) that are carried out and answered by HTTP 500 and a page of HTML.
    pub http_500_after: u32,
    /// Requests (POST) that are carried out and whose answer breaks off in the middle.
    pub half_answer: u32,
    /// Answers and notifications that are signed wrongly.
    pub bad_signature: u32,
    /// Answers and notifications that name one minor unit too much.
    pub wrong_amount: u32,
    /// Answers and notifications that name another order.
    pub wrong_order: u32,
    /// Look-ups that do not find an order although there is one.
    pub hide_orders: u32,
    /// Whether an id is used up by a rejection too, instead of by an order alone.
    pub use_up_ids: bool,
    /// Whether rejections are signed, where answers are: yes by default.
    pub sign_rejections: bool,
    /// How signed content stands in answers.
    pub answer_shape: Shape,
    /// How signed content stands in notifications.
    pub notification_shape: Shape,
    /// Notifications that are sent twice.
    pub duplicate_notifications: u32,
    /// Notifications that are never sent.
    pub drop_notifications: u32,
    /// Whether new notifications are kept back. When this ends they are sent newest first, and
    /// so out of order.
    pub hold_notifications: bool,
    /// Where it is not 0, each notification is sent three times, each time at a moment of its own
    /// within so many milliseconds: late, and out of order.
    pub scatter_notifications: u32,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            lose_requests: 0,
            lose_answers: 0,
            http_500_after: 0,
            half_answer: 0,
            bad_signature: 0,
            wrong_amount: 0,
            wrong_order: 0,
            hide_orders: 0,
            use_up_ids: false,
            sign_rejections: true,
            answer_shape: Shape::Object,
            notification_shape: Shape::Object,
            duplicate_notifications: 0,
            drop_notifications: 0,
            hold_notifications: false,
            scatter_notifications: 0,
        }
    }
}

/// How signed content stands in a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Shape {
    /// As a JSON object.
    #[default]
    Object,
    /// As a JSON string that holds the text of the object.
    Text,
    /// As an array of one such string, and its signature as an array of one.
    ArrayOfText,
}

/// An id like this one that is not this one: what is named instead of the right order.
pub(crate) fn another_id(id: &str) -> String {
    let mut id = id.to_owned();
    let last = id.pop();
    id.push(if last == Some('X') { 'Y' } else { 'X' });
    id
}

//! The one list of checks, each with what it demands of an adapter.

use crate::{harness::Harness, outcome::Outcome};
use std::sync::Arc;

/// A check of the suite.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Check {
    /// Its name: that of the test, and of a skip.
    pub name: &'static str,
    /// The family that it belongs to. A skip may name a whole family.
    pub family: &'static str,
    /// What it demands, in one paragraph.
    pub demands: &'static str,
    pub(crate) run: fn(&Arc<dyn Harness>) -> Outcome,
}

/// All checks, in the order in which they are listed in [`demands`].
#[must_use]
pub const fn checks() -> &'static [Check] {
    CHECKS
}

/// Passes the name of every check, under its family and with what it demands, to another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! __checks {
    ([$($then:tt)*]) => { $($then)*! {
        roles {
            /// Every listed corridor takes the harness's sample: it is prepared for the request's
            /// place, amount and institution, and its creation sends something. Every operation of
            /// a corridor works there; the small roles (cancel, set a status, list payments) are
            /// there exactly if some corridor lists their operation. Where corridors differ in their
            /// rail alone, each is served, and a payout over one is not sent as one over another.
            listed_corridors_are_served
            /// The adapter can be made, and `Guarantees::checked` finds no contradiction in the
            /// guarantees of any role.
            guarantees_are_consistent
            /// A request for a country, channel or rail that no corridor lists is `Unsupported` and
            /// `NotSent`, and no request leaves.
            unlisted_countries_and_channels_are_refused
            /// In production with no assumption accepted, every operation that a corridor no longer
            /// lists is refused before a request leaves, also for an order that was prepared
            /// earlier.
            disabled_operations_send_nothing
            /// Each listed account has a balance in its currency. Every other account is
            /// `Unsupported`, and no request leaves.
            balances_match_the_listed_accounts
            /// A balance is reported to the minor unit, also where floating point cannot hold it.
            balances_are_exact
            /// The list of institutions of a served country is fetched and not empty. Every other
            /// country is `Unsupported`.
            institutions_are_listed
            /// The health check sends a request: it reports what the provider says, and not what
            /// the adapter believes.
            health_check_sends_a_request
        }
        ids {
            /// The order id of core stands whole in what is sent, whatever the reference was. It is
            /// stored with the order.
            order_id_is_sent_verbatim
            /// `prepare` of one request gives the same order at another time and in another
            /// process: it uses no clock and no randomness.
            prepare_is_deterministic
            /// A second sending of a prepared order an hour later has the same content, except for
            /// time stamp and signature.
            resend_has_the_same_content
            /// A second sending has a new time stamp, where requests have one.
            resend_renews_the_timestamp
            /// A code that says the id was seen before is `Duplicate` with the effect `Unknown`, at
            /// each step: an order may be there.
            duplicate_is_not_a_rejection
            /// An order that was prepared for another account, host, environment, form, order id or
            /// kind of order is not sent.
            foreign_prepared_order_is_not_sent
            /// A look-up sends the id that the guarantees name in `find_by`, and finds the order. By
            /// our id it does so without the provider's, too, as after a creation whose response
            /// was lost; by the provider's id alone, a look-up without it sends nothing.
            lookup_identifies_the_order
            /// What the platform recognises a copy by (`Reading::held_against`) has the whole order
            /// id, or is derived from it with at least 20 characters. It is the same whenever and
            /// wherever an order is sent, and another one for each attempt and reference. If the
            /// guarantees allow an order id to be sent again, each request that can make an order
            /// (`Harness::orders`) has such a text, a draft too.
            duplicates_are_recognised_by_the_whole_id
            /// An id of the provider's with a slash, a question mark, a percent sign or two dots
            /// changes no path: neither in a later request of a creation, nor in a look-up, a change
            /// or a refund. It is escaped, or refused.
            provider_references_cannot_change_a_path
        }
        money {
            /// Every amount of a sweep is sent exactly, as the harness reads it
            /// (`Reading::paying`), if the corridor admits it. Every other is refused at `amount`
            /// and `NotSent`, also beyond the limits of a single bank or wallet.
            amounts_are_exact_or_refused
            /// A currency that no corridor lists is `Unsupported` and `NotSent`.
            unlisted_currencies_are_refused
            /// Every amount of a sweep of awkward ones is read exactly in responses and
            /// notifications, and one minor unit more is a `Mismatch`. A calculation in floating
            /// point fails: it reads 1.15 as 1.14.
            amounts_are_read_exactly
            /// An amount in a form that is not the documented one (`1e5`, `1250.000`, a text for a
            /// number) is read as the same amount or not at all. One with more digits than its
            /// currency has is not read as the amount without them.
            other_forms_of_amounts_are_not_believed
        }
        requests {
            /// The platform, as the harness reads it (`Harness::read`), accepts every request of
            /// every operation.
            requests_pass_verification
            /// Where requests are signed, each byte of the body is covered: the harness detects
            /// every changed byte.
            changed_requests_fail_verification
        }
        responses {
            /// A response is kept as `Trust::Signed` exactly if the guarantees say that responses
            /// are signed.
            trust_matches_verification
            /// A signed response with one changed byte is refused with the effect `Unknown`, or
            /// read as before.
            changed_responses_prove_nothing
            /// A signed response whose text was written in other bytes of the same meaning fails
            /// verification: the bytes received are verified, and not what was parsed from them.
            rewritten_responses_prove_nothing
            /// Where responses are signed, one without signature or with an empty one is
            /// `Signature` with the effect `Unknown`.
            unsigned_responses_prove_nothing
            /// A response that was signed with another key is `Signature` with the effect
            /// `Unknown`.
            responses_with_another_key_prove_nothing
            /// An unsigned rejection counts exactly if `Guarantees::unsigned_rejections` says so.
            /// Nothing else unsigned counts where responses are signed.
            unsigned_rejections_need_a_guarantee
            /// A rejection that names neither request nor order counts exactly if
            /// `Guarantees::anonymous_rejections` says so.
            anonymous_rejections_need_a_guarantee
        }
        tables {
            /// Each code that the harness lists for a creation has the effect of what it proves
            /// (`Proves`), at each step that can say it. No further request is sent after it. After
            /// a draft a rejection has the effect `Unknown`, unless the documents say that it ends
            /// the draft (`Code::ends_draft`), and is never permanent.
            creation_codes_match_the_documents
            /// In a look-up only a code that proves absence is `Absent`, and keeps its code. Every
            /// other code has the effect `Unknown`.
            lookup_codes_match_the_documents
            /// A code that the harness does not list has the effect `Unknown`, and is not
            /// permanent, at each step.
            unlisted_codes_prove_nothing
            /// Of several codes in one response (`Says::Codes`) each counts. If one of them is no
            /// listed rejection, the response proves nothing; in a look-up, if one of them does not
            /// prove absence.
            every_code_of_a_response_counts
            /// Each status in the response to a creation has its documented meaning, or is pending
            /// where the response does not identify the order.
            creation_statuses_match_the_documents
            /// Each status in a look-up has its documented meaning, with the amount of the request.
            /// A failure keeps the provider's code.
            lookup_statuses_match_the_documents
            /// A status that no document lists is never final. Its text is kept as it is.
            unknown_statuses_are_not_final
        }
        faults {
            /// Each fault at each step of a creation has the right effect: `NotSent` only if no
            /// byte of a request that can make an order left, else `Unknown`. Nothing is sent
            /// again, and the provider reference of an earlier step is kept.
            creation_faults_have_the_right_effect
            /// Each fault at each step of a look-up has the effect `Unknown`. Only what is byte for
            /// byte the provider's `Says::Absent` is `Absent`; a list that is missing, null, no list
            /// or filled with what cannot be read is not. Nothing is sent again.
            lookup_faults_prove_nothing
            /// The same for every other reading, such as balances and reports.
            query_faults_prove_nothing
            /// With HTTP 5xx no genuine response proves anything, whatever it says.
            server_errors_prove_nothing
        }
        agreement {
            /// A response with one minor unit more than the request is a `Mismatch` with the effect
            /// `Unknown`, at each step: a draft is compared before it is confirmed.
            another_amount_is_a_mismatch
            /// A response with the same number of another currency is a `Mismatch` with the effect
            /// `Unknown`.
            another_currency_is_a_mismatch
            /// A response that names another order, by our id or by the provider's, is `Unrelated`
            /// with the effect `Unknown`, at each step. The id of a draft is kept, and no other is
            /// adopted, even if the response names our order id.
            another_order_is_unrelated
            /// A response that names another merchant account, be it a longer or a shorter one, is
            /// a `Mismatch` with the effect `Unknown`. Guarantees that list the account among the
            /// echoes need a message that names it, or a key of notifications that only this
            /// account has.
            another_account_is_a_mismatch
            /// A list with two orders under our order id is an error with the effect `Unknown`. It
            /// is neither one of the two nor `Absent`.
            two_orders_with_one_id_are_refused
            /// A final status in a response without an echo of the guarantees is read as pending:
            /// without the order id, the amount or the provider reference.
            unidentified_responses_are_not_final
            /// A look-up of an order whose creation had no response is answered without any id of
            /// it: that is `Unrelated`.
            responses_without_the_order_are_unrelated
        }
        fields {
            /// A request without a field that its corridor requires is `InvalidRequest` and
            /// `NotSent`, at the field's name.
            missing_required_fields_are_named
            /// A request with no more than the required fields is sent.
            optional_fields_may_be_missing
            /// Each request of `Harness::misfits` is refused before it is sent, at the field that
            /// the harness names.
            invalid_fields_are_named
            /// The expiry of a collection reaches the platform as the same instant, whatever form it
            /// is sent in, also when it is sent again later. An order that has expired is refused at
            /// `expires` and `NotSent`. A corridor that takes no expiry refuses it, and never drops
            /// it.
            expiry_is_sent_exactly
            /// A remark of any length and alphabet is sent whole or refused at its field. It is
            /// never cut or changed.
            remarks_are_sent_verbatim_or_refused
            /// The same for names: a name that is cut can be another person's.
            names_are_sent_verbatim_or_refused
            /// The account that a payout is paid to is sent whole or refused at `account`: also with
            /// leading zeros, with a hyphen, and shorter or longer than the sample's. In
            /// `Reading::content` it stands exactly where the sample's stands. A mobile number may be
            /// sent as its country writes it, or without its calling code.
            accounts_are_sent_verbatim_or_refused
            /// A bank or wallet that the adapter has no code for is refused at `institution`.
            unknown_institutions_are_refused
            /// An extra of another adapter changes nothing. An unknown extra under the adapter's
            /// own name is refused.
            extras_of_other_adapters_are_ignored
        }
        secrecy {
            /// Planted keys, names, numbers and texts of the platform do not occur in what `Debug`
            /// and `Display` print of requests, results and errors. Headers with secrets, in Base64
            /// and hexadecimal digits too, and every `Authorization` are marked as sensitive.
            sensitive_data_is_not_printed
            /// The same for everything that is logged by `tracing`, at every level.
            sensitive_data_is_not_logged
        }
        notifications {
            /// A genuine notification of each notified status is opened, names the order and its
            /// amount, and is as authentic as its signature or token proves, also by the second of
            /// two keys that are configured at once. A second copy has the same key
            /// (`Notification::key`); another status has another.
            genuine_notifications_are_accepted
            /// A notification that names another order is never read as one about ours, whatever
            /// address it arrived at.
            notifications_match_only_their_order
            /// Each status of a notification has the meaning that `Harness::notified_statuses`
            /// lists. An unknown one ends nothing, nor does one without the order id or the amount.
            notification_statuses_match_the_documents
            /// No bytes cause a panic: damaged notifications, noise, deep nesting.
            no_notification_panics
            /// A signed notification with one changed byte is refused, or read as before.
            changed_notifications_are_refused
            /// A signed notification whose text was written in other bytes of the same meaning
            /// (blanks, order of members, escapes, form of numbers) fails verification: the bytes
            /// received are verified, and not what was parsed from them.
            rewritten_notifications_are_refused
            /// A notification without signature or token, or with an empty, false, cut or extended
            /// one, is `Signature`. So is one with the token in another case, or with the signature
            /// of another mode.
            unauthenticated_notifications_are_refused
            /// A genuine notification that names another merchant account is a `Mismatch`. One of the
            /// other mode (live at a test account) is not opened.
            notifications_for_other_accounts_are_refused
            /// A notification that names no account is read exactly if
            /// `Guarantees::anonymous_notifications` says so. It is `Unrelated` otherwise.
            anonymous_notifications_need_a_guarantee
            /// Our own requests, signed responses, pages, and empty and oversized bodies are not
            /// read as notifications. Under a token they are `Notification::Unreadable`, except empty
            /// and oversized ones.
            non_notifications_are_refused
            /// A genuine notification that cannot be read is `Notification::Unreadable`, and never
            /// the error `Unexpected`: a provider that is refused again and again sends nothing more.
            unreadable_notifications_are_kept
            /// `Webhooks::read` reads from a stored body what `open` read, or refuses it alike, in an
            /// adapter that has no keys (`AdapterContext::capabilities_only`).
            stored_notifications_are_read_without_keys
            /// Each acknowledgement is the documented one, byte for byte. What was not stored is
            /// never acknowledged as stored.
            acknowledgements_match_the_documents
        }
        evidence {
            /// A notification under a token that is always the same is a hint
            /// (`Authenticity::SharedToken`).
            token_notifications_are_not_evidence
            /// A genuine notification that another merchant of the platform can cause (it names
            /// another account, or none, and its key signs for all) is never evidence of an end:
            /// order ids can be computed.
            notifications_of_other_merchants_end_nothing
            /// The same for payments of a static code, of any amount.
            payments_of_other_merchants_end_nothing
            /// Where the guarantees do not list the account among the echoes, each notification is a
            /// hint, so that none ends an order by itself.
            unbound_notifications_are_hints
        }
        payment_instructions {
            /// A collection or static code has payment instructions of its channel. None are made
            /// up where the response has none.
            payment_instructions_are_returned
            /// A code over another amount than the request's is a `Mismatch`, and is not shown to a
            /// payer.
            codes_with_another_amount_are_refused
            /// A code that pays another payee is a `Mismatch`, and is not shown to a payer.
            codes_of_another_payee_are_refused
        }
        changes {
            /// A cancellation counts only if the response says that the collection is closed. What
            /// was paid is never reported as cancelled.
            cancellations_match_the_status
            /// The status of a code is the one that the response states, and not the requested one.
            static_code_changes_match_the_status
            /// Each code that the harness lists for a change has the effect of what it proves. An
            /// unlisted one has the effect `Unknown`.
            change_codes_match_the_documents
            /// Each fault of a change is `NotSent` if no byte left, else `Unknown`. Nothing is sent
            /// again.
            change_faults_have_the_right_effect
        }
        incoming_payments {
            /// Each listed payment of a static code has its amount, its documented status and a
            /// provider reference of its own.
            payments_are_listed_exactly
            /// A listed payment that names another code is `Unrelated`. One without amount, or with
            /// an unknown status, is not final.
            payments_of_other_codes_are_not_listed
            /// A notified payment has a provider reference of its own. One that names neither code
            /// nor terminal is not final.
            incoming_payments_identify_their_code
        }
        refunds {
            /// A refund of the whole payment and of the least amount is sent. One of more than was
            /// paid, of nothing, or in another currency is refused at `amount` and `NotSent`.
            refunds_do_not_exceed_the_payment
            /// The payment that is refunded stands whole in what is sent, and is stored with the
            /// refund. A refund of a payment that the provider cannot know is not sent.
            refunds_identify_their_payment
            /// A response about a refund of another payment is `Unrelated` or a `Mismatch`, with the
            /// effect `Unknown`, although it names the refund and its amount.
            refunds_of_other_payments_are_not_believed
        }
        inspection {
            /// The reading of a code says of which kind the code is. The same code is read twice
            /// alike.
            inspection_is_consistent
            /// If the provider reads another amount or payee in a code than the adapter does, that
            /// is a `Mismatch`.
            contradicting_inspection_is_a_mismatch
            /// A text that is no valid payment code is refused as `Destination` before a request
            /// leaves.
            invalid_codes_are_not_inspected
        }
        reports {
            /// The link to a report is returned as it came, and is of the requested day.
            report_links_are_returned_unchanged
            /// A link that is not HTTPS, names a user or leads into a private network is refused.
            unsafe_report_links_are_refused
        }
    } };
}

macro_rules! table {
    ($($family:ident { $($(#[doc = $demand:literal])+ $name:ident)* })*) => {
        const CHECKS: &[Check] = &[$($(
            Check {
                name: stringify!($name),
                family: stringify!($family),
                demands: concat!($($demand),+).trim_ascii(),
                run: crate::checks::$family::$name,
            },
        )*)*];

        /// What each check of the suite demands of an adapter, by family. A failing check prints
        /// its paragraph; [`checks`] has the same as data.
        $(
            #[doc = concat!("\n## `", stringify!($family), "`\n")]
            $(#[doc = concat!("* **`", stringify!($name), "`**:", $($demand),+)])*
        )*
        pub mod demands {}
    };
}

crate::__checks! { [table] }

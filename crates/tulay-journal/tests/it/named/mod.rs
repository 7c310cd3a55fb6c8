//! Attacks on the rules, by their numbers in the reviews that found them: each is one sequence, and
//! what holds against it.
//!
//! | numbers | from |
//! |---|---|
//! | M1 to M13 | sequences that paid twice |
//! | L1 to L16 | sequences that never ended, or were taken for false alarms |
//! | V1 to V13 | what a search of the rules as a model found |
//! | N1 to N19 | where the rules and the code of the adapters did not fit |
//!
//! What has no test here belongs to parts that are not built yet, or to other crates:
//!
//! | number | what will hold it |
//! |---|---|
//! | N2 | notifications: only one that names its account is evidence; every other is a hint, which causes a look-up |
//! | N11 | refunds: a rejection counts after the absence window (`Rules::rejections_wait`, tested in `rows.rs`) |
//! | N12 | notifications: the key of one that names no order includes the digest of its bytes |
//! | V9 | notifications: a hint before a first sending where the provider cannot be asked changes nothing |
//! | A2 (rest of M6, V13, N18) | an assumption: one request arrives once, also when it is late |
//! | M12, L14 (the codes) | the tables of the adapters, held by `tulay-conformance` |

mod case;
mod lost;
mod model;
mod money;
mod plan;
mod stuck;

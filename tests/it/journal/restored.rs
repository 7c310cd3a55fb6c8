//! A database that was restored from a copy, or is another one: what was paid meanwhile is found, and
//! nothing is sent before it is looked up.

use super::{LONGEST, MAKING, Setup, actor, order_id, plain, provider, reference, until};
use std::{fs, path::PathBuf};
use tulay::{
    Tulay,
    journal::{JournalChange, PaymentRecord, ReasonKind, ReviewReason, Scope, Status},
};

const BOTH: [&str; 2] = ["starpay", "regional"];

impl Setup {
    fn database(&self) -> PathBuf {
        self.folder.path().join("tulay.db")
    }

    /// Pays a payout, through a process of its own.
    async fn pay(&self, text: &str, name: &str) -> PaymentRecord {
        let tulay = self.open(text).await;
        tulay.payouts().submit(plain(name)).await.unwrap();
        let paid = self.finish(&tulay, name).await;
        assert_eq!(paid.status, Status::Succeeded, "{paid}");
        paid
    }

    /// Puts a copy in the place of the database. What leaves from now on is noted.
    fn restore(&self, copy: &str) {
        self.remove_journal();
        fs::copy(self.folder.path().join(copy), self.database()).unwrap();
        self.network.left.lock().unwrap().clear();
    }

    /// What left since the restore under the order id of a payout: a look-up came first.
    fn assert_looked_up_first(&self, record: &PaymentRecord) {
        let requests = self.naming_of(record);
        let first = requests.first().unwrap();
        assert!(!MAKING.iter().any(|end| first.ends_with(end)), "{record}: {requests:?}");
    }

    fn naming_of(&self, record: &PaymentRecord) -> Vec<String> {
        let requests = self.network.naming(&order_id(record));
        requests.into_iter().map(|(address, _)| address).collect()
    }
}

async fn doubts(tulay: &Tulay) -> usize {
    let history = tulay.history().await.unwrap();
    history.iter().filter(|event| event.change == JournalChange::Doubted).count()
}

async fn is_whole(tulay: &Tulay) -> bool {
    tulay.journal().await.unwrap().whole_since.is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_copy_finds_what_was_paid_after_it() {
    let setup = Setup::new().await;
    let tulay = setup.open(&setup.text(&BOTH)).await;
    tulay.payouts().submit(plain("R1")).await.unwrap();
    tulay.backup(setup.folder.path().join("copy.db")).await.unwrap();
    let first = setup.finish(&tulay, "R1").await;
    drop(tulay);
    // One that the copy does not know, at the other account.
    let second = setup.pay(&setup.text(&["regional", "starpay"]), "R2").await;
    assert_eq!((provider(&first), provider(&second)), ("starpay", "regional"));

    setup.restore("copy.db");
    let tulay = setup.read(&setup.text(&BOTH), |builder| builder);
    assert_eq!((is_whole(&tulay).await, doubts(&tulay).await), (false, 1));
    let journal = tulay.journal().await.unwrap();
    assert!(tulay.looks_up_from(&journal).unwrap() > journal.doubted_at);
    tulay.payouts().submit(plain("R2")).await.unwrap();
    tulay.payouts().submit(plain("R3")).await.unwrap();
    let worker = tulay.worker().start().await.unwrap();
    let wait = async |name| tulay.payouts().wait(&reference(name), LONGEST).await.unwrap();
    for before in [&first, &second] {
        let found = wait(before.reference.as_str()).await;
        assert_eq!((found.status, order_id(&found)), (Status::Succeeded, order_id(before)));
        assert_eq!(provider(&found), provider(before));
    }
    let third = wait("R3").await;
    worker.stop().await.unwrap();
    assert_eq!(setup.paid(), [&first, &second, &third].map(order_id));
    setup.assert_looked_up_first(&third);
    assert!(!is_whole(&tulay).await, "a person has to say so");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_restores_in_a_row_find_both_payments() {
    let setup = Setup::new().await;
    let text = setup.text(&BOTH);
    let tulay = setup.open(&text).await;
    tulay.backup(setup.folder.path().join("copy.db")).await.unwrap();
    drop(tulay);
    let mut paid = vec![setup.pay(&text, "R1").await];
    for name in ["R2", "R3"] {
        setup.restore("copy.db");
        let tulay = setup.read(&text, |builder| builder);
        assert_eq!((is_whole(&tulay).await, doubts(&tulay).await), (false, 1), "{name}");
        for before in &paid {
            tulay.payouts().submit(plain(before.reference.as_str())).await.unwrap();
        }
        tulay.payouts().submit(plain(name)).await.unwrap();
        let worker = tulay.worker().start().await.unwrap();
        for before in &paid {
            let found = tulay.payouts().wait(&before.reference, LONGEST).await.unwrap();
            assert_eq!(order_id(&found), order_id(before), "{found}");
        }
        let new = tulay.payouts().wait(&reference(name), LONGEST).await.unwrap();
        worker.stop().await.unwrap();
        setup.assert_looked_up_first(&new);
        paid.push(new);
    }
    assert_eq!(setup.paid(), paid.iter().map(order_id).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_another_lineage_is_looked_up_first() {
    let setup = Setup::new().await;
    let text = setup.text(&BOTH);
    let before = setup.pay(&text, "R1").await;
    // A person took it for whole, elsewhere.
    let other = setup.folder.path().join("other/tulay.db");
    fs::create_dir(other.parent().unwrap()).unwrap();
    let tulay = setup.open_with(&text, |builder| builder.journal(&other)).await;
    assert!(is_whole(&tulay).await);
    drop(tulay);
    setup.restore("other/tulay.db");
    let tulay = setup.read(&text, |builder| builder);
    assert_eq!((is_whole(&tulay).await, doubts(&tulay).await), (false, 1));
    tulay.payouts().submit(plain("R1")).await.unwrap();
    let found = setup.finish(&tulay, "R1").await;
    assert_eq!((found.status, order_id(&found)), (Status::Succeeded, order_id(&before)));
    setup.assert_looked_up_first(&found);
    assert_eq!(setup.paid(), [order_id(&before)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_folder_that_is_gone_is_no_restore() {
    let setup = Setup::new().await;
    let text = setup.text(&BOTH);
    let first = setup.pay(&text, "R1").await;
    fs::remove_dir_all(setup.folder.path().join(".tulay-state")).unwrap();
    let second = setup.pay(&text, "R2").await;
    let tulay = setup.read(&text, |builder| builder);
    assert_eq!((is_whole(&tulay).await, doubts(&tulay).await), (true, 0));
    assert!(tulay.journal_state().unwrap().is_dir());
    assert_eq!(setup.paid(), [order_id(&first), order_id(&second)]);
    // A person knows better.
    tulay.doubt(&actor(), "the machine was restored with its state").await.unwrap();
    assert_eq!((is_whole(&tulay).await, doubts(&tulay).await), (false, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_accounts_know_is_a_review() {
    let setup = Setup::new().await;
    let state = setup.folder.path().join(".tulay-state");
    // Each journal was lost with its machine, and a person took the next one for whole.
    for name in BOTH {
        setup.pay(&setup.text(&[name]), "R1").await;
        setup.remove_journal();
        fs::remove_dir_all(&state).unwrap();
    }
    assert_eq!(setup.paid().len(), 2);
    let tulay = setup.read(&setup.text(&BOTH), |builder| builder);
    tulay.payouts().submit(plain("R1")).await.unwrap();
    let worker = tulay.worker().start().await.unwrap();
    let is_suspected =
        |record: &PaymentRecord| record.reviews.contains(&ReviewReason::DoublePaymentSuspected);
    let stopped = until(&tulay, "R1", is_suspected).await;
    worker.stop().await.unwrap();
    assert!(!stopped.status.is_final() && stopped.proven_unpaid().is_none(), "{stopped}");
    assert_eq!(setup.paid().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_of_a_first_sending_pauses_the_account() {
    let setup = Setup::new().await;
    let text = setup.text(&["starpay"]);
    let before = setup.pay(&text, "R1").await;
    setup.remove_journal();
    // A person states what is not true.
    let tulay = setup.open(&text).await;
    assert!(is_whole(&tulay).await);
    tulay.payouts().submit(plain("R1")).await.unwrap();
    let found = setup.finish(&tulay, "R1").await;
    assert_eq!((found.status, order_id(&found)), (Status::Succeeded, order_id(&before)));
    let pauses = tulay.journal().await.unwrap().pauses;
    let [pause] = pauses.as_slice() else { panic!("{pauses:?}") };
    assert_eq!(pause.scope, Scope::Account(found.last().unwrap().account.clone()));
    assert_eq!(
        (&pause.by, pause.why.as_str()),
        (&None, "the provider knows an order id that was never sent before")
    );
    // Nothing else leaves through it until a person ends that.
    tulay.payouts().submit(plain("R2")).await.unwrap();
    let worker = tulay.worker().start().await.unwrap();
    let is_paused = |record: &PaymentRecord| {
        record.reason.as_ref().is_some_and(|reason| reason.kind == ReasonKind::Paused)
    };
    until(&tulay, "R2", is_paused).await;
    assert_eq!(setup.paid(), [order_id(&before)]);
    tulay.resume(pause.scope.clone(), &actor(), "an older journal sent it").await.unwrap();
    let second = tulay.payouts().wait(&reference("R2"), LONGEST).await.unwrap();
    worker.stop().await.unwrap();
    assert_eq!(setup.paid(), [&before, &second].map(order_id));
}

//! Journals that cannot be used, each with one sentence; and payments that must not be made twice.

use crate::{
    payout::{CREATE, CREATE_JSON},
    support::{Ended, Folder, movements, payout},
};
use std::{
    io::{BufRead, BufReader},
    sync::Arc,
};

/// How `payout create` ends with this journal; nothing may be printed as a result.
fn refused(folder: &Folder, exit: i32) -> String {
    let ended: Ended = folder.run_with(&CREATE_JSON, &payout("R1", "10.00", "1"));
    assert_eq!((ended.exit, ended.out.as_str()), (exit, ""), "{}", ended.err);
    ended.error()["message"].as_str().unwrap().to_owned()
}

fn with_url(url: &str) -> Folder {
    let folder = Folder::initialised();
    let config = folder.read("tulay.toml");
    folder.write("tulay.toml", format!("{config}\n[journal]\nurl = \"{url}\"\n"));
    folder
}

#[test]
fn a_journal_that_cannot_be_used_is_refused() {
    for (url, expected) in [
        ("mysql://db", "expected \"sqlite:\" and the path of a file"),
        ("sqlite:no/tulay.db", "no/tulay.db: the folder does not exist; create it"),
        ("sqlite:tulay.toml", "tulay.toml: the file is not an SQLite database; name another"),
        ("sqlite:keys", "keys: the file cannot be opened"),
    ] {
        let message = refused(&with_url(url), 2);
        assert!(message.contains(expected), "{url}: {message}");
    }
    let folder = Folder::initialised();
    let config = folder.read("tulay.toml");
    folder.write("tulay.toml", config.replacen("namespace = \"", "namespace = \"x", 1));
    let message = refused(&folder, 2);
    assert!(message.contains("tulay.db: this is the journal of namespace "), "{message}");
    assert!(message.ends_with("; change one of them"), "{message}");
}

#[cfg(unix)]
#[test]
fn a_read_only_journal_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::initialised();
    let file = folder.path().join("tulay.db");
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o400)).unwrap();
    // The administrator of the system writes it all the same.
    if rustix::process::geteuid().is_root() {
        let create = [&CREATE[..], &["--no-wait"]].concat();
        assert_eq!(folder.run_with(&create, &payout("R1", "10.00", "1")).exit, 6);
        return;
    }
    let message = refused(&folder, 2);
    assert!(message.contains("the file is read-only; give this user the permission"), "{message}");
}

#[derive(Debug)]
struct Tomorrow;

impl tulay::adapter::Clock for Tomorrow {
    fn now(&self) -> jiff::Timestamp {
        tulay::adapter::SystemClock::new().now() + jiff::SignedDuration::from_hours(24)
    }
}

#[test]
fn a_clock_before_the_last_event_is_refused() {
    let folder = Folder::initialised();
    let file = folder.path().join("tulay.toml");
    let tulay = tulay::Tulay::builder().clock(Arc::new(Tomorrow)).load(file).unwrap();
    let request = payout("R1", "10.00", "1");
    let request: tulay::json::PayoutRequestJson =
        tulay::json::from_slice(request.as_bytes()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async { tulay.payouts().submit(request.try_into().unwrap()).await.unwrap() });
    drop(tulay);
    let message = refused(&folder, 1);
    assert!(message.contains("tulay.db: the clock says "), "{message}");
    assert!(message.ends_with("; set the clock"), "{message}");
}

#[cfg(unix)]
#[test]
fn what_a_full_disk_does_not_take_is_not_accepted() {
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    folder.write("p.json", payout("R1", "10.00", "1"));
    // No file of the command may grow beyond a size that its journal has already.
    let script = format!(
        "trap '' XFSZ; ulimit -f 16; exec {} payout create --file p.json",
        env!("CARGO_BIN_EXE_tulay")
    );
    let mut shell = std::process::Command::new("sh");
    let output = shell.args(["-c", &script]).current_dir(folder.path()).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), &b""[..]), "{err}");
    assert!(err.contains("journal") && err.contains("disk"), "{err}");
    assert_eq!(movements(&folder, &sandbox), 0);
    assert_eq!(folder.run(&["payout", "get", "R1"]).exit, 1);
    assert_eq!(folder.run_with(&CREATE, &payout("R1", "10.00", "1")).exit, 0);
    assert_eq!(movements(&folder, &sandbox), 1);
}

#[test]
fn a_name_in_parts_is_another_request() {
    let folder = Folder::initialised().with_second_provider();
    let sandbox = folder.sandbox();
    let parts = payout("R1", "10.00", "1");
    let full = parts.replace(
        r#""given_name":"Maria","family_name":"Dela Cruz""#,
        r#""name":"Maria Dela Cruz""#,
    );
    let first = folder.run_with(&CREATE_JSON, &full);
    assert_eq!((first.exit, &first.json()["provider"]), (0, &"regional".into()), "{}", first.err);
    let second = folder.run_with(&CREATE_JSON, &parts);
    assert_eq!((second.exit, &second.error()["field"]), (2, &"name".into()), "{}", second.err);
    assert_eq!(movements(&folder, &sandbox), 1);
}

#[test]
fn an_edited_rule_changes_no_accepted_payout() {
    let folder = Folder::initialised().with_second_provider();
    let sandbox = folder.sandbox();
    let pay = || folder.run_with(&CREATE_JSON, &payout("R1", "10.00", "0011"));
    let first = pay();
    assert_eq!((first.exit, &first.json()["provider"]), (0, &"starpay".into()), "{}", first.err);
    folder.edit("use = [\"starpay\", \"regional\"]", "use = [\"regional\", \"starpay\"]");
    let again = pay();
    assert_eq!((again.exit, &again.json()["provider"]), (0, &"starpay".into()), "{}", again.err);
    assert_eq!(movements(&folder, &sandbox), 1);
}

#[test]
fn a_longer_remark_does_not_pay_a_lost_payout_again() {
    let folder = Folder::initialised();
    folder.write("faults.toml", "[starpay]\nlose_answers = 1\nhide_orders = 3\n");
    let sandbox = folder.sandbox_with(&["--faults", "faults.toml"]);
    let first = payout("R1", "10.00", "1");
    let create = [&CREATE_JSON[..], &["--wait", "1ms"]].concat();
    let lost = folder.run_with(&create, &first);
    assert!([3, 6].contains(&lost.exit), "{}{}", lost.out, lost.err);
    let longer = first.replacen('{', r#"{"remark":"November, second half","#, 1);
    let second = folder.run_with(&CREATE_JSON, &longer);
    assert_eq!((second.exit, &second.error()["field"]), (2, &"remark".into()), "{}", second.err);
    let paid = folder.run_with(&CREATE, &first);
    assert_eq!(paid.exit, 0, "{}{}", paid.out, paid.err);
    assert_eq!(movements(&folder, &sandbox), 1);
}

#[test]
fn a_killed_command_pays_once_when_it_is_run_again() {
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    folder.write("p.json", payout("R1", "10.00", "992001"));
    let create = ["payout", "create", "--file", "p.json", "--log", "trace"];
    // Killed after so many lines of its log: at its start, in a commit, in a call, after it.
    for lines in [1, 2, 3, 5, 8, 11, 15, 20, 28, 40] {
        let mut child = folder.command(&create).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap()).lines();
        log.take(lines).for_each(|line| drop(line.unwrap()));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(movements(&folder, &sandbox) <= 1, "after {lines} lines");
    }
    let paid = folder.run(&["payout", "create", "--file", "p.json", "--json"]);
    assert_eq!((paid.exit, &paid.json()["status"]), (0, &"succeeded".into()), "{}", paid.err);
    assert_eq!(movements(&folder, &sandbox), 1);
}

#[test]
fn a_killed_command_whose_journal_is_lost_pays_once() {
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    let create = ["payout", "create", "--file", "p.json", "--log", "trace"];
    for (round, (lines, account)) in
        [(4, "0011"), (12, "992001"), (40, "0012")].into_iter().enumerate()
    {
        folder.write("p.json", payout(&format!("R{round}"), "10.00", account));
        let mut child = folder.command(&create).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap()).lines();
        log.take(lines).for_each(|line| drop(line.unwrap()));
        child.kill().unwrap();
        child.wait().unwrap();
        folder.remove_journal();
        let paid = folder.run(&["payout", "create", "--file", "p.json", "--wait", "60s"]);
        assert_eq!(paid.exit, 0, "after {lines} lines: {}{}", paid.out, paid.err);
        assert!(paid.err.contains("may not know every payment of its namespace"), "{}", paid.err);
        assert_eq!(movements(&folder, &sandbox), round + 1, "after {lines} lines");
    }
}

#[test]
fn a_journal_of_this_form_is_left_as_it_is() {
    let folder = Folder::initialised();
    for arguments in [&["journal", "migrate"][..], &["journal", "migrate", "--check"]] {
        let ended = folder.run(arguments);
        assert!(ended.out.contains(", that of this version; nothing to do"), "{}", ended.out);
        assert_eq!(ended.exit, 0, "{}", ended.err);
    }
    folder.remove_journal();
    let ended = folder.run(&["journal", "migrate"]);
    assert!(ended.out.contains(": there is no journal yet; the first command"), "{}", ended.out);
    assert_eq!(ended.exit, 0, "{}", ended.err);
    assert!(!folder.path().join("tulay.db").exists());
}

#[cfg(unix)]
#[test]
fn a_journal_of_an_older_form_is_migrated_by_its_command() {
    let Some(cluster) = tulay_tests_postgres::Cluster::shared() else { return };
    let url = cluster.database().url();
    let folder = with_url(&url);
    let config = folder.read("tulay.toml");
    let namespace = config.lines().find_map(|it| it.strip_prefix("namespace = \"")).unwrap();
    let namespace = namespace.split('"').next().unwrap();
    let form_2 = include_str!("../../../tulay-journal/src/store/postgres/schema.sql");
    let row = format!(
        "INSERT INTO tulay.journal (one, schema, oldest_schema, namespace, lineage, doubted_at) \
         VALUES (1, 2, 2, '{namespace}', 'a', 1767578400000000)"
    );
    let mut psql = cluster.command("psql");
    psql.args(["-q", "-v", "ON_ERROR_STOP=1", "-d", &url, "-c", form_2, "-c", &row]);
    assert!(psql.output().unwrap().status.success());
    let list = || folder.run(&["payout", "list", "--json"]);
    for _ in 0..2 {
        let refused = list();
        let error = refused.error();
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("(form 2); run `tulay journal migrate`; its"), "{message}");
        assert_eq!(refused.exit, 2);
        let checked = folder.run(&["journal", "migrate", "--check", "--json"]);
        let json = checked.json();
        assert_eq!(
            (checked.exit, &json["due"], &json["migrated"]),
            (1, &true.into(), &false.into())
        );
        assert_eq!((&json["found"], &json["runs_beside"]), (&2.into(), &true.into()));
    }
    let migrated = folder.run(&["journal", "migrate"]);
    assert!(migrated.out.contains(": migrated from form 2 to form "), "{}", migrated.out);
    assert!(migrated.out.contains("processes of the version before may go on"), "{}", migrated.out);
    assert_eq!(migrated.exit, 0, "{}", migrated.err);
    assert_eq!(folder.run(&["journal", "migrate", "--check"]).exit, 0);
    assert_eq!(list().exit, 0);
}

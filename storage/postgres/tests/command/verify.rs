//! `verify`, `heads`, `inspect`, `trail` and `export` of a database, as `selene-store` runs them.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use selene_contracts::ph1_f::{Ph1fFoundationRepo as _, Ph1fIdentityInsertRow};
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TenantId, TurnId};
use selene_contracts::{CallContext, Caller};
use selene_storage::test_support::inputs;
use selene_storage::verify_export;
use selene_storage_postgres::PostgresStore;
use selene_storage_postgres::test_support::Raw;

use crate::database::Database;
use crate::run::Run;

/// A private key that OpenSSL 3 made.
const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJKe9D4xYLvX0YsERRHdqXrnIGShCLzNxFaoQn1hNJcd
-----END PRIVATE KEY-----
";

fn command(words: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selene-store-server"));
    command.args(words).env_remove("PGPASSWORD");
    command
}

pub fn run(words: &[impl AsRef<OsStr>]) -> Run {
    Run::of(&command(words).output().unwrap())
}

/// A database with a chain of two events, and one of another tenant.
struct Scene {
    database: Database,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let scene = Self { database: Database::empty(), folder: tempfile::tempdir().unwrap() };
        for (user, tenant) in [("ann", "acme"), ("bob", "acme"), ("cleo", "zoo")] {
            scene.person(user, tenant);
        }
        scene
    }

    fn person(&self, user: &str, tenant: &str) {
        let context = CallContext::new(
            Caller::SeleneOs,
            MonotonicTimeNs::new(1),
            CorrelationId::new(1),
            TurnId::new(1),
        );
        let input =
            Ph1fIdentityInsertRow { tenant_id: Some(TenantId::new(tenant)), ..inputs::identity(user, user) };
        let store = PostgresStore::open(&self.database.address()).unwrap();
        store.ph1f_identity_insert_row(&context, input).unwrap();
    }

    fn on(&self, command: &str, more: &[&str]) -> Run {
        let address = self.database.address();
        let mut words = vec![command, &address];
        words.extend(more);
        run(&words)
    }

    /// Writes a file of the folder, and gives its name.
    fn file(&self, name: &str, text: &str) -> String {
        let path: PathBuf = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// As somebody does who may do everything on the server.
    fn tamper(&self, sql: &str) {
        self.database.spend();
        self.database.raw().run(&format!("SET session_replication_role = replica; {sql}")).unwrap();
    }
}

#[test]
fn help_teaches_examples_and_exit_codes() {
    for name in ["verify", "heads", "inspect", "trail", "export", "migrate"] {
        let help = run(&[name, "--help"]).ends_with(0).out;
        let usage = format!("Usage: selene-store {name} ");
        let examples = format!("Examples:\n  selene-store {name} ");
        for part in [usage.as_str(), examples.as_str(), "Exit codes: 0 "] {
            assert!(help.contains(part), "{name} says no {part:?}: {help}");
        }
    }
    run(&[""; 0]).ends_with(2);
    run(&["verify"]).ends_with(2).says("<ADDRESS>");
    run(&["verify", "host=h", "--public-key", "b"]).ends_with(2).says("--heads");
}

#[test]
fn the_tables_of_a_database_are_made_by_their_owner() {
    let database = Database::without_schema();
    let (address, owner) = (database.address(), database.owner_address());
    run(&["verify", &address])
        .ends_with(3)
        .says("schema version 0")
        .says("selene-store migrate ADDRESS --role ROLE");
    run(&["migrate", &owner]).ends_with(2).says("--role");
    run(&["migrate", "a.db", "--role", "selene_test"]).ends_with(2).says("a.db is a file");
    run(&["migrate", &owner, "--role", "selene_test_owner"]).ends_with(3).says("nothing was changed");
    run(&["migrate", &owner, "--role", "nobody"]).ends_with(3).says("a role that is there");
    let made = run(&["migrate", &owner, "--role", "selene_test"]).ends_with(0);
    let done = format!("database {} went from schema version 0 to ", database.name());
    assert!(made.out.starts_with(&done), "{}", made.out);
    let again = run(&["migrate", &owner, "--role", "selene_test", "--format", "json"]).ends_with(0).json();
    assert_eq!((&again["role"], &again["from"]), (&"selene_test".into(), &again["to"]));
    run(&["verify", &address]).ends_with(0).says("intact");
}

#[test]
fn an_intact_database_is_reported_as_an_intact_file() {
    let scene = Scene::new();
    let run = scene.on("verify", &[]).ends_with(0);
    let verdict = format!("database {}: intact\n  chains  2 chains, 3 events\n", scene.database.name());
    assert!(run.out.starts_with(&verdict), "{}", run.out);
    let run = run.says("  heads   none given: newest events that were cut off are not found");
    assert_eq!(run.err, "");
    let document = scene.on("verify", &["--format", "json"]).ends_with(0).json();
    assert_eq!(document["is_intact"], true);
    let keys: Vec<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["chains", "file", "folds", "heads", "is_intact", "pages", "rows"]);
    // A server looks after its pages by itself.
    assert_eq!(document["pages"]["is_checked"], false);
}

#[test]
fn a_row_that_was_changed_is_listed() {
    let scene = Scene::new();
    scene.tamper("UPDATE identities SET status = 'DISABLED' WHERE user_id = 'bob'");
    let run = scene.on("verify", &[]).ends_with(1).says("NOT INTACT, ");
    run.says("    - identities (bob): ");
    let document = scene.on("verify", &["--format", "json"]).ends_with(1).json();
    assert_eq!(document["is_intact"], false);
}

/// As after a failover: every chain is whole, and one of them is shorter.
#[test]
fn an_end_that_is_gone_is_found_by_heads_and_only_by_them() {
    let scene = Scene::new();
    let kept = scene.on("heads", &[]).ends_with(0).out;
    assert!(kept.starts_with("{\"format\":\"selene.heads.v1\",\"heads\":2}\n"), "{kept}");
    let heads = scene.file("heads.jsonl", &kept);
    scene.on("verify", &["--heads", &heads]).ends_with(0).says("2 saved heads, not signed");
    scene.tamper(
        "DELETE FROM idempotency_records WHERE chain_id = 'acme' AND chain_sequence = 2;
         DELETE FROM audit_events WHERE chain_id = 'acme' AND chain_sequence = 2;
         DELETE FROM identities WHERE user_id = 'bob'",
    );
    scene.on("verify", &[]).ends_with(0);
    scene.on("verify", &["--heads", &heads]).ends_with(1).says("NOT INTACT, 1 fault").says("acme");
}

#[test]
fn heads_are_signed_and_their_signature_is_looked_at() {
    let scene = Scene::new();
    let (key, public) = (scene.file("key.pem", PRIVATE), scene.file("public.pem", ""));
    let kept = scene.on("heads", &["--sign", &key]).ends_with(0).out;
    let heads = scene.file("heads.jsonl", &kept);
    scene.on("verify", &["--heads", &heads]).ends_with(0).says("their signature was not looked at");
    let mut openssl = Command::new("openssl");
    openssl.args(["pkey", "-in", &key, "-pubout", "-out", &public]);
    assert!(openssl.status().expect("openssl is installed").success());
    let proven = ["--heads", &heads, "--public-key", &public];
    scene.on("verify", &proven).ends_with(0).says("2 saved heads, signed by the key");
    let others = scene.file("others.jsonl", &kept.replace("\"sequence\":2", "\"sequence\":1"));
    let exchanged = ["--heads", &others, "--public-key", &public];
    scene.on("verify", &exchanged).ends_with(3).says("the heads are not what this key signed");
}

/// With `--wait 0` a command gives up at once and says how to wait longer; with more it waits until it is its turn.
#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_hides_no_fault_and_makes_no_heads_or_export() {
    let scene = Scene::new();
    let ends = |name: &str, is_full: bool| {
        let address = scene.database.address();
        let mut command = command(&[name, &address]);
        if is_full {
            command.stdout(std::fs::File::options().write(true).open("/dev/full").unwrap());
        } else {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            command.stdout(writer);
        }
        command.output().unwrap().status.code()
    };
    let codes = |name| (ends(name, false), ends(name, true));
    for name in ["verify", "inspect"] {
        assert_eq!(codes(name), (Some(0), Some(3)), "{name}");
    }
    for name in ["heads", "export"] {
        assert_eq!(codes(name), (Some(3), Some(3)), "{name}");
    }
    scene.tamper("UPDATE selene.identities SET primary_language = 'fr' WHERE user_id = 'ann'");
    assert_eq!(codes("verify"), (Some(1), Some(1)));
}

#[test]
fn a_database_that_another_program_has_locked_is_waited_for_as_long_as_it_is_said() {
    let scene = Scene::new();
    let holder = Raw::open(&scene.database.superuser_address()).unwrap();
    holder.run("BEGIN; LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE").unwrap();
    for name in ["verify", "heads"] {
        for (seconds, more) in [("0", 0), ("1", 1)] {
            let began = Instant::now();
            let run = scene.on(name, &["--wait", seconds]).ends_with(3).says("wait longer with --wait");
            assert!(run.out.is_empty(), "{}", run.out);
            let took = began.elapsed();
            assert!(took >= Duration::from_secs(more), "{name} {seconds}: {took:?}");
        }
    }
    let words = ["verify", &scene.database.address(), "--wait", "60"];
    let mut waits = command(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let waiting = format!(
        "SELECT pid::text FROM pg_stat_activity WHERE datname = '{}' AND wait_event_type = 'Lock'",
        scene.database.name()
    );
    while scene.database.raw().texts(&waiting).unwrap().is_empty() {
        assert_eq!(waits.try_wait().unwrap(), None, "it has not waited");
    }
    holder.run("ROLLBACK").unwrap();
    Run::of(&waits.wait_with_output().unwrap()).ends_with(0);
}

#[test]
fn what_a_database_holds_is_shown_as_that_of_a_file() {
    let scene = Scene::new();
    let shown = scene.on("inspect", &["--format", "json"]).ends_with(0).json();
    let raw = scene.database.raw();
    let tables = shown["tables"].as_array().unwrap();
    let known = raw.texts("SELECT tablename FROM pg_tables WHERE schemaname = 'selene'").unwrap();
    assert_eq!(tables.len(), known.len());
    for (table, bytes) in tables.iter().zip(shown["table_bytes"].as_array().unwrap()) {
        let name = table["table"].as_str().unwrap();
        assert!(known.iter().any(|known| known == name), "{name}");
        let counted = raw.texts(&format!("SELECT count(*)::text FROM selene.{name}")).unwrap();
        assert_eq!(table["rows"].to_string(), counted[0], "{name}");
        assert_eq!(table["is_ledger"], selene_storage::backend::ledgers().contains(&name), "{name}");
        let measured = raw.texts(&format!("SELECT pg_total_relation_size('selene.{name}')::text")).unwrap();
        assert_eq!(bytes.to_string(), measured[0], "{name}");
    }
    assert_eq!(shown["chains"], 2);
    assert_eq!(
        shown["schema_version"].to_string(),
        raw.texts("SELECT max(version)::text FROM selene.schema_versions").unwrap()[0]
    );
    assert!(shown["database_bytes"].as_u64().unwrap() > 1_000_000);
    // All calls were at one time, so chain and place decide.
    assert_eq!(
        (&shown["oldest_event"]["tenant_id"], &shown["oldest_event"]["chain_sequence"]),
        (&"acme".into(), &1.into())
    );
    assert_eq!(
        (&shown["newest_event"]["tenant_id"], &shown["newest_event"]["chain_sequence"]),
        (&"zoo".into(), &1.into())
    );
    let text = scene.on("inspect", &[]).ends_with(0).says("  chains    2 chains\n").says("fsync on").out;
    let row = text.lines().find(|line| line.contains("audit_events")).unwrap();
    let row: Vec<&str> = row.split_whitespace().collect();
    assert_eq!((row[0], row[1], row[4]), ("audit_events", "3", "ledger"), "{row:?}");
}

#[test]
fn a_trail_is_shown_as_that_of_a_file() {
    let scene = Scene::new();
    let of_tenant = scene.on("trail", &["--tenant", "acme"]).ends_with(0);
    let lines: Vec<&str> = of_tenant.out.lines().collect();
    assert_eq!(lines[0], "2 events");
    assert!(lines[2].contains("engine") && lines[2].contains("user"), "{}", of_tenant.out);
    assert!(of_tenant.out.contains("bob") && !of_tenant.out.contains("cleo"), "{}", of_tenant.out);
    let cut = scene.on("trail", &["--correlation", "1", "--limit", "2"]).ends_with(0).says("--limit 20");
    assert!(cut.out.starts_with("2 events\n"), "{}", cut.out);
    let of_person = scene.on("trail", &["--user", "cleo", "--format", "json"]).ends_with(0).json();
    assert_eq!((of_person["user_id"].as_str(), of_person["tenant_id"].as_str()), (Some("cleo"), Some("zoo")));
    scene.on("trail", &["--device", "none"]).ends_with(0).says("0 events");
    scene.on("trail", &[]).ends_with(2).says("--correlation");
    scene.tamper(
        "UPDATE audit_events SET reason_code = 'NO_SUCH_CODE' WHERE chain_id = 'acme' AND chain_sequence = 2",
    );
    let broken = scene.on("trail", &["--tenant", "acme"]).ends_with(1);
    let broken = broken.says("chain acme, event 2: ").says("audit_events.reason_code").says("help: ");
    assert!(broken.out.starts_with("1 event\n"), "what comes before it is shown: {}", broken.out);
}

#[test]
fn an_export_is_verified_without_the_server() {
    let scene = Scene::new();
    let heads = scene.file("heads.jsonl", &scene.on("heads", &[]).ends_with(0).out);
    let whole = scene.on("export", &[]).ends_with(0).says("2 chains, 3 events, 3 ledger rows");
    let found = verify_export(whole.out.as_bytes(), &[]).unwrap();
    assert!(found.is_intact() && found.events == 3, "{found:?}");
    let of_tenant = scene.on("export", &["--tenant", "zoo"]).ends_with(0).out;
    assert!(of_tenant.contains("cleo") && !of_tenant.contains("bob"), "{of_tenant}");
    scene.person("dora", "zoo");
    let since = scene.on("export", &["--from", &heads]).ends_with(0).says("1 event, 1 ledger row");
    assert!(since.out.contains("dora") && !since.out.contains("cleo"), "{}", since.out);
    scene.tamper("DELETE FROM idempotency_records WHERE chain_id = 'acme' AND chain_sequence = 2");
    scene.on("export", &[]).ends_with(1).says("idempotency_records (acme, 2) is missing").says("help: ");
}

#[test]
fn what_cannot_be_read_says_why() {
    let scene = Scene::new();
    run(&["verify", "selene.db"]).ends_with(2).says("selene.db is a file");
    run(&["heads", "host=db.example.org dbname=d"]).ends_with(3).says("help: add ?sslmode=verify-full");
    let superuser = scene.database.superuser_address();
    run(&["verify", &superuser]).ends_with(3).says("help: name the role of the stores");
    let nowhere = "postgres://u:secret@localhost:1/nowhere";
    let run = run(&["heads", nowhere]).ends_with(3).says("database nowhere: ").says("help: look whether");
    assert!(!run.err.contains("secret") && run.out.is_empty(), "{}", run.err);
    let wrong = scene.file("wrong.jsonl", "{}\n");
    scene.on("verify", &["--heads", &wrong]).ends_with(3).says("wrong.jsonl:1:");
}

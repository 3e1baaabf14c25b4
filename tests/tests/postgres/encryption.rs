//! Encrypted connections: made where the address asks for it, and never with a server that is not who it should be.

use std::fs;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use selene_acceptance::{context, server_programs, unprivileged_user};
use selene_contracts::ph1_f::{IdentityStatus, Ph1fFoundationRepo as _, Ph1fIdentityInsertRow};
use selene_storage_postgres::test_support::Raw;
use selene_storage_postgres::{OpenError, PostgresStore, migrate};

/// A server that takes encrypted connections alone, but for the role that may do everything, on its socket.
struct Encrypted {
    folder: tempfile::TempDir,
    port: u16,
    server: Child,
}

impl Drop for Encrypted {
    fn drop(&mut self) {
        // A server that is gone already is what is wanted.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A program that runs as the user of the server.
fn as_user(program: impl AsRef<Path>, folder: &Path) -> Command {
    let mut command = Command::new(program.as_ref());
    command.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some((uid, gid)) = unprivileged_user() {
        command.uid(uid).gid(gid);
    }
    command
}

fn done(mut command: Command) {
    assert!(command.status().expect("a program runs").success(), "{command:?}");
}

/// A certificate for this name that signs itself, and its key.
fn certify(folder: &Path, name: &str) -> PathBuf {
    let certificate = folder.join(format!("{name}.pem"));
    let mut openssl = as_user("openssl", folder);
    openssl
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", &format!("/CN={name}"), "-addext", &format!("subjectAltName=DNS:{name}")])
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", &format!("{name}.key")])
        .arg("-out")
        .arg(&certificate);
    done(openssl);
    certificate
}

impl Encrypted {
    fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("selene-").tempdir().expect("a temporary folder");
        let path = folder.path();
        if let Some((uid, gid)) = unprivileged_user() {
            std::os::unix::fs::chown(path, Some(uid), Some(gid)).expect("a folder may be given away");
        }
        certify(path, "localhost");
        let programs = server_programs().expect("PostgreSQL is installed");
        let mut initdb = as_user(programs.join("initdb"), path);
        initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        initdb.args(["--pgdata", "data"]);
        done(initdb);
        fs::write(
            path.join("data/pg_hba.conf"),
            "local all postgres trust\nhostssl all all 127.0.0.1/32 trust\n",
        )
        .expect("the rules can be written");
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let mut postgres = as_user(programs.join("postgres"), path);
        postgres.args(["-D", "data", "-c", "listen_addresses=127.0.0.1", "-c", "ssl=on"]);
        for (setting, value) in [
            ("port", port.to_string()),
            ("unix_socket_directories", path.display().to_string()),
            ("ssl_cert_file", path.join("localhost.pem").display().to_string()),
            ("ssl_key_file", path.join("localhost.key").display().to_string()),
        ] {
            postgres.args(["-c", &format!("{setting}={value}")]);
        }
        let server = postgres.spawn().expect("the server runs");
        let encrypted = Self { folder, port, server };
        let is_up = (0..200).any(|_| {
            thread::sleep(Duration::from_millis(50));
            Raw::open(&encrypted.on_its_socket()).is_ok()
        });
        assert!(is_up, "the server does not start");
        encrypted
    }

    fn on_its_socket(&self) -> String {
        format!("host={} port={} user=postgres dbname=postgres", self.folder.path().display(), self.port)
    }

    fn address(&self, role: &str, host: &str, rest: &str) -> String {
        format!("host={host} port={} user={role} dbname=selene {rest}", self.port)
    }
}

#[test]
fn a_store_reaches_a_server_whose_certificate_it_trusts_and_no_other() {
    let server = Encrypted::start();
    let raw = Raw::open(&server.on_its_socket()).unwrap();
    for statement in [
        "CREATE ROLE selene_owner LOGIN",
        "CREATE ROLE selene LOGIN",
        "CREATE DATABASE selene OWNER selene_owner ENCODING 'UTF8' TEMPLATE template0",
    ] {
        raw.run(statement).unwrap();
    }
    let trusted =
        format!("sslmode=verify-full sslrootcert={}", server.folder.path().join("localhost.pem").display());
    migrate(&server.address("selene_owner", "localhost", &trusted), "selene").unwrap();
    let store = PostgresStore::open(&server.address("selene", "localhost", &trusted)).unwrap();
    let input = Ph1fIdentityInsertRow {
        user_id: "ann".into(),
        speaker_id: None,
        primary_language: None,
        tenant_id: None,
        status: IdentityStatus::Active,
        idempotency_key: "ann".into(),
    };
    store.ph1f_identity_insert_row(&context(1), input).unwrap();
    let encrypted = "SELECT DISTINCT ssl::text FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'selene'";
    assert_eq!(raw.texts(encrypted).unwrap(), ["true"]);

    let other = certify(server.folder.path(), "other");
    for (host, rest, why) in [
        ("localhost", format!("sslmode=require sslrootcert={}", other.display()), "another root"),
        ("localhost", "sslmode=require".to_owned(), "the roots of the machine"),
        ("127.0.0.1", trusted, "another name than that of the certificate"),
        ("localhost", String::new(), "no encryption, which the server refuses"),
    ] {
        let refused = PostgresStore::open(&server.address("selene", host, &rest));
        assert!(matches!(refused, Err(OpenError::Connect(_))), "{why}");
    }
}

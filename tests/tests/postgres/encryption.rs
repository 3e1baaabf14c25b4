//! Encrypted connections: made where the address asks for it, and never with a server that is not who it should be.

use std::fs;
use std::net::Ipv4Addr;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use selene_acceptance::{Database, OwnServer, context, unprivileged_user};
use selene_contracts::ph1_f::Ph1fFoundationRepo as _;
use selene_storage::test_support::inputs;
use selene_storage_postgres::{OpenError, PostgresStore, migrate};

/// A server that takes encrypted connections alone, but for those on its socket.
struct Encrypted {
    server: OwnServer,
    database: Database,
    address: Ipv4Addr,
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
        // An address of this process alone, so that no other server has its port.
        let [_, high, middle, low] = std::process::id().to_be_bytes();
        let address = Ipv4Addr::new(127, 64 | high, middle, low);
        let server = OwnServer::with_options(&[&format!("listen_addresses={address}")]);
        let folder = server.folder();
        certify(folder, "localhost");
        fs::write(
            folder.join("data/pg_hba.conf"),
            "local all all trust\nhostssl all all 127.0.0.0/8 trust\n",
        )
        .expect("the rules can be written");
        let raw = server.raw();
        for (setting, value) in [
            ("ssl_cert_file", folder.join("localhost.pem").display().to_string()),
            ("ssl_key_file", folder.join("localhost.key").display().to_string()),
            ("ssl", "on".to_owned()),
        ] {
            raw.run(&format!("ALTER SYSTEM SET {setting} = '{value}'")).expect("the setting is known");
        }
        server.reload();
        let database = server.database();
        Self { server, database, address }
    }

    /// Where a role finds the server by one of its names, and what else the address says.
    fn address(&self, role: &str, host: &str, rest: &str) -> String {
        let (address, name) = (self.address, self.database.name());
        format!("host={host} hostaddr={address} user={role} dbname={name} {rest}")
    }
}

#[test]
fn a_store_reaches_a_server_whose_certificate_it_trusts_and_no_other() {
    let server = Encrypted::start();
    let root = server.server.folder().join("localhost.pem");
    let trusted = format!("sslmode=verify-full sslrootcert={}", root.display());
    migrate(&server.address("selene_test_owner", "localhost", &trusted), "selene_test").unwrap();
    let store = PostgresStore::open(&server.address("selene_test", "localhost", &trusted)).unwrap();
    let input = inputs::identity("ann", "ann");
    store.ph1f_identity_insert_row(&context(1), input).unwrap();
    let encrypted = "SELECT DISTINCT ssl::text FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'selene_test'";
    assert_eq!(server.database.raw().texts(encrypted).unwrap(), ["true"]);

    let other = certify(server.server.folder(), "other");
    for (host, rest, why) in [
        ("localhost", format!("sslmode=require sslrootcert={}", other.display()), "another root"),
        ("localhost", "sslmode=require".to_owned(), "the roots of the machine"),
        ("db.example.org", trusted, "another name than that of the certificate"),
        ("localhost", String::new(), "no encryption, which the server refuses"),
    ] {
        let refused = PostgresStore::open(&server.address("selene_test", host, &rest));
        assert!(matches!(refused, Err(OpenError::Connect(_))), "{why}");
    }
}

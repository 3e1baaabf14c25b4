//! Heads that are kept elsewhere, with and without a signature.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::{World, device, identity, populate, profile};
use crate::program::{keep, on, run, text};
use selene_contracts::ph1_persona::Ph1PersonaRepo as _;

/// A pair of keys that OpenSSL 3 made, and the public half of another pair.
const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJKe9D4xYLvX0YsERRHdqXrnIGShCLzNxFaoQn1hNJcd
-----END PRIVATE KEY-----
";

/// A store with two chains, and a folder with keys.
struct Scene {
    world: World,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let (world, folder) = (World::new(), tempfile::tempdir().unwrap());
        let store = world.open();
        populate(&store);
        device(&store, "watch", "ada", Some("acme")).unwrap();
        store.ph1persona_profile_commit_row(&crate::common::context(3), persona()).unwrap();
        std::fs::write(folder.path().join("key.pem"), PRIVATE).unwrap();
        Self { world, folder }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn verify(&self, more: &[&str]) -> crate::program::Run {
        on("verify", &self.world.path(), more)
    }
}

fn persona() -> selene_contracts::ph1_persona::Ph1personaProfileCommitRow {
    selene_contracts::ph1_persona::Ph1personaProfileCommitRow {
        device_id: "watch".into(),
        ..profile("acme", "k")
    }
}

/// The public half of a private key, by OpenSSL; nothing where that is not installed.
fn public(key: &Path, to: &Path) -> bool {
    let made = Command::new("openssl").args(["pkey", "-in", text(key), "-pubout", "-out", text(to)]).status();
    made.is_ok_and(|status| status.success())
}

#[test]
fn a_chain_whose_end_was_cut_off_is_found_by_heads_and_only_by_them() {
    let scene = Scene::new();
    let heads = scene.at("heads.jsonl");
    keep("heads", &scene.world.path(), &[], &heads);
    let kept = std::fs::read_to_string(&heads).unwrap();
    let lines: Vec<&str> = kept.lines().collect();
    assert_eq!(lines[0], r#"{"format":"selene.heads.v1","heads":2}"#);
    assert!(lines[1].starts_with(r#"{"tenant_id":null,"sequence":"#), "{kept}");
    assert!(lines[2].starts_with(r#"{"tenant_id":"acme","sequence":"#), "{kept}");
    identity(&scene.world.open(), "carol").unwrap();
    scene.verify(&["--heads", text(&heads)]).ends_with(0).says("2 saved heads, not signed");
    // The chain without a tenant loses its newest events, and with them the rows that they wrote.
    scene.world.tamper(
        "DELETE FROM identities WHERE user_id = 'carol';
         DELETE FROM idempotency_records WHERE chain_id = 'acme' AND chain_sequence = 2;
         DELETE FROM audit_events WHERE chain_id = 'acme' AND chain_sequence = 2;
         DELETE FROM idempotency_records WHERE chain_id = '' AND chain_sequence >= 7;
         DELETE FROM audit_events WHERE chain_id = '' AND chain_sequence >= 7;",
    );
    scene.verify(&[]).ends_with(0).says("none given: newest events that were cut off are not found");
    scene
        .verify(&["--heads", text(&heads)])
        .ends_with(1)
        .says("chain acme, event 2: the chain ends before it, but a saved head lies beyond");
}

#[test]
fn signed_heads_are_taken_from_the_holder_of_the_key_alone() {
    let scene = Scene::new();
    let (key, public_key, heads) = (scene.at("key.pem"), scene.at("public.pem"), scene.at("heads.jsonl"));
    keep("heads", &scene.world.path(), &["--sign", text(&key)], &heads);
    scene.verify(&["--heads", text(&heads)]).ends_with(0).says("their signature was not looked at");
    let export = scene.at("export.jsonl");
    keep("export", &scene.world.path(), &[], &export);
    on("verify-export", &export, &["--heads", text(&heads)])
        .ends_with(0)
        .says("heads   2 saved heads; their signature was not looked at: give --public-key");
    if !public(&key, &public_key) {
        return;
    }
    let proven = ["--heads", text(&heads), "--public-key", text(&public_key)];
    scene.verify(&proven).ends_with(0).says("2 saved heads, signed by the key");
    let json = scene.verify(&[&proven[..], &["--format", "json"]].concat()).ends_with(0).json();
    let seen = serde_json::json!({"heads": 2, "is_signed": true, "is_proven": true});
    assert_eq!(json["heads"], seen);
    on("verify-export", &export, &proven).ends_with(0).says("heads   2 saved heads, signed by the key");
    let json = on("verify-export", &export, &[&proven[..], &["--format", "json"]].concat()).json();
    assert_eq!((&json["heads"], &json["compared_heads"]), (&seen, &2.into()));
    keep("export", &scene.world.path(), &["--tenant", "acme"], &export);
    on("verify-export", &export, &proven).ends_with(0).says("1 of them of events that are here");

    // OpenSSL finds the same, by what docs/FORMAT.md says of the bytes.
    let signed = std::fs::read_to_string(&heads).unwrap();
    let (body, last) = signed.trim_end().rsplit_once('\n').unwrap();
    let last: serde_json::Value = serde_json::from_str(last).unwrap();
    let digits = last["signature"]["value"].as_str().unwrap();
    let bytes = (0..64).map(|place| u8::from_str_radix(&digits[2 * place..2 * place + 2], 16).unwrap());
    std::fs::write(scene.at("body"), format!("{body}\n")).unwrap();
    std::fs::write(scene.at("signature"), bytes.collect::<Vec<_>>()).unwrap();
    let checked = Command::new("openssl")
        .args(["pkeyutl", "-verify", "-pubin", "-rawin", "-inkey", text(&public_key)])
        .args(["-in", text(&scene.at("body")), "-sigfile", text(&scene.at("signature"))])
        .output()
        .unwrap();
    assert!(checked.status.success(), "{checked:?}");

    // Whoever moves a head has to sign it, and has no key.
    std::fs::write(&heads, signed.replacen("\"sequence\":2", "\"sequence\":1", 1)).unwrap();
    scene.verify(&proven).ends_with(3).says("not what this key signed");
    let (unsigned, _) = signed.trim_end().rsplit_once('\n').unwrap();
    std::fs::write(&heads, format!("{unsigned}\n")).unwrap();
    scene.verify(&proven).ends_with(3).says("the heads are not signed");
    std::fs::write(&heads, &signed).unwrap();
    let other = scene.at("other.pem");
    let made =
        Command::new("openssl").args(["genpkey", "-algorithm", "ed25519", "-out", text(&other)]).status();
    assert!(made.unwrap().success() && public(&other, &public_key));
    scene.verify(&proven).ends_with(3).says("not what this key signed");
}

#[test]
fn a_file_that_holds_no_heads_is_refused_with_the_place() {
    let scene = Scene::new();
    let heads = scene.at("heads.jsonl");
    keep("heads", &scene.world.path(), &[], &heads);
    let whole = std::fs::read_to_string(&heads).unwrap();
    for (kept, place, what) in [
        (String::new(), ":1:1", "empty"),
        ("hello\n".to_owned(), ":1:1", "expected value"),
        (whole.replace("heads.v1", "heads.v9"), ":1:1", "selene.heads.v9"),
        (whole.replace("\"hash\"", "\"hush\""), ":2:", "missing field"),
        (whole.lines().take(2).collect::<Vec<_>>().join("\n") + "\n", ":3:1", "cut"),
        (whole.trim_end().to_owned(), ":3:1", "cut"),
        (format!("{whole}{{}}\n"), ":4:2", "signature"),
        ("[{\"tenant_id\":1}]".to_owned(), ":1:", "invalid type"),
    ] {
        std::fs::write(&heads, &kept).unwrap();
        let run = scene.verify(&["--heads", text(&heads)]).ends_with(3).says(what);
        assert!(
            run.err.contains(&format!("heads.jsonl{place}")) && run.err.contains("help: "),
            "{}",
            run.err
        );
    }
    // A list as a program of one's own writes it with the library.
    let list = serde_json::to_string(&scene.world.open().chain_heads().unwrap()).unwrap();
    std::fs::write(&heads, list).unwrap();
    scene.verify(&["--heads", text(&heads)]).ends_with(0).says("2 saved heads");
}

#[test]
fn a_key_that_is_none_is_refused_before_the_store_is_opened() {
    let scene = Scene::new();
    std::fs::write(scene.at("key.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
        .unwrap();
    let key = scene.at("key.pem");
    run(&["heads", "no-such-file", "--sign", text(&key)])
        .ends_with(3)
        .says("no private Ed25519 key")
        .says("openssl");
    let absent = scene.at("absent.pem");
    on("heads", &scene.world.path(), &["--sign", text(&absent)]).ends_with(3).says("absent.pem");
}

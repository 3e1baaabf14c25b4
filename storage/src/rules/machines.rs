//! The state machines that the rules run, written down in `storage/machines.json` for readers: the book draws its pictures from it.
//!
//! The file is held equal to the rules. `UPDATE_FIXTURES=1 cargo test -p selene-storage --lib machines` writes it.

use super::machine::Machine;
use super::{ph1_link, ph1_onb, ph1_voice_id, ph1_w};

/// Where the machines lie, below the crate.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/machines.json");

fn machines() -> Vec<Machine> {
    let mut machines = vec![ph1_w::tests::machine::machine(), ph1_voice_id::tests::machine::machine()];
    machines.extend(ph1_onb::tests::machine::machines());
    machines.push(ph1_link::tests::machine::machine());
    machines
}

#[test]
fn the_machines_that_are_written_down_are_those_of_the_rules() {
    let text = serde_json::to_string_pretty(&machines()).expect("machines are JSON") + "\n";
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        std::fs::write(FILE, text).expect("the file can be written");
        return;
    }
    let written = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        written == text,
        "storage/machines.json is not what the rules run; review it after \
         UPDATE_FIXTURES=1 cargo test -p selene-storage --lib machines"
    );
}

#[test]
fn every_machine_is_whole() {
    for machine in machines() {
        let title = machine.title;
        let is_state = |state: &&str| machine.states.contains(state);
        assert!(machine.moves.iter().any(|one| one.from.is_none()), "{title} begins somewhere");
        for one in &machine.moves {
            assert!(one.from.iter().all(is_state) && one.to.iter().all(is_state), "{title}: {one:?}");
        }
        for (place, one) in machine.moves.iter().enumerate() {
            assert!(!machine.moves[..place].contains(one), "{title}: twice {one:?}");
        }
    }
}

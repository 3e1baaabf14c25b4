//! Which mutants stand in the contracts at the same time, and which of them a failure is put down to.
//!
//! The rule: a failure names its place, such as `ph1_w::ph1w_enroll_start_draft_row::input::pass_target` or
//! `wake_profile_bindings.user_id`. What is tried at a place leans on nothing that another mutant of the round changes:
//!
//! - a promise of a part of a capability (a field, a key, an entry of its event) leans on who may call it and on the codes that it takes,
//!   so mutants of these (`WHOLE`) have rounds of their own, with one mutant for each capability;
//! - calls use values inside of all bounds, so they pass with any one bound moved;
//! - types, codes and classes of refusals are tried by themselves, and changed in rounds of their own kinds;
//! - a column is tried within its table, so what is about a table as a whole has rounds of its own too;
//! - what is promised of the tables of an engine is one place, so of these one mutant stands in a contract.
//!
//! A failure at a place that belongs to no mutant of the round contradicts this. Then no mutant of its contract is put down as noticed.

use std::collections::{BTreeMap, BTreeSet};

use crate::mutate::Mutant;

/// Operators whose mutants change what all tests of a capability or of a table lean on.
const WHOLE: [&str; 12] = [
    "caller-dropped",
    "caller-added",
    "gate-dropped",
    "gate-added",
    "class-dropped",
    "own-step-dropped",
    "truth-type-flipped",
    "primary-key-part-dropped",
    "unique-key-dropped",
    "condition-dropped",
    "counter-dropped",
    "unique-where-dropped",
];

/// Mutants that may stand in the contracts at the same time.
pub(super) struct Kind {
    is_of: fn(&Mutant) -> bool,
    /// What at most one of them may change in a round, as failures name it.
    site: fn(&Mutant) -> String,
    /// Whether a failure elsewhere may follow from what is changed here: capabilities take types and codes.
    spreads: bool,
}

fn is_whole(mutant: &Mutant) -> bool {
    WHOLE.contains(&mutant.operator())
}

fn first(mutant: &Mutant) -> &str {
    &mutant.item()[0]
}

/// Whether tests of the schema are about it.
pub(super) fn is_of_schema(mutant: &Mutant) -> bool {
    ["tables", "relations"].contains(&first(mutant))
}

/// Rounds of the schema: parts of tables, then tables.
pub(super) const SCHEMA_KINDS: [Kind; 2] = [
    Kind { is_of: |mutant| first(mutant) == "tables" && !is_whole(mutant), site: place, spreads: false },
    Kind { is_of: |mutant| first(mutant) == "tables" && is_whole(mutant), site: place, spreads: false },
];

/// Rounds of promises.
pub(super) const PROMISE_KINDS: [Kind; 6] = [
    Kind {
        is_of: |mutant| first(mutant) == "capabilities" && !is_whole(mutant),
        site: place,
        spreads: false,
    },
    Kind { is_of: |mutant| first(mutant) == "capabilities" && is_whole(mutant), site: place, spreads: false },
    Kind { is_of: |mutant| first(mutant) == "types", site: place, spreads: true },
    Kind { is_of: |mutant| first(mutant) == "reason_codes", site: place, spreads: true },
    Kind { is_of: |mutant| first(mutant) == "refusals", site: place, spreads: true },
    Kind {
        is_of: |mutant| first(mutant) == "tables",
        site: |mutant| format!("{}::tables", mutant.file()),
        spreads: false,
    },
];

/// Mutants that can stand in the same contracts at all.
pub(super) const ANY: Kind = Kind {
    is_of: |_| true,
    // Some mutants name entries of lists by their number, so there is one for each capability, table and type.
    site: |mutant| {
        let parts = if first(mutant) == "relations" { 3 } else { 2 };
        format!("{}/{}", mutant.engine(), mutant.item()[..parts].join("/"))
    },
    spreads: true,
};

/// Mutants of a kind by rounds of at most so many: in each, at most one of each site.
pub(super) fn of<'m>(kind: &Kind, tried: &[&'m Mutant], most: usize) -> Vec<Vec<&'m Mutant>> {
    let mut rounds: Vec<Vec<&Mutant>> = Vec::new();
    let mut placed: BTreeMap<String, usize> = BTreeMap::new();
    for mutant in tried.iter().filter(|mutant| (kind.is_of)(mutant)) {
        let round = placed.entry((kind.site)(mutant)).or_default();
        if rounds.len() == *round {
            rounds.push(Vec::new());
        }
        rounds[*round].push(mutant);
        *round += 1;
    }
    rounds.iter().flat_map(|round| round.chunks(most).map(<[_]>::to_vec)).collect()
}

/// The place that failures name when a test notices a mutant.
fn place(mutant: &Mutant) -> String {
    let (item, part) = (mutant.item(), mutant.part());
    let parts: Vec<&str> = item[1..].iter().map(String::as_str).collect();
    if first(mutant) == "tables" {
        let table = parts[0].rsplit('.').next().unwrap_or(parts[0]);
        return match (is_whole(mutant), part.or(parts.get(2).copied())) {
            (false, Some(column)) => format!("{table}.{column}"),
            _ => table.to_owned(),
        };
    }
    let below = match first(mutant) {
        "capabilities" => of_capability(mutant, &parts, part),
        "reason_codes" => format!("codes::{}", parts[0]),
        kind => format!("{kind}::{}", parts[0]),
    };
    format!("{}::{below}", mutant.file())
}

fn of_capability(mutant: &Mutant, parts: &[&str], part: Option<&str>) -> String {
    let capability = parts[0].to_lowercase();
    match (is_whole(mutant), parts[1]) {
        (true, _) => capability,
        (_, "dedupe") => format!("{capability}::key"),
        (_, "read_scope") => format!("{capability}::scope"),
        (_, "audit") => format!("{capability}::event::{}", part.unwrap_or_default()),
        _ => format!("{capability}::{}", parts[1..].join("::")),
    }
}

/// Whether a failure lies at a place or below it.
fn is_at(failure: &str, place: &str) -> bool {
    failure.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '.']))
}

/// The contract or the table that a failure names.
fn owner(place: &str) -> &str {
    place.split([':', '.']).next().unwrap_or(place)
}

/// The mutants of a round that tests noticed, each with the first failure at its place.
pub(super) fn noticed<'m>(kind: &Kind, round: &[&'m Mutant], failed: &[String]) -> Vec<(&'m Mutant, String)> {
    let places: Vec<String> = round.iter().map(|mutant| (kind.site)(mutant)).collect();
    let is_strange = |failure: &&String| !kind.spreads && !places.iter().any(|place| is_at(failure, place));
    let strange: BTreeSet<&str> = failed.iter().filter(is_strange).map(|failure| owner(failure)).collect();
    let mutants = round.iter().zip(&places).filter(|(_, place)| !strange.contains(owner(place)));
    let first = |place: &str| failed.iter().find(|failure| is_at(failure, place)).cloned();
    mutants.filter_map(|(mutant, place)| Some((*mutant, first(place)?))).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::mutate::mutants;
    use crate::pipeline;

    fn all() -> Vec<Mutant> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ten_engines");
        mutants(&pipeline::run(&folder.join("specs"), &folder.join("generated")).resolved)
    }

    fn found<'m>(all: &'m [Mutant], ids: &[&str]) -> Vec<&'m Mutant> {
        let found: Vec<&Mutant> = all.iter().filter(|mutant| ids.contains(&mutant.id().as_str())).collect();
        assert_eq!(found.len(), ids.len());
        found
    }

    fn put_down(kind: &Kind, round: &[&Mutant], failed: &[&str]) -> Vec<String> {
        let failed: Vec<String> = failed.iter().map(|failure| (*failure).to_owned()).collect();
        noticed(kind, round, &failed).into_iter().map(|(mutant, _)| mutant.operator().to_owned()).collect()
    }

    const TARGET: &str =
        "PH1.W/range-low-up/capabilities/PH1W_ENROLL_START_DRAFT_ROW/input/pass_target: 3..=8 becomes 4..=8";
    const FIELD: &str =
        "PH1.W/event-field-dropped/capabilities/PH1W_ENROLL_START_DRAFT_ROW/audit: without user_id";
    const START: &str = "ph1_w::ph1w_enroll_start_draft_row";

    #[test]
    fn every_mutant_is_in_one_round_and_shares_its_place_with_no_other_one_there() {
        let all = all();
        let all: Vec<&Mutant> = all.iter().collect();
        let mut in_rounds = 0;
        for kind in SCHEMA_KINDS.iter().chain(&PROMISE_KINDS[..5]) {
            for round in of(kind, &all, usize::MAX) {
                let places: BTreeSet<String> = round.iter().map(|mutant| (kind.site)(mutant)).collect();
                assert_eq!(places.len(), round.len(), "{places:?}");
                in_rounds += round.len();
            }
        }
        let relations = all.iter().filter(|mutant| first(mutant) == "relations").count();
        assert_eq!(in_rounds + relations, all.len());
        assert!(of(&ANY, &all, 16).iter().all(|group| group.len() <= 16));
    }

    #[test]
    fn a_failure_is_put_down_to_the_mutant_at_its_place() {
        let all = all();
        let round = found(&all, &[TARGET, FIELD]);
        let of_target = format!("{START}::input::pass_target");
        assert_eq!(put_down(&PROMISE_KINDS[0], &round, &[&of_target]), ["range-low-up"]);
        let of_field = format!("{START}::event::fields::user_id");
        assert_eq!(put_down(&PROMISE_KINDS[0], &round, &[&of_target, &of_field]).len(), 2);
        assert_eq!(put_down(&PROMISE_KINDS[0], &round, &[]), [""; 0]);
    }

    #[test]
    fn a_failure_that_no_mutant_explains_leaves_its_contract_undecided() {
        let all = all();
        let round = found(&all, &[TARGET]);
        let here = format!("{START}::input::pass_target");
        for strange in [format!("{START}::input::pass_targets"), format!("{START}::callers")] {
            assert_eq!(put_down(&PROMISE_KINDS[0], &round, &[&here, &strange]), [""; 0], "{strange}");
        }
        let of_another_engine = "ph1_onb::ph1onb_session_row::callers";
        assert_eq!(put_down(&PROMISE_KINDS[0], &round, &[&here, of_another_engine]), ["range-low-up"]);
    }

    #[test]
    fn a_difference_of_the_schema_is_put_down_to_the_column_or_the_table() {
        let all = all();
        let is_of = |kind: &Kind, table: &str| {
            let mut of_kind = all.iter().filter(|mutant| first(mutant) == "tables" && (kind.is_of)(mutant));
            of_kind.find(|mutant| place(mutant).starts_with(table)).map(place).expect("a mutant")
        };
        assert!(is_of(&SCHEMA_KINDS[0], "wake_enrollment_sessions").contains('.'));
        assert_eq!(is_of(&SCHEMA_KINDS[1], "wake_enrollment_sessions"), "wake_enrollment_sessions");
        assert!(is_at("wake_enrollment_sessions.user_id", "wake_enrollment_sessions"));
        assert!(!is_at("wake_enrollment_sessions", "wake_enrollment"));
    }
}

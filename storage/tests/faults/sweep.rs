//! One scene over and over: each time another operation on its files breaks, until none is left to break.

use std::ops::RangeInclusive;
use std::path::Path;

use crate::layer::control::{BROKEN, FULL};
use crate::layer::{Bed, EVERY_KIND, Fault, Kind, Way};
use crate::proof::{self, Numbers};

/// What is done while files break.
pub trait Scene {
    /// What stands before anything breaks: an open store for instance.
    type Before;
    /// What was answered meanwhile.
    type After;

    /// Pairs of faults that are tried each time, because chance meets them too rarely.
    fn pairs(&self) -> Vec<[Fault; 2]> {
        for_ever_and_once(Kind::Sync, Kind::Open, 1..=6)
    }

    /// Makes the files in an empty folder.
    fn begin(&self, folder: &Path) -> Self::Before;

    /// Works while operations break.
    fn act(&self, folder: &Path, before: Self::Before) -> Self::After;

    /// Nothing breaks any more: all that must hold does. `is_whole` says that nothing broke.
    fn check(&self, folder: &Path, after: Self::After, is_whole: bool);
}

/// Places of a fault that a sample tries, of each way.
const SAMPLE: u64 = 2;
/// Pairs of faults that a sample tries.
const SAMPLE_OF_PAIRS: usize = 4;
/// Pairs of faults that are tried where everything is.
const ALL_PAIRS: usize = 300;

/// The ways in which operations of a kind break: what becomes of one, the error, and whether all later ones break too.
fn ways(kind: Kind) -> Vec<(Way, u64, bool)> {
    let mut ways = vec![(Way::Fail, BROKEN, false), (Way::Fail, BROKEN, true)];
    if matches!(kind, Kind::Open | Kind::Write | Kind::Sync | Kind::Truncate | Kind::Map) {
        ways.extend([(Way::Fail, FULL, false), (Way::Fail, FULL, true)]);
    }
    if kind == Kind::Write {
        ways.extend([(Way::Tear, BROKEN, false), (Way::Tear, FULL, true)]);
    }
    if matches!(kind, Kind::Read | Kind::Write) {
        ways.push((Way::Shorten, 0, true));
    }
    ways
}

/// Breaks one operation of a scene after the other, then two at once, and says how many broke.
pub fn sweep(name: &str, scene: &impl Scene) {
    let Some(bed) = Bed::of_child() else { return };
    let mut broken = 0;
    let mut runs = 0;
    let mut counts = Vec::new();
    for kind in EVERY_KIND {
        let asked = count(&bed, scene, kind);
        counts.push((kind, asked));
        for (way, error, is_lasting) in ways(kind) {
            let mut did = None;
            for first in places(asked) {
                let last = if is_lasting { u64::MAX } else { first };
                let fault = Fault { kind, way, error, first, last };
                did = Some(run(&bed, scene, &[fault]));
                runs += 1;
                broken += did.unwrap_or_default();
                if did == Some(0) && first > asked {
                    break;
                }
            }
            // Every place was tried only where the last one lies behind the end.
            assert!(!proof::is_whole() || did == Some(0), "{name}: {kind:?} {way:?} goes on breaking");
        }
    }
    for number in 0..if proof::is_whole() { ALL_PAIRS } else { SAMPLE_OF_PAIRS } {
        let mut numbers = Numbers::of(format!("{name} {number}"));
        broken += run(&bed, scene, &[any(&mut numbers, &counts), any(&mut numbers, &counts)]);
        runs += 1;
    }
    for pair in scene.pairs() {
        broken += run(&bed, scene, &pair);
        runs += 1;
    }
    assert!(broken > 0, "{name}: nothing broke");
    let asked: Vec<String> = counts.iter().map(|(kind, count)| format!("{kind:?} {count}")).collect();
    println!("{name}: {runs} runs, {broken} operations broke; without a fault: {}", asked.join(", "));
}

/// How many operations of a kind a scene asks for where none breaks.
fn count(bed: &Bed, scene: &impl Scene, kind: Kind) -> u64 {
    let nothing = Fault { kind, way: Way::Fail, error: BROKEN, first: u64::MAX, last: u64::MAX };
    let folder = bed.new_folder();
    let before = scene.begin(&folder);
    bed.arm(&[nothing]);
    let after = scene.act(&folder, before);
    let tally = bed.disarm()[0];
    assert_eq!(tally.broken, 0);
    scene.check(&folder, after, true);
    tally.asked
}

/// The places that are tried: all of them up to a run in which nothing breaks, or some of them.
fn places(asked: u64) -> Vec<u64> {
    if proof::is_whole() || asked <= SAMPLE {
        // A run with a fault may ask for more than one without.
        return (1..=asked * 2 + 1).collect();
    }
    let mut numbers = Numbers::of(format!("places of {asked}"));
    (0..SAMPLE).map(|_| 1 + numbers.below(asked)).collect()
}

/// Every operation of one kind fails, and once one of another kind.
///
/// Where a connection is given up because syncs fail, and a file cannot be opened for writing at that moment, SQLite opens it for reading
/// and says nothing.
pub fn for_ever_and_once(lasting: Kind, passing: Kind, places: RangeInclusive<u64>) -> Vec<[Fault; 2]> {
    let lasting = Fault { kind: lasting, way: Way::Fail, error: BROKEN, first: 1, last: u64::MAX };
    places.map(|first| [lasting, Fault { kind: passing, first, last: first, ..lasting }]).collect()
}

/// A fault of any kind at any place.
fn any(numbers: &mut Numbers, counts: &[(Kind, u64)]) -> Fault {
    let asked: Vec<_> = counts.iter().filter(|(_, count)| *count > 0).collect();
    let (kind, count) = **numbers.pick(&asked);
    let (way, error, is_lasting) = *numbers.pick(&ways(kind));
    let first = 1 + numbers.below(count);
    Fault { kind, way, error, first, last: if is_lasting { u64::MAX } else { first } }
}

/// One run of a scene; how many operations broke.
fn run(bed: &Bed, scene: &impl Scene, faults: &[Fault]) -> u64 {
    let _on_panic = OnPanic(faults);
    let folder = bed.new_folder();
    let before = scene.begin(&folder);
    bed.arm(faults);
    let after = scene.act(&folder, before);
    let broken = bed.disarm().iter().map(|tally| tally.broken).sum();
    scene.check(&folder, after, broken == 0);
    broken
}

/// Says which faults a run had where it fails.
struct OnPanic<'a>(&'a [Fault]);

impl Drop for OnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("with {:?}", self.0);
        }
    }
}

//! Interleaved rounds: every contestant runs once in each, so that a slow moment of the machine hits all of them.

use std::time::{Duration, Instant};

/// One way to do the work; it does a slice of it and says how long one piece took.
pub struct Contestant<'a> {
    run: Box<dyn FnMut() -> Duration + 'a>,
    per_piece: Vec<f64>,
}

impl<'a> Contestant<'a> {
    /// `run` does `pieces` pieces of work and gives the time of all of them.
    pub fn new(pieces: usize, mut run: impl FnMut() -> Duration + 'a) -> Self {
        let pieces = u32::try_from(pieces).expect("a slice is small");
        let run = Box::new(move || run() / pieces);
        Self { run, per_piece: Vec::new() }
    }

    /// Nanoseconds of one piece, median of all rounds.
    pub fn nanoseconds(&self) -> f64 {
        median(self.per_piece.clone())
    }
}

/// Times a piece of work.
pub fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Runs all rounds, each from another start, after one round that does not count.
pub fn run(contestants: &mut [Contestant<'_>], rounds: usize) {
    for round in 0..=rounds {
        for offset in 0..contestants.len() {
            let index = (round + offset) % contestants.len();
            let contestant = &mut contestants[index];
            let nanoseconds = (contestant.run)().as_secs_f64() * 1e9;
            if round > 0 {
                contestant.per_piece.push(nanoseconds);
            }
        }
    }
}

/// How many times faster `one` is than `other`: the median of the ratios within each round.
pub fn speed(one: &Contestant<'_>, other: &Contestant<'_>) -> f64 {
    median(one.per_piece.iter().zip(&other.per_piece).map(|(one, other)| other / one).collect())
}

/// The value in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() % 2 {
        0 => f64::midpoint(values[middle - 1], values[middle]),
        _ => values[middle],
    }
}

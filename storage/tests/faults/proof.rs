//! How much is tried: a sample that a run of all tests has the time for, or all of it.

/// Where it is set, every place of a fault is tried, else a sample.
const PROOF: &str = "SELENE_PROOF";

/// Whether everything is tried.
pub fn is_whole() -> bool {
    std::env::var_os(PROOF).is_some()
}

/// Numbers that are the same in every run: one after the other by their seed.
pub struct Numbers {
    seed: String,
    count: u64,
}

impl Numbers {
    pub fn of(seed: impl Into<String>) -> Self {
        Self { seed: seed.into(), count: 0 }
    }

    /// The next number, below a bound that is not zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.count += 1;
        let digest = blake3::hash(format!("{} {}", self.seed, self.count).as_bytes());
        u64::from_be_bytes(*digest.as_bytes().first_chunk().unwrap()) % bound
    }

    /// Draws an element; `from` is not empty.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let place = self.below(u64::try_from(from.len()).unwrap());
        &from[usize::try_from(place).unwrap()]
    }
}

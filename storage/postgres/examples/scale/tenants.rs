//! Which tenant makes the next call.

/// How calls are spread over tenants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// All of them come from the first tenant.
    One,
    /// From all tenants alike.
    Even,
    /// From the tenant of rank r in proportion to 1/r: Zipf's law, as sizes of customers follow it.
    Skewed,
}

/// Ranks that are reported together, from the first to the one before the next class.
pub const CLASSES: [usize; 5] = [0, 1, 10, 100, 1_000];

impl Choice {
    pub const fn title(self) -> &'static str {
        match self {
            Self::One => "one tenant",
            Self::Even => "all tenants alike",
            Self::Skewed => "by Zipf's law",
        }
    }
}

/// The class of a tenant, by its rank from zero.
pub fn class_of(rank: usize) -> usize {
    CLASSES.iter().rposition(|first| *first <= rank).unwrap_or_default()
}

/// The ranks of a class, from one, in words; none where there are not so many tenants.
pub fn class_title(class: usize, tenants: usize) -> Option<String> {
    let first = CLASSES[class];
    let behind = CLASSES.get(class + 1).copied().unwrap_or(usize::MAX).min(tenants);
    match behind.checked_sub(first)? {
        0 => None,
        1 => Some(format!("{behind}")),
        _ => Some(format!("{} to {behind}", first + 1)),
    }
}

/// Chooses tenants; the same numbers give the same tenants.
pub struct Chooser {
    choice: Choice,
    tenants: usize,
    /// The sum of all shares up to each rank.
    shares: Vec<f64>,
}

impl Chooser {
    pub fn new(choice: Choice, tenants: usize) -> Self {
        let mut sum = 0.0;
        let shares = (0..tenants).map(|rank| {
            sum += 1.0 / (to_real(rank) + 1.0);
            sum
        });
        Self { choice, tenants, shares: shares.collect() }
    }

    /// The rank of the tenant of a call, from zero.
    pub fn tenant(&self, call: u64) -> usize {
        let part = part_of(call);
        match self.choice {
            Choice::One => 0,
            Choice::Even => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a rank of a tenant"
                )]
                let rank = (part * to_real(self.tenants)) as usize;
                rank.min(self.tenants - 1)
            }
            Choice::Skewed => {
                let wanted = part * self.shares.last().copied().unwrap_or_default();
                self.shares.partition_point(|share| *share < wanted).min(self.tenants - 1)
            }
        }
    }
}

/// A number from zero to one that looks random.
fn part_of(call: u64) -> f64 {
    let digest = blake3::hash(&call.to_be_bytes());
    let bytes = digest.as_bytes();
    let number = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    f64::from(number) / f64::from(u32::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "a number of tenants")]
fn to_real(number: usize) -> f64 {
    number as f64
}

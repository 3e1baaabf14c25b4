//! What differs from another revision, as a page shows it. Who compares is a command.

/// The changes between two revisions of the specs.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// What is compared with.
    pub against: String,
    /// How many changes there are, in a line.
    pub summary: String,
    /// How far the sides could be read.
    pub notes: Vec<String>,
    /// Every change, the gravest class first.
    pub changed: Vec<Changed>,
}

/// A change of a kind, and the items that it is about.
#[derive(Debug, Clone)]
pub struct Changed {
    /// The words of its class: `breaking for callers`.
    pub class: &'static str,
    /// Whether it breaks somebody.
    pub is_breaking: bool,
    /// `C0201`
    pub kind: &'static str,
    /// The remarks, each with the items that it is about.
    pub sentence: String,
    /// The names of the items.
    pub items: Vec<String>,
    /// What to do about it.
    pub to_do: &'static str,
    /// Why it is meant, where a line of the specs says so.
    pub acknowledged: Option<String>,
    /// The line before, with its place.
    pub old: Option<(String, String)>,
    /// The line now, with its place below the specs and its number.
    pub new: Option<(String, usize, String)>,
}

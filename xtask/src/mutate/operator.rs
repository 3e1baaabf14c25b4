//! What an operator is, and the mutants that it makes.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};
use std::rc::Rc;

use selene_codegen::yaml::YamlError;

use super::subject::Subject;

/// A kind of change.
#[derive(Debug, Clone, Copy)]
pub struct Operator {
    /// Its name, as in mutants' ids: `caller-dropped`.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub purpose: &'static str,
    find: fn(&Subject) -> Vec<Edit>,
}

impl Operator {
    pub(super) const fn new(
        name: &'static str,
        purpose: &'static str,
        find: fn(&Subject) -> Vec<Edit>,
    ) -> Self {
        Self { name, purpose, find }
    }

    /// Its mutants of one contract, in the contract's order.
    pub(super) fn mutants(&self, subject: &Rc<Subject>) -> Vec<Mutant> {
        let mutant = |edit| Mutant { operator: self.name, edit, subject: Rc::clone(subject) };
        (self.find)(subject).into_iter().map(mutant).collect()
    }
}

/// One change that an operator could make.
pub(super) struct Edit {
    item: Vec<String>,
    /// Which part of the item, where it has several.
    part: Option<String>,
    change: String,
    apply: Box<dyn FnOnce(&mut Subject)>,
}

impl Edit {
    /// A change of an item: its path in the contract, and the change in a few words.
    pub(super) fn new(
        item: Vec<String>,
        change: impl Into<String>,
        apply: impl FnOnce(&mut Subject) + 'static,
    ) -> Self {
        Self { item, part: None, change: change.into(), apply: Box::new(apply) }
    }

    /// Says which part of the item is changed.
    pub(super) fn of(self, part: impl Into<String>) -> Self {
        Self { part: Some(part.into()), ..self }
    }
}

impl Debug for Edit {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.item.join(" / "), self.change)
    }
}

/// A contract in which one constraint is changed. The change is made when the text is asked for.
#[derive(Debug)]
pub struct Mutant {
    operator: &'static str,
    edit: Edit,
    subject: Rc<Subject>,
}

impl Mutant {
    /// Names it as long as the constraint stands: `PH1.W/range-low-up/capabilities/PH1W_…/input/pass_target: 3..=8 becomes 4..=8`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}/{}/{}: {}", self.engine(), self.operator, self.edit.item.join("/"), self.edit.change)
    }

    /// The name of its operator.
    #[must_use]
    pub const fn operator(&self) -> &'static str {
        self.operator
    }

    /// The path of what is changed, as places of a contract are named: `capabilities`, `PH1W_…`, `input`, `pass_target`.
    #[must_use]
    pub fn item(&self) -> &[String] {
        &self.edit.item
    }

    /// `PH1.W`, or `shared`.
    #[must_use]
    pub fn engine(&self) -> &str {
        self.subject.name()
    }

    /// The name of the contract's file without extension: `ph1_w`.
    #[must_use]
    pub fn file(&self) -> String {
        self.subject.file()
    }

    /// Which part of the item is changed, where it has several: a payload key, a column.
    #[must_use]
    pub fn part(&self) -> Option<&str> {
        self.edit.part.as_deref()
    }

    /// The text of the changed contract, without the comment at the head of the file.
    ///
    /// # Errors
    /// It holds something that YAML cannot express.
    pub fn into_text(self) -> Result<String, YamlError> {
        let mut changed = Subject::clone(&self.subject);
        (self.edit.apply)(&mut changed);
        changed.text()
    }
}

/// The texts of contracts with several mutants in them, by the names of their files without extension. No two of the mutants may
/// change the same part of the same item.
///
/// # Errors
/// A contract holds something that YAML cannot express.
pub fn texts(mutants: Vec<Mutant>) -> Result<BTreeMap<String, String>, YamlError> {
    let mut changed: BTreeMap<String, Subject> = BTreeMap::new();
    for mutant in mutants {
        let subject = changed.entry(mutant.file()).or_insert_with(|| Subject::clone(&mutant.subject));
        (mutant.edit.apply)(subject);
    }
    changed.into_iter().map(|(file, subject)| Ok((file, subject.text()?))).collect()
}

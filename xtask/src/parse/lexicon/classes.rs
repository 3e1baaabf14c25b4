//! Which classes of reason codes a field takes.

use selene_codegen::contract::ReasonClass;

use crate::diagnostics::Diagnostics;
use crate::parse::document::Text;
use crate::parse::values::unknown_class;
use crate::read::yaml::{self, Node};
use crate::source::Span;

/// Stands for the code of the capability's own event, whatever its class is.
const OWN_STEP: &str = "own_step";

/// What a field takes.
#[derive(Debug, Clone)]
pub struct ClassList {
    /// The classes, in the order of [`ReasonClass::ALL`].
    pub classes: Vec<ReasonClass>,
    /// Whether it takes the code of the capability's own event too.
    pub own_step: bool,
    /// Whether a word was not understood; that has its finding.
    pub is_broken: bool,
    /// The place of the whole list in the file.
    pub span: Span,
}

/// What the lexicon says about the fields of one capability.
#[derive(Debug)]
pub struct ClassesEntry {
    /// `PH1W_RUNTIME_EVENT_COMMIT_ROW`
    pub capability: Text,
    /// Names of its inputs with what they take.
    pub fields: Vec<(Text, ClassList)>,
}

/// Reads `[gate, suppression]`.
pub(super) fn read_list(node: &Node, diagnostics: &mut Diagnostics) -> ClassList {
    let mut list = ClassList { classes: Vec::new(), own_step: false, is_broken: false, span: node.span };
    for word in yaml::scalars(node, "`classes`", diagnostics) {
        match ReasonClass::from_name(&word.value) {
            Some(class) => list.classes.push(class),
            None if word.value == OWN_STEP => list.own_step = true,
            None => {
                unknown_class(&word, &[OWN_STEP], diagnostics);
                list.is_broken = true;
            }
        }
    }
    list.classes.sort_unstable();
    list.classes.dedup();
    list
}

/// Reads the entry of one capability.
pub(super) fn read(capability: &Text, node: &Node, diagnostics: &mut Diagnostics) -> ClassesEntry {
    let fields = yaml::entries(node, "the classes of a capability's fields", diagnostics)
        .iter()
        .map(|(name, node)| (name.clone(), read_list(node, diagnostics)))
        .collect();
    ClassesEntry { capability: capability.clone(), fields }
}

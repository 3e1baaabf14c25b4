//! Which alternative of an input gives which output, for schemas that have several of both.

use crate::diagnostics::Diagnostics;
use crate::parse::document::Text;
use crate::parse::schema::Expr;
use crate::parse::values::expression;
use crate::read::yaml::{self, MapReader, Node};
use crate::source::Span;

/// What the lexicon says about the input of one capability.
#[derive(Debug)]
pub struct AlternativesEntry {
    /// `VID_READ_ENROLLMENT_STATE`
    pub capability: Text,
    /// One for each variant of the input, in order.
    pub alternatives: Vec<AlternativeEntry>,
}

/// One variant of an input.
#[derive(Debug)]
pub struct AlternativeEntry {
    /// `Session`
    pub variant: Text,
    /// Names of the fields.
    pub input: Vec<Text>,
    /// The output, not looked up yet.
    pub output: Option<Expr>,
    /// The place of the whole entry in the file.
    pub span: Span,
}

/// Reads the entry of one capability.
pub(super) fn read(capability: &Text, node: &Node, diagnostics: &mut Diagnostics) -> AlternativesEntry {
    let items = yaml::items(node, "the alternatives of a capability", diagnostics);
    let alternatives = items.iter().filter_map(|item| read_one(item, diagnostics)).collect();
    AlternativesEntry { capability: capability.clone(), alternatives }
}

fn read_one(node: &Node, diagnostics: &mut Diagnostics) -> Option<AlternativeEntry> {
    let mut map = MapReader::new(node, "an alternative", diagnostics);
    let variant =
        map.require("variant", diagnostics).and_then(|node| yaml::scalar(node, "`variant`", diagnostics));
    let input = map.require("input", diagnostics).map(|node| yaml::scalars(node, "`input`", diagnostics));
    let output = map.text("output", diagnostics).and_then(|text| expression(&text, diagnostics));
    map.finish(diagnostics);
    Some(AlternativeEntry { variant: variant?, input: input?, output, span: node.span })
}

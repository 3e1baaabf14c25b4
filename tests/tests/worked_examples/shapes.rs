//! An engine with every shape that a contract may have: what is drafted for it compiles, and says what nobody has written yet.

use super::checkout::Checkout;

/// The pages, which no other engine knows.
const PAGES: [(&str, &str); 2] = [
    ("specs/ecm/PH1_SHAPES.md", include_str!("shapes/ecm.md")),
    ("specs/db_wiring/PH1_SHAPES.md", include_str!("shapes/wiring.md")),
];

/// What their names mean and which numbers their codes have, behind those of the other engines.
const ENTRIES: [(&str, &str); 2] = [
    ("specs/lexicon.yaml", include_str!("shapes/lexicon.yaml")),
    ("specs/reason_codes.yaml", include_str!("shapes/codes.yaml")),
];

/// Shapes that the contract has to have, so that an edit of the pages loses none of them.
const SHAPES: [&str; 24] = [
    "type: bool",
    "type: u8",
    "type: u16",
    "type: u32",
    "type: u64",
    "type: f32",
    "type: Digest",
    "type: EngineReasonCode",
    "type: Option<Digest>",
    "type: Vec<CornerId>",
    "type: Vec<ShapePart>",
    "type: Map<CornerId, u32>",
    "type: ShapePart",
    "repr: u128",
    "name: type",
    "fixed: FRONT",
    "output: ()",
    "output: u32",
    "output: AuditEventId",
    "output: Option<ShapeRecord>",
    "output: Vec<ShapeRecord>",
    "output: Map<ShapeId, ShapeRecord>",
    "input_alternatives:",
    "origin=DRAWN",
];

#[test]
fn what_is_drafted_for_every_shape_of_a_contract_compiles() {
    let checkout = Checkout::new();
    for (file, text) in PAGES {
        checkout.write(file, text);
    }
    for (file, lines) in ENTRIES {
        checkout.write(file, &format!("{}{lines}", checkout.read(file)));
    }
    let ran = checkout.cargo(&["xtask", "regenerate"]);
    assert!(ran.is_success, "{}", ran.text);
    let contract = checkout.read("generated/contracts/ph1_shapes.yaml");
    let missing: Vec<&str> = SHAPES.into_iter().filter(|shape| !contract.contains(shape)).collect();
    assert!(missing.is_empty(), "{missing:?}");

    let ran = checkout.cargo(&["xtask", "scaffold", "PH1.SHAPES", "--accept"]);
    assert!(ran.is_success, "{}", ran.text);
    let ran = checkout.cargo(&["check", "--package", "selene-storage", "--package", "selene-acceptance"]);
    assert!(ran.is_success, "{}", ran.text);
    let unwritten = "selene_contracts::skeleton!(\"PH1SHAPES_SHAPE_CREATE_DRAFT_ROW\")";
    let rule = checkout.read("storage/src/rules/ph1_shapes/shape_create_draft_row.rs");
    assert!(rule.contains(unwritten), "{rule}");
}

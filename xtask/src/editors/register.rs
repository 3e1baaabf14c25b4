//! The schema of `reason_codes.yaml`.

use selene_codegen::contract::ReasonClass;
use serde_json::Value;

use super::shape::{file, flag, map, number, object, reference, text, word};

/// The JSON Schema (draft 2020-12) of `reason_codes.yaml`.
pub fn schema() -> Value {
    let engines = map("Engines by id, as `PH1.W`.", reference("engine"));
    let root = object(
        "The permanent number and the class of every reason code.",
        &["engines"],
        vec![("engines", engines)],
    );
    file("Reason codes", root, vec![("engine", engine()), ("code", code())])
}

fn engine() -> Value {
    let block = number("High half of every number of this engine, as `0x0007`.", 0, Some(u16::MAX.into()));
    let codes = map("Codes by name, in the order of their numbers.", reference("code"));
    let retired = flag("Whether all codes are no longer given.");
    object("An engine.", &["block", "codes"], vec![("block", block), ("codes", codes), ("retired", retired)])
}

fn code() -> Value {
    let number =
        number("The permanent number, as `0x00070001`: block and sequence.", 0, Some(u32::MAX.into()));
    let class =
        word("What kind of thing it says; it never changes.", ReasonClass::ALL.map(ReasonClass::as_str));
    let keys = vec![
        ("number", number),
        ("class", class),
        ("meaning", text("One sentence for people.")),
        ("source", text("The bullet of the specs that it comes from.")),
        ("retired", flag("Whether it is no longer given; name and number stay taken.")),
    ];
    object("A reason code.", &["number", "class", "meaning", "source"], keys)
}

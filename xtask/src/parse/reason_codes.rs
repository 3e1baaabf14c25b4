//! `reason_codes.yaml` as read: the permanent number of every reason code.

use selene_codegen::contract::ReasonClass;

use super::document::Text;
use super::values::{classes, flag, unknown_class, wrong_number};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::read::number::whole_number;
use crate::read::yaml::{self, Kind, MapReader, Node};
use crate::source::{FileId, Span, Spanned};

/// The whole of `reason_codes.yaml`.
#[derive(Debug)]
pub struct Register {
    /// The file, for findings about what is missing in it.
    pub file: FileId,
    /// Engines in file order.
    pub engines: Vec<RegisteredEngine>,
}

/// The block and the codes of one engine.
#[derive(Debug)]
pub struct RegisteredEngine {
    /// `PH1.W`
    pub id: Text,
    /// High half of every number.
    pub block: Option<Spanned<u16>>,
    /// Codes in file order.
    pub codes: Vec<RegisteredCode>,
}

/// A reason code of the register.
#[derive(Debug)]
pub struct RegisteredCode {
    /// `W_ENROLL_INVALID_BOUNDS`
    pub name: Text,
    /// Its permanent number: the block in the high 16 bits, a sequence in the low 16; absent where it is missing or malformed.
    pub number: Option<Spanned<u32>>,
    /// What kind of thing it says; absent where that has its finding already.
    pub class: Option<Spanned<ReasonClass>>,
    /// One sentence for people.
    pub meaning: String,
    /// The spec bullet that it comes from.
    pub source: String,
    /// Whether the code is kept only for stored rows.
    pub retired: bool,
}

impl Register {
    /// The codes of one engine.
    #[must_use]
    pub fn engine(&self, id: &str) -> Option<&RegisteredEngine> {
        self.engines.iter().find(|engine| engine.id.value == id)
    }

    /// A code by name, whichever engine registers it.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<(&RegisteredEngine, &RegisteredCode)> {
        self.engines.iter().find_map(|engine| engine.code(name).map(|code| (engine, code)))
    }
}

impl Register {
    /// The block behind the highest one that is taken.
    #[must_use]
    pub fn next_block(&self) -> Option<u16> {
        let taken = self.engines.iter().filter_map(|engine| engine.block.as_ref()).map(|block| block.value);
        taken.max().map_or(Some(1), |highest| highest.checked_add(1))
    }
}

impl RegisteredEngine {
    /// A code by name.
    #[must_use]
    pub fn code(&self, name: &str) -> Option<&RegisteredCode> {
        self.codes.iter().find(|code| code.name.value == name)
    }

    /// Whether the engine has codes and none of them may be given any more.
    #[must_use]
    pub fn is_retired(&self) -> bool {
        !self.codes.is_empty() && self.codes.iter().all(|code| code.retired)
    }

    /// The lowest number of the block that is free behind every taken one.
    #[must_use]
    pub fn next_number(&self) -> Option<u32> {
        let block = u32::from(self.block.as_ref()?.value) << 16;
        let highest = self
            .codes
            .iter()
            .filter_map(|code| code.number.as_ref())
            .map(|number| number.value & 0xFFFF)
            .max();
        highest.unwrap_or(0).checked_add(1).filter(|next| *next <= 0xFFFF).map(|next| block | next)
    }
}

/// Reads `reason_codes.yaml`. What is malformed is reported and left out.
pub fn read(file: FileId, node: &Node, diagnostics: &mut Diagnostics) -> Register {
    let mut register = Register { file, engines: Vec::new() };
    // Which codes say a number, by engine.
    let mut numbered = Vec::new();
    let mut map = MapReader::new(node, "the register", diagnostics);
    if let Some(node) = map.require("engines", diagnostics) {
        for (id, node) in yaml::entries(node, "`engines`", diagnostics) {
            let (engine, has_number) = read_engine(id, node, diagnostics);
            register.engines.push(engine);
            numbered.push(has_number);
        }
    }
    // Only now is it known which number and which block come next.
    let next_block = register.next_block();
    for (engine, has_number) in register.engines.iter().zip(&numbered) {
        let next = engine.next_number();
        for (code, _) in engine.codes.iter().zip(has_number).filter(|(_, has_number)| !**has_number) {
            unnumbered(&code.name, next, next_block, diagnostics);
        }
    }
    map.finish(diagnostics);
    register
}

/// One engine, and which of its codes say a number.
fn read_engine(id: &Text, node: &Node, diagnostics: &mut Diagnostics) -> (RegisteredEngine, Vec<bool>) {
    let mut map = MapReader::new(node, format!("engine `{}`", id.value), diagnostics);
    let block = map
        .require("block", diagnostics)
        .and_then(|node| yaml::scalar(node, "`block`", diagnostics))
        .and_then(|text| fitted::<u16>(&text, "a block is a number from 0 to 0xFFFF", diagnostics));
    let retired = map.text("retired", diagnostics).is_some_and(|text| flag(&text, diagnostics));
    let mut codes = Vec::new();
    // A number that cannot be read has a finding of its own.
    let mut has_number = Vec::new();
    if let Some(node) = map.require("codes", diagnostics) {
        for (name, node) in yaml::entries(node, "`codes`", diagnostics) {
            has_number.push(
                matches!(&node.kind, Kind::Map(keys) if keys.iter().any(|(key, _)| key.value == "number")),
            );
            codes.push(read_code(name, node, diagnostics));
        }
    }
    map.finish(diagnostics);
    let mut engine = RegisteredEngine { id: id.clone(), block, codes };
    // All codes of an engine that is gone are retired.
    for code in &mut engine.codes {
        code.retired |= retired;
    }
    (engine, has_number)
}

fn read_code(name: &Text, node: &Node, diagnostics: &mut Diagnostics) -> RegisteredCode {
    let mut map = MapReader::new(node, format!("reason code `{}`", name.value), diagnostics);
    let number = map
        .get("number")
        .and_then(|node| yaml::scalar(node, "`number`", diagnostics))
        .and_then(|text| fitted::<u32>(&text, "a number is a 32-bit number", diagnostics));
    let class = read_class(name, &mut map, diagnostics);
    let mut required = |key: &'static str, map: &mut MapReader<'_>| {
        map.require(key, diagnostics);
        map.text(key, diagnostics).map(|text| text.value).unwrap_or_default()
    };
    let meaning = required("meaning", &mut map);
    let source = required("source", &mut map);
    let retired = map.text("retired", diagnostics).is_some_and(|text| flag(&text, diagnostics));
    map.finish(diagnostics);
    RegisteredCode { name: name.clone(), number, class, meaning, source, retired }
}

fn read_class(
    name: &Text,
    map: &mut MapReader<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<ReasonClass>> {
    let Some(node) = map.get("class") else {
        diagnostics.push(
            Diagnostic::new(
                codes::MISSING_CLASS,
                format!("the reason code `{}` has no class", name.value),
                name.span,
                "of which class?",
            )
            .help(format!("add `class:` with {}", classes())),
        );
        return None;
    };
    let text = yaml::scalar(node, "`class`", diagnostics)?;
    let class = ReasonClass::from_name(&text.value);
    if class.is_none() {
        unknown_class(&text, &[], diagnostics);
    }
    class.map(|class| Spanned::new(class, text.span))
}

fn fitted<T: TryFrom<u128>>(text: &Text, message: &str, diagnostics: &mut Diagnostics) -> Option<Spanned<T>> {
    let read = match whole_number(&text.value) {
        Ok(value) => value,
        Err(wrong) => {
            wrong_number("", text, &wrong, diagnostics);
            return None;
        }
    };
    let value = T::try_from(read).ok();
    if value.is_none() {
        diagnostics.push(
            Diagnostic::new(codes::WRONG_BOUNDS, message, text.span, "")
                .help("write it in hexadecimal, as `block: 0x0002` or `number: 0x00020001`"),
        );
    }
    value.map(|value| Spanned::new(value, text.span))
}

fn unnumbered(name: &Text, next: Option<u32>, next_block: Option<u16>, diagnostics: &mut Diagnostics) {
    diagnostics.push(
        Diagnostic::new(
            codes::UNNUMBERED_CODE,
            format!("the reason code `{}` has no number", name.value),
            Span::new(name.span.file, name.span.start, name.span.end),
            "not numbered",
        )
        .help(match next {
            Some(next) => {
                format!("add `number: {next:#010X}`, the next one of the block").replace("0X", "0x")
            }
            None => match next_block {
                Some(block) => {
                    format!("give the engine `block: 0x{block:04X}` first, the next one that is free")
                }
                None => "give the engine a `block` first".to_owned(),
            },
        }),
    );
}

//! Whatever stands in a document, reading it ends: with a document and findings, never with a panic or in silence.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use common::{fixtures, ten_engines};
use xtask::diagnostics::{Diagnostics, render};
use xtask::parse::document::Document;
use xtask::parse::readings::readings;
use xtask::parse::schema;
use xtask::pipeline::parse_one;
use xtask::read::yaml;
use xtask::source::Sources;

/// Reads a document; what says nothing must have a finding.
fn parse_only(text: &str) -> (Sources, Diagnostics) {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let file = sources.add("specs/ecm/X.md", "ecm/X.md", text);
    let document = parse_one(file, &sources, &mut diagnostics);
    let found = diagnostics.iter().next().is_some();
    assert!(found || !document.is_bare(), "silence about {text:?}");
    account(text, &document, &diagnostics);
    (sources, diagnostics)
}

/// The stretches of a page lie side by side from its first byte to its last; what none was read from is named by a finding,
/// and what counts as a mark holds no words but those that join names.
fn account(text: &str, document: &Document, diagnostics: &Diagnostics) {
    let mut at = 0;
    for stretch in &document.stretches {
        assert_eq!(stretch.span.start, at, "{stretch:?} of {text:?}");
        assert!(stretch.span.end > at, "{stretch:?} of {text:?}");
        at = stretch.span.end;
        let words = &text[stretch.span.start..stretch.span.end];
        if let Some(code) = stretch.read_as.strip_prefix("diagnostic ") {
            let is_there = diagnostics.iter().any(|one| one.code.id == code);
            assert!(is_there, "nobody says {code} of {words:?}");
        }
        if stretch.read_as == "mark" {
            let longest = words.split(|c: char| !c.is_alphabetic()).map(str::len).max();
            assert!(longest <= Some("idempotency".len()), "{words:?} is no mark");
            let is_short = words.split_whitespace().count() <= 40 || !words.contains(char::is_alphabetic);
            assert!(is_short, "{words:?} is no mark");
        }
    }
    assert_eq!(at, text.len(), "the end of {text:?} is not accounted for");
    let is_sentence = |what: &str| {
        matches!(what, "prose" | "failure_rule" | "audit_rule" | "constraint" | "unique_key" | "source")
    };
    let mut seen = BTreeMap::new();
    for (span, what) in readings(document).into_iter().filter(|(_, what)| is_sentence(what)) {
        let before = seen.insert(span, what).filter(|_| span.start < span.end);
        assert_eq!(before, None, "{:?} of {text:?} is read as {what} too", &text[span.start..span.end]);
    }
}

fn read(text: &str) {
    let (sources, diagnostics) = parse_only(text);
    // Every place must be one that can be shown.
    for diagnostic in diagnostics.iter() {
        let mut one = Diagnostics::default();
        one.push(diagnostic.clone());
        assert!(!render::to_text(&one, &sources, false).is_empty());
    }
}

fn read_yaml(text: &str) {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let file = sources.add("specs/lexicon.yaml", "lexicon.yaml", text);
    if let Some(tree) = yaml::read(file, sources.get(file), &mut diagnostics) {
        let _ = xtask::parse::lexicon::read(&tree, &mut diagnostics);
        let _ = xtask::parse::reason_codes::read(file, &tree, &mut diagnostics);
    }
    let _ = render::to_text(&diagnostics, &sources, false);
}

/// The specs of ten engines, and a page for every form that is read.
fn markdown() -> Vec<PathBuf> {
    let specs = ten_engines().join("specs");
    let mut found = Vec::new();
    for folder in [specs.join("ecm"), specs.join("db_wiring"), fixtures().join("../forms")] {
        let entries = fs::read_dir(folder).expect("the folder exists");
        found.extend(entries.map(|entry| entry.expect("the entry can be read").path()));
    }
    found.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    found.sort();
    found
}

/// A small generator with a fixed start: the same mutations on every machine, every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound.max(1)).unwrap_or(1)).unwrap_or(0)
    }
}

const PIECES: [&str; 46] = [
    "**",
    "_",
    "\\_",
    "&#95;",
    "&nbsp;",
    "• ",
    "\n\u{a0}– ",
    "[x] ",
    "`",
    "``",
    "```\n",
    "- ",
    "\n",
    "\r\n",
    "# ",
    "### ",
    "(",
    ")",
    "{",
    "<",
    "|",
    "[",
    "]",
    "?",
    ":",
    "=",
    "> ",
    "|-|\n",
    "\u{feff}",
    "é",
    "\t",
    "    ",
    "\no ",
    "\n  (a) ",
    "\n1.1. ",
    "\n ▪ ",
    "â€¢ ",
    "~~",
    "[^1]",
    "\u{200b}",
    "\u{ff1a}",
    "\u{ff08}",
    "\n##",
    "```rust\n",
    "&gt;",
    "| a | b |\n|---|---|\n| c | d |\n",
];

/// Takes a piece out, puts one in, or doubles a stretch.
fn mutate(text: &str, dice: &mut Dice) -> String {
    let mut text = text.to_owned();
    for _ in 0..=dice.below(6) {
        let mut start = dice.below(text.len());
        let mut end = (start + dice.below(40)).min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        while !text.is_char_boundary(end) {
            end += 1;
        }
        match dice.below(3) {
            0 => text.replace_range(start..end, ""),
            1 => text.insert_str(start, PIECES[dice.below(PIECES.len())]),
            _ => {
                let stretch = text[start..end].to_owned();
                text.insert_str(end, &stretch);
            }
        }
    }
    text
}

#[test]
fn a_document_that_ends_anywhere_is_read() {
    let text = fs::read_to_string(fixtures().join("base/specs/ecm/PH1_T.md")).expect("the fixture exists");
    let more =
        fs::read_to_string(fixtures().join("base/specs/db_wiring/PH1_T.md")).expect("the fixture exists");
    for text in [text, more] {
        for (end, _) in text.char_indices() {
            read(&text[..end]);
        }
    }
}

#[test]
fn real_documents_that_end_at_any_character_are_read() {
    let seeds = [
        "ecm/PH1_VOICE_ID.md",
        "ecm/PH1_W.md",
        "ecm/PH1_ONB.md",
        "db_wiring/PH1_PERSONA.md",
        "db_wiring/PH1_WRITE.md",
    ];
    std::thread::scope(|scope| {
        for name in seeds {
            scope.spawn(move || {
                let text =
                    fs::read_to_string(ten_engines().join("specs").join(name)).expect("the spec can be read");
                for (end, _) in text.char_indices() {
                    parse_only(&text[..end]);
                }
            });
        }
    });
}

#[test]
fn mutated_documents_are_read() {
    let mut dice = Dice(0x5E1E_7E5E_1E7E_5E1E);
    for path in markdown() {
        let text = fs::read_to_string(path).expect("the spec can be read");
        for _ in 0..40 {
            read(&mutate(&text, &mut dice));
        }
    }
}

#[test]
fn pages_of_every_form_that_end_at_any_character_are_read() {
    for path in markdown().into_iter().filter(|path| path.to_string_lossy().contains("forms")) {
        let text = fs::read_to_string(path).expect("the form can be read");
        for (end, _) in text.char_indices() {
            parse_only(&text[..end]);
        }
    }
}

#[test]
fn pages_that_repeat_any_form_for_ever_are_read() {
    let ecm = "# X ECM Spec\n\n## Engine Header\n- engine_id: PH1.X\n\n## Capability List\n";
    let wiring = "# X DB Wiring\n\n## A) Engine Header\n- engine_id: PH1.X\n\n## B) Ownership\n";
    let lost = "X DB Wiring\n1) Engine Header\nengine_id: X\n2) Data Owned\n";
    for (start, unit) in [
        (ecm, "### capability_id: CAP_A\n- input_schema: a, b\n- x: y\n"),
        (ecm, "### `CAP_A` / `CAP_B`\n- `name`: x\n"),
        ("# X ECM Spec\n\n## Capability List\n### `CAP_A`\n- ", "`x`: input_schema: a; "),
        ("# X ECM Spec\n\n## Capability List\n### `CAP_A`\n- reason_codes: ", "A_B, "),
        (wiring, "- Tables owned:\n  - `a.t` (LEDGER)\n    - primary key: x\n"),
        (wiring, "## E) Acceptance Tests\n- AT-X-01..04: t\n"),
        (wiring, "## C) Rules\n- `X_Y` a `b`\n\n## D) What\n"),
        (wiring, "| a | AT-X-01 |\n"),
        (lost, "\nrows\ntruth_type: LEDGER\ninvariants:\nx: y\n"),
        ("", "[a]: /u\n\n[^1]: A_B\n\n"),
        ("", "` `` "),
        ("", "\0\n\u{2028}# "),
        ("", "a\\_b&#95;"),
        (wiring, "**a**\\_`b`&lt;"),
        ("", "•\u{a0}a\u{a0}"),
        (wiring, "  • a: b\n\u{a0}- **c**\n"),
        (ecm, "a: \"x\" "),
        (ecm, "'a_b'<b>`c_d`x"),
        (ecm, "\u{201c}a_b\u{201d}"),
        (ecm, "[^a [^b]~~c"),
        (ecm, "~~a~~[^1]\u{200b}"),
        (wiring, "o a\n(a) b\n1.1. c\n▪ d\n"),
        (wiring, "##a\n- b\n##c\n"),
        (wiring, "- a:\n  ```\n  (b,\n  ```\n"),
        ("", "\u{ff1a}a\u{c2}\u{a0}"),
        ("    # X DB Wiring\n", "    - a\n"),
        ("# X ECM Spec\n\n## Failure Modes\n", "| `A_B` | c |\n|---|---|\n| d | e |\n\n"),
    ] {
        // Where a list were searched for every item, or the rest of a line for every word of it, this would take minutes.
        parse_only(&format!("{start}{}{}", unit.repeat(200_000 / unit.len()), " ".repeat(200_000)));
    }
}

#[test]
fn mutated_yaml_is_read() {
    let mut dice = Dice(0x00C0_FFEE_00C0_FFEE);
    for name in ["lexicon.yaml", "reason_codes.yaml"] {
        let text = fs::read_to_string(fixtures().join("base/specs").join(name)).expect("the fixture exists");
        for (end, _) in text.char_indices() {
            read_yaml(&text[..end]);
        }
        for _ in 0..400 {
            read_yaml(&mutate(&text, &mut dice));
        }
    }
}

#[test]
fn hostile_nesting_does_not_exhaust_the_stack() {
    read_yaml(&"[".repeat(100_000));
    read_yaml(&"- ".repeat(100_000));
    read_yaml(&"{a: ".repeat(100_000));
    read(&"> ".repeat(20_000));
    read(&format!("# X ECM Spec\n## Capability List\n{}", "- ".repeat(5_000)));
    let stairs: Vec<String> = (0..2_000).map(|depth| format!("{}- x\n", " ".repeat(2 * depth))).collect();
    read(&stairs.concat());
    let file = Sources::default().add("", "", "");
    for text in [
        "(".repeat(100_000),
        "a<".repeat(100_000),
        "a|".repeat(100_000),
        "a[]".repeat(100_000),
        "a?".repeat(100_000),
    ] {
        let (_, errors) = schema::parse(&text, file, 0);
        assert!(errors.len() < 200_000);
    }
}

//! How often a type is guessed as people chose it: the lexicon of ten engines loses an engine, and gets it back from its pages.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use selene_codegen::contract::TypeKind;
use xtask::diagnostics::Diagnostics;
use xtask::parse::lexicon::{self, Lexicon, Scope};
use xtask::parse::schema::ExprKind;
use xtask::read::yaml;
use xtask::source::Sources;

use crate::common::{Sandbox, ten_engines};

const ENGINES: [&str; 10] = [
    "PH1.F",
    "PH1.J",
    "PH1.LINK",
    "PH1.ONB",
    "PH1.PERSONA",
    "PH1.POSITION",
    "PH1.VOICE.ID",
    "PH1.W",
    "PH1.WRITE",
    "PH2.ACCESS",
];

fn read(text: &str) -> Lexicon {
    let mut sources = Sources::default();
    let file = sources.add("lexicon.yaml", "lexicon.yaml", text);
    let tree = yaml::read(file, sources.get(file), &mut Diagnostics::default()).expect("YAML");
    lexicon::read(&tree, &mut Diagnostics::default())
}

/// The text without the block of an engine.
fn without(text: &str, engine: &str) -> String {
    let mut is_inside = false;
    let mut kept = String::new();
    for line in text.lines() {
        if line.starts_with("  ") && !line.starts_with("   ") && !line.trim().starts_with('#') {
            is_inside = line.trim_end() == format!("  {engine}:");
        }
        if !is_inside {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// The types of an engine's fields: shared and built-in ones by their names, its own by their kinds.
fn types(lexicon: &Lexicon, engine: &str) -> BTreeMap<String, String> {
    let Some(scope) = lexicon.engine(engine) else { return BTreeMap::new() };
    let named = |scope: &Scope, name: &str| {
        let kind = scope.types.iter().find(|ty| ty.name.value == name).map(|ty| match &ty.kind {
            TypeKind::Text { free, .. } => {
                if *free {
                    "text"
                } else {
                    "id"
                }
            }
            TypeKind::Integer { .. } => "integer",
            TypeKind::Enum { .. } => "enum",
        });
        let is_record = || scope.records.iter().any(|record| record.name.value == name);
        kind.or_else(|| is_record().then_some("record")).map(|kind| format!("{kind} of its own"))
    };
    let fields = scope.fields.iter().filter_map(|field| {
        let ExprKind::Name(ty) = &field.ty.as_ref()?.kind else { return None };
        Some((field.name.value.clone(), named(scope, ty).unwrap_or_else(|| ty.clone())))
    });
    fields.collect()
}

#[test]
fn most_fields_that_pages_name_get_the_types_that_people_gave_them() {
    let original = fs::read_to_string(ten_engines().join("specs/lexicon.yaml")).expect("a lexicon");
    let known = read(&original);
    let (mut hits, mut all, mut misses) = (0, 0, String::new());
    for engine in ENGINES {
        let sandbox = Sandbox::ten_engines();
        fs::write(sandbox.specs().join("lexicon.yaml"), without(&original, engine)).expect("a lexicon");
        let stem = engine.replace('.', "_");
        let pages = ["ecm", "db_wiring"].map(|half| sandbox.specs().join(half).join(format!("{stem}.md")));
        let run = sandbox.adopt(&pages, &["--accept=lexicon"]);
        let guessed = fs::read_to_string(sandbox.specs().join("lexicon.yaml")).expect("a lexicon");
        let guessed = types(&read(&guessed), engine);
        for (field, ty) in types(&known, engine) {
            // What no page names is nothing that pages lack.
            let Some(guess) = guessed.get(&field) else { continue };
            all += 1;
            if *guess == ty {
                hits += 1;
            } else {
                let _ = writeln!(misses, "{engine:<13} {field:<32} {ty:<20} not {guess}");
            }
        }
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    }
    insta::assert_snapshot!("guessed_types", format!("{hits} of {all} as people chose\n\n{misses}"));
}

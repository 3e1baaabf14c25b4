//! The index of the search: a script, so that it is there also where a page is opened from a file.

use selene_codegen::naming::{module_name, without_schema};
use serde_json::{Value, json};

use super::hrefs;
use super::page::Book;
use crate::paths::SHARED;

/// `window.searchIndex = […];` with title, kind, place and words of everything that has a place.
pub(super) fn index(book: &Book<'_>) -> String {
    let mut entries: Vec<Value> = Vec::new();
    let mut add = |title: &str, kind: &str, href: String, words: &str| {
        entries.push(json!([title, kind, href, words]));
    };
    for contract in book.contracts() {
        let engine = contract.engine.id.as_str();
        let module = module_name(engine);
        add(engine, "engine", hrefs::engine(engine), &contract.engine.purpose);
        for one in &contract.capabilities {
            add(&one.id, "capability", hrefs::capability(&one.id), &one.name);
            for field in one.input_fields() {
                let anchor = hrefs::slug(&format!("input.{}", field.name));
                let href = format!("{}#{anchor}", hrefs::capability(&one.id));
                add(&field.name, &format!("input of {}", one.id), href, &field.doc);
            }
        }
        for table in &contract.tables {
            let bare = without_schema(&table.name);
            add(bare, &format!("table of {engine}"), hrefs::table(&table.name), "");
            for column in &table.columns {
                let anchor = hrefs::slug(&format!("column.{}", column.name));
                let href = format!("{}#{anchor}", hrefs::table(&table.name));
                add(&column.name, &format!("column of {bare}"), href, &column.doc);
            }
        }
        for code in &contract.reason_codes {
            add(&code.name, "reason code", hrefs::code(&code.name), &code.meaning);
        }
        for (place, test) in contract.acceptance_tests.iter().enumerate() {
            let href = format!("tests.html#{}", hrefs::test_entry(&contract.acceptance_tests, place));
            add(&test.id, "test", href, &test.title);
        }
        for ty in &contract.types {
            add(&ty.name, "type", hrefs::ty(&module, &ty.name), &ty.doc);
        }
        for record in &contract.records {
            add(&record.name, "record", hrefs::ty(&module, &record.name), &record.doc);
        }
    }
    let shared = &book.subject.run.resolved.shared;
    for ty in &shared.types {
        add(&ty.name, "type", hrefs::ty(SHARED, &ty.name), &ty.doc);
    }
    for record in &shared.records {
        add(&record.name, "record", hrefs::ty(SHARED, &record.name), &record.doc);
    }
    for machine in book.subject.machines {
        add(&machine.title, "state machine", hrefs::machine(&machine.table), &machine.states.join(" "));
    }
    for (_, file) in book.links.documents() {
        add(&file.relative, "spec", hrefs::spec(&file.relative), "");
    }
    entries.dedup();
    // A script that is read from a file must not end within a text.
    format!("window.searchIndex = {};\n", Value::Array(entries)).replace("</", "<\\/")
}

//! Whether keys keep tenants apart: what sentences say of every key, and keys that leave out what those beside them have.

use selene_codegen::contract::TypeRef;
use selene_codegen::naming::without_schema;

use super::table_claims::sentences;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{clauses, raw};
use crate::lint::subject::Engine;
use crate::parse::document::{TableText, Text};
use crate::source::Span;

/// The column that says whose a row is.
const TENANT: &str = "tenant_id";

/// The tables of an engine whose rows always have a tenant.
fn of_tenants<'a>(engine: &Engine<'a>) -> Vec<&'a TableText> {
    let tables = engine.wiring.into_iter().flat_map(|page| &page.tables).zip(&engine.contract.tables);
    let has = tables.filter(|(_, table)| {
        let column = table.columns.iter().find(|column| column.name == TENANT);
        column.is_some_and(|column| !matches!(column.ty, TypeRef::Option(_)))
    });
    has.map(|(text, _)| text).filter(|text| !text.primary_key.is_empty()).collect()
}

fn is_tenant(column: &Text) -> bool {
    column.value == TENANT
}

/// Sentences that say that every key begins with the tenant, or none, where a primary key is otherwise.
pub fn against_sentences(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    const LEADS: [&str; 6] = [
        "leads with the tenant",
        "lead with the tenant",
        "begins with the tenant",
        "begin with the tenant",
        "starts with the tenant",
        "start with the tenant",
    ];
    const ENDS: [&str; 2] = ["ends with the tenant", "end with the tenant"];
    for engine in &subject.engines {
        let tables = of_tenants(engine);
        for clause in
            engine.each_page().flat_map(sentences).flat_map(|text| clauses(text.span, subject.sources))
        {
            let text = raw(clause, subject.sources).to_ascii_lowercase().replace("`tenant_id`", "the tenant");
            let has_any = |list: &[&str]| list.iter().any(|words| text.contains(words));
            let (verb, is_so): (&str, fn(&TableText) -> bool) = if has_any(&LEADS) {
                ("leads", |table| table.primary_key.first().is_some_and(is_tenant))
            } else if has_any(&ENDS) {
                ("ends", |table| table.primary_key.last().is_some_and(is_tenant))
            } else {
                continue;
            };
            let before = text.split("key").next().unwrap_or_default();
            let is_every = ["every ", "each ", "all "].iter().any(|word| before.contains(word));
            let is_none = before.contains("no ");
            let wrong = match (is_every, is_none) {
                (true, false) => tables.iter().find(|table| !is_so(table)),
                (false, true) => tables.iter().find(|table| is_so(table)),
                _ => continue,
            };
            let Some(first) = wrong.and_then(|table| table.primary_key.first()) else { continue };
            let what = if is_every { "every" } else { "no" };
            let message =
                format!("{what} key {verb} with the tenant by a sentence, and not by this primary key");
            diagnostics.push(
                Diagnostic::new(codes::KEYS_AGAINST_SENTENCE, message, clause, "this sentence")
                    .and(first.span, "this key")
                    .help("mend the sentence, or the primary key of the table"),
            );
        }
    }
}

/// How many keys have to agree before one that differs is a slip.
const OTHERS: usize = 2;

/// Primary keys and dedupe keys that leave the tenant out, beside others that have it.
pub fn left_out(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let tables = of_tenants(engine);
        let keys = tables.iter().map(|table| {
            let has = table.primary_key.iter().any(|column| column.value == TENANT);
            (has, without_schema(&table.name.value), table.primary_key[0].span)
        });
        report("the primary key of", &keys.collect::<Vec<_>>(), diagnostics);
        let writes = engine.writes(subject);
        let takes = writes.iter().filter(|write| {
            let mut inputs = write.capability.input_fields().filter(|field| field.name == TENANT);
            inputs.next().is_some_and(|field| !matches!(field.ty, TypeRef::Option(_)))
        });
        let keys = takes.filter_map(|write| {
            let dedupe = write.text.dedupe.as_ref()?;
            let has = |names: &Vec<Text>| names.iter().any(|name| name.value == TENANT);
            Some((dedupe.value.iter().all(has), write.capability.id.as_str(), dedupe.span))
        });
        report("the dedupe key of", &keys.collect::<Vec<_>>(), diagnostics);
    }
}

fn report(what: &str, keys: &[(bool, &str, Span)], diagnostics: &mut Diagnostics) {
    let (with, without): (Vec<_>, Vec<_>) = keys.iter().partition(|(has, ..)| *has);
    let (Some((_, _, example)), [(_, name, place)]) = (with.first(), without.as_slice()) else { return };
    if with.len() < OTHERS {
        return;
    }
    let message = format!("{what} `{name}` leaves the tenant out, which those beside it have");
    diagnostics.push(
        Diagnostic::new(codes::TENANT_OUTSIDE_KEY, message, *place, "this key")
            .and(*example, "a key with the tenant")
            .help("write `tenant_id` at the start of the key: two tenants may choose the same value"),
    );
}

//! The rows of a read that gives a list, which is read whole and page by page.

use selene_codegen::contract::{Builtin, Capability, IntegerRepr, Record, Table, TypeKind, TypeRef};
use selene_codegen::row;

use super::rust_type::{Imports, RustType};
use super::statement::{conditions, key, sql};
use super::subject::{Subject, field, input_type};

/// The list of those rows of a table whose key begins with the input, in the order of the rest of the key. `None` where the input is
/// no such begin, or the order is one that SQL does not have.
pub(super) fn rows(
    subject: &Subject<'_>,
    read: &Capability,
    record: &Record,
    table: &Table,
    imports: &mut Imports,
) -> Option<String> {
    let asked: Vec<&str> = read.input.iter().map(|field| field.name.as_str()).collect();
    let are_columns =
        read.input.iter().all(|given| field(&table.columns, &given.name).is_some_and(|it| it.ty == given.ty));
    let (owner, order) = table.primary_key.split_at_checked(asked.len())?;
    let is_begin = owner.iter().all(|column| asked.contains(&column.as_str()));
    if !read.input_alternatives.is_empty()
        || !are_columns
        || asked.is_empty()
        || !is_begin
        || order.is_empty()
    {
        return None;
    }
    let types = order.iter().map(|column| order_type(subject, table, column)).collect::<Option<Vec<_>>>()?;
    let names: Vec<String> = types
        .into_iter()
        .map(|(name, ty)| {
            if let Some(ty) = &ty {
                imports.ty(ty);
            }
            name
        })
        .collect();
    for (module, name) in [
        ("selene_contracts", "listing"),
        ("selene_contracts::row", "Column as _"),
        ("selene_contracts::row", "Listing"),
        ("selene_contracts::row", "Value"),
        ("crate::rows::listed", "StoredRows"),
    ] {
        imports.name(module, name);
    }
    imports.ty(&RustType::record(subject, record));
    let columns: Vec<String> = order.iter().map(|column| format!("{{{column}}}")).collect();
    let select = format!("SELECT {{*{}}} FROM {{@{}}}", record.name, row::bare_name(table));
    let statement = sql(&[
        &select,
        &format!("WHERE {}", conditions(asked.iter().copied())),
        &format!("ORDER BY {}", columns.join(", ")),
    ]);
    Some(format!(
        "impl StoredRows for {name} {{\n    type Order = ({order},);\n\n    \
         fn listing() -> Listing {{\n        {listing}\n    }}\n\n    \
         fn values(call: &Admitted<Self>) -> Vec<Value<'_>> {{\n        let input = call.input();\n        vec!{values}\n    }}\n}}\n",
        name = input_type(read),
        order = names.join(", "),
        listing = statement.replacen("sql!", "listing!", 1),
        values = key(asked.iter().copied()),
    ))
}

/// The type of a column of an order, as Rust names it. `None` where its values have another order in SQL: columns keep the bits of
/// an unsigned number of 64 bits, so only one that counts from 1 is ordered.
fn order_type(subject: &Subject<'_>, table: &Table, column: &str) -> Option<(String, Option<RustType>)> {
    let ty = &field(&table.columns, column)?.ty;
    let is_counter = row::counter(table) == Some(column);
    match ty {
        TypeRef::Builtin(Builtin::U64) if !is_counter => None,
        TypeRef::Builtin(Builtin::U8 | Builtin::U16 | Builtin::U32 | Builtin::U64) => {
            Some((ty.to_string(), None))
        }
        TypeRef::Named(name) => match subject.kind(ty)? {
            TypeKind::Integer { repr: IntegerRepr::U64, .. } if !is_counter => None,
            TypeKind::Enum { .. } => None,
            _ => {
                let is_own = subject.contract.types.iter().any(|own| own.name == *name);
                let module = if is_own { subject.module() } else { "shared".to_owned() };
                Some((name.clone(), Some(RustType { module, name: name.clone() })))
            }
        },
        _ => None,
    }
}

/// Bodies to be written, of a list of which no statement follows from the contract.
pub(super) fn unwritten(read: &Capability, imports: &mut Imports) -> String {
    for (module, name) in [
        ("std::ops", "ControlFlow"),
        ("selene_contracts", "AdmittedPage"),
        ("selene_contracts", "Capability"),
        ("selene_contracts", "Page"),
        ("selene_contracts", "PagedRead"),
        ("crate::failure", "Failure"),
        ("crate::rows::listed", "StoredPages"),
        ("crate::rows::stored", "StoredRead"),
        ("crate::session", "Session"),
    ] {
        imports.name(module, name);
    }
    let (name, body) = (input_type(read), format!("selene_contracts::skeleton!({:?})", read.id));
    format!(
        "impl StoredRead for {name} {{\n    \
         fn read<S: Session>(_db: &S, _call: &Admitted<Self>) -> Result<<Self as Capability>::Output, Failure> {{\n        \
         {body}\n    }}\n}}\n\n\
         impl StoredPages for {name} {{\n    const IS_ONE_STATEMENT: bool = false;\n\n    \
         fn page<S: Session>(_db: &S, _asked: &AdmittedPage<Self>) -> Result<Page<<Self as PagedRead>::Row>, Failure> {{\n        \
         {body}\n    }}\n\n    \
         fn each<S: Session>(\n        _db: &S,\n        _call: &Admitted<Self>,\n        \
         _visit: &mut dyn FnMut(<Self as PagedRead>::Row) -> ControlFlow<()>,\n    ) -> Result<(), Failure> {{\n        \
         {body}\n    }}\n}}\n"
    )
}

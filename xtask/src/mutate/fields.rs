//! Whether fields and columns may be absent.

use selene_codegen::contract::TypeRef;

use super::operator::{Edit, Operator};
use super::subject::{Subject, path};

pub(super) const ALL: &[Operator] = &[
    Operator::new("input-made-optional", "A call may leave out a field that it had to give.", |subject| {
        inputs(subject, |ty| (!is_open(ty)).then(|| TypeRef::Option(Box::new(ty.clone()))))
    }),
    Operator::new("input-made-required", "A call has to give a field that it could leave out.", |subject| {
        inputs(subject, inner)
    }),
    Operator::new("column-made-optional", "A row may have no value in a column.", |subject| {
        columns(subject, |ty| (!is_open(ty)).then(|| TypeRef::Option(Box::new(ty.clone()))))
    }),
    Operator::new(
        "column-made-required",
        "Every row has a value in a column that could be empty.",
        |subject| columns(subject, inner),
    ),
];

/// Whether a value of the type may be nothing already.
fn is_open(ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::Option(_) | TypeRef::List(_) | TypeRef::Map(..) | TypeRef::Unit)
}

fn inner(ty: &TypeRef) -> Option<TypeRef> {
    match ty {
        TypeRef::Option(inner) => Some(inner.as_ref().clone()),
        _ => None,
    }
}

fn inputs(subject: &Subject, changed: fn(&TypeRef) -> Option<TypeRef>) -> Vec<Edit> {
    let typed = subject
        .inputs()
        .into_iter()
        .filter_map(|(at, field)| Some((at, field.ty.clone(), changed(&field.ty)?)));
    typed
        .map(|(at, old, new)| {
            Edit::new(subject.input_path(at), format!("{old} becomes {new}"), move |changed| {
                at.get_mut(changed).ty = new;
            })
        })
        .collect()
}

fn columns(subject: &Subject, changed: fn(&TypeRef) -> Option<TypeRef>) -> Vec<Edit> {
    let mut found = Vec::new();
    for (table, stated) in subject.tables() {
        for (column, field) in stated.columns.iter().enumerate() {
            let Some(new) = changed(&field.ty) else { continue };
            let item = path(&["tables", &stated.name, "columns", &field.name]);
            found.push(Edit::new(item, format!("{} becomes {new}", field.ty), move |changed| {
                changed.contract_mut().tables[table].columns[column].ty = new;
            }));
        }
    }
    found
}

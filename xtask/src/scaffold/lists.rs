//! The rows of a read that gives a list, which is read whole and page by page.

use selene_codegen::contract::Capability;

use super::rust_type::Imports;
use super::subject::input_type;

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

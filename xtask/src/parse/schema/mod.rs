//! The small language of `input_schema` and `output_schema`.
//!
//! ```text
//! (a, b?, c[], d=Const)     parameters: optional, list, fixed value; so is {a, b?}
//! (e={A|B}, f=A|B)          parameters of which the schema says which values they have
//! e (A|B)  e: A | B         the same; a (optional), c (list) are a? and c[]
//! a | b    (a, b) | c       alternatives
//! none  ()  unit            nothing
//! Result<T, StorageError>   Option<T>   Vec<T>   T[]   Map<K, V>
//! Name{a, b, c[]}           a record written in place
//! sample quality fields     prose, which the lexicon's groups explain
//! ```
//!
//! What must not live here: what a name means. The parser knows only the form.

mod constants;
mod lexer;
mod parser;
mod tree;

pub use parser::{SchemaError, parse, parse_list};
pub use tree::{Expr, ExprKind, outline, put_at};

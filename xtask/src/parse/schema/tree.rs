//! The tree of a schema.

use crate::source::{Span, Spanned};

/// A part of a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr {
    /// The kind of the expression.
    pub kind: ExprKind,
    /// The place of the expression in the file.
    pub span: Span,
}

/// The forms of the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExprKind {
    /// `()` or `unit`
    Unit,
    /// `none`
    Nothing,
    /// `user_id`, `WakeRuntimeEventRecord`
    Name(String),
    /// `a?`
    Optional(Box<Expr>),
    /// `a[]`
    List(Box<Expr>),
    /// `rollout_scope=CurrentAndNew`
    Fixed {
        /// Left of `=`.
        name: Spanned<String>,
        /// Right of it, without quotes.
        value: Spanned<String>,
    },
    /// `status={OPEN|HELD}`, `mode=OFF|AUTO`
    Values {
        /// Left of `=`.
        name: Spanned<String>,
        /// Right of it, without quotes; two at least.
        values: Vec<Spanned<String>>,
    },
    /// `Map<K, V>`
    Generic {
        /// The word before `<`.
        name: Spanned<String>,
        /// Between `<` and `>`.
        args: Vec<Expr>,
    },
    /// `Name{a, b}`
    Record {
        /// The word before `{`.
        name: Spanned<String>,
        /// Between `{` and `}`.
        fields: Vec<Expr>,
    },
    /// `(a, b)`
    Tuple(Vec<Expr>),
    /// `a | b`
    OneOf(Vec<Expr>),
    /// Words that are not one name.
    Prose(String),
}

impl Expr {
    /// The field that an expression is, without its marks and values.
    #[must_use]
    pub fn field_name(&self) -> Option<&str> {
        match &self.kind {
            ExprKind::Name(name) => Some(name),
            ExprKind::Fixed { name, .. } | ExprKind::Values { name, .. } => Some(&name.value),
            ExprKind::Optional(inner) | ExprKind::List(inner) => inner.field_name(),
            _ => None,
        }
    }
}

/// Gives every part of a schema the same place, where places within it cannot be counted.
pub fn put_at(expr: &mut Expr, span: Span) {
    expr.span = span;
    match &mut expr.kind {
        ExprKind::Unit | ExprKind::Nothing | ExprKind::Name(_) | ExprKind::Prose(_) => {}
        ExprKind::Optional(inner) | ExprKind::List(inner) => put_at(inner, span),
        ExprKind::Fixed { name, value } => {
            name.span = span;
            value.span = span;
        }
        ExprKind::Values { name, values } => {
            name.span = span;
            for value in values {
                value.span = span;
            }
        }
        ExprKind::Generic { name, args: parts } | ExprKind::Record { name, fields: parts } => {
            name.span = span;
            for part in parts {
                put_at(part, span);
            }
        }
        ExprKind::Tuple(parts) | ExprKind::OneOf(parts) => {
            for part in parts {
                put_at(part, span);
            }
        }
    }
}

/// A stable, readable form of a schema, for snapshots.
#[must_use]
pub fn outline(expr: &Expr) -> String {
    let list = |items: &[Expr]| items.iter().map(outline).collect::<Vec<_>>().join(", ");
    match &expr.kind {
        ExprKind::Unit => "unit".to_owned(),
        ExprKind::Nothing => "nothing".to_owned(),
        ExprKind::Name(name) => format!("name({name})"),
        ExprKind::Optional(inner) => format!("optional({})", outline(inner)),
        ExprKind::List(inner) => format!("list({})", outline(inner)),
        ExprKind::Fixed { name, value } => format!("fixed({} = {})", name.value, value.value),
        ExprKind::Values { name, values } => {
            let values: Vec<&str> = values.iter().map(|value| value.value.as_str()).collect();
            format!("values({} = {})", name.value, values.join(" | "))
        }
        ExprKind::Generic { name, args } => format!("generic {}<{}>", name.value, list(args)),
        ExprKind::Record { name, fields } => format!("record {}{{{}}}", name.value, list(fields)),
        ExprKind::Tuple(items) => format!("tuple({})", list(items)),
        ExprKind::OneOf(items) => format!("one_of({})", list(items)),
        ExprKind::Prose(words) => format!("prose({words})"),
    }
}

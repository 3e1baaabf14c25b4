//! Where the mutants of a file are in its syntax.

use std::collections::BTreeMap;
use std::ops::Range;

use proc_macro2::Span;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

/// Bytes of a file.
pub type Bytes = Range<usize>;

/// A place that mutants change.
#[derive(Clone)]
pub enum Place {
    /// What stands between the braces of a function, which may be constant or give a type that has no name.
    Body {
        inside: Bytes,
        is_const: bool,
        is_opaque: bool,
    },
    Binary {
        whole: Bytes,
        left: Bytes,
        operator: Bytes,
        right: Bytes,
        has_let: bool,
    },
    Unary {
        whole: Bytes,
        operand: Bytes,
    },
    /// From behind the pattern of a match arm to its arrow, and the guard's condition in it.
    Guard {
        whole: Bytes,
        condition: Option<Bytes>,
        has_let: bool,
    },
    /// The expression of a struct, and the fields of it with the comma.
    Struct {
        whole: Bytes,
        fields: Vec<Bytes>,
    },
}

/// Places by the byte at which cargo-mutants says that a mutant begins.
#[derive(Default)]
pub struct Places {
    pub bodies: BTreeMap<usize, Place>,
    pub operators: BTreeMap<usize, Place>,
    pub arms: BTreeMap<usize, Place>,
    pub guards: BTreeMap<usize, Place>,
    pub fields: BTreeMap<usize, Place>,
}

/// Finds all places of a file.
///
/// # Errors
/// The text is not Rust.
pub fn find(text: &str) -> syn::Result<Places> {
    let mut places = Places::default();
    places.visit_file(&syn::parse_file(text)?);
    Ok(places)
}

fn bytes(span: Span) -> Bytes {
    span.byte_range()
}

/// Whether an operand is a `let` of a chain, which no parentheses may surround.
fn has_let(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Let(_) => true,
        syn::Expr::Binary(binary) => has_let(&binary.left) || has_let(&binary.right),
        _ => false,
    }
}

impl Places {
    fn body(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let Some(first) = block.stmts.first() else { return };
        let inside = bytes(block.brace_token.span.open()).end..bytes(block.brace_token.span.close()).start;
        let is_opaque = matches!(&signature.output, syn::ReturnType::Type(_, of) if matches!(**of, syn::Type::ImplTrait(_)));
        let place = Place::Body { inside, is_const: signature.constness.is_some(), is_opaque };
        self.bodies.insert(bytes(first.span()).start, place);
    }
}

impl<'ast> Visit<'ast> for Places {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.body(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.body(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.body(&item.sig, block);
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_expr_binary(&mut self, expression: &'ast syn::ExprBinary) {
        let operator = bytes(expression.op.span());
        let place = Place::Binary {
            whole: bytes(expression.span()),
            left: bytes(expression.left.span()),
            operator: operator.clone(),
            right: bytes(expression.right.span()),
            has_let: has_let(&expression.left) || has_let(&expression.right),
        };
        self.operators.insert(operator.start, place);
        visit::visit_expr_binary(self, expression);
    }

    fn visit_expr_unary(&mut self, expression: &'ast syn::ExprUnary) {
        let place = Place::Unary { whole: bytes(expression.span()), operand: bytes(expression.expr.span()) };
        self.operators.insert(bytes(expression.op.span()).start, place);
        visit::visit_expr_unary(self, expression);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let whole = bytes(arm.pat.span()).end..bytes(arm.fat_arrow_token.span()).start;
        let guard = arm.guard.as_ref().map(|(_, condition)| condition);
        let place = Place::Guard {
            whole,
            condition: guard.map(|condition| bytes(condition.span())),
            has_let: guard.is_some_and(|condition| has_let(condition)),
        };
        if let Some(condition) = guard {
            self.guards.insert(bytes(condition.span()).start, place.clone());
        }
        self.arms.insert(bytes(arm.span()).start, place);
        visit::visit_arm(self, arm);
    }

    fn visit_expr_struct(&mut self, expression: &'ast syn::ExprStruct) {
        if expression.rest.is_some() {
            let fields: Vec<Bytes> = expression
                .fields
                .pairs()
                .map(|pair| {
                    let end =
                        pair.punct().map_or(bytes(pair.value().span()).end, |comma| bytes(comma.span()).end);
                    bytes(pair.value().span()).start..end
                })
                .collect();
            let whole = bytes(expression.span());
            for field in &fields {
                let place = Place::Struct { whole: whole.clone(), fields: fields.clone() };
                self.fields.insert(field.start, place);
            }
        }
        visit::visit_expr_struct(self, expression);
    }
}

//! Expanded code for reading: formatted in full, or as an outline without bodies.
//!
//! What lives here: views of tokens that [`crate::emit`] made. What must not: anything that changes what is emitted.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};
use syn::{Attribute, Expr, File, ImplItem, Item, ItemImpl, Meta, TraitItem, parse_quote};

/// The whole expansion as a formatted Rust file.
///
/// # Errors
/// The tokens are no Rust file.
pub fn formatted(tokens: TokenStream) -> Result<String, syn::Error> {
    Ok(prettyplease::unparse(&syn::parse2(tokens)?))
}

/// What a reader of the contract needs to see: fields, variants, signatures and which input gives which output. Leaves
/// out bodies, docs, derives, conversions and the paths in front of names.
///
/// # Errors
/// The tokens are no Rust file.
pub fn outline(tokens: TokenStream) -> Result<String, syn::Error> {
    let mut file: File = syn::parse2(short_paths(tokens))?;
    file.items.retain_mut(condense);
    Ok(prettyplease::unparse(&file))
}

/// Takes everything out of an item that an outline does not show; `false` where nothing is left.
fn condense(item: &mut Item) -> bool {
    match item {
        Item::Struct(item) => {
            strip(&mut item.attrs);
            item.fields.iter_mut().for_each(|field| strip(&mut field.attrs));
            true
        }
        Item::Enum(item) => {
            strip(&mut item.attrs);
            for variant in &mut item.variants {
                strip(&mut variant.attrs);
                variant.fields.iter_mut().for_each(|field| strip(&mut field.attrs));
            }
            true
        }
        Item::Trait(item) => {
            strip(&mut item.attrs);
            for member in &mut item.items {
                if let TraitItem::Fn(method) = member {
                    strip(&mut method.attrs);
                    method.default = None;
                    method.semi_token = Some(syn::token::Semi::default());
                }
            }
            true
        }
        Item::Type(item) => {
            strip(&mut item.attrs);
            true
        }
        Item::Static(item) => {
            strip(&mut item.attrs);
            *item.expr = left_out();
            true
        }
        Item::Macro(item) => {
            strip(&mut item.attrs);
            item.mac.tokens = quote::quote! { ($suite:expr) => {}; };
            true
        }
        Item::Impl(item) => condense_impl(item),
        Item::Mod(item) => {
            strip(&mut item.attrs);
            item.content.as_mut().is_some_and(|(_, items)| {
                items.retain_mut(condense);
                !items.is_empty()
            })
        }
        _ => false,
    }
}

/// Keeps what joins inputs, outputs and traits; conversions and accessors are the same for every type.
fn condense_impl(item: &mut ItemImpl) -> bool {
    let is_blanket = !item.generics.params.is_empty();
    let is_capability = item.trait_.as_ref().is_some_and(|(path, _)| {
        path.segments.last().is_some_and(|segment| {
            let name = segment.ident.to_string();
            name.ends_with("Capability") || name == "PagedRead"
        })
    });
    item.items.retain(|member| matches!(member, ImplItem::Type(_)));
    // Of an implementation without a trait nothing is left: its functions are accessors.
    (is_blanket && item.trait_.is_some()) || is_capability
}

/// Stands for an expression that the outline leaves out.
fn left_out() -> Expr {
    parse_quote! { .. }
}

/// Keeps only what changes the meaning of an item: `repr`, `deprecated` and `macro_export`.
fn strip(attrs: &mut Vec<Attribute>) {
    attrs.retain(|attr| match &attr.meta {
        Meta::List(list) => list.path.is_ident("repr") || list.path.is_ident("deprecated"),
        Meta::Path(path) => path.is_ident("macro_export"),
        Meta::NameValue(_) => false,
    });
}

/// `::std::vec::Vec` becomes `Vec`: a path from the root keeps its last name.
fn short_paths(tokens: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens
        .into_iter()
        .map(|tree| match tree {
            TokenTree::Group(group) => group_of(group.delimiter(), short_paths(group.stream())),
            other => other,
        })
        .collect();
    let mut out: Vec<TokenTree> = Vec::with_capacity(tokens.len());
    let mut index = 0;
    while index < tokens.len() {
        if is_path_separator(&tokens, index) && starts_a_path(&out) {
            index += 2;
            while is_path_separator(&tokens, index + 1)
                && matches!(tokens.get(index + 3), Some(TokenTree::Ident(_)))
            {
                index += 3;
            }
        }
        out.extend(tokens.get(index).cloned());
        index += 1;
    }
    out.into_iter().collect()
}

/// Whether a `::` behind these tokens starts a path from the root, rather than going on with a name or a `<T as Trait>`.
fn starts_a_path(before: &[TokenTree]) -> bool {
    const KEYWORDS: [&str; 6] = ["as", "dyn", "for", "impl", "in", "mut"];
    match before {
        [.., TokenTree::Ident(name)] => KEYWORDS.iter().any(|keyword| name == keyword),
        [.., TokenTree::Punct(first), TokenTree::Punct(second)] if second.as_char() == '>' => {
            first.as_char() == '-'
        }
        [.., TokenTree::Punct(only)] => only.as_char() != '>',
        _ => true,
    }
}

fn is_path_separator(tokens: &[TokenTree], index: usize) -> bool {
    let colon = |index: usize, joint: bool| {
        matches!(tokens.get(index), Some(TokenTree::Punct(punct))
            if punct.as_char() == ':' && (!joint || punct.spacing() == Spacing::Joint))
    };
    colon(index, true) && colon(index + 1, false)
}

fn group_of(delimiter: Delimiter, stream: TokenStream) -> TokenTree {
    TokenTree::Group(Group::new(delimiter, stream))
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn a_path_from_the_root_keeps_its_last_name() {
        let tokens = quote! {
            pub struct A { pub x: ::core::option::Option<::std::vec::Vec<::selene_contracts::shared::B>> }
            impl ::selene_contracts::WriteCapability for A {}
            impl ::core::fmt::Display for A { fn fmt(&self) {} }
        };
        let outline = outline(tokens).unwrap();
        assert_eq!(outline, "pub struct A {\n    pub x: Option<Vec<B>>,\n}\nimpl WriteCapability for A {}\n");
    }

    #[test]
    fn tokens_that_are_no_file_are_refused() {
        assert!(outline(quote! { let x = 1; }).is_err());
        assert!(formatted(quote! { let x = 1; }).is_err());
    }
}

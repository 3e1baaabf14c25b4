//! What small contracts expand to, and which contracts are refused. No compiler is asked.

use selene_codegen::contract::{Alternative, Contract, Output, SharedContract};
use selene_codegen::emit::{self, EmitError};
use selene_codegen::{outline, yaml};

fn shared() -> SharedContract {
    yaml::from_str(include_str!("contracts/shared.yaml")).unwrap()
}

fn small() -> Contract {
    yaml::from_str(include_str!("contracts/small.yaml")).unwrap()
}

fn forms() -> Contract {
    yaml::from_str(include_str!("contracts/forms.yaml")).unwrap()
}

#[test]
fn a_small_contract_in_full() {
    let tokens = emit::engine(&small(), &shared(), "contracts/small.yaml").unwrap();
    insta::assert_snapshot!(outline::formatted(tokens).unwrap());
}

#[test]
fn a_small_contract_for_asynchronous_callers_in_full() {
    let tokens = emit::asynchronous(&small(), &shared()).unwrap();
    insta::assert_snapshot!(outline::formatted(tokens).unwrap());
}

#[test]
fn a_planned_capability_is_announced_and_nothing_else() {
    let mut contract = small();
    let planned = contract.capabilities.first_mut().unwrap();
    planned.planned = true;
    let (id, input) = (planned.id.clone(), selene_codegen::naming::pascal(&planned.id));
    let method = selene_codegen::naming::method_name(&planned.id);
    let text =
        outline::formatted(emit::engine(&contract, &shared(), "contracts/small.yaml").unwrap()).unwrap();
    assert!(text.contains(&format!("planned_capabilities: &[\"{id}\"]")), "{text}");
    assert!(!text.contains(&input) && !text.contains(&method), "{text}");
}

#[test]
fn shared_types_in_full() {
    let tokens = emit::shared(&shared(), "contracts/shared.yaml").unwrap();
    insta::assert_snapshot!(outline::formatted(tokens).unwrap());
}

#[test]
fn every_form_in_outline() {
    let tokens = emit::engine(&forms(), &shared(), "contracts/forms.yaml").unwrap();
    insta::assert_snapshot!(outline::outline(tokens).unwrap());
}

#[test]
fn every_form_of_bounds_check_and_dedupe_key() {
    let tokens = emit::engine(&forms(), &shared(), "contracts/forms.yaml").unwrap();
    let file: syn::File = syn::parse2(tokens).unwrap();
    let methods: Vec<syn::Item> = file
        .items
        .into_iter()
        .filter_map(|item| match item {
            syn::Item::Impl(mut item) => {
                item.items.retain(|member| {
                    matches!(member, syn::ImplItem::Fn(method)
                        if ["check_bounds", "dedupe_key", "tenant_id", "idempotency_key"]
                            .contains(&method.sig.ident.to_string().as_str()))
                });
                (!item.items.is_empty()).then_some(syn::Item::Impl(item))
            }
            _ => None,
        })
        .collect();
    let tokens = quote::quote! { #(#methods)* };
    insta::assert_snapshot!(outline::formatted(tokens).unwrap());
}

/// What the implementations of these traits, and the functions of rows that follow from something else, expand to.
#[test]
fn what_a_contract_says_of_rows() {
    let contract: Contract = yaml::from_str(include_str!("contracts/known.yaml")).unwrap();
    let tokens = emit::engine(&contract, &shared(), "contracts/known.yaml").unwrap();
    let file: syn::File = syn::parse2(tokens).unwrap();
    let is_wanted = |item: &syn::ItemImpl| {
        match &item.trait_ {
        Some((path, _)) => path.segments.iter().any(|segment| segment.ident == "known"),
        None => item.items.iter().any(
            |member| matches!(member, syn::ImplItem::Fn(method) if method.sig.ident.to_string().starts_with("of_")),
        ),
    }
    };
    let wanted =
        file.items.into_iter().filter(|item| matches!(item, syn::Item::Impl(item) if is_wanted(item)));
    let tokens = quote::quote! { #(#wanted)* };
    insta::assert_snapshot!(outline::formatted(tokens).unwrap());
}

#[test]
fn the_same_contract_gives_the_same_tokens() {
    let emit = || emit::engine(&forms(), &shared(), "contracts/forms.yaml").unwrap().to_string();
    assert_eq!(emit(), emit());
}

/// The error of the small contract after `change`.
fn refused(change: impl FnOnce(&mut Contract)) -> EmitError {
    let mut contract = small();
    change(&mut contract);
    emit::engine(&contract, &shared(), "contracts/small.yaml").expect_err("the contract must be refused")
}

#[test]
fn unknown_names_are_refused_with_their_place() {
    let error = refused(|contract| contract.capabilities[0].input[0].ty = "Option<Nobody>".parse().unwrap());
    assert_eq!(error.to_string(), "PH9S_PAGE_COMMIT_ROW.tenant_id: no type or record is called `Nobody`");
    let error = refused(|contract| contract.capabilities[0].input[1].violation = Some("S_NOBODY".into()));
    assert_eq!(
        error.to_string(),
        "PH9S_PAGE_COMMIT_ROW.pages: PH9.S registers no reason code `S_NOBODY`; another engine's is written \
         `ENGINE:S_NOBODY`"
    );
    let error = refused(|contract| {
        contract.capabilities[0].audit.as_mut().unwrap().reason_code = Some("S_NOBODY".into());
    });
    assert!(matches!(error, EmitError::UnknownReasonCode { .. }), "{error}");
    let error = refused(|contract| {
        contract.capabilities[0].dedupe.as_mut().unwrap().keys[0][0] = "nobody".into();
    });
    assert_eq!(error, EmitError::DedupeField { item: "PH9S_PAGE_COMMIT_ROW".into(), field: "nobody".into() });
    let error = refused(|contract| {
        contract.capabilities[0].dedupe.as_mut().unwrap().keys[0].clear();
    });
    assert!(matches!(error, EmitError::EmptyDedupeKey { .. }), "{error}");
}

#[test]
fn a_class_of_refusal_without_a_code_is_refused() {
    let error = refused(|contract| {
        contract.refusals.remove(&selene_codegen::contract::RefusalClass::Scope);
    });
    assert_eq!(error.to_string(), "PH9.S: refusals: the class `scope` has no reason code");
}

#[test]
fn names_that_rust_cannot_tell_apart_are_refused() {
    let error = refused(|contract| {
        let again = contract.capabilities[0].clone();
        contract.capabilities.push(again);
    });
    assert!(matches!(error, EmitError::DuplicateName { .. }), "{error}");
    let error = refused(|contract| {
        contract.reason_codes[1].number = contract.reason_codes[0].number;
    });
    assert_eq!(error.to_string(), "PH9.S: reason codes: `0x0009_0001` is declared twice");
    let error = refused(|contract| contract.capabilities[0].input[0].name = "self".into());
    assert_eq!(error.to_string(), "PH9S_PAGE_COMMIT_ROW: `self` has no name in Rust");
}

#[test]
fn an_alternative_gives_an_output_of_its_capability() {
    let alternative = |variant: &str, output: &str| Alternative {
        variant: variant.into(),
        fields: Vec::new(),
        output: Some(output.parse().unwrap()),
    };
    let give = |alternatives: &[(&str, &str)]| {
        refused(|contract| {
            let capability = &mut contract.capabilities[0];
            capability.input.clear();
            capability.dedupe = None;
            capability.output =
                Output::OneOf { one_of: vec!["u8".parse().unwrap(), "bool".parse().unwrap()] };
            capability.input_alternatives =
                alternatives.iter().map(|(variant, output)| alternative(variant, output)).collect();
        })
    };
    assert_eq!(
        give(&[("Count", "u8"), ("Size", "u32")]).to_string(),
        "PH9S_PAGE_COMMIT_ROW: the alternative `Size` gives `u32`, which is no output of the capability"
    );
    assert_eq!(
        give(&[("Count", "u8"), ("Count", "bool")]).to_string(),
        "PH9S_PAGE_COMMIT_ROW: `Count` is declared twice"
    );
}

#[test]
fn bounds_that_do_not_fit_their_type_are_refused() {
    use selene_codegen::contract::Number::{Real, Whole};
    for (ty, range) in [
        ("u8", (Whole(0), Whole(256))),
        ("u8", (Whole(-1), Whole(8))),
        ("u8", (Whole(8), Whole(3))),
        ("u8", (Real(0.5), Whole(3))),
        ("bool", (Whole(0), Whole(1))),
        ("TenantId", (Whole(0), Whole(1))),
        ("f32", (Real(0.0), Real(f64::MAX))),
        ("f32", (Real(1.0), Real(0.0))),
    ] {
        let error = refused(|contract| {
            let field = &mut contract.capabilities[0].input[1];
            field.ty = ty.parse().unwrap();
            field.range = Some(range);
        });
        assert!(matches!(error, EmitError::MisplacedBound { .. }), "{ty} {range:?}: {error}");
    }
    let error = refused(|contract| {
        let field = &mut contract.capabilities[0].input[1];
        field.ty = "PageState".parse().unwrap();
        field.range = None;
        field.fixed = Some("AJAR".into());
    });
    assert_eq!(error.to_string(), "PH9S_PAGE_COMMIT_ROW.pages: `AJAR` is no value of `PageState`");
}

#[test]
fn an_engine_without_reason_codes_has_no_engine_reason_code() {
    let error = refused(|contract| {
        contract.capabilities[0].input[0].ty = "EngineReasonCode".parse().unwrap();
        contract.reason_codes.clear();
    });
    assert!(matches!(error, EmitError::NoReasonCodes { .. }), "{error}");
}

#[test]
fn reserved_words_become_raw_identifiers_and_keep_their_spelling_in_metadata() {
    for word in ["gen", "try", "type", "yield", "async", "typeof"] {
        let mut contract = small();
        word.clone_into(&mut contract.capabilities[0].input[1].name);
        let tokens = emit::engine(&contract, &shared(), "contracts/small.yaml").unwrap();
        let code = outline::formatted(tokens).unwrap();
        assert!(code.contains(&format!("pub r#{word}: u8")), "{code}");
        assert!(code.contains(&format!("name: \"{word}\"")), "{code}");
    }
    let error = refused(|contract| "self".clone_into(&mut contract.capabilities[0].input[1].name));
    assert!(matches!(error, EmitError::InvalidName { ref name, .. } if name == "self"), "{error}");
}

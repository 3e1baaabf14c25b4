//! Contract files read back as they were written, and a file of another shape is refused with its place.

use selene_codegen::contract::{Contract, SharedContract};
use selene_codegen::yaml;

#[test]
fn a_contract_reads_back_as_it_was_written() {
    for text in [include_str!("contracts/small.yaml"), include_str!("contracts/forms.yaml")] {
        let contract: Contract = yaml::from_str(text).unwrap();
        let written = yaml::to_string(&contract).unwrap();
        assert_eq!(yaml::from_str::<Contract>(&written).unwrap(), contract);
        assert_eq!(yaml::to_string(&yaml::from_str::<Contract>(&written).unwrap()).unwrap(), written);
    }
    let shared: SharedContract = yaml::from_str(include_str!("contracts/shared.yaml")).unwrap();
    let written = yaml::to_string(&shared).unwrap();
    assert_eq!(yaml::from_str::<SharedContract>(&written).unwrap(), shared);
}

#[test]
fn a_file_of_another_shape_is_refused_with_its_place() {
    for (text, problem) in [
        ("types: []\nnonsense: 1\n", "unknown field `nonsense`"),
        ("types:\n- name: A\n  kind: text\n", "missing field `min_len`"),
        ("types:\n- name: A\n  kind: colour\n", "unknown variant `colour`"),
        ("types: [\n", "line 2"),
        ("records:\n- name: A\n  fields:\n  - {name: a, type: Set<A>}\n", "`Set<A>` is not a type"),
    ] {
        let error = yaml::from_str::<SharedContract>(text).unwrap_err();
        assert!(error.to_string().contains(problem), "{text}: {error}");
        assert!(error.to_string().contains("line"), "{text}: {error}");
    }
}

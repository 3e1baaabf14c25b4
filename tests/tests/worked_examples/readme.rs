//! The worked example of README.md.

use super::checkout::Checkout;
use super::document::{Section, shows};

#[test]
fn the_worked_example_of_the_readme_is_true() {
    let example = Section::of("README.md", "## Worked example");
    let checkout = Checkout::of("readme");

    // One edit of a spec, one of the registry.
    let [spec, registry] = example.blocks("diff");
    checkout.apply(spec);
    checkout.apply(registry);

    let [regenerated, refused] = example.blocks("text");
    let ran = checkout.cargo(&["xtask", "regenerate"]);
    assert!(ran.is_success, "{}", ran.text);
    shows(&ran.text, regenerated);

    let ran = checkout.cargo(&["check", "--package", "selene-storage"]);
    assert!(!ran.is_success, "a capability that no backend serves must not compile");
    shows(&ran.text, refused);
}

//! Random values: one of a few names, sometimes one at, below or above a bound.

use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use proptest::strategy::Union;
use selene_contracts::shared::{DeviceId, IdempotencyKey, OnboardingSessionId, UserId};

/// One of these, as often as its weight says.
pub(in crate::model) fn weighted<T: Clone + std::fmt::Debug + 'static>(
    choices: &[(u32, T)],
) -> BoxedStrategy<T> {
    Union::new_weighted(choices.iter().map(|(weight, value)| (*weight, Just(value.clone()))).collect())
        .boxed()
}

/// One of these texts; rarely one that is blank or longer than `max` bytes.
pub(super) fn text(choices: &[(u32, &str)], max: usize) -> BoxedStrategy<String> {
    let known: Vec<(u32, String)> =
        choices.iter().map(|(weight, text)| (*weight * 20, (*text).to_owned())).collect();
    let bad = [(1, String::new()), (1, " \t".to_owned()), (1, "x".repeat(max + 1)), (1, "y".repeat(max))];
    weighted(&[known, bad.to_vec()].concat())
}

pub(super) fn user_id() -> BoxedStrategy<UserId> {
    text(&[(12, "ann"), (4, "bob"), (1, "eve")], 128).prop_map(UserId::new).boxed()
}

pub(super) fn device_id() -> BoxedStrategy<DeviceId> {
    let choices = [(12, "ann_phone"), (3, "ann_tablet"), (4, "bob_phone"), (1, "late_phone")];
    text(&choices, 128).prop_map(DeviceId::new).boxed()
}

pub(super) fn onboarding_id() -> BoxedStrategy<OnboardingSessionId> {
    let choices =
        [(4, "onb_a"), (2, "onb_b"), (3, "onb_free"), (3, "onb_phone"), (2, "onb_soon"), (1, "onb_late")];
    text(&choices, 64).prop_map(OnboardingSessionId::new).boxed()
}

pub(super) fn idempotency_key(few: u32) -> BoxedStrategy<IdempotencyKey> {
    let names: Vec<String> = (1..=few).map(|number| format!("k{number}")).collect();
    let choices: Vec<(u32, &str)> = names.iter().map(|name| (3, name.as_str())).collect();
    text(&choices, 128).prop_map(IdempotencyKey::new).boxed()
}

/// `usual` as a rule, sometimes one of `edges`.
pub(super) fn edge<T: Clone + std::fmt::Debug + 'static>(usual: T, edges: &[T]) -> BoxedStrategy<T> {
    let mut choices = vec![(10 * u32::try_from(edges.len()).unwrap_or(1), usual)];
    choices.extend(edges.iter().map(|value| (1, value.clone())));
    weighted(&choices)
}

/// A number without bounds of its own: a usual one, an end of the type, or any.
pub(super) fn real(usual: f32) -> BoxedStrategy<f32> {
    prop_oneof![
        60 => Just(usual),
        1 => Just(-0.0),
        1 => Just(f32::MAX),
        1 => Just(f32::MIN_POSITIVE / 4.0),
        1 => any::<f32>(),
        1 => weighted(&[(1, f32::NAN), (1, f32::INFINITY), (1, f32::NEG_INFINITY)]),
    ]
    .boxed()
}

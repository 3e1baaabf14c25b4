//! The calls that are measured: wake runtime events of a small fleet, the same for every contestant.

use selene_contracts::ph1_f::{Ph1fDeviceInsertRow, Ph1fFoundationRepo as _, Ph1fIdentityInsertRow};
use selene_contracts::ph1_w::{Ph1WReasonCode, Ph1wRuntimeEventCommitRow};
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TurnId};
use selene_contracts::{CallContext, Caller};
use selene_storage::SqliteStore;
use selene_storage::test_support::inputs;
use selene_storage::test_support::wake_event;

/// Devices of the fleet, each with an owner of its own.
const DEVICES: usize = 64;
/// Tenants that the devices belong to; each has a hash chain of its own.
const TENANTS: usize = 4;
/// Events of one correlation chain, and chains that grow side by side.
pub const EVENTS_OF_A_CHAIN: usize = 100;
const CHAINS_AT_ONCE: usize = 16;

/// One call with its context.
pub type Call = (CallContext, Ph1wRuntimeEventCommitRow);

/// The owner of a device.
pub fn user(number: usize) -> String {
    format!("user-{:04}", number % DEVICES)
}

/// Puts identities and devices into an empty store.
pub fn populate(store: &SqliteStore) {
    let mut context = context(0);
    context.correlation_id = CorrelationId::new(1);
    for number in 0..DEVICES {
        let identity = Ph1fIdentityInsertRow {
            primary_language: Some("en-GB".into()),
            tenant_id: Some(tenant(number).into()),
            ..inputs::identity(user(number), "identity")
        };
        store.ph1f_identity_insert_row(&context, identity).expect("an identity of the fleet");
        let device = Ph1fDeviceInsertRow {
            device_id: device(number).into(),
            user_id: user(number).into(),
            device_type: "speaker".into(),
            audio_profile_ref: None,
            tenant_id: Some(tenant(number).into()),
            idempotency_key: "device".into(),
        };
        store.ph1f_device_insert_row(&context, device).expect("a device of the fleet");
    }
}

/// Every device with its owner and its tenant.
pub fn populated() -> impl Iterator<Item = (String, (String, String))> {
    (0..DEVICES).map(|number| (device(number), (user(number), tenant(number))))
}

/// The correlation chain of an event. Chains of one time lie far from each other in an index.
pub fn correlation_id(number: usize) -> u128 {
    let chain = number / (EVENTS_OF_A_CHAIN * CHAINS_AT_ONCE) * CHAINS_AT_ONCE + number % CHAINS_AT_ONCE;
    u128::from_be_bytes(digest("chain", chain)[..16].try_into().expect("16 of 32 bytes"))
}

/// The calls with these numbers.
pub fn calls(numbers: std::ops::Range<usize>) -> Vec<Call> {
    numbers.map(|number| (context(number), input(number))).collect()
}

/// The call with a number.
pub fn input(number: usize) -> Ph1wRuntimeEventCommitRow {
    let accepted = !number.is_multiple_of(4);
    let reason_code =
        if accepted { Ph1WReasonCode::WakeRuntimeEventCommit } else { Ph1WReasonCode::FailG3ScoreLow };
    let wake_event_id = format!("wake-{}", hex(&digest("event", number)[..16]));
    Ph1wRuntimeEventCommitRow {
        user_id: Some(user(number).into()),
        accepted,
        reason_code,
        wake_profile_id: Some("wake-profile-1".into()),
        media_playback_active_at_trigger: true,
        ..wake_event(&wake_event_id, &device(number), &format!("wake-key-{number:012}"))
    }
}

/// The context of the call with a number.
pub fn context(number: usize) -> CallContext {
    CallContext::new(
        Caller::SeleneOs,
        MonotonicTimeNs::new(1_000_000_000 + 1_000 * number as u64),
        CorrelationId::new(correlation_id(number).max(1)),
        TurnId::new(1 + number as u64),
    )
}

fn device(number: usize) -> String {
    format!("device-{:04}", number % DEVICES)
}

/// The tenant of a device.
pub fn tenant(number: usize) -> String {
    format!("tenant-{}", number % DEVICES % TENANTS)
}

/// Numbers that look random and are the same in every run.
pub fn digest(domain: &str, number: usize) -> [u8; 32] {
    *blake3::hash(format!("{domain} {number}").as_bytes()).as_bytes()
}

/// Lower-case hex digits, made in one go: the plain side must not pay for a formatter that the store does not have.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|half| DIGITS[usize::from(half)]);
    String::from_utf8(digits.collect()).expect("digits are text")
}

//! Others who are invited to acme, and the shortcuts that they try: at least one at each gate.

use selene_contracts::ph1_f::Ph1FReasonCode;
use selene_contracts::ph1_onb::{OnbPrimaryDeviceConfirmResult, Ph1OnbReasonCode as Code};
use selene_contracts::shared::OnboardingSessionId;
use selene_contracts::{Committed, EveryRepo, StorageError};

use super::calls::context;
use super::invitee::{Invitee, simulated};
use super::onboarding::{Step, refused, step};

/// Somebody at each gate, and what is refused there; and the session of one who is only at the first.
pub fn all(store: &dyn EveryRepo) -> Result<(Vec<Step>, OnboardingSessionId), StorageError> {
    let (mut steps, session) = before_the_terms(store)?;
    steps.extend(after_declined_terms(store)?);
    steps.extend(before_the_device(store)?);
    steps.extend(before_the_sender(store)?);
    steps.extend(before_access(store)?);
    steps.extend(where_nothing_is_pinned(store)?);
    Ok((steps, session))
}

/// Somebody whom Ada invites to be a nurse.
fn nurse<'a>(store: &'a dyn EveryRepo, name: &'static str, turn: u64) -> Result<Invitee<'a>, StorageError> {
    Invitee::invite(store, name, turn).map(|(invitee, _)| invitee)
}

fn before_the_terms(store: &dyn EveryRepo) -> Result<(Vec<Step>, OnboardingSessionId), StorageError> {
    let ida = nurse(store, "ida", 80)?;
    let unopened = ida.start();
    let linus = nurse(store, "linus", 81)?;
    linus.open()?;
    let elsewhere = linus.start_on("another phone");
    let started = linus.start();
    let session = started.as_ref().map_err(Clone::clone)?.value.onboarding_session_id.clone();
    let steps = vec![
        refused("Ida starts by a link that nobody opened", Code::OnbLinkNotActivated, unopened),
        refused("Linus starts on another device", Code::OnbFingerprintMismatch, elsewhere),
        step("Linus starts, and is pinned to v2", started, |session| session.status.as_str()),
        refused("Linus shows his licence before the terms", Code::OnbGateTermsRequired, linus.photo()),
        refused("Linus proves a device before the terms", Code::OnbGateTermsRequired, linus.device()),
    ];
    Ok((steps, session))
}

fn after_declined_terms(store: &dyn EveryRepo) -> Result<Vec<Step>, StorageError> {
    let uma = nurse(store, "uma", 82)?;
    uma.open()?;
    uma.start()?;
    Ok(vec![
        step("Uma declines the terms", uma.decline(), |session| session.status.as_str()),
        refused("Uma thinks better of it, too late", Code::OnbStateInvalid, uma.reconsider()),
        refused("Uma proves a device all the same", Code::OnbGateTermsRequired, uma.device()),
    ])
}

fn before_the_device(store: &dyn EveryRepo) -> Result<Vec<Step>, StorageError> {
    let maria = nurse(store, "maria", 83)?;
    maria.open()?;
    maria.start()?;
    Ok(vec![
        step("Maria comes as far as the terms", maria.terms(), |session| session.status.as_str()),
        refused("Maria wants access before a device", Code::OnbGateDeviceRequired, maria.access()),
    ])
}

fn before_the_sender(store: &dyn EveryRepo) -> Result<Vec<Step>, StorageError> {
    let ken = nurse(store, "ken", 84)?;
    ken.open()?;
    ken.start()?;
    ken.terms()?;
    let rosa = nurse(store, "rosa", 85)?;
    rosa.open()?;
    rosa.start()?;
    rosa.terms()?;
    Ok(vec![
        step("Ken skips his licence, proves a device", ken.device(), |session| session.status.as_str()),
        refused(
            "Ken wants access before Ada saw his licence",
            Code::OnbGateVerificationRequired,
            ken.access(),
        ),
        refused("Ada confirms what Ken never showed", Code::OnbStateInvalid, ken.confirmed_by("ada")),
        step("Rosa shows her licence to Ada", rosa.photo(), |session| session.status.as_str()),
        refused("Grace confirms it in Ada's place", Code::OnbScopeMismatch, rosa.confirmed_by("grace")),
    ])
}

fn before_access(store: &dyn EveryRepo) -> Result<Vec<Step>, StorageError> {
    let tim = nurse(store, "tim", 86)?;
    let everything = everything_but_access(&tim)?;
    // The position pays band-3.
    let ola = Invitee::promise(store, "ola", 87, "band-9")?.0;
    let as_much = everything_but_access(&ola)?;
    Ok(vec![
        step("Tim has everything but access", Ok(everything), |session| session.status.as_str()),
        refused("Tim completes without access", Code::OnbGateAccessRequired, tim.complete()),
        refused(
            "Tim wants access in another tenant",
            Code::OnbScopeMismatch,
            tim.access_in("globex", &simulated(86)),
        ),
        refused(
            "Tim wants access without a simulation",
            Ph1FReasonCode::FSimulationRequired,
            tim.access_in("acme", &context(86)),
        ),
        step("Ola has as much, and another band's promise", Ok(as_much), |session| session.status.as_str()),
        refused("Ola wants access to a position of band-3", Code::OnbPositionPrereqFailed, ola.access()),
    ])
}

/// From the link to the device; what the last step gave.
fn everything_but_access(
    nurse: &Invitee<'_>,
) -> Result<Committed<OnbPrimaryDeviceConfirmResult>, StorageError> {
    nurse.open()?;
    nurse.start()?;
    nurse.terms()?;
    nurse.photo()?;
    nurse.confirmed_by("ada")?;
    nurse.device()
}

/// Nobody said what a friend must bring.
fn where_nothing_is_pinned(store: &dyn EveryRepo) -> Result<Vec<Step>, StorageError> {
    let zoe = Invitee::befriend(store, "zoe", 88)?;
    zoe.open()?;
    zoe.start()?;
    Ok(vec![
        step("Zoe, a friend, accepts the terms", zoe.terms(), |session| session.status.as_str()),
        refused("Zoe shows a licence that nobody asked for", Code::OnbGateNotApplicable, zoe.photo()),
        refused(
            "Ada confirms what nobody asked Zoe for",
            Code::OnbGateNotApplicable,
            zoe.confirmed_by("ada"),
        ),
    ])
}

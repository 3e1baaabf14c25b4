//! What happens to an onboarding in every status, whatever is called.
//!
//! Nobody lists the standings of an onboarding by hand: every step is tried from every standing that any steps lead to, from
//! a link that was not opened yet, until nothing new is found.

mod scene;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;

use selene_acceptance::onboarding::{FINGERPRINT, access_of, decision_of, photo_for, start};
use selene_acceptance::{Backend, Harness};
use selene_contracts::ph1_onb::{OnboardingStatus, Ph1onbSessionRow, SenderDecision};

use self::scene::{Invitee, STEPS, Scene, Standing, Step};
use crate::stage::{Column, Stage, section};

/// Every standing that steps lead to, each with the fewest steps that lead there.
fn standings<H: Harness>(harness: &H) -> BTreeMap<Standing, Stage<'_, Scene<H::Store>>> {
    let mut found = BTreeMap::new();
    let mut open: VecDeque<(Invitee, Vec<Step>)> = Invitee::ALL.map(|invitee| (invitee, vec![])).into();
    while let Some((invitee, steps)) = open.pop_front() {
        let made = steps.clone();
        let mut stage = Stage::new(move || Scene::new(harness, invitee, &made));
        let standing = stage.scene().standing();
        if found.contains_key(&standing) {
            continue;
        }
        for next in STEPS {
            if stage.attempt(&step("next", next)).starts_with("->") {
                open.push_back((invitee, [steps.as_slice(), &[next]].concat()));
            }
        }
        found.insert(standing, stage);
    }
    found
}

fn step<B: Backend>(name: &'static str, step: Step) -> Column<Scene<B>> {
    Column::new(name, move |scene: &Scene<B>| step.make(scene, "new"))
}

/// The last step of a capability, and the key that it was made with.
fn last(steps: &[Step], capability: &str) -> Option<(Step, String)> {
    let (index, step) = steps.iter().enumerate().rfind(|(_, step)| step.capability() == capability)?;
    Some((*step, format!("step_{index}")))
}

/// The last step of a capability once more, under its key.
fn again<B: Backend>(capability: &'static str) -> Column<Scene<B>> {
    Column::new("again, same key", move |scene: &Scene<B>| match last(&scene.steps, capability) {
        Some((step, key)) => step.make(scene, &key),
        None => "-".to_owned(),
    })
}

fn start_as<B: Backend>(
    name: &'static str,
    fingerprint: &'static str,
    tenant: Option<&'static str>,
) -> Column<Scene<B>> {
    Column::new(name, move |scene: &Scene<B>| {
        let mut input = start(&scene.token_id);
        input.device_fingerprint = fingerprint.into();
        input.tenant_id = tenant.map(Into::into);
        scene.start(input)
    })
}

fn photo_by_another<B: Backend>() -> Column<Scene<B>> {
    Column::new("for another tenant's sender", |scene: &Scene<B>| {
        let (office, input) = (&scene.office, photo_for(&scene.session(), "rival", "new"));
        scene.cell(office.store().ph1onb_employee_photo_capture_send_commit_row(&office.call(), input))
    })
}

fn decision_by_another<B: Backend>() -> Column<Scene<B>> {
    Column::new("by another sender", |scene: &Scene<B>| {
        let input = decision_of(&scene.session(), "mia", SenderDecision::Confirm, "new");
        let office = &scene.office;
        scene.cell(office.store().ph1onb_employee_sender_verify_commit_row(&office.call(), input))
    })
}

fn access_elsewhere(scene: &Scene<impl Backend>, key: &str) -> String {
    let mut input = access_of(&scene.session(), key);
    input.tenant_id = Some("tenant_b".into());
    let office = &scene.office;
    scene.cell(office.store().ph1onb_access_instance_create_commit_row(&office.call(), input))
}

fn access_elsewhere_again<B: Backend>() -> Column<Scene<B>> {
    let call = |scene: &Scene<B>| match last(&scene.steps, Step::Access.capability()) {
        Some((_, key)) => access_elsewhere(scene, &key),
        None => "-".to_owned(),
    };
    Column::new("in another tenant, same key", call)
}

fn read(scene: &Scene<impl Backend>) -> String {
    let input = Ph1onbSessionRow { onboarding_session_id: scene.session() };
    let row = scene.office.store().ph1onb_session_row(&scene.office.call(), input);
    let row = row.expect("the read is served");
    row.map_or_else(|| "reads nothing".to_owned(), |row| format!("reads {}", row.status))
}

fn capabilities<B: Backend>() -> Vec<(&'static str, Vec<Column<Scene<B>>>)> {
    let terms = Step::Accept.capability();
    let photo = Step::Photo.capability();
    let sender = Step::Confirm.capability();
    let device = Step::Proven.capability();
    let access = Step::Access.capability();
    let complete = Step::Complete.capability();
    vec![
        (
            Step::Start.capability(),
            vec![
                step("same device", Step::Start),
                start_as("another device", "fingerprint_2", None),
                start_as("another tenant", FINGERPRINT, Some("tenant_b")),
            ],
        ),
        (terms, vec![step("accepted", Step::Accept), step("declined", Step::Decline), again(terms)]),
        (photo, vec![step("captured", Step::Photo), photo_by_another(), again(photo)]),
        (
            sender,
            vec![
                step("confirmed", Step::Confirm),
                step("rejected", Step::Reject),
                decision_by_another(),
                again(sender),
            ],
        ),
        (device, vec![step("proven", Step::Proven), step("not proven", Step::NotProven), again(device)]),
        (
            access,
            vec![
                step("created", Step::Access),
                Column::new("in another tenant", |scene: &Scene<B>| access_elsewhere(scene, "new")),
                again(access),
                access_elsewhere_again(),
            ],
        ),
        (complete, vec![step("completed", Step::Complete), again(complete)]),
        ("PH1ONB_SESSION_ROW", vec![Column::new("read", |scene: &Scene<B>| read(scene))]),
        (
            "PH1ONB_SESSION_ROWS",
            vec![Column::new("read", |scene: &Scene<B>| format!("reads {}", scene.office.sessions().len()))],
        ),
    ]
}

/// The statuses that the standings of an invitee have, and those that none of them has.
fn statuses<'a>(invitee: Invitee, standings: impl Iterator<Item = &'a Standing>) -> String {
    let of_invitee = standings.filter(|standing| standing.invitee == invitee);
    let reached: BTreeSet<_> = of_invitee.filter_map(|standing| standing.session).map(|it| it.0).collect();
    let never = OnboardingStatus::ALL.iter().filter(|status| !reached.contains(status));
    let never: Vec<_> = never.map(|status| status.as_str()).collect();
    let [tenant, gates] = invitee.cells();
    let (count, never) = (reached.len(), never.join(", "));
    format!("tenant {tenant}, gates {gates}: {count} statuses reached; never: {never}\n")
}

/// Fills the table.
pub fn every_standing_and_every_capability(harness: &impl Harness) {
    let mut standings = standings(harness);
    let mut text: String = Invitee::ALL.map(|invitee| statuses(invitee, standings.keys())).concat();
    for (capability, columns) in capabilities() {
        let head = ["tenant", "gates", "link", "status", "verification", "device"];
        let lines = standings.iter_mut().map(|(standing, stage)| (standing.cells(), stage));
        let section = section(capability, &head, lines, &columns);
        writeln!(text, "\n{section}").expect("a text can be written to");
    }
    insta::assert_snapshot!("sessions", text);
}

//! What happens to an onboarding in every status, whatever is called: tables to be read beside the spec.
//!
//! Nobody lists the standings of an onboarding by hand: every step is tried from every standing that any steps lead to, from
//! a link that nobody opened on, until nothing new is found. A refusal or a replay must leave the session as it was.

mod scene;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;

use selene_acceptance::onboarding::{FINGERPRINT, access_of, decision_of, photo_for, start, table};
use selene_contracts::ph1_onb::{OnboardingStatus, Ph1OnbRepo, Ph1onbSessionRow, SenderDecision};

use crate::scene::{Invitee, STEPS, Scene, Standing, Step};

/// A standing to try calls in. The scene is played again only after a call was applied in it.
struct Stage {
    invitee: Invitee,
    steps: Vec<Step>,
    scene: Option<Scene>,
}

impl Stage {
    const fn new(invitee: Invitee, steps: Vec<Step>) -> Self {
        Self { invitee, steps, scene: None }
    }

    fn scene(&mut self) -> &Scene {
        self.scene.get_or_insert_with(|| Scene::new(self.invitee, &self.steps))
    }

    /// Makes one call. What is not applied changes nothing.
    fn attempt(&mut self, call: impl Fn(&Scene, &[Step]) -> String) -> String {
        let steps = self.steps.clone();
        let scene = self.scene();
        let before = (scene.office.sessions(), scene.office.world.events());
        let answer = call(scene, &steps);
        if answer.starts_with("->") {
            self.scene = None;
        } else {
            let after = (scene.office.sessions(), scene.office.world.events());
            assert!(after == before, "{steps:?}: {answer}");
        }
        answer
    }
}

/// Every standing that steps lead to, each with the fewest steps that lead there.
fn standings() -> BTreeMap<Standing, Stage> {
    let mut found = BTreeMap::new();
    let mut open: VecDeque<_> = Invitee::ALL.map(|invitee| Stage::new(invitee, vec![])).into();
    while let Some(mut stage) = open.pop_front() {
        let standing = stage.scene().standing();
        if found.contains_key(&standing) {
            continue;
        }
        for step in STEPS {
            if stage.attempt(|scene, _| step.make(scene, "new")).starts_with("->") {
                open.push_back(Stage::new(stage.invitee, [stage.steps.as_slice(), &[step]].concat()));
            }
        }
        found.insert(standing, stage);
    }
    found
}

/// A call under a name.
type Column = (&'static str, Box<dyn Fn(&Scene, &[Step]) -> String>);

fn step(name: &'static str, step: Step) -> Column {
    (name, Box::new(move |scene, _| step.make(scene, "new")))
}

/// The last step of a capability, and the key that it was made with.
fn last(steps: &[Step], capability: &str) -> Option<(Step, String)> {
    let (index, step) = steps.iter().enumerate().rfind(|(_, step)| step.capability() == capability)?;
    Some((*step, format!("step_{index}")))
}

/// The last step of a capability once more, under its key.
fn again(capability: &'static str) -> Column {
    let call = move |scene: &Scene, steps: &[Step]| match last(steps, capability) {
        Some((step, key)) => step.make(scene, &key),
        None => "-".to_owned(),
    };
    ("again, same key", Box::new(call))
}

fn start_as(name: &'static str, fingerprint: &'static str, tenant: Option<&'static str>) -> Column {
    let call = move |scene: &Scene, _: &[Step]| {
        let mut input = start(&scene.token_id);
        input.device_fingerprint = fingerprint.into();
        input.tenant_id = tenant.map(Into::into);
        scene.start(input)
    };
    (name, Box::new(call))
}

fn photo_by_another() -> Column {
    let call = |scene: &Scene, _: &[Step]| {
        let (office, input) = (&scene.office, photo_for(&scene.session(), "rival", "new"));
        scene.told(office.store().ph1onb_employee_photo_capture_send_commit_row(&office.call(), input))
    };
    ("for another tenant's sender", Box::new(call))
}

fn decision_by_another() -> Column {
    let call = |scene: &Scene, _: &[Step]| {
        let input = decision_of(&scene.session(), "mia", SenderDecision::Confirm, "new");
        let office = &scene.office;
        scene.told(office.store().ph1onb_employee_sender_verify_commit_row(&office.call(), input))
    };
    ("by another sender", Box::new(call))
}

fn access_elsewhere(scene: &Scene, key: &str) -> String {
    let mut input = access_of(&scene.session(), key);
    input.tenant_id = Some("tenant_b".into());
    let office = &scene.office;
    scene.told(office.store().ph1onb_access_instance_create_commit_row(&office.call(), input))
}

fn access_elsewhere_again() -> Column {
    let call = |scene: &Scene, steps: &[Step]| match last(steps, Step::Access.capability()) {
        Some((_, key)) => access_elsewhere(scene, &key),
        None => "-".to_owned(),
    };
    ("in another tenant, same key", Box::new(call))
}

fn read(scene: &Scene) -> String {
    let input = Ph1onbSessionRow { onboarding_session_id: scene.session() };
    let row = scene.office.store().ph1onb_session_row(&scene.office.call(), input);
    let row = row.expect("the read is served");
    row.map_or_else(|| "reads nothing".to_owned(), |row| format!("reads {}", row.status))
}

fn capabilities() -> Vec<(&'static str, Vec<Column>)> {
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
                ("in another tenant", Box::new(|scene, _| access_elsewhere(scene, "new"))),
                again(access),
                access_elsewhere_again(),
            ],
        ),
        (complete, vec![step("completed", Step::Complete), again(complete)]),
        ("PH1ONB_SESSION_ROW", vec![("read", Box::new(|scene, _| read(scene)))]),
        (
            "PH1ONB_SESSION_ROWS",
            vec![("read", Box::new(|scene, _| format!("reads {}", scene.office.sessions().len())))],
        ),
    ]
}

#[test]
fn every_standing_of_a_session_and_every_capability() {
    let mut standings = standings();
    let mut text = String::new();
    for invitee in Invitee::ALL {
        let of_invitee = standings.keys().filter(|standing| standing.invitee == invitee);
        let reached: BTreeSet<_> =
            of_invitee.filter_map(|standing| standing.session).map(|it| it.0).collect();
        let never = OnboardingStatus::ALL.iter().filter(|status| !reached.contains(status));
        let never: Vec<_> = never.map(|status| status.as_str()).collect();
        let [tenant, gates] = invitee.cells();
        let (count, never) = (reached.len(), never.join(", "));
        writeln!(text, "tenant {tenant}, gates {gates}: {count} statuses reached; never: {never}").unwrap();
    }
    for (capability, columns) in capabilities() {
        let head = ["tenant", "gates", "link", "status", "verification", "device"].map(str::to_owned);
        let names = columns.iter().map(|(name, _)| format!("| {name}"));
        let mut rows = vec![head.into_iter().chain(names).collect::<Vec<_>>()];
        for (standing, stage) in &mut standings {
            let mut row = standing.cells();
            row.extend(columns.iter().map(|(_, call)| format!("| {}", stage.attempt(call))));
            rows.push(row);
        }
        writeln!(text, "\n{capability}\n{}", table(&rows).trim_end()).unwrap();
    }
    insta::assert_snapshot!("sessions", text);
}

//! What happens to an onboarding in every status, whatever is called: tables to be read beside the spec.
//!
//! Nobody lists the standings of a session by hand: every step is tried from every standing that any steps lead to, until
//! nothing new is found. A refusal or a replay must leave the session as it was.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;

use selene_acceptance::InMemory;
use selene_acceptance::onboarding::{
    Journey, Office, access_of, decision_of, field, photo_for, start, table,
};
use selene_contracts::ph1_onb::{
    OnboardingSessionRecord, OnboardingStatus, Ph1OnbRepo, SenderDecision, VerificationStatus,
};
use selene_contracts::ph1_position::EvidenceMode;
use selene_contracts::shared::{RolloutScope, TokenId};
use selene_contracts::{Committed, StorageError};

/// A step that moves a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Accept,
    Decline,
    Photo,
    Confirm,
    Reject,
    Proven,
    NotProven,
    Access,
    Complete,
}

const STEPS: [Step; 9] = [
    Step::Accept,
    Step::Decline,
    Step::Photo,
    Step::Confirm,
    Step::Reject,
    Step::Proven,
    Step::NotProven,
    Step::Access,
    Step::Complete,
];

impl Step {
    /// Steps of one capability share a row of the contract, and so their keys.
    const fn capability(self) -> &'static str {
        match self {
            Self::Accept | Self::Decline => "PH1ONB_TERMS_ACCEPT_COMMIT_ROW",
            Self::Photo => "PH1ONB_EMPLOYEE_PHOTO_CAPTURE_SEND_COMMIT_ROW",
            Self::Confirm | Self::Reject => "PH1ONB_EMPLOYEE_SENDER_VERIFY_COMMIT_ROW",
            Self::Proven | Self::NotProven => "PH1ONB_PRIMARY_DEVICE_CONFIRM_COMMIT_ROW",
            Self::Access => "PH1ONB_ACCESS_INSTANCE_CREATE_COMMIT_ROW",
            Self::Complete => "PH1ONB_COMPLETE_COMMIT_ROW",
        }
    }

    fn make(self, journey: &Journey<'_>, key: &str) -> String {
        match self {
            Self::Accept => told(journey, journey.terms(true, key)),
            Self::Decline => told(journey, journey.terms(false, key)),
            Self::Photo => told(journey, journey.photo(key)),
            Self::Confirm => told(journey, journey.verify(SenderDecision::Confirm, key)),
            Self::Reject => told(journey, journey.verify(SenderDecision::Reject, key)),
            Self::Proven => told(journey, journey.device(true, key)),
            Self::NotProven => told(journey, journey.device(false, key)),
            Self::Access => told(journey, journey.access(key)),
            Self::Complete => told(journey, journey.complete(key)),
        }
    }
}

/// What a caller is told, in a few words.
fn told<T>(journey: &Journey<'_>, answer: Result<Committed<T>, StorageError>) -> String {
    match answer {
        Ok(committed) if committed.is_applied() => format!("-> {}", journey.row().status),
        Ok(_) => "replayed".to_owned(),
        Err(error) => error.reason_code().to_string(),
    }
}

/// What tells one standing of a session from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Standing {
    gates: usize,
    status: OnboardingStatus,
    verification: Option<VerificationStatus>,
    is_proven: bool,
}

impl Standing {
    fn of(row: &OnboardingSessionRecord) -> Self {
        Self {
            gates: row.required_verification_gates.len(),
            status: row.status,
            verification: row.verification_status,
            is_proven: row.primary_device_confirmed,
        }
    }

    fn cells(&self) -> [String; 4] {
        [
            if self.gates == 0 { "none" } else { "both" }.to_owned(),
            self.status.to_string(),
            self.verification.map_or_else(|| "-".to_owned(), |verification| verification.to_string()),
            if self.is_proven { "proven" } else { "-" }.to_owned(),
        ]
    }
}

/// An office with one session that steps were made in.
struct Scene {
    office: Office,
    token_id: TokenId,
    journey: selene_contracts::shared::OnboardingSessionId,
}

impl Scene {
    fn new(has_gates: bool, steps: &[Step]) -> Self {
        let office = Office::new(&InMemory);
        let evidence = if has_gates { EvidenceMode::DocRequired } else { EvidenceMode::UserAnswer };
        office.schema("tenant_a", "v1", vec![field("passport", evidence)], RolloutScope::CurrentAndNew);
        let token_id = office.employee("one");
        let journey = office.journey(&token_id).session;
        let scene = Self { office, token_id, journey };
        for (index, step) in steps.iter().enumerate() {
            let answer = step.make(&scene.journey(), &format!("step_{index}"));
            assert!(answer.starts_with("->"), "{steps:?}: {answer}");
        }
        scene
    }

    fn journey(&self) -> Journey<'_> {
        Journey::resume(&self.office, self.journey.clone())
    }

    fn standing(&self) -> Standing {
        Standing::of(&self.journey().row())
    }
}

/// A standing to try calls in. The scene is played again only after a call was applied in it.
struct Stage {
    has_gates: bool,
    steps: Vec<Step>,
    scene: Option<Scene>,
}

impl Stage {
    const fn new(has_gates: bool, steps: Vec<Step>) -> Self {
        Self { has_gates, steps, scene: None }
    }

    fn scene(&mut self) -> &Scene {
        self.scene.get_or_insert_with(|| Scene::new(self.has_gates, &self.steps))
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
    let mut open = VecDeque::from([Stage::new(false, vec![]), Stage::new(true, vec![])]);
    while let Some(mut stage) = open.pop_front() {
        let standing = stage.scene().standing();
        if found.contains_key(&standing) {
            continue;
        }
        for step in STEPS {
            if stage.attempt(|scene, _| step.make(&scene.journey(), "new")).starts_with("->") {
                open.push_back(Stage::new(stage.has_gates, [stage.steps.as_slice(), &[step]].concat()));
            }
        }
        found.insert(standing, stage);
    }
    found
}

/// A call under a name.
type Column = (&'static str, Box<dyn Fn(&Scene, &[Step]) -> String>);

fn step(name: &'static str, step: Step) -> Column {
    (name, Box::new(move |scene, _| step.make(&scene.journey(), "new")))
}

/// The last step of a capability once more, under its key.
fn again(capability: &'static str) -> Column {
    let call = move |scene: &Scene, steps: &[Step]| match steps
        .iter()
        .enumerate()
        .rfind(|(_, step)| step.capability() == capability)
    {
        Some((index, step)) => step.make(&scene.journey(), &format!("step_{index}")),
        None => "-".to_owned(),
    };
    ("again, same key", Box::new(call))
}

fn start_as(name: &'static str, fingerprint: &'static str, tenant: Option<&'static str>) -> Column {
    let call = move |scene: &Scene, _: &[Step]| {
        let mut input = start(&scene.token_id);
        input.device_fingerprint = fingerprint.into();
        input.tenant_id = tenant.map(Into::into);
        let office = &scene.office;
        told(&scene.journey(), office.store().ph1onb_session_start_draft_row(&office.call(), input))
    };
    (name, Box::new(call))
}

fn photo_by_another() -> Column {
    let call = |scene: &Scene, _: &[Step]| {
        let (office, input) = (&scene.office, photo_for(&scene.journey, "rival", "new"));
        let answer = office.store().ph1onb_employee_photo_capture_send_commit_row(&office.call(), input);
        told(&scene.journey(), answer)
    };
    ("for another tenant's sender", Box::new(call))
}

fn decision_by_another() -> Column {
    let call = |scene: &Scene, _: &[Step]| {
        let input = decision_of(&scene.journey, "mia", SenderDecision::Confirm, "new");
        let office = &scene.office;
        let answer = office.store().ph1onb_employee_sender_verify_commit_row(&office.call(), input);
        told(&scene.journey(), answer)
    };
    ("by another sender", Box::new(call))
}

fn access_elsewhere() -> Column {
    let call = |scene: &Scene, _: &[Step]| {
        let mut input = access_of(&scene.journey, "new");
        input.tenant_id = Some("tenant_b".into());
        let office = &scene.office;
        let answer = office.store().ph1onb_access_instance_create_commit_row(&office.call(), input);
        told(&scene.journey(), answer)
    };
    ("in another tenant", Box::new(call))
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
            "PH1ONB_SESSION_START_DRAFT_ROW",
            vec![
                start_as("same device", selene_acceptance::onboarding::FINGERPRINT, None),
                start_as("another device", "fingerprint_2", None),
                start_as("another tenant", selene_acceptance::onboarding::FINGERPRINT, Some("tenant_b")),
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
        (access, vec![step("created", Step::Access), access_elsewhere(), again(access)]),
        (complete, vec![step("completed", Step::Complete), again(complete)]),
        (
            "PH1ONB_SESSION_ROW",
            vec![("read", Box::new(|scene, _| format!("reads {}", scene.journey().row().status)))],
        ),
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
    for (gates, name) in [(0, "none"), (2, "both")] {
        let reached: BTreeSet<_> = standings
            .keys()
            .filter(|standing| standing.gates == gates)
            .map(|standing| standing.status)
            .collect();
        let never = OnboardingStatus::ALL.iter().filter(|status| !reached.contains(status));
        let never: Vec<_> = never.map(|status| status.as_str()).collect();
        writeln!(text, "gates {name}: {} statuses reached; never: {}", reached.len(), never.join(", "))
            .unwrap();
    }
    for (capability, columns) in capabilities() {
        let head = ["gates", "status", "verification", "device"].map(str::to_owned).to_vec();
        let names = columns.iter().map(|(name, _)| format!("| {name}"));
        let mut rows = vec![head.into_iter().chain(names).collect::<Vec<_>>()];
        for (standing, stage) in &mut standings {
            let mut row = standing.cells().to_vec();
            row.extend(columns.iter().map(|(_, call)| format!("| {}", stage.attempt(call))));
            rows.push(row);
        }
        writeln!(text, "\n{capability}\n{}", table(&rows).trim_end()).unwrap();
    }
    insta::assert_snapshot!("sessions", text);
}

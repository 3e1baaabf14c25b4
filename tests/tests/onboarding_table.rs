//! What happens to an onboarding in every status, whatever is called: tables to be read beside the spec.
//!
//! Nobody lists the standings of an onboarding by hand: every step is tried from every standing that any steps lead to, from
//! a link that nobody opened on, until nothing new is found. A refusal or a replay must leave the session as it was.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;

use selene_acceptance::InMemory;
use selene_acceptance::onboarding::{
    FINGERPRINT, Journey, Office, access_of, decision_of, employment, field, photo_for, start, table,
};
use selene_contracts::ph1_link::{
    LinkStatus, Ph1LinkRepo, Ph1linkInviteOpenActivateCommitRow, Ph1linkReadLinkRow,
};
use selene_contracts::ph1_onb::{
    OnboardingSessionRecord, OnboardingStatus, Ph1OnbRepo, Ph1onbSessionRow, Ph1onbSessionStartDraftRow,
    SenderDecision, VerificationStatus,
};
use selene_contracts::ph1_position::EvidenceMode;
use selene_contracts::shared::{InviteeType, OnboardingSessionId, RolloutScope, TokenId};
use selene_contracts::{Committed, StorageError};

/// A step that moves a link or a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Open,
    Start,
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

const STEPS: [Step; 11] = [
    Step::Open,
    Step::Start,
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
            Self::Open => "PH1LINK_INVITE_OPEN_ACTIVATE_COMMIT_ROW",
            Self::Start => "PH1ONB_SESSION_START_DRAFT_ROW",
            Self::Accept | Self::Decline => "PH1ONB_TERMS_ACCEPT_COMMIT_ROW",
            Self::Photo => "PH1ONB_EMPLOYEE_PHOTO_CAPTURE_SEND_COMMIT_ROW",
            Self::Confirm | Self::Reject => "PH1ONB_EMPLOYEE_SENDER_VERIFY_COMMIT_ROW",
            Self::Proven | Self::NotProven => "PH1ONB_PRIMARY_DEVICE_CONFIRM_COMMIT_ROW",
            Self::Access => "PH1ONB_ACCESS_INSTANCE_CREATE_COMMIT_ROW",
            Self::Complete => "PH1ONB_COMPLETE_COMMIT_ROW",
        }
    }

    fn make(self, scene: &Scene, key: &str) -> String {
        let journey = scene.journey();
        match self {
            Self::Open => scene.open(key),
            Self::Start => scene.start(start(&scene.token_id)),
            Self::Accept => scene.told(journey.terms(true, key)),
            Self::Decline => scene.told(journey.terms(false, key)),
            Self::Photo => scene.told(journey.photo(key)),
            Self::Confirm => scene.told(journey.verify(SenderDecision::Confirm, key)),
            Self::Reject => scene.told(journey.verify(SenderDecision::Reject, key)),
            Self::Proven => scene.told(journey.device(true, key)),
            Self::NotProven => scene.told(journey.device(false, key)),
            Self::Access => scene.told(journey.access(key)),
            Self::Complete => scene.told(journey.complete(key)),
        }
    }
}

/// Who is invited: it decides what is pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Invitee {
    /// To no tenant.
    Friend,
    /// To a position that demands nothing to be seen.
    Employee,
    /// To a position that demands a document.
    EmployeeWithDocument,
}

impl Invitee {
    const ALL: [Self; 3] = [Self::Friend, Self::Employee, Self::EmployeeWithDocument];

    /// The tenant and the gates.
    const fn cells(self) -> [&'static str; 2] {
        match self {
            Self::Friend => ["-", "none"],
            Self::Employee => ["tenant_a", "none"],
            Self::EmployeeWithDocument => ["tenant_a", "both"],
        }
    }
}

/// What tells one standing of an onboarding from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Standing {
    invitee: Invitee,
    /// Status, verification, and whether a device is proven.
    session: Option<(OnboardingStatus, Option<VerificationStatus>, bool)>,
    link: LinkStatus,
}

impl Standing {
    fn cells(&self) -> Vec<String> {
        let (status, verification, is_proven) = match self.session {
            None => ("(no session)", None, false),
            Some((status, verification, is_proven)) => (status.as_str(), verification, is_proven),
        };
        let [tenant, gates] = self.invitee.cells();
        let verification = verification.map_or("-", VerificationStatus::as_str);
        let device = if is_proven { "proven" } else { "-" };
        [tenant, gates, self.link.as_str(), status, verification, device].map(str::to_owned).to_vec()
    }
}

/// An office with one link that steps were made by.
struct Scene {
    invitee: Invitee,
    office: Office,
    token_id: TokenId,
}

impl Scene {
    fn new(invitee: Invitee, steps: &[Step]) -> Self {
        let office = Office::new(&InMemory);
        let evidence = match invitee {
            Invitee::EmployeeWithDocument => EvidenceMode::DocRequired,
            Invitee::Friend | Invitee::Employee => EvidenceMode::UserAnswer,
        };
        office.schema("tenant_a", "v1", vec![field("passport", evidence)], RolloutScope::CurrentAndNew);
        let token_id = match invitee {
            Invitee::Friend => office.generated("one", InviteeType::Friend, None),
            Invitee::Employee | Invitee::EmployeeWithDocument => {
                office.generated("one", InviteeType::Employee, Some(employment()))
            }
        };
        let scene = Self { invitee, office, token_id };
        for (index, step) in steps.iter().enumerate() {
            let answer = step.make(&scene, &format!("step_{index}"));
            assert!(answer.starts_with("->"), "{steps:?}: {answer}");
        }
        scene
    }

    fn row(&self) -> Option<OnboardingSessionRecord> {
        self.office.sessions().into_values().next()
    }

    /// The session; while there is none, one that nobody knows.
    fn session(&self) -> OnboardingSessionId {
        self.row().map_or_else(|| "nothing".into(), |row| row.onboarding_session_id)
    }

    fn journey(&self) -> Journey<'_> {
        Journey::resume(&self.office, self.session())
    }

    fn link(&self) -> LinkStatus {
        let input = Ph1linkReadLinkRow { token_id: self.token_id.clone() };
        let link = self.office.store().ph1link_read_link_row(&self.office.call(), input);
        link.expect("the read is served").expect("the link exists").link_status
    }

    fn standing(&self) -> Standing {
        let row = self.row();
        let has_gates = self.invitee == Invitee::EmployeeWithDocument;
        assert!(row.iter().all(|row| row.required_verification_gates.is_empty() != has_gates));
        let session = row.map(|row| (row.status, row.verification_status, row.primary_device_confirmed));
        Standing { invitee: self.invitee, session, link: self.link() }
    }

    fn open(&self, key: &str) -> String {
        let input = Ph1linkInviteOpenActivateCommitRow {
            token_id: self.token_id.clone(),
            device_fingerprint: FINGERPRINT.into(),
            idempotency_key: key.into(),
        };
        self.told(self.office.store().ph1link_invite_open_activate_commit_row(&self.office.call(), input))
    }

    fn start(&self, input: Ph1onbSessionStartDraftRow) -> String {
        self.told(self.office.store().ph1onb_session_start_draft_row(&self.office.call(), input))
    }

    /// What a caller is told, in a few words.
    fn told<T>(&self, answer: Result<Committed<T>, StorageError>) -> String {
        match answer {
            Ok(committed) if committed.is_applied() => match self.row() {
                Some(row) => format!("-> {}", row.status),
                None => format!("-> link {}", self.link()),
            },
            Ok(_) => "replayed".to_owned(),
            Err(error) => error.reason_code().to_string(),
        }
    }
}

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

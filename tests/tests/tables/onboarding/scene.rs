//! An onboarding after some steps: the steps, the standings that they lead to, and the text of its answers.

use selene_acceptance::onboarding::{FINGERPRINT, Journey, Office, employment, field, start};
use selene_acceptance::{Backend, Harness, World};
use selene_contracts::ph1_link::{LinkStatus, Ph1linkInviteOpenActivateCommitRow, Ph1linkReadLinkRow};
use selene_contracts::ph1_onb::{
    OnboardingSessionRecord, OnboardingStatus, Ph1onbSessionStartDraftRow, SenderDecision, VerificationStatus,
};
use selene_contracts::ph1_position::EvidenceMode;
use selene_contracts::shared::{InviteeType, OnboardingSessionId, RolloutScope, TokenId};
use selene_contracts::{Committed, StorageError};

use crate::stage::{self, cell};

/// A step that moves a link or a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
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

pub const STEPS: [Step; 11] = [
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
    pub const fn capability(self) -> &'static str {
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

    pub fn make(self, scene: &Scene<impl Backend>, key: &str) -> String {
        let journey = scene.journey();
        match self {
            Self::Open => scene.open(key),
            Self::Start => scene.start(start(&scene.token_id)),
            Self::Accept => scene.cell(journey.terms(true, key)),
            Self::Decline => scene.cell(journey.terms(false, key)),
            Self::Photo => scene.cell(journey.photo(key)),
            Self::Confirm => scene.cell(journey.verify(SenderDecision::Confirm, key)),
            Self::Reject => scene.cell(journey.verify(SenderDecision::Reject, key)),
            Self::Proven => scene.cell(journey.device(true, key)),
            Self::NotProven => scene.cell(journey.device(false, key)),
            Self::Access => scene.cell(journey.access(key)),
            Self::Complete => scene.cell(journey.complete(key)),
        }
    }
}

/// Who is invited: it decides what is pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invitee {
    /// To no tenant.
    Friend,
    /// To a position that demands nothing to be seen.
    Employee,
    /// To a position that demands a document.
    EmployeeWithDocument,
}

impl Invitee {
    pub const ALL: [Self; 3] = [Self::Friend, Self::Employee, Self::EmployeeWithDocument];

    /// The tenant and the gates.
    pub const fn cells(self) -> [&'static str; 2] {
        match self {
            Self::Friend => ["-", "none"],
            Self::Employee => ["tenant_a", "none"],
            Self::EmployeeWithDocument => ["tenant_a", "both"],
        }
    }
}

/// What distinguishes one standing of an onboarding from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    pub invitee: Invitee,
    /// Status, verification, and whether a device is proven.
    pub session: Option<(OnboardingStatus, Option<VerificationStatus>, bool)>,
    link: LinkStatus,
}

impl Standing {
    pub fn cells(&self) -> Vec<String> {
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

/// An office with one link, and the steps that were made on it. The step at place `i` had the key `step_i`.
pub struct Scene<B> {
    invitee: Invitee,
    pub office: Office<B>,
    pub token_id: TokenId,
    pub steps: Vec<Step>,
}

impl<B: Backend> stage::Scene for Scene<B> {
    type Store = B;

    fn world(&self) -> &World<B> {
        &self.office.world
    }
}

impl<B: Backend> Scene<B> {
    pub fn new(harness: &impl Harness<Store = B>, invitee: Invitee, steps: &[Step]) -> Self {
        let office = Office::new(harness);
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
        let scene = Self { invitee, office, token_id, steps: steps.to_vec() };
        for (index, step) in steps.iter().enumerate() {
            let answer = step.make(&scene, &format!("step_{index}"));
            assert!(answer.starts_with("->"), "{steps:?}: {answer}");
        }
        scene
    }

    pub fn row(&self) -> Option<OnboardingSessionRecord> {
        self.office.sessions().into_values().next()
    }

    /// The session; while there is none, one that nobody knows.
    pub fn session(&self) -> OnboardingSessionId {
        self.row().map_or_else(|| "nothing".into(), |row| row.onboarding_session_id)
    }

    pub fn journey(&self) -> Journey<'_, B> {
        Journey::resume(&self.office, self.session())
    }

    pub fn link(&self) -> LinkStatus {
        let input = Ph1linkReadLinkRow { token_id: self.token_id.clone() };
        let link = self.office.store().ph1link_read_link_row(&self.office.call(), input);
        link.expect("the read is served").expect("the link exists").link_status
    }

    pub fn standing(&self) -> Standing {
        let row = self.row();
        let has_gates = self.invitee == Invitee::EmployeeWithDocument;
        assert!(row.iter().all(|row| row.required_verification_gates.is_empty() != has_gates));
        let session = row.map(|row| (row.status, row.verification_status, row.primary_device_confirmed));
        Standing { invitee: self.invitee, session, link: self.link() }
    }

    pub fn open(&self, key: &str) -> String {
        let input = Ph1linkInviteOpenActivateCommitRow {
            token_id: self.token_id.clone(),
            device_fingerprint: FINGERPRINT.into(),
            idempotency_key: key.into(),
        };
        self.cell(self.office.store().ph1link_invite_open_activate_commit_row(&self.office.call(), input))
    }

    pub fn start(&self, input: Ph1onbSessionStartDraftRow) -> String {
        self.cell(self.office.store().ph1onb_session_start_draft_row(&self.office.call(), input))
    }

    /// The cell of an answer: where it was applied, what the session is now; without a session, what the link is.
    pub fn cell<T>(&self, answer: Result<Committed<T>, StorageError>) -> String {
        cell(answer, |_| match self.row() {
            Some(row) => row.status.to_string(),
            None => format!("link {}", self.link()),
        })
    }
}

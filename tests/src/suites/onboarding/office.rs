//! The tenants, people, companies and positions that onboardings happen in.

use std::cell::Cell;

use selene_contracts::ph1_f::{IdentityStatus, Ph1fIdentityInsertRow};
use selene_contracts::ph1_link::{Ph1linkInviteGenerateDraftRow, Ph1linkInviteOpenActivateCommitRow};
use selene_contracts::ph1_position::{EvidenceMode, PositionLifecycle, RequiredRule, RequirementField};
use selene_contracts::shared::{
    InviteeType, PrefilledContext, RolloutScope, SimulationId, TenantId, TokenId, UserId,
};
use selene_contracts::{CallContext, ReasonCode, StorageError};
use selene_storage::test_support::inputs;

use crate::harness::{Backend, Harness};
use crate::workplace::{self, employment, field};
use crate::world::{World, in_chain, key};

/// Two tenants with their people, companies and positions.
///
/// In `tenant_a`: `boss`, `mia` and `tom`, and `old`, who is DISABLED; the company `acme` and its position
/// `nurse` with the band `band_1`. In `tenant_b`: `rival`, `rival_co` and a `nurse` of theirs. `ann` is at home
/// nowhere and owns the device `phone`, which is bound to no tenant; `rival_phone` is bound to `tenant_b`.
pub struct Office<B> {
    /// The store and its audit events.
    pub world: World<B>,
    clock: Cell<u64>,
}

impl<B: Backend> Office<B> {
    /// Two tenants with their people, companies and positions, and no schema yet.
    ///
    /// # Panics
    /// A call is refused.
    pub fn new(harness: &impl Harness<Store = B>) -> Self {
        let office = Self::uninhabited(harness);
        for (user, tenant, status) in [
            ("boss", Some("tenant_a"), IdentityStatus::Active),
            ("tom", Some("tenant_a"), IdentityStatus::Active),
            ("mia", Some("tenant_a"), IdentityStatus::Active),
            ("old", Some("tenant_a"), IdentityStatus::Disabled),
            ("rival", Some("tenant_b"), IdentityStatus::Active),
        ] {
            office.person(user, tenant, status);
        }
        office.world.device("rival_phone", "rival", Some("tenant_b"));
        office
    }

    /// The same with nobody but `ann`.
    ///
    /// # Panics
    /// A call is refused.
    pub fn uninhabited(harness: &impl Harness<Store = B>) -> Self {
        let office = Self { world: World::empty(harness), clock: Cell::new(100) };
        office.person("ann", None, IdentityStatus::Active);
        office.world.device("phone", "ann", None);
        for (tenant, company) in [("tenant_a", "acme"), ("tenant_b", "rival_co")] {
            office.company(tenant, company);
            office.position(tenant, company, "nurse");
        }
        office
    }

    /// The store that the office works on.
    pub fn store(&self) -> &B {
        self.world.store()
    }

    /// A call of Selene OS in a simulation, a little later than the one before.
    pub fn call(&self) -> CallContext {
        self.clock.set(self.clock.get() + 1);
        in_chain(7, self.clock.get()).with_simulation(SimulationId::new("sim_1"))
    }

    /// Checks that a call is refused with `code` and leaves no trace, neither in the ledger nor in a session.
    /// Gives the text of the refusal.
    ///
    /// # Panics
    /// It is not.
    pub fn refuses<T: std::fmt::Debug>(
        &self,
        code: impl Into<ReasonCode>,
        call: impl FnOnce(&B, &CallContext) -> Result<T, StorageError>,
    ) -> String {
        let before = self.sessions();
        let context = self.call();
        let mut text = String::new();
        self.world.refuses(code, |store| call(store, &context).inspect_err(|error| text = error.to_string()));
        assert_eq!(self.sessions(), before, "a refused call changes no session");
        text
    }

    /// Inserts a person.
    ///
    /// # Panics
    /// The insert is refused.
    pub fn person(&self, user: &str, tenant: Option<&str>, status: IdentityStatus) {
        let input = Ph1fIdentityInsertRow {
            tenant_id: tenant.map(TenantId::new),
            status,
            ..inputs::identity(UserId::new(user), key("identity"))
        };
        self.store().ph1f_identity_insert_row(&self.call(), input).expect("the person is inserted");
    }

    fn company(&self, tenant: &str, company: &str) {
        let input = workplace::company(tenant, company, "company");
        self.store().ph1position_company_insert_row(&self.call(), input).expect("the company is inserted");
    }

    /// Makes an ACTIVE position with the band `band_1`.
    ///
    /// # Panics
    /// It is refused.
    pub fn position(&self, tenant: &str, company: &str, position: &str) {
        let input = workplace::position(tenant, position, company, "position");
        self.store().ph1position_create_draft_row(&self.call(), input).expect("the position is made");
        self.lifecycle(tenant, position, PositionLifecycle::Active);
    }

    /// Moves a position to another state.
    ///
    /// # Panics
    /// The move is refused.
    pub fn lifecycle(&self, tenant: &str, position: &str, to: PositionLifecycle) {
        let context = self.call();
        let input = workplace::lifecycle(tenant, position, to, &format!("lifecycle_{}", context.now));
        self.store().ph1position_lifecycle_commit_row(&context, input).expect("the position moves");
    }

    /// Makes a version of the schema of `nurse` of a tenant and activates it.
    ///
    /// # Panics
    /// It is refused.
    pub fn schema(&self, tenant: &str, version: &str, fields: Vec<RequirementField>, rollout: RolloutScope) {
        self.schema_draft(tenant, version, fields);
        let input = workplace::activation(tenant, "nurse", version, rollout, "activate");
        self.store().ph1position_schema_activate_commit_row(&self.call(), input).expect("it is activated");
    }

    /// Makes a version of the schema of `nurse` of a tenant, for the jurisdiction DE.
    ///
    /// # Panics
    /// It is refused.
    pub fn schema_draft(&self, tenant: &str, version: &str, fields: Vec<RequirementField>) {
        let input = workplace::schema(tenant, "nurse", version, fields, "draft");
        self.store().ph1position_schema_draft_row(&self.call(), input).expect("the version is made");
    }

    /// Generates a link of `boss` and opens it on the device with the fingerprint `fingerprint_1`.
    ///
    /// # Panics
    /// It is refused.
    pub fn activated(
        &self,
        name: &str,
        invitee_type: InviteeType,
        context: Option<PrefilledContext>,
    ) -> TokenId {
        let token_id = self.generated(name, invitee_type, context);
        let open = Ph1linkInviteOpenActivateCommitRow {
            token_id: token_id.clone(),
            device_fingerprint: FINGERPRINT.into(),
            idempotency_key: key("open"),
        };
        self.store().ph1link_invite_open_activate_commit_row(&self.call(), open).expect("the link opens");
        token_id
    }

    /// Generates a link of `boss`; its tenant is that of the context.
    ///
    /// # Panics
    /// It is refused.
    pub fn generated(
        &self,
        name: &str,
        invitee_type: InviteeType,
        context: Option<PrefilledContext>,
    ) -> TokenId {
        let input = Ph1linkInviteGenerateDraftRow {
            invitee_type,
            prefilled_context: context,
            ..inputs::link(UserId::new("boss"), key(name))
        };
        let link = self.store().ph1link_invite_generate_draft_row(&self.call(), input);
        link.expect("the link is generated").value.token_id
    }

    /// An activated link for an employee of `acme` as `nurse`.
    ///
    /// # Panics
    /// It is refused.
    pub fn employee(&self, name: &str) -> TokenId {
        self.activated(name, InviteeType::Employee, Some(employment()))
    }
}

/// The fingerprint of the device that opens every link here.
pub const FINGERPRINT: &str = "fingerprint_1";

/// A field that demands a document where a predicate holds.
pub fn document_where(name: &str, predicate: &str) -> RequirementField {
    RequirementField {
        required_rule: RequiredRule::Conditional,
        required_predicate: Some(predicate.into()),
        ..field(name, EvidenceMode::DocRequired)
    }
}

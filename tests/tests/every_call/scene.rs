//! Two tenants that made every write of every engine, in one chain of work.

mod call;
mod scenario;

use std::collections::BTreeMap;

use selene_acceptance::{Backend, Harness, OpenStore};
use serde_json::{Value, json};

pub use self::call::{CHAIN, Call, context};
use crate::dispatch::Written;

/// What a tenant did, and the keys of its rows.
#[derive(Debug, Default)]
pub struct Tenant {
    /// The first applied call of each write.
    pub applied: BTreeMap<&'static str, Value>,
    /// A key of each name that reads ask by.
    pub keys: BTreeMap<&'static str, Value>,
}

impl Tenant {
    /// The ids of the tenant's rows.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.keys.values().filter_map(Value::as_str)
    }
}

/// The store and its two tenants.
pub struct Scene<B> {
    open: OpenStore<B>,
    pub tenants: [Tenant; 2],
}

/// How a write of the scene is made: gives what it gave where it was applied.
pub type Make<'a, B> = dyn FnMut(&mut OpenStore<B>, &Call) -> Written + 'a;

/// One tenant at work.
struct Work<'a, B> {
    open: &'a mut OpenStore<B>,
    make: &'a mut Make<'a, B>,
    name: &'static str,
    turn: u64,
    now: u64,
    tenant: Tenant,
}

impl<B: Backend> Scene<B> {
    pub fn new(harness: &impl Harness<Store = B>) -> Self {
        Self::made(harness.open(), &mut |open, call| Call::applied(open, call))
    }

    /// The same, where each write is made by `make`.
    pub fn made(mut open: OpenStore<B>, make: &mut Make<'_, B>) -> Self {
        let tenants = ["a", "b"].map(|name| Self::tenant(&mut open, name, make));
        Self { open, tenants }
    }

    /// What one of the two tenants does, `a` or `b`.
    pub fn tenant(open: &mut OpenStore<B>, name: &'static str, make: &mut Make<'_, B>) -> Tenant {
        let turn = if name == "a" { 1 } else { 2 };
        let mut make = |open: &mut OpenStore<B>, call: &Call| make(open, call);
        let (now, tenant) = (10_000 * turn, Tenant::default());
        let mut work = Work { open, make: &mut make, name, turn, now, tenant };
        work.people();
        work.workplace();
        work.onboarding();
        work.wake();
        work.campaign();
        work.outcomes();
        work.scenario();
        work.tenant
    }

    /// Closes the store and opens it again.
    pub fn reopen(&mut self) {
        self.open.reopen();
    }

    pub fn store(&self) -> &B {
        self.open.store()
    }

    /// What [`OpenStore::execute`] does on this store.
    pub fn execute(&self, statement: &str) -> usize {
        self.open.execute(statement)
    }

    /// What [`OpenStore::unlock`] does to this store.
    pub fn unlock(&self, ledger: &str) {
        self.open.unlock(ledger);
    }
}

impl<B: Backend> Work<'_, B> {
    /// A name of this tenant.
    fn own(&self, name: &str) -> Value {
        json!(format!("{}_{name}", self.name))
    }

    /// Makes a write and gives what it gave.
    fn write(&mut self, id: &'static str, mut input: Value) -> Value {
        self.now += 1;
        let takes_key = selene_contracts::engines::ALL
            .iter()
            .flat_map(|engine| engine.capabilities)
            .filter(|capability| capability.id == id)
            .any(|capability| capability.input[0].iter().any(|field| field.name == "idempotency_key"));
        if takes_key {
            input["idempotency_key"] = json!(format!("{}_key_{}", self.name, self.now));
        }
        let call = Call { context: context(self.now, self.turn), id, input: input.clone() };
        let done = (self.make)(self.open, &call);
        assert!(done.is_applied, "{id}");
        self.tenant.applied.entry(id).or_insert(input);
        self.tenant.keys.entry("event_id").or_insert_with(|| json!(done.event_id));
        done.value
    }

    /// Remembers a key.
    fn key(&mut self, name: &'static str, value: &Value) -> Value {
        self.tenant.keys.insert(name, value.clone());
        value.clone()
    }

    fn people(&mut self) {
        let tenant = self.own("tenant");
        self.key("tenant_id", &tenant);
        self.key("correlation_id", &json!(u64::try_from(CHAIN).expect("a small number")));
        for user in ["ann", "boss"] {
            let input = json!({"user_id": self.own(user), "tenant_id": tenant, "status": "ACTIVE"});
            self.write("PH1F_IDENTITY_INSERT_ROW", input);
        }
        let ann = self.own("ann");
        self.key("user_id", &ann);
        for device in ["phone", "tablet"] {
            let input = json!({
                "device_id": self.own(device), "user_id": ann, "device_type": "PHONE", "tenant_id": tenant,
            });
            self.write("PH1F_DEVICE_INSERT_ROW", input);
        }
        let phone = self.own("phone");
        self.key("device_id", &phone);
        let session = json!(self.turn);
        self.key("session_id", &session);
        let input = json!({"session_id": session, "user_id": ann, "device_id": phone});
        self.write("PH1F_SESSION_OPEN_COMMIT_ROW", input);
        let input = json!({"session_id": session, "session_state": "SUSPENDED"});
        self.write("PH1F_SESSION_STATE_COMMIT_ROW", input);
        let input = json!({
            "user_id": ann, "memory_key": self.own("hobby"), "memory_operation": "STORE",
            "memory_value_ref": self.own("value"),
        });
        self.write("PH1F_MEMORY_APPEND_COMMIT_ROW", input);
        self.key("memory_seq", &json!(1));
        let input = json!({
            "user_id": ann, "device_id": phone, "conversation_role": "USER", "content_ref": self.own("content"),
        });
        let turn = self.write("PH1F_CONVERSATION_APPEND_COMMIT_ROW", input);
        self.key("conversation_turn_id", &turn["conversation_turn_id"]);
    }

    fn workplace(&mut self) {
        let (tenant, company, position) = (self.own("tenant"), self.own("clinic"), self.own("nurse"));
        self.key("company_id", &company);
        self.key("position_id", &position);
        self.key("schema_version_id", &self.own("v1"));
        let input = json!({
            "tenant_id": tenant, "company_id": company, "legal_name": self.own("Clinic"), "company_state": "SUSPENDED",
        });
        self.write("PH1POSITION_COMPANY_INSERT_ROW", input);
        let input = json!({"tenant_id": tenant, "company_id": company, "company_state": "ACTIVE"});
        self.write("PH1POSITION_COMPANY_STATE_COMMIT_ROW", input);
        let input = json!({
            "tenant_id": tenant, "position_id": position, "company_id": company, "position_title": "Nurse",
            "department": "Ward", "jurisdiction": "DE", "schedule_type": "SHIFT",
            "permission_profile_ref": self.own("profile"), "compensation_band_ref": self.own("band"),
        });
        self.write("PH1POSITION_CREATE_DRAFT_ROW", input);
        let input = json!({"tenant_id": tenant, "position_id": position, "position_lifecycle": "ACTIVE"});
        self.write("PH1POSITION_LIFECYCLE_COMMIT_ROW", input);
        self.key("position_event_seq", &json!(1));
        let version =
            json!({"tenant_id": tenant, "position_id": position, "schema_version_id": self.own("v1")});
        let mut draft = version.clone();
        draft["selectors"] = json!({});
        draft["requirement_fields"] = json!([{
            "field_key": "licence", "field_type": "document", "required_rule": "ALWAYS", "sensitivity": "LOW",
            "exposure": "INTERNAL", "evidence_mode": "DOC_REQUIRED",
        }]);
        self.write("PH1POSITION_SCHEMA_DRAFT_ROW", draft);
        let mut activate = version;
        activate["rollout_scope"] = json!("CURRENT_AND_NEW");
        self.write("PH1POSITION_SCHEMA_ACTIVATE_COMMIT_ROW", activate);
        self.key("schema_event_seq", &json!(1));
    }

    /// An activated link for an employee.
    fn link(&mut self) -> Value {
        let tenant = self.own("tenant");
        let input = json!({
            "inviter_user_id": self.own("boss"), "invitee_type": "EMPLOYEE", "tenant_id": tenant,
            "prefilled_context": {
                "tenant_id": tenant, "company_id": self.own("clinic"), "position_id": self.own("nurse"),
                "compensation_tier_ref": self.own("band"), "jurisdiction_tags": [],
            },
        });
        let link = self.write("PH1LINK_INVITE_GENERATE_DRAFT_ROW", input);
        let input = json!({"token_id": link["token_id"], "device_fingerprint": self.own("fingerprint")});
        self.write("PH1LINK_INVITE_OPEN_ACTIVATE_COMMIT_ROW", input);
        link["token_id"].clone()
    }

    fn onboarding(&mut self) {
        let revoked = self.link();
        let input = json!({"token_id": revoked, "reason_code": "LINK_REVOKED_BY_POLICY"});
        self.write("PH1LINK_INVITE_REVOKE_COMMIT_ROW", input);
        let token = self.link();
        self.key("token_id", &token);
        let input = json!({
            "token_id": token, "device_fingerprint": self.own("fingerprint"), "tenant_id": self.own("tenant"),
        });
        let session = self.write("PH1ONB_SESSION_START_DRAFT_ROW", input)["onboarding_session_id"].clone();
        self.key("onboarding_session_id", &session);
        let with = |more: Value| {
            let mut input = json!({"onboarding_session_id": session});
            for (name, value) in more.as_object().expect("an object") {
                input[name] = value.clone();
            }
            input
        };
        let (boss, ann, phone) = (self.own("boss"), self.own("ann"), self.own("phone"));
        let steps = [
            ("PH1ONB_TERMS_ACCEPT_COMMIT_ROW", json!({"terms_version_id": "terms_1", "accepted": true})),
            (
                "PH1ONB_EMPLOYEE_PHOTO_CAPTURE_SEND_COMMIT_ROW",
                json!({"photo_blob_ref": self.own("photo"), "sender_user_id": boss}),
            ),
            (
                "PH1ONB_EMPLOYEE_SENDER_VERIFY_COMMIT_ROW",
                json!({"sender_user_id": boss, "decision": "CONFIRM"}),
            ),
            (
                "PH1ONB_PRIMARY_DEVICE_CONFIRM_COMMIT_ROW",
                json!({"device_id": phone, "proof_type": "PASSCODE", "proof_ok": true}),
            ),
            (
                "PH1ONB_ACCESS_INSTANCE_CREATE_COMMIT_ROW",
                json!({"user_id": ann, "tenant_id": self.own("tenant"), "role_id": self.own("role")}),
            ),
        ];
        for (id, more) in steps {
            self.write(id, with(more));
        }
        self.voice(&session);
        self.write("PH1ONB_COMPLETE_COMMIT_ROW", with(json!({})));
        let input = json!({
            "tenant_id": self.own("tenant"), "user_id": boss, "role_template_id": self.own("role"),
            "access_lifecycle": "RESTRICTED",
        });
        self.write("PH2ACCESS_INSTANCE_CREATE_COMMIT_ROW", input);
        let input = json!({"tenant_id": self.own("tenant"), "user_id": boss, "access_lifecycle": "ACTIVE"});
        self.write("PH2ACCESS_LIFECYCLE_COMMIT_ROW", input);
    }

    fn voice(&mut self, onboarding: &Value) {
        let start = |device: Value| {
            json!({
                "onboarding_session_id": onboarding, "device_id": device, "consent_asserted": true,
                "max_total_attempts": 5, "max_session_enroll_time_ms": 60_000, "lock_after_consecutive_passes": 2,
            })
        };
        let (phone, tablet) = (self.own("phone"), self.own("tablet"));
        let session =
            self.write("VID_ENROLL_START_DRAFT_ROW", start(phone))["voice_enrollment_session_id"].clone();
        self.key("voice_enrollment_session_id", &session);
        self.key("sample_seq", &json!(1));
        for attempt in [1, 2] {
            let input = json!({
                "voice_enrollment_session_id": session, "audio_sample_ref": self.own("audio"),
                "attempt_index": attempt, "result": "PASS", "reason_code": "VID_ENROLL_SAMPLE_COMMIT",
            });
            self.write("VID_ENROLL_SAMPLE_COMMIT_ROW", input);
        }
        let input = json!({"voice_enrollment_session_id": session});
        let done = self.write("VID_ENROLL_COMPLETE_COMMIT_ROW", input);
        self.key("voice_profile_id", &done["voice_profile_id"]);
        let waiting =
            self.write("VID_ENROLL_START_DRAFT_ROW", start(tablet))["voice_enrollment_session_id"].clone();
        let input = json!({"voice_enrollment_session_id": waiting, "reason_code": "VID_REAUTH_REQUIRED"});
        self.write("VID_ENROLL_DEFER_REMINDER_COMMIT_ROW", input);
    }

    fn wake(&mut self) {
        let (ann, phone, tablet) = (self.own("ann"), self.own("phone"), self.own("tablet"));
        let start = |device: &Value| {
            json!({
                "user_id": ann, "device_id": device, "pass_target": 3, "max_attempts": 8,
                "enrollment_timeout_ms": 180_000,
            })
        };
        let session =
            self.write("PH1W_ENROLL_START_DRAFT_ROW", start(&phone))["wake_enrollment_session_id"].clone();
        self.key("wake_enrollment_session_id", &session);
        for _ in 0..3 {
            let input = json!({
                "wake_enrollment_session_id": session, "sample_duration_ms": 1000, "vad_coverage": 0.5,
                "snr_db": 10.0, "clipping_pct": 0.0, "rms_dbfs": -20.0, "noise_floor_dbfs": -60.0,
                "peak_dbfs": -5.0, "overlap_ratio": 0.0, "result": "PASS",
            });
            self.write("PH1W_ENROLL_SAMPLE_COMMIT_ROW", input);
        }
        let profile = self.own("wake_profile");
        self.key("wake_profile_id", &profile);
        let input = json!({"wake_enrollment_session_id": session, "wake_profile_id": profile});
        self.write("PH1W_ENROLL_COMPLETE_COMMIT_ROW", input);
        let waiting =
            self.write("PH1W_ENROLL_START_DRAFT_ROW", start(&tablet))["wake_enrollment_session_id"].clone();
        let input = json!({
            "wake_enrollment_session_id": waiting, "reason_code": "W_ENROLL_TIMEOUT", "deferred_until": 99_999,
        });
        self.write("PH1W_ENROLL_DEFER_REMINDER_COMMIT_ROW", input);
        let wake_event = self.own("wake_event");
        self.key("wake_event_id", &wake_event);
        let input = json!({
            "wake_event_id": wake_event, "device_id": phone, "accepted": false, "reason_code": "FAIL_G3_SCORE_LOW",
            "tts_active_at_trigger": false, "media_playback_active_at_trigger": false,
        });
        self.write("PH1W_RUNTIME_EVENT_COMMIT_ROW", input);
    }

    fn campaign(&mut self) {
        let tenant = self.own("tenant");
        let input = json!({
            "actor_user_id": self.own("boss"), "tenant_id": tenant, "company_id": self.own("clinic"),
            "position_id": self.own("nurse"), "schema_version_id": self.own("v1"),
            "rollout_scope": "CURRENT_AND_NEW",
        });
        let campaign = self.write("PH1ONB_BACKFILL_START_DRAFT_ROW", input)["campaign_id"].clone();
        for user in ["ann", "boss"] {
            let input = json!({
                "campaign_id": campaign, "tenant_id": tenant, "recipient_user_id": self.own(user),
            });
            self.write("PH1ONB_BACKFILL_NOTIFY_COMMIT_ROW", input);
        }
        let input = json!({"campaign_id": campaign, "tenant_id": tenant});
        self.write("PH1ONB_BACKFILL_COMPLETE_COMMIT_ROW", input);
    }

    fn outcomes(&mut self) {
        let named = json!({"tenant_id": self.own("tenant"), "user_id": self.own("ann"), "device_id": self.own("phone")});
        let with = |more: Value| {
            let mut input = named.clone();
            for (name, value) in more.as_object().expect("an object") {
                input[name] = value.clone();
            }
            input
        };
        let input = with(json!({
            "style_profile_ref": "calm", "delivery_policy_ref": "voice", "preferences_snapshot_ref": "snapshot",
            "reason_code": "PERSONA_PROFILE_COMMIT",
        }));
        self.write("PH1PERSONA_PROFILE_COMMIT_ROW", input);
        let input = with(json!({"format_mode": "FORMATTED_TEXT", "reason_code": "WRITE_FORMATTED_TEXT"}));
        self.write("PH1WRITE_FORMAT_COMMIT_ROW", input);
        let input = with(json!({
            "engine": "PH1.J", "event_type": "GATE_PASS", "reason_code": "J_READ_AUDITED", "severity": "INFO",
            "payload_min": {"gate": "access"},
        }));
        self.write("PH1J_AUDIT_APPEND_COMMIT_ROW", input);
    }
}

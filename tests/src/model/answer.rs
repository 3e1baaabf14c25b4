//! Which engine of the model answers a call.

use selene_contracts::CallContext;
use selene_contracts::ph1_f::Ph1FReasonCode as F;
use selene_contracts::ph1_j::Ph1JReasonCode as J;

use super::admission::Admission;
use super::asked;
use super::calls::{Answer, Call, HiringCall, Step, Value};
use super::foundation;
use super::reference::{Model, Write};
use super::tables::Onboarding;

impl Model {
    /// Answers one call. Never panics: every call is one of these engines.
    pub fn answer(&mut self, step: &Step) -> Answer {
        let before = self.events().len();
        let answer = self.answer_call(step);
        if let Some((event, tables)) = self.event_and_tables(before)
            && [J::JReadAudited.into(), J::JGuardAudited.into()].contains(&event.reason_code)
        {
            asked::complete(event, &step.call, tables);
        }
        answer
    }

    fn answer_call(&mut self, step: &Step) -> Answer {
        let context = &step.context;
        match &step.call {
            Call::Onboarding { id, tenant, primary_device } => {
                let row = Onboarding {
                    tenant: tenant.clone(),
                    primary_device: primary_device.clone(),
                    began_at: context.now,
                    is_declined: false,
                };
                self.tables.onboarding.entry(id.clone()).or_insert(row);
                Answer::Served(Value::Unit)
            }
            Call::Decline { id } => {
                if let Some(row) = self.tables.onboarding.get_mut(id) {
                    row.is_declined = true;
                }
                Answer::Served(Value::Unit)
            }
            Call::Hiring(call) => self.answer_hiring(context, call),
            Call::Engine(call) => self.answer_engine(context, call),
            Call::Append(input) => self.answer_append(context, input),
            call => self
                .answer_foundation(context, call)
                .or_else(|| self.answer_wake(context, call))
                .or_else(|| self.answer_voice(context, call))
                .or_else(|| self.answer_outcome(context, call))
                .expect("every other call is one of these engines"),
        }
    }

    /// Answers a write of PH1.F; `None` for another call.
    fn answer_foundation(&mut self, context: &CallContext, call: &Call) -> Option<Answer> {
        let answer = match call {
            Call::Identity(input) => self.write_for(
                context,
                &Write {
                    capability: "PH1F_IDENTITY_INSERT_ROW",
                    key: &[input.user_id.as_str(), input.idempotency_key.as_str()],
                    input,
                    admission: &Admission::new(F::FContractValidationFailed, &[]),
                },
                |_, earlier| foundation::may_replay(earlier, input.tenant_id.as_ref(), input),
                |tables| foundation::identity(tables, context, input),
            ),
            Call::Device(input) => self.write_for(
                context,
                &Write {
                    capability: "PH1F_DEVICE_INSERT_ROW",
                    key: &[input.device_id.as_str(), input.idempotency_key.as_str()],
                    input,
                    admission: &Admission::new(F::FContractValidationFailed, &[]),
                },
                |_, earlier| foundation::may_replay(earlier, input.tenant_id.as_ref(), input),
                |tables| foundation::device(tables, context, input),
            ),
            Call::Session(input) => self.write_for(
                context,
                &Write {
                    capability: "PH1F_SESSION_OPEN_COMMIT_ROW",
                    key: &[&input.session_id.to_string(), input.idempotency_key.as_str()],
                    input,
                    admission: &Admission::new(F::FContractValidationFailed, &[]),
                },
                |_, earlier| foundation::may_replay_session(earlier, input),
                |tables| foundation::session(tables, context, input),
            ),
            Call::State(input) => self.write(
                context,
                "PH1F_SESSION_STATE_COMMIT_ROW",
                &[&input.session_id.to_string(), input.idempotency_key.as_str()],
                input,
                &foundation::state_admission(input),
                |tables| foundation::state(tables, context, input),
            ),
            Call::Memory(input) => self.write(
                context,
                "PH1F_MEMORY_APPEND_COMMIT_ROW",
                &[input.user_id.as_str(), input.idempotency_key.as_str()],
                input,
                &foundation::memory_admission(input),
                |tables| foundation::memory(tables, context, input),
            ),
            Call::Turn(input) => self.write_for(
                context,
                &Write {
                    capability: "PH1F_CONVERSATION_APPEND_COMMIT_ROW",
                    key: &[&context.correlation_id.to_string(), input.idempotency_key.as_str()],
                    input,
                    admission: &foundation::turn_admission(input),
                },
                |_, earlier| foundation::may_replay_turn(earlier, input),
                |tables| foundation::turn(tables, context, input),
            ),
            _ => return None,
        };
        Some(answer)
    }

    /// Answers a call of one of the four engines.
    fn answer_hiring(&mut self, context: &CallContext, call: &HiringCall) -> Answer {
        self.answer_link(context, call)
            .or_else(|| self.answer_position(context, call))
            .or_else(|| self.answer_access(context, call))
            .or_else(|| self.answer_onboarding(context, call))
            .or_else(|| self.answer_campaign(context, call))
            .unwrap_or_else(|| self.answer_read(context, call))
    }
}

//! Everything that a call takes or gives can be kept: it is `Debug + Clone + Serialize + Deserialize`.
//!
//! Asked of every capability by the types themselves, without a list: a record that could not be kept would not compile.

use std::fmt::Debug;

use selene_contracts::ph1_w::*;
use selene_contracts::{Capability, CapabilityVisitor, engines};
use serde::Serialize;
use serde::de::DeserializeOwned;

fn can_be_kept<T: Debug + Clone + Serialize + DeserializeOwned + Send + 'static>() {}

#[derive(Default)]
struct Everything {
    capabilities: usize,
}

impl CapabilityVisitor for Everything {
    fn visit<C: Capability>(&mut self) {
        can_be_kept::<C>();
        can_be_kept::<C::Output>();
        self.capabilities += 1;
    }
}

#[test]
fn every_input_and_output_can_be_kept() {
    let mut everything = Everything::default();
    engines::visit_capabilities(&mut everything);
    let stated: usize = selene_contracts::ALL.iter().map(|engine| engine.capabilities.len()).sum();
    assert_eq!(everything.capabilities, stated);
}

#[test]
fn a_record_reads_back_as_it_was_written() {
    let written = WakeEnrollmentSampleRecord {
        wake_enrollment_session_id: "wes_1".into(),
        sample_seq: 1,
        captured_at: selene_contracts::shared::MonotonicTimeNs::new(u64::MAX),
        sample_duration_ms: 900,
        vad_coverage: 0.1,
        snr_db: 21.5,
        clipping_pct: 0.01,
        rms_dbfs: -20.3,
        noise_floor_dbfs: -61.0,
        peak_dbfs: -2.7,
        overlap_ratio: 0.125,
        result: WakeSampleResult::Pass,
        reason_code: None,
    };
    let text = serde_json::to_string(&written).unwrap();
    assert_eq!(serde_json::from_str::<WakeEnrollmentSampleRecord>(&text).unwrap(), written);
}

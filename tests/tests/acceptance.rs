//! Every acceptance test of the specs, on a file and in memory.

mod on_disk {
    use selene_acceptance::{
        AccessSuite, AuditSuite, FoundationSuite, LinkSuite, OnDisk, OnboardingSuite, PersonaSuite,
        PositionSuite, VoiceSuite, WakeSuite, WriteSuite,
    };

    selene_contracts::ph1_f_acceptance_tests!(FoundationSuite(OnDisk));
    selene_contracts::ph1_j_acceptance_tests!(AuditSuite(OnDisk));
    selene_contracts::ph1_link_acceptance_tests!(LinkSuite(OnDisk));
    selene_contracts::ph1_onb_acceptance_tests!(OnboardingSuite(OnDisk));
    selene_contracts::ph1_persona_acceptance_tests!(PersonaSuite(OnDisk));
    selene_contracts::ph1_position_acceptance_tests!(PositionSuite(OnDisk));
    selene_contracts::ph1_voice_id_acceptance_tests!(VoiceSuite(OnDisk));
    selene_contracts::ph1_w_acceptance_tests!(WakeSuite(OnDisk));
    selene_contracts::ph1_write_acceptance_tests!(WriteSuite(OnDisk));
    selene_contracts::ph2_access_acceptance_tests!(AccessSuite(OnDisk));
}

mod in_memory {
    use selene_acceptance::{
        AccessSuite, AuditSuite, FoundationSuite, InMemory, LinkSuite, OnboardingSuite, PersonaSuite,
        PositionSuite, VoiceSuite, WakeSuite, WriteSuite,
    };

    selene_contracts::ph1_f_acceptance_tests!(FoundationSuite(InMemory));
    selene_contracts::ph1_j_acceptance_tests!(AuditSuite(InMemory));
    selene_contracts::ph1_link_acceptance_tests!(LinkSuite(InMemory));
    selene_contracts::ph1_onb_acceptance_tests!(OnboardingSuite(InMemory));
    selene_contracts::ph1_persona_acceptance_tests!(PersonaSuite(InMemory));
    selene_contracts::ph1_position_acceptance_tests!(PositionSuite(InMemory));
    selene_contracts::ph1_voice_id_acceptance_tests!(VoiceSuite(InMemory));
    selene_contracts::ph1_w_acceptance_tests!(WakeSuite(InMemory));
    selene_contracts::ph1_write_acceptance_tests!(WriteSuite(InMemory));
    selene_contracts::ph2_access_acceptance_tests!(AccessSuite(InMemory));
}

//! Every acceptance test of the specs, on a file and in memory.

mod on_disk {
    use selene_acceptance::{
        AuditSuite, FoundationSuite, OnDisk, PersonaSuite, VoiceSuite, WakeSuite, WriteSuite,
    };

    selene_contracts::ph1_f_acceptance_tests!(FoundationSuite(OnDisk));
    selene_contracts::ph1_j_acceptance_tests!(AuditSuite(OnDisk));
    selene_contracts::ph1_persona_acceptance_tests!(PersonaSuite(OnDisk));
    selene_contracts::ph1_voice_id_acceptance_tests!(VoiceSuite(OnDisk));
    selene_contracts::ph1_w_acceptance_tests!(WakeSuite(OnDisk));
    selene_contracts::ph1_write_acceptance_tests!(WriteSuite(OnDisk));
}

mod in_memory {
    use selene_acceptance::{
        AuditSuite, FoundationSuite, InMemory, PersonaSuite, VoiceSuite, WakeSuite, WriteSuite,
    };

    selene_contracts::ph1_f_acceptance_tests!(FoundationSuite(InMemory));
    selene_contracts::ph1_j_acceptance_tests!(AuditSuite(InMemory));
    selene_contracts::ph1_persona_acceptance_tests!(PersonaSuite(InMemory));
    selene_contracts::ph1_voice_id_acceptance_tests!(VoiceSuite(InMemory));
    selene_contracts::ph1_w_acceptance_tests!(WakeSuite(InMemory));
    selene_contracts::ph1_write_acceptance_tests!(WriteSuite(InMemory));
}

//! Rows of identities and devices.

use selene_contracts::Admitted;
use selene_contracts::ph1_f::{Ph1fDeviceInsertRow, Ph1fIdentityInsertRow};

use crate::failure::Failure;
use crate::rows::person::person;
use crate::rows::standing;
use crate::rows::stored::StoredWrite;
use crate::rules::ph1_f::DeviceFacts;
use crate::session::Session;

impl StoredWrite for Ph1fIdentityInsertRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<bool, Failure> {
        standing::has_identity(db, &call.input().user_id)
    }
}

impl StoredWrite for Ph1fDeviceInsertRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<DeviceFacts, Failure> {
        let input = call.input();
        Ok(DeviceFacts {
            owner: person(db, &input.user_id)?,
            has_device: standing::device(db, &input.device_id)?.is_some(),
        })
    }
}

//! Updates of a column that never changes, by another column than the key, of one that is not there, and with a
//! value of another type.

use selene_contracts::ph1_f::DeviceRecord;
use selene_contracts::shared::{DeviceId, TenantId, UserId};
use selene_contracts::update;

fn main() {
    let (device_id, user_id, tenant_id) =
        (DeviceId::new("phone"), UserId::new("ada"), TenantId::new("acme"));
    update!(DeviceRecord set { tenant_id: &tenant_id } where { device_id: &device_id });
    update!(DeviceRecord set { user_id: &user_id } where { device_id: &device_id });
    update!(DeviceRecord set { tenant_id: &tenant_id } where { user_id: &user_id });
    update!(DeviceRecord set { tenant: &tenant_id } where { device_id: &device_id });
    update!(DeviceRecord set { tenant_id: &user_id } where { device_id: &device_id });
}

//! Whether a person may act, or get access, in a tenant.

use selene_contracts::shared::TenantId;

use super::standing::fits;

/// The columns of an existing identity that rules check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The tenant that is their home; `None` where they have none.
    pub(crate) home_tenant_id: Option<TenantId>,
    /// The identity is DISABLED.
    pub(crate) is_disabled: bool,
}

impl Person {
    /// Whether the home tenant of the person is this tenant, where both are known. Without a home or without a tenant it is true.
    pub(crate) fn fits(&self, tenant_id: Option<&TenantId>) -> bool {
        fits(self.home_tenant_id.as_ref(), tenant_id)
    }

    /// Whether the person may act in this tenant: the home [fits](Self::fits), and the identity is not DISABLED.
    pub(crate) fn may_act(&self, tenant_id: Option<&TenantId>) -> bool {
        self.fits(tenant_id) && !self.is_disabled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_another_home_does_not_fit() {
        let cases = [
            (None, None, true),
            (None, Some("a"), true),
            (Some("a"), None, true),
            (Some("a"), Some("a"), true),
            (Some("a"), Some("b"), false),
        ];
        for (home, tenant, expected) in cases {
            let person = Person { home_tenant_id: home.map(TenantId::new), ..Person::default() };
            let tenant = tenant.map(TenantId::new);
            assert_eq!(person.fits(tenant.as_ref()), expected, "{home:?} in {tenant:?}");
            assert_eq!(person.may_act(tenant.as_ref()), expected, "{home:?} in {tenant:?}");
            let disabled = Person { is_disabled: true, ..person };
            assert_eq!(disabled.fits(tenant.as_ref()), expected, "{home:?} in {tenant:?}");
            assert!(!disabled.may_act(tenant.as_ref()), "{home:?} in {tenant:?}");
        }
    }
}

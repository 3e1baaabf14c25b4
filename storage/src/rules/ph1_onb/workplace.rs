//! The conditions of link, company and position for the access of an employee and for the completion.

use selene_contracts::ph1_link::{LinkRecord, LinkStatus};
use selene_contracts::ph1_onb::{OnboardingSessionRecord, Ph1OnbReasonCode};
use selene_contracts::ph1_position::{CompanyState, PositionLifecycle, PositionRecord, TenantCompanyRecord};
use selene_contracts::shared::{CompensationTierRef, InviteeType, PositionId};
use selene_contracts::{Capability, StorageError};

use crate::rules::refuse;

/// The link of a session, and the rows of the position that it names.
#[derive(Debug, Clone, Default)]
pub struct Workplace {
    pub(crate) link: Option<LinkRecord>,
    /// The position in the tenant of the session.
    pub(crate) position: Option<PositionRecord>,
    /// The company that the position belongs to.
    pub(crate) company: Option<TenantCompanyRecord>,
}

/// The position that an employee's link names, if any.
pub(crate) fn position_of(link: &LinkRecord) -> Option<&PositionId> {
    if link.invitee_type != InviteeType::Employee {
        return None;
    }
    link.prefilled_context.as_ref()?.position_id.as_ref()
}

impl Workplace {
    /// Checks that the link is still ACTIVATED: it may have been revoked during the onboarding. Then, for an employee with a
    /// position: the session has a tenant, the company is the one of the invitation and ACTIVE, the position is ACTIVE and of that
    /// company, and the compensation tier is its band. A value that the invitation leaves open fails its check.
    ///
    /// # Errors
    /// The first that does not hold.
    pub(crate) fn check<C: Capability>(&self, session: &OnboardingSessionRecord) -> Result<(), StorageError> {
        let link = self
            .link
            .as_ref()
            .filter(|link| link.token_id == session.token_id)
            .ok_or_else(|| refuse::not_found::<C, LinkRecord>("token_id"))?;
        if link.link_status != LinkStatus::Activated {
            let code = Ph1OnbReasonCode::OnbLinkNotActivated;
            return Err(refuse::rule_as::<C>(code, "token_id", "must be an activated link"));
        }
        let (Some(_), Some(context)) = (position_of(link), &link.prefilled_context) else { return Ok(()) };
        let failed =
            |field, rule| Err(refuse::rule_as::<C>(Ph1OnbReasonCode::OnbPositionPrereqFailed, field, rule));
        // The gates come from the tenant's schema at the start. With a tenant that is named later, they would be missing.
        if session.tenant_id.is_none() {
            return failed(
                "tenant_id",
                "must be known when the onboarding of an employee with a position starts",
            );
        }
        let is_active = |company: &&TenantCompanyRecord| company.company_state == CompanyState::Active;
        let Some(company) = self.company.as_ref().filter(is_active) else {
            return failed("company_id", "must be of an ACTIVE company");
        };
        if context.company_id.as_ref() != Some(&company.company_id) {
            return failed("company_id", "must be the company of the position");
        }
        let fits = |position: &&PositionRecord| {
            position.position_lifecycle == PositionLifecycle::Active
                && position.company_id == company.company_id
        };
        let Some(position) = self.position.as_ref().filter(fits) else {
            return failed("position_id", "must be of an ACTIVE position of the company");
        };
        let tier = context.compensation_tier_ref.as_ref().map(CompensationTierRef::as_str);
        if tier != Some(position.compensation_band_ref.as_str()) {
            return failed("compensation_tier_ref", "must be the band of the position");
        }
        Ok(())
    }
}

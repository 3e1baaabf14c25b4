//! To which chain the last event of a device or a person went: a call that names no tenant is led, and its chain is held, by that.
//!
//! It is a guess that costs time where it is wrong and nothing else: a chain is held before anything is appended to it, whatever was
//! guessed.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use selene_storage::backend::About;

/// Devices and people that are remembered at most, of each.
const AT_MOST: usize = 65_536;

/// Chains by device and by person.
#[derive(Debug, Default)]
pub(crate) struct LikelyChains {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    devices: BTreeMap<String, String>,
    people: BTreeMap<String, String>,
}

impl LikelyChains {
    /// The chain that a call about these is likely to append to.
    pub(crate) fn chain(&self, about: &About<'_>) -> Option<String> {
        if let Some(tenant) = about.tenant {
            return Some(tenant.to_owned());
        }
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let device = about.device.and_then(|device| known.devices.get(device));
        device.or_else(|| about.person.and_then(|person| known.people.get(person))).cloned()
    }

    /// Remembers where an event went.
    pub(crate) fn appended(&self, about: &About<'_>, chain_id: &str) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Known { devices, people } = &mut *known;
        for (name, chains) in [(about.device, devices), (about.person, people)] {
            let Some(name) = name else { continue };
            if let Some(chain) = chains.get_mut(name) {
                if chain != chain_id {
                    chain_id.clone_into(chain);
                }
                continue;
            }
            if chains.len() >= AT_MOST {
                chains.clear();
            }
            chains.insert(name.to_owned(), chain_id.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_goes_where_the_last_event_of_its_device_went() {
        let likely_chains = LikelyChains::default();
        let about = |tenant, device, person| About { tenant, device, person };
        assert_eq!(likely_chains.chain(&about(None, Some("phone"), Some("ann"))), None);
        likely_chains.appended(&about(None, Some("phone"), Some("ann")), "");
        likely_chains.appended(&about(Some("acme"), Some("phone"), None), "acme");
        assert_eq!(likely_chains.chain(&about(None, Some("phone"), Some("ann"))).as_deref(), Some("acme"));
        assert_eq!(likely_chains.chain(&about(None, None, Some("ann"))).as_deref(), Some(""));
        assert_eq!(likely_chains.chain(&about(Some("zoo"), Some("phone"), None)).as_deref(), Some("zoo"));
    }
}

//! The methods that the handles of every database have for tests, from one text.

/// Gives a handle methods that only tests ask for. `$columns` says the names of a table's columns in their order, of a connection that
/// reads.
#[doc(hidden)]
#[macro_export]
macro_rules! implement_test_support {
    ($Handle:ident, $columns:path) => {
        /// For tests only.
        impl $Handle {
            /// For tests only: writes an onboarding session as it is, and the link that it came from, without a rule and
            /// without an event. One of the same key that is there already stays as it is.
            ///
            /// # Errors
            /// A constraint of the database refuses the row.
            pub fn insert_onboarding_session(
                &self,
                record: &selene_contracts::ph1_onb::OnboardingSessionRecord,
            ) -> Result<(), selene_contracts::StorageError> {
                $crate::test_support::insert_onboarding_session(&self.shared, record)
            }

            /// For tests only: declines the terms of an onboarding session, without a rule and without an event. Where there is
            /// no such session, nothing happens.
            ///
            /// # Errors
            /// The database refuses the change.
            pub fn decline_onboarding_session(
                &self,
                id: &selene_contracts::shared::OnboardingSessionId,
            ) -> Result<(), selene_contracts::StorageError> {
                $crate::test_support::decline_onboarding_session(&self.shared, id)
            }

            /// For tests only: writes what changes of a row as it is, as no capability would.
            ///
            /// # Errors
            /// A constraint of the database refuses the row.
            pub fn overwrite<R: selene_contracts::row::CurrentRow + Clone + Send + 'static>(
                &self,
                row: &R,
            ) -> Result<(), selene_contracts::StorageError> {
                $crate::test_support::overwrite(&self.shared, row)
            }

            /// For tests only: every row of every table, by the table's name.
            ///
            /// # Errors
            /// The store cannot be read.
            pub fn every_row(
                &self,
            ) -> Result<
                std::collections::BTreeMap<String, $crate::test_support::TableRows>,
                selene_contracts::StorageError,
            > {
                $crate::test_support::every_row(&*self.shared, $columns)
            }
        }
    };
}

pub use implement_test_support;

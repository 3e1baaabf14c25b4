//! Rows of PH1.ONB: onboarding sessions and their steps, campaigns and their targets.

mod backfill;
mod campaigns;
mod sessions;
mod steps;

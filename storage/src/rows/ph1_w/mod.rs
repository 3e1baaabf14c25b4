//! Rows of PH1.W: enrollments, samples, bindings, runtime events.

mod enroll;
mod runtime;

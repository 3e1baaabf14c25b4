//! One call: from when it is made until its answer is handed over.
//!
//! What lives here: the span of a call, its wait, its end. What must not: anything of its input but the mark of its tenant.

#[cfg(any(feature = "metrics", feature = "tracing"))]
use selene_contracts::CapabilitySpec;
use selene_contracts::shared::TenantId;
use selene_contracts::{CallContext, Capability, Ended, StorageError};

#[cfg(any(feature = "metrics", feature = "tracing"))]
use crate::observe::metrics::{seconds, seconds_by};
#[cfg(any(feature = "metrics", feature = "tracing"))]
use crate::observe::stopwatch::Stopwatch;
#[cfg(feature = "tracing")]
use crate::observe::stopwatch::micros;

/// What is watched of one call; empty where nobody can watch.
pub(crate) struct Call {
    #[cfg(any(feature = "metrics", feature = "tracing"))]
    watched: Option<Watched>,
}

#[cfg(any(feature = "metrics", feature = "tracing"))]
struct Watched {
    spec: &'static CapabilitySpec,
    made: Stopwatch,
    has_begun: bool,
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

#[cfg(any(feature = "metrics", feature = "tracing"))]
impl Watched {
    /// Its transaction runs it, for the first time or again.
    fn begin(&mut self) {
        if self.has_begun {
            return;
        }
        self.has_begun = true;
        let waited = self.made.elapsed();
        seconds("selene_wait_seconds", waited);
        #[cfg(feature = "tracing")]
        self.span.record("wait_us", micros(waited));
    }
}

impl Call {
    /// Watches a call from now on. Its span is a child of the one that the caller is in.
    pub(crate) fn made<C: Capability>(context: &CallContext, input: &C) -> Self {
        // A recorder alone asks for neither.
        let _ = (context, input);
        #[cfg(not(any(feature = "metrics", feature = "tracing")))]
        return Self {};
        #[cfg(any(feature = "metrics", feature = "tracing"))]
        Self {
            watched: Some(Watched {
                spec: C::SPEC,
                made: Stopwatch::start(),
                has_begun: false,
                #[cfg(feature = "tracing")]
                span: span(C::SPEC, context, input.tenant_id()),
            }),
        }
    }

    /// Watches nothing: a part of a call that is watched as a whole, or work of the store itself.
    pub(crate) const fn unwatched() -> Self {
        Self {
            #[cfg(any(feature = "metrics", feature = "tracing"))]
            watched: None,
        }
    }

    /// Its transaction runs it; what is run is within its span. A call that is run again has waited once.
    pub(crate) fn run<T>(&mut self, run: impl FnOnce() -> T) -> T {
        #[cfg(any(feature = "metrics", feature = "tracing"))]
        if let Some(watched) = &mut self.watched {
            watched.begin();
            #[cfg(feature = "tracing")]
            return watched.span.in_scope(run);
        }
        run()
    }

    /// Runs a read that has not waited in a queue.
    fn answered<T>(&self, answer: impl FnOnce() -> T) -> T {
        #[cfg(feature = "tracing")]
        if let Some(watched) = &self.watched {
            return watched.span.in_scope(answer);
        }
        answer()
    }

    /// Its answer is handed over.
    pub(crate) fn end(&mut self, ended: Ended) {
        #[cfg(any(feature = "metrics", feature = "tracing"))]
        if let Some(watched) = self.watched.take() {
            let elapsed = watched.made.elapsed();
            ended.count(watched.spec);
            seconds_by("selene_call_seconds", "capability", watched.spec.id, elapsed);
            #[cfg(feature = "tracing")]
            record_end(&watched.span, ended, elapsed);
        }
        let _ = ended;
    }
}

/// Watches a read that is answered at once, in no queue.
pub(crate) fn answer<C: Capability, T>(
    context: &CallContext,
    input: &C,
    answer: impl FnOnce() -> Result<T, StorageError>,
) -> Result<T, StorageError> {
    let mut call = Call::made(context, input);
    let result = call.answered(answer);
    call.end(result.as_ref().map_or_else(Ended::of_error, |_| Ended::ANSWERED));
    result
}

/// The span that a caller is in, to be taken to another thread.
#[cfg(feature = "async")]
pub(crate) struct Parent(#[cfg(feature = "tracing")] tracing::Span);

#[cfg(feature = "async")]
impl Parent {
    /// The span of this thread.
    pub(crate) fn current() -> Self {
        Self(
            #[cfg(feature = "tracing")]
            tracing::Span::current(),
        )
    }

    /// Runs on another thread within the span.
    pub(crate) fn within<T>(self, run: impl FnOnce() -> T) -> T {
        #[cfg(feature = "tracing")]
        return self.0.in_scope(run);
        #[cfg(not(feature = "tracing"))]
        run()
    }
}

/// The tenant of the event that the call is about to append, where its input does not say.
pub(crate) fn tenant(tenant_id: Option<&TenantId>) {
    #[cfg(feature = "tracing")]
    if let Some(tenant_id) = tenant_id {
        let span = tracing::Span::current();
        if !span.is_disabled() {
            span.record("tenant", mark(tenant_id));
        }
    }
    let _ = tenant_id;
}

#[cfg(feature = "tracing")]
fn span(spec: &'static CapabilitySpec, context: &CallContext, tenant_id: Option<&TenantId>) -> tracing::Span {
    use tracing::field::Empty;

    let span = tracing::debug_span!(
        target: "selene::call",
        "call",
        engine = spec.engine,
        capability = spec.id,
        mode = ?context.mode,
        tenant = Empty,
        wait_us = Empty,
        outcome = Empty,
        code = Empty,
    );
    if let (false, Some(tenant_id)) = (span.is_disabled(), tenant_id) {
        span.record("tenant", mark(tenant_id));
    }
    span
}

/// Records the end of a call in its span, and emits it as an event: as a warning or an error only where the store failed.
#[cfg(feature = "tracing")]
fn record_end(span: &tracing::Span, ended: Ended, elapsed: std::time::Duration) {
    let (outcome, code) = (ended.outcome.as_str(), ended.code.map(selene_contracts::ReasonCode::as_str));
    span.record("outcome", outcome);
    if let Some(code) = code {
        span.record("code", code);
    }
    let _entered = span.enter();
    let elapsed_us = micros(elapsed);
    match ended.outcome {
        selene_contracts::Outcome::Unknown => {
            tracing::error!(target: "selene::call", outcome, code, elapsed_us, "call ended");
        }
        selene_contracts::Outcome::Unavailable => {
            tracing::warn!(target: "selene::call", outcome, code, elapsed_us, "call ended");
        }
        _ => tracing::debug!(target: "selene::call", outcome, code, elapsed_us, "call ended"),
    }
}

/// What stands for a tenant: 16 hexadecimal digits. Who knows the id can make the mark, and nobody can make the id of a mark but by
/// trying ids.
#[cfg(feature = "tracing")]
fn mark(tenant_id: &TenantId) -> String {
    let digest = blake3::derive_key(
        "selene-storage 2026-11 mark of a tenant in traces",
        tenant_id.as_str().as_bytes(),
    );
    let start: [u8; 8] = std::array::from_fn(|position| digest[position]);
    format!("{:016x}", u64::from_be_bytes(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(not(any(feature = "metrics", feature = "tracing")))]
    #[test]
    fn where_nobody_can_watch_a_call_carries_nothing() {
        assert_eq!(size_of::<Call>(), 0);
        assert_eq!(size_of::<crate::observe::Batch>(), 0);
    }

    #[cfg(feature = "tracing")]
    #[test]
    fn the_mark_of_a_tenant_is_stable_and_short() {
        let mark_of = |id| mark(&TenantId::new(id));
        assert_eq!(mark_of("tenant_a"), mark_of("tenant_a"));
        assert_ne!(mark_of("tenant_a"), mark_of("tenant_b"));
        assert_eq!(mark_of("tenant_a").len(), 16);
    }
}

//! Processor time of this process.

/// Seconds of processor time so far, the system's for this process among them.
#[cfg(unix)]
pub(crate) fn seconds() -> f64 {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;

    let Ok(usage) = getrusage(UsageWho::RUSAGE_SELF) else {
        return 0.0;
    };
    let microseconds =
        usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    let microseconds = u64::try_from(microseconds).unwrap_or_default();
    std::time::Duration::from_micros(microseconds).as_secs_f64()
}

/// Where that cannot be had, the time that has passed stands for it.
#[cfg(not(unix))]
pub(crate) fn seconds() -> f64 {
    use std::sync::OnceLock;
    use std::time::Instant;

    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

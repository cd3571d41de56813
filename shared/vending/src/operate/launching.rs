//! Pausing and resuming launching by hand.

use tracing::info;

use super::Operating;
use crate::Error;
use crate::ledger::{Launching, Operator, Pause, Resumed};
use crate::provision;

/// What pausing would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PausePlan {
    /// Nothing more is launched; so many launches under way are finished.
    Pause {
        /// Launches under way.
        in_flight: usize,
    },
    /// Launching is paused already, for this.
    Already(Pause),
}

/// What resuming would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResumePlan {
    /// Launching goes on, and this pause is over.
    Resume(Pause),
    /// Launching is not paused.
    NotPaused,
}

/// What pausing would do now.
#[must_use]
pub fn plan_pause(launching: &Launching) -> PausePlan {
    match &launching.pause {
        Some(pause) => PausePlan::Already(pause.clone()),
        None => PausePlan::Pause { in_flight: launching.in_flight.len() },
    }
}

/// What resuming would do now.
#[must_use]
pub fn plan_resume(launching: &Launching) -> ResumePlan {
    launching.pause.clone().map_or(ResumePlan::NotPaused, ResumePlan::Resume)
}

/// Pauses launching by the word of `by`, unless it is paused: the admins are told by the
/// next invocation of `provision`.
///
/// # Errors
/// When the ledger does not answer.
pub async fn pause(world: &Operating<'_>, by: &Operator, why: &str) -> Result<PausePlan, Error> {
    let plan = plan_pause(&world.ledger.launching().await?);
    if let PausePlan::Pause { in_flight } = &plan {
        let reason = format!("paused by {}: {why}", by.0);
        let pause =
            Pause { since: world.clock.now(), reason, announced: false, by: Some(by.clone()) };
        world.ledger.set_pause(&pause).await?;
        info!(in_flight, "launching paused by an operator");
    }
    Ok(plan)
}

/// Launches again after a pause, by the word of `by`; the count of failures in a row starts
/// anew.
///
/// # Errors
/// When the ledger does not answer.
pub async fn resume(world: &Operating<'_>, by: &Operator) -> Result<ResumePlan, Error> {
    let plan = plan_resume(&world.ledger.launching().await?);
    if let ResumePlan::Resume(_) = &plan {
        let resumed = Resumed { by: by.clone(), at: world.clock.now() };
        provision::resume(world.ledger, &resumed).await?;
        info!("launching resumed by an operator");
    }
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::at;

    #[test]
    fn a_pause_is_made_once_and_ended_once() {
        let pause = Pause { since: at(0), reason: "drift".into(), announced: true, by: None };
        let paused = Launching { pause: Some(pause.clone()), ..Launching::default() };
        assert_eq!(plan_pause(&paused), PausePlan::Already(pause.clone()));
        assert_eq!(plan_resume(&paused), ResumePlan::Resume(pause));
        assert_eq!(plan_pause(&Launching::default()), PausePlan::Pause { in_flight: 0 });
        assert_eq!(plan_resume(&Launching::default()), ResumePlan::NotPaused);
    }
}

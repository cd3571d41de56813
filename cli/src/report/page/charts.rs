//! What the charts share: patterns that are told apart without color, the legend, and
//! the axis of time.

use maud::{Markup, PreEscaped, html};

use crate::report::axis::{Axis, Tick};
use crate::report::phase::PhaseKind;

/// The patterns, once for the page.
const PATTERNS: &str = r#"<svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false"><defs>
<pattern id="wait" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="wait-ground" width="6" height="6"/><rect class="wait-line" width="2" height="6"/></pattern>
<pattern id="give" width="5" height="5" patternUnits="userSpaceOnUse"><rect class="give-ground" width="5" height="5"/><rect class="give-line" width="2" height="5"/></pattern>
<pattern id="stop" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="stop-ground" width="6" height="6"/><rect class="stop-line" y="2" width="3" height="2"/></pattern>
<pattern id="fail" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect class="fail-ground" width="7" height="7"/><rect class="fail-line" width="3" height="7"/></pattern>
</defs></svg>"#;

/// The patterns that the charts and their legends are filled with.
pub(super) fn patterns() -> Markup {
    PreEscaped(PATTERNS.to_owned())
}

/// The class that gives a phase its color and pattern.
pub(super) fn class_of(kind: PhaseKind) -> &'static str {
    match kind {
        PhaseKind::Queued => "queue",
        PhaseKind::ToldToWait => "wait",
        PhaseKind::Provisioning => "make",
        PhaseKind::Configuring => "give",
        PhaseKind::Stopped => "stop",
    }
}

/// What stands for what.
pub(super) fn legend<'a>(
    fills: impl IntoIterator<Item = (&'a str, &'a str)>,
    ends: impl IntoIterator<Item = (&'a str, &'a str, Markup)>,
) -> Markup {
    html! {
        ul.legend {
            @for (class, words) in fills {
                li {
                    svg width="22" height="12" aria-hidden="true" {
                        rect class=(class) width="22" height="12" rx="2" {}
                    }
                    (words)
                }
            }
            @for (class, words, mark) in ends {
                li {
                    svg width="14" height="14" aria-hidden="true" {
                        svg class=(class) x="7" y="7" overflow="visible" { (mark) }
                    }
                    (words)
                }
            }
        }
    }
}

/// The axis' ticks with their words, above a chart; in two rows where they are no whole days.
pub(super) fn scale(axis: &Axis) -> Markup {
    let ticks = axis.ticks();
    let height = if ticks.iter().any(|tick| tick.time.is_some()) { "34" } else { "18" };
    html! {
        svg.scale width="100%" height=(height) aria-hidden="true" {
            @for (place, tick) in ticks.iter().enumerate() { (words(tick, place)) }
        }
    }
}

fn words(tick: &Tick, place: usize) -> Markup {
    let anchor = match tick.at {
        at if at < 4.0 => "start",
        at if at > 96.0 => "end",
        _ => "middle",
    };
    // Every other one has no room on a phone.
    let class = (place % 2 == 1).then_some("odd");
    let at = percent(tick.at);
    html! {
        @if let Some(words) = &tick.day {
            text.day class=[class] x=(at) y="12" text-anchor=(anchor) { (words) }
        }
        @if let Some(words) = &tick.time {
            text class=[class] x=(at) y="28" text-anchor=(anchor) { (words) }
        }
    }
}

/// A line at each tick, for every lane to be drawn upon.
pub(super) fn grid(axis: &Axis) -> Markup {
    html! {
        svg.patterns width="0" height="0" aria-hidden="true" {
            symbol id="grid" overflow="visible" {
                @for tick in axis.ticks() {
                    @let at = percent(tick.at);
                    line.tick x1=(at) x2=(at) y1="0" y2="100%" {}
                }
            }
        }
    }
}

/// The lines of [`grid`], where they are to be seen.
pub(super) fn grid_here() -> Markup {
    html! { use href="#grid" width="100%" height="100%" {} }
}

/// Percent, as attributes have it.
pub(super) fn percent(value: f64) -> String {
    format!("{value}%")
}

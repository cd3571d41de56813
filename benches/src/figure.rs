//! One measured figure, and all of them.

use serde::Serialize;

/// Something that was measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figure {
    /// The group it belongs to.
    pub group: &'static str,
    /// What was measured.
    pub what: String,
    /// What came out.
    pub value: f64,
    /// What it is counted in; empty for a ratio.
    pub unit: &'static str,
    /// What it must not go beyond, if anything.
    pub at_most: Option<f64>,
}

impl Figure {
    /// Whether it is within its bound.
    #[must_use]
    pub fn is_within(&self) -> bool {
        self.at_most.is_none_or(|most| self.value <= most)
    }
}

/// The figures of one group, as they are measured.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    group: &'static str,
    all: Vec<Figure>,
}

impl Figures {
    /// None yet, of that group.
    #[must_use]
    pub fn of(group: &'static str) -> Self {
        Self { group, all: Vec::new() }
    }

    /// Adds one that has no bound.
    pub fn add(&mut self, what: impl Into<String>, value: f64, unit: &'static str) {
        let (group, what) = (self.group, what.into());
        self.all.push(Figure { group, what, value, unit, at_most: None });
    }

    /// Adds one that must not go beyond `at_most`.
    pub fn hold(&mut self, what: impl Into<String>, value: f64, unit: &'static str, at_most: f64) {
        let (group, what) = (self.group, what.into());
        self.all.push(Figure { group, what, value, unit, at_most: Some(at_most) });
    }

    /// The figures, in the order of measuring.
    #[must_use]
    pub fn into_all(self) -> Vec<Figure> {
        self.all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_at_its_bound_is_within_it() {
        let mut figures = Figures::of("calls");
        figures.hold("at", 1.5, "", 1.5);
        figures.hold("beyond", 1.51, "", 1.5);
        figures.add("free", 1e9, "bytes");
        let within: Vec<bool> = figures.into_all().iter().map(Figure::is_within).collect();
        assert_eq!(within, [true, false, true]);
    }
}

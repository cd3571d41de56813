//! The figures as a table, for a terminal and for Markdown alike.

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};

use crate::Figure;

/// The figures in a table of Markdown.
#[must_use]
pub fn table(figures: &[Figure]) -> String {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(["group", "what", "measured", "at most", ""]);
    for figure in figures {
        let most = figure.at_most.map(|most| quantity(most, figure.unit)).unwrap_or_default();
        let verdict = match (figure.at_most, figure.is_within()) {
            (None, _) => "",
            (Some(_), true) => "within",
            (Some(_), false) => "BEYOND",
        };
        let value = quantity(figure.value, figure.unit);
        table.add_row([figure.group, &figure.what, &value, &most, verdict]);
    }
    for number in [2, 3] {
        if let Some(column) = table.column_mut(number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

/// A number with as many digits as it is known to, and its unit.
fn quantity(value: f64, unit: &str) -> String {
    let digits = match value.abs() {
        large if large >= 1000.0 || value.fract() == 0.0 => 0,
        large if large >= 100.0 => 1,
        large if large >= 1.0 => 3,
        _ => 4,
    };
    let number = format!("{value:.digits$}");
    if unit.is_empty() { number } else { format!("{number} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Figures;

    #[test]
    fn what_is_beyond_its_bound_stands_out() {
        let mut figures = Figures::of("calls");
        figures.hold("for each account", 17.0, "calls", 18.0);
        figures.hold("for each row at intake", 0.1234, "calls", 0.1);
        figures.add("list of 10,000 rows", 153.26, "ms");
        let printed = table(&figures.into_all());
        let rows: Vec<Vec<&str>> = printed
            .lines()
            .skip(2)
            .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
            .collect();
        assert_eq!(
            rows,
            [
                ["calls", "for each account", "17 calls", "18 calls", "within"],
                ["calls", "for each row at intake", "0.1234 calls", "0.1000 calls", "BEYOND"],
                ["calls", "list of 10,000 rows", "153.3 ms", "", ""],
            ]
        );
    }
}

//! The figures as a picture: how much of its bound each one takes.

use plotters::prelude::{
    BLACK, ChartBuilder, DrawingAreaErrorKind, IntoDrawingArea, IntoFont, PathElement, RGBColor,
    Rectangle, SVGBackend, Text, WHITE,
};

use crate::Figure;

/// The picture could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("failed to draw the figures")]
pub struct ChartError(#[source] DrawingAreaErrorKind<std::io::Error>);

const WIDTH: u32 = 960;
const ROW_HEIGHT: u32 = 26;
const MARGINS: u32 = 70;
/// Percent up to which bars are drawn: what is far beyond its bound ends there.
const MOST: f64 = 150.0;
/// Pixels for what was measured, left of the bars.
const NAMES: u32 = 420;

const WITHIN: RGBColor = RGBColor(0x3b, 0x7d, 0xd8);
const BEYOND: RGBColor = RGBColor(0xd8, 0x4a, 0x3b);

/// The figures that have a bound, as SVG: a bar for each, in percent of its bound.
///
/// # Errors
/// [`ChartError`].
pub fn draw(figures: &[Figure]) -> Result<String, ChartError> {
    let bound: Vec<(&Figure, f64)> =
        figures.iter().filter_map(|figure| Some((figure, percent(figure)?))).collect();
    let rows = u32::try_from(bound.len()).unwrap_or(u32::MAX);
    let mut svg = String::new();
    {
        let size = (WIDTH, rows.saturating_mul(ROW_HEIGHT).saturating_add(MARGINS));
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        bars(&area, &bound).and_then(|()| area.present()).map_err(ChartError)?;
    }
    Ok(svg)
}

fn percent(figure: &Figure) -> Option<f64> {
    figure.at_most.filter(|most| *most > 0.0).map(|most| 100.0 * figure.value / most)
}

type Area<'a> = plotters::drawing::DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

fn bars(
    area: &Area<'_>,
    figures: &[(&Figure, f64)],
) -> Result<(), DrawingAreaErrorKind<std::io::Error>> {
    area.fill(&WHITE)?;
    let rows = figures.len() as f64;
    let mut chart = ChartBuilder::on(area)
        .margin(12)
        .x_label_area_size(36)
        .margin_left(NAMES)
        .build_cartesian_2d(0.0..MOST, 0.0..rows)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .x_desc("percent of what it must not go beyond")
        .draw()?;
    let placed = || figures.iter().enumerate().map(|(row, it)| (rows - row as f64, it));
    chart.draw_series(placed().map(|(top, (figure, percent))| {
        let color = if figure.is_within() { WITHIN } else { BEYOND };
        let corners = [(0.0, top - 0.2), (percent.min(MOST), top - 0.8)];
        Rectangle::new(corners, plotters::style::Color::filled(&color))
    }))?;
    chart.draw_series([PathElement::new([(100.0, 0.0), (100.0, rows)], BLACK)])?;
    for (row, (figure, percent)) in figures.iter().enumerate() {
        let name = format!("{}: {} ({percent:.0} %)", figure.group, figure.what);
        let row = i32::try_from(row).unwrap_or(i32::MAX);
        let place = (12, 12 + row.saturating_mul(ROW_HEIGHT as i32) + 6);
        area.draw(&Text::new(name, place, ("sans-serif", 13).into_font()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Figures;

    #[test]
    fn there_is_a_bar_for_each_figure_that_has_a_bound() {
        let mut figures = Figures::of("calls");
        figures.hold("for each account", 17.0, "calls", 18.0);
        figures.hold("for each row <at> intake", 0.1234, "calls", 0.1);
        figures.add("list of 10,000 rows", 153.26, "ms");
        let svg = draw(&figures.into_all()).unwrap();
        assert!(svg.starts_with("<svg"), "{svg}");
        assert!(svg.contains("calls: for each account (94 %)"), "{svg}");
        assert!(svg.contains("calls: for each row &lt;at&gt; intake (123 %)"), "{svg}");
        assert!(!svg.contains("10,000"), "{svg}");
        assert_eq!(svg.matches("#3B7DD8").count(), 1, "{svg}");
        assert_eq!(svg.matches("#D84A3B").count(), 1, "{svg}");
    }
}

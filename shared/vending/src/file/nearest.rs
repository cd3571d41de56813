//! The known word that a misspelt one most likely means.

use strsim::osa_distance;

/// The candidate that `word` most likely means, or `None` when none comes near.
///
/// Letter case does not count; at most a third of the word's characters may
/// differ. Of equally near candidates the first one wins.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    let most = length / 3;
    let distance = |candidate: &str| {
        // Cheap, and spares the quadratic comparison of texts that cannot be near.
        let comparable = candidate.chars().count().abs_diff(length) <= most;
        let distance = comparable.then(|| osa_distance(&word, &candidate.to_lowercase()));
        distance.filter(|distance| *distance <= most)
    };
    let near = candidates.into_iter().filter_map(|it| distance(it).map(|far| (far, it)));
    near.min_by_key(|(far, _)| *far).map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_word_that_was_meant() {
        let units = ["Sandbox", "Test-OU-1", "Test-OU-2"];
        assert_eq!(nearest("sandbxo", units), Some("Sandbox"));
        assert_eq!(nearest("Test-OU-3", units), Some("Test-OU-1"));
    }

    #[test]
    fn suggests_nothing_far_away() {
        assert_eq!(nearest("Production", ["Sandbox", "Test-OU-1"]), None);
        assert_eq!(nearest("", ["a"]), None);
        assert_eq!(nearest("word", []), None);
    }
}
